"""From the store to a bulletin: one edition of one day of a province, kept by data version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard import reference, text
from dashboard.cache import SingleFlightCache
from dashboard.data_version import DataVersion
from dashboard.indicators.report import Report
from dashboard.reports import Reports
from dashboard.web.bulletin.drawing import draw_bulletin_map, tell_map_caption
from dashboard.web.bulletin.typesetting import typeset_bulletin
from dashboard.web.bulletin.words import Bulletin, Edition, list_bulletin_sections
from dashboard.web.documents import data_sources
from dashboard.web.words.need import list_most_in_need

_kept_bulletins = SingleFlightCache(16, "bulletins")


@dataclass(frozen=True)
class PrintedBulletin:
    """A bulletin as PDF, and the name of its file without the ending."""

    name: str
    content: bytes


def fetch_edition_report(
    reports: Reports, province: str, edition: Edition, day: date, version: DataVersion
) -> Report:
    """The report that an edition tells of."""
    period = edition.find_period(day, reports.newest_period(province, day, version))
    return reports.report(province, day, version, period)


def compose_bulletin(
    reports: Reports, province: str, edition: Edition, day: date, version: DataVersion
) -> Bulletin:
    """What the edition says. Raises StoreUnavailable."""
    report = fetch_edition_report(reports, province, edition, day, version)
    sources = reports.loaded(province, version).sources
    notice = data_sources.tell_notice(reports, province, sources)
    kind_words = data_sources.list_kind_words()
    province_name = reference.load_province_names()[province]
    return Bulletin(
        f"Bản tin {edition.tell_days(day)}",
        f"{province_name}: mức độ sẵn sàng và kết quả giải quyết hồ sơ của "
        f"{text.format_number(len(report.codes))} xã, phường, đặc khu",
        notice,
        list_bulletin_sections(report, edition, kind_words),
        f"Số liệu đến ngày {text.format_day(day)}, phiên bản số liệu "
        f"{text.format_number(version.number)}. Mỗi câu lập theo quy tắc cố định từ báo cáo.",
    )


def print_bulletin(
    reports: Reports, province: str, edition: Edition, day: date, version: DataVersion
) -> PrintedBulletin:
    """The edition as PDF, made once a version. Raises StoreUnavailable, TypesettingFailed."""
    outline = reports.outline(province)

    def typeset() -> bytes:
        report = fetch_edition_report(reports, province, edition, day, version)
        bulletin = compose_bulletin(reports, province, edition, day, version)
        numbered = [entry["commune"] for entry in list_most_in_need(report)]
        map_svg = draw_bulletin_map(report, outline, numbered)
        overview = bulletin.sections[0].lines
        map_alt = f"Bản đồ mức độ sẵn sàng. {' '.join(line.words for line in overview[:2])}"
        caption = tell_map_caption(outline, numbered)
        return typeset_bulletin(bulletin, map_svg, map_alt, caption, day)

    key = (province, edition.code, day, version, outline.fingerprint)
    name = f"ban-tin-{edition.word}_{province}_{day}"
    # File names are plain letters everywhere.
    return PrintedBulletin(text.strip_tones(name), _kept_bulletins.get(key, typeset))
