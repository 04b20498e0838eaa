"""Taking a decision about a list: it gets the next number that nobody else took."""

from collections.abc import Sequence

from indexer.errors import InvalidDecision, InvalidParameter
from indexer.pins.pin import LONGEST, Act, Lift, PinDecision, from_json, to_json
from indexer.pins.standing import standing
from indexer.store.port import Store
from indexer.times import DAY, Millis

KIND = "pin"
"""The records that these decisions are kept as."""


def pin_decisions(store: Store, *, after: int = 0) -> list[PinDecision]:
    """The decisions about lists after a number, in their order. StoreError."""
    records = store.records(KIND, after=_record_id(after))
    return [from_json(records[record_id]) for record_id in sorted(records)]


def decide(store: Store, act: Act, *, name: str, who: str, why: str, now: Millis) -> PinDecision:
    """Take a decision. Of two at the same moment the second is judged again, with the first before it.

    InvalidDecision, InvalidParameter, StoreError.
    """
    if not who.strip() or not why.strip():
        raise InvalidDecision("A decision says who takes it and why.")
    taken = pin_decisions(store)
    while True:
        _check(taken, act, now)
        decision = PinDecision(len(taken) + 1, now, who.strip(), why.strip(), act, name)
        if store.put_record(KIND, _record_id(decision.number), to_json(decision), only_new=True):
            return decision
        taken += pin_decisions(store, after=len(taken))


def _check(taken: Sequence[PinDecision], act: Act, now: Millis) -> None:
    if isinstance(act, Lift):
        if act.number not in (one.decision.number for one in standing(taken, now)):
            raise InvalidDecision(f"Nothing is pinned or hidden by a decision {act.number} now.")
    elif not now < act.until <= now + LONGEST:
        raise InvalidParameter("until", f"until: a time to come, at most {LONGEST // DAY} days from now")


def _record_id(number: int) -> str:
    return f"{number:08d}"
