"""What a page shows of a province that never told what the page is about: which file to send, not
its empty parts.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from dashboard import text
from dashboard.indicators.report import Report
from dashboard.web.documents.data_sources import list_kind_words
from dashboard.web.documents.document import PageRequest
from dashboard.web.documents.guarded_sections import TEMPLATES
from dashboard.web.documents.navigation import build_address

# Kind of file → what to know of it; how to get its form and import it is told on /du-lieu alone.
_READINESS_FILES = {"readiness": "mỗi đơn vị một dòng"}
_DOSSIER_FILES = {
    "dossier_report": "mỗi tháng, mỗi đơn vị một dòng",
    "dossiers": (
        "mỗi hồ sơ một dòng, cho cả số từng ngày và hồ sơ sắp đến hạn; "
        "tên và số giấy tờ không được lưu"
    ),
    "portal_progress": "tải từ Cổng Dịch vụ công quốc gia",
}


def explain_missing_readiness(page_request: PageRequest, report: Report) -> str:
    """The whole page where no commune ever told of its conditions; "" where some did."""
    if not np.isnan(report.readiness.visit_priority.report_age).all():
        return ""
    size = text.format_number(len(report.codes))
    words = f"Chưa đơn vị nào trong {size} đơn vị báo cáo điều kiện vận hành. Cần tệp:"
    return _render_files_needed(page_request, words, _READINESS_FILES)


def explain_missing_dossiers(page_request: PageRequest, report: Report) -> str:
    """The whole page where nobody ever told of dossiers; "" where somebody did, of any period."""
    if report.snapshot.period is not None:
        return ""
    return _render_files_needed(
        page_request, "Chưa nguồn nào cho số liệu hồ sơ. Cần một trong các tệp:", _DOSSIER_FILES
    )


def _render_files_needed(page_request: PageRequest, sentence: str, files: dict[str, str]) -> str:
    files_needed = [
        {"name": list_kind_words()[file_kind], "note": note} for file_kind, note in files.items()
    ]
    link = partial(build_address, view=page_request.view)
    return TEMPLATES.get_template("empty_state.html").render(
        words=sentence, files=files_needed, link=link
    )
