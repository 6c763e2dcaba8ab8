"""What the site calls things. Every text here is a message for the interface's catalogue."""

from llm_history.content.records import Relation


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a message for the catalogues; whoever shows it translates it."""
    return message


FACTS = {
    "parameters": N_("Parameters"),
    "training_tokens": N_("Training tokens"),
    "training_compute": N_("Training compute"),
    "training_cost": N_("Training cost"),
    "hardware": N_("Hardware"),
    "context_window": N_("Context window"),
    "architecture": N_("Architecture"),
    "vocabulary": N_("Vocabulary"),
    "layers": N_("Layers"),
    "d_model": N_("Model width"),
    "heads": N_("Attention heads"),
    "modalities": N_("Modalities"),
    "languages": N_("Languages"),
    "knowledge_cutoff": N_("Knowledge cut-off"),
    "founded": N_("Founded"),
    "country": N_("Country"),
    "size": N_("Size"),
    "license": N_("Licence"),
    "on": N_("Date"),
}

DATES = {
    "pre-announced": N_("Pre-announced"),
    "announced": N_("Announced"),
    "paper": N_("Paper"),
    "model-card": N_("Model card"),
    "preview": N_("Preview"),
    "released": N_("Released"),
    "weights": N_("Weights"),
    "trained": N_("Trained"),
    "retirement-notice": N_("Retirement notice"),
    "retired": N_("Retired"),
    "withdrawn": N_("Withdrawn"),
    "renamed": N_("Renamed"),
}

ABSENT = {
    "undisclosed": N_("not disclosed"),
    "unknown": N_("unknown"),
    "none": N_("none"),
    "not-applicable": N_("not applicable"),
}

MARKS = {
    "open": N_("open weights"),
    "api": N_("API only"),
    "closed": N_("not released"),
    "unknown": N_("release not looked up"),
}

ACCESS = {
    "api": N_("API"),
    "weights": N_("Weights"),
    "product": N_("Product"),
    "device": N_("On devices"),
    "code": N_("Code"),
    "data": N_("Data"),
}

RELATIONS: dict[Relation, tuple[str, str]] = {
    "successor-of": (N_("successor of"), N_("succeeded by")),
    "fine-tuned-from": (N_("fine-tuned from"), N_("fine-tuned into")),
    "adapter-of": (N_("adapter of"), N_("adapted by")),
    "continued-pretraining-of": (N_("further trained from"), N_("further trained into")),
    "initialized-from": (N_("initialized from"), N_("used to initialize")),
    "distilled-from": (N_("distilled from"), N_("distilled into")),
    "trained-on-outputs-of": (N_("trained on outputs of"), N_("its outputs trained")),
    "merged-from": (N_("merged from"), N_("merged into")),
    "quantized-from": (N_("quantized from"), N_("quantized as")),
    "pruned-from": (N_("pruned from"), N_("pruned into")),
    "reproduces": (N_("reproduces"), N_("reproduced by")),
    "architecture-from": (N_("architecture from"), N_("architecture used by")),
    "variant-of": (N_("variant of"), N_("has the variant")),
    "uses-technique": (N_("uses the technique"), N_("used by")),
    "introduces": (N_("introduces"), N_("introduced by")),
    "trained-on": (N_("trained on"), N_("trained")),
    "contains": (N_("contains"), N_("contained in")),
    "powered-by": (N_("powered by"), N_("powers")),
    "uses-hardware": (N_("ran on"), N_("used for")),
}
"""Each relation as the younger end says it, and as the older one does."""

ARCHITECTURES = {
    "dense": N_("dense"),
    "mixture-of-experts": N_("mixture of experts"),
    "state-space": N_("state space"),
    "recurrent": N_("recurrent"),
    "hybrid": N_("hybrid"),
    "diffusion": N_("diffusion"),
}

MODALITIES = {
    "text": N_("text"),
    "code": N_("code"),
    "image": N_("image"),
    "audio": N_("audio"),
    "video": N_("video"),
}

STATES = {
    "limited": N_("limited"),
    "preview": N_("preview"),
    "general": N_("general"),
    "gated": N_("gated"),
    "public": N_("public"),
    "leaked": N_("leaked"),
    "never-released": N_("never released"),
    "withdrawn": N_("withdrawn"),
}
"""The state of a phase of access."""

STATUSES = {
    "official": N_("official"),
    "disclosed": N_("official"),
    "reported": N_("reported"),
    "estimated": N_("estimated"),
    "computed": N_("computed"),
    "inferred": N_("inferred"),
    "disputed": N_("disputed"),
    "undisclosed": N_("undisclosed"),
    "unknown": N_("unknown"),
    "none": N_("none"),
}
"""How firmly a fact is known: statuses, and the bases of single claims."""

TIERS = {
    "primary": N_("primary"),
    "secondary": N_("secondary"),
    "tertiary": N_("tertiary"),
}

SOURCE_TYPES = {
    "paper": N_("Paper"),
    "model-card": N_("Model card"),
    "blog": N_("Blog"),
    "press": N_("Press"),
    "documentation": N_("Documentation"),
    "repository": N_("Repository"),
    "dataset": N_("Dataset"),
    "talk": N_("Talk"),
    "book": N_("Book"),
}

KINDS = {
    "models": (N_("Models"), N_("model")),
    "families": (N_("Families"), N_("family")),
    "organizations": (N_("Organizations"), N_("organization")),
    "techniques": (N_("Techniques"), N_("technique")),
    "datasets": (N_("Datasets"), N_("dataset")),
    "benchmarks": (N_("Benchmarks"), N_("benchmark")),
    "hardware": (N_("Hardware"), N_("hardware")),
    "events": (N_("Events"), N_("event")),
    "notes": (N_("Notes"), N_("note")),
    "sources": (N_("Sources"), N_("source")),
}
"""Each kind's heading, and what one of them is called."""

