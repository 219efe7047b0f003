"""What the log says of an error: our own line, and nothing of what was read."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard.errors import describe_error_location, list_error_steps
from dashboard.indicators.freshness import quality
from dashboard.workdays import build_calendar


def test_an_error_inside_a_library_is_told_by_our_line_that_called_it() -> None:
    with pytest.raises(KeyError) as caught:
        quality.count_unmatched_rows(pd.DataFrame({"Nguyễn Văn A": [1]}))
    steps = list_error_steps(caught.value)
    assert "pandas" in str(caught.traceback[-1].path)
    assert steps[-1].startswith("dashboard/indicators/freshness/quality.py:")
    assert describe_error_location(caught.value) == f"KeyError at {steps[-1]}"


def test_an_error_whose_message_quotes_a_person_is_told_without_it() -> None:
    with pytest.raises(AttributeError) as caught:
        build_calendar({"Nguyễn Văn A": True, date(2026, 1, 2): True})  # type: ignore[dict-item]
    assert "Nguyễn" not in describe_error_location(caught.value)
    assert "dashboard/workdays.py:" in describe_error_location(caught.value)


def test_an_error_outside_our_code_is_told_by_its_own_place() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        1 // 0  # noqa: B018
    assert "test_errors.py:" in describe_error_location(caught.value)
    assert describe_error_location(ValueError("Nguyễn")) == "ValueError at ?"
