"""The linked whole: references resolved, neighbours known, names found in prose.

It is rebuilt from the records on every build, whole and without looking at anything
else, so that it cannot be out of date.
"""

import copy
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from llm_history.content.dates import PartialDate
from llm_history.content.facts import Citation, Fact, Text, first_sentence
from llm_history.content.load import Content, Note
from llm_history.content.records import (
    FACT_NAMES,
    KINDS,
    Audit,
    Benchmark,
    Dated,
    Edge,
    Event,
    Exclusion,
    Family,
    Model,
    ModelFacts,
    Organization,
    Record,
    Result,
    Variant,
)
from llm_history.history.access import Mark, all_phases, mark_of
from llm_history.history.checks import citations
from llm_history.history.derived import derived
from llm_history.history.index import Index, Target
from llm_history.history.lineage import Kinship, Step, steps_among
from llm_history.history.mentions import Mention, Name, Names
from llm_history.history.reads import Cell, Reads, Table

V = TypeVar("V")

LISTS = frozenset({"models", "measured", "outlined", "introduced", "events", "notes", "records"})
"""What of a history is read as a list of many things, beside whole tables."""


_IN_PART = frozenset({"measured", "outlined", "introduced", "checked"})
"""What is read of all models or records in part; other edits of them change nothing of it."""


class Incoming(msgspec.Struct, frozen=True):
    """An edge of lineage seen from its older end."""

    edge: Edge
    source: Dated
    variant: Variant | None = None


class Backlink(msgspec.Struct, frozen=True):
    """A sentence of a note that names a record."""

    note: Note
    mention: Mention


