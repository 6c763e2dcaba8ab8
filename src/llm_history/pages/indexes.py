"""Pages about many records at once: indexes, tags, sources, coverage, about."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from llm_history.content.facts import Fact, Status, first_sentence
from llm_history.content.load import Note
from llm_history.content.records import (
    FACT_NAMES,
    FACTS_OF_KINDS,
    KINDS,
    Dated,
    Event,
    Family,
    Model,
    Organization,
    Record,
    Source,
)
from llm_history.history import headline_date
from llm_history.history.derived import remembered
from llm_history.pages import labels, lineage
from llm_history.pages.audits import audit_sentence
from llm_history.pages.context import Context
from llm_history.pages.format import other_names
from llm_history.pages.labels import N_
from llm_history.pages.language import Language
from llm_history.pages.notes import tag_slug
from llm_history.pages.parts import AT_ONCE, Part, are_many, in_parts
from llm_history.pages.sourcebook import locator_text, source_view
from llm_history.pages.timetable import count_of_models
from llm_history.pages.views import (
    AboutView,
    CoverageRow,
    CoverageView,
    IndexEntry,
    IndexGroup,
    IndexView,
    LineageView,
    LinkView,
    SourcePageView,
    SourcesView,
    SourceView,
)

_LEADS = {
    "models": N_("Every model and system, by name. Other names are listed too."),
    "families": N_("Lines of models that share a name."),
    "organizations": N_("Companies, laboratories, universities and collectives."),
    "techniques": N_("Ways of building, training and releasing models, and where they came from."),
    "datasets": N_("What models were trained on."),
    "benchmarks": N_("What models are compared by."),
    "hardware": N_("What models were trained on, in silicon."),
    "events": N_("What happened that was no release."),
}


def lineage_view(context: Context) -> LineageView:
    """Return the page of all lineage: the map, the log, and the families of more than one."""
    language = context.language
    models = lineage.dated_models(context.history.outlined)
    lead = language.gettext(
        "Who was built on whom. Rows are families; a year is drawn wider when more happened in it."
    )
    members = {key: len(context.history.by_family.get(key, ())) for key in family_ids(context)}
    several = [key for key, count in members.items() if count > 1]
    largest = sorted(several, key=lambda key: -members[key])[:AT_ONCE]
    return LineageView(
        name=language.gettext("Lineage"),
        description=language.gettext("Who was built on whom: the lineage of language models."),
        lead=lead,
        map=lineage.full_map(context),
        log=lineage.log(models, context) if len(models) <= lineage.LOG_UP_TO else (),
        families=tuple(_family_entry(key, context) for key in largest),
    )


def index_view(kind: str, context: Context, part: str = "") -> IndexView:
    """Return the index of a kind: models and the like by letter, events by year.

    Of very many, the index leads to its parts (see :func:`index_parts`), and ``part`` is one.
    """
    gettext = context.language.gettext
    heading, lead = gettext(labels.KINDS[kind][0]), gettext(_LEADS[kind])
    pages: tuple[LinkView, ...] = ()
    if kind == "events":
        groups = _by_year(context.history.events, context)
    else:
        ids: Mapping[str, Sequence[str]] = _by_letter(_named(kind, context))
        if parts := index_parts(kind, context):
            pages = _part_links(f"{kind}/by-name/", parts)
            ids = {parts[part].heading: parts[part].entries} if part else {}
        groups = _letter_groups(ids, lambda key: _entry_of(kind, key, context))
    return IndexView(
        name=heading, description=lead, section=kind, lead=lead, groups=groups, pages=pages
    )


def index_parts(kind: str, context: Context) -> dict[str, Part[str]]:
    """Return the ids that each part of a long index lists, by what its address ends with."""
    named = () if kind == "events" else _named(kind, context)
    return in_parts(_by_letter(named)) if are_many(len(named)) else {}


def _part_links(base: str, parts: Mapping[str, Part[Any]]) -> tuple[LinkView, ...]:
    found = (LinkView(url=f"{base}{slug}/", name=part.heading) for slug, part in parts.items())
    return tuple(found)


def _named(kind: str, context: Context) -> tuple[tuple[str, str], ...]:
    """Return the names and ids of all records of a kind."""
    if kind == "families":
        return tuple((context.family_name(key), key) for key in family_ids(context))
    history = context.history
    records = history.outlined if kind == "models" else history.records(kind)
    return tuple((record.name, record.id) for record in records)


@remembered
def _by_letter(named: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """Return ids by the first letters of their names, in the order of these."""
    groups: dict[str, list[str]] = {}
    for name, key in sorted(named, key=lambda pair: (pair[0].casefold(), pair[1])):
        letter = name[:1].upper()
        groups.setdefault(letter if letter.isalpha() else "0–9", []).append(key)
    return groups


def _letter_groups(
    ids: Mapping[str, Sequence[str]], entry_of: Callable[[str], IndexEntry]
) -> tuple[IndexGroup, ...]:
    return tuple(
        IndexGroup(
            id=f"letter-{letter.lower()}", heading=letter, entries=tuple(map(entry_of, found))
        )
        for letter, found in ids.items()
    )


def _entry_of(kind: str, key: str, context: Context) -> IndexEntry:
    if kind == "families":
        return _family_entry(key, context)
    history = context.history
    if kind == "models":
        return _entry(history.introduction[key], context)
    target = history.find(key, kind)
    if target is None:
        raise LookupError(f"{kind}/{key} is listed, and is not there")
    return _entry(target.record, context)


def _by_year(events: Iterable[Event], context: Context) -> tuple[IndexGroup, ...]:
    groups: dict[str, list[IndexEntry]] = {}
    for event in events:
        date = headline_date(event)
        groups.setdefault(str(date.year) if date else "", []).append(_entry(event, context))
    return _year_groups(groups, context.language)


def _year_groups(groups: dict[str, list[IndexEntry]], language: Language) -> tuple[IndexGroup, ...]:
    return tuple(
        IndexGroup(
            id=f"y{year}" if year else "undated",
            heading=year or language.gettext("Undated"),
            entries=tuple(entries),
        )
        for year, entries in groups.items()
    )


def _entry(record: Record, context: Context) -> IndexEntry:
    history = context.history
    kind = type(record).kind_name
    date = headline_date(record)
    details = []
    organization = history.organization(record) if isinstance(record, Dated | Family) else None
    if isinstance(record, Dated):
        known = (history.organizations.get(role.id) for role in record.organization)
        details += [org.name for org in known if org]
    if date and kind != "organizations":
        details.append(context.language.date(date))
    if isinstance(record, Organization):
        organization = record
        count = sum(isinstance(r, Model) for r in history.by_organization.get(record.id, []))
        details.append(count_of_models(count, context.language))
    summary, spoken = context.language.text(record.summary)
    return IndexEntry(
        url=f"{kind}/{record.id}/",
        name=record.name,
        aliases=", ".join(other_names(record)),
        detail=" · ".join(details),
        note=first_sentence(summary),
        note_lang=spoken,
        mark=history.mark(record).value if isinstance(record, Model) else "",
        hue=(organization.hue or "grey") if organization else "grey",
    )


def family_ids(context: Context) -> list[str]:
    """Return the ids of all families: those with a record and those that models name."""
    return sorted(context.history.families.keys() | context.history.by_family.keys())


def family_record(family_id: str, context: Context) -> Family:
    """Return a family's record, or one made from its id for a family without a record."""
    return context.history.families.get(family_id) or Family(id=family_id, name=family_id)


