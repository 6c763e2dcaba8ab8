"""The installed package works anywhere, with the default theme inside."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import REPOSITORY, Site


@pytest.mark.slow
def test_the_wheel_holds_the_theme_and_builds_any_content_folder(
    site: Site, tmp_path: Path
) -> None:
    wheels, unpacked = tmp_path / "wheels", tmp_path / "unpacked"
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels)]
    subprocess.run([*pip, str(REPOSITORY)], check=True, timeout=300)
    (wheel,) = wheels.glob("llm_history-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*")}
    assert {
        "llm_history/templates/base.html", "llm_history/templates/assets/fonts/archivo.woff2",
        "llm_history/templates/live/live.js", "llm_history/py.typed",
    } <= names  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    where = "import llm_history.folders as s; print(s.default_templates())"
    done = subprocess.run(
        [sys.executable, "-c", where], env=environment, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()) == unpacked / "llm_history" / "templates"
    build = [sys.executable, "-m", "llm_history", "build", "--root", str(site.root)]
    subprocess.run(build, cwd=tmp_path, env=environment, check=True, timeout=60)
    assert "Every fact carries its source." in site.read("index.html")
