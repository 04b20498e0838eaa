"""What editors may want to decide about names: duplicates, junk and abbreviations, each with its evidence.

The id of a suggestion says what it is about, `merge~person:bide~person:joe-biden`, so it is understood however long ago
it was made. A refusal is kept, and what is refused is not suggested again.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple

from indexer.article import Article
from indexer.decisions.names import Names
from indexer.store.port import Position, Request, Store
from indexer.times import MINUTE, Millis, to_text
from service.answers import decisions, models
from service.answers.abbreviations import Abbreviation, abbreviations
from service.answers.decision_models import read_asked
from service.answers.duplicates import Duplicate, duplicates
from service.answers.errors import UnknownId
from service.answers.junk import Junk, junk
from service.answers.questions import SuggestionKind, SuggestionsQuestion
from service.answers.shown import text_of
from service.answers.sightings import Name, sightings
from service.answers.suggestion_models import (
    AskedVerdict,
    DoubtedEntity,
    Evidence,
    Judged,
    Suggestion,
    SuggestionsAnswer,
)
from service.newsroom import Newsroom

KIND: Final = "refusal"
"""The records that refusals are kept as."""
READ: Final = 10_000
KEPT_FOR: Final = 10 * MINUTE
"""How long what was found is shown again, unless something is decided."""
_PAGE: Final = 500
_FORMS: Final = 5
_DIGITS: Final = 3
_SIGN: Final = "~"
_FIELDS: Final = {"merge": ("entity", "into"), "hide": ("entity",), "alias": ("entity", "surface")}
"""What an id says after the name of the act."""


class _Found(NamedTuple):
    """The suggestions of some articles."""

    items: list[Suggestion]
    read: int


def suggestions(newsroom: Newsroom, question: SuggestionsQuestion) -> SuggestionsAnswer:
    """The first suggestions of each kind that nobody refused. StoreError."""
    now = newsroom.clock()
    data_as_of = newsroom.data_as_of(now)
    names = newsroom.names
    found = _found(newsroom, names, now // KEPT_FOR)
    refused = {_subject(names, refusal["id"]) for refusal in newsroom.store.records(KIND).values()}
    open_ones = [one for one in found.items if _subject(names, one.id) not in refused]
    return SuggestionsAnswer(
        items=list(_of_each_kind(_likest(open_ones), question)),
        read=found.read,
        refused=len(found.items) - len(open_ones),
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
    )


def judge(newsroom: Newsroom, suggestion_id: str, asked: AskedVerdict) -> Judged:
    """Accept a suggestion, which takes the decision, or refuse it, which is kept; a refusal stands as it was first.

    UnknownId, InvalidDecision, UnknownEntity, DecisionConflict, StoreError.
    """
    act = act_of(suggestion_id)
    if asked.verdict == "refused":
        return _refuse(newsroom.store, suggestion_id, asked, newsroom.clock())
    decided = decisions.decide(newsroom, read_asked({**act, "who": asked.who, "why": asked.why}))
    newsroom.store.drop_record(KIND, _record_id(suggestion_id))
    return Judged(
        id=suggestion_id, verdict="accepted", who=decided.who, why=decided.why, at=decided.at, decision=decided.number
    )


def suggested(articles: Sequence[Article], names: Names) -> list[Suggestion]:
    """Everything that some articles suggest about the names in them; of the merges of one, the likest first. Pure."""
    seen = sightings(names, articles)
    return [
        *map(_of_duplicate, duplicates(seen)),
        *map(_of_junk, junk(seen)),
        *map(_of_abbreviation, abbreviations(seen, lambda short: names.lookup(short) is not None)),
    ]


def act_of(suggestion_id: str) -> dict[str, str]:
    """The decision that a suggestion is for. UnknownId."""
    act, *values = suggestion_id.split(_SIGN, 2)
    fields = _FIELDS.get(act, ())
    if not fields or len(values) != len(fields) or not all(values):
        raise UnknownId(f"There is no suggestion {suggestion_id!r}.")
    return {"act": act, **dict(zip(fields, values, strict=True))}


@lru_cache(maxsize=1)
def _found(newsroom: Newsroom, names: Names, _time: int) -> _Found:
    """The suggestions out of the newest articles, remembered for a time."""
    articles = list(_newest_articles(newsroom.store))
    return _Found(suggested(articles, names), len(articles))


def _newest_articles(store: Store) -> Iterator[Article]:
    after: Position | None = None
    for _ in range(0, READ, _PAGE):
        hits = store.search(Request(size=_PAGE, after=after)).hits
        yield from (hit.article for hit in hits)
        if len(hits) < _PAGE:
            return
        after = Position(*hits[-1].article.order)


def _of_each_kind(found: Sequence[Suggestion], question: SuggestionsQuestion) -> Iterator[Suggestion]:
    kinds = [question.kind] if question.kind else list(dict.fromkeys(one.kind for one in found))
    for kind in kinds:
        yield from [one for one in found if one.kind == kind][: question.limit]


def _likest(found: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions, of the merges of one name the first."""
    first = {one.act["entity"]: one for one in reversed(found) if one.kind == "duplicate"}
    return [one for one in found if one.kind != "duplicate" or first[one.act["entity"]] is one]


