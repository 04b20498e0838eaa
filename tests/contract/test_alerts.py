"""Alerts are kept alike on every store."""

from threading import Event

from indexer.store.port import Store
from indexer.times import HOUR
from service.alerts.alert import to_json
from service.alerts.arrays import arrays_of
from service.alerts.watching import SETTLING, STEP, Watch, all_alerts, looked_at
from tests.contract.conftest import Opener
from tests.service.alerts.arrivals import KURSK, NOW, STORM, burst, usual


def test_what_was_raised_is_known_to_others_is_not_raised_again_and_is_cleared(
    store: Store, open_again: Opener
) -> None:
    store.write([*usual(), *burst(KURSK, NOW - 2 * HOUR), *burst(STORM, NOW - HOUR, 5)])
    store.refresh()

    def watch(opened: Store, now: int) -> None:
        Watch(opened, arrays_of(opened, lambda: now, None), lambda: str, lambda: now).run(Event())

    assert looked_at(store) is None
    store.put_record("alerting", "alerting", {"moment": NOW - HOUR})
    watch(store, NOW + SETTLING)
    first = all_alerts(open_again())
    assert [(one.subject, one.raised_at, one.updated_at) for one in first] == [
        ("place:kursk", NOW - HOUR + STEP, NOW + SETTLING), ("other:ophelia", NOW - 20 * 60_000, NOW + SETTLING),
    ]  # fmt: skip
    for alert in first:
        assert not store.put_record("alert", alert.id, to_json(alert), only_new=True)
    watch(open_again(), NOW + 2 * STEP)
    assert all_alerts(store) == first
    assert looked_at(store) == NOW + STEP
    store.put_record("alerting", "alerting", {"moment": NOW + 20 * HOUR})
    watch(store, NOW + 20 * HOUR + STEP + SETTLING)
    assert [one.cleared_at for one in all_alerts(open_again())] == [NOW + 20 * HOUR + STEP] * 2
