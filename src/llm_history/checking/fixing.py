"""``check --fix``: mends what can be mended without a doubt, and changes nothing else.

A fix is part of the diagnostic that asks for it: edits of single lines. Edits are made file by
file until none is left; then the fields of records are put in order. Bytes that no fix is
about stay as they are: comments, line ends, a byte-order mark.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path

import msgspec

from llm_history.content.files import walk
from llm_history.content.front_matter import split_front_matter
from llm_history.content.load import NOTES, SOURCES
from llm_history.content.order import in_order
from llm_history.content.reading import read_node, read_struct
from llm_history.content.records import KINDS, Audit, Exclusion, Source
from llm_history.content.yaml import Mapping, Sequence, decode, parse
from llm_history.diagnostics import Diagnostic, Edit, Problems, SourceText, apply_edits
from llm_history.folders import Folders
from llm_history.settings import SiteSettings

_ROUNDS = 50
_LISTS: dict[str, type[msgspec.Struct]] = {"excluded.yaml": Exclusion, "audits.yaml": Audit}


class Fixed(msgspec.Struct, frozen=True):
    """How many fixes were made, and the files they were made in, as people know them."""

    count: int
    files: tuple[str, ...]


def fix_content(folders: Folders, only: frozenset[str] = frozenset()) -> Fixed:
    """Mend the files of the content folder, or only those named in ``only``, as shown.

    Raises OSError when a file cannot be written.
    """
    count, files = 0, []
    for path in walk(folders.content):
        shown = f"{folders.shown(folders.content)}/{path}"
        if (only and shown not in only) or not path.endswith((".yaml", ".yml", ".md", ".markdown")):
            continue
        made = _fix_file(folders.content / path, path, shown)
        count += made
        files += [shown] if made else []
    return Fixed(count, tuple(files))


def _fix_file(file: Path, path: str, shown: str) -> int:
    """Mend one file; return how many fixes were made."""
    try:
        data = file.read_bytes()
    except OSError:
        return 0  # the check itself reports it
    source = decode(shown, data, Problems())
    if source is None:
        return 0
    text, made = fix_text(path, source)
    if made:
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        file.write_bytes(mark + text.encode())
    return made


def fix_text(path: str, source: SourceText) -> tuple[str, int]:
    """Return the text of ``content/<path>`` with all fixes made, and their number."""
    made = 0
    for _ in range(_ROUNDS):
        edits = list(_apart(_problems_of(path, source)))
        if not edits:
            break
        made += len(edits)
        mended = apply_edits(source.text, (edit for fix in edits for edit in fix))
        source = SourceText(source.path, mended)
    if path.partition("/")[0] in KINDS:
        ordered = in_order(source)
        made += ordered != source.text
        return ordered, made
    return source.text, made


def _apart(found: tuple[Diagnostic, ...]) -> Iterator[tuple[Edit, ...]]:
    """Yield the edits of each fix that touches no line that another one touches."""
    taken: set[int] = set()
    for diagnostic in found:
        if diagnostic.fix and not taken & {edit.line for edit in diagnostic.fix.edits}:
            taken |= {edit.line for edit in diagnostic.fix.edits}
            yield diagnostic.fix.edits


def _problems_of(path: str, source: SourceText) -> tuple[Diagnostic, ...]:
    """Read a file as what it is by its place, and return what is wrong with it."""
    problems = Problems()
    top = path.partition("/")[0]
    if top in KINDS:
        read_struct(source, KINDS[top], problems)
    elif top == NOTES:
        split_front_matter(source, problems)
    elif path == "site.yaml":
        read_struct(source, SiteSettings, problems)
    elif top == SOURCES or path in _LISTS:
        root = parse(source, problems)
        kind = _LISTS.get(path, Source)
        nodes = [value for _, value in root.pairs] if isinstance(root, Mapping) else []
        if isinstance(root, Mapping) and root.get("title"):
            nodes = [root]
        for node in root.items if isinstance(root, Sequence) else nodes:
            read_node(node, source, kind, problems)
    return problems.sorted()
