"""Sample data for a fresh machine: simulated with a fixed seed, around the figures that were published.

`batches(today)` goes through the store's ordinary write path; `published_files()` are real files for
the ordinary reader. `PUBLISHED_FACTS` lists every published figure and how to compute it again.
"""

from dashboard.sample.batches import batches
from dashboard.sample.facts import (
    PublishedFact,
    PublishedFile,
    notice,
    notice_exceptions,
    published_facts,
    published_files,
)

PUBLISHED_FACTS = published_facts()

__all__ = [
    "PUBLISHED_FACTS",
    "PublishedFact",
    "PublishedFile",
    "batches",
    "notice",
    "notice_exceptions",
    "published_files",
]
