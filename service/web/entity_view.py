"""What an entity page shows: its timeline, how it stands in the news, who is named with it, its newest articles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from markupsafe import Markup

from indexer.times import HOUR, Millis, parse
from service.answers.models import Article, Bucket, EntityAnswer, EntityTimelineAnswer, SearchAnswer
from service.answers.trends import Standing
from service.trends.scoring import Status
from service.web.address import Address, entity_path
from service.web.chart import Bar, bars, timeline
from service.web.lines import KINDS, TYPE_TITLES, Group, Line, Link, full_name, lines
from service.web.moments import Moment, moment
from service.web.search_view import Choice

INTERVALS: Final = (("hour", "2 days by the hour"), ("day", "30 days by the day"), ("week", "26 weeks by the week"))
RELATED: Final = 8
NEWEST: Final = 10


class Row(NamedTuple):
    """A bar of the chart as a row of the table, with a link to its articles."""

    bar: Bar
    href: str


@dataclass(frozen=True, slots=True)
class EntityView:
    """`status` and `reason` are None while trends are being counted.

    `partial` is the number of articles that `related` was counted in where that is not all.
    """

    name: str
    kind: str
    articles: int
    first: Moment | None
    last: Moment | None
    status: Status | None
    reason: str | None
    chart: Markup
    rows: list[Row]
    zone: str
    intervals: list[Choice]
    related: list[Group]
    partial: int | None
    newest: list[Line]
    all_articles: str


def entity_view(
    address: Address,
    *,
    entity: EntityAnswer,
    history: EntityTimelineAnswer,
    found: SearchAnswer,
    standing: Standing | None,
) -> EntityView:
    """Put the answers about one entity on a page; `found` are its newest articles: they tell who is named with it."""
    now = parse(entity.as_of)
    counted = bars(history.buckets, history.interval, history.tz)
    name = full_name(entity.entity)
    articles = [hit.article for hit in found.hits]
    return EntityView(
        name=name,
        kind=KINDS[entity.entity.type],
        articles=entity.articles,
        first=_moment(entity.first_seen, now),
        last=_moment(entity.last_seen, now),
        status=standing.status if standing else None,
        reason=reason(standing) if standing else None,
        chart=timeline(counted, f"Articles about {name} per {history.interval}", described(counted)),
        rows=[Row(bar, _articles_in(entity, bucket)) for bar, bucket in zip(counted, history.buckets, strict=True)],
        zone=history.tz,
        intervals=[
            Choice(label, str(address.having("interval", each)), each == history.interval) for each, label in INTERVALS
        ],
        related=_related(entity.entity.id, articles),
        partial=len(articles) if found.cursor else None,
        newest=lines(articles[:NEWEST], now),
        all_articles=str(Address("/", (("entity", entity.entity.id),))),
    )


def described(counted: Sequence[Bar]) -> str:
    """The chart in words."""
    if not any(bar.articles for bar in counted):
        return "No articles in this time."
    most = max(counted, key=lambda bar: bar.articles)
    ending = " The last bar is not over yet." if counted[-1].incomplete else ""
    return f"{sum(bar.articles for bar in counted)} articles, the most ({most.articles}) in {most.label}.{ending}"


def reason(standing: Standing) -> str:
    """The numbers behind a status, in words."""
    explain = standing.explain
    return (
        f"Worth {explain.now:.1f} articles now, where {explain.expected:.1f} would be usual; "
        f"an article counts half after {explain.half_life // HOUR} hours."
    )


def _related(entity_id: str, articles: Sequence[Article]) -> list[Group]:
    """The names in most of the articles, by type; ties by id."""
    counts = Counter(one.id for article in articles for one in article.entities if one.id != entity_id)
    known = {one.id: one for article in articles for one in article.entities}
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    groups = [
        Group(
            title, [Link(known[one].name, entity_path(one), count) for one, count in ordered if known[one].type == kind]
        )
        for kind, title in TYPE_TITLES.items()
    ]
    return [Group(group.title, group.links[:RELATED]) for group in groups if group.links]


def _articles_in(entity: EntityAnswer, bucket: Bucket) -> str:
    return str(Address("/", (("entity", entity.entity.id), ("from", bucket.start), ("to", bucket.end))))


def _moment(text: str | None, now: Millis) -> Moment | None:
    return moment(text, now) if text else None
