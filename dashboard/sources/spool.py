"""A list's readable part on disk while the rest of it is read: a list of any length fits in memory.

Nothing is written here but what the store may have. The file has no name and goes when it is closed.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from dashboard.errors import FileRefused


class Spool:
    """Things put in one after the other, to be gone through as often as one likes."""

    def __init__(self, file_name: str) -> None:
        self._name = file_name
        with self._room():
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the object that holds it

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # never opened, or still full
            self._file.close()

    def add(self, thing: Any) -> None:
        """Raises FileRefused where the disk is full."""
        with self._room():
            pickle.dump(thing, self._file, protocol=5)

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"không đủ chỗ tạm để đọc danh sách ({error.strerror})"
            remedy = "hãy dọn đĩa, hoặc đặt TMPDIR vào thư mục còn chỗ"
            raise FileRefused(self._name, message, remedy) from error

    def __iter__(self) -> Iterator[Any]:
        with self._room():
            self._file.flush()
            self._file.seek(0)
        while True:
            try:
                # Our own file of the same process, not somebody's: pickle is safe here.
                yield pickle.load(self._file)
            except EOFError:
                return
