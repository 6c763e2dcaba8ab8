"""Where the time of our own builds goes, stage by stage: ``make bench ARGS=--profile``.

    python -m bench.stages

builds the site in this folder in one process and prints the seconds of each stage as JSON. They
are seconds of the processor: a clock on the wall would count other programs, too. The functions of
the engine are wrapped from outside, which knows nothing of being measured.
"""

import functools
import importlib
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.corpus import models, notes
from bench.peers import OURS, REPOSITORY

START, REST, WHOLE = "starting Python, importing", "everything else", "whole"
TAKING_UP, LEAVING = "taking up the last build", "leaving it for the next"
UNDIVIDED = frozenset({TAKING_UP, LEAVING})
"""Stages that are not divided, though others happen inside."""
STAGES = {
    "llm_history.cache.stamp:unchanged": "asking whether anything changed",
    "llm_history.build:load_state": TAKING_UP,
    "llm_history.cache.state:load_content": TAKING_UP,
    "llm_history.build:intact": "looking at the output",
    "llm_history.planning:load_content": "finding and linking files",
    "llm_history.content.load:_Loader._load_record": "parsing records",
    "llm_history.content.load:_Loader._load_sources": "parsing sources",
    "llm_history.content.load:_Loader._load_note": "parsing notes",
    "llm_history.planning:Index": "linking records",
    "llm_history.planning:History": "linking records",
    "llm_history.planning:review": "review",
    "llm_history.planning:load_languages": "settings, catalogues, assets",
    "llm_history.theme:Theme.renderer": "settings, catalogues, assets",
    "llm_history.planning:resolve_all": "resolving notes",
    "llm_history.planning:take_inventory": "planning",
    "llm_history.build:units_to_make": "finding what is to be made",
    "llm_history.build:make_all": "comparing what was made",
    "llm_history.build:publish": "writing",
    "llm_history.build:written": "noting what was written",
    "llm_history.build:look_at": LEAVING,
    "llm_history.build:save_stamp": LEAVING,
    "llm_history.build:save_state": LEAVING,
}
RENDER = "llm_history.pages.render:Renderer.render"
OWN_SETS = frozenset(
    {"models", "families", "organizations", "notes", "tags", "sources", "timeline", "search",
     "as-of", "compare", "charts", "data", "lineage"}
)  # fmt: skip


class Clock:
    """Knows how long each stage took, without the stages inside it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._running: list[str] = []
        self._since = time.process_time()

    def _switch(self) -> None:
        now = time.process_time()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same, its time counted for ``stage``."""

        @functools.wraps(function, updated=())
        def wrapper(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the function
            if self._running and self._running[-1] in UNDIVIDED:
                return function(*arguments, **options)
            self._switch()
            self._running.append(stage)
            try:
                return function(*arguments, **options)
            finally:
                self._switch()
                self._running.pop()

        return wrapper


def page_set(key: str) -> str:
    """Return which pages a unit belongs to."""
    top = key.partition("/")[0] if "/" in key or key in OWN_SETS else "timeline" * (not key)
    return top if top in OWN_SETS else "other pages and files"


def owner(name: str) -> tuple[Any, str]:
    """Return where a function is found, and its name there."""
    module, _, path = name.partition(":")
    *outer, last = path.split(".")
    place = functools.reduce(getattr, outer, importlib.import_module(module))
    return place, last


def wrap(clock: Clock) -> None:
    """Let the engine run by the clock."""
    for name, stage in STAGES.items():
        place, last = owner(name)
        setattr(place, last, clock.timed(stage, getattr(place, last)))
    place, last = owner("llm_history.planning:take_inventory")
    take = getattr(place, last)

    def timed_plan(*arguments: Any) -> Any:  # noqa: ANN401
        from msgspec.structs import replace  # noqa: PLC0415 - its import is part of the start

        inventory = take(*arguments)
        units = tuple(
            replace(unit, make=clock.timed(f"making: {page_set(unit.key)}", unit.make))
            for unit in inventory.units
        )
        return replace(inventory, units=units)

    setattr(place, last, timed_plan)
    place, last = owner(RENDER)
    render = getattr(place, last)

    def timed_render(self: Any, page: Any, *arguments: Any) -> bytes:  # noqa: ANN401
        done = clock.timed(f"rendering: {page_set(page.url)}", render)(self, page, *arguments)
        return bytes(done)

    setattr(place, last, timed_render)


def main() -> int:
    """Build once, in one process, and print what took how long."""
    from llm_history import build  # noqa: PLC0415 - so that its import is part of the start
    from llm_history.cache import stamp  # noqa: PLC0415
    from llm_history.folders import Options, folders_of  # noqa: PLC0415

    clock = Clock()
    wrap(clock)
    folders, options = folders_of(Path.cwd(), None, None, None), Options()
    started = time.process_time()
    report = stamp.unchanged(folders, options) or build.build(folders, options)
    whole = time.process_time()
    clock.seconds[REST] = whole - started - sum(clock.seconds.values())
    print(json.dumps({START: started, **clock.seconds, WHOLE: whole}))
    return 0 if report.published else 1


def profile(root: Path, model_count: int, note_count: int) -> tuple[dict[str, float], ...]:
    """Return the stages of a cold build and of one after an edit, on a site written to ``root``."""
    made = models(model_count)
    OURS.write(root, made, notes(note_count, made))
    cold = _profile_once(root)
    record = OURS.sources(root, "record")[model_count // 2]
    text = record.read_text(encoding="utf-8")
    record.write_text(OURS.edits["record"].edit(text, "profiled"), encoding="utf-8")
    return cold, _profile_once(root)


def in_order(stages: Iterable[str]) -> list[str]:
    """Return stages as they follow each other."""
    known = {stage: place for place, stage in enumerate((START, *STAGES.values()))}
    last = {"writing": 1, "noting what was written": 2, LEAVING: 3, REST: 4, WHOLE: 5}

    def place(stage: str) -> tuple[int, int, str]:
        return last.get(stage, 0), known.get(stage, len(known)), stage

    return sorted(stages, key=place)


def _profile_once(root: Path) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "tests")}
    done = subprocess.run(
        [sys.executable, "-m", "bench.stages"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    stages: dict[str, float] = json.loads(done.stdout)
    return stages


if __name__ == "__main__":
    sys.exit(main())
