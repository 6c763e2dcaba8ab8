"""How the site speaks one of its languages: messages, dates, names of countries."""

import datetime
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel import Locale, dates
from babel.messages.pofile import PoFileError, read_po

from llm_history.content.dates import PartialDate
from llm_history.content.facts import Text
from llm_history.diagnostics import Place, Problems, Rule, SourceText, one_of
from llm_history.folders import Folders, default_templates
from llm_history.settings import SiteSettings

BAD_CATALOGUE = Rule("LH502", "unusable-catalogue")
MISSING_MESSAGE = Rule("LH503", "missing-message")

SOURCE_LANGUAGE = "en"
"""The language that messages are written in; every other one needs a catalogue."""
_LOCALES = {"en": "en_GB"}

Messages = Mapping[str, tuple[str, ...]]
"""Translations by message, one for each plural form."""


class Language:
    """One language of a site. ``prefix`` is the folder of its pages: empty, or ``ko/``.

    A message that the catalogue lacks is answered in English and remembered in
    ``missing``; the build reports it and fails.
    """

    def __init__(self, tag: str, default: str, messages: Messages | None) -> None:
        self.tag = tag
        self.default = default
        self.prefix = "" if tag == default else f"{tag}/"
        self.messages = messages
        self.missing: dict[str, None] = {}
        self.locale = Locale.parse(_LOCALES.get(tag, tag), sep="-" if "-" in tag else "_")

    @property
    def name(self) -> str:
        """The language's own name for itself: ``한국어``."""
        return self.name_of(self.tag, self.locale)

    def gettext(self, message: str, /, **values: object) -> str:
        """Return a message with its values filled in; a literal percent sign is ``%%``."""
        found = self._find(message, 0) or message
        return found % values if values else found

    def ngettext(self, one: str, many: str, num: int, /, **values: object) -> str:
        """Return the form of a message that fits a number, which it may show as ``num``."""
        if self.messages is None:
            found = one if num == 1 else many
        else:
            found = self._find(one, self._plural(num)) or (one if num == 1 else many)
        return found % {"num": f"{num:,}", **values}

    def _find(self, message: str, form: int) -> str:
        if self.messages is None or not message:
            return message
        found = self.messages.get(message, ())
        if form < len(found) and found[form]:
            return found[form]
        self.missing[message] = None
        return ""

    def _plural(self, num: int) -> int:
        """Return the number of the catalogue's plural form; languages like Korean have one."""
        rule = str(self.locale.plural_form(num))
        return sorted(self.locale.plural_form.tags | {"other"}, key=_PLURALS.index).index(rule)

    def text(self, text: Text | None) -> tuple[str, str]:
        """Return a record's text, and its language if that is not this one."""
        if text is None:
            return "", ""
        words, spoken = text.get(self.tag, self.default)
        return words, "" if spoken == self.tag else spoken

    def date(self, date: PartialDate) -> str:
        """Return ``14 March 2023``, ``March 2023``, ``c. November 2022`` or ``3 May to 5 May``."""
        text = _format_date(date.first_day, date.precision, self.locale)
        if date.qualifier == "~":
            text = self.gettext("c. %(date)s", date=text)
        elif date.qualifier == "?":
            text = f"{text} (?)"
        if date.end:
            return self.gettext("%(start)s to %(end)s", start=text, end=self.date(date.end))
        return text

    def month(self, year: int, month: int | None) -> str:
        """Return ``March 2023``, or the year alone."""
        day = datetime.date(year, month or 1, 1)
        return _format_date(day, 1 if month else 2, self.locale)

    def month_name(self, month: int) -> str:
        """Return ``March``."""
        return _skeleton("LLLL", datetime.date(2000, month, 1), self.locale)

    def short_date(self, date: PartialDate) -> str:
        """Return ``2023 · Mar``, or the year alone."""
        if not date.month:
            return str(date.year)
        return f"{date.year} · {self.short_month(date.month)}"

    def short_month(self, month: int) -> str:
        """Return ``Mar``."""
        return _skeleton("LLL", datetime.date(2000, month, 1), self.locale)

    def month_and_day(self, date: PartialDate) -> str:
        """Return ``14 Mar`` for a date under a heading with its year; empty for a year alone."""
        if not date.month:
            return ""
        return _skeleton("MMMd" if date.day else "LLL", date.first_day, self.locale)

    def day_of_year(self, month: int, day: int) -> str:
        """Return ``14 March``."""
        return _skeleton("MMMMd", datetime.date(2000, month, day), self.locale)

    def name_of(self, tag: str, locale: Locale | None = None) -> str:
        """Return what a language is called in this one: ``Korean``; or its tag if unknown."""
        names: Mapping[str, str] = (locale or self.locale).languages
        return names.get(tag.replace("-", "_")) or names.get(tag.partition("-")[0]) or tag

    def country(self, code: str) -> str:
        """Return the name of a country by its ISO 3166 code, or the code if it is unknown."""
        names: Mapping[str, str] = self.locale.territories
        return names.get(code, code)


