"""Reads YAML nodes as records, and says exactly what does not fit.

The shape of a record is derived from its type in :mod:`llm_history.content.records`.
Everything wrong in a file is reported, each at its own token; what could not be read is
left out, so that one mistake does not cause others.
"""

import difflib
import functools
import math
import re
import types
import typing
from typing import Any, Literal, TypeVar, cast

import msgspec
from msgspec import NODEFAULT, Meta

from llm_history.content import dates, meanings, quantities
from llm_history.content.facts import ABSENT, Citation, Claim, Fact, Text
from llm_history.content.records import DateEntry, Part, Record
from llm_history.content.shapes import (
    BAD_DATE,
    BAD_QUANTITY,
    CUT_AT_COMMA,
    EMPTY_VALUE,
    INVALID,
    UNKNOWN_FIELD,
    WRONG_TYPE,
    ChoiceShape,
    CitationShape,
    FlagShape,
    Invalid,
    LanguageShape,
    LicenseShape,
    ListShape,
    LocalTextShape,
    ParsedShape,
    Reading,
    Schema,
    Shape,
    TextShape,
    cut_at_comma,
    rejoined,
    sentence,
    shown,
)
from llm_history.content.spelling import as_date, as_id, as_money, as_quantity
from llm_history.content.synonyms import SYNONYMS
from llm_history.content.yaml import Mapping, Node, Scalar, Sequence, locate, parse
from llm_history.diagnostics import MAX_ALIKE, Problems, Rule, SourceText, did_you_mean, one_of

MISSING_FIELD = Rule("LH102", "missing-field")
UNSOURCED = Rule("LH110", "unsourced-fact")
LONG_QUOTE = Rule("LH111", "quote-too-long")
HEADLINE = Rule("LH113", "headline-date")
TWO_PREFERRED = Rule("LH114", "two-preferred-claims")
ACTIVE_EXCEEDS = Rule("LH115", "active-exceeds-total")

MAX_QUOTE_WORDS = 25
T = TypeVar("T", bound=msgspec.Struct)


def read_struct(source: SourceText, kind: type[T], problems: Problems) -> T | None:
    """Read a file as one ``kind`` of record, or report everything that keeps it from being one."""
    root = parse(source, problems)
    if root is None:
        if not problems.found:
            hint = "write the record, or delete the file"
            problems.add(MISSING_FIELD, source.place(1), "the file is empty", hint=hint)
        return None
    return read_node(root, source, kind, problems)


def read_node(root: Node, source: SourceText, kind: type[T], problems: Problems) -> T | None:
    """Read a node of a file as one ``kind`` of record."""
    reading = Reading(source, problems)
    value = shape_of(kind).read(root, reading)
    _report_unsourced(root, reading)
    return None if value is INVALID else cast("T", value)


def _cites(node: Mapping) -> bool:
    """Whether somebody is cited, readable or not."""
    cite = node.get("cite")
    return bool(cite and not (isinstance(cite, Sequence) and not cite.items))


def _report_unsourced(root: Node, reading: Reading) -> None:
    """Report what nobody is cited for; in a record that cites nobody, that is one mistake."""
    hint = "add `cite:` to it, or a default `cite:` to the record"
    found = reading.unsourced
    if isinstance(root, Mapping) and _cites(root):
        return  # that it cannot be read has been reported
    if len(found) > 1 and isinstance(root, Mapping) and root.get("cite") is None:
        (node, what), *others = found
        count = len(others)
        message = f"nobody is cited for this {what}, nor for {count} other value{'s' * (count > 1)}"
        hint = "add a default `cite:` to the record, or one to each"
        related = tuple((f"{w} without a source", n.place(reading.source)) for n, w in others[:2])
        place = node.place(reading.source)
        reading.problems.add(UNSOURCED, place, message, hint=hint, related=related)
        return
    for node, what in reading.unsourced:
        reading.problem(UNSOURCED, node, f"nobody is cited for this {what}", hint)


Holds = Literal["one", "list", "mapping"]
"""How many of a kind a file holds: one, a list of them, or one by each id."""


