"""What the documents say is true: options, fields, examples, commands."""

import re
from pathlib import Path

import click
import pytest

from conftest import REPOSITORY, Site
from llm_history.cli import main
from llm_history.content.reading import json_schema
from llm_history.content.records import KINDS, Source
from llm_history.diagnostics import format_text
from llm_history.history.queries import parse_assertion, parse_query

README = (REPOSITORY / "README.md").read_text("utf-8")
MODEL = (REPOSITORY / "docs/content-model.md").read_text("utf-8")


def test_every_command_and_option_is_in_the_readme() -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        assert f"llm-history {name}" in README
        command = main.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and name != "schema":
                    assert option in README, f"{name} {option}"


@pytest.mark.parametrize("kind", [*KINDS.values(), Source])
def test_every_field_is_in_the_content_model(kind: type) -> None:
    definitions = json_schema(kind)["$defs"]
    fields = {name for d in definitions.values() for name in d["properties"]}
    missing = {name for name in fields if not re.search(rf"\b{re.escape(name)}\b", MODEL)}
    assert missing == set()


@pytest.mark.parametrize("kind", list(KINDS.values()))
def test_every_choice_is_in_the_content_model(kind: type) -> None:
    text = str(json_schema(kind))
    for choices in re.findall(r"'enum': \[([^\]]*)\]", text):
        for choice in re.findall(r"'([^']+)'", choices):
            assert re.search(rf"(?<![\w-]){re.escape(choice)}(?![\w-])", MODEL), choice


def test_the_record_in_the_readme_builds(site: Site) -> None:
    (record,) = (
        block
        for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
        if "name: One" in block
    )
    site.put("content/models/one.yaml", record)
    site.put("content/organizations/lab.yaml", "name: The Lab\n")
    site.put("content/datasets/corpus.yaml", "name: The Corpus\n")
    source = "{type: paper, title: x}"
    site.put("content/sources/t.yaml", f"paper2021: {source}\npress2022: {source}\n")
    site.built()


def test_the_mistake_in_the_readme_looks_like_that(site: Site) -> None:
    blocks = re.findall(r"^```\w*\n(.*?)\n```$", README, re.DOTALL | re.MULTILINE)
    shown = next(block for block in blocks if "LH101" in block)
    record = "name: LLaMA\ncite: paper\ndates: [{what: paper, on: 2023}]\nlayers: 2\nfamly: llama\n"
    site.put("content/models/llama.yaml", record)
    (diagnostic,) = site.build().diagnostics
    assert format_text(diagnostic) == shown


def test_the_mistake_in_the_page_on_checking_looks_like_that(site: Site) -> None:
    page = (REPOSITORY / "docs/checking.md").read_text("utf-8")
    shown = re.findall(r"^```\n(.*?)\n```$", page, re.DOTALL | re.MULTILINE)[0]
    record = "name: A\ncite: paper\ndates: [{what: paper, on: 2023}]\nheads: 2\n"
    site.put("content/models/llama.yaml", record + "layers: {value: 80, cite: touvron}\n")
    site.put("content/sources/t.yaml", "touvron2023: {type: paper, title: x}\n")
    (diagnostic,) = site.build().diagnostics
    assert format_text(diagnostic) == shown


def test_every_target_of_the_makefile_that_documents_name_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    documents = README + (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
    for target in set(re.findall(r"`?make ([a-z-]+)`?", documents)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_between_documents_lead_somewhere() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "docs/checking.md"):
        path = REPOSITORY / document
        for target in re.findall(r"\]\((?!http)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), target


SITE = (REPOSITORY / "docs/the-site.md").read_text("utf-8")


def test_every_query_and_assertion_in_the_documents_can_be_read() -> None:
    assertions = re.findall(r"^  - (.*)$", SITE.partition("assert:")[2], re.MULTILINE)
    queries = re.findall(r"\b(?:first|last|most|least|all|count)\(models[^)]*\)", SITE + README)
    assert len(assertions) == 2
    assert len(queries) >= 5
    for text in assertions:
        parse_assertion(text)
    for text in queries:
        parse_query(text)


def test_every_address_in_the_guide_leads_to_a_page(real_site: Path) -> None:
    for row in re.findall(r"^\| (`/.*?) \|", SITE, re.MULTILINE):
        for address in re.findall(r"`/([^`?<]*)", row):
            page = real_site / address
            assert page.is_dir(), address
