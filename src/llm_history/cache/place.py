"""Where the cache of a site lies, and what makes it of no use."""

import contextlib
import hashlib
import os
import shutil
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from llm_history.content.files import write_whole
from llm_history.folders import Folders, Options

T = TypeVar("T")
_COMPILED_KEPT = 2
_KEPT = 6
"""How many files stay: of some sites, or of one built in several ways."""


def cache_file(folders: Folders, options: Options, suffix: str) -> Path:
    """Return the file for a site that is built in one way into one folder."""
    asked = [os.path.relpath(folder, folders.root) for folder in (
        folders.content, folders.templates, folders.output)]  # fmt: skip
    asked += [options.base_url, str(options.drafts), str(options.strict), str(options.pedantic)]
    name = hashlib.blake2b("\0".join(asked).encode(), digest_size=8).hexdigest()
    return folders.root / ".cache" / "llm-history" / f"{name}.{suffix}"


def compiled_folder(folders: Folders, messages: bytes) -> Path | None:
    """Return a folder for templates that this program compiled with some messages, if it can be.

    The one used before it is kept, others are removed.
    """
    name = hashlib.blake2b(program() + messages, digest_size=8).hexdigest()
    found = folders.root / ".cache" / "llm-history" / "templates" / name
    try:
        found.mkdir(parents=True, exist_ok=True)
        os.utime(found)
        by_age = sorted(found.parent.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for old in by_age[:-_COMPILED_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return None
    return found


@cache
def program() -> bytes:
    """Return a digest of this program, of Python, and of the packages that are installed."""
    digest = hashlib.blake2b(sys.version.encode(), digest_size=16)
    packages = sysconfig.get_path("purelib")
    with contextlib.suppress(OSError):
        for path in sorted(Path(packages).glob("*.dist-info")):
            digest.update(path.name.encode())
    own = Path(__file__).parents[1]
    for path in sorted(own.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def write(path: Path, *parts: bytes) -> None:
    """Write a file as a whole; where that is not possible there is none."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, *parts)
        by_age = sorted(path.parent.glob("*.*"), key=lambda p: p.stat().st_mtime_ns)
        for old in by_age[:-_KEPT]:
            old.unlink()


def read(path: Path, kind: type[T]) -> T | None:
    """Return what a file holds; nothing if there is none, or none of the ``kind``."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
