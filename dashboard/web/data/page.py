"""/du-lieu: what every figure rests on, and what that asks of the office: silence, gaps,
contradictions, files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.indicators.report import JUMPS_DAYS, Report
from dashboard.store.clock import read_clock
from dashboard.version import read_program_version
from dashboard.web import static_files
from dashboard.web.data import contradictions, machines, words
from dashboard.web.data.words import OfficeTask, UnmatchedRows
from dashboard.web.documents import data_sources, navigation, published
from dashboard.web.documents.declaration_form import has_declarations
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
from dashboard.web.documents.small_views import PageChart
from dashboard.web.words import coverage

# What /du-lieu asks, once for all its parts and only when one of them wants it.

ONLY_LATE_PARAMS = {"only": "late"}


def wants_only_late(page_request: PageRequest) -> bool:
    """Whether only the communes are asked for that are late or never told; needs no store."""
    return page_request.query.get("only") == ONLY_LATE_PARAMS["only"]


class DataPage:
    """One request's report, words of kinds, batches and problems."""

    def __init__(self, page_request: PageRequest) -> None:
        self.page_request = page_request
        self.engine = page_request.reports.engine
        self.province = page_request.view.province

    @cached_property
    def report(self) -> Report:
        return self.page_request.report

    @cached_property
    def source_names(self) -> dict[str, str]:
        """The word of every kind of source, as the criteria call it."""
        rhythms = self.page_request.reports.criteria.rhythms
        return data_sources.list_kind_words() | {
            source_kind: rhythm.name for source_kind, rhythm in rhythms.items()
        }

    @cached_property
    def batches(self) -> pd.DataFrame:
        return data_sources.fetch_batches_until(self.engine, self.province, self.page_request.day)

    @cached_property
    def problem_files(self) -> list[dict[str, Any]]:
        return data_sources.list_problems_by_batch(self.engine, self.province, self.batches)

    @cached_property
    def coverage_rows(self) -> list[coverage.CoverageRow]:
        return coverage.list_coverage_rows(self.report)

    def sources(self) -> list[dict[str, Any]]:
        reporting_kinds = coverage.list_reporting_kinds(self.report.sources.freshness)
        return data_sources.list_sources_by_kind(
            self.batches,
            self.page_request.reports.criteria.rhythms,
            self.page_request.day,
            reporting_kinds,
        )

    def batch_lines(self) -> list[dict[str, Any]]:
        return [data_sources.describe_batch(batch) for _, batch in self.batches.iterrows()]

    def unmatched(self) -> list[UnmatchedRows]:
        rows = self.report.sources.unmatched
        return words.explain_unmatched_rows(rows[rows["batch"].isin(self.batches["batch"])])

    def tasks(self) -> list[OfficeTask]:
        severities = [row["severity"] for file in self.problem_files for row in file["rows"]]
        refused = severities.count(data_sources.SEVERITY_WORDS["refused"])
        return words.list_office_tasks(
            self.report, self.source_names, self.unmatched(), refused, len(severities) - refused
        )


# The tables of /du-lieu to take along, whole: also what the page folds or does not show.

