"""Questions to the history: ``first(models, weights="public", parameters__gt="100B")``.

A query is one call: a function, the kind of records it looks at, and filters. It is parsed
as a Python expression and then walked: only such a call with constants is one, nothing in it
is ever executed.

Functions: ``first`` and ``last`` (by date), ``most`` and ``least`` (of a measured fact given
as ``by=``), ``all``, ``count``. Filters are ``field=value`` or ``field__op=value`` with the
operators ``gt ge lt le ne``; ``on="2023-03"`` looks at the field as it stood at the end of
that time; ``descends_from="llama"``, ``uses="rlhf"`` and ``trained_on="c4"`` follow lineage.
"""

import ast
import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from llm_history.content.dates import PartialDate, parse_date
from llm_history.content.facts import Fact, Status
from llm_history.content.quantities import Quantity, Size, parse_quantity
from llm_history.content.records import (
    FACT_NAMES,
    KINDS,
    Access,
    Dated,
    Model,
    ModelFacts,
    Organization,
    Record,
)
from llm_history.diagnostics import did_you_mean, one_of
from llm_history.history import History, headline_date, inherited_facts
from llm_history.history.access import in_force, mark_of
from llm_history.history.derived import derived

if TYPE_CHECKING:
    from llm_history.history.reads import Cell

FUNCTIONS = ("first", "last", "most", "least", "all", "count")
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "gt": lambda a, b: bool(a > b),
    "ge": lambda a, b: bool(a >= b),
    "lt": lambda a, b: bool(a < b),
    "le": lambda a, b: bool(a <= b),
}
_NUMBERS = ("parameters", "active_parameters", "training_tokens", "training_compute",
            "context_window", "vocabulary", "layers", "d_model", "heads")  # fmt: skip
_WORDS = ("id", "name", "kind", "family", "organization", "country", "architecture", "license",
          "weights", "access", "input", "output", "mark", "status", "type")  # fmt: skip
_RELATIONS = ("descends_from", "uses", "trained_on")
_OF_A_PART = (*_NUMBERS, "architecture", "license", "weights", "access", "input", "output", "mark",
              "undisclosed", "disputed")  # fmt: skip
FIELDS = (*_NUMBERS, *_WORDS, *_RELATIONS, "date", "year", "on", "undisclosed", "disputed")
"""What a query can ask for."""


