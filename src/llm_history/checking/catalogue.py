"""Every rule with the reason for it, a wrong example and a right one.

The rules themselves stand beside the code that applies them; their explanations are in
``rules.yaml``. Both the command ``rule`` and ``docs/rules.md`` are made from them here.
"""

import importlib
import pkgutil
import re
from importlib import resources

import msgspec
import yaml

import llm_history
from llm_history.diagnostics import Rule

FIRST_FILE = "content/models/a.yaml"
REST = "# …"
"""In an example: the first lines of a good record, which are of no interest."""

_HEADER = re.compile(r"-- (\S.*?) --")
_GROUPS = {
    "LH0": "Files",
    "LH1": "Fields and facts",
    "LH2": "Notes",
    "LH3": "The whole history",
    "LH4": "Links, queries and translations of notes",
    "LH5": "Templates",
    "LH6": "Suggestions (only with `--pedantic`)",
    "LH7": "External links (only with `--links`)",
}


class Example(msgspec.Struct, frozen=True):
    """Files by their paths, as text."""

    files: dict[str, str]


class Entry(msgspec.Struct, frozen=True):
    """A rule and its explanation; without examples it is broken by no text."""

    rule: Rule
    why: str
    wrong: Example | None
    right: Example | None


def all_rules() -> dict[str, Rule]:
    """Return every rule of the program by its code."""
    found: dict[str, Rule] = {}
    for module in pkgutil.walk_packages(llm_history.__path__, "llm_history."):
        if module.name.rpartition(".")[2] == "__main__":
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Rule):
                found[value.code] = value
    return dict(sorted(found.items()))


def catalogue() -> dict[str, Entry]:
    """Return all rules with their explanations, by code."""
    text = resources.files("llm_history.checking").joinpath("rules.yaml").read_text("utf-8")
    told = yaml.safe_load(text)
    return {
        code: Entry(
            rule,
            " ".join(told[code]["why"].split()),
            _example(told[code].get("wrong")),
            _example(told[code].get("right")),
        )
        for code, rule in all_rules().items()
    }


def _example(text: str | None) -> Example | None:
    if text is None:
        return None
    files: dict[str, list[str]] = {}
    path = FIRST_FILE
    for line in text.rstrip("\n").split("\n"):
        if header := _HEADER.fullmatch(line):
            path = header[1]
            files[path] = []
        else:
            files.setdefault(path, []).append(line)
    return Example({path: "\n".join(lines) + "\n" for path, lines in files.items()})


def explain(entry: Entry) -> str:
    """Return the explanation of a rule for a terminal."""
    out = [f"{entry.rule.code} {entry.rule.name} ({entry.rule.severity.value})", "", entry.why]
    for title, example in (("Wrong:", entry.wrong), ("Right:", entry.right)):
        if example:
            out += ["", title]
            for path, text in example.files.items():
                out += [f"  {path}", *(f"    {line}".rstrip() for line in text.splitlines())]
    return "\n".join(out)


def markdown() -> str:
    """Return ``docs/rules.md``."""
    out = [
        "# Rules",
        "",
        "What `llm-history check` reports, with the reason and an example. An error keeps the site",
        "from being published; a warning does so with `--strict`; a suggestion is shown only with",
        "`--pedantic`. `llm-history rule LH101` shows the same in a terminal. In examples, `# …`",
        "stands for the first lines of a good record. This page is made by `make rules`.",
    ]
    group = ""
    for code, entry in catalogue().items():
        if code[:3] != group:
            group = code[:3]
            out += ["", f"## {_GROUPS[group]}"]
        out += ["", f"### {code} {entry.rule.name}", ""]
        out += [f"*{entry.rule.severity.value.capitalize()}.* {entry.why}"]
        for title, example in (("Wrong", entry.wrong), ("Right", entry.right)):
            if example:
                out += _as_markdown(title, example)
    return "\n".join(out) + "\n"


def _as_markdown(title: str, example: Example) -> list[str]:
    out = []
    for path, text in example.files.items():
        language = "markdown" if path.endswith(".md") else "yaml"
        seen = re.sub(r"[\x00-\x08\x0b-\x1f\u202a-\u202e]", "�", text)
        out += ["", f"{title}, `{path}`:", "", f"````{language}", *seen.splitlines(), "````"]
        title = "and"
    return out
