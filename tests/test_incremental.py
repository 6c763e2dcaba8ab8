"""A site that is built again and again is, byte for byte, the one that a clean build makes.

A machine makes random edits to a small site. After each it compares what the living builder
published, and what it said, with a new builder's work in another folder. Now and then another
process goes on with what the last one left.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from conftest import Site
from llm_history.build import Audience, Builder
from llm_history.cache.stamp import look_at, unchanged
from llm_history.content import parsed
from llm_history.folders import Options
from llm_history.history.reads import Reads
from llm_history.pages import chronology, indexes, parts
from llm_history.pages.closures import Closures
from llm_history.report import Report

MODELS = ("alpha", "beta", "gamma", "delta-2")
NOTES = ("one", "two", "sub/three", "one.ko")
NAMES = st.sampled_from(["Alpha", "Beta", "Gamma", "Alpha 2", "베타", "A & B <i>"])
DATES = st.sampled_from(["2019", "2020-03", "2020-03-05", "2021-11~", "2023-02-01/2023-02-09"])
LAB = st.sampled_from(["", "organization: lab\n", "organization: other\n", "family: line\n"])
FACTS = st.sampled_from(
    [
        "parameters: 7B\n",
        "parameters: 7T\n",
        "knowledge_cutoff: 2024-05\naccess: [{kind: weights, state: public, license: MIT}]\n",
        "access: [{kind: weights, state: public, license: CC-BY-NC-4.0}]\n",
        "parameters: undisclosed\ncontext_window: 4096\n",
        "parameters:\n  - {value: 1B, rank: preferred}\n  - {value: 2B, why: x}\n",
        "access: [{kind: weights, state: public, from: 2021-01}]\n",
        "variants: [{id: small, name: Small, parameters: 1B}, {id: big, name: Big}]\n",
        "results: [{benchmark: quiz, value: 5, by: developer, cite: paper}]\n",
        "formerly: [old-name]\n",
        "also_known_as: [Betamax]\nsummary: {en: A model., ko: 모델이다.}\n",
        "familly: oops\n",
    ]
)
RELATIONS = st.sampled_from(
    ["", "successor-of", "fine-tuned-from", "trained-on-outputs-of", "uses-technique"]
)
PARAGRAPHS = st.sampled_from(
    [
        "Alpha came before Beta and 베타는 later.",
        "See [[alpha]] and [[beta|that one]] and [[note two]].",
        "See [[alpha#parameters]], [[Beta#small]] and [[two#a-heading]].",
        "The first was {{ first(models) }}, of {{ count(models) }}.",
        "So it is said [@paper; @talk#page-2].",
        "![picture](picture.png) and [two](two.md)",
        "## A heading\n\nGamma again, with `code` and a table.\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "```python\nprint('Alpha')\n```",
    ]
)
HEADS = st.sampled_from(
    [
        "",
        "title: Note two\ntags: [x, y]\n",
        "tags: [x]\nabout: [alpha]\n",
        "draft: true\n",
        "kind: question\nquery: all(models, mark='open')\n",
        "assert: [count(models) >= 1]\n",
        "translates: one\nlang: ko\n",
    ]
)
SETTINGS = st.sampled_from(
    [
        "title: Test\n",
        "title: Other\nlanguages: [en, ko]\n",
        "title: Test\nbase_url: https://example.org/sub/\n",
        "title: Test\nnavigation: [timeline, notes]\n",
        "titel: Test\n",
    ]
)
THEME = st.sampled_from(
    [
        ("source.html", '{% extends "base.html" %}{% block main %}{{ view.name }}{% endblock %}'),
        ("foot.html", "<footer>{{ site.title }}</footer>\n"),
        ("record.html", "{{ view.name }} {{ view.mentions|length }} {{ view.missing }}"),
        ("assets/site.css", "body { color: red; }\n"),
        ("assets/site.css", "body { color: tan; }\n"),
        ("assets/own.txt", "mine\n"),
        ("locale/ko.po", 'msgid ""\nmsgstr ""\n\nmsgid "Sources"\nmsgstr "자료"\n'),
    ]
)


LOOKED_AT = ("index.html", "models/alpha/index.html")


class Watching(Audience):
    """Looks at some pages, and is told of what is there before the rest."""

    def __init__(self, told: Callable[[Sequence[str]], object], *pages: str) -> None:
        self.told = told
        self.pages = pages
        self.meanwhile: list[Callable[[], object]] = []

    def looking_at(self) -> Collection[str]:
        return self.pages

    def tell(self, changed: Sequence[str], _: Mapping[str, str]) -> None:
        self.told(changed)

    def pause(self) -> None:
        if self.meanwhile:
            self.meanwhile.pop()()


def nothing() -> None:
    pass


def interrupt() -> None:
    raise InterruptedError


class Editing(RuleBasedStateMachine):
    """A maintainer at work."""

    def __init__(self) -> None:
        super().__init__()
        self.early: dict[str, bytes] = {}
        self.folder = Path(tempfile.mkdtemp())
        self.site = Site(self.folder / "site-root")
        self.site.put("content/site.yaml", "title: Test\n")
        self.site.put(
            "content/sources/s.yaml",
            "paper: {type: paper, title: A Paper, published: 2020}\ntalk: {type: talk, title: T}\n",
        )
        self.site.put("content/organizations/lab.yaml", "name: Lab\n")
        self.site.put(
            "content/benchmarks/quiz.yaml",
            "name: Quiz\ncite: paper\ndates: [{what: paper, on: 2018}]\n"
            "metric: {name: accuracy, better: higher}\n",
        )
        self.builder = self.new_builder()

    def new_builder(self) -> Builder:
        self.watching = Watching(self.see, *LOOKED_AT)
        return Builder(self.site.folders, Options(), audience=self.watching)

    def see(self, paths: Sequence[str]) -> None:
        """Look at pages that are there before others."""
        self.early |= {path: (self.site.root / "site" / path).read_bytes() for path in paths}

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def compare(self, *edited: str) -> None:
        """Build both ways; the same must come out, and the same be said.

        ``edited`` are the only files that were, as far as the builder is told.
        """
        self.early.clear()
        folders, options = self.site.folders, Options()
        claimed, before = unchanged(folders, options), self.site.output()
        looked_at = look_at(folders)
        report = self.builder.build(edited=edited)
        clean, said = self.clean()
        assert report.diagnostics == said.diagnostics
        assert (report.published is None) == (said.published is None)
        self.published = report.published is not None
        if self.published:
            output = clean.output()
            assert self.site.output() == output
            assert self.early.items() <= output.items()
            self.builder.keep(report, looked_at)
        if claimed:
            assert claimed.diagnostics == said.diagnostics
            assert before == clean.output()

    def clean(self) -> tuple[Site, Report]:
        clean = Site(self.folder / "clean" / "site-root")
        shutil.rmtree(clean.root, ignore_errors=True)
        shutil.copytree(self.site.root, clean.root, ignore=shutil.ignore_patterns("site"))
        return clean, Builder(clean.folders, Options()).build()

    def path(self, choice: str) -> Path:
        return self.site.root / choice

    @property
    def contents(self) -> list[Path]:
        kinds = ("models", "notes", "techniques", "events")
        content = self.site.root / "content"
        return sorted(p for k in kinds for p in (content / k).rglob("*.*") if p.is_file())

    @rule(
        model=st.sampled_from(MODELS),
        name=NAMES,
        date=DATES,
        lab=LAB,
        facts=FACTS,
        relation=RELATIONS,
        to=st.sampled_from([*MODELS, "tuning", "nowhere"]),
    )
    def write_model(
        self, model: str, name: str, date: str, lab: str, facts: str, relation: str, to: str
    ) -> None:
        edge = f"lineage: [{{relation: {relation}, to: {to}}}]\n" if relation else ""
        self.put_model(model, name, date, lab + facts + edge)
        self.compare(f"models/{model}.yaml")

    def put_model(self, model: str, name: str, date: str, more: str) -> None:
        self.site.put(
            f"content/models/{model}.yaml",
            f"name: {name!r}\ncite: paper\ndates: [{{what: released, on: {date}}}]\n{more}",
        )

    @rule(
        models=st.tuples(st.sampled_from(MODELS), st.sampled_from(MODELS)),
        facts=st.tuples(FACTS, FACTS, FACTS),
        pauses=st.integers(0, 12),
    )
    def edit_during_a_build(
        self, models: tuple[str, str], facts: tuple[str, str, str], pauses: int
    ) -> None:
        """The second edit may be shown at once; the build after it is what counts."""
        first, second = models

        def edit(model: str, facts: str) -> str:
            self.put_model(model, model.title(), "2020-01", facts)
            return f"models/{model}.yaml"

        def meanwhile() -> None:
            self.builder.go_ahead([edit(second, facts[2])])

        edit(second, facts[0])
        self.compare(edit(first, facts[1]))
        self.watching.meanwhile = [meanwhile, *[nothing] * pauses]
        self.builder.build(edited=[edit(first, facts[0])])
        self.watching.meanwhile = []
        self.compare(edit(second, facts[2]))

    @rule(
        note=st.sampled_from(NOTES),
        head=HEADS,
        paragraphs=st.lists(PARAGRAPHS, min_size=1, max_size=3),
    )
    def write_note(self, note: str, head: str, paragraphs: list[str]) -> None:
        front = f"---\n{head}---\n" if head else ""
        self.site.put(
            f"content/notes/{note}.md", f"{front}# Title {note}\n\n" + "\n\n".join(paragraphs)
        )
        self.compare(f"notes/{note}.md")

    @rule(text=st.sampled_from(["name: Tuning\n", "name: Alpha\nalso_known_as: [Gamma]\n"]))
    def write_technique(self, text: str) -> None:
        head = "cite: paper\ndates: [{what: paper, on: 2018}]\n"
        self.site.put("content/techniques/tuning.yaml", text + head)
        self.compare("techniques/tuning.yaml")

    @rule(about=st.sampled_from([*MODELS, "lab"]), on=st.sampled_from(["2020-03", "2022-01-01"]))
    def write_event(self, about: str, on: str) -> None:
        self.site.put(
            "content/events/leak.yaml",
            f"name: Leak\ncite: paper\ntype: leak\non: {on}\nabout: [{about}]\nimportance: 2\n",
        )
        self.compare("events/leak.yaml")

    @rule(title=st.sampled_from(["A Paper", "Another"]), more=st.booleans())
    def write_sources(self, title: str, more: bool) -> None:
        talk = "talk: {type: talk, title: T}\n" if more else ""
        self.site.put("content/sources/s.yaml", f"paper: {{type: paper, title: {title}}}\n{talk}")
        self.compare()

    @rule(value=st.sampled_from(["7B", "1B"]), below=st.integers(0, 2))
    def write_audit(self, value: str, below: int) -> None:
        audit = f"record: models/alpha, fact: parameters, value: {value}, verdict: wrong"
        self.site.put("content/audits.yaml", "#\n" * below + f"- {{{audit}, by: A, on: 2023}}\n")
        self.compare()

    @rule(data=st.sampled_from([b"\x89PNG1", b"\x89PNG2"]))
    def write_image(self, data: bytes) -> None:
        self.site.put("content/notes/picture.png", data)
        self.compare()

    @rule(text=SETTINGS)
    def write_settings(self, text: str) -> None:
        self.site.put("content/site.yaml", text)
        self.compare()

    @rule(theme=THEME)
    def write_template(self, theme: tuple[str, str]) -> None:
        self.site.put(f"templates/{theme[0]}", theme[1])
        self.compare()

    @rule(theme=THEME, pauses=st.integers(0, 30))
    def overtake_a_theme(self, theme: tuple[str, str], pauses: int) -> None:
        """Leave a build of a theme somewhere on the way; whatever comes next has to be whole."""
        self.site.put(f"templates/{theme[0]}", theme[1])
        self.watching.meanwhile = [interrupt, *[nothing] * pauses]
        with contextlib.suppress(InterruptedError):
            self.builder.build()
        self.watching.meanwhile = []

    @rule()
    def remove_templates(self) -> None:
        shutil.rmtree(self.path("templates"), ignore_errors=True)
        self.compare()

    @precondition(lambda self: self.contents)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.contents)).unlink()
        self.compare()

    @precondition(lambda self: self.contents)
    @rule(data=st.data(), name=st.sampled_from(["alpha", "zeta", "Alpha", "one"]))
    def rename(self, data: st.DataObject, name: str) -> None:
        path: Path = data.draw(st.sampled_from(self.contents))
        path.rename(path.with_name(name + path.suffix))
        self.compare()

    @precondition(lambda self: len(self.contents) > 1)
    @rule(data=st.data())
    def swap(self, data: st.DataObject) -> None:
        first, second = data.draw(
            st.lists(st.sampled_from(self.contents), min_size=2, max_size=2, unique=True)
        )
        spare = self.folder / "spare"
        first.rename(spare)
        second.rename(first)
        spare.rename(second)
        self.compare()

    @precondition(lambda self: (self.site.root / "content/notes").is_dir())
    @rule()
    def move_folder(self) -> None:
        moved = self.path("content/notes/moved")
        if moved.exists():
            shutil.rmtree(moved)
        else:
            notes = list(self.path("content/notes").iterdir())
            moved.mkdir()
            for path in notes:
                path.rename(moved / path.name)
        self.compare()

    @precondition(lambda self: self.contents)
    @rule(data=st.data())
    def edit_behind_the_clock(self, data: st.DataObject) -> None:
        """Change a byte, and set the file's time back to what it was."""
        path: Path = data.draw(st.sampled_from(self.contents))
        before, text = path.stat(), path.read_bytes()
        path.write_bytes(text.replace(b"a", b"e", 1))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.compare()

    @precondition(lambda self: self.contents)
    @rule(data=st.data())
    def touch(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.contents)).touch()
        self.compare()

    @precondition(lambda self: self.contents)
    @rule(data=st.data(), name=NAMES)
    def save_twice(self, data: st.DataObject, name: str) -> None:
        """Two saves with a build between them, as quickly as a program can."""
        path: Path = data.draw(st.sampled_from(self.contents))
        text = path.read_bytes()
        path.write_bytes(text + b"\n")
        self.builder.build()
        path.write_bytes(text + f"# {name}\n".encode())
        self.compare()

    @precondition(lambda self: self.contents)
    @rule(
        data=st.data(),
        added=st.sampled_from(["summary: New.\n", "links: []\n", "x: 1\n", "\n[[alpha]]\n"]),
    )
    def append(self, data: st.DataObject, added: str) -> None:
        """Add to what a file says by itself, or break it."""
        path: Path = data.draw(st.sampled_from(self.contents))
        path.write_bytes(path.read_bytes() + added.encode())
        self.compare(path.relative_to(self.path("content")).as_posix())

    @rule()
    def nothing(self) -> None:
        self.compare()

    @rule()
    def another_process(self) -> None:
        self.builder = self.new_builder()
        self.builder.recall()
        self.compare()

    @rule(data=st.data(), removed=st.booleans(), at_work=st.booleans())
    def meddle(self, data: st.DataObject, removed: bool, at_work: bool) -> None:
        """Change or remove a published file between two builds, perhaps of one process."""
        paths = sorted(self.site.output())
        if paths:
            path = self.path("site") / data.draw(st.sampled_from(paths))
            path.write_bytes(path.read_bytes()[::-1])
            if removed:
                path.unlink()
        if at_work:
            self.compare()
        else:
            self.another_process()

    @rule()
    def remove_the_site(self) -> None:
        shutil.rmtree(self.path("site"), ignore_errors=True)
        self.compare()


