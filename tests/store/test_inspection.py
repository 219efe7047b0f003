"""What a look at a whole store looks at."""

from __future__ import annotations

from sqlalchemy import Engine

from dashboard.store import schema
from dashboard.store.inspection import inspect_store


def test_every_table_that_hangs_on_a_batch_is_looked_at(engine: Engine) -> None:
    of_batches = {
        table.name
        for table in schema.metadata.sorted_tables
        if any(key.column.table is schema.import_batch for key in table.foreign_keys)
    }
    # names that were learnt stay when their batch goes
    assert of_batches - {"agency"} <= set(inspect_store(engine).rows)
