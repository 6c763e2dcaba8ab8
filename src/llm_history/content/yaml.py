"""Strict YAML with positions.

PyYAML's C parser composes nodes; scalars stay text until a field's type gives them a
meaning, so ``no``, ``3.10`` and ``2023-03`` are never turned into something else. The
parser's events are read one by one, with bounds on depth and size, because composing a
hostile file by recursion could exhaust the stack or the memory.
"""

import re
from collections.abc import Iterator
from typing import NoReturn, cast

import yaml

from llm_history.content.yaml_errors import Explanation, explain, odd_space
from llm_history.diagnostics import (
    Place,
    Problems,
    Rule,
    Severity,
    SourceText,
    apply_edits,
)

SYNTAX = Rule("LH001", "yaml-syntax")
NOT_TEXT = Rule("LH002", "not-utf-8-text")
TOO_LARGE = Rule("LH003", "file-too-large")
TOO_DEEP = Rule("LH004", "too-deeply-nested")
DUPLICATE_KEY = Rule("LH005", "duplicate-key")
UNSUPPORTED = Rule("LH006", "unsupported-yaml")
HIDDEN = Rule("LH007", "hidden-character", Severity.WARNING)

MAX_BYTES = 1024 * 1024
MAX_NOTE_BYTES = 256 * 1024
"""Prose is read by slower rules, some of which take the square of a paragraph's length."""
MAX_DEPTH = 60
MAX_ALIASED_NODES = 20_000
MAX_REPAIRS = 20
MAX_REPAIRED = 64 * 1024
"""A larger file is read up to its first mistake of syntax only, to bound the time."""

Path = tuple[str | int, ...]
"""Where a value sits in a file: keys and indices from the top, as in ``("dates", 0, "on")``."""


class Node:
    """A value in a YAML file: text, a list or a mapping, and where it stands (0-based)."""

    __slots__ = ("column", "length", "line")

    def __init__(self, line: int, column: int, length: int) -> None:
        self.line = line
        self.column = column
        self.length = length

    def place(self, source: SourceText) -> Place:
        """Return the node's place in ``source``."""
        return source.place(self.line + 1, self.column + 1, self.length)


class Scalar(Node):
    """Text; ``plain`` when it stands without quotes."""

    __slots__ = ("plain", "value")

    def __init__(self, line: int, column: int, length: int, value: str, plain: bool) -> None:
        super().__init__(line, column, length)
        self.value = value
        self.plain = plain

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written (``key:``, ``key: ~`` or ``key: null``)."""
        return self.plain and self.value in ("", "~", "null", "Null", "NULL")


class Sequence(Node):
    """A list of nodes."""

    __slots__ = ("items",)

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column, 1)
        self.items: list[Node] = []


class Mapping(Node):
    """Keys and values in file order; keys are text and unique."""

    __slots__ = ("pairs",)

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column, 1)
        self.pairs: list[tuple[Scalar, Node]] = []

    def get(self, key: str) -> Node | None:
        """Return the value of ``key``, or nothing."""
        return next((value for name, value in self.pairs if name.value == key), None)


def decode(path: str, data: bytes, problems: Problems, limit: int = MAX_BYTES) -> SourceText | None:
    """Return the text of a file's bytes, or report why it is none."""
    place = Place(path)
    if len(data) > limit:
        message = f"the file has more than {limit // 1024:,} KiB; no more than that is read"
        problems.add(TOO_LARGE, place, message, hint="split it into several files")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8-sig")
        line, column = good.count("\n") + 1, len(good) - good.rfind("\n")
        source = SourceText(path, data.decode("utf-8", errors="replace"))
        problems.add(
            NOT_TEXT,
            source.place(line, column),
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            hint="save the file with UTF-8 encoding",
        )
        return None
    source = SourceText(path, text)
    bad = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        problems.add(
            NOT_TEXT,
            source.place(line, column),
            f"the control character U+{ord(bad.group()):04X} does not belong in text",
            hint="delete it",
        )
        return None
    _report_hidden(source, problems)
    return source


_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _report_hidden(source: SourceText, problems: Problems) -> None:
    """Report, once a line, what lets a text be shown in another order than it is read."""
    if not _HIDDEN.search(source.text):
        return
    for number, line in enumerate(source.lines, 1):
        if match := _HIDDEN.search(line):
            message = f"the invisible U+{ord(match[0]):04X} changes the order of the text around it"
            place = source.place(number, match.start() + 1)
            problems.add(HIDDEN, place, message, hint="delete it")


def parse(source: SourceText, problems: Problems) -> Node | None:
    """Return the one document in ``source`` as nodes, or report what keeps it from being read.

    An empty file gives ``None`` without a problem. Where a mistake can be mended without a
    doubt, it is reported and the mended text read on, so that it hides no other.
    """
    text = source
    for _ in range(MAX_REPAIRS if len(source.text) <= MAX_REPAIRED else 1):
        attempt = Problems()
        root, syntax = None, odd_space(text)
        if syntax is None:
            composer = _Composer(text, attempt)
            root, syntax = composer.compose(), composer.syntax
        if syntax is None or syntax.fix is None:
            problems.found += attempt.found
            return root
        place = source.place(syntax.place.line, syntax.place.column, syntax.place.length)
        problems.add(
            SYNTAX, place, syntax.message, hint=syntax.hint, related=syntax.related, fix=syntax.fix
        )
        text = SourceText(source.path, apply_edits(text.text, syntax.fix.edits))
    return None


