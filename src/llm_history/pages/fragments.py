"""What a link can lead to within a page: the fragments of records and of notes.

The page of a record is made with the addresses that are given out here, so that a note can be
told of a fragment that no page has, without any page being made.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from llm_history.content.document import slugify
from llm_history.content.load import Note
from llm_history.content.records import (
    FACT_NAMES,
    Benchmark,
    Dated,
    DateEntry,
    Family,
    Model,
    Record,
    named_facts,
)
from llm_history.diagnostics import did_you_mean, one_of
from llm_history.history import sizes
from llm_history.history.access import licenses_of

LICENSE, MEASURES, METRIC = "license", "measures", "metric"
"""Rows of the table of facts that no single fact stands behind."""

_INHERITED = tuple(name for name in FACT_NAMES if name not in ("layers", "d_model", "heads"))
_ID = re.compile(r'\bid="([^"]+)"')
_NAMED, _COMPARED = 20, 1000
_NUMBERED_SOURCE = re.compile(r"s[1-9]\d*")


def fact_id(name: str) -> str:
    """Return the fragment of a fact by its name."""
    return name.replace("_", "-")


def date_rows(record: Dated) -> Iterator[tuple[str, int, DateEntry]]:
    """Yield the dates as the page shows them: fragment, number among its kind, and the date."""
    seen: dict[str, int] = {}
    for entry in sorted(record.dates, key=lambda entry: entry is not record.headline):
        number = seen[entry.what] = seen.get(entry.what, 0) + 1
        yield (f"{entry.what}-{number}" if number > 1 else entry.what), number, entry


def model_fact_names(model: Model) -> Iterator[str]:
    """Yield the names of the facts that the page shows: the model's, or only its variants'."""
    for name in FACT_NAMES:
        holders = [model.facts]
        if name in _INHERITED:
            holders += [variant.facts for variant in model.variants]
        if any(getattr(facts, name) for facts in holders):
            yield name


class Fragments(msgspec.Struct, frozen=True):
    """What links into a page can lead to; ``others`` are seldom meant."""

    page: str
    parts: tuple[str, ...]
    others: tuple[str, ...] = ()

    def meant(self, written: str) -> str:
        """Return the fragment that a link means, or nothing; a heading can be given in words."""
        plain, known = unquote(written), (*self.parts, *self.others)
        if plain in known or _NUMBERED_SOURCE.fullmatch(plain):
            return written
        slug = slugify(plain, {})
        return slug if slug in known else ""

    def hint(self, written: str) -> str:
        """Return what could have been meant by a fragment that the page has not."""
        named = [f"`#{part}`" for part in self.parts[:_NAMED]]
        has = f"it has {one_of(named)}" if named else "it has no sections"
        likely = (*self.parts, *self.others)[:_COMPARED]
        return did_you_mean(unquote(written), likely) or has


def fragments_of_record(record: Record) -> Fragments:
    """Return what a link into a record's page can lead to: facts, variants and sections.

    What depends on other records is taken to be there: lineage, mentions and sources.
    """
    parts = dict.fromkeys((*_facts(record), *_variants(record), *_sections(record)))
    return Fragments(record.name, tuple(parts))


def fragments_of_note(note: Note) -> Fragments:
    """Return what a link into a note can lead to: its headings, and whatever else has an id."""
    headings = tuple(heading.id for heading in note.document.headings)
    return Fragments(note.title, headings, tuple(_ID.findall(note.document.html)))


def _facts(record: Record) -> Iterator[str]:
    if isinstance(record, Dated):
        yield from (fragment for fragment, _, _ in date_rows(record))
    if isinstance(record, Model):
        yield from map(fact_id, model_fact_names(record))
        if licenses_of(record):
            yield LICENSE
    if isinstance(record, Benchmark):
        yield from (MEASURES,) if record.measures else ()
        yield from (METRIC,) if record.metric else ()
    yield from (fact_id(name) for name, _ in named_facts(record))


def _variants(record: Record) -> Iterator[str]:
    if isinstance(record, Model):
        yield from (variant.id for variant in record.variants)


def _sections(record: Record) -> Iterator[str]:
    if isinstance(record, Dated | Family):
        yield "lineage"
    if isinstance(record, Model) and sizes(record):
        yield "stands"
    yield from ("mentions", "sources", "cite")
