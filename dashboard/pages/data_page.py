"""/du-lieu: what every figure rests on. Per source its age and last file, every batch, and what to put right."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.pages import sources_told
from dashboard.pages.document import Asked, Document
from dashboard.pages.downloads import Rows

# A file with thousands of bad rows is put right by its pattern; the whole list is in the CSV.
SHOWN = 50


class _Data:
    """What the parts of the page share, asked once and only when one of them wants it."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.engine, self.province = asked, asked.reports.engine, asked.view.province

    @cached_property
    def batches(self) -> pd.DataFrame:
        return sources_told.batches(self.engine, self.province, self.asked.day)

    def sources(self) -> list[dict[str, Any]]:
        return sources_told.per_kind(self.batches, self.asked.reports.criteria.rhythms, self.asked.day)

    def listed(self) -> list[dict[str, Any]]:
        return [sources_told.row(batch) for _, batch in self.batches.iterrows()]

    def problems(self) -> list[dict[str, Any]]:
        return sources_told.problems(self.engine, self.province, self.batches)


def found(asked: Asked) -> Mapping[str, Any]:
    """What data.html writes."""
    data = _Data(asked)
    return {
        "headline": lambda: _headline(data),
        "sources": data.sources,
        "batches": data.listed,
        "problems": data.problems,
        "shown": SHOWN,
    }


def _headline(data: _Data) -> str:
    came = [line for line in data.sources() if line["batches"]]
    if not came:
        return f"Chưa có tệp nào của {data.asked.province_name}"
    wrong = sum(line["problems"] for line in data.listed() if line["state"] == "đang dùng")
    newest = text.moment(max(line["as_of"] for line in came))
    todo = f"{text.number(wrong)} chỗ cần xem lại" if wrong else "không chỗ nào phải sửa"
    return f"{text.number(len(came))} loại nguồn, mới nhất {newest}; {todo}"


def _batch_rows(asked: Asked) -> Rows:
    """Every batch, as the page lists them."""
    head = ("Đợt", "Tệp", "Loại", "Nguồn gốc", "Tính đến", "Nạp lúc", "Số dòng", "Vấn đề", "Tình trạng")
    names = ("batch", "file", "kind", "origin", "as_of", "imported_at", "rows", "problems", "state")
    moments = ("as_of", "imported_at")
    return Rows(
        head,
        [
            [text.moment(line[name]) if name in moments else line[name] for name in names]
            for line in _Data(asked).listed()
        ],
    )


def _problem_rows(asked: Asked) -> Rows:
    """Every problem of every file, also those that the page does not show."""
    head = ("Đợt", "Tệp", "Mức", "Dòng", "Cột", "Giá trị", "Vấn đề", "Cách sửa")
    names = ("severity", "row", "column", "value", "message", "remedy")
    files = _Data(asked).problems()
    return Rows(
        head, [[one["batch"], one["file"], *(row[name] for name in names)] for one in files for row in one["rows"]]
    )


DOCUMENT = Document(
    "/du-lieu",
    "Dữ liệu",
    "data.html",
    found,
    downloads={"dot-nap": _batch_rows, "van-de": _problem_rows},
)
