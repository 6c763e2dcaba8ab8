"""What readers do, in a real browser: Chromium, driven by Playwright."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize

from conftest import Quiet, tool

pytestmark = pytest.mark.browser

PAGES = ["", "ko/", "timeline/milestones/", "lineage/", "models/", "models/llama/",
         "models/gpt-4/", "ko/models/gpt-4/", "organizations/openai/", "compare/",
         "compare/?m=gpt-4,claude-2", "charts/",
         "charts/parameters/", "charts/openness/", "charts/releases/", "disputed/", "disclosure/",
         "records/", "as-of/", "as-of/2023-03/", "questions/", "on-this-day/",
         "families/llama/",
         "techniques/rlhf/", "benchmarks/race-high/", "events/", "notes/", "sources/",
         "sources/touvron2023llama/", "notes/the-llama-moment/",
         "notes/scaling-laws-and-chinchilla.ko/", "benchmarks/mmlu/", "coverage/", "about/",
         "404.html"]  # fmt: skip
WIDE: ViewportSize = {"width": 1440, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark", "phone"])
def test_axe_finds_no_violation(browser: Browser, address: str, path: str, scheme: str) -> None:
    script = (tool("axe-core") / "axe.min.js").read_text("utf-8")
    context = browser.new_context(
        viewport=PHONE if scheme == "phone" else WIDE,
        has_touch=scheme == "phone",
        is_mobile=scheme == "phone",
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(address + path)
    page.evaluate(script)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", tags)
    context.close()
    found = {v["id"]: [n["html"][:120] for n in v["nodes"]][:3] for v in result["violations"]}
    assert found == {}


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_phone(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(address + path)
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert width <= PHONE["width"]


def test_everything_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="LLaMA", exact=True).first.click()
    assert page.url == f"{address}models/llama/"
    assert page.get_by_role("heading", level=1).inner_text() == "LLaMA"
    page.locator("#parameters .src").first.click()
    assert "#s" in page.url
    page.get_by_role("link", name="Next in time").click()
    assert page.url.startswith(f"{address}models/")
    assert page.url != f"{address}models/llama/"
    context.close()


def test_a_reader_reaches_everything_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}models/llama/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_deep_links_lead_to_a_model_a_month_and_a_year(page: Page, address: str) -> None:
    for fragment in ("llama", "m2023-02", "y2023"):
        page.goto(f"{address}#{fragment}")
        page.wait_for_function(
            """id => {
                const top = document.getElementById(id).getBoundingClientRect().top;
                return top >= 0 && top < innerHeight;
            }""",
            arg=fragment,
            timeout=20000,
        )


def test_the_dark_theme_follows_the_system(browser: Browser, address: str) -> None:
    colours = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(address)
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert colours == ["rgb(251, 251, 249)", "rgb(18, 21, 23)"]


def test_the_font_is_the_site_s_own_and_nothing_comes_from_elsewhere(
    page: Page, address: str
) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{address}models/gpt-4/", wait_until="networkidle")
    assert page.evaluate("document.fonts.check('16px Archivo')")
    assert [url for url in requests if not url.startswith(address)] == []


def test_a_strict_content_security_policy_holds(browser: Browser, real_site: Path) -> None:
    class Strict(Quiet):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", "default-src 'self'")
            super().end_headers()

    handler = functools.partial(Strict, directory=str(real_site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context()
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        for path in PAGES:
            page.goto(f"http://127.0.0.1:{server.server_port}/{path}", wait_until="load")
        context.close()
        server.shutdown()
    assert [text for text in said if "Content Security Policy" in text] == []


def test_a_printed_page_shows_its_facts_and_no_navigation(page: Page, address: str) -> None:
    page.goto(f"{address}models/gpt-4/")
    page.emulate_media(media="print")
    assert not page.locator(".top nav").is_visible()
    assert page.locator(".facts").is_visible()
    assert page.locator("ol.sources").is_visible()


# --- The timeline ---


def shown(page: Page) -> list[str]:
    """Return the ids of the rows that a reader sees."""
    ids: list[str] = page.evaluate(
        """() => Array.from(document.querySelectorAll(".tt .m"))
            .filter((row) => row.checkVisibility()).map((row) => row.id)"""
    )
    return ids


def test_filters_work_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)
    page = context.new_page()
    page.goto(address)
    assert not page.get_by_label("From", exact=True).is_visible()
    page.locator("label[for=w-open]").click()
    rows = page.locator(".tt .m:visible")
    assert rows.count() > 5
    assert page.locator(".tt .m.w-open:visible").count() == rows.count()
    page.locator("label[for=i-code]").click()
    assert page.locator(".tt .m.w-open.i-code:visible").count() == rows.count()
    for part in page.locator(".tt :is(.year, .month):visible").all():
        assert part.locator(".m:visible").count(), "no heading stands alone"
    page.locator("label[for=w-any]").click()
    page.locator("label[for=i-any]").click()
    page.locator(".choices a", has_text="Events").click()
    assert page.url.startswith(f"{address}timeline/milestones/")
    page.locator("#llama-leak").wait_for()
    page.locator("label[for=ms-events]").click()
    page.locator("#llama-leak").wait_for(state="hidden")
    context.close()


def test_milestones_keep_what_is_chosen(page: Page, address: str) -> None:
    page.goto(f"{address}?from=2023-01&to=2023-06")
    page.locator(".choices a", has_text="Events").click()
    page.wait_for_url(f"{address}timeline/milestones/?from=2023-01&to=2023-06&ms=events")
    assert "llama-leak" in shown(page)
    page.locator("label[for=ms-events]").click()
    page.wait_for_url(f"{address}timeline/milestones/?from=2023-01&to=2023-06&ms=none")
    page.goto(f"{address}?ms=events#llama-leak")
    page.wait_for_url(f"{address}timeline/milestones/?ms=events#llama-leak")


def test_the_address_holds_what_is_chosen(page: Page, address: str) -> None:
    page.goto(f"{address}?w=api&org=openai&from=2020-01&to=2021-12")
    wanted = """([from, to, mark]) => Array.from(document.querySelectorAll(".tt .m:not(.ms)"))
        .filter((m) => {
            const [year, month] = m.closest(".month").id.slice(1).split("-").map(Number);
            return year * 12 + month - 1 >= from && year * 12 + month - 1 < to;
        })
        .filter((m) => m.dataset.o?.split(" ").includes("openai")
            ?? m.querySelector(".org").firstChild.data === "OpenAI")
        .filter((m) => !mark || m.classList.contains(mark))
        .map((m) => m.id)"""
    found = page.evaluate(wanted, [2020 * 12, 2022 * 12, "w-api"])
    assert {"gpt-3", "codex"} <= set(found)
    page.wait_for_function(
        f"document.querySelector('.filters output').textContent.startsWith('{len(found)} ')"
    )
    assert shown(page) == found
    counts = [int(text.split()[0]) for text in page.locator(".y p:visible").all_inner_texts()]
    assert sum(counts) == len(found)
    page.locator("label[for=w-any]").click()
    page.get_by_label("From", exact=True).select_option("2019-01")
    page.wait_for_url(f"{address}?from=2019-01&to=2021-12&org=openai")
    found = page.evaluate(wanted, [2019 * 12, 2022 * 12, ""])
    assert "gpt-2" in found
    page.wait_for_function(
        f"document.querySelector('.filters output').textContent.startsWith('{len(found)} ')"
    )
    page.reload()
    assert shown(page) == found


def test_makers_in_the_address_that_are_not_there_leave_it(page: Page, address: str) -> None:
    page.goto(f"{address}?org=nobody,openai&w=api")
    page.wait_for_url(f"{address}?w=api&org=openai")
    page.goto(f"{address}?org=nobody")
    page.wait_for_url(address)
    assert page.locator("#organizations summary").inner_text() == "Organization"


def test_dragging_across_the_months_zooms_and_a_click_ends_it(page: Page, address: str) -> None:
    page.goto(address)
    box = page.locator("#histogram").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 20, steps=5)
    page.mouse.up()
    page.wait_for_function("location.search.includes('from=')")
    page.wait_for_timeout(100)
    visible = page.locator("#plot .n:not([aria-hidden])").count()
    assert 0 < visible < page.locator("#plot .n").count()
    page.mouse.click(box["x"] + 30, box["y"] + 20)
    page.wait_for_url(address)
    page.wait_for_function("!document.querySelector('#plot .n[aria-hidden]')")


FOCUSED = "document.activeElement.getAttribute('href').split('/').at(-2)"


def test_the_chart_is_one_stop_with_arrows_inside(page: Page, address: str) -> None:
    page.goto(address)
    assert page.locator("#plot [tabindex='0']").count() == 1
    page.locator("#plot [tabindex='0']").focus()
    focused = FOCUSED
    newest = page.evaluate(focused)
    page.keyboard.press("Home")
    assert page.evaluate(focused) == "transformer"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) not in ("transformer", newest)
    page.keyboard.press("End")
    assert page.evaluate(focused) == newest
    page.keyboard.press("+")
    page.wait_for_function("location.search.includes('from=')")
    page.keyboard.press("0")
    page.wait_for_function("location.search === ''")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) != newest
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}models/*/")


def test_the_chart_follows_the_keyboard_beyond_what_it_shows(page: Page, address: str) -> None:
    page.goto(f"{address}?from=2022-06&to=2023-12")
    page.locator("#plot [tabindex='0']").focus()
    for key, name in (("Home", "transformer"), ("End", "")):
        before = page.url
        page.keyboard.press(key)
        page.wait_for_function("url => location.href !== url", arg=before)
        assert name in page.evaluate(FOCUSED)
        assert page.evaluate(
            """() => {
                const box = document.activeElement.querySelector("circle").getBoundingClientRect();
                const plot = document.querySelector("#plot").getBoundingClientRect();
                return box.left >= plot.left && box.right <= plot.right;
            }"""
        )


def test_links_lead_to_a_model_a_month_and_a_year(page: Page, address: str) -> None:
    for fragment in ("gpt-4", "m2023-03", "y2023"):
        page.goto(f"{address}#{fragment}")
        assert page.locator(f"[id='{fragment}']").evaluate(
            "e => e.getBoundingClientRect().top < innerHeight"
        )
        page.goto("about:blank")


COLLISIONS = """(selector) => {
    const boxes = Array.from(document.querySelectorAll(selector))
        .filter((text) => text.checkVisibility({ visibilityProperty: true }))
        .filter((text) => !text.closest(".bare"))
        .map((text) => [text.textContent, text.getBoundingClientRect()]);
    const found = [];
    boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
        const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (wide > 0.5 && high > 4) found.push(`${a} / ${b}`);
    }));
    return found;
}"""


@pytest.mark.parametrize("width", [1120, 1440, 2000])
def test_no_label_covers_another(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 1000})
    page = context.new_page()
    page.goto(address)
    assert page.evaluate(COLLISIONS, "#plot .n text") == []
    page.goto(f"{address}?from=2022-06&to=2023-12")
    page.wait_for_timeout(100)
    assert page.evaluate(COLLISIONS, "#plot .n:not([aria-hidden]) text") == []
    page.goto(f"{address}lineage/")
    assert page.evaluate(COLLISIONS, "#map .n text") == []
    page.goto(f"{address}lineage/?m=llama")
    page.wait_for_timeout(200)
    assert page.evaluate(COLLISIONS, ".map.over .n text") == []
    page.goto(f"{address}charts/parameters/")
    assert page.evaluate(COLLISIONS, ".scatter .dot text") == []
    context.close()


def test_labels_are_as_wide_as_the_builder_thinks(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("document.fonts.ready")
    widths = page.evaluate(
        """() => Array.from(document.querySelectorAll("#plot .n"), (n) =>
            [Number(n.dataset.w), n.querySelector("text").getComputedTextLength()])"""
    )
    assert all(abs(told - real) < 3 for told, real in widths)


# --- Lineage, compare, search, theme ---


def test_a_model_s_ancestors_and_descendants_light_up(page: Page, address: str) -> None:
    page.goto(f"{address}lineage/?m=llama")
    page.wait_for_function("document.querySelectorAll('.map.over .n').length > 100")
    assert {"LLaMA", "Alpaca", "Llama 2", "Transformer"} <= set(
        page.locator(".map.over .n text").all_text_contents()
    )
    page.wait_for_function("document.querySelector('#selected').textContent.includes('Alpaca')")
    page.locator("#map [href$='/gpt-3/']").focus()
    page.keyboard.press("p")
    assert page.evaluate(FOCUSED) == "gpt-2"
    page.keyboard.press("c")
    page.keyboard.press("p")
    assert page.evaluate(FOCUSED) == "gpt-2"
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('.map.over .n')")


def test_two_models_side_by_side(page: Page, address: str) -> None:
    page.goto(f"{address}compare/?m=gpt-4,claude-2")
    table = page.locator(".side-by-side")
    table.wait_for()
    heads = [text.split("×")[0].strip() for text in table.locator("thead th").all_inner_texts()]
    assert heads[1:] == ["GPT-4", "Claude 2"]
    row = table.locator("tbody tr", has=page.get_by_role("rowheader", name="Context window"))
    assert "differs" in (row.get_attribute("class") or "")
    assert "8,192" in row.inner_text()
    assert "disputed" in table.locator("tbody tr", has_text="Parameters").first.inner_text()
    assert "SemiAnalysis" in table.locator("tbody tr", has_text="Parameters").first.inner_text()
    page.get_by_label("Filter: Model").fill("llama")
    page.get_by_role("checkbox", name="Choose LLaMA", exact=True).check()
    page.wait_for_url(f"{address}compare/?m=gpt-4,claude-2,llama")
    table.locator("thead th", has_text="LLaMA").wait_for()
    page.get_by_label("Model to compare").fill("palm 2")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}compare/?m=gpt-4,claude-2,llama,palm-2")


def test_every_value_side_by_side_says_who_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}compare/?m=gpt-4,claude-2")
    page.locator(".side-by-side").wait_for()
    silent = page.evaluate(
        """() => Array.from(document.querySelectorAll(".side-by-side .claim"))
            .filter((claim) => !/\\p{L}{2}/u.test(claim.querySelector(".src")?.textContent ?? ""))
            .map((claim) => claim.textContent.trim())"""
    )
    assert silent == []


def test_two_names_in_search_offer_both_side_by_side(page: Page, address: str) -> None:
    for query in ("gpt-4 vs claude 2", "gpt4 claude 2", "GPT-4와 클로드 2"):
        page.goto(address)
        page.keyboard.press("Control+k")
        page.locator("#search input").fill(query)
        page.locator("[role=option]", has_text="GPT-4 / Claude 2").wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}compare/?m=gpt-4,claude-2")


def test_long_tables_begin_with_their_first_rows(page: Page, address: str) -> None:
    page.goto(f"{address}charts/parameters/")
    rows = page.locator(".long tbody tr")
    seen = page.locator(".long tbody tr:visible")
    assert 0 < seen.count() < rows.count()
    page.get_by_role("button", name="Show all").press("Enter")
    assert seen.count() == rows.count()
    assert page.locator(".more:visible").count() == 0


def test_the_table_sorts_and_filters_with_units(page: Page, address: str) -> None:
    page.goto(f"{address}compare/")
    rows = page.locator("#models-table tbody tr:visible")
    page.get_by_role("button", name="Show all").click()
    every = rows.count()
    column = page.locator("#models-table thead th", has_text="Parameters")
    cells = f"rows => rows.map((row) => row.cells[{column.evaluate('e => e.cellIndex')}].dataset.v)"
    for descending in (True, False):
        page.get_by_role("button", name="Parameters").click()
        values = rows.evaluate_all(cells)
        known = [float(value) for value in values if value]
        assert known == sorted(known, reverse=descending)
        assert not any(values[len(known) :]), "what is not disclosed comes last"
    page.get_by_label("Filter: Parameters").fill(">100B")
    assert 0 < rows.count() < every
    with page.expect_download() as download:
        page.get_by_role("link", name="What is shown as CSV").click()
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert len(lines) == rows.count() + 1
    assert lines[0].startswith("id,Model,Date,Organization")


def test_the_table_shows_any_other_fact(page: Page, address: str) -> None:
    page.goto(f"{address}compare/")
    for fact in ("Training cost", "Knowledge cut-off", "Languages", "Modalities", "Layers"):
        page.get_by_label("Also show").select_option(label=fact)
        page.get_by_role("button", name=fact, exact=True).wait_for()
    assert "Layers" not in page.get_by_label("Also show").inner_text()
    page.get_by_label("Filter: Model").fill("gpt-4")
    row = page.locator("#models-table tbody tr").filter(
        has=page.get_by_role("link", name="GPT-4", exact=True)
    )
    text = row.inner_text()
    assert "$100,000,000" in text
    assert "Sept 2021" in text or "Sep 2021" in text
    assert "text + image → text" in text
    page.get_by_label("Filter: Model").fill("")
    page.get_by_label("Filter: Layers").fill(">100")
    page.get_by_role("button", name="Layers").click()
    column = page.locator("#models-table thead th", has_text="Layers")
    index = column.evaluate("e => e.cellIndex")
    values = page.locator("#models-table tbody tr:visible").evaluate_all(
        f"rows => rows.map((row) => Number(row.cells[{index}].textContent.replace(/\\D/g, '')))"
    )
    assert len(values) > 3
    assert values == sorted(values, reverse=True)
    assert min(values) > 100


def test_search_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}models/llama/")
    page.keyboard.press("Control+k")
    page.keyboard.type("gpt4")
    option = page.locator("[role=option]").first
    option.wait_for()
    assert page.locator("#search input").get_attribute("aria-activedescendant") == "result-0"
    page.keyboard.press("ArrowDown")
    assert page.locator("[aria-selected=true]").get_attribute("id") == "result-1"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}models/gpt-4/")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    assert not page.locator("#search").is_visible()


def test_search_shows_the_sentence(page: Page, address: str) -> None:
    page.goto(f"{address}ko/")
    page.get_by_role("button", name="검색").click()
    page.locator("#search input").fill("강화학습을")
    mark = page.locator("[role=option] mark").first
    mark.wait_for()
    assert mark.inner_text().startswith("강화학습")


def test_search_goes_on_when_a_file_of_its_index_does_not_come(page: Page, address: str) -> None:
    page.goto(address)
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.request.url)
        route.abort()

    page.route("**/search/texts-*.json", lose)
    page.keyboard.press("Control+k")
    page.keyboard.type("attention is all you need")
    page.locator("[role=option]").first.wait_for()
    assert lost
    page.unroute("**/search/texts-*.json")
    page.route("**/search/index.json", lose)
    page.reload()
    page.keyboard.press("Control+k")
    page.keyboard.type("gpt4")
    page.get_by_text("The search index could not be loaded.").wait_for()
    page.unroute("**/search/index.json")
    page.keyboard.type(" ")
    page.locator("[role=option]").first.wait_for()


def test_the_theme_can_be_chosen_and_stays(page: Page, address: str) -> None:
    page.goto(address)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto(f"{address}models/gpt-4/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_the_other_language_is_one_link_away(page: Page, address: str) -> None:
    page.goto(f"{address}models/llama/")
    page.get_by_role("link", name="한국어").click()
    assert page.url == f"{address}ko/models/llama/"
    assert page.locator("html").get_attribute("lang") == "ko"
    page.get_by_role("link", name="English").click()
    assert page.url == f"{address}models/llama/"


MOVED = """window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((e) => { moved += e.value; }))
    .observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize(
    "path",
    ["", "ko/", "lineage/?m=llama", "models/llama/", "organizations/openai/", "compare/",
     "compare/?m=gpt-4,claude-2", "ko/compare/", "charts/parameters/", "disclosure/", "records/",
     "sources/", "notes/"],
)  # fmt: skip
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_moves_while_a_page_loads(
    browser: Browser, address: str, path: str, size: ViewportSize
) -> None:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.add_init_script(MOVED)
    page.goto(address + path)
    page.wait_for_timeout(400)
    assert page.evaluate("moved") < 0.01
    context.close()


