"""Reads the whole of ``content/``: every file once, each to a record, a note or problems."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from collections.abc import Sequence as TypingSequence
from typing import Any, TypeVar

import msgspec

from llm_history.content.document import Document
from llm_history.content.front_matter import FrontMatter, split_front_matter
from llm_history.content.parsed import Parsed
from llm_history.content.reading import (
    ID_PATTERN,
    check_headline,
    read_node,
    read_struct,
)
from llm_history.content.records import KINDS, Audit, Exclusion, Record, Source
from llm_history.content.yaml import (
    MAX_BYTES,
    MAX_NOTE_BYTES,
    Mapping,
    Node,
    Sequence,
    decode,
    parse,
)
from llm_history.diagnostics import (
    Diagnostic,
    Place,
    Problems,
    Rule,
    Severity,
    SourceText,
    did_you_mean,
    one_of,
)
from llm_history.folders import Folders
from llm_history.forking import can_fork, in_processes, in_slices

UNREADABLE = Rule("LH020", "unreadable-file")
UNKNOWN_FOLDER = Rule("LH021", "unknown-folder")
UNEXPECTED_FILE = Rule("LH022", "unexpected-file", Severity.WARNING)
BAD_ID = Rule("LH120", "malformed-id")
DUPLICATE_ID = Rule("LH121", "duplicate-id")

NOTES, SOURCES = "notes", "sources"
_WORTH_A_PROCESS, _LARGEST_PART = 200, 50
_YAML = (".yaml", ".yml")
_MARKDOWN = (".md", ".markdown")
_TRANSLATION = re.compile(r"(.+)\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")
_IDS_WITHIN = re.compile(rf"\bid: *({ID_PATTERN})")
_NOTION_ID = re.compile(r"[ -]+[0-9a-f]{32}$")
_MARKUP, _HANGUL = re.compile(r"<[^>]*>"), re.compile(r"[가-힣]")
K = TypeVar("K", bound=Record)
T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


class Note(msgspec.Struct, frozen=True):
    """A Markdown file: what it says about itself and its rendered text."""

    id: str
    path: str
    folder: str
    language: str
    matter: FrontMatter
    document: Document
    translates: str = ""

    @property
    def work(self) -> str:
        """What a note and its translations have in common: the id of the original."""
        return self.translates or self.id

    @property
    def title(self) -> str:
        """The note's title, or its id if it names itself nowhere."""
        return self.document.title or self.id


class Content(msgspec.Struct, frozen=True):
    """Everything that ``content/`` holds, in the order of its paths.

    ``broken`` names the records whose files have errors, as ``models/gpt-4``, so that
    what refers to them is not reported as well. ``files`` are all others, by path
    relative to ``content/``.
    """

    records: dict[str, tuple[Record, ...]]
    sources: dict[str, Source]
    notes: tuple[Note, ...]
    excluded: tuple[Exclusion, ...]
    audits: tuple[Audit, ...]
    files: frozenset[str]
    broken: frozenset[str]

    def of(self, kind: type[K]) -> tuple[K, ...]:
        """Return the records of one type."""
        return self.records[kind.kind_name]  # type: ignore[return-value]


def load_content(
    folders: Folders,
    problems: Problems,
    *,
    language: str,
    drafts: bool = False,
    parsed: Parsed | None = None,
    jobs: int = 1,
    pause: Callable[[], None] = lambda: None,
) -> Content:
    """Read the content folder of a site whose default language is ``language``.

    Files that are in ``parsed`` as they are now become the same objects as before. With
    ``jobs`` above 1 and many new files, that many processes share the work. ``pause`` is called
    now and then, and may end it by what it raises; what was parsed is known from then on.
    """
    loader = _Loader(folders, problems, language, drafts, parsed or Parsed())
    return loader.load(jobs, pause)


def load_file(
    folders: Folders,
    path: str,
    paths: frozenset[str],
    problems: Problems,
    *,
    language: str,
    drafts: bool = False,
) -> Record | Note | None:
    """Read one file of a content folder that has ``paths``; what holds many things is nothing."""
    loader = _Loader(folders, problems, language, drafts, Parsed())
    loader.paths = paths
    loader.load_some([path])
    found: list[Record | Note] = [*loader.notes.values()]
    for records in loader.records.values():
        found += records.values()
    return found[0] if len(found) == 1 else None