def json_schema(kind: type[msgspec.Struct], holds: Holds = "one") -> Schema:
    """Return the JSON Schema (draft 2020-12) of the files that hold one ``kind`` of record.

    A file that ``holds`` a mapping of ids may also hold one record, named by the file.
    """
    definitions: dict[str, Schema] = {}
    schema = shape_of(kind).schema(definitions)
    if holds == "list":
        schema = {"type": "array", "items": schema}
    elif holds == "mapping":
        ids = {"type": "object", "propertyNames": {"pattern": f"^{ID_PATTERN}$"}}
        several = {**ids, "additionalProperties": schema}
        whole = {"required": ["type", "title"]}
        schema = {"if": whole, "then": schema, "else": several}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.__name__,
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


class SizeShape(Shape):
    """Parameters: an amount, or the total and the active ones."""

    expected = "an amount such as 6.7B, or {total: 132B, active: 36B}"
    keys = ("total", "active")

    def read(self, node: Node, reading: Reading) -> quantities.Size | Invalid:
        if not isinstance(node, Mapping):
            amount = shape_of(quantities.Quantity).read(node, reading)
            return INVALID if amount is INVALID else quantities.Size(amount)
        read = _read_fields(node, reading, self.fields(), "a mixture of experts")
        if read is None:
            return INVALID
        size = quantities.Size(**read)
        if size.active and (size.active.low or 0) > (size.total.high or math.inf):
            active = cast("Node", node.get("active"))
            message = f"{size.active} active parameters are more than {size.total} in all"
            reading.problem(ACTIVE_EXCEEDS, active, message, "correct one of the two")
        return size

    @staticmethod
    def fields() -> dict[str, "Field"]:
        """The keys of the mapping form."""
        amount = shape_of(quantities.Quantity)
        return {
            "total": Field("total", amount, required=True),
            "active": Field("active", amount, required=False),
        }

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        amount = shape_of(quantities.Quantity).schema(definitions)
        pair = _object_schema(self.fields(), definitions, "Size")
        return {"anyOf": [amount, pair]}


