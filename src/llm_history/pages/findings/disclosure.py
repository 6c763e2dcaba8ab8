"""What makers say of their models, and what they do not, by organization and year."""

from collections import Counter
from collections.abc import Mapping, Sequence

from llm_history.content.records import Model
from llm_history.history import headline_date
from llm_history.history.derived import remembered
from llm_history.history.measures import own_facts
from llm_history.pages import labels
from llm_history.pages.context import Context
from llm_history.pages.parts import Part, are_many, in_parts
from llm_history.pages.tables import make_table
from llm_history.pages.views import (
    Cell,
    LinkView,
    ReportSection,
    ReportView,
)

_ASKED = ("parameters", "training_tokens", "training_compute", "hardware", "architecture",
          "context_window")  # fmt: skip
"""What one would like to know of any model, and some makers do not say."""


def disclosure_view(context: Context, part: str = "") -> ReportView:
    """Return what each organization did not say, by year.

    Of very many models, the page leads to its parts (see :func:`disclosure_parts`), and ``part``
    is one.
    """
    gettext = context.language.gettext
    by_year = _by_year(context.history.measured)
    parts = disclosure_parts(context)
    years = {part: parts[part]} if part else {}
    if not parts:
        years = {year: Part(year, year, models) for year, models in by_year.items()}
    sections = tuple(_year(slug, each, context) for slug, each in years.items())
    return ReportView(
        name=gettext("Disclosure"),
        description=gettext("What each organization did not say of its models, year by year."),
        section="disclosure",
        lead=gettext(
            "What makers say of their models, and what they keep to themselves. A fact counts as "
            "said when the maker gives it; what others report or estimate does not."
        ),
        sections=sections if part else (_summary(by_year, context), *sections),
        links=tuple(
            LinkView(url=f"disclosure/{slug}/", name=each.heading) for slug, each in parts.items()
        ),
    )


def disclosure_parts(context: Context) -> dict[str, Part[Model]]:
    """Return the models that each part of a long page lists, by what its address ends with."""
    by_year = _by_year(context.history.measured)
    return in_parts(by_year) if are_many(sum(map(len, by_year.values()))) else {}


@remembered
def _by_year(models: tuple[Model, ...]) -> dict[str, list[Model]]:
    """Return the models of each year, the last year first."""
    found: dict[str, list[Model]] = {}
    for model in models:
        date = headline_date(model)
        if date and model.kind == "model":
            found.setdefault(f"{date.year}", []).append(model)
    return dict(sorted(found.items(), reverse=True))


def fact_status(model: Model, name: str) -> str:
    """Return how a model's maker treats a fact: a status, or ``absent`` if nobody looked.

    Where the maker is silent it is ``undisclosed``, whatever others report.
    """
    stated = [fact for _, facts in own_facts(model) if (fact := getattr(facts, name))]
    if not stated:
        return "absent"
    if any(c.value is not None and c.basis == "disclosed" for f in stated for c in f.standing):
        return "official"
    if any(claim.absent == "undisclosed" for fact in stated for claim in fact.standing):
        return "undisclosed"
    return str(stated[0].status)


def _summary(by_year: Mapping[str, Sequence[Model]], context: Context) -> ReportSection:
    """Return how many of the asked facts each organization gives, year by year."""
    gettext = context.language.gettext
    said: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    for year, models in by_year.items():
        for model in models:
            for role in model.organization[:1]:
                statuses = [fact_status(model, name) for name in _ASKED]
                said[role.id, year] += statuses.count("official")
                asked[role.id, year] += len(statuses) - statuses.count("absent")
    years = sorted(by_year)
    totals = Counter({key: sum(asked[key, y] for y in years) for key, _ in asked})
    rows = []
    for key in sorted(totals, key=lambda key: (-totals[key], key)):
        organization = context.history.organizations.get(key)
        cells = [
            Cell(text=f"{said[key, y]}/{asked[key, y]}" if asked[key, y] else "–") for y in years
        ]
        name = organization.name if organization else key
        url = f"organizations/{key}/" if organization else ""
        rows.append((Cell(text=name, url=url), *cells))
    return ReportSection(
        id="summary",
        heading=gettext("By organization and year"),
        lead=gettext(
            "Of the facts looked up (parameters, training tokens, compute, hardware, architecture, "
            "context window), how many the maker gave."
        ),
        table=make_table(
            context.language,
            label=gettext("Facts given, of facts looked up"),
            columns=(gettext("Organization"), *years),
            numeric=(False, *(True for _ in years)),
            rows=tuple(rows),
        ),
    )


def _year(slug: str, part: Part[Model], context: Context) -> ReportSection:
    gettext = context.language.gettext
    rows = []
    for model in part.entries:
        cells = []
        for name in _ASKED:
            status = fact_status(model, name)
            absent = status == "absent"
            cells.append(Cell(text="–" if absent else "", status="" if absent else status))
        organization = context.history.organization(model)
        maker = organization.name if organization else ""
        rows.append((Cell(text=model.name, url=f"models/{model.id}/"), Cell(text=maker), *cells))
    facts = (gettext(labels.FACTS[name]) for name in _ASKED)
    return ReportSection(
        id=f"y{slug}",
        heading=part.heading,
        table=make_table(
            context.language,
            label=gettext("What makers said in %(year)s", year=part.group),
            columns=(gettext("Model"), gettext("Organization"), *facts),
            numeric=tuple(False for _ in range(len(_ASKED) + 2)),
            rows=tuple(rows),
        ),
    )