def _family_entry(family_id: str, context: Context) -> IndexEntry:
    entry = _entry(family_record(family_id, context), context)
    count = len(context.history.by_family.get(family_id, []))
    detail = count_of_models(count, context.language)
    return IndexEntry(
        url=entry.url, name=entry.name, aliases=entry.aliases, detail=detail,
        note=entry.note, note_lang=entry.note_lang, hue=entry.hue,
    )  # fmt: skip


def notes_view(notes: Iterable[Note], context: Context, *, tag: str = "") -> IndexView:
    """Return the index of notes, newest first; of one tag if it is given."""
    language, gettext = context.language, context.language.gettext
    chosen = [note for note in notes if not tag or tag in map(tag_slug, note.matter.tags)]
    chosen.sort(key=lambda n: n.id)
    chosen.sort(key=lambda n: str(n.matter.date or ""), reverse=True)
    groups: dict[str, list[IndexEntry]] = {}
    for note in chosen:
        date = note.matter.date
        entry = IndexEntry(
            url=f"notes/{note.id}/",
            name=note.title,
            detail=" · ".join(
                filter(None, (language.date(date) if date else "", *note.matter.authors))
            ),
            note=note.matter.summary.get(language.tag, note.language)[0]
            if note.matter.summary
            else "",
            lang="" if note.language == language.tag else note.language,
        )
        groups.setdefault(str(date.year) if date else "", []).append(entry)
    names = {tag_slug(name): name for note in chosen for name in note.matter.tags}
    name = gettext("Notes")
    lead = gettext("Essays, lecture and reading notes. The models they name are linked.")
    if tag:
        name, lead = gettext("Notes tagged “%(tag)s”", tag=names.get(tag, tag)), ""
    return IndexView(
        name=name,
        description=lead or name,
        section="notes",
        lead=lead,
        groups=_year_groups(groups, language),
    )


