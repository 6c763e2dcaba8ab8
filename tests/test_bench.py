"""The benchmark compares what it says it compares, and reckons right. Nothing is timed here."""

import re
from pathlib import Path

import pytest
import yaml

from bench import build as bench_build
from bench import libraries, live, stages, tables
from bench.corpus import FakeModel, FakeNote, models, notes, write_site
from bench.peers import EDITED, Peer, peers
from bench.processes import Run
from bench.same_pages import is_shared
from bench.soak import is_whole, tokens
from llm_history.diagnostics import Problems
from llm_history.folders import Options, folders_of
from llm_history.planning import make_history
from llm_history.settings import load_settings

MODELS: list[FakeModel] = models(60)
NOTES: list[FakeNote] = notes(5, MODELS)
WRITTEN = [peer for peer in peers().values() if peer.name not in ("pelican-cache", "mkdocs-dirty")]


@pytest.fixture(params=WRITTEN, ids=lambda peer: peer.name)
def peer(request: pytest.FixtureRequest) -> Peer:
    found: Peer = request.param
    return found


def test_each_generator_gets_every_model_and_note(peer: Peer, tmp_path: Path) -> None:
    root = tmp_path / "site"
    peer.write(root, MODELS, NOTES)
    assert [p.stem for p in peer.sources(root, "record")] == sorted(m.id for m in MODELS)
    assert [p.stem for p in peer.sources(root, "note")] == [n.id for n in NOTES]
    for path in (*peer.sources(root, "record"), *peer.sources(root, "note")):
        assert "](model:" not in path.read_text("utf-8"), "a link was left as it is in the corpus"


def test_an_edit_puts_its_token_into_the_text_and_changes_nothing_else(
    peer: Peer, tmp_path: Path
) -> None:
    root = tmp_path / "site"
    peer.write(root, MODELS, NOTES)
    for edited in EDITED:
        text = peer.sources(root, edited)[0].read_text("utf-8")
        after = peer.edits[edited].edit(text, "token7")
        assert after.count("token7") == 1
        assert set(text.split()) - set(after.split()) <= {text.split()[-1], _last_of_summary(text)}


def _last_of_summary(text: str) -> str:
    found = re.search(r"\nsummary:\n.*?(\S+)\n", text)
    return found[1] if found else ""


@pytest.mark.parametrize("name", ["hugo", "eleventy"])
def test_front_matter_says_what_the_record_says(name: str, tmp_path: Path) -> None:
    found = peers()[name]
    found.write(tmp_path / "site", MODELS, NOTES)
    model = next(m for m in MODELS if m.parents)
    text = (tmp_path / "site/content/models" / f"{model.id}.md").read_text("utf-8")
    head = yaml.safe_load(text.split("---\n")[1])
    assert head["title"] == model.name
    assert head["date"] == model.released
    assert [size["total"] for size in head["parameters"]] == [size.total for size in model.sizes]
    assert [(p["relation"], p["id"]) for p in head["parents"]] == list(model.parents)
    assert len(head["sources"]) == len(model.sources)


def test_pelican_and_mkdocs_get_lists_in_their_own_ways(tmp_path: Path) -> None:
    parent = next(p for m in MODELS for _, p in m.parents)
    for name in ("pelican", "mkdocs"):
        peers()[name].write(tmp_path / name, MODELS, NOTES)
    lines = (tmp_path / "pelican/content/models" / f"{parent}.md").read_text("utf-8").splitlines()
    head = dict(line.split(": ", 1) for line in lines[: lines.index("")])
    children = {m.id for m in MODELS if parent in [each for _, each in m.parents]}
    assert {row.split("|")[0] for row in head["Kids"].split(" ;; ")} == children
    docs = tmp_path / "mkdocs/docs"
    years = {m.released.year for m in MODELS}
    assert len(list((docs / "years").iterdir())) == len(years) + 1
    assert len(list((docs / "orgs").iterdir())) == len({m.organization for m in MODELS})
    for page in docs.rglob("*.md"):
        for link in re.findall(r"\]\(([^):]+\.md)\)", page.read_text("utf-8")):
            assert (page.parent / link).is_file(), f"{page}: {link}"


@pytest.mark.parametrize("count", [60, 400])
def test_there_is_nothing_to_warn_of_in_the_corpus(count: int, tmp_path: Path) -> None:
    write_site(tmp_path, count, 5)
    folders, problems = folders_of(tmp_path, None, None, None), Problems()
    settings = load_settings(folders, problems)
    assert settings is not None
    make_history(folders, settings, Options(), problems)
    assert [str(problem) for problem in problems.found] == []


