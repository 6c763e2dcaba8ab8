"""What a note refers to, and where it does."""

import msgspec

from llm_history.diagnostics import Place


class Reference(msgspec.Struct, frozen=True):
    """An address, a name or a query in a note, with the place it is written at."""

    target: str
    place: Place