def tags_view(notes: Iterable[Note], language: Language) -> IndexView:
    """Return the index of tags."""
    counts = Counter(tag_slug(tag) for note in notes for tag in dict.fromkeys(note.matter.tags))
    names = {tag_slug(tag): tag for note in notes for tag in note.matter.tags}
    entries = {
        slug: IndexEntry(
            url=f"tags/{slug}/",
            name=names[slug],
            detail=language.ngettext("%(num)s note", "%(num)s notes", count),
        )
        for slug, count in counts.items()
    }
    groups = _by_letter(tuple((names[slug], slug) for slug in counts))
    return IndexView(
        name=language.gettext("Tags"),
        description=language.gettext("What notes are about."),
        section="notes",
        lead=language.gettext("What notes are about."),
        groups=_letter_groups(groups, entries.__getitem__),
    )


def sources_view(context: Context, part: str = "") -> SourcesView:
    """Return the bibliography, by type of source; of very many one ``part``, or their index."""
    language = context.language
    groups = _by_type(context)
    pages: tuple[LinkView, ...] = ()
    if parts := source_parts(context):
        pages = tuple(
            LinkView(
                url=f"sources/by-type/{slug}/",
                name=each.heading.replace(
                    each.group, language.gettext(labels.SOURCE_TYPES[each.group])
                ),
            )
            for slug, each in parts.items()
        )
        groups = {parts[part].group: [*parts[part].entries]} if part else {}

    def entries(kind: str) -> tuple[SourceView, ...]:
        return tuple(_counted(s, context) for s in groups[kind])

    return SourcesView(
        name=language.gettext("Sources"),
        description=language.gettext("Every source that a fact on this site cites."),
        lead=language.gettext(
            "Every fact on this site names its source. Primary sources are the maker’s own words; "
            "secondary ones report on their own account; tertiary ones retell."
        ),
        groups=tuple(
            (kind, language.gettext(labels.SOURCE_TYPES[kind]), entries(kind)) for kind in groups
        ),
        pages=pages,
    )


def source_parts(context: Context) -> dict[str, Part[Source]]:
    """Return what each part of a long bibliography lists, by what its address ends with."""
    return in_parts(_by_type(context)) if are_many(len(context.history.sources)) else {}


def _by_type(context: Context) -> dict[str, list[Source]]:
    return _sorted_by_type(tuple(context.history.sources.values()))


@remembered
def _sorted_by_type(sources: tuple[Source, ...]) -> dict[str, list[Source]]:
    groups: dict[str, list[Source]] = {}
    for source in sorted(sources, key=_source_key):
        groups.setdefault(source.type, []).append(source)
    return dict(sorted(groups.items()))


def _source_key(source: Source) -> tuple[str, str, str]:
    by = source.authors[0] if source.authors else source.publisher
    return by.casefold(), str(source.published or ""), source.id


def _counted(source: Source, context: Context) -> SourceView:
    """Return a source with the number of records and notes that cite it."""
    count = context.history.cited.get(source.id, 0)
    return msgspec.structs.replace(source_view(source, 0, context.language), cited=count)


def source_page_view(source: Source, context: Context) -> SourcePageView:
    """Return the page of a source: what it is, and every record that cites it."""
    language, gettext = context.language, context.language.gettext
    view = source_view(source, 0, language)
    dates = (source.published, source.accessed)
    published, accessed = (language.date(date) if date else "" for date in dates)
    facts = (
        (gettext("Type"), gettext(labels.SOURCE_TYPES[source.type])),
        (gettext("Standing"), gettext(labels.TIERS[source.tier])),
        (gettext("Authors"), ", ".join(source.authors)),
        (gettext("Publisher"), source.publisher),
        (gettext("Published"), published),
        ("DOI", source.doi),
        (gettext("Accessed"), accessed),
    )
    cited = []
    for key, (record, found) in sorted(context.history.cited_by.get(source.id, {}).items()):
        places = ", ".join(locator_text(c.locator) for c in found if c.locator)
        cited.append((LinkView(url=f"{key}/", name=record.name), places))
    notes = context.history.notes_citing.get(source.id, ())
    cited += ((LinkView(url=f"notes/{note.id}/", name=note.title), "") for note in notes)
    return SourcePageView(
        name=source.title,
        description=gettext("%(title)s: what it supports on this site.", title=source.title),
        source=view,
        note=language.text(source.note),
        facts=tuple((label, text) for label, text in facts if text),
        cited_by=tuple(cited),
    )


