"""The words of /toan-quoc: what is known of each province, by whom, of when; never which is
better.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from dashboard import reference, text
from dashboard.indicators.nation import ProvinceDigest, ProvinceFile
from dashboard.web import theme
from dashboard.web.documents.data_sources import ORIGIN_WORDS, list_kind_words
from dashboard.web.documents.downloads import CellType, DownloadTable, TableColumn
from dashboard.web.words.explain import NO_DATA

SOURCE_WORDS = {
    "declared": "tự kê khai",
    "verified": "kiểm tra",
    "probed": "đo tự động",
    "dossiers": "hồ sơ",
    "certificates": "chứng thư số",
}
NOT_RANKED = (
    "Không xếp hạng giữa các tỉnh: nguồn, ngày số liệu và số đơn vị đã kiểm tra của mỗi tỉnh khác "
    "nhau nên tỷ lệ không so được với nhau; các tỉnh đứng theo danh mục hành chính, từ bắc vào nam."
)


def tell_nation_title(summaries: Sequence[ProvinceDigest]) -> str:
    """`31/34 tỉnh, thành phố có số liệu, trong đó 1.204/2.956 đơn vị đạt mức Xanh (40,7%)`:
    units of provinces that told nothing are in no share.
    """
    with_data = [summary for summary in summaries if summary.has_data]
    if not with_data:
        return "Toàn quốc: chưa tỉnh, thành phố nào có số liệu"
    provinces = f"{len(with_data)}/{len(summaries)} tỉnh, thành phố có số liệu"
    rated = sum(summary.units - summary.not_rated for summary in with_data)
    if not rated:
        return f"{provinces}; chưa đơn vị nào xếp được mức"
    units = sum(summary.units for summary in with_data)
    green = sum(summary.levels["green"] for summary in with_data)
    share = text.format_percent(green / units)
    return f"{provinces}, trong đó {text.format_part(green, units)} đơn vị đạt mức Xanh ({share})"


def tell_nation_coverage(summaries: Sequence[ProvinceDigest]) -> str:
    """How many units the title knows nothing of: `212 đơn vị chưa báo cáo, 40 có số liệu cũ`."""
    unknown = sum(summary.levels["unknown"] for summary in summaries)
    stale = sum(summary.levels["stale"] for summary in summaries)
    parts = [(unknown, "đơn vị chưa báo cáo"), (stale, "đơn vị có số liệu cũ")]
    return ", ".join(f"{text.format_number(count)} {word}" for count, word in parts if count)


def find_newest_day(summaries: Sequence[ProvinceDigest]) -> date | None:
    """The newest day of which any province told; None where none did."""
    return max((summary.as_of for summary in summaries if summary.as_of), default=None)


def tell_nation_age(summaries: Sequence[ProvinceDigest]) -> str:
    """From the oldest to the newest province: `tính đến 20/11/2026–22/11/2026 tùy tỉnh`."""
    days = [summary.as_of for summary in summaries if summary.as_of]
    if not days:
        return ""
    oldest = text.format_day(min(days))
    newest = text.format_day(max(days))
    return f"tính đến {newest}" if oldest == newest else f"tính đến {oldest}–{newest} tùy tỉnh"


def describe_levels(summary: ProvinceDigest) -> dict[str, Any]:
    """The parts of a bar: level, word, count of units."""
    parts = [(code, look.word, summary.levels[code]) for code, look in theme.LEVELS.items()]
    return {"total": summary.units, "parts": parts}


def list_coverage(summary: ProvinceDigest) -> list[str]:
    """Each source with how many of the units it told of: `tự kê khai 90/96`."""
    return [
        f"{SOURCE_WORDS[source]} {text.format_part(count, summary.units)}"
        for source, count in summary.told.items()
    ]


def list_missing_sources(summary: ProvinceDigest) -> str:
    """What nobody told: `chưa có: đo tự động, chứng thư số`; "" where all did."""
    missing = [word for source, word in SOURCE_WORDS.items() if source not in summary.told]
    return f"chưa có: {', '.join(missing)}" if missing else ""


def list_origins(files: Sequence[ProvinceFile]) -> list[str]:
    """Whose the figures are and until when: `mô phỏng, đến 22/11/2026`."""
    return [
        f"{word}, đến {text.format_day(_find_newest_moment(files, origin))}"
        for origin, word in ORIGIN_WORDS.items()
        if _find_newest_moment(files, origin)
    ]


def name_origins(files: Sequence[ProvinceFile]) -> list[str]:
    """Whose the figures are: `mô phỏng`, `tệp của đơn vị`."""
    return [word for origin, word in ORIGIN_WORDS.items() if _find_newest_moment(files, origin)]


def _find_newest_moment(files: Sequence[ProvinceFile], origin: str) -> datetime | None:
    return max((file.as_of for file in files if file.origin == origin), default=None)


def list_kinds(files: Sequence[ProvinceFile]) -> str:
    """Which kinds of file tell of a province."""
    words = list_kind_words()
    kinds = dict.fromkeys(file.kind for file in files)
    return ", ".join(words.get(kind, kind) for kind in kinds)


def tell_notice(summaries: Sequence[ProvinceDigest]) -> str:
    """Says of how many provinces figures are simulated; "" where of none."""
    simulated = [
        summary
        for summary in summaries
        if any(file.origin == "simulated" for file in summary.files)
    ]
    if not simulated:
        return ""
    return f"Có số liệu mô phỏng ở {len(simulated)} tỉnh, thành phố, ghi ở cột Nguồn"


def name_province(summary: ProvinceDigest) -> str:
    return reference.load_province_names()[summary.province]


def tabulate_nation(summaries: Sequence[ProvinceDigest]) -> DownloadTable:
    """The table of provinces to take along; what nobody told is a blank."""
    number = CellType.NUMBER
    columns = [
        TableColumn("Mã tỉnh", "Mã tỉnh, thành phố; là chữ, không phải số", CellType.CODE),
        TableColumn("Tỉnh, thành phố", "Tên tỉnh, thành phố"),
        TableColumn("Số đơn vị", "Số xã, phường, đặc khu theo danh mục hiện hành", number),
    ]
    columns += [
        TableColumn(look.word, f"Số đơn vị ở mức {look.word} trong ngày xem", number)
        for look in theme.LEVELS.values()
    ]
    columns += [
        TableColumn(
            text.upper_first_letter(word), f"Số đơn vị có số liệu {word} tính đến ngày xem", number
        )
        for word in SOURCE_WORDS.values()
    ]
    columns += [
        TableColumn("Tính đến", "Ngày mới nhất của số liệu điều kiện", CellType.DAY),
        TableColumn("Nguồn", "Số liệu của ai, đến ngày nào"),
        TableColumn("Loại tệp", "Các loại tệp đang được tính"),
    ]
    return DownloadTable(
        columns,
        [_list_cells(summary) for summary in summaries],
        "Tình hình các tỉnh, thành phố",
        "từng tỉnh ghi ở cột Nguồn",
    )


def _list_cells(summary: ProvinceDigest) -> list[Any]:
    cells: list[Any] = [summary.province, name_province(summary), summary.units]
    if not summary.has_data:
        blanks = len(theme.LEVELS) + len(SOURCE_WORDS) + 1
        return [*cells, *[None] * blanks, NO_DATA, None]
    cells += [summary.levels[code] for code in theme.LEVELS]
    cells += [summary.told.get(source) for source in SOURCE_WORDS]
    cells += [summary.as_of, "; ".join(list_origins(summary.files)), list_kinds(summary.files)]
    return cells
