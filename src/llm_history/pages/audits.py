"""What audits say of the records, in a sentence for readers."""

from babel.numbers import format_percent

from llm_history.history.audits import error_rate
from llm_history.pages.context import Context


def audit_sentence(context: Context) -> str:
    """Return the measured error rate in words; nothing while nobody has measured it."""
    audits, language = context.history.audits, context.language
    rate = error_rate(audits)
    if rate is None:
        return ""
    low, high = (format_percent(x, "0.0%", locale=language.locale) for x in (rate.low, rate.high))
    last = max((audit.on for audit in audits), key=lambda on: on.sort_key)
    return language.gettext(
        "Of %(number)s facts drawn at random and compared with their sources, %(wrong)s turned out "
        "wrong: between %(low)s and %(high)s of all, with 95 percent confidence. Last done: "
        "%(date)s.",
        number=f"{rate.looked_at:,}",
        wrong=f"{rate.wrong:,}",
        low=low,
        high=high,
        date=language.date(last),
    )
