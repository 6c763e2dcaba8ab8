"""The front matter of notes, in the dialects that real notes arrive in.

Ours is YAML between ``---`` lines; the same keys are understood under the names that
Jekyll (Chirpy), Hugo, Obsidian and Notion exports give them, and Hugo's TOML between
``+++`` lines too. Keys that only concern another site generator are passed over.
"""

import re
import tomllib
from functools import partial
from typing import Any

import msgspec

from llm_history.content.dates import PartialDate, parse_date
from llm_history.content.facts import Text
from llm_history.content.references import Reference
from llm_history.content.shapes import (
    BAD_DATE,
    BAD_TEXT,
    INVALID,
    UNKNOWN_CHOICE,
    WRONG_TYPE,
    LanguageShape,
    LocalTextShape,
    Reading,
    TextShape,
    shown,
)
from llm_history.content.spelling import as_date, as_id, as_language
from llm_history.content.yaml import SYNTAX, Mapping, Node, Scalar, Sequence, parse
from llm_history.diagnostics import Edit, Fix, Problems, Rule, Severity, SourceText, did_you_mean

UNKNOWN_KEY = Rule("LH201", "unknown-front-matter", Severity.WARNING)
UNREADABLE_DATE = Rule("LH202", "unreadable-note-date", Severity.WARNING)


QUESTION = "question"
"""The kind of a note that is a stored question."""


class FrontMatter(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a note says about itself before its text starts."""

    title: str = ""
    date: PartialDate | None = None
    lang: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    summary: Text | None = None
    draft: bool = False
    about: tuple[str, ...] = ()
    id: str = ""
    no_auto_link: tuple[str, ...] = ()
    translates: str = ""
    updated: PartialDate | None = None
    """When the text was last changed, where it says so."""
    kind: str = ""
    """``question`` for a note that is a stored question; other tools' kinds mean nothing here."""
    query: Reference | None = None
    asserts: tuple[Reference, ...] = ()
    """What the note claims of the records."""


_NAMES = {
    "title": "title",
    "date": "date", "published": "published", "created": "date", "created_at": "date",
    "Created": "date", "created_time": "date", "Date": "date", "publishDate": "date",
    "lang": "lang", "language": "lang", "locale": "lang",
    "authors": "authors", "author": "authors", "Author": "authors",
    "tags": "tags", "tag": "tags", "keywords": "tags", "Tags": "tags",
    "categories": "categories", "category": "categories", "Category": "categories",
    "summary": "summary", "description": "summary", "excerpt": "summary", "subtitle": "summary",
    "draft": "draft", "publish": "published",
    "about": "about", "id": "id", "no_auto_link": "no_auto_link", "translates": "translates",
    "updated": "updated", "lastmod": "updated", "last_modified_at": "updated",
    "date_updated": "updated", "modified": "updated",
    "kind": "kind", "query": "query", "assert": "asserts",
}  # fmt: skip
_FOREIGN = frozenset(
    """
    alias aliases archetype banner bibliography build cascade classes comments cover
    cssclass cssclasses editable expiryDate featured feed_image guid hidden
    hide image image_path img_path index isCJKLanguage last_edited_time
    layout linkTitle link markup math mathjax media_subpath menu menus
    mermaid nav_order outputs params parent permalink pin position prev next
    priority redirect_from render_with_liquid resources robots series seo sidebar
    sidebar_position sitemap slug source status sticky template theme toc translationKey
    type up updated_at url uid uuid version videos views weight Status Updated URL
    """.split()
)
_MOST_ITEMS, _LONGEST_ITEM = 200, 60
"""Each tag has a page of its own, on which all are looked through."""
_FIELD = re.compile(r"([\w-]+)\s*[:=](?: |$)")
_TIMESTAMP = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_NOTION_TITLE = re.compile(r"# +(\S.*)")
_NOTION_PROPERTY = re.compile(r"([A-Z][A-Za-z ]{1,30}): (\S.*)")
_MONTHS = "january february march april may june july august september october november december"
_LONG_DATE = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})(?: .*)?")


