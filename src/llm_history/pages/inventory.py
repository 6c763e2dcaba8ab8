"""Which pages and files a history becomes."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from llm_history.content.load import Note
from llm_history.content.records import KINDS, Record
from llm_history.history import History
from llm_history.history.measures import MEASURES
from llm_history.history.queries import Desk
from llm_history.pages import charts, compare, exports, indexes, timeline
from llm_history.pages.chronology import are_parted, periods
from llm_history.pages.context import Context, Shared
from llm_history.pages.findings import month
from llm_history.pages.findings.disclosure import disclosure_parts, disclosure_view
from llm_history.pages.findings.disputed import disputed_view
from llm_history.pages.findings.holders import holders_view
from llm_history.pages.findings.thisday import day_url, days_with_pages, on_this_day_view
from llm_history.pages.language import Language
from llm_history.pages.notepage import NotePage
from llm_history.pages.notes import note_view, tag_slug
from llm_history.pages.questions import question_view, questions_view
from llm_history.pages.records import record_view
from llm_history.pages.render import Page, Read, Unit
from llm_history.pages.search import search_files
from llm_history.pages.search_edits import edited_search_files
from llm_history.pages.views import LinkView, MessageView, View
from llm_history.settings import SiteSettings


class Inventory(msgspec.Struct, frozen=True):
    """Everything a site consists of but its assets: what is to be made, not yet made.

    ``copies`` are published as they are, by their path in ``content/``.
    """

    units: tuple[Unit, ...]
    pages: int
    copies: tuple[str, ...]
    shared: Shared


def take_inventory(
    history: History,
    settings: SiteSettings,
    languages: Sequence[Language],
    notes: Sequence[NotePage],
) -> Inventory:
    """Return the whole site."""
    shared = Shared(history, notes)
    contexts = [Context(shared, settings, language) for language in languages]
    listed = [page for context in contexts for page in _pages(context)]
    messages = [page for context in contexts for page in _messages(context)]
    files = [*_data(contexts), _site_map([page.key for page in listed], settings)]
    copies = dict.fromkeys(file for note in notes for file in note.files)
    units = (*files, *listed, *messages)  # what takes longest is begun first
    return Inventory(units, len(listed) + len(messages), tuple(copies), shared)


def _pages(context: Context) -> Iterator[Unit]:
    """The pages of one language, by their address from the root of that language."""
    for planned in _views(context):
        yield _unit(planned, context)


def units_of(
    thing: Record | Note, shared: Shared, settings: SiteSettings, languages: Sequence[Language]
) -> Iterator[Unit]:
    """Yield what a record or a note has for itself: its pages, and its data."""
    for context in (Context(shared, settings, language) for language in languages):
        if isinstance(thing, Note):
            yield _unit(_note_page(thing.id, Desk(shared.history), context), context)
        else:
            yield _unit(_record_page(type(thing).kind_name, thing.id, context), context)
    if not isinstance(thing, Note):
        yield _record_file(type(thing).kind_name, thing.id, shared.history, settings)


def _unit(planned: "Planned", context: Context) -> Unit:
    url, template, view, *arguments = planned
    return _page(url, template, partial(view, *arguments), context.language)


def _page(url: str, template: str, view: Callable[[], View], language: Language) -> Unit:
    def make() -> Page:
        return Page(language.prefix + url, template, view(), language.tag)

    return Unit(language.prefix + url, make, template)


Planned = tuple[Any, ...]
"""An address, a template, the function that makes the view, and what it takes."""


def _views(context: Context) -> Iterator[Planned]:
    history = context.history
    yield from _timeline_pages(context)
    yield "lineage/", "lineage.html", indexes.lineage_view, context
    yield from _chart_pages(context)
    yield from _compare_pages(context)
    yield from _finding_pages(context)
    desk = Desk(history)
    yield "questions/", "questions.html", _questions_view, desk, context
    for kind in KINDS:
        yield f"{kind}/", "index.html", indexes.index_view, kind, context
        for part in indexes.index_parts(kind, context):
            url = f"{kind}/by-name/{part}/"
            yield url, "index.html", indexes.index_view, kind, context, part
        yield from _record_pages(kind, context)
    yield "notes/", "index.html", _notes_view, context
    for note in history.notes:
        yield _note_page(note.id, desk, context)
    yield from _tag_pages(context)
    yield "sources/", "sources.html", indexes.sources_view, context
    for part in indexes.source_parts(context):
        yield f"sources/by-type/{part}/", "sources.html", indexes.sources_view, context, part
    for source in history.sources:
        yield f"sources/{source}/", "source.html", _source_view, source, context
    yield "coverage/", "coverage.html", indexes.coverage_view, context
    yield "about/", "about.html", indexes.about_view, context


def _questions_view(desk: Desk, context: Context) -> View:
    return questions_view(context.history.notes, desk, context)


def _notes_view(context: Context) -> View:
    return indexes.notes_view(context.history.notes, context)


def _note_view(note_id: str, desk: Desk, context: Context) -> View:
    page = context.shared.notes[note_id]
    question = question_view(page.note, desk, context)
    return note_view(page, context.history, context.language, question)


def _source_view(source: str, context: Context) -> View:
    return indexes.source_page_view(context.history.sources[source], context)


def _timeline_pages(context: Context) -> Iterator[Planned]:
    """One page for all models, or landmarks and a page for each year when they are too many."""
    view, template = timeline.timeline_view, "timeline.html"
    if not are_parted(context.history.outlined):
        yield "", template, view, context
        yield timeline.WITH_MILESTONES, template, partial(view, milestones=True), context
        return
    yield "", template, partial(view, whole=False), context
    if timeline.has_all_years(context):
        yield "timeline/all/", template, partial(view, milestones=True), context
    for period in periods(context.history.outlined):
        one = partial(view, period=period, milestones=True)
        yield f"timeline/{period}/", template, one, context


def _chart_pages(context: Context) -> Iterator[Planned]:
    yield "charts/", "report.html", charts.charts_index, context
    for measure in MEASURES:
        yield f"charts/{measure.key}/", "chart.html", charts.measure_chart, measure, context
    yield "charts/openness/", "chart.html", charts.openness_chart, context
    yield "charts/releases/", "chart.html", charts.releases_chart, context


def _compare_pages(context: Context) -> Iterator[Planned]:
    yield "compare/", "compare.html", compare.compare_view, context
    for column, key in enumerate(compare.SORTS):
        if key:
            yield f"compare/by-{key}/", "compare.html", compare.compare_view, context, column


def _finding_pages(context: Context) -> Iterator[Planned]:
    yield "disputed/", "disputed.html", disputed_view, context
    yield "disclosure/", "report.html", disclosure_view, context
    for part in disclosure_parts(context):
        yield f"disclosure/{part}/", "report.html", disclosure_view, context, part
    yield "records/", "report.html", holders_view, context
    yield "as-of/", "report.html", month.as_of_index, context
    for each in month.months(context):
        yield month.month_url(each), "report.html", month.as_of_view, each, context
    yield "on-this-day/", "report.html", on_this_day_view, context
    for day in days_with_pages(context):
        yield day_url(day), "report.html", on_this_day_view, context, day


def _record_pages(kind: str, context: Context) -> Iterator[Planned]:
    if kind == "families":
        for family_id in indexes.family_ids(context):
            yield f"{kind}/{family_id}/", "record.html", _family_view, family_id, context
        return
    for record in context.history.records(kind):
        yield _record_page(kind, record.id, context)


def _record_page(kind: str, record_id: str, context: Context) -> Planned:
    return f"{kind}/{record_id}/", "record.html", _record_view, kind, record_id, context


def _note_page(note_id: str, desk: Desk, context: Context) -> Planned:
    return f"notes/{note_id}/", "note.html", _note_view, note_id, desk, context


def _family_view(family_id: str, context: Context) -> View:
    return record_view(indexes.family_record(family_id, context), context)


def _record_view(kind: str, record_id: str, context: Context) -> View:
    return record_view(_record(kind, record_id, context.history), context)


def _record(kind: str, record_id: str, history: History) -> Record:
    target = history.find(record_id, kind)
    if target is None:
        raise LookupError(f"a page was planned for {kind}/{record_id}, which is not there")
    return target.record


def _tag_pages(context: Context) -> Iterator[Planned]:
    yield "tags/", "index.html", _tags_view, context
    slugs = {tag_slug(tag) for note in context.history.notes for tag in note.matter.tags}
    for slug in sorted(slugs):
        yield f"tags/{slug}/", "index.html", _tag_view, slug, context


def _tags_view(context: Context) -> View:
    return indexes.tags_view(context.history.notes, context.language)


def _tag_view(slug: str, context: Context) -> View:
    return indexes.notes_view(context.history.notes, context, tag=slug)


def _messages(context: Context) -> Iterator[Unit]:
    """The page for what is not there, and one at each address that moved."""
    language = context.language
    if not language.prefix:
        yield _page("404.html", "message.html", partial(_missing_view, context), language)
    for kind in KINDS:
        for record in context.history.records(kind):
            for old in record.formerly:
                view = partial(_moved_view, kind, record.id, context)
                yield _page(f"{kind}/{old}/", "message.html", view, language)


def _missing_view(context: Context) -> View:
    gettext = context.language.gettext
    return MessageView(
        name=gettext("Not found"),
        description=gettext("There is no such page."),
        message=gettext("There is no page at this address. It may have moved, or never existed."),
    )


def _moved_view(kind: str, record_id: str, context: Context) -> View:
    gettext, name = context.language.gettext, _record(kind, record_id, context.history).name
    return MessageView(
        name=gettext("Moved: %(name)s", name=name),
        description=gettext("This page is now called %(name)s.", name=name),
        message=gettext("This page has moved."),
        target=LinkView(url=f"{kind}/{record_id}/", name=name),
    )


# --- Files that need no template ---


def _data(contexts: Sequence[Context]) -> Iterator[Unit]:
    first = contexts[0]
    history, settings = first.history, first.settings
    languages = [context.language for context in contexts]
    for context in contexts:
        yield _file(f"{context.language.prefix}feed.atom", exports.feed, context)
    yield Unit("search", partial(search_files, history, languages), edit=_edited_search(history))
    yield _file("data/models.json", _models_json, history, settings)
    for kind in KINDS:
        for record in history.records(kind):
            yield _record_file(kind, record.id, history, settings)
    yield _file("data/sources.json", _sources_json, history)
    yield Unit("schema", _schemas)
    yield Unit("charts", partial(charts.chart_data, first))
    yield _file("data/models.csv", _models_csv, first)
    yield _file("figures/sizes.svg", charts.all_sizes, first)


def _record_file(kind: str, record_id: str, history: History, settings: SiteSettings) -> Unit:
    path = f"data/{kind}/{record_id}.json"
    return _file(path, _record_json, kind, record_id, history, settings)


def _edited_search(now: History) -> Callable[[History, Read], dict[str, bytes] | None]:
    return lambda before, read: edited_search_files(before, now, read)


def _file(path: str, make: Callable[..., bytes], *arguments: object) -> Unit:
    return Unit(path, lambda: {path: make(*arguments)})


def _models_json(history: History, settings: SiteSettings) -> bytes:
    return exports.to_json(exports.models_json(history, settings))


def _record_json(kind: str, record_id: str, history: History, settings: SiteSettings) -> bytes:
    record = _record(kind, record_id, history)
    return exports.to_json(exports.record_json(record, history, settings))


def _sources_json(history: History) -> bytes:
    sources = {key: exports.source_json(source) for key, source in sorted(history.sources.items())}
    return exports.to_json({"sources": sources})


def _schemas() -> dict[str, bytes]:
    return {
        f"schema/{name}.json": exports.to_json(schema) for name, schema in exports.schemas().items()
    }


def _models_csv(context: Context) -> bytes:
    return compare.models_csv(context.history.measured, context)


def _site_map(listed: Sequence[str], settings: SiteSettings) -> Unit:
    """The site map and robots.txt: made anew each time, for they depend on what there is."""

    def make() -> dict[str, bytes]:
        address = f"{settings.base_url.rstrip('/')}/sitemap.xml"
        robots = f"User-agent: *\nAllow: /\nSitemap: {address}\n"
        return {**exports.sitemaps(listed, settings), "robots.txt": robots.encode()}

    return Unit("sitemap", make, always=True)
