"""The files of a folder."""

import contextlib
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

Signature = tuple[int, ...]
_CLOCK_TICK = 50_000_000
"""Nanoseconds within which two changes may get the same time."""
_EDITORS = re.compile(r"^[.#]|~$|^4913$|\.(?:swp|swx|tmp|bak|orig|part)$")


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or an editor's own."""
    return bool(_EDITORS.search(name))


def walk(folder: Path, failed: Callable[[str, str], None] | None = None) -> Iterator[str]:
    """Yield the files below ``folder`` in the order of their paths, with ``/`` between parts.

    Hidden files, editors' backups and links that lead out of ``folder`` are passed over.
    """
    root = folder.resolve()

    def inside(entry: os.DirEntry[str]) -> bool:
        return not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root)

    def visit(directory: Path, prefix: str, depth: int) -> Iterator[str]:
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except OSError as error:
            if failed:
                failed(prefix.rstrip("/"), f"cannot be read: {error.strerror or error}")
            return
        for entry in entries:
            if is_passed_over(entry.name) or not inside(entry):
                continue
            if entry.is_dir() and depth < 30:
                yield from visit(Path(entry.path), f"{prefix}{entry.name}/", depth + 1)
            elif entry.is_file():
                yield f"{prefix}{entry.name}"

    yield from visit(folder, "", 0)


def sign(file: str) -> Signature | None:
    """Return what the system says of a file; nothing if that could not tell a change."""
    found = os.stat(file)  # noqa: PTH116 - called for every file of every build
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _CLOCK_TICK:
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)


def digest(data: bytes) -> bytes:
    """Return what tells one content of a file from another."""
    return hashlib.blake2b(data, digest_size=16).digest()


def write_whole(path: Path, *parts: bytes) -> None:
    """Write a file beside its place and rename it, so that it is never seen half-written.

    Its bytes are given in ``parts``. Raises OSError, and leaves nothing behind, if it cannot be
    written.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
