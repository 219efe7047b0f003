"""/thieu-gi: the way to green. What the province has to buy, issue, repair; and which of it turns
most green.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import ceil, isnan, nan
from typing import Any

from dashboard.indicators.readiness import gaps
from dashboard.indicators.readiness.gaps import StepToGreen
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.documents import empty_state, narrowing
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableCell,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.narrowing import ListNarrowing, NarrowingField
from dashboard.web.documents.navigation import build_commune_address
from dashboard.web.documents.small_views import PageChart
from dashboard.web.needs import words
from dashboard.web.words import explain, headline
from dashboard.web.words.bottlenecks import (
    Bottleneck,
    describe_fix_kinds,
    describe_fix_pairs,
    describe_single_fixes,
    tell_reports_awaited,
)
from dashboard.web.words.weak import FIX_FILTERS, WeakCommune, list_weak_communes

# The tables of /thieu-gi to take along: counts stand apart, so that Excel can add what can be
# added.

_NEEDS_COLUMNS = (
    TableColumn("Việc", explain_indicator("by_fix")),
    TableColumn("Tiêu chí", "Tiêu chí mà mức Xanh đòi hỏi"),
    TableColumn("Đơn vị", "Đơn vị tính của số còn thiếu"),
    TableColumn("Số đơn vị thiếu", "Số xã, phường, đặc khu còn thiếu", CellType.NUMBER),
    TableColumn("Trên tổng số đơn vị", "Số xã, phường, đặc khu của tỉnh", CellType.NUMBER),
    TableColumn("Thiếu cộng lại", explain_indicator("shopping_list"), CellType.NUMBER),
    TableColumn(
        "Số đơn vị phải phúc tra",
        "Kết quả kiểm tra còn hiệu lực cho thấy chưa đạt, nên khắc phục xong phải kiểm tra lại",
        CellType.NUMBER,
    ),
    TableColumn(
        "Số đơn vị có thể thiếu (số cũ)",
        "Thiếu theo số liệu quá thời hạn cập nhật",
        CellType.NUMBER,
    ),
    TableColumn(
        "Có thể thiếu cộng lại", "Cộng số thiếu theo số liệu quá thời hạn cập nhật", CellType.NUMBER
    ),
    TableColumn("Số đơn vị chưa biết", explain_indicator("reporting_only"), CellType.NUMBER),
    TableColumn("Ghi chú", "Vì sao không cộng được"),
)
_STEPS_COLUMNS = (
    TableColumn("Mã đơn vị", build_unit_columns()[0].meaning, CellType.CODE),
    build_unit_columns()[1],
    TableColumn("Mức", explain_indicator("overall_level")),
    TableColumn("Việc", explain_indicator("by_fix")),
    TableColumn("Tiêu chí", "Tiêu chí mà mức Xanh đòi hỏi"),
    TableColumn("Đơn vị tính", "Đơn vị tính của các số"),
    TableColumn("Đang có", "Giá trị hiện có của đơn vị", CellType.NUMBER),
    TableColumn("Trên số cần", "Nhu cầu, với tiêu chí là tỷ lệ", CellType.NUMBER),
    TableColumn("Cần đạt", "Ngưỡng của mức Xanh", CellType.NUMBER),
    TableColumn("Còn thiếu", explain_indicator("way_to_green"), CellType.NUMBER),
    TableColumn(
        "Có thể thiếu (số cũ)", "Thiếu theo số liệu quá thời hạn cập nhật", CellType.NUMBER
    ),
    TableColumn(
        "Phúc tra",
        "Có: kết quả kiểm tra còn hiệu lực thấy chưa đạt, khắc phục xong phải kiểm tra lại",
    ),
)

# Where what is missing is not added, what the page says of it instead.
_REMARKS = {"number": "mỗi đơn vị một mức, không cộng: {}", "flag": "{} ở từng đơn vị"}


def tabulate_needs(report: Report) -> DownloadTable:
    """The province's shopping list, one row a criterion that green asks for. Only counts are added
    over communes: ten Mbps here and ten there are no twenty."""
    criteria = {criterion.code: criterion for criterion in report.readiness.gaps.criteria}
    rows = list[Sequence[TableCell]]()
    for row in report.readiness.province_needs.itertuples():
        criterion = criteria[str(row.criterion)]
        adds_up = criterion.kind == "ratio"
        remark = ""
        if not adds_up:
            amount_words = words.format_amount_needed(criterion, nan)
            remark = _REMARKS[criterion.kind].format(amount_words)
        rows.append(
            (
                *(
                    FIX_FILTERS[row.fix],
                    row.name,
                    explain.name_criterion_unit(criterion),
                    row.communes,
                    len(report.codes),
                ),
                *(
                    _number_or_blank(row.amount) if adds_up else None,
                    row.recheck_communes,
                    row.likely_communes,
                ),
                *(_number_or_blank(row.likely_amount) if adds_up else None, row.report_communes),
                remark,
            )
        )
    return DownloadTable(_NEEDS_COLUMNS, rows, "Nhu cầu toàn tỉnh theo nhóm việc")


def tabulate_commune_steps(report: Report, communes: Sequence[WeakCommune]) -> DownloadTable:
    """Every step of these communes, one a row. Of a ratio all figures are counts: what is there, of
    how many, how many the threshold asks for; else they are in the criterion's unit and have no
    whole."""
    criteria = {criterion.code: criterion for criterion in report.readiness.gaps.criteria}
    assessments = {
        assessment.criterion.code: assessment
        for assessment in report.readiness.assessment.assessments
    }
    rows = list[Sequence[TableCell]]()
    for commune in communes:
        for step in gaps.list_gap_steps(report.readiness.gaps, commune.position):
            criterion = criteria[step.criterion]
            assessment = assessments[step.criterion]
            available = step.value
            denominator = nan
            needed = step.aim
            if criterion.kind == "ratio":
                available = float(assessment.numerator[commune.position, 0])
                denominator = float(assessment.denominator[commune.position, 0])
                needed = _count_needed(step, available, denominator)
            rows.append(
                (
                    *(
                        commune.code,
                        commune.name,
                        theme.LEVELS[commune.level].word,
                        FIX_FILTERS[step.fix],
                        criterion.name,
                    ),
                    *(
                        explain.name_criterion_unit(criterion),
                        _number_or_blank(available),
                        _number_or_blank(denominator),
                        _number_or_blank(needed),
                    ),
                    *(
                        _number_or_blank(step.amount),
                        _number_or_blank(step.likely),
                        "có" if step.recheck else "không",
                    ),
                )
            )
    return DownloadTable(_STEPS_COLUMNS, rows, "Việc cần làm của từng đơn vị")


def _count_needed(step: StepToGreen, available: float, denominator: float) -> float:
    """What is there and what is missing; where an old value was enough, the whole's threshold."""
    missing = step.likely if isnan(step.amount) else step.amount
    if not isnan(missing):
        return available + missing
    return denominator if isnan(denominator) else float(ceil(step.aim * denominator - 1e-9))