class FactShape(Shape):
    """A fact in one of its four forms: plain, with remarks, a reserved word, or claims."""

    def __init__(self, value: Shape) -> None:
        self.value = value
        self.expected = value.expected

    def read(self, node: Node, reading: Reading) -> Fact[Any] | Invalid:
        if self._is_claim_list(node):
            return self._read_claims(cast("Sequence", node), reading)
        claim = self._read_claim(node, reading)
        return INVALID if claim is INVALID else Fact((claim,))

    def _is_claim_list(self, node: Node) -> bool:
        """A list of mappings is a list of claims, unless the value itself is a list."""
        if not isinstance(node, Sequence):
            return False
        return not isinstance(self.value, ListShape) or any(
            isinstance(item, Mapping) for item in node.items
        )

    def _read_claims(self, node: Sequence, reading: Reading) -> Fact[Any] | Invalid:
        if not node.items:
            return reading.problem(
                EMPTY_VALUE,
                node,
                "expected at least one claim, found an empty list",
                "write a claim, or delete the key",
            )
        claims, preferred = [], None
        for item in node.items:
            claim = self._read_claim(item, reading)
            if claim is INVALID:
                continue
            if claim.rank == "preferred" and preferred:
                reading.problem(
                    TWO_PREFERRED, item, "two claims are `preferred`", "prefer at most one"
                )
            preferred = preferred or claim.rank == "preferred"
            claims.append(claim)
        return Fact(tuple(claims)) if claims else INVALID

    def _read_claim(self, node: Node, reading: Reading) -> Claim[Any] | Literal[Invalid.INVALID]:
        if isinstance(node, Mapping) and not self._is_plain_value(node):
            values = _read_fields(node, reading, self.fields, "a fact")
            if values is None:
                return INVALID
        else:
            values = self._read_value(node, reading)
        if "quote" in values and len(values["quote"].split()) > MAX_QUOTE_WORDS:
            quote = cast("Mapping", node).get("quote")
            reading.problem(
                LONG_QUOTE,
                quote or node,
                f"the quotation has {len(values['quote'].split())} words; "
                f"at most {MAX_QUOTE_WORDS} may be quoted",
            )
        values["cite"] = values.get("cite") or reading.cite
        if not values["cite"] and not (isinstance(node, Mapping) and _cites(node)):
            reading.unsourced.append((node, "fact"))
        return Claim(**values) if values.get("value") is not None or "absent" in values else INVALID

    def _is_plain_value(self, node: Mapping) -> bool:
        """Whether a mapping is the value itself, as ``{total: 132B, active: 36B}`` is."""
        keys = {key.value for key, _ in node.pairs}
        if isinstance(self.value, StructShape):
            return bool(keys & set(self.value.fields)) and "value" not in keys
        if isinstance(self.value, SizeShape):
            return bool(keys & set(SizeShape.keys)) and "value" not in keys
        return (
            isinstance(self.value, LocalTextShape)
            and "value" not in keys
            and all(LocalTextShape.tag.fullmatch(key) and len(key) <= 3 for key in keys)
        )

    def _read_value(self, node: Node, reading: Reading) -> dict[str, Any]:
        if isinstance(node, Scalar) and node.plain and node.value in ABSENT:
            return {"absent": node.value}
        value = self.value.read(node, reading)
        return {} if value is INVALID else {"value": value}

    @functools.cached_property
    def fields(self) -> dict[str, "Field"]:
        """The keys of a claim."""
        fields = dict(cast("StructShape", shape_of(Claim)).fields)
        fields["value"] = Field("value", _ClaimValue(self), required=True)
        fields["cite"] = msgspec.structs.replace(fields["cite"], required=False)
        return fields

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        value = {"anyOf": [{"enum": list(ABSENT)}, self.value.schema(definitions)]}
        claim = _object_schema(self.fields, definitions, "Claim")
        claim["properties"]["value"] = value
        return {"anyOf": [value, claim, {"type": "array", "items": claim, "minItems": 1}]}


class _ClaimValue(Shape):
    """The ``value`` key of a claim: the fact's own value, or a reserved word."""

    def __init__(self, fact: FactShape) -> None:
        self.fact = fact
        self.expected = fact.expected

    def read(self, node: Node, reading: Reading) -> Any:  # noqa: ANN401 - the fact's type
        if isinstance(node, Scalar) and node.plain and node.value in ABSENT:
            return _Absent(node.value)
        return self.fact.value.read(node, reading)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        return self.fact.value.schema(definitions)


class _Absent(str):
    """A reserved word that stands where a value could."""

    __slots__ = ()


class Field(msgspec.Struct, frozen=True):
    """A key of a mapping: the attribute it fills, its shape, and whether it must be there."""

    attribute: str
    shape: Shape
    required: bool
    description: str = ""
    flattened_into: str = ""


def _read_fields(
    node: Mapping, reading: Reading, fields: dict[str, Field], what: str
) -> dict[str, Any] | None:
    """Read a mapping's keys; ``None`` when a required one is missing or unreadable."""
    values: dict[str, Any] = {}
    complete = True
    before: Node | None = None
    for key, child in node.pairs:
        field = fields.get(key.value)
        if field is None:
            _report_unknown(key, child, before, reading, fields, what)
            continue
        before = child
        value = field.shape.read(child, reading)
        if value is INVALID:
            complete = complete and not field.required
        elif isinstance(value, _Absent):
            values["absent"] = str(value)
        elif field.flattened_into:
            values.setdefault(field.flattened_into, {})[field.attribute] = value
        else:
            values[field.attribute] = value
    return values if _nothing_missing(node, reading, fields, what) and complete else None


