"""Where a site's files are, and how it is to be built: what a command line says.

Nothing else of the program is needed to know it, so that a build of nothing new starts at once.
"""

from pathlib import Path

import msgspec


class Options(msgspec.Struct, frozen=True):
    """How to build: what the command line says beside the folders."""

    base_url: str = ""
    drafts: bool = False
    strict: bool = False
    force: bool = False
    pedantic: bool = False
    jobs: int = 1
    cache: bool = True


class Folders(msgspec.Struct, frozen=True):
    """Where a site's files are. ``templates`` may lack any file that the default theme has."""

    root: Path
    content: Path
    templates: Path
    output: Path

    def shown(self, path: Path) -> str:
        """Return a path as a person knows it: relative to the root where it lies inside."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def default_templates() -> Path:
    """Return the folder of the default theme: in the package, or in the repository."""
    packaged = Path(__file__).parent / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"


def find_root(start: Path) -> Path | None:
    """Return the nearest folder at or above ``start`` that holds ``content/site.yaml``."""
    for folder in (start, *start.parents):
        if (folder / "content" / "site.yaml").is_file():
            return folder
    return None


def folders_of(
    root: Path, content: Path | None, templates: Path | None, output: Path | None
) -> Folders:
    """Return the folders of a site, with the usual names for those not given."""
    return Folders(
        root=root,
        content=content or root / "content",
        templates=templates or root / "templates",
        output=output or root / "site",
    )
