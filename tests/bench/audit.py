"""Measures the built pages against their budgets: ``make audit``.

    python -m bench.audit [--sizes 500,2000] [--no-lighthouse]

For the repository's own content and for made-up histories of each size: what a first
view of each type of page transfers (gzipped kilobytes) and how many elements it has.
For the own content and for 400 made-up models: how long a frame takes while the timeline zooms
and a lineage lights up on a processor four times slower. For the own content also: Lighthouse
on a phone, and whether anything moves while a page loads. Exits with 1 if a budget is broken.
"""

import argparse
import contextlib
import gzip
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from lxml import html
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from bench.corpus import write_site
from conftest import REPOSITORY
from install_tools import find_browser, install_packages
from llm_history.build import build
from llm_history.folders import Options, folders_of

TOOLS = REPOSITORY / ".cache" / "audit-tools"


@dataclass(frozen=True)
class Budget:
    """The most that a first view may take: gzipped kilobytes, and elements."""

    html: float
    css: float
    script: float
    font: float
    total: float
    elements: int


TIMELINE = Budget(15, 8, 6, 50, 80, 3_000)
TIMELINE_2000 = Budget(120, 8, 6, 50, 190, 40_000)
LINEAGE = Budget(15, 8, 4, 50, 75, 3_000)
LINEAGE_500 = Budget(35, 8, 4, 50, 100, 20_000)
MODEL = Budget(8, 8, 2, 50, 70, 1_200)
NOTE = Budget(15, 8, 2, 50, 75, 1_500)


@dataclass(frozen=True)
class Kind:
    """A type of page: an example of it, and its budget, if one was agreed on."""

    name: str
    url: str
    budget: Budget | None = None


def kinds(site: Path, models: int) -> list[Kind]:
    """Return one page of each type; of models and notes the largest of the middle ones."""

    def middle(folder: str) -> str:
        pages = sorted((site / folder).glob("*/index.html"), key=lambda p: (p.stat().st_size, p))
        return f"{folder}/{pages[len(pages) // 2].parent.name}/" if pages else ""

    found = [
        Kind("timeline", "", TIMELINE if models <= 100 else TIMELINE_2000),
        Kind("milestones", "timeline/milestones/"),
        Kind("lineage", "lineage/", LINEAGE if models <= 150 else LINEAGE_500),
        Kind("model", middle("models"), MODEL),
        Kind("note", middle("notes"), NOTE),
        Kind("organization", middle("organizations")),
        Kind("family", middle("families")),
        Kind("index", "models/"),
        Kind("compare", "compare/"),
        Kind("chart", "charts/parameters/"),
        Kind("record-holders", "records/"),
        Kind("disputed", "disputed/"),
        Kind("month", "as-of/2023-03/"),
        Kind("coverage", "coverage/"),
    ]
    found += [
        Kind("year", f"timeline/{year.parent.name}/", TIMELINE_2000) for year in _newest_year(site)
    ]
    return [kind for kind in found if (site / kind.url / "index.html").is_file()]


def _newest_year(site: Path) -> list[Path]:
    return sorted((site / "timeline").glob("2*/index.html"))[-2:-1]


@dataclass(frozen=True)
class Weight:
    """What the first view of a page takes."""

    html: float
    css: float
    script: float
    font: float
    elements: int

    @property
    def total(self) -> float:
        return self.html + self.css + self.script + self.font


def weigh(site: Path, url: str) -> Weight:
    """Weigh a page, its style sheets, its scripts (and what these import), and its font."""
    path = site / url / "index.html"
    tree = html.parse(str(path)).getroot()

    def linked(query: str) -> list[Path]:
        return [(path.parent / str(target)).resolve() for target in tree.xpath(query)]

    return Weight(
        html=_gzipped(path),
        css=sum(map(_gzipped, linked("//link[@rel='stylesheet']/@href"))),
        script=sum(map(_gzipped, linked("//script/@src"))),
        font=sum(file.stat().st_size / 1000 for file in (site / "assets").rglob("*.woff2")),
        elements=len(tree.xpath("//*")),
    )


def _gzipped(path: Path) -> float:
    return len(gzip.compress(path.read_bytes(), 9)) / 1000


def audit_sizes(name: str, site: Path, models: int) -> list[str]:
    """Print a table of what pages weigh; return what is over its budget."""
    over = []
    print(f"\n{name} (gzipped kB; over a budget: *)")
    print(f"{'page':16}{'HTML':>8}{'CSS':>7}{'JS':>7}{'font':>7}{'total':>8}{'elements':>10}")
    for kind in kinds(site, models):
        weight = weigh(site, kind.url)
        cells = []
        for key in ("html", "css", "script", "font", "total", "elements"):
            value = getattr(weight, key)
            broken = kind.budget is not None and value > getattr(kind.budget, key)
            shown = f"{value:,}" if key == "elements" else f"{value:.1f}"
            cells.append(shown + "*" * broken)
            if broken:
                over.append(f"{name}: {kind.name}: {key} {shown}")
        widths = (8, 7, 7, 7, 8, 10)
        print(f"{kind.name:16}" + "".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True)))
    return over


