"""What a story page shows: what happened, who says so and who is in it, its course, and its articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from indexer.times import parse, to_datetime
from service.answers.entity_models import EntityCount
from service.answers.models import SearchAnswer
from service.answers.story_models import StoryAnswer, StoryBucket, StoryStatus
from service.web.address import CURSOR, Address, article_path, entity_path, story_path
from service.web.chart import Bar, names_of
from service.web.history import History, Row, history
from service.web.lines import TYPE_TITLES, Group, Line, Link, full_name, lines
from service.web.moments import Moment, moment

MOST_SOURCES: Final = 100
"""Up to how many sources of a story are counted."""


@dataclass(frozen=True, slots=True)
class StoryView:
    """`size` is "7 articles of 4 sources". `next` and `first` are links, None where there is no such page."""

    title: str
    headline: str
    summary: str
    status: StoryStatus
    size: str
    first_seen: Moment
    last_seen: Moment
    history: History
    sources: list[Link]
    more_sources: bool
    names: list[Group]
    articles: list[Line]
    next: str | None
    first: str | None
    all_articles: str


def story_view(address: Address, story: StoryAnswer) -> StoryView:
    """Put a story on the page of an address."""
    now = parse(story.as_of)
    return StoryView(
        title=story.title,
        headline=article_path(story.representative.id),
        summary=story.representative.summary,
        status=story.status,
        size=size(story.articles, len(story.sources), more="sources" in story.more),
        first_seen=moment(story.first_seen, now),
        last_seen=moment(story.last_seen, now),
        history=history(f"Articles per {story.timeline.interval}", _rows(story), "UTC"),
        sources=[Link(one.value, _found(story, ("source", one.value)), one.articles) for one in story.sources],
        more_sources="sources" in story.more,
        names=_by_type(story.entities),
        articles=lines(story.items, now),
        next=str(address.having(CURSOR, story.cursor)) if story.cursor else None,
        first=str(address.without()) if address.value(CURSOR) else None,
        all_articles=_found(story),
    )


def story_link(story_id: str, found: SearchAnswer) -> Link | None:
    """The way from one of its articles to a story; None for an article that is alone. `found` counts the sources."""
    sources = found.facets["source"]
    label = size(found.total.value, len(sources.values), more=sources.more)
    return Link(label, story_path(story_id)) if found.total.value > 1 else None


def size(articles: int, sources: int, *, more: bool) -> str:
    """7 articles of 4 sources."""
    counted = f"{articles:,} article{'' if articles == 1 else 's'}"
    publishers = f"{'over ' if more else ''}{sources:,} source{'' if sources == 1 else 's'}"
    return f"{counted} of {publishers}" if sources else counted


def _rows(story: StoryAnswer) -> list[Row]:
    return [
        Row(_bar(story, bucket), _found(story, ("from", bucket.start), ("to", bucket.end)))
        for bucket in story.timeline.buckets
    ]


def _bar(story: StoryAnswer, bucket: StoryBucket) -> Bar:
    names = names_of(to_datetime(parse(bucket.start)).astimezone(UTC), story.timeline.interval)
    return Bar(*names, bucket.articles, parse(bucket.end) > parse(story.as_of))


def _found(story: StoryAnswer, *pairs: tuple[str, str]) -> str:
    """A search for articles of the story."""
    return str(Address("/", (("story", story.id), *pairs)))


def _by_type(entities: Sequence[EntityCount]) -> list[Group]:
    groups = [
        Group(title, [_link(one) for one in entities if one.entity.type == kind]) for kind, title in TYPE_TITLES.items()
    ]
    return [group for group in groups if group.links]


def _link(one: EntityCount) -> Link:
    return Link(full_name(one.entity), entity_path(one.entity.id), one.articles)
