"""Files that were parsed before, and need not be parsed again.

Whether a file is the same is decided by its bytes. They are read again unless the system
says that nothing at all was done to the file: not even its time of change (which no program
can set) differs, and it is old enough that a later change would have got a later time.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from llm_history.content.files import Signature, digest, sign, walk

T = TypeVar("T")
Key = tuple[str, ...]
_ENCODER = msgspec.msgpack.Encoder()
_STORED = list[tuple[Key, Signature | None, bytes, bytes]]


class Entry(msgspec.Struct):
    """What a file was parsed to: the thing itself or, until it is wanted, its stored form."""

    signature: Signature | None
    digest: bytes
    result: Any = None
    stored: bytes = b""

    def get(self, kind: Any) -> Any:  # noqa: ANN401 - what it is, its kind says
        """Return the thing, which is of a ``kind``."""
        if self.result is None:
            self.result = msgspec.msgpack.decode(self.stored, type=kind)
        return self.result

    def store(self) -> bytes:
        """Return the stored form."""
        return self.stored or _ENCODER.encode(self.result)


class Parsed:
    """What the files of a folder were parsed to: of the last build, and of the present one."""

    def __init__(self, entries: dict[Key, Entry] | None = None) -> None:
        self._last: dict[Key, Entry] = {}
        self.entries = entries or {}
        self.paths: tuple[str, ...] = ()
        self._whole = True

    def walk(self, folder: Path, failed: Callable[[str, str], None]) -> tuple[str, ...]:
        """Begin a build: return the paths of all files, in their order.

        What the build before it did not use is forgotten, if that one came to its end.
        """
        self._last = self.entries if self._whole else self._last | self.entries
        self.entries, self._whole = {}, False
        self.paths = tuple(walk(folder, failed))
        return self.paths

    def end(self) -> None:
        """End a build's reading: it has asked for all that it uses."""
        self._whole = True

    def unknown(self, folder: Path) -> list[str]:
        """Return the paths of files with bytes that are not known."""
        known: dict[str, list[Entry]] = {}
        for key, entry in self._last.items():
            known.setdefault(key[0], []).append(entry)
        return [path for path in self.paths if not _is_known(f"{folder}/{path}", known.get(path))]

    def slim(self) -> None:
        """Forget the stored form of what is in use."""
        for entry in self.entries.values():
            entry.stored = b"" if entry.result is not None else entry.stored

    def store(self) -> bytes:
        """Return all entries in their stored form."""
        return _ENCODER.encode(
            [(key, e.signature, e.digest, e.store()) for key, e in self.entries.items()]
        )

    def learn(self, stored: bytes) -> None:
        """Take up entries that another process stored."""
        self._last |= stored_entries(stored)

    def fetch(
        self,
        key: Key,
        file: str,
        parse: Callable[[bytes], T],
        limit: int,
        kind: Any,  # noqa: ANN401 - a type
    ) -> T:
        """Return what ``parse`` makes of a file's bytes; the same object while they are the same.

        ``key`` names the file and whatever else the result depends on; ``kind`` is the type of
        the result. Of a file larger than ``limit`` bytes no more is read than shows that it is.
        Raises OSError if the file cannot be read.
        """
        signature = sign(file)
        entry = self._last.get(key)
        if entry is None or entry.signature is None or entry.signature != signature:
            with open(file, "rb") as opened:  # noqa: PTH123 - called for every file
                data = opened.read(limit + 1)
            found = digest(data)
            if entry is None or entry.digest != found:
                entry = Entry(None, found, parse(data))
            else:  # others may still hold the entry as it was
                entry = Entry(None, found, entry.get(kind), entry.stored)
            entry.signature = signature
        self.entries[key] = entry
        result: T = entry.get(kind)
        return result


def stored_entries(stored: bytes | memoryview) -> dict[Key, Entry]:
    """Return entries from their stored form. Raises DecodeError for what is none."""
    return {
        key: Entry(signature, digest, None, form)
        for key, signature, digest, form in msgspec.msgpack.decode(stored, type=_STORED)
    }


def _is_known(file: str, entries: list[Entry] | None) -> bool:
    """Whether a file's bytes are those of some entries, which then know when that was seen."""
    if not entries:
        return False
    try:
        signature = sign(file)
        if signature is not None and all(entry.signature == signature for entry in entries):
            return True
        with open(file, "rb") as opened:  # noqa: PTH123
            found = digest(opened.read())
    except OSError:
        return True  # which whoever reads it will find, too
    if any(entry.digest != found for entry in entries):
        return False
    for entry in entries:
        entry.signature = signature
    return True


class Replay(Parsed):
    """The files as they were at an earlier build, wherever they are now."""

    def __init__(self, paths: Iterable[str], entries: dict[Key, Entry]) -> None:
        super().__init__(entries)
        self.paths = tuple(paths)

    def walk(self, folder: Path, failed: Callable[[str, str], None]) -> tuple[str, ...]:
        """Return the paths of the files that there were."""
        return self.paths

    def fetch(
        self,
        key: Key,
        file: str,
        parse: Callable[[bytes], T],
        limit: int,
        kind: Any,  # noqa: ANN401
    ) -> T:
        """Return what a file was parsed to. Raises OSError if it could not be read then."""
        entry = self.entries.get(key)
        if entry is None:
            raise FileNotFoundError(file)
        result: T = entry.get(kind)
        return result
