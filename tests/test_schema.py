"""The JSON Schemas that editors use accept what the program accepts, and nothing worse."""

import functools
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from conftest import REPOSITORY
from llm_history.content.reading import json_schema
from llm_history.content.records import KINDS, Model, Source
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


def test_fields_have_descriptions_and_choices() -> None:
    model = json_schema(Model)["$defs"]["Model"]["properties"]
    assert model["context_window"]["description"] == "Tokens"
    assert "system" in model["kind"]["enum"]
    assert "gated" in json_schema(Model)["$defs"]["Access"]["properties"]["state"]["enum"]
