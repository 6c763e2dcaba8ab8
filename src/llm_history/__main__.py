"""``python -m llm_history``, and the command ``llm-history``."""

import os
import sys

from llm_history import __version__


def main() -> None:
    """Run the command; to say the version takes no more than starting Python."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"llm-history, version {__version__}\n")
        return
    from llm_history.cli import main as command  # noqa: PLC0415 - start-up time

    try:
        command()
    except SystemExit as end:
        _leave(end)


def _leave(end: SystemExit) -> None:
    """End the process at once: to take millions of objects apart can take a second."""
    if end.code is None or isinstance(end.code, int):
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:  # nobody listens any more
            raise end from None
        os._exit(end.code or 0)
    raise end


if __name__ == "__main__":
    main()