def locate(root: Node | None, path: Path) -> Node | None:
    """Return the deepest node on the way along ``path``.

    Steps that the file does not spell out are skipped: a fact written plainly has no
    ``value`` key, and a single citation no index.
    """
    node = root
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step) or node
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
    return node


class _Stop(Exception):  # noqa: N818 - control flow, not an error of ours
    """The file cannot be read any further; the problem has been reported."""


class _Composer:
    """Builds nodes from parser events."""

    def __init__(self, source: SourceText, problems: Problems) -> None:
        self.source = source
        self.problems = problems
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.aliased = 0
        self.count = 0
        self.syntax: Explanation | None = None
        """What the parser could not read."""

    def compose(self) -> Node | None:
        try:
            events = self._events()
            next(events)  # stream start
            start = next(events)
            if isinstance(start, yaml.StreamEndEvent):
                return None
            root = self._node(next(events), events, 0)
            next(events)  # document end
            extra = next(events)
            if not isinstance(extra, yaml.StreamEndEvent):
                message = "a file holds one document; a second starts here"
                self._fail(UNSUPPORTED, extra, message, "delete this line, or make it two files")
        except _Stop:
            return None
        return root

    def _events(self) -> Iterator[yaml.Event]:
        parser = yaml.CBaseLoader(self.source.text)
        try:
            while parser.check_event():
                yield cast("yaml.Event", parser.get_event())
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
        except yaml.YAMLError as error:
            self.problems.add(SYNTAX, self.source.place(1), f"not YAML: {error}")
            raise _Stop from None
        finally:
            parser.dispose()

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        self.syntax = syntax = explain(error, self.source)
        self.problems.add(
            SYNTAX, syntax.place, syntax.message, hint=syntax.hint, related=syntax.related,
            fix=syntax.fix,
        )  # fmt: skip
        raise _Stop

    def _fail(self, rule: Rule, event: yaml.Event, message: str, hint: str = "") -> NoReturn:
        mark = _start(event)
        token = re.match(r"[!*][^\s,\[\]{}]*|---", self._rest(mark))
        length = token.end() if token else 1
        place = self.source.place(mark.line + 1, mark.column + 1, length)
        self.problems.add(rule, place, message, hint=hint)
        raise _Stop

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MAX_DEPTH:
            self._fail(TOO_DEEP, event, f"values are nested deeper than {MAX_DEPTH} levels")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._fail(UNSUPPORTED, event, "tags are not used here", "delete it; types are known")
        before = self.count
        self.count += 1
        mark, anchor = _start(event), getattr(event, "anchor", None)
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Sequence(mark.line, mark.column)
            self._items(node, events, depth)
        else:
            node = Mapping(mark.line, mark.column)
            self._pairs(node, events, depth)
            if node.pairs and not getattr(event, "flow_style", False):
                node.length = node.pairs[0][0].length
        if anchor:
            self.anchors[anchor] = (node, self.count - before)
        return node

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        start, end = _start(event), cast("yaml.Mark", event.end_mark)
        if event.style in ("|", ">") and (first := self._first_line(start.line + 1, end.line)):
            return Scalar(*first, event.value, plain=False)
        one_line = start.line == end.line
        length = end.column - start.column if one_line else len(self._rest(start))
        return Scalar(start.line, start.column, max(1, length), event.value, not event.style)

    def _first_line(self, line: int, end: int) -> tuple[int, int, int] | None:
        """Return where the text of a block scalar starts: line, column and length there."""
        for number in range(line, min(end + 1, len(self.source.lines))):
            text = self.source.lines[number]
            if text.strip():
                return number, len(text) - len(text.lstrip()), len(text.strip())
        return None

    def _rest(self, mark: yaml.Mark) -> str:
        lines = self.source.lines
        return lines[mark.line][mark.column :] if mark.line < len(lines) else ""

    def _alias(self, event: yaml.AliasEvent) -> Node:
        name = event.anchor or ""
        if name not in self.anchors:
            message = f"`*` starts an alias in YAML, and there is no anchor `&{name}` before it"
            self._fail(SYNTAX, event, message, "put the text between quotes")
        node, size = self.anchors[name]
        self.aliased += size
        self.count += size
        if self.aliased > MAX_ALIASED_NODES:
            self._fail(TOO_DEEP, event, "the aliases of this file expand to too many values")
        return node

    def _items(self, node: Sequence, events: Iterator[yaml.Event], depth: int) -> None:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            node.items.append(self._node(event, events, depth + 1))
        _stretch(node, event)

    def _pairs(self, node: Mapping, events: Iterator[yaml.Event], depth: int) -> None:
        seen: dict[str, Scalar] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._fail(UNSUPPORTED, event, "a key must be text", "put it between quotes")
            key = self._scalar(event)
            value = self._node(next(events), events, depth + 1)
            first = seen.get(key.value)
            if first is not None:
                self.problems.add(
                    DUPLICATE_KEY,
                    key.place(self.source),
                    f"`{key.value}` is given twice in the same mapping",
                    hint="keep one of the two",
                    related=(("first given here", first.place(self.source)),),
                )
                continue
            seen[key.value] = key
            node.pairs.append((key, value))
        _stretch(node, event)


def _start(event: yaml.Event) -> yaml.Mark:
    return cast("yaml.Mark", event.start_mark)


def _stretch(node: Node, closing: yaml.Event) -> None:
    """Let a list or mapping in brackets reach to its closing one, if that is on its line."""
    end = cast("yaml.Mark", closing.end_mark)
    if end.line == node.line:
        node.length = max(1, end.column - node.column)