class QueryError(ValueError):
    """A query that cannot be understood; ``hint`` may say what was meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Answer(msgspec.Struct, frozen=True):
    """What a query found: records in the order of time, and for a count their number."""

    records: tuple[Record, ...]
    is_count: bool = False
    measure: str = ""
    """For ``most`` and ``least``, the fact that was compared."""

    def __str__(self) -> str:
        if self.is_count:
            return str(len(self.records))
        return ", ".join(record.id for record in self.records)


class Query(msgspec.Struct, frozen=True):
    """A query, understood: what to do with which records."""

    function: str
    kind: str
    by: str
    filters: tuple[tuple[str, str, str], ...]
    """Field, operator and value of each filter, as written."""


def parse_query(text: str) -> Query:
    """Return the query that ``text`` writes. Raises QueryError."""
    try:
        call = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise QueryError(f"`{text}` is not a query", _EXAMPLE) from error
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise QueryError(f"`{text}` is not a query", _EXAMPLE)
    function = call.func.id
    if function not in FUNCTIONS:
        hint = did_you_mean(function, FUNCTIONS) or _EXAMPLE
        raise QueryError(f"`{function}` is not a function of queries", hint)
    if len(call.args) != 1 or not isinstance(call.args[0], ast.Name):
        raise QueryError(f"`{function}` takes one kind of records and filters", _EXAMPLE)
    kind = call.args[0].id
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or f"the kinds are {one_of(KINDS)}"
        raise QueryError(f"`{kind}` is not a kind of records", hint)
    by, filters = "", []
    for keyword in call.keywords:
        if keyword.arg is None or not isinstance(keyword.value, ast.Constant):
            raise QueryError("a filter is a name and a text or a number", _EXAMPLE)
        value = str(keyword.value.value)
        if keyword.arg == "by":
            by = value
        else:
            filters.append(_filter(keyword.arg, value))
    if function in ("most", "least") and by not in _NUMBERS:
        hint = did_you_mean(by, _NUMBERS) or f"one of {', '.join(_NUMBERS)}"
        raise QueryError(f'`{function}` needs a number to compare: by="parameters"', hint)
    return Query(function, kind, by, tuple(filters))


_EXAMPLE = 'a query looks like first(models, weights="public", parameters__gt="100B")'


def _filter(name: str, value: str) -> tuple[str, str, str]:
    field, _, operator = name.partition("__")
    if field not in FIELDS:
        hint = did_you_mean(field, FIELDS) or f"the fields are {one_of(FIELDS)}"
        raise QueryError(f"`{field}` is not a field of queries", hint)
    if operator not in _OPERATORS:
        hint = f"the operators are {one_of(o for o in _OPERATORS if o)}"
        raise QueryError(f"`{operator}` is not an operator", hint)
    if field in (*_RELATIONS, "on") and operator:
        raise QueryError(f"`{field}` takes no operator")
    try:
        if field in _NUMBERS:
            parse_quantity(value)
        elif field in ("date", "on"):
            parse_date(value)
        elif field == "year":
            int(value)
    except ValueError as error:
        raise QueryError(f"`{field}`: {error}") from error
    return field, operator, value


class Desk:
    """Answers queries about one history, each of them once."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._answers: dict[Query, tuple[Answer, set[Cell]]] = {}

    def ask(self, query: Query) -> Answer:
        """Return what a query finds, in the order of time."""
        if query not in self._answers:
            with self.history.reads.listen() as cells:
                self._answers[query] = self._answer(query), cells
        answer, cells = self._answers[query]
        self.history.reads.note_all(cells)
        return answer

    def _answer(self, query: Query) -> Answer:
        passes = self._test(query)
        found = [record for record in self._of_kind(query.kind) if passes(record)]
        if query.function == "count":
            return Answer(tuple(found), is_count=True)
        if query.function in ("most", "least"):
            return _extreme(found, query)
        if query.function in ("first", "last"):
            dated = [record for record in found if headline_date(record)]
            return Answer(tuple(dated[:1] if query.function == "first" else dated[-1:]))
        return Answer(tuple(found))

    def _of_kind(self, kind: str) -> tuple[Record, ...]:
        if kind == "models":
            return self.history.models
        if kind == "events":
            return self.history.events
        records = self.history.records(kind)
        return tuple(sorted(records, key=lambda r: (_order(headline_date(r)), r.id)))

    def _test(self, query: Query) -> Callable[[Record], bool]:
        """Return whether a record, and of a model at least one variant, is all that is asked."""
        of_parts = any(field in _OF_A_PART for field, _, _ in query.filters)
        parts_of = _parts_that_pass(query)
        rest = [self._record_filter(*f) for f in query.filters if f[0] not in _OF_A_PART]

        def passes(record: Record) -> bool:
            if of_parts and not parts_of(record):
                return False
            return all(test(record) for test in rest)

        return passes

    def _record_filter(self, field: str, operator: str, value: str) -> Callable[[Record], bool]:
        """Return whether a record passes a filter that no variant answers for itself."""
        if field == "descends_from":
            target = self.history.find(value, "models")
            kinship = self.history.kinship
            descendants = kinship.descendants(target.record.id) if target else frozenset()
            return lambda record: record.id in descendants
        if field in _RELATIONS:
            relation = "uses-technique" if field == "uses" else "trained-on"
            return lambda record: any(
                edge.relation == relation and edge.to == value
                for edge in (record.lineage if isinstance(record, Dated) else ())
            )
        if field in ("date", "year", "on"):
            test = _date_filter(field, operator, value)
            return lambda record: (date := headline_date(record)) is not None and test(date)
        if operator == "ne":
            return lambda record: value not in self._words(record, field)
        return lambda record: value in self._words(record, field)

    def _words(self, record: Record, field: str) -> set[str]:
        if field in ("id", "name", "kind", "family", "type"):
            return {str(getattr(record, field, "") or "")}
        if field == "organization" and isinstance(record, Dated):
            return {role.id for role in record.organization}
        if field == "country":
            return self._countries(record)
        return set()

    def _countries(self, record: Record) -> set[str]:
        if isinstance(record, Organization):
            organizations = [record]
        else:
            roles = record.organization if isinstance(record, Dated) else ()
            known = self.history.organizations
            organizations = [known[role.id] for role in roles if role.id in known]
        return {str(o.country.known) for o in organizations if o.country and o.country.known}


class _Part(msgspec.Struct, frozen=True):
    """A variant of a model, or a model without any: its facts, inherited ones too."""

    facts: ModelFacts
    phases: tuple[Access, ...]
    date: PartialDate | None

    def words(self, field: str, day: datetime.date | None) -> set[str]:
        """Return what a field says, or said on a day."""
        phases = [phase for phase in self.phases if in_force(phase, day)]
        if field == "mark":
            return {mark_of(self.phases, day).value}
        if field == "weights":
            return {phase.state for phase in phases if phase.kind == "weights"}
        if field == "access":
            return {phase.kind for phase in phases if phase.state != "never-released"}
        if field == "license":
            return {phase.license for phase in phases if phase.license}
        return set(_fact_words(self.facts, field))


@derived
def _parts_of(model: Model) -> Iterator[_Part]:
    date = headline_date(model)
    if not model.variants:
        yield _Part(model.facts, model.access, date)
    for variant in model.variants:
        own = variant.dates[0].on.known if variant.dates else date
        yield _Part(inherited_facts(model, variant), variant.access or model.access, own)


