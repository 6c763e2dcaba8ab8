"""A made-up history of any size, always the same: for the benchmark and the audit.

A model of the corpus is about as large as a real record (25 to 40 lines), a note has about
6 KB with a table, a footnote and a listing. One text in eight is Korean.
"""

import json
import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

FIRST_YEAR, LAST_YEAR = 2012, 2026
YEAR_WEIGHTS = (1, 1, 1, 2, 2, 4, 8, 12, 20, 32, 60, 140, 190, 220, 200)
NOUNS = (
    "model training data tokens attention layers context window weights release paper benchmark "
    "scaling law inference latency compute cluster optimizer schedule decoder encoder embedding "
    "vocabulary tokenizer experts routing alignment preference reward instruction evaluation "
    "corpus code reasoning retrieval quantization distillation checkpoint license ablation memory"
).split()
VERBS = "extends replaces improves reports keeps drops measures shows doubles compares".split()
ADJECTIVES = (
    "larger smaller earlier careful dense sparse public private longer noisy stable".split()
)
KOREAN = (
    "모델 학습 데이터 토큰 문맥 가중치 공개 논문 평가 추론 성능 한국어 구조 계층 어휘 정렬 "
    "보상 지시 확장 법칙 연산 비용 메모리 대역폭 양자화 증류 벤치마크 다국어 코드 검색 전문가 혼합"
).split()
KOREAN_ENDS = ("을 다시 측정하였다.", "이 크게 늘어났다.", "을 처음 공개하였다.", "으로 바뀌었다.")
SYLLABLES = (
    "al an ar be bo ca ce co da de do el fa ga ha io ka la le ma mi na no or pa ra re sa si "
    "ta te ti ur va vi xa ze"
).split()
TAGS = (
    "decoder encoder multilingual code vision speech long-context small research agent math"
).split()
LICENSES = ("Apache-2.0", "MIT", "CC-BY-NC-4.0", "LicenseRef-Community", "")
ARCHITECTURES = ("dense", "mixture-of-experts", "state-space", "hybrid", "recurrent")
RELATIONS = ("fine-tuned-from", "distilled-from", "continued-pretraining-of", "successor-of")
SOURCE_TYPES = ("paper", "blog", "model-card", "repository")


_LINK = re.compile(r"\[([^\]]*)\]\(model:([^)]*)\)")


@dataclass(frozen=True)
class Size:
    """A variant: ``total`` and ``active`` count parameters."""

    label: str
    total: int
    active: int


@dataclass(frozen=True)
class FakeModel:
    id: str
    name: str
    organization: str
    organization_name: str
    released: date
    family: str
    architecture: str
    context_window: int
    license: str  # empty: the weights are not given out
    tags: tuple[str, ...]
    sizes: tuple[Size, ...]
    tokens: int
    parents: tuple[tuple[str, str], ...]  # relation, id
    sources: tuple[tuple[str, str, str], ...]  # type, title, address
    description: str
    lang: str


@dataclass(frozen=True)
class FakeNote:
    id: str
    title: str
    written: date
    tags: tuple[str, ...]
    lang: str
    body: str  # Markdown; models are linked as [name](model:id)


@dataclass
class _Words:
    """Sentences without meaning."""

    random: random.Random
    korean: bool = False
    links: list[str] = field(default_factory=list)

    def name(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4)))

    def sentence(self) -> str:
        if self.korean:
            words = self.random.choices(KOREAN, k=self.random.randint(5, 9))
            return " ".join(words) + self.random.choice(KOREAN_ENDS)
        words = self.random.choices(NOUNS, k=self.random.randint(6, 13))
        words.insert(2, self.random.choice(VERBS))
        words.insert(1, self.random.choice(ADJECTIVES))
        return " ".join(words).capitalize() + "."

    def title(self) -> str:
        return self.sentence()[:44].rstrip(" .")

    def paragraph(self, count: int, link: str = "") -> str:
        text = [self.sentence() for _ in range(count)]
        for index in range(1, count, 4):
            first, _, rest = text[index].partition(" ")
            text[index] = f"{self.random.choice(('**', '*', '`')).join(('', first, ''))} {rest}"
        if link:
            text[-1] += f" See {link}."
        return " ".join(text)