_PLURALS = ("zero", "one", "two", "few", "many", "other")
_SKELETONS = ("yMMMMd", "yMMMM", "y")


@lru_cache(4096)
def _format_date(day: datetime.date, precision: int, locale: Locale) -> str:
    if precision == 0:
        return dates.format_date(day, "long", locale)
    return _skeleton(_SKELETONS[precision], day, locale)


@lru_cache(1024)
def _skeleton(skeleton: str, day: datetime.date, locale: Locale) -> str:
    if skeleton in ("LLLL", "LLL"):
        return dates.format_date(day, skeleton, locale)
    return dates.format_skeleton(skeleton, day, locale=locale)


def load_languages(
    folders: Folders, settings: SiteSettings, problems: Problems
) -> tuple[Language, ...]:
    """Return the site's languages, the default one first; catalogues in error are reported.

    A catalogue is ``locale/<tag>.po`` (GNU gettext) in the theme; one in the site's own
    templates goes before it, message by message.
    """
    found = []
    for tag in settings.languages or (SOURCE_LANGUAGE,):
        if tag == SOURCE_LANGUAGE:
            found.append(Language(tag, settings.language, None))
        elif (messages := _load_messages(tag, folders, problems)) is not None:
            found.append(Language(tag, settings.language, messages))
    return tuple(found)


def _load_messages(tag: str, folders: Folders, problems: Problems) -> Messages | None:
    messages: dict[str, tuple[str, ...]] = {}
    theme = {folder / "locale" for folder in (default_templates(), folders.templates)}
    paths = [folder / f"{tag}.po" for folder in sorted(theme, key=lambda f: f != _default())]
    paths = [path for path in paths if path.is_file()]
    if not paths:
        known = sorted({SOURCE_LANGUAGE, *(p.stem for f in theme for p in f.glob("*.po"))})
        own = f"{folders.shown(folders.templates)}/locale/{tag}.po"
        problems.add(
            BAD_CATALOGUE,
            _place_of(tag, folders),
            f"the site is to speak `{tag}`, but there is no catalogue of messages for it",
            hint=f"use {one_of(known)}, or write {own}",
        )
        return None
    for path in paths:
        try:
            messages |= _read_catalogue(path)
        except (PoFileError, ValueError, OSError) as error:
            problems.add(BAD_CATALOGUE, Place(folders.shown(path)), f"cannot be read: {error}")
    return messages


def _place_of(tag: str, folders: Folders) -> Place:
    """Return where ``site.yaml`` names a language."""
    path = folders.content / "site.yaml"
    source = SourceText(folders.shown(path), path.read_text("utf-8"))
    first = next((n for n, line in enumerate(source.lines, 1) if "languages:" in line), 1)
    return source.find(tag, first, len(source.lines))


def _default() -> Path:
    return default_templates() / "locale"


def _read_catalogue(path: Path) -> dict[str, tuple[str, ...]]:
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    found = {}
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        if key and not message.fuzzy:
            found[key] = tuple(form.replace("\r", "") for form in forms)
    return found
