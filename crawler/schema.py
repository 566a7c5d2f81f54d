"""Declarations of tables, and the shaping of rows to and from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crawler.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = "batch_id"


@dataclass(frozen=True)
class Table:
    """A table's declaration.

    Set `columns` (name to Arrow type name or type, see `crawler.tables`), `key` (the columns that identify a row,
    or, where one key has many rows, the group that is written at once), `marker` (the table that marks its batches,
    None where it marks itself) and `version` (raised by one whenever nullable columns are added).
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    marker: str | None = None
    version: int = 1

    @cached_property
    def schema(self) -> "pa.Schema":
        """The Arrow schema, `batch_id` last."""
        import pyarrow as pa

        fields = [pa.field(name, arrow_type(kind)) for name, kind in self.columns]
        return pa.schema([*fields, pa.field(BATCH, pa.string())])


def arrow_type(kind: str) -> "pa.DataType":
    """The Arrow type behind the short names of the declarations."""
    import pyarrow as pa

    types: dict[str, Any] = {
        "string": pa.string,
        "bool": pa.bool_,
        "int8": pa.int8,
        "int32": pa.int32,
        "int64": pa.int64,
        "float64": pa.float64,
        "date": pa.date32,
        "timestamp": lambda: pa.timestamp("us", tz="UTC"),
        "strings": lambda: pa.list_(pa.string()),
        "spans": lambda: pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())])),
    }
    return types[kind]()


def as_arrow(table: Table, batch_id: str, rows: Any) -> "pa.Table":
    import pyarrow as pa

    fields = pa.schema([field for field in table.schema if field.name != BATCH])
    if not isinstance(rows, pa.Table):
        rows = pa.Table.from_pylist(list(rows), schema=fields)
    missing = [name for name in fields.names if name not in rows.column_names]
    if missing:
        raise StoreError(f"rows for table {table.name} lack the column {missing[0]}")
    rows = rows.select(fields.names).cast(fields)
    return rows.append_column(table.schema.field(BATCH), pa.array([batch_id] * rows.num_rows, pa.string()))


def joined(rows: Any, columns: Sequence[str]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(*(pc.cast(rows[column], pa.string()) for column in columns), "\x1f")


def shaped(
    batches: "Iterator[pa.RecordBatch]", schema: "pa.Schema", key: Sequence[str], losers: frozenset[str]
) -> "Iterator[pa.RecordBatch]":
    """Drop the rows that lost, and add the columns that a table of an older version lacks."""
    import pyarrow as pa
    import pyarrow.compute as pc

    late = pa.array(sorted(losers), pa.string())
    for batch in batches:
        if losers:
            batch = batch.filter(pc.invert(pc.is_in(joined(batch, [*key, BATCH]), late)))
        if batch.num_rows:
            yield (
                pa.RecordBatch.from_arrays(
                    [
                        batch[field.name].cast(field.type)
                        if field.name in batch.schema.names
                        else pa.nulls(batch.num_rows, field.type)
                        for field in schema
                    ],
                    schema=schema,
                )
                if len(schema)
                else batch
            )
