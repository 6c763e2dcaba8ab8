"""Whatever happens to a file, a build says what is wrong or builds; it never breaks."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Site
from llm_history.build import check
from llm_history.checking.fixing import fix_text
from llm_history.checking.formats import FORMATS, paths_from
from llm_history.content.yaml import decode
from llm_history.diagnostics import MAX_ALIKE, Problems, SourceText, format_text
from llm_history.folders import Options
from test_golden import GOLDEN

FILES = sorted(p.relative_to(GOLDEN).as_posix() for p in (GOLDEN / "content").rglob("*.*"))
JUNK = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"\x00", b"\xff", b"\t", b"\r\n", b"\r", b": ", b"- ", b"[", b"}", b"&a ", b"*a", b"!!x ",
         b"|\n", b"'", b'"', b"#", b"---\n", b"+++\n", b"\xef\xbb\xbf", "\u202e".encode(),
         "\u2028".encode(), "가".encode(), b"<aside>", b"```\n", b"$$", b"[[", b"1e99", b"~",
         b"\xed\xa0\x80", "\U0001f389".encode(), b"{{ count(models) }}", b"%", b"<<: ", b"? "]
    ),
)  # fmt: skip
SECONDS = 10.0


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("hostile")
    shutil.copytree(GOLDEN / "content", root / "content")
    site = Site(root)
    assert site.build().published is not None
    return site


def survives(site: Site, name: str, damaged: bytes) -> None:
    """Damage a file: a build tells what is wrong in time and leaves the site, or it builds."""
    path = site.root / name
    whole, published = path.read_bytes(), site.output()
    path.write_bytes(damaged)
    try:
        started = time.process_time()
        report = site.build()
        assert time.process_time() - started < SECONDS
        if report.published is None:
            assert any(d.is_error for d in report.diagnostics)
            now = site.output()
            changed = [path for path in {*now, *published} if now.get(path) != published.get(path)]
            assert changed == [], report.diagnostics
        for diagnostic in report.diagnostics:
            place = diagnostic.place
            assert place.line >= 1
            assert 1 <= place.column <= len(place.text) + 1
            assert place.length >= 1
            assert format_text(diagnostic, width=80)
        paths = paths_from(site.root)
        for form in FORMATS.values():
            assert isinstance(form(report.diagnostics, paths), str)
    finally:
        path.write_bytes(whole)
        if report.published is not None:
            site.build()


def mended(name: str, data: bytes) -> None:
    """Fixes of a damaged file settle, and what they leave can be read like what it was."""
    source = decode(name, data, Problems())
    if source is None:
        return
    path = name.removeprefix("content/")
    text, _ = fix_text(path, source)
    again, made = fix_text(path, SourceText(name, text))
    assert (again, made) == (text, 0)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(FILES), st.integers(0, 2000), st.integers(0, 40), JUNK)
def test_a_damaged_file_never_breaks_a_build(
    golden: Site, name: str, at: int, removed: int, junk: bytes
) -> None:
    whole = (golden.root / name).read_bytes()
    at %= len(whole) + 1
    damaged = whole[:at] + junk + whole[at + removed :]
    survives(golden, name, damaged)
    mended(name, damaged)


MUTATIONS: dict[str, Callable[[bytes, int], bytes]] = {
    "flip a bit": lambda data, at: data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :],
    "truncate": lambda data, at: data[:at],
    "repeat a part": lambda data, at: data[:at] + data[at // 2 : at] * 5 + data[at:],
    "swap halves": lambda data, at: data[at:] + data[:at],
    "CRLF": lambda data, at: data.replace(b"\n", b"\r\n"),
    "old Mac lines": lambda data, at: data.replace(b"\n", b"\r"),
    "tabs": lambda data, at: data.replace(b"  ", b"\t"),
    "a byte-order mark": lambda data, at: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data, at: data.decode().encode("utf-16"),
    "deep nesting": lambda data, at: data[:at] + b"[" * 5000 + data[at:],
    "deep braces": lambda data, at: data[:at] + b"{a: " * 5000 + data[at:],
    "a huge scalar": lambda data, at: data[:at] + b"x" * 200_000 + data[at:],
    "a huge number": lambda data, at: data[:at] + b"9" * 5000 + data[at:],
    "many lines": lambda data, at: data[:at] + b"\n" * 50_000 + data[at:],
    "no spaces": lambda data, at: data.replace(b" ", b""),
    "fullwidth": lambda data, at: data.replace(b": ", "：".encode()),
    "no-break spaces": lambda data, at: data.replace(b" ", "\u00a0".encode()),
    "curly quotes": lambda data, at: data.replace(b'"', "“".encode()),
}


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(FILES), st.integers(0, 4000), st.sampled_from(sorted(MUTATIONS)))
def test_whatever_happens_to_a_file_a_build_survives(
    golden: Site, name: str, at: int, mutation: str
) -> None:
    whole = (golden.root / name).read_bytes()
    damaged = MUTATIONS[mutation](whole, at % len(whole))
    survives(golden, name, damaged)
    mended(name, damaged)


@pytest.mark.parametrize("name", ["content/models/one.yaml", "content/notes/essay.md"])
def test_a_file_of_ten_megabytes_is_refused_at_once(golden: Site, name: str) -> None:
    assert (golden.root / name).is_file()
    survives(golden, name, b"a: [b, c]\n" * 1024 * 1024)


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "> " * 20_000, "[a](b) " * 5_000, "![](b)" * 3_000, "{{ count(models) }} " * 500,
     "# a\n" * 10_000, "a\n" * 20_000, "a\tb\n" * 10_000, "\ta\n" * 10_000, "<div>" * 5_000,
     "$a" * 10_000, "**a*" * 10_000, "|a" * 5_000 + "\n" + "|-" * 5_000, "<aside>\n" * 5_000,
     "[^a]" * 5_000 + "\n\n[^a]: x", "```\n" * 10_000, "==a" * 10_000, "%%" * 10_000,
     "a**b" * 40_000, "~~a" * 50_000, "{% " * 60_000, "{{< a " * 30_000, "http://a" * 25_000,
     "".join(f"[a](#hx-{n})\n\n" for n in range(3_000)) + "## H\n\n" * 10_000],
    ids=lambda text: text[:8].strip(),
)  # fmt: skip
def test_prose_made_to_take_long_does_not(golden: Site, text: str) -> None:
    survives(golden, "content/notes/essay.md", text.encode())


def test_a_billion_laughs_are_refused(golden: Site) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    survives(golden, "content/models/one.yaml", "\n".join(lines).encode())
    laughs = "---\n" + "\n".join(lines) + "\n---\n\nText.\n"
    survives(golden, "content/notes/essay.md", laughs.encode())


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


LONG = "name: A\ncite: paper\ndates: [{what: paper, on: 2023-02}]\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("models/a.yaml", LONG + "".join(f"famly{n}: x\n" for n in range(60_000))),
        ("models/a.yaml", LONG + "links: x\n" * 80_000),
        ("models/a.yaml", LONG + "layers: " + "1 " * 200_000 + "\n"),
        ("notes/n.md", "---\n" + "".join(f"titel{n}: x\n" for n in range(15_000)) + "---\nText.\n"),
        ("notes/n.md", "+++\n" + "".join(f"titl{n} = 1\n" for n in range(12_000)) + "+++\nText.\n"),
        ("notes/n.md", f"---\ntags: [{', '.join(f't{n}' for n in range(30_000))}]\n---\nText.\n"),
        ("notes/n.md", "# N\n\n" + "".join(f"[[x{n}]]\n" for n in range(20_000))),
        ("notes/n.md", "# N\n\n" + "".join(f"![]({n}.png)\n" for n in range(15_000))),
        ("notes/n.md", "# N\n\n" + "<img " * 40_000),
    ],
    ids=["unknown fields", "duplicate keys", "an amount", "unknown keys", "TOML", "tags", "links",
         "images", "tags of HTML"],
)  # fmt: skip
def test_many_mistakes_take_little_time_and_are_told_in_short(
    site: Site, path: str, text: str
) -> None:
    site.put(f"content/{path}", text)
    started = time.process_time()
    report = check(site.folders, Options())
    assert time.process_time() - started < SECONDS / 2
    told = Counter(d.rule.code for d in report.diagnostics)
    assert max(told.values(), default=0) <= MAX_ALIKE + 1


def test_of_many_mistakes_of_a_kind_the_rest_is_counted(site: Site) -> None:
    site.put("content/models/a.yaml", LONG + "".join(f"famly{n}: x\n" for n in range(2_000)))
    *told, rest = site.build().diagnostics
    assert [d.place.line for d in told] == list(range(4, 4 + MAX_ALIKE))
    assert rest.message == f"{2_000 - MAX_ALIKE:,} more of these are not shown"
    assert rest.place.line == 4 + MAX_ALIKE


def test_what_is_mended_without_a_person_is_never_left_out(site: Site) -> None:
    dates = "".join(f"  - {{what: paper, on: 2023/2/{1 + n % 28}}}\n" for n in range(300))
    site.put("content/models/a.yaml", f"name: A\ncite: paper\ndates:\n{dates}")
    fixes = [d for d in site.build().diagnostics if d.fix]
    assert len(fixes) == 300
