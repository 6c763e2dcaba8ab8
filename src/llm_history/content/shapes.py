"""What may stand at one place of a file: text, a choice, a date, a list and so on.

A shape reads a node and says exactly what does not fit, at the node's own place; it also
describes itself as JSON Schema. Mappings are in :mod:`llm_history.content.reading`.
"""

import enum
import re
from collections.abc import Callable
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from llm_history.content.facts import ABSENT, Citation, Text
from llm_history.content.spelling import as_flag, as_language, is_language
from llm_history.content.synonyms import CHOICES
from llm_history.content.yaml import Mapping, Node, Scalar, Sequence
from llm_history.content.yaml_errors import quoted
from llm_history.diagnostics import (
    Edit,
    Fix,
    Hint,
    Problems,
    Rule,
    SourceText,
    did_you_mean,
    one_of,
)

UNKNOWN_FIELD = Rule("LH101", "unknown-field")
WRONG_TYPE = Rule("LH103", "wrong-type")
EMPTY_VALUE = Rule("LH104", "empty-value")
UNKNOWN_CHOICE = Rule("LH105", "unknown-choice")
BAD_TEXT = Rule("LH106", "malformed-text")
BAD_DATE = Rule("LH107", "impossible-date")
BAD_QUANTITY = Rule("LH108", "malformed-quantity")

Schema = dict[str, Any]


class Invalid(enum.Enum):
    """The type of :data:`INVALID`."""

    INVALID = enum.auto()


INVALID = Invalid.INVALID
"""What a shape returns for a node it could not read (the problem has been reported)."""


class Reading:
    """The state of reading one file: its text, its problems, and who says what by default."""

    def __init__(self, source: SourceText, problems: Problems) -> None:
        self.source = source
        self.problems = problems
        self.cite: tuple[Citation, ...] = ()
        self.unsourced: list[tuple[Node, str]] = []
        """What nobody is cited for, and what it is called."""

    def problem(
        self,
        rule: Rule,
        node: Node,
        message: str,
        hint: Hint = "",
        *,
        instead: str = "",
    ) -> Invalid:
        """Report a problem at ``node``; ``instead`` is what must have been meant, if it is sure."""
        place = node.place(self.source)
        fix = replacement(node, instead, self.source) if instead else None
        self.problems.add(rule, place, message, hint=hint, fix=fix)
        return INVALID


def replacement(node: Node, text: str, source: SourceText) -> Fix | None:
    """Return the fix that writes ``text`` for a value, if that stands on one line as it is."""
    if not isinstance(node, Scalar):
        return None
    place = node.place(source)
    written = place.text[place.column - 1 : place.column - 1 + place.length]
    if written.strip("\"'") != node.value:
        return None
    edit = Edit(place.line, place.column, place.column + len(written), text)
    return Fix(f"writes `{text}`", (edit,))


def shown(text: str) -> str:
    """Return a value as a message quotes it: on one line, and not too long."""
    line = " ".join(text.split())
    return f"`{line}`" if len(line) <= 60 else f"`{line[:59]}…`"


class Shape:
    """What may stand at one place of a file."""

    expected: str = "a value"
    is_text = False
    """Whether it stands as one text, so that a list of it can be written on one line."""

    @property
    def example(self) -> str:
        """How one is written, in a hint."""
        return "…"

    def read(self, node: Node, reading: Reading) -> Any:  # noqa: ANN401 - any field's type
        """Return the value of ``node``, or :data:`INVALID` after reporting why not."""
        raise NotImplementedError

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """Return the JSON Schema of the shape; larger ones are added to ``definitions``."""
        raise NotImplementedError

    def scalar(self, node: Node, reading: Reading) -> str | Invalid:
        """Return the text of a scalar node."""
        if not isinstance(node, Scalar):
            found = "a list" if isinstance(node, Sequence) else "a mapping"
            only = node.items[0] if isinstance(node, Sequence) and len(node.items) == 1 else None
            written = shown(only.value) if isinstance(only, Scalar) else f"just {self.expected}"
            message = f"expected {self.expected}, found {found}"
            return reading.problem(WRONG_TYPE, node, message, f"write {written}")
        if node.is_empty or not node.value.strip():
            hint = "write it, or delete the key: an absent field means that nobody has looked yet"
            message = f"expected {self.expected}, found nothing"
            return reading.problem(EMPTY_VALUE, node, message, hint)
        return node.value


