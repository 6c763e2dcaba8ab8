"""The record types: what a file in ``content/`` can say, kind by kind.

The types are the single definition of the content model: the reader of YAML
(:mod:`llm_history.content.reading`) and the JSON Schemas
(:mod:`llm_history.content.schema`) are both derived from them. The text of each
``Meta`` is what an editor shows beside the field.
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from llm_history.content.dates import PartialDate
from llm_history.content.facts import Basis, Citation, Fact, Text
from llm_history.content.quantities import Money, Quantity, Size

# Text with a form of its own; the reader knows each by its name in `reading.FORMS`.
Id = Annotated[str, Meta(extra={"form": "id"}, description="The id of a record")]
NewId = Annotated[str, Meta(extra={"form": "new-id"}, description="The id of a new variant")]
Url = Annotated[str, Meta(extra={"form": "url"}, description="An http or https address")]
LicenseId = Annotated[
    str, Meta(extra={"form": "license"}, description="An SPDX expression, or LicenseRef-…")
]
Country = Annotated[str, Meta(extra={"form": "country"}, description="Two letters (ISO 3166)")]
LanguageTag = Annotated[
    str, Meta(extra={"form": "language"}, description="A language tag (BCP 47)")
]

DateKind = Literal[
    "pre-announced", "announced", "paper", "model-card", "preview", "released", "weights",
    "trained", "retirement-notice", "retired", "withdrawn", "renamed",
]  # fmt: skip
AccessKind = Literal["api", "weights", "product", "device", "code", "data"]
AccessState = Literal[
    "limited", "preview", "general", "gated", "public", "leaked", "never-released", "withdrawn"
]
Architecture = Literal[
    "dense", "mixture-of-experts", "state-space", "recurrent", "hybrid", "diffusion"
]
Modality = Literal["text", "code", "image", "audio", "video"]
Relation = Literal[
    "successor-of", "fine-tuned-from", "adapter-of", "continued-pretraining-of",
    "initialized-from", "distilled-from", "trained-on-outputs-of", "merged-from",
    "quantized-from", "pruned-from", "reproduces", "architecture-from", "variant-of",
    "uses-technique", "introduces", "trained-on", "contains", "powered-by", "uses-hardware",
]  # fmt: skip
DERIVATIONS: frozenset[Relation] = frozenset(
    {
        "successor-of", "fine-tuned-from", "adapter-of", "continued-pretraining-of",
        "initialized-from", "distilled-from", "trained-on-outputs-of", "merged-from",
        "quantized-from", "pruned-from", "reproduces", "architecture-from", "variant-of",
    }
)  # fmt: skip
"""The relations by which one model descends from another: they may not form a circle."""

Hue = Literal["green", "blue", "violet", "rust", "teal", "ochre", "magenta", "crimson", "grey"]


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of everything that is read from a mapping."""


class Link(Part, frozen=True, kw_only=True):
    """A page worth reading that supports no fact by itself."""

    url: Url
    title: str


class DateEntry(Part, frozen=True, kw_only=True):
    """One dated step in the life of a record; ``on`` holds what its sources say."""

    what: Annotated[DateKind, Meta(description="What happened on the day")]
    on: Fact[PartialDate]
    headline: Annotated[bool, Meta(description="The date the timeline uses")] = False


class Role(Part, frozen=True, kw_only=True):
    """An organization and its part in a record."""

    id: Id
    role: Literal["developer", "partner", "funder"] = "developer"


class Access(Part, frozen=True, kw_only=True):
    """A phase: what could be had, in what state, from one date to another."""

    kind: AccessKind
    state: AccessState
    start: PartialDate | None = msgspec.field(default=None, name="from")
    end: PartialDate | None = msgspec.field(default=None, name="to")
    license: LicenseId | None = None
    event: Id | None = None
    note: Text | None = None
    basis: Basis = "disclosed"
    cite: tuple[Citation, ...] = ()


class Modalities(Part, frozen=True, kw_only=True):
    """What goes in and what comes out."""

    input: tuple[Modality, ...]
    output: tuple[Modality, ...]


