"""Which pages and files a history becomes."""

from collections.abc import Iterator, Sequence

import msgspec

from llm_history.content.records import KINDS
from llm_history.diagnostics import Problems
from llm_history.history import History
from llm_history.history.measures import MEASURES
from llm_history.history.queries import Desk
from llm_history.pages import charts, compare, exports, indexes, timeline
from llm_history.pages.context import Context
from llm_history.pages.findings import month
from llm_history.pages.findings.disclosure import disclosure_view
from llm_history.pages.findings.disputed import disputed_view
from llm_history.pages.findings.holders import all_holdings, holders_view
from llm_history.pages.findings.thisday import on_this_day_view
from llm_history.pages.language import Language
from llm_history.pages.notes import NotePage, NoteResolver, backlinks, note_view, tag_slug
from llm_history.pages.questions import check_assertions, question_view, questions_view
from llm_history.pages.records import record_view
from llm_history.pages.render import Page
from llm_history.pages.search import search_files
from llm_history.pages.views import LinkView, MessageView
from llm_history.settings import SiteSettings


class Inventory(msgspec.Struct, frozen=True):
    """Everything a site consists of but its assets.

    ``data`` are files whose bytes need no template; ``copies`` are published as they are,
    by their path in ``content/``.
    """

    pages: tuple[Page, ...]
    data: dict[str, bytes]
    copies: tuple[str, ...]


def plan(
    history: History, settings: SiteSettings, languages: Sequence[Language], problems: Problems
) -> Inventory:
    """Return the whole site; what notes refer to in vain is reported."""
    resolver = NoteResolver(history, settings, languages, problems)
    notes = [resolver.resolve(note) for note in history.notes]
    links = backlinks(notes)
    pages: list[Page] = []
    data: dict[str, bytes] = {}
    for language in languages:
        context = Context(history, settings, links, language)
        pages += (page.under(language) for page in _pages(context, notes))
        data[f"{language.prefix}feed.atom"] = exports.feed(context)
    listed = [page.url for page in pages]
    for language in languages:
        context = Context(history, settings, links, language)
        pages += (page.under(language) for page in _messages(context))
    data |= _data(history, settings)
    first = Context(history, settings, links, languages[0])
    data |= charts.chart_data(first)
    data["data/models.csv"] = compare.models_csv(history.models, first)
    data["figures/sizes.svg"] = charts.all_sizes(first)
    data |= search_files(history, languages)
    check_assertions(history.notes, Desk(history), problems)
    data["sitemap.xml"] = exports.sitemap(listed, settings)
    data["robots.txt"] = (
        f"User-agent: *\nAllow: /\nSitemap: {settings.base_url.rstrip('/')}/sitemap.xml\n".encode()
    )
    copies = dict.fromkeys(file for note in notes for file in note.files)
    return Inventory(tuple(pages), data, tuple(copies))


def _pages(context: Context, notes: Sequence[NotePage]) -> Iterator[Page]:
    """The pages of one language, by their address from the root of that language."""
    history, language = context.history, context.language
    yield from _timeline_pages(context)
    yield Page("lineage/", "lineage.html", indexes.lineage_view(context))
    yield from _chart_pages(context)
    yield from _compare_pages(context)
    yield from _finding_pages(context)
    desk = Desk(history)
    yield Page("questions/", "questions.html", questions_view(history.notes, desk, context))
    for kind in KINDS:
        yield Page(f"{kind}/", "index.html", indexes.index_view(kind, context))
        yield from _record_pages(kind, context)
    yield Page("notes/", "index.html", indexes.notes_view(history.notes, context))
    for note in notes:
        question = question_view(note.note, desk, context)
        essay = note_view(note, history, language, question)
        yield Page(f"notes/{note.note.id}/", "note.html", essay)
    yield from _tag_pages(context)
    yield Page("sources/", "sources.html", indexes.sources_view(context))
    for source in history.sources.values():
        view = indexes.source_page_view(source, context)
        yield Page(f"sources/{source.id}/", "source.html", view)
    yield Page("coverage/", "coverage.html", indexes.coverage_view(context))
    yield Page("about/", "about.html", indexes.about_view(context))


