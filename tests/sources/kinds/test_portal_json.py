"""The portal's own JSON reads as its list does: same counts, departments apart, the parent's totals
checked.
"""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from dashboard.sources.formats import json_sheets
from tests.sources.forms import official, some_communes

TODAY = date(2026, 11, 22)
AUGUST = (date(2026, 8, 1), date(2026, 8, 31))
CODES = some_communes("25", 6)
NAME = "tien_do_2026-08.json"


def child(
    code: str, name: str, level: str, received: int, on_time: int, days: float
) -> dict[str, Any]:
    return {
        "departmentCode": code,
        "departmentName": name,
        "level": level,
        "totalReceived": received,
        "totalOnTime": on_time,
        "totalOverdue": received - on_time,
        "avgProcessingDays": days,
    }


def answer() -> dict[str, Any]:
    children = [
        child(
            f"H44.{100 + number}",
            f"UBND {official(code)} - Tỉnh Phú Thọ",
            "COMMUNE",
            1200 + number,
            900 + number,
            7.05,
        )
        for number, code in enumerate(CODES)
    ]
    children.append(child("H44.42", "Sở Nội vụ - Tỉnh Phú Thọ", "PROVINCE", 50, 20, 3.31))
    received, on_time = (
        sum(row[key] for row in children) for key in ("totalReceived", "totalOnTime")
    )
    parent = child("H44", "UBND tỉnh Phú Thọ", "PROVINCE", received, on_time, 7.0)
    return {"success": True, "message": "OK", "data": {"parent": parent, "children": children}}


def read(tmp_path: Path, content: Any, name: str = NAME, **how: Any) -> Batch:
    path = tmp_path / name
    path.write_text(
        content if isinstance(content, str) else json.dumps(content, ensure_ascii=False),
        encoding="utf-8",
    )
    return sources.read_file(path, today=TODAY, **how)


def refusal(tmp_path: Path, content: str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, content)
    assert refused.value.remedy.startswith("hãy")
    assert "\n" not in str(refused.value)
    return refused.value


def test_counts_days_and_codes_are_those_of_the_answer_and_the_parent_is_no_unit(
    tmp_path: Path,
) -> None:
    batch = read(tmp_path, answer())
    assert (batch.file_kind, batch.province_code, batch.period, batch.problems) == (
        "portal_progress",
        "25",
        AUGUST,
        (),
    )
    units = batch.dossiers.set_index("deciding_unit")
    assert list(units.index) == [*CODES, "H44.42"]
    assert units.loc[CODES[1], ["received", "on_time_766", "mean_days"]].tolist() == [
        1201,
        901,
        7.05,
    ]
    agencies = batch.agencies.set_index("agency_code")
    assert agencies["level"].tolist() == ["commune"] * 6 + ["department"]
    assert agencies.at["H44.100", "commune_code"] == CODES[0]


def test_the_published_list_as_json_gives_what_the_list_gives(tmp_path: Path, shared: Path) -> None:
    listing = shared / "published" / "phu_tho_2026-08_progress.csv"
    frame = pd.read_csv(listing, sep=";")
    names = [
        "departmentCode",
        "departmentName",
        "level",
        "totalReceived",
        "totalOnTime",
        "avgProcessingDays",
    ]
    children = json.loads(frame.iloc[:, :6].set_axis(names, axis=1).to_json(orient="records"))
    parent = child("H44", "UBND tỉnh Phú Thọ", "PROVINCE", 184_513, 144_625, 7.05)
    as_json = read(tmp_path, {"data": {"parent": parent, "children": children}})
    as_list = sources.read_file(listing, today=TODAY)
    pd.testing.assert_frame_equal(as_json.dossiers, as_list.dossiers)
    pd.testing.assert_frame_equal(as_json.agencies, as_list.agencies)
    assert as_json.problems == ()


def test_a_parent_that_is_not_the_sum_is_told_with_both_numbers(tmp_path: Path) -> None:
    content = answer()
    content["data"]["parent"]["totalReceived"] = 9_999
    batch = read(tmp_path, content)
    assert [str(problem) for problem in batch.problems] == [
        'dòng 8, cột "totalReceived": "9999" tổng ghi 9.999 nhưng các dòng cộng lại là 7.265; '
        "hãy kiểm tra tổng và các dòng"
    ]
    assert batch.problems[0].severity == "warning"
    assert len(batch.dossiers) == 7


def test_a_parent_may_count_the_communes_alone(tmp_path: Path) -> None:
    content = answer()
    content["data"]["parent"] |= {"totalReceived": 7_215, "totalOnTime": 5_415}
    assert read(tmp_path, content).problems == ()


