"""Facts are drawn, compared by a person, and what is found is kept and counted."""

import subprocess
import sys

import pytest

from conftest import Site
from llm_history.content.dates import parse_date
from llm_history.content.records import Audit
from llm_history.history.audits import error_rate
from mistakes import RECORD

LAYERS = "\n".join(
    f"  - {{id: a-{n}, name: {n}L, layers: {{value: {n}, cite: paper#table-{n}}}}}"
    for n in range(1, 9)
)


@pytest.fixture
def stocked(site: Site) -> Site:
    site.put("content/models/a.yaml", f"{RECORD}\nvariants:\n{LAYERS}\n")
    return site


def audit(site: Site, *options: str, answers: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "llm_history", "audit", "--by", "Ada: a “reviewer”", *options],
        cwd=site.root, input=answers, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_fact_is_shown_with_its_source_and_place(stocked: Site) -> None:
    shown = audit(stocked, "--sample", "9", "--list").stdout
    assert "A (models/a): variants/a-3/layers\n    3   [disclosed]\n" in shown
    assert "    paper: A Paper, table 3\n" in shown
    assert "    content/models/a.yaml:7:33\n" in shown
    assert "A (models/a): dates/paper" in shown
    assert not (stocked.root / "content/audits.yaml").exists()


def test_a_seed_draws_the_same_facts_again(stocked: Site) -> None:
    first, again, other = (
        audit(stocked, "--sample", "4", "--list", "--seed", seed).stdout.partition("\n")[2]
        for seed in ("1", "1", "2")
    )
    assert first == again != other


def test_answers_are_kept_and_counted(stocked: Site) -> None:
    done = audit(stocked, "--sample", "5", "--seed", "1", answers="r\nw\n12\nu\ns\nr\n")
    assert done.returncode == 0
    assert "1 of 3 facts that were looked at so far were wrong: 33.3%" in done.stdout
    (diagnostic,) = stocked.build().diagnostics
    assert diagnostic.rule.code == "LH328"
    assert "Ada: a “reviewer” found this wrong on 20" in diagnostic.message
    assert diagnostic.message.endswith("the source says 12")
    coverage = stocked.read("coverage/index.html")
    assert "Of 3 facts drawn at random and compared with their sources, 1 turned out" in coverage


def test_what_was_looked_at_is_not_drawn_again(stocked: Site) -> None:
    audit(stocked, "--sample", "5", "--seed", "1", answers="r\n" * 5)
    assert "4 facts, drawn" in audit(stocked, "--sample", "9", "--list").stdout


@pytest.mark.parametrize("answers", ["r\nq\n", "r\n", "r\nw\n"])
def test_to_stop_keeps_what_was_answered(stocked: Site, answers: str) -> None:
    assert audit(stocked, "--sample", "5", answers=answers).returncode == 0
    text = (stocked.root / "content/audits.yaml").read_text("utf-8")
    assert text.count("verdict: right") == 1
    assert text.count("\n") == 2


def test_an_error_that_was_mended_is_no_longer_told(stocked: Site) -> None:
    audit(stocked, "--sample", "1", "--seed", "1", answers="w\n12\n")
    (diagnostic,) = stocked.build().diagnostics
    text = (stocked.root / "content/models/a.yaml").read_text("utf-8")
    wrong = diagnostic.place.text.partition('value: "')[2].partition('"')[0]
    stocked.put("content/models/a.yaml", text.replace(f"value: {wrong},", "value: 12,"))
    assert stocked.build().diagnostics == ()


def test_the_interval_is_wilsons() -> None:
    def found(verdict: str) -> Audit:
        return Audit(
            record="models/a", fact="layers", value="2", by="Ada", on=parse_date("2023"),
            verdict=verdict,  # type: ignore[arg-type]
        )  # fmt: skip

    assert error_rate([found("unclear")]) is None
    none = error_rate([found("right")] * 10)
    assert none
    assert (none.rate, round(none.low, 4), round(none.high, 4)) == (0, 0, 0.2775)
    half = error_rate([found("right"), found("wrong")] * 25)
    assert half
    assert (round(half.low, 4), round(half.high, 4)) == (0.3664, 0.6336)


def test_no_audit_no_sentence(stocked: Site) -> None:
    stocked.built()
    assert "drawn at random" not in stocked.read("coverage/index.html")
