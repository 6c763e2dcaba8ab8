"""What is wrong with the content, where, and how to mend it.

A diagnostic is a value: readers and checks collect many of them and go on, so that one
mistake never hides another. Only :mod:`llm_history.build` decides what they mean for
publishing.
"""

import difflib
import enum
import re
from collections import Counter
from collections.abc import Callable, Iterable

import msgspec


class Severity(enum.StrEnum):
    """How much a diagnostic weighs: an error keeps the site from being published.

    A suggestion is work that could be done; it is shown only to those who ask for it.
    """

    ERROR = "error"
    WARNING = "warning"
    SUGGESTION = "suggestion"


class Rule(msgspec.Struct, frozen=True):
    """A kind of mistake, with a code that never changes its meaning."""

    code: str
    name: str
    severity: Severity = Severity.ERROR


class Place(msgspec.Struct, frozen=True):
    """A range of characters on one line of a file; lines and columns count from 1.

    ``text`` is the whole line, so that a diagnostic can be shown without its file.
    """

    path: str
    line: int = 1
    column: int = 1
    length: int = 1
    text: str = ""


class Edit(msgspec.Struct, frozen=True):
    """A change to one line: the characters from ``column`` up to ``end`` become ``text``.

    Lines and columns count from 1. A ``text`` may hold line breaks.
    """

    line: int
    column: int
    end: int
    text: str


class Fix(msgspec.Struct, frozen=True):
    """A change that mends a mistake without changing what the file means to say."""

    message: str
    edits: tuple[Edit, ...]


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with edits made, which may not overlap; line ends stay as they are."""
    lines = re.split(r"(\r\n|\r|\n)", text)
    for edit in sorted(edits, key=lambda e: (e.line, e.column), reverse=True):
        at = 2 * (edit.line - 1)  # every second part is a line's end
        line = lines[at]
        lines[at] = line[: edit.column - 1] + edit.text + line[edit.end - 1 :]
    return "".join(lines)


class Diagnostic(msgspec.Struct, frozen=True):
    """One thing that is wrong: the rule it breaks, the place, and help for mending it."""

    rule: Rule
    message: str
    place: Place
    help: str = ""
    related: tuple[tuple[str, Place], ...] = ()
    fix: Fix | None = None

    @property
    def is_error(self) -> bool:
        """Whether this keeps the site from being published."""
        return self.rule.severity is Severity.ERROR

    def fails(self, *, strict: bool) -> bool:
        """Whether this lets a command fail; where it is ``strict``, warnings do too."""
        return self.is_error or (strict and self.rule.severity is Severity.WARNING)


class SourceText:
    """The text of one file, able to name places in it.

    ``path`` is how the file is shown to a person: relative to the site's root, with ``/``.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._lines: list[str] | None = None

    @property
    def lines(self) -> list[str]:
        """The lines, split where YAML and Markdown split them."""
        if self._lines is None:
            self._lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return self._lines

    def place(self, line: int, column: int = 1, length: int = 1) -> Place:
        """Return the place at 1-based ``line`` and ``column``, kept inside the text."""
        line = max(1, min(line, len(self.lines)))
        text = self.lines[line - 1]
        column = max(1, min(column, len(text) + 1))
        length = max(1, min(length, len(text) - column + 1))
        return Place(self.path, line, column, length, text)

    def find(self, needle: str, first_line: int, last_line: int) -> Place:
        """Return the place of ``needle`` in lines ``first_line..last_line`` (1-based).

        Where it is not written in one piece, the place is the first line as a whole.
        """
        for number in range(first_line, min(last_line, len(self.lines)) + 1):
            column = self.lines[number - 1].find(needle)
            if needle and column >= 0:
                return self.place(number, column + 1, len(needle))
        text = self.lines[max(0, min(first_line, len(self.lines)) - 1)]
        return self.place(first_line, len(text) - len(text.lstrip()) + 1, max(1, len(text.strip())))


_SYNTAX = "LH001"
MAX_ALIKE = 100
"""How many breaches of one rule are told of in a file; of the rest only the number is."""
Hint = str | Callable[[], str]
"""How to mend a mistake; what takes long to find out is asked for only if it is told."""


