"""One builder at work while files are edited: it builds, says what came of it, and remembers."""

import re
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

import click
import msgspec

from llm_history.build import Audience, Builder
from llm_history.cache.stamp import look_at
from llm_history.checking.telling import tell
from llm_history.diagnostics import Diagnostic, summary
from llm_history.folders import Folders, Options
from llm_history.report import Report

_NAMED, _REMEMBERED, _LOOKED_AT = 3, 200, 8
_PATIENCE = 3.0
"""For so many seconds lists may be behind while one file after the other is saved."""
_HASHED = re.compile(r"(assets/.+)\.[0-9a-f]+\.css")


class Problem(msgspec.Struct, frozen=True):
    """A diagnostic as a browser shows it; ``editor`` opens its place in an editor."""

    code: str
    name: str
    message: str
    path: str
    line: int
    column: int
    length: int
    text: str
    help: str
    editor: str


class News(msgspec.Struct, frozen=True):
    """What a build changed: the files by their paths, style sheets by their old names.

    A page whose style sheets are all that changed is named in ``styles`` alone. ``problems``
    are why nothing was published.
    """

    session: str
    build: int
    changed: tuple[str, ...] = ()
    styles: dict[str, str] = {}
    problems: tuple[Problem, ...] = ()


class OvertakenError(Exception):
    """Files changed while a site was built of what they were before."""


