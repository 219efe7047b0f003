"""The store: schema, migrations, write, read. Only SQL lives here; no file is opened, nothing is
computed.
"""

from dashboard.store.engine import (
    StoreBusy,
    StoreMissing,
    StoreUnavailable,
    open_store,
    open_store_for_trial,
    prepare_store,
)
from dashboard.store.read import fetch_data_version
from dashboard.store.replica import open_replica
from dashboard.store.snapshots import hold_one_commit
from dashboard.store.undo import UndoneBatch, list_simulated_provinces, undo_batch
from dashboard.store.write import SavedBatch, save_batch, save_batches
from dashboard.store.write_turn import WriteTurn

__all__ = [
    "SavedBatch",
    "StoreBusy",
    "StoreMissing",
    "StoreUnavailable",
    "UndoneBatch",
    "WriteTurn",
    "fetch_data_version",
    "hold_one_commit",
    "list_simulated_provinces",
    "open_replica",
    "open_store",
    "open_store_for_trial",
    "prepare_store",
    "save_batch",
    "save_batches",
    "undo_batch",
]
