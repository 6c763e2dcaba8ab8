"""Medians of what was measured, and tables of them in Markdown."""

import platform
import statistics
from collections.abc import Iterable, Sequence
from os import cpu_count, getloadavg

NOTHING = "–"


def median(values: Iterable[float | None]) -> float | None:
    """Return the median of the values that there are; nothing if there are none."""
    found = [value for value in values if value is not None]
    return statistics.median(found) if found else None


def seconds(value: float | None) -> str:
    """Return a time as it is read: in milliseconds, or in seconds with two figures or three."""
    if value is None:
        return NOTHING
    if value < 0.0995:
        return f"{value * 1000:.0f} ms"
    return f"{value:.2f} s" if value < 9.995 else f"{value:.1f} s"


def against(value: float | None, base: float | None) -> str:
    """Return a time, and how many times the base it is."""
    if value is None or not base:
        return seconds(value)
    ratio = value / base
    digits = 2 if ratio < 0.995 else 1
    return f"{seconds(value)} ({ratio:.{digits}f}×)"


def megabytes(value: float | None) -> str:
    """Return an amount of memory, given in bytes."""
    return NOTHING if value is None else f"{value / 1e6:,.0f} MB"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown: the first column is text, the others are numbers."""
    rule = ["---", *("--:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def machine() -> str:
    """Say what the figures were measured on."""
    load = ", ".join(f"{value:.1f}" for value in getloadavg())
    return (
        f"{platform.system()} {platform.machine()}, {cpu_count()} cores, "
        f"Python {platform.python_version()}; load at the end {load}"
    )