def _report_unknown(
    key: Scalar,
    value: Node,
    before: Node | None,
    reading: Reading,
    fields: dict[str, Field],
    what: str,
) -> None:
    """Report a key that is no field, with the one that was probably meant."""
    cut = cut_at_comma(before, key, value)
    fix = rejoined(before, key, reading.source) if cut else None
    message = f"{shown(key.value)} is not a field of {what}"

    def hint() -> str:
        return CUT_AT_COMMA if cut else _meant_field(key.value, fields)

    reading.problems.add(UNKNOWN_FIELD, key.place(reading.source), message, hint=hint, fix=fix)


def _meant_field(name: str, fields: dict[str, Field]) -> str:
    """Advice for a key that is no field: a field it resembles, means, or belongs into."""
    folded = re.sub(r"[\W]+", "_", name.casefold()).strip("_")
    if folded in fields:
        return f"did you mean `{folded}`?"
    if close := did_you_mean(name, fields):
        return close
    for field_name, field in fields.items():
        if isinstance(field.shape, ChoiceShape) and name in field.shape.choices:
            return f"that is a value: write `{field_name}: {name}`"
    holders = [outer for outer, field in fields.items() if folded in _inner_fields(field.shape)]
    if len(holders) in (1, 2):
        return f"`{folded}` is a field of {one_of(f'`{outer}`' for outer in holders)}"
    close_names = difflib.get_close_matches(folded, SYNONYMS, n=1, cutoff=0.8)
    meant = [f for name in close_names for f in SYNONYMS[name] if f in fields]
    if meant:
        return f"here it is called `{meant[0]}`"
    return f"the fields are {one_of(fields)}"


def _inner_fields(shape: Shape) -> dict[str, Field]:
    """The fields of the mappings that may stand in a list."""
    while isinstance(shape, ListShape):
        shape = shape.item
    if isinstance(shape, DateEntryShape):
        return shape.entry_fields
    if isinstance(shape, ShorthandShape):
        return shape.whole.fields
    return shape.fields if isinstance(shape, StructShape) else {}


def _nothing_missing(node: Mapping, reading: Reading, fields: dict[str, Field], what: str) -> bool:
    """Whether all required keys are there; those that are not are reported together."""
    present = {key.value for key, _ in node.pairs}
    missing = [name for name, f in fields.items() if f.required and name not in present]
    unknown = [key.value for key, _ in node.pairs if key.value not in fields]
    # One that is misspelled, or called by another name, has been reported as unknown.
    renamed = {field for name in unknown for field in SYNONYMS.get(name, ())}
    likely = unknown[:MAX_ALIKE]
    told = [name for name in missing if not did_you_mean(name, likely) and name not in renamed]
    if told and (present & set(fields) or not present):
        names = " and ".join(f"`{name}`" for name in told)
        message = f"{names} {'is' if len(told) == 1 else 'are'} missing: {what} needs "
        message += "it" if len(told) == 1 else "them"
        about = fields[told[0]]
        meaning = about.description or meanings.FIELDS.get(told[0])
        if not meaning and isinstance(about.shape, ChoiceShape):
            meaning = f"one of {about.shape.expected}"
        meaning = meaning or sentence(about.shape.expected)
        reading.problem(MISSING_FIELD, node, message, f"add `{told[0]}: …` ({meaning})")
    return not missing


