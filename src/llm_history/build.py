"""One build from start to end: read, link, plan, render, publish."""

import contextlib
import gc
import itertools
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial

import msgspec

from llm_history.ahead import Known, make_ahead
from llm_history.cache.stamp import Input, Output, intact, look_at, save_stamp, written
from llm_history.cache.state import Memory, Past, load_state, renumbered, save_state
from llm_history.content.files import digest
from llm_history.content.parsed import Parsed
from llm_history.diagnostics import Place, Problems
from llm_history.folders import Folders, Options
from llm_history.history import History
from llm_history.history.derived import answers, forget_all_but
from llm_history.history.reads import Register
from llm_history.pages.assets import only_styles, rename_in
from llm_history.pages.render import Unit, page_path
from llm_history.pages.workshop import Made, Product, Progress, Workshop, make_all
from llm_history.planning import (
    BAD_OUTPUT,
    Plan,
    about_one_thing,
    make_plan,
    problems_stop,
    units_to_make,
)
from llm_history.publish import ForeignFilesError, publish, publish_some
from llm_history.report import Published, Report
from llm_history.staging import File, Staging
from llm_history.theme import Theme


def build(folders: Folders, options: Options, progress: Progress | None = None) -> Report:
    """Build and publish a site, unless its content has errors: then nothing is written.

    What the last build left in the cache is made use of, unless ``options`` say otherwise.
    Whether there is anything to build at all is for :func:`..cache.stamp.unchanged` to say.
    """
    if not options.cache:
        return Builder(folders, options).build(progress)
    with _without_collector():
        looked_at = look_at(folders)
        builder = Builder(folders, options)
        builder.recall()
        report = builder.build(progress)
        if report.published:
            builder.keep(report, looked_at)
        # What there is now stays to the end: the collector need not look at it.
        gc.freeze()
    return report


def check(folders: Folders, options: Options) -> Report:
    """Do all of a build but the publishing."""
    builder = Builder(folders, options)
    if options.cache:
        builder.recall()
    return builder.build(publishing=False)


class Site(msgspec.Struct, frozen=True):
    """A site that is ready to be published.

    ``files`` are those made just now, by path; ``kept`` are the paths of those that are as
    the last build published them. ``restyled`` are files that differ from before in nothing
    but the names of style sheets.
    """

    files: dict[str, File]
    kept: frozenset[str]
    restyled: frozenset[str]
    memory: Memory
    known: Known
    pages: int
    made: int


_TO_SPARE = 1000


class Audience:
    """Who waits for a build. This one looks at nothing, and has all the time in the world."""

    def looking_at(self) -> Collection[str]:
        """Return the files of the site that someone looks at."""
        return ()

    def tell(self, changed: Sequence[str], renames: Mapping[str, str]) -> None:
        """Take note of files that are published before the rest, and of new names of assets."""

    def pause(self) -> None:
        """Do something else for a moment, such as to let :meth:`Builder.go_ahead` with an edit.

        What this raises ends a build before it is published.
        """


