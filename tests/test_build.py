"""A whole site, built, edited, and built again."""

import json
import shutil
from pathlib import Path

import pytest
from lxml import etree

from conftest import REPOSITORY, Site
from llm_history.build import build
from llm_history.folders import Options, folders_of
from llm_history.pages.exports import sitemaps
from llm_history.publish import MANIFEST, ForeignFilesError, publish
from llm_history.settings import SiteSettings

MODEL = """
-- content/models/alpha.yaml --
name: Alpha
cite: paper
organization: lab
family: alpha
summary: {en: The first one., ko: 첫 번째.}
dates: [{what: announced, on: 2023-03-14}]
access: [{kind: weights, state: public, from: 2023-03-14, license: Apache-2.0}]
parameters:
  - {value: undisclosed, rank: preferred}
  - {value: ~1.8T, cite: paper#page-3, basis: reported, why: A leak.}
training_tokens: {value: 300B, note: Seen in training.}
variants:
  - {id: alpha-7b, name: 7B, parameters: 6.7B}
  - {id: alpha-70b, name: 70B, parameters: 70B, context_window: 8192}
-- content/models/beta.yaml --
name: Beta
cite: paper
dates: [{what: paper, on: 2023-05}]
lineage: [{relation: fine-tuned-from, to: alpha-7b, note: In a week.}]
formerly: [old-beta]
-- content/organizations/lab.yaml --
name: The Lab
hue: green
"""


@pytest.fixture
def models(site: Site) -> Site:
    return site.write(MODEL)


def test_every_page_of_the_inventory_is_there(models: Site) -> None:
    models.put("content/notes/n.md", "---\ntags: [x]\n---\n# N\n\ntext\n")
    models.built()
    pages = {path for path in models.output() if path.endswith(".html")}
    kinds = ["models", "families", "organizations", "techniques", "datasets", "benchmarks",
             "hardware", "events", "notes", "tags", "sources", "coverage", "about"]  # fmt: skip
    assert {f"{kind}/index.html" for kind in kinds} <= pages
    assert {
        "index.html", "404.html", "models/alpha/index.html", "families/alpha/index.html",
        "organizations/lab/index.html", "notes/n/index.html", "tags/x/index.html",
        "sources/paper/index.html", "models/old-beta/index.html",
    } <= pages  # fmt: skip


def test_a_page_shows_claims_side_by_side_and_what_variants_inherit(models: Site) -> None:
    models.built()
    page = models.read("models/alpha/index.html")
    assert "st-disputed" in page
    assert "not disclosed" in page
    assert "≈ 1.8T" in page
    assert "A leak." in page
    assert 'title="Page 3"' in page
    assert "Seen in training." in page
    assert 'href="../../models/beta/"' in page
    assert "fine-tuned into" in page
    assert "first one" in page


def test_the_timeline_is_in_order_with_marks_and_sizes(models: Site) -> None:
    models.built()
    page = models.read("index.html")
    assert page.index('id="alpha"') < page.index('id="beta"')
    assert 'id="y2023"' in page
    assert 'id="m2023-03"' in page
    assert "6.7B – " in page
    assert "8K" in page
    assert "2 models from March 2023 to May 2023. 1 released its weights" in page


def test_in_a_month_days_come_before_what_is_only_known_to_the_month(site: Site) -> None:
    for name, date in (("a", "2023-05"), ("b", "2023-05-20"), ("c", "2023"), ("d", "2023-12-31")):
        record = f"name: {name.upper()}\ncite: paper\ndates: [{{what: paper, on: {date}}}]\n"
        site.put(f"content/models/{name}.yaml", record)
    site.built()
    page = site.read("index.html")
    places = {name: page.index(f' id="{name}"') for name in "abcd"}
    assert sorted("abcd", key=places.__getitem__) == ["b", "a", "d", "c"]
    assert "some time in 2023" in page