class History:
    """All records of a site, linked; built once, then only read.

    What is read of it is noted in ``reads``. The tables go by a record's id within its kind,
    or by its key among all kinds (``models/gpt-4``).
    """

    def __init__(self, content: Content, index: Index) -> None:
        self.reads = Reads()
        self.content = content
        self.index = index
        self._models: tuple[Model, ...] = sorted_by_date(content.of(Model))
        self._events = tuple(sorted(content.of(Event), key=lambda e: (_date_key(e.on.known), e.id)))
        self._months = _months(self._models)
        self._tables: dict[str, Table[Any]] = {}
        self.marks = self._table("marks", {m.id: mark_of(all_phases(m)) for m in self._models})
        self.organizations = self._table(
            "organizations", {org.id: org for org in content.of(Organization)}
        )
        self.families = self._table(
            "families", {family.id: family for family in content.of(Family)}
        )
        self.sources = self._table("sources", content.sources)
        self.model = self._table("model", {model.id: model for model in self._models})
        self.outline = self._table("outline", {m.id: outline(m)[0] for m in self._models})
        introductions = {m.id: introduction(m)[0] for m in self._models}
        self.introduction = self._table("introduction", introductions)
        self._link()
        self._all_names = tuple(self._names())

    def _table(self, name: str, entries: Mapping[str, V]) -> Table[V]:
        self._tables[name] = table = Table(name, self.reads, entries)
        return table

    def _link(self) -> None:
        by_organization: dict[str, list[Dated]] = defaultdict(list)
        by_family: dict[str, list[Model]] = defaultdict(list)  # outlines
        incoming: dict[str, list[Incoming]] = defaultdict(list)
        results: dict[str, list[tuple[Model, Result]]] = defaultdict(list)
        cited_by: dict[str, dict[str, tuple[Record, list[Citation]]]] = defaultdict(dict)
        for kind, kind_type in KINDS.items():
            for record in sorted_by_date(self.content.of(kind_type)):
                _link_citations(kind, record, cited_by)
                if isinstance(record, Dated):
                    for role in record.organization:
                        by_organization[role.id].append(record)
                    for edge in record.lineage:
                        if target := self.index.find(edge.to):
                            incoming[target.key].append(Incoming(edge, record, target.variant))
        for model in self._models:
            if model.family:
                by_family[model.family].append(outline(model)[0])
            for result in model.results:
                results[result.benchmark].append((model, result))
        self.by_organization = self._table("by_organization", by_organization)
        self.by_family = self._table("by_family", by_family)
        self.incoming = self._table("incoming", incoming)
        self.built_on = self._table(
            "built_on", {key: len(found) for key, found in incoming.items()}
        )
        self.results = self._table("results", results)
        self.cited_by = self._table("cited_by", cited_by)
        self._link_lineage()
        self._link_prose()
        self.cited = self._table("cited", {key: self._count(key) for key in self.content.sources})

    def _count(self, source: str) -> int:
        """How many records and notes cite a source."""
        return len(self.cited_by.get(source, ())) + len(self.notes_citing.get(source, ()))

    def _link_lineage(self) -> None:
        up: dict[str, list[Step]] = defaultdict(list)
        down: dict[str, list[Step]] = defaultdict(list)
        for step in steps_among(self._models, self.index):
            up[step.child].append(step)
            down[step.parent].append(step)
        self.kinship = Kinship(self._table("up", up), self._table("down", down))

    def _link_prose(self) -> None:
        events_about: dict[str, list[Event]] = defaultdict(list)
        notes_about: dict[str, list[Note]] = defaultdict(list)
        notes_citing: dict[str, list[Note]] = defaultdict(list)
        works: dict[str, list[Note]] = defaultdict(list)
        for event in self._events:
            for key in self.keys(event.about):
                events_about[key].append(event)
        for note in self.content.notes:
            for source in dict.fromkeys(citation.source for citation in citations_in(note)):
                notes_citing[source].append(note)
            works[note.work].append(note)
            for key in self.keys(note.matter.about):
                notes_about[key].append(note)
        self.events_about = self._table("events_about", events_about)
        self.notes_about = self._table("notes_about", notes_about)
        self.notes_citing = self._table("notes_citing", notes_citing)
        self.works = self._table("works", works)
        notes = self.content.notes
        self.note_at = self._table("note_at", {note.path: note.id for note in notes})
        self.note = self._table("note", {note.id: note for note in notes})
        named = {note.title.casefold(): note.id for note in notes}
        self.note_named = self._table("note_named", named | {note.id: note.id for note in notes})

    def keys(self, references: tuple[str, ...]) -> tuple[str, ...]:
        """The records that some ids name, each once."""
        found = (self.index.find(reference) for reference in references)
        return tuple(dict.fromkeys(target.key for target in found if target))

    def things(self) -> Iterator[object]:
        """Yield all records and notes, and what models are without their words."""
        for records in self.content.records.values():
            yield from records
        yield from self.content.notes
        yield from self._measured
        yield from self._outlined
        yield from self._introduced

    def edited(self, edits: Mapping[str, Mapping[str, Any]], **parts: object) -> "History":
        """Return a copy with other entries in its tables, and other ``parts`` of itself."""
        reads = Reads()
        tables = {
            name: table.replaced(reads, edits.get(name, {})) for name, table in self._tables.items()
        }
        found = copy.copy(self)
        for name in _IN_PART:  # worked out from the models, which may be others
            found.__dict__.pop(f"_{name}", None)
        found.__dict__ |= {name: table for name, table in tables.items() if hasattr(self, name)}
        kinship = Kinship(tables["up"], tables["down"])
        found.__dict__ |= {"reads": reads, "_tables": tables, "kinship": kinship, **parts}
        return found

    # --- What is read as a whole ---

    @property
    def models(self) -> tuple[Model, ...]:
        """All models in the order they came."""
        self.reads.note("models")
        return self._models

    @property
    def measured(self) -> tuple[Model, ...]:
        """All models with their facts, but no words about them: for what shows no words."""
        self.reads.note("measured")
        return self._measured

    @cached_property
    def _measured(self) -> tuple[Model, ...]:
        return tuple(without_words(model)[0] for model in self._models)

    @property
    def outlined(self) -> tuple[Model, ...]:
        """All models with their names, makers, dates and access, and nothing else."""
        self.reads.note("outlined")
        return self._outlined

    @cached_property
    def _outlined(self) -> tuple[Model, ...]:
        return tuple(outline(model)[0] for model in self._models)

    @property
    def introduced(self) -> tuple[Model, ...]:
        """All models as lists show them: their names, their facts, and one sentence about each."""
        self.reads.note("introduced")
        return self._introduced

    @cached_property
    def _introduced(self) -> tuple[Model, ...]:
        return tuple(introduction(model)[0] for model in self._models)

    @property
    def checked(self) -> Mapping[str, int]:
        """How many records were last checked in each month, as ``2026-11``, or never."""
        self.reads.note("checked")
        return self._checked

    @cached_property
    def _checked(self) -> Mapping[str, int]:
        every = (record for records in self.content.records.values() for record in records)
        return Counter(str(record.checked)[:7] if record.checked else "" for record in every)

    @property
    def events(self) -> tuple[Event, ...]:
        """All events in the order they happened."""
        self.reads.note("events")
        return self._events

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes in the order of their paths."""
        self.reads.note("notes")
        return self.content.notes

    @property
    def months(self) -> range:
        """The months from the first model's to the last one's, as ``year * 12 + month - 1``."""
        self.reads.note("months")
        return self._months

    @property
    def files(self) -> frozenset[str]:
        """The files in ``content/`` that notes may show, by path."""
        self.reads.note("files")
        return self.content.files

    @property
    def excluded(self) -> tuple[Exclusion, ...]:
        """What was left out on purpose, and why."""
        self.reads.note("excluded")
        return self.content.excluded

    @cached_property
    def _found_names(self) -> Names:
        return Names(self._all_names)

    @property
    def names(self) -> Names:
        """The names that notes may use."""
        self.reads.note("names")
        return self._found_names

    def records(self, kind: str) -> tuple[Record, ...]:
        """Return all records of a kind in the order of their files."""
        self.reads.note("records", kind)
        return self.content.records[kind]

    def find(self, reference: str, kind: str = "") -> Target | None:
        """Return what ``reference`` names, among one kind or in the order of look-up."""
        self.reads.note("find", reference, kind)
        return self.index.find(reference, kind)

    def ids(self) -> Iterator[str]:
        """Yield all ids, for a hint at what could have been meant."""
        for kind in KINDS:
            self.reads.note("records", kind)
        return self.index.ids()

    def is_broken(self, reference: str) -> bool:
        """Whether a record of that id exists but could not be read."""
        self.reads.note("broken")
        return self.index.is_broken(reference)

    @property
    def audits(self) -> tuple[Audit, ...]:
        """What people found who compared facts with their sources."""
        self.reads.note("audits")
        return self.content.audits

    def table(self, name: str) -> Table[Any] | None:
        """Return the table of that name, if it is one."""
        return self._tables.get(name)

    def inputs(self, name: str) -> tuple[str, ...]:
        """Return what cells of that name are worked out from: each is looked at by itself."""
        return ()

    def cell(self, cell: Cell) -> object:
        """Return what a cell of no table holds, to be compared with what it held before."""
        name, *key = cell
        if name == "find":
            return self.index.find(*key)
        if name == "records":
            return self.content.records[key[0]]
        if name in _IN_PART:
            return getattr(self, f"_{name}")
        if name == "neighbours":
            return self._neighbours(key[0], int(key[1]))
        return {
            "models": self._models,
            "events": self._events,
            "notes": self.content.notes,
            "months": self._months,
            "files": self.content.files,
            "excluded": self.content.excluded,
            "names": self._all_names,
            "broken": self.content.broken,
            "audits": self.content.audits,
        }[name]

    def _names(self) -> list[Name]:
        """The names that notes may use, each for the first record that claims it."""
        found: dict[str, Name] = {}
        hidden: set[str] = set()

        def claim(text: str, key: str, url: str) -> None:
            found.setdefault(text, Name(text, key, url))

        for kind in ("models", "techniques", "datasets", "benchmarks", "hardware", "events",
                     "organizations"):  # fmt: skip
            for record in self.content.records[kind]:
                hidden.update(record.no_auto_link)
                key = f"{kind}/{record.id}"
                for text in (record.name, *record.also_known_as):
                    claim(text, key, f"{key}/")
                if isinstance(record, Model):
                    for variant in record.variants:
                        target = Target(kind, record, variant)
                        for text in (target.name, *variant.also_known_as):
                            claim(text, key, target.url)
        return [name for text, name in found.items() if text not in hidden]

    def benchmark(self, reference: str) -> Benchmark | None:
        """Return a benchmark by its id."""
        target = self.find(reference, "benchmarks")
        return target.record if target and isinstance(target.record, Benchmark) else None

    def organization(self, record: Dated | Family) -> Organization | None:
        """Return the first of a record's organizations."""
        return next(
            (self.organizations[r.id] for r in record.organization if r.id in self.organizations),
            None,
        )

    def neighbours(self, model: Model, reach: int) -> tuple[tuple[Model, ...], tuple[Model, ...]]:
        """Return outlines of the models before and after one in time, ``reach`` of each."""
        self.reads.note("neighbours", model.id, str(reach))
        return self._neighbours(model.id, reach)

    def _neighbours(self, model_id: str, reach: int) -> tuple[tuple[Model, ...], tuple[Model, ...]]:
        at = self._position.get(model_id)
        if at is None:
            return (), ()
        return self._outlined[max(0, at - reach) : at], self._outlined[at + 1 : at + reach + 1]

    @cached_property
    def _position(self) -> dict[str, int]:
        return {model.id: number for number, model in enumerate(self._models)}

    def mark(self, model: Model) -> Mark:
        """Return how far a model was released at most."""
        return self.marks[model.id]