def test_tables_fit_their_columns(page: Page, address: str) -> None:
    """The builder knows how wide a column must be: no cell is cut or wraps without need."""
    for path in ("records/", "charts/parameters/", "ko/records/", "compare/"):
        page.goto(address + path)
        cut = page.evaluate(
            """() => Array.from(document.querySelectorAll(".fixed :is(th, td)"))
                .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
                .map((cell) => cell.textContent)"""
        )
        assert cut == [], path
    page.goto(f"{address}records/")
    heights = page.locator("#longest-context tbody tr").evaluate_all(
        "rows => rows.map((row) => Math.round(row.getBoundingClientRect().height))"
    )
    assert max(heights) < 45, "a row of this table is one line"


def test_two_models_fit_beside_each_other_on_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{address}compare/?m=gpt-4,claude-2")
    row = page.locator(".side-by-side tbody tr", has_text="Context window").first
    row.wait_for()
    for cell in row.locator("td").all():
        box = cell.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    context.close()


# --- Questions that readers have: three obvious steps from the first page ---


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        (["What could one use in any month?", "March", "What one could use as a service or a"],
         "#api"),
        (["More questions", "What descends from LLaMA?"], "text=Vicuna"),
        (["Who held which record, and for how long?", "The longest context window"],
         "#longest-context"),
        (["What was never disclosed?"], "#summary"),
        (["How do two models differ?", "LLaMA / GPT-4"], "text=SemiAnalysis"),
    ],
)  # fmt: skip
def test_answers_are_three_steps_away(
    browser: Browser, address: str, size: ViewportSize, steps: list[str], answer: str
) -> None:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.goto(address)
    for step in steps:
        scope = page.locator("#y2023") if step == "March" else page
        scope.get_by_role("link", name=step).first.press("Enter")
    page.locator(answer).first.wait_for()
    context.close()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_model_s_page_leads_to_its_rivals(
    browser: Browser, address: str, size: ViewportSize
) -> None:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.goto(f"{address}models/claude-2/")
    page.locator(".beside").get_by_role("link", name="GPT-4", exact=True).press("Enter")
    page.wait_for_url(f"{address}compare/?m=claude-2,gpt-4")
    page.locator(".side-by-side", has_text="SemiAnalysis").wait_for()
    context.close()