class StructShape(Shape):
    """A mapping with the fields of a type."""

    def __init__(self, kind: type[msgspec.Struct]) -> None:
        self.kind = kind
        self.name = _title(kind)
        self.expected = f"a mapping: {self.name}"
        self.fields = _fields_of(kind)
        self.flattened = {
            f.flattened_into: _flattened_type(kind, f.flattened_into)
            for f in self.fields.values()
            if f.flattened_into
        }

    @property
    def example(self) -> str:
        required = [name for name, field in self.fields.items() if field.required]
        return "{" + ", ".join(f"{name}: …" for name in required or list(self.fields)[:2]) + "}"

    def read(self, node: Node, reading: Reading) -> Any:  # noqa: ANN401 - the struct's type
        if not isinstance(node, Mapping):
            found = "a list" if isinstance(node, Sequence) else "text"
            return reading.problem(
                WRONG_TYPE,
                node,
                f"expected {self.name} as a mapping, found {found}",
                f"write it as {self.example}; the fields are {one_of(self.fields)}",
            )
        outer = reading.cite
        self._set_default_citation(node, reading)
        values = _read_fields(node, reading, self.fields, self.name)
        if values is not None and "cite" in self.fields:
            values["cite"] = reading.cite
            self._check_sourced(node, reading)
        reading.cite = outer
        if values is None:
            return INVALID
        for attribute, kind in self.flattened.items():
            values[attribute] = kind(**values.get(attribute, {}))
        return self.kind(**values)

    def _set_default_citation(self, node: Mapping, reading: Reading) -> None:
        """A ``cite`` beside facts is the default of the facts inside."""
        cite = node.get("cite")
        if cite is not None and "cite" in self.fields:
            quiet = Reading(reading.source, Problems())
            value = self.fields["cite"].shape.read(cite, quiet)
            if value is not INVALID:
                reading.cite = value

    def _check_sourced(self, node: Mapping, reading: Reading) -> None:
        """Whatever can be cited, except a record as a whole, must be."""
        if not reading.cite and not issubclass(self.kind, Record) and node.get("cite") is None:
            reading.unsourced.append((node, self.name.partition(" ")[2]))

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        name = self.kind.__name__
        if name not in definitions:
            definitions[name] = {}  # a place, in case the type refers to itself
            definitions[name] = _object_schema(self.fields, definitions, name)
            definitions[name]["description"] = (self.kind.__doc__ or "").split("\n")[0]
        return {"$ref": f"#/$defs/{name}"}


class DateEntryShape(StructShape):
    """A date with its meaning; remarks beside ``on`` belong to its claim."""

    remarks = ("basis", "note", "why", "quote")

    def __init__(self) -> None:
        super().__init__(DateEntry)
        claim = cast("StructShape", shape_of(Claim)).fields
        cite = msgspec.structs.replace(claim["cite"], required=False)
        self.entry_fields = self.fields | {name: claim[name] for name in self.remarks}
        self.entry_fields["cite"] = cite

    def read(self, node: Node, reading: Reading) -> DateEntry | Invalid:
        if not isinstance(node, Mapping):
            return cast("Invalid", super().read(node, reading))
        outer = reading.cite
        cite = node.get("cite")
        if cite is not None:
            value = self.entry_fields["cite"].shape.read(cite, Reading(reading.source, Problems()))
            reading.cite = outer if value is INVALID else value
        values = _read_fields(node, reading, self.entry_fields, "a date")
        reading.cite = outer
        if values is None:
            return INVALID
        values.pop("cite", None)
        remarks = {name: values.pop(name) for name in self.remarks if name in values}
        if remarks:
            values["on"] = _with_remarks(values["on"], remarks)
        return DateEntry(**values)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        if "DateEntry" not in definitions:
            definitions["DateEntry"] = _object_schema(self.entry_fields, definitions, "DateEntry")
        return {"$ref": "#/$defs/DateEntry"}


def _with_remarks(fact: Fact[Any], remarks: dict[str, Any]) -> Fact[Any]:
    """Give the remarks beside a date to its first claim, where that makes none of its own."""
    first, *others = fact.claims
    defaults = {"basis": "disclosed", "note": None, "why": None, "quote": ""}
    own = {name: text for name, text in remarks.items() if getattr(first, name) == defaults[name]}
    return Fact((msgspec.structs.replace(first, **own), *others))


class ShorthandShape(Shape):
    """A mapping, or just the text of its one required key."""

    def __init__(self, kind: type[msgspec.Struct], key: str) -> None:
        self.whole = StructShape(kind)
        self.key = key
        self.expected = f"an id, or a mapping: {self.whole.name}"

    def read(self, node: Node, reading: Reading) -> Any:  # noqa: ANN401 - the struct's type
        if isinstance(node, Mapping):
            return self.whole.read(node, reading)
        value = self.whole.fields[self.key].shape.read(node, reading)
        return INVALID if value is INVALID else self.whole.kind(**{self.key: value})

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        key = self.whole.fields[self.key].shape.schema(definitions)
        return {"anyOf": [key, self.whole.schema(definitions)]}