# Of each entry of a list these fields, each under its column.
EntryColumns = Mapping[str, TableColumn]
_COMMUNE_COLUMNS: Final = dict(zip(("code", "name"), build_unit_columns(), strict=True))
_BATCH_COLUMN: Final = TableColumn("Đợt", "Số thứ tự của đợt nạp", CellType.NUMBER)
_FILE_COLUMN: Final = TableColumn("Tệp", "Tên tệp như khi được gửi đến")
_ROWS_COLUMN: Final = TableColumn("Số dòng", "Số dòng của bảng trong tệp", CellType.NUMBER)
_TODO_COLUMN: Final = TableColumn("Việc cần làm", "Việc đề nghị làm để khắc phục")
BATCH_COLUMNS: Final = {
    "batch": _BATCH_COLUMN,
    "file": _FILE_COLUMN,
    "kind": TableColumn("Loại", "Loại tệp, nhận ra từ tiêu đề các cột"),
    "origin": TableColumn("Nguồn gốc", "Tệp của đơn vị, số đã công bố, hoặc mô phỏng"),
    "as_of": TableColumn("Tính đến", "Ngày của số liệu trong tệp", CellType.DAY),
    "imported_at": TableColumn("Nạp lúc", "Lúc tệp được nạp, giờ Việt Nam", CellType.DAY),
    "rows": _ROWS_COLUMN,
    "problems": TableColumn("Vấn đề", "Số chỗ cần xem lại trong tệp", CellType.NUMBER),
    "state": TableColumn("Tình trạng", "Số liệu của tệp có đang được dùng không"),
}
PROBLEM_COLUMNS: Final = {
    "batch": _BATCH_COLUMN,
    "file": _FILE_COLUMN,
    "severity": TableColumn("Mức", "Không nhận, hoặc nhận nhưng cần xem"),
    "row": TableColumn("Dòng", "Số dòng trong tệp", CellType.NUMBER),
    "column": TableColumn("Cột", "Tiêu đề của cột trong tệp"),
    "value": TableColumn("Giá trị", "Điều ghi trong ô; không bao giờ là dữ liệu cá nhân"),
    "message": TableColumn("Vấn đề", "Điều không đúng"),
    "remedy": TableColumn("Cách sửa", "Việc đề nghị làm để khắc phục"),
}
CONTRADICTION_COLUMNS: Final = {
    **_COMMUNE_COLUMNS,
    "criterion": TableColumn("Tiêu chí", explain_indicator("contradiction")),
    "declared": TableColumn("Kê khai", "Giá trị đơn vị tự kê khai"),
    "declared_on": TableColumn("Ngày kê khai", "Ngày của giá trị tự kê khai", CellType.DAY),
    "verified": TableColumn("Kiểm tra", "Giá trị ghi nhận khi kiểm tra tại chỗ"),
    "verified_on": TableColumn("Ngày kiểm tra", "Ngày kiểm tra tại chỗ", CellType.DAY),
    "days": TableColumn("Số ngày", "Từ ngày kiểm tra đến ngày xem", CellType.NUMBER),
    "expires": TableColumn("Hiệu lực đến", "Ngày kết quả kiểm tra hết hiệu lực", CellType.DAY),
    "todo": _TODO_COLUMN,
}
JUMP_COLUMNS: Final = {
    **_COMMUNE_COLUMNS,
    "measure": TableColumn("Số đo", "Chỉ tiêu được kê khai"),
    "change": TableColumn("Thay đổi", "Giá trị lần trước → lần này"),
    "day": TableColumn("Ngày kê khai", "Ngày của lần này", CellType.DAY),
    "why": TableColumn("Dấu hiệu bất thường", explain_indicator("reading_jumps")),
}
CROWDED_DAY_COLUMNS: Final = {
    **_COMMUNE_COLUMNS,
    "day": TableColumn("Ngày", "Ngày tiếp nhận", CellType.DAY),
    "received": TableColumn("Tiếp nhận", explain_indicator("count_jumps"), CellType.NUMBER),
    "usual": TableColumn("Ngày thường", "Trung vị của 28 ngày có số trước đó", CellType.NUMBER),
    "why": TableColumn("Dấu hiệu bất thường", explain_indicator("count_jumps")),
}
CORRECTION_COLUMNS: Final = {
    **_COMMUNE_COLUMNS,
    "kind": TableColumn("Nguồn", "Loại tệp báo số lũy kế"),
    "column": TableColumn("Số đếm", "Số đếm lũy kế từ đầu kỳ, chỉ có thể tăng"),
    "day": TableColumn("Ngày", "Ngày của lần này", CellType.DAY),
    "before": TableColumn("Lần trước", "Số lũy kế của lần trước", CellType.NUMBER),
    "after": TableColumn("Lần này", "Số lũy kế của lần này", CellType.NUMBER),
}
ALTERNATIVE_SOURCE_COLUMNS: Final = {
    "name": TableColumn("Nguồn", "Nguồn khác có số của trọn kỳ"),
    "communes": TableColumn("Số đơn vị", "Số đơn vị có trong nguồn", CellType.NUMBER),
    "received": TableColumn("Tiếp nhận", explain_indicator("received"), CellType.NUMBER),
    "common": TableColumn("Số đơn vị cùng có", "Số đơn vị có trong cả hai nguồn", CellType.NUMBER),
    "difference": TableColumn("Chênh lệch", "Ở các đơn vị cùng có, so với nguồn đang dùng"),
}
UNMATCHED_COLUMNS: Final = {
    "batch": _BATCH_COLUMN,
    "file": _FILE_COLUMN,
    "rows": _ROWS_COLUMN,
    "why": TableColumn("Vì sao", explain_indicator("unmatched")),
    "todo": _TODO_COLUMN,
}


