"""The pages of the field under /to-cong-tac, and the narrow line of links that they share."""

from __future__ import annotations

from dashboard.web.documents.address import PageView
from dashboard.web.documents.navigation import NavigationEntry, build_address

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