class TextShape(Shape):
    """A string with an optional form: a pattern and its name."""

    is_text = True

    def __init__(
        self,
        expected: str,
        pattern: str = r"(?s).*\S.*",
        hint: str = "",
        suggestions: tuple[Callable[[str], str], ...] = (),
    ) -> None:
        self.expected = expected
        self.pattern = re.compile(pattern)
        self.hint = hint
        self.suggestions = suggestions

    def read(self, node: Node, reading: Reading) -> str | Invalid:
        text = self.scalar(node, reading)
        if isinstance(text, str) and not self.pattern.fullmatch(text):
            meant = self.meant(text)
            hint = f"did you mean `{meant}`?" if meant else self.hint
            return reading.problem(
                BAD_TEXT, node, f"expected {self.expected}, found {shown(text)}", hint
            )
        return text

    def meant(self, text: str) -> str:
        """Return the text of the right form that somebody wrote ``text`` for, or nothing."""
        for suggest in self.suggestions:
            if (meant := suggest(text)) and self.pattern.fullmatch(meant):
                return meant
        return ""

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        schema: Schema = {"type": ["string", "number"], "description": sentence(self.expected)}
        if not self.pattern.pattern.startswith("(?s)"):
            schema["pattern"] = f"^(?:{self.pattern.pattern})$"
        return schema


class LanguageShape(TextShape):
    """The tag of a language that there is."""

    def __init__(self) -> None:
        super().__init__(
            "a language tag such as en or ko",
            LocalTextShape.tag.pattern,
            suggestions=(as_language,),
        )

    def read(self, node: Node, reading: Reading) -> str | Invalid:
        text = super().read(node, reading)
        if isinstance(text, str) and not is_language(text.partition("-")[0]):
            meant = self.meant(text)
            hint = f"did you mean `{meant}`?" if meant else "look it up in ISO 639"
            return reading.problem(BAD_TEXT, node, f"no language has the tag {shown(text)}", hint)
        return text


class LicenseShape(TextShape):
    """An SPDX licence expression."""

    def read(self, node: Node, reading: Reading) -> str | Invalid:
        text = self.scalar(node, reading)
        if text is INVALID:
            return INVALID
        try:
            return str(canonicalize_license_expression(text))
        except InvalidLicenseExpression:
            message = f"{shown(text)} is no licence that SPDX knows"
            hint = did_you_mean(text.replace(" ", "-"), _COMMON_LICENCES) or self.hint
            return reading.problem(BAD_TEXT, node, message, hint)


_COMMON_LICENCES = (
    "Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC-BY-SA-3.0",
    "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0", "CC0-1.0", "ODC-By-1.0",
    "GPL-2.0-only", "GPL-3.0-only", "AGPL-3.0-only", "LGPL-3.0-only", "MPL-2.0", "Unlicense", "ISC",
)  # fmt: skip


