"""The pages in their order, and how one links to another: one level deep, the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from dashboard.pages.address import View


@dataclass(frozen=True)
class Entry:
    """One page of the bar: where it is and its word."""

    path: str
    word: str


# One more makes a third row of the bar on a phone (frame.css).
PAGES = (
    Entry("/", "Toàn cảnh"),
    Entry("/ho-so", "Hồ sơ"),
    Entry("/xep-hang", "Xếp hạng"),
    Entry("/thieu-gi", "Thiếu gì"),
    Entry("/to-cong-tac", "Tổ công tác"),
    Entry("/du-lieu", "Dữ liệu"),
    Entry("/chi-so", "Chỉ số"),
)


def address(path: str, view: View, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """A page for the same province, and for the same day where that is not the live one; `more` are its own fields."""
    return f"{path}?{urlencode({**view.to_query(), **more})}"


def commune_address(code: str, view: View) -> str:
    """Where everything about one commune is shown. The only place that knows."""
    return address(f"/xa/{code}", view)