def _with_scheme(text: str) -> str:
    return f"https://{text}" if re.match(r"(www\.)?[\w-]+(\.[\w-]+)+(/|$)", text) else ""


_COUNTRIES = {
    "usa": "US", "u.s.": "US", "united states": "US", "america": "US", "uk": "GB",
    "united kingdom": "GB", "england": "GB", "china": "CN", "korea": "KR", "south korea": "KR",
    "republic of korea": "KR", "france": "FR", "germany": "DE", "canada": "CA", "japan": "JP",
    "israel": "IL", "uae": "AE", "united arab emirates": "AE", "singapore": "SG", "india": "IN",
    "switzerland": "CH", "netherlands": "NL",
}  # fmt: skip


def _country(text: str) -> str:
    return text.upper() if len(text) == 2 and text != "uk" else _COUNTRIES.get(text.casefold(), "")


def _arxiv(text: str) -> str:
    """The number in an address or in ``arXiv:2302.13971``."""
    match = re.search(r"\d{4}\.\d{4,5}(?:v\d+)?", text)
    return match[0] if match else ""


ID_PATTERN = r"[a-z0-9]+(?:[.-][a-z0-9]+)*"
_ANY_TEXT = TextShape("text")
FORMS: dict[str, Shape] = {
    "id": TextShape(
        "an id such as gpt-4, or families/gpt",
        rf"(?:[a-z]+/)?{ID_PATTERN}",
        "ids are lower-case ASCII letters, digits, `.` and `-`",
        (as_id,),
    ),
    "new-id": TextShape(
        "an id such as llama-7b",
        ID_PATTERN,
        "ids are lower-case ASCII letters, digits, `.` and `-`",
        (as_id,),
    ),
    "url": TextShape(
        "an address that starts with https:// or http://",
        r"https?://[\w.:@%~!$&'()*+,;=-]+(?:[/?#][^\s<>\"]*)?",
        "copy it from the browser's address bar, where it has no spaces",
        (_with_scheme,),
    ),
    "license": LicenseShape(
        "a licence",
        hint="use an SPDX expression such as Apache-2.0, or LicenseRef- and a name of your own",
    ),
    "country": TextShape(
        "a country's two letters (ISO 3166), such as FR", r"[A-Z]{2}", suggestions=(_country,)
    ),
    "language": LanguageShape(),
    "arxiv": TextShape(
        "an arXiv number such as 2302.13971",
        r"\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}",
        suggestions=(_arxiv,),
    ),
}
_LEAVES: dict[Any, Shape] = {
    str: _ANY_TEXT,
    bool: FlagShape(),
    dates.PartialDate: ParsedShape(
        dates.parse_date, dates.EXPECTED, BAD_DATE, as_date, dates.PATTERN
    ),
    quantities.Quantity: ParsedShape(
        quantities.parse_quantity, quantities.EXPECTED, BAD_QUANTITY, as_quantity,
        quantities.PATTERN,
    ),
    quantities.Money: ParsedShape(
        quantities.parse_money, quantities.EXPECTED_MONEY, BAD_QUANTITY, as_money,
        quantities.MONEY_PATTERN,
    ),
    quantities.Size: SizeShape(),
    Text: LocalTextShape(),
    Citation: CitationShape(),
}  # fmt: skip


