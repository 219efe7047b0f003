"""The store: schema, migrations, write, read. Only SQL lives here; no file is opened, nothing is computed."""

from dashboard.store.engine import StoreUnavailable, open_store
from dashboard.store.read import version
from dashboard.store.undo import Undone, undo
from dashboard.store.write import Saved, save, save_file

__all__ = ["Saved", "StoreUnavailable", "Undone", "open_store", "save", "save_file", "undo", "version"]
