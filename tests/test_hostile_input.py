"""Whatever happens to a file, a build says what is wrong or builds; it never breaks."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Site
from llm_history.build import Builder, Options
from llm_history.diagnostics import format_text
from test_golden import GOLDEN

FILES = sorted(p.relative_to(GOLDEN).as_posix() for p in (GOLDEN / "content").rglob("*.*"))
JUNK = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"\x00", b"\xff", b"\t", b"\r\n", b"\r", b": ", b"- ", b"[", b"}", b"&a ", b"*a", b"!!x ",
         b"|\n", b"'", b'"', b"#", b"---\n", b"+++\n", b"\xef\xbb\xbf", "\u202e".encode(),
         "\u2028".encode(), "가".encode(), b"<aside>", b"```\n", b"$$", b"[[", b"1e99", b"~"]
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("hostile")
    shutil.copytree(GOLDEN / "content", root / "content")
    return Site(root)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(FILES), st.integers(0, 2000), st.integers(0, 40), JUNK)
def test_a_damaged_file_never_breaks_a_build(
    golden: Site, name: str, at: int, removed: int, junk: bytes
) -> None:
    path = golden.root / name
    whole = path.read_bytes()
    at %= len(whole) + 1
    path.write_bytes(whole[:at] + junk + whole[at + removed :])
    try:
        report = Builder(golden.folders, Options()).build(publishing=False)
        assert report.pages or any(d.is_error for d in report.diagnostics)
        for diagnostic in report.diagnostics:
            assert diagnostic.place.line >= 1
            assert diagnostic.place.column >= 1
            assert format_text(diagnostic)
    finally:
        path.write_bytes(whole)


def test_links_that_run_in_circles_or_lead_out_are_passed_over(site: Site, tmp_path: Path) -> None:
    (tmp_path / "content/models").mkdir()
    (tmp_path / "content/models/loop").symlink_to(tmp_path / "content/models")
    (tmp_path / "content/notes").symlink_to("/etc")
    (tmp_path / "content/models/passwd.yaml").symlink_to("/etc/passwd")
    (tmp_path / "content/models/gone.yaml").symlink_to(tmp_path / "nowhere")
    site.built()


def test_a_folder_named_like_a_file_and_editors_leftovers(site: Site) -> None:
    (site.root / "content/models/a.yaml").mkdir(parents=True)
    for name in (".a.yaml.swp", "a.yaml~", "#a.yaml#", "4913", ".DS_Store"):
        site.put(f"content/models/{name}", "junk: [")
    site.built()


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_an_unreadable_file_is_reported(site: Site) -> None:
    site.put("content/models/a.yaml", "name: A\n")
    (site.root / "content/models/a.yaml").chmod(0)
    assert [problem[0] for problem in site.problems()] == ["LH020"]


def test_a_long_line_is_shown_around_the_mistake(site: Site) -> None:
    site.put("content/models/a.yaml", "name: A\ncite: paper\nfamly: " + "x" * 5000 + "\n")
    assert all(
        len(line) < 400 for d in site.build().diagnostics for line in format_text(d).split("\n")
    )


@pytest.mark.parametrize("address", ["http://[", "//[::1", "http://[1]:x/", "http://a℀b/"])
def test_addresses_that_are_none(site: Site, address: str) -> None:
    site.put("content/notes/n.md", f"# Note\n\n[x](<{address}>) ![y](<{address}/y.png>)\n")
    assert site.build().published is not None
    site.put("content/site.yaml", f"title: Test\nbase_url: '{address}'\n")
    assert "LH106" in [code for code, *_ in site.problems()]
