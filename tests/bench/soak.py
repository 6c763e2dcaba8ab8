"""Edits a site of ours at random, for long, while a client looks at its pages all the time.

After each edit the page that is served has to show it. No page may ever be half, or an error of
the server; now and then, and at the end, the site has to be the one that a clean build makes.
"""

import random
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.peers import OURS
from bench.processes import memory_of
from bench.serving import Client, serving, wait_until
from llm_history.build import build
from llm_history.folders import Options, folders_of

LONGEST_WAIT = 30.0
COMPARED_EVERY = 100
LEAVES = 6
"""How many models there are that nothing refers to, to be deleted and renamed."""
_WATCHED = 20
BROKEN_RECORD = "familly: oops\n"
BROKEN_YAML = "name: [oops\n"
BROKEN_TEMPLATE = "{% if %}\n"


class Watcher:
    """Asks for pages that nobody deletes, all the time; each has to be whole."""

    def __init__(self, port: int, pages: list[str], seed: int) -> None:
        self.problems: list[str] = []
        self.asked = 0
        self._client, self._pages, self._random = Client(port), pages, random.Random(seed)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            page = self._random.choice(self._pages)
            status, body = self._client.get(page)
            self.asked += 1
            if status != 200 or not is_whole(body):
                self.problems.append(f"{page}: status {status}, {len(body)} bytes, not whole")

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


def is_whole(body: bytes) -> bool:
    """Whether a page has its end."""
    return body.rstrip().endswith(b"</html>")