def _number_or_blank(value: float) -> float | None:
    return None if isnan(value) else round(value, 4)


# so many of the most effective are read, so many when unfolded; the file has all
BOTTLENECKS_SHOWN = 3
BOTTLENECKS_UNFOLDED = 12
NAMES_UNFOLDED = 4  # so many names stand in a line without being folded


class _NeedsPage:
    """What the parts of the page share, asked once and only when one of them wants it."""

    def __init__(self, page_request: PageRequest) -> None:
        self.page_request = page_request

    @cached_property
    def report(self) -> Report:
        return self.page_request.report

    @property
    def names_by_code(self) -> dict[str, str]:
        return dict(zip(self.report.codes, self.report.communes["name"], strict=True))

    @cached_property
    def narrowing(self) -> ListNarrowing:
        return ListNarrowing.from_query(self.page_request.query, self.report.codes)

    @cached_property
    def lacking(self) -> list[WeakCommune]:
        """Nearest to green first, then who only has to report; of as many steps, in the order of
        the screen.
        """
        communes = [commune for commune in list_weak_communes(self.report) if commune.steps]
        if self.narrowing.order == "name":
            return communes
        return sorted(communes, key=lambda commune: commune.nearness)


def build_needs_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    page = _NeedsPage(page_request)
    return {
        "headline": lambda: words.tell_needs_headline(page.report),
        "missing": lambda: empty_state.explain_missing_readiness(page_request, page.report),
        "needs": lambda: _describe_needs(page.report),
        "bottlenecks": lambda: _describe_bottlenecks(page),
        "first_steps": lambda: _list_first_steps(page.report),
        "weeks": lambda: words.list_pace_weeks(page.report.readiness.pace),
        "communes": lambda: _describe_communes(page),
        "most": BOTTLENECKS_SHOWN,
        "folded": BOTTLENECKS_UNFOLDED,
        "few": NAMES_UNFOLDED,
    }


def _list_first_steps(report: Report) -> list[tuple[str, str]]:
    """What the page begins with, each a word and a sentence: the one thing that turns most communes
    green, the best two together, and how fast green grows."""
    lines = []
    if singles := describe_single_fixes(report):
        lines.append(("Nên làm trước", f"{singles[0].sentence}."))
    if pairs := describe_fix_pairs(report):
        lines.append(("Hai việc cùng lúc", f"{pairs[0].sentence}."))
    pace_words = ("Tiến độ", "Dự kiến")
    return [*lines, *zip(pace_words, words.tell_pace(report.readiness.pace), strict=False)]


