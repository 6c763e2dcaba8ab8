"""Watching files and serving pages while they are edited."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import IO

import pytest
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.testclient import TestClient
from watchdog.events import FileModifiedEvent

from conftest import Site
from llm_history.folders import Options
from llm_history.live.server import SCRIPT, Broadcast, Gate, free_socket, make_app
from llm_history.live.session import Session
from llm_history.live.watcher import Changes, Watch

MODEL = "name: {}\ncite: paper\ndates: [{{what: paper, on: 2023-02}}]\n"


def wait_for(condition: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def app_of(site: Site, base_path: str) -> Starlette:
    session = Session(site.folders, Options())
    return make_app(site.folders, base_path, Broadcast(session), Gate())


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    site.put("content/models/a.yaml", MODEL.format("A"))
    site.built()
    with TestClient(app_of(site, "/")) as client:
        yield client


def test_pages_get_the_reload_script_and_files_do_not(client: TestClient, site: Site) -> None:
    page = client.get("/models/a/")
    assert page.headers["content-type"].startswith("text/html")
    assert SCRIPT in page.text
    assert SCRIPT not in site.read("models/a/index.html")
    assert client.get("/data/models.json").headers["content-type"] == "application/json"
    assert client.get(SCRIPT).status_code == 200


def test_what_is_not_there_gets_the_site_s_own_page(client: TestClient) -> None:
    missing = client.get("/nowhere/")
    assert missing.status_code == 404
    assert "There is no page at this address" in missing.text


@pytest.mark.parametrize(
    "path", ["/../content/site.yaml", "/%2e%2e/content/site.yaml", "/..%2fcontent%2fsite.yaml"]
)
def test_the_server_never_leaves_its_folder(client: TestClient, path: str) -> None:
    assert "title: Test" not in client.get(path).text


def test_a_sub_path_is_served_where_it_will_be(site: Site) -> None:
    site.built(base_url="https://example.org/sub/")
    with TestClient(app_of(site, "/sub/")) as client:
        assert client.get("/sub/models/").status_code == 200
        assert client.get("/", follow_redirects=False).headers["location"] == "/sub/"


def test_a_port_in_use_gives_the_next_free_one() -> None:
    with free_socket("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with free_socket("127.0.0.1", port) as second:
            assert second.getsockname()[1] > port


@pytest.mark.parametrize("poll", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_kind_of_save_is_noticed_and_the_output_is_not(site: Site, poll: bool) -> None:
    folder = site.root / "content" / "models"
    folder.mkdir()
    changes = Changes(site.folders)
    watch = Watch(site.folders, changes, poll=poll)
    try:
        steps: list[Callable[[], object]] = [
            lambda: (folder / "a.yaml").write_text("x"),
            lambda: (folder / "a.yaml").write_text("y"),
            lambda: ((folder / "t").write_text("z"), (folder / "t").rename(folder / "a.yaml")),
            lambda: folder.rename(site.root / "content" / "renamed"),
            (site.root / "content" / "renamed" / "a.yaml").unlink,
        ]
        for step in steps:
            time.sleep(1.2 if poll else 0.1)  # polling looks once a second
            changes.happened.clear()
            step()
            wait_for(changes.happened.is_set)
        time.sleep(1.2 if poll else 0.1)
        changes.happened.clear()
        site.put("site/x.html", "output")
        site.put("content/renamed/.a.yaml.swp", "an editor's own")
        site.put("content/renamed/a.yaml~", "an editor's own")
        (site.root / "content/site.yaml").read_text()
        time.sleep(1.5 if poll else 0.3)
        assert not changes.happened.is_set()
    finally:
        watch.stop()


def test_waiting_ends_when_it_is_told_to_stop(site: Site) -> None:
    changes, stop = Changes(site.folders), threading.Event()
    stop.set()
    assert changes.wait(stop) is False


def test_what_was_taken_is_no_news_and_what_is_news_can_be_taken(site: Site) -> None:
    changes, stop = Changes(site.folders), threading.Event()

    def save(name: str) -> None:
        changes.dispatch(FileModifiedEvent(f"{site.root}/content/models/{name}.yaml"))

    save("a")
    assert changes.wait(stop)
    save("b")  # after the quiet, before the build begins
    assert changes.take() == {"content/models/a.yaml", "content/models/b.yaml"}
    assert changes.look() is None, "the build would be given up, and nothing would follow it"
    save("a")
    assert changes.look() == {"content/models/a.yaml"}
    assert changes.look() is None
    assert changes.wait(stop)
    assert changes.take() == {"content/models/a.yaml"}


def test_a_record_goes_ahead_during_a_build_and_a_theme_ends_it(site: Site) -> None:
    site.put("content/models/a.yaml", MODEL.format("A"))
    session = Session(site.folders, Options(), quiet=True)
    first = session.build()
    news: list[set[str] | None] = []
    session.meanwhile = lambda: news.pop(0) if news else None
    site.put("templates/foot.html", "<footer>Before</footer>")
    # A record that is edited while all pages are made again: what shows it has the new foot, too.
    site.put("content/models/a.yaml", f"{MODEL.format('A')}summary: Edited.\n")
    news[:] = [*[None] * 30, {"content/models/a.yaml"}]
    second = session.build({"templates/foot.html"})
    assert second.build > first.build
    assert not news
    assert "Edited." in site.read("models/a/index.html")
    assert "Before" in site.read("models/a/index.html")
    # Another theme: what was begun with the last one is left.
    site.put("templates/foot.html", "<footer>Between</footer>")
    news[:] = [None, {"templates/foot.html"}]
    assert session.build({"templates/foot.html"}) is second
    site.put("templates/foot.html", "<footer>After</footer>")
    assert session.build({"templates/foot.html"}).build > second.build
    assert "After" in site.read("models/a/index.html")
    clean = Site(site.root / "clean")
    shutil.copytree(site.root / "content", clean.root / "content")
    shutil.copytree(site.root / "templates", clean.root / "templates")
    clean.built()
    assert site.output() == clean.output()


class Running:
    """``llm-history serve`` or ``watch`` in a process of its own."""

    def __init__(self, site: Site, *arguments: str) -> None:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "llm_history", *arguments],
            cwd=site.root, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.said: list[str] = []
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line)

    def wait_for(self, pattern: str) -> str:
        wait_for(lambda: re.search(pattern, "".join(self.said)))
        found = re.search(pattern, "".join(self.said))
        assert found is not None
        return found[0]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        code = self.process.wait(10)
        self.listener.join(10)
        return code


def test_watch_builds_again_and_stops_when_asked(site: Site) -> None:
    site.put("content/models/a.yaml", MODEL.format("A"))
    running = Running(site, "watch")
    running.wait_for("Watching content")
    site.put("content/models/a.yaml", MODEL.format("Edited"))
    page = site.root / "site/models/a/index.html"
    wait_for(lambda: "Edited" in page.read_text())
    site.put("content/models/a.yaml", "name: [\n")
    running.wait_for("LH001")
    assert "Edited" in page.read_text()
    assert running.stop(signal.SIGTERM) == 0


def test_serve_says_where_and_reloads_after_an_edit(site: Site) -> None:
    site.put("content/models/a.yaml", MODEL.format("A"))
    running = Running(site, "serve", "--port", "0")
    try:
        address = running.wait_for(r"http://127\.0\.0\.1:\d+/")
        events = urllib.request.urlopen(f"{address}-/events", timeout=30)
        assert events.readline() == b"retry: 300\n"
        site.put("content/models/a.yaml", MODEL.format("Edited"))
        wait_for(lambda: b"models/a/index.html" in events.readline())
        with urllib.request.urlopen(f"{address}models/a/", timeout=5) as answer:
            assert b"Edited" in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}nowhere/", timeout=5)
        events.close()
    finally:
        assert running.stop() == 0


def own_addresses() -> set[str]:
    try:
        return {str(a[4][0]) for a in socket.getaddrinfo(socket.gethostname(), None)}
    except OSError:  # the machine does not know its own name
        return {"127.0.0.2"}


def test_serve_binds_to_this_machine_only(site: Site) -> None:
    running = Running(site, "serve", "--port", "0")
    try:
        port = int(running.wait_for(r"127\.0\.0\.1:\d+").rpartition(":")[2])
        others = own_addresses() - {"127.0.0.1", "::1"}
        for other in others:
            with socket.socket(socket.AF_INET6 if ":" in str(other) else socket.AF_INET) as sock:
                assert sock.connect_ex((str(other), port)) != 0
    finally:
        running.stop()


@pytest.fixture
def running(site: Site) -> Iterator[tuple[Running, str]]:
    """A server of a site with two models, and its address."""
    site.put("content/models/a.yaml", MODEL.format("A"))
    site.put("content/models/b.yaml", MODEL.format("B"))
    running = Running(site, "serve", "--port", "0", "--editor-url", "edit://{path}:{line}")
    try:
        yield running, running.wait_for(r"http://127\.0\.0\.1:\d+/")
    finally:
        running.stop()


OpenPage = Callable[[str], Page]


@pytest.fixture
def open_page(running: tuple[Running, str], browser: Browser) -> Iterator[OpenPage]:
    """Opens a page of the server, by its path, until it listens to what changes."""
    pages: list[Page] = []

    def opened(path: str) -> Page:
        pages.append(browser.new_page())
        pages[-1].goto(f"{running[1]}{path}")
        pages[-1].wait_for_timeout(300)
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


def until(stream: IO[bytes], wanted: bytes) -> bytes:
    """Return the first line of an event stream that holds ``wanted``."""
    return next(line for line in iter(stream.readline, b"") if wanted in line)


def test_events_name_what_changed_and_what_is_wrong(
    site: Site, running: tuple[Running, str]
) -> None:
    process, address = running
    with urllib.request.urlopen(f"{address}-/events", timeout=30) as events:
        until(events, b"data:")
        site.put("content/models/a.yaml", MODEL.format("Edited"))
        news = json.loads(until(events, b"data:")[5:])
        assert "models/a/index.html" in news["changed"]
        assert "sources/paper/index.html" in news["changed"]
        assert "coverage/index.html" not in news["changed"]
        if "models/index.html" not in news["changed"]:  # lists may come after
            assert "models/index.html" in json.loads(until(events, b"data:")[5:])["changed"]
        site.put("content/models/a.yaml", "name: A\nfamly: x\n")
        news = json.loads(until(events, b"data:")[5:])
        assert news["changed"] == []
        (problem,) = news["problems"]
        assert (problem["code"], problem["line"], problem["column"]) == ("LH101", 2, 1)
        assert problem["editor"] == f"edit://{site.root}/content/models/a.yaml:2"
        site.put("content/models/a.yaml", MODEL.format("Edited"))
        assert json.loads(until(events, b"data:")[5:])["problems"] == []
    process.wait_for("mended: LH101 unknown-field in content/models/a.yaml")
    process.wait_for(r"content/models/a\.yaml: \d+ of \d+ pages rewritten, [\d,]+ ms")


def test_a_page_that_slept_learns_what_it_missed(site: Site, running: tuple[Running, str]) -> None:
    process, address = running
    with urllib.request.urlopen(f"{address}models/a/", timeout=5) as answer:
        (last,) = re.findall(rb"live\.js\?last=([^\"]+)", answer.read())
    site.put("content/models/a.yaml", MODEL.format("Edited"))
    process.wait_for("rewritten")
    wait_for(lambda: "".join(process.said).count("rewritten") == 2)
    request = urllib.request.Request(f"{address}-/events", headers={"Last-Event-ID": last.decode()})
    with urllib.request.urlopen(request, timeout=30) as events:
        assert b"models/a/index.html" in until(events, b"data:")
    stale = urllib.request.Request(f"{address}-/events", headers={"Last-Event-ID": "other-7"})
    with urllib.request.urlopen(stale, timeout=30) as events:
        assert json.loads(until(events, b"data:")[5:])["changed"] == []


def test_files_are_compressed_and_asked_for_again_only_when_they_changed(
    client: TestClient, site: Site
) -> None:
    page = client.get("/models/a/")
    assert page.headers["content-encoding"] == "gzip"
    again = client.get("/models/a/", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304
    (sheet,) = (site.root / "site/assets").glob("site.*.css")
    part = client.get(f"/assets/{sheet.name}", headers={"range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)


def test_folders_that_are_replaced_are_watched_on(site: Site) -> None:
    site.put("content/models/a.yaml", MODEL.format("A"))
    running = Running(site, "watch")
    try:
        running.wait_for("Watching content")
        (site.root / "content").rename(site.root / "old")
        time.sleep(0.5)
        shutil.copytree(site.root / "old", site.root / "content")
        wait_for(lambda: "".join(running.said).count("rewritten") >= 2)
        time.sleep(0.5)
        site.put("content/models/a.yaml", MODEL.format("Edited"))
        page = site.root / "site/models/a/index.html"
        wait_for(lambda: "Edited" in page.read_text())
    finally:
        running.stop()


@pytest.mark.browser
def test_an_open_page_reloads_by_itself(site: Site, open_page: OpenPage) -> None:
    page = open_page("models/a/")
    site.put("content/models/a.yaml", MODEL.format("Edited"))
    page.get_by_role("heading", name="Edited").wait_for(timeout=10_000)


@pytest.mark.browser
def test_only_the_pages_that_changed_reload_and_keep_what_was_done(
    site: Site, open_page: OpenPage
) -> None:
    page, other = open_page("models/a/"), open_page("coverage/")
    for each in (page, other):
        each.evaluate("window.mine = true")
    page.locator("details").first.evaluate("(details) => { details.open = true; }")
    page.evaluate("scrollTo(0, 40)")
    site.put("content/models/a.yaml", MODEL.format("Edited"))
    page.get_by_role("heading", name="Edited").wait_for(timeout=10_000)
    assert page.evaluate("window.mine") is None
    page.wait_for_function("document.querySelector('details').open")
    assert other.evaluate("window.mine") is True


@pytest.mark.browser
def test_a_style_sheet_is_swapped_in_place(site: Site, open_page: OpenPage) -> None:
    page = open_page("models/a/")
    site.put("templates/assets/site.css", "body { background: rgb(1, 2, 3); }\n")
    page.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(1, 2, 3)'")
    page.wait_for_timeout(300)
    page.evaluate("window.mine = true")
    site.put("templates/assets/site.css", "body { background: rgb(4, 5, 6); }\n")
    page.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(4, 5, 6)'")
    assert page.evaluate("window.mine") is True


@pytest.mark.browser
def test_problems_lie_over_the_last_good_page_until_they_are_mended(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page("models/a/")
    site.put("content/models/a.yaml", "name: A\nfamly: x\n")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "LH101 unknown-field" in alert.inner_text()
    assert page.get_by_role("heading", name="A", exact=True).is_visible()
    place = page.get_by_role("link", name="content/models/a.yaml:2:1")
    assert (place.get_attribute("href") or "").startswith("edit://")
    site.put("content/models/a.yaml", MODEL.format("Mended"))
    page.get_by_role("heading", name="Mended").wait_for(timeout=10_000)
    assert alert.count() == 0
