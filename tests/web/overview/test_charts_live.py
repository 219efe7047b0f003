"""The charts of the first page: one that fails says so in its place and leaves the others."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from dashboard.settings import Settings
from dashboard.web.overview import figures, quadrant
from dashboard.web.server import create_app


def test_a_chart_that_fails_leaves_the_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_report: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(quadrant, "compute_quadrant", fails)
    outputs = [
        {"id": name + part, "property": prop}
        for part, prop in (("", "figure"), ("-said", "children"), ("-frame", "data-empty"))
        for name in figures.GRAPHS
    ]
    body = {
        "output": ".." + "...".join(f"{one['id']}.{one['property']}" for one in outputs) + "..",
        "outputs": outputs,
        "inputs": [
            {
                "id": "chart-key",
                "property": "data-key",
                "value": json.dumps({"query": "province=51"}),
            }
        ],
        "changedPropIds": ["chart-key.data-key"],
    }
    with caplog.at_level(logging.ERROR, "dashboard"):
        answer = (
            create_app(settings).server.test_client().post("/_dash-update-component", json=body)
        )
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.text)["response"]
    titles = {name: told[name]["figure"]["layout"]["title"]["text"] for name in figures.GRAPHS}
    assert titles["quadrant"] == "Mức sẵn sàng và đúng hạn: tạm thời không tính được"
    assert titles["green-over-time"] == "Mức Xanh theo ngày: chưa có dữ liệu"
    assert (
        told["quadrant-said"]["children"]
        == "Phần này đang lỗi, phần khác vẫn đúng; lỗi đã được ghi lại."
    )
    assert {told[f"{name}-frame"]["data-empty"] for name in figures.GRAPHS} == {"true"}
    assert "ZeroDivisionError" in caplog.text
