"""Stored questions, queries in prose, and whether what prose claims still holds."""

import re
from collections.abc import Iterable

import msgspec

from llm_history.content.front_matter import QUESTION
from llm_history.content.load import Note
from llm_history.content.references import Reference
from llm_history.diagnostics import Place, Problems, Rule
from llm_history.history.queries import (
    Answer,
    Desk,
    QueryError,
    holds,
    parse_assertion,
    parse_query,
)
from llm_history.pages.context import Context
from llm_history.pages.findings.entries import report_entry
from llm_history.pages.views import LinkView, QuestionsView, QuestionView

BAD_QUERY = Rule("LH404", "unreadable-query")
FALSE_ASSERTION = Rule("LH405", "false-assertion")


def answer(text: str, place: Place, desk: Desk, problems: Problems) -> Answer | None:
    """Return the answer to a query, or report why there is none."""
    try:
        return desk.ask(parse_query(text))
    except QueryError as error:
        problems.add(BAD_QUERY, _within(place, error), str(error), hint=error.hint)
        return None


def _within(place: Place, error: QueryError) -> Place:
    """Return the place of the word that an error is about, where the query holds it."""
    word = re.match(r"`(\w+)`", str(error))
    end = place.column - 1 + place.length
    at = place.text.find(word[1], place.column - 1, end) if word else -1
    if word is None or at < 0:
        return place
    return msgspec.structs.replace(place, column=at + 1, length=len(word[1]))


def check_assertion(reference: Reference, desk: Desk | None, problems: Problems) -> None:
    """Report what a note asserts and the records do not bear out.

    Without a desk to ask, only what is no query is reported.
    """
    try:
        assertion = parse_assertion(reference.target)
    except QueryError as error:
        place = _within(reference.place, error)
        problems.add(BAD_QUERY, place, str(error), hint=error.hint)
        return
    if desk is None:
        return
    found = desk.ask(assertion.query)
    if not holds(assertion, found):
        message = f"the records no longer bear this out: it is {str(found) or 'nothing'} now"
        hint = "correct the text and the assertion, or the record that changed"
        problems.add(FALSE_ASSERTION, reference.place, message, hint=hint)


def questions_view(notes: Iterable[Note], desk: Desk, context: Context) -> QuestionsView:
    """Return all stored questions, those in the page's language where they are translated."""
    gettext = context.language.gettext
    chosen = [note for note in notes if note.matter.kind == QUESTION]
    tag = context.language.tag
    spoken = {note.work for note in chosen if note.language == tag}
    shown = [n for n in chosen if n.language == tag or not (n.work in spoken or n.translates)]
    views = (question_view(note, desk, context) for note in shown)
    return QuestionsView(
        name=gettext("Questions"),
        description=gettext("Questions that readers have, answered from the records."),
        lead=gettext(
            "Each answer is worked out from the records whenever the site is built, so that it is "
            "as complete as they are and no more."
        ),
        questions=tuple(view for view in views if view),
    )


def question_view(note: Note, desk: Desk, context: Context) -> QuestionView | None:
    """Return a stored question with its answer; nothing if its query cannot be read."""
    query = note.matter.query
    if query is None or note.matter.kind != QUESTION:
        return None
    found = answer(query.target, query.place, desk, Problems())
    if found is None:
        return None
    language = context.language
    entries = tuple(report_entry(r, context, full_date=True) for r in found.records)
    count = language.ngettext("%(num)s record", "%(num)s records", len(found.records))
    return QuestionView(
        link=LinkView(url=f"notes/{note.id}/", name=note.title),
        lang="" if note.language == language.tag else note.language,
        query=query.target,
        answer=count if found.is_count or len(found.records) != 1 else "",
        records=() if found.is_count else entries,
    )
