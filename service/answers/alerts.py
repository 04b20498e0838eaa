"""What came to be in the news far more than usual, and what showed it."""

from collections.abc import Mapping
from typing import Final

from indexer.article import order_key
from indexer.times import SECOND, Millis, to_text
from service.alerts.alert import Alert
from service.alerts.watching import all_alerts, looked_at
from service.answers import models
from service.answers.alert_models import Alert as Shown
from service.answers.alert_models import AlertsAnswer, AlertsQuestion
from service.answers.articles import articles
from service.answers.cursors import read_cursor, write_cursor
from service.answers.questions import moment_of
from service.answers.shown import text_of
from service.answers.trend_models import StoryName
from service.newsroom import Newsroom

_HARDLY: Final = 0.1
_ON_ITS_WAY: Final = 10 * SECOND
"""How long an alert can take from its `updated_at` until it is there for who asks, clocks apart included."""
_Place = tuple[Millis, int]


def alerts(newsroom: Newsroom, question: AlertsQuestion) -> AlertsAnswer:
    """A page of the alerts. InvalidParameter, StoreError."""
    now = newsroom.clock()
    since = moment_of("since", question.since)
    before = tuple(read_cursor(newsroom.secret, question, question.cursor)) if question.cursor else None
    moment = looked_at(newsroom.store)
    asked_for = [one for one in all_alerts(newsroom.store) if _is_asked_for(newsroom, one, question, since)]
    found = [one for one in sorted(asked_for, key=_place, reverse=True) if before is None or _place(one) < before]
    page = found[: question.limit]
    evidence = articles(newsroom, tuple(dict.fromkeys(article_id for one in page for article_id in one.evidence)))
    return AlertsAnswer(
        items=[_shown(newsroom, one, evidence) for one in page],
        cursor=write_cursor(newsroom.secret, question, _place(page[-1])) if len(found) > len(page) else None,
        looked_at=text_of(moment),
        as_of=to_text(now),
    )


def reason(alert: Alert, name: str) -> str:
    """Why there is an alert, in a sentence. Pure."""
    usual = f"where {alert.expected:.1f} are usual, {alert.lift:.1f} times as many" if alert.lift else ""
    compared = "where hardly any are usual" if alert.expected < _HARDLY else usual
    return (
        f"{name} is in {alert.articles} articles of {alert.sources} sources within a day: weighted by freshness "
        f"{alert.now:.1f}, {compared} (z {alert.z:.1f})."
    )


def _place(alert: Alert) -> _Place:
    return alert.raised_at, order_key(alert.id)


def _is_asked_for(newsroom: Newsroom, alert: Alert, question: AlertsQuestion, since: Millis | None) -> bool:
    """What editors have hidden since is never asked for."""
    return (
        (since is None or alert.updated_at >= since - _ON_ITS_WAY)
        and (not question.section or not set(question.section).isdisjoint(alert.sections))
        and question.type in (None, alert.type or "story")
        and newsroom.names.rulings.resolve(alert.subject) not in newsroom.names.rulings.hidden
    )


def _shown(newsroom: Newsroom, alert: Alert, known: Mapping[str, models.Article]) -> Shown:
    evidence = [known[article_id] for article_id in alert.evidence if article_id in known]
    story = StoryName(id=alert.story, title=evidence[0].title if evidence else alert.story) if alert.story else None
    entity = None if story else _entity(newsroom, alert)
    return Shown(
        id=alert.id,
        entity=entity,
        story=story,
        reason=reason(alert, entity.name if entity else f"“{story.title}”" if story else ""),
        raised_at=to_text(alert.raised_at),
        cleared_at=text_of(alert.cleared_at),
        updated_at=to_text(alert.updated_at),
        z=alert.z,
        now=alert.now,
        expected=alert.expected,
        lift=alert.lift,
        articles=alert.articles,
        sources=alert.sources,
        sections=list(alert.sections),
        evidence=evidence,
    )


def _entity(newsroom: Newsroom, alert: Alert) -> models.EntityName:
    """As the articles called it then; what was merged since, as what it leads to."""
    resolved = newsroom.names.rulings.resolve(alert.subject)
    entry = newsroom.names.get(resolved) if resolved != alert.subject else None
    if entry is None:
        return models.EntityName(id=alert.subject, name=alert.name, type=alert.type or "other")
    return models.EntityName(id=entry.id, name=entry.name, type=entry.type)
