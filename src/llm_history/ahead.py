"""The pages of what was just edited, before anything else is looked at.

After most edits only what a record or a note says by itself is new. Its pages are then made from
what the last build knew, with the new one in the place of the old. The build that follows looks
at everything again, and comes to the same pages.
"""

from collections.abc import Iterable, Mapping

import msgspec

from llm_history.content.load import Note, load_file
from llm_history.content.records import Model, Record
from llm_history.diagnostics import Problems
from llm_history.folders import Folders, Options
from llm_history.history import History, without_words
from llm_history.history.checks import Checks, Finder
from llm_history.history.reads import Register
from llm_history.history.succession import fits, with_note, with_record
from llm_history.pages.context import Shared
from llm_history.pages.inventory import units_of
from llm_history.pages.notes import NoteResolver
from llm_history.pages.render import Renderer
from llm_history.pages.workshop import Made, Product, Workshop, make_all
from llm_history.settings import SiteSettings

_MOST = 8
"""So many files are looked at by themselves; more than that were not edited by hand."""
_LEFT_AS_IT_WAS = frozenset({"cited_by", "notes_citing", "cited"})


class Known(msgspec.Struct, frozen=True):
    """What a build made its pages with; ``paths`` are all files of the content."""

    settings: SiteSettings
    renderer: Renderer
    shared: Shared
    paths: frozenset[str]


def make_ahead(
    known: Known,
    folders: Folders,
    options: Options,
    edited: Iterable[str],
    before: Mapping[str, Made],
) -> tuple[Known, list[Product]] | None:
    """Return the pages of some files of the content, and what is known with them.

    Nothing is returned if more than these pages could change in what they refer to, or if
    anything is wrong: only a whole build can tell.
    """
    # A file that came and went, as when an editor saves, was never there.
    edited = [path for path in edited if path in known.paths or (folders.content / path).exists()]
    if len(edited) > _MOST:
        return None
    products: list[Product] = []
    problems, register = Problems(), Register()
    for path in edited:
        found = _with_file(known, folders, options, path, problems, register)
        if found is None:
            return None
        known, thing = found
        workshop = Workshop(known.renderer, known.shared.history.reads, register, before)
        languages = known.renderer.languages
        units = tuple(units_of(thing, known.shared, known.settings, languages))
        products += make_all(workshop, units, problems)
        missing = any(language.missing for language in languages)
        if missing or any(problem.fails(strict=options.strict) for problem in problems.found):
            return None
    read = {cell[0] for cell in register.cells}
    return (known, products) if read.isdisjoint(_LEFT_AS_IT_WAS) else None


def _with_file(
    known: Known,
    folders: Folders,
    options: Options,
    path: str,
    problems: Problems,
    register: Register,
) -> tuple[Known, Record | Note] | None:
    """Return what is known with a file as it is now, and what is in the file."""
    history, shown = known.shared.history, folders.shown(folders.content)
    language = known.settings.language
    new = load_file(
        folders,
        path,
        known.paths,
        problems,
        language=language,
        drafts=options.drafts,
    )
    old = _at(new, history) if new else None
    if new is None or old is None or old.path != path or not fits(new, old):
        return None
    if isinstance(new, Note) and isinstance(old, Note):
        after = with_note(history, old, new)
        resolver = NoteResolver(
            after, known.settings, known.renderer.languages, register, asserting=True
        )
        resolved = resolver.resolve(new)
        problems.found += resolved.problems
        shared = known.shared.edited(after, resolved.page(new))
    elif isinstance(new, Record) and isinstance(old, Record):
        after = with_record(history, old, new)
        finder = Finder(folders.content, shown)
        Checks(after.content, after.index, finder, problems).check(new)
        shared = known.shared.edited(after, measures=_measured(new) != _measured(old))
    else:
        return None
    return msgspec.structs.replace(known, shared=shared), new


def _measured(record: Record) -> tuple[Model, ...]:
    """Return what can be measured of a record."""
    return without_words(record) if isinstance(record, Model) else ()


def _at(new: Record | Note, history: History) -> Record | Note | None:
    """Return what is where ``new`` would be."""
    if isinstance(new, Note):
        return history.note.get(new.id)
    kind = type(new).kind_name
    target = history.find(new.id, kind) if kind != "families" else None
    return target.record if target else None
