"""The command line as a person uses it."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import llm_history
from conftest import REPOSITORY, Run, Site

MODEL = "name: A\ncite: paper\ndates: [{what: paper, on: 2023-02}]\n"


def test_version_and_help(run: Run) -> None:
    assert run("--version").stdout.strip().endswith(llm_history.__version__)
    for command in ("build", "check", "serve", "watch", "schema"):
        assert command in run("--help").stdout
        assert run(command, "--help").returncode == 0


def test_build_ends_with_one_line_and_exit_0(run: Run, site: Site) -> None:
    site.put("content/models/a.yaml", MODEL)
    done = run("build")
    assert done.returncode == 0
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert "files written, 0 unchanged, 0 removed; no problems; " in line
    assert "0 files written" in run("build").stdout


def test_the_root_is_found_from_any_folder_inside(run: Run, site: Site) -> None:
    assert run("build", cwd=site.root / "content" / "sources").returncode == 0
    assert (site.root / "site" / "index.html").is_file()


def test_folders_can_be_named_from_anywhere(
    run: Run, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = run("build", "--root", str(site.root), "--output", "out", cwd=elsewhere)
    assert done.returncode == 0
    assert (elsewhere / "out" / "index.html").is_file()
    done = run("check", "--content", str(site.root / "content"), cwd=elsewhere)
    assert done.returncode == 0


def test_errors_exit_with_1_and_publish_nothing(run: Run, site: Site) -> None:
    site.put("content/models/a.yaml", MODEL + "famly: x\n")
    for command in ("build", "check"):
        done = run(command)
        assert done.returncode == 1
        assert "content/models/a.yaml:4:1: error LH101" in done.stderr
        assert "1 error; " in done.stderr
        assert "Traceback" not in done.stderr
    assert not (site.root / "site").exists()


def test_strict_lets_warnings_fail_and_quiet_hides_them(run: Run, site: Site) -> None:
    site.put("content/notes/a.md", "# A\n\n![x](gone.png)\n")
    assert run("build", "--quiet").stderr == run("build", "--quiet").stdout == ""
    strict = run("check", "--strict", "--quiet")
    assert strict.returncode == 1
    assert "LH401" in strict.stderr


@pytest.mark.parametrize(
    "arguments",
    [("build", "--nope"), ("buidl",), ("build", "--jobs", "0"), ("build", "--base-url", "x.org"),
     ("schema", "modell"), ("build", "--root", "/nowhere")],
)  # fmt: skip
def test_wrong_usage_exits_with_2(run: Run, site: Site, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage:")
    assert "Traceback" not in done.stderr


def test_no_site_here_is_wrong_usage(run: Run) -> None:
    done = run("build")
    assert done.returncode == 2
    assert "content/site.yaml" in done.stderr


def test_a_folder_with_other_files_is_refused_without_force(run: Run, site: Site) -> None:
    site.put("site/mine.html", "x")
    done = run("build")
    assert done.returncode == 1
    assert "LH030" in done.stderr
    assert run("build", "--force").returncode == 0
    assert (site.root / "site" / "mine.html").is_file()


def test_verbose_names_files(run: Run, site: Site) -> None:
    assert "wrote index.html" in run("build", "--verbose").stdout


def test_shell_completion_is_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PYTHON _M LLM_HISTORY_COMPLETE", "bash_source")
    monkeypatch.setenv("_LLM_HISTORY_COMPLETE", "bash_source")
    from click.shell_completion import BashComplete  # noqa: PLC0415

    from llm_history.cli import main  # noqa: PLC0415

    completion = BashComplete(main, {}, "llm-history", "_LLM_HISTORY_COMPLETE")
    found = {item.value for item in completion.get_completions([], "")}
    assert {"build", "check", "serve", "watch", "schema"} <= found


def test_schemas_describe_every_record_of_the_repository(run: Run, tmp_path: Path) -> None:
    assert run("schema", "--output", str(tmp_path)).returncode == 0
    assert "model" in run("schema").stdout.split()
    assert json.loads(run("schema", "model").stdout)["title"] == "Model"
    for path in tmp_path.glob("*.json"):
        Draft202012Validator.check_schema(json.loads(path.read_bytes()))


def test_the_same_command_is_the_module(run: Run) -> None:
    assert (REPOSITORY / "src/llm_history/__main__.py").is_file()
    assert run("--version").returncode == 0


def test_coverage_counts_facts_by_how_firmly_they_are_known(site: Site, run: Run) -> None:
    site.put(
        "content/models/a.yaml",
        "name: A\ncite: paper\ndates: [{what: paper, on: 2020}]\nparameters: 7B\n"
        "context_window: undisclosed\n",
    )
    done = run("coverage")
    assert done.returncode == 0
    table = done.stdout.partition("All years")[2].partition("\n\n")[0]
    rows = {line[:24].strip(): line[24:].split() for line in table.splitlines() if line.strip()}
    assert rows["Parameters"][0] == "1"
    assert rows["Context window"][4] == "1"
    assert rows["Training tokens"][-1] == "1"
    assert "\n2020\n" in done.stdout


def test_templates_are_compiled_again_for_other_messages_alone(site: Site, run: Run) -> None:
    compiled = site.root / ".cache" / "llm-history" / "templates"

    def built() -> list[str]:
        assert run("build").returncode == 0
        return sorted(path.name for path in compiled.iterdir())

    first = built()
    site.put("content/site.yaml", "title: Another\n")
    assert built() == first
    site.put("content/site.yaml", "title: Another\nlanguages: [en, ko]\n")
    assert len(built()) == len(first) + 1
