"""What templates see: plain, frozen data, exactly what a page shows and no more."""

import msgspec


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all views."""


Spoken = tuple[str, str]
"""A text, and its language where that is not the page's."""
SILENT: Spoken = ("", "")


class Marker(View, frozen=True, kw_only=True):
    """A small number after a fact: which source of the page, and where in it."""

    number: int
    locator: str = ""


class ClaimView(View, frozen=True, kw_only=True):
    """One line of a fact."""

    value: str
    markers: tuple[Marker, ...] = ()
    remark: str = ""
    remark_lang: str = ""
    quote: str = ""
    basis: str = ""
    absent: bool = False
    rejected: bool = False


class FactView(View, frozen=True, kw_only=True):
    """A row of the fact table; ``id`` is its address on the page.

    ``number`` tells apart rows with the same label; 0 for the first.
    """

    id: str
    label: str
    number: int = 0
    status: str
    claims: tuple[ClaimView, ...]


class LinkView(View, frozen=True, kw_only=True):
    """A name that leads somewhere; ``url`` is relative to the site's root."""

    url: str
    name: str


class Strip(View, frozen=True, kw_only=True):
    """Sizes on a log scale; positions in percent of its width."""

    dots: tuple[tuple[int, bool], ...] = ()
    """Each dot's position, and whether the size is official."""
    absence: str = ""
    """Without dots: ``undisclosed`` if a maker declined to say, else ``unknown``."""


class Row(View, frozen=True, kw_only=True):
    """A line of a timetable."""

    id: str
    url: str
    name: str
    day: str
    mark: str
    hue: str
    organization: str
    strip: Strip | None
    size_from: str
    size: str
    context: str
    summary: str
    summary_lang: str = ""
    kind: str = ""
    """What it is if it is no model: ``system``, ``event``, ``technique``, ``dataset``."""
    facets: tuple[str, ...] = ()
    """What filters look at: ``w-open``, ``i-text``; for what is no model, ``ms-events``."""
    organizations: tuple[str, ...] = ()
    """Who made it; empty for the only maker, whom ``organization`` names."""


class MonthView(View, frozen=True, kw_only=True):
    """A month of the timeline; number 0 is “some time that year”."""

    number: int
    name: str
    url: str = ""
    rows: tuple[Row, ...]
    facets: tuple[str, ...] = ()
    """All facets of its rows."""


class YearView(View, frozen=True, kw_only=True):
    """A year of the timeline; ``count`` is that of its models."""

    year: int
    months: tuple[MonthView, ...]
    count: int
    facets: tuple[str, ...] = ()


class Tick(View, frozen=True, kw_only=True):
    """A mark on a scale, in percent of it."""

    x: float
    text: str


class LaneMark(View, frozen=True, kw_only=True):
    """A model in a lane. ``x`` and the ends of ``span`` are percent, ``y`` pixels.

    ``width`` (of the label, in pixels) is for whoever packs the lane anew.
    """

    id: str
    url: str
    name: str
    mark: str
    hue: str
    x: float
    y: int
    flipped: bool
    labelled: bool
    span: tuple[float, float] | None
    width: float


class HeatCell(View, frozen=True, kw_only=True):
    """A month of a lane that is too full for marks; ``level`` is from 1 to 4."""

    x: float
    width: float
    level: int


class LaneView(View, frozen=True, kw_only=True):
    """A lane: an organization and its models, as marks or as cells."""

    name: str
    url: str
    full_name: str
    hue: str
    top: int
    height: int
    marks: tuple[LaneMark, ...] = ()
    cells: tuple[HeatCell, ...] = ()


class Bar(View, frozen=True, kw_only=True):
    """A month of the histogram: how many models, and how many of them have open weights."""

    x: float
    width: float
    opened: int
    count: int


