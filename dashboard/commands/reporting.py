"""`export report`: the one report of a province and day, as pages and /api/report tell it."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from typing import Any

from dashboard import store
from dashboard.cells import formula_safe
from dashboard.commands import telling
from dashboard.errors import DashboardError
from dashboard.indicators.criteria import FIRST_DAY
from dashboard.indicators.periods import Period
from dashboard.reports import Reports, read_criteria
from dashboard.settings import Settings
from dashboard.views.report_json import report_json

# What a row of the CSV holds of each commune; the whole is only in JSON.
_RATES = ("on_time_766", "on_time_report")


def export_report(settings: Settings, asked: argparse.Namespace) -> int:
    """The report as of a day (default: today); --from and --to are the days of its dossier figures."""
    telling.known_province(asked.province)
    day = asked.as_of or settings.today()
    if day < FIRST_DAY:
        raise DashboardError(f"--as-of {day}: chưa có xã nào trước ngày {FIRST_DAY}; hãy chọn ngày sau đó")
    if (asked.first is None) != (asked.last is None):
        raise DashboardError("--from và --to phải đi cùng nhau: đó là kỳ của số liệu hồ sơ")
    if asked.first and not FIRST_DAY <= asked.first <= asked.last <= day:
        raise DashboardError(f"--from và --to phải theo thứ tự và nằm từ {FIRST_DAY} đến {day}; hãy sửa hai ngày")
    period = Period(asked.first, asked.last) if asked.first else None
    engine = store.open_store(settings.database_url)
    reports = Reports(engine, read_criteria(settings.criteria), settings.outlines_dir)
    told = report_json(reports.report(asked.province, day, reports.version(), period))
    engine.dispose()
    if asked.format == "csv":
        _as_csv(told["communes"])
    else:
        print(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1))
    return telling.DONE


def _as_csv(communes: list[dict[str, Any]]) -> None:
    rows = [_row(commune) for commune in communes]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(rows[0])
    out.writerows([formula_safe(value) for value in row.values()] for row in rows)


def _row(commune: dict[str, Any]) -> dict[str, Any]:
    counts, rates = commune["throughput"]["counts"] or {}, commune["throughput"]["rates"]
    row = {name: commune[name] for name in ("commune_code", "name", "peer_group", "level", "declared_level")}
    row |= {name: " | ".join(commune[name]) for name in ("reasons", "way_to_green_words")}
    row |= {name: counts.get(name) for name in ("received", "resolved", "open_in_term", "open_overdue")}
    for code in _RATES:
        row |= {f"{code}_{name}": rates[code][name] for name in ("part", "whole", "state")}
        row |= {f"{code}_{name}": commune["ranks"][code][name] for name in ("place", "ranked")}
    return row