def models(count: int, seed: int = 7) -> list[FakeModel]:
    """Return ``count`` models in order of date, each derived from at most two earlier ones.

    No two have one name, and none that is derived states a licence: there is nothing to warn of.
    """
    dice = random.Random(seed)
    words = _Words(dice)
    founders = [words.name() for _ in range(max(10, count // 33))]
    laboratories = {f"{name}-lab": name.capitalize() for name in founders}
    weights = [1 / (rank + 3) ** 0.5 for rank in range(len(laboratories))]
    years = dice.choices(range(FIRST_YEAR, LAST_YEAR + 1), YEAR_WEIGHTS, k=count)
    days = sorted(
        date(y, 1, 1) + timedelta(dice.randrange(365 if y < LAST_YEAR else 300)) for y in years
    )
    made: list[FakeModel] = []
    names: set[str] = set()
    for number, day in enumerate(days):
        words = _Words(dice, number % 8 == 3)
        named = _new_name(words, names)
        made.append(_model(number, day, named, words, laboratories, weights, made))
    return made


def _new_name(words: _Words, taken: set[str]) -> tuple[str, str]:
    """Return a family and a version that no other model has together."""
    while True:
        family, version = words.name(), words.random.choice(("1", "2", "3", "1.5", "4"))
        if (name := f"{family} {version}") not in taken:
            taken.add(name)
            return family, version


def _model(
    number: int,
    day: date,
    named: tuple[str, str],
    words: _Words,
    laboratories: dict[str, str],
    weights: list[float],
    earlier: list[FakeModel],
) -> FakeModel:
    dice = words.random
    family, version = named
    laboratory = dice.choices(list(laboratories), weights)[0]
    base = dice.choice((0.35, 1.3, 7, 13, 34, 70))
    sizes = [base * 2.7**step for step in range(dice.randint(1, 4))]
    near = earlier[-400:]
    parents = dice.sample(near, min(len(near), dice.choice((0, 1, 1, 2))))
    return FakeModel(
        id=f"{family}-{version.replace('.', '-')}-{number}",
        name=f"{family.capitalize()} {version}",
        organization=laboratory,
        organization_name=laboratories[laboratory],
        released=day,
        family=family,
        architecture=dice.choice(ARCHITECTURES),
        context_window=2 ** dice.randint(9, 20),
        license=dice.choice(LICENSES) if not parents else "",
        tags=tuple(sorted(dice.sample(TAGS, 3))),
        sizes=tuple(
            Size(f"{size:.3g}B", int(size * 1e9), int(size * 1e9 * dice.choice((1, 1, 0.25))))
            for size in sizes
        ),
        tokens=int(dice.choice((0.3, 1, 1.4, 2, 8, 15)) * 1e12),
        parents=tuple((dice.choice(RELATIONS), parent.id) for parent in parents),
        sources=tuple(
            (
                dice.choice(SOURCE_TYPES),
                words.title(),
                f"https://hub.example/{words.name()}/{dice.randrange(10**6)}",
            )
            for _ in range(dice.randint(2, 4))
        ),
        description=words.paragraph(5, _link(dice.choice(near)) if near else "")
        + "\n\n"
        + words.paragraph(5),
        lang="ko" if words.korean else "en",
    )


def _link(model: FakeModel) -> str:
    return f"[{model.name}](model:{model.id})"


def notes(count: int, about: list[FakeModel], seed: int = 11) -> list[FakeNote]:
    """Return ``count`` notes, each linking to a few of the models."""
    dice = random.Random(seed)
    return [_note(number, _Words(dice, number % 6 == 2), about) for number in range(count)]


def _note(number: int, words: _Words, about: list[FakeModel]) -> FakeNote:
    dice = words.random
    chosen = dice.sample(about, min(6, len(about)))
    links = [_link(model) for model in chosen]
    rows = [
        f"| {link} | {model.released.year} | {model.sizes[-1].label} | {model.context_window} |"
        for link, model in zip(links, chosen, strict=True)
    ]
    bullets = [
        f"- {words.sentence()}\n    - **{words.name()}**: {words.sentence()}" for _ in range(4)
    ]
    steps = [f"{step}. {words.sentence()} {words.sentence()}" for step in (1, 2, 3)]
    parts = [
        words.paragraph(5, links[0]),
        f"## {words.title()}", words.paragraph(6, links[-1]), "\n".join(bullets),
        f"## {words.title()}", words.paragraph(5) + "[^1]",
        "\n".join(("| Model | Year | Parameters | Context |", "|---|---:|---:|---:|", *rows)),
        f"### {words.title()}", words.paragraph(5), f"```python\n{_listing(words)}\n```",
        f"## {words.title()}", f"> {words.sentence()} {words.sentence()}", "\n".join(steps),
        words.paragraph(7),
        f"### {words.title()}", words.paragraph(6), f"[^1]: {words.sentence()}",
    ]  # fmt: skip
    return FakeNote(
        id=f"note-{number:05d}",
        title=words.title(),
        written=date(
            dice.randint(FIRST_YEAR + 6, LAST_YEAR), dice.randint(1, 10), dice.randint(1, 28)
        ),
        tags=tuple(sorted(dice.sample(TAGS, 2))),
        lang="ko" if words.korean else "en",
        body="\n\n".join(parts) + "\n",
    )


def _listing(words: _Words) -> str:
    dice = words.random
    return f'''import math
from dataclasses import dataclass


@dataclass
class {words.name().capitalize()}Config:
    """Sizes of one training run."""

    layers: int = {dice.randint(8, 96)}
    width: int = {128 * dice.randint(4, 96)}
    vocabulary: int = {dice.randint(30, 250)}_000

    def parameters(self) -> int:
        # attention and feed-forward, without biases
        per_layer = 12 * self.width**2
        return self.layers * per_layer + self.vocabulary * self.width


def {words.name()}(config, tokens: int, rate: float = {dice.randint(1, 9)}e-4) -> dict[str, float]:
    flop = 6 * config.parameters() * tokens
    for step in range(10):
        if step % 3 == 0 and rate > 1e-5:
            rate *= 0.5 * (1 + math.cos(math.pi * step / 10))
    return {{"flop": flop, "rate": rate, "note": f"{{tokens:,}} tokens"}}'''


# --- In our own form ---


def write_site(root: Path, model_count: int, note_count: int, languages: str = "[en]") -> None:
    """Write a site of ours into ``root``: records, sources, notes and settings."""
    made = models(model_count)
    content = root / "content"
    _put(content / "site.yaml", f"title: LLM history\nlanguages: {languages}\n")
    for model in made:
        _put(content / "models" / f"{model.id}.yaml", model_record(model))
        _put(content / "sources" / f"{model.id}.yaml", _source_records(model))
    for laboratory, name in {model.organization: model.organization_name for model in made}.items():
        _put(content / "organizations" / f"{laboratory}.yaml", f"name: {_text(name)}\n")
    for note in notes(note_count, made):
        _put(content / "notes" / f"{note.id}.md", note_file(note))


def note_file(note: FakeNote) -> str:
    """Return a note with its front matter, its links to records as ours."""
    head = f"title: {_text(note.title)}\ndate: {note.written}\nlang: {note.lang}\n"
    tags = f"tags: [{', '.join(note.tags)}]\n"
    return f"---\n{head}{tags}---\n\n" + _LINK.sub(r"[[\2|\1]]", note.body)


def model_record(model: FakeModel) -> str:
    """Return a model as a record of ours."""
    plain = _LINK.sub(r"\1", model.description)
    lines = [
        f"name: {_text(model.name)}",
        f"organization: {model.organization}",
        f"family: {model.family}",
        f"cite: {model.id}-1",
        "summary:",
        f"  {model.lang}: {_text(plain)}",
        f"dates: [{{what: released, on: {model.released}}}]",
        f"architecture: {model.architecture}",
        f"context_window: {model.context_window}",
        f"training_tokens: {model.tokens}",
        "variants:",
    ]
    for number, size in enumerate(model.sizes):
        parameters = (
            f"{{total: {size.total}, active: {size.active}}}"
            if size.active < size.total
            else size.total
        )
        lines.append(
            f"  - {{id: {model.id}-v{number}, name: {size.label}, parameters: {parameters}}}"
        )
    if model.license:
        lines.append(
            f"access: [{{kind: weights, state: public, from: {model.released}, "
            f"license: {model.license}}}]"
        )
    else:
        lines.append(f"access: [{{kind: api, state: general, from: {model.released}}}]")
    if model.parents:
        lines.append("lineage:")
        lines += [
            f"  - {{relation: {relation}, to: {parent}}}" for relation, parent in model.parents
        ]
    lines.append("links:")
    lines += [f"  - {{url: {url}, title: {_text(title)}}}" for _, title, url in model.sources[1:]]
    return "\n".join(lines) + "\n"


def _source_records(model: FakeModel) -> str:
    return "".join(
        f"{model.id}-{number}: {{type: {kind}, title: {_text(title)}, "
        f"publisher: {_text(model.organization_name)}, "
        f"published: {model.released}, url: {url}, tier: primary}}\n"
        for number, (kind, title, url) in enumerate(model.sources, 1)
    )


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
