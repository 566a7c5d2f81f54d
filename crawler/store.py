"""The store: a folder of Delta Lake tables (`crawler.delta` opens them) whose rows are written in marked batches.

Rows are only ever appended. Delta commits one table at a time, so a batch that spans tables is written in the order
it is given, and its last table is the **commit marker**: readers take only rows whose `batch_id` stands in the
marker table. A process that is killed at any moment leaves the last marked batch readable. The batch's id travels as
the Delta transaction's app id, so that a repeated batch changes nothing, and two writers at once both succeed.

The store knows no table by name: each package declares its own (`crawler.tables`, `nlp.tables`), and every table
carries its key, marker and schema version in its own metadata. **Schemas only grow**: a new version adds nullable
columns, rows written before read null there, and a table of a newer version than the code is not written to.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crawler.delta import About, Delta
from crawler.errors import EmptyError, StoreError
from crawler.schema import BATCH, Table, as_arrow, joined, shaped

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.compute as pc


class Store:
    """A folder, or an object-store URL, of Delta tables.

    Nothing is opened or made before the first read or write; every call sees what is committed at that moment.

    Raises (from every method):
        StoreError: damaged, not permitted, or written by a newer version.
        EmptyError: a table that no one has written yet is read.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.fspath(root)
        self._delta = Delta(self.root)
        # By table, at which versions of it and its marker: finding them reads all keys, and they seldom change.
        self._late: dict[str, tuple[tuple[int, int], frozenset[str]]] = {}

    def __repr__(self) -> str:
        return f"Store({self.root!r})"

    # Writing

    def append(self, batch_id: str, tables: "Mapping[Table, Any]") -> bool:
        """Append one batch to one or more tables and mark it.

        Args:
            batch_id: the same id for the same rows; a batch that is already marked changes nothing.
            tables: rows (an Arrow table, or dicts) by table, in the order of writing. The last one is the marker of
                all the others.

        Returns:
            Whether anything was written.
        """
        order = list(tables)
        last = order[-1].name
        wrong = [
            table.name
            for table in order
            if table.marker not in (None, last) or (table.marker is None and table.name != last)
        ]
        if wrong:
            raise StoreError(f"table {wrong[0]} isn't marked by {last}: the marker stands last in a batch")
        if self._delta.done(last, batch_id):
            return False
        for table in order:
            self._write(table, batch_id, batch_id, tables[table])
        return True

    def stage(self, batch_id: str, part: int, tables: "Mapping[Table, Any]") -> None:
        """Append one part of a large batch; nothing of it is read before `append` writes the batch's marker.

        Args:
            batch_id: the batch that the part belongs to.
            part: 0, 1, 2, …; a part that is already there is not written again.
            tables: rows by table, none of them the marker.
        """
        for table in tables:
            self._write(table, batch_id, f"{batch_id}#{part}", tables[table])

    def _write(self, table: Table, batch_id: str, transaction: str, rows: Any) -> None:
        self._delta.append(table, transaction, as_arrow(table, batch_id, rows))

    # Reading

    def exists(self, table: Table | str) -> bool:
        """Whether anyone has written the table."""
        return self._delta.exists(_name(table))

    def read(
        self, table: Table | str, columns: Sequence[str] | None = None, filter: "pc.Expression | None" = None
    ) -> "pa.Table":
        """All rows of the marked batches in one Arrow table, each key from one batch only (see `scan`)."""
        import pyarrow as pa

        schema, batches = self._scan(table, columns, filter)
        with self._delta.translated(_name(table)):
            return pa.Table.from_batches(list(batches), schema)

    def scan(
        self, table: Table | str, columns: Sequence[str] | None = None, filter: "pc.Expression | None" = None
    ) -> "Iterator[pa.RecordBatch]":
        """Stream the rows of the marked batches.

        Args:
            table: a table, by declaration or by name.
            columns: which columns, all but `batch_id` by default. A declared column that the stored table is too old
                to have is null.
            filter: a condition over any column.

        Yields:
            Record batches. Where two batches hold the same key (two writers at once), the rows of one, always the
            same.
        """
        _, batches = self._scan(table, columns, filter)
        with self._delta.translated(_name(table)):
            yield from batches

    def count(self, table: Table | str) -> int:
        """Number of rows of the marked batches."""
        return sum(batch.num_rows for batch in self.scan(table, [])) if self.exists(table) else 0

    def _scan(
        self, table: Table | str, columns: Sequence[str] | None, where: "pc.Expression | None"
    ) -> "tuple[pa.Schema, Iterator[pa.RecordBatch]]":
        import pyarrow as pa
        import pyarrow.compute as pc

        name = _name(table)
        if not self.exists(name):
            raise EmptyError(
                f"no table {name} in {self.root}: crawl or import postings, then tag them, "
                "or name another folder with --data"
            )
        with self._delta.translated(name):
            delta = self._delta.open(name)
            about = self._delta.about(name, delta)
            dataset = delta.to_pyarrow_dataset()
            stored = dataset.schema
            declared = table.schema if isinstance(table, Table) else stored
            wanted = [
                column for column in (declared.names if columns is None else columns) if column != BATCH or columns
            ]
            unknown = [column for column in wanted if column not in declared.names and column not in stored.names]
            if unknown:
                raise StoreError(f"table {name} has no column {unknown[0]}; it has {', '.join(declared.names)}")
            if about.marker:
                marked = pc.field(BATCH).isin(self._batches(about.marker))
                where = marked if where is None else marked & where
            schema = pa.schema([(stored if column in stored.names else declared).field(column) for column in wanted])
            losers = self._losers(name, about)
            present = [column for column in wanted if column in stored.names]
            needed = list(dict.fromkeys([*present, *(([*about.key, BATCH]) if losers else [])]))
            # Small batches: one row of postings holds a whole text, and memory should hang on the batch alone.
            batches = dataset.to_batches(
                columns=needed, filter=where, batch_size=8_192, fragment_readahead=1, batch_readahead=2
            )
        return schema, shaped(batches, schema, about.key, losers)

    def _batches(self, marker: str) -> "pa.Array":
        import pyarrow as pa
        import pyarrow.compute as pc

        if not self.exists(marker):
            return pa.array([], pa.string())
        column = self._delta.open(marker).to_pyarrow_dataset().to_table(columns=[BATCH])[BATCH]
        return pc.unique(column)

    def _losers(self, name: str, about: About) -> frozenset[str]:
        """The `key + batch` of rows whose key another batch holds too, all but the one to read; almost always none."""
        # One tagging has many mentions, and both are written in one batch under one key: the smaller table decides.
        marker = about.marker
        if marker and self.exists(marker) and self._delta.about(marker).key == about.key:
            name, marker = marker, None
        versions = self._delta.open(name).version(), self._version(marker)
        if self._late.get(name, (None,))[0] != versions:
            self._late[name] = versions, self._find_losers(name, list(about.key), marker)
        return self._late[name][1]

    def _version(self, name: str | None) -> int:
        return self._delta.open(name).version() if name and self.exists(name) else 0

    def _find_losers(self, name: str, keys: list[str], marker: str | None) -> frozenset[str]:
        import pyarrow as pa
        import pyarrow.compute as pc

        where = pc.field(BATCH).isin(self._batches(marker)) if marker else None
        held = self._delta.open(name).to_pyarrow_dataset().to_table(columns=[*keys, BATCH], filter=where)
        pairs = held.group_by([*keys, BATCH], use_threads=False).aggregate([])
        if pairs.group_by(keys).aggregate([]).num_rows == pairs.num_rows:
            return frozenset()
        # By the batch's name, because the order of files changes: every reader takes the same one.
        pairs = pairs.sort_by(BATCH).append_column("position", pa.array(range(pairs.num_rows)))
        first = pc.unique(pairs.group_by(keys).aggregate([("position", "min")])["position_min"])
        late = pairs.filter(pc.invert(pc.is_in(pairs["position"], first)))
        return frozenset(joined(late, [*keys, BATCH]).to_pylist())

    # Upkeep

    def forget(self, posting_ids: Sequence[str]) -> dict[str, int]:
        """Remove postings and everything that hangs on them, old files included.

        Returns:
            The number of rows removed from each table that knows postings.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        gone = pa.array(posting_ids, pa.string())
        removed = {}
        # What hangs on a posting goes first: a kill in between leaves a posting without taggings, never the reverse.
        for name in sorted(self.tables(), key=lambda name: (name == "postings", name)):
            if "posting_id" in self._delta.columns(name):
                removed[name] = self._delta.rewrite(name, lambda batch: pc.invert(pc.is_in(batch["posting_id"], gone)))
        return removed

    def compact(self) -> dict[str, int]:
        """Merge the small files of every table, and drop rows of batches that were never marked.

        Not while another process writes a batch: its unmarked part would count as left over.

        Returns:
            The number of rows dropped from each table.
        """
        import pyarrow.compute as pc

        dropped = {}
        for name in self.tables():
            with self._delta.translated(name):
                marker = self._delta.about(name).marker
            marked = self._batches(marker or name)
            dropped[name] = self._delta.rewrite(name, lambda batch, marked=marked: pc.is_in(batch[BATCH], marked))  # type: ignore[misc]
        return dropped

    def tables(self) -> list[str]:
        """Names of the tables that exist (a local store only)."""
        return self._delta.names()


def _name(table: Table | str) -> str:
    return table if isinstance(table, str) else table.name
