"""``check FILE…``: the whole history is read, but only some files are spoken of."""

from collections.abc import Iterable
from pathlib import Path

from llm_history.diagnostics import Diagnostic
from llm_history.folders import Folders

_STOPPERS = ("LH010", "LH030")
"""What keeps anything from being checked is told whichever files were named."""


class OutsideError(ValueError):
    """A named file is not part of the content."""


def shown_paths(folders: Folders, files: Iterable[Path]) -> frozenset[str]:
    """Return files as diagnostics name them; folders stand for all files in them.

    Raises OutsideError for one that is not there, or not in the content folder.
    """
    content = folders.content.resolve()
    shown: set[str] = set()
    for file in files:
        path = file.resolve()
        if not path.exists():
            raise OutsideError(f"There is no {file}.")
        if not path.is_relative_to(content):
            raise OutsideError(f"{file} is not in {folders.shown(folders.content)}/.")
        inside = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
        shown |= {
            f"{folders.shown(folders.content)}/{p.relative_to(content).as_posix()}" for p in inside
        }
    return frozenset(shown)


def about(found: Iterable[Diagnostic], shown: frozenset[str]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics that stand in some files, or that name a place in them."""
    return tuple(
        d
        for d in found
        if d.place.path in shown
        or d.rule.code in _STOPPERS
        or any(place.path in shown for _, place in d.related)
    )