def test_an_old_id_leads_to_the_new_page(models: Site) -> None:
    models.built()
    assert 'content="0; url=../../models/beta/"' in models.read("models/old-beta/index.html")


def test_the_record_as_json_has_every_claim_and_its_sources(models: Site) -> None:
    models.built()
    record = json.loads(models.read("data/models/alpha.json"))
    assert [claim["value"] for claim in record["facts"]["parameters"]["claims"]] == [
        "undisclosed",
        {"value": 1800000000000, "text": "~1.8T"},
    ]
    assert record["facts"]["parameters"]["status"] == "disputed"
    assert record["facts"]["training_tokens"]["claims"][0]["cite"] == ["paper"]
    assert record["sources"]["paper"]["title"] == "A Paper"
    assert record["mark"] == "open"
    rows = json.loads(models.read("data/models.json"))["models"]
    assert [row["id"] for row in rows] == ["alpha", "beta"]


def test_feed_and_site_map_are_xml_with_full_addresses(models: Site) -> None:
    models.built(base_url="https://example.org/sub/")
    atom = etree.fromstring(models.read("feed.atom").encode())
    assert len(atom.findall("{http://www.w3.org/2005/Atom}entry")) == 2
    urls = etree.fromstring(models.read("sitemap.xml").encode()).findall(".//{*}loc")
    assert "https://example.org/sub/models/alpha/" in {url.text for url in urls}
    assert not any("404" in (url.text or "") for url in urls)


def test_a_site_map_of_very_many_pages_is_split() -> None:
    pages = [f"models/m{number}/" for number in range(50_001)]
    files = sitemaps(pages, SiteSettings(title="Test", base_url="https://example.org/sub/"))
    parts = [loc.text or "" for loc in etree.fromstring(files["sitemap.xml"]).findall(".//{*}loc")]
    assert parts == [f"https://example.org/sub/sitemaps/{number}.xml" for number in (1, 2)]
    found = [etree.fromstring(files[f"sitemaps/{number}.xml"]) for number in (1, 2)]
    assert [len(part) for part in found] == [50_000, 1]
    assert (found[1].findtext(".//{*}loc") or "").endswith("/models/m50000/")


def test_a_sub_path_changes_only_what_needs_the_full_address(models: Site) -> None:
    models.built()
    root = models.output()
    models.built(base_url="https://example.org/sub/")
    page, before = models.read("models/alpha/index.html"), root["models/alpha/index.html"].decode()
    assert 'href="../../assets/' in page
    assert page.replace("https://example.org/sub/", "http://localhost/") == before
    assert 'href="/sub/assets/' in models.read("404.html")


def test_the_same_input_gives_the_same_bytes(models: Site, tmp_path: Path) -> None:
    models.built()
    other = Site(tmp_path / "other")
    for path, data in _content(models).items():
        other.put(path, data)
    other.built(jobs=3)
    assert other.output() == models.output()


def _content(site: Site) -> dict[str, bytes]:
    return {
        path.relative_to(site.root).as_posix(): path.read_bytes()
        for path in (site.root / "content").rglob("*")
        if path.is_file()
    }


def test_many_pages_are_the_same_with_any_number_of_processes(site: Site, tmp_path: Path) -> None:
    for number in range(450):
        site.put(
            f"content/models/m{number}.yaml",
            f"name: M{number}\ncite: paper\n"
            f"dates: [{{what: paper, on: 2023-{number % 12 + 1:02}}}]\n",
        )
    site.built(jobs=1)
    one = site.output()
    report = site.built(jobs=2)
    assert report.published is not None
    assert report.published.written == ()
    assert site.output() == one


def test_an_unchanged_build_writes_nothing_and_an_edit_only_what_it_touches(models: Site) -> None:
    models.built()
    again = models.built()
    assert again.published is not None
    assert again.published.written == again.published.removed == ()
    models.put(
        "content/organizations/lab.yaml",
        "name: The Lab\nhue: green\nlinks: [{url: https://x.org, title: X}]\n",
    )
    edited = models.built()
    assert edited.published is not None
    assert set(edited.published.written) == {
        "data/organizations/lab.json", "organizations/lab/index.html",
    }  # fmt: skip


