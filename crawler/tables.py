"""The tables that crawling and importing write. `crawls` marks the batches of the other two."""

from crawler.schema import Table

POSTINGS = Table(
    name="postings",
    key=("posting_id", "content_hash"),
    marker="crawls",
    columns=(
        ("posting_id", "string"),
        ("content_hash", "string"),
        ("source", "string"),
        ("board", "string"),
        ("source_id", "string"),
        ("url", "string"),
        ("title", "string"),
        ("employer", "string"),
        ("locations", "strings"),
        ("workplace", "string"),
        ("employment_type", "string"),
        ("date_posted", "date"),
        ("valid_through", "date"),
        ("salary_min", "float64"),
        ("salary_max", "float64"),
        ("salary_currency", "string"),
        ("salary_period", "string"),
        ("description", "string"),
        ("crawl_id", "string"),
        ("first_seen", "timestamp"),
        ("synthetic", "bool"),
    ),
)

SIGHTINGS = Table(
    name="sightings",
    key=("posting_id", "crawl_id"),
    marker="crawls",
    columns=(
        ("posting_id", "string"),
        ("content_hash", "string"),
        ("crawl_id", "string"),
        ("seen_at", "timestamp"),
    ),
)

CRAWLS = Table(
    name="crawls",
    key=("crawl_id", "board"),
    columns=(
        ("crawl_id", "string"),
        ("board", "string"),
        ("source", "string"),
        ("status", "string"),
        ("stated_total", "int64"),
        ("obtained", "int64"),
        ("dropped", "int64"),
        ("requests", "int64"),
        ("bytes", "int64"),
        ("robots", "string"),
        ("policy", "string"),
        ("error", "string"),
        ("started_at", "timestamp"),
        ("finished_at", "timestamp"),
        # Version 2: of the dropped, those that relevance found far from machine learning. Null: not counted apart.
        ("not_relevant", "int64"),
        # Version 3: what read the board (`crawler.history.reader`); what the same reader read need not be read again.
        ("reader", "string"),
    ),
    version=3,
)