_AT_A_TIME = 2000
"""So many files are read without a pause; most of them were read before."""


class _Loader:
    def __init__(
        self,
        folders: Folders,
        problems: Problems,
        language: str,
        drafts: bool,
        parsed: Parsed,
    ) -> None:
        self.folders = folders
        self.folder = folders.content
        self.shown = folders.shown(folders.content)
        self.problems = problems
        self.language = language
        self.drafts = drafts
        self.parsed = parsed
        self.records: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        self.sources: dict[str, Source] = {}
        self.notes: dict[str, Note] = {}
        self.excluded: tuple[Exclusion, ...] = ()
        self.audits: tuple[Audit, ...] = ()
        self.files: set[str] = set()
        self.broken: set[str] = set()
        self.places: dict[str, Place] = {}
        self.paths: frozenset[str] = frozenset()

    def load(self, jobs: int, pause: Callable[[], None]) -> Content:
        paths = self.parsed.walk(self.folder, self._walk_failed)
        self.paths = frozenset(paths)
        new = self.parsed.unknown(self.folder) if can_fork(jobs) else ()
        if len(new) >= _WORTH_A_PROCESS:
            self._parse_in_processes(new, jobs)
        for start in range(0, len(paths), _AT_A_TIME):
            pause()
            self.load_some(paths[start : start + _AT_A_TIME])
        self.parsed.end()
        return Content(
            records={kind: tuple(found.values()) for kind, found in self.records.items()},
            sources=self.sources,
            notes=tuple(self.notes.values()),
            excluded=self.excluded,
            audits=self.audits,
            files=frozenset(self.files),
            broken=frozenset(self.broken),
        )

    def _parse_in_processes(self, paths: TypingSequence[str], jobs: int) -> None:
        """Parse files in other processes; what they come to is known from then on."""
        _markdown()  # imported once, for all of them

        def parse_some(part: slice) -> bytes:
            parsed = Parsed()
            loader = _Loader(self.folders, Problems(), self.language, self.drafts, parsed)
            loader.paths = self.paths
            loader.load_some(paths[part])
            return parsed.store()

        for stored in in_processes(parse_some, in_slices(len(paths), jobs, _LARGEST_PART), jobs):
            self.parsed.learn(stored)

    def load_some(self, paths: Iterable[str]) -> None:
        """Read some files."""
        for path in paths:
            top, _, rest = path.partition("/")
            suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - a path on the site
            if path == "site.yaml":
                continue  # the settings are read before all else
            if path == "excluded.yaml":
                self.excluded = self._load_list(path, Exclusion)
            elif path == "audits.yaml":
                self.audits = self._load_list(path, Audit)
            elif top in KINDS and rest and suffix in _YAML:
                self._load_record(top, path)
            elif top == SOURCES and rest and suffix in _YAML:
                self._load_sources(path)
            elif top == NOTES and rest and suffix in _MARKDOWN:
                self._load_note(path)
            else:
                self._load_other(path, top, rest, suffix)

    def _walk_failed(self, path: str, reason: str) -> None:
        self.problems.add(UNREADABLE, Place(f"{self.shown}/{path}"), reason)

    def _load_other(self, path: str, top: str, rest: str, suffix: str) -> None:
        """Keep a file that notes may show; report what looks like a misplaced record."""
        self.files.add(path)
        place = Place(f"{self.shown}/{path}")
        known = [*KINDS, NOTES, SOURCES]
        if suffix in _YAML and rest and top not in known:
            hint = did_you_mean(top, known) or f"records live in {one_of(known)}"
            if not any(
                p.place.path.startswith(f"{self.shown}/{top}/") for p in self.problems.found
            ):
                self.problems.add(
                    UNKNOWN_FOLDER, place, f"`{top}/` is no kind of record", hint=hint
                )
        elif top in KINDS or top == SOURCES or not rest:
            message = "this file is not used: it is neither a record nor part of a note"
            hint = "a record ends in .yaml; an image lies beside the note that shows it"
            self.problems.add(UNEXPECTED_FILE, place, message, hint=hint)

    def _fetch(
        self,
        path: str,
        parse: Callable[[SourceText, Problems], T | None],
        kind: Any,  # noqa: ANN401 - a type
        *options: str,
        limit: int = MAX_BYTES,
    ) -> T | None:
        """Return what a file is parsed to, which is of a ``kind``, and report what is wrong."""

        def parse_bytes(data: bytes) -> tuple[T | None, tuple[Diagnostic, ...]]:
            found = Problems()
            source = decode(f"{self.shown}/{path}", data, found, limit)
            return (parse(source, found) if source else None), tuple(found.found)

        try:
            key, file = (path, *options), f"{self.folder}/{path}"
            result, found = self.parsed.fetch(key, file, parse_bytes, limit, kind)
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            self.problems.add(UNREADABLE, Place(f"{self.shown}/{path}"), message)
            return None
        self.problems.found += found
        return result

    def _load_record(self, kind: str, path: str) -> None:
        record_id = self._record_id(kind, path)

        def parse_record(source: SourceText, found: Problems) -> tuple[Record | None, list[str]]:
            root = parse(source, found)
            if root is None:
                record = read_struct(source, KINDS[kind], found)
            else:
                record = read_node(root, source, KINDS[kind], found)
                if record:
                    check_headline(record, root, source, found)
            broken: list[str] = []
            if any(problem.is_error for problem in found.found):
                broken = ["", *_IDS_WITHIN.findall(source.text)]
            if record:
                record = msgspec.structs.replace(record, id=_stem(path), path=path)
            return record, broken

        record, broken = self._fetch(path, parse_record, _RECORDS[kind]) or (None, [""])
        self.broken |= {f"{kind}/{within or record_id}" for within in broken}
        if record and record_id:
            self.records[kind][record_id] = record

    def _record_id(self, kind: str, path: str) -> str:
        """Return the id that a record's file name gives it, or an empty one if it is taken."""
        stem = _stem(path)
        place = Place(f"{self.shown}/{path}")
        if not re.fullmatch(ID_PATTERN, stem):
            self.problems.add(
                BAD_ID,
                place,
                f"`{stem}` is not an id",
                hint="name the file with lower-case ASCII letters, digits, `.` and `-`",
            )
        key = f"{kind}/{stem.lower()}"
        if key in self.places:
            self.problems.add(
                DUPLICATE_ID,
                place,
                f"the id `{stem}` is used by two {kind}",
                hint="rename one of the files",
                related=(("first used here", self.places[key]),),
            )
            return ""
        self.places[key] = place
        return stem

    def _load_sources(self, path: str) -> None:
        entries = self._fetch(path, _sources_parser(path), _SOURCES)
        if entries is None:  # not even its text can be read: it may hold any source
            self.broken.add(f"{SOURCES}/*")
        for source_id, place, entry in entries or ():
            if place is None:
                self.broken.add(f"{SOURCES}/{source_id}")
                continue
            if source_id in self.places:
                related = (("first used here", self.places[source_id]),)
                message = f"two sources have the id `{source_id}`"
                self.problems.add(DUPLICATE_ID, place, message, related=related)
                continue
            self.places[source_id] = place
            if entry is None:
                self.broken.add(f"{SOURCES}/{source_id}")
            else:
                self.sources[source_id] = entry

    def _load_list(self, path: str, kind: type[S]) -> tuple[S, ...]:
        """Read a file that holds a list of one thing."""

        def parse_list(source: SourceText, found: Problems) -> tuple[S, ...]:
            root = parse(source, found)
            if root is None:
                return ()
            nodes = root.items if isinstance(root, Sequence) else [root]
            read = (read_node(node, source, kind, found) for node in nodes)
            return tuple(entry for entry in read if entry)

        return self._fetch(path, parse_list, _parsed_as(tuple[kind, ...])) or ()  # type: ignore[valid-type]

    def _load_note(self, path: str) -> None:
        stem = unicodedata.normalize("NFC", path.removeprefix("notes/").rsplit(".", 1)[0])
        translation = _TRANSLATION.fullmatch(stem)
        if translation and f"notes/{translation[1]}.md" in self.paths:
            language, translates = translation[2], note_id(translation[1])
        else:
            language, translates = "", ""

        def parse_note(source: SourceText, found: Problems) -> tuple[Note, Place] | None:
            matter, first_line = split_front_matter(source, found)
            if matter.draft and not self.drafts:
                found.found.clear()
                return None
            document = _markdown()(source, first_line, found, title=matter.title)
            spoken = matter.lang or language or _language_of(document, self.language)
            note = Note(
                id=matter.id or note_id(stem),
                path=path,
                folder=path.rsplit("/", 1)[0],
                language=spoken,
                matter=matter,
                document=document if document.title else _titled(document, stem.rsplit("/", 1)[-1]),
                translates=translates or matter.translates,
            )
            return note, source.find(matter.id, 1, first_line)

        options = (language, translates, self.language, str(self.drafts))
        fetched = self._fetch(path, parse_note, _NOTE, *options, limit=MAX_NOTE_BYTES)
        if fetched is None:
            return
        note, place = fetched
        if note.id in self.notes:
            other = Place(f"{self.shown}/{self.notes[note.id].path}")
            self.problems.add(
                DUPLICATE_ID,
                place,
                f"two notes have the id `{note.id}`",
                hint="rename one of the files, or give one an `id:` in its front matter",
                related=(("the other note", other),),
            )
            return
        self.notes[note.id] = note