def _describe_needs(report: Report) -> dict[str, Any]:
    needs_by_fix = words.group_needs_by_fix(report)
    return {
        "kinds": needs_by_fix,
        "of": words.divide_communes_by_need(report),
        "backing": headline.tell_green_backing(report),
        "silent": words.tell_common_silence(needs_by_fix),
    }


def _describe_bottlenecks(page: _NeedsPage) -> dict[str, Any]:
    names_by_code = page.names_by_code

    def link_communes(bottlenecks: list[Bottleneck]) -> list[dict[str, Any]]:
        return [
            {
                "sentence": bottleneck.sentence,
                "note": bottleneck.note,
                "communes": [
                    (names_by_code[code], build_commune_address(code, page.page_request.view))
                    for code in bottleneck.codes
                ],
            }
            for bottleneck in bottlenecks
        ]

    return {
        "singles": link_communes(describe_single_fixes(page.report)),
        "pairs": link_communes(describe_fix_pairs(page.report)),
        "kinds": link_communes(describe_fix_kinds(page.report)),
        "reporting": tell_reports_awaited(page.report),
        "lacking": words.divide_communes_by_need(page.report)["lacking"],
    }


def _describe_communes(page: _NeedsPage) -> dict[str, Any]:
    fields = narrowing.list_narrowing_fields(page.narrowing)
    orders = [("", "gần xanh nhất trước"), ("name", "theo tên")]
    return {
        "fields": fields,
        "orders": NarrowingField(
            "order",
            "Thứ tự",
            orders,
            page.narrowing.order if page.narrowing.order == "name" else "",
        ),
        "shown": narrowing.tell_narrowed_count(page.narrowing, page.lacking),
        "nobody": not any(map(page.narrowing.fits, page.lacking)),
        "rows": [
            (
                commune,
                page.narrowing.fits(commune),
                build_commune_address(commune.code, page.page_request.view),
            )
            for commune in page.lacking
        ],
        "query": page.narrowing.to_query(),
    }


def _tabulate_steps(page_request: PageRequest) -> DownloadTable:
    page = _NeedsPage(page_request)
    return tabulate_commune_steps(
        page.report, [commune for commune in page.lacking if page.narrowing.fits(commune)]
    )


def _tabulate_bottlenecks(page_request: PageRequest) -> DownloadTable:
    """Singles, pairs and kinds with the communes that they turn green."""
    page = _NeedsPage(page_request)
    report = page.report
    names_by_code = page.names_by_code
    lists = {
        "một điều": describe_single_fixes(report),
        "hai điều": describe_fix_pairs(report),
        "loại việc": describe_fix_kinds(report),
    }
    return DownloadTable(
        (
            TableColumn("Cách gộp", "Làm một điều, hai điều, hoặc cả một loại việc"),
            TableColumn("Việc", "Việc cần làm"),
            TableColumn(
                "Thêm số đơn vị đạt mức Xanh",
                explain_indicator("bottleneck_single"),
                CellType.NUMBER,
            ),
            TableColumn("Các đơn vị", "Những đơn vị sẽ đạt mức Xanh"),
            TableColumn("Ghi chú", "Điều cần biết thêm"),
        ),
        [
            [
                grouping,
                bottleneck.words,
                bottleneck.turned,
                "; ".join(names_by_code[code] for code in bottleneck.codes),
                bottleneck.note,
            ]
            for grouping, bottlenecks in lists.items()
            for bottleneck in bottlenecks
        ],
        "Ưu tiên nội dung nào để tăng nhanh số đơn vị đạt mức Xanh",
    )


NEEDS_DOCUMENT = Document(
    "/thieu-gi",
    "Nhu cầu",
    "needs/page.html",
    build_needs_context,
    "needs",
    preserved_params=("level", "fix", "dimension", "order"),
    misread=lambda page_request: list_misread_choices(
        page_request.query,
        {
            name: value
            for name, value in _NeedsPage(page_request).narrowing.taken.items()
            if name in {"level", "fix", "dimension", "order"}
        },
    ),
    downloads={
        "danh-muc": lambda page_request: tabulate_needs(_NeedsPage(page_request).report),
        "thieu-gi": _tabulate_steps,
        "diem-nghen": _tabulate_bottlenecks,
    },
    charts={
        "needs": PageChart("Các đơn vị còn thiếu gì để đạt mức Xanh", 640),
        "bottlenecks": PageChart("Ưu tiên nội dung nào để tăng nhanh số đơn vị Xanh", 640),
    },
)
