"""Diagnostics on a terminal: in colour if it has any, and no wider than it is."""

import os
import shutil
import sys
from collections.abc import Iterable

import click

from llm_history.diagnostics import Diagnostic, format_text


def tell(found: Iterable[Diagnostic]) -> None:
    """Write diagnostics to standard error."""
    terminal = sys.stderr.isatty()
    colour = terminal and "NO_COLOR" not in os.environ
    width = shutil.get_terminal_size().columns if terminal else 0
    for diagnostic in found:
        click.echo(format_text(diagnostic, colour=colour, width=width), err=True)