def test_deleting_and_renaming_leaves_no_stale_file(models: Site) -> None:
    models.built()
    models.delete("content/models/beta.yaml")
    report = models.built()
    assert report.published is not None
    assert "models/beta/index.html" in report.published.removed
    assert not (models.root / "site/models/beta").exists()
    fresh = models.output()
    for path in list((models.root / "site").rglob("*")):
        if path.is_file():
            path.unlink()
    models.built()
    assert models.output() == fresh


def test_an_error_keeps_the_last_good_site(models: Site) -> None:
    models.built()
    before = models.output()
    models.put("content/models/beta.yaml", "name: [\n")
    report = models.build()
    assert report.published is None
    assert models.output() == before


def test_strict_makes_warnings_fail(models: Site) -> None:
    models.put("content/notes/n.md", "# N\n\n![x](gone.png)\n")
    assert models.build().published is not None
    before = models.output()
    models.put("content/notes/n.md", "# N\n\nNew. ![x](gone.png)\n")
    assert models.build(strict=True).published is None
    assert models.output() == before


def test_drafts_are_left_out_unless_asked_for(models: Site) -> None:
    models.put("content/notes/n.md", "---\ntitle: N\ndraft: true\n---\ntext\n")
    models.built()
    assert "notes/n/index.html" not in models.output()
    models.built(drafts=True)
    assert "notes/n/index.html" in models.output()


def test_a_translation_leads_to_its_original_and_back(models: Site) -> None:
    models.put("content/notes/n.md", "# Title\n\ntext\n")
    models.put("content/notes/n.ko.md", "# 제목\n\n본문입니다.\n")
    models.built()
    assert 'lang="ko"' in models.read("notes/n.ko/index.html")
    assert 'hreflang="ko"' in models.read("notes/n/index.html")
    assert 'hreflang="en"' in models.read("notes/n.ko/index.html")


def test_own_templates_go_before_the_default_ones(models: Site) -> None:
    models.put("templates/about.html", "{% extends 'base.html' %}{% block main %}OWN{% endblock %}")
    models.put("templates/assets/site.css", "body { color: red }")
    models.built()
    assert "OWN" in models.read("about/index.html")
    sheets = {p: d for p, d in models.output().items() if p.startswith("assets/site.")}
    assert b"body{color:red}" in sheets.values()


@pytest.mark.parametrize(
    ("template", "line"),
    [("<p>\n{% if %}\n", 2), ("\n\n{{ view.nothing }}", 3), ("{% include 'gone.html' %}", 1)],
)
def test_a_template_in_error_is_reported_with_its_line(
    models: Site, template: str, line: int
) -> None:
    models.put("templates/about.html", template)
    (diagnostic,) = models.build().diagnostics
    assert diagnostic.rule.code == "LH501"
    assert diagnostic.place.line == line or "gone.html" in diagnostic.message
    assert "about" in diagnostic.place.path + diagnostic.message


def test_a_template_in_error_is_reported_for_the_first_page_whoever_makes_it(site: Site) -> None:
    for number in range(120):
        site.put(f"content/techniques/t{number:03}.yaml", f"name: T{number}\n")
    site.put("templates/record.html", "{{ view.nothing }}")
    one, four = (
        build(site.folders, Options(jobs=jobs, cache=False)).diagnostics for jobs in (1, 4)
    )
    assert len(one) == 1
    assert one == four


@pytest.mark.parametrize("output", ["content", "content/out", ".", "templates"])
def test_the_output_may_not_mix_with_what_the_site_is_made_from(models: Site, output: str) -> None:
    (models.root / "templates").mkdir(exist_ok=True)
    before = _content(models)
    report = build(folders_of(models.root, None, None, (models.root / output).resolve()), Options())
    assert [d.rule.code for d in report.diagnostics] == ["LH030"]
    assert _content(models) == before


