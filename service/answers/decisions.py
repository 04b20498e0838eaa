"""What editors decided about names and stories, and deciding."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from indexer.decisions import deciding
from indexer.decisions.decision import STORY, Alias, Decision, Hide, Merge, Retype, Split, Undo, name_of
from indexer.decisions.names import Names
from indexer.decisions.reprojecting import Progress, acted_on, keys_of, progress, stories_of
from indexer.errors import InvalidParameter
from indexer.store.port import Selection
from indexer.times import to_text
from service.answers import decision_models as shapes
from service.answers.cursors import read_cursor, write_cursor
from service.newsroom import Newsroom


def decisions(newsroom: Newsroom, question: shapes.DecisionsQuestion) -> shapes.DecisionsAnswer:
    """A page of the decisions. InvalidParameter, StoreError."""
    now = newsroom.clock()
    before = read_cursor(newsroom.secret, question, question.cursor)[0] if question.cursor else None
    taken = deciding.decisions(newsroom.store)
    older = reversed(taken if before is None else taken[: before - 1])
    found = [decision for decision in older if _is_about(taken, decision, question.entity)]
    page = found[: question.limit]
    more = len(found) > len(page)
    return shapes.DecisionsAnswer(
        items=list(_shown(newsroom, taken, page)),
        cursor=write_cursor(newsroom.secret, question, [page[-1].number]) if more else None,
        as_of=to_text(now),
    )


def all_decisions(newsroom: Newsroom) -> list[dict[str, Any]]:
    """Every decision as it was taken, the first first, under the names that it is asked for with. StoreError."""
    return [_fields(decision) for decision in deciding.decisions(newsroom.store)]


def decide(newsroom: Newsroom, asked: shapes.Asked) -> shapes.Decided:
    """Take a decision. InvalidParameter, InvalidDecision, UnknownEntity, DecisionConflict, StoreError."""
    for name in ("who", "why"):
        if not getattr(asked, name):
            raise InvalidParameter(name, f"{name}: a decision says who takes it and why")
    decision = deciding.decide(
        newsroom.store, newsroom.catalogue, asked.decided(), who=asked.who, why=asked.why, now=newsroom.clock()
    )
    newsroom.reread_names()
    taken = deciding.decisions(newsroom.store)
    articles = _concerned(newsroom, taken[: decision.number - 1], decision)
    (shown,) = _shown(newsroom, taken, [decision])
    return shapes.Decided(**shown.model_dump(exclude_unset=True), articles=articles)


def preview(newsroom: Newsroom, asked: shapes.Asked) -> shapes.Preview:
    """What a decision would be about, if it can be taken. The errors are those of deciding."""
    act = asked.decided()
    taken = deciding.decisions(newsroom.store)
    untaken = Decision(len(taken) + 1, newsroom.clock(), "", "", act)
    judged = deciding.judged(newsroom.store, newsroom.catalogue, taken, untaken)
    return shapes.Preview(entities=_entities(taken, judged), articles=_concerned(newsroom, taken, judged))


def _is_about(taken: Sequence[Decision], decision: Decision, ids: Sequence[str]) -> bool:
    return not ids or any(entity.id in ids for entity in _entities(taken, decision))


def _entities(taken: Sequence[Decision], decision: Decision) -> list[shapes.Subject]:
    """What a decision is about; an undo is about the same as what it undoes."""
    subjects = acted_on(taken, decision).subjects
    return [shapes.Subject(id=one.id, name=one.name, type=one.type, short=one.short) for one in subjects]


def _concerned(newsroom: Newsroom, taken: Sequence[Decision], decision: Decision) -> int:
    """The number of articles that a decision is about, after those before it."""
    meant, names = acted_on(taken, decision), _names(newsroom, taken)
    stories, keys = (tuple(sorted(one)) for one in (stories_of(meant, names), keys_of(meant.act, names)))
    if stories and isinstance(decision.act, Split):
        return len(set(decision.act.names))
    match decision.act:
        case Merge(story) if stories:
            return newsroom.store.count(Selection(filters={"story": (story.removeprefix(STORY),)}))
        case Undo() if stories:
            return newsroom.store.count(Selection(filters={"story": stories}))
        case Undo() | Alias():
            return newsroom.store.count(Selection(filters={"keys": keys}))
        case Split(entity):
            return newsroom.store.count(Selection(filters={"keys": keys, "entity": (entity,)}))
        case Merge(entity) | Hide(entity) | Retype(entity):
            return newsroom.store.count(Selection(filters={"entity": (entity,)}))


def _shown(newsroom: Newsroom, taken: Sequence[Decision], page: Sequence[Decision]) -> Iterator[shapes.Decision]:
    done = progress(newsroom.store, _names(newsroom, taken))
    undone = undone_by(taken)
    return (_decision(taken, decision, undone.get(decision.number), done) for decision in page)


def _names(newsroom: Newsroom, taken: Sequence[Decision]) -> Names:
    """The names after some decisions: not those of a second ago, which the newsroom has."""
    return deciding.named(newsroom.catalogue, taken, demonyms=newsroom.names.demonyms)


def undone_by(taken: Sequence[Decision]) -> dict[int, int]:
    """The decisions that do not stand, and which decision undid each."""
    undone: dict[int, int] = {}
    for decision in reversed(taken):
        if isinstance(decision.act, Undo) and decision.number not in undone:
            undone[decision.act.number] = decision.number
    return undone


def _decision(taken: Sequence[Decision], decision: Decision, undone: int | None, done: Progress) -> shapes.Decision:
    applied = decision.number <= done.number
    return shapes.Decision.model_validate(
        _fields(decision)
        | {
            "entities": _entities(taken, decision),
            "standing": undone is None,
            "undone_by": undone,
            "applied": applied,
            "pending": 0 if applied else done.pending,
        }
    )


def _fields(decision: Decision) -> dict[str, Any]:
    """What a decision says, under the names that it is asked for with."""
    said = {"decision": decision.act.number} if isinstance(decision.act, Undo) else asdict(decision.act)
    act = {name: value for name, value in said.items() if value}
    made = {"new_entity": decision.minted} if decision.minted else {}
    return {
        "number": decision.number,
        "at": to_text(decision.at),
        "who": decision.who,
        "why": decision.why,
        "act": name_of(decision.act),
        **act,
        **made,
    }