def _tabulate_entries(title: str, columns: EntryColumns, entries: Iterable[Any]) -> DownloadTable:
    entries_by_field = (entry if isinstance(entry, Mapping) else vars(entry) for entry in entries)
    return DownloadTable(
        list(columns.values()),
        [[entry[name] for name in columns] for entry in entries_by_field],
        title,
    )


def _tabulate_silence(page: DataPage) -> DownloadTable:
    """Every commune with its state and days per kind of source, the most silent first."""
    columns = [*build_unit_columns(), TableColumn("Chung", explain_indicator("freshness"))]
    for source_name in coverage.list_reporting_kinds(page.report.sources.freshness):
        name = page.source_names.get(source_name, source_name)
        columns += (
            TableColumn(f"{name}: tình trạng", explain_indicator("freshness")),
            TableColumn(f"{name}: số ngày", explain_indicator("silence"), CellType.NUMBER),
            TableColumn(
                f"{name}: số kỳ có báo cáo trong 90 ngày", explain_indicator("on_time_reporting")
            ),
        )
    rows: list[Sequence[TableCell]] = []
    for row in page.coverage_rows:
        cell_values = (
            value for cell in row.cells for value in (cell.word, cell.days, cell.periods)
        )
        rows.append([row.code, row.name, row.word, *cell_values])
    return DownloadTable(columns, rows, "Tình hình báo cáo của các đơn vị")


def _tabulate_completeness(page: DataPage) -> DownloadTable:
    meaning = explain_indicator("completeness")
    columns = (
        TableColumn("Mã tiêu chí", "Mã của tiêu chí trong tệp tiêu chí", CellType.CODE),
        TableColumn("Tiêu chí", "Tên tiêu chí"),
        TableColumn("Còn hạn", meaning, CellType.NUMBER),
        TableColumn("Số liệu cũ", meaning, CellType.NUMBER),
        TableColumn("Chưa có", meaning, CellType.NUMBER),
        TableColumn("Số đơn vị", "Số xã, phường, đặc khu của tỉnh", CellType.NUMBER),
    )
    rows = [
        [
            code,
            name,
            *(count for _, _, count in completeness_row.bar.parts),
            completeness_row.bar.total,
        ]
        for completeness_row in coverage.list_completeness(page.report)
        for code, name in completeness_row.criteria
    ]
    return DownloadTable(columns, rows, "Mỗi tiêu chí biết được bao nhiêu đơn vị")


def _tabulate_problems(page: DataPage) -> DownloadTable:
    files = page.problem_files
    return _tabulate_entries(
        "Chỗ cần xem lại trong các tệp",
        PROBLEM_COLUMNS,
        (
            {**row, "batch": file["batch"], "file": file["file"]}
            for file in files
            for row in file["rows"]
        ),
    )


def _answer_request(
    tabulate: Callable[[DataPage], DownloadTable],
) -> Callable[[PageRequest], DownloadTable]:
    return lambda page_request: tabulate(DataPage(page_request))


