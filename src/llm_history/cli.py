"""The command line: commands, options, and how their outcome is told."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from llm_history import __version__

F = TypeVar("F", bound=Callable[..., Any])
_SHOW_PROGRESS_AFTER = 1.0


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Shell completion: eval "$(_LLM_HISTORY_COMPLETE=bash_source llm-history)" '
    "(also zsh_source, fish_source).",
)
@click.version_option(__version__, prog_name="llm-history")
def main() -> None:
    """Build the history of large language models: YAML records and Markdown notes to a site."""


_FOLDER = click.Path(file_okay=False, path_type=Path)


def folder_options(command: F) -> F:
    """Add the options that say where a site's files are."""
    options = [
        click.option("--root", type=_FOLDER, metavar="DIR",
                     help="The site's folder. Default: the nearest folder, here or above, "
                     "that holds content/site.yaml."),
        click.option("--content", type=_FOLDER, metavar="DIR", help="Default: ROOT/content."),
        click.option("--templates", type=_FOLDER, metavar="DIR",
                     help="Templates that go before the built-in ones. Default: ROOT/templates."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def build_options(command: F) -> F:
    """Add the options of commands that build."""
    options = [
        click.option("--output", type=_FOLDER, metavar="DIR", help="Default: ROOT/site."),
        click.option("--base-url", metavar="URL", help="Where the site will be published; "
                     "overrides site.yaml."),
        click.option("--strict", is_flag=True, help="Let warnings fail like errors."),
        click.option("--drafts", is_flag=True, help="Include notes marked as drafts."),
        click.option("--force", is_flag=True, help="Publish into a folder that holds other files "
                     "too; they are left alone."),
        click.option("--jobs", type=click.IntRange(min=1), metavar="N",
                     help="Processes for rendering. Default: as many as there are cores."),
        click.option("--no-cache", is_flag=True, help="Start from nothing, and leave nothing for "
                     "the next build."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
        click.option("-v", "--verbose", is_flag=True, help="Name every file written or removed."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@folder_options
@build_options
def build(**options: Any) -> None:  # noqa: ANN401 - click passes options by name
    """Build the site. Exit 0: published; 1: the content has errors, nothing published."""
    sys.exit(_build(options))


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@folder_options
@build_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How to tell what is wrong.",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended without a doubt, first.")
@click.option("--pedantic", is_flag=True, help="Show suggestions too.")
@click.option("--links", is_flag=True, help="Ask every external address whether it still answers.")
def check(
    files: tuple[Path, ...],
    form: str,
    fix: bool,
    links: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Do everything a build does but publish, and report what is wrong.

    With FILEs, of the content, only what concerns them is reported.
    """
    from llm_history.checking.command import Check, run_check  # noqa: PLC0415 - start-up time

    folders, build_with = _folders(options), _options(options)
    asked = Check(files, form, fix=fix, links=links, quiet=options["quiet"])
    sys.exit(run_check(folders, build_with, asked))


@main.command()
@click.argument("code", required=False)
@click.option("--markdown", is_flag=True, help="Print all explanations as docs/rules.md.")
def rule(code: str | None, markdown: bool) -> None:
    """Explain a rule by its CODE or name, with a wrong and a right example; or list all rules."""
    from llm_history.checking import catalogue as rules  # noqa: PLC0415 - start-up time
    from llm_history.diagnostics import did_you_mean  # noqa: PLC0415

    entries = rules.catalogue()
    by_name = {entry.rule.name: entry for entry in entries.values()} | entries
    if markdown:
        click.echo(rules.markdown(), nl=False)
    elif code is None:
        for entry in entries.values():
            click.echo(f"{entry.rule.code}  {entry.rule.severity.value:10}  {entry.rule.name}")
    elif found := by_name.get(code.upper()) or by_name.get(code.lower()):
        click.echo(rules.explain(found))
    else:
        hint = did_you_mean(code.upper(), entries) or did_you_mean(code, by_name)
        hint = hint or "`llm-history rule` lists all"
        raise click.UsageError(f"There is no rule `{code}`: {hint}")


@main.command()
@folder_options
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="How many facts to draw.",
)
@click.option("--seed", type=int, metavar="N", help="Draw the same facts again.")
@click.option("--by", default="", metavar="NAME", help="Who looks. Default: git's user.name.")
@click.option("--list", "only_list", is_flag=True, help="Show the facts without asking.")
def audit(
    sample: int,
    seed: int | None,
    by: str,
    only_list: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Draw facts at random, compare each with its source, and record what you find."""
    from llm_history.checking.audit import run_audit  # noqa: PLC0415 - start-up time

    folders = _folders({**options, "output": None})
    run_audit(folders, sample, seed, by, only_list=only_list)


@main.command()
@folder_options
def coverage(**options: Any) -> None:  # noqa: ANN401
    """Show which facts are known, and how firmly, by year and kind; and when they were checked."""
    from llm_history.checking.coverage import tell_coverage  # noqa: PLC0415 - start-up time

    tell_coverage(_folders({**options, "output": None}))


@main.command()
@folder_options
@build_options
@click.option("--poll", is_flag=True, help="Look for changes by asking, not by being told.")
def watch(poll: bool, **options: Any) -> None:  # noqa: ANN401
    """Build, and build again whenever a file changes."""
    from llm_history.live.session import Session  # noqa: PLC0415 - start-up time
    from llm_history.live.watcher import watch_site  # noqa: PLC0415

    folders = _folders(options)
    session = Session(folders, _options(options), quiet=options["quiet"])
    watch_site(session, poll=poll)
    session.close()


@main.command()
@folder_options
@build_options
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True,
              help="The next free port is taken if this one is in use.")  # fmt: skip
@click.option("--open", "opening", is_flag=True, help="Open the site in a browser.")
@click.option("--editor-url", metavar="URL", default="",
              help="Where a problem's place leads in the browser, with {path}, {line}, {column}: "
              "vscode://file/{path}:{line}:{column}.")  # fmt: skip
@click.option("--poll", is_flag=True, help="Look for changes by asking, not by being told.")
def serve(
    host: str,
    port: int,
    opening: bool,
    editor_url: str,
    poll: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Build, serve the site on this machine, and reload it in the browser on every change."""
    from llm_history.live.server import Place  # noqa: PLC0415 - start-up time
    from llm_history.live.server import serve as serve_site  # noqa: PLC0415

    place = Place(host, port, poll=poll, open=opening, editor_url=editor_url)
    serve_site(_folders(options), _options(options), place, quiet=options["quiet"])


@main.command()
@click.argument("kind", required=False)
@click.option("--output", type=_FOLDER, metavar="DIR", help="Write all schemas to a folder.")
def schema(kind: str | None, output: Path | None) -> None:
    """Print the JSON Schema of a KIND of record, or list the kinds."""
    from llm_history.diagnostics import did_you_mean, one_of  # noqa: PLC0415 - start-up time
    from llm_history.pages.exports import schemas, to_json  # noqa: PLC0415

    known = schemas()
    if output:
        output.mkdir(parents=True, exist_ok=True)
        for name, found in known.items():
            (output / f"{name}.json").write_bytes(to_json(found))
        click.echo(f"{len(known)} schemas written to {output}")
    elif kind is None:
        click.echo("\n".join(known))
    elif kind in known:
        click.echo(to_json(known[kind]), nl=False)
    else:
        hint = did_you_mean(kind, known) or f"the kinds are {one_of(known)}"
        raise click.UsageError(f"There is no kind `{kind}`: {hint}")


def _folders(options: dict[str, Any]) -> Any:  # noqa: ANN401 - Folders, imported late
    from llm_history.folders import find_root, folders_of  # noqa: PLC0415 - start-up time

    root, content = options["root"], options["content"]
    if root is None:
        root = content.resolve().parent if content else find_root(Path.cwd())
    if root is None:
        raise click.UsageError(
            "There is no content/site.yaml here or in any folder above. Name a site with --root."
        )
    if not root.is_dir():
        raise click.UsageError(f"There is no folder {root}.")
    paths = (options[name] for name in ("content", "templates", "output"))
    return folders_of(root.resolve(), *(path.resolve() if path else None for path in paths))


def _build(options: dict[str, Any]) -> int:
    """Build once, tell how it went, and return the exit code."""
    from llm_history.cache.stamp import unchanged  # noqa: PLC0415 - start-up time

    folders, build_with = _folders(options), _options(options)
    report = unchanged(folders, build_with) if build_with.cache else None
    if report is None:
        from llm_history.build import build as build_site  # noqa: PLC0415 - start-up time

        with _progress(quiet=options["quiet"]) as progress:
            report = build_site(folders, build_with, progress)
    failed = any(d.fails(strict=options["strict"]) for d in report.diagnostics)
    _tell(report, options, failed=failed)
    return 1 if failed or report.published is None else 0


def _options(options: dict[str, Any]) -> Any:  # noqa: ANN401 - Options, imported late
    from llm_history.folders import Options  # noqa: PLC0415 - start-up time

    _check_base_url(options["base_url"])
    return Options(
        base_url=options["base_url"] or "",
        drafts=options["drafts"],
        strict=options["strict"],
        force=options["force"],
        pedantic=options.get("pedantic", False),
        jobs=options["jobs"] or os.cpu_count() or 1,
        cache=not options["no_cache"],
    )


def _check_base_url(url: str | None) -> None:
    from urllib.parse import urlsplit  # noqa: PLC0415 - start-up time

    try:
        fine = url is None or urlsplit(url).scheme in ("http", "https")
    except ValueError:
        fine = False
    if not fine:
        raise click.UsageError(f"--base-url starts with https:// or http://, not `{url}`.")


def _tell(report: Any, options: dict[str, Any], *, failed: bool) -> None:  # noqa: ANN401 - a Report
    from llm_history.checking.telling import tell  # noqa: PLC0415 - start-up time
    from llm_history.diagnostics import summary  # noqa: PLC0415

    if not options["quiet"] or failed:
        tell(report.diagnostics)
    found, seconds = summary(report.diagnostics), f"{report.seconds:.2f} s"
    if failed:
        click.echo(f"{found}; nothing published ({seconds})", err=True)
    elif report.published and not options["quiet"]:
        done = report.published
        if options["verbose"]:
            for path in done.written:
                click.echo(f"wrote {path}")
            for path in done.removed:
                click.echo(f"removed {path}")
        click.echo(
            f"{report.pages} pages: {len(done.written)} files written, {done.unchanged} unchanged, "
            f"{len(done.removed)} removed; {found}; {seconds}"
        )


class _progress:  # noqa: N801 - used as a function
    """A progress bar that appears on a terminal once a build takes long."""

    def __init__(self, *, quiet: bool) -> None:
        self.wanted = sys.stderr.isatty() and not quiet
        self.started = time.monotonic()
        self.bar: Any = None
        self.shown = 0

    def __enter__(self) -> Callable[[int, int], None]:
        return self.advance

    def advance(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` pages are rendered."""
        if not self.wanted or time.monotonic() - self.started < _SHOW_PROGRESS_AFTER:
            return
        if self.bar is None:
            self.bar = click.progressbar(length=total, label="Rendering", file=sys.stderr)
            self.bar.__enter__()
        self.bar.update(done - self.shown)
        self.shown = done

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)
