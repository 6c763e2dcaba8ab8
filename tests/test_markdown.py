"""Prose of every dialect becomes HTML of the right structure, and safe."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from llm_history.content.document import Document
from llm_history.content.front_matter import FrontMatter, split_front_matter
from llm_history.content.markdown import render_markdown
from llm_history.diagnostics import Problems, SourceText


def render(text: str, title: str = "T") -> Document:
    return render_markdown(SourceText("n.md", text), 0, Problems(), title=title)


def html(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", render(text).html)


def warnings(text: str) -> list[tuple[str, int, int]]:
    problems = Problems()
    render_markdown(SourceText("n.md", text), 0, problems, title="T")
    return [(d.rule.code, d.place.line, d.place.column) for d in problems.sorted()]


def front_matter(text: str) -> tuple[FrontMatter, list[tuple[str, int, int]]]:
    problems = Problems()
    matter, _ = split_front_matter(SourceText("n.md", text), problems)
    return matter, [(d.rule.code, d.place.line, d.place.column) for d in problems.sorted()]


# --- Structure ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| a | b |\n|---|--:|\n| 1 | 2 |", '<td class="right">2</td>'),
        ("~~old~~", "<s>old</s>"),
        ("- [x] done", '<input checked="checked" disabled="disabled" type="checkbox">'),
        ("term\n: meaning", "<dl><dt>term</dt><dd>meaning</dd></dl>"),
        ("see https://example.org/x", '<a href="https://example.org/x" rel="noopener">'),
        ("a[^1]\n\n[^1]: note", '<div class="footnotes">'),
        ("> [!NOTE]\n> mind", "markdown-alert-note"),
        ("$a^2$", '<math display="inline"><mrow><msup><mi>a</mi><mn>2</mn></msup></mrow></math>'),
        ("**강화학습(RLHF)**은", "<strong>강화학습(RLHF)</strong>은"),
        ("[[gpt-4|the model]]", '<a data-ref="gpt-4" rel="noopener">the model</a>'),
        ("text\n{: .prompt-info }", "<p>text</p>"),
        ("x<sup>2</sup><br>y", "<p>x<sup>2</sup><br>y</p>"),
        ("> [!tip] Mind\n> this", "<aside><p><strong>Mind</strong><br>this</p></aside>"),
        ("==a b== and %%c%%", "<p><mark>a b</mark> and </p>"),
        ("a == b and c == d", "<p>a == b and c == d</p>"),
    ],
)
def test_what_notes_are_written_with(text: str, expected: str) -> None:
    assert expected in html(text)


def test_money_is_not_mathematics() -> None:
    assert "math" not in html("It cost $400M, then $32.68/million tokens or $5.")


def test_unreadable_mathematics_is_shown_as_written_with_a_warning() -> None:
    text = "first\n\nwe see $\\frac{$ here"
    assert "\\frac{" in html(text)
    assert warnings(text) in ([("LH211", 3, 9)], [])


def test_code_is_highlighted_and_unknown_languages_are_only_escaped() -> None:
    assert '<span class="k">def</span>' in html("```python\ndef f(): pass\n```")
    assert "<pre><code>a &lt; b</code></pre>" in html("```nonsense\na < b\n```").replace("\n", "")


def test_headings_move_below_the_page_s_own_and_skip_no_level() -> None:
    document = render("# One\n\n### Deep\n\n### Deep\n\n# Two\n\n## Under")
    assert [(h.level, h.id) for h in document.headings] == [
        (2, "one"), (3, "deep"), (3, "deep-2"), (2, "two"), (3, "under"),
    ]  # fmt: skip


def test_a_heading_that_repeats_the_title_is_left_out() -> None:
    assert render("# The Title\n\ntext", "The title").html == "<p>text</p>\n"


# --- Dialects ---


def test_notion_asides_inside_lists_hold_markdown() -> None:
    text = (
        "- outer\n    - step\n        \n        <aside>\n        \n        **first**\n"
        "        → second\n        \n        ---\n        \n        third\n        \n"
        "        </aside>\n        \n    \n    - next\n"
    )
    assert html(text) == (
        "<ul><li>outer<ul><li><p>step</p><aside><p><strong>first</strong><br>→ second</p><hr>"
        "<p>third</p></aside></li><li><p>next</p></li></ul></li></ul>"
    )


def test_an_aside_right_above_its_text_and_one_never_closed() -> None:
    assert html("<aside>\n💡 **tip**\n</aside>\n\nafter") == (
        "<aside><p>💡 <strong>tip</strong></p></aside><p>after</p>"
    )
    unclosed = html("<aside>\n\ntext\n\n## After")
    assert "text" in unclosed
    assert ">After</h2>" in unclosed


def test_an_aside_indented_like_code_is_still_an_aside() -> None:
    assert html("- a\n\n          <aside>\n\n          in\n\n          </aside>\n") == (
        "<ul><li><p>a</p><aside><p>in</p></aside></li></ul>"
    )


def test_rows_with_tabs_are_a_table_even_after_a_list() -> None:
    text = "- item\n\n\t\tmiddle\thigh\nGPT\t1B\t2.5\t<b>3</b>\n\t2B\t4\t5\n\nTable: x"
    table = lxml_html.fromstring(html(text)).find(".//table")
    assert table is not None
    rows = [[cell.text_content() for cell in row] for row in table.iter("tr")]
    assert rows == [["", "", "middle", "high"], ["GPT", "1B", "2.5", "3"], ["", "2B", "4", "5"]]
    assert "<b>3</b>" in html(text)


def test_code_indented_by_tabs_is_no_table() -> None:
    assert "<table" not in html("text\n\n\tif x:\n\t\treturn\n")
    assert "<table" not in html("```\na\tb\nc\td\n```")


def test_a_text_without_blank_lines_keeps_its_lines_and_ends_its_lists() -> None:
    text = "A lecture on models\nPart one\nSecond line\n- item\n- item\nPart two\nmore"
    document = render(text, "")
    assert document.title == "A lecture on models"
    assert re.sub(r"\s*\n\s*", "", document.html) == (
        "<p>Part one<br>Second line</p><ul><li>item</li><li>item</li></ul><p>Part two<br>more</p>"
    )


def test_nothing_after_an_unclosed_fence_is_lost() -> None:
    text = "before\n\n```\ncode\n\n# after"
    assert "# after" in html(text)
    assert warnings(text) == [("LH210", 3, 1)]
    assert html("last\n\n~~~\n") == "<p>last</p>"


def test_obsidian_images_and_html_images_are_found_where_they_stand() -> None:
    document = render('![[a b.png]]\n\n<img width="100%" src="c.png">\n')
    assert [(i.target, i.place.line, i.place.column) for i in document.images] == [
        ("a b.png", 1, 4), ("c.png", 3, 24),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: A\ndate: '2024-12-12'\ntags:\n- X Y\n---\n", ("A", "2024-12-12", ("X Y",))),
        ("---\ntitle: A\ndate: 2024-03-08 22:59:35 +0800\ntags: [a]\npin: false\n---\n",
         ("A", "2024-03-08", ("a",))),
        ("+++\ntitle = 'A'\ndate = 2024-03-08T10:00:00Z\ntags = ['a', 'b']\n+++\n",
         ("A", "2024-03-08", ("a", "b"))),
        ("---\naliases: [B]\ntags: '#a #b'\ncreated: 2024-03-08\n---\n",
         ("", "2024-03-08", ("a", "b"))),
        ("---\ntitle: A\ntags: a, b\nCreated: March 8, 2024 10:00 AM\n---\n",
         ("A", "2024-03-08", ("a", "b"))),
        ("no front matter\n", ("", None, ())),
        ("---\n\njust a rule\n\n---\n", ("", None, ())),
    ],
)  # fmt: skip
def test_front_matter_dialects(
    text: str, expected: tuple[str, str | None, tuple[str, ...]]
) -> None:
    matter, problems = front_matter(text)
    date = str(matter.date) if matter.date else None
    assert (matter.title, date, matter.tags) == expected
    assert problems == []


def test_front_matter_mistakes_are_reported_at_their_place() -> None:
    assert front_matter("---\ntitel: A\n---\n")[1] == [("LH201", 2, 1)]
    assert front_matter("---\ntitle: A\ndate: 2024-02-30\n---\n")[1] == [("LH107", 3, 7)]
    assert front_matter("---\ntitle: a: b\n---\n")[1] == [("LH001", 2, 9)]
    assert front_matter("+++\ntitle = x y\n+++\n")[1] == [("LH001", 2, 9)]


def test_notion_properties_below_the_title() -> None:
    text = "# A title\n\nCreated: March 8, 2024 10:00 AM\nTags: a, b\nStatus: done\n\nText.\n"
    matter, problems = front_matter(text)
    assert (matter.title, str(matter.date), matter.tags) == ("A title", "2024-03-08", ("a", "b"))
    assert problems == []
    assert front_matter("# A title\n\nNote: this is a sentence.\n")[0] == FrontMatter()


def test_shortcodes_of_other_generators_are_left_out_with_a_warning() -> None:
    text = 'a {{< figure src="x" >}} b\n\n{% include y.html %}\n\n`{% raw %}`'
    assert html(text) == "<p>a  b</p><p></p><p><code>{% raw %}</code></p>"
    assert warnings(text) == [("LH213", 1, 3), ("LH213", 3, 1)]


# --- Safety ---


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        '<a href="java&#115;cript:alert(1)">x</a>',
        '<div style="position:fixed">x</div>',
        "<iframe src=https://example.org></iframe>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '<form action="https://example.org"><button>x</button></form>',
        '<p id="sources" class="kicker">x</p>',
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_nothing_dangerous_survives(text: str) -> None:
    found = " ".join(re.findall(r"<[^>]*>", html(text).lower()))
    for bad in ("<script", "onerror", "javascript:", "style=", "<iframe", "<form", "id=", "kicker",
                "data:text"):  # fmt: skip
        assert bad not in found


def test_removed_html_is_reported_once_with_its_line() -> None:
    assert warnings("a\n\n<video src=x></video>\n\n<video src=y></video>") == [("LH212", 3, 1)]


_PIECES = st.sampled_from(
    ["<aside>", "</aside>", "<b>", "</b>", "<div>", "</p>", "<img src=a>", "\n", "\n\n", "- ",
     "    ", "```", "# ", "> ", "|", "|---|---|", "\t", "a", "가", "[[x]]", "$", "*", "**",
     "<!--", "&lt;",
     "<script>", "[^1]", "[^1]: ", "---", "1. ", "<details>", "{: .x }"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_text_becomes_clean_balanced_html(text: str) -> None:
    found = render(text).html
    assert "<script" not in found
    voids = {"br", "hr", "img", "input", "col", "wbr"}
    stack: list[str] = []
    for close, tag in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", found):
        if close:
            assert stack.pop() == tag
        elif tag not in voids:
            stack.append(tag)
    assert stack == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_characters_render(text: str) -> None:
    assert isinstance(render(text).html, str)
