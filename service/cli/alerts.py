"""`dateline alerts`: what came to be in the news, at the terminal."""

from typing import Any

from service.answers import alerts as alerting
from service.answers.alert_models import Alert, AlertsQuestion
from service.answers.questions import ask
from service.cli.ask import asking, named
from service.cli.commands import Overrides
from service.cli.output import emit, minute, say, table

_COLUMNS = ("raised", "over", "alert", "type", "articles", "sources", "now", "usual", "z", "id")


def show(overrides: Overrides, *, kind: str | None, as_json: bool, **given: Any) -> None:
    """Print the newest alerts."""
    question = ask(AlertsQuestion, named(given | {"type": kind}))
    with asking(overrides) as newsroom:
        answer = alerting.alerts(newsroom, question)
    if as_json:
        emit(answer.model_dump(mode="json", exclude_unset=True))
        return
    table(_COLUMNS, [_row(alert) for alert in answer.items], numbers=_COLUMNS[4:-1])
    looked = f"last looked at {minute(answer.looked_at)}" if answer.looked_at else "never looked at"
    say(f"{looked}, by `dateline serve` or `dateline work`")


def _row(alert: Alert) -> tuple[object, ...]:
    over = minute(alert.cleared_at) if alert.cleared_at else ""
    numbers = (f"{number:.1f}" for number in (alert.now, alert.expected, alert.z))
    name, kind, subject = _subject(alert)
    return minute(alert.raised_at), over, name, kind, alert.articles, alert.sources, *numbers, subject


def _subject(alert: Alert) -> tuple[str, str, str]:
    if alert.story:
        return alert.story.title, "story", alert.story.id
    return (alert.entity.name, alert.entity.type, alert.entity.id) if alert.entity else ("", "", "")
