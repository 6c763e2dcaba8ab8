"""The search index: one for all languages, small enough to be fetched when it is first wanted.

Latin words are indexed whole and in their parts, Hangul in pairs of syllables, so that a word
is found inside a compound; what a reader types loses one trailing particle. Names and aliases
weigh eight times a word of the text. The engine that reads the index is
``templates/assets/search.js``.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from llm_history.content.load import Note
from llm_history.content.records import KINDS, Dated, Model, Record, named_facts
from llm_history.content.sanitise import pieces
from llm_history.history import History
from llm_history.history.derived import derived
from llm_history.history.index import full_variant_name
from llm_history.history.korean import PARTICLES
from llm_history.history.measures import own_facts
from llm_history.pages import labels
from llm_history.pages.language import Language

TITLE_WEIGHT = 8
PAGE = "page"
"""The kind of what is no record and no note."""
SHARD_ABOVE = 600_000
"""With more text than this, in characters, postings are split by the first character."""
TEXTS_IN_A_FILE = 64
INDEX_FILE, TERMS = "search/index.json", "search/terms-"
_LATIN = re.compile(r"[a-z0-9]+(?:[.\-+_/][a-z0-9]+)*")
_RUN = re.compile(r"[a-z0-9]+(?:[.\-+_/][a-z0-9]+)*|[가-힣]+|[^\W\d_a-z가-힣]+")
_PART = re.compile(r"[a-z]+|[0-9]+")
_FOREIGN = re.compile(r"[^\x00-\x7f가-힣]")
_PARTICLE = re.compile(
    rf"(?<=[a-z0-9])(?:{'|'.join(sorted(PARTICLES, key=len, reverse=True))})(?![가-힣])"
)
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCK_TAGS = frozenset({"p", "li", "td", "th", "dd", "dt", "br", "div", "blockquote", "pre"})


class Entry(msgspec.Struct, frozen=True):
    """What can be found: a record, or a section of a note.

    ``url`` is relative to the root of a language; ``lang`` is empty for what is there in
    every language of the site.
    """

    url: str
    title: str
    kind: str
    names: tuple[str, ...]
    text: str
    lang: str = ""


def normalize(text: str) -> str:
    """Return a text as it is compared: composed, in lower case, Latin without accents."""
    text = unicodedata.normalize("NFC", text).lower()
    return text if text.isascii() else _FOREIGN.sub(_without_accent, text)


def _without_accent(match: re.Match[str]) -> str:
    base = unicodedata.normalize("NFD", match[0])[0]
    return base if base.isascii() else match[0]


def tokens(text: str) -> Iterator[str]:
    """Yield the terms under which a text is found."""
    for run in _runs(text):
        yield from _terms(run)


def _runs(text: str) -> list[str]:
    """Return the words of a text, particles after Latin ones left out (LLaMA를)."""
    text = normalize(text)
    return _RUN.findall(text if text.isascii() else _PARTICLE.sub(" ", text))


@lru_cache(32_768)
def _terms(run: str) -> tuple[str, ...]:
    return tuple(latin_terms(run) if _LATIN.fullmatch(run) else pairs(run))


def weights(entry: Entry) -> tuple[tuple[str, int], ...]:
    """Return the terms under which an entry is found, and what each of them weighs."""
    found: Counter[str] = Counter()
    for run, count in Counter(_runs(entry.text)).items():
        for term in _terms(run):
            found[term] += count
    names = {term for name in (entry.title, *entry.names) for term in tokens(name)}
    for term in names:
        found[term] += TITLE_WEIGHT
    return tuple(found.items())


def latin_terms(word: str) -> Iterator[str]:
    """Yield ``gpt-4``, ``gpt4``, ``gpt`` and ``4`` for ``gpt-4``."""
    yield word
    parts = re.split(r"[.\-+_/]", word)
    if len(parts) > 1:
        yield "".join(parts)
        yield from (part for part in parts if part)
    elif len(pieces_of_word := _PART.findall(word)) > 1:
        yield from pieces_of_word


def pairs(run: str) -> Iterator[str]:
    """Yield each two neighbouring characters of a run, or the only one."""
    if len(run) == 1:
        yield run
    for start in range(len(run) - 1):
        yield run[start : start + 2]


# --- What there is to find ---


def entries(history: History, languages: Sequence[Language]) -> list[Entry]:
    """Return everything that can be found, records first."""
    found = [record_entry(record, history) for kind in KINDS for record in history.records(kind)]
    for note in history.notes:
        found += note_entries(note)
    return found + list(_page_entries(languages))


def _page_entries(languages: Sequence[Language]) -> Iterator[Entry]:
    """Yield the pages that are about all records, under their names in every language."""
    for key, (title, url) in labels.NAVIGATION.items():
        if key not in KINDS:
            names = dict.fromkeys(language.gettext(title) for language in languages)
            yield Entry(url=url, title=title, kind=PAGE, names=tuple(names), text="")


def record_entry(record: Record, history: History) -> Entry:
    """Return what a record is found by: its names, its makers, what is said of it."""
    kind = type(record).kind_name
    names = [*record.also_known_as]
    words = [*(record.summary.by_language.values() if record.summary else ())]
    if isinstance(record, Dated):
        makers = (history.organizations.get(role.id) for role in record.organization)
        words += [maker.name for maker in makers if maker]
        words += _papers(record, history)
    if isinstance(record, Model):
        for variant in record.variants:
            names += [full_variant_name(record, variant), *variant.also_known_as]
        words += _remarks(record)
    return Entry(
        url=f"{kind}/{record.id}/",
        title=record.name,
        kind=kind,
        names=tuple(dict.fromkeys(names)),
        text=" ".join(" ".join(words).split()),
    )


def _papers(record: Dated, history: History) -> Iterator[str]:
    """Yield the titles of the papers that described something, under which it is known too."""
    for entry in record.dates:
        for claim in entry.on.claims if entry.what == "paper" else ():
            for citation in claim.cite:
                if source := history.sources.get(citation.source):
                    yield source.title


def _remarks(model: Model) -> Iterator[str]:
    for _, facts in own_facts(model):
        for _, fact in named_facts(facts):
            for claim in fact.claims:
                for text in (claim.note, claim.why):
                    yield from text.by_language.values() if text else ()


@derived
def note_entries(note: Note) -> Iterator[Entry]:
    """Yield a note up to its first heading, then each of its sections."""
    for fragment, heading, text in _sections(note.document.html):
        yield Entry(
            url=f"notes/{note.id}/" + (f"#{fragment}" if fragment else ""),
            title=f"{note.title} › {heading}" if heading else note.title,
            kind="notes",
            names=note.matter.tags if not heading else (),
            text=text,
            lang=note.language,
        )


def _sections(document: str) -> Iterator[tuple[str, str, str]]:
    fragment, heading, words = "", "", list[str]()
    inside = False
    title: list[str] = []
    for kind, tag, piece in pieces(document):
        if tag in _HEADINGS:
            if kind == "open":
                yield fragment, heading, _joined(words)
                found = re.search(r'id="([^"]*)"', piece)
                fragment, words, title, inside = found[1] if found else "", [], [], True
            else:
                heading, inside = _joined(title), False
        elif kind == "text":
            (title if inside else words).append(html.unescape(piece))
        elif tag in _BLOCK_TAGS:
            words.append(" ")
    yield fragment, heading, _joined(words)


def _joined(parts: Iterable[str]) -> str:
    return " ".join("".join(parts).split())


# --- The files ---


def shard_of(term: str) -> str:
    """Return the file a term's postings are in: Hangul by its initial consonant."""
    first = term[0]
    if "가" <= first <= "힣":
        return f"k{(ord(first) - 0xAC00) // 588:02}"
    return first if first.isascii() else "x"


