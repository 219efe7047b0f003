"""What a server asks of the C library's memory, and who may say otherwise."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.memory import give_memory_back, limit_memory

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1


def list_options_set(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> dict[int, int]:
    options: dict[int, int] = {}
    library = SimpleNamespace(mallopt=options.__setitem__)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    limit_memory(environment)
    return options


def test_threads_share_freed_memory_and_large_arrays_go_back_to_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = list_options_set(monkeypatch, {})
    assert options == {_ARENA_MAX: 2, _MMAP_THRESHOLD: 262_144, _TRIM_THRESHOLD: 262_144}


def test_what_an_administrator_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ARENA_MAX not in list_options_set(monkeypatch, {"MALLOC_ARENA_MAX": "4"})


def test_another_libc_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    no_library: Any = SimpleNamespace()
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: no_library)
    limit_memory({})
    give_memory_back()