DATA_TABLES: Final = {
    "dot-nap": _answer_request(
        lambda page: _tabulate_entries("Các đợt nạp", BATCH_COLUMNS, page.batch_lines())
    ),
    "van-de": _answer_request(_tabulate_problems),
    "im-lang": _answer_request(_tabulate_silence),
    "do-day-du": _answer_request(_tabulate_completeness),
    "khac-kiem-tra": _answer_request(
        lambda page: _tabulate_entries(
            "Kê khai khác kiểm tra",
            CONTRADICTION_COLUMNS,
            contradictions.list_contradictions(page.report),
        )
    ),
    "so-bat-thuong": _answer_request(
        lambda page: _tabulate_entries(
            "Số kê khai biến động bất thường",
            JUMP_COLUMNS,
            contradictions.list_declared_jumps(page.report),
        )
    ),
    "ngay-nhieu-ho-so": _answer_request(
        lambda page: _tabulate_entries(
            "Ngày nhiều hồ sơ bất thường",
            CROWDED_DAY_COLUMNS,
            contradictions.list_crowded_days(page.report),
        )
    ),
    "so-giam": _answer_request(
        lambda page: _tabulate_entries(
            "Số lũy kế giảm so với lần trước",
            CORRECTION_COLUMNS,
            words.list_cumulative_corrections(page.report, page.source_names),
        )
    ),
    "chenh-lech": _answer_request(
        lambda page: _tabulate_entries(
            "Các nguồn hồ sơ so với nhau",
            ALTERNATIVE_SOURCE_COLUMNS,
            words.list_alternative_sources(page.report, page.source_names),
        )
    ),
    "khong-khop": _answer_request(
        lambda page: _tabulate_entries(
            "Dòng không khớp đơn vị nào", UNMATCHED_COLUMNS, page.unmatched()
        )
    ),
}


# A file with thousands of bad rows is put right by its pattern; the whole list is in the CSV.
ROWS_SHOWN = 50


def build_data_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    page = DataPage(page_request)
    return {
        "headline": lambda: _tell_data_headline(page),
        "without_files": lambda: _tell_without_files(page),
        "tasks": page.tasks,
        "has_declarations": lambda: has_declarations(page.report),
        "sources": page.sources,
        "silence": lambda: _describe_silence(page),
        "completeness": lambda: coverage.list_completeness(page.report),
        "contradictions": lambda: (
            contradictions.list_contradictions(page.report),
            contradictions.count_checked_communes(page.report),
        ),
        "jumps": lambda: (
            contradictions.list_declared_jumps(page.report),
            contradictions.count_declaring_communes(page.report),
        ),
        "crowded": lambda: contradictions.list_crowded_days(page.report),
        "differences": lambda: _describe_differences(page),
        "unmatched": lambda: (page.unmatched(), len(page.batches)),
        "problems": lambda: page.problem_files,
        "batches": page.batch_lines,
        "published": lambda: _list_published_facts(page),
        "screens": lambda: _list_wall_screens(page_request),
        "watchers": lambda: _list_folder_watchers(page_request),
        "program_version": read_program_version(),
        "build": static_files.compute_build_stamp(),
        "shown": ROWS_SHOWN,
        "jumps_days": JUMPS_DAYS,
        "address_of": lambda code: navigation.build_commune_address(code, page_request.view),
        "all_communes": navigation.build_address("/du-lieu", page_request.view),
        "late_communes": navigation.build_address("/du-lieu", page_request.view, ONLY_LATE_PARAMS),
    }


def _tell_data_headline(page: DataPage) -> str:
    sources_received = [line for line in page.sources() if line["batches"]]
    if not sources_received:
        return f"Chưa có tệp nào của {page.page_request.province_name}"
    newest = text.format_moment(max(line["as_of"] for line in sources_received))
    late = sum(row.late for row in page.coverage_rows)
    silence_words = "không đơn vị nào chậm báo cáo"
    if late:
        silence_words = (
            f"{text.format_part(late, len(page.coverage_rows))} đơn vị chậm hoặc chưa báo cáo"
        )
    source_count = text.format_number(len(sources_received))
    return f"{source_count} loại nguồn, mới nhất {newest}; {silence_words}"


