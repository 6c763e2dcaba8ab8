"""What audits found wrong and nobody has mended."""

from llm_history.diagnostics import Rule, Severity
from llm_history.history.audits import drawable
from llm_history.history.review import Review

UNMENDED = Rule("LH328", "known-error", Severity.WARNING)
AUDIT_OF_NOTHING = Rule("LH329", "audit-of-nothing", Severity.WARNING)


def check(review: Review) -> None:
    """Report errors that an audit found and that still stand, and audits of no record."""
    standing = {each.key for each in drawable(review.content)} if review.content.audits else set()
    for number, audit in enumerate(review.content.audits):
        if not review.index.find(audit.record) and not review.index.is_broken(audit.record):
            message = f"there is no record `{audit.record}`"
            place = review.finder.place("audits.yaml", (number, "record"))
            review.report(AUDIT_OF_NOTHING, place, message, "write the id that it has now")
        elif audit.verdict == "wrong" and (audit.record, audit.fact, audit.value) in standing:
            said = f": the source says {audit.correct}" if audit.correct else ""
            message = f"{audit.by} found this wrong on {audit.on}{said}"
            place = review.finder.place("audits.yaml", (number, "value"))
            review.report(UNMENDED, place, message, f"correct `{audit.fact}` of {audit.record}")
