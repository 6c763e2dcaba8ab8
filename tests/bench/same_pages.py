"""Builds a site of ours with only those pages that the other generators make: for the benchmark.

    python -m bench.same_pages

The same engine makes them in the same way; other units are left out of its plan.
"""

import sys
from collections.abc import Sequence
from os import cpu_count
from pathlib import Path

from llm_history.cache.stamp import unchanged
from llm_history.folders import Options, folders_of

FILES = frozenset({"", "feed.atom", "data/models.json", "sitemap", "404.html"})
"""The timeline, at the root, and what is no page."""
FOLDERS = ("timeline/", "models/", "organizations/", "notes/", "tags/")


OURS = ("timeline/all/", "timeline/milestones/")
"""Every model on one page, or with what is no model among them: the others list those of years."""


def is_shared(key: str) -> bool:
    """Whether the other generators make that unit, too."""
    return key in FILES or (key.startswith(FOLDERS) and not key.startswith(OURS))


def main(root: Path) -> int:
    """Build; do as ``llm-history build`` does, which imports no engine unless it needs it."""
    folders = folders_of(root, None, None, None)
    options = Options(jobs=cpu_count() or 1)
    report = unchanged(folders, options)
    if report is None:
        only_shared_pages()
        from llm_history.build import build  # noqa: PLC0415 - start-up time

        report = build(folders, options)
    return 0 if report.published else 1


def only_shared_pages() -> None:
    """Let builds of this process leave out what the others do not make."""
    import msgspec  # noqa: PLC0415 - start-up time

    from llm_history import planning  # noqa: PLC0415
    from llm_history.pages.inventory import Inventory, take_inventory  # noqa: PLC0415

    def shorter(*arguments: Sequence[object]) -> Inventory:
        whole = take_inventory(*arguments)  # type: ignore[arg-type]
        units = tuple(unit for unit in whole.units if is_shared(unit.key))
        pages = sum(1 for unit in units if unit.template)
        return msgspec.structs.replace(whole, units=units, pages=pages)

    setattr(planning, "take_inventory", shorter)  # noqa: B010 - it is not exported


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
