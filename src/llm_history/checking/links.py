"""``check --links``: asks external addresses whether they still answer.

Several hosts are asked at once, but each only one thing at a time, with a pause between. What
answered is remembered for some days. A server that is slow or busy is asked again; an
address counts as dead only when the answer leaves no doubt, or none ever came.
"""

import asyncio
import email.utils
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlsplit

import httpx2
import msgspec

import llm_history
from llm_history.content.load import Content, load_content
from llm_history.diagnostics import Diagnostic, Place, Problems, Rule, Severity
from llm_history.history.checks import Finder

if TYPE_CHECKING:
    from llm_history.folders import Folders

DEAD_ADDRESS = Rule("LH701", "dead-address", Severity.WARNING)
MOVED = Rule("LH702", "moved-address", Severity.SUGGESTION)

REMEMBERED = ".cache/llm-history/links.json"
ARCHIVE = "https://archive.org/wayback/available"
_GONE = frozenset({404, 410, 451})
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_SHY = frozenset({401, 403, 405, 406, 999})
"""Answers by which sites turn programs away: the page may well be there for people."""


class Manners(msgspec.Struct, frozen=True):
    """How to ask: how many hosts at once, how long to wait, how often to try."""

    hosts: int = 16
    pause: float = 0.5
    patience: float = 20.0
    tries: int = 3
    backoff: float = 2.0
    longest_wait: float = 30.0
    remember: float = 7 * 24 * 3600.0
    archive: str = ARCHIVE


class Address(msgspec.Struct, frozen=True):
    """An external address and the places it is written at."""

    url: str
    places: tuple[Place, ...]
    archived: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What asking for an address came to; ``problem`` is empty if it is there."""

    problem: str = ""
    moved_to: str = ""
    archived_at: str = ""


def check_links(folders: "Folders", manners: Manners | None = None) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the external addresses of a content folder."""
    manners = manners or Manners()
    shown = folders.shown(folders.content)
    content = load_content(folders, Problems(), language="en", drafts=True)
    found = list(addresses(content, Finder(folders.content, shown)))
    memory = Memory(folders.root / REMEMBERED, manners.remember)
    asked = [address.url for address in found if memory.get(address.url) is None]
    for url, answer in ask_all(asked, manners).items():
        memory.put(url, answer)
    memory.save()
    problems = Problems()
    for address in found:
        _report(address, memory.get(address.url) or Answer(), problems)
    return problems.sorted()


def addresses(content: Content, finder: Finder) -> Iterator[Address]:
    """Yield each external address of sources, records and notes, once."""
    places: dict[str, list[Place]] = defaultdict(list)
    for url, place in _written(content, finder):
        places[url].append(place)
    archived = {source.url for source in content.sources.values() if source.archived}
    for url, at in places.items():
        yield Address(url, tuple(at), url in archived)


def _written(content: Content, finder: Finder) -> Iterator[tuple[str, Place]]:
    for source in content.sources.values():
        if source.url:
            yield source.url, finder.place(source.path, (source.id, "url"))
    for record in (record for records in content.records.values() for record in records):
        for number, link in enumerate(record.links):
            yield link.url, finder.place(record.path, ("links", number, "url"))
    for reference in (link for note in content.notes for link in note.document.links):
        if reference.target.startswith(("http://", "https://")):
            yield reference.target, reference.place


def _report(address: Address, answer: Answer, problems: Problems) -> None:
    for place in address.places:
        if answer.problem:
            hint = "correct the address"
            if answer.archived_at and not address.archived:
                hint += f", or add `archived:` with the copy at {answer.archived_at}"
            problems.add(DEAD_ADDRESS, place, answer.problem, hint=hint)
        elif answer.moved_to:
            message = f"the page has moved for good to {answer.moved_to}"
            problems.add(MOVED, place, message, hint="write the new address")


