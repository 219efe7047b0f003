"""The pages in their order, and how one links to another: one level deep, the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from dashboard.web.base_path import locate_path
from dashboard.web.documents.address import PageView


@dataclass(frozen=True)
class NavigationEntry:
    """One page of the bar: where it is and its word."""

    path: str
    word: str


# One more makes a third row of the bar on a phone (frame.css).
PAGES = (
    NavigationEntry("/", "Toàn cảnh"),
    NavigationEntry("/ho-so", "Hồ sơ"),
    NavigationEntry("/xep-hang", "Xếp hạng"),
    NavigationEntry("/so-sanh", "So sánh"),
    NavigationEntry("/thieu-gi", "Nhu cầu"),
    NavigationEntry("/to-cong-tac", "Tổ công tác"),
    NavigationEntry("/du-lieu", "Dữ liệu"),
    NavigationEntry("/chi-so", "Cách tính"),
)

# All provinces: one step above every page, so it stands in the line of the province, not in the
# bar, where a ninth page would make a second line of a desktop.
NATION_PATH = "/toan-quoc"
# Which charts other sites may show, and the code for it.
EMBED_PATH = "/nhung"


def find_bar_path(path: str) -> str:
    """The page of the bar that a page is, or stands below; "" where it is none of them."""
    for entry in PAGES:
        if path == entry.path or (entry.path != "/" and path.startswith(f"{entry.path}/")):
            return entry.path
    return ""


def build_address(
    path: str, view: PageView, fields: Mapping[str, str] = MappingProxyType({})
) -> str:
    """A page for the same province, and for the same day where that is not the live one; `fields`
    are its own fields.
    """
    return f"{locate_path(path)}?{urlencode({**view.to_query(), **fields})}"


def build_commune_address(code: str, view: PageView) -> str:
    """Where everything about one commune is shown. The only place that knows."""
    return build_address(f"/xa/{code}", view)


def build_sheet_address(code: str, view: PageView) -> str:
    """Where the sheet for a visit to one commune is printed."""
    return build_address("/to-cong-tac/lich", view, {"xa": code})


FIELD_PAGES = (
    NavigationEntry("/to-cong-tac", "Danh sách"),
    NavigationEntry("/to-cong-tac/viec-hua", "Việc hứa"),
    NavigationEntry("/to-cong-tac/lich", "Lịch, phiếu"),
    NavigationEntry("/to-cong-tac/bao-cao", "Báo cáo"),
    NavigationEntry("/to-cong-tac/yeu-cau", "Yêu cầu hỗ trợ"),
)


def list_field_links(path: str, view: PageView) -> list[tuple[str, str, bool]]:
    """Address, word and whether it is the present one, of each page of the field; nothing where
    `path` is none of them.
    """
    if all(entry.path != path for entry in FIELD_PAGES):
        return []
    return [
        (build_address(entry.path, view), entry.word, entry.path == path) for entry in FIELD_PAGES
    ]
