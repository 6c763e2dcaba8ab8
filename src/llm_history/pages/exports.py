"""The history as data: JSON, JSON Schemas, a feed, a site map."""

import functools
import html
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from llm_history.content.dates import PartialDate
from llm_history.content.facts import Citation, Claim, Text
from llm_history.content.quantities import Money, Quantity, Size
from llm_history.content.reading import json_schema
from llm_history.content.records import KINDS, Audit, Exclusion, Model, Record, Source
from llm_history.content.shapes import Schema
from llm_history.history import History, headline_date
from llm_history.history.checks import citations
from llm_history.pages import labels
from llm_history.pages.context import Context
from llm_history.settings import SiteSettings

_FEED_LENGTH = 50
_SITEMAP_LENGTH = 50_000
"""So many addresses a site map may have (sitemaps.org)."""


def to_json(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return a value as indented JSON with a final newline."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """Return the names of a type's fields, and what they are called outside."""
    return tuple((field.name, field.encode_name) for field in msgspec.structs.fields(kind))


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any part of a record
    """Return part of a record as JSON values, in the notation of the content model."""
    if isinstance(value, PartialDate | Citation | Money):
        return str(value)
    if isinstance(value, Quantity):
        return {"value": value.middle, "text": str(value)} if not value.is_exact else value.low
    if isinstance(value, Size):
        if value.active is None:
            return plain(value.total)
        return {"total": plain(value.total), "active": plain(value.active)}
    if isinstance(value, Text):
        return (
            value.by_language.get("", value.by_language)
            if len(value.by_language) == 1
            else value.by_language
        )
    if isinstance(value, Claim):
        return {
            "value": value.absent or plain(value.value),
            "basis": None if value.absent else value.basis,
            "rank": value.rank,
            "cite": plain(value.cite),
            **{k: plain(getattr(value, k)) for k in ("note", "why", "quote") if getattr(value, k)},
        }
    if isinstance(value, msgspec.Struct):
        fields = ((name, getattr(value, field)) for field, name in _fields(type(value)))
        return {name: plain(part) for name, part in fields if part not in (None, (), "", False)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def record_json(record: Record, history: History, settings: SiteSettings) -> dict[str, Any]:
    """Return a record as JSON: its facts with every claim, and the sources they cite."""
    kind = type(record).kind_name
    data = plain(record)
    data.pop("path", None)
    facts = data.pop("facts", {})
    for name, fact in facts.items():
        fact["status"] = getattr(record.facts, name).status.value  # type: ignore[attr-defined]
    address = f"{settings.base_url.rstrip('/')}/{kind}/{record.id}/"
    out = (
        {"kind": kind, "url": address, **data, "facts": facts}
        if facts
        else {"kind": kind, "url": address, **data}
    )
    if isinstance(record, Model):
        out["mark"] = history.mark(record).value
    cited = sorted({citation.source for _, citation in citations(record)})
    known = (history.sources[source_id] for source_id in cited if source_id in history.sources)
    return {**out, "sources": {source.id: source_json(source) for source in known}}


def source_json(source: Source) -> dict[str, Any]:
    """Return a source as JSON."""
    data: dict[str, Any] = plain(source)
    data.pop("path", None)
    return data


def models_json(history: History, settings: SiteSettings) -> dict[str, Any]:
    """Return one line a model: what the timeline shows."""
    rows = []
    for model in history.measured:
        parameters = [model.facts.parameters, *(v.facts.parameters for v in model.variants)]
        known = [fact.known for fact in parameters if fact and fact.known]
        date = headline_date(model)
        rows.append(
            {
                "id": model.id,
                "name": model.name,
                "kind": model.kind,
                "family": model.family,
                "organizations": [role.id for role in model.organization],
                "date": str(date) if date else None,
                "mark": history.mark(model).value,
                "parameters": [plain(size) for size in known],
                "json": f"{settings.base_url.rstrip('/')}/data/models/{model.id}.json",
            }
        )
    return {"title": settings.title, "models": rows}


def sitemaps(pages: Sequence[str], settings: SiteSettings) -> dict[str, bytes]:
    """Return the site map (sitemaps.org 0.9) of some addresses, by its path.

    With more of them than one may have, it names others, which have them.
    """
    if len(pages) <= _SITEMAP_LENGTH:
        return {"sitemap.xml": _sitemap("urlset", "url", pages, settings)}
    parts = range(0, len(pages), _SITEMAP_LENGTH)
    files = {
        f"sitemaps/{number}.xml": _sitemap(
            "urlset", "url", pages[start : start + _SITEMAP_LENGTH], settings
        )
        for number, start in enumerate(parts, 1)
    }
    return {"sitemap.xml": _sitemap("sitemapindex", "sitemap", files, settings), **files}


def _sitemap(root: str, each: str, paths: Iterable[str], settings: SiteSettings) -> bytes:
    base = settings.base_url.rstrip("/")
    urls = "".join(
        f"  <{each}><loc>{html.escape(f'{base}/{path}')}</loc></{each}>\n" for path in paths
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{urls}</{root}>\n"
    ).encode()


def feed(context: Context) -> bytes:
    """Return the Atom feed (RFC 4287) of the newest models and notes."""
    history, settings, language = context.history, context.settings, context.language
    base = f"{settings.base_url.rstrip('/')}/{language.prefix}".rstrip("/")
    newest = sorted(history.outlined, key=_published, reverse=True)[:_FEED_LENGTH]
    items: list[tuple[str, str, str, str]] = []
    for record in newest:
        if date := headline_date(record):
            words = language.text(history.model[record.id].summary)[0]
            items.append((_stamp(date), f"models/{record.id}/", record.name, words))
    for note in history.notes:
        if date := note.matter.date:
            text = note.matter.summary
            words = text.get(note.language, settings.language)[0] if text else ""
            items.append((_stamp(date), f"notes/{note.id}/", note.title, words))
    items.sort(key=lambda item: (item[0], item[1]), reverse=True)
    items = items[:_FEED_LENGTH]
    updated = items[0][0] if items else "1970-01-01T00:00:00Z"
    entries = "".join(_entry(base, *item) for item in items)
    author = html.escape(settings.publisher or settings.title)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language.tag}">\n'
        f"  <title>{html.escape(settings.title)}</title>\n"
        f"  <id>{html.escape(base)}/</id>\n"
        f'  <link href="{html.escape(base)}/"/>\n'
        f'  <link rel="self" href="{html.escape(base)}/feed.atom"/>\n'
        f"  <author><name>{author}</name></author>\n"
        f"  <updated>{updated}</updated>\n"
        f"{entries}</feed>\n"
    ).encode()


