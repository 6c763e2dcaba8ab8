"""The only writer of the output folder.

Nothing is written until a whole site is ready. Each file is written beside its place and
renamed, so that none is ever seen half-written; files that belong to no page any more are
removed last. Only what this program wrote, according to its manifest, is ever removed.
"""

import errno
import json
import os
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from llm_history.content.files import digest, write_whole
from llm_history.report import Published
from llm_history.staging import File, Staged

_LONGEST_NAME = 255
"""Bytes that the name of a file or a folder may have on the usual file systems."""
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}
MANIFEST = ".llm-history-manifest.json"


class ForeignFilesError(Exception):
    """The output folder holds files that this program did not write.

    ``paths`` are some of them, relative to the folder.
    """

    def __init__(self, folder: Path, paths: list[str]) -> None:
        super().__init__(f"{folder} holds files that are not of this site: {', '.join(paths[:3])}")
        self.folder = folder
        self.paths = paths


def publish(
    files: Mapping[str, File],
    folder: Path,
    *,
    kept: Set[str] = frozenset(),
    force: bool = False,
) -> Published:
    """Make ``folder`` hold exactly ``files`` and those ``kept``; write only what differs.

    ``kept`` are the paths of files that this process published before and that stay.

    Raises :class:`ForeignFilesError` if other files are in the way and ``force`` is not
    set; with it they are left alone. Raises OSError if the folder cannot be written, and before
    anything is written if a path is too long for any file system.
    """
    _refuse_long(files)
    folder.mkdir(parents=True, exist_ok=True)
    ours = _read_manifest(folder)
    whole = kept | files.keys()
    if not force and not kept:
        _refuse_foreign(folder, ours | whole if ours else set())
    # Named before they are written: if we are killed, the next build knows they are ours.
    if not ours >= whole:
        _write_manifest(folder, ours | whole)
    written = [path for path in sorted(files, key=_order) if _write(folder, path, files[path])]
    removed = []
    for path in sorted(ours - whole):
        if _remove(folder / path):
            removed.append(path)
        _remove_empty(folder, Path(path).parent)
    if ours != whole:
        _write_manifest(folder, whole)
    return Published(tuple(written), len(whole) - len(written), tuple(removed))


def publish_some(files: Mapping[str, File], folder: Path) -> tuple[str, ...]:
    """Write some files of a site that was published before; return those that differed.

    Raises OSError if the folder cannot be written.
    """
    if any(not (folder / path).exists() for path in files):
        _write_manifest(folder, _read_manifest(folder) | files.keys())
    return tuple(path for path in sorted(files, key=_order) if _write(folder, path, files[path]))


def _refuse_long(paths: Iterable[str]) -> None:
    for path in paths:
        if len(path) > _LONGEST_NAME and any(
            len(part.encode()) > _LONGEST_NAME for part in path.split("/")
        ):
            raise OSError(errno.ENAMETOOLONG, f"the address {path[:40]}… is too long for a file")


def _remove(path: Path) -> bool:
    """Remove a file; return whether there was one. Raises OSError if it cannot be removed."""
    try:
        path.unlink()
    except OSError as error:
        if error.errno not in _NOT_THERE:
            raise
        return False
    return True


def _order(path: str) -> tuple[int, str]:
    """Assets first, then pages, and the pages that list others after those."""
    if path.startswith("assets/"):
        return 0, path
    return (2 if path.count("/") <= 1 else 1), path


def _read_manifest(folder: Path) -> set[str]:
    try:
        names = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {name for name in names if isinstance(name, str) and _is_inside(name)}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/")


def _write_manifest(folder: Path, paths: Set[str]) -> None:
    text = json.dumps({"files": sorted(paths)}, ensure_ascii=False, indent=0)
    _write(folder, MANIFEST, text.encode())


def _refuse_foreign(folder: Path, ours: set[str]) -> None:
    foreign = []
    for directory, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = (Path(directory) / name).relative_to(folder).as_posix()
            if not name.startswith(".") and path not in ours:
                foreign.append(path)
        if len(foreign) > 10:
            break
    if foreign:
        raise ForeignFilesError(folder, foreign)


def _write(folder: Path, path: str, file: File) -> bool:
    """Write a file if its bytes differ; return whether they did."""
    target = folder / path
    if not target.is_file():
        _make_way(folder, target)
    elif _is_there(target, file):
        return False
    if isinstance(file, Staged):
        Path(file.place).replace(target)
    else:
        write_whole(target, file)
    return True


def _is_there(target: Path, file: File) -> bool:
    if isinstance(file, Staged):
        if file.new or target.stat().st_size != file.size:
            return False
        return digest(target.read_bytes()) == file.digest
    return target.stat().st_size == len(file) and target.read_bytes() == file


def _make_way(folder: Path, target: Path) -> None:
    """Make the folders of a new file; an old page may stand where a folder has to be."""
    for parent in reversed(target.relative_to(folder).parents):
        if (folder / parent).is_file():
            (folder / parent).unlink()
    if target.is_dir() and not target.is_symlink():
        for child in sorted(target.rglob("*"), reverse=True):
            child.rmdir() if child.is_dir() else child.unlink()
        target.rmdir()
    target.parent.mkdir(parents=True, exist_ok=True)


def _remove_empty(folder: Path, relative: Path) -> None:
    while relative.parts:
        try:
            (folder / relative).rmdir()
        except OSError:
            return
        relative = relative.parent
