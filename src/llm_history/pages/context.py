"""What every page is made from, in one language."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from llm_history.content.records import Dated, Family
from llm_history.history import History, headline_date
from llm_history.history.holders import Records, all_records
from llm_history.history.measures import SIZES
from llm_history.history.reads import Cell, Table
from llm_history.pages.figures.scatter import LogScale, log_scale
from llm_history.pages.figures.timescale import TimeScale, whole_years
from llm_history.pages.language import Language
from llm_history.pages.notepage import NotePage, backlinks
from llm_history.pages.rivals import rivals
from llm_history.settings import SiteSettings

Scales = tuple[TimeScale, LogScale]


class Shared:
    """What several pages need and no record holds; each is a cell of its own."""

    def __init__(self, history: History, notes: Sequence[NotePage]) -> None:
        self.history = history
        by_id = {page.note.id: page for page in notes}
        self.notes = Table("note_pages", history.reads, by_id)
        self.backlinks = Table("backlinks", history.reads, backlinks(notes))

    @cached_property
    def _sizes_scale(self) -> Scales | None:
        with self.history.reads.pause():
            models = self.history.models
            dates = [date for model in models if (date := headline_date(model))]
            values = (value for model in models for value in SIZES.values(model))
            numbers = [value.number for value in values if value.number and value.date]
            return (whole_years(dates), log_scale(numbers)) if numbers else None

    @cached_property
    def _held(self) -> Records:
        with self.history.reads.pause():
            return all_records(self.history)

    @cached_property
    def rivals(self) -> Table[tuple[str, ...]]:
        """For each model, some others of its time."""
        with self.history.reads.pause():
            return Table("rivals", self.history.reads, rivals(self.history))

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

    def table(self, name: str) -> Table[Any] | None:
        """Return the table of that name, here or in the history."""
        if name == self.notes.name:
            return self.notes
        if name == "rivals":
            return self.rivals
        return self.backlinks if name == self.backlinks.name else self.history.table(name)

    def cell(self, cell: Cell) -> object:
        """Return what a cell of no table holds, here or in the history."""
        if cell[0] == "sizes_scale":
            return self._sizes_scale
        if cell[0] == "held":
            return self._held
        return self.history.cell(cell)


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
        model = history.model.get(family_id)
        return model.name if model else family_id
