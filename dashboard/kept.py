"""What costs something to make is made once and kept while it is among the newest few asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

Made = TypeVar("Made")


class Kept:
    """The newest few things made, each made once even when many ask at the same moment.

    Who asks for something else does not wait: a province that is being loaded holds up nobody
    but those who look at it.
    """

    def __init__(self, most: int) -> None:
        self._most, self._kept, self._lock = most, OrderedDict[Hashable, Future[Any]](), Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        with self._lock:
            known = self._kept.get(key)
            making = known or self._kept.setdefault(key, Future())
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if known is None:
            try:
                making.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._kept.pop(key, None)  # whoever asks next tries anew
                making.set_exception(error)
        return making.result()  # type: ignore[no-any-return]
