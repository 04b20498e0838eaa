"""Which decisions about lists are in force at a moment, and what they make of a list. Pure."""

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from indexer.pins.pin import Hide, Lift, ListName, Pin, PinDecision
from indexer.times import Millis


class Standing(NamedTuple):
    """A decision in force, and what it does."""

    decision: PinDecision
    act: Pin | Hide


class Placed(NamedTuple):
    """The id of an item in a list, and the decision that pinned it there, if one did."""

    id: str
    pin: PinDecision | None


def standing(decisions: Sequence[PinDecision], now: Millis) -> list[Standing]:
    """The decisions in force at `now`, in order.

    Of those about the same item in the same list the last taken counts, until it expires or is lifted.
    """
    taken = [decision for decision in decisions if decision.at <= now]
    lifted = {decision.act.number for decision in taken if isinstance(decision.act, Lift)}
    placing = [Standing(decision, decision.act) for decision in taken if not isinstance(decision.act, Lift)]
    last = {(one.act.list, one.act.item, one.act.section): one for one in placing}
    kept = (one for one in last.values() if one.decision.number not in lifted and one.act.until > now)
    return sorted(kept, key=_number)


def of_list(decisions: Sequence[Standing], name: ListName, section: str | None) -> list[Standing]:
    """Those that are about the list of a section (None: of all sections); of each item the last, in order."""
    about = (one for one in sorted(decisions, key=_number) if _is_about(one.act, name, section))
    return sorted({one.act.item: one for one in about}.values(), key=_number)


def arrange(ids: Sequence[str], decisions: Sequence[Standing]) -> list[Placed]:
    """A ranked list with what is pinned in its place, and without what is hidden.

    `decisions` are those of the list, at most one per item. Of two for one position the later taken has it, and the
    other the next that is free. A position beyond the end is the end.
    """
    decided = {one.act.item for one in decisions}
    pins = [(one.decision, one.act) for one in decisions if isinstance(one.act, Pin)]
    arranged = [Placed(pin.item, decision) for decision, pin in pins if pin.position is None]
    arranged += [Placed(item, None) for item in ids if item not in decided]
    positions: dict[int, Placed] = {}
    for decision, pin in reversed(pins):
        if pin.position is not None:
            free = next(position for position in count(pin.position) if position not in positions)
            positions[free] = Placed(pin.item, decision)
    for position in sorted(positions):
        arranged.insert(position - 1, positions[position])
    return arranged


def _number(one: Standing) -> int:
    return one.decision.number


def _is_about(act: Pin | Hide, name: ListName, section: str | None) -> bool:
    sections = (section,) if isinstance(act, Pin) else (None, section)
    return act.list == name and act.section in sections
