"""Names in prose become links, and the records know who names them."""

import pytest

from conftest import Site
from llm_history.history.mentions import Name, Names, link_mentions

NAMES = Names(
    Name(text, f"models/{key}", f"models/{key}/")
    for text, key in [
        ("GPT-3", "gpt-3"), ("GPT3", "gpt-3"), ("GPT-3.5", "gpt-3.5"), ("GPT-4", "gpt-4"),
        ("Claude", "claude"), ("Claude 2", "claude-2"), ("Claude Instant", "claude-instant"),
        ("LLaMA", "llama"), ("라마", "llama"), ("Llama 2", "llama-2"), ("PaLM", "palm"),
        ("OPT", "opt"), ("AT&T LM", "att"),
    ]
)  # fmt: skip


def linked(text: str) -> list[str]:
    return [name.key.removeprefix("models/") for _, _, name in NAMES.find(text)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("GPT-3 and GPT-4.", ["gpt-3", "gpt-4"]),
        ("GPT-3.5 is not it", ["gpt-3.5"]),
        ("Ends with GPT-3.", ["gpt-3"]),
        ("Claude 2, Claude Instant and Claude", ["claude-2", "claude-instant", "claude"]),
        ("Claude 2.1", []),
        ("Claude 3 is another one", []),
        ("LLaMA-65B, LLaMA 13B and PaLM 540B", ["llama", "llama", "palm"]),
        ("GPT-4-based, (LLaMA)", ["gpt-4", "llama"]),
        ("LLaMAs, OPTIMAL, CoPaLM, GPT-4V", []),
        ("LLaMA를 쓰고 GPT3는 PaLM이라는", ["llama", "gpt-3", "palm"]),
        ("라마는 라마를 라마에서는 라마", ["llama"] * 4),
        ("라마단과 도라마", []),
        ("opt for gpt-4", []),
        ("AT&T LM", ["att"]),
    ],
)
def test_names_are_found_at_word_boundaries_longest_first(text: str, keys: list[str]) -> None:
    assert linked(text) == keys


def test_the_first_mention_in_each_section_is_linked() -> None:
    found = link_mentions(
        "<p>GPT-4 and GPT-4.</p><h2 id='x'>GPT-4</h2><p>GPT-4 again.</p>".replace("'", '"'),
        NAMES, root="../",
    )  # fmt: skip
    link = '<a class="auto" href="../models/gpt-4/">GPT-4</a>'
    assert found.html == f'<p>{link} and GPT-4.</p><h2 id="x">GPT-4</h2><p>{link} again.</p>'
    assert [m.section for m in found.mentions] == ["", "x"]


@pytest.mark.parametrize("tag", ["code", "pre", "h3", 'a href="x"', "math"])
def test_names_in_code_headings_and_links_stay_as_they_are(tag: str) -> None:
    text = f"<{tag}>GPT-4</{tag.split(maxsplit=1)[0]}>"
    assert link_mentions(text, NAMES, root="").html == text


def test_a_mention_knows_its_sentence_across_markup_and_entities() -> None:
    found = link_mentions(
        "<p>First one. A &lt;b&gt; <em>large</em> GPT-4 &amp; more. Last.</p>", NAMES, root=""
    )
    (mention,) = found.mentions
    assert (mention.before, mention.name, mention.after) == ("A <b> large ", "GPT-4", " & more.")
    assert "&lt;b&gt;" in found.html
    assert "&amp; more" in found.html


def test_long_sentences_are_cut_around_the_name() -> None:
    found = link_mentions(f"<p>{'word ' * 100}GPT-4{' word' * 100}</p>", NAMES, root="")
    (mention,) = found.mentions
    assert mention.before.startswith("…")
    assert mention.after.endswith("…")
    assert len(mention.before + mention.name + mention.after) < 300


SITE = """
-- content/models/gpt-4.yaml --
name: GPT-4
also_known_as: [GPT4]
cite: paper
dates: [{what: announced, on: 2023-03-14}]
"""


def test_notes_and_records_lead_to_each_other(site: Site) -> None:
    site.write(SITE).put("content/notes/a.md", "# A note\n\nHere GPT4는 and [[gpt-4|that one]].\n")
    site.built()
    assert 'href="../../models/gpt-4/">GPT4</a>는' in site.read("notes/a/index.html")
    assert '<a href="../../models/gpt-4/">that one</a>' in site.read("notes/a/index.html")
    assert "<mark>GPT4</mark></a>는" in site.read("models/gpt-4/index.html")


def test_links_can_be_switched_off(site: Site) -> None:
    site.write(SITE).put(
        "content/notes/a.md", "---\ntitle: A\nno_auto_link: [GPT4]\n---\nGPT4 but GPT-4.\n"
    )
    site.built()
    page = site.read("notes/a/index.html")
    assert ">GPT-4</a>" in page
    assert ">GPT4</a>" not in page


def test_a_link_that_names_nothing_stays_text_with_a_warning(site: Site) -> None:
    site.write(SITE).put("content/notes/a.md", "# A\n\nSee [[gpt-5]] and [other](b.md).\n")
    report = site.build()
    assert [(d.rule.code, d.place.line, d.place.column) for d in report.diagnostics] == [
        ("LH403", 3, 7), ("LH403", 3, 27),
    ]  # fmt: skip
    assert "See gpt-5 and" in site.read("notes/a/index.html")


def test_notes_link_to_notes_and_files(site: Site) -> None:
    site.put("content/notes/a.md", "# A\n\n[b](sub/b.md#x) [data](sub/d.csv) ![p](sub/p%201.png)\n")
    site.put("content/notes/sub/b.md", "# B\n\n## X\n\n[[A]]\n")
    site.put("content/notes/sub/d.csv", "1,2\n")
    site.put("content/notes/sub/p 1.png", b"\x89PNG")
    site.built()
    page = site.read("notes/a/index.html")
    assert 'href="../../notes/sub/b/#x"' in page
    assert 'href="../../notes/sub/d.csv"' in page
    assert 'src="../../notes/sub/p 1.png"' in page
    assert 'href="../../../notes/a/"' in site.read("notes/sub/b/index.html")
    assert (site.root / "site/notes/sub/p 1.png").read_bytes() == b"\x89PNG"


# --- Citations in notes ---


def test_a_note_cites_sources_by_number_and_they_list_it(site: Site) -> None:
    site.put("content/sources/t.yaml", "talk: {type: talk, title: A Talk, authors: [Bo]}\n")
    site.put(
        "content/notes/n.md",
        "# Note\n\nSo it is [@talk; @paper#table-2], and so [@paper#page-3]. `[@none]`\n",
    )
    site.built()
    page = site.read("notes/n/index.html")
    assert 'So it is<a class="src" href="#s1"><span class="vh">source </span>1</a>' in page
    assert page.count('href="#s2" title="Table 2"') == 1
    assert page.count('href="#s2" title="Page 3"') == 1
    assert page.index('id="s1"') < page.index("A Talk") < page.index('id="s2"')
    assert "<code>[@none]</code>" in page
    assert "notes/n/" in site.read("sources/talk/index.html")


def test_a_citation_of_no_source_is_an_error(site: Site) -> None:
    site.put("content/notes/n.md", "# Note\n\nSo [@paper] and so [@paper; @papr].\n")
    assert site.problems() == [("LH302", "content/notes/n.md", 3, 30)]