class Session(Audience):
    """Builds, and builds again, always from the newest state of the files.

    ``publishing`` is entered while the output changes; ``announce`` may be set to what is
    called when there is news, ``meanwhile`` to what returns the files that changed during a
    build, each once. Their pages are published while the build goes on. Where more than these
    pages could follow from an edit, the build makes way for the next one, if that does not
    happen for too long. ``editor_url`` has ``{path}``, ``{line}`` and ``{column}`` in it.
    """

    def __init__(
        self,
        folders: Folders,
        options: Options,
        *,
        quiet: bool = False,
        editor_url: str = "",
        publishing: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.folders = folders
        self.quiet = quiet
        self.editor_url = editor_url
        self.announce: Callable[[], None] = lambda: None
        self.meanwhile: Callable[[], Collection[str] | None] = lambda: None
        self.builder = Builder(folders, options, publishing, self)
        self._looked_at: dict[str, None] = {}
        self.started = False
        self.id = secrets.token_hex(4)
        self.news = [News(self.id, 0)]
        self._known: tuple[Diagnostic, ...] = ()
        self._waiting: set[str] = set()
        self._since = 0.0

    def build(self, changed: Iterable[str] = ()) -> News:
        """Build; ``changed`` are the files, as they are shown, that someone edited."""
        changed = set(changed)
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting |= changed
        try:
            report = (
                self.builder.build(edited=self._in_content(changed) or [])
                if self.started
                else self._start()
            )
        except OvertakenError:
            return self.news[-1]
        names, self._waiting = sorted(self._waiting), set()
        self._tell(report, names)
        self._known = report.diagnostics
        # From now on other threads serve and watch, which no forked process would have.
        self.builder.options = msgspec.structs.replace(self.builder.options, jobs=1)
        written = _written(report)
        styles = _styles(written)
        known = {*report.restyled, *styles.keys(), *styles.values(), *self.builder.changed_early}
        news = News(
            session=self.id,
            build=self.news[-1].build + 1,
            changed=tuple(path for path in written if path not in known),
            styles=styles,
            problems=() if report.published else tuple(map(self._problem, report.diagnostics)),
        )
        self._add(news)
        return news

    def _start(self) -> Report:
        """Build for the first time, with what an earlier process knew, for the next one."""
        self.started = True
        builder = self.builder
        if not builder.options.cache:
            return builder.build()
        looked_at = look_at(self.folders)
        builder.recall()
        report = builder.build()
        if report.published:
            builder.keep(report, looked_at)
        builder.parsed.slim()
        return report

    def _in_content(self, names: Collection[str]) -> list[str] | None:
        """Return files by their paths in ``content/``; ``None`` if there are others, too."""
        top = f"{self.folders.shown(self.folders.content)}/"
        if not all(name.startswith(top) for name in names):
            return None
        return [name.removeprefix(top) for name in sorted(names)]

    def pause(self) -> None:
        """Let edits pass; make way for another build if it takes one, and lists can wait.

        What was begun with a theme that is no more is not worth an end.
        """
        changed = self.meanwhile()
        if changed is None:
            return
        edited = self._in_content(changed)
        if edited is None or (
            not self.builder.go_ahead(edited) and time.monotonic() - self._since < _PATIENCE
        ):
            raise OvertakenError

    def close(self) -> None:
        """Leave what is known for the next process."""
        if self.started and self.builder.options.cache:
            self.builder.keep_state()

    def look(self, path: str) -> None:
        """Take note that someone looks at a file of the site."""
        self._looked_at.pop(path, None)
        looked_at = (*self._looked_at, path)[-_LOOKED_AT:]
        self._looked_at = dict.fromkeys(looked_at)

    def looking_at(self) -> Collection[str]:
        """Return the files that someone looked at last."""
        return tuple(self._looked_at)

    def tell(self, changed: Sequence[str], renames: Mapping[str, str]) -> None:
        """Tell of pages that are there while others are still being made."""
        styles = {old: new for old, new in renames.items() if old.endswith(".css")}
        known = {*renames.values(), *(changed if len(styles) == len(renames) and styles else ())}
        shown = tuple(path for path in changed if path not in known)
        self._add(News(self.id, self.news[-1].build + 1, shown, styles))

    def _add(self, news: News) -> None:
        self.news = [*self.news[-_REMEMBERED:], news]
        self.announce()

    @property
    def last(self) -> str:
        """The id of the last build, unlike that of any other session."""
        return f"{self.id}-{self.news[-1].build}"

    def since(self, build: int) -> News | None:
        """Return what changed after a build; nothing if that was too long ago to know."""
        if build < self.news[0].build:
            return None
        later = [news for news in self.news if news.build > build]
        changed = dict.fromkeys(path for news in later for path in news.changed)
        styles = {old: new for news in later for old, new in news.styles.items()}
        return msgspec.structs.replace(self.news[-1], changed=tuple(changed), styles=styles)

    def _problem(self, found: Diagnostic) -> Problem:
        place = found.place
        path = self.folders.root / place.path
        values = {"path": path, "line": place.line, "column": place.column}
        return Problem(
            code=found.rule.code,
            name=found.rule.name,
            message=found.message,
            path=place.path,
            line=place.line,
            column=place.column,
            length=place.length,
            text=place.text,
            help=found.help,
            editor=self.editor_url.format(**values) if self.editor_url else "",
        )

    # --- In the terminal ---

    def _tell(self, report: Report, names: list[str]) -> None:
        new = [d for d in report.diagnostics if d not in self._known]
        tell(new)
        gone = len([d for d in self._known if d not in report.diagnostics])
        if gone and not self.quiet:
            click.echo(f"{gone} mended" if gone > 1 else f"mended: {_first(self._known, report)}")
        if report.published is None:
            click.echo(f"{summary(report.diagnostics)}; the last good site stays", err=True)
        elif not self.quiet:
            click.echo(_line(report, names))


def _first(known: tuple[Diagnostic, ...], report: Report) -> str:
    found = next(d for d in known if d not in report.diagnostics)
    return f"{found.rule.code} {found.rule.name} in {found.place.path}"


def _written(report: Report) -> tuple[str, ...]:
    """Return the files that a build wrote or removed."""
    done = report.published
    return (*done.written, *done.removed) if done else ()


def _line(report: Report, names: list[str]) -> str:
    """Return one calm line: what changed, what was rewritten, how long it took."""
    shown = ", ".join(names[:_NAMED]) + (
        f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    )
    written = report.published.written if report.published else ()
    pages = sum(path.endswith(".html") for path in written)
    what = f"{pages:,} of {report.pages:,} pages rewritten"
    found = f"; {summary(report.diagnostics)}" if report.diagnostics else ""
    return f"{shown or 'built'}: {what}{found}, {report.seconds * 1000:,.0f} ms"


def _styles(written: Iterable[str]) -> dict[str, str]:
    """Return the new name of each style sheet by its old one."""
    names: dict[str, list[str]] = {}
    for path in written:
        if match := _HASHED.fullmatch(path):
            names.setdefault(match[1], []).append(path)
    # What was written comes before what was removed.
    return {found[1]: found[0] for found in names.values() if len(found) == 2}
