"""What a YAML parser cannot read, in the words of the person who wrote it.

The parser says where it gave up and what it had hoped for; that is seldom the place of the
mistake. Each function here knows one way in which people go wrong, and returns the place
of the mistake, what is wrong, how to mend it and, where that is safe, the mended text.
"""

import re
from collections.abc import Callable

import msgspec
import yaml

from llm_history.diagnostics import Edit, Fix, Place, SourceText


class Explanation(msgspec.Struct, frozen=True):
    """A syntax error: where it is, what is wrong, and how to mend it."""

    place: Place
    message: str
    hint: str = ""
    fix: Fix | None = None
    related: tuple[tuple[str, Place], ...] = ()


class _Error:
    """An error of the parser, with 1-based places in the file."""

    def __init__(self, error: yaml.MarkedYAMLError, source: SourceText) -> None:
        self.source = source
        self.problem = str(error.problem or error.context or error)
        self.context = str(error.context or "")
        mark = error.problem_mark or error.context_mark
        start = error.context_mark or mark
        self.line, self.column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        self.from_line, self.from_column = (start.line + 1, start.column + 1) if start else (1, 1)
        self.text = self.line_text(self.line)

    def line_text(self, number: int) -> str:
        lines = self.source.lines
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    @property
    def place(self) -> Place:
        return self.source.place(self.line, self.column)

    @property
    def start(self) -> Place:
        return self.source.place(self.from_line, self.from_column)

    @property
    def character(self) -> str:
        return self.text[self.column - 1 : self.column]

    @property
    def starts_line(self) -> bool:
        """Whether nothing but spaces and dashes stands before the place."""
        return not self.text[: self.column - 1].strip(" -")


def explain(error: yaml.MarkedYAMLError, source: SourceText) -> Explanation:
    """Return what is wrong where the parser gave up."""
    found = _Error(error, source)
    for way in _WAYS:
        if explanation := way(found):
            return explanation
    return Explanation(found.place, f"this cannot be read as YAML: {found.problem}")


_KEY_VALUE = re.compile(r"""(\s*(?:- +)*)([^\s:#'"\[\]{},&*!|>%@`-][^:#'"\[\]{}]*?):[ ]+(\S.*)""")
_NO_SPACE = re.compile(r"(\s*(?:- +)*[A-Za-z_][\w-]*):(?=[^\s/:])")


def _quote_rest(source: SourceText, line: int) -> Fix | None:
    """Put the value of a ``key: value`` line between quotes, without a comment after it."""
    text = source.lines[line - 1]
    match = _KEY_VALUE.fullmatch(text)
    if not match or match[3][0] in "'\"|>{[":
        return None
    value = re.split(r"\s+#", match[3])[0].rstrip()
    start = match.start(3) + 1
    return Fix("puts the text between quotes", (Edit(line, start, start + len(value),
                                                     quoted(value)),))  # fmt: skip


