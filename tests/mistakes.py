"""Small contents with mistakes, each marked with carets at the very characters it is at.

A case of ``tests/cases/*.txt`` starts with ``== its name``. Its text is that of
``content/models/a.yaml`` unless ``-- path --`` begins another file; ``...`` stands for the
first lines of a good record. A line of carets and a code is no part of the file: it says what
must be reported in the line above it. A code after a path is reported for a file as a whole.
"""

import re
from pathlib import Path

import msgspec

RECORD = "name: A\ncite: paper\ndates: [{what: paper, on: 2023-02}]"
FIRST = "content/models/a.yaml"

_HEADER = re.compile(r"-- (\S.*?) --(?: (LH\d{3}))?")
_CARETS = re.compile(r"( *)(\^+) (LH\d{3})")

Mark = tuple[str, str, int, int, int]
"""A code, a path, and the line, column and length of what is marked."""


class Case(msgspec.Struct, frozen=True):
    """Files by their paths, and what must be reported of them."""

    name: str
    files: dict[str, str]
    marks: tuple[Mark, ...]


def read_cases(folder: Path) -> list[Case]:
    """Return the cases of all files in a folder."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for part in re.split(r"^== ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            name, _, body = part.partition("\n")
            found.append(_read(f"{path.stem}: {name}", body.rstrip("\n")))
    return found


def _read(name: str, body: str) -> Case:
    files: dict[str, list[str]] = {}
    marks: list[Mark] = []
    path = FIRST
    for line in body.split("\n"):
        if header := _HEADER.fullmatch(line):
            path = header[1]
            files[path] = []
            if header[2]:
                marks.append((header[2], path, 1, 1, 1))
        elif carets := _CARETS.fullmatch(line):
            at = len(carets[1]) + 1, len(carets[2])
            marks.append((carets[3], path, len(files[path]), *at))
        else:
            files.setdefault(path, []).extend(RECORD.split("\n") if line == "..." else [line])
    texts = {path: "\n".join(lines) + "\n" for path, lines in files.items()}
    return Case(name, texts, tuple(sorted(marks)))
