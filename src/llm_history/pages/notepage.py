"""A note with everything in it resolved, and who it mentions."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from llm_history.content.document import Packed
from llm_history.content.load import Note
from llm_history.history import Backlink
from llm_history.history.mentions import Mention


class NotePage(msgspec.Struct, frozen=True):
    """A note with its text resolved, and the files that its page needs beside it.

    ``html`` is by the language of the interface around it: the addresses of files differ.
    """

    note: Note
    html: dict[str, Packed]
    mentions: tuple[Mention, ...]
    files: tuple[str, ...]


def backlinks(pages: Iterable[NotePage]) -> dict[str, tuple[Backlink, ...]]:
    """Return, for each record, the sentences that name it: one a note and section."""
    found: dict[str, list[Backlink]] = defaultdict(list)
    for page in pages:
        for mention in page.mentions:
            found[mention.key].append(Backlink(page.note, mention))
    return {key: tuple(links) for key, links in found.items()}
