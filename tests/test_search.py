"""Search: what is indexed, and what the engine finds in a real browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from conftest import REPOSITORY, Site
from llm_history.diagnostics import Problems
from llm_history.folders import Options, folders_of
from llm_history.history import History
from llm_history.pages.language import Language
from llm_history.pages.search import entries, normalize, search_files, shard_of, tokens
from llm_history.pages.search_edits import edited_search_files
from llm_history.planning import make_history
from llm_history.settings import load_settings


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("GPT-4", ["gpt-4", "gpt4", "gpt", "4"]),
        ("gpt4", ["gpt4", "gpt", "4"]),
        ("강화학습", ["강화", "화학", "학습"]),
        ("LLaMA를", ["llama"]),
        ("LLaMA는 표", ["llama", "표"]),
        ("Café", ["cafe"]),
        ("言語モデル", ["言語", "語モ", "モデ", "デル"]),
        ("3.5", ["3.5", "35", "3", "5"]),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert list(tokens(text)) == terms


@given(st.text())
def test_any_text_has_terms_without_spaces(text: str) -> None:
    assert all(term and not term.isspace() for term in tokens(text))


def test_a_note_is_found_by_its_sections(site: Site) -> None:
    site.put("content/notes/n.md", "# Note\n\nBefore.\n\n## First part\n\nInside.\n")
    site.built()
    index = json.loads(site.read("search/index.json"))
    found = {entry[0]: entry[1] for entry in index["entries"]}
    assert found["notes/n/"] == "Note"
    assert found["notes/n/#first-part"] == "Note › First part"
    texts = json.loads(site.read("search/texts-0.json"))
    assert {"Before.", "Inside."} <= set(texts)


def test_a_large_index_comes_in_parts(real_history: History) -> None:
    english = Language("en", "en", None)
    whole = search_files(real_history, [english])
    parts = search_files(real_history, [english], shard_above=1000)
    head = json.loads(parts["search/index.json"])
    assert "terms" not in head
    joined: dict[str, list[int]] = {}
    for key in head["shards"]:
        part = json.loads(parts[f"search/terms-{key}.json"])
        assert {shard_of(term) for term in part} == {key}
        joined |= part
    assert joined == json.loads(whole["search/index.json"])["terms"]


WORDS = st.lists(st.sampled_from(["alpha", "Béta", "gpt-4", "한국어는", "가", "x9"]), max_size=4)


@settings(max_examples=30)
@given(
    before=st.tuples(WORDS, WORDS, WORDS),
    after=st.tuples(WORDS, WORDS, WORDS),
    maker=st.sampled_from(["Lab", "Other Lab"]),
    shard_above=st.sampled_from([30, 10_000]),
)
def test_an_edited_index_is_the_one_made_anew(
    tmp_path_factory: pytest.TempPathFactory,
    before: tuple[list[str], ...],
    after: tuple[list[str], ...],
    maker: str,
    shard_above: int,
) -> None:
    site = Site(tmp_path_factory.mktemp("site"))
    old = _small_history(site, before, "Lab")
    now = _small_history(site, after, maker)
    files = search_files(old, [Language("en", "en", None)], shard_above=shard_above)
    edited = edited_search_files(old, now, files.__getitem__, shard_above=shard_above)
    whole = search_files(now, [Language("en", "en", None)], shard_above=shard_above)
    if edited is not None:
        assert files | edited == whole
    if (before, maker) == (after, "Lab"):
        assert edited == {}
    elif shard_above > 30:
        assert edited is not None


def _small_history(site: Site, words: tuple[list[str], ...], maker: str) -> History:
    summary, note, section = (" ".join(found) for found in words)
    site.put("content/site.yaml", "title: Test\n")
    site.put("content/organizations/lab.yaml", f"name: {maker}\n")
    site.put(
        "content/models/one.yaml",
        f"name: One\norganization: lab\nsummary: 'S {summary}'\n"
        "dates: [{what: released, on: 2020}]\n",
    )
    site.put("content/models/two.yaml", "name: Two\ndates: [{what: released, on: 2021}]\n")
    site.put("content/notes/n.md", f"# Title\n\nText {note}\n\n## Section\n\n{section}\n")
    site_settings = load_settings(site.folders, Problems())
    assert site_settings
    return make_history(site.folders, site_settings, Options(), Problems()).history


@pytest.fixture(scope="module")
def real_history() -> History:
    folders = folders_of(REPOSITORY, None, None, None)
    settings = load_settings(folders, Problems())
    assert settings
    return make_history(folders, settings, Options(), Problems()).history


# What a reader types, and the word that what is found must hold.
QUERIES = [
    ("강화학습", "강화학습"), ("사람", "사람"), ("미세조정", "미세조정"), ("학습", "학습"),
    ("모델", "모델"), ("매개변수", "매개변수"), ("토큰", "토큰"), ("보상", "보상"),
    ("강화학습을", "강화학습"), ("모델이", "모델"), ("사람의", "사람"), ("학습에서", "학습"),
    ("LLaMA를", "llama"), ("GPT-4는", "gpt-4"), ("라마는", "라마"), ("챗GPT", "챗gpt"),
    ("알파카", "알파카"), ("gpt4", "gpt-4"), ("chinchilla", "chinchilla"), ("RLHF", "rlhf"),
    ("reward mod", "reward mod"),
]  # fmt: skip


@pytest.fixture(scope="module", params=["en", "ko"])
def search_page(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, str]]:
    page = browser.new_context().new_page()
    page.goto(address if request.param == "en" else f"{address}ko/")
    yield page, address
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("query", "word"), QUERIES)
def test_everything_that_has_the_word_is_found(
    search_page: tuple[Page, str], real_history: History, query: str, word: str
) -> None:
    page, _ = search_page
    found = set(results(page, query))
    # A Latin word with a particle after it is whole: GPT-4는 does not ask for GPT-4o.
    pattern = (
        r"(?<![a-z0-9])"
        + re.escape(word)
        + (r"(?![.\-]?\w)" if re.search("[a-z0-9][가-힣]+$", query, re.IGNORECASE) else "")
    )
    wanted = {
        entry.url
        for entry in entries(real_history, [])
        if re.search(pattern, normalize(" ".join((entry.title, *entry.names, entry.text))))
    }
    assert wanted
    assert wanted <= found


def results(page: Page, query: str) -> list[str]:
    """Return the addresses of what the engine finds, best first."""
    found: list[str] = page.evaluate(
        """async (query) => {
            const words = document.getElementById("search").dataset;
            const { Search } = await import(new URL(words.engine, document.baseURI).href);
            const engine = new Search(words.base, document.documentElement.lang);
            return (await engine.search(query)).map((result) => result.url);
        }""",
        query,
    )
    return found


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("ㅈㅁㄴㅇ", "models/gemini-1.0/"), ("ㄹㅁ", "models/llama/"), ("gpt4", "models/gpt-4/"),
        ("라마는", "models/llama/"), ("LLaMA를", "models/llama/"), ("rlhf", "techniques/rlhf/"),
        ("chatgpt", "models/chatgpt/"), ("openai", "organizations/openai/"),
        ("llama 3.1 405b", "models/llama-3.1/"), ("딥시크", "organizations/deepseek/"),
        ("네이버", "organizations/naver/"),
        ("mixture of experts", "techniques/mixture-of-experts/"),
        ("라마 3", "models/llama-3/"), ("grok 4", "models/grok-4/"), ("o1", "models/o1/"),
        ("attention is all you need", "models/transformer/"), ("who made bloom", "models/bloom/"),
        ("chinchila", "models/chinchilla/"), ("Antropic", "organizations/anthropic/"),
        ("gemni", "models/gemini-1.0/"), ("lama", "models/llama/"),
        ("앤스로픽", "organizations/anthropic/"), ("H100", "hardware/h100/"),
    ],
)  # fmt: skip
def test_what_is_called_so_comes_first(
    search_page: tuple[Page, str], query: str, best: str
) -> None:
    page, _ = search_page
    kind = best.split("/", maxsplit=1)[0]
    assert best in [url for url in results(page, query) if url.startswith(kind)][:2]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("title", "described"),
    [
        ("attention is all you need", ["models/transformer/"]),
        (
            "Language Models are Few-Shot Learners",
            ["techniques/in-context-learning/", "models/gpt-3/"],
        ),
    ],
)
def test_what_a_paper_described_is_found_by_its_title(
    search_page: tuple[Page, str], title: str, described: list[str]
) -> None:
    page, _ = search_page
    assert results(page, title)[: len(described)] == described


@pytest.mark.browser
def test_the_parts_of_a_large_index_are_searched_like_the_whole(
    browser: Browser, address: str, real_history: History, real_site: Path
) -> None:
    english = Language("en", "en", None)
    files = search_files(real_history, [english], shard_above=1000)
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    whole = results(page, "강화학습을")
    page.route(
        "**/search/*.json",
        lambda route: route.fulfill(
            body=files[f"search/{route.request.url.rsplit('/', 1)[1]}"],
            content_type="application/json",
        ),
    )
    page.reload()
    assert results(page, "강화학습을") == whole
    context.close()
