"""The one background role: whoever holds its lease does the chores; any other process takes over when it dies."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from indexer.errors import StoreError
from indexer.store.port import Lease, Store

ROLE = "worker"
_LOG = logging.getLogger(__name__)
_RENEWAL = 2.0
_PATIENCE = 1.0
_CATCH_UP_PAUSE = 0.05
_LONGEST_PAUSE = 30.0
_GRACE = 5.0


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again, resting `pause` seconds in between.

    `run` is handed what is set when it should come to an end.
    """

    name: str
    pause: float
    run: Callable[[threading.Event], object]


def work(store: Store, chores: Sequence[Chore], stop: threading.Event) -> None:
    """Do the chores whenever the lease can be had, until `stop` is set. Returns within seconds of that.

    A chore that does not end by then is left behind, to be cut off by the end of the process: as in a crash, what it
    was at is done again.
    """
    while not stop.is_set():
        lease = _try_lease(store)
        if lease is None:
            stop.wait(_RENEWAL)
            continue
        try:
            _do_chores(lease, chores, stop)
        finally:
            lease.release()


@contextmanager
def working(store: Store, chores: Sequence[Chore]) -> Iterator[None]:
    """The worker in a thread of its own, for as long as the context lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(store, chores, stop), name=ROLE, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def catch_up_chore(store: Store) -> Chore:
    """Bring what is derived inside the store up to date: what makes a written article findable."""
    return Chore("catch up", _CATCH_UP_PAUSE, lambda _: store.catch_up())


def _try_lease(store: Store) -> Lease | None:
    try:
        return store.lease(ROLE)
    except StoreError as error:
        _LOG.warning("no lease: %s", error)
        return None


def _do_chores(lease: Lease, chores: Sequence[Chore], stop: threading.Event) -> None:
    lost = threading.Event()
    threads = [threading.Thread(target=_repeat, args=(chore, lost), name=chore.name, daemon=True) for chore in chores]
    for thread in threads:
        thread.start()
    while not stop.wait(_RENEWAL) and _renewed(lease):
        pass
    lost.set()
    _wait_for(threads, stop)


def _wait_for(threads: Sequence[threading.Thread], stop: threading.Event) -> None:
    """Until all are done, and no longer than `_GRACE` after `stop`."""
    while not stop.is_set() and any(thread.is_alive() for thread in threads):
        stop.wait(_PATIENCE)
    end = time.monotonic() + _GRACE
    for thread in threads:
        thread.join(max(0, end - time.monotonic()))


def _renewed(lease: Lease) -> bool:
    try:
        return lease.renew()
    except StoreError as error:
        _LOG.warning("lease not renewed: %s", error)
        return False


def _repeat(chore: Chore, stop: threading.Event) -> None:
    failures = 0
    while not stop.is_set():
        try:
            chore.run(stop)
            failures = 0
        except StoreError as error:
            _LOG.warning("%s: %s", chore.name, error)
            failures += 1
        except Exception:  # noqa: BLE001 - a chore that ended for good would be noticed only by what is missing
            _LOG.exception("%s failed", chore.name)
            failures += 1
        stop.wait(min(chore.pause + failures * _PATIENCE, _LONGEST_PAUSE))
