"""What every page is made from, in one language."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from llm_history.content.records import KINDS, Dated, Family, Model, Record
from llm_history.history import History, headline_date
from llm_history.history.access import Mark
from llm_history.history.derived import remembered
from llm_history.history.holders import Records, all_records
from llm_history.history.measures import SIZES
from llm_history.history.reads import Cell, Table
from llm_history.pages.chronology import by_day, by_period
from llm_history.pages.figures.scatter import LogScale, log_scale
from llm_history.pages.figures.timescale import TimeScale, whole_years
from llm_history.pages.language import Language
from llm_history.pages.notepage import NotePage, backlinks
from llm_history.pages.rivals import Named, Weights, famous_pairs, rivals, weigh
from llm_history.settings import SiteSettings

Scales = tuple[TimeScale, LogScale]
_CELLS = frozenset({"sizes_scale", "held", "famous_pairs"})
_WEIGHED = ("measured", "built_on", "events_about", "notes_about")
_INPUTS = {
    "by_period": ("introduced",),
    "sizes_scale": ("measured",),
    "held": ("measured", "marks"),
    "rivals": (*_WEIGHED, "marks"),
    "famous_pairs": _WEIGHED,
}
_OF_TIME = ("by_period", "days")
_WORKED_OUT = ("rivals", *_OF_TIME)
"""The tables that are worked out from others, once one of them is asked for."""
_OF_MODELS = ("_sizes_scale", "_held", "_marks", "_famous_pairs", "rivals")
"""What is worked out from the facts of models, once it is asked for."""


class Shared:
    """What several pages need and no record holds; each is a cell of its own."""

    def __init__(self, history: History, notes: Sequence[NotePage]) -> None:
        self.history = history
        by_id = {page.note.id: page for page in notes}
        self.notes = Table("note_pages", history.reads, by_id)
        self.backlinks = Table("backlinks", history.reads, backlinks(notes))

    def edited(
        self, history: History, note: NotePage | None = None, *, measures: bool = False
    ) -> "Shared":
        """Return the same around a history in which a record, or the note of a page, differs.

        ``measures`` says that a model's facts do.
        """
        found = copy.copy(self)
        if measures:
            for name in _OF_MODELS:
                found.__dict__.pop(name, None)
        elif "rivals" in found.__dict__:
            found.__dict__["rivals"] = self.rivals.replaced(history.reads, {})
        for name in _OF_TIME:
            found.__dict__.pop(name, None)
        found.history = history
        pages = {note.note.id: note} if note else {}
        found.notes = self.notes.replaced(history.reads, pages)
        found.backlinks = self.backlinks.replaced(history.reads, {})
        return found

    @cached_property
    def _sizes_scale(self) -> Scales | None:
        with self.history.reads.pause():
            return _scale_of(self.history.measured)

    @cached_property
    def _held(self) -> Records:
        with self.history.reads.pause():
            return all_records(self.history.measured, self._marks)

    @cached_property
    def _marks(self) -> Mapping[str, Mark]:
        with self.history.reads.pause():
            return dict(self.history.marks)

    @cached_property
    def _weights(self) -> Weights:
        with self.history.reads.pause():
            return weigh(self.history)

    @cached_property
    def rivals(self) -> Table[tuple[Named, ...]]:
        """For each model, some others of its time."""
        with self.history.reads.pause():
            found = rivals(self.history.measured, self._weights, self._marks)
            return Table("rivals", self.history.reads, found)

    @cached_property
    def by_period(self) -> Table[tuple[Model, ...]]:
        """Introductions of models by the periods of the timeline, in the order they came."""
        with self.history.reads.pause():
            return Table("by_period", self.history.reads, by_period(self.history.introduced))

    def everything(self) -> Iterator[Record]:
        """Yield introductions of models in the order they came, then the records of other kinds."""
        yield from self.history.introduced
        for kind in KINDS:
            if kind != "models":
                yield from self.history.records(kind)

    @cached_property
    def days(self) -> Table[tuple[Record, ...]]:
        """Introductions of models, and all other records, by the day of the year."""
        with self.history.reads.pause():
            return Table("days", self.history.reads, by_day(self.everything()))

    @cached_property
    def _famous_pairs(self) -> tuple[tuple[Named, Named], ...]:
        with self.history.reads.pause():
            return famous_pairs(self.history.measured, self._weights)

    @property
    def famous_pairs(self) -> tuple[tuple[Named, Named], ...]:
        """For each of the last years, the best known models of two makers."""
        self.history.reads.note("famous_pairs")
        return self._famous_pairs

    @property
    def sizes_scale(self) -> Scales | None:
        """The scales that the sizes of all models fit on: whole years, whole decades."""
        self.history.reads.note("sizes_scale")
        return self._sizes_scale

    @property
    def held(self) -> Records:
        """Every record and who held it."""
        self.history.reads.note("held")
        return self._held

    def inputs(self, name: str) -> tuple[str, ...]:
        """Return what cells of that name are worked out from."""
        return _INPUTS.get(name, ())

    def table(self, name: str) -> Table[Any] | None:
        """Return the table of that name, here or in the history."""
        if name == self.notes.name:
            return self.notes
        if name in _WORKED_OUT:
            table: Table[Any] = getattr(self, name)
            return table
        return self.backlinks if name == self.backlinks.name else self.history.table(name)

    def cell(self, cell: Cell) -> object:
        """Return what a cell of no table holds, here or in the history."""
        if cell[0] in _CELLS:
            return getattr(self, f"_{cell[0]}")
        return self.history.cell(cell)


@remembered
def _scale_of(models: Sequence[Model]) -> Scales | None:
    dates = [date for model in models if (date := headline_date(model))]
    values = (value for model in models for value in SIZES.values(model))
    numbers = [value.number for value in values if value.number and value.date]
    return (whole_years(dates), log_scale(numbers)) if numbers else None


class Context:
    """The history, the settings, who mentions whom, and the language to say it in."""

    def __init__(self, shared: Shared, settings: SiteSettings, language: Language) -> None:
        self.shared = shared
        self.history = shared.history
        self.backlinks = shared.backlinks
        self.settings = settings
        self.language = language

    @property
    def sizes_scale(self) -> Scales | None:
        """The scales that the sizes of all models fit on."""
        return self.shared.sizes_scale

    def hue(self, record: Dated | Family) -> str:
        """Return the colour of a record: its organization's."""
        organization = self.history.organization(record)
        return (organization.hue or "grey") if organization else "grey"

    def family_name(self, family_id: str) -> str:
        """Return a family's name; one without a record goes by its id, or its only model."""
        history = self.history
        if family := history.families.get(family_id):
            return family.name
        model = history.outline.get(family_id)
        return model.name if model else family_id
