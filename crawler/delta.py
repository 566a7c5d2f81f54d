"""Delta Lake tables under one root: made, opened, appended to and rewritten. The only code that imports deltalake."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import SkillDemandError, StoreError
from crawler.schema import Table

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable

# Appends never conflict with each other, but each lost race for the next log entry costs one try.
_COMMIT_RETRIES = 100


@dataclass(frozen=True, slots=True)
class About:
    """What a table says of itself: the columns that identify a row, the table that marks its batches, its version."""

    key: tuple[str, ...]
    marker: str | None
    version: int


class Delta:
    """The tables of a folder or an object-store URL; nothing is kept open between calls.

    Raises (from every method):
        StoreError: damaged, not permitted, or not written by skilldemand, in one line that names the table.
    """

    def __init__(self, root: str) -> None:
        self.root = root

    def names(self) -> list[str]:
        """The tables that exist (in a folder only)."""
        if not os.path.isdir(self.root):
            return []
        return sorted(
            name for name in os.listdir(self.root) if os.path.isdir(os.path.join(self.root, name, "_delta_log"))
        )

    def exists(self, name: str) -> bool:
        from deltalake import DeltaTable

        with self.translated(name):
            return bool(DeltaTable.is_deltatable(self._uri(name)))

    def open(self, name: str) -> "DeltaTable":
        from deltalake import DeltaTable

        return DeltaTable(self._uri(name))

    def about(self, name: str, delta: "DeltaTable | None" = None) -> About:
        """What a table, opened or not, says of itself."""
        try:
            about = json.loads((delta or self.open(name)).metadata().description or "")
            return About(tuple(about["key"]), about["marker"], int(about["version"]))
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"table {name} was not written by skilldemand: name another folder with --data") from error

    def columns(self, name: str) -> list[str]:
        with self.translated(name):
            return [field.name for field in self.open(name).schema().fields]

    def append(self, table: Table, transaction: str, data: "pa.Table") -> None:
        """Append rows to a table, which is made if it is new, as a transaction that is done once and for all."""
        from deltalake import CommitProperties, Transaction, write_deltalake
        from deltalake.exceptions import CommitFailedError

        with self.translated(table.name):
            delta = self._made(table)
            if delta.transaction_version(transaction) is not None:
                return
            properties = CommitProperties(
                app_transactions=[Transaction(transaction, 1)], max_commit_retries=_COMMIT_RETRIES
            )
            try:
                write_deltalake(delta, data, mode="append", schema_mode="merge", commit_properties=properties)
            except CommitFailedError:
                # Another process wrote the very same batch in between: then it is there, and that is all we want.
                if self.open(table.name).transaction_version(transaction) is None:
                    raise

    def done(self, name: str, transaction: str) -> bool:
        """Whether a transaction has been committed to a table."""
        if not self.exists(name):
            return False
        with self.translated(name):
            return self.open(name).transaction_version(transaction) is not None

    def _made(self, table: Table) -> "DeltaTable":
        from deltalake import DeltaTable
        from deltalake.exceptions import DeltaError

        if not self.exists(table.name):
            if "://" not in self.root:
                Path(self.root).mkdir(parents=True, exist_ok=True)
            try:
                DeltaTable.create(
                    self._uri(table.name), table.schema, mode="error", name=table.name, description=_describe(table)
                )
            except DeltaError:
                # Two processes may both find no table; one of them makes it.
                if not self.exists(table.name):
                    raise
        delta = self.open(table.name)
        stored = self.about(table.name, delta).version
        if stored > table.version:
            raise StoreError(
                f"table {table.name} in {self.root} has schema version {stored}, "
                f"this program knows {table.version}: upgrade skilldemand"
            )
        if stored < table.version:
            delta.alter.set_table_description(_describe(table))
            delta = self.open(table.name)
        return delta

    def rewrite(self, name: str, keep: "Callable[[pa.RecordBatch], pa.BooleanArray]") -> int:
        """Write the table anew with the rows to keep, in one commit; rows appended meanwhile stay. Returns how many
        rows are gone.

        Delta's own delete and optimize are not used: the files they write hold Arrow view types, which pyarrow
        (26) can't compare, so that no later read could filter.
        """
        import pyarrow as pa
        from deltalake import write_deltalake

        with self.translated(name):
            delta = self.open(name)
            dataset = delta.to_pyarrow_dataset()
            removed = 0

            def kept() -> Iterator[pa.RecordBatch]:
                nonlocal removed
                for batch in dataset.to_batches(batch_size=8_192, fragment_readahead=1, batch_readahead=2):
                    rest = batch.filter(keep(batch))
                    removed += batch.num_rows - rest.num_rows
                    yield rest

            write_deltalake(delta, pa.RecordBatchReader.from_batches(dataset.schema, kept()), mode="overwrite")
            self.open(name).vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)
        return removed

    def _uri(self, name: str) -> str:
        return f"{self.root.rstrip('/')}/{name}"

    @contextmanager
    def translated(self, name: str) -> Iterator[None]:
        """Turn what Delta, Arrow and the file system raise into one line that names the table."""
        import pyarrow as pa
        from deltalake.exceptions import DeltaError

        try:
            yield
        except SkillDemandError:
            raise
        except (DeltaError, pa.ArrowException, OSError) as error:
            # Delta's kernel adds the addresses of its own calls.
            reason = " ".join(str(error).split()).partition(" 0: <unknown>")[0][:300]
            if isinstance(error, PermissionError) or "ermission denied" in reason:
                raise StoreError(
                    f"no permission to use table {name} in {self.root}: choose another folder with --data "
                    "or change its mode"
                ) from error
            if "o space left" in reason:
                raise StoreError(
                    f"the disk of {self.root} is full: free some space and run the command again"
                ) from error
            raise StoreError(
                f"table {name} in {self.root} is damaged ({reason}): restore {self._uri(name)} from a copy, "
                "or move it away and collect again"
            ) from error


def _describe(table: Table) -> str:
    return json.dumps({"key": table.key, "marker": table.marker, "version": table.version})