def _months(models: tuple[Model, ...]) -> range:
    """The months from the first model's to the last one's, as ``year * 12 + month - 1``."""
    days = [date.first_day for model in models if (date := headline_date(model))]
    if not days:
        return range(0)
    first, last = days[0], max(days)
    return range(first.year * 12 + first.month - 1, last.year * 12 + last.month)


def _link_citations(
    kind: str, record: Record, cited_by: dict[str, dict[str, tuple[Record, list[Citation]]]]
) -> None:
    for _, citation in citations(record):
        _, found = cited_by[citation.source].setdefault(f"{kind}/{record.id}", (record, []))
        if citation not in found:
            found.append(citation)


@derived
def citations_in(note: Note) -> Iterator[Citation]:
    """Return what the text of a note cites, in its order."""
    return (Citation(*r.target.split("#", 1)) for r in note.document.citations)


@derived
def without_words(model: Model) -> Iterator[Model]:
    """Return a model without what is said about it in words, and without its other names."""
    yield msgspec.structs.replace(
        model, summary=None, also_known_as=(), no_auto_link=(), links=(), formerly=(), checked=None
    )


@derived
def introduction(model: Model) -> Iterator[Model]:
    """Return a model with no more than a sentence about it, and without what no list shows."""
    words = model.summary.by_language if model.summary else {}
    sentences = {language: first_sentence(text) for language, text in words.items()}
    yield msgspec.structs.replace(
        model,
        summary=Text(sentences) if words else None,
        no_auto_link=(),
        links=(),
        formerly=(),
        checked=None,
    )


