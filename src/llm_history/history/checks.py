"""Rules that need more than one record: unknown ids, circles, impossible orders.

Positions are found only when there is something to report: the file is read again and
the value looked up by its path.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from llm_history.content import yaml
from llm_history.content.facts import Citation, Fact
from llm_history.content.load import Content, Note
from llm_history.content.reading import ID_PATTERN
from llm_history.content.records import (
    DERIVATIONS,
    Access,
    Dated,
    Event,
    Family,
    Model,
    ModelFacts,
    Organization,
    Record,
    Variant,
    named_facts,
)
from llm_history.diagnostics import Hint, Place, Problems, Rule, Severity, SourceText, did_you_mean
from llm_history.history.derived import derived
from llm_history.history.index import Index, Target

UNKNOWN_ID = Rule("LH301", "unknown-id")
UNKNOWN_SOURCE = Rule("LH302", "unknown-source")
LINEAGE_CIRCLE = Rule("LH303", "lineage-circle")
YOUNGER_PARENT = Rule("LH304", "parent-is-younger")
DUPLICATE_VARIANT = Rule("LH305", "duplicate-variant-id")
NO_DATE = Rule("LH306", "no-headline-date", Severity.WARNING)
TAKEN_OLD_ID = Rule("LH307", "former-id-in-use")
BACKWARDS_PHASE = Rule("LH308", "phase-ends-before-it-starts")

Step = tuple[yaml.Path, str]


class Finder:
    """Finds the place of a value in a record's file, reading the file when asked."""

    def __init__(self, folder: Path, shown: str) -> None:
        self.folder = folder
        self.shown = shown
        self._read: dict[str, tuple[SourceText, yaml.Node | None]] = {}

    def place(self, path: str, where: yaml.Path) -> Place:
        """Return the place of the value at ``where`` in ``content/<path>``."""
        source, root = self.read(path)
        node = yaml.locate(root, where)
        return node.place(source) if node else source.place(1)

    def read(self, path: str) -> tuple[SourceText, yaml.Node | None]:
        """Return the text of ``content/<path>`` and its parsed form."""
        if path not in self._read:
            data = (self.folder / path).read_bytes()
            source = yaml.decode(f"{self.shown}/{path}", data, Problems())
            source = source or SourceText(f"{self.shown}/{path}", "")
            self._read[path] = source, yaml.parse(source, Problems())
        return self._read[path]