class TimelineChart(View, frozen=True, kw_only=True):
    """The overview above the list. ``start`` and ``end`` are months since year 0."""

    start: int
    end: int
    ticks: tuple[Tick, ...]
    lanes: tuple[LaneView, ...]
    height: int
    bars: tuple[Bar, ...]
    unit: float
    """Pixels a model in the histogram."""
    milestones: tuple[LaneMark, ...] = ()


class FilterOption(View, frozen=True, kw_only=True):
    """A choice of a filter."""

    id: str
    name: str
    count: int = 0


class SourceView(View, frozen=True, kw_only=True):
    """An entry of a list of sources."""

    number: int
    id: str
    title: str
    by: str
    where: str
    url: str
    archived: str = ""
    tier: str = "primary"
    type: str = "paper"
    cited: int = 0


class VariantRow(View, frozen=True, kw_only=True):
    """A size or tier in the table of sizes."""

    id: str
    name: str
    strip: Strip | None
    cells: tuple[ClaimView, ...]
    note: Spoken = SILENT


class VariantTable(View, frozen=True, kw_only=True):
    """The sizes of a model and the facts that tell them apart."""

    labels: tuple[str, ...]
    rows: tuple[VariantRow, ...]


class AccessRow(View, frozen=True, kw_only=True):
    """A phase of access."""

    period: str
    kind: str
    state: str
    license: str
    license_url: str = ""
    who: str = ""
    note: Spoken = SILENT
    event: LinkView | None = None
    basis: str = ""
    markers: tuple[Marker, ...] = ()


class AccessBar(View, frozen=True, kw_only=True):
    """A phase drawn in time; places are percent, ``open_end`` means that it goes on."""

    row: int
    x: float
    width: float
    state: str
    text: str
    open_end: bool


class AccessStrip(View, frozen=True, kw_only=True):
    """All phases of access in time: what could be had, in what state, until when."""

    rows: tuple[str, ...]
    ticks: tuple["Tick", ...]
    bars: tuple[AccessBar, ...]


class RelationRow(View, frozen=True, kw_only=True):
    """A step of lineage, as seen from the page's record."""

    relation: str
    target: LinkView
    date: str
    note: Spoken = SILENT
    inferred: bool = False
    markers: tuple[Marker, ...] = ()


class RelationGroup(View, frozen=True, kw_only=True):
    """Steps of lineage under one heading."""

    heading: str
    rows: tuple[RelationRow, ...]


class ResultRow(View, frozen=True, kw_only=True):
    """A benchmark score."""

    subject: LinkView
    variant: str
    benchmark: LinkView
    value: str
    setting: str
    by: str
    note: Spoken = SILENT
    markers: tuple[Marker, ...] = ()


class PriceRow(View, frozen=True, kw_only=True):
    """A list price."""

    period: str
    input: str
    output: str
    per: str
    note: Spoken = SILENT
    markers: tuple[Marker, ...] = ()


class EventRow(View, frozen=True, kw_only=True):
    """An event in a list."""

    url: str
    name: str
    date: str
    summary: str
    summary_lang: str = ""


class MentionView(View, frozen=True, kw_only=True):
    """A sentence of a note that names the record."""

    note: LinkView
    lang: str
    before: str
    name: str
    after: str


class RailTick(View, frozen=True, kw_only=True):
    """A neighbour in time."""

    url: str
    name: str
    date: str
    current: bool


class Cite(View, frozen=True, kw_only=True):
    """How to cite a page."""

    bibtex: str
    plain: str
    csl: str = ""


class Kicker(View, frozen=True, kw_only=True):
    """The line above a heading: mark, makers, family."""

    mark: str = ""
    hue: str = ""
    kind: str = ""
    links: tuple[LinkView, ...] = ()


class ScatterDot(View, frozen=True, kw_only=True):
    """A value on a chart: ``x`` in percent, heights in pixels."""

    url: str
    name: str
    text: str
    hue: str
    x: float
    y: float
    low_y: float
    high_y: float
    status: str
    labelled: bool
    flipped: bool


