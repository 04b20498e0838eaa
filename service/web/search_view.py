"""What the search page shows of an answer: marked hits, facets that toggle, chosen values, order, notice, next page."""

from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from indexer.times import Millis, parse
from service.answers.models import Facet, Hit, SearchAnswer
from service.answers.questions import FacetName
from service.web.address import CURSOR, Address, Pairs
from service.web.lines import Line, Link, line
from service.web.names import Names, spelled
from service.web.text import Piece, elided, pieces

FACETS: Final[dict[str, tuple[str, str]]] = {
    "section": ("Section", "section"),
    "source": ("Source", "source"),
    "lang": ("Language", "lang"),
    "entity": ("Names", "entity"),
    "person": ("People", "entity"),
    "organisation": ("Organisations", "entity"),
    "place": ("Places", "entity"),
}
"""Per facet, its heading and the parameter that its values belong to."""

FILTERS: Final = ("section", "source", "lang", "entity", "from", "to")
ENTITY_FACETS: Final[tuple[FacetName, ...]] = ("person", "organisation", "place")
DEFAULT_FACETS: Final[tuple[FacetName, ...]] = ("section", "source", *ENTITY_FACETS)
_SORTS: Final = (("relevance", "Best match"), ("newest", "Newest"), ("oldest", "Oldest"))
_LONGEST_LEAD: Final = 400


class Found(NamedTuple):
    """A hit: its title and what to read under it, cut at the marks."""

    line: Line
    title: list[Piece]
    lead: list[list[Piece]]


@dataclass(frozen=True, slots=True)
class Value:
    """A facet value that its link chooses or gives up."""

    label: str
    count: int
    selected: bool
    href: str


class FacetList(NamedTuple):
    title: str
    values: list[Value]
    more: bool


class Choice(NamedTuple):
    """One of several ways to see the same list."""

    label: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SearchView:
    """`hidden` are the parameters that the search box keeps, `undated` those that the date form keeps.

    `facets` without values are left out. `next` and `first` are links, None where there is no such page.
    """

    q: str
    hidden: Pairs
    undated: Pairs
    start: str
    end: str
    summary: str
    notice: str | None
    chosen: list[Link]
    sorts: list[Choice]
    found: list[Found]
    facets: list[FacetList]
    next: str | None
    first: str | None
    feed: str


def search_view(address: Address, answer: SearchAnswer, names: Names) -> SearchView:
    """Put an answer to the question of an address on a page. `names` are those of the entities in it, by id."""
    now = parse(answer.as_of)
    return SearchView(
        q=address.value("q"),
        hidden=address.without("q").pairs,
        undated=address.without("from", "to").pairs,
        start=address.value("from"),
        end=address.value("to"),
        summary=_summary(answer),
        notice=_notice(answer),
        chosen=[_chip(address, name, value, names) for name in FILTERS for value in address.values(name)],
        sorts=_sorts(address, answer),
        found=[_found(hit, now) for hit in answer.hits],
        facets=[_facet(address, name, facet, names) for name, facet in answer.facets.items() if facet.values],
        next=str(_continued(address, answer.cursor)) if answer.cursor else None,
        first=str(address.without()) if address.value(CURSOR) else None,
        feed=str(_feed(address)),
    )


def entity_ids(address: Address, answer: SearchAnswer) -> list[str]:
    """The entities that the page will name: those in facets, and those chosen."""
    counted = (
        value.value for name, facet in answer.facets.items() if _parameter(name) == "entity" for value in facet.values
    )
    return list(dict.fromkeys(chain(counted, address.values("entity"))))


def _found(hit: Hit, now: Millis) -> Found:
    passages = [elided(passage.text, list(pieces(passage.text, passage.marks))) for passage in hit.highlights.body]
    lead = hit.article.summary[:_LONGEST_LEAD]
    return Found(
        line=line(hit.article, now),
        title=list(pieces(hit.article.title, hit.highlights.title)),
        lead=passages or ([[Piece(lead, marked=False)]] if lead else []),
    )


def _parameter(facet: str) -> str:
    return FACETS[facet][1]


def _facet(address: Address, name: str, facet: Facet, names: Names) -> FacetList:
    title, parameter = FACETS[name]
    values = [
        Value(
            label=_label(parameter, value.value, names),
            count=value.count,
            selected=value.selected,
            href=str(address.toggled(parameter, value.value)),
        )
        for value in facet.values
    ]
    return FacetList(title, values, facet.more)


def _chip(address: Address, name: str, value: str, names: Names) -> Link:
    label = {"from": f"from {value}", "to": f"until {value}"}.get(name, _label(name, value, names))
    return Link(label, str(address.toggled(name, value)))


def _label(parameter: str, value: str, names: Names) -> str:
    return names.get(value) or spelled(value) if parameter == "entity" else value


def _sorts(address: Address, answer: SearchAnswer) -> list[Choice]:
    """Without words there is no best match to offer."""
    wordless = not answer.query.read_as
    offered = [choice for choice in _SORTS if not (wordless and choice[0] == "relevance")]
    given = address.value("sort")
    current = given if given in {name for name, _ in offered} else offered[0][0]
    return [Choice(label, str(address.having("sort", name)), name == current) for name, label in offered]


def _continued(address: Address, cursor: str) -> Address:
    return address.having(CURSOR, cursor)


def _feed(address: Address) -> Address:
    return Address("/v1/search", address.having("format", "rss").pairs)


def _summary(answer: SearchAnswer) -> str:
    total = answer.total.value
    return f"{total:,} article{'' if total == 1 else 's'}"


def _notice(answer: SearchAnswer) -> str | None:
    """What a reader should know of how the query was taken."""
    problem = answer.query.problem
    lenient = problem and f"The query was read as plain words: {problem.detail} (column {problem.column})."
    relaxed = answer.query.relaxed and "No article has all of these words; shown are those with any of them."
    return " ".join(part for part in (lenient, relaxed) if part) or None
