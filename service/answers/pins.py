"""What editors pinned to lists of trends or hid from them, and deciding so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Generic, TypeVar

from indexer.pins import pinning
from indexer.pins.pin import Lift, ListName, Pin, PinDecision, name_of
from indexer.pins.standing import Standing, arrange, of_list, standing
from indexer.store.port import Request, Selection
from indexer.times import Millis, to_text
from service.answers import pin_models as shapes
from service.answers.cursors import read_cursor, write_cursor
from service.answers.entities import known_entity
from service.answers.errors import UnknownId
from service.newsroom import Newsroom

_STORY = "story:"
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Listed(Generic[_Item]):
    """An item of a list, and the decision that pinned it there, if one did."""

    item: _Item
    pin: PinDecision | None


def pins_of(newsroom: Newsroom, name: ListName, section: str | None, now: Millis) -> list[Standing]:
    """What editors decided about a list that is in force at `now`; ids that were merged are what they lead to.

    StoreError.
    """
    decisions = [_resolved(newsroom, one) for one in standing(pinning.pin_decisions(newsroom.store), now)]
    return of_list(decisions, name, section)


def apply_pins(
    items: Sequence[_Item],
    pins: Sequence[Standing],
    *,
    id_of: Callable[[_Item], str],
    find: Callable[[str], _Item | None],
    limit: int,
) -> list[Listed[_Item]]:
    """A ranked list as editors want it. `items` are the best `limit + len(pins)`, or all.

    `find` makes the item of an id that is pinned and not among these; what it has None for is left out. Pure.
    """
    known = {id_of(item): item for item in items}
    pinned = [one.act.item for one in pins if isinstance(one.act, Pin)]
    known |= {item_id: item for item_id in pinned if item_id not in known and (item := find(item_id)) is not None}
    shown = [one for one in pins if one.act.item in known]
    return [Listed(known[one.id], one.pin) for one in arrange([id_of(item) for item in items], shown)][:limit]


def pinned_by(pin: PinDecision) -> shapes.PinnedBy:
    """Who pinned an item, why and until when, for the explanation of its place."""
    until = 0 if isinstance(pin.act, Lift) else pin.act.until
    return shapes.PinnedBy(number=pin.number, who=pin.who, why=pin.why, until=to_text(until))


def pins(newsroom: Newsroom, question: shapes.PinsQuestion) -> shapes.PinsAnswer:
    """A page of the decisions about lists, the newest first. InvalidParameter, StoreError."""
    now = newsroom.clock()
    before = read_cursor(newsroom.secret, question, question.cursor)[0] if question.cursor else None
    taken = pinning.pin_decisions(newsroom.store)
    older = reversed(taken if before is None else taken[: before - 1])
    shown = _shown(taken, older, now)
    found = [one for one in shown if _is_asked_for(one, question)]
    page = found[: question.limit]
    more = len(found) > len(page)
    return shapes.PinsAnswer(
        items=page,
        cursor=write_cursor(newsroom.secret, question, [page[-1].number]) if more else None,
        as_of=to_text(now),
    )


def decide(newsroom: Newsroom, asked: shapes.Asked) -> shapes.Pinned:
    """Take a decision. InvalidParameter, InvalidDecision, UnknownId, StoreError."""
    now, act = newsroom.clock(), asked.decided()
    name = ""
    if not isinstance(act, Lift):
        item, name = _known(newsroom, act.list, act.item)
        act = replace(act, item=item)
    decision = pinning.decide(newsroom.store, act, name=name, who=asked.who, why=asked.why, now=now)
    (shown,) = _shown(pinning.pin_decisions(newsroom.store), [decision], now)
    return shown


def _resolved(newsroom: Newsroom, one: Standing) -> Standing:
    return Standing(one.decision, replace(one.act, item=_leads_to(newsroom, one.act.list, one.act.item)))


def _leads_to(newsroom: Newsroom, name: ListName, item: str) -> str:
    """The id of an item after what was merged. Articles are never."""
    resolve = newsroom.names.rulings.resolve
    match name:
        case "entities":
            return resolve(item)
        case "stories":
            return resolve(f"{_STORY}{item}").removeprefix(_STORY)
        case "articles":
            return item


def _known(newsroom: Newsroom, name: ListName, item: str) -> tuple[str, str]:
    """The id that an item is listed by, and what it is called. UnknownId."""
    item = _leads_to(newsroom, name, item)
    if name == "entities":
        return item, known_entity(newsroom, item).name
    (article,) = newsroom.store.get([item])
    if name == "stories" and (article is None or article.story != item):
        hits = newsroom.store.search(Request(Selection(filters={"story": (item,)}), size=1)).hits
        article = hits[0].article if hits else None
    if article is None:
        raise UnknownId(f"There is nothing {item!r} among the {name}.")
    return item, article.title


def _is_asked_for(shown: shapes.Pinned, question: shapes.PinsQuestion) -> bool:
    return question.list in (None, shown.list) and (shown.standing or not question.standing)


def _shown(taken: Sequence[PinDecision], page: Iterable[PinDecision], now: Millis) -> list[shapes.Pinned]:
    in_force = {one.decision.number for one in standing(taken, now)}
    lifted = {decision.act.number: decision.number for decision in taken if isinstance(decision.act, Lift)}
    return [
        shapes.Pinned.model_validate(
            _fields(taken, decision)
            | {"standing": decision.number in in_force, "lifted_by": lifted.get(decision.number)}
        )
        for decision in page
    ]


def _fields(taken: Sequence[PinDecision], decision: PinDecision) -> dict[str, Any]:
    """What a decision says; a lift is about the same as what it ends."""
    ended = taken[decision.act.number - 1] if isinstance(decision.act, Lift) else None
    about = asdict((ended or decision).act)
    return {
        "number": decision.number,
        "at": to_text(decision.at),
        "who": decision.who,
        "why": decision.why,
        "act": name_of(decision.act),
        "decision": ended and ended.number,
        "position": None,
        **about,
        "name": (ended or decision).name,
        "until": to_text(about["until"]),
    }
