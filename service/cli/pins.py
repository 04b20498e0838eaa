"""`dateline pins`: editors' decisions about lists of trends at the terminal."""

from typing import Any

from service.answers import pin_models as shapes
from service.answers import pins as pinning
from service.answers.questions import ask
from service.cli.ask import asking, named
from service.cli.commands import Overrides
from service.cli.output import emit, minute, say, table


def decide(overrides: Overrides, act: shapes.ActName, **given: Any) -> None:
    """Take a decision."""
    asked = shapes.read_asked({"act": act, **named(given)})
    with asking(overrides) as newsroom:
        decided = pinning.decide(newsroom, asked)
    say(f"decision {decided.number}: {_in_words(decided)}")


def show(overrides: Overrides, *, as_json: bool, **given: Any) -> None:
    """Print the newest decisions."""
    question = ask(shapes.PinsQuestion, named(given))
    with asking(overrides) as newsroom:
        answer = pinning.pins(newsroom, question)
    if as_json:
        emit(answer.model_dump(mode="json"))
        return
    columns = ("number", "time", "who", "decision", "why", "in force")
    table(columns, [_row(one) for one in answer.items], numbers=("number",))


def _row(one: shapes.Pinned) -> tuple[object, ...]:
    lifted = f"lifted by {one.lifted_by}" if one.lifted_by else "no"
    in_force = "" if one.act == "lift" else "yes" if one.standing else lifted
    return one.number, minute(one.at), one.who, _in_words(one), one.why, in_force


def _in_words(one: shapes.Pinned) -> str:
    where = f"{one.list} of {one.section}" if one.section else one.list
    match one.act:
        case "pin":
            position = f" at {one.position}" if one.position else ""
            return f"pin {one.item} to {where}{position} until {minute(one.until)}"
        case "hide":
            return f"hide {one.item} from {where} until {minute(one.until)}"
        case "lift":
            return f"lift {one.decision}, {one.item} in {where}"
