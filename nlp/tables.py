"""The tables that tagging and labelling write. `taggings` marks the batches of mentions."""

from crawler.schema import Table
from nlp.records import TRACKS

_TRACK_COLUMNS = tuple(
    column
    for track in TRACKS
    for column in ((track, "bool"), (f"{track}_probability", "float64"), (f"{track}_evidence", "spans"))
)

TAGGINGS = Table(
    name="taggings",
    key=("posting_id", "content_hash", "tagger_id"),
    columns=(
        ("posting_id", "string"),
        ("content_hash", "string"),
        ("tagger_id", "string"),
        ("language", "string"),
        ("ml_role", "bool"),
        ("ml_role_probability", "float64"),
        *_TRACK_COLUMNS,
        ("seniority", "string"),
        ("workplace", "string"),
        ("country", "string"),
        ("min_years", "float64"),
        ("salary_min", "float64"),
        ("salary_max", "float64"),
        ("salary_currency", "string"),
        ("salary_period", "string"),
        ("pay_min_year", "float64"),
        ("pay_max_year", "float64"),
        ("tagged_at", "timestamp"),
    ),
)

MENTIONS = Table(
    name="mentions",
    key=("posting_id", "content_hash", "tagger_id"),
    marker="taggings",
    columns=(
        ("posting_id", "string"),
        ("content_hash", "string"),
        ("tagger_id", "string"),
        ("skill", "string"),
        ("level", "string"),
        ("surface", "string"),
        ("start", "int32"),
        ("end", "int32"),
        ("sentence_start", "int32"),
        ("sentence_end", "int32"),
        ("rule", "string"),
    ),
)

LABELS = Table(
    name="labels",
    key=("posting_id", "content_hash", "definition_id", "labeller", "labelled_at"),
    columns=(
        ("posting_id", "string"),
        ("content_hash", "string"),
        ("definition_id", "string"),
        ("labeller", "string"),
        ("labelled_at", "timestamp"),
        ("ml_role", "int8"),
        ("cv", "int8"),
        ("nlp", "int8"),
        ("seq", "int8"),
        ("chosen", "string"),
        ("inclusion_prob", "float64"),
        ("note", "string"),
    ),
)
