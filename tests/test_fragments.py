"""Links into pages: a note's link keeps its fragment, and one that no page has is reported."""

from pathlib import Path

import pytest
from lxml import html as lxml_html

from conftest import REPOSITORY, Site
from llm_history.build import Builder
from llm_history.content.records import KINDS
from llm_history.diagnostics import Problems
from llm_history.folders import Options, folders_of
from llm_history.pages.fragments import fragments_of_record
from llm_history.planning import make_history
from llm_history.settings import load_settings

MODEL = """name: Alpha
cite: paper
dates:
  - {what: weights, on: 2023-02}
  - {what: paper, on: 2023-03, headline: true}
  - {what: weights, on: 2023-04}
context_window: 2048
variants:
  - {id: alpha-7b, name: 7B, parameters: 7B, layers: 32}
"""


@pytest.fixture
def alpha(site: Site) -> Site:
    site.put("content/models/alpha.yaml", MODEL)
    return site


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("[[alpha#context-window]]", "models/alpha/#context-window"),
        ("[[Alpha#weights-2]]", "models/alpha/#weights-2"),
        ("[[alpha-7b]]", "models/alpha/#alpha-7b"),
        ("[[alpha-7b#parameters]]", "models/alpha/#parameters"),
        ("[x](../models/alpha/#s1)", "models/alpha/#s1"),
        ("[x](../models/alpha.yaml#sources)", "models/alpha/#sources"),
        ("[x](../models/alpha-7b)", "models/alpha/#alpha-7b"),
        ("[[n#The 2nd part]]", "notes/n/#the-2nd-part"),
        ("[x](#The-2nd-part)", "notes/n/#the-2nd-part"),
    ],
)
def test_a_link_keeps_its_fragment(alpha: Site, written: str, address: str) -> None:
    alpha.put("content/notes/n.md", f"# N\n\nSee {written}.\n\n## The 2nd part\n\nText.\n")
    alpha.built()
    assert f'<a href="../../{address}">' in alpha.read("notes/n/index.html")
    page, _, fragment = address.partition("#")
    assert f'id="{fragment}"' in alpha.read(f"{page}index.html")


def test_a_variant_s_own_facts_have_no_row_on_the_page(alpha: Site) -> None:
    alpha.put("content/notes/n.md", "# N\n\nSee [[alpha#layers]].\n")
    (problem,) = alpha.build().diagnostics
    assert (problem.rule.code, problem.message) == ("LH406", "`Alpha` has no section `#layers`")
    assert problem.help.startswith("it has `#paper`, `#weights`, `#weights-2`, `#parameters`")
    assert 'id="layers"' not in alpha.read("models/alpha/index.html")


def test_every_note_hears_of_a_fact_that_goes(alpha: Site) -> None:
    for name in ("one", "two"):
        alpha.put(f"content/notes/{name}.md", f"# {name}\n\nSee [[Alpha#context-window]].\n")
    builder = Builder(alpha.folders, Options())
    assert builder.build().diagnostics == ()
    alpha.put("content/models/alpha.yaml", MODEL.replace("context_window: 2048\n", ""))
    found = [(d.rule.code, d.place.path) for d in builder.build().diagnostics]
    assert found == [("LH406", f"content/notes/{name}.md") for name in ("one", "two")]
    alpha.put("content/models/alpha.yaml", MODEL)
    assert builder.build().diagnostics == ()


def test_the_fragments_of_records_are_those_of_their_pages(real_site: Path) -> None:
    folders = folders_of(REPOSITORY, None, None, None)
    settings = load_settings(folders, Problems())
    assert settings
    history = make_history(folders, settings, Options(), Problems()).history
    of_other_records = {"lineage", "stands", "mentions", "sources"}
    for kind in KINDS:
        for record in history.records(kind):
            page = lxml_html.parse(str(real_site / kind / record.id / "index.html")).getroot()
            rows = {str(i) for i in page.xpath("//*[@class='fact']/@id | //tr/@id")}
            sections = {str(i) for i in page.xpath("//main//section/@id")}
            promised = set(fragments_of_record(record).parts)
            assert rows <= promised, record.id
            assert sections <= promised, record.id
            assert promised - of_other_records <= rows | sections, record.id
