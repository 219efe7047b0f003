"""/api: how other programs read the same figures: addresses, examples, and what to keep in mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from dashboard.web.base_path import locate_path
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.navigation import EMBED_PATH, build_address

PATH = "/api"
# Address below /api/v1/provinces/<province>, what it holds, and its fields besides the day.
_LISTS = (
    ("/communes", "Các xã, phường, đặc khu: mã, tên, loại, tọa độ, diện tích", ""),
    ("/levels", "Mức sẵn sàng của từng đơn vị, kèm lý do và nội dung cần để đạt mức Xanh", ""),
    ("/criteria", "Từng tiêu chí của từng đơn vị: giá trị áp dụng, hai bên, ngưỡng", ""),
    ("/readings", "Số mới nhất của từng chỉ số, kèm tệp, ngày và đợt nạp", "commune, measure"),
    ("/dossiers", "Hồ sơ của từng đơn vị trong một kỳ: số lượng, tỷ lệ", "period"),
    ("/rankings", "Thứ hạng theo tỷ lệ trong nhóm, theo số lượng trong tỉnh", "period, by"),
    ("/signals", "Nội dung cần chỉ đạo", ""),
    ("/sources", "Các tệp đã nạp", ""),
    ("/follow-ups", "Việc hứa: cơ quan hứa, hạn, đã thực hiện chưa và theo số liệu nào", ""),
    ("/support-requests", "Yêu cầu hỗ trợ của đơn vị: trạng thái, thời gian xử lý", ""),
    ("/weak-list", "Danh sách đơn vị yếu: vào khi nào, vì sao, ra bằng gì", ""),
    ("/teams", "Tổ công tác hiện nay: cơ quan, số người, đơn vị phụ trách", ""),
    ("/team-days", "Lịch đi của các tổ, theo kế hoạch hiện nay", ""),
    ("/resources", "Nguồn lực hỗ trợ: tập huấn, biệt phái, thiết bị, chữ ký số, biểu mẫu", ""),
    ("/feedback", "Phản ánh, kiến nghị của kỳ mới nhất: số lượng, điểm hài lòng", ""),
    ("/visits", "Lần kiểm tra gần nhất; bao nhiêu giá trị kê khai được kiểm tra xác nhận", ""),
)
_FEEDS = (
    ("/communes.geojson", "Bản đồ cho QGIS (GeoJSON, WGS 84)", "outlines"),
    ("/changes.atom", "Đơn vị đổi mức trong 30 ngày, cho trình đọc tin (Atom)", ""),
    ("/calendar.ics", "Việc hứa đến hạn, chứng thư số sắp hết hạn, cho lịch (iCalendar)", ""),
)
# For who has a key that may send files; no link, as a browser only reads.
_SENDING = (
    ("/imports", "Gửi một tệp để đọc thử (POST, cần khóa)"),
    ("/imports/…", "Tệp đã gửi đọc đến đâu, đọc thử thấy gì"),
    ("/imports/…/confirm", "Đồng ý nạp tệp đã đọc thử (POST)"),
)
_PROBLEMS = (
    ("400", "Tham số sai dạng, lặp lại, hoặc không có ở địa chỉ này"),
    ("401", "Thiếu khóa, hoặc khóa không còn hiệu lực"),
    ("403", "Tỉnh ngoài phạm vi của khóa"),
    ("404", "Không có tỉnh, đơn vị, ngày, kỳ hoặc trang này"),
    ("409", "Số liệu đổi giữa hai trang của một danh sách: đọc lại từ trang đầu"),
    ("429", "Quá nhiều lần trong một phút: đợi số giây trong Retry-After"),
    ("503", "Kho dữ liệu tạm thời không đọc được: thử lại sau"),
)


def _list_addresses(page_request: PageRequest) -> list[dict[str, str]]:
    base = "/api/v1/provinces"
    province = f"{base}/{page_request.view.province}"
    rows = [
        _describe_address(base, "34 tỉnh, thành phố, và tỉnh nào đã có số liệu", has_csv=True),
        _describe_address(province, "Cả tỉnh: mức, quy tắc, hồ sơ của kỳ mới nhất"),
    ]
    rows += [
        _describe_address(f"{province}{path}", meaning, fields, has_csv=True)
        for path, meaning, fields in _LISTS
    ]
    rows.append(_describe_address(f"{province}/communes/…", "Tất cả của một đơn vị, theo mã"))
    rows += [
        _describe_address(f"{province}{path}", meaning, fields) for path, meaning, fields in _FEEDS
    ]
    rows += [
        {**_describe_address(f"/api/v1{path}", meaning), "href": ""} for path, meaning in _SENDING
    ]
    return rows


def _describe_address(
    path: str, meaning: str, fields: str = "", *, has_csv: bool = False
) -> dict[str, str]:
    return {
        "path": path,
        "href": "" if path.endswith("…") else locate_path(path),
        "meaning": meaning,
        "fields": fields,
        "csv": locate_path(f"{path}?format=csv") if has_csv else "",
    }


def build_guide_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    host = request.host_url.rstrip("/")
    base = f"{host}{locate_path('/api/v1')}"
    return {
        "headline": "Số liệu cho chương trình khác (API)",
        "addresses": lambda: _list_addresses(page_request),
        "examples": lambda: {
            "base": base,
            "here": f"{base}/provinces/{page_request.view.province}",
            "description": locate_path("/api/v1/openapi.json"),
            "embedding": build_address(EMBED_PATH, page_request.view),
        },
        "problems": lambda: _PROBLEMS,
    }


API_GUIDE_DOCUMENT = Document(
    PATH,
    "API",
    "api_guide/page.html",
    build_guide_context,
    "api_guide",
    extra_etag=lambda _page_request: request.host_url,
)
