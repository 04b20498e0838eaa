"""`python -m bench.quality_trends`: how good the lists of trending entities are, beside those of other formulas.

The corpus as the product has taken it in, with the names it found, seen when published. A list made at a moment is
judged by what it foresees: the coverage of the next day above what is usual. The first half of the time is what a
formula may be chosen on; the second reports. Excess share is a second opinion: what is usual there is a share of the
news, so that no day of the week, and no day on which the collector was down, is news by itself.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from rich.progress import track

from bench.answers import filled
from bench.bursts import BURSTS
from bench.scale import STORES
from bench.tables import show
from bench.trend_measures import Lists, hours_to_notice, ndcg, shuffled, stability
from bench.trend_methods import Mastodon, Method, Stream, count_of_a_day, decay, excess, excess_share, jlh, macd, top
from indexer.article import Article
from indexer.store.opening import open_store
from indexer.store.port import Change
from indexer.times import DAY, HOUR, Millis
from nlp.mention import EntityType
from service.alerts.alert import Alert
from service.alerts.crossing import crossings
from service.trends.arrays import Arrays
from service.trends.columns import Bools, Floats
from service.trends.entities import trending_entities
from service.trends.follower import Tail
from service.trends.scoring import Parameters
from service.trends.snapshot import Snapshot

LISTED: Final = 10
EVERY: Final = 3
SEED: Final = 7
_PAGE: Final = 1_000


def _moment(text: str) -> Millis:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000)


HALVES: Final = {
    "chosen on": (_moment("2023-10-15"), _moment("2023-11-03")),
    "reported": (_moment("2023-11-03"), _moment("2023-11-20T12:00")),
}
_FIRST: Final = _moment("2023-10-07")
_HOURS: Final = range(_FIRST, HALVES["reported"][1] + 1, HOUR)
_KINDS: Final[tuple[EntityType, ...]] = ("person", "organisation", "place")
_WIDER: Final = 2 * LISTED
_SHIPPED: Final = Parameters(limit=_WIDER)
_OURS: Final = {
    "dateline, as shipped": _SHIPPED,
    "dateline, no diversity": replace(_SHIPPED, diversity=0.0),
    "dateline, no diversity, one source": replace(_SHIPPED, diversity=0.0, min_sources=1),
    "dateline, novelty .5": replace(_SHIPPED, novelty=0.5),
    "dateline, novelty 0": replace(_SHIPPED, novelty=0.0),
}


def main() -> None:
    """Fill what is missing, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality_trends")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    options = parser.parse_args()
    store = f"embedded:{STORES / 'embedded'}/store"
    filled(options.data.absolute(), store, STORES / "embedded")
    snapshot = _loaded(store)
    stream = Stream(snapshot)
    ours = {name: _lister(snapshot, parameters) for name, parameters in _OURS.items()}
    lists = {name: _listed(name, at) for name, at in (ours | _rankers(snapshot, stream, _WIDER)).items()}
    for half, span in HALVES.items():
        show(f"Trending entities, {half}", [_row(name, one, stream, range(*span)) for name, one in lists.items()])
    show("NDCG@10 of excess by type, reported", _by_type(snapshot, stream))
    first = {name: {moment: listed[:LISTED] for moment, listed in one.items()} for name, one in lists.items()}
    watched = list(_watched("alerts, the archive", snapshot))
    alerts = {"alert": {one.moment: one.standing for one in watched}}
    show("Hours from an onset to the list, and to an alert (-: not within 48)", _noticed(first | alerts, snapshot))
    shuffled = list(_watched("alerts, shuffled", _shuffled(store)))
    show("Alerts", [_alerts("the archive", watched), _alerts("shuffled", shuffled)])


def _loaded(store: str) -> Snapshot:
    opened = open_store(store)
    tail = Tail(opened, Arrays(0))
    while tail.follow():
        pass
    opened.close()
    return tail.arrays.snapshot


def _rankers(
    snapshot: Snapshot, stream: Stream, number: int, kind: EntityType | None = None
) -> dict[str, Callable[[Millis], Sequence[int]]]:
    """The baselines, among the entities of a type."""
    methods: dict[str, Method] = {
        "count, 24 h": count_of_a_day(stream),
        "exponential decay, 12 h": decay(stream),
        "Mastodon's tags": Mastodon(stream),
        "significant_terms, JLH": jlh(stream),
        "MACD 6 h, 48 h": macd(stream, 6 * HOUR, 48 * HOUR),
        "MACD 12 h, 7 d": macd(stream, 12 * HOUR, 7 * DAY),
    }
    return {name: _ranker(method, snapshot, number, kind) for name, method in methods.items()}


def _lister(snapshot: Snapshot, parameters: Parameters) -> Callable[[Millis], Sequence[int]]:
    def listed(now: Millis) -> list[int]:
        items = trending_entities(snapshot, parameters, now)
        return _numbers(snapshot, (item.entity.id for item in items))

    return listed


def _ranker(
    method: Method, snapshot: Snapshot, number: int, kind: EntityType | None
) -> Callable[[Millis], Sequence[int]]:
    ids = snapshot.names.entities.values
    among = _among(snapshot, kind)
    return lambda now: top(method(now) * among, ids, number)


