"""Lists that are too long for one page: each page of them is bounded, however many there are."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
AT_ONCE = 4000
"""So many entries are listed on one page."""


class Part(msgspec.Struct, Generic[T], frozen=True):
    """What one page lists: entries of a group, under a heading."""

    group: str
    heading: str
    entries: Sequence[T]


def are_many(count: int) -> bool:
    """Whether so many entries are too many for one page."""
    return count > AT_ONCE


def in_parts(groups: Mapping[str, Sequence[T]]) -> dict[str, Part[T]]:
    """Return a part for each group, or several, by what their addresses end with."""
    found: dict[str, Part[T]] = {}
    for group, entries in groups.items():
        for number, start in enumerate(range(0, len(entries), AT_ONCE), 1):
            slug, heading = (f"{group}-{number}", f"{group} {number}") if start else (group, group)
            found[slug.lower()] = Part(group, heading, entries[start : start + AT_ONCE])
    return found