def test_the_same_pages_are_those_that_others_make() -> None:
    made = ["", "timeline/2024/", "models/", "models/a/", "organizations/b/", "notes/c/", "tags/d/"]
    files = ["feed.atom", "data/models.json", "sitemap"]
    ours = [
        "timeline/all/",
        "timeline/milestones/",
        "search",
        "charts/",
        "as-of/2023-03/",
        "data/models/a.json",
        "families/",
        "compare/",
    ]
    assert all(map(is_shared, [*made, *files]))
    assert not any(map(is_shared, ours))


def test_the_libraries_alone_show_the_text_of_each_model_and_note(tmp_path: Path) -> None:
    write_site(tmp_path, len(MODELS), len(NOTES))
    libraries.main(tmp_path)
    made = {path.parent.name: path.read_text("utf-8") for path in tmp_path.rglob("index.html")}
    assert made.keys() == {m.id for m in MODELS} | {n.id for n in NOTES}
    assert all(f"<h1>{model.name}</h1>" in made[model.id] for model in MODELS)
    assert all('<div class="highlight">' in made[note.id] for note in NOTES)


def test_figures_are_written_as_they_are_read() -> None:
    assert [tables.seconds(value) for value in (0.0042, 0.25, 3.14159, 12.34, None)] == [
        "4 ms", "0.25 s", "3.14 s", "12.3 s", "–",
    ]  # fmt: skip
    assert tables.against(1.0, 0.5) == "1.00 s (2.0×)"
    assert tables.against(0.25, 0.5) == "0.25 s (0.50×)"
    assert tables.against(0.25, None) == "0.25 s"
    assert tables.median([3.0, None, 1.0, 2.0]) == 2.0
    assert tables.median([None]) is None
    assert tables.megabytes(1_234_500_000) == "1,234 MB"


def test_the_table_holds_medians_and_ratios_to_a_cold_build_of_hugo() -> None:
    known = peers()
    walls = {"hugo": {"cold": (2, 4, 9)}, "ours": {"cold": (8, 8, 8), "one edit": (1, 2, 3)}}
    results = [
        bench_build.Result(name, mode, Run(0, wall, 2 * wall, 50e6))
        for name, modes in walls.items()
        for mode, times in modes.items()
        for wall in times
    ]
    shown = bench_build.result_table([known["hugo"], known["ours"]], results).splitlines()
    assert shown[2] == "| Hugo | 4.00 s (1.0×) | – | – | – | 8.00 s | 50 MB |"
    assert shown[3] == ("| llm-history | 8.00 s (2.0×) | – | – | 2.00 s (0.50×) | 16.0 s | 50 MB |")


def test_rounds_share_the_edits() -> None:
    rounds = list(live.plan(30, 3))
    assert len(rounds) == 3
    edits = sorted(edit for each in rounds for edit in each)
    assert len(edits) == len(set(edits)) == 30 + 3 * 5
    assert sum(1 for edited, _ in rounds[0] if edited == "record") == 10


def test_a_row_with_a_miss_has_no_median() -> None:
    seen = {"ours": live.Seen(memory=100_000_000)}
    seen["ours"].latencies |= {"record": [0.01, 0.03, 0.02], "note": [0.1, None]}
    shown = live.result_table([peers()["ours"]], seen).splitlines()[-1]
    assert shown == "| llm-history | 20 ms | – | – | – | 100 MB |"


def test_every_stage_names_a_function_of_the_engine() -> None:
    for name in (*stages.STAGES, stages.RENDER):
        place, last = stages.owner(name)
        assert callable(getattr(place, last)), name


def test_a_profile_names_what_a_build_and_one_after_an_edit_do(tmp_path: Path) -> None:
    cold, edited = stages.profile(tmp_path, 4, 2)
    for found in (cold, edited):
        parts = sum(seconds for stage, seconds in found.items() if stage != stages.WHOLE)
        assert parts == pytest.approx(found[stages.WHOLE], abs=0.01)
    assert cold["parsing notes"] > 0
    assert cold["rendering: models"] > edited["rendering: models"] > 0


def test_a_stage_does_not_count_the_stages_inside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter((0.0, 1.0, 3.0, 10.0, 14.0))
    monkeypatch.setattr("time.process_time", lambda: next(now))
    clock = stages.Clock()
    clock.timed("outer", clock.timed("inner", lambda: None))()
    assert clock.seconds == {"outer": 2.0 + 4.0, "inner": 7.0}


def test_stages_come_in_the_order_in_which_they_happen() -> None:
    found = stages.in_order({stages.WHOLE, "writing", "rendering: models", "review", stages.START})
    assert found == [stages.START, "review", "rendering: models", "writing", stages.WHOLE]
    assert stages.page_set("") == "timeline"
    assert stages.page_set("models/a/") == "models"
    assert stages.page_set("feed.atom") == "other pages and files"


def test_half_pages_and_edits_are_recognized() -> None:
    assert is_whole(b"<html></html>\n")
    assert not is_whole(b"<html><p>half")
    assert tokens(b"soak1x soak12xlast") == {b"soak1x", b"soak12xlast"}
