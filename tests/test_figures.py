"""Where drawings put things: nothing covers anything else, and always the same way."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Site
from llm_history.history.lineage import Line, Step
from llm_history.pages import timetable
from llm_history.pages.figures.descent import Descent, Node
from llm_history.pages.figures.lanes import BARE_ROWS, MAX_ROWS, PLOT_WIDTH, Item, pack
from llm_history.pages.figures.lineage import Map, Style, draw_map
from llm_history.pages.figures.log import LOG_LANES, draw_log
from llm_history.pages.figures.metrics import text_width
from llm_history.pages.figures.scatter import Dot, log_scale, place
from llm_history.pages.figures.timescale import TimeScale

SCALE = TimeScale(24000, 24100)
NAMES = st.text("GPT-4 LaMda라마1", min_size=1, max_size=14)


def test_wide_and_unknown_characters_have_a_width() -> None:
    assert text_width("라마") == 24
    assert text_width("WWW") > text_width("iii")
    assert text_width("A", bold=True) > text_width("A")


@given(st.lists(st.tuples(st.floats(24000, 24099), NAMES, st.sampled_from("abcdefghijkl"))))
def test_labels_in_a_lane_never_cover_each_other(models: list[tuple[float, str, str]]) -> None:
    items = [Item(str(n), name, lane, t, t) for n, (t, name, lane) in enumerate(sorted(models))]
    lanes = pack(items, SCALE)
    drawn = [placed.item.key for lane in lanes for placed in lane.placed]
    assert sorted(drawn) == sorted(item.key for item in items)
    for lane in lanes:
        boxes: dict[int, list[tuple[float, float]]] = {}
        for placed in lane.placed:
            assert placed.row < (MAX_ROWS if placed.labelled else MAX_ROWS + BARE_ROWS)
            if placed.labelled:
                x = SCALE.percent(placed.item.middle) / 100 * PLOT_WIDTH
                start = x - placed.width - 9 if placed.flipped else x - 5
                end = x + 5 if placed.flipped else x + placed.width + 9
                assert end <= PLOT_WIDTH + 10
                boxes.setdefault(placed.row, []).append((start, end))
        for row in boxes.values():
            for (_, end), (start, _) in itertools.pairwise(sorted(row)):
                assert end <= start


def test_at_most_eight_lanes_and_the_others() -> None:
    items = [Item(f"{n}", "x", f"org{n % 12}", 24000 + n, 24000 + n) for n in range(50)]
    lanes = pack(items, SCALE)
    assert len(lanes) == 9
    assert lanes[-1].key == ""


@given(st.lists(st.tuples(st.floats(24000, 24099), st.floats(1e6, 1e13), NAMES), min_size=1))
def test_labels_on_a_chart_cover_neither_dots_nor_labels(
    values: list[tuple[float, float, str]],
) -> None:
    dots = [Dot(str(n), name, t, v, v, v, v) for n, (t, v, name) in enumerate(values)]
    scale = log_scale([dot.number for dot in dots])
    boxes = []
    for placed in place(dots, SCALE, scale):
        assert 0 <= placed.y <= scale.height
        if placed.labelled:
            x, width = placed.x / 100 * 600, text_width(placed.dot.name)
            start = x - 7 - width if placed.flipped else x + 7
            boxes.append((start, placed.y - 6, start + width, placed.y + 6))
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


# --- Lineage ---


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Node], list[Step]]:
    """Some models in a few families, and steps from younger to older ones."""
    count = draw(st.integers(1, 24))
    nodes = [
        Node(f"m{n}", f"Model {n}", draw(st.sampled_from(["", "a", "b", "c"])), "o", 24000 + n)
        for n in range(count)
    ]
    steps = []
    for child in range(1, count):
        for _ in range(draw(st.integers(0, 2))):
            parent = draw(st.integers(0, child - 1))
            line = draw(st.sampled_from(list(Line)))
            steps.append(Step(f"m{child}", f"m{parent}", "successor-of", line))
    return nodes, steps


@given(histories(), st.booleans())
def test_a_map_is_always_drawn_the_same_way(
    history: tuple[list[Node], list[Step]], compact: bool
) -> None:
    nodes, steps = history
    style = Style(width=1312, compact=compact)
    drawn = draw_map(nodes, steps, style)
    again = draw_map(list(reversed(nodes)), list(reversed(steps)), style)
    assert {s.key: s for s in drawn.spots} == {s.key: s for s in again.spots}
    assert drawn.bands == again.bands


def labels(drawn: Map, names: dict[str, str]) -> list[tuple[float, float, float, float]]:
    boxes: list[tuple[float, float, float, float]] = []
    for spot in drawn.spots:
        width = text_width(names[spot.key])
        start = spot.x + 4 - width if spot.flipped else spot.x - 4
        top = {"above": spot.y - 20, "below": spot.y + 8}.get(spot.label)
        if top is not None:
            boxes.append((start, top, start + width, top + 11))
    return boxes


@given(histories())
def test_no_label_of_a_map_covers_another(history: tuple[list[Node], list[Step]]) -> None:
    nodes, steps = history
    drawn = draw_map(nodes, steps, Style(width=1312))
    boxes = labels(drawn, {node.key: node.name for node in nodes})
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@given(histories())
def test_no_line_inside_a_family_runs_through_another_model(
    history: tuple[list[Node], list[Step]],
) -> None:
    nodes, steps = history
    drawn = draw_map(nodes, steps, Style(width=1312))
    family = Descent(nodes, steps).family
    at = {spot.key: spot for spot in drawn.spots}
    for curve in drawn.curves:
        straight = re.search(r"H(\d+)$", curve.path)
        if not (curve.inside and straight):
            continue
        bend = re.search(r"c\d+ 0 \d+ -?\d+ (\d+) -?\d+H", curve.path)
        start, end = at[curve.step.parent].x + (int(bend[1]) if bend else 0), int(straight[1])
        y = at[curve.step.child].y
        ends = {curve.step.child, curve.step.parent}
        for spot in drawn.spots:
            inside = start + 1 < spot.x < end - 1 and spot.y == y
            if inside and spot.key not in ends and family[spot.key] == family[curve.step.child]:
                own_chain = any(
                    other.step.child == spot.key and other.inside and "c" not in other.path
                    for other in drawn.curves
                )
                assert own_chain, f"{curve.step} runs through {spot.key}"


@given(histories(), st.booleans())
def test_a_line_of_a_map_runs_from_one_model_to_another(
    history: tuple[list[Node], list[Step]], compact: bool
) -> None:
    drawn = draw_map(*history, Style(width=1312, compact=compact))
    at = {(spot.x, spot.y): spot.key for spot in drawn.spots}
    assert len(at) == len(drawn.spots), "no two models stand in one place"
    for curve in drawn.curves:
        x, y = (int(number) for number in re.findall(r"\d+", curve.path)[:2])
        assert at[x, y] == curve.step.parent
        for kind, numbers in re.findall(r"([Hc])([^Hc]+)", curve.path):
            to = [int(number) for number in numbers.split()]
            x, y = (to[0], y) if kind == "H" else (x + to[4], y + to[5])
        assert at[x, y] == curve.step.child


@given(histories())
def test_a_parent_stands_left_of_its_child(history: tuple[list[Node], list[Step]]) -> None:
    nodes, steps = history
    drawn = draw_map(nodes, steps, Style(width=1312))
    x = {spot.key: spot.x for spot in drawn.spots}
    assert all(x[curve.step.parent] < x[curve.step.child] for curve in drawn.curves)
    assert all(0 < value < drawn.width for value in x.values())


@given(histories())
def test_the_log_has_every_model_and_no_two_lines_in_a_lane(
    history: tuple[list[Node], list[Step]],
) -> None:
    nodes, steps = history
    rows = draw_log(nodes, steps)
    assert [row.key for row in rows] == [node.key for node in nodes]
    for row in rows:
        lanes = [lane for lane, _, _ in row.through]
        if row.lane is not None:
            lanes.append(row.lane)
        assert len(lanes) == len(set(lanes))
        assert all(lane < LOG_LANES for lane in lanes)


# --- The thresholds of the timeline ---


def many(site: Site, count: int) -> Site:
    for number in range(count):
        year, month, day = 2016 + number % 10, number % 12 + 1, number % 28 + 1
        site.put(
            f"content/models/m{number:04}.yaml",
            f"name: Model {number}\ncite: paper\norganization: org{number % 30}\n"
            f"dates: [{{what: paper, on: {year}-{month:02}-{day:02}}}]\n"
            f"parameters: {number + 101}M\nfamily: f{number % 40}\n",
        )
    for number in range(30):
        site.put(f"content/organizations/org{number}.yaml", f"name: Org {number}\ncite: paper\n")
    return site


@pytest.mark.slow
def test_up_to_400_models_are_marks_and_more_are_cells(site: Site) -> None:
    many(site, 400).built()
    page = site.read("index.html")
    assert page.count('class="n h-') == 400
    site.put(
        "content/models/one-more.yaml",
        "name: One more\ncite: paper\ndates: [{what: paper, on: 2020-01-01}]\n",
    )
    site.built()
    page = site.read("index.html")
    # The organizations with most models keep their marks; the others share cells.
    assert 0 < page.count('class="n h-') <= 400
    assert page.count('<rect class="l') > 20
    assert page.count('<li class="m') == 401


def test_a_long_list_tells_what_changed_in_a_few_words(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "WHOLE_SENTENCES_UP_TO", 2)
    words = "It read, as no other had, " + "very " * 12 + "long and winding texts"
    head = "cite: paper\ndates: [{what: paper, on: 2020-01-01}]\n"
    for number, summary in enumerate((f"{words}. It wrote.", "`It` spoke. It sang.")):
        site.put(f"content/models/m{number}.yaml", f'name: M{number}\n{head}summary: "{summary}"\n')
    assert told(site) == [f"{words}.", "`It` spoke."]
    site.put("content/models/m2.yaml", f"name: M2\n{head}summary: {'가' * 100}\n")
    assert told(site) == [f"{words[:80].rpartition(' ')[0]}…", "`It` spoke.", f"{'가' * 80}…"]


def told(site: Site) -> list[str]:
    """Build, and return what changed with each model of the timeline."""
    site.built()
    found = re.findall(r'<p class="c-what"[^>]*>(.*?)</p>', site.read("index.html"), re.DOTALL)
    return [text.strip() for text in found]


@pytest.mark.slow
def test_above_2000_models_each_year_has_a_page(site: Site) -> None:
    many(site, 2001).built()
    index = site.read("index.html")
    assert index.count('<li class="m') == 10 * 12
    assert 'href="./timeline/2020/"' in index
    assert site.read("timeline/all/index.html").count('<li class="m') == 2001
    years = [site.read(f"timeline/{year}/index.html") for year in range(2016, 2026)]
    assert sum(page.count('<li class="m') for page in years) == 2001
    families = site.read("lineage/index.html").count('class="n h-')
    assert families == 30 * 50 + 1  # the thirty largest of forty
