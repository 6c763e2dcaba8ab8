"""The made-up history in the form of other generators, whose sites are as equal as they can be.

``peer_sites/`` holds their settings and templates; here the content is written: every model
and note is one file of each, with the same text. MkDocs has no lists of its own, so that they
are written for it, too; it and Zensical make neither a feed nor a ``models.json``.
"""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from bench.corpus import FakeModel, FakeNote

SITES = Path(__file__).parent / "peer_sites"
SIBLINGS = 10
"""How many models of its organization a model's page lists."""
_LINK = re.compile(r"\]\(model:([^)]+)\)")

Models = Sequence[FakeModel]
Notes = Sequence[FakeNote]


def write_hugo(root: Path, models: Models, notes: Notes) -> None:
    """Write the site for Hugo."""
    _copy("hugo", root, style="static/style.css")
    for model in models:
        lists = {"orgs": [model.organization], "years": [str(model.released.year)]}
        head = {"title": model.name, "date": model.released, "tags": model.tags}
        put(
            root / "content" / "models" / f"{model.id}.md",
            front_matter({**head, **_facts(model), **lists}) + _absolute(model.description) + "\n",
        )
    for note in notes:
        head = {"title": note.title, "date": note.written, "lang": note.lang, "tags": note.tags}
        path = root / "content" / "notes" / f"{note.id}.md"
        put(path, front_matter(head) + _absolute(note.body))


def write_eleventy(root: Path, models: Models, notes: Notes) -> None:
    """Write the site for Eleventy, where ``tags`` would name collections."""
    _copy("eleventy", root, style="style.css")
    for model in models:
        day = {"date": model.released, "day": str(model.released)}
        head = {"title": model.name, **day, "topics": model.tags, **_facts(model)}
        path = root / "content" / "models" / f"{model.id}.md"
        put(path, front_matter(head) + _absolute(model.description) + "\n")
    for note in notes:
        day = {"date": note.written, "day": str(note.written)}
        head = {"title": note.title, **day, "lang": note.lang, "topics": note.tags}
        path = root / "content" / "notes" / f"{note.id}.md"
        put(path, front_matter(head) + _absolute(note.body))


def write_pelican(root: Path, models: Models, notes: Notes) -> None:
    """Write the site for Pelican: metadata are lines of text, in which lists are packed."""
    _copy("pelican", root, style="content/style.css")
    children = _children(models)
    for model in models:
        head = {
            "Title": model.name, "Date": model.released, "Kind": "models", "Slug": model.id,
            "Ident": model.id, "Category": model.organization, "Tags": ", ".join(model.tags),
            "Orgname": model.organization_name, "Family": model.family,
            "Architecture": model.architecture, "Context": model.context_window,
            "License": _licence(model), "Tokens": model.tokens, "Lang": model.lang,
            "Sizes": _packed((size.label, size.total, size.active) for size in model.sizes),
            "Refs": _packed((title, url, kind) for kind, title, url in model.sources),
            "From": _packed((parent, relation) for relation, parent in model.parents),
            "Kids": _packed((child.id, child.name) for child in children[model.id]),
        }  # fmt: skip
        path = root / "content" / "models" / f"{model.id}.md"
        put(path, _metadata(head) + _absolute(model.description) + "\n")
    for note in notes:
        head = {
            "Title": note.title, "Date": note.written, "Kind": "notes", "Slug": note.id,
            "Category": "notes", "Tags": ", ".join(note.tags), "Lang": note.lang,
        }  # fmt: skip
        put(root / "content" / "notes" / f"{note.id}.md", _metadata(head) + _absolute(note.body))


def write_mkdocs(root: Path, models: Models, notes: Notes) -> None:
    """Write the site for MkDocs and Zensical: everything is a page of Markdown."""
    _copy("mkdocs", root, style="docs/style.css")
    docs = root / "docs"
    children, siblings = _children(models), _siblings(models)
    lists: dict[str, dict[str, list[FakeModel]]] = {
        folder: defaultdict(list) for folder in ("orgs", "years", "tags")
    }
    for model in models:
        text = _mkdocs_model(model, children[model.id], siblings[model.organization])
        put(docs / "models" / f"{model.id}.md", text)
        lists["orgs"][model.organization].append(model)
        lists["years"][str(model.released.year)].append(model)
        for tag in model.tags:
            lists["tags"][tag].append(model)
    for note in notes:
        for tag in note.tags:  # so that every link leads somewhere
            lists["tags"].setdefault(tag, [])
        body = _LINK.sub(r"](../models/\1.md)", note.body)
        text = f"# {note.title}\n\n{note.written}\n\n{body}\n{_tag_links(note.tags)}\n"
        put(docs / "notes" / f"{note.id}.md", front_matter({"title": note.title}) + text)
    for folder, groups in lists.items():
        for name, group in groups.items():
            put(docs / folder / f"{name}.md", f"# {name}\n\n{_mkdocs_table(group)}\n")
    for folder in ("years", "tags"):
        links = [f"- [{name}]({name}.md) {len(g)}" for name, g in sorted(lists[folder].items())]
        put(docs / folder / "index.md", _lines(f"# {folder}", "", *links))
    latest = [f"- [{m.name}](models/{m.id}.md) {m.released}" for m in models[-20:]]
    put(docs / "index.md", _lines("# Latest", "", *latest))


