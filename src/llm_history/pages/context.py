"""What every page is made from, in one language."""

from functools import cached_property

from llm_history.content.records import Dated, Family
from llm_history.history import Backlink, History, headline_date
from llm_history.history.lineage import Kinship, Step, steps_among
from llm_history.history.measures import SIZES
from llm_history.pages.figures.scatter import LogScale, log_scale
from llm_history.pages.figures.timescale import TimeScale, whole_years
from llm_history.pages.language import Language
from llm_history.settings import SiteSettings


class Context:
    """The history, the settings, who mentions whom, and the language to say it in."""

    def __init__(
        self,
        history: History,
        settings: SiteSettings,
        backlinks: dict[str, tuple[Backlink, ...]],
        language: Language,
    ) -> None:
        self.history = history
        self.settings = settings
        self.backlinks = backlinks
        self.language = language

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step of lineage from model to model."""
        return steps_among(self.history)

    @cached_property
    def sizes_scale(self) -> tuple[TimeScale, LogScale] | None:
        """The scales that the sizes of all models fit on: whole years, whole decades."""
        dates = [date for model in self.history.models if (date := headline_date(model))]
        values = (value for model in self.history.models for value in SIZES.values(model))
        numbers = [value.number for value in values if value.number and value.date]
        return (whole_years(dates), log_scale(numbers)) if numbers else None

    @cached_property
    def kinship(self) -> Kinship:
        """Ancestors and descendants along these steps."""
        return Kinship(self.steps)

    def hue(self, record: Dated | Family) -> str:
        """Return the colour of a record: its organization's."""
        organization = self.history.organization(record)
        return (organization.hue or "grey") if organization else "grey"

    def family_name(self, family_id: str) -> str:
        """Return a family's name; one without a record goes by its id, or its only model."""
        history = self.history
        if family := history.families.get(family_id):
            return family.name
        if family_id in history.position:
            family_id = history.models[history.position[family_id]].name
        return family_id