def split_front_matter(source: SourceText, problems: Problems) -> tuple[FrontMatter, int]:
    """Return a note's front matter and the index of the first line of its text.

    A note without front matter has an empty one and starts at line 0.
    """
    lines = source.lines
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    fence = lines[first].rstrip() if lines else ""
    closers = {"---": ("---", "..."), "+++": ("+++",)}.get(fence)
    if closers is None:
        _report_fence(source, first, problems)
        return _notion_properties(source, first, problems)
    for end in range(first + 1, len(lines)):
        if lines[end].rstrip() in closers:
            break
    else:
        if _is_field(source, first + 1):
            hint = f"add a line with {fence} where the text starts"
            message = "this front matter is never closed"
            problems.add(SYNTAX, source.place(first + 1, 1, len(fence)), message, hint=hint)
        return FrontMatter(), 0
    read = _toml if fence == "+++" else _yaml
    root = read(source, first + 1, end, problems)
    if root is None:
        return FrontMatter(), end + 1
    if not isinstance(root, Mapping):  # a rule above and below some text
        return FrontMatter(), 0
    return _interpret(root, Reading(source, problems)), end + 1


def _is_field(source: SourceText, index: int) -> bool:
    """Whether a line is a field of front matter."""
    match = _FIELD.match(source.lines[index]) if index < len(source.lines) else None
    return bool(match and match[1] in _NAMES and match[1].islower())


def _report_fence(source: SourceText, first: int, problems: Problems) -> None:
    """Report front matter whose first line is missing, or has not three dashes."""
    lines = source.lines
    opening = lines[first].rstrip()
    if re.fullmatch("--|-{4,}", opening) and _is_field(source, first + 1):
        place = source.place(first + 1, 1, len(opening))
        fix = Fix("writes `---`", (Edit(first + 1, 1, len(opening) + 1, "---"),))
        message = "front matter stands between two lines of three dashes"
        problems.add(SYNTAX, place, message, hint="write `---`", fix=fix)
        return
    end = first
    while _is_field(source, end):
        end += 1
    if end > first and end < len(lines) and lines[end].rstrip() == "---":
        fix = Fix("adds it", (Edit(first + 1, 1, 1, "---\n"),))
        message = "front matter starts with a line of its own: `---`"
        place = source.place(first + 1, 1, len(opening))
        problems.add(SYNTAX, place, message, hint="add a line with --- above", fix=fix)


def _notion_properties(
    source: SourceText, first: int, problems: Problems
) -> tuple[FrontMatter, int]:
    """Read the lines ``Created: …``, ``Tags: …`` that a Notion export has below its title."""
    lines = [*source.lines, ""]
    title = _NOTION_TITLE.fullmatch(lines[first].rstrip())
    start = next((i for i in range(first + 1, len(lines)) if lines[i].strip()), len(lines))
    end = next((i for i in range(start, len(lines)) if not lines[i].strip()), len(lines))
    found = [_NOTION_PROPERTY.fullmatch(line.rstrip()) for line in lines[start:end]]
    if not title or not found or not all(found) or not any(m and m[1] in _NAMES for m in found):
        return FrontMatter(), 0
    root = Mapping(first, 0)
    root.pairs.append((Scalar(first, 0, 1, "title", plain=True), _text_at(first, title, 1)))
    for number, match in enumerate(found, start):
        if match and match[1] in _NAMES:
            key = Scalar(number, 0, len(match[1]), match[1], plain=True)
            root.pairs.append((key, _text_at(number, match, 2)))
    return _interpret(root, Reading(source, problems)), end


def _text_at(line: int, match: re.Match[str], group: int) -> Scalar:
    return Scalar(line, match.start(group), len(match[group]), match[group], plain=False)


def _yaml(source: SourceText, start: int, end: int, problems: Problems) -> Node | None:
    """Parse lines ``start..end`` as YAML, with positions in the whole file."""
    text = "\n" * start + "\n".join(source.lines[start:end]) + "\n"
    return parse(SourceText(source.path, text), problems)


