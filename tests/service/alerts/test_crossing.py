"""What becomes an alert, and when it is over: hysteresis over z, whatever the articles."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.times import DAY, HOUR, MINUTE, Millis
from service.alerts.alert import Alert, from_json, to_json
from service.alerts.crossing import CLEARED, RAISED, crossings
from service.alerts.watching import STEP
from service.trends.scope import score_scope
from service.trends.scoring import Parameters, surprise
from service.trends.snapshot import Snapshot
from tests.service.alerts.arrivals import KURSK, NOW, STORM, USUAL, burst, grid, snapshot_of, usual


def _same(subject: str) -> str:
    return subject


def alerts(snapshot: Snapshot, moments: Sequence[Millis], resolve: Callable[[str], str] = _same) -> list[Alert]:
    """Every alert of a span of time, in the order in which they were raised."""
    standing: list[Alert] = []
    over: list[Alert] = []
    for moment in moments:
        found = crossings(snapshot, moment, standing, resolve)
        over += [replace(alert, cleared_at=moment) for alert in found.cleared]
        standing = [alert for alert in standing if alert not in found.cleared] + list(found.raised)
    return sorted(over + standing, key=lambda alert: alert.id)


def test_a_burst_is_an_alert_with_what_showed_it_until_it_is_over() -> None:
    start = NOW - 6 * HOUR
    [alert] = alerts(snapshot_of(usual() + burst(KURSK, start)), grid(NOW - 8 * HOUR, NOW + DAY))
    assert (alert.subject, alert.story, alert.name, alert.type) == ("place:kursk", None, "Kursk", "place")
    assert alert.raised_at == start + 40 * MINUTE, "with the fifth article"
    assert alert.cleared_at is not None
    assert NOW < alert.cleared_at < NOW + DAY
    assert (alert.articles, alert.sources, alert.sections) == (5, 4, ("World",))
    assert alert.evidence == tuple(f"place:kursk-{start}-{count}" for count in (4, 3, 2))
    assert 3 <= alert.z < 4
    assert 4 < alert.now < 5
    assert alert.expected < 0.1
    assert from_json(to_json(alert)) == alert


def test_a_story_is_an_alert_too_and_a_merged_one_is_not_raised_again() -> None:
    first, second = (
        [replace(one, story=story, entities=()) for one in burst(KURSK, start, 6)]
        for story, start in (("s1", NOW - 6 * HOUR), ("s2", NOW - 6 * HOUR + MINUTE))
    )
    [alert] = alerts(snapshot_of(usual() + first), grid(NOW - 8 * HOUR, NOW + DAY))
    assert (alert.subject, alert.story, alert.name, alert.type) == ("story:s1", "s1", "", None)
    assert (alert.raised_at, alert.articles, alert.sources) == (NOW - 6 * HOUR + 40 * MINUTE, 5, 4)
    assert alert.sections == ("World",)
    assert len(alert.evidence) == 3
    assert from_json(to_json(alert)) == alert
    merged = snapshot_of(usual() + [replace(one, story="s2") for one in first] + second)
    found = crossings(merged, NOW, [alert], lambda one: "story:s2" if one == "story:s1" else one)
    assert (found.raised, found.cleared) == ((), ())


def test_what_one_source_repeats_is_no_alert() -> None:
    for sources in ([None, "one.example"], ["one.example"]):
        loud = [replace(one, source=sources[count % len(sources)]) for count, one in enumerate(burst(STORM, NOW, 40))]
        assert alerts(snapshot_of(usual() + loud), grid(NOW - HOUR, NOW + DAY)) == []


def test_without_seven_days_of_history_nothing_is_an_alert() -> None:
    bursts = burst(KURSK, NOW - 6 * HOUR)
    assert alerts(snapshot_of(usual(days=6) + bursts), grid(NOW - 8 * HOUR, NOW)) == []
    assert len(alerts(snapshot_of(usual(days=8) + bursts), grid(NOW - 8 * HOUR, NOW))) == 1


def test_only_what_had_been_seen_counts() -> None:
    late = [replace(one, seen_at=one.ranked_at + 2 * HOUR) for one in burst(KURSK, NOW - 6 * HOUR)]
    [alert] = alerts(snapshot_of(usual() + late), grid(NOW - 8 * HOUR, NOW))
    assert alert.raised_at >= NOW - 4 * HOUR + 40 * MINUTE


def test_a_merged_name_does_not_raise_its_alert_again() -> None:
    news = usual() + burst(KURSK, NOW - 6 * HOUR, 40)
    moments = grid(NOW - 8 * HOUR, NOW)
    [alert] = alerts(snapshot_of(news), moments)
    renamed = snapshot_of(replace(one, entities=(STORM,)) if one.entities == (KURSK,) else one for one in news)
    found = crossings(renamed, NOW, [alert], lambda one: STORM.id if one == KURSK.id else one)
    assert (found.raised, found.cleared) == ((), ())
    apart = crossings(renamed, NOW, [alert], _same)
    assert ([one.subject for one in apart.raised], apart.cleared) == ([STORM.id], (alert,))


_news = st.lists(
    st.tuples(
        st.sampled_from([KURSK, STORM, USUAL[0]]), st.integers(0, 120), st.integers(1, 30), st.integers(1, 12),
        st.integers(2, 4),
    ),
    max_size=5, unique_by=lambda row: (row[0], row[1]),
).map(
    lambda rows: [
        one
        for name, start, number, every, sources in rows
        for one in burst(name, NOW - start * 15 * MINUTE, number, every=every * MINUTE, sources=sources)
    ]
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(_news)
def test_alerts_are_what_hysteresis_makes_of_z(news: list[Article]) -> None:
    snapshot = snapshot_of(usual() + news)
    moments = grid(NOW - 30 * HOUR, NOW + 10 * HOUR)[::6]
    found = alerts(snapshot, moments)
    for name in (KURSK, STORM, USUAL[0]):
        z = [_z(snapshot, moment, name.id) for moment in moments]
        assert [(one.raised_at, one.cleared_at) for one in found if one.subject == name.id] == spans(moments, z)


def spans(moments: Sequence[Millis], z: Sequence[float]) -> list[tuple[Millis, Millis | None]]:
    """When something was raised and cleared again, by the letter of the rule."""
    found: list[tuple[Millis, Millis | None]] = []
    raised = False
    for moment, surprising in zip(moments, z, strict=True):
        if not raised and surprising >= RAISED:
            raised = True
            found.append((moment, None))
        elif raised and surprising < CLEARED:
            raised = False
            found[-1] = (found[-1][0], moment)
    return found


def _z(snapshot: Snapshot, moment: Millis, entity_id: str) -> float:
    """As trends of at least two sources have it."""
    scope = score_scope(snapshot.at(moment), Parameters(min_sources=2))
    place = scope.place(entity_id)
    if place is None:
        return -1.0
    places = np.array([place], np.intp)
    return float(scope.limited(places, scope.members(places)).z[0])


@given(st.floats(0, 1e4), st.floats(0, 1e3))
def test_nothing_of_less_than_four_articles_is_surprising_enough(expected: float, now: float) -> None:
    if surprise(np.array([now]), np.array([expected]))[0] >= RAISED:
        assert now >= 4


def test_the_grid_is_of_minutes() -> None:
    assert STEP <= 10 * MINUTE
