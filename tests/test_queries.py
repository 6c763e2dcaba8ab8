"""Questions to the records: in prose, as assertions, stored with their answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Site
from llm_history.history.queries import QueryError, parse_assertion, parse_query

RECORDS = """
-- content/models/alpha.yaml --
name: Alpha
cite: paper
organization: lab
dates: [{what: paper, on: 2019-03-01}]
parameters: 2B
architecture: dense
access: [{kind: weights, state: public, from: 2019-03-01}]
modalities: {input: [text], output: [text]}
-- content/models/beta.yaml --
name: Beta
cite: paper
dates: [{what: paper, on: 2020-06-11}]
parameters: {total: 175B, active: 20B}
architecture: mixture-of-experts
access: [{kind: api, state: general, from: 2020-06-11, to: 2021-01}]
lineage: [{relation: successor-of, to: alpha}, {relation: uses-technique, to: tuning}]
-- content/models/gamma.yaml --
name: Gamma
cite: paper
dates: [{what: paper, on: 2021-02}]
parameters:
  - {value: undisclosed, rank: preferred}
  - {value: ~1T, basis: reported, why: A rumour.}
context_window: 4096
lineage: [{relation: fine-tuned-from, to: beta}]
-- content/techniques/tuning.yaml --
name: Tuning
cite: paper
dates: [{what: paper, on: 2018}]
-- content/organizations/lab.yaml --
name: Lab
cite: paper
country: KR
"""


@pytest.fixture
def records(site: Site) -> Site:
    return site.write(RECORDS)


def ask(site: Site, query: str) -> str:
    """Return a query's answer as a note shows it, without its links."""
    site.put("content/notes/n.md", f"# N\n\nIt is {{{{ {query} }}}}.\n")
    report = site.build()
    assert report.diagnostics == (), [d.message for d in report.diagnostics]
    page = site.read("notes/n/index.html")
    text = page.partition("It is ")[2].partition(".</p>")[0]
    while "<" in text:
        text = text.partition("<")[0] + text.partition(">")[2]
    return text


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("first(models)", "Alpha"),
        ("last(models)", "Gamma"),
        ("first(models, parameters__gt='100B')", "Beta"),
        ("most(models, by='parameters')", "Gamma"),
        ("most(models, by='parameters', on='2020-12')", "Beta"),
        ("most(models, by='parameters', on='2020-06-10')", "Alpha"),
        ("least(models, by='parameters')", "Alpha"),
        ("most(models, by='active_parameters')", "Beta"),
        ("count(models)", "3"),
        ("count(models, year__ge=2020)", "2"),
        ("all(models, weights='public')", "Alpha"),
        ("all(models, mark='api', on='2020-12')", "Beta"),
        ("all(models, mark='api', on='2021-03')", "nothing known"),
        ("all(models, descends_from='alpha')", "Beta, Gamma"),
        ("all(models, uses='tuning')", "Beta"),
        ("all(models, undisclosed='parameters')", "Gamma"),
        ("all(models, disputed='parameters')", "Gamma"),
        ("all(models, country='KR')", "Alpha"),
        ("all(models, architecture__ne='dense')", "Beta, Gamma"),
        ("all(models, date='2020')", "Beta"),
        ("all(models, date__lt='2020')", "Alpha"),
        ("all(models, input='text')", "Alpha"),
        ("first(techniques)", "Tuning"),
    ],
)
def test_answers(records: Site, query: str, answer: str) -> None:
    assert ask(records, query) == answer


def test_none_at_all_is_the_least(records: Site) -> None:
    records.put(
        "content/models/delta.yaml",
        "name: Delta\ncite: paper\ndates: [{what: paper, on: 2022}]\nparameters: 0\n",
    )
    assert ask(records, "least(models, by='parameters')") == "Delta"


def test_an_answer_is_a_link(records: Site) -> None:
    records.put("content/notes/n.md", "# N\n\nIt is {{ first(models) }}.\n")
    records.built()
    assert 'It is <a href="../../models/alpha/">Alpha</a>.' in records.read("notes/n/index.html")


def test_what_looks_like_a_query_in_code_or_for_others_is_left_alone(records: Site) -> None:
    records.put("content/notes/n.md", "# N\n\n`{{ first(models) }}` and {{ site.url }}\n")
    records.built()
    page = records.read("notes/n/index.html")
    assert "<code>{{ first(models) }}</code> and {{ site.url }}" in page


