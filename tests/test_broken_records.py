"""What a person meets who made a mistake in a record: words, help, and no cascades.

Which characters are underlined is shown case by case in ``test_mistakes.py``.
"""

import pytest

from conftest import Site
from llm_history.diagnostics import format_text

RECORD = """name: A
cite: paper
dates: [{what: paper, on: 2023-02}]
"""


def named(name: str) -> str:
    return RECORD.replace("name: A", f"name: {name}")


def test_a_mistake_shows_its_line_a_caret_and_what_was_meant(site: Site) -> None:
    site.put("content/models/a.yaml", RECORD + "famly: gpt\n")
    (diagnostic,) = site.build().diagnostics
    assert format_text(diagnostic).splitlines() == [
        "content/models/a.yaml:4:1: error LH101 unknown-field: `famly` is not a field of a model",
        "    4 │ famly: gpt",
        "      │ ^^^^^",
        "    help: did you mean `family`?",
    ]


@pytest.mark.parametrize(
    "line",
    ["summary: {en: Open, and large, ko: 큰 모델}", "layers: {value: 2, note: Two, not three}"],
)
def test_a_comma_that_cuts_a_text_is_recognized(site: Site, line: str) -> None:
    site.put("content/models/a.yaml", RECORD + line + "\n")
    assert {d.help for d in site.build().diagnostics} == {
        "a comma ended the text before it: put the whole text between quotes"
    }


def test_the_caret_stands_right_under_hangul(site: Site) -> None:
    site.put("content/models/a.yaml", RECORD + "summary: {한국어: 라마}\n")
    (diagnostic,) = site.build().diagnostics
    line, carets = format_text(diagnostic).splitlines()[1:3]
    assert line == "    4 │ summary: {한국어: 라마}"
    assert carets == "      │           ^^^^^^"


def test_one_bad_file_hides_no_other_and_causes_no_errors_elsewhere(site: Site) -> None:
    site.put("content/models/a.yaml", "name: [\n")
    site.put("content/models/b.yaml", named("B") + "lineage: [{relation: successor-of, to: a}]\n")
    site.put("content/models/c.yaml", named("C") + "layers: many\n")
    assert [(code, path) for code, path, _, _ in site.problems()] == [
        ("LH001", "content/models/a.yaml"),
        ("LH108", "content/models/c.yaml"),
    ]


def test_a_bad_record_makes_its_variants_unknown_to_nobody(site: Site) -> None:
    variants = "variants:\n  - {id: a-7b, name: 7B}\n"
    site.put("content/models/b.yaml", named("B") + "lineage: [{relation: reproduces, to: a-7b}]\n")
    for wrong in ("summary: [x", "layers: many", "variants: x"):
        site.put("content/models/a.yaml", RECORD.replace("name: A\n", "") + variants + wrong)
        assert {path for _, path, _, _ in site.problems()} == {"content/models/a.yaml"}


def test_a_record_that_cites_nobody_is_one_mistake(site: Site) -> None:
    text = "name: A\ndates: [{what: paper, on: 2023}]\nlayers: 2\nheads: 3\nd_model: 4\n"
    site.put("content/models/a.yaml", text)
    (diagnostic,) = site.build().diagnostics
    assert diagnostic.message == "nobody is cited for this fact, nor for 3 other values"
    assert (diagnostic.place.line, diagnostic.place.column) == (2, 27)
    assert [place.line for _, place in diagnostic.related] == [3, 4]


def test_a_bad_bibliography_makes_no_source_unknown(site: Site) -> None:
    site.put("content/models/a.yaml", RECORD + "layers: {value: 2, cite: other}\n")
    site.put("content/sources/t.yaml", "other: {type: paper, title: [x}\n")
    assert site.problems() == [("LH001", "content/sources/t.yaml", 1, 31)]
    site.put("content/sources/t.yaml", b"other: {type: paper, title: \xff}\n")
    assert site.problems() == [("LH002", "content/sources/t.yaml", 1, 29)]


def test_bad_settings_hide_no_other_mistake(site: Site) -> None:
    site.put("content/site.yaml", "titel: Test\nlanguages: [en\n")
    site.put("content/models/a.yaml", RECORD + "famly: x\n")
    assert [(code, path) for code, path, _, _ in site.problems()] == [
        ("LH101", "content/models/a.yaml"),
        ("LH001", "content/site.yaml"),
    ]


def test_suggestions_are_shown_to_those_who_ask_and_never_fail(site: Site) -> None:
    site.put(
        "content/models/a.yaml", RECORD.replace("name: A\ncite: paper", "cite: paper\nname: A")
    )
    site.built(strict=True)
    report = site.build(strict=True, pedantic=True)
    assert {d.rule.code for d in report.diagnostics} == {"LH602", "LH605"}
    assert report.published is not None


def test_an_unknown_default_citation_is_reported_once(site: Site) -> None:
    site.put(
        "content/models/a.yaml",
        RECORD.replace("cite: paper", "cite: papr") + "layers: 2\nheads: 3\n",
    )
    (diagnostic,) = site.build().diagnostics
    assert (diagnostic.place.line, diagnostic.place.column) == (2, 7)
    assert diagnostic.help == "did you mean `paper`?"


