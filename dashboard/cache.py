"""What costs something to make is made once and kept while it is among the newest few asked for."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

from dashboard.counters import COMPUTE_SECONDS, KEPT_ANSWERS

Result = TypeVar("Result")


class SingleFlightCache:
    """The newest few things made, each made once even when many ask at the same moment.

    Who asks for something else does not wait: a province that is being loaded holds up nobody
    but those who look at it.
    """

    def __init__(
        self,
        capacity: int,
        name: str = "other",
        on_drop: Callable[[Any], None] = lambda _key: None,
    ) -> None:
        """`name`: under which it is counted (`/metrics`). `on_drop` is told the key of what fell
        out, so that what was made of it falls out too.
        """
        self._name = name
        self._on_drop = on_drop
        self._capacity = capacity
        # Both in the order in which things were last asked for.
        self._futures = OrderedDict[Hashable, Future[Any]]()
        self._asked_at: dict[Hashable, float] = {}
        self._lock = Lock()
        self.made = 0  # how many things, since the process began

    def get(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        with self._lock:
            pending = self._futures.get(key)
            future = pending or self._futures.setdefault(key, Future())
            self._futures.move_to_end(key)
            self._asked_at[key] = time.monotonic()
            too_many = max(0, len(self._futures) - self._capacity)
            dropped = self._drop(list(self._futures)[:too_many])
        for dropped_key in dropped:
            self._on_drop(dropped_key)
        KEPT_ANSWERS.labels(self._name, "made" if pending is None else "kept").inc()
        if pending is None:
            try:
                with COMPUTE_SECONDS.labels(self._name).time():
                    result = compute()
                self.made += 1
                future.set_result(result)
            except BaseException as error:
                with self._lock:
                    self._drop([key])  # whoever asks next tries anew
                future.set_exception(error)
        return future.result()  # type: ignore[no-any-return]

    def forget(self, is_outdated: Callable[[Any], bool]) -> None:
        """Gives up what was made under such keys; who waits for it still gets it."""
        with self._lock:
            self._drop([key for key in self._futures if is_outdated(key)])

    def __len__(self) -> int:
        return len(self._futures)

    def forget_unasked(
        self, seconds: float, is_meant: Callable[[Any], bool] = lambda _key: True
    ) -> None:
        """Gives up what nobody asked for in so many seconds, of the keys that are meant."""
        latest = time.monotonic() - seconds
        with self._lock:
            dropped = self._drop(
                [key for key, at in self._asked_at.items() if at <= latest and is_meant(key)]
            )
        for key in dropped:
            self._on_drop(key)

    def _drop(self, keys: list[Hashable]) -> list[Hashable]:
        for key in keys:
            self._futures.pop(key, None)
            self._asked_at.pop(key, None)
        return keys
