"""Files that were parsed before, and need not be parsed again.

Whether a file is the same is decided by its bytes. They are read again unless the system
says that nothing at all was done to the file: not even its time of change (which no program
can set) differs, and it is old enough that a later change would have got a later time.
"""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
Signature = tuple[int, ...]
_CLOCK_TICK = 50_000_000
"""Nanoseconds within which two changes may get the same time."""


class _Entry(msgspec.Struct):
    signature: Signature | None
    digest: bytes
    result: Any


class Parsed:
    """What the files of a folder were parsed to: of the last build, and of the present one."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, ...], _Entry] = {}
        self._present: dict[tuple[str, ...], _Entry] = {}

    def begin(self) -> None:
        """Begin a build: what the one before it did not use is forgotten."""
        self._last, self._present = self._present, {}

    def fetch(self, key: tuple[str, ...], file: Path, parse: Callable[[bytes], T], limit: int) -> T:
        """Return what ``parse`` makes of a file's bytes; the same object while they are the same.

        ``key`` names the file and whatever else the result depends on. Of a file larger than
        ``limit`` bytes no more is read than shows that it is. Raises OSError if the file cannot
        be read.
        """
        signature = _signature(file)
        entry = self._last.get(key)
        if entry is None or entry.signature is None or entry.signature != signature:
            with file.open("rb") as opened:
                data = opened.read(limit + 1)
            digest = hashlib.blake2b(data, digest_size=16).digest()
            if entry is None or entry.digest != digest:
                entry = _Entry(None, digest, parse(data))
            entry.signature = signature
        self._present[key] = entry
        result: T = entry.result
        return result


def _signature(file: Path) -> Signature | None:
    """Return what the system says of a file; nothing if that could not tell a change."""
    found = os.stat(file)  # noqa: PTH116 - called for every file of every build
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _CLOCK_TICK:
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)
