"""The linked whole: references resolved, neighbours known, names found in prose.

It is rebuilt from the records on every build, whole and without looking at anything
else, so that it cannot be out of date.
"""

from collections import defaultdict
from typing import Any

import msgspec

from llm_history.content.dates import PartialDate
from llm_history.content.facts import Citation, Fact
from llm_history.content.load import Content, Note
from llm_history.content.records import (
    FACT_NAMES,
    KINDS,
    Benchmark,
    Dated,
    Edge,
    Event,
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
from llm_history.history.index import Index, Target
from llm_history.history.mentions import Mention, Name, Names


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
    """All records of a site, linked; built once, then only read."""

    def __init__(self, content: Content, index: Index) -> None:
        self.content = content
        self.index = index
        self.models = sorted_by_date(content.of(Model))
        self.events = tuple(sorted(content.of(Event), key=lambda e: (_date_key(e.on.known), e.id)))
        self.notes = content.notes
        self.sources = content.sources
        self.months = _months(self.models)
        self.position = {model.id: number for number, model in enumerate(self.models)}
        self.marks = {model.id: mark_of(all_phases(model)) for model in self.models}
        self.organizations = {org.id: org for org in content.of(Organization)}
        self.families = {family.id: family for family in content.of(Family)}
        self._link()
        self.names = Names(self._names())

    def _link(self) -> None:
        self.by_organization: dict[str, list[Dated]] = defaultdict(list)
        self.by_family: dict[str, list[Model]] = defaultdict(list)
        self.incoming: dict[str, list[Incoming]] = defaultdict(list)
        self.results: dict[str, list[tuple[Model, Result]]] = defaultdict(list)
        self.events_about: dict[str, list[Event]] = defaultdict(list)
        self.cited_by: dict[str, dict[str, tuple[Record, list[Citation]]]] = defaultdict(dict)
        for kind, kind_type in KINDS.items():
            for record in sorted_by_date(self.content.of(kind_type)):
                self._link_citations(kind, record)
                if isinstance(record, Dated):
                    self._link_dated(record)
        for model in self.models:
            if model.family:
                self.by_family[model.family].append(model)
            for result in model.results:
                self.results[result.benchmark].append((model, result))
        self._link_prose()

    def _link_prose(self) -> None:
        self.notes_about: dict[str, list[Note]] = defaultdict(list)
        self.works: dict[str, list[Note]] = defaultdict(list)
        for event in self.events:
            for key in self._keys(event.about):
                self.events_about[key].append(event)
        self.notes_citing: dict[str, list[Note]] = defaultdict(list)
        for note in self.notes:
            for source in dict.fromkeys(citation.source for citation in citations_in(note)):
                self.notes_citing[source].append(note)
            self.works[note.work].append(note)
            for key in self._keys(note.matter.about):
                self.notes_about[key].append(note)

    def _keys(self, references: tuple[str, ...]) -> tuple[str, ...]:
        """The records that some ids name, each once."""
        found = (self.index.find(reference) for reference in references)
        return tuple(dict.fromkeys(target.key for target in found if target))

    def _link_dated(self, record: Dated) -> None:
        for role in record.organization:
            self.by_organization[role.id].append(record)
        for edge in record.lineage:
            if target := self.index.find(edge.to):
                self.incoming[target.key].append(Incoming(edge, record, target.variant))

    def _link_citations(self, kind: str, record: Record) -> None:
        for _, citation in citations(record):
            by = self.cited_by[citation.source]
            _, found = by.setdefault(f"{kind}/{record.id}", (record, []))
            if citation not in found:
                found.append(citation)

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
        target = self.index.find(reference, "benchmarks")
        return target.record if target and isinstance(target.record, Benchmark) else None

    def organization(self, record: Dated | Family) -> Organization | None:
        """Return the first of a record's organizations."""
        return next(
            (self.organizations[r.id] for r in record.organization if r.id in self.organizations),
            None,
        )

    def neighbours(self, model: Model, reach: int) -> tuple[Model, ...]:
        """Return the models around ``model`` in time, ``reach`` to each side, and itself."""
        at = self.position[model.id]
        return self.models[max(0, at - reach) : at + reach + 1]

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


def citations_in(note: Note) -> tuple[Citation, ...]:
    """Return what the text of a note cites, in its order."""
    return tuple(Citation(*r.target.split("#", 1)) for r in note.document.citations)


def headline_date(record: Record) -> PartialDate | None:
    """Return the date by which a record stands in time."""
    if isinstance(record, Event):
        return record.on.known
    headline = record.headline if isinstance(record, Dated) else None
    return headline.on.known if headline else None


def _date_key(date: PartialDate | None) -> tuple[Any, ...]:
    return (1,) if date is None else (0, *date.sort_key)


def sorted_by_date(records: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return records in the order they came: by date, then by id; undated ones last."""
    return tuple(sorted(records, key=lambda r: (_date_key(headline_date(r)), r.id)))


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
