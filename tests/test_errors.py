"""What the log says of an error: our own line, and nothing of what was read."""

from __future__ import annotations

import logging
from datetime import date

import dash
import pandas as pd
import pytest

from dashboard.errors import describe_error_location, list_error_steps
from dashboard.indicators.freshness import quality
from dashboard.web import security
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


def test_a_page_that_fails_logs_where_and_never_what_was_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = dash.Dash("logging", add_log_handler=False)
    app.layout = dash.html.Div()

    @app.server.get("/failing")
    def fail() -> str:
        raise ValueError("Nguyễn Văn A")

    security.register(app)
    with caplog.at_level(logging.DEBUG):
        answer = app.server.test_client().get("/failing")
    assert answer.status_code == 500
    assert "Nguyễn" not in answer.get_data(as_text=True)
    assert "'/failing' failed (500): ValueError at " in caplog.text
    assert "Nguyễn" not in caplog.text
