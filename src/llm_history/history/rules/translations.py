"""Translations of notes that their originals have left behind."""

from llm_history.content.load import Note
from llm_history.diagnostics import Place, Rule, Severity, did_you_mean
from llm_history.history.review import Review

STALE = Rule("LH408", "stale-translation", Severity.WARNING)
NO_ORIGINAL = Rule("LH409", "translation-of-nothing", Severity.WARNING)


def check(review: Review) -> None:
    """Report translations that are older than their original or lack parts of it."""
    notes = {note.id: note for note in review.notes}
    for note in review.notes:
        if not note.translates:
            continue
        original = notes.get(note.translates)
        if original:
            _compare(review, note, original)
        elif note.matter.translates:
            source = review.source_of(note)
            first = next(n for n, line in enumerate(source.lines, 1) if "translates" in line)
            place = source.find(note.translates, first, first + 1)
            message = f"no note has the id `{note.translates}`"
            hint = did_you_mean(note.translates, notes) or "name the original as its address does"
            review.report(NO_ORIGINAL, place, message, hint)


def _compare(review: Review, note: Note, original: Note) -> None:
    hint = "bring the translation up to date with its original"
    related = (("the original", Place(f"{review.finder.shown}/{original.path}")),)
    changed = original.matter.updated or original.matter.date
    translated = note.matter.updated or note.matter.date
    if changed and translated and changed.first_day > translated.last_day:
        message = f"the original was changed on {changed}, this translation on {translated}"
        place = review.source_of(note).find(str(translated), 1, 40)
        review.report(STALE, place, message, hint, related)
        return
    ours, theirs = len(note.document.headings), len(original.document.headings)
    if ours != theirs:
        message = f"this translation has {ours} sections, its original {theirs}"
        review.report(STALE, review.source_of(note).place(1), message, hint, related)