Editing.TestCase.settings = settings(
    max_examples=int(os.environ.get("EDITS", "15")),
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


TestEditing = pytest.mark.slow(Editing.TestCase)


# --- One edit of each kind, which must be noticed; and faults that must be ---


def one_of_each() -> None:
    """Make one edit of every kind of input, and compare after each."""
    machine = Editing()
    site = machine.site
    try:
        lab, facts = "organization: lab\nfamily: line\n", "parameters: 7B\n"
        machine.write_model("alpha", "Alpha", "2019", lab, facts, "", "alpha")
        machine.write_model("beta", "Beta", "2020-03", lab, facts, "successor-of", "alpha")
        machine.write_model("gamma", "Gamma", "2021-11~", lab, facts, "", "alpha")
        machine.write_note("one", "about: [alpha]\n", ["Alpha came first [@paper]."])
        machine.write_note("two", "", ["See [[alpha]]. {{ first(models) }} ![x](picture.png)"])
        machine.write_model("alpha", "Alpha 2", "2019", lab, facts, "", "alpha")
        machine.write_model("alpha", "Alpha 2", "2019", lab, "parameters: 9B\n", "", "alpha")
        machine.write_model("gamma", "Gamma", "2011-11-05", lab, facts, "", "alpha")
        machine.write_model("gamma", "Gamma 2", "2011-11-05", lab, facts, "", "alpha")
        machine.write_model("gamma", "Gamma", "2011-11-05", lab, facts, "", "alpha")
        machine.write_model("alpha", "Alpha 2", "2018-05", "", facts, "", "alpha")
        machine.write_note("one", "about: [alpha]\n", ["Alpha 2 came first of all [@paper]."])
        machine.write_note("two", "", ["Gamma is told of here, [[note one]] too."])
        machine.write_note("two", "", ["Gamma is told of there. ![x](picture.png)"])
        machine.write_sources("Another", more=True)
        machine.write_image(b"\x89PNG1")
        site.put("content/organizations/lab.yaml", "name: The Lab\nhue: green\n")
        machine.compare()
        machine.write_event("alpha", "2020-03")
        machine.write_settings("title: Other\nlanguages: [en, ko]\n")
        site.put("templates/foot.html", "<footer>{{ site.title }}</footer>\n")
        machine.compare()
        site.put("templates/assets/site.css", "body { color: red; }\n")
        machine.compare()
        path = site.root / "content/models/beta.yaml"
        before = path.stat()
        path.write_text(path.read_text().replace("Beta", "Bata"))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        machine.compare()
        site.put("content/models/beta.yaml", "name: [\n")
        machine.compare()
        site.delete("content/models/beta.yaml")
        machine.compare()
        machine.another_process()
        machine.write_model("alpha", "Alpha 3", "2018-05", "", facts, "", "alpha")
        machine.another_process()
        site.put("content/models/alpha.yaml", "name: Alpha\ncite: paper\n")
        machine.another_process()
        (site.root / "site/models/alpha/index.html").write_text("Someone else was here.")
        machine.compare()
        machine.remove_the_site()
    finally:
        machine.teardown()


@pytest.fixture
def few_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let lists have pages for each of their parts, as those of very many models do."""
    monkeypatch.setattr(parts, "AT_ONCE", 2)
    monkeypatch.setattr(indexes, "AT_ONCE", 2)
    monkeypatch.setattr(chronology, "ONE_PAGE_UP_TO", 1)


@pytest.mark.slow
def test_one_edit_of_each_kind() -> None:
    one_of_each()


@pytest.mark.slow
@pytest.mark.usefixtures("few_on_a_page")
def test_one_edit_of_each_kind_where_lists_have_parts() -> None:
    one_of_each()


@pytest.mark.slow
@pytest.mark.usefixtures("few_on_a_page")
@pytest.mark.parametrize("cell", ["by_period", "days"])
def test_a_forgotten_part_of_a_list_is_found_out(
    monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    monkeypatch.setattr(Reads, "note", blind_to(cell))
    with pytest.raises(AssertionError):
        one_of_each()


@pytest.mark.usefixtures("few_on_a_page")
def test_an_edit_makes_only_the_part_of_a_list_that_it_stands_in(site: Site) -> None:
    dates = {"a": "2019-01-02", "b": "2020-01-02", "c": "2020-02-01", "d": "2020-03-01"}
    text = "name: Model {}\ncite: paper\ndates: [{{what: paper, on: {}}}]\nsummary: {}\n"
    for name, date in dates.items():
        site.put(f"content/models/{name}.yaml", text.format(name, date, "First."))
    builder = Builder(site.folders, Options())
    builder.build()
    site.put("content/models/c.yaml", text.format("c", dates["c"], "Second."))
    report = builder.build()
    assert report.published is not None
    of_time = [p for p in report.published.written if p.startswith(("timeline", "on-this-day"))]
    found = {p.removesuffix("/index.html") for p in of_time}
    assert found == {"timeline/2020-02", "timeline/all", "on-this-day/02-01"}
    assert report.made < 20


def test_pages_of_one_thing_come_before_lists_of_many(site: Site) -> None:
    model = "name: One\ncite: paper\ndates: [{what: paper, on: 2020-01}]\n"
    site.put("content/models/one.yaml", model)
    early: list[str] = []
    builder = Builder(site.folders, Options(), audience=Watching(early.extend))
    builder.build()
    assert early == []
    site.put("content/models/one.yaml", model + "context_window: 2048\n")
    report = builder.build()
    assert report.published is not None
    assert "models/one/index.html" in early
    assert "models/index.html" not in early
    assert set(early) < set(report.published.written)
    # A template and a record at once: nothing is published before everything is made.
    early.clear()
    site.put("content/models/one.yaml", model)
    site.put("templates/index.html", "{{ nothing }}")
    published = site.output()
    assert builder.build().published is None
    assert early == []
    assert site.output() == published


def test_the_page_of_what_was_edited_comes_first(site: Site) -> None:
    model = "cite: paper\ndates: [{what: paper, on: 2020-01}]\n"
    for number in range(3):
        site.put(f"content/models/m{number}.yaml", f"name: M{number}\n{model}")
    site.put("content/notes/n.md", "# Title\n\nOf M1.\n")
    told: list[tuple[str, ...]] = []
    watching = Watching(lambda paths: told.append(tuple(paths)))
    builder = Builder(site.folders, Options(), audience=watching)
    builder.build()

    def edit(path: str, text: str) -> tuple[str, ...]:
        told.clear()
        site.put(f"content/{path}", text)
        builder.build(edited=[path])
        return tuple(sorted(told[0])) if told else ()

    page, data = "models/m1/index.html", "data/models/m1.json"
    assert edit("models/m1.yaml", f"name: M1\nsummary: New.\n{model}") == (data, page)
    assert edit("models/m1.yaml", f"name: M1\ncontext_window: 2048\n{model}") == (data, page)
    assert edit("notes/n.md", "# Title\n\nOf M1, again.\n") == ("notes/n/index.html",)
    # A new name stands on many pages, a broken record on none.
    assert len(edit("models/m1.yaml", f"name: M1a\n{model}")) > 2
    assert edit("models/m1.yaml", f"name: M1a\nsummary: [\n{model}") == ()
    assert edit("models/m0.yaml", f"name: M0\nsummary: Not yet.\n{model}") == ()
    site.put("content/models/m1.yaml", f"name: M1a\n{model}")
    assert builder.build().published


def test_the_page_that_someone_looks_at_comes_first(site: Site) -> None:
    model = "name: One\ncite: paper\ndates: [{what: paper, on: 2020-01}]\n"
    site.put("content/models/one.yaml", model)
    site.put("templates/foot.html", "<footer>Before</footer>")
    site.put("templates/assets/site.css", "body { color: red; }\n")
    told: list[tuple[str, ...]] = []
    page = "models/one/index.html"
    watching = Watching(lambda paths: told.append(tuple(paths)), page)
    builder = Builder(site.folders, Options(), audience=watching)
    builder.build()
    site.put("templates/foot.html", "<footer>After</footer>")
    builder.build()
    assert told == [(page,)]
    told.clear()
    site.put("templates/assets/site.css", "body { color: blue; }\n")
    report = builder.build()
    ((sheet, *pages),) = told
    assert sheet.startswith("assets/site.")
    assert pages == [page]
    assert page in report.restyled
    assert sheet in site.read(page)
    # What is wrong stays where it is.
    told.clear()
    site.put("templates/foot.html", "{{ nothing }}")
    published = site.output()
    assert builder.build().published is None
    assert (told, site.output()) == ([], published)


def test_a_build_makes_way_and_the_next_one_is_whole(site: Site) -> None:
    model = "name: One\ncite: paper\ndates: [{what: paper, on: 2020-01}]\n"
    site.put("content/models/one.yaml", model)
    others = "name: Two\ncite: paper\ndates: [{what: paper, on: 2021-01}]\n"
    site.put("content/models/two.yaml", others)
    watching = Watching(lambda _: None)
    builder = Builder(site.folders, Options(), audience=watching)
    builder.build()
    for stop in range(1, 12):
        site.put("content/models/one.yaml", f"{model}summary: Words {stop}.\n")
        watching.meanwhile = [interrupt, *[nothing] * (stop - 1)]
        with pytest.raises(InterruptedError):
            builder.build(edited=["models/one.yaml"])
        assert f"Words {stop}." in site.read("models/one/index.html")
        site.put("content/models/two.yaml", f"{others}summary: Words {stop}.\n")
        assert builder.build(edited=["models/two.yaml"]).published
        copy = Site(site.root / "copy")
        shutil.copytree(site.root / "content", copy.root / "content")
        copy.built()
        assert site.output() == copy.output()
        shutil.rmtree(copy.root)


def test_a_file_that_was_seen_while_it_was_saved_goes_ahead_when_it_is(site: Site) -> None:
    model = "name: One\ncite: paper\ndates: [{what: paper, on: 2020-01}]\n"
    site.put("content/models/one.yaml", model)
    watching = Watching(lambda _: None)
    builder = Builder(site.folders, Options(), audience=watching)
    builder.build()
    for number, half in enumerate(("", "name: On", None)):
        if half is None:
            site.delete("content/models/one.yaml")
        else:
            site.put("content/models/one.yaml", half)
        watching.meanwhile = [interrupt]
        with pytest.raises(InterruptedError):
            builder.build(edited=["models/one.yaml"])
        site.put("content/models/one.yaml", f"{model}summary: After {number}.\n")
        watching.meanwhile = [interrupt]
        with pytest.raises(InterruptedError):
            builder.build(edited=["models/one.yaml"])
        assert f"After {number}." in site.read("models/one/index.html")
    assert builder.build().published


@pytest.mark.parametrize("second", ["one", "two"])
def test_an_edit_during_a_build_shows_at_once_and_stays(site: Site, second: str) -> None:
    """Whenever it comes, and whether it is of the same record or of another."""

    def put(name: str, words: str) -> None:
        head = f"name: {name.title()}\ncite: paper\ndates: [{{what: paper, on: 2020-01}}]\n"
        site.put(f"content/models/{name}.yaml", f"{head}summary: {words}.\n")

    put("one", "First")
    put("two", "First")
    page = f"models/{second}/index.html"
    told: list[str] = []
    watching = Watching(told.extend, page)
    builder = Builder(site.folders, Options(), audience=watching)
    builder.build()
    for pauses in range(1, 14, 2):

        def edit(words: str = f"Second {pauses}") -> None:
            put(second, words)
            told.clear()
            assert builder.go_ahead([f"models/{second}.yaml"])
            assert page in told
            assert words in site.read(page)

        put("one", f"First {pauses}")
        watching.meanwhile = [edit, *[nothing] * (pauses - 1)]
        assert builder.build(edited=["models/one.yaml"]).published
        assert not watching.meanwhile
        assert f"Second {pauses}" in site.read(page)
        assert builder.build(edited=[f"models/{second}.yaml"]).published
        copy = Site(site.root / "copy")
        shutil.copytree(site.root / "content", copy.root / "content")
        copy.built()
        assert site.output() == copy.output()
        shutil.rmtree(copy.root)


def blind_to(*names: str) -> Callable[[Reads, str], None]:
    heard = Reads.note

    def note(self: Reads, *cell: str) -> None:
        if cell[0] not in names:
            heard(self, *cell)

    return note


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell",
    ["neighbours", "find", "models", "introduced", "introduction", "backlinks", "organizations"],
)
def test_a_forgotten_cell_is_found_out(monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    monkeypatch.setattr(Reads, "note", blind_to(cell))
    with pytest.raises(AssertionError):
        one_of_each()


@pytest.mark.slow
def test_a_forgotten_template_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Closures, "_parts", lambda *_: [])
    with pytest.raises(AssertionError):
        one_of_each()


@pytest.mark.slow
def test_stale_files_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        one_of_each()


@pytest.mark.slow
def test_trust_in_times_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_time(file: str) -> tuple[int, ...]:
        found = Path(file).stat()
        return (found.st_size, found.st_mtime_ns)

    monkeypatch.setattr(parsed, "sign", by_time)
    with pytest.raises(AssertionError):
        one_of_each()


def test_an_edit_makes_only_what_read_it(site: Site) -> None:
    for number in range(30):
        site.put(
            f"content/models/m{number}.yaml",
            f"name: M{number}\ncite: paper\n"
            f"dates: [{{what: paper, on: 2020-01-{number + 1:02}}}]\n",
        )
    builder = Builder(site.folders, Options())
    cold = builder.build()
    assert builder.build().made == 1  # the site map alone
    path = "content/models/m9.yaml"
    site.put(path, (site.root / path).read_text() + "context_window: 2048\n")
    report = builder.build()
    assert report.published is not None
    assert report.made < cold.made / 2
    models = [p for p in report.published.written if p.startswith("models/m")]
    assert models == ["models/m9/index.html"]


def test_a_style_sheet_that_changes_again_in_between_leaves_no_old_name(site: Site) -> None:
    for name in ("one", "two"):
        site.put(
            f"content/models/{name}.yaml",
            f"name: {name.title()}\ncite: paper\ndates: [{{what: paper, on: 2020}}]\n",
        )
    told: list[str] = []
    watching = Watching(told.extend, "models/one/index.html")
    builder = Builder(site.folders, Options(), audience=watching)
    builder.build()

    def interrupt_when_told() -> None:
        watching.meanwhile = [interrupt if told else interrupt_when_told]

    site.put("templates/assets/site.css", "body { color: red; }\n")
    interrupt_when_told()
    with pytest.raises(InterruptedError):
        builder.build()
    assert "models/one/index.html" in told
    site.put("templates/assets/site.css", "body { color: blue; }\n")
    assert builder.build().published
    copy = Site(site.root / "copy")
    for folder in ("content", "templates"):
        shutil.copytree(site.root / folder, copy.root / folder)
    copy.built()
    assert site.output() == copy.output()


def test_a_style_sheet_renames_itself_on_every_page_and_no_page_is_made(site: Site) -> None:
    site.put("templates/assets/site.css", "body { color: red; }\n")
    builder = Builder(site.folders, Options())
    builder.build()
    (name,) = (path for path in site.output() if path.startswith("assets/site.") and "css" in path)
    site.put("content/notes/n.md", f"# Names\n\nThe style sheet is {name} now.\n")
    builder.build()
    site.put("templates/assets/site.css", "body { color: blue; }\n")
    report = builder.build()
    assert report.published is not None
    # The site map, and the pages whose text happens to name the old style sheet.
    assert 1 < report.made < 12
    assert report.restyled == {
        path for path in report.published.written if path.endswith(".html")
    } - {"notes/n/index.html"}
    assert name in site.read("notes/n/index.html")
    published = site.output()
    shutil.rmtree(site.root / "site")
    Builder(site.folders, Options()).build()
    assert site.output() == published
