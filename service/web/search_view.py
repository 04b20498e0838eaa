"""What the search page shows of an answer: marked hits, facets that toggle, chosen values, order, notice, next page."""

from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple
from unicodedata import normalize

from indexer.times import Millis, parse
from service.answers.models import Facet, Hit, SearchAnswer
from service.answers.questions import FacetName
from service.web.address import CURSOR, Address, Pairs, story_path
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

FILTERS: Final = ("section", "source", "lang", "entity", "story", "from", "to")
ENTITY_FACETS: Final[tuple[FacetName, ...]] = ("person", "organisation", "place")
DEFAULT_FACETS: Final[tuple[FacetName, ...]] = ("section", "source", *ENTITY_FACETS)
EXPORTED: Final = (*FILTERS, "q", "match", "strict", "tz", "fields")
_SORTS: Final = (("relevance", "Best match"), ("fresh", "Best and fresh"), ("newest", "Newest"), ("oldest", "Oldest"))
_NEED_WORDS: Final = ("relevance", "fresh")
_EXPORTS: Final = (("csv", "CSV"), ("jsonl", "JSON Lines"))
_PLACE: Final = "\u00a0"
_LONGEST_LEAD: Final = 400


class Found(NamedTuple):
    """A hit: its title and what to read under it, cut at the marks, and the others of its story that it stands for."""

    line: Line
    title: list[Piece]
    lead: list[list[Piece]]
    story: Link | None


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

    `broken` is the query, marked where it could not be read; empty for one that could. `entity` is what the whole query
    is a name of. `misses` have some of its words only. `facets` without values are left out. `next` and `first` are
    links, None where there is no such page; `ended` where there are more articles but no page that shows them.
    """

    q: str
    hidden: Pairs
    undated: Pairs
    start: str
    end: str
    summary: str
    notice: str | None
    broken: list[Piece]
    entity: Link | None
    chosen: list[Link]
    sorts: list[Choice]
    collapsing: list[Choice]
    found: list[Found]
    misses: list[Found]
    facets: list[FacetList]
    next: str | None
    first: str | None
    ended: bool
    feed: str
    exports: list[Link]


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
        broken=_broken(address, answer),
        entity=Link(answer.query.entity.name, answer.query.entity.page) if answer.query.entity else None,
        chosen=[_chip(address, name, value, names) for name in FILTERS for value in address.values(name)],
        sorts=_sorts(address, answer),
        collapsing=_collapsing(address),
        found=[_found(hit, now) for hit in answer.hits if not hit.partial],
        misses=[_found(hit, now) for hit in answer.hits if hit.partial],
        facets=[_facet(address, name, facet, names) for name, facet in answer.facets.items() if facet.values],
        next=str(_continued(address, answer.cursor)) if answer.cursor else None,
        first=str(address.without()) if address.value(CURSOR) else None,
        ended=bool(answer.export),
        feed=str(_feed(address)),
        exports=[Link(label, str(_export(address, form))) for form, label in _EXPORTS if answer.hits],
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
        story=_story(hit),
    )


def _story(hit: Hit) -> Link | None:
    if not hit.article.story or hit.story_size == 1:
        return None
    return Link(f"{hit.story_size:,} articles of this story", story_path(hit.article.story))


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
    said = {"from": f"from {value}", "to": f"until {value}", "story": "of one story"}
    label = said.get(name) or _label(name, value, names)
    return Link(label, str(address.toggled(name, value)))


def _label(parameter: str, value: str, names: Names) -> str:
    return names.get(value) or spelled(value) if parameter == "entity" else value


def _sorts(address: Address, answer: SearchAnswer) -> list[Choice]:
    """Without words there is no best match to offer."""
    wordless = not answer.query.read_as
    offered = [choice for choice in _SORTS if not (wordless and choice[0] in _NEED_WORDS)]
    given = address.value("sort")
    by_time = wordless or (answer.hits and all(hit.score is None for hit in answer.hits))
    usual = "newest" if by_time else "relevance"
    current = given if given in {name for name, _ in offered} else usual
    ageless = address.without("half_life")
    return [Choice(label, str(ageless.having("sort", name)), name == current) for name, label in offered]


def _collapsing(address: Address) -> list[Choice]:
    once = address.value("collapse") == "story"
    return [
        Choice("Every article", str(address.without("collapse")), not once),
        Choice("Each story once", str(address.having("collapse", "story")), once),
    ]


def _continued(address: Address, cursor: str) -> Address:
    return address.having(CURSOR, cursor)


def _feed(address: Address) -> Address:
    return Address("/v1/search", address.having("format", "rss").pairs)


def _export(address: Address, form: str) -> Address:
    pairs = tuple(pair for pair in address.pairs if pair[0] in EXPORTED)
    return Address("/v1/export", (*pairs, ("format", form)))


def _summary(answer: SearchAnswer) -> str:
    total = answer.total.value
    return f"{total:,} article{'' if total == 1 else 's'}"


def _notice(answer: SearchAnswer) -> str | None:
    """What a reader should know of how the query was taken."""
    problem = answer.query.problem
    lenient = problem and (
        f"The query was read as plain words: {answer.query.read_as}. "
        f"The trouble is in column {problem.column}: {problem.detail}."
    )
    relaxed = answer.query.relaxed and "No article has all of these words; shown are those with any of them."
    return " ".join(part for part in (lenient, relaxed) if part) or None


def _broken(address: Address, answer: SearchAnswer) -> list[Piece]:
    """The query with a mark on the character that could not be read; behind the last, on nothing."""
    if answer.query.problem is None:
        return []
    text = normalize("NFC", address.value("q")) + _PLACE
    column = min(answer.query.problem.column, len(text))
    return list(pieces(text, [(column - 1, column)]))