_TOML_KEY = re.compile(r"""[\s\["']*([\w-]+)""")


def _toml(source: SourceText, start: int, end: int, problems: Problems) -> Node | None:
    """Parse lines ``start..end`` as TOML and return the same nodes as YAML would give."""
    try:
        table = tomllib.loads("\n".join(source.lines[start:end]))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(at[1]), int(at[2])) if at else (1, 1)
        message = re.sub(r" \(at .*\)", "", str(error))
        place, hint = source.place(start + line, column), "text stands between quotes in TOML"
        problems.add(SYNTAX, place, f"this cannot be read as TOML: {message}", hint=hint)
        return None
    written: dict[str, tuple[int, int]] = {}
    for number in range(start, end):
        if match := _TOML_KEY.match(source.lines[number]):
            written.setdefault(match[1], (number, match.start(1)))
    root = Mapping(start, 0)
    for key, value in table.items():
        line, column = written.get(key, (start, 0))
        at_key = (line, column, len(key))
        root.pairs.append((Scalar(*at_key, key, plain=True), _toml_node(value, at_key)))
    return root


def _toml_node(value: Any, place: tuple[int, int, int]) -> Node:  # noqa: ANN401 - any TOML value
    if isinstance(value, list):
        node = Sequence(place[0], place[1])
        node.items = [_toml_node(item, place) for item in value]
        return node
    if isinstance(value, dict):
        mapping = Mapping(place[0], place[1])
        mapping.pairs = [
            (Scalar(*place, key, plain=True), _toml_node(item, place))
            for key, item in value.items()
        ]
        return mapping
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Scalar(*place, text, plain=True)


def _interpret(root: Mapping, reading: Reading) -> FrontMatter:
    values: dict[str, Any] = {}
    for key, node in root.pairs:
        field = _NAMES.get(key.value)
        if field is None:
            if key.value not in _FOREIGN:
                hint = partial(did_you_mean, key.value, FrontMatter.__struct_fields__)
                message = f"{shown(key.value)} means nothing here"
                reading.problem(UNKNOWN_KEY, key, message, hint)
            continue
        if isinstance(node, Scalar) and node.is_empty:
            continue
        value = _READERS[field](node, reading)
        if field == "published":
            if value == "false":
                values["draft"] = True
            else:
                values.setdefault("date", _date(node, reading))
        elif value is not None and (field not in values or key.value == field):
            values[field] = value
    return FrontMatter(**values)


def _text(node: Node, reading: Reading) -> str | None:
    if isinstance(node, Scalar):
        return " ".join(node.value.split())
    reading.problem(WRONG_TYPE, node, "expected text")
    return None


def _language(node: Node, reading: Reading) -> str | None:
    """Read a language tag; other tools write ``en_US`` and mean ``en-US``."""
    text = _text(node, reading)
    if text is None:
        return None
    if text == "kr":
        message = "`kr` is Kanuri; the tag of Korean is `ko`"
        reading.problem(BAD_TEXT, node, message, "did you mean `ko`?", instead="ko")
        return None
    tag = as_language(text)
    if tag.casefold() == text.replace("_", "-").casefold():
        return tag
    value = LanguageShape().read(node, reading)
    return None if value is INVALID else str(value)


_PART = r"[^\W_](?:[\w.-]*[^\W_])?"
_NOTE_ID = TextShape(
    "an id such as scaling-laws",
    rf"(?=.{{1,100}}$){_PART}(?:/{_PART})*",
    "it becomes the address of the note: up to 100 letters, digits, `.`, `-` and `/`",
    (lambda text: "/".join(filter(None, map(as_id, text.split("/")))),),
)


def _id(node: Node, reading: Reading) -> str | None:
    value = _NOTE_ID.read(node, reading)
    return None if value is INVALID else str(value)


def _kind(node: Node, reading: Reading) -> str | None:
    """Read the kind of a note; what is nearly ours is ours with a slip of the pen."""
    text = _text(node, reading)
    if text and text != QUESTION and (hint := did_you_mean(text, [QUESTION])):
        message = f"{shown(text)} is no kind of note"
        reading.problem(UNKNOWN_CHOICE, node, message, hint, instead=QUESTION)
    return text