def _parts_that_pass(query: Query) -> Callable[[Record], list[_Part]]:
    """Return how to find the variants of a model that pass what is asked of each of them."""
    day = next((parse_date(value).last_day for field, _, value in query.filters if field == "on"),
               None)  # fmt: skip
    tests = [_part_filter(*f, day) for f in query.filters if f[0] in _OF_A_PART or f[0] == "on"]

    def parts_of(record: Record) -> list[_Part]:
        parts = _parts_of(record) if isinstance(record, Model) else ()
        return [part for part in parts if all(test(part) for test in tests)]

    return parts_of


def _part_filter(
    field: str, operator: str, value: str, day: datetime.date | None
) -> Callable[[_Part], bool]:
    if field == "on":
        there = _date_filter(field, operator, value)
        return lambda part: part.date is None or there(part.date)
    if field in _NUMBERS:
        compare, wanted = _OPERATORS[operator], parse_quantity(value).middle
        return lambda part: (n := _number(part, field)) is not None and compare(n, wanted)
    if operator == "ne":
        return lambda part: value not in part.words(field, day)
    return lambda part: value in part.words(field, day)


def _extreme(records: Iterable[Record], query: Query) -> Answer:
    sign = 1 if query.function == "most" else -1
    parts_of = _parts_that_pass(query)
    known = []
    for record in records:
        found = (_number(part, query.by) for part in parts_of(record))
        numbers = [number for number in found if number is not None]
        if numbers:
            known.append((max(number * sign for number in numbers), record))
    best = max((number for number, _ in known), default=None)
    return Answer(tuple(r for number, r in known if number == best), measure=query.by)


def _fact_words(facts: ModelFacts, field: str) -> Iterator[str]:
    if field in ("undisclosed", "disputed"):
        for name in FACT_NAMES:
            fact: Fact[object] | None = getattr(facts, name)
            silent = fact and any(claim.absent == "undisclosed" for claim in fact.standing)
            if fact and (silent if field == "undisclosed" else fact.status is Status.DISPUTED):
                yield name
    elif field == "architecture":
        if facts.architecture and facts.architecture.known:
            yield facts.architecture.known
    elif facts.modalities and facts.modalities.known:
        yield from getattr(facts.modalities.known, field, ())


def _number(part: _Part, field: str) -> float | None:
    """Return the number that a fact has."""
    fact = getattr(part.facts, "parameters" if field == "active_parameters" else field)
    value = fact.known if fact else None
    if isinstance(value, Size):
        value = value.active if field == "active_parameters" else value.total
    return float(value.middle) if isinstance(value, Quantity) else None


def _date_filter(field: str, operator: str, value: str) -> Callable[[PartialDate], bool]:
    compare = _OPERATORS[operator]
    if field == "year":
        year = int(value)
        return lambda date: compare(date.year, year)
    wanted = parse_date(value)
    if field == "on":
        return lambda date: date.first_day <= wanted.last_day
    if operator in ("", "ne"):
        inside = operator == ""
        return lambda date: (wanted.first_day <= date.first_day <= wanted.last_day) is inside
    edge = wanted.last_day if operator in ("gt", "le") else wanted.first_day
    return lambda date: compare(date.first_day, edge)


def _order(date: PartialDate | None) -> tuple[Any, ...]:
    return (1,) if date is None else (0, *date.sort_key)


class Assertion(msgspec.Struct, frozen=True):
    """What prose claims: ``most(models, by="parameters", on="2020-06") == gpt-3``."""

    query: Query
    operator: str
    expected: str


_COMPARISONS = {"==": "", "!=": "ne", ">=": "ge", "<=": "le", ">": "gt", "<": "lt"}


def parse_assertion(text: str) -> Assertion:
    """Return the assertion that ``text`` writes. Raises QueryError."""
    head, parenthesis, tail = text.rpartition(")")
    tail = tail.strip()
    operator = next((sign for sign in _COMPARISONS if tail.startswith(sign)), None)
    if not parenthesis or operator is None:
        example = 'most(models, by="parameters", on="2020-06") == gpt-3'
        raise QueryError(f"`{text}` claims nothing", f"an assertion looks like {example}")
    expected = tail.removeprefix(operator).strip().strip("\"'")
    return Assertion(parse_query(head + parenthesis), operator, expected)


def holds(assertion: Assertion, answer: Answer) -> bool:
    """Whether an answer is what an assertion claims: a number, or ids with commas."""
    compare = _OPERATORS[_COMPARISONS[assertion.operator]]
    if answer.is_count:
        try:
            return compare(len(answer.records), int(assertion.expected))
        except ValueError:
            return False
    wanted = {part.strip() for part in assertion.expected.split(",") if part.strip()}
    return compare({record.id for record in answer.records}, wanted)