class Problems:
    """A collection of diagnostics that readers and checks add to."""

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self.found: list[Diagnostic] = list(found)
        self._alike: Counter[tuple[str, str]] = Counter()
        self._rest: dict[tuple[str, str], int] = {}
        """Where in ``found`` the number of those stands that are not told of."""

    def add(
        self,
        rule: Rule,
        place: Place,
        message: str,
        *,
        hint: Hint = "",
        related: tuple[tuple[str, Place], ...] = (),
        fix: Fix | None = None,
    ) -> None:
        """Record that ``rule`` is broken at ``place``; ``hint`` says how to mend it."""
        key = place.path, rule.code
        self._alike[key] += 1
        # A list of work to do is wanted whole, and so is what is mended without a person.
        told = fix or rule.severity is Severity.SUGGESTION or self._alike[key] <= MAX_ALIKE
        if not told:
            self._count_on(key, rule, place)
            return
        hint = hint if isinstance(hint, str) else hint()
        self.found.append(Diagnostic(rule, message, place, hint, related, fix))

    def _count_on(self, key: tuple[str, str], rule: Rule, place: Place) -> None:
        """Count a breach that is not told of, where the first of them is."""
        count = self._alike[key] - MAX_ALIKE
        message = f"{count:,} more of these are not shown"
        at = self._rest.setdefault(key, len(self.found))
        first = self.found[at].place if at < len(self.found) else place
        self.found[at : at + 1] = [Diagnostic(rule, message, first, "mend those above first")]

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Return everything found, once each, in the order of files and lines.

        On a line whose syntax is wrong nothing else is told: it would be a guess.
        """
        unique = dict.fromkeys(self.found)
        unreadable = {(d.place.path, d.place.line) for d in unique if d.rule.code == _SYNTAX}
        return tuple(
            sorted(
                (
                    d
                    for d in unique
                    if d.rule.code == _SYNTAX or (d.place.path, d.place.line) not in unreadable
                ),
                key=lambda d: (
                    d.place.path,
                    d.place.line,
                    d.place.column,
                    d.rule.code,
                    d.message,
                ),
            )
        )


_LONGEST_NAME, _MANY = 200, 3_000


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the names closest to ``wrong``, or nothing."""
    if len(wrong) > _LONGEST_NAME:
        return ""
    folded = wrong.casefold()
    by_folded = {name.casefold(): name for name in known}
    candidates = list(by_folded)
    if len(candidates) > _MANY:  # among so many, only those that begin alike
        candidates = [name for name in candidates if name[:2] == folded[:2]][:_MANY]
    close = difflib.get_close_matches(folded, candidates, n=2, cutoff=0.7)
    if not close:
        return ""
    return "did you mean " + " or ".join(f"`{by_folded[name]}`" for name in close) + "?"


def one_of(choices: Iterable[str]) -> str:
    """Return ``choices`` as prose: ``a, b or c``."""
    words = list(choices)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


_COLOURS = {
    "error": "\x1b[1;31m", "warning": "\x1b[1;33m", "suggestion": "\x1b[1;36m",
    "bold": "\x1b[1m", "dim": "\x1b[2m",
}  # fmt: skip
_WIDEST_LINE = 160
_NARROWEST_LINE = 20
Paint = Callable[[str, str], str]


def format_text(diagnostic: Diagnostic, *, colour: bool = False, width: int = 0) -> str:
    """Return a diagnostic as a terminal shows it, with its line and a caret under it.

    No line of the source takes more than ``width`` columns; 0 stands for a wide terminal.
    """

    def paint(text: str, style: str) -> str:
        return f"{_COLOURS[style]}{text}\x1b[0m" if colour else text

    place, severity = diagnostic.place, diagnostic.rule.severity.value
    head = paint(f"{place.path}:{place.line}:{place.column}", "bold")
    label = paint(f"{severity} {diagnostic.rule.code} {diagnostic.rule.name}", severity)
    message = _printable(diagnostic.message)
    out = [f"{head}: {label}: {message}", *_excerpt(place, severity, paint, width)]
    for text, other in diagnostic.related:
        out.append(f"    {text}: {other.path}:{other.line}:{other.column}")
        out += _excerpt(other, "dim", paint, width)
    if diagnostic.help:
        out.append(f"    {paint('help', 'bold')}: {_printable(diagnostic.help)}")
    if diagnostic.fix:
        out.append(
            f"    {paint('fix', 'bold')}: `check --fix` {_printable(diagnostic.fix.message)}"
        )
    return "\n".join(out)


def _excerpt(place: Place, style: str, paint: Paint, width: int) -> list[str]:
    """The source line and the caret range below it, right under wide characters too."""
    if not place.text.strip():
        return []
    gutter = f"{place.line:>5} │ "
    room = max(_NARROWEST_LINE, width - len(gutter)) if width else _WIDEST_LINE
    line = _printable(place.text)
    at = place.column - 1
    shown, start = _cropped(line, at, room)
    before, marked = shown[: at - start], shown[at - start : at - start + place.length]
    carets = " " * _width(before) + paint("^" * max(1, _width(marked)), style)
    return [paint(gutter, "dim") + shown, " " * (len(gutter) - 2) + paint("│ ", "dim") + carets]


def _cropped(line: str, at: int, room: int) -> tuple[str, int]:
    """Return the part of ``line`` around the character ``at`` that fits, and where it starts.

    A cut is marked with ``…``, which takes the place of one character.
    """
    if _width(line) <= room:
        return line, 0
    start = 0
    while _width(line[start:at]) > room // 2:
        start += max(1, (_width(line[start:at]) - room // 2) // 2)
    end = len(line)
    while end > start and _width(line[start:end]) > room:
        end -= max(1, (_width(line[start:end]) - room) // 2)
    shown = line[start:end]
    if start:
        shown = "…" + shown[1:]
    if end < len(line):
        shown = shown[:-1] + "…"
    return shown, start


def _printable(text: str) -> str:
    """Show control characters as pictures, so that they neither hide nor move the caret."""
    return "".join(
        "�" if not char.isprintable() and char not in "\t\u200d" else char for char in text
    ).replace("\t", " ")


def _width(text: str) -> int:
    """Columns a terminal gives to ``text``: two for a Hangul syllable or an emoji."""
    from wcwidth import wcswidth  # noqa: PLC0415 - start-up time

    width = wcswidth(text)
    return width if width >= 0 else len(text)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return ``2 errors, 1 warning`` for a collection."""
    counts = Counter(diagnostic.rule.severity for diagnostic in diagnostics)
    parts = [
        f"{counts[severity]} {severity.value}{'s' * (counts[severity] != 1)}"
        for severity in Severity
        if counts[severity]
    ]
    return ", ".join(parts) or "no problems"
