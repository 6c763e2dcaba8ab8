"""Files that are written before they are published, so that no process has to hold them all."""

import itertools
import os
import shutil
from pathlib import Path
from types import TracebackType

import msgspec

from llm_history.content.files import digest

_NAME = ".llm-history-staging-"


class Staged(msgspec.Struct, frozen=True):
    """A file that waits at a ``place`` to be renamed; its size in bytes, and its digest.

    One that is ``new`` is known to differ from what is published.
    """

    place: str
    size: int
    digest: bytes
    new: bool = False


File = bytes | Staged
"""What is to be published under some path."""


class Staging:
    """A hidden folder in the output folder, on the file system that files are renamed on.

    Each build has one of its own, which goes when it is left, with whatever nobody renamed.
    """

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output / f"{_NAME}{os.getpid()}"
        self._was_there = output.exists()
        self._numbers = itertools.count()

    def __enter__(self) -> "Staging":
        for left in self.output.glob(f"{_NAME}*"):
            number = left.name.removeprefix(_NAME)
            if not (number.isdigit() and number != str(os.getpid()) and _is_running(int(number))):
                shutil.rmtree(left, ignore_errors=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self._was_there and self.output.is_dir() and not any(self.output.iterdir()):
            self.output.rmdir()

    def put(self, data: bytes, *, new: bool = False) -> File:
        """Write a file, from any process; what cannot be written stays in memory."""
        place = self.folder / f".{os.getpid()}-{next(self._numbers)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as file:
                os.fchmod(file.fileno(), 0o644)
                file.write(data)
        except OSError:
            return data
        return Staged(str(place), len(data), digest(data), new)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # somebody else's
        return True
    return True
