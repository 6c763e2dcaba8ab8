"""Whether anything happened since the last build: to what it read, or to what it wrote."""

import datetime
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from llm_history.cache.place import cache_file, program, read, write
from llm_history.content.files import Signature, digest, sign, walk
from llm_history.folders import Folders, Options, default_templates
from llm_history.report import Published, Report
from llm_history.staging import File, Staged

_AT_A_TIME = 2000
"""So many files are looked at without a pause."""


class Input(msgspec.Struct, frozen=True, array_like=True):
    """A file that a build read."""

    signature: Signature | None
    digest: bytes


class Output(msgspec.Struct, frozen=True, array_like=True):
    """A file that a build wrote. It is the same while its size and time are."""

    size: int
    time: int
    digest: bytes


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """A whole build: what it read on which day, what it wrote, and what it had to say."""

    program: bytes
    day: str
    inputs: dict[str, Input]
    outputs: dict[str, Output]
    report: Report


def unchanged(folders: Folders, options: Options) -> Report | None:
    """Return what the last build had to say, if the next would come to the same."""
    started = time.monotonic()
    stamp = read(cache_file(folders, options, "stamp"), Stamp)
    if stamp is None or (stamp.program, stamp.day) != (program(), _day()):
        return None
    paths = _inputs(folders)
    if paths.keys() != stamp.inputs.keys():
        return None
    if not all(_is_same(path, stamp.inputs[name]) for name, path in paths.items()):
        return None
    if intact(folders.output, stamp.outputs) != stamp.outputs.keys():
        return None
    published = Published((), len(stamp.outputs), ())
    seconds = time.monotonic() - started
    return msgspec.structs.replace(stamp.report, published=published, seconds=seconds, made=0)


def save_stamp(
    folders: Folders,
    options: Options,
    inputs: dict[str, Input],
    outputs: dict[str, Output],
    report: Report,
) -> None:
    """Remember a build for :func:`unchanged`, which takes any file not in ``inputs`` for new."""
    data = msgspec.msgpack.encode(Stamp(program(), _day(), inputs, outputs, report))
    write(cache_file(folders, options, "stamp"), data)


def look_at(folders: Folders) -> dict[str, Input]:
    """Return the files that a build reads beside records and notes, as they are before it."""
    found = {}
    for name, path in _inputs(folders).items():
        if not name.startswith("content/") or not path.endswith((".yaml", ".yml", ".md")):
            found[name] = _see(path)
    settings = f"{folders.content}/site.yaml"
    return found | {"content/site.yaml": _see(settings)}


def intact(
    folder: Path, outputs: Mapping[str, Output], pause: Callable[[], None] = lambda: None
) -> set[str]:
    """Return the paths of those files that are as they were written.

    ``pause`` is called now and then, and may end it by what it raises.
    """
    found = set()
    base = os.fspath(folder)
    for number, (path, output) in enumerate(outputs.items()):
        if number % _AT_A_TIME == 0:
            pause()
        file = f"{base}/{path}"
        try:
            stat = os.stat(file)  # noqa: PTH116 - called for every file of a site
            if stat.st_size == output.size and (
                stat.st_mtime_ns == output.time or _digest(file) == output.digest
            ):
                found.add(path)
        except OSError:
            continue
    return found


def written(folder: Path, files: Mapping[str, File]) -> dict[str, Output]:
    """Return what is to be known of files that were published."""
    found = {}
    for path, file in files.items():
        stat = os.stat(folder / path)  # noqa: PTH116
        known = file.digest if isinstance(file, Staged) else digest(file)
        found[path] = Output(stat.st_size, stat.st_mtime_ns, known)
    return found


def _inputs(folders: Folders) -> dict[str, str]:
    """Return all files that a build could read, by names that do not depend on the machine."""
    found = {}
    for name, folder in _roots(folders):
        for path in walk(folder):
            found[f"{name}/{path}"] = f"{folder}/{path}"
    return found


def _roots(folders: Folders) -> Iterable[tuple[str, Path]]:
    yield "content", folders.content
    yield "theme", default_templates()
    if folders.templates.resolve() != default_templates().resolve():
        yield "templates", folders.templates


def _is_same(path: str, known: Input) -> bool:
    try:
        if known.signature is not None and sign(path) == known.signature:
            return True
        return _digest(path) == known.digest
    except OSError:
        return False


def _see(path: str) -> Input:
    try:
        return Input(sign(path), _digest(path))
    except OSError:
        return Input(None, b"")


def _digest(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - called for every file
        return digest(file.read())


def _day() -> str:
    """Return what the rules about the future and the past depend on."""
    return os.environ.get("SOURCE_DATE_EPOCH") or f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