def quoted(text: str) -> str:
    """Return a one-line ``text`` as a quoted YAML scalar."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def odd_space(source: SourceText) -> Explanation | None:
    """Return the first line that is indented with a space that YAML takes for a letter."""
    for number, text in enumerate(source.lines, 1):
        if match := _ODD_INDENT.match(text):
            end = match.end() + 1
            fix = Fix("writes plain spaces", (Edit(number, 1, end, " " * match.end()),))
            message = "this line is indented with a no-break space, which YAML takes for text"
            place = source.place(number, match.start(1) + 1)
            return Explanation(place, message, "indent with plain spaces", fix)
    return None


_ODD_INDENT = re.compile(r" *([\u00a0\u3000])[ \u00a0\u3000]*")


def _odd_colon(error: _Error) -> Explanation | None:
    """A colon that only looks like the one that YAML knows, or no plain space after it."""
    for number in (error.line, error.line - 1):
        if match := re.match(r"\s*[\w-]+(：|:\u00a0)", error.line_text(number)):
            at = match.start(1) + 1
            mended = Fix("writes `: `", (Edit(number, at, match.end(1) + 1, ": "),))
            place = error.source.place(number, at, len(match[1]))
            message = f"`{match[1][0]}` here is not a plain colon and a plain space"
            return Explanation(place, message, "write `: `", mended)
    return None


def _tab(error: _Error) -> Explanation | None:
    for number in (error.line, error.line - 1):
        indent = error.line_text(number)
        indent = indent[: len(indent) - len(indent.lstrip())]
        if "\t" in indent:
            place = error.source.place(number, indent.index("\t") + 1, indent.count("\t"))
            message = "this line is indented with a tab, which YAML does not allow"
            return Explanation(place, message, "indent with spaces")
    return None


CONFLICT = re.compile(r"<{7} \S")
"""The line with which git begins two versions of which a person must choose one."""


def _conflict(error: _Error) -> Explanation | None:
    """Lines that git left where two people changed the same ones."""
    for number, text in enumerate(error.source.lines[: error.line], 1):
        if CONFLICT.match(text):
            place = error.source.place(number, 1, len(text))
            return Explanation(place, "a merge conflict starts here", RESOLVE)
    return None


RESOLVE = "keep one of the two versions, and delete the lines with `<<<<<<<`, `=======`, `>>>>>>>`"


def _code_fence(error: _Error) -> Explanation | None:
    """A record copied together with the fence around it."""
    if not error.text.startswith("```"):
        return None
    message = "a record is plain YAML: a line with ``` is no part of it"
    return Explanation(_stripped(error, error.line), message, "delete this line")


_OTHER_BULLET = re.compile(r"\s*(-(?=\w)|[•·*–—](?=[ \w]) ?)[^\s:]+:(?: |$)")


def _bullet(error: _Error) -> Explanation | None:
    """A list item that starts with something like a dash and a space."""
    for number in (error.line, error.line - 1):
        if match := _OTHER_BULLET.match(error.line_text(number)):
            mark, at = match[1].strip(), match.start(1) + 1
            message = f"`{mark}` here does not start an item of a list"
            if mark == "-":
                message = "a space is missing after this dash"
            fix = Fix("writes `- `", (Edit(number, at, match.end(1) + 1, "- "),))
            return Explanation(error.source.place(number, at), message, "write `- `", fix)
    return None


_EQUALS = re.compile(r"(\s*[\w-]+)( *= *)(?=\S)")


def _equals(error: _Error) -> Explanation | None:
    """``key = value``, as in TOML."""
    if "could not find expected ':'" not in error.problem:
        return None
    match = _EQUALS.match(error.line_text(error.from_line))
    if not match:
        return None
    at = match.start(2) + 1
    place = error.source.place(error.from_line, at + match[2].index("="))
    fix = Fix("writes `: `", (Edit(error.from_line, at, match.end(2) + 1, ": "),))
    return Explanation(place, "a value follows after `: ` here", "write `: `", fix)


_SECOND_FIELD = "this `: ` starts a second field within a value"


def _second_colon(error: _Error) -> Explanation | None:
    if "mapping values are not allowed" not in error.problem:
        return None
    before = error.line_text(error.line - 1)
    if match := _NO_SPACE.match(before):
        return _missing_space(error, error.line - 1, match)
    if ": " in error.text[: error.column - 1]:
        fix = _quote_rest(error.source, error.line)
        return Explanation(error.place, _SECOND_FIELD, "put the whole text between quotes", fix)
    place = error.source.place(
        error.line, len(error.text) - len(error.text.lstrip()) + 1, len(error.text.strip())
    )
    message = "this line is indented under a field that already has a value"
    return Explanation(
        place, message, "indent it like the line above, or delete the value above",
        related=(("the field above", _stripped(error, error.line - 1)),),
    )  # fmt: skip


def _missing_space(error: _Error, line: int, match: re.Match[str]) -> Explanation:
    place = error.source.place(line, match.end(1) + 1)
    fix = Fix("adds a space", (Edit(line, match.end() + 1, match.end() + 1, " "),))
    return Explanation(
        place, "a space is missing after this colon", f"write `{match[1].strip(' -')}: …`", fix
    )


def _no_colon(error: _Error) -> Explanation | None:
    if "could not find expected ':'" not in error.problem:
        return None
    text = error.line_text(error.from_line)
    if match := _NO_SPACE.match(text):
        return _missing_space(error, error.from_line, match)
    message = "this line is no `key: value`"
    hint = "add the colon; the further lines of a text are indented, under a first line with `>-`"
    return Explanation(_stripped(error, error.from_line), message, hint)


def _stripped(error: _Error, line: int) -> Place:
    text = error.line_text(line)
    return error.source.place(line, len(text) - len(text.lstrip()) + 1, len(text.strip()))


def _unclosed_quote(error: _Error) -> Explanation | None:
    if "quoted scalar" not in error.context or "end of" not in error.problem:
        return None
    mark = error.start.text[error.from_column - 1 : error.from_column]
    return Explanation(
        error.start,
        "this quotation mark is never closed",
        f"add {mark} where the text ends",
    )


_CLOSERS = {"[": "]", "{": "}"}


def _bracket(error: _Error) -> Explanation | None:
    if "expected ',' or" not in error.problem and "flow node" not in error.context:
        return None
    if "flow node" in error.context and error.line == error.from_line:
        opening = _last_open_bracket(error)
        if opening is None:
            return None
    else:
        opening = error.start
    bracket = opening.text[opening.column - 1]
    closer = _CLOSERS.get(bracket, "")
    inside = error.text[:1].isspace() and error.character == ":"
    if (opening.line != error.line and not inside) or not error.character:
        return Explanation(
            opening, f"this `{bracket}` is never closed", f"add `{closer}` where the list ends"
            if bracket == "[" else f"add `{closer}` where the mapping ends",
        )  # fmt: skip
    if error.character in _CLOSERS.values():
        return Explanation(
            error.place, f"`{error.character}` closes what `{bracket}` opened",
            f"write `{closer}`", related=(("opened here", opening),),
        )  # fmt: skip
    if error.character == ":":
        word = re.split(r"[\s,{\[]", error.text[: error.column - 1])[-1]
        hint = f"put a comma before `{word}`, or the whole text between quotes"
        return Explanation(error.place, _SECOND_FIELD, hint)
    message = f"a comma or `{closer}` is missing before this"
    return Explanation(error.place, message, "separate with commas; put text between quotes")


def _last_open_bracket(error: _Error) -> Place | None:
    """Return the bracket that is still open where the parser gave up."""
    opened: list[tuple[int, int]] = []
    first = error.line
    while first > 1 and not re.match(r"[^\s#]", error.line_text(first)):
        first -= 1
    for number in range(first, error.line + 1):
        text = error.line_text(number)
        end = error.column - 1 if number == error.line else len(text)
        for column, char in enumerate(text[:end], 1):
            if char in _CLOSERS:
                opened.append((number, column))
            elif char in _CLOSERS.values() and opened:
                opened.pop()
    return error.source.place(*opened[-1]) if opened else None


def _trailing(error: _Error) -> Explanation | None:
    """Something follows a value that was complete, or a line is indented like no other."""
    if "did not find expected key" not in error.problem:
        return None
    if error.starts_line and error.text.lstrip().startswith("- "):
        message = "this list item stands among the fields of a mapping"
        hint = "give the list a field of its own above it, or write this as `key: value`"
        return Explanation(_stripped(error, error.line), message, hint)
    if error.starts_line:
        message = "this line is indented like none of the lines it could belong to"
        spaces = error.from_column - 1
        hint = f"indent it by {spaces} spaces, like this one" if spaces else "do not indent it"
        related = (("the first of them", _first_word(error.start)),)
        return Explanation(_stripped(error, error.line), message, hint, related=related)
    rest = error.text[error.column - 1 :].rstrip()
    place = error.source.place(error.line, error.column, len(rest))
    before = error.text[: error.column - 1].rstrip()
    if before.endswith("'"):
        message = "the text ended at the quotation mark before this"
        return Explanation(place, message, "write an apostrophe inside quotes twice: `''`")
    if before.endswith('"'):
        message = "the text ended at the quotation mark before this"
        return Explanation(place, message, 'write a quotation mark inside quotes as `\\"`')
    message = "nothing may follow a value that is complete"
    return Explanation(place, message, "delete it, or put the whole text between quotes")


def _first_word(place: Place) -> Place:
    word = re.match(r"[^\s:]+", place.text[place.column - 1 :])
    return msgspec.structs.replace(place, length=len(word[0]) if word else 1)


def _list_item(error: _Error) -> Explanation | None:
    if "expected '-' indicator" in error.problem:
        message = "this line stands in a list, but does not start with `- `"
        hint = "start it with `- `, or indent it like the lines above"
        related = (("the list starts here", error.start),)
        return Explanation(_stripped(error, error.line), message, hint, related=related)
    if "block sequence entries are not allowed" in error.problem:
        message = "a list that starts with `-` begins on a line of its own"
        hint = "move it to the next line, write [first, second], or put text between quotes"
        return Explanation(error.place, message, hint)
    return None


_SPECIAL = {
    "*": "`*` starts an alias in YAML", "&": "`&` starts an anchor in YAML",
    "@": "`@` has no meaning at the start of a value", "`": "` has no meaning in YAML",
    "%": "`%` has no meaning at the start of a value", "?": "`?` starts a key in YAML",
    "]": "this `]` closes nothing", "}": "this `}` closes nothing",
    ",": "`,` cannot start a value",
}  # fmt: skip
_SPECIAL_PROBLEMS = (
    "cannot start any token", "alphabetic or numeric character", "keys are not allowed",
    "expected node content",
)  # fmt: skip


def _special_character(error: _Error) -> Explanation | None:
    if not any(problem in error.problem for problem in _SPECIAL_PROBLEMS):
        return None
    start = error.start if "alphabetic" in error.problem else error.place
    character = start.text[start.column - 1 : start.column]
    if character not in _SPECIAL:
        return None
    fix = None if character in "]}," else _quote_rest(error.source, start.line)
    return Explanation(start, _SPECIAL[character], "put the text between quotes", fix)


def _escape(error: _Error) -> Explanation | None:
    if "escape" not in error.problem:
        return None
    sequence = error.text[error.column - 1 : error.column + 1]
    if not sequence.startswith("\\"):
        sequence = "\\" + error.text[error.column - 2 : error.column - 1]
    message = f"`{sequence}` is no escape that YAML knows; in double quotes `\\` starts one"
    return Explanation(error.place, message, "use single quotes, or write `\\\\`")


def _rest(error: _Error) -> Explanation | None:
    """What happens seldom."""
    if "document start" in error.problem:
        for number, line in enumerate(error.source.lines, 1):
            if line.strip() and not line.startswith("#"):
                if line[0] == " ":
                    message = "the first field is indented, the ones after it are not"
                    place = error.source.place(number, 1, len(line) - len(line.lstrip()))
                    return Explanation(place, message, "start the first field at the left")
                break
    if "comment or line break" in error.problem:
        message = "nothing but a comment may follow `|` or `>` on the same line"
        return Explanation(error.place, message, "start the text on the next line, indented")
    return None


_WAYS: tuple[Callable[[_Error], Explanation | None], ...] = (
    _conflict, _code_fence, _odd_colon, _tab, _bullet, _second_colon, _equals, _no_colon,
    _unclosed_quote, _bracket, _trailing, _list_item, _special_character, _escape, _rest,
)  # fmt: skip