def search_files(
    history: History, languages: Sequence[Language], *, shard_above: int = SHARD_ABOVE
) -> dict[str, bytes]:
    """Return the index: names and postings, in one file or several, and texts for excerpts."""
    found = entries(history, languages)
    postings: dict[str, list[int]] = {}
    for number, entry in enumerate(found):
        for term, weight in weights(entry):
            postings.setdefault(term, []).extend((number, weight))
    files: dict[str, bytes] = {}
    head = _head(found, languages)
    sharded = head["characters"] > shard_above
    if sharded:
        shards: dict[str, dict[str, list[int]]] = {}
        for term in sorted(postings):
            shards.setdefault(shard_of(term), {})[term] = postings[term]
        for key, part in shards.items():
            files[terms_file(key)] = encode(part)
        head["shards"] = sorted(shards)
    else:
        head["terms"] = {term: postings[term] for term in sorted(postings)}
    files[INDEX_FILE] = encode(head)
    for start in range(0, len(found), TEXTS_IN_A_FILE):
        texts = [entry.text for entry in found[start : start + TEXTS_IN_A_FILE]]
        files[texts_file(start)] = encode(texts)
    return files


def terms_file(shard: str) -> str:
    """Return the path of the postings of a shard."""
    return f"{TERMS}{shard}.json"


def texts_file(number: int) -> str:
    """Return the path of the texts in which that of an entry is."""
    return f"search/texts-{number // TEXTS_IN_A_FILE}.json"


def _head(found: Sequence[Entry], languages: Sequence[Language]) -> dict[str, Any]:
    kinds = list(dict.fromkeys(entry.kind for entry in found))
    return {
        "entries": [[e.url, e.title, kinds.index(e.kind), e.lang, *e.names] for e in found],
        "kinds": {
            language.tag: [_kind_name(kind, language) for kind in kinds] for language in languages
        },
        "particles": sorted(PARTICLES, key=len, reverse=True),
        "texts": TEXTS_IN_A_FILE,
        "characters": sum(len(entry.text) for entry in found),
    }


def _kind_name(kind: str, language: Language) -> str:
    return language.gettext("page") if kind == PAGE else language.gettext(labels.KINDS[kind][1])


def encode(value: object) -> bytes:
    """Return a file of the index."""
    return msgspec.json.encode(value) + b"\n"