_COLUMNS = (Status.OFFICIAL, Status.REPORTED, Status.ESTIMATED, Status.DISPUTED,
            Status.UNDISCLOSED, Status.UNKNOWN)  # fmt: skip


def coverage_view(context: Context) -> CoverageView:
    """Return how many models state each fact, in all and year by year."""
    models, gettext = context.history.measured, context.language.gettext
    by_year: dict[str, list[Model]] = {}
    for model in models:
        date = headline_date(model)
        by_year.setdefault(str(date.year) if date else gettext("Undated"), []).append(model)
    tables = [(gettext("All years"), _coverage_rows(models, context.language))]
    tables += [(year, _coverage_rows(found, context.language)) for year, found in by_year.items()]
    tables += [
        (gettext(labels.KINDS[kind.kind_name][0]), _kind_rows(kind.kind_name, names, context))
        for kind, names in FACTS_OF_KINDS.items()
    ]
    checked = ((month or gettext("never"), n) for month, n in context.history.checked.items())
    excluded = [
        (entry.name, context.language.text(entry.why)) for entry in context.history.excluded
    ]
    return CoverageView(
        name=gettext("Coverage"),
        description=gettext(
            "Which facts are known, which are withheld, and which nobody has looked up."
        ),
        lead=gettext(
            "A fact that is absent is one that nobody has looked up yet: "
            "that is different from one its maker did not disclose."
        ),
        statuses=tuple(gettext(labels.STATUSES[status.value]) for status in _COLUMNS),
        tables=tuple(tables),
        checked=tuple(sorted(checked)),
        audit=audit_sentence(context),
        excluded=tuple(excluded),
    )


def _coverage_rows(models: Iterable[Model], language: Language) -> tuple[CoverageRow, ...]:
    models = tuple(models)
    rows = []
    for name in FACT_NAMES:
        counts = Counter(_status(model, name) for model in models)
        row = [counts[status] for status in _COLUMNS]
        label = language.gettext(labels.FACTS[name])
        rows.append(CoverageRow(label=label, counts=(*row, counts[None])))
    return tuple(rows)


def _kind_rows(kind: str, names: Sequence[str], context: Context) -> tuple[CoverageRow, ...]:
    rows = []
    for name in names:
        facts: list[Fact[object] | None]
        facts = [getattr(record, name) for record in context.history.records(kind)]
        counts = Counter(fact.status if fact else None for fact in facts)
        label = context.language.gettext(labels.FACTS[name])
        row = [counts[status] for status in _COLUMNS]
        rows.append(CoverageRow(label=label, counts=(*row, counts[None])))
    return tuple(rows)


def _status(model: Model, name: str) -> Status | None:
    """Return how firmly a model, or the first of its variants, states a fact."""
    own: Fact[object] | None = getattr(model.facts, name)
    found = (own, *(getattr(variant.facts, name) or own for variant in model.variants))
    stated: list[Fact[object]] = [fact for fact in found if fact]
    if not stated:
        return None
    statuses = [fact.status for fact in stated]
    return Status.DISPUTED if Status.DISPUTED in statuses else statuses[0]


def about_view(context: Context) -> AboutView:
    """Return the page that says what the site is."""
    settings, history, language = context.settings, context.history, context.language
    counts = [
        (language.gettext(labels.KINDS[kind][0]), f"{kind}/", len(history.records(kind)))
        for kind in KINDS
    ]
    counts.append((language.gettext("Notes"), "notes/", len(history.notes)))
    counts.append((language.gettext("Sources"), "sources/", len(history.sources)))
    return AboutView(
        name=language.gettext("About"),
        description=language.gettext(
            "What %(site)s is, and how to read its facts.", site=settings.title
        ),
        inclusion=language.text(settings.inclusion)[0],
        counts=tuple(counts),
        repository=settings.repository or "",
    )
