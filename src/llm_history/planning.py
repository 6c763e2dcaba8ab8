"""What a site is to be: everything is read, linked and checked, and nothing made yet."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import msgspec

from llm_history.ahead import Known
from llm_history.cache.state import Memory, Past
from llm_history.content.load import load_content
from llm_history.content.parsed import Parsed
from llm_history.diagnostics import Place, Problems, Rule
from llm_history.folders import Folders, Options, default_templates
from llm_history.history import LISTS, History
from llm_history.history.checks import Finder
from llm_history.history.index import Index
from llm_history.history.reads import Cell, Difference, Register
from llm_history.history.rules import Findings, Former, review, suggest
from llm_history.history.succession import succeed
from llm_history.pages.assets import renames
from llm_history.pages.inventory import Inventory, take_inventory
from llm_history.pages.language import Language, load_languages
from llm_history.pages.notes import NoteResolver, Resolved, resolve_all
from llm_history.pages.proofs import check_navigation, check_notes
from llm_history.pages.render import Read, Renderer, Unit
from llm_history.pages.workshop import Made, Workshop
from llm_history.settings import SiteSettings, load_settings
from llm_history.theme import Theme

BAD_OUTPUT = Rule("LH030", "unusable-output-folder")
MAX_COPY = 20 * 1024 * 1024
TOO_LARGE_COPY = Rule("LH031", "attached-file-too-large")


class Plan(msgspec.Struct, frozen=True):
    """All of a site, and what the pages are made with, beside how they came out ``before``.

    ``ground`` is what everything depends on: settings, messages, and which assets there are.
    ``findings`` are what is wrong between records. While the ground is the same, ``past`` is what
    the pages were made from, and ``renames`` are the new paths of assets by their old ones.
    ``copies`` are files to be published as they are.
    """

    ground: bytes
    settings: SiteSettings
    findings: Findings
    inventory: Inventory
    resolved: Mapping[str, Resolved]
    renderer: Renderer
    register: Register
    before: Mapping[str, Made]
    renames: Mapping[str, str]
    copies: Mapping[str, bytes]
    past: Past | None

    def workshop(self, read: Read, pause: Callable[[], None]) -> Workshop:
        """Return what its units are made with; ``read`` returns a published file."""
        return Workshop(
            self.renderer,
            self.inventory.shared.history.reads,
            self.register,
            self.before,
            self.past.shared.history if self.past else None,
            read,
            pause,
        )

    def known(self, paths: Collection[str]) -> Known:
        """Return what an edit goes ahead with; ``paths`` are all files of the content."""
        return Known(self.settings, self.renderer, self.inventory.shared, frozenset(paths))


def make_plan(
    folders: Folders,
    options: Options,
    problems: Problems,
    theme: Theme,
    parsed: Parsed,
    last: Memory | None,
    pause: Callable[[], None],
) -> Plan | None:
    """Read everything and return what the site is to be, unless an error forbids it.

    ``parsed`` are the files as they were read before, ``last`` how the last good build came out.
    ``pause`` is called now and then, and may end it by what it raises.
    """
    _check_output(folders, problems)
    settings = load_settings(folders, problems)
    if settings is None:
        return None
    check_navigation(folders, settings, problems)
    pause()
    if options.base_url:
        settings = msgspec.structs.replace(settings, base_url=options.base_url)
    former = Reviewed(last.past().shared.history, last.findings) if last else None
    reviewed = make_history(folders, settings, options, problems, parsed, former, pause)
    history = reviewed.history
    languages: Sequence[Language] = load_languages(folders, settings, problems)
    if problems_stop(problems, options):
        check_notes(history, settings, languages, problems)
        return None
    renderer = theme.renderer(settings, languages)
    languages = renderer.languages
    ground = _ground(settings, renderer, options)
    memory = last if last and last.ground == ground else None
    past = memory.past() if memory else None
    pause()
    register = memory.register if memory else Register()
    resolver = NoteResolver(history, settings, languages, register, asserting=True)
    resolved = resolve_all(resolver, problems, past, jobs=options.jobs)
    pages = [resolved[note.id].page(note) for note in history.notes]
    inventory = take_inventory(history, settings, languages, pages)
    copies = _read_copies(folders, inventory.copies, problems)
    if problems_stop(problems, options):
        return None
    before = memory.made if memory else {}
    renamed = renames(memory.assets, renderer.assets) if memory else {}
    return Plan(
        ground,
        settings,
        reviewed.findings,
        inventory,
        resolved,
        renderer,
        register,
        before,
        renamed,
        copies,
        past,
    )


def units_to_make(plan: Plan, pause: Callable[[], None]) -> tuple[Unit, ...]:
    """Return the units that read something that is not what it was, or whose look changed.

    ``pause`` is called now and then, and may end it by what it raises.
    """
    if plan.past is None:
        return plan.inventory.units
    register, renderer = plan.register, plan.renderer
    difference = Difference(plan.past.shared, plan.inventory.shared, register, pause)
    difference.look_at(range(len(register.cells)))

    def is_same(unit: Unit) -> bool:
        made = plan.before.get(unit.key)
        if made is None or unit.always or (plan.renames and made.literal):
            return False
        return made.look == renderer.look(unit.template) and difference.spares(made.reads)

    return tuple(unit for unit in plan.inventory.units if not is_same(unit))


def about_one_thing(plan: Plan, units: Sequence[Unit]) -> Iterator[Unit]:
    """Yield those of some units that read no list of many things when they were made last."""
    shared = plan.inventory.shared

    def is_list(cell: Cell) -> bool:
        return cell[0] in LISTS or (len(cell) == 1 and shared.table(cell[0]) is not None)

    for unit in units:
        made = plan.before.get(unit.key)
        if made and not any(map(is_list, plan.register.told(made.reads))):
            yield unit


class Reviewed(msgspec.Struct, frozen=True):
    """A history, and what is wrong between its records."""

    history: History
    findings: Findings


def make_history(
    folders: Folders,
    settings: SiteSettings,
    options: Options,
    problems: Problems,
    parsed: Parsed | None = None,
    before: Reviewed | None = None,
    pause: Callable[[], None] = lambda: None,
) -> Reviewed:
    """Read the content folder and link it; everything wrong with it is reported.

    ``before`` is the history of an earlier build, from which this one may follow. ``pause`` is
    called now and then.
    """
    shown = folders.shown(folders.content)
    content = load_content(
        folders,
        problems,
        language=settings.language,
        drafts=options.drafts,
        parsed=parsed,
        jobs=options.jobs,
        pause=pause,
    )
    pause()
    after = succeed(before.history, content) if before else None
    former = Former(before.findings, after.edits) if before and after else None
    history = after.history if after else History(content, Index(content))
    finder = Finder(folders.content, shown)
    pause()
    findings = review(content, history.index, finder, problems, pause, former)
    if options.pedantic:
        suggest(content, history.index, finder, problems)
    return Reviewed(history, findings)


def problems_stop(problems: Problems, options: Options) -> bool:
    """Whether what was found keeps a site from being published."""
    return any(problem.fails(strict=options.strict) for problem in problems.found)


def _ground(settings: SiteSettings, renderer: Renderer, options: Options) -> bytes:
    """Return what everything depends on: settings, messages, and which assets there are."""
    parts = [settings, options.drafts, renderer.closures.ground, sorted(renderer.assets)]
    return hashlib.blake2b(msgspec.msgpack.encode(parts)).digest()


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
