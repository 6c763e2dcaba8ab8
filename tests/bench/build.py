"""Times whole builds of ours and of other generators: ``make bench``.

    python -m bench.build [--sizes 100+100,1000+1000] [--rounds 3] [--peers all] [--profile]

Each build is a process of its own, and generators take turns, so that a busy moment of the
machine meets all of them. A build counts only if its page is there and holds the last edit.
The tables are Markdown; ``docs/performance.md`` says what is compared.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers import Corpus, Peer, chosen, sizes, versions, write
from bench.processes import Run, run
from bench.stages import in_order, profile
from bench.tables import against, machine, median, megabytes, seconds, table

COLD, UNCHANGED, TOUCHED, EDITED = "cold", "unchanged", "unchanged, new times", "one edit"
WORTH_A_ROW = 0.01
"""A stage of so many seconds is shown."""
NOTE = """\
Medians of whole processes; in parentheses, how many times Hugo's cold build. *New times*: the
content is as it was, but its files have new times, as after a checkout; builds that keep nothing
are not run for it. CPU is of all processes, memory of the largest one. *Same pages*: the same
engine, with only the units in its plan that the others make, too: timeline, models,
organizations, notes, tags, their indexes, feed, site map and models.json."""


@dataclass(frozen=True)
class Result:
    peer: str
    mode: str
    run: Run


class WrongSiteError(Exception):
    """A build failed, or its site is not what it should be."""


def builds(peer: Peer, root: Path, number: int) -> Iterator[Result]:
    """Yield one build of each mode; the content is as before when all are done."""
    records = peer.sources(root, "record")
    record = records[len(records) // 2]
    text = record.read_text(encoding="utf-8")
    token = f"edit{number}x{os.getpid()}"
    page = root / peer.leaves[0] / "models" / record.stem / "index.html"

    def once(mode: str, command: Sequence[str], *, edited: bool = False) -> Result:
        log = root.parent / f"{peer.name}.log"
        done = run(command, root, peer.environment, log)
        if done.code != 0:
            raise WrongSiteError(f"{peer.title}: {log.read_text(errors='replace')[-1000:]}")
        if (token in page.read_text(encoding="utf-8")) != edited:
            raise WrongSiteError(f"{peer.title}: {mode}: {page} lacks the edit, or still has it")
        return Result(peer.name, mode, done)

    again = peer.again or peer.build
    forget(peer, root)
    yield once(COLD, peer.build)
    yield once(UNCHANGED, again)
    if peer.keeps:
        touch(root)
        yield once(TOUCHED, again)
    record.write_text(peer.edits["record"].edit(text, token), encoding="utf-8")
    try:
        yield once(EDITED, again, edited=True)
    finally:
        record.write_text(text, encoding="utf-8")


def forget(peer: Peer, root: Path) -> None:
    """Remove the output and everything kept between builds."""
    for name in peer.leaves:
        path = root / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def touch(root: Path) -> None:
    """Give all files of the content new times."""
    for folder in ("content", "docs", "templates"):
        for path in (root / folder).rglob("*.*"):
            path.touch()


def measure(peers: Sequence[Peer], corpus: Corpus, rounds: int, folder: Path) -> list[Result]:
    """Build the site of each peer ``rounds`` times, all in turn."""
    for peer in peers:
        write(peer, folder / peer.name, corpus)
    results = []
    for number in range(rounds):
        for peer in peers:
            for result in builds(peer, folder / peer.name, number):
                results.append(result)
                print(f"  {peer.title}: {result.mode}: {seconds(result.run.wall)}", flush=True)
    return results


def result_table(peers: Sequence[Peer], results: Sequence[Result]) -> str:
    """Return the medians of one size as a table."""
    runs: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for result in results:
        runs[result.peer, result.mode].append(result.run)

    def wall(peer: str, mode: str) -> float | None:
        return median(run.wall for run in runs[peer, mode])

    base = wall("hugo", COLD)
    modes = (COLD, UNCHANGED, TOUCHED, EDITED)
    rows = []
    for peer in peers:
        cold = runs[peer.name, COLD]
        cells = [against(wall(peer.name, mode), base) for mode in modes]
        cpu, memory = median(run.cpu for run in cold), median(run.memory for run in cold)
        rows.append((peer.title, *cells, seconds(cpu), megabytes(memory)))
    return table(("", *modes, "CPU, cold", "memory, cold"), rows)


def profile_table(root: Path, corpus: Corpus) -> str:
    """Return what our own cold build and that of one edit spend their time on, by stage."""
    cold, edited = profile(root, corpus.models, corpus.notes)
    rows = [
        (stage, seconds(cold.get(stage)), seconds(edited.get(stage)))
        for stage in in_order({*cold, *edited})
        if max(cold.get(stage, 0), edited.get(stage, 0)) >= WORTH_A_ROW
    ]
    return table(("stage", COLD, EDITED), rows)


def main() -> int:
    """Measure and print; return 1 if some generator's site was not what it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=sizes, default="100+100,1000+1000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default="all", help="names with commas; hugo is the measure")
    parser.add_argument("--profile", action="store_true", help="our own time, stage by stage")
    options = parser.parse_args()
    peers = chosen(options.peers)
    shown = []
    with tempfile.TemporaryDirectory(prefix="llm-history-bench-") as temporary:
        for corpus in options.sizes:
            print(f"\n{corpus}", flush=True)
            folder = Path(temporary) / f"{corpus.models}+{corpus.notes}"
            try:
                results = measure(peers, corpus, options.rounds, folder)
            except WrongSiteError as error:
                print(error, file=sys.stderr)
                return 1
            shown += [f"### {corpus}", result_table(peers, results)]
            if options.profile:
                shown += [
                    "Our own time, in seconds of one processor:",
                    profile_table(folder / "profile", corpus),
                ]
            shutil.rmtree(folder)
    rounds = "one round" if options.rounds == 1 else f"{options.rounds} rounds"
    print("\n" + "\n\n".join([*shown, NOTE, f"{versions(peers)}; {machine()}; {rounds}."]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