class ChoiceShape(Shape):
    """One of a few words."""

    is_text = True

    def __init__(self, choices: tuple[str, ...]) -> None:
        self.choices = choices
        self.expected = one_of(choices)

    def read(self, node: Node, reading: Reading) -> str | Invalid:
        text = self.scalar(node, reading)
        if isinstance(text, str) and text not in self.choices:
            folded = {choice.replace("-", ""): choice for choice in self.choices}
            meant = folded.get(re.sub(r"[\W_]+", "", text.casefold()), "")
            hint = f"did you mean `{meant}`?" if meant else self._advice(text)
            message = f"{shown(text)} is not one of {self.expected}"
            return reading.problem(UNKNOWN_CHOICE, node, message, hint, instead=meant)
        return text

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        numbers = [int(choice) for choice in self.choices if choice.isdigit()]
        return {"enum": [*self.choices, *numbers]}

    def _advice(self, text: str) -> str:
        """A choice that is written like ``text``, or means the same."""
        word = re.sub(r"[\W_]+", "-", text.casefold())
        same = [choice for choice in CHOICES.get(word, ()) if choice in self.choices]
        return f"here it is called `{same[0]}`" if same else did_you_mean(text, self.choices)


class FlagShape(Shape):
    """``true`` or ``false``."""

    expected = "true or false"

    def read(self, node: Node, reading: Reading) -> bool | Invalid:
        text = self.scalar(node, reading)
        if text is INVALID:
            return INVALID
        if text not in ("true", "false"):
            meant = as_flag(text)
            message = f"{shown(text)} is neither true nor false"
            hint = f"write `{meant}`" if meant else "write `true` or `false`"
            return reading.problem(UNKNOWN_CHOICE, node, message, hint, instead=meant)
        return text == "true"

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        return {"type": "boolean"}


class ParsedShape(Shape):
    """Text with a parser of its own, which raises ValueError for what it cannot read."""

    is_text = True

    def __init__(
        self,
        parser: Callable[[str], Any],
        expected: str,
        rule: Rule,
        meant: Callable[[str], str],
        pattern: str,
    ) -> None:
        self.parser = parser
        self.expected = expected
        self.rule = rule
        self.meant = meant
        self.pattern = pattern

    def read(self, node: Node, reading: Reading) -> Any:  # noqa: ANN401 - the parser's type
        text = self.scalar(node, reading)
        if text is INVALID:
            return INVALID
        try:
            return self.parser(text)
        except ValueError as error:
            meant = self.meant(text)
            hint = f"write `{meant}`" if meant else f"write {self.expected}"
            hint = did_you_mean(text, ABSENT) or hint
            message = str(error)
            if text not in message and ":" not in message:
                message = f"{shown(text)} is not {self.expected.partition(' such as')[0]}"
            if re.fullmatch(r"~?\d+k", text):
                # Only a person knows which of the two it is.
                hint = f"write `{meant}` for thousands, or the exact number, such as 32768"
                meant = ""
            return reading.problem(self.rule, node, message, hint, instead=meant)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        description = sentence(self.expected)
        return {"type": ["string", "number"], "pattern": self.pattern, "description": description}


