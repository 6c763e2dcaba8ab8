"""One build from start to end: read, link, plan, render, publish."""

import time
from pathlib import Path

import msgspec

from llm_history.content.load import load_content, walk
from llm_history.diagnostics import Diagnostic, Place, Problems, Rule
from llm_history.history import History
from llm_history.history.checks import Finder
from llm_history.history.index import Index
from llm_history.history.rules import review, suggest
from llm_history.pages.assets import hash_assets
from llm_history.pages.inventory import plan
from llm_history.pages.language import load_languages
from llm_history.pages.proofs import check_navigation, check_notes
from llm_history.pages.render import Progress, Renderer, render_all, site_view
from llm_history.publish import ForeignFilesError, Published, publish
from llm_history.settings import Folders, SiteSettings, default_templates, load_settings

BAD_OUTPUT = Rule("LH030", "unusable-output-folder")
MAX_COPY = 20 * 1024 * 1024
TOO_LARGE_COPY = Rule("LH031", "attached-file-too-large")


class Options(msgspec.Struct, frozen=True):
    """How to build: what the command line says beside the folders."""

    base_url: str = ""
    drafts: bool = False
    strict: bool = False
    force: bool = False
    pedantic: bool = False
    jobs: int = 1


class Site(msgspec.Struct, frozen=True):
    """A site that is ready to be published: every file by its path."""

    files: dict[str, bytes]
    pages: int


class Report(msgspec.Struct, frozen=True):
    """What a build found and did; ``published`` is missing if it published nothing."""

    diagnostics: tuple[Diagnostic, ...]
    pages: int
    published: Published | None
    seconds: float


def build(folders: Folders, options: Options, progress: Progress | None = None) -> Report:
    """Build and publish a site, unless its content has errors: then nothing is written."""
    started = time.monotonic()
    problems = Problems()
    site = make_site(folders, options, problems, progress)
    published = None
    if site is not None:
        try:
            published = publish(site.files, folders.output, force=options.force)
        except ForeignFilesError as error:
            hint = "choose another --output, or use --force to leave these files alone"
            problems.add(BAD_OUTPUT, Place(folders.shown(folders.output)), str(error), hint=hint)
        except OSError as error:
            message = f"cannot be written: {error.strerror or error}"
            problems.add(BAD_OUTPUT, Place(folders.shown(folders.output)), message)
    seconds = time.monotonic() - started
    return Report(problems.sorted(), site.pages if site else 0, published, seconds)


def check(folders: Folders, options: Options) -> Report:
    """Do all of a build but the publishing."""
    started = time.monotonic()
    problems = Problems()
    site = make_site(folders, options, problems, None)
    seconds = time.monotonic() - started
    return Report(problems.sorted(), site.pages if site else 0, None, seconds)


def make_site(
    folders: Folders, options: Options, problems: Problems, progress: Progress | None
) -> Site | None:
    """Return the whole site, or ``None`` when an error keeps it from being published."""
    _check_output(folders, problems)
    settings = load_settings(folders, problems)
    if settings is None:
        return None
    check_navigation(folders, settings, problems)
    if options.base_url:
        settings = msgspec.structs.replace(settings, base_url=options.base_url)
    history = make_history(folders, settings, options, problems)
    languages = load_languages(folders, settings, problems)
    if _stopped(problems, options):
        check_notes(history, settings, languages, problems)
        return None
    inventory = plan(history, settings, languages, problems)
    copies = _read_copies(folders, inventory.copies, problems)
    if _stopped(problems, options):
        return None
    names, assets = hash_assets(_read_assets(folders))
    renderer = Renderer(folders, site_view(settings, languages, names), languages)
    pages = render_all(renderer, inventory.pages, problems, jobs=options.jobs, progress=progress)
    renderer.report_missing(problems)
    if _stopped(problems, options):
        return None
    return Site({**copies, **assets, **inventory.data, **pages}, len(inventory.pages))


def make_history(
    folders: Folders, settings: SiteSettings, options: Options, problems: Problems
) -> History:
    """Read the content folder and link it; everything wrong with it is reported."""
    shown = folders.shown(folders.content)
    content = load_content(
        folders.content, shown, problems, language=settings.language, drafts=options.drafts
    )
    index = Index(content)
    finder = Finder(folders.content, shown)
    review(content, index, finder, problems)
    if options.pedantic:
        suggest(content, index, finder, problems)
    return History(content, index)


def _stopped(problems: Problems, options: Options) -> bool:
    return any(problem.fails(strict=options.strict) for problem in problems.found)


def _check_output(folders: Folders, problems: Problems) -> None:
    """The output may not be, hold or lie in a folder that the site is made from."""
    output = folders.output.resolve()
    for source in (folders.content, folders.templates, default_templates(), folders.root / "src"):
        other = source.resolve()
        if output == other or output.is_relative_to(other) or other.is_relative_to(output):
            message = f"the output would mix with {folders.shown(source)}"
            hint = "choose another --output"
            problems.add(BAD_OUTPUT, Place(folders.shown(folders.output)), message, hint=hint)
            return


def _read_assets(folders: Folders) -> dict[str, bytes]:
    """Read the assets of the theme; a site's own come before the default ones."""
    files: dict[str, bytes] = {}
    for templates in (default_templates(), folders.templates):
        assets = templates / "assets"
        if assets.is_dir():
            files |= {path: (assets / path).read_bytes() for path in walk(assets)}
    return files


def _read_copies(folders: Folders, paths: tuple[str, ...], problems: Problems) -> dict[str, bytes]:
    files = {}
    for path in paths:
        source = folders.content / path
        place = Place(f"{folders.shown(folders.content)}/{path}")
        try:
            if source.stat().st_size > MAX_COPY:
                problems.add(TOO_LARGE_COPY, place, "the file is larger than 20 MiB")
            else:
                files[path] = source.read_bytes()
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            problems.add(TOO_LARGE_COPY, place, message)
    return files


def folders_of(
    root: Path, content: Path | None, templates: Path | None, output: Path | None
) -> Folders:
    """Return the folders of a site, with the usual names for those not given."""
    return Folders(
        root=root,
        content=content or root / "content",
        templates=templates or root / "templates",
        output=output or root / "site",
    )
