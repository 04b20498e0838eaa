"""What an entity page shows: its names, its timeline, how it stands in the news, what belongs to it, where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from indexer.times import HOUR, Millis, parse
from nlp.listed import ListedNames
from service.answers.entity_models import EntityAnswer, EntityTimelineAnswer, NameSeen, RelatedAnswer, ValueCount
from service.answers.models import Bucket, EntityName, SearchAnswer
from service.answers.trends import Standing
from service.trends.scoring import Status
from service.web.address import Address, entity_path
from service.web.chart import bars
from service.web.history import History, Row, history
from service.web.lines import KINDS, Line, Link, full_name, lines
from service.web.moments import Moment, moment
from service.web.search_view import Choice

INTERVALS: Final = (("hour", "2 days by the hour"), ("day", "30 days by the day"), ("week", "26 weeks by the week"))
NAMES: Final = 12
VALUES: Final = 5


class Companion(NamedTuple):
    """A name that belongs to the one on the page; `percent` of the articles of that one have both."""

    label: str
    href: str
    kind: str
    together: int
    percent: float


@dataclass(frozen=True, slots=True)
class EntityView:
    """`status` and `reason` are None while trends are being counted.

    `names` are the other forms of its name in the newest `names_read` articles; of these `only_listed` are in languages
    in which only listed names are found. `hidden` says who hid it.
    """

    name: str
    kind: str
    hidden: str | None
    country: Link | None
    belongs_to: list[Link]
    names: list[NameSeen]
    names_read: int
    only_listed: int
    articles: int
    first: Moment | None
    last: Moment | None
    status: Status | None
    reason: str | None
    history: History
    intervals: list[Choice]
    related: list[Companion]
    sections: list[Link]
    sources: list[Link]
    newest: list[Line]
    all_articles: str


def entity_view(
    address: Address,
    *,
    entity: EntityAnswer,
    counts: EntityTimelineAnswer,
    related: RelatedAnswer,
    found: SearchAnswer,
    standing: Standing | None,
) -> EntityView:
    """Put the answers about one entity on a page; `found` are its newest articles."""
    now = parse(entity.as_of)
    counted = bars(counts.buckets, counts.interval, counts.tz)
    rows = [Row(bar, _articles_in(entity, bucket)) for bar, bucket in zip(counted, counts.buckets, strict=True)]
    name = full_name(entity.entity)
    return EntityView(
        name=name,
        kind=KINDS[entity.entity.type],
        hidden=_hidden(entity),
        country=_link(entity.country) if entity.country else None,
        belongs_to=list(map(_link, entity.related)),
        names=[one for one in entity.seen.names if one.name != entity.entity.name][:NAMES],
        names_read=entity.seen.articles,
        only_listed=sum(one.articles for one in entity.seen.extractors if one.extractor == ListedNames.name),
        articles=entity.articles,
        first=_moment(entity.first_seen, now),
        last=_moment(entity.last_seen, now),
        status=standing.status if standing else None,
        reason=reason(standing) if standing else None,
        history=history(f"Articles about {name} per {counts.interval}", rows, counts.tz),
        intervals=[
            Choice(label, str(address.having("interval", each)), each == counts.interval) for each, label in INTERVALS
        ],
        related=_companions(related),
        sections=_values(entity, "section", entity.sections),
        sources=_values(entity, "source", entity.sources),
        newest=lines((hit.article for hit in found.hits), now),
        all_articles=str(Address("/", (("entity", entity.entity.id),))),
    )


def reason(standing: Standing) -> str:
    """The numbers behind a status, in words."""
    explain = standing.explain
    return (
        f"Worth {explain.now:.1f} articles now, where {explain.expected:.1f} would be usual; "
        f"an article counts half after {explain.half_life // HOUR} hours."
    )


def _companions(answer: RelatedAnswer) -> list[Companion]:
    return [
        Companion(
            full_name(one.entity),
            entity_path(one.entity.id),
            KINDS[one.entity.type],
            one.together,
            round(100 * one.together / max(answer.articles, 1), 1),
        )
        for one in answer.items
    ]


def _values(entity: EntityAnswer, name: str, values: Sequence[ValueCount]) -> list[Link]:
    """The values with the most of its articles, each with a link to these."""
    about = ("entity", entity.entity.id)
    return [Link(one.value, str(Address("/", (about, (name, one.value)))), one.articles) for one in values[:VALUES]]


def _hidden(entity: EntityAnswer) -> str | None:
    return f"Hidden by {entity.hidden.who} (decision {entity.hidden.number})" if entity.hidden else None


def _link(entity: EntityName) -> Link:
    return Link(entity.name, entity_path(entity.id))


def _articles_in(entity: EntityAnswer, bucket: Bucket) -> str:
    return str(Address("/", (("entity", entity.entity.id), ("from", bucket.start), ("to", bucket.end))))


def _moment(text: str | None, now: Millis) -> Moment | None:
    return moment(text, now) if text else None
