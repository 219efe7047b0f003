"""The dossiers of a period as one sum that can be checked by hand, in words: province, communes and
departments as rows of equal rank.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.balance import sum_balances
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.rates import PooledRate
from dashboard.web.words.dossiers import format_dossier_share
from dashboard.web.words.headline import tell_part_of_communes

# What came in, then what became of it. `lying` stands where a source does not part open from
# paused; `undated` only where there is any.
IN_WORDS = {"carried_over": "Kỳ trước chuyển sang", NEW: "Tiếp nhận mới"}
OUT_WORDS = {"resolved": "Đã giải quyết", "open": "Đang giải quyết", "paused": "Tạm dừng"}
LYING_WORD = "Còn lại cuối kỳ"
UNDATED_WORD = "Đã xong, không rõ ngày"
NOT_BALANCED = (
    "Nguồn này không cho đủ số chuyển sang, đã giải quyết và còn lại, nên không cộng được."
)
PROVINCE_ROW = "Toàn tỉnh"
# The portal writes the province behind each agency's name.
_PROVINCE_SUFFIX = re.compile(r"\s+-\s+Tỉnh\s.*$", re.IGNORECASE)


def describe_balance(report: Report) -> dict[str, Any] | None:
    """`columns` (code to word), `rows` (province first), `departments` (each by its name), `check`:
    the sum of the first row; None where nobody tells of the period."""
    if report.dossiers.balance is None:
        return None
    dossiers = report.dossiers.of_period
    own = sum_balances(report.dossiers.balance)
    figures = dossiers.period_figures
    assert figures is not None, "a balance is of figures"
    part_of_communes = tell_part_of_communes(dossiers.communes_told, len(dossiers.codes))
    own_name = part_of_communes or f"{text.format_number(len(dossiers.codes))} xã, phường, đặc khu"
    totals = {f"Cấp xã: {own_name}": (own, dossiers.total("on_time_766"))}
    frame = report.dossiers.department_balance
    if dossiers.has_departments and frame is not None and dossiers.departments is not None:
        of_departments = sum_balances(frame)
        both = own + of_departments
        count = int(dossiers.departments.sums["received"].notna().sum())
        totals = {
            PROVINCE_ROW: (both, dossiers.total_of_all("on_time_766")),
            **totals,
            f"Sở, ngành: {text.format_number(count)} đơn vị": (
                of_departments,
                dossiers.total_of_departments("on_time_766"),
            ),
        }
    columns = list_balance_columns([balance for balance, _ in totals.values()])
    digits = 2 if dossiers.has_departments else 1
    return {
        "columns": columns,
        "rows": [
            _balance_row(name, balance, columns, rate, digits)
            for name, (balance, rate) in totals.items()
        ],
        "departments": _list_departments(report, columns),
        "terms": tell_balance_terms(columns),
        "check": tell_balance_check(next(iter(totals.values()))[0]),
    }


def list_balance_columns(balances: list[pd.Series]) -> dict[str, str]:
    """The columns that the rows need: code to word."""
    is_parted = any(not math.isnan(balance["open"]) for balance in balances)
    columns = {**IN_WORDS, **OUT_WORDS}
    if not is_parted and any(not math.isnan(balance["lying"]) for balance in balances):
        columns = {**IN_WORDS, "resolved": OUT_WORDS["resolved"], "lying": LYING_WORD}
    if any(balance["undated"] > 0 for balance in balances):
        columns["undated"] = UNDATED_WORD
    return {
        name: word
        for name, word in columns.items()
        if name == NEW or any(not math.isnan(balance[name]) for balance in balances)
    }


def tell_balance_terms(columns: Mapping[str, str]) -> str:
    """`Kỳ trước chuyển sang + tiếp nhận mới = đã giải quyết + …`; "" where a side is not told."""
    out = [word.lower() for name, word in columns.items() if name not in IN_WORDS]
    if not out or "carried_over" not in columns:
        return ""
    came_in = " + ".join(columns[name] for name in IN_WORDS)
    return f"{text.upper_first_letter(came_in.lower())} = {' + '.join(out)}"


def _balance_row(
    name: str,
    balance: pd.Series,
    columns: Mapping[str, str],
    rate: PooledRate,
    digits: int,
) -> dict[str, Any]:
    is_known = rate.state == rates.KNOWN
    share = text.format_percent(rate.value, digits) if is_known else ""
    part = text.format_part(rate.numerator, rate.denominator) if is_known else ""
    return {
        "name": name,
        "cells": {code: text.format_number(balance[code]) for code in columns},
        "on_time": f"{part} ({share})" if is_known else format_dossier_share(0, 0, rate.state),
    }


def tell_balance_check(balance: pd.Series) -> str:
    """`546 + 523 = 409 + 411 + 116 + 133`: both sides of a sum in figures; what does not agree is
    named, what is not told, too."""
    if math.isnan(balance["difference"]):
        return NOT_BALANCED
    names = ["resolved", "open", "paused"] if not math.isnan(balance["open"]) else None
    out = [
        balance[name] for name in names or ["resolved", "lying"] if not math.isnan(balance[name])
    ]
    out += [balance["undated"]] if balance["undated"] > 0 else []
    came_in = [balance[name] for name in IN_WORDS]
    difference = balance["difference"]
    remark = "" if not difference else f", lệch {text.format_number(abs(difference))}"
    sign = "=" if not difference else "≠"
    left, right = (
        " + ".join(text.format_number(count) for count in side) for side in (came_in, out)
    )
    return f"{left} {sign} {right}{remark}"


def _list_departments(report: Report, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    dossiers: ProvinceDossiers = report.dossiers.of_period
    frame = report.dossiers.department_balance
    if frame is None or dossiers.departments is None:
        return []
    rated = rates.compute_rate(dossiers.departments, "on_time_766")
    names = report.snapshot.province_data.department_names
    rows = [
        _balance_row(
            _PROVINCE_SUFFIX.sub("", names.get(str(code), str(code))),
            frame.loc[code],
            columns,
            PooledRate(
                float(rated.numerator[position]),
                float(rated.denominator[position]),
                float(rated.value[position]),
                int(rated.state[position]),
            ),
            1,
        )
        for position, code in enumerate(frame.index)
    ]
    return sorted(rows, key=lambda row: text.make_sort_key(str(row["name"])))
