"""The page of a record: what is known of it, who says so, and what it has to do with others."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from llm_history.content.dates import PartialDate
from llm_history.content.facts import Fact, Status
from llm_history.content.records import (
    Benchmark,
    Dated,
    Edge,
    Event,
    Family,
    Model,
    Organization,
    Price,
    Record,
    Result,
    Variant,
    named_facts,
)
from llm_history.history import headline_date, in_time
from llm_history.history.access import all_phases, licenses_of
from llm_history.history.index import full_variant_name
from llm_history.pages import labels, lineage
from llm_history.pages.accessstrip import access_strip
from llm_history.pages.charts import where_it_stands
from llm_history.pages.context import Context
from llm_history.pages.format import format_money, format_quantity, license_name, other_names
from llm_history.pages.fragments import (
    LICENSE,
    MEASURES,
    METRIC,
    date_rows,
    fact_id,
    model_fact_names,
)
from llm_history.pages.sourcebook import Sourcebook
from llm_history.pages.timeline import lane_of
from llm_history.pages.timetable import models_among, size_strip, years
from llm_history.pages.views import (
    AccessRow,
    Cite,
    ClaimView,
    EventRow,
    FactView,
    Kicker,
    LinkView,
    MentionView,
    PriceRow,
    RailTick,
    RecordView,
    RelationGroup,
    RelationRow,
    ResultRow,
    VariantRow,
    VariantTable,
)

_REACH = 4
_TABLED = ("parameters", "training_tokens", "context_window", "layers", "d_model", "heads")


def record_view(record: Record, context: Context) -> RecordView:
    """Return the view of any record's page."""
    return _Builder(record, context).view()


