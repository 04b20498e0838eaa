"""Alerts over HTTP, as JSON and as feeds."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.answers.alert_models import Alert, AlertsAnswer, AlertsQuestion
from service.answers.alerts import alerts
from service.answers.models import Article, as_json
from service.api.caching import polled
from service.api.feeds import JSON_FEED, RSS, Feed, json_feed, rss
from service.api.parameters import Listing, only
from service.api.problems import problems
from service.newsroom import Newsroom

JSON: Final = "application/json"
_FEEDS: Final = {RSS: {"schema": {"type": "string"}}, JSON_FEED: {"schema": {"type": "object"}}}


class AlertsParameters(AlertsQuestion):
    """Those of alerts, and how to write the answer."""

    format: Listing = Field("json", description="JSON, RSS 2.0 or JSON Feed 1.1.")


def routes(newsroom: Newsroom) -> APIRouter:
    """The endpoint of alerts."""
    router = APIRouter(prefix="/alerts", tags=["trends"])

    @router.get(
        "",
        dependencies=[only(AlertsParameters)],
        response_model=AlertsAnswer,
        responses={200: {"content": _FEEDS}, **problems(400, 503)},
    )
    def get_alerts(request: Request, question: Annotated[AlertsParameters, Query()]) -> Response:
        """What came to be in the news far more than usual, the newest first, with the reasons and the articles.

        Made to be polled: it has an ETag and may be cached.
        """
        answer = alerts(newsroom, question)
        listed = [f"{item.id} {item.cleared_at} {item.reason}" for item in answer.items]
        if question.format == "json":
            return polled(request, as_json(answer), JSON, [str(answer.looked_at), *listed])
        feed = _feed(request, answer)
        content, media_type = (rss(feed), RSS) if question.format == "rss" else (json_feed(feed), JSON_FEED)
        return polled(request, content, media_type, listed)

    return router


def _feed(request: Request, answer: AlertsAnswer) -> Feed:
    home = str(request.base_url)
    return Feed("dateline: Alerts", str(request.url), home, [_entry(alert, home) for alert in answer.items])


def _entry(alert: Alert, home: str) -> Article:
    """An alert as an entry of a feed. It is the same one when it is cleared, so that readers do not see it twice."""
    named = alert.entity.name if alert.entity else alert.story.title if alert.story else ""
    return Article(
        id=alert.id,
        url=f"{home}{_page(alert)}",
        title=f"{named}: far more than usual",
        summary=" ".join([alert.reason, *map(_cited, alert.evidence)]),
        section=alert.sections[0] if alert.sections else None,
        labels=alert.sections,
        source=None,
        refs=[],
        authors=[],
        language=None,
        published_at=alert.raised_at,
        seen_at=alert.raised_at,
        story=None,
        entities=[],
    )


def _cited(article: Article) -> str:
    return f"“{article.title}” ({article.source})" if article.source else f"“{article.title}”"


def _page(alert: Alert) -> str:
    if alert.entity:
        return f"entities/{quote(alert.entity.id, safe=':')}"
    return f"stories/{quote(alert.story.id, safe=':')}" if alert.story else ""