class Builder:
    """Builds a site, and builds it again: what is still right is not made anew.

    Whatever a unit of the site is made from is known by name (see :mod:`..history.reads`)
    and compared with what it was; nothing is inferred from which files changed. The context
    that ``publishing`` gives is entered while the output folder changes.

    Before an ``audience``, the pages of what was edited are published first, then what it looks
    at and what is about a single thing, then what lists many. A build that pauses can let
    another edit :meth:`go_ahead` meanwhile.
    """

    def __init__(
        self,
        folders: Folders,
        options: Options,
        publishing: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext,
        audience: Audience | None = None,
    ) -> None:
        self.folders = folders
        self.options = options
        self.publishing = publishing
        self.audience = audience
        self.known: Known | None = None
        # From here on: files in which more is new than is known.
        self.behind: set[str] = set()
        self.enough = 0
        self.parsed = Parsed()
        self.memory: Memory | None = None
        self.outputs: dict[str, Output] = {}
        self.theme = Theme(folders, options)
        self.changed_early: tuple[str, ...] = ()
        self.restyled_early: dict[str, bytes] = {}
        self.newer: dict[str, tuple[str, ...]] = {}

    # --- From one process to the next ---

    def recall(self) -> None:
        """Take up what a builder of an earlier process knew."""
        state = load_state(self.folders, self.options)
        if state is not None:
            self.memory, self.parsed, self.outputs = state

    def keep(self, report: Report, looked_at: Mapping[str, Input]) -> None:
        """Leave what is known for the next process, and what would show it that nothing changed.

        ``report`` is that of a good build, ``looked_at`` what :func:`look_at` found before it.
        """
        if self.memory is None:
            return
        read = {
            f"content/{key[0]}": Input(entry.signature, entry.digest)
            for key, entry in self.parsed.entries.items()
        }
        save_stamp(self.folders, self.options, {**looked_at, **read}, self.outputs, report)
        self.keep_state()

    def keep_state(self) -> None:
        """Leave what is known for the next process."""
        if self.memory is not None:
            save_state(self.folders, self.options, self.memory, self.parsed, self.outputs)

    # --- Building ---

    def build(
        self,
        progress: Progress | None = None,
        *,
        publishing: bool = True,
        edited: Sequence[str] = (),
    ) -> Report:
        """Build once; publish unless an error forbids it, or ``publishing`` is not set.

        ``edited`` are the files in ``content/`` that were edited, as far as that is known and
        if nothing else was: their pages can come first.
        """
        started = time.monotonic()
        problems = Problems()
        published = None
        self.changed_early, self.restyled_early = (), {}
        with _without_collector():
            self.go_ahead(edited)
            # From here on: units with a newer state of the files than this build makes them of.
            self.newer = {}
            with Staging(self.folders.output) as staging:
                site = self._make(problems, progress, staging if publishing else None)
                if site is not None and publishing:
                    published = self._publish(site, problems)
        self.known, self.behind = None, set()
        if published is not None and site is not None:
            self.memory, self.known = site.memory, site.known
            self._tidy(site.known.shared.history, site.memory)
        return Report(
            problems.sorted(),
            site.pages if site else 0,
            published,
            time.monotonic() - started,
            site.made if site else 0,
            site.restyled if site else frozenset(),
        )

    def _publish(self, site: Site, problems: Problems) -> Published | None:
        folder, force = self.folders.output, self.options.force
        place = Place(self.folders.shown(folder))
        try:
            with self.publishing():
                published = publish(site.files, folder, kept=site.kept, force=force)
            kept = {path: self.outputs[path] for path in site.kept if path in self.outputs}
            self.outputs = kept | written(folder, site.files)
        except ForeignFilesError as error:
            hint = "choose another --output, or use --force to leave these files alone"
            problems.add(BAD_OUTPUT, place, str(error), hint=hint)
        except OSError as error:
            problems.add(BAD_OUTPUT, place, f"cannot be written: {error.strerror or error}")
        else:
            written_now = tuple(dict.fromkeys((*self.changed_early, *published.written)))
            unchanged = published.unchanged - len(written_now) + len(published.written)
            return Published(written_now, unchanged, published.removed)
        # Who knows what is there now: the next build looks at every file.
        self.memory, self.outputs = None, {}
        return None

    def _make(
        self, problems: Problems, progress: Progress | None, staging: Staging | None
    ) -> Site | None:
        """Return the whole site, or ``None`` when an error keeps it from being published."""
        folders, options = self.folders, self.options
        self._look_at_output()
        last = self.theme.last
        plan = make_plan(
            folders, options, problems, self.theme, self.parsed, self.memory, self._pause
        )
        if plan is None:
            return None
        if self.known is None or self.behind:  # these edits did not go ahead; later ones can
            self.known, self.behind = plan.known(self.parsed.paths), set()
        self._pause()
        todo = units_to_make(plan, self._pause)
        workshop = plan.workshop(self._as_made, self._pause)
        products: list[Product] = []
        if self.audience and plan.before:
            # With templates that were good before, the rest can be expected to follow.
            products = self._make_early(workshop, plan, todo, sure=plan.renderer is last)
        done = {product.unit for product in products}
        rest = tuple(unit for unit in todo if unit.key not in done)
        told = partial(self._told, progress)
        jobs = options.jobs
        products += make_all(workshop, rest, problems, jobs=jobs, progress=told, staging=staging)
        plan.renderer.report_missing(problems)
        if problems_stop(problems, options):
            self.theme.forget()
            return None
        return self._finish(plan, products, staging, made=len(todo))

    def _look_at_output(self) -> None:
        """Let files be made again that someone else changed or removed since the last build."""
        fine = intact(self.folders.output, self.outputs, self._pause)
        if self.memory is None or len(fine) == len(self.outputs):
            return
        made = {
            unit: each for unit, each in self.memory.made.items() if fine.issuperset(each.paths)
        }
        self.memory = msgspec.structs.replace(self.memory, made=made)
        self.outputs = {path: output for path, output in self.outputs.items() if path in fine}

    def _make_early(
        self, workshop: Workshop, plan: Plan, todo: Sequence[Unit], *, sure: bool
    ) -> list[Product]:
        """Make and publish what someone looks at, and if all is ``sure`` what is about one thing.

        If anything is wrong with it nothing is published, and nothing made.
        """
        watched = set(self.audience.looking_at()) if self.audience else set()
        first = [unit for unit in todo if page_path(unit.key) in watched]
        if sure:
            first += about_one_thing(plan, todo)
        problems = Problems()
        told = partial(self._told, None)
        products = make_all(workshop, tuple(dict.fromkeys(first)), problems, progress=told)
        if problems.found or any(language.missing for language in plan.renderer.languages):
            return []
        self._publish_early([each for each in products if each.unit not in self.newer])
        if plan.renames:
            paths = watched.intersection(self.outputs) - {page_path(unit.key) for unit in todo}
            files = dict(rename_in(self.folders.output, paths, plan.renames))
            self.restyled_early = files
            self._publish_files({**self.theme.files, **files}, plan.renames)
        return products

    def _finish(
        self, plan: Plan, products: Sequence[Product], staging: Staging | None, *, made: int
    ) -> Site:
        """Return the whole site, of which as many units were ``made`` and the others stay."""
        restyled: dict[str, File] = {}
        if plan.renames:
            _, _, kept = self._sort_out(plan, products)
            for path, data in rename_in(self.folders.output, kept, plan.renames):
                restyled[path] = staging.put(data, new=True) if staging else data
                self._pause()
            restyled |= self.restyled_early
        # From here on nothing goes ahead any more.
        units, files, kept = self._sort_out(plan, products)
        restyled = {path: data for path, data in restyled.items() if path in kept}
        newer = frozenset(itertools.chain.from_iterable(self.newer.values()))
        past = Past(plan.inventory.shared, plan.resolved)
        return Site(
            files={**files, **restyled},
            kept=kept - restyled.keys() | newer,
            restyled=frozenset(restyled if only_styles(plan.renames) else ()),
            memory=Memory(
                plan.ground,
                plan.settings.language,
                plan.renderer.assets,
                plan.register,
                plan.findings,
                units,
                lambda: past,
            ),
            known=plan.known(self.parsed.paths),
            pages=plan.inventory.pages,
            made=made,
        )

    def _sort_out(
        self, plan: Plan, products: Sequence[Product]
    ) -> tuple[dict[str, Made], dict[str, File], frozenset[str]]:
        """Return all units, the files that are new, and the paths of those that stay.

        Units that are there in a newer state are in none of these.
        """
        before = {unit: made for unit, made in plan.before.items() if unit not in self.newer}
        made = {unit.key: before[unit.key] for unit in plan.inventory.units if unit.key in before}
        files: dict[str, File] = {**plan.copies, **self.theme.files}
        for product in products:
            if product.unit not in self.newer:
                made[product.unit] = product.made
                files |= product.files or {}
        paths = itertools.chain.from_iterable(each.paths for each in made.values())
        return made, files, frozenset(paths) - files.keys()

    def _tidy(self, history: History, memory: Memory) -> None:
        """Let go of what is known of records that are not there any more, now and then."""
        if answers() > self.enough:
            forget_all_but(history.things())
            self.enough = answers() * 5 // 4 + _TO_SPARE
        register = memory.register
        if register.enough and len(register.cells) > register.enough:
            register = Register()
            self.memory = renumbered(memory, register)
        if not register.enough:
            register.enough = len(register.cells) * 5 // 4 + _TO_SPARE

    def _pause(self) -> None:
        if self.audience:
            self.audience.pause()

    def _told(self, progress: Progress | None, done: int, of: int) -> None:
        self._pause()
        if progress:
            progress(done, of)

    def go_ahead(self, edited: Sequence[str]) -> bool:
        """Publish the pages of some files by themselves, if nothing else can follow from them.

        A build that pauses meanwhile leaves them as they are. Whether they were published, or
        had been before.
        """
        if not edited:  # something else was
            self.known = None
        if self.known is None or self.audience is None or self.memory is None:
            return False
        # With those that could not: a file may have been looked at while it was being saved.
        self.behind |= set(edited)
        made = self.memory.made
        found = make_ahead(self.known, self.folders, self.options, self.behind, made)
        if found is None:
            return False
        self.behind = set()
        self.known, products = found
        self._publish_early(products)
        self.newer |= {product.unit: product.made.paths for product in products}
        return True

    def _publish_early(self, products: Sequence[Product]) -> None:
        """Publish some pages before the rest of the site is made."""
        files = {path: data for each in products for path, data in (each.files or {}).items()}
        if not files or self.memory is None:
            return
        # Should the rest fail, these pages are not as the last good build left them.
        made = {**self.memory.made}
        for product in products:
            made.pop(product.unit, None)
        self.memory = msgspec.structs.replace(self.memory, made=made)
        self._publish_files(files, {})

    def _publish_files(self, files: Mapping[str, File], renames: Mapping[str, str]) -> None:
        """Publish some files of a site that was published before, and tell of them."""
        with contextlib.suppress(OSError), self.publishing():
            changed = publish_some(files, self.folders.output)
            self.changed_early = (*self.changed_early, *changed)
            if self.audience:
                self.audience.tell(changed, renames)

    def _as_made(self, path: str) -> bytes:
        """Return a published file. Raises LookupError if someone else changed it."""
        try:
            data = (self.folders.output / path).read_bytes()
        except OSError as error:
            raise LookupError(path) from error
        if digest(data) != self.outputs[path].digest:
            raise LookupError(path)
        return data


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
