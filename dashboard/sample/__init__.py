"""Sample data for a fresh machine: simulated with a fixed seed, around the figures that were
published.

`batches(today)` goes through the store's ordinary write path; `published_files()` are real files
for the ordinary reader. `PUBLISHED_FACTS` lists every published figure and how to compute it again.
"""

from dashboard.sample.batches import simulate_batches
from dashboard.sample.facts import (
    PublishedFact,
    PublishedFile,
    list_notice_exceptions,
    list_published_files,
    read_published_facts,
    write_notice,
)

PUBLISHED_FACTS = read_published_facts()

__all__ = [
    "PUBLISHED_FACTS",
    "PublishedFact",
    "PublishedFile",
    "list_notice_exceptions",
    "list_published_files",
    "simulate_batches",
    "write_notice",
]
