"""The command ``audit``: draws facts, shows their sources, writes down what a person finds."""

import datetime
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click

from llm_history.content.facts import Citation
from llm_history.content.load import Content, load_content
from llm_history.content.records import Source
from llm_history.content.yaml_errors import quoted
from llm_history.diagnostics import Problems
from llm_history.folders import Folders
from llm_history.history.audits import Drawable, drawable, error_rate
from llm_history.history.checks import Finder
from llm_history.history.review import today

FILE = "audits.yaml"
_ANSWERS = {"r": "right", "w": "wrong", "u": "unclear"}


def draw(content: Content, number: int, seed: int) -> list[Drawable]:
    """Return facts drawn at random, none of which has been looked at before.

    The same seed draws the same facts from the same content.
    """
    done = {(audit.record, audit.fact, audit.value) for audit in content.audits}
    left = [each for each in drawable(content) if each.key not in done]
    return random.Random(seed).sample(left, min(number, len(left)))  # noqa: S311 - no secret


def run_audit(folders: Folders, number: int, seed: int | None, by: str, *, only_list: bool) -> None:
    """Show facts one by one, ask what their sources say, and record each answer at once."""
    shown = folders.shown(folders.content)
    content = load_content(folders, Problems(), language="en")
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    drawn = draw(content, number, seed)
    finder = Finder(folders.content, shown)
    click.echo(f"{len(drawn)} facts, drawn with --seed {seed}")
    reviewer = by or _git_name()
    for count, each in enumerate(drawn, 1):
        click.echo(f"\n{count}/{len(drawn)}  " + "\n    ".join(_describe(each, content, finder)))
        if only_list:
            continue
        try:
            reviewer = reviewer or click.prompt("Your name", err=True)
            answer = _ask()
            correct = click.prompt("The source says", err=True) if answer == "w" else ""
        except click.Abort:
            answer = "q"
        if answer == "q":
            break
        if answer in _ANSWERS:
            _write(folders.content / FILE, each, _ANSWERS[answer], correct, reviewer, today())
    _tell_rate(folders)


def _ask() -> str:
    choices = click.Choice(["r", "w", "u", "s", "q"])
    text = "Does the source say so? [r]ight, [w]rong, [u]nclear, [s]kip, [q]uit"
    return str(click.prompt(text, type=choices, show_choices=False, err=True))


def _describe(each: Drawable, content: Content, finder: Finder) -> Iterator[str]:
    record, claim = each.record, each.claim
    yield f"{record.name} ({type(record).kind_name}/{record.id}): {each.fact.replace('_', ' ')}"
    yield f"{each.value}   [{claim.basis}]"
    for citation in claim.cite:
        yield from _source(citation, content.sources.get(citation.source))
    if claim.quote:
        yield f"“{claim.quote}”"
    place = finder.place(record.path, each.where)
    yield f"{place.path}:{place.line}:{place.column}"


def _source(citation: Citation, source: Source | None) -> Iterator[str]:
    where = f", {citation.locator.replace('-', ' ')}" if citation.locator else ""
    yield f"{citation.source}: {source.title if source else 'not in the bibliography'}{where}"
    if source and source.url:
        yield f"  {source.url}"


def _write(
    path: Path, each: Drawable, verdict: str, correct: str, by: str, on: datetime.date
) -> None:
    """Add an entry at the end of the file, which is begun if there is none."""
    record, fact, value = each.key
    fields = {"record": record, "fact": fact, "value": quoted(value), "verdict": verdict}
    if correct:
        fields["correct"] = quoted(correct)
    fields |= {"by": quoted(by), "on": str(on)}
    entry = "- {" + ", ".join(f"{key}: {text}" for key, text in fields.items()) + "}\n"
    before = (
        path.read_text(encoding="utf-8") if path.exists() else "# Facts compared with sources.\n"
    )
    path.write_text(before + "\n" * (not before.endswith("\n")) + entry, encoding="utf-8")


def _git_name() -> str:
    try:
        done = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 - the reviewer's own git
            capture_output=True, text=True, timeout=5, check=False,
        )  # fmt: skip
    except OSError:
        return ""
    return done.stdout.strip()


def _tell_rate(folders: Folders) -> None:
    content = load_content(folders, Problems(), language="en")
    if rate := error_rate(content.audits):
        click.echo(
            f"\n{rate.wrong} of {rate.looked_at} facts that were looked at so far were wrong: "
            f"{rate.rate:.1%} (95 % interval {rate.low:.1%} to {rate.high:.1%})"
        )
