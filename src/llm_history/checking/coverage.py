"""The command ``coverage``: which facts are known, as the coverage page of the site shows it."""

import click

from llm_history.diagnostics import Problems
from llm_history.folders import Folders, Options
from llm_history.pages.context import Context, Shared
from llm_history.pages.indexes import coverage_view
from llm_history.pages.language import SOURCE_LANGUAGE, Language
from llm_history.planning import make_history
from llm_history.settings import load_settings

_LABEL, _COLUMN = 24, 14


def tell_coverage(folders: Folders) -> None:
    """Print how many records state each fact and how firmly, in all, by year and by kind."""
    settings = load_settings(folders, Problems())
    if settings is None:
        raise click.ClickException("content/site.yaml cannot be read: run `llm-history check`.")
    history = make_history(folders, settings, Options(), Problems()).history
    language = Language(SOURCE_LANGUAGE, settings.language, None)
    view = coverage_view(Context(Shared(history, ()), settings, language))
    for heading, rows in view.tables:
        click.secho(f"\n{heading}", bold=True)
        columns = (*view.statuses, "absent")
        click.echo(" " * _LABEL + "".join(f"{name:>{_COLUMN}}" for name in columns))
        for row in rows:
            numbers = "".join(f"{number or '·':>{_COLUMN}}" for number in row.counts)
            click.echo(f"{row.label:{_LABEL}.{_LABEL - 1}}{numbers}")
    click.secho("\nLast checked", bold=True)
    for month, number in view.checked:
        click.echo(f"{month:{_LABEL}}{number:>{_COLUMN}}")
    if view.audit:
        click.echo(f"\n{view.audit}")