class _Builder:
    """Makes one page; keeps the numbering of its sources while it does."""

    def __init__(self, record: Record, context: Context) -> None:
        self.record = record
        self.context = context
        self.history = context.history
        self.language = context.language
        self.kind = type(record).kind_name
        self.key = f"{self.kind}/{record.id}"
        self.book = Sourcebook(context.history, context.language)

    def view(self) -> RecordView:
        record = self.record
        dek, dek_lang = self.language.text(record.summary)
        date = headline_date(record)
        description = dek or self.language.gettext(
            "%(name)s: %(kind)s, with sources.", name=record.name, kind=self._kind_name()
        )
        page: dict[str, Any] = {
            "name": record.name,
            "description": description,
            "section": self.kind,
            "kicker": self._kicker(),
            "dek": dek,
            "dek_lang": dek_lang,
            "aliases": other_names(record),
            "facts": self._facts(),
            "checked": self.language.date(record.checked) if record.checked else "",
            "json_url": f"data/{self.kind}/{record.id}.json" if record.path else "",
            "links": tuple(LinkView(url=link.url, name=link.title) for link in record.links),
        }
        if isinstance(record, Model):
            page |= self._model_parts(record)
        page |= self._other_parts()
        page["relations"] = self._relations()
        page |= self._lineage()
        page["events"] = tuple(
            event_row(event, self.context) for event in self.history.events_about.get(self.key, ())
        )
        page["longer"] = self._longer_notes()
        page["mentions"] = self._mentions()
        self.book.markers(record.cite)
        page["sources"] = self.book.sources()
        page["cite"] = cite(record.name, f"{self.kind}/{record.id}/", date, self.context, record)
        return RecordView(**page)

    # --- Words ---

    def _label(self, fact: str) -> str:
        return self.language.gettext(labels.FACTS[fact])

    def _kind_name(self) -> str:
        return self.language.gettext(labels.KINDS[self.kind][1])

    def _period(self, start: PartialDate | None, end: PartialDate | None) -> str:
        date, gettext = self.language.date, self.language.gettext
        if start and end:
            return f"{date(start)} – {date(end)}"
        if start:
            return gettext("from %(date)s", date=date(start))
        return gettext("until %(date)s", date=date(end)) if end else gettext("no date known")

    def _from_variant(self, variant: Variant) -> str:
        return self.language.gettext("From %(variant)s.", variant=variant.name)

    # --- What stands above and in the fact table ---

    def _kicker(self) -> Kicker:
        record = self.record
        links = []
        organization = None
        if isinstance(record, Dated | Family):
            organization = self.history.organization(record)
            for role in record.organization:
                found = self.history.organizations.get(role.id)
                links += (
                    [LinkView(url=f"organizations/{found.id}/", name=found.name)] if found else []
                )
        kind = self._kind_name()
        if isinstance(record, Model):
            if record.family:
                family = self.history.families.get(record.family)
                name = family.name if family else record.family
                links.append(LinkView(url=f"families/{record.family}/", name=name))
            kind = "" if record.kind == "model" else self.language.gettext("system")
        hue = organization.hue if organization else None
        if isinstance(record, Organization):
            hue = record.hue
        return Kicker(
            mark=self.history.mark(record).value if isinstance(record, Model) else "",
            hue=hue or "grey",
            kind=kind,
            links=tuple(links),
        )

    def _facts(self) -> tuple[FactView, ...]:
        record = self.record
        facts: list[FactView] = []
        if isinstance(record, Dated):
            facts += self._date_facts(record)
        if isinstance(record, Model):
            facts += self._model_facts(record)
        elif isinstance(record, Benchmark):
            facts += self._benchmark_facts(record)
        for name, fact in named_facts(record):
            facts.append(self.book.fact(name, labels.FACTS[name], fact))
        return tuple(facts)

    def _date_facts(self, record: Dated) -> list[FactView]:
        """Rows for dates; the second of a kind gets a number in its name."""
        facts = []
        for fragment, number, entry in date_rows(record):
            view = self.book.fact("on", labels.DATES[entry.what], entry.on, fragment)
            facts.append(msgspec.structs.replace(view, number=number if number > 1 else 0))
        return facts

    def _model_facts(self, model: Model) -> list[FactView]:
        facts = []
        for name in model_fact_names(model):
            fact = getattr(model.facts, name)
            if fact is not None:
                facts.append(self.book.fact(name, labels.FACTS[name], fact))
            else:
                facts.append(self._from_variants(model, name))
        if licenses := self._license_fact(model):
            facts.append(licenses)
        return facts

    def _from_variants(self, model: Model, name: str) -> FactView:
        """Sum up a fact that only the variants state: ``1T (7B, 13B), 1.4T (33B, 65B)``."""
        stated = [(v, getattr(v.facts, name)) for v in model.variants if getattr(v.facts, name)]
        by_value: dict[str, tuple[Fact[Any], list[str]]] = {}
        for variant, fact in stated:
            claim = self.book.claim(name, fact.best)
            by_value.setdefault(claim.value, (fact, []))[1].append(variant.name)
        parts = []
        for value, (_, names) in by_value.items():
            alone = name == "parameters" or (len(by_value) == 1 and len(stated) > 1)
            parts.append(value if alone else f"{value} ({', '.join(names)})")
        statuses = {fact.status for _, fact in stated}
        weakest = [s for s in Status if s in statuses]
        markers = self.book.markers(
            dict.fromkeys(c for _, fact in stated for claim in fact.claims for c in claim.cite)
        )
        value = ", ".join(parts)
        disputed = Status.DISPUTED in statuses
        remark = self.language.gettext("See the sizes below for the competing claims.")
        return FactView(
            id=fact_id(name),
            label=self.language.gettext(labels.FACTS[name]),
            status=(Status.DISPUTED if disputed else weakest[-1]).value,
            claims=(ClaimView(value=value, markers=markers, remark=remark if disputed else ""),),
        )

    def _license_fact(self, model: Model) -> FactView | None:
        identifiers = licenses_of(model)
        phases = [p for p in all_phases(model) if p.kind == "weights" and p.license]
        if not identifiers:
            return None
        markers = self.book.markers(dict.fromkeys(c for phase in phases for c in phase.cite))
        reported = any(phase.basis != "disclosed" for phase in phases)
        value = self.language.gettext("; later ").join(map(license_name, identifiers))
        return FactView(
            id=LICENSE,
            label=self._label("license"),
            status=(Status.REPORTED if reported else Status.OFFICIAL).value,
            claims=(ClaimView(value=value, markers=markers),),
        )

    def _benchmark_facts(self, record: Benchmark) -> list[FactView]:
        facts, gettext = [], self.language.gettext
        if record.measures:
            words, spoken = self.language.text(record.measures)
            facts.append(_plain(MEASURES, gettext("Measures"), words, spoken))
        if record.metric:
            metric = record.metric
            unit = f" ({metric.unit})" if metric.unit else ""
            name = f"{metric.name}{unit}"
            text = (
                gettext("%(metric)s, higher is better", metric=name)
                if metric.better == "higher"
                else gettext("%(metric)s, lower is better", metric=name)
            )
            if metric.chance:
                chance = format_quantity(metric.chance, self.language)
                text = gettext("%(metric)s; chance is %(chance)s", metric=text, chance=chance)
            facts.append(_plain(METRIC, gettext("Metric"), text))
        return facts

    # --- Parts that only models have ---

    def _model_parts(self, model: Model) -> dict[str, Any]:
        before, after = self.history.neighbours(model, _REACH)
        return {
            "variants": self._variants(model),
            "access": self._access(model),
            "strip": access_strip(model, self.language),
            "beside": self._beside(model),
            "stands": where_it_stands(model, self.context),
            "results": tuple(self._result(model, result) for result in model.results),
            "prices": tuple(self._price(price) for price in model.prices),
            "rail": tuple(self._tick(near, model) for near in (*before, model, *after)),
            "previous": model_link(before[-1]) if before else None,
            "next": model_link(after[0]) if after else None,
        }

    def _beside(self, model: Model) -> tuple[LinkView, ...]:
        others = self.context.shared.rivals.get(model.id, ())
        return tuple(
            LinkView(url=f"compare/?m={model.id},{key}", name=name) for key, name in others
        )

    def _tick(self, neighbour: Model, model: Model) -> RailTick:
        date = headline_date(neighbour)
        return RailTick(
            url=f"models/{neighbour.id}/",
            name=neighbour.name,
            date=self.language.short_date(date) if date else self.language.gettext("no date known"),
            current=neighbour.id == model.id,
        )

    def _variants(self, model: Model) -> VariantTable | None:
        if not model.variants:
            return None
        names = [n for n in _TABLED if any(getattr(v.facts, n) for v in model.variants)]
        rows = tuple(self._variant(model, variant, names) for variant in model.variants)
        return VariantTable(
            labels=tuple(self.language.gettext(labels.FACTS[name]) for name in names), rows=rows
        )

    def _variant(self, model: Model, variant: Variant, names: Sequence[str]) -> VariantRow:
        cells = []
        for name in names:
            fact = getattr(variant.facts, name) or getattr(model.facts, name)
            if fact is None:
                cells.append(ClaimView(value=""))
                continue
            claim = self.book.claim(name, fact.best)
            if len(fact.standing) > 1:
                others = (self.book.claim(name, c) for c in fact.standing if c is not fact.best)
                values = "; ".join(other.value for other in others)
                remark = self.language.gettext("also %(values)s", values=values)
                claim = msgspec.structs.replace(claim, basis="disputed", remark=remark)
            cells.append(msgspec.structs.replace(claim, quote=""))
        parameters = variant.facts.parameters
        return VariantRow(
            id=variant.id,
            name=variant.name,
            strip=size_strip([parameters]) if parameters else None,
            cells=tuple(cells),
            note=self.language.text(variant.note),
        )

    def _access(self, model: Model) -> tuple[AccessRow, ...]:
        holders = [("", phase) for phase in model.access]
        holders += [(v.name, phase) for v in model.variants for phase in v.access]
        rows = []
        for who, phase in holders:
            target = self.history.find(phase.event, "events") if phase.event else None
            rows.append(
                AccessRow(
                    period=self._period(phase.start, phase.end),
                    kind=self.language.gettext(labels.ACCESS[phase.kind]),
                    state=self.language.gettext(labels.STATES[phase.state]),
                    license=license_name(phase.license) if phase.license else "",
                    license_url=_license_url(phase.license),
                    who=who,
                    note=self.language.text(phase.note),
                    event=LinkView(url=target.url, name=target.name) if target else None,
                    basis="" if phase.basis == "disclosed" else phase.basis,
                    markers=self.book.markers(phase.cite),
                )
            )
        return tuple(rows)

    def _result(self, model: Model, result: Result) -> ResultRow:
        benchmark = self.history.benchmark(result.benchmark)
        unit = benchmark.metric.unit if benchmark and benchmark.metric else ""
        exact = result.value.is_exact
        number = f"{result.value.middle:g}" if exact else str(result.value)
        variant = next((v for v in model.variants if v.id == result.of), None)
        return ResultRow(
            subject=model_link(model),
            variant=full_variant_name(model, variant) if variant else "",
            benchmark=LinkView(
                url=f"benchmarks/{result.benchmark}/",
                name=benchmark.name if benchmark else result.benchmark,
            ),
            value=f"{number}{' ' * (unit not in ('', '%'))}{unit}",
            setting=result.setting,
            by=self.language.gettext("developer") if result.by == "developer" else result.by,
            note=self.language.text(result.note),
            markers=self.book.markers(result.cite),
        )

    def _price(self, price: Price) -> PriceRow:
        return PriceRow(
            period=self._period(price.start, price.end),
            input=format_money(price.input) if price.input else "–",
            output=format_money(price.output) if price.output else "–",
            per=price.per,
            note=self.language.text(price.note),
            markers=self.book.markers(price.cite),
        )

    # --- Parts that other kinds have ---

    def _other_parts(self) -> dict[str, Any]:
        record, history, gettext = self.record, self.history, self.language.gettext
        if isinstance(record, Organization):
            made = history.by_organization.get(record.id, [])
            models = models_among(made)
            return {
                "lane": lane_of(models, self.context),
                **self._timetable(models, gettext("Models")),
                **self._related(
                    [r for r in made if not isinstance(r, Model)], gettext("Also theirs")
                ),
            }
        if isinstance(record, Family):
            members = [history.introduction[m.id] for m in history.by_family.get(record.id, ())]
            return self._timetable(members, gettext("Models"))
        if isinstance(record, Benchmark):
            rows = [self._result(m, r) for m, r in history.results.get(record.id, [])]
            return {"results": tuple(rows)}
        if isinstance(record, Event):
            found = (history.find(reference) for reference in record.about)
            targets = [LinkView(url=t.url, name=t.name) for t in found if t]
            return {"related": tuple(targets), "related_heading": gettext("What it is about")}
        if not isinstance(record, Model):
            users = [step.source for step in history.incoming.get(self.key, ())]
            return self._timetable(models_among(users), gettext("Models that used it"))
        return {}

    def _timetable(self, models: Sequence[Model], heading: str) -> dict[str, Any]:
        rows = years(models, self.history, self.context.language)
        return {"timetable": rows, "timetable_heading": heading} if rows else {}

    @staticmethod
    def _related(records: Iterable[Record], heading: str) -> dict[str, Any]:
        links = [LinkView(url=f"{type(r).kind_name}/{r.id}/", name=r.name) for r in records]
        unique = tuple(dict.fromkeys(links))
        return {"related": unique, "related_heading": heading} if unique else {}

    def _lineage(self) -> dict[str, Any]:
        """Return the map around a model, or the map and the log of a family."""
        record = self.record
        if isinstance(record, Model):
            return {
                "map": lineage.map_around(record, self.context),
                "descendants": lineage.far_descendants(record, self.context),
            }
        if isinstance(record, Family):
            members = lineage.dated_models(self.history.by_family.get(record.id, ()))
            drawn = lineage.family_map(record.id, self.context)
            return {"map": drawn, "log": lineage.log(members, self.context) if drawn else ()}
        return {}

    def _relations(self) -> tuple[RelationGroup, ...]:
        edges = self.record.lineage if isinstance(self.record, Dated) else ()
        found = ((edge, self.history.find(edge.to)) for edge in edges)
        older = [self._step(edge, 0, t.url, t.name, t.record) for edge, t in found if t]
        younger: list[tuple[Any, RelationRow]] = []
        for step in self.history.incoming.get(self.key, ()):
            url = f"{type(step.source).kind_name}/{step.source.id}/"
            row = self._step(step.edge, 1, url, step.source.name, step.source)
            if step.variant:
                row = msgspec.structs.replace(
                    row,
                    note=(
                        f"{self._from_variant(step.variant)} {row.note[0]}".strip(),
                        row.note[1],
                    ),
                )
            younger.append((in_time(step.source), row))
        younger.sort(key=lambda pair: (pair[1].relation, pair[0]))
        gettext = self.language.gettext
        groups = ((gettext("Builds on"), older), (gettext("Led to"), [row for _, row in younger]))
        return tuple(RelationGroup(heading=h, rows=tuple(rows)) for h, rows in groups if rows)

    def _step(self, edge: Edge, end: int, url: str, name: str, other: Record) -> RelationRow:
        date = headline_date(other)
        return RelationRow(
            relation=self.language.gettext(labels.RELATIONS[edge.relation][end]),
            target=LinkView(url=url, name=name),
            date=self.language.short_date(date) if date else "",
            note=self.language.text(edge.note),
            inferred=edge.evidence == "inferred",
            markers=self.book.markers(edge.cite),
        )

    def _longer_notes(self) -> tuple[LinkView, ...]:
        notes = self.history.notes_about.get(self.key, ())
        return tuple(LinkView(url=f"notes/{note.id}/", name=note.title) for note in notes)

    def _mentions(self) -> tuple[MentionView, ...]:
        views = []
        for backlink in self.context.backlinks.get(self.key, ()):
            mention, note = backlink.mention, backlink.note
            fragment = f"#{mention.section}" if mention.section else ""
            views.append(
                MentionView(
                    note=LinkView(url=f"notes/{note.id}/{fragment}", name=note.title),
                    lang="" if note.language == self.language.tag else note.language,
                    before=mention.before,
                    name=mention.name,
                    after=mention.after,
                )
            )
        return tuple(views)