def test_ids_are_unique_and_well_formed(site: Site) -> None:
    site.put("content/models/old/a.yaml", RECORD)
    site.put("content/models/a.yaml", RECORD)
    site.put("content/models/B c.yaml", named("B"))
    found = {(code, path) for code, path, _, _ in site.problems()}
    assert found == {
        ("LH120", "content/models/B c.yaml"),
        ("LH121", "content/models/old/a.yaml"),
    }


def test_a_source_id_and_a_variant_id_are_used_once(site: Site) -> None:
    site.put("content/sources/t.yaml", "paper: {type: paper, title: Another}\n")
    variants = "variants: [{id: x, name: X}]\n"
    site.put("content/models/a.yaml", RECORD + variants)
    site.put("content/models/b.yaml", named("B") + variants)
    report = site.build()
    assert [d.rule.code for d in report.diagnostics] == ["LH305", "LH121"]
    assert all(d.related for d in report.diagnostics)


def test_a_circle_of_lineage_is_shown_whole(site: Site) -> None:
    edge = "lineage: [{{relation: fine-tuned-from, to: {}}}]\n"
    for model, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        site.put(f"content/models/{model}.yaml", named(model) + edge.format(parent))
    (diagnostic,) = site.build().diagnostics
    assert diagnostic.message == "the lineage runs in a circle: a → b → c → a"


def test_a_parent_cannot_be_younger_than_its_child(site: Site) -> None:
    site.put("content/models/a.yaml", RECORD + "lineage: [{relation: successor-of, to: b}]\n")
    site.put("content/models/b.yaml", named("B").replace("2023-02", "2023-03"))
    assert site.problems() == [("LH304", "content/models/a.yaml", 4, 40)]


def test_a_wrong_kind_of_id_is_explained(site: Site) -> None:
    site.put("content/techniques/rlhf.yaml", named("RLHF"))
    site.put("content/models/a.yaml", RECORD + "organization: rlhf\n")
    (diagnostic,) = site.build().diagnostics
    assert diagnostic.help == "`rlhf` is one of the techniques"


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 100_000, "- " * 200_000, "a:\n" + "  b:\n"]
)
def test_hostile_nesting_is_refused_without_a_crash(site: Site, text: str) -> None:
    site.put("content/models/a.yaml", text)
    assert {problem[0] for problem in site.problems()} <= {
        "LH001",
        "LH004",
        "LH101",
        "LH102",
        "LH104",
    }


def test_an_alias_bomb_is_refused(site: Site) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    site.put("content/models/a.yaml", "\n".join(lines))
    assert [problem[0] for problem in site.problems()] == ["LH004"]


def test_a_file_that_is_not_utf8_or_too_large_is_refused(site: Site) -> None:
    site.put("content/models/a.yaml", b"name: \xff\xfe\n")
    site.put("content/models/b.yaml", b"#" * (1024 * 1024 + 1))
    assert [(c, p, line, col) for c, p, line, col in site.problems()] == [
        ("LH002", "content/models/a.yaml", 1, 7),
        ("LH003", "content/models/b.yaml", 1, 1),
    ]


def test_a_folder_of_no_kind_is_reported_with_the_one_that_was_meant(site: Site) -> None:
    site.put("content/modells/a.yaml", RECORD)
    (diagnostic,) = site.build().diagnostics
    assert diagnostic.rule.code == "LH021"
    assert diagnostic.help == "did you mean `models`?"


def test_a_site_without_settings_says_so(site: Site) -> None:
    site.delete("content/site.yaml")
    assert site.problems() == [("LH010", "content/site.yaml", 1, 1)]


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("parameters: undisclosd", "did you mean `undisclosed`?"),
        ("checked: 27-02-2023", "write `2023-02-27`"),
        ("checked: 02/27/2023", "write `2023-02-27`"),
        ("checked: 02/03/2023", "write a date such as"),
        ("layers: {value: 3, cite: 'paper,'}", "did you mean `paper`?"),
    ],
)
def test_what_was_probably_meant_is_said(site: Site, line: str, help: str) -> None:  # noqa: A002
    site.put("content/models/a.yaml", f"{RECORD}\n{line}\n")
    (problem,) = site.build().diagnostics
    assert problem.help.startswith(help)


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("[x](arxiv.org/abs/1706.03762)", "write `https://arxiv.org/abs/1706.03762`"),
        ("[x](me@example.org)", "write `mailto:me@example.org`"),
        ("[x](../models/alhpa/)", "did you mean `alpha`?"),
        ("![x](../a.png)", "put it at content/a.png"),
        ("[@nobody2020]", "add it to content/sources/"),
        ("So[^nte].\n\n[^note]: Here. [^note]", "did you mean `note`?"),
    ],
)
def test_what_a_note_probably_meant_is_said(site: Site, text: str, help: str) -> None:  # noqa: A002
    site.put("content/models/alpha.yaml", f"{RECORD}\n")
    site.put("content/notes/n.md", f"# N\n\n{text}\n")
    (problem,) = site.build().diagnostics
    assert problem.help == help