class ModelFacts(Part, frozen=True, kw_only=True):
    """The facts that a model and each of its variants may state."""

    parameters: Annotated[
        Fact[Size] | None, Meta(description="Parameters; {total, active} for a mixture of experts")
    ] = None
    training_tokens: Annotated[
        Fact[Quantity] | None, Meta(description="Tokens seen in training")
    ] = None
    training_compute: Annotated[Fact[Quantity] | None, Meta(description="FLOP")] = None
    training_cost: Fact[Money] | None = None
    hardware: Annotated[Fact[Text] | None, Meta(description="What it was trained on")] = None
    architecture: Fact[Architecture] | None = None
    context_window: Annotated[Fact[Quantity] | None, Meta(description="Tokens")] = None
    vocabulary: Annotated[Fact[Quantity] | None, Meta(description="Tokens")] = None
    layers: Fact[Quantity] | None = None
    d_model: Annotated[Fact[Quantity] | None, Meta(description="Width of the residual stream")] = (
        None
    )
    heads: Annotated[Fact[Quantity] | None, Meta(description="Attention heads")] = None
    modalities: Fact[Modalities] | None = None
    languages: Fact[tuple[LanguageTag, ...]] | None = None
    knowledge_cutoff: Fact[PartialDate] | None = None


FACT_NAMES: tuple[str, ...] = ModelFacts.__struct_fields__


Flattened = Meta(extra={"flatten": True})
"""In a file, the fields of the part stand among those of what holds it."""


class Variant(Part, frozen=True, kw_only=True):
    """A size or tier released with others; it inherits what it does not state."""

    id: NewId
    name: str
    also_known_as: tuple[str, ...] = ()
    note: Text | None = None
    dates: tuple[DateEntry, ...] = ()
    access: tuple[Access, ...] = ()
    facts: Annotated[ModelFacts, Flattened] = ModelFacts()


class Edge(Part, frozen=True, kw_only=True):
    """A typed step of lineage to something older."""

    relation: Relation
    to: Id
    evidence: Literal["explicit", "inferred"] = "explicit"
    note: Text | None = None
    cite: tuple[Citation, ...] = ()


class Result(Part, frozen=True, kw_only=True):
    """A benchmark score, with its setting and who measured it."""

    benchmark: Id
    value: Quantity
    of: Id | None = None
    setting: str = ""
    by: str = "developer"
    note: Text | None = None
    cite: tuple[Citation, ...] = ()


class Price(Part, frozen=True, kw_only=True):
    """A list price in force from one date to another."""

    start: PartialDate | None = msgspec.field(default=None, name="from")
    end: PartialDate | None = msgspec.field(default=None, name="to")
    input: Money | None = None
    output: Money | None = None
    per: str = "1M tokens"
    note: Text | None = None
    cite: tuple[Citation, ...] = ()


class Record(Part, frozen=True, kw_only=True):
    """What every record may say about itself; ``id`` and ``path`` come from its file."""

    kind_name: ClassVar[str] = ""

    id: Annotated[str, Meta(extra={"key": None})] = ""
    path: Annotated[str, Meta(extra={"key": None})] = ""
    name: Annotated[str, Meta(description="The name, as its maker writes it")]
    also_known_as: Annotated[tuple[str, ...], Meta(description="Other names, in any script")] = ()
    no_auto_link: Annotated[
        tuple[str, ...], Meta(description="Names that must not become links by themselves")
    ] = ()
    summary: Annotated[
        Text | None, Meta(description="One or two plain sentences in our own words")
    ] = None
    cite: Annotated[
        tuple[Citation, ...], Meta(description="Who says whatever names no other source")
    ] = ()
    links: tuple[Link, ...] = ()
    formerly: Annotated[tuple[Id, ...], Meta(description="Old ids, which redirect")] = ()
    checked: Annotated[
        PartialDate | None, Meta(description="When it was last compared with its sources")
    ] = None


class Dated(Record, frozen=True, kw_only=True):
    """A record with a place in time."""

    organization: Annotated[
        tuple[Role, ...], Meta(extra={"shorthand": "id"}, description="Who made it")
    ] = ()
    dates: tuple[DateEntry, ...] = ()
    lineage: tuple[Edge, ...] = ()

    @property
    def headline(self) -> DateEntry | None:
        """The date by which the record stands in time."""
        if len(self.dates) == 1:
            return self.dates[0]
        return next((entry for entry in self.dates if entry.headline), None)


class Model(Dated, frozen=True, kw_only=True):
    """A model release, or a system such as a chat product."""

    kind_name = "models"

    kind: Literal["model", "system"] = "model"
    family: Id | None = None
    access: tuple[Access, ...] = ()
    facts: Annotated[ModelFacts, Flattened] = ModelFacts()
    variants: tuple[Variant, ...] = ()
    results: tuple[Result, ...] = ()
    prices: tuple[Price, ...] = ()


class Family(Record, frozen=True, kw_only=True):
    """A line of models under one name."""

    kind_name = "families"

    organization: Annotated[tuple[Role, ...], Meta(extra={"shorthand": "id"})] = ()