# --- Publishing ---


def test_foreign_files_are_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(ForeignFilesError):
        publish({"a.html": b"x"}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    publish({"a.html": b"x"}, tmp_path, force=True)
    publish({}, tmp_path, force=True)
    assert (tmp_path / "index.html").read_text() == "mine"
    assert not (tmp_path / "a.html").exists()


def test_a_file_may_become_a_folder_and_back(tmp_path: Path) -> None:
    publish({"a": b"1"}, tmp_path)
    publish({"a/b": b"2"}, tmp_path)
    publish({"a": b"3"}, tmp_path)
    assert (tmp_path / "a").read_bytes() == b"3"


def test_a_manifest_cannot_make_us_delete_elsewhere(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("x")
    output = tmp_path / "out"
    publish({"a": b"1"}, output)
    (output / MANIFEST).write_text('{"files": ["../victim", "/etc/hostname", "a"]}')
    publish({}, output)
    assert victim.exists()


def test_a_write_that_fails_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish({"a": b"old"}, tmp_path)

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        publish({"a": b"new"}, tmp_path)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert not list(tmp_path.glob("*.tmp"))


def test_the_repository_keeps_the_output_folder_and_ignores_what_is_in_it() -> None:
    assert (REPOSITORY / "site/.gitignore").read_text() == "*\n!.gitignore\n"


def test_a_name_too_long_for_a_file_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    publish({"a.html": b"old"}, tmp_path)
    with pytest.raises(OSError, match="too long"):
        publish({"a.html": b"new", f"tags/{'x' * 300}/index.html": b""}, tmp_path)
    assert (tmp_path / "a.html").read_bytes() == b"old"
    # One that an earlier program noted before it failed is in nobody's way.
    (tmp_path / MANIFEST).write_text(json.dumps({"files": ["a.html", "y" * 300]}))
    publish({"a.html": b"new"}, tmp_path)
    assert (tmp_path / "a.html").read_bytes() == b"new"


def test_a_tag_is_no_essay(site: Site) -> None:
    site.put("content/notes/n.md", f"---\ntags: [short, {'long' * 80}]\n---\n\n# N\n\nText.\n")
    (problem,) = site.build().diagnostics
    assert (problem.rule.code, problem.place.line, problem.place.column) == ("LH103", 2, 7)


def test_many_pages_wait_where_nobody_sees_them(site: Site) -> None:
    """Processes write their pages themselves; what is not published leaves nothing behind."""
    for number in range(120):
        site.put(f"content/techniques/t{number:03}.yaml", f"name: T{number}\ncite: paper\n")
    assert site.build(jobs=3, cache=False).published
    output = site.root / "site"
    hidden = {path.name for path in output.iterdir() if path.name.startswith(".")}
    assert hidden == {MANIFEST}
    assert {path.stat().st_mode & 0o777 for path in output.rglob("*.html")} == {0o644}
    together = site.output()
    before = {path: (output / path).stat().st_ino for path in together}
    again = site.build(jobs=3, cache=False).published
    assert again
    assert again.written == ()
    assert before == {path: (output / path).stat().st_ino for path in together}
    shutil.rmtree(output)
    assert site.build(jobs=1, cache=False).published
    assert site.output() == together
    # What a build that was killed left goes; what another one has at work stays.
    dead, running = output / ".llm-history-staging-99999999", output / ".llm-history-staging-1"
    for folder in (dead, running):
        folder.mkdir()
    assert site.build(jobs=3, cache=False).published
    assert (dead.exists(), running.exists()) == (False, True)
    site.put("templates/foot.html", "{{ nothing }}")
    shutil.rmtree(output)
    assert site.build(jobs=3, cache=False).published is None
    assert not output.exists()