class Memory:
    """Answers of the last days, kept in a file; one that cannot be read is begun anew."""

    def __init__(self, path: Path, remember: float) -> None:
        self.path = path
        self.oldest = time.time() - remember
        self.known: dict[str, dict[str, Any]] = {}
        try:
            read = json.loads(path.read_bytes())
            fresh = {u: e for u, e in read.items() if float(e["asked"]) >= self.oldest}
            self.known = {u: e for u, e in fresh.items() if isinstance(u, str)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.known = {}

    def get(self, url: str) -> Answer | None:
        """Return the answer that is remembered for an address."""
        try:
            return msgspec.convert(self.known[url]["answer"], Answer)
        except (KeyError, msgspec.ValidationError):
            return None

    def put(self, url: str, answer: Answer) -> None:
        """Remember an answer."""
        self.known[url] = {"asked": time.time(), "answer": msgspec.to_builtins(answer)}

    def save(self) -> None:
        """Write the answers; those that found something wrong are asked for again next time."""
        good = {url: e for url, e in self.known.items() if not e["answer"].get("problem")}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(good, indent=0, sort_keys=True), encoding="utf-8")


def ask_all(urls: Iterable[str], manners: Manners) -> dict[str, Answer]:
    """Return the answer of each address."""
    # In a thread of its own: whoever calls this may have an event loop already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_ask_all(urls, manners))).result()


async def _ask_all(urls: Iterable[str], manners: Manners) -> dict[str, Answer]:
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in dict.fromkeys(urls):
        by_host[_host(url)].append(url)
    answers: dict[str, Answer] = {}
    gate = asyncio.Semaphore(manners.hosts)
    agent = f"llm-history/{llm_history.__version__} (checks the links of a bibliography)"
    async with httpx2.AsyncClient(
        headers={"User-Agent": agent, "Accept": "text/html,*/*"}, max_redirects=10
    ) as client:

        async def ask_host(urls: list[str]) -> None:
            async with gate:
                for number, url in enumerate(urls):
                    if number:
                        await asyncio.sleep(manners.pause)
                    answers[url] = await _ask(client, url, manners)

        await asyncio.gather(*(ask_host(urls) for urls in by_host.values()))
    return answers


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""  # asking for it says what is wrong with it


async def _ask(client: httpx2.AsyncClient, url: str, manners: Manners) -> Answer:
    """Ask for one address, again after a while if the server is busy."""
    problem = ""
    for attempt in range(manners.tries):
        wait = manners.backoff * 2**attempt
        try:
            async with asyncio.timeout(manners.patience):
                response = await _get(client, url)
            if response.status_code not in _BUSY:
                return await _judge(client, url, response, manners)
            problem = f"the server answers {response.status_code} {response.reason_phrase}".strip()
            wait = _told_to_wait(response) or wait
        except httpx2.TooManyRedirects:
            problem = "the address redirects in a circle"
            break
        except TimeoutError:
            problem = f"no answer came within {manners.patience:.0f} seconds"
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            problem = f"it cannot be reached: {str(error) or type(error).__name__}"
        if attempt + 1 < manners.tries:
            await asyncio.sleep(min(wait, manners.longest_wait))
    return Answer(problem, archived_at=await _archived(client, url, manners))


async def _get(client: httpx2.AsyncClient, url: str) -> httpx2.Response:
    """Ask for a page without reading it: its answer is enough."""
    async with client.stream("GET", urldefrag(url).url, follow_redirects=True) as response:
        return response


async def _judge(
    client: httpx2.AsyncClient, url: str, response: httpx2.Response, manners: Manners
) -> Answer:
    status = response.status_code
    if status < 400:
        moved = response.history and all(r.status_code in (301, 308) for r in response.history)
        return Answer(moved_to=str(response.url) if moved else "")
    if status in _SHY:
        return Answer()
    word = "is gone" if status in _GONE else "answers with an error"
    problem = f"the page {word}: {status} {response.reason_phrase}".strip()
    return Answer(problem, archived_at=await _archived(client, url, manners))


def _told_to_wait(response: httpx2.Response) -> float:
    """Return the seconds that a server asks to be left alone."""
    told = response.headers.get("Retry-After", "")
    if told.isdigit():
        return float(told)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0


async def _archived(client: httpx2.AsyncClient, url: str, manners: Manners) -> str:
    """Return the address of a copy that the Internet Archive keeps, if it says so in time."""
    try:
        async with asyncio.timeout(manners.patience):
            response = await client.get(manners.archive, params={"url": url})
        closest = response.json()["archived_snapshots"]["closest"]
        return str(closest["url"]) if closest.get("available") else ""
    except (httpx2.HTTPError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""  # TimeoutError is an OSError
