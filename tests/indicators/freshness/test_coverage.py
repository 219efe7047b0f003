"""Coverage: in date, stale and never add up to the communes; rows without a commune are counted by
reason.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import sources
from dashboard.indicators import levels
from dashboard.indicators.freshness import quality


@given(st.lists(st.integers(0, 4)))
@settings(max_examples=40)
def test_completeness_agrees_with_counting_one_by_one(level_codes: list[int]) -> None:
    row = quality.count_completeness({"network": np.array(level_codes, dtype=np.int8)}).loc[
        "network"
    ]
    names = [levels.LEVEL_NAMES[level] for level in level_codes]
    in_date = sum(name in ("red", "yellow", "green") for name in names)
    assert row.tolist() == [in_date, names.count("stale"), names.count("unknown"), len(names)]


def test_no_criteria_make_an_empty_table() -> None:
    assert list(quality.count_completeness({}).columns) == ["in_date", "stale", "never", "communes"]


def noted(path: Path) -> pd.DataFrame:
    """The problems of a file as the store lists them."""
    batch = sources.read_file(
        path, today=date(2026, 11, 22), province="51", as_of=date(2026, 11, 13)
    )
    problems = [problem.as_dict() for problem in batch.problems]
    frame = pd.DataFrame(
        problems, columns=["severity", "row", "column", "value", "message", "remedy"]
    )
    return frame.assign(batch=1, file_name=path.name)


def test_rows_that_match_no_commune_are_counted_by_file_and_reason(tmp_path: Path) -> None:
    lines = [
        "Mã ĐVHC;Xã, phường, đặc khu;Tốc độ mạng (Mbps);Chữ ký số - Cần;Chữ ký số - Đã cấp;Ngày "
        "kê khai",
        "21025;Phường Cẩm Thành;87;20;20;13/11/2026",
        ";Xã Không Có;87;20;20;13/11/2026",
        ";Xã Cũng Không;87;20;20;13/11/2026",
        "99999;;87;20;20;13/11/2026",
        ";;87;20;20;13/11/2026",
        "21028;Phường Nghĩa Lộ;nhanh;20;20;13/11/2026",  # a commune, but not a number
    ]
    file = tmp_path / "ke_khai.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    unmatched = quality.count_unmatched_rows(noted(file))
    assert unmatched.columns.tolist() == ["batch", "file_name", "why", "rows"]
    assert dict(zip(unmatched["why"], unmatched["rows"], strict=True)) == {
        "not_listed": 2,
        "foreign_code": 1,
        "unnamed": 1,
    }


def test_a_file_without_problems_has_no_unmatched_rows() -> None:
    nothing = pd.DataFrame(columns=["batch", "file_name", "severity", "message"])
    assert quality.count_unmatched_rows(nothing).empty