class ScatterView(View, frozen=True, kw_only=True):
    """A chart of numbers in time on a log scale; the rug is of models that did not say."""

    label: str
    height: int
    ticks: tuple[Tick, ...]
    decades: tuple[tuple[float, str], ...]
    dots: tuple[ScatterDot, ...]
    rug: tuple[Tick, ...]
    covered: int = 0
    """How many dots are not drawn, for others would cover them."""


class ColumnPart(View, frozen=True, kw_only=True):
    """A part of a column of a bar chart: its height in pixels and where it starts."""

    y: float
    height: float
    style: str


class Column(View, frozen=True, kw_only=True):
    """A column of a bar chart; places are percent."""

    x: float
    width: float
    label: str
    parts: tuple[ColumnPart, ...]


class ColumnsView(View, frozen=True, kw_only=True):
    """A bar chart in time, with what each style means."""

    label: str
    height: int
    ticks: tuple[Tick, ...]
    columns: tuple[Column, ...]
    legend: tuple[tuple[str, str], ...]
    lines: tuple[tuple[float, str], ...]


class Cell(View, frozen=True, kw_only=True):
    """A cell of a table: what it says, how firmly, and a number or text to sort it by."""

    text: str
    url: str = ""
    status: str = ""
    sort: str = ""
    mark: str = ""
    hue: str = ""


class ColumnWidth(View, frozen=True, kw_only=True):
    """How wide a column is, in halves of a rem: on a wide page, and on a phone."""

    wide: int
    narrow: int


class TableView(View, frozen=True, kw_only=True):
    """A table; ``numeric`` tells which columns hold numbers."""

    label: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[ColumnWidth, ...]


class ReportEntry(View, frozen=True, kw_only=True):
    """A line of a report's list."""

    url: str
    name: str
    detail: str = ""
    mark: str = ""
    hue: str = ""
    lang: str = ""
    date: str = ""


class ReportSection(View, frozen=True, kw_only=True):
    """A heading of a report, and a table or a list under it."""

    id: str
    heading: str
    lead: str = ""
    table: TableView | None = None
    entries: tuple[ReportEntry, ...] = ()


class ReportView(View, frozen=True, kw_only=True):
    """A page made of tables and lists that follow from all records."""

    name: str
    description: str
    section: str
    lead: str
    sections: tuple[ReportSection, ...]
    previous: LinkView | None = None
    next: LinkView | None = None
    script: str = ""
    links: tuple[LinkView, ...] = ()
    jump: tuple[LinkView, ...] = ()
    """Places on the page, where its sections are too many to be named."""


class DisputedRecord(View, frozen=True, kw_only=True):
    """A record and those of its facts on which sources differ."""

    link: LinkView
    mark: str
    hue: str
    date: str
    opens_year: int
    """The year that it is the first of; 0 for those after it."""
    facts: tuple[FactView, ...]


class DisputedView(View, frozen=True, kw_only=True):
    """Every fact on which sources differ, with all claims."""

    name: str
    description: str
    section: str
    lead: str
    records: tuple[DisputedRecord, ...]
    sources: tuple[SourceView, ...]


class CompareView(View, frozen=True, kw_only=True):
    """All models and their main facts as a table, to sort, filter and compare.

    ``sorts`` are the pages that sort by a column, empty for a column that has none.
    """

    name: str
    description: str
    section: str = "compare"
    lead: str
    table: TableView
    sorts: tuple[str, ...]
    sorted_by: int
    csv_url: str
    total: int
    examples: tuple[LinkView, ...] = ()
    facts: tuple[FilterOption, ...] = ()
    """What else the table can show."""
    words: dict[str, str]
    """What statuses, what is not known, and kinds of input are called."""


class ChartView(View, frozen=True, kw_only=True):
    """The page of a chart: the drawing, and all it shows as a table."""

    name: str
    description: str
    section: str = "charts"
    lead: str
    scatter: ScatterView | None = None
    columns: ColumnsView | None = None
    table: TableView
    partial: bool = False
    """Whether there are more values than the table lists."""
    csv_url: str
    others: tuple[LinkView, ...]


