"""The command ``check``: fix, check, choose, tell."""

import time
from pathlib import Path

import click
import msgspec

from llm_history.cache.stamp import unchanged
from llm_history.checking.formats import FORMATS, paths_from
from llm_history.checking.selecting import OutsideError, about, shown_paths
from llm_history.checking.telling import tell
from llm_history.diagnostics import Diagnostic, Problems, summary
from llm_history.folders import Folders, Options
from llm_history.report import Report


class Check(msgspec.Struct, frozen=True):
    """What was asked for: of which files, in which form, and what to do beside."""

    files: tuple[Path, ...] = ()
    form: str = "text"
    fix: bool = False
    links: bool = False
    quiet: bool = False


def run_check(folders: Folders, options: Options, asked: Check) -> int:
    """Check the content, tell what is wrong, and return the exit code."""
    try:
        only = shown_paths(folders, asked.files)
    except OutsideError as error:
        raise click.UsageError(str(error)) from error
    if asked.fix:
        from llm_history.checking.fixing import fix_content  # noqa: PLC0415 - start-up time

        fixed = fix_content(folders, only)
        if fixed.count and not asked.quiet:
            fixes = f"{fixed.count} fix{'es' * (fixed.count != 1)}"
            click.echo(f"{fixes} made in {', '.join(fixed.files)}", err=True)
    report = check_files(folders, options) if only else check_all(folders, options)
    found = report.diagnostics
    if asked.links:
        found = (*found, *_check_links(folders))
    if only:
        found = about(found, only)
    failed = any(d.fails(strict=options.strict) for d in found)
    ending = f"{summary(found)}, {report.seconds:.2f} s"
    if asked.form == "text":
        if failed or not asked.quiet:
            tell(found)
        what = f"{len(only)} file{'s' * (len(only) != 1)}" if only else f"{report.pages} pages"
        ending = f"{summary(found)}; failed ({report.seconds:.2f} s)" if failed else (
            f"{what} checked, {ending}")  # fmt: skip
        click.echo(ending, err=failed)
    else:
        click.echo(FORMATS[asked.form](found, paths_from(folders.root)), nl=False)
        click.echo(ending, err=True)
    return 1 if failed else 0


def check_all(folders: Folders, options: Options) -> Report:
    """Check all content; if the last build saw the same, what it said is the answer."""
    report = unchanged(folders, options) if options.cache else None
    if report is None:
        from llm_history.build import check  # noqa: PLC0415 - start-up time

        report = check(folders, options)
    return report


def check_files(folders: Folders, options: Options) -> Report:
    """Check all content, but plan and render no page: templates concern no file of it."""
    from llm_history.pages.language import load_languages  # noqa: PLC0415
    from llm_history.pages.proofs import check_navigation, check_notes  # noqa: PLC0415
    from llm_history.planning import make_history  # noqa: PLC0415 - start-up time
    from llm_history.settings import load_settings  # noqa: PLC0415

    started = time.monotonic()
    problems = Problems()
    settings = load_settings(folders, problems)
    if settings:
        check_navigation(folders, settings, problems)
        history = make_history(folders, settings, options, problems).history
        languages = load_languages(folders, settings, problems)
        whole = not any(problem.is_error for problem in problems.found)
        check_notes(history, settings, languages, problems, asserting=whole)
    return Report(problems.sorted(), 0, None, time.monotonic() - started)


def _check_links(folders: Folders) -> tuple[Diagnostic, ...]:
    from llm_history.checking.links import check_links  # noqa: PLC0415 - the network's libraries

    return check_links(folders)