def _subject(names: Names, suggestion_id: str) -> tuple[str, frozenset[str]]:
    """What a suggestion is about: the same in both directions of a merge, and whatever its names were merged into."""
    act, *values = suggestion_id.split(_SIGN, 2)
    return act, frozenset(map(names.rulings.resolve, values))


def _refuse(store: Store, suggestion_id: str, asked: AskedVerdict, now: Millis) -> Judged:
    refusal = {"id": suggestion_id, "who": asked.who, "why": asked.why, "at": to_text(now)}
    if not store.put_record(KIND, _record_id(suggestion_id), refusal, only_new=True):
        refusal = store.records(KIND)[_record_id(suggestion_id)]
    return Judged(**refusal, verdict="refused", decision=None)


def _record_id(suggestion_id: str) -> str:
    """The same for both directions of a merge, and of a length that every store takes."""
    act, *values = suggestion_id.split(_SIGN, 2)
    return sha256(_SIGN.join([act, *sorted(values)]).encode()).hexdigest()[:32]


def _of_duplicate(found: Duplicate) -> Suggestion:
    evidence = Evidence(
        articles=found.entity.articles,
        sources=found.entity.sources,
        likeness=round(found.likeness, _DIGITS),
        together=found.together,
    )
    pair = (found.entity, found.into)
    return _suggestion("duplicate", ("merge", found.entity.id, found.into.id), found.reasons, pair, evidence)


def _of_junk(found: Junk) -> Suggestion:
    evidence = Evidence(articles=found.entity.articles, sources=found.entity.sources, likeness=None, together=None)
    return _suggestion("junk", ("hide", found.entity.id), (found.reason,), (found.entity,), evidence)


def _of_abbreviation(found: Abbreviation) -> Suggestion:
    evidence = Evidence(articles=found.articles, sources=found.sources, likeness=None, together=None)
    reasons = (f"defined by {found.sources} sources",)
    return _suggestion("abbreviation", ("alias", found.entity.id, found.short), reasons, (found.entity,), evidence)


def _suggestion(
    kind: SuggestionKind, act: tuple[str, ...], reasons: Sequence[str], entities: Sequence[Name], evidence: Evidence
) -> Suggestion:
    suggestion_id = _SIGN.join(act)
    return Suggestion(
        id=suggestion_id,
        kind=kind,
        reasons=list(reasons),
        entities=list(map(_doubted, entities)),
        evidence=evidence,
        act=act_of(suggestion_id),
    )


def _doubted(name: Name) -> DoubtedEntity:
    return DoubtedEntity(
        entity=models.Entity(id=name.id, name=name.name, type=name.type, short=None),
        articles=name.articles,
        sources=name.sources,
        names=list(name.surfaces[:_FORMS]),
    )