def _timeline_pages(context: Context) -> Iterator[Page]:
    """One page for all models, or landmarks and one page a year when they are too many."""
    if len(context.history.models) <= timeline.ONE_PAGE_UP_TO:
        yield Page("", "timeline.html", timeline.timeline_view(context))
        return
    yield Page("", "timeline.html", timeline.timeline_view(context, whole=False))
    yield Page("timeline/all/", "timeline.html", timeline.timeline_view(context))
    for year in timeline.model_years(context):
        view = timeline.timeline_view(context, year=year)
        yield Page(f"timeline/{year}/", "timeline.html", view)


def _chart_pages(context: Context) -> Iterator[Page]:
    yield Page("charts/", "report.html", charts.charts_index(context))
    for measure in MEASURES:
        yield Page(f"charts/{measure.key}/", "chart.html", charts.measure_chart(measure, context))
    yield Page("charts/openness/", "chart.html", charts.openness_chart(context))
    yield Page("charts/releases/", "chart.html", charts.releases_chart(context))


def _compare_pages(context: Context) -> Iterator[Page]:
    yield Page("compare/", "compare.html", compare.compare_view(context))
    for column, key in enumerate(compare.SORTS):
        if key:
            view = compare.compare_view(context, column)
            yield Page(f"compare/by-{key}/", "compare.html", view)


def _finding_pages(context: Context) -> Iterator[Page]:
    yield Page("disputed/", "disputed.html", disputed_view(context))
    yield Page("disclosure/", "report.html", disclosure_view(context))
    yield Page("records/", "report.html", holders_view(context))
    yield Page("as-of/", "report.html", month.as_of_index(context))
    held = all_holdings(context)
    for each in month.months(context):
        yield Page(month.month_url(each), "report.html", month.as_of_view(each, held, context))
    yield Page("on-this-day/", "report.html", on_this_day_view(context))


def _record_pages(kind: str, context: Context) -> Iterator[Page]:
    template = "record.html"
    if kind == "families":
        for family_id in indexes.family_ids(context):
            family = indexes.family_record(family_id, context)
            yield Page(f"{kind}/{family_id}/", template, record_view(family, context))
        return
    for record in context.history.content.records[kind]:
        yield Page(f"{kind}/{record.id}/", template, record_view(record, context))


def _tag_pages(context: Context) -> Iterator[Page]:
    notes = context.history.notes
    yield Page("tags/", "index.html", indexes.tags_view(notes, context.language))
    slugs = {tag_slug(tag) for note in notes for tag in note.matter.tags}
    for slug in sorted(slugs):
        view = indexes.notes_view(notes, context, tag=slug)
        yield Page(f"tags/{slug}/", "index.html", view)


def _messages(context: Context) -> Iterator[Page]:
    """The page for what is not there, and one at each address that moved."""
    gettext = context.language.gettext
    missing = MessageView(
        name=gettext("Not found"),
        description=gettext("There is no such page."),
        message=gettext("There is no page at this address. It may have moved, or never existed."),
    )
    if not context.language.prefix:
        yield Page("404.html", "message.html", missing)
    for kind in KINDS:
        for record in context.history.content.records[kind]:
            for old in record.formerly:
                target = LinkView(url=f"{kind}/{record.id}/", name=record.name)
                moved = MessageView(
                    name=gettext("Moved: %(name)s", name=record.name),
                    description=gettext("This page is now called %(name)s.", name=record.name),
                    message=gettext("This page has moved."),
                    target=target,
                )
                yield Page(f"{kind}/{old}/", "message.html", moved)


def _data(history: History, settings: SiteSettings) -> Iterator[tuple[str, bytes]]:
    models = exports.models_json(history, settings)
    yield "data/models.json", exports.to_json(models)
    for kind in KINDS:
        for record in history.content.records[kind]:
            data = exports.record_json(record, history, settings)
            yield f"data/{kind}/{record.id}.json", exports.to_json(data)
    sources = {key: exports.source_json(source) for key, source in sorted(history.sources.items())}
    yield "data/sources.json", exports.to_json({"sources": sources})
    for name, schema in exports.schemas().items():
        yield f"schema/{name}.json", exports.to_json(schema)
