"""Times how long a preview takes from a save to the page being served: ``make bench-live``.

    python -m bench.live [--sizes 100+100,1000+1000] [--peers all] [--edits 30] [--rounds 3]
    python -m bench.live --soak 1000 [--sizes 100+100]

The clock runs from the end of a save until the new bytes come over HTTP, asked for all the
time over one connection. Servers take turns. ``--soak`` runs ours alone, for long.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers import EDITED, OURS, Corpus, Peer, chosen, sizes, versions, write
from bench.processes import PeakMemory
from bench.serving import Client, serving, wait_until
from bench.soak import Soak
from bench.tables import machine, median, megabytes, seconds, table

_TRIES = 6
RARE = 6
"""For so many edits of records there is one of each other kind."""
NOTE = """\
From the end of a save until a page that shows it is served: medians, after one edit that does not
count. The page asked for is that of the record or note that was edited; for the template, which
all pages use, it is that of a model; for the style sheet, a page has to link to a sheet with the
new rule. A dash: not within the time allowed. Memory is the most that all processes of the server
held together, what they share counted once."""


@dataclass
class Seen:
    """What one server was seen to do: how long after a save, and the most memory it held."""

    latencies: dict[str, list[float | None]] = field(default_factory=lambda: defaultdict(list))
    memory: int = 0


class Editor:
    """Edits the files of a site and waits for what is served; no edit stays."""

    def __init__(self, peer: Peer, root: Path, port: int, limit: float) -> None:
        self.peer = peer
        self.root = root
        self.client = Client(port)
        self.limit = limit

    def edit(self, edited: str, number: int, limit: float | None = None) -> float | None:
        """Make an edit of a kind; return how long it took to be served."""
        limit = limit or self.limit
        files = self.peer.sources(self.root, edited)
        path = files[(len(files) // 3 + 17 * number) % len(files)]
        text = path.read_text(encoding="utf-8")
        token = f"{edited}{number}x{os.getpid()}"
        self._save(path, self.peer.edits[edited].edit(text, token))
        try:
            took = wait_until(lambda: self._shows(edited, path, token.encode()), limit)
            time.sleep(_pause(took))
        finally:
            self._save(path, text)
        # What is taken back has to be gone, or the next edit would meet a server at work.
        wait_until(lambda: not self._shows(edited, path, token.encode()), limit)
        time.sleep(_pause(took))
        return took

    def warm_up(self) -> None:
        """Edit something until it is served: a server may not watch its files at once."""
        for number in range(_TRIES):
            if self.edit("record", -1 - number, limit=self.limit / _TRIES) is not None:
                return

    def _save(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")

    def _shows(self, edited: str, path: Path, token: bytes) -> bool:
        if edited == "style":
            return token in self.client.style_of(self.page, path.stem)
        pages = {"record": f"/models/{path.stem}/", "note": f"/notes/{path.stem}/"}
        return token in self.client.get(pages.get(edited, self.page))[1]

    @property
    def page(self) -> str:
        """A page that shows nothing but what all pages show."""
        return first_page(self.peer, self.root)


def first_page(peer: Peer, root: Path) -> str:
    """Return the page of the first model."""
    return f"/models/{peer.sources(root, 'record')[0].stem}/"


def _pause(took: float | None) -> float:
    """Leave a server time to finish: lists may follow the page, and files are watched anew."""
    return min(3.0, 0.6 + (took or 0) / 2)


def plan(edits: int, rounds: int) -> Iterator[list[tuple[str, int]]]:
    """Yield the edits of each round; all together there are ``edits`` of records."""
    rare = max(1, edits // RARE)
    wanted = {edited: edits if edited == "record" else rare for edited in EDITED}
    for number in range(rounds):
        yield [
            (edited, k)
            for edited, count in wanted.items()
            for k in range(count * number // rounds, count * (number + 1) // rounds)
        ]


def measure(
    peers: Sequence[Peer], corpus: Corpus, folder: Path, options: argparse.Namespace
) -> dict[str, Seen]:
    """Edit the site of each peer, in turn, while its server runs."""
    for peer in peers:
        write(peer, folder / peer.name, corpus)
    seen = {peer.name: Seen() for peer in peers}
    for edits in plan(options.edits, options.rounds):
        for peer in peers:
            root = folder / peer.name
            found = seen[peer.name]
            with serving(peer, root, first_page(peer, root)) as (pid, port):
                memory = PeakMemory(pid)
                editor = Editor(peer, root, port, options.limit)
                editor.warm_up()
                for edited, number in edits:
                    if None in found.latencies[edited]:
                        continue  # it did not come before, and would not now
                    took = editor.edit(edited, number)
                    found.latencies[edited].append(took)
                    print(f"  {peer.title}: {edited}: {seconds(took)}", flush=True)
                found.memory = max(found.memory, memory.stop())
    return seen


def result_table(peers: Sequence[Peer], seen: dict[str, Seen]) -> str:
    """Return the medians of one size as a table."""
    rows = [
        (
            peer.title,
            *(seconds(_typical(seen[peer.name].latencies[edited])) for edited in EDITED),
            megabytes(seen[peer.name].memory),
        )
        for peer in peers
    ]
    return table(("", "record", "note", "template", "style sheet", "memory"), rows)


def _typical(latencies: Sequence[float | None]) -> float | None:
    return None if None in latencies else median(latencies)


def main() -> int:
    """Measure and print; return 1 if a soak finds something wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=sizes, default="100+100,1000+1000")
    parser.add_argument("--peers", default="all")
    parser.add_argument("--edits", type=int, default=30, help="of records; of others a sixth")
    parser.add_argument("--rounds", type=int, default=3, help="how often each server is started")
    parser.add_argument("--limit", type=float, default=60, help="seconds to wait for an edit")
    parser.add_argument("--soak", type=int, metavar="N", help="N random edits of ours alone")
    parser.add_argument("--seed", type=int, default=1, help="of the random edits")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="llm-history-bench-") as temporary:
        folder = Path(temporary)
        if options.soak:
            return soak(options, folder)
        peers = [peer for peer in chosen(options.peers) if peer.server]
        shown = []
        for corpus in options.sizes:
            print(f"\n{corpus}", flush=True)
            at = folder / f"{corpus.models}+{corpus.notes}"
            shown += [f"### {corpus}", result_table(peers, measure(peers, corpus, at, options))]
    print("\n" + "\n\n".join([*shown, NOTE, f"{versions(peers)}; {machine()}."]))
    return 0


def soak(options: argparse.Namespace, folder: Path) -> int:
    """Edit a site of ours at random for long; return 1 if anything was wrong."""
    corpus = options.sizes[0]
    root = folder / "ours"
    write(OURS, root, corpus)
    problems = Soak(root, folder / "clean", options.seed).run(options.soak)
    print("\n".join(problems) or "nothing wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
