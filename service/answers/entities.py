"""Names: which there are, and how much there is about one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from indexer.article import Article
from indexer.decisions.decision import Decision
from indexer.decisions.names import Names
from indexer.query.parser import read
from indexer.store.port import Facet, FacetField, FacetValue, Request, Response, Selection
from indexer.times import to_text
from nlp.mention import EntityType
from service.answers import models
from service.answers.cursors import read_cursor, write_cursor
from service.answers.decision_models import StandingDecision
from service.answers.entity_models import (
    EntitiesAnswer,
    EntityAnswer,
    EntityCount,
    ExtractorSeen,
    NameSeen,
    Seen,
    TypeSeen,
    ValueCount,
)
from service.answers.errors import UnknownId
from service.answers.matching import selection_of
from service.answers.questions import EntitiesQuestion, EntityQuestion, Span, span_of
from service.answers.shown import shown_entity, text_of
from service.newsroom import Newsroom
from service.trends.info import find_entities
from service.trends.snapshot import Label
from service.trends.wording import forms, means, words

DEEPEST: Final = 1_000
"""How far the list of names can be paged."""
CANDIDATES: Final = 100
NEWEST_READ: Final = 50
TOP: Final = 10
"""How many sources, sections and languages of a name are told."""
_COUNTED: Final[Mapping[str, FacetField]] = {"sources": "source", "sections": "section", "languages": "language"}
_Value = TypeVar("_Value", bound=str)

Counts = Sequence[tuple[str, int]]
"""Entity ids with numbers of articles, those in the most first; ties by id."""


def entities(newsroom: Newsroom, question: EntitiesQuestion) -> EntitiesAnswer:
    """A page of the names in the most articles. InvalidParameter, StoreError."""
    now = newsroom.clock()
    offset = read_cursor(newsroom.secret, question, question.cursor)[0] if question.cursor else 0
    end = min(offset + question.limit, DEEPEST)
    data_as_of = newsroom.data_as_of(now)
    counts = _matching(newsroom, question) if question.q else _most_named(newsroom, question, end + 1)
    page = counts[offset:end]
    known = names(newsroom, [entity_id for entity_id, _ in page])
    more = len(counts) > end and end < DEEPEST
    return EntitiesAnswer(
        items=[EntityCount(entity=known[one], articles=count) for one, count in page if one in known],
        cursor=write_cursor(newsroom.secret, question, [end]) if more else None,
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
    )


def entity(newsroom: Newsroom, entity_id: str, question: EntityQuestion) -> EntityAnswer:
    """One entity, and how much there is about it. UnknownId, InvalidParameter, StoreError."""
    now = newsroom.clock()
    selection = _selection(question, span_of(question), entity=(entity_id,))
    data_as_of = newsroom.data_as_of(now)
    newest = newsroom.store.search(Request(selection, size=NEWEST_READ, facets=dict.fromkeys(_COUNTED.values(), TOP)))
    oldest = newsroom.store.search(Request(selection, sort="oldest", size=1))
    return EntityAnswer(
        entity=known_entity(newsroom, entity_id),
        articles=newest.total,
        first_seen=text_of(oldest.hits[0].article.ranked_at if oldest.hits else None),
        last_seen=text_of(newest.hits[0].article.ranked_at if newest.hits else None),
        **_counted(newest),
        seen=seen(newsroom.names, entity_id, [hit.article for hit in newest.hits]),
        **_known(newsroom.names, entity_id),
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
    )


def names(newsroom: Newsroom, ids: Sequence[str]) -> dict[str, models.Entity]:
    """What the newest article of each entity calls it; none for an id that no article has. StoreError."""
    found: dict[str, models.Entity] = {}
    wanted = list(ids)
    while wanted:
        # The newest articles with any of them name at least one; the next look is for the others.
        learned = _names_in_newest(newsroom, wanted)
        if not learned:
            break
        found |= learned
        wanted = [entity_id for entity_id in wanted if entity_id not in found]
    return found


def known_entity(newsroom: Newsroom, entity_id: str) -> models.Entity:
    """What an entity is called; one that is hidden, by what was decided. UnknownId, StoreError."""
    if entity_id in newsroom.names.rulings.hidden and (entry := newsroom.names.get(entity_id)):
        return models.Entity(id=entry.id, name=entry.name, short=entry.short, type=entry.type)
    known = names(newsroom, [entity_id])
    if entity_id not in known:
        raise UnknownId(f"There is no entity {entity_id!r}.")
    return known[entity_id]


def seen(known: Names, entity_id: str, articles: Sequence[Article]) -> Seen:
    """What some articles show of an entity. Pure."""
    names, types, extractors = Counter[str](), Counter[EntityType](), Counter[str]()
    for article in articles:
        mentions = [one.mention for shown_as, one in known.placed(article.mentions) if shown_as == entity_id]
        names.update({surface for mention in mentions for surface in mention.surfaces})
        types.update({mention.type for mention in mentions})
        extractors.update([article.extractor])
    return Seen(
        articles=len(articles),
        names=[NameSeen(name=name, articles=count) for name, count in _ordered(names)],
        types=[TypeSeen(type=kind, articles=count) for kind, count in _ordered(types)],
        extractors=[ExtractorSeen(extractor=name, articles=count) for name, count in _ordered(extractors)],
    )


def _ordered(counts: Counter[_Value]) -> list[tuple[_Value, int]]:
    return sorted(counts.items(), key=lambda value: (-value[1], value[0]))


def _counted(response: Response) -> dict[str, Any]:
    """The sources, sections and languages with the most articles, and which of them have others."""
    facets = {name: response.facets[field] for name, field in _COUNTED.items()}
    counts = {
        name: [ValueCount(value=one.value, articles=one.count) for one in _chosen_or_all(facet) if one.count]
        for name, facet in facets.items()
    }
    more = [name for name, facet in facets.items() if facet.more and not _is_chosen(facet)]
    return {**counts, "more": more}


def _chosen_or_all(facet: Facet) -> list[FacetValue]:
    """The values in the articles that were asked for: a facet shows those beside its own filter as well."""
    return [one for one in facet.values if one.selected or not _is_chosen(facet)]


def _is_chosen(facet: Facet) -> bool:
    return any(one.selected for one in facet.values)


def _known(known: Names, entity_id: str) -> dict[str, Any]:
    """What the catalogue says of an entity, and what editors decided about it."""
    entry = known.get(entity_id)
    hiding = known.rulings.hidden.get(entity_id)
    return {
        "country": _called(known, entry.country) if entry else None,
        "latitude": entry.latitude if entry else None,
        "longitude": entry.longitude if entry else None,
        "related": [one for each in (entry.related if entry else ()) if (one := _called(known, each))],
        "hidden": _standing(hiding) if hiding else None,
        "merged": [one for one in known.rulings.sources(entity_id) if one != entity_id],
    }


def _standing(decision: Decision) -> StandingDecision:
    return StandingDecision(number=decision.number, who=decision.who, at=to_text(decision.at), why=decision.why)


def _called(known: Names, entity_id: str | None) -> models.EntityName | None:
    entry = known.get(entity_id)
    return models.EntityName(id=entry.id, name=entry.name, type=entry.type) if entry else None


def _names_in_newest(newsroom: Newsroom, ids: Sequence[str]) -> dict[str, models.Entity]:
    hits = newsroom.store.search(Request(Selection(filters={"entity": tuple(ids)}), size=NEWEST_READ)).hits
    wanted, found = set(ids), dict[str, models.Entity]()
    for one in (one for hit in hits for one in hit.article.entities if one.id in wanted):
        found.setdefault(one.id, shown_entity(one))
    return found


def _most_named(newsroom: Newsroom, question: EntitiesQuestion, size: int) -> Counts:
    """The first of all names of the type."""
    return _facet(newsroom, _selection(question, span_of(question)), question.type or "entity", size)


def _matching(newsroom: Newsroom, question: EntitiesQuestion) -> Counts:
    """All names that the text can mean: the one it stands for, recent names, those in articles with its words."""
    entry = newsroom.names.lookup(question.q)
    meant = entry.id if entry else None
    candidates = {**_recent(newsroom, question), **names(newsroom, _in_articles(newsroom, question, meant))}
    ids = {one.id for one in candidates.values() if one.id == meant or _is_called(one, question.q)}
    allowed = {one for one in ids if question.type in (None, candidates[one].type)}
    selection = _selection(question, span_of(question), entity=sorted(allowed))
    counts = _facet(newsroom, selection, "entity", len(allowed)) if allowed else []
    return [(entity_id, count) for entity_id, count in counts if entity_id in allowed]


def _recent(newsroom: Newsroom, question: EntitiesQuestion) -> dict[str, models.Entity]:
    """The names of trends that the text can mean; these also by beginnings of words."""
    found = find_entities(newsroom.trends.snapshot, question.q, newsroom.clock(), kind=question.type, limit=CANDIDATES)
    return {one.id: models.Entity(id=one.id, name=one.name, short=one.short, type=one.type) for one in found}


def _in_articles(newsroom: Newsroom, question: EntitiesQuestion, meant: str | None) -> list[str]:
    """The entities most often in articles with the words, and the one that is meant."""
    selection = replace(_selection(question, span_of(question)), query=read(question.q).query)
    ids = [entity_id for entity_id, _ in _facet(newsroom, selection, question.type or "entity", CANDIDATES)]
    return ids if meant is None else [*ids, meant]


def _is_called(entity: models.Entity, text: str) -> bool:
    """Whether a text has words, and every one begins a word of the name or of its abbreviation, as in trends."""
    wanted = words(text)
    return bool(wanted.strip()) and means(wanted, forms(Label(entity.id, entity.name, entity.type, entity.short)))


def _facet(newsroom: Newsroom, selection: Selection, field: FacetField, size: int) -> Counts:
    response = newsroom.store.search(Request(selection, size=0, facets={field: size}))
    counts = [(value.value, value.count) for value in response.facets[field].values if value.count]
    return sorted(counts, key=lambda value: (-value[1], value[0]))


def _selection(question: EntitiesQuestion | EntityQuestion, span: Span, entity: Iterable[str] = ()) -> Selection:
    return selection_of(span, {"section": question.section, "entity": tuple(entity)})
