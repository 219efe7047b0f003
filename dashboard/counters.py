"""What the program counts of itself, for `/metrics`; beside the figures, never a part of them.

In several processes prometheus-client adds the counts up by files (`PROMETHEUS_MULTIPROC_DIR`,
which gunicorn.conf.py sets).
"""

from __future__ import annotations

from pathlib import Path

from prometheus_client import Counter, Histogram
from prometheus_client.mmap_dict import MmapedDict

REQUESTS = Counter("dashboard_requests", "Requests answered.", ("method", "route", "status"))
REQUEST_SECONDS = Histogram(
    "dashboard_request_seconds",
    "Seconds that requests took in the server.",
    ("route",),
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
COMPUTE_SECONDS = Histogram(
    "dashboard_compute_seconds",
    "Seconds that it took to make what is kept: reports, provinces, states.",
    ("kept",),
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
KEPT_ANSWERS = Counter(
    "dashboard_kept_answers", "Questions for what is kept, by whether it was.", ("kept", "result")
)
UNAVAILABLE = Counter(
    "dashboard_unavailable", "Requests answered with 503, by reason.", ("reason",)
)

_ENDED = "ended"


def merge_counts(folder: Path, process: int) -> None:
    """Add the files of a process that ended to those of all that ended before: none of its counts
    is lost, and files do not grow in number while a server runs for months.
    """
    for file in folder.glob(f"*_{process}.db"):
        total = MmapedDict(str(folder / f"{file.name.split('_')[0]}_{_ENDED}.db"))
        for key, value, moment, _ in MmapedDict.read_all_values_from_file(str(file)):
            total.write_value(key, total.read_value(key)[0] + value, moment)
        total.close()
        file.unlink()
