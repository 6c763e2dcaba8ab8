"""`check FILE…`: the files of a commit, seen with the whole history behind them."""

from pathlib import Path

import pytest
import yaml

from conftest import REPOSITORY, Run, Site
from mistakes import RECORD

WRONG = f"{RECORD}\nfamly: x\n"


def test_only_what_concerns_the_named_files_is_told(site: Site, run: Run) -> None:
    site.put("content/models/a.yaml", WRONG)
    site.put("content/models/b.yaml", WRONG.replace("name: A", "name: B"))
    done = run("check", "content/models/a.yaml")
    assert done.returncode == 1
    assert "content/models/a.yaml:4:1" in done.stderr
    assert "content/models/b.yaml" not in done.stderr
    assert run("check", "content/site.yaml").returncode == 0


def test_a_mistake_that_takes_the_whole_history_to_see(site: Site, run: Run) -> None:
    edge = "\nlineage: [{relation: successor-of, to: b}]\n"
    site.put("content/models/a.yaml", RECORD + edge)
    site.put("content/models/b.yaml", RECORD.replace("A", "B").replace("2023", "2024"))
    assert "LH304" in run("check", "content/models/a.yaml").stderr
    # It names a date in the other file, so that whoever edits only that one hears of it too.
    assert "LH304" in run("check", "content/models/b.yaml").stderr


def test_notes_are_checked_with_their_links_and_claims(site: Site, run: Run) -> None:
    site.put("content/models/a.yaml", RECORD)
    site.put(
        "content/notes/n.md", "---\ntitle: N\nassert: count(models) == 2\n---\n\n[[a]] [[b]]\n"
    )
    told = run("check", "content/notes/n.md").stderr
    assert "content/notes/n.md:3:9: error LH405" in told
    assert "content/notes/n.md:6:9: warning LH403" in told


def test_a_folder_stands_for_its_files(site: Site, run: Run) -> None:
    site.put("content/models/a.yaml", WRONG)
    assert run("check", "content/models").returncode == 1
    assert run("check", "content/sources").returncode == 0


def test_paths_are_those_of_the_shell(site: Site, run: Run) -> None:
    site.put("content/models/a.yaml", WRONG)
    assert run("check", "a.yaml", cwd=site.root / "content/models").returncode == 1
    assert run("check", str(site.root / "content/models/a.yaml")).returncode == 1


@pytest.mark.parametrize("name", ["gone.yaml", "README.md"])
def test_files_that_are_no_content_are_wrong_usage(site: Site, run: Run, name: str) -> None:
    site.put("README.md", "x")
    done = run("check", name)
    assert done.returncode == 2
    assert name in done.stderr


def test_it_is_a_hook_for_pre_commit() -> None:
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    for hook in hooks:
        assert hook["entry"].split()[:2] == ["llm-history", "check"]
        assert hook["language"] == "python"
        assert hook["require_serial"]
    assert Path(REPOSITORY / "pyproject.toml").is_file()
