"""What only a history can show: records held, silence, any month, any day."""

import re

import pytest

from conftest import Site
from llm_history.pages import chronology, indexes, parts, timeline

RECORDS = """
-- content/models/small.yaml --
name: Small
cite: paper
organization: lab
dates: [{what: paper, on: 2019-03-01}]
parameters: 1B
training_tokens: 10B
context_window: 512
access: [{kind: weights, state: public, from: 2019-03-01, license: MIT}]
-- content/models/large.yaml --
name: Large
cite: paper
organization: lab
dates: [{what: paper, on: 2019-03-31}]
parameters: 10B
training_tokens: undisclosed
context_window: 256
access: [{kind: api, state: limited, from: 2019-04-15, to: 2019-06-01},
         {kind: api, state: general, from: 2019-06-01, to: 2019-08-10}]
-- content/models/rumoured.yaml --
name: Rumoured
cite: paper
organization: other
dates: [{what: paper, on: 2019-06-01}]
parameters:
  - {value: undisclosed, rank: preferred}
  - {value: ~1T, basis: reported, why: Someone said so.}
-- content/events/leak.yaml --
name: A leak
cite: paper
type: leak
on: 2019-06-20
about: [small]
-- content/organizations/lab.yaml --
name: Lab
-- content/organizations/other.yaml --
name: Other
"""


@pytest.fixture
def records(site: Site) -> Site:
    site.write(RECORDS).build()
    return site


def rows(page: str, section: str) -> list[str]:
    """Return the text of each row of a section's table."""
    part = page.partition(f'id="{section}"')[2].partition("</section>")[0]
    found = re.findall(r"<tr>(.*?)</tr>", part.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in found]


def listed(page: str, section: str) -> list[str]:
    part = page.partition(f'id="{section}"')[2].partition("</section>")[0]
    return re.findall(r"<a [^>]*>([^<]*)</a>", part.partition("<ul")[2])


def test_a_record_stands_until_it_is_broken(records: Site) -> None:
    page = records.read("records/index.html")
    assert rows(page, "largest-disclosed") == [
        "1 March 2019 open weights, Small 1B 30 official",
        "31 March 2019 API only, Large 10B stands official",
    ]
    assert rows(page, "longest-context") == ["1 March 2019 open weights, Small 512 stands official"]


def test_what_only_others_say_counts_in_a_record_of_its_own(records: Site) -> None:
    (*_, last) = rows(records.read("records/index.html"), "largest-claimed")
    assert last == "1 June 2019 release not looked up, Rumoured ≈ 1T stands disputed"


@pytest.mark.parametrize(
    ("month", "opened", "served", "closed"),
    [
        ("2019-03", ["Small"], [], ["Large"]),
        ("2019-05", ["Small"], ["Large"], []),
        ("2019-06", ["Small"], ["Large"], []),
    ],
)
def test_what_one_could_use_in_a_month(
    records: Site, month: str, opened: list[str], served: list[str], closed: list[str]
) -> None:
    page = records.read(f"as-of/{month}/index.html")
    assert listed(page, "open") == opened
    assert listed(page, "api") == served
    assert listed(page, "closed") == closed


def test_a_month_names_the_newest_of_each_organization_and_what_happened(records: Site) -> None:
    page = records.read("as-of/2019-06/index.html")
    assert rows(page, "newest") == [
        "Other release not looked up, Rumoured 1 June 2019",
        "Lab API only, Large 31 March 2019",
    ]
    assert listed(page, "this-month") == ["Rumoured", "A leak"]
    assert rows(page, "records")[0].startswith("The largest disclosed model API only, Large 10B")


def test_there_is_a_page_for_every_month_between_the_first_and_the_last(records: Site) -> None:
    months = {path.split("/")[1] for path in records.output() if re.match(r"as-of/\d", path)}
    assert months == {"2019-03", "2019-04", "2019-05", "2019-06"}


def test_disclosure_counts_what_the_maker_said(records: Site) -> None:
    page = records.read("disclosure/index.html")
    assert rows(page, "summary") == ["Lab 5/6", "Other 0/1"]
    assert rows(page, "y2019")[1] == "Large Lab official undisclosed – – – official"


def test_disputed_facts_have_all_their_claims(records: Site) -> None:
    page = records.read("disputed/index.html")
    assert "Sources differ on 1 fact." in page
    for words in ("Rumoured", "not disclosed", "≈ 1T", "Someone said so."):
        assert words in page
    assert 'href="../models/rumoured/#parameters"' in page


def test_each_day_has_what_happened_on_it(records: Site) -> None:
    page = records.read("on-this-day/index.html")
    assert listed(page, "d06-20") == ["A leak"]
    assert listed(page, "d03-01") == ["Small"]