@pytest.mark.parametrize(
    ("query", "column", "hint"),
    [
        ("first(model)", 13, "models"),
        ("first(models, parametres='1B')", 21, "parameters"),
        ("first(models, parameters__gr='1B')", 33, "gt"),
        ("first(models, parameters__gt='many')", 21, ""),
        ("most(models, by='size')", 7, "one of"),
        ("count(models, open('x'))", 7, "looks like"),
        ("all(models, **kw)", 7, "looks like"),
    ],
)
def test_mistakes_are_shown_where_they_are(
    records: Site, query: str, column: int, hint: str
) -> None:
    records.put("content/notes/n.md", f"# N\n\nIs {{{{ {query} }}}}?\n")
    (problem,) = records.build().diagnostics
    assert (problem.rule.code, problem.place.line, problem.place.column) == ("LH404", 3, column)
    assert hint in problem.help


@pytest.mark.parametrize(
    ("claim", "codes"),
    [
        ("first(models) == alpha", []),
        ("first(models) == beta", ["LH405"]),
        ("count(models) >= 3", []),
        ("count(models) < 3", ["LH405"]),
        ("all(models, descends_from='alpha') == gamma, beta", []),
        ("first(models) is alpha", ["LH404"]),
        ("count(models) == many", ["LH405"]),
    ],
)
def test_assertions(records: Site, claim: str, codes: list[str]) -> None:
    records.put("content/notes/n.md", f'---\nassert: "{claim}"\n---\n# N\n\nText.\n')
    assert records.problems() == [(code, "content/notes/n.md", 2, 9) for code in codes]


def test_an_assertion_fails_when_a_new_record_makes_it_false(records: Site) -> None:
    records.put("content/notes/n.md", "---\nassert:\n  - count(models) == 3\n---\n# N\n\nText.\n")
    records.built()
    records.put("content/models/delta.yaml",
                "name: Delta\ncite: paper\ndates: [{what: paper, on: 2022}]\n")  # fmt: skip
    (problem,) = records.build().diagnostics
    assert (problem.rule.code, problem.place.line) == ("LH405", 3)
    assert "it is 4 now" in problem.message


def test_a_question_and_its_answer(records: Site) -> None:
    records.put(
        "content/notes/open.md",
        "---\nkind: question\nquery: all(models, weights='public')\n---\n# Which are open?\n\nA.\n",
    )
    records.built()
    page = records.read("questions/index.html")
    assert "Which are open?" in page
    assert 'href="../models/alpha/">Alpha</a>' in page
    assert "models/beta/" not in page
    assert 'href="../../models/alpha/">Alpha</a>' in records.read("notes/open/index.html")


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    for parse in (parse_query, parse_assertion):
        try:
            parse(text)
        except QueryError:
            continue


def test_what_is_asked_of_a_variant_is_asked_of_one_variant(site: Site) -> None:
    site.put(
        "content/models/mixed.yaml",
        "name: Mixed\ncite: paper\ndates: [{what: paper, on: 2021}]\nvariants:\n"
        "  - {id: big, name: Big, parameters: 10T, architecture: mixture-of-experts}\n"
        "  - {id: small, name: Small, parameters: 1B, architecture: dense,\n"
        "     access: [{kind: weights, state: public}]}\n"
        "  - {id: late, name: Late, context_window: 128K, dates: [{what: released, on: 2024}]}\n",
    )
    site.put(
        "content/models/plain.yaml",
        "name: Plain\ncite: paper\ndates: [{what: paper, on: 2021-02}]\narchitecture: dense\n"
        "parameters: 7B\ncontext_window: 2048\n",
    )
    asked = {
        "most(models, by='parameters', architecture='dense')": "Plain",
        "all(models, mark='open', parameters__gt='2B')": "nothing known",
        "all(models, mark='open')": "Mixed",
        "most(models, by='context_window', on='2022')": "Plain",
        "most(models, by='context_window')": "Mixed",
    }
    for query, answer in asked.items():
        site.put("content/notes/n.md", f"# N\n\nIt is {{{{ {query} }}}}.\n")
        site.built()
        page = site.read("notes/n/index.html")
        text = page.partition("It is ")[2].partition(".</p>")[0]
        assert answer in text, query
