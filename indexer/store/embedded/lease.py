"""A lock file: held by one process at most, and let go by the system when that one dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self


class FileLease:
    """The lock on a file, held until `release`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Lock the file, created if need be; None while another holds it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(path, descriptor)

    def renew(self) -> bool:
        """Whether it is still held: a lock on a file that someone has deleted keeps nobody out."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except OSError:
            return False

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def attempt(path: Path) -> Iterator[bool]:
    """Hold the lock for a block of code; False if another holds it."""
    lease = FileLease.take(path)
    try:
        yield lease is not None
    finally:
        if lease:
            lease.release()
