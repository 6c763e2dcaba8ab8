"""The JSON Schemas that editors use accept what the program accepts, and nothing worse."""

import functools
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import yaml
from jsonschema import Draft202012Validator

from conftest import REPOSITORY
from llm_history.content.facts import Fact
from llm_history.content.reading import json_schema
from llm_history.content.records import FACTS_OF_KINDS, KINDS, Model, Record, Source
from llm_history.pages.exports import schemas
from mistakes import RECORD

CONTENT = REPOSITORY / "content"


@functools.cache
def validator(kind: type) -> Draft202012Validator:
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def as_editors_read(text: str) -> Any:  # noqa: ANN401 - any YAML
    """YAML 1.2 as an editor reads it: text and flags (numbers may be text in our schemas)."""

    def flags(value: Any) -> Any:  # noqa: ANN401 - any YAML
        if isinstance(value, dict):
            return {key: flags(item) for key, item in value.items()}
        if isinstance(value, list):
            return [flags(item) for item in value]
        return {"true": True, "false": False}.get(value, value)

    return flags(yaml.load(text, Loader=yaml.BaseLoader))


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_record_of_the_repository_is_valid(kind: str) -> None:
    records = sorted((CONTENT / kind).rglob("*.yaml"))
    assert records
    for path in records:
        errors = list(validator(KINDS[kind]).iter_errors(as_editors_read(path.read_text("utf-8"))))
        assert not errors, f"{path.name}: {errors[0].json_path}: {errors[0].message}"


def test_every_source_of_the_repository_is_valid() -> None:
    for path in sorted((CONTENT / "sources").rglob("*.yaml")):
        for name, source in as_editors_read(path.read_text("utf-8")).items():
            errors = list(validator(Source).iter_errors(source))
            assert not errors, f"{name}: {errors[0].message}"


@pytest.mark.parametrize(
    "line",
    ["famly: x", "variants: [{id: a, name: A, size: 7B}]", "access: [{kind: api, state: gatd}]",
     "variants: [7B]", "also_known_as: B", "checked: 2023-3", "context_window: 2k"],
)  # fmt: skip
def test_editors_see_the_same_mistakes(line: str) -> None:
    assert validator(Model).is_valid(as_editors_read(RECORD))
    assert not validator(Model).is_valid(as_editors_read(f"{RECORD}\n{line}\n"))


def test_editors_miss_a_name() -> None:
    assert not validator(Model).is_valid(as_editors_read(RECORD.replace("name: A", "kind: model")))


ALL = schemas()


@pytest.mark.parametrize("name", list(ALL))
def test_every_field_says_what_it_is(name: str) -> None:
    Draft202012Validator.check_schema(ALL[name])
    for kind, definition in ALL[name]["$defs"].items():
        for field, schema in definition["properties"].items():
            assert schema.get("description") or "$ref" in schema, f"{kind}.{field}"


def test_choices_are_listed_with_what_they_mean() -> None:
    definitions = ALL["model"]["$defs"]
    assert definitions["Model"]["properties"]["context_window"]["description"] == "Tokens"
    assert definitions["Access"]["properties"]["kind"]["description"] == "What could be had"
    for kind, field in (("Access", "state"), ("Access", "kind"), ("Edge", "relation"),
                        ("DateEntry", "what"), ("DateEntry", "basis")):  # fmt: skip
        schema = definitions[kind]["properties"][field]
        assert len(schema["markdownEnumDescriptions"]) == len(schema["enum"]), field
    assert "system" in definitions["Model"]["properties"]["kind"]["enum"]


def test_files_of_several_sources_are_valid_as_a_whole() -> None:
    files = Draft202012Validator(ALL["sources"])
    for path in sorted((CONTENT / "sources").rglob("*.yaml")):
        assert not list(files.iter_errors(as_editors_read(path.read_text("utf-8")))), path
    assert files.is_valid({"type": "paper", "title": "The file names it"})
    assert not files.is_valid({"one": {"type": "papre", "title": "x"}})
    assert not files.is_valid({"One": {"type": "paper", "title": "x"}})


def test_lists_and_settings_are_valid_too() -> None:
    for name, path in (("excluded", "excluded.yaml"), ("site", "site.yaml")):
        read = as_editors_read((CONTENT / path).read_text("utf-8"))
        assert not list(Draft202012Validator(ALL[name]).iter_errors(read))


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind is not Model])
def test_every_fact_of_the_other_kinds_stands_in_the_table_of_facts(kind: type[Record]) -> None:
    hints = get_type_hints(kind)
    facts = [
        name
        for name, hint in hints.items()
        if any(get_origin(part) is Fact for part in (hint, *get_args(hint)))
    ]
    assert tuple(facts) == FACTS_OF_KINDS.get(kind, ())
