"""Names: which there are, and how much there is about one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from indexer.query.parser import read
from indexer.store.port import FacetField, Request, Selection
from indexer.times import to_text
from service.answers import models
from service.answers.cursors import read_cursor, write_cursor
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

Counts = Sequence[tuple[str, int]]
"""Entity ids with numbers of articles, those in the most first; ties by id."""


def entities(newsroom: Newsroom, question: EntitiesQuestion) -> models.EntitiesAnswer:
    """A page of the names in the most articles. InvalidParameter, StoreError."""
    now = newsroom.clock()
    offset = read_cursor(newsroom.secret, question, question.cursor)[0] if question.cursor else 0
    end = min(offset + question.limit, DEEPEST)
    data_as_of = newsroom.data_as_of(now)
    counts = _matching(newsroom, question) if question.q else _most_named(newsroom, question, end + 1)
    page = counts[offset:end]
    known = names(newsroom, [entity_id for entity_id, _ in page])
    more = len(counts) > end and end < DEEPEST
    return models.EntitiesAnswer(
        items=[models.EntityCount(entity=known[one], articles=count) for one, count in page if one in known],
        cursor=write_cursor(newsroom.secret, question, [end]) if more else None,
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
    )


def entity(newsroom: Newsroom, entity_id: str, question: EntityQuestion) -> models.EntityAnswer:
    """One entity, and how much there is about it. UnknownId, InvalidParameter, StoreError."""
    now = newsroom.clock()
    selection = _selection(question, span_of(question), entity=(entity_id,))
    data_as_of = newsroom.data_as_of(now)
    newest = newsroom.store.search(Request(selection, sort="newest", size=1))
    oldest = newsroom.store.search(Request(selection, sort="oldest", size=1))
    return models.EntityAnswer(
        entity=known_entity(newsroom, entity_id),
        articles=newest.total,
        first_seen=text_of(oldest.hits[0].article.ranked_at if oldest.hits else None),
        last_seen=text_of(newest.hits[0].article.ranked_at if newest.hits else None),
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
    """What an entity is called. UnknownId, StoreError."""
    known = names(newsroom, [entity_id])
    if entity_id not in known:
        raise UnknownId(f"There is no entity {entity_id!r}.")
    return known[entity_id]


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
    """All names that the text can mean: an alias of the catalogue, recent names, those in articles with its words."""
    entry = newsroom.catalogue.lookup(question.q)
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
