"""What is kept is made once for all who ask, what fails is tried again, and nobody waits for
another's.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, Event

import pytest

from dashboard.cache import SingleFlightCache


def test_many_who_ask_together_have_it_made_once() -> None:
    kept, together = SingleFlightCache(4), Barrier(8)
    numbers = count(1)

    def ask(_: int) -> int:
        together.wait(5)
        return kept.get("key", lambda: next(numbers))

    with ThreadPoolExecutor(8) as many:
        assert set(many.map(ask, range(8))) == {1}


def test_a_slow_province_holds_up_nobody_else() -> None:
    kept, release = SingleFlightCache(4), Event()
    with ThreadPoolExecutor(2) as two:
        slow = two.submit(kept.get, "slow", lambda: release.wait(5) and "slow")
        assert two.submit(kept.get, "quick", lambda: "quick").result(timeout=2) == "quick"
        release.set()
        assert slow.result(timeout=5) == "slow"


def test_what_failed_is_tried_again_by_the_next_who_asks() -> None:
    kept = SingleFlightCache(4)
    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: 1 // 0)
    assert kept.get("key", lambda: 7) == 7


def test_what_was_made_of_something_falls_out_with_it() -> None:
    made = SingleFlightCache(10)
    kept = SingleFlightCache(2, on_drop=lambda key: made.forget(lambda name: name[0] == key))
    for key in "abc":
        kept.get(key, lambda: "province")
        made.get((key, "report"), lambda: "report")
    assert list(made._futures) == [("b", "report"), ("c", "report")]


def test_only_the_newest_few_are_kept() -> None:
    kept = SingleFlightCache(2)
    for key in range(5):
        kept.get(key, lambda: key)  # noqa: B023  # made at once
    assert len(kept._futures) == 2


def test_what_nobody_asked_for_goes_and_what_was_made_of_it_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dropped: list[str] = []
    kept = SingleFlightCache(4, on_drop=dropped.append)
    for moment, key in enumerate(["old", "asked again", "new"]):
        monkeypatch.setattr(time, "monotonic", lambda moment=moment: 100.0 * moment)
        kept.get(key, lambda: "made")
    assert kept.get("asked again", lambda: "made twice") == "made"
    kept.forget_unasked(150)
    assert (dropped, list(kept._futures)) == (["old"], ["new", "asked again"])
    assert len(kept) == len(kept._asked_at) == 2