def test_a_model_s_page_names_all_that_came_from_it(page: Page, address: str) -> None:
    page.goto(f"{address}models/llama/")
    page.locator(".descendants summary").press("Enter")
    names = page.locator(".descendants a").all_inner_texts()
    assert {"Alpaca", "Vicuna", "Llama 3.1"} <= set(names)


def test_long_pages_begin_with_their_contents(page: Page, address: str) -> None:
    for path in ("models/", "sources/", "disputed/", "questions/", "on-this-day/", "records/"):
        page.goto(address + path)
        targets = page.locator(".jump a").evaluate_all(
            "links => links.map((a) => a.getAttribute('href').slice(1))"
        )
        assert len(targets) > 3, path
        assert page.evaluate("ids => ids.every((id) => document.getElementById(id))", targets)


def test_what_is_current_is_in_view_on_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{address}models/gpt-4/")
    for selector in (".top [aria-current]", ".map .now circle"):
        page.wait_for_function(
            "s => { const b = document.querySelector(s).getBoundingClientRect();"
            " return b.left >= 0 && b.right <= innerWidth; }",
            arg=selector,
        )
    context.close()


def test_scores_are_in_view_on_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{address}benchmarks/mmlu/")
    for cell in page.locator(".results tbody td:nth-child(3)").all()[:10]:
        box = cell.bounding_box()
        assert box
        assert box["x"] + box["width"] <= PHONE["width"]
    context.close()


