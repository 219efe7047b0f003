"""How a server process takes memory from the machine and gives it back (glibc's malloc)."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Mapping

# The variable by which an administrator says otherwise; its number in malloc.h; what we say.
_LIMITS = (
    # glibc keeps freed memory apart for each of many threads: a flood of questions left 590 MB in
    # each process instead of 375.
    ("MALLOC_ARENA_MAX", -8, 2),
    # Arrays of a report are megabytes and live for a moment. Left alone, glibc learns from the
    # first that is freed to keep such room for itself: a fifth of what a server has after load.
    ("MALLOC_MMAP_THRESHOLD_", -3, 262_144),
    ("MALLOC_TRIM_THRESHOLD_", -1, 262_144),
)


def limit_memory(environment: Mapping[str, str]) -> None:
    """Sets what `environment` does not; another libc has nothing to set. Call it before threads
    begin.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for variable, option, value in _LIMITS:
        if not environment.get(variable):
            mallopt(option, value)


def give_memory_back() -> None:
    """After much was let go: what lies between things that stay goes back to the machine, too."""
    gc.collect()
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