class LocalTextShape(Shape):
    """Prose: a string, or a mapping from language tags to strings."""

    expected = "text, or a mapping such as {en: …, ko: …}"
    tag = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

    def read(self, node: Node, reading: Reading) -> Text | Invalid:
        if not isinstance(node, Mapping):
            text = self.scalar(node, reading)
            return Text({"": text.strip()}) if isinstance(text, str) else INVALID
        texts: dict[str, str] = {}
        before: Node | None = None
        for key, value in node.pairs:
            if not self.tag.fullmatch(key.value):
                message = f"{shown(key.value)} is not a language tag such as en or ko"
                cut = cut_at_comma(before, key, value)
                fix = rejoined(before, key, reading.source) if cut else None
                hint = CUT_AT_COMMA if cut else "write {en: …, ko: …}, or just the text"
                place = key.place(reading.source)
                reading.problems.add(UNKNOWN_FIELD, place, message, hint=hint, fix=fix)
                continue
            before = value
            text = self.scalar(value, reading)
            if isinstance(text, str):
                texts[key.value] = text.strip()
        if not node.pairs:
            message = f"expected {self.expected}, found nothing"
            return reading.problem(EMPTY_VALUE, node, message, "write the text, or delete the key")
        return Text(texts) if texts else INVALID

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        return {
            "anyOf": [
                {"type": ["string", "number"]},
                {
                    "type": "object",
                    "patternProperties": {f"^{self.tag.pattern}$": {"type": ["string", "number"]}},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }


class ListShape(Shape):
    """A list; where ``single`` is allowed, one item may stand without its brackets."""

    def __init__(self, item: Shape, *, single: bool = False) -> None:
        self.item = item
        self.single = single
        self.expected = f"a list, each item {item.expected}"

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...] | Invalid:
        if self.single and isinstance(node, Scalar | Mapping):
            value = self.item.read(node, reading)
            return INVALID if value is INVALID else (value,)
        if not isinstance(node, Sequence):
            if isinstance(node, Scalar) and not node.is_empty and self.item.is_text:
                hint, written = f"write it as a list: [{shown(node.value)[1:-1]}]", node.value
                fits = node.plain and not re.search(r"[,\[\]{}\n]|: | #", written)
                return reading.problem(
                    WRONG_TYPE, node, f"expected {self.expected}, found text", hint,
                    instead=f"[{written}]" if fits else "",
                )  # fmt: skip
            found = "a mapping" if isinstance(node, Mapping) else "text"
            if isinstance(node, Scalar) and node.is_empty:
                found = "nothing"
            hint = f"write it as [{self.item.example}, …]"
            if isinstance(node, Mapping):
                hint = "put brackets around it, [{…}], or start it with `- `"
            message = f"expected {self.expected}, found {found}"
            return reading.problem(WRONG_TYPE, node, message, hint)
        values = (self.item.read(item, reading) for item in node.items)
        return tuple(value for value in values if value is not INVALID)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        item = self.item.schema(definitions)
        items: Schema = {"type": "array", "items": item}
        return {"anyOf": [item, items]} if self.single else items


class CitationShape(Shape):
    """``source-id`` or ``source-id#locator``."""

    expected = "a citation such as brown2020 or brown2020#table-2.1"
    pattern = re.compile(r"([a-z0-9][a-z0-9.-]*)(?:#(\S.*))?")

    def read(self, node: Node, reading: Reading) -> Citation | Invalid:
        text = self.scalar(node, reading)
        if text is INVALID:
            return INVALID
        match = self.pattern.fullmatch(text)
        if not match:
            hint = "an id has lower-case letters, digits, `.` and `-`; a locator follows after `#`"
            message = f"expected {self.expected}, found {shown(text)}"
            if re.match(r"(https?|doi|arxiv):", text, re.IGNORECASE):
                hint = "add the page to content/sources/ under an id, and cite that id"
            elif self.pattern.fullmatch(bare := text.rstrip(",;. ")):
                return reading.problem(
                    BAD_TEXT, node, message, f"did you mean `{bare}`?", instead=bare
                )
            return reading.problem(BAD_TEXT, node, message, hint)
        return Citation(match.group(1), match.group(2) or "")

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        return {"type": "string", "pattern": f"^{self.pattern.pattern}$"}


def cut_at_comma(before: Node | None, key: Scalar, value: Node) -> bool:
    """Whether a key looks like the rest of the text before it, which a comma cut in two."""
    return isinstance(value, Scalar) and value.is_empty and " " in key.value and (
        before is None or isinstance(before, Scalar)
    )  # fmt: skip


CUT_AT_COMMA = "a comma ended the text before it: put the whole text between quotes"


def rejoined(before: Node | None, key: Scalar, source: SourceText) -> Fix | None:
    """Return the fix that quotes a text together with the rest of it after a comma."""
    if not isinstance(before, Scalar) or not before.plain or before.line != key.line:
        return None
    start, end = before.column + 1, key.column + key.length + 1
    text = source.lines[key.line][start - 1 : end - 1]
    edit = Edit(key.line + 1, start, end, quoted(text))
    return Fix("puts the text between quotes", (edit,))


def sentence(text: str) -> str:
    """Return ``text`` with a capital letter at its start."""
    return text[0].upper() + text[1:]