class Organization(Record, frozen=True, kw_only=True):
    """A company, laboratory, university or collective."""

    kind_name = "organizations"

    founded: Fact[PartialDate] | None = None
    country: Fact[Country] | None = None
    hue: Annotated[Hue | None, Meta(description="Its colour on the timeline")] = None
    parent: Id | None = None


class Technique(Dated, frozen=True, kw_only=True):
    """A way of building, training, serving or releasing models."""

    kind_name = "techniques"


class Dataset(Dated, frozen=True, kw_only=True):
    """A corpus."""

    kind_name = "datasets"

    size: Annotated[Fact[Quantity] | None, Meta(description="Tokens")] = None
    license: Fact[LicenseId] | None = None


class Metric(Part, frozen=True, kw_only=True):
    """How a benchmark scores."""

    name: str
    unit: str = ""
    better: Literal["higher", "lower"] = "higher"
    range: Quantity | None = None
    chance: Quantity | None = None


class Benchmark(Dated, frozen=True, kw_only=True):
    """A test that models are compared by."""

    kind_name = "benchmarks"

    measures: Text | None = None
    metric: Metric | None = None
    comparable_only_within: tuple[Literal["setting", "by", "version"], ...] = ()


class Hardware(Dated, frozen=True, kw_only=True):
    """A chip or machine that models are trained on."""

    kind_name = "hardware"


class Event(Record, frozen=True, kw_only=True):
    """Something that happened and was no release."""

    kind_name = "events"

    type: Literal[
        "deal", "license", "leak", "report", "policy", "launch", "research", "legal", "other"
    ]
    on: Fact[PartialDate]
    about: tuple[Id, ...] = ()
    importance: Annotated[
        Literal["1", "2", "3"], Meta(description="1 minor, 2 notable, 3 a turning point")
    ] = "2"


FACTS_OF_KINDS: dict[type[Record], tuple[str, ...]] = {
    Organization: ("founded", "country"),
    Dataset: ("size", "license"),
    Event: ("on",),
}
"""The facts of the kinds other than models."""


def named_facts(holder: ModelFacts | Record) -> Iterator[tuple[str, Fact[Any]]]:
    """Yield the facts that are stated, with their names; those of models stand in their parts."""
    names = FACT_NAMES if isinstance(holder, ModelFacts) else FACTS_OF_KINDS.get(type(holder), ())
    for name in names:
        if fact := getattr(holder, name):
            yield name, fact


class Archived(Part, frozen=True, kw_only=True):
    """A stored copy of a page."""

    url: Url
    on: PartialDate


class Source(Part, frozen=True, kw_only=True):
    """An entry of the bibliography."""

    id: Annotated[str, Meta(extra={"key": None})] = ""
    path: Annotated[str, Meta(extra={"key": None})] = ""
    type: Literal[
        "paper", "model-card", "blog", "press", "documentation", "repository", "dataset",
        "talk", "book",
    ]  # fmt: skip
    title: str
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: PartialDate | None = None
    url: Url | None = None
    arxiv: Annotated[str, Meta(extra={"form": "arxiv"}, description="As in 2302.13971")] = ""
    doi: str = ""
    archived: Archived | None = None
    accessed: PartialDate | None = None
    tier: Annotated[
        Literal["primary", "secondary", "tertiary"],
        Meta(description="The maker's own, own reporting on it, or a retelling"),
    ] = "primary"
    note: Text | None = None


class Exclusion(Part, frozen=True, kw_only=True):
    """Something that was left out, and why."""

    name: str
    why: Text


class Audit(Part, frozen=True, kw_only=True):
    """What a person found who compared one fact, drawn at random, with its source."""

    record: Annotated[str, Meta(description="The record, as in models/gpt-3")]
    fact: Annotated[str, Meta(description="The fact, as in parameters or variants/one-7b/layers")]
    value: Annotated[str, Meta(description="What the record said at the time")]
    verdict: Annotated[
        Literal["right", "wrong", "unclear"],
        Meta(description="Whether the source says the same; unclear if it could not be told"),
    ]
    correct: Annotated[
        str, Meta(description="What the source says, where the record was wrong")
    ] = ""
    by: Annotated[str, Meta(description="Who looked")]
    on: Annotated[PartialDate, Meta(description="When")]


RECORD_TYPES: tuple[type[Record], ...] = (
    Model, Family, Organization, Technique, Dataset, Benchmark, Hardware, Event,
)  # fmt: skip
KINDS: dict[str, type[Record]] = {kind.kind_name: kind for kind in RECORD_TYPES}
"""Record types by the name of their folder in ``content/`` and their address on the site."""
