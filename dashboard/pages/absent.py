"""What a page shows of a province that never told what the page is about: which file to send, not its empty parts."""

from __future__ import annotations

from functools import partial

import numpy as np

from dashboard import text
from dashboard.indicators.report import Report
from dashboard.pages.document import Asked
from dashboard.pages.navigation import address
from dashboard.pages.parts import TEMPLATES
from dashboard.pages.sources_told import kind_words

# Kind of file → what to know of it; how to get its form and import it is told on /du-lieu alone.
_READINESS = {"readiness": "mỗi xã một dòng"}
_DOSSIERS = {
    "dossier_report": "mỗi tháng, mỗi xã một dòng",
    "dossiers": "mỗi hồ sơ một dòng, cho cả số từng ngày và hồ sơ sắp đến hạn; tên và số giấy tờ không được lưu",
    "portal_progress": "tải từ Cổng dịch vụ công",
}


def readiness(asked: Asked, report: Report) -> str:
    """The whole page where no commune ever told of its conditions; "" where some did."""
    if not np.isnan(report.need.told_age).all():
        return ""
    words = f"Chưa xã nào trong {text.number(len(report.codes))} xã báo cáo điều kiện vận hành. Cần tệp:"
    return _page(asked, words, _READINESS)


def dossiers(asked: Asked, report: Report) -> str:
    """The whole page where nobody ever told of dossiers; "" where somebody did, of whatever period."""
    if report.snapshot.period is not None:
        return ""
    return _page(asked, "Chưa nguồn nào cho số liệu hồ sơ. Cần một trong các tệp:", _DOSSIERS)


def _page(asked: Asked, words: str, files: dict[str, str]) -> str:
    told = [{"name": kind_words()[kind], "note": note} for kind, note in files.items()]
    link = partial(address, view=asked.view)
    return TEMPLATES.get_template("absent.html").render(words=words, files=told, link=link)
