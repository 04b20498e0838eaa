"""`dateline entities suggest`, `accept` and `refuse`: what may be worth deciding, at the terminal."""

from typing import Any

from service.answers import suggestions as suggesting
from service.answers.questions import SuggestionKind, SuggestionsQuestion, ask
from service.answers.suggestion_models import AskedVerdict, Suggestion, Verdict
from service.cli.ask import asking
from service.cli.commands import Overrides
from service.cli.output import emit, say, table


def suggest(overrides: Overrides, *, kind: SuggestionKind | None, limit: int, as_json: bool) -> None:
    """Print what may be worth deciding."""
    question = ask(SuggestionsQuestion, {"kind": kind, "limit": limit})
    with asking(overrides) as newsroom:
        answer = suggesting.suggestions(newsroom, question)
    if as_json:
        emit(answer.model_dump(mode="json"))
        return
    columns = ("suggestion", "articles", "sources", "reasons", "id")
    table(columns, [_row(one) for one in answer.items], numbers=("articles", "sources"))
    say(f"in the newest {answer.read:,} articles; {answer.refused:,} refused before")


def judge(overrides: Overrides, suggestion: str, verdict: Verdict, **given: Any) -> None:
    """Accept or refuse a suggestion."""
    asked = ask(AskedVerdict, {"verdict": verdict, **given})
    with asking(overrides) as newsroom:
        judged = suggesting.judge(newsroom, suggestion, asked)
    say(f"decision {judged.decision}" if judged.decision else f"refused by {judged.who}: {judged.why}")


def _row(one: Suggestion) -> tuple[object, ...]:
    return _in_words(one), one.evidence.articles, one.evidence.sources, ", ".join(one.reasons), one.id


def _in_words(one: Suggestion) -> str:
    names = [doubted.entity.name for doubted in one.entities]
    match one.kind:
        case "duplicate":
            return f"{names[0]} is {names[1]}"
        case "junk":
            return f"{names[0]} is no name"
        case "abbreviation":
            return f"{one.act['surface']} means {names[0]}"
