"""Stories: what publishers write about one event."""

from collections.abc import Sequence
from datetime import UTC
from typing import Final, Literal

from indexer.article import Article
from indexer.buckets import Interval, buckets, floor, following
from indexer.decisions.decision import STORY
from indexer.store.port import FacetField, Request, Response, Selection
from indexer.stories.representative import READ, representative
from indexer.times import DAY, Millis, to_text
from service.answers.entities import names
from service.answers.entity_models import EntityCount, ValueCount
from service.answers.errors import UnknownId
from service.answers.models import SearchAnswer
from service.answers.questions import SearchQuestion, StoryQuestion, ask
from service.answers.search import search
from service.answers.shown import shown
from service.answers.story_models import StoryAnswer, StoryBucket, StoryStatus, StoryTimeline
from service.newsroom import Newsroom
from service.trends.scoring import RECENT_HALF_LIVES, Parameters

TOP: Final = 10
"""How many sources and entities of a story are told."""
ACTIVE: Final = DAY
"""How long a story counts as active after an article."""
_LONGEST: Final[tuple[tuple[Interval, Millis], ...]] = (("hour", 3 * DAY), ("day", 366 * DAY))
"""How long a story can be to be told by hours and by days; longer ones are by weeks."""
_LISTS: Final[tuple[tuple[Literal["sources", "entities"], FacetField], ...]] = (
    ("sources", "source"),
    ("entities", "entity"),
)


def story(newsroom: Newsroom, story_id: str, question: StoryQuestion) -> StoryAnswer:
    """One story. UnknownId, InvalidParameter, StoreError."""
    selection = Selection(filters={"story": (story_id,)})
    newest = newsroom.store.search(Request(selection, size=READ, facets={field: TOP for _, field in _LISTS}))
    if not newest.hits:
        raise UnknownId(f"There is no story {story_id!r}.")
    oldest = newsroom.store.search(Request(selection, sort="oldest", size=1)).hits or newest.hits
    first, last = oldest[0].article.ranked_at, newest.hits[0].article.ranked_at
    standing_for = shown(_representative([hit.article for hit in newest.hits], newsroom.clock()))
    page = _page(newsroom, story_id, question)
    return StoryAnswer(
        id=story_id,
        title=standing_for.title,
        status=_status(last, newsroom.clock()),
        articles=newest.total,
        first_seen=to_text(first),
        last_seen=to_text(last),
        representative=standing_for,
        sources=[ValueCount(value=one.value, articles=one.count) for one in newest.facets["source"].values],
        entities=_entities(newsroom, newest),
        more=[name for name, field in _LISTS if newest.facets[field].more],
        timeline=_timeline(newsroom, selection, first, last),
        merged=_merged(newsroom, story_id),
        items=[hit.article for hit in page.hits],
        cursor=page.cursor,
        as_of=page.as_of,
        data_as_of=page.data_as_of,
    )


def _representative(articles: Sequence[Article], now: Millis) -> Article:
    """As lists of trends have it: of the articles that are fresh there, or else of all."""
    fresh = [one for one in articles if one.ranked_at >= now - RECENT_HALF_LIVES * Parameters().half_life] or articles
    named = [[entity.id for entity in one.entities] for one in fresh]
    return fresh[representative(named, [one.ranked_at for one in fresh])]


def _page(newsroom: Newsroom, story_id: str, question: StoryQuestion) -> SearchAnswer:
    return search(newsroom, ask(SearchQuestion, {**question.model_dump(), "story": (story_id,), "sort": "newest"}))


def _status(last: Millis, now: Millis) -> StoryStatus:
    return "active" if now - last < ACTIVE else "quiet"


def _entities(newsroom: Newsroom, newest: Response) -> list[EntityCount]:
    values = newest.facets["entity"].values
    known = names(newsroom, [one.value for one in values])
    return [EntityCount(entity=known[one.value], articles=one.count) for one in values if one.value in known]


def _merged(newsroom: Newsroom, story_id: str) -> list[str]:
    sources = newsroom.names.rulings.stories.sources(f"{STORY}{story_id}")
    return [one.removeprefix(STORY) for one in sources][1:]


def _timeline(newsroom: Newsroom, selection: Selection, first: Millis, last: Millis) -> StoryTimeline:
    interval: Interval = next((name for name, longest in _LONGEST if last - first <= longest), "week")
    spans = buckets(floor(first, interval, UTC), following(floor(last, interval, UTC), interval, UTC), interval, UTC)
    edges = [bucket.start for bucket in spans] + [spans[-1].end]
    counts = newsroom.store.histogram(selection, edges)
    return StoryTimeline(
        interval=interval,
        buckets=[
            StoryBucket(start=to_text(bucket.start), end=to_text(bucket.end), articles=count)
            for bucket, count in zip(spans, counts, strict=True)
        ],
    )