def _mkdocs_model(model: FakeModel, children: Models, siblings: Models) -> str:
    year = model.released.year
    facts = {
        "Organization": f"[{model.organization_name}](../orgs/{model.organization}.md)",
        "Released": f"{model.released} ([{year}](../years/{year}.md))",
        "Family": model.family,
        "Architecture": model.architecture,
        "Context length": f"{model.context_window} tokens",
        "Training data": f"{model.tokens} tokens",
        "Licence": _licence(model),
    }
    parts = [
        f"# {model.name}",
        _lines("| Fact | Value |", "|---|---|", *(f"| {k} | {v} |" for k, v in facts.items())),
        "## Sizes",
        _lines("| Size | Parameters | Active |", "|---|---|---|",
               *(f"| {s.label} | {s.total} | {s.active} |" for s in model.sizes)),
        _LINK.sub(r"](\1.md)", model.description),
    ]  # fmt: skip
    if model.parents:
        parents = (f"- [{parent}]({parent}.md) ({relation})" for relation, parent in model.parents)
        parts += ["## Derived from", _lines(*parents)]
    if children:
        parts += ["## Derived models", _lines(*(f"- [{c.name}]({c.id}.md)" for c in children))]
    sources = (f"1. [{title}]({url}) {kind}" for kind, title, url in model.sources)
    near = (f"- [{s.name}]({s.id}.md) {s.released}" for s in siblings)
    parts += ["## Sources", _lines(*sources)]
    parts += ["## From the same organization", _lines(*near), _tag_links(model.tags)]
    return front_matter({"title": model.name}) + "\n\n".join(parts) + "\n"


def _mkdocs_table(models: Iterable[FakeModel]) -> str:
    rows = (
        f"| {m.released} | [{m.name}](../models/{m.id}.md) | {m.organization_name} "
        f"| {' '.join(size.label for size in m.sizes)} | {_licence(m)} |"
        for m in models
    )
    return _lines(
        "| Date | Model | Organization | Sizes | Licence |", "|---|---|---|---|---|", *rows
    )


def _tag_links(tags: Iterable[str]) -> str:
    return " ".join(f"[{tag}](../tags/{tag}.md)" for tag in tags)


# --- What they have in common ---


def front_matter(values: Mapping[str, object]) -> str:
    """Return a block of YAML front matter; lists of mappings have a line for each."""
    lines = ["---"]
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{key}:")
            lines += [f"  - {_yaml(item)}" for item in value]
        else:
            lines.append(f"{key}: {_yaml(value)}")
    return _lines(*lines, "---", "")


def _yaml(value: object) -> str:
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _facts(model: FakeModel) -> dict[str, object]:
    return {
        "id": model.id,
        "lang": model.lang,
        "organization": model.organization,
        "organization_name": model.organization_name,
        "family": model.family,
        "architecture": model.architecture,
        "context_window": model.context_window,
        "training_tokens": model.tokens,
        "license": _licence(model),
        "parameters": [
            {"label": size.label, "total": size.total, "active": size.active}
            for size in model.sizes
        ],
        "parents": [{"id": parent, "relation": relation} for relation, parent in model.parents],
        "sources": [
            {"title": title, "url": url, "kind": kind} for kind, title, url in model.sources
        ],
    }


def _licence(model: FakeModel) -> str:
    return model.license or "Proprietary"


def _children(models: Models) -> dict[str, list[FakeModel]]:
    """Return the models derived from each, by its id."""
    children: dict[str, list[FakeModel]] = defaultdict(list)
    for model in models:
        for _, parent in model.parents:
            children[parent].append(model)
    return children


def _siblings(models: Models) -> dict[str, list[FakeModel]]:
    """Return the first models of each organization."""
    siblings: dict[str, list[FakeModel]] = defaultdict(list)
    for model in models:
        if len(siblings[model.organization]) < SIBLINGS:
            siblings[model.organization].append(model)
    return siblings


def _packed(rows: Iterable[tuple[object, ...]]) -> str:
    return " ;; ".join("|".join(map(str, row)) for row in rows)


def _metadata(values: Mapping[str, object]) -> str:
    return _lines(*(f"{key}: {value}" for key, value in values.items() if value != ""), "")


def _absolute(text: str) -> str:
    return _LINK.sub(r"](/models/\1/)", text)


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _copy(peer: str, root: Path, style: str) -> None:
    shutil.copytree(SITES / peer, root)
    put(root / style, (SITES / "style.css").read_text(encoding="utf-8"))


def put(path: Path, text: str) -> None:
    """Write a file, and the folders it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
