"""The site in two languages: catalogues, dates, what is said where."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from conftest import REPOSITORY, Site
from llm_history.build import Builder
from llm_history.content.dates import parse_date
from llm_history.folders import Options
from llm_history.pages.language import Language

BOTH = "title: Test\nlanguages: [en, ko]\n"
ENGLISH, KOREAN = Language("en", "en", None), Language("ko", "en", {})


@pytest.mark.parametrize(
    ("written", "english", "korean"),
    [
        ("2023-02-24", "24 February 2023", "2023년 2월 24일"),
        ("2023-02", "February 2023", "2023년 2월"),
        ("2023", "2023", "2023년"),
        ("2022-12?", "December 2022 (?)", "2022년 12월 (?)"),
    ],
)
def test_dates(written: str, english: str, korean: str) -> None:
    assert ENGLISH.date(parse_date(written)) == english
    assert KOREAN.date(parse_date(written)) == korean


def test_a_span_and_an_approximate_date() -> None:
    assert ENGLISH.date(parse_date("2023-02/2023-05")) == "February 2023 to May 2023"
    assert ENGLISH.date(parse_date("2022-11~")) == "c. November 2022"


def test_plural_forms() -> None:
    one, many = "%(num)s model", "%(num)s models"
    assert ENGLISH.ngettext(one, many, 1) == "1 model"
    assert ENGLISH.ngettext(one, many, 1234) == "1,234 models"
    korean = Language("ko", "en", {one: ("모델 %(num)s개",)})
    assert korean.ngettext(one, many, 1) == "모델 1개"
    assert korean.ngettext(one, many, 2) == "모델 2개"
    polish = Language("pl", "en", {one: ("%(num)s model", "%(num)s modele", "%(num)s modeli", "")})
    assert [polish.ngettext(one, many, n) for n in (1, 3, 5)] == ["1 model", "3 modele", "5 modeli"]


def test_every_page_is_there_in_both_languages_and_says_so(site: Site) -> None:
    site.put("content/site.yaml", BOTH)
    site.put(
        "content/models/one.yaml",
        "name: One\ncite: paper\nsummary: {en: In English., ko: 한국어로.}\n"
        "dates: [{what: paper, on: 2023-02-24}]\n",
    )
    site.built()
    files = {path for path in site.output() if path.endswith("index.html")}
    english = {path for path in files if not path.startswith("ko/")}
    assert {path.removeprefix("ko/") for path in files - english} == english
    page, korean = site.read("models/one/index.html"), site.read("ko/models/one/index.html")
    assert 'hreflang="ko" href="http://localhost/ko/models/one/"' in page
    assert 'hreflang="en" href="http://localhost/models/one/"' in korean
    assert '<html lang="ko">' in korean
    assert "2023년 2월 24일" in korean
    assert '<p class="dek">한국어로.</p>' in korean


def test_a_text_that_is_not_translated_is_marked(site: Site) -> None:
    site.put("content/site.yaml", BOTH)
    site.put(
        "content/models/one.yaml",
        "name: One\nsummary: Only in English.\ncite: paper\ndates: [{what: paper, on: 2023}]\n",
    )
    site.built()
    assert '<p class="dek" lang="en">Only in English.</p>' in site.read("ko/models/one/index.html")


def test_a_site_may_put_korean_first(site: Site) -> None:
    site.put("content/site.yaml", "title: Test\nlanguages: [ko, en]\n")
    site.built()
    assert '<html lang="ko">' in site.read("index.html")
    assert '<html lang="en">' in site.read("en/index.html")


def test_a_language_without_a_catalogue_is_an_error(site: Site) -> None:
    site.put("content/site.yaml", "title: Test\nlanguages: [en, kr]\n")
    (problem,) = site.build().diagnostics
    assert problem.rule.code == "LH502"
    assert "ko" in problem.help


def test_a_missing_message_fails_the_build(site: Site) -> None:
    site.put("content/site.yaml", BOTH)
    site.put("templates/about.html", '{% extends "base.html" %}{% block main %}'
             '{{ _("Never translated") }}{% endblock %}')  # fmt: skip
    (problem,) = site.build().diagnostics
    assert problem.rule.code == "LH503"
    assert "Never translated" in problem.message


def test_a_missing_message_is_missing_at_every_build(site: Site) -> None:
    site.put("content/site.yaml", BOTH)
    site.put("templates/about.html", '{{ _("Never translated") }}')
    builder = Builder(site.folders, Options())
    for build in (builder.build, builder.build, site.build):
        report = build()
        assert [problem.rule.code for problem in report.diagnostics] == ["LH503"]
        assert report.published is None


def test_a_site_can_translate_its_own_words(site: Site) -> None:
    site.put("content/site.yaml", BOTH)
    site.put("templates/about.html", '{% extends "base.html" %}{% block main %}'
             '<h1>{{ _("Never translated") }}</h1>{% endblock %}')  # fmt: skip
    site.put("templates/locale/ko.po", 'msgid "Never translated"\nmsgstr "이제 번역됨"\n')
    site.built()
    assert "이제 번역됨" in site.read("ko/about/index.html")


def test_a_broken_catalogue_is_an_error(site: Site) -> None:
    site.put("content/site.yaml", BOTH)
    site.put("templates/locale/ko.po", "this is no catalogue\n")
    assert [code for code, *_ in site.problems()] == ["LH502"]


def test_notes_keep_their_language_and_their_images(site: Site) -> None:
    site.put("content/site.yaml", BOTH)
    site.put("content/notes/n.md", "---\nlang: en\n---\n# Note\n\n![a](a.png) [[s]]\n")
    site.put("content/notes/a.png", b"x")
    site.build()
    page = site.read("ko/notes/n/index.html")
    assert '<article class="text prose" lang="en">' in page
    assert 'src="../../../notes/a.png"' in page


def test_the_catalogues_have_every_message_and_no_other(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F",
               "pyproject.toml", "-k", "N_", "-o", str(template), "src", "templates"]  # fmt: skip
    assert shutil.which("pybabel", path=str(Path(sys.executable).parent))
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    with template.open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    for path in (REPOSITORY / "templates" / "locale").glob("*.po"):
        with path.open("rb") as file:
            found = {m.id: m.string for m in read_po(file, locale=path.stem) if m.id}
        assert set(found) == wanted, "run `make messages`"
        empty = [key for key, text in found.items() if not text or not all(text)]
        assert empty == []


@pytest.mark.parametrize(
    ("written", "tag"),
    [("en", "en"), ("en_US", "en-US"), ("EN", "en"), ("zh-Hans", "zh-Hans"), ("swh", "swh")],
)
def test_a_note_says_its_language_as_other_tools_do(site: Site, written: str, tag: str) -> None:
    site.put("content/notes/n.md", f"---\nlang: {written}\n---\n# N\n\nText.\n")
    site.built()
    assert f'lang="{tag}"' in site.read("notes/n/index.html")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("English", "en"), ("한국어", "ko"), ("jp", "ja"), ("kr", "ko"), ("Korean", "ko")],
)
def test_what_is_no_language_is_reported_with_what_was_meant(
    site: Site, written: str, meant: str
) -> None:
    site.put("content/notes/n.md", f"---\nlang: {written}\n---\n# N\n\nText.\n")
    (problem,) = site.build().diagnostics
    assert (problem.rule.code, problem.help) == ("LH106", f"did you mean `{meant}`?")