@functools.cache
def shape_of(annotation: Any) -> Shape:  # noqa: ANN401, PLR0911 - one return a form
    """Return the shape of a type as it is written in the record types."""
    annotation, meta = _unwrap(annotation)
    if form := meta.get("form"):
        return FORMS[form]
    if isinstance(annotation, TypeVar):
        return _ANY_TEXT  # whoever holds the generic type reads the value itself
    if annotation in _LEAVES:
        return _LEAVES[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return ChoiceShape(arguments)
    if origin is tuple:
        item = arguments[0]
        if key := meta.get("shorthand"):
            return ListShape(ShorthandShape(item, key), single=True)
        return ListShape(shape_of(item), single=item is Citation)
    if origin is Fact:
        return FactShape(shape_of(arguments[0]))
    if annotation is DateEntry:
        return DateEntryShape()
    return StructShape(origin or annotation)


def _unwrap(annotation: Any) -> tuple[Any, dict[str, Any]]:  # noqa: ANN401 - a type
    """Return a type without ``Annotated`` and ``| None``, and what its ``Meta`` adds."""
    extra: dict[str, Any] = {}
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            annotation, *metas = typing.get_args(annotation)
            for meta in metas:
                if isinstance(meta, Meta):
                    extra |= {"description": meta.description} if meta.description else {}
                    extra |= meta.extra or {}
        elif origin in (typing.Union, types.UnionType):
            annotation = next(a for a in typing.get_args(annotation) if a is not types.NoneType)
        else:
            return annotation, extra


def _fields_of(kind: type[msgspec.Struct]) -> dict[str, Field]:
    """Return a type's keys as a file writes them."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields: dict[str, Field] = {}
    for info in msgspec.structs.fields(kind):
        hint = hints[info.name]
        bare, meta = _unwrap(hint)
        if meta.get("flatten"):
            inner = _fields_of(bare)
            fields |= {
                key: msgspec.structs.replace(field, flattened_into=info.name)
                for key, field in inner.items()
            }
        elif (key := meta.get("key", info.encode_name)) is not None:
            required = info.default is NODEFAULT and info.default_factory is NODEFAULT
            fields[key] = Field(info.name, shape_of(hint), required, meta.get("description", ""))
    return fields


def _flattened_type(kind: type[msgspec.Struct], attribute: str) -> type[msgspec.Struct]:
    hint = typing.get_type_hints(kind, include_extras=True)[attribute]
    return cast("type[msgspec.Struct]", _unwrap(hint)[0])


def _object_schema(fields: dict[str, Field], definitions: dict[str, Schema], kind: str) -> Schema:
    properties = {}
    for name, field in fields.items():
        schema = field.shape.schema(definitions)
        own = meanings.FIELDS.get(f"{kind}.{name}")
        if told := own or field.description or meanings.FIELDS.get(name):
            schema = {**schema, "description": told}
        choices = meanings.CHOICES.get(f"{kind}.{name}") or meanings.CHOICES.get(name)
        if choices and set(schema.get("enum", ())) <= set(choices):
            schema["markdownEnumDescriptions"] = [choices[c] for c in schema.get("enum", ())]
        properties[name] = schema
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
    }


def _title(kind: type[msgspec.Struct]) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()
    words = {"access": "access phase", "site settings": "site's settings"}.get(words, words)
    if words == "modalities":
        return words
    return ("an " if words[0] in "aeiou" else "a ") + words


def check_headline(record: Part, root: Node, source: SourceText, problems: Problems) -> None:
    """Report a record whose dates do not name exactly one headline."""
    entries: tuple[DateEntry, ...] = getattr(record, "dates", ())
    headlines = [i for i, entry in enumerate(entries) if entry.headline]
    if len(entries) <= 1 or len(headlines) == 1:
        return
    dates = root.get("dates") if isinstance(root, Mapping) else None
    written = [n.get("headline") for n in getattr(dates, "items", ()) if isinstance(n, Mapping)]
    if not headlines and any(written):
        return  # one that could not be read has been reported
    if headlines:
        first, second = (
            (locate(root, ("dates", number, "headline")) or root).place(source)
            for number in headlines[:2]
        )
        related = (("the other headline", first),)
        message = "two dates are the headline"
        problems.add(HEADLINE, second, message, hint="keep one", related=related)
    else:
        keys = [key for key, _ in root.pairs] if isinstance(root, Mapping) else []
        place = next((k for k in keys if k.value == "dates"), root).place(source)
        problems.add(
            HEADLINE,
            place,
            "none of the dates is the headline",
            hint="add `headline: true` to the date that the timeline should use",
        )