def _published(record: Record) -> tuple[str, str]:
    date = headline_date(record)
    return _stamp(date) if date else "", f"{type(record).kind_name}/{record.id}/"


def _stamp(date: PartialDate) -> str:
    return f"{date.first_day.isoformat()}T00:00:00Z"


def _entry(base: str, updated: str, page: str, title: str, summary: str) -> str:
    address = html.escape(f"{base}/{page}")
    return (
        f"  <entry>\n    <title>{html.escape(title)}</title>\n    <id>{address}</id>\n"
        f'    <link href="{address}"/>\n    <updated>{updated}</updated>\n'
        f"    <summary>{html.escape(summary)}</summary>\n  </entry>\n"
    )


def schema_kinds() -> dict[str, type[msgspec.Struct]]:
    """Return the types that have a JSON Schema, by what one is called, as in ``model``."""
    kinds: dict[str, type[msgspec.Struct]] = {
        labels.KINDS[kind][1]: kind_type for kind, kind_type in KINDS.items()
    }
    return kinds | {"source": Source, "site": SiteSettings}


def schemas() -> dict[str, Schema]:
    """Return all JSON Schemas, by what a file of each is called."""
    one = {name: json_schema(kind) for name, kind in schema_kinds().items()}
    return one | {
        "sources": json_schema(Source, "mapping"),
        "excluded": json_schema(Exclusion, "list"),
        "audits": json_schema(Audit, "list"),
    }
