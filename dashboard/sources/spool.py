"""A list's readable part on disk while the rest of it is read: a list of any length fits in memory.

Nothing is written here but what the store may have. The file has no name and goes when it is closed.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from typing import Any


class Spool:
    """Things put in one after the other, to be gone through as often as one likes."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the object that holds it

    def __del__(self) -> None:
        self._file.close()

    def add(self, thing: Any) -> None:
        pickle.dump(thing, self._file, protocol=5)

    def __iter__(self) -> Iterator[Any]:
        self._file.flush()
        self._file.seek(0)
        while True:
            try:
                # Our own file of the same process, not somebody's: pickle is safe here.
                yield pickle.load(self._file)
            except EOFError:
                return
