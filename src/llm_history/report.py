"""What a build has to say when it is done."""

import msgspec

from llm_history.diagnostics import Diagnostic


class Published(msgspec.Struct, frozen=True):
    """What publishing did, as paths in the output folder."""

    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """What a build found and did; ``published`` is missing if it published nothing.

    ``made`` counts the pages and files that had to be made anew. ``restyled`` are pages that
    differ in nothing but the names of style sheets.
    """

    diagnostics: tuple[Diagnostic, ...]
    pages: int
    published: Published | None
    seconds: float
    made: int = 0
    restyled: frozenset[str] = frozenset()
