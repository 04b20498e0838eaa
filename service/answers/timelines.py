"""Articles over time: per calendar hour, day or week, and their share of all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from indexer.buckets import Bucket, Interval, buckets, floor, following
from indexer.store.port import Request, Selection
from indexer.times import DAY, HOUR, Millis, to_text
from service.answers import models
from service.answers.entities import known_entity
from service.answers.entity_models import EntityTimelineAnswer
from service.answers.matching import filters_of, selection_of, settled, shown_reading
from service.answers.questions import EntityTimelineQuestion, Span, TimelineQuestion, span_of
from service.answers.shown import text_of
from service.newsroom import Newsroom

SPANS: Final[Mapping[Interval, Millis]] = {"hour": 48 * HOUR, "day": 30 * DAY, "week": 26 * 7 * DAY}
"""How far back a timeline reaches where it is not said."""


def timeline(newsroom: Newsroom, question: TimelineQuestion) -> models.TimelineAnswer:
    """The articles of a question per calendar interval; `all` are those of the same sections, sources and languages.

    InvalidParameter, StoreError; InvalidQuery only if it is `strict`.
    """
    now = newsroom.clock()
    span = span_of(question)
    spans = _buckets(span, question.interval, now)
    data_as_of = newsroom.data_as_of(now)
    found, _ = settled(newsroom, question, lambda one: newsroom.store.search(Request(one.selection, size=0)))
    beside = {name: one for name, one in filters_of(question).items() if name not in ("entity", "story")}
    everything = selection_of(span, beside)
    return models.TimelineAnswer(
        query=shown_reading(newsroom, found),
        interval=question.interval,
        tz=question.tz,
        buckets=_counted(newsroom, spans, found.selection, everything, now),
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
    )


def entity_timeline(newsroom: Newsroom, entity_id: str, question: EntityTimelineQuestion) -> EntityTimelineAnswer:
    """The articles with one entity per calendar interval. UnknownId, InvalidParameter, StoreError."""
    now = newsroom.clock()
    span = span_of(question)
    spans = _buckets(span, question.interval, now)
    data_as_of = newsroom.data_as_of(now)
    about, everything = (selection_of(span, {"section": question.section, "entity": ids}) for ids in ((entity_id,), ()))
    return EntityTimelineAnswer(
        entity=known_entity(newsroom, entity_id),
        interval=question.interval,
        tz=question.tz,
        buckets=_counted(newsroom, spans, about, everything, now),
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
    )


def _buckets(span: Span, interval: Interval, now: Millis) -> list[Bucket]:
    """The intervals of the span; by default those up to the one that now is in."""
    end = following(floor(now, interval, span.zone), interval, span.zone) if span.end is None else span.end
    start = floor(end - SPANS[interval], interval, span.zone) if span.start is None else span.start
    return buckets(start, end, interval, span.zone)


def _counted(
    newsroom: Newsroom, spans: list[Bucket], some: Selection, everything: Selection, now: Millis
) -> list[models.Bucket]:
    """How many of some articles are in each interval, and how many of all."""
    if not spans:
        return []
    edges = [bucket.start for bucket in spans] + [spans[-1].end]
    counts, alls = (newsroom.store.histogram(replace(one, start=None, end=None), edges) for one in (some, everything))
    return [_bucket(*row, now) for row in zip(spans, counts, alls, strict=True)]


def _bucket(bucket: Bucket, count: int, everything: int, now: Millis) -> models.Bucket:
    return models.Bucket(
        start=to_text(bucket.start),
        end=to_text(bucket.end),
        articles=count,
        all=everything,
        share=count / everything if everything else 0.0,
        incomplete=not bucket.whole or bucket.end > now,
    )
