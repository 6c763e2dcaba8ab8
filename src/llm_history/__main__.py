"""``python -m llm_history``, and the command ``llm-history``."""

import sys

from llm_history import __version__


def main() -> None:
    """Run the command; to say the version takes no more than starting Python."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"llm-history, version {__version__}\n")
        return
    from llm_history.cli import main as command  # noqa: PLC0415 - start-up time

    command()


if __name__ == "__main__":
    main()