class Checks:
    """Reports what is wrong between records, and between notes and records."""

    def __init__(self, content: Content, index: Index, finder: Finder, problems: Problems) -> None:
        self.content = content
        self.index = index
        self.finder = finder
        self.problems = problems

    def _report(
        self, rule: Rule, record: Record, where: yaml.Path, message: str, hint: Hint = "",
        related: tuple[tuple[str, Place], ...] = (),
    ) -> None:  # fmt: skip
        place = self.finder.place(record.path, where)
        self.problems.add(rule, place, message, hint=hint, related=related)

    def check(self, record: Record) -> None:
        """Report what is wrong between a record and those that it refers to."""
        reported: set[str] = set()  # a default citation stands behind many facts
        for where, citation in citations(record):
            known = citation.source in self.content.sources or citation.source in reported
            if known or self.index.is_broken(citation.source, "sources"):
                continue
            reported.add(citation.source)
            message = f"no source has the id `{citation.source}`"
            meant = partial(self._meant_source, citation.source)
            place = self.finder.place(record.path, where)
            if place.text.startswith(citation.source, place.column - 1):
                place = msgspec.structs.replace(place, length=len(citation.source))
            self.problems.add(UNKNOWN_SOURCE, place, message, hint=meant)
        for where, reference, kind in references(record):
            self._reference(record, where, reference, kind)
        for where, phase in phases(record):
            if phase.start and phase.end and phase.end.last_day < phase.start.first_day:
                message = f"this phase ends on {phase.end}, before it starts"
                start = self.finder.place(record.path, (*where, "from"))
                related = (("it starts here", start),)
                hint = "correct one of the two dates"
                self._report(BACKWARDS_PHASE, record, (*where, "to"), message, hint, related)
        if isinstance(record, Dated):
            self._dated(record)
        for number, old in enumerate(record.formerly):
            if self.index.find(old, type(record).kind_name):
                message = f"`{old}` is the id of another record, so it cannot redirect here"
                hint = "delete it from `formerly`, or rename the other record"
                self._report(TAKEN_OLD_ID, record, ("formerly", number), message, hint)

    def _reference(self, record: Record, where: yaml.Path, reference: str, kind: str) -> None:
        known_families = kind == "families"
        if known_families or self.index.find(reference, kind):
            return
        if self.index.is_broken(reference, kind):
            return
        what = {"": "record"}.get(kind, kind.rstrip("s") if kind != "hardware" else kind)
        message = f"no {what} has the id `{reference}`"
        self._report(UNKNOWN_ID, record, where, message, partial(self._meant, reference, kind))

    def _meant_source(self, reference: str) -> str:
        """Advice for an unknown source: one like it, or how to add it."""
        added = f"add it to content/sources/: `{reference}: {{type: …, title: …}}`"
        return did_you_mean(reference, self.content.sources) or added

    def _meant(self, reference: str, kind: str) -> str:
        """Advice for an unknown id: one like it, of another kind, or with another spelling."""
        if kind and (other := self.index.find(reference)):
            return f"`{reference}` is one of the {other.kind}"
        if close := did_you_mean(reference, self.index.ids(kind)):
            return close
        bare = reference.rpartition("/")[2]
        if other := self.index.find(bare):
            return f"did you mean `{other.key}`?"
        if elsewhere := did_you_mean(reference, self.index.ids()):
            return elsewhere
        if not re.fullmatch(ID_PATTERN, bare):
            return "an id has no spaces; several ids stand in a list: [first, second]"
        folder = kind or "models"
        return f"add content/{folder}/{bare}.yaml, or correct the id"

    def _dated(self, record: Dated) -> None:
        whole = f"models/{record.id}" not in self.index.broken
        if isinstance(record, Model) and whole and not record.dates:
            message = "without a date the model has no place on the timeline"
            self._report(NO_DATE, record, ("name",), message, "add `dates:`")
        own = record.headline.on.known if record.headline else None
        for number, edge in enumerate(record.lineage):
            target = self.index.find(edge.to)
            if edge.relation not in DERIVATIONS or not target or not own:
                continue
            other = target.record
            headline = other.headline if isinstance(other, Dated) else None
            known = headline.on.known if headline else None
            if known and known.first_day > own.last_day:
                self._report(
                    YOUNGER_PARENT, record, ("lineage", number, "to"),
                    f"{target.name} ({known}) is younger than {record.name} ({own})",
                    "an edge points from the younger to the older: turn it around, or correct a "
                    "date",
                    (
                        (f"the date of {target.name}", self.finder.place(other.path, ("dates",
                            _headline(other), "on"))),
                        (f"the date of {record.name}", self.finder.place(record.path, ("dates",
                            _headline(record), "on"))),
                    ),
                )  # fmt: skip

    def check_note(self, note: Note) -> None:
        """Report the ids that a note is about and that name nothing."""
        unknown = [
            reference
            for reference in note.matter.about
            if not (self.index.find(reference) or self.index.is_broken(reference))
        ]
        if not unknown:
            return
        source = SourceText(
            f"{self.finder.shown}/{note.path}",
            (self.finder.folder / note.path).read_text(encoding="utf-8-sig"),
        )
        lines = enumerate(source.lines, 1)
        first = next((n for n, line in lines if re.match(r"[\"']?about\b", line)), 1)
        for reference in unknown:
            place = source.find(reference, first, len(source.lines))
            message = f"no record has the id `{reference}`"
            hint = partial(self._meant, reference, "")
            self.problems.add(UNKNOWN_ID, place, message, hint=hint)

    def check_variant_ids(self) -> None:
        """Report ids of variants that name another model or variant, too."""
        seen: dict[str, tuple[Model, yaml.Path]] = {
            model.id: (model, ("name",)) for model in self.content.of(Model)
        }
        for model in self.content.of(Model):
            for number, variant in enumerate(model.variants):
                where: yaml.Path = ("variants", number, "id")
                if variant.id in seen:
                    other, at = seen[variant.id]
                    self._report(
                        DUPLICATE_VARIANT, model, where,
                        f"`{variant.id}` is already the id of another model or variant",
                        "give it an id of its own",
                        related=(("first used here", self.finder.place(other.path, at)),),
                    )  # fmt: skip
                seen.setdefault(variant.id, (model, where))

    def check_circles(self) -> None:
        """Report each circle of derivations once, at its first edge."""
        done: set[str] = set()
        for model in self.content.of(Model):
            if model.id not in done:
                self._follow(model, done)

    def _follow(self, model: Model, done: set[str]) -> None:
        stack: list[tuple[Model, Iterator[tuple[int, Target]]]] = [(model, self._parents(model))]
        on_way = {model.id: None}
        while stack:
            current, parents = stack[-1]
            step = next(parents, None)
            if step is None:
                stack.pop()
                on_way.pop(current.id, None)
                done.add(current.id)
                continue
            number, target = step
            parent = target.record
            if parent.id in on_way:
                way = list(on_way)
                circle = " → ".join([*way[way.index(parent.id) :], parent.id])
                message = f"the lineage runs in a circle: {circle}"
                hint = "delete the edge that leads from an older model to a younger one"
                self._report(LINEAGE_CIRCLE, current, ("lineage", number, "to"), message, hint)
            elif parent.id not in done and isinstance(parent, Model):
                on_way[parent.id] = None
                stack.append((parent, self._parents(parent)))

    def _parents(self, model: Model) -> Iterator[tuple[int, Target]]:
        for number, edge in enumerate(model.lineage):
            target = self.index.find(edge.to)
            within = target and target.record is model and target.variant is not None
            if edge.relation in DERIVATIONS and target and target.kind == "models" and not within:
                yield number, target