def _among(snapshot: Snapshot, kind: EntityType | None) -> Bools:
    """Which entities are of a type."""
    if kind is None:
        return np.ones(snapshot.entities, np.bool_)
    return snapshot.at(HALVES["reported"][1]).of_type(kind)


def _numbers(snapshot: Snapshot, ids: Iterable[str]) -> list[int]:
    found = (snapshot.names.entities.find(entity_id) for entity_id in ids)
    return [number for number in found if number is not None]


def _listed(name: str, at: Callable[[Millis], Sequence[int]]) -> Lists:
    return {moment: at(moment) for moment in track(_HOURS, name)}


def _row(name: str, lists: Lists, stream: Stream, span: range) -> dict[str, object]:
    moments = range(span.start, span.stop, EVERY * HOUR)
    within = {moment: listed[:LISTED] for moment, listed in lists.items() if moment in span}
    gains = [excess(stream, one) for one in moments]
    shares = [excess_share(stream, one) for one in moments]
    return {
        "formula": name,
        "NDCG@10 of excess": _quality(lists, moments, gains, LISTED),
        "NDCG@20": _quality(lists, moments, gains, _WIDER),
        "NDCG@10 of excess share": _quality(lists, moments, shares, LISTED),
        "the same after 1 h": round(stability(within), 2),
        "length": round(_mean(map(len, within.values())), 1),
    }


def _quality(lists: Lists, moments: Iterable[Millis], gains: Iterable[Floats], number: int) -> float:
    return round(_mean(ndcg(lists[one], gain, number) for one, gain in zip(moments, gains, strict=True)), 3)


def _by_type(snapshot: Snapshot, stream: Stream) -> list[dict[str, object]]:
    """Each type of entity by itself: what is shipped and the baselines."""
    rows: dict[str, dict[str, object]] = {}
    moments = range(*HALVES["reported"], EVERY * HOUR)
    for kind in _KINDS:
        gains = [excess(stream, moment) * _among(snapshot, kind) for moment in moments]
        ours = {"dateline, as shipped": _lister(snapshot, replace(_SHIPPED, limit=LISTED, type=kind))}
        for name, at in (ours | _rankers(snapshot, stream, LISTED, kind)).items():
            lists = _listed(f"{name}, {kind}", at)
            rows.setdefault(name, {"formula": name})[kind] = _quality(lists, moments, gains, LISTED)
    return list(rows.values())


def _noticed(lists: Mapping[str, Lists], snapshot: Snapshot) -> list[dict[str, object]]:
    """Per burst the hours of each formula, and at last their medians."""
    rows: list[dict[str, object]] = []
    for burst in BURSTS:
        number = snapshot.names.entities.find(burst.entity)
        hours = {
            name: None if number is None else hours_to_notice(one, number, burst.onset) for name, one in lists.items()
        }
        rows.append({"entity": burst.entity, **hours})
    return [
        *({name: "-" if value is None else value for name, value in row.items()} for row in rows),
        _medians(rows, lists),
    ]


def _medians(rows: Sequence[Mapping[str, object]], lists: Iterable[str]) -> dict[str, object]:
    """The median of all, one that was not noticed counting as more than any, and how many were."""
    medians: dict[str, object] = {"entity": "median (noticed)"}
    for name in lists:
        hours = [float(value) if isinstance(value := row[name], int) else np.inf for row in rows]
        medians[name] = f"{np.median(hours):g} ({np.isfinite(hours).sum()})"
    return medians


class _Watch(NamedTuple):
    """How many alerts were raised at a moment, and the numbers of the entities that had one."""

    moment: Millis
    raised: int
    standing: Sequence[int]


def _watched(what: str, snapshot: Snapshot) -> Iterator[_Watch]:
    """Look for alerts every hour, as the worker does."""
    standing: dict[str, Alert] = {}
    for moment in track(_HOURS, what):
        crossed = crossings(snapshot, moment, standing.values(), str)
        standing |= {alert.subject: alert for alert in crossed.raised}
        for alert in crossed.cleared:
            del standing[alert.subject]
        yield _Watch(moment, len(crossed.raised), _numbers(snapshot, standing))


def _alerts(what: str, watched: Iterable[_Watch]) -> dict[str, object]:
    """How many alerts are raised a day, in each half."""
    raised = {one.moment: one.raised for one in watched}
    days = {
        f"a day, {half}": round(sum(raised[hour] for hour in range(*span, HOUR)) * DAY / (span[1] - span[0]), 2)
        for half, span in HALVES.items()
    }
    return {"what": what, **days}


def _shuffled(store: str) -> Snapshot:
    """The archive with its times dealt out at random: as much news at every time, and no news in it."""
    opened = open_store(store)
    articles: list[Article] = []
    mark = None
    while (page := opened.changes(mark, _PAGE)).items:
        articles += [change.article for change in page.items if change.article]
        mark = page.mark
    opened.close()
    arrays = Arrays(0)
    dealt = shuffled(articles, SEED)
    for start in range(0, len(dealt), _PAGE):
        arrays.apply([Change(one.id, one) for one in dealt[start : start + _PAGE]])
    return arrays.snapshot


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


if __name__ == "__main__":
    main()
