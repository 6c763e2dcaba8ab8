"""One build from start to end: read, link, plan, render, publish."""

import contextlib
import gc
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from llm_history.content.load import load_content, walk
from llm_history.content.parsed import Parsed
from llm_history.diagnostics import Diagnostic, Place, Problems, Rule
from llm_history.history import History
from llm_history.history.checks import Finder
from llm_history.history.index import Index
from llm_history.history.reads import Difference
from llm_history.history.rules import review, suggest
from llm_history.pages.assets import hash_assets
from llm_history.pages.context import Shared
from llm_history.pages.inventory import Inventory, plan
from llm_history.pages.language import Language, load_languages
from llm_history.pages.notes import Resolved, resolve_all
from llm_history.pages.proofs import check_navigation, check_notes
from llm_history.pages.render import Renderer, SiteView, Unit, site_view
from llm_history.pages.workshop import Made, Progress, Workshop, make_all
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


class Report(msgspec.Struct, frozen=True):
    """What a build found and did; ``published`` is missing if it published nothing.

    ``made`` counts the pages and files that had to be made anew.
    """

    diagnostics: tuple[Diagnostic, ...]
    pages: int
    published: Published | None
    seconds: float
    made: int = 0


def build(folders: Folders, options: Options, progress: Progress | None = None) -> Report:
    """Build and publish a site, unless its content has errors: then nothing is written."""
    return Builder(folders, options).build(progress)


def check(folders: Folders, options: Options) -> Report:
    """Do all of a build but the publishing."""
    return Builder(folders, options).build(publishing=False)


class Site(msgspec.Struct, frozen=True):
    """A site that is ready to be published.

    ``files`` are those made just now, by path; ``kept`` are the paths of those that are as
    the last build published them.
    """

    files: dict[str, bytes]
    kept: frozenset[str]
    memory: "Memory"
    pages: int
    made: int


class Memory(msgspec.Struct, frozen=True):
    """What the last good build was made from, and how it came out.

    ``ground`` is what everything depends on: settings, catalogues, options.
    """

    ground: bytes
    shared: Shared
    resolved: Mapping[str, Resolved]
    renderer: Renderer
    made: Mapping[str, Made]


class Builder:
    """Builds a site, and builds it again: what is still right is not made anew.

    Whatever a unit of the site is made from is known by name (see :mod:`..history.reads`)
    and compared with what it was; nothing is inferred from which files changed. The context
    that ``publishing`` gives is entered while the output folder changes.
    """

    def __init__(
        self,
        folders: Folders,
        options: Options,
        publishing: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
    ) -> None:
        self.folders = folders
        self.options = options
        self.publishing = publishing
        self.parsed = Parsed()
        self.memory: Memory | None = None

    def build(self, progress: Progress | None = None, *, publishing: bool = True) -> Report:
        """Build once; publish unless an error forbids it, or ``publishing`` is not set."""
        started = time.monotonic()
        problems = Problems()
        published = None
        with _without_collector():
            site = self._make(problems, progress)
            if site is not None and publishing:
                published = self._publish(site, problems)
        if published is not None and site is not None:
            self.memory = site.memory
        seconds = time.monotonic() - started
        return Report(
            problems.sorted(),
            site.pages if site else 0,
            published,
            seconds,
            site.made if site else 0,
        )

    def _publish(self, site: Site, problems: Problems) -> Published | None:
        folder, force = self.folders.output, self.options.force
        place = Place(self.folders.shown(folder))
        try:
            with self.publishing():
                return publish(site.files, folder, kept=site.kept, force=force)
        except ForeignFilesError as error:
            hint = "choose another --output, or use --force to leave these files alone"
            problems.add(BAD_OUTPUT, place, str(error), hint=hint)
        except OSError as error:
            problems.add(BAD_OUTPUT, place, f"cannot be written: {error.strerror or error}")
        return None

    def _make(self, problems: Problems, progress: Progress | None) -> Site | None:
        """Return the whole site, or ``None`` when an error keeps it from being published."""
        folders, options = self.folders, self.options
        _check_output(folders, problems)
        settings = load_settings(folders, problems)
        if settings is None:
            return None
        check_navigation(folders, settings, problems)
        if options.base_url:
            settings = msgspec.structs.replace(settings, base_url=options.base_url)
        history = make_history(folders, settings, options, problems, self.parsed)
        languages = load_languages(folders, settings, problems)
        if _stopped(problems, options):
            check_notes(history, settings, languages, problems)
            return None
        ground = _ground(settings, languages, options)
        memory = self.memory if self.memory and self.memory.ground == ground else None
        resolved = resolve_all(history, settings, languages, problems, memory)
        pages = [entry.page for entry in resolved.values()]
        inventory = plan(history, settings, languages, pages, problems)
        copies = _read_copies(folders, inventory.copies, problems)
        if _stopped(problems, options):
            return None
        names, assets = hash_assets(_read_assets(folders))
        renderer = self._renderer(site_view(settings, languages, names), languages)
        todo = _to_be_made(inventory, renderer, memory)
        before = memory.made if memory else {}
        workshop = Workshop(renderer, history.reads, before)
        products = make_all(workshop, todo, problems, jobs=options.jobs, progress=progress)
        renderer.report_missing(problems)
        if _stopped(problems, options):
            return None
        files = {**copies, **assets}
        made = {unit.key: before[unit.key] for unit in inventory.units if unit.key in before}
        for product in products:
            made[product.unit] = product.made
            files |= product.files or {}
        kept = {path for entry in made.values() for path in entry.paths} - files.keys()
        return Site(
            files=files,
            kept=frozenset(kept),
            memory=Memory(ground, inventory.shared, resolved, renderer, made),
            pages=inventory.pages,
            made=len(todo),
        )

    def _renderer(self, site: SiteView, languages: Sequence[Language]) -> Renderer:
        """Return a renderer; the last one, with its compiled templates, if it still fits."""
        renderer = Renderer(self.folders, site, languages)
        last = self.memory.renderer if self.memory else None
        same = last and last.closures.digest == renderer.closures.digest
        return last if last and same else renderer


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the collector of circular garbage away: a build makes much, and hardly any of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _ground(settings: SiteSettings, languages: Sequence[Language], options: Options) -> bytes:
    parts = [settings, options.drafts, [[lang.tag, lang.messages] for lang in languages]]
    return hashlib.blake2b(msgspec.msgpack.encode(parts)).digest()


def _to_be_made(
    inventory: Inventory, renderer: Renderer, memory: Memory | None
) -> tuple[Unit, ...]:
    """Return the units that read something that is not what it was, or whose look changed."""
    if memory is None:
        return inventory.units
    difference = Difference(memory.shared, inventory.shared)
    closures, before = renderer.closures, memory.renderer.closures

    def is_same(unit: Unit) -> bool:
        made = memory.made.get(unit.key)
        if made is None or unit.always:
            return False
        if unit.template and closures.of(unit.template) != before.of(unit.template):
            return False
        return difference.spares(made.reads)

    return tuple(unit for unit in inventory.units if not is_same(unit))


def make_history(
    folders: Folders,
    settings: SiteSettings,
    options: Options,
    problems: Problems,
    parsed: Parsed | None = None,
) -> History:
    """Read the content folder and link it; everything wrong with it is reported."""
    shown = folders.shown(folders.content)
    content = load_content(
        folders.content,
        shown,
        problems,
        language=settings.language,
        drafts=options.drafts,
        parsed=parsed or Parsed(),
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