def _plain(fragment: str, label: str, value: str, language: str = "") -> FactView:
    """Return a row that states what a record is about rather than a fact of the world."""
    claim = ClaimView(value=value, remark_lang=language)
    return FactView(id=fragment, label=label, status="", claims=(claim,))


def model_link(model: Model) -> LinkView:
    """Return the link to a model's page."""
    return LinkView(url=f"models/{model.id}/", name=model.name)


def event_row(event: Event, context: Context) -> EventRow:
    """Return an event as a line of a list."""
    date = event.on.known
    summary, spoken = context.language.text(event.summary)
    return EventRow(
        url=f"events/{event.id}/",
        name=event.name,
        date=context.language.date(date) if date else "",
        summary=summary,
        summary_lang=spoken,
    )


def _license_url(identifier: str | None) -> str:
    if not identifier or not re.fullmatch(r"[A-Za-z0-9.+-]+", identifier):
        return ""
    if identifier.startswith("LicenseRef-"):
        return ""
    return f"https://spdx.org/licenses/{identifier}.html"


def cite(name: str, page: str, date: PartialDate | None, context: Context, record: Record) -> Cite:
    """Return how to cite the page of a record."""
    settings = context.settings
    address = f"{settings.base_url.rstrip('/')}/{page}"
    key = re.sub(r"[^A-Za-z0-9]+", "", f"{record.id}{date.year if date else ''}")
    publisher = settings.publisher or settings.title
    checked = f", checked {record.checked}" if record.checked else ""
    bibtex = (
        f"@misc{{llmhistory:{key},\n"
        f"  title = {{{{{_bibtex(name)}}}}},\n"
        f"  howpublished = {{{_bibtex(settings.title)}}},\n"
        f"  publisher = {{{_bibtex(publisher)}}},\n"
        f"  url = {{{address}}},\n"
        f"  note = {{Record {type(record).kind_name}/{record.id}{checked}}}\n"
        "}"
    )
    plain = f"“{name}”, {settings.title}{checked}. {address}"
    csl: dict[str, Any] = {
        "id": f"llmhistory:{key}",
        "type": "webpage",
        "title": name,
        "container-title": settings.title,
        "publisher": publisher,
        "URL": address,
    }
    if record.checked:
        day = record.checked.first_day
        csl["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    text = msgspec.json.format(msgspec.json.encode([csl]), indent=2).decode()
    return Cite(bibtex=bibtex, plain=plain, csl=text)


def _bibtex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text)
