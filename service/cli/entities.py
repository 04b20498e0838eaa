"""`dateline entities`: editors' decisions at the terminal, and in files."""

from pathlib import Path
from typing import Any

import click

from service.answers import decision_models as shapes
from service.answers import decisions as deciding
from service.answers.questions import ask
from service.cli import decision_files
from service.cli.ask import asking
from service.cli.commands import Overrides
from service.cli.importing import Importing
from service.cli.output import emit, say, table


def decide(overrides: Overrides, act: shapes.ActName, **given: Any) -> None:
    """Take a decision."""
    asked = shapes.read_asked({"act": act, **given})
    with asking(overrides) as newsroom:
        decided = deciding.decide(newsroom, asked)
    made = f", which makes {decided.new_entity}" if decided.new_entity else ""
    articles = f"{decided.articles:,} article{'' if decided.articles == 1 else 's'}"
    say(f"decision {decided.number}{made}: {articles}")


def decisions(overrides: Overrides, *, as_json: bool, **given: Any) -> None:
    """Print the newest decisions."""
    question = ask(shapes.DecisionsQuestion, given)
    with asking(overrides) as newsroom:
        answer = deciding.decisions(newsroom, question)
    if as_json:
        emit(answer.model_dump(mode="json", exclude_unset=True))
        return
    columns = ("number", "time", "who", "decision", "why", "stands", "in articles")
    table(columns, [_row(one) for one in answer.items], numbers=("number",))


def export(overrides: Overrides, file: Path) -> None:
    """Write all decisions to a file, the first first."""
    form = _form(file)
    with asking(overrides) as newsroom:
        taken = deciding.all_decisions(newsroom)
    file.write_bytes(decision_files.written(taken, form))
    say(f"{len(taken):,} decisions in {file}")


def import_decisions(overrides: Overrides, file: Path, who: str) -> int:
    """Take the decisions of a file; 1 if some could not be taken."""
    lines = decision_files.read(file.read_bytes(), _form(file))
    with asking(overrides) as newsroom:
        importing = Importing(newsroom, who)
        for line in lines:
            if reason := importing.take(line.fields):
                say(f"{file}, {line.place}: {reason}")
    say(f"{importing.taken:,} decisions taken, {importing.known:,} known before, {importing.refused:,} refused")
    return 1 if importing.refused else 0


def _form(file: Path) -> decision_files.Form:
    match file.suffix.lower():
        case ".csv":
            return "csv"
        case ".json":
            return "json"
        case _:
            raise click.UsageError(f"{file} is neither .csv nor .json.")


def _row(decision: shapes.Decision) -> tuple[object, ...]:
    stands = "yes" if decision.standing else f"undone by {decision.undone_by}"
    applied = "yes" if decision.applied else f"{decision.pending:,} to look at"
    moment = decision.at[:16].replace("T", " ")
    return decision.number, moment, decision.who, _in_words(decision), decision.why, stands, applied


def _in_words(decision: shapes.Decision) -> str:
    match decision.act:
        case "merge":
            return f"merge {decision.entity} into {decision.into}"
        case "split":
            return f"split {', '.join(map(repr, decision.names))} off {decision.entity} as {decision.new_entity}"
        case "alias":
            return f"{decision.surface!r} means {decision.entity}"
        case "hide":
            return f"hide {decision.entity}"
        case "retype":
            return f"{decision.entity} is of the type {decision.type}"
        case "undo":
            return f"undo {decision.decision}"