def _markdown() -> Callable[..., Document]:
    """Return what renders Markdown; most builds have no text to render."""
    from llm_history.content.markdown import render_markdown  # noqa: PLC0415 - start-up time

    return render_markdown


SourceEntry = tuple[str, Place | None, Source | None]
"""The id of a source, where it is written, and the source unless it is broken.

Of a file that cannot be parsed only what look like ids are known, not their places.
"""


def _parsed_as(kind: Any) -> Any:  # noqa: ANN401 - types
    """Return the type of what is remembered of a file: what it was parsed to, and what is wrong."""
    return tuple[kind | None, tuple[Diagnostic, ...]]


_RECORDS = {
    name: _parsed_as(tuple[kind | None, list[str]])  # type: ignore[valid-type]
    for name, kind in KINDS.items()
}
_SOURCES = _parsed_as(tuple[SourceEntry, ...])
_NOTE = _parsed_as(tuple[Note, Place])


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _sources_parser(path: str) -> Callable[[SourceText, Problems], tuple[SourceEntry, ...]]:
    """Return what parses a file of the bibliography: one source, or many by their ids."""

    def parse_sources(source: SourceText, found: Problems) -> tuple[SourceEntry, ...]:
        root = parse(source, found)
        if root is None:
            keys = re.findall(rf"^({ID_PATTERN}):", source.text, re.MULTILINE)
            return tuple((key, None, None) for key in keys)
        if isinstance(root, Mapping) and not (root.get("type") and root.get("title")):
            entries: list[tuple[str, Node, Node]] = [(k.value, k, node) for k, node in root.pairs]
        else:
            entries = [(_stem(path), root, root)]
        return tuple(_read_source(*entry, path, source, found) for entry in entries)

    return parse_sources