NAVIGATION = {
    "timeline": (N_("Timeline"), ""),
    "lineage": (N_("Lineage"), "lineage/"),
    **{kind: (heading, f"{kind}/") for kind, (heading, _) in KINDS.items()},
    "compare": (N_("Compare"), "compare/"),
    "charts": (N_("Charts"), "charts/"),
    "disputed": (N_("Disputed facts"), "disputed/"),
    "disclosure": (N_("Disclosure"), "disclosure/"),
    "records": (N_("Record-holders"), "records/"),
    "as-of": (N_("The field as it stood"), "as-of/"),
    "questions": (N_("Questions"), "questions/"),
    "on-this-day": (N_("On this day"), "on-this-day/"),
    "tags": (N_("Tags"), "tags/"),
    "coverage": (N_("Coverage"), "coverage/"),
    "about": (N_("About"), "about/"),
}
"""The pages that a navigation can show: heading and address from the root."""

ASKED = (
    (N_("Who held which record, and for how long?"), "records/"),
    (N_("What could one use in any month?"), "as-of/"),
    (N_("What descends from what?"), "lineage/"),
    (N_("What was never disclosed?"), "disclosure/"),
    (N_("How do two models differ?"), "compare/"),
    (N_("Where do sources disagree?"), "disputed/"),
    (N_("More questions"), "questions/"),
)
"""What readers come to ask, and the pages that answer it: on the first page."""

FOOTER = (
    (N_("Read"), ("timeline", "lineage", "as-of", "records", "notes", "questions", "on-this-day")),
    (N_("Compare"), ("compare", "charts", "disputed", "disclosure", "coverage")),
    (
        N_("Look up"),
        (
            "models", "families", "organizations", "techniques", "datasets", "benchmarks",
            "hardware", "events", "tags",
        ),
    ),
    (N_("Check"), ("sources", "about")),
)  # fmt: skip
"""The columns of links at the foot of every page."""
