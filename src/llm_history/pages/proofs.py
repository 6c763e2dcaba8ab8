"""What can be told of pages before any is written: where notes and settings lead nowhere."""

from collections.abc import Sequence

from llm_history.content.yaml import decode, locate, parse
from llm_history.diagnostics import Problems, Rule, did_you_mean, one_of
from llm_history.folders import Folders
from llm_history.history import History
from llm_history.history.reads import Register
from llm_history.pages.labels import NAVIGATION
from llm_history.pages.language import SOURCE_LANGUAGE, Language
from llm_history.pages.notes import NoteResolver, resolve_all
from llm_history.settings import SiteSettings

UNKNOWN_PAGE = Rule("LH011", "unknown-page")


def check_navigation(folders: Folders, settings: SiteSettings, problems: Problems) -> None:
    """Report what the navigation is to show and cannot."""
    unknown = [n for n, name in enumerate(settings.navigation) if name not in NAVIGATION]
    if not unknown:
        return
    path = folders.content / "site.yaml"
    source = decode(folders.shown(path), path.read_bytes(), Problems())
    root = parse(source, Problems()) if source else None
    for number in unknown:
        node = locate(root, ("navigation", number))
        if source and node:
            name = settings.navigation[number]
            hint = did_you_mean(name, NAVIGATION) or f"the pages are {one_of(NAVIGATION)}"
            message = f"`{name}` is no page that the navigation can show"
            problems.add(UNKNOWN_PAGE, node.place(source), message, hint=hint)


def check_notes(
    history: History,
    settings: SiteSettings,
    languages: Sequence[Language],
    problems: Problems,
    *,
    asserting: bool = False,
) -> None:
    """Report what notes refer to in vain.

    A build does this too; here it is done for content whose errors keep it from being planned.
    Whether the records bear out what notes assert is left open unless they are ``asserting``: a
    record that cannot be read bears nothing out.
    """
    spoken = languages or (Language(SOURCE_LANGUAGE, settings.language, None),)
    resolver = NoteResolver(history, settings, spoken, Register(), asserting=asserting)
    resolve_all(resolver, problems)