def _read_source(
    source_id: str, key: Node, node: Node, path: str, text: SourceText, found: Problems
) -> SourceEntry:
    place = key.place(text)
    if not re.fullmatch(ID_PATTERN, source_id):
        message = f"`{source_id}` is not the id of a source"
        found.add(BAD_ID, place, message, hint="use lower-case ASCII letters, digits, `.` and `-`")
    entry = read_node(node, text, Source, found)
    return source_id, place, entry and msgspec.structs.replace(entry, id=source_id, path=path)


def note_id(stem: str) -> str:
    """Return the id of the note in ``notes/<stem>.md``: its path in words and hyphens.

    The id that Notion adds to a file's name is left out.
    """
    parts = []
    for part in stem.split("/"):
        words = _NOTION_ID.sub("", part)
        parts.append(re.sub(r"[^\w.]+", "-", words.casefold()).strip("-._") or "note")
    if len(parts) > 1 and parts[-1] in ("index", "_index", "readme"):
        parts.pop()
    return "/".join(parts)


def _titled(document: Document, base: str) -> Document:
    name = _NOTION_ID.sub("", base).replace("-", " ").replace("_", " ").strip()
    return msgspec.structs.replace(document, title=name or base)


def _language_of(document: Document, default: str) -> str:
    """Tell Korean from the default language by the share of Hangul among the letters."""
    text = _MARKUP.sub("", document.html)
    hangul = len(_HANGUL.findall(text))
    return "ko" if hangul and hangul > sum(map(str.isalpha, text)) * 0.2 else default