class MapNode(View, frozen=True, kw_only=True):
    """A model on a map, in pixels; ``label`` is ``above``, ``below`` or ``hidden``."""

    id: str
    url: str
    name: str
    mark: str
    hue: str
    x: int
    y: int
    label: str
    flipped: bool


class MapCurve(View, frozen=True, kw_only=True):
    """A step on a map: an SVG path, whose ends are where its models stand."""

    path: str
    line: str
    hue: str
    inside: bool


class MapBand(View, frozen=True, kw_only=True):
    """A family on a map; without a name, the last band for families of one."""

    name: str
    url: str
    top: int
    height: int
    x: int


class MapView(View, frozen=True, kw_only=True):
    """A map of lineage; ``current`` is the id of the model it is drawn for."""

    width: int
    height: int
    nodes: tuple[MapNode, ...]
    curves: tuple[MapCurve, ...]
    bands: tuple[MapBand, ...]
    ticks: tuple[tuple[int, int], ...]
    compact: bool
    current: str = ""
    left_out: int = 0


class LogLine(View, frozen=True, kw_only=True):
    """A piece of a lane in the log: an SVG path in a row 40 units high."""

    path: str
    hue: str
    trunk: bool


class LogEntry(View, frozen=True, kw_only=True):
    """A model in the log; ``x`` is missing beyond the last lane."""

    url: str
    name: str
    mark: str
    hue: str
    organization: str
    descent: str
    date: str
    x: int | None
    lines: tuple[LogLine, ...]


class LogYear(View, frozen=True, kw_only=True):
    """A year of the log; ``lines`` run past its heading."""

    year: int
    lines: tuple[LogLine, ...]
    entries: tuple[LogEntry, ...]


class LineageView(View, frozen=True, kw_only=True):
    """The page of all lineage."""

    name: str
    description: str
    section: str = "lineage"
    lead: str
    map: MapView | None
    log: tuple[LogYear, ...]
    families: tuple["IndexEntry", ...]


