"""One example of every answer, for the description of the API. A test holds them to the models."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from indexer.store.port import Json
from service.answers import alert_models, entity_models, models, pin_models, story_models, trend_models

_KURSK: Final = {"id": "place:kursk", "name": "Kursk", "type": "place"}
_ISW: Final = {
    "id": "organisation:institute-for-the-study-of-war",
    "name": "Institute for the Study of War",
    "short": "ISW",
    "type": "organisation",
}
_ARTICLE: Final = {
    "id": "6f1c0d5be3a94a7e8c55d0b7b8f0a921",
    "url": "https://example.org/world/kursk",
    "title": "Troops leave Kursk",
    "summary": "The last troops have left the region, observers say.",
    "section": "World",
    "labels": ["Russia", "Ukraine"],
    "source": "example.org",
    "refs": ["ANSA"],
    "authors": ["Jane Doe"],
    "language": "en",
    "published_at": "2024-11-14T11:29:56.312Z",
    "seen_at": "2024-11-14T11:31:02.007Z",
    "story": "6f1c0d5be3a94a7e8c55d0b7b8f0a921",
    "entities": [{**_KURSK, "short": None, "count": 3}, {**_ISW, "count": 2}],
}
_TIMES: Final = {"as_of": "2024-11-14T12:00:00.000Z", "data_as_of": "2024-11-14T11:58:41.120Z"}
_READING: Final = {
    "read_as": "kursk AND troops",
    "lenient": False,
    "relaxed": False,
    "problem": None,
    "entity": None,
}
_NAMED: Final = {
    "id": _ISW["id"],
    "name": _ISW["name"],
    "type": _ISW["type"],
    "page": "/entities/organisation:institute-for-the-study-of-war",
}
_TIMELINE: Final = {
    "interval": "day",
    "tz": "Europe/Rome",
    "buckets": [
        {
            "start": "2024-11-12T23:00:00.000Z",
            "end": "2024-11-13T23:00:00.000Z",
            "articles": 4,
            "all": 160,
            "share": 0.025,
            "incomplete": False,
        }
    ],
    **_TIMES,
}
_TREND: Final = {
    "rank": 1,
    "score": 14.2,
    "status": "rising",
    "articles": 23,
    "sources": 9,
    "first_seen": "2024-08-06T05:12:44.000Z",
    "evidence": [_ARTICLE],
    "explain": {
        "now": 15.1,
        "typical": 1.2,
        "expected": 0.9,
        "lift": 16.8,
        "z": 6.2,
        "half_life": "10h",
        "since": "2024-11-14T03:00:00.000Z",
        "demoted_by": None,
    },
}
_TREND_PARAMETERS: Final = {
    "section": "World",
    "type": None,
    "half_life": "10h",
    "baseline_half_life": "14d",
    "novelty": 1.0,
    "min_sources": None,
    "diversity": 0.2,
    "limit": 10,
}
_TRENDS: Final = {
    "fallback": None,
    "collection": {"state": "ok", "since": "2024-11-14T11:58:41.120Z"},
    "parameters": _TREND_PARAMETERS,
    **_TIMES,
}

_ALERT: Final = {
    "id": "1731584100000:place:kursk",
    "entity": _KURSK,
    "story": None,
    "reason": "Kursk is in 23 articles of 9 sources within a day: weighted by freshness 15.1, where 0.9 are usual, "
    "16.8 times as many (z 6.2).",
    "raised_at": "2024-11-14T11:35:00.000Z",
    "cleared_at": None,
    "updated_at": "2024-11-14T11:35:31.020Z",
    "z": 6.2,
    "now": 15.1,
    "expected": 0.9,
    "lift": 16.8,
    "articles": 23,
    "sources": 9,
    "sections": ["World", "Politics"],
    "evidence": [_ARTICLE],
}
_PINNED: Final = {
    "number": 7,
    "at": "2024-11-14T11:58:41.120Z",
    "who": "jane",
    "why": "the story of the day",
    "act": "pin",
    "decision": None,
    "list": "entities",
    "item": "place:kursk",
    "name": "Kursk",
    "position": 1,
    "section": None,
    "until": "2024-11-15T12:00:00.000Z",
    "standing": True,
    "lifted_by": None,
}

EXAMPLES: Final[Mapping[type[BaseModel], Json]] = {
    models.SearchAnswer: {
        "total": {"value": 1234, "exact": True},
        "hits": [
            {
                "article": _ARTICLE,
                "score": 7.31,
                "highlights": {
                    "title": [[0, 6], [13, 18]],
                    "body": [{"text": "The last troops left Kursk on Thursday.", "marks": [[9, 15], [21, 26]]}],
                },
            }
        ],
        "facets": {"section": {"values": [{"value": "World", "count": 310, "selected": False}], "more": True}},
        "cursor": "1731585600000.0.10.TDCl2ULuFMQ",
        "query": _READING,
        "took_ms": 3.1,
        **_TIMES,
    },
    models.ExportedArticle: {**_ARTICLE, "cursor": "0.1731583796312.5190573401.TDCl2ULuFMQ"},
    models.SimilarAnswer: {"items": [{"article": _ARTICLE, "score": 31.4}], **_TIMES},
    models.SuggestAnswer: {
        "entities": [{"entity": _ISW, "articles": 31, "status": "rising"}],
        "titles": [
            {
                "id": "a1",
                "title": "ISW: troops leave Kursk",
                "section": "World",
                "published_at": "2024-11-14T11:29:56.312Z",
            }
        ],
        **_TIMES,
    },
    models.LatestAnswer: {"items": [_ARTICLE], **_TIMES},
    models.ArticleAnswer: {**_ARTICLE, "body": "The last troops left Kursk on Thursday."},
    entity_models.EntitiesAnswer: {"items": [{"entity": _ISW, "articles": 310}], "cursor": None, **_TIMES},
    entity_models.EntityAnswer: {
        "entity": _ISW,
        "articles": 310,
        "first_seen": "2024-08-06T05:12:44.000Z",
        "last_seen": "2024-11-14T11:29:56.312Z",
        "sources": [{"value": "example.org", "articles": 41}],
        "sections": [{"value": "World", "articles": 288}],
        "languages": [{"value": "en", "articles": 310}],
        "more": ["sources"],
        "seen": {
            "articles": 50,
            "names": [{"name": "ISW", "articles": 49}, {"name": "Institute for the Study of War", "articles": 44}],
            "types": [{"type": "organisation", "articles": 50}],
            "extractors": [{"extractor": "spacy:en_core_web_md-3.7.1+news/83f87e89+places/2", "articles": 50}],
        },
        "country": None,
        "latitude": None,
        "longitude": None,
        "related": [],
        "hidden": None,
        "merged": ["organisation:isw"],
        **_TIMES,
    },
    entity_models.RelatedAnswer: {
        "entity": _ISW,
        "articles": 310,
        "all": 48_200,
        "measure": "log-likelihood ratio",
        "formula": "2 * sum(observed * ln(observed / expected)) over the articles with both names, ...",
        "items": [
            {
                "entity": {**_KURSK, "short": None},
                "together": 120,
                "articles": 402,
                "expected": 2.585,
                "lift": 46.414,
                "score": 825.461,
            }
        ],
        **_TIMES,
    },
    models.TimelineAnswer: {"query": {**_READING, "read_as": "isw", "entity": _NAMED}, **_TIMELINE},
    entity_models.EntityTimelineAnswer: {"entity": _ISW, **_TIMELINE},
    trend_models.TrendingEntitiesAnswer: {
        "items": [{**_TREND, "entity": _KURSK}],
        **_TRENDS,
        "algorithm": "decayed-excess/3",
    },
    trend_models.TrendingStoriesAnswer: {
        "items": [
            {**_TREND, "story": {"id": _ARTICLE["id"], "title": _ARTICLE["title"]}, "entities": [_KURSK]},
        ],
        **_TRENDS,
        "algorithm": "story-p75/2",
    },
    trend_models.TrendingArticlesAnswer: {
        "items": [{**_TREND, "article": _ARTICLE}],
        **_TRENDS,
        "algorithm": "story-p75/2",
    },
    alert_models.AlertsAnswer: {
        "items": [_ALERT],
        "cursor": None,
        "looked_at": "2024-11-14T11:55:00.000Z",
        "as_of": _TIMES["as_of"],
    },
    pin_models.PinsAnswer: {"items": [_PINNED], "cursor": None, "as_of": _TIMES["as_of"]},
    pin_models.Pinned: _PINNED,
    story_models.StoryAnswer: {
        "id": _ARTICLE["id"],
        "title": _ARTICLE["title"],
        "status": "active",
        "articles": 23,
        "first_seen": "2024-11-14T08:02:10.000Z",
        "last_seen": "2024-11-14T11:29:56.312Z",
        "representative": _ARTICLE,
        "sources": [{"value": "example.org", "articles": 4}],
        "entities": [{"entity": {**_KURSK, "short": None}, "articles": 21}],
        "more": ["sources"],
        "timeline": {
            "interval": "hour",
            "buckets": [{"start": "2024-11-14T08:00:00.000Z", "end": "2024-11-14T09:00:00.000Z", "articles": 3}],
        },
        "merged": [],
        "items": [_ARTICLE],
        "cursor": "1731583796312.5190573401.TDCl2ULuFMQ",
        **_TIMES,
    },
    models.Written: {"id": _ARTICLE["id"], "outcome": "new", "detail": None},
}
