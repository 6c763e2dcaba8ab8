"""Runs programs and measures them."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_BETWEEN_SAMPLES = 0.2
_LAUNCH = """
import os, subprocess, sys, time
with open(sys.argv[1], "wb") as log:
    started = time.monotonic()
    process = subprocess.Popen(sys.argv[2:], stdout=log, stderr=log)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
code = process.returncode = os.waitstatus_to_exitcode(status)
print(code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A small program that runs the large one: what this one has in memory would be counted, too."""


@dataclass(frozen=True)
class Run:
    """A program from start to end: seconds, and bytes of its largest process."""

    code: int
    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Run:
    """Run a program and wait for it; what it says goes to ``log``."""
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(log), *command]
    done = subprocess.run(
        launcher,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    code, wall, cpu, kibibytes = done.stdout.split()
    return Run(int(code), float(wall), float(cpu), int(kibibytes) * 1024)


def descendants(pid: int) -> list[int]:
    """Return a process and all that it started, as far as they are alive."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of a program, in parentheses, may hold anything.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def memory_of(pid: int) -> int:
    """Return the bytes of memory that a process and all it started hold.

    What several of them share, as after a fork, is counted once (the kernel's proportional set
    size); to ask for that takes time, and for a single process it would be the same.
    """
    tree = descendants(pid)
    held = _resident if len(tree) == 1 else _proportional
    return sum(map(held, tree))


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


class PeakMemory:
    """Looks, until it is stopped, at how much memory a tree of processes holds."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(_BETWEEN_SAMPLES):
            self.peak = max(self.peak, memory_of(self.pid))

    def stop(self) -> int:
        """Stop looking and return the most that was seen."""
        self._stop.set()
        self._thread.join()
        return self.peak