class Soak:
    """A site, someone who edits it, and what was found wrong.

    ``texts`` are the files as they are without any edit; edits replace each other.
    """

    def __init__(self, root: Path, clean: Path, seed: int) -> None:
        self.root, self.clean = root, clean
        self.seed = seed
        self.random = random.Random(seed)
        self.problems: list[str] = []
        self.number = 0
        self._add_leaves()
        self.models = OURS.sources(root, "record")
        self.notes = OURS.sources(root, "note")
        self.movable = [path for path in self.models if path.stem.startswith("leaf")]
        self.movable += self.notes[: len(self.notes) // 4]
        self.texts = {path: path.read_text("utf-8") for path in (*self.models, *self.notes)}
        self.theme, self.style = (OURS.sources(root, each)[0] for each in ("theme", "style"))
        self.texts |= {path: path.read_text("utf-8") for path in (self.theme, self.style)}
        self.client = Client(0)

    def _add_leaves(self) -> None:
        """Copy some records and their sources, under other names."""
        for number, path in enumerate(OURS.sources(self.root, "record")[:LEAVES]):
            leaf = f"leaf-{number}"
            sources = self.root / "content" / "sources"
            for folder in (path.parent, sources):
                text = (folder / path.name).read_text("utf-8").replace(path.stem, leaf)
                text = re.sub(r"hub\.example/", f"{leaf}.example/", text)
                text = re.sub("^name: .*", f"name: Leaf {number}", text)
                (folder / f"{leaf}.yaml").write_text(text, "utf-8")

    def run(self, edits: int) -> list[str]:
        """Make ``edits`` edits and return what was wrong."""
        stay = [path for path in (*self.models, *self.notes) if path not in self.movable]
        pages = ["/", "/models/", "/notes/", "/tags/", "/compare/"]
        pages += [self.page(path) for path in self.random.sample(stay, min(_WATCHED, len(stay)))]
        done: Counter[str] = Counter()
        with serving(OURS, self.root, "/") as (pid, port):
            self.client = Client(port)
            watcher = Watcher(port, pages, self.seed)
            started = time.monotonic()
            for self.number in range(1, edits + 1):
                action = self._draw()
                done[action.__name__] += 1
                action()
                if self.number % COMPARED_EVERY == 0 or self.number == edits:
                    self._compare()
                    took = time.monotonic() - started
                    print(
                        f"{self.number} edits, {watcher.asked:,} pages asked for, {took:.0f} s: "
                        f"{memory_of(pid) / 1e6:.0f} MB", flush=True,
                    )  # fmt: skip
            watcher.stop()
        print(", ".join(f"{count} {name}" for name, count in sorted(done.items())))
        return [*self.problems, *watcher.problems]

    def _draw(self) -> Callable[[], None]:
        chances = {
            self.edit: 40, self.rename_model: 6, self.theme_edit: 4, self.style_edit: 4,
            self.delete_and_restore: 12, self.move: 10, self.save_twice: 12,
            self.break_and_mend: 10, self.break_template: 2,
        }  # fmt: skip
        return self.random.choices(list(chances), list(chances.values()))[0]

    # --- Edits ---

    def edit(self) -> None:
        path = self._any()
        self._save(path, self._edited(path))
        self._expect(self.page(path), self.token)

    def rename_model(self) -> None:
        """Give a model another name: its page, the index and whatever names it change."""
        path = self.random.choice(self.models)
        text = re.sub('^name: "?(.*?)"?$', rf'name: "\1 {self.token}"', self.texts[path], count=1,
                      flags=re.MULTILINE)  # fmt: skip
        self._save(path, text)
        for page in (self.page(path), "/models/", "/compare/"):
            self._expect(page, self.token)

    def theme_edit(self) -> None:
        self._save(self.theme, OURS.edits["theme"].edit(self.texts[self.theme], self.token))
        for path in self.random.sample([*self.models, *self.notes], 3):
            self._expect(self.page(path), self.token)

    def style_edit(self) -> None:
        self._save(self.style, OURS.edits["style"].edit(self.texts[self.style], self.token))
        page, token = self.page(self.random.choice(self.models)), self.token.encode()
        if wait_until(lambda: token in self.client.style_of(page, "site"), LONGEST_WAIT) is None:
            self._wrong(f"{page} has an old style sheet")

    def delete_and_restore(self) -> None:
        path = self.random.choice(self.movable)
        kind = self._index(path)
        path.unlink()
        self._expect_status(self.page(path), 404)
        self._expect(kind, f"/{path.stem}/", there=False)
        self._save(path, self._edited(path))
        self._expect(self.page(path), self.token)
        self._expect(kind, f"{path.stem}/")

    def move(self) -> None:
        """Give a file another name, and so its page another address."""
        path = self.random.choice(self.movable)
        new = path.with_stem(f"{path.stem.partition('-moved')[0]}-moved{self.number}")
        path.rename(new)
        for paths in (self.movable, self.models, self.notes):
            paths[:] = [new if each == path else each for each in paths]
        self.texts[new] = self.texts.pop(path)
        self._expect_status(self.page(new), 200)
        self._expect_status(self.page(path), 404)
        self._expect(self._index(new), f"{new.stem}/")

    def save_twice(self) -> None:
        """Save again before the first save can have been served: the last one counts."""
        path = self._any()
        for _ in range(2):
            self._save(path, self._edited(path, f"{self.token}first"))
            time.sleep(self.random.choice((0.0, 0.002, 0.01, 0.04)))
        self._save(path, self._edited(path, f"{self.token}last"))
        self._expect(self.page(path), f"{self.token}last")
        self._expect(self.page(path), f"{self.token}first", there=False)

    def break_and_mend(self) -> None:
        """Break a record: the last good page stays; mended, it is there."""
        path = self.random.choice(self.models)
        good = self._edited(path)
        before = self.client.get(self.page(path))[1]
        wrong = self.random.choice((BROKEN_RECORD, BROKEN_YAML))
        self._save(path, wrong if wrong == BROKEN_YAML else good + wrong)
        time.sleep(self.random.uniform(0, 0.5))
        now = self.client.get(self.page(path))
        if now[0] != 200 or not tokens(before) <= tokens(now[1]):
            self._wrong(f"{self.page(path)} is not the last good page while its record is broken")
        self._save(path, good)
        self._expect(self.page(path), self.token)

    def break_template(self) -> None:
        """Break the template of all pages, and mend it with an edit."""
        self._save(self.theme, BROKEN_TEMPLATE + self.texts[self.theme])
        time.sleep(self.random.uniform(0, 0.5))
        self.theme_edit()

    def _any(self) -> Path:
        return self.random.choice(self.random.choice((self.models, self.models, self.notes)))

    def _edited(self, path: Path, token: str = "") -> str:
        kind = "record" if path.suffix == ".yaml" else "note"
        return OURS.edits[kind].edit(self.texts[path], token or self.token)

    def _save(self, path: Path, text: str) -> None:
        path.write_text(text, "utf-8")

    @property
    def token(self) -> str:
        return f"soak{self.number}x"

    # --- What is served ---

    def page(self, path: Path) -> str:
        return f"{self._index(path)}{path.stem}/"

    def _index(self, path: Path) -> str:
        return f"/{path.parent.name}/"

    def _expect(self, page: str, text: str, *, there: bool = True) -> None:
        def fulfilled() -> bool:
            status, body = self._get(page)
            return status == 200 and (text.encode() in body) == there

        if wait_until(fulfilled, LONGEST_WAIT) is None:
            self._wrong(f"{page} {'lacks' if there else 'still has'} {text}")

    def _expect_status(self, page: str, status: int) -> None:
        if wait_until(lambda: self._get(page)[0] == status, LONGEST_WAIT) is None:
            self._wrong(f"{page} is not answered with {status}")

    def _get(self, page: str) -> tuple[int, bytes]:
        status, body = self.client.get(page)
        if status >= 500 or status == 0 or (status == 200 and not is_whole(body)):
            self._wrong(f"{page}: status {status}, {len(body)} bytes, not whole")
        return status, body

    def _wrong(self, what: str) -> None:
        said = f"edit {self.number}: {what}"
        print(said, flush=True)
        self.problems.append(said)

    def _compare(self) -> None:
        """Compare the site with a clean build; lists may follow a page after a while."""
        shutil.rmtree(self.clean, ignore_errors=True)
        for folder in ("content", "templates"):
            shutil.copytree(self.root / folder, self.clean / folder)
        report = build(folders_of(self.clean, None, None, None), Options(cache=False))
        if report.published is None:
            self._wrong(f"a clean build fails: {report.diagnostics[:3]}")
            return
        wanted = output(self.clean / "site")
        if wait_until(lambda: output(self.root / "site") == wanted, LONGEST_WAIT) is None:
            found = output(self.root / "site")
            names = found.keys() | wanted.keys()
            wrong = sorted(path for path in names if found.get(path) != wanted.get(path))
            self._wrong(f"{len(wrong)} files differ from a clean build: {wrong[:8]}")


def tokens(body: bytes) -> set[bytes]:
    """Return which edits a page shows."""
    return set(re.findall(rb"soak\d+x\w*", body))


def output(site: Path) -> dict[str, bytes]:
    """Return all files of a site, by path, but not what is only there for the program."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