def _words(node: Node, reading: Reading) -> tuple[str, ...] | None:
    """Read a list; text is split at commas, and tags may start with ``#``."""
    if isinstance(node, Sequence):
        texts = [_name(item, reading) for item in node.items]
    elif isinstance(node, Mapping):
        texts = [_name(node, reading)]
    else:
        texts = list(re.split(r",|\s(?=#)", node.value if isinstance(node, Scalar) else ""))
    words = (text.strip().lstrip("#") for text in texts if text)
    found = tuple(dict.fromkeys(word for word in words if word))
    if any(len(word) > _LONGEST_ITEM for word in found):
        message = f"an item of more than {_LONGEST_ITEM} characters is not read"
        reading.problem(WRONG_TYPE, node, message, "a tag is a word or two")
        found = tuple(word for word in found if len(word) <= _LONGEST_ITEM)
    if len(found) > _MOST_ITEMS:
        message = f"a list of {len(found):,} is too long; at most {_MOST_ITEMS} are read"
        reading.problem(WRONG_TYPE, node, message, "name what matters most")
    return found[:_MOST_ITEMS]


def _name(node: Node, reading: Reading) -> str | None:
    """Read an item of a list: text, or a mapping with a ``name``."""
    if isinstance(node, Mapping):
        name = node.get("name")
        return _text(name, reading) if name else None
    return _text(node, reading)


def _flag(node: Node, reading: Reading) -> bool | None:
    text = _text(node, reading)
    if text is not None and text.lower() not in ("true", "false", "yes", "no"):
        message = f"expected true or false, found {shown(text)}"
        reading.problem(WRONG_TYPE, node, message, "write `true` or `false`")
        return None
    return text is not None and text.lower() in ("true", "yes")


def _date(node: Node, reading: Reading) -> PartialDate | None:
    """Read a date; of a time stamp with a zone, the day as written."""
    text = _text(node, reading)
    if text is None:
        return None
    try:
        if stamp := _TIMESTAMP.fullmatch(text):
            return parse_date(f"{stamp[1]}-{stamp[2]:0>2}-{stamp[3]:0>2}")
        if long := _LONG_DATE.fullmatch(text):
            month = [m[:3] for m in _MONTHS.split()].index(long[1][:3].lower()) + 1
            return parse_date(f"{long[3]}-{month:02}-{long[2]:0>2}")
        return parse_date(text)
    except ValueError as error:
        rule = BAD_DATE if "there is no" in str(error) or "has" in str(error) else UNREADABLE_DATE
        meant = as_date(text)
        hint = f"write `{meant}`" if meant else "write it as 2023-03-14"
        reading.problem(rule, node, str(error), hint, instead=meant)
        return None


def _updated(node: Node, reading: Reading) -> PartialDate | None:
    """Read the day of the last change; other tools write it in many ways, not all of them ours."""
    return _date(node, Reading(reading.source, Problems()))


def _local_text(node: Node, reading: Reading) -> Text | None:
    value = LocalTextShape().read(node, reading)
    return None if value is INVALID else value


def _reference(node: Node, reading: Reading) -> Reference | None:
    text = _text(node, reading)
    return None if text is None else Reference(text, node.place(reading.source))


def _references(node: Node, reading: Reading) -> tuple[Reference, ...]:
    nodes = node.items if isinstance(node, Sequence) else [node]
    found = (_reference(item, reading) for item in nodes)
    return tuple(reference for reference in found if reference)


_READERS: dict[str, Any] = {
    "title": _text, "date": _date, "published": _text, "lang": _language, "authors": _words,
    "tags": _words, "categories": _words, "summary": _local_text, "draft": _flag,
    "about": _words, "id": _id, "no_auto_link": _words, "translates": _text,
    "updated": _updated, "kind": _kind, "query": _reference, "asserts": _references,
}  # fmt: skip
