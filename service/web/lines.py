"""What several pages show alike: articles in lists, names, and what is in the news."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from indexer.times import Millis
from service.answers.models import Article, ArticleEntity, Entity
from service.answers.trend_models import TrendingEntity, TrendingStory
from service.trends.scoring import Status
from service.web.address import Address, article_path, entity_path, story_path
from service.web.moments import Moment, moment

KINDS: Final = {"person": "Person", "organisation": "Organisation", "place": "Place", "other": "Name"}
TYPE_TITLES: Final = {"person": "People", "organisation": "Organisations", "place": "Places", "other": "Other names"}


@dataclass(frozen=True, slots=True)
class Link:
    """A link, and the number of articles behind it where that is known."""

    label: str
    href: str
    count: int | None = None


class Line(NamedTuple):
    """An article in a list."""

    title: str
    href: str
    summary: str
    section: Link | None
    source: str | None
    when: Moment


class Trend(NamedTuple):
    """A name or a story in the news."""

    label: str
    href: str
    status: Status
    sources: int


class Group(NamedTuple):
    """Links under a heading."""

    title: str
    links: list[Link]


class Side(NamedTuple):
    """The side column: names and stories that matter now, None while they are counted, and the newest articles."""

    names: list[Trend] | None
    stories: list[Trend] | None
    latest: list[Line]


def line(article: Article, now: Millis) -> Line:
    return Line(
        title=article.title,
        href=article_path(article.id),
        summary=article.summary,
        section=section_link(article.section),
        source=article.source,
        when=moment(article.published_at or article.seen_at, now),
    )


def lines(articles: Iterable[Article], now: Millis) -> list[Line]:
    return [line(article, now) for article in articles]


def section_link(section: str | None) -> Link | None:
    return Link(section, str(Address("/", (("section", section),)))) if section else None


def trend(item: TrendingEntity) -> Trend:
    return Trend(item.entity.name, entity_path(item.entity.id), item.status, item.sources)


def story_trend(item: TrendingStory) -> Trend:
    """A story, or the article that is in none yet: one that has just come."""
    grouped = item.evidence[0].story
    page = story_path(grouped) if grouped else article_path(item.evidence[0].id)
    return Trend(item.story.title, page, item.status, item.sources)


def full_name(entity: Entity) -> str:
    """Institute for the Study of War (ISW)."""
    return f"{entity.name} ({entity.short})" if entity.short else entity.name


def by_type(entities: Sequence[ArticleEntity]) -> list[Group]:
    """The names of an article by their type, the most frequent first."""
    return [
        Group(title, [_name_link(entity) for entity in ordered])
        for kind, title in TYPE_TITLES.items()
        if (ordered := sorted((one for one in entities if one.type == kind), key=lambda one: -one.count))
    ]


def _name_link(entity: ArticleEntity) -> Link:
    return Link(full_name(entity), entity_path(entity.id), entity.count)
