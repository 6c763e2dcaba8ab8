"""External addresses are asked politely, and told dead only when they are."""

import contextlib
import http.server
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import Run, Site
from llm_history.checking.links import REMEMBERED, Manners, ask_all, check_links


class Server(http.server.ThreadingHTTPServer):
    """Pages that are slow, gone, busy, moved, or that run in circles; an archive of one."""

    asked: Counter[str]
    agents: set[str]
    at_once: int
    most_at_once: int


class Pages(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.server.asked[path] += 1
        self.server.agents.add(self.headers["User-Agent"])
        self.server.at_once += 1
        self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, path.strip("/").replace("-", "_"), self.gone)()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.server.at_once -= 1  # before the answer, which may bring on the next question
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fine(self) -> None:
        time.sleep(0.02)
        self.answer(200, b"x")

    def gone(self) -> None:
        self.answer(404)

    def shy(self) -> None:
        self.answer(403)

    def slow(self) -> None:
        time.sleep(1.5)
        self.answer(200)

    def dripping(self) -> None:
        self.send_response(200)
        for _ in range(30):
            self.wfile.write(b"X-Drip: 1\r\n")
            self.wfile.flush()
            time.sleep(0.1)

    def busy(self) -> None:
        if self.server.asked["/busy"] < 3:
            self.answer(503, Retry_After="0")
        else:
            self.answer(200)

    def broken(self) -> None:
        self.answer(500)

    def moved(self) -> None:
        self.answer(301, Location="/fine")

    def lent(self) -> None:
        self.answer(302, Location="/fine")

    def circle(self) -> None:
        self.answer(302, Location="/circle")

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 65536)

    def archive(self) -> None:
        url = parse_qs(urlsplit(self.path).query)["url"][0]
        copy = {"available": True, "url": "https://archive.example/copy"}
        found = {"closest": copy} if url.endswith("/gone") else {}
        self.answer(200, json.dumps({"archived_snapshots": found}).encode())


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Pages) as server:
        server.asked, server.agents = Counter(), set()
        server.at_once = server.most_at_once = 0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def manners(server: Server, patience: float = 20) -> Manners:
    archive = address(server, "archive")
    return Manners(pause=0, patience=patience, tries=3, backoff=0.01, archive=archive)


def address(server: Server, page: str) -> str:
    return f"http://127.0.0.1:{server.server_port}/{page}"


@pytest.mark.parametrize(
    ("page", "problem", "moved"),
    [
        ("fine", "", ""),
        ("fine#part", "", ""),
        ("gone", "the page is gone: 404 Not Found", ""),
        ("shy", "", ""),
        ("slow", "no answer came within", ""),
        ("dripping", "no answer came within", ""),
        ("busy", "", ""),
        ("broken", "the server answers 500", ""),
        ("moved", "", "/fine"),
        ("lent", "", ""),
        ("circle", "the address redirects in a circle", ""),
        ("endless", "", ""),
    ],
)
def test_what_an_address_answers(server: Server, page: str, problem: str, moved: str) -> None:
    patience = 0.5 if page in ("slow", "dripping") else 20
    started = time.monotonic()
    (answer,) = ask_all([address(server, page)], manners(server, patience)).values()
    assert answer.problem.startswith(problem)
    assert bool(answer.problem) == bool(problem)
    assert answer.moved_to.endswith(moved)
    assert bool(answer.moved_to) == bool(moved)
    assert time.monotonic() - started < 20


def test_nobody_there_and_no_address() -> None:
    nobody = Manners(tries=1, patience=2, archive="http://127.0.0.1:9/")
    answers = ask_all(["http://127.0.0.1:9/", "http://[1]:x/"], nobody)
    assert all(answer.problem for answer in answers.values())


def test_a_busy_server_is_asked_again_and_one_host_one_thing_at_a_time(server: Server) -> None:
    pages = ["busy", "fine", "fine?1", "fine?2", "fine?3"]
    ask_all([address(server, page) for page in pages], manners(server))
    assert server.asked["/busy"] == 3
    assert server.most_at_once == 1
    assert all(agent.startswith("llm-history/") for agent in server.agents)


SOURCES = """
-- content/sources/t.yaml --
dead: {type: blog, title: D, url: HERE/gone}
fine: {type: blog, title: F, url: HERE/fine}
-- content/notes/n.md --
# N

See [the page](HERE/gone) and [another](HERE/moved).
"""


def test_dead_addresses_are_reported_where_they_stand_with_a_copy(
    site: Site, server: Server
) -> None:
    site.write(SOURCES.replace("HERE", address(server, "")[:-1]))
    found = check_links(site.folders, manners(server))
    marked = [(d.rule.code, d.place.path, d.place.text[d.place.column - 1 :][:4]) for d in found]
    assert marked == [
        ("LH701", "content/notes/n.md", "http"),
        ("LH702", "content/notes/n.md", "http"),
        ("LH701", "content/sources/t.yaml", "http"),
    ]
    assert "https://archive.example/copy" in found[0].help
    assert server.asked["/gone"] == 1


def test_what_was_fine_is_remembered_and_what_was_not_is_asked_again(
    site: Site, server: Server
) -> None:
    site.write(SOURCES.replace("HERE", address(server, "")[:-1]))
    check_links(site.folders, manners(server))
    check_links(site.folders, manners(server))
    assert server.asked["/gone"] == 2
    assert server.asked["/moved"] == 1
    (site.root / REMEMBERED).write_text("[broken")
    check_links(site.folders, manners(server))
    assert server.asked["/moved"] == 2


def test_links_are_only_asked_for_when_wanted(site: Site, server: Server, run: Run) -> None:
    site.write(SOURCES.replace("HERE", address(server, "")[:-1]))
    run("check")
    assert not server.asked
    done = run("check", "--links", "--format", "json")
    assert server.asked["/gone"] == 1
    assert {row["code"] for row in json.loads(done.stdout)} >= {"LH701"}