@derived
def outline(model: Model) -> Iterator[Model]:
    """Return a model with its names, its makers, its dates and its access, and nothing else."""
    yield Model(
        id=model.id,
        path=model.path,
        name=model.name,
        kind=model.kind,
        family=model.family,
        organization=model.organization,
        dates=model.dates,
        access=model.access,
        variants=tuple(
            Variant(id=variant.id, name=variant.name, access=variant.access)
            for variant in model.variants
        ),
    )


@derived
def _headline_date(record: Record) -> Iterator[PartialDate | None]:
    headline = record.headline if isinstance(record, Dated) else None
    on = record.on if isinstance(record, Event) else headline and headline.on
    yield on.known if on else None


def headline_date(record: Record) -> PartialDate | None:
    """Return the date by which a record stands in time."""
    return _headline_date(record)[0]


def _date_key(date: PartialDate | None) -> tuple[Any, ...]:
    return (1,) if date is None else (0, *date.sort_key)


@derived
def in_time(record: Record) -> Iterator[Any]:
    """Return the key that sorts records as they came: by date, then by id; undated ones last."""
    yield _date_key(headline_date(record))
    yield record.id


def sorted_by_date(records: Iterable[Any]) -> tuple[Any, ...]:
    """Return records in the order they came."""
    return tuple(sorted(records, key=in_time))


def inherited_facts(model: Model, variant: Variant) -> ModelFacts:
    """Return a variant's facts: its own, and for the rest its model's."""
    return ModelFacts(
        **{name: getattr(variant.facts, name) or getattr(model.facts, name) for name in FACT_NAMES}
    )


def sizes(model: Model) -> tuple[Fact[Any], ...]:
    """Return the parameter counts of a model: its variants', or its own."""
    of_variants = [v.facts.parameters for v in model.variants if v.facts.parameters]
    if of_variants:
        return tuple(of_variants)
    return (model.facts.parameters,) if model.facts.parameters else ()