def test_a_comparison_is_printed_without_the_table_of_all_models(page: Page, address: str) -> None:
    page.goto(f"{address}compare/?m=gpt-4,claude-2")
    page.locator(".side-by-side").wait_for()
    page.emulate_media(media="print")
    assert not page.locator("#models-table").is_visible()
    page.goto(f"{address}compare/")
    assert page.locator("#models-table tbody th").first.is_visible()
    assert page.locator("#models-table input:visible").count() == 0


def test_the_lineage_is_printed_as_wide_as_the_paper_after_its_families(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 1123, "height": 794})
    page = context.new_page()
    page.goto(f"{address}lineage/")
    page.locator("#map a.n").first.focus()
    page.emulate_media(media="print")
    box = page.locator("#map").bounding_box()
    families = page.locator(".as-list").last.bounding_box()
    widest = page.evaluate("document.documentElement.scrollWidth")
    lit = page.locator(".over").is_visible()
    context.close()
    assert box
    assert families
    assert families["y"] + families["height"] <= box["y"]
    assert (widest, lit) == (1123, False)


def test_a_status_keeps_its_square_on_paper(page: Page, address: str) -> None:
    page.goto(f"{address}models/gpt-4/")
    page.emulate_media(media="print")
    square = page.locator(".st-official i").first
    assert square.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