# --- In a browser ---


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder as a static host does: compressed, with long-lived assets."""
    files = StaticFiles(directory=site, html=True)
    app = Starlette(middleware=[Middleware(GZipMiddleware)])
    app.mount("/", files)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join()


FRAMES = """async (act) => {
    const times = [];
    let last = performance.now(), running = true;
    const tick = (now) => {
        times.push(now - last);
        last = now;
        if (running) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    await new Promise((done) => setTimeout(done, 300));
    times.length = 0;
    await eval(act);
    await new Promise((done) => setTimeout(done, 300));
    running = false;
    return Math.max(...times);
}"""
ZOOM = """(async () => {
    const node = document.querySelector("#plot [tabindex='0']");
    node.focus();
    for (const key of ["+", "+", "-", "-"]) {
        node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        await new Promise((done) => setTimeout(done, 150));
    } })()"""
HIGHLIGHT = """(async () => {
    for (const node of [...document.querySelectorAll("#map .n")].slice(0, 40)) {
        node.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        node.focus();
        await new Promise((done) => setTimeout(done, 30));
    } })()"""
SHIFT = """window.moved = 0; new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
LONGEST_FRAME = 50.0
SMOOTH_UP_TO = 400
"""With so many models no frame may take longer."""


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        yield browser
        browser.close()


def audit_motion(name: str, site: Path, models: int) -> list[str]:
    """Measure frames at a quarter of the speed."""
    over = []
    print(f"\n{name}: longest frame, processor throttled 4 times (ms, median of 5)")
    with served(site) as address, _browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        for what, url, act in (("zoom", "", ZOOM), ("highlight", "lineage/", HIGHLIGHT)):
            page.goto(address + url)
            page.wait_for_load_state("networkidle")
            longest = sorted(page.evaluate(FRAMES, act) for _ in range(5))[2]
            print(f"  {what:12}{longest:6.0f}")
            if models <= SMOOTH_UP_TO and longest > LONGEST_FRAME:
                over.append(f"{name}: {what}: a frame took {longest:.0f} ms")
    return over


def audit_shift(site: Path, address: str) -> list[str]:
    """Measure what moves while pages load."""
    print("\nlayout shift")
    with _browser() as browser:
        return [
            found
            for width in (1440, 390)
            for found in _shifts(
                browser.new_page(viewport={"width": width, "height": 900}), site, address
            )
        ]


def _shifts(page: Page, site: Path, address: str) -> list[str]:
    page.add_init_script(SHIFT)
    over = []
    for kind in kinds(site, 0):
        page.goto(address + kind.url)
        page.wait_for_timeout(500)
        moved = float(page.evaluate("moved"))
        if moved >= 0.001:
            over.append(f"{kind.name} at {page.viewport_size}: layout shift {moved:.4f}")
    print(f"  {page.viewport_size}: {'; '.join(over) or 'none'}")
    page.close()
    return over


LIGHTHOUSE = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}


def audit_lighthouse(site: Path, address: str) -> list[str]:
    """Run Lighthouse as on a phone, on one page of each type."""
    install_packages(TOOLS, {"lighthouse": "^13"})
    over = []
    print("\nLighthouse, mobile: " + ", ".join(LIGHTHOUSE))
    for kind in kinds(site, 0):
        scores = _lighthouse(address + kind.url)
        print(f"  {kind.name:16}" + " ".join(f"{scores[key]:4}" for key in LIGHTHOUSE))
        over += [
            f"{kind.name}: Lighthouse {key} {scores[key]}"
            for key, least in LIGHTHOUSE.items()
            if scores[key] < least
        ]
    return over


def _lighthouse(url: str) -> dict[str, int]:
    command = [
        "node",
        str(TOOLS / "node_modules/lighthouse/cli/index.js"),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(LIGHTHOUSE)}",
        "--chrome-flags=--headless=new --no-sandbox",
    ]
    environment = {"CHROME_PATH": find_browser() or "", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    made = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if made.returncode != 0:
        raise SystemExit(f"Lighthouse failed on {url}: {made.stderr[-500:]}")
    categories = json.loads(made.stdout)["categories"]
    return {key: round(100 * (categories[key]["score"] or 0)) for key in LIGHTHOUSE}


def main() -> int:
    """Measure everything; return 1 if something is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="500,2000", help="made-up histories, in models")
    parser.add_argument("--no-lighthouse", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        site = Path(temporary) / "site"
        _build(REPOSITORY, site)
        models = len(list((REPOSITORY / "content/models").glob("*.yaml")))
        over = audit_sizes("own content", site, models)
        for size in map(int, filter(None, options.sizes.split(","))):
            made_up = _made_up(Path(temporary), size)
            over += audit_sizes(f"{size:,} models", made_up, size)
        over += audit_motion("own content", site, models)
        made_up = _made_up(Path(temporary), SMOOTH_UP_TO)
        over += audit_motion(f"{SMOOTH_UP_TO} models", made_up, SMOOTH_UP_TO)
        with served(site) as address:
            over += audit_shift(site, address)
            if not options.no_lighthouse:
                over += audit_lighthouse(site, address)
    print("\n" + ("\n".join(["over budget:", *over]) if over else "everything within its budget"))
    return 1 if over else 0


def _made_up(folder: Path, models: int) -> Path:
    """Build a made-up history and return its site."""
    root = folder / str(models)
    if not root.exists():
        write_site(root, models, models // 10)
        _build(root, root / "site")
    return root / "site"


def _build(root: Path, output: Path) -> None:
    started = time.monotonic()
    report = build(folders_of(root, None, None, output), Options(jobs=2))
    if report.published is None:
        raise SystemExit(f"{root} cannot be built: {report.diagnostics[:3]}")
    print(f"{report.pages:,} pages in {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
