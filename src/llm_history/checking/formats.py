"""What was found, in the forms that other programs read: JSON, GitHub's commands, SARIF."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import llm_history
from llm_history.checking.catalogue import catalogue
from llm_history.diagnostics import Diagnostic, Place, Severity

Paths = Callable[[str], str]
"""Turns a path as people know it into one from the top of the repository."""


def paths_from(root: Path) -> Paths:
    """Return how paths of a site at ``root`` are written from the top of its repository.

    The top is what GitHub's runner says, else the nearest folder with a ``.git``, else ``root``.
    """
    workspace = os.environ.get("GITHUB_WORKSPACE")
    above = (folder for folder in (root, *root.parents) if (folder / ".git").exists())
    top = Path(workspace) if workspace else next(above, root)
    try:
        prefix = root.resolve().relative_to(top.resolve()).as_posix()
    except ValueError:
        prefix = "."
    return lambda path: path if prefix == "." else f"{prefix}/{path}"


def as_json(found: Iterable[Diagnostic], paths: Paths) -> str:
    """Return diagnostics as a JSON array; ``docs/diagnostics.schema.json`` is its schema."""
    rows = [
        {
            "code": d.rule.code,
            "name": d.rule.name,
            "severity": d.rule.severity.value,
            "message": d.message,
            "help": d.help,
            **_json_place(d.place, paths),
            "related": [
                {"message": message, **_json_place(place, paths)} for message, place in d.related
            ],
            "fix": _json_fix(d),
        }
        for d in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _json_place(place: Place, paths: Paths) -> dict[str, Any]:
    return {
        "path": paths(place.path),
        "line": place.line,
        "column": place.column,
        "end_column": place.column + place.length,
    }


def _json_fix(diagnostic: Diagnostic) -> dict[str, Any] | None:
    if diagnostic.fix is None:
        return None
    edits = [
        {"line": e.line, "column": e.column, "end_column": e.end, "text": e.text}
        for e in diagnostic.fix.edits
    ]
    return {"message": diagnostic.fix.message, "edits": edits}


_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.SUGGESTION: "notice"}


def as_github(found: Iterable[Diagnostic], paths: Paths) -> str:
    """Return diagnostics as commands that GitHub shows beside the lines of a pull request."""
    out = []
    for d in found:
        place = d.place
        properties = {
            "file": paths(place.path),
            "line": place.line,
            "endLine": place.line,
            "col": place.column,
            "endColumn": place.column + place.length,
            "title": f"{d.rule.code} {d.rule.name}",
        }
        written = ",".join(f"{key}={_property(str(text))}" for key, text in properties.items())
        message = d.message + (f"\n{d.help}" if d.help else "")
        message += "".join(f"\n{text}: {paths(p.path)}:{p.line}" for text, p in d.related)
        out.append(f"::{_GITHUB[d.rule.severity]} {written}::{_escaped(message)}\n")
    return "".join(out)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


_SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.SUGGESTION: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(found: Iterable[Diagnostic], paths: Paths) -> str:
    """Return diagnostics as SARIF 2.1.0, for code scanning and editors."""
    found = list(found)
    told = catalogue()
    codes = sorted({d.rule.code for d in found})
    driver = {
        "name": "llm-history",
        "version": llm_history.__version__,
        "rules": [
            {
                "id": code,
                "name": "".join(word.capitalize() for word in told[code].rule.name.split("-")),
                "shortDescription": {"text": told[code].rule.name.replace("-", " ")},
                "fullDescription": {"text": told[code].why},
                "defaultConfiguration": {"level": _SARIF[told[code].rule.severity]},
            }
            for code in codes
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(d, codes.index(d.rule.code), paths) for d in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _sarif_result(d: Diagnostic, number: int, paths: Paths) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": d.rule.code,
        "ruleIndex": number,
        "level": _SARIF[d.rule.severity],
        "message": {"text": d.message + (f" ({d.help})" if d.help else "")},
        "locations": [_sarif_place(d.place, paths)],
    }
    if d.related:
        result["relatedLocations"] = [
            {"id": n, "message": {"text": text}, **_sarif_place(place, paths)}
            for n, (text, place) in enumerate(d.related)
        ]
    if d.fix:
        changes = [
            {
                "deletedRegion": {"startLine": e.line, "startColumn": e.column, "endColumn": e.end},
                "insertedContent": {"text": e.text},
            }
            for e in d.fix.edits
        ]
        uri = {"uri": _uri(paths(d.place.path))}
        change = {"artifactLocation": uri, "replacements": changes}
        text = {"text": d.fix.message}
        result["fixes"] = [{"description": text, "artifactChanges": [change]}]
    return result


def _sarif_place(place: Place, paths: Paths) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(paths(place.path))},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endColumn": place.column + place.length,
            },
        }
    }


def _uri(path: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - start-up time

    return quote(path)


FORMATS = {"json": as_json, "github": as_github, "sarif": as_sarif}
"""The forms besides text, by the name that `--format` knows."""