def _headline(record: Record) -> int:
    """The number of the date by which a record stands in time."""
    dates = record.dates if isinstance(record, Dated) else ()
    return next((number for number, entry in enumerate(dates) if entry.headline), 0)


@derived
def citations(record: Record) -> Iterator[tuple[yaml.Path, Citation]]:
    """Yield every citation of a record with its path in the file."""
    yield from _cited((), record.cite)
    for name, fact in named_facts(record):
        yield from _fact_citations((name,), fact)
    if isinstance(record, Dated):
        for number, entry in enumerate(record.dates):
            where: yaml.Path = ("dates", number)
            several = len(entry.on.claims) > 1
            yield from _fact_citations((*where, "on") if several else where, entry.on)
        for number, edge in enumerate(record.lineage):
            yield from _cited(("lineage", number), edge.cite)
    if isinstance(record, Model):
        yield from _model_citations(record)


def _model_citations(model: Model) -> Iterator[tuple[yaml.Path, Citation]]:
    for where, phase in phases(model):
        yield from _cited(where, phase.cite)
    for where, facts in model_facts(model):
        for name, fact in named_facts(facts):
            yield from _fact_citations((*where, name), fact)
    for number, result in enumerate(model.results):
        yield from _cited(("results", number), result.cite)
    for number, price in enumerate(model.prices):
        yield from _cited(("prices", number), price.cite)


def _cited(where: yaml.Path, cite: Iterable[Citation]) -> Iterator[tuple[yaml.Path, Citation]]:
    for number, citation in enumerate(cite):
        yield (*where, "cite", number), citation


def _fact_citations(where: yaml.Path, fact: Fact[Any]) -> Iterator[tuple[yaml.Path, Citation]]:
    for number, claim in enumerate(fact.claims):
        yield from _cited((*where, number), claim.cite)


def model_facts(model: Model) -> Iterator[tuple[yaml.Path, ModelFacts]]:
    """Yield the facts of a model and of its variants, with their paths."""
    yield (), model.facts
    for number, variant in enumerate(model.variants):
        yield ("variants", number), variant.facts


def phases(record: Record) -> Iterator[tuple[yaml.Path, Access]]:
    """Yield the access phases of a model and of its variants, with their paths."""
    if isinstance(record, Model):
        holders: list[tuple[yaml.Path, Model | Variant]] = [((), record)]
        holders += [(("variants", n), variant) for n, variant in enumerate(record.variants)]
        for where, holder in holders:
            for number, phase in enumerate(holder.access):
                yield (*where, "access", number), phase


@derived
def references(record: Record) -> Iterator[tuple[yaml.Path, str, str]]:
    """Yield every id a record uses: its path in the file, the id, and the kind it must be of."""
    if isinstance(record, Dated | Family):
        for number, role in enumerate(record.organization):
            yield ("organization", number, "id"), role.id, "organizations"
    if isinstance(record, Dated):
        for number, edge in enumerate(record.lineage):
            yield ("lineage", number, "to"), edge.to, ""
    if isinstance(record, Model):
        yield from _model_references(record)
    if isinstance(record, Organization) and record.parent:
        yield ("parent",), record.parent, "organizations"
    if isinstance(record, Event):
        for number, reference in enumerate(record.about):
            yield ("about", number), reference, ""


def _model_references(model: Model) -> Iterator[tuple[yaml.Path, str, str]]:
    for where, phase in phases(model):
        if phase.event:
            yield (*where, "event"), phase.event, "events"
    for number, result in enumerate(model.results):
        yield ("results", number, "benchmark"), result.benchmark, "benchmarks"
        if result.of:
            yield ("results", number, "of"), result.of, "models"