def test_long_lists_stand_on_several_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "AT_ONCE", 2)
    days = {"apple": "2020-01-31", "ant": "2021-01-31", "asp": "2019-03-01", "bee": "2018-03-01"}
    for name, day in days.items():
        dates = f"dates: [{{what: released, on: {day}}}]"
        site.put(f"content/models/{name}.yaml", f"name: {name.title()}\ncite: paper\n{dates}\n")
    source = "{type: paper, title: A Paper, published: 2020}"
    site.put(
        "content/sources/more.yaml", "".join(f"{name}: {source}\n" for name in ("a", "b", "c"))
    )
    site.built()
    index = site.read("models/index.html")
    urls = re.findall(r'href="\.\./(models/by-name/[^"]+)"', index)
    assert urls == [f"models/by-name/{part}/" for part in ("a", "a-2", "b")]
    assert 'href="../models/apple/"' not in index
    first, second, third = (site.read(f"{url}index.html") for url in urls)
    assert re.findall(r'<a href="\.\./\.\./\.\./models/(\w+)/"', first) == ["ant", "apple"]
    assert re.findall(r'<a href="\.\./\.\./\.\./models/(\w+)/"', second) == ["asp"]
    assert 'href="../../../models/bee/"' in third
    assert "sources/by-type/paper-2/" in site.read("sources/index.html")
    assert "A Paper" in site.read("sources/by-type/paper-2/index.html")
    calendar = site.read("on-this-day/index.html")
    assert re.findall(r'href="\.\./on-this-day/([\d-]+)/"', calendar) == ["01-31", "03-01"]
    assert listed(site.read("on-this-day/01-31/index.html"), "d01-31") == ["Apple", "Ant"]


def test_no_page_holds_all_of_very_many_models(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "AT_ONCE", 2)
    monkeypatch.setattr(indexes, "AT_ONCE", 2)
    monkeypatch.setattr(chronology, "ONE_PAGE_UP_TO", 2)
    monkeypatch.setattr(timeline, "ALL_UP_TO", 4)
    days = {"a": "2019-05-01", "b": "2020-01-01", "c": "2020-01-02", "d": "2020-03", "e": "2020",
            "f": "2019-06"}  # fmt: skip
    families = {"a": "one", "b": "one", "c": "two", "d": "two", "e": "three", "f": "three"}
    site.put("content/organizations/lab.yaml", "name: Lab\ncite: paper\n")
    for name, day in days.items():
        facts = "parameters: 1000000" if name in "abc" else "parameters: undisclosed"
        dates = (
            f"dates: [{{what: released, on: {day}}}]\norganization: lab\nfamily: {families[name]}"
        )
        site.put(
            f"content/models/{name}.yaml", f"name: Model {name}\ncite: paper\n{dates}\n{facts}\n"
        )
    site.built()
    pages = {path: site.read(path) for path in site.output() if path.endswith("index.html")}

    def models(path: str) -> list[str]:
        return re.findall(r'<li class="m [^"]*" id="(\w)"', pages[path])

    assert "timeline/all/index.html" not in pages
    assert models("timeline/2019/index.html") == ["a", "f"]
    assert models("timeline/2020/index.html") == ["e"], "nobody knows its month"
    assert models("timeline/2020-01/index.html") == ["b", "c"]
    assert models("timeline/2020-03/index.html") == ["d"]
    assert "<h1>January 2020" in pages["timeline/2020-01/index.html"]
    assert 'href="./timeline/2020-03/"' in pages["index.html"]

    assert rows(pages["disclosure/index.html"], "summary")
    assert 'id="y2020"' not in pages["disclosure/index.html"]
    assert 'href="../disclosure/2020-2/"' in pages["disclosure/index.html"]
    assert len(rows(pages["disclosure/2020/index.html"], "y2020")) == 2
    assert len(rows(pages["disclosure/2020-2/index.html"], "y2020-2")) == 2

    lineage = pages["lineage/index.html"].partition("<h2>Families</h2>")[2]
    assert re.findall(r'href="../families/(\w+)/"', lineage) == ["one", "three"]

    chart = pages["charts/parameters/index.html"]
    assert "1 dot is left out" in chart  # of b, at c
    assert chart.count("<circle") == 2 + 3


def test_charts_have_their_numbers_as_a_table_and_as_csv(records: Site) -> None:
    page = records.read("charts/parameters/index.html")
    assert page.count("<circle") == 3 + 3  # three models, three marks of the legend
    lines = records.read("data/charts/parameters.csv").splitlines()
    assert lines[0].startswith("date,model,variant,name,value")
    assert lines[3] == "2019-06-01,rumoured,,Rumoured,1000000000000,1000000000000,1000000000000," \
        "disputed,paper"  # fmt: skip
    tokens = records.read("data/charts/training-tokens.csv")
    assert "2019-03-31,large,,Large,,,,undisclosed,paper" in tokens


def test_the_table_of_models_puts_the_undisclosed_last(records: Site) -> None:
    page = records.read("compare/by-training-tokens/index.html")
    body = page.partition("<tbody>")[2]
    names = re.findall(r'href="../../models/([a-z]+)/"', body)
    assert names[0] == "small"
    assert "not disclosed" in body
    assert 'aria-sort="descending"' in page


def test_the_access_strip_tells_phases_apart(records: Site) -> None:
    page = records.read("models/large/index.html")
    assert 'class="bar limited"' in page
    assert 'class="bar general"' in page
    assert page.count('class="stop"') == 2


def test_what_came_some_time_in_a_year_came_in_no_month_of_it(site: Site) -> None:
    for name, date in (("a", "2023-01-20"), ("b", "2023-02"), ("c", "2023"), ("d", "2023-02-27")):
        record = f"name: Model {name}\ncite: paper\ndates: [{{what: paper, on: {date}}}]\n"
        site.put(f"content/models/{name}.yaml", record)
    site.built()
    for month, came in (("2023-01", "a"), ("2023-02", "bd")):
        page = site.read(f"as-of/{month}/index.html")
        section = page.partition('id="this-month"')[2].partition("</section>")[0]
        assert sorted(set(re.findall(r"models/(\w)/", section))) == sorted(came)