def test_overdue_that_is_not_the_rest_is_a_warning_with_the_numbers(tmp_path: Path) -> None:
    content = answer()
    content["data"]["children"][2]["totalOverdue"] = 17
    (problem,) = read(tmp_path, content).problems
    assert (problem.row, problem.severity) == (3, "warning")
    assert "1.202 - 902 = 300" in problem.message


def test_order_of_keys_other_keys_and_text_instead_of_numbers_change_nothing(
    tmp_path: Path,
) -> None:
    content = answer()
    shuffled = random.Random(3)
    for number, child in enumerate(content["data"]["children"]):
        items = [*child.items(), ("id", number), ("note", None), ("more", {"a": [1, 2]})]
        shuffled.shuffle(items)
        content["data"]["children"][number] = {
            key: str(value) if key.startswith("total") and number % 2 else value
            for key, value in items
        }
    content = {"data": dict(reversed(content["data"].items())), "status": 200}
    pd.testing.assert_frame_equal(
        read(tmp_path, content).dossiers, read(tmp_path, answer()).dossiers
    )


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.txt", "a.xlsx"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_known_by_its_content_in_any_encoding(
    tmp_path: Path, name: str, encoding: str
) -> None:
    path = tmp_path / name
    path.write_text("\n " + json.dumps(answer(), ensure_ascii=False, indent=1), encoding=encoding)
    assert sources.read_file(path, today=TODAY, period=AUGUST).dossiers.equals(
        read(tmp_path, answer()).dossiers
    )


def test_the_answers_own_days_are_the_period(tmp_path: Path) -> None:
    days = {"fromDate": "2026-07-01T00:00:00", "toDate": "2026-07-31"}
    assert read(tmp_path, {**answer(), **days}, "a.json").period == (
        date(2026, 7, 1),
        date(2026, 7, 31),
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"data": {"children": [\n  {"departmentCode": "H44.1",,}]}}', "hỏng ở dòng 2, cột 30"),
        (json.dumps(answer())[:-20], "bị hỏng ở dòng 1"),
        ('{"data": {"children": []}}', "không có danh sách"),
        ("{}", "không có danh sách"),
        ('{"data": [{"a": 1, "a": 2}]}', 'hai lần khóa "a"'),
        ('{"data": [{"a": 1' + "0" * 5000 + ', "b": 2}]}', "số không đọc được"),
        ('{"a":' * 5000, "quá sâu"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "quá sâu"),
        ('{"a": [{"tên": "Trần Văn Một", "tuổi": 7}]}', "tiêu đề cột"),
    ],
)
def test_broken_or_strange_json_is_refused_with_the_place(
    tmp_path: Path, content: str, words: str
) -> None:
    refused = refusal(tmp_path, content)
    assert words in refused.message
    assert "Trần" not in str(refused)


def test_a_bomb_of_small_objects_ends_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_sheets, "MAX_OBJECTS", 10_000)
    start = time.perf_counter()
    assert "quá nhiều" in refusal(tmp_path, '{"a": [' + "{}," * 1_000_000 + "{}]}").message
    monkeypatch.setattr(json_sheets, "MAX_JSON_BYTES", 1_000)
    assert "nặng" in refusal(tmp_path, json.dumps(answer())).message
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("totalReceived", -5, "là số âm"),
        ("totalReceived", 1.5, "không phải số nguyên"),
        ("totalReceived", None, "để trống"),
        ("totalReceived", True, "không phải là số"),
        ("totalOnTime", 10**20, "không phải là số"),
        ("totalOnTime", 1300, "nhiều hơn số tiếp nhận"),
        ("departmentCode", {"a": 1}, "không phải mã định danh"),
        ("departmentName", "UBND xã Không Có", "không có trong danh mục"),
    ],
)
def test_a_child_that_cannot_be_is_not_taken(
    tmp_path: Path, key: str, value: Any, words: str
) -> None:
    content = answer()
    content["data"]["children"][1][key] = value
    batch = read(tmp_path, content)
    assert words in str(batch.problems[0])
    assert batch.problems[0].row == 2
    assert CODES[1] not in set(batch.dossiers["deciding_unit"])


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(draws=st.data())
def test_damaged_json_never_crashes_the_reader(tmp_path: Path, draws: st.DataObject) -> None:
    content = bytearray(json.dumps(answer(), ensure_ascii=False).encode())
    for _ in range(draws.draw(st.integers(1, 10))):
        content[draws.draw(st.integers(0, len(content) - 1))] = draws.draw(st.integers(0, 255))
    path = tmp_path / NAME
    path.write_bytes(content)
    with suppress(FileRefused):
        sources.read_file(path, today=TODAY)