class RecordView(View, frozen=True, kw_only=True):
    """The page of a record of any kind."""

    name: str
    description: str
    section: str
    kicker: Kicker
    dek: str
    dek_lang: str
    aliases: tuple[str, ...]
    facts: tuple[FactView, ...]
    variants: VariantTable | None = None
    access: tuple[AccessRow, ...] = ()
    relations: tuple[RelationGroup, ...] = ()
    map: MapView | None = None
    descendants: tuple[LinkView, ...] = ()
    """All that came from a model at any remove, if that is more than its own list names."""
    log: tuple[LogYear, ...] = ()
    beside: tuple[LinkView, ...] = ()
    """Other models to compare it with; each leads to both, side by side."""
    stands: ScatterView | None = None
    strip: "AccessStrip | None" = None
    results: tuple[ResultRow, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    lane: "TimelineChart | None" = None
    timetable: tuple[YearView, ...] = ()
    timetable_heading: str = ""
    related: tuple[LinkView, ...] = ()
    related_heading: str = ""
    events: tuple[EventRow, ...] = ()
    longer: tuple[LinkView, ...] = ()
    mentions: tuple[MentionView, ...] = ()
    links: tuple[LinkView, ...] = ()
    sources: tuple[SourceView, ...] = ()
    rail: tuple[RailTick, ...] = ()
    previous: LinkView | None = None
    next: LinkView | None = None
    cite: Cite
    checked: str = ""
    json_url: str = ""


class IndexEntry(View, frozen=True, kw_only=True):
    """A line of an index."""

    url: str
    name: str
    aliases: str = ""
    detail: str = ""
    note: str = ""
    note_lang: str = ""
    mark: str = ""
    hue: str = ""
    lang: str = ""


class IndexGroup(View, frozen=True, kw_only=True):
    """A heading of an index and what stands under it."""

    id: str
    heading: str
    entries: tuple[IndexEntry, ...]


class IndexView(View, frozen=True, kw_only=True):
    """A list of all records of a kind, or a part of one that has ``pages``."""

    name: str
    description: str
    section: str
    lead: str
    groups: tuple[IndexGroup, ...]
    pages: tuple[LinkView, ...] = ()


class TimelineView(View, frozen=True, kw_only=True):
    """The first page: every model in the order it came."""

    heading: str
    description: str
    section: str = "timeline"
    lead: str
    years: tuple[YearView, ...]
    chart: TimelineChart | None
    weights: tuple[FilterOption, ...] = ()
    inputs: tuple[FilterOption, ...] = ()
    organizations: tuple[FilterOption, ...] = ()
    milestones: tuple[FilterOption, ...] = ()
    milestones_url: str = ""
    """The page that has them, if this one has not."""
    milestones_on: bool = False
    """Whether they are shown before anything is chosen."""
    pages: tuple[LinkView, ...] = ()
    """One page a year, when one page for all would be too long."""
    partial: bool = False
    """Whether the list shows landmarks only."""
    total: int = 0


class QuestionView(View, frozen=True, kw_only=True):
    """A stored question and its answer."""

    link: LinkView
    lang: str
    query: str
    answer: str
    records: tuple[ReportEntry, ...]


class QuestionsView(View, frozen=True, kw_only=True):
    """All stored questions with their answers."""

    name: str
    description: str
    section: str = "questions"
    lead: str
    questions: tuple[QuestionView, ...]


class NoteView(View, frozen=True, kw_only=True):
    """The page of a note."""

    name: str
    description: str
    section: str = "notes"
    lang: str
    language_name: str
    html: str
    date: str
    date_iso: str
    authors: tuple[str, ...]
    tags: tuple[LinkView, ...]
    categories: tuple[str, ...]
    dek: str
    dek_lang: str
    contents: tuple[tuple[int, str, str], ...]
    """Level, fragment id and text of each heading."""
    mentioned: tuple[LinkView, ...]
    translations: tuple[tuple[str, LinkView], ...]
    """The language and the page of each translation."""
    question: QuestionView | None = None
    sources: tuple[SourceView, ...] = ()


class SourcesView(View, frozen=True, kw_only=True):
    """The bibliography, or a part of one that has ``pages``."""

    name: str
    description: str
    section: str = "sources"
    lead: str
    groups: tuple[tuple[str, str, tuple[SourceView, ...]], ...]
    """By type: its id, its heading, its sources."""
    pages: tuple[LinkView, ...] = ()


class SourcePageView(View, frozen=True, kw_only=True):
    """One source and what cites it."""

    name: str
    description: str
    section: str = "sources"
    source: SourceView
    note: Spoken
    facts: tuple[tuple[str, str], ...]
    """What is known of the source itself: label and text."""
    cited_by: tuple[tuple[LinkView, str], ...]
    """A record, and where in the source it points."""


class CoverageRow(View, frozen=True, kw_only=True):
    """How many models state a fact, and how firmly."""

    label: str
    counts: tuple[int, ...]


class CoverageView(View, frozen=True, kw_only=True):
    """Which facts are present, and which nobody has looked up yet."""

    name: str
    description: str
    section: str = "coverage"
    lead: str
    statuses: tuple[str, ...]
    tables: tuple[tuple[str, tuple[CoverageRow, ...]], ...]
    checked: tuple[tuple[str, int], ...]
    audit: str
    excluded: tuple[tuple[str, Spoken], ...]


class AboutView(View, frozen=True, kw_only=True):
    """What the site is and how to read it."""

    name: str
    description: str
    section: str = "about"
    inclusion: str
    counts: tuple[tuple[str, str, int], ...]
    repository: str


class MessageView(View, frozen=True, kw_only=True):
    """A page that only says something: not found, moved."""

    name: str
    description: str
    section: str = ""
    message: str
    target: LinkView | None = None