def _tell_without_files(page: DataPage) -> str:
    """The one line of a province of which nothing was imported; "" where anything was.

    What sources told by the day counts, not the files: a file of today tells of days before it.
    """
    reported_on = page.report.snapshot.reporting_days["as_of"]
    if len(page.batches) or (reported_on <= pd.Timestamp(page.page_request.day)).any():
        return ""
    return (
        f"Chưa nạp tệp nào của {page.page_request.province_name} tính đến ngày này, nên chưa biết "
        "đơn vị nào báo cáo, chưa có gì để đối chiếu."
    )


def _describe_silence(page: DataPage) -> dict[str, Any]:
    """The matrix of ages, of all communes or of the late ones, and what is said of each kind."""
    freshness = page.report.sources.freshness
    rows = page.coverage_rows
    late = [row for row in rows if row.late]
    return {
        "kinds": coverage.describe_reporting_kinds(page.report, page.source_names),
        "columns": [
            page.source_names.get(source_kind, source_kind)
            for source_kind in coverage.list_reporting_kinds(freshness)
        ],
        "untold": coverage.name_unreported_kinds(freshness, page.source_names),
        "rows": late if wants_only_late(page.page_request) else rows,
        "only_late": wants_only_late(page.page_request),
        "late": len(late),
        "communes": len(rows),
    }


def _describe_differences(page: DataPage) -> dict[str, Any]:
    return {
        "answering": words.tell_period_source(page.report, page.source_names),
        "rivals": words.list_alternative_sources(page.report, page.source_names),
        "corrections": words.list_cumulative_corrections(page.report, page.source_names),
    }


def _list_published_facts(page: DataPage) -> list[dict[str, str]]:
    """As printed; what simulated figures are made to meet is only met while they are shown."""
    simulated = (
        page.page_request.reports.loaded(
            page.page_request.view.province, page.page_request.version
        ).sources["origin"]
        == "simulated"
    ).any()
    return [
        {
            "id": fact.id,
            "words": published.tell_fact(fact),
            "days": published.tell_fact_days(fact),
            "source": fact.source,
            "here": fact.remark
            or (published.REPRODUCED if simulated else "chưa nạp tệp của những ngày này"),
        }
        for fact in published.list_facts(page.page_request.view.province)
    ]


def _list_wall_screens(page_request: PageRequest) -> list[dict[str, Any]]:
    """The wall screens that report, of all provinces: which of them show old figures."""
    return machines.list_screens(page_request.reports.engine, page_request.version, read_clock())


def _list_folder_watchers(page_request: PageRequest) -> list[dict[str, Any]]:
    return machines.list_watchers(page_request.reports.engine, read_clock())


def _words_for_etag(page_request: PageRequest) -> object:
    """What is said of screens and watchers, without the minute in which each was heard: that alone
    is no news.
    """
    screen_words = tuple(
        (screen["number"], screen["name"], screen["accepted"], screen["province"], screen["says"])
        for screen in _list_wall_screens(page_request)
    )
    watcher_words = tuple(
        (watcher["folder"], watcher["says"], watcher["imported"], watcher["refused"])
        for watcher in _list_folder_watchers(page_request)
    )
    return screen_words, watcher_words


def _tell_data_filters(page_request: PageRequest) -> str:
    return "chỉ đơn vị chậm hoặc chưa báo cáo" if wants_only_late(page_request) else ""


DATA_DOCUMENT = Document(
    "/du-lieu",
    "Dữ liệu",
    "data/page.html",
    build_data_context,
    "data",
    preserved_params=("only",),
    misread=lambda page_request: list_misread_choices(page_request.query, ONLY_LATE_PARAMS),
    filters=_tell_data_filters,
    downloads=DATA_TABLES,
    charts={
        "kinds": PageChart("Tình hình báo cáo của các đơn vị", 560),
    },
    extra_etag=_words_for_etag,
    is_kept=False,
)
