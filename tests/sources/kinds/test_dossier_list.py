"""A dossier list: states, channels, moments and units as they are meant, and never a person."""

from __future__ import annotations

import errno
import io
import json
import tempfile
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard import sources
from dashboard.batch import SINGLE_COLUMNS, Batch
from dashboard.errors import FileRefused
from tests.sources.forms import FORMATS, Grid, official, save, save_csv

NAME = "ho_so_quang_ngai.csv"
TODAY = date(2026, 11, 22)
STATES = {
    "Đã xử lý xong": 9,
    "Đã trả kết quả": 10,
    "Đang xử lý": 4,
    "Yêu cầu bổ sung giấy tờ": 5,
    "Công dân yêu cầu rút hồ sơ": 7,
}
CHANNELS = {"Trực tuyến": "online", "Trực tiếp": "in_person", "BCCI": "post"}
HEAD = [
    "STT",
    "Mã hồ sơ",
    "Mã TTHC",
    "Chủ hồ sơ",
    "Số CCCD",
    "Số điện thoại",
    "Địa chỉ",
    "Đơn vị tiếp nhận",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
    "Trạng thái",
    "Hình thức tiếp nhận",
]
PERSON = ["NGUYỄN THỊ BÍ MẬT", "051199912345", "0912345678", "12 ngõ Tịt, thôn Kín Mít"]
SECRETS = ["BÍ MẬT", "051199912345", "0912345678", "ngõ Tịt", "Kín Mít"]


def line(number: int, **changed: Any) -> list[Any]:
    """A row of HEAD; what is not told is the plainest."""
    cells = {
        "code": f"H48.113-261008-{number:04d}",
        "procedure": "2.000815",
        "unit": "UBND xã Sơn Hạ",
        "received": "08/10/2026 09:15:00",
        "due": "20/10/2026 09:15:00",
        "finished": "",
        "state": "Đang xử lý",
        "channel": "Trực tuyến",
    } | changed
    later_cells = [
        cells[name] for name in ("unit", "received", "due", "finished", "state", "channel")
    ]
    return [number, cells["code"], cells["procedure"], *PERSON, *later_cells]


def table(*rows: list[Any], head: list[str] = HEAD) -> Grid:
    return [["DANH SÁCH HỒ SƠ TỈNH QUẢNG NGÃI (tính đến 17h ngày 13/11/2026)"], head, *rows]


def read(folder: Path, grid: Grid, form: str = "csv;", **given: Any) -> Batch:
    return sources.read_file(
        save(folder, "ho_so", grid, form), today=TODAY, **{"province": "51", **given}
    )


def singles(batch: Batch) -> pd.DataFrame:
    return pd.concat(batch.singles).set_index("code")


def one(folder: Path, **changed: Any) -> Any:
    return singles(read(folder, table(line(1, **changed)))).iloc[0]


def moment(value: pd.Timestamp) -> str | None:
    return None if pd.isna(value) else value.isoformat()


def test_every_dossier_of_the_sample_is_read_as_it_is_meant(shared: Path) -> None:
    batch = sources.read_file(shared / "samples" / NAME, today=TODAY)
    truth = json.loads((shared / "samples" / "expected.json").read_text(encoding="utf-8"))[NAME]
    said = {
        row.Index: (
            row.accepting_unit,
            row.deciding_unit,
            moment(row.received_at),
            moment(row.due),
            moment(row.finished_at),
            row.state,
            row.channel,
        )
        for row in singles(batch).itertuples()
    }
    assert said == {
        code: (
            dossier["commune"],
            dossier["commune"],
            dossier["received"],
            dossier["due"],
            dossier["finished"],
            STATES[dossier["state"]],
            CHANNELS[dossier["channel"]],
        )
        for code, dossier in truth["dossiers"].items()
    }
    assert (batch.file_kind, batch.province_code, batch.rows) == (
        truth["kind"],
        truth["province"],
        3_000,
    )
    assert {problem.severity for problem in batch.problems} == {"warning"}


def test_the_list_speaks_of_its_newest_reception_where_nothing_else_tells(shared: Path) -> None:
    path = shared / "samples" / NAME
    newest_reception = datetime(2026, 11, 13, 16, 20)
    read_late = sources.read_file(path, today=date(2026, 12, 24))
    assert read_late.as_of == newest_reception, "finishes are dated up to 06/12: they prove nothing"
    assert any(
        "sau ngày của danh sách (13/11/2026)" in problem.message for problem in read_late.problems
    )
    assert sources.read_file(path, today=date(2026, 11, 10)).as_of.date() == date(2026, 11, 10), (
        "what is dated after today is not believed"
    )
    assert sources.read_file(path, as_of=date(2026, 11, 13), today=TODAY).as_of == datetime(
        2026, 11, 13
    )


def test_the_title_tells_the_moment_of_the_list(tmp_path: Path) -> None:
    assert read(tmp_path, table(line(1))).as_of == datetime(2026, 11, 13, 17)


@pytest.mark.parametrize("form", FORMATS)
def test_a_list_is_the_same_in_every_format(tmp_path: Path, form: str) -> None:
    rows = [
        line(1),
        line(
            2, unit="Sơn Hà", finished="09/10/2026 10:00:00", state="Đã trả kết quả", channel="BCCI"
        ),
    ]
    batch = read(tmp_path, table(*rows), form)
    frame = singles(batch)
    assert frame.columns.tolist() == SINGLE_COLUMNS[1:]
    assert frame["procedure_code"].tolist() == ["2.000815"] * 2
    assert frame["state"].tolist() == [4, 10]
    assert frame["channel"].tolist() == ["online", "post"]
    assert frame["accepting_unit"].nunique() == 2, "Sơn Hà is not Sơn Hạ"
    assert frame["received_at"].tolist() == [pd.Timestamp(2026, 10, 8, 9, 15)] * 2
    assert batch.problems == ()


def test_columns_may_stand_in_any_order_beside_unknown_ones(tmp_path: Path) -> None:
    grid = table(line(1), line(2))
    shuffled = [grid[0], *([*row[::-1], "gì đó khác"] for row in grid[1:])]
    assert singles(read(tmp_path, shuffled)).equals(singles(read(tmp_path, grid)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("08/10/2026 09:15", "2026-10-08T09:15:00"),
        ("8/10/2026 9:15", "2026-10-08T09:15:00"),
        ("08/10/2026 09h15", "2026-10-08T09:15:00"),
        ("09:15 08/10/2026", "2026-10-08T09:15:00"),
        ("2026-10-08 09:15:00", "2026-10-08T09:15:00"),
        ("2026-10-08T02:15:00.000Z", "2026-10-08T09:15:00"),
        ("08-10-2026", "2026-10-08T00:00:00"),
        ("46303,385416667", "2026-10-08T09:15:00"),
        ("05/11/2026 09:15:00", "2026-11-05T09:15:00"),  # never month first
    ],
)
def test_a_moment_may_be_written_in_many_ways(tmp_path: Path, written: str, meant: str) -> None:
    assert moment(one(tmp_path, received=written).received_at) == meant


@pytest.mark.parametrize(
    "written",
    [
        "13/13/2026 08:00:00",
        "31/02/2026",
        "08/10/2026 25:00:00",
        "hôm qua",
        "01/01/1900",
        "01/01/2099 08:00:00",
    ],
)
def test_an_impossible_moment_is_refused_by_its_place(tmp_path: Path, written: str) -> None:
    batch = read(tmp_path, table(line(1), line(2, received=written)))
    refused = [problem for problem in batch.problems if problem.severity == "refused"]
    assert [(problem.row, problem.column, problem.value) for problem in refused] == [
        (4, "Ngày tiếp nhận", None)
    ]
    assert pd.isna(singles(batch)["received_at"].iloc[1])


def test_a_due_day_without_an_hour_ends_with_the_day(tmp_path: Path) -> None:
    assert moment(one(tmp_path, due="20/10/2026").due) == "2026-10-20T23:59:59"


def test_an_odd_due_date_is_warned_of_and_kept(tmp_path: Path) -> None:
    rows = [
        line(1, due="14/11/2026 08:00:00"),
        line(2, due="07/10/2026 08:00:00"),
        line(3, due="02/01/2026"),
    ]
    batch = read(tmp_path, table(*rows))
    assert [problem.message for problem in batch.problems] == [
        "2 hồ sơ có ngày hẹn trả trước khi tiếp nhận (dòng 4, 5)",
        "2 hồ sơ có ngày hẹn trả vào ngày nghỉ (dòng 3, 5)",
    ]
    assert singles(batch)["due"].notna().all()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2.000815", "2.000815"),
        ("1.00065", "1.000650"),  # what Excel leaves of it
        ("1,012644", "1.012644"),
        ("1.012644.000.00.00.H48", "1.012644"),
        ("", None),
    ],
)
def test_procedure_codes_are_text(tmp_path: Path, written: str, meant: str | None) -> None:
    assert one(tmp_path, procedure=written).procedure_code == meant


def test_a_workbooks_number_is_still_the_procedures_code(tmp_path: Path) -> None:
    assert (
        singles(read(tmp_path, table(line(1, procedure=1.00065)), "xlsx")).iloc[0].procedure_code
        == "1.000650"
    )


@pytest.mark.parametrize(
    "code",
    [
        "H48.113-261008-0975",
        "H15.50.05.13-261008-0975",
        " h48.113-261008-0975 ",
        "000.00.18.H48-261008-0001",
    ],
)
def test_dossier_codes_of_agencies_at_any_depth(tmp_path: Path, code: str) -> None:
    frame = singles(read(tmp_path, table(line(1, code=code), line(2))))
    assert frame.index[0] == code.strip().upper()


def test_accepting_and_deciding_unit_may_differ(tmp_path: Path) -> None:
    grid = table(line(1), line(2), line(3))
    grid[1] = [*grid[1], "Đơn vị giải quyết"]
    for row, unit in zip(grid[2:], ["UBND phường Nghĩa Lộ", "Sở Xây dựng", ""], strict=True):
        row.append(unit)
    batch = read(tmp_path, grid)
    frame = singles(batch)
    accepting = frame["accepting_unit"].iloc[0]
    assert official(frame["deciding_unit"].iloc[0]) == "Phường Nghĩa Lộ"
    assert frame["deciding_unit"].iloc[1:].tolist() == ["51:so-xay-dung", accepting]
    assert batch.agencies["agency_code"].tolist() == ["51:so-xay-dung"]


def test_a_unit_may_be_told_by_code_or_agency_code(tmp_path: Path) -> None:
    frame = singles(read(tmp_path, table(line(1, unit="21025"), line(2, unit="H48.15"), line(3))))
    assert frame["accepting_unit"].iloc[:2].tolist() == ["21025", "H48.15"]


def test_an_unknown_unit_is_refused_with_official_names_only(tmp_path: Path) -> None:
    batch = read(tmp_path, table(line(1), line(2), line(3, unit="UBND xã Sơn Hã")))
    (problem,) = batch.problems
    assert (problem.severity, problem.row, problem.value) == ("refused", 5, None)
    assert "Xã Sơn Hà" in problem.message
    assert len(singles(batch)) == 2


def test_a_list_of_another_province_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        read(tmp_path, table(*(line(number) for number in range(1, 6))), province="25")


def test_a_dossier_told_twice_counts_once_with_its_later_state(tmp_path: Path) -> None:
    rows = [
        line(1, state="Đã trả kết quả", finished="09/10/2026"),
        line(2, channel="BCCI"),
        line(1),
        line(2),
    ]
    batch = read(tmp_path, table(*rows))
    frame = singles(batch)
    assert frame["state"].to_dict() == {"H48.113-261008-0001": 10, "H48.113-261008-0002": 4}
    assert frame["channel"].iloc[1] == "online", "of two rows alike in state the last one"
    assert [problem.message for problem in batch.problems] == [
        "2 hồ sơ có nhiều dòng trong tệp; đã lấy dòng có trạng thái sau cùng (dòng 4, 5)"
    ]


def test_totals_signatures_numbering_and_repeated_heads_are_no_dossiers(tmp_path: Path) -> None:
    numbering = [f"({number})" for number in range(1, len(HEAD) + 1)]
    signed: Grid = [["", "Tổng cộng: 2 hồ sơ"], [], ["", "Người lập biểu"], ["", "Trần Văn Ký"]]
    grid = table(numbering, line(1), HEAD, line(2), *signed)
    for form in ("csv;", "xlsx"):
        batch = read(tmp_path, grid, form)
        assert (len(singles(batch)), batch.problems) == (2, ())


def test_the_chunks_may_be_gone_through_twice(tmp_path: Path) -> None:
    batch = read(tmp_path, table(line(1), line(2)))
    assert singles(batch).equals(singles(batch))


def test_a_list_longer_than_a_chunk_is_read_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.sources.kinds.dossier_list import columns

    grid = table(*(line(number, channel=list(CHANNELS)[number % 3]) for number in range(1, 100)))
    unbroken = singles(read(tmp_path, grid))
    monkeypatch.setattr(columns, "CHUNK_ROWS", 7)
    for form in ("csv;", "xlsx"):
        batch = read(tmp_path, grid, form)
        assert len(list(batch.singles)) == 15
        assert singles(batch).equals(unbroken)


def written_with(path: Path, grid: Grid, quote: str) -> Path:
    path.write_text(
        "\n".join(";".join(f"{quote}{cell}{quote}" for cell in row) for row in grid),
        encoding="utf-8",
    )
    return path


def test_a_list_may_quote_every_cell_and_break_lines_in_quotes(tmp_path: Path) -> None:
    grid = table(*(line(number) for number in range(1, 201)))
    plain = singles(
        sources.read_file(written_with(tmp_path / "a.csv", grid, ""), province="51", today=TODAY)
    )
    quoted = singles(
        sources.read_file(written_with(tmp_path / "b.csv", grid, '"'), province="51", today=TODAY)
    )
    grid[150][6] = "hai\ndòng"
    broken = singles(
        sources.read_file(written_with(tmp_path / "c.csv", grid, '"'), province="51", today=TODAY)
    )
    assert len(plain) == 200
    assert quoted.equals(plain)
    assert broken.equals(plain)


def test_quotes_that_pair_up_over_two_lines_swallow_no_row_in_silence(tmp_path: Path) -> None:
    grid = table(*(line(number) for number in range(1, 201)))
    for number in (150, 152):
        grid[number][3], grid[number][6] = 'dài 5" x', '"thôn'
    with pytest.raises(FileRefused, match="dấu nháy kép"):
        sources.read_file(written_with(tmp_path / "a.csv", grid, ""), province="51", today=TODAY)


def test_a_quote_that_is_never_closed_swallows_no_row_in_silence(tmp_path: Path) -> None:
    grid = table(*(line(number) for number in range(1, 201)))
    grid[150][3] = f'"{PERSON[0]}'
    path = tmp_path / "ho_so.csv"
    path.write_text("\n".join(";".join(map(str, row)) for row in grid), encoding="utf-8")
    with pytest.raises(FileRefused, match="dấu nháy kép") as refusal:
        sources.read_file(path, province="51", today=TODAY)
    assert not any(secret in str(refusal.value) for secret in SECRETS)


def everything_said(batch: Batch) -> str:
    kept = "".join(frame.to_csv() for frame in batch.singles) + batch.agencies.to_csv()
    return kept + "".join(f"{problem}{problem.as_dict()}" for problem in batch.problems)


@pytest.mark.parametrize("form", ["csv;", "csv,", "xlsx"])
@pytest.mark.parametrize("column", [1, 2, *range(7, 13)])
@pytest.mark.parametrize("secret", PERSON)
def test_a_person_in_the_wrong_column_is_neither_kept_nor_quoted(
    tmp_path: Path, form: str, column: int, secret: str
) -> None:
    grid = table(line(1), line(2), line(3))
    grid[3][column] = secret
    said = everything_said(read(tmp_path, grid, form))
    assert not [secret for secret in SECRETS if secret in said]


def test_rows_shifted_by_a_stray_separator_quote_nobody(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "ho_so.csv", table(*(line(number) for number in range(1, 9))))
    text = path.read_text(encoding="utf-8").replace(PERSON[0], PERSON[0].replace(" ", ";"), 2)
    path.write_text(text, encoding="utf-8")
    batch = sources.read_file(path, province="51", today=TODAY)
    assert {problem.row for problem in batch.problems if problem.severity == "refused"} == {3, 4}
    assert not [secret for secret in SECRETS if secret in everything_said(batch)]


@pytest.mark.parametrize(
    "heading", ["Người tiếp nhận", "Họ tên, đơn vị tiếp nhận", "SĐT", "Cán bộ giải quyết"]
)
def test_a_column_that_may_hold_a_person_is_not_read(tmp_path: Path, heading: str) -> None:
    grid = table(line(1), line(2), head=[*HEAD[:3], heading, *HEAD[4:]])
    batch = read(tmp_path, grid)
    assert len(singles(batch)) == 2
    assert not [secret for secret in SECRETS if secret in everything_said(batch)]


def test_a_list_without_a_head_is_refused_without_quoting_a_person(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        sources.read_file(
            save_csv(tmp_path / "ho_so.csv", [line(number) for number in range(1, 9)]), today=TODAY
        )
    said = str(refusal.value) + "".join(map(str, refusal.value.problems))
    assert not [secret for secret in SECRETS if secret in said]


def test_a_list_of_nothing_but_its_heading_is_refused(tmp_path: Path) -> None:
    for form in FORMATS:
        with pytest.raises(FileRefused, match="không có hồ sơ nào"):
            read(tmp_path, table(), form)


def test_a_full_disk_while_a_list_is_read_is_one_plain_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, _content: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    with pytest.raises(FileRefused, match="không đủ chỗ tạm") as refused:
        read(tmp_path, table(line(1)))
    assert "TMPDIR" in refused.value.remedy


FIELD_HEADS = ["Lĩnh vực", "Lĩnh vực thủ tục", "Tên lĩnh vực", "Lĩnh vực TTHC", "LĨNH VỰC"]


def table_with_fields(*cells: Any, heading: str = "Lĩnh vực") -> Grid:
    grid = table(*(line(number) for number in range(1, len(cells) + 1)), head=[*HEAD, heading])
    return [*grid[:2], *([*row, cell] for row, cell in zip(grid[2:], cells, strict=True))]


def read_fields(folder: Path, *cells: Any, form: str = "csv;") -> tuple[list[Any], Batch]:
    batch = read(folder, table_with_fields(*cells), form)
    return singles(batch)["field"].tolist(), batch


@pytest.mark.parametrize("heading", FIELD_HEADS)
@pytest.mark.parametrize("form", ["csv;", "xlsx"])
def test_a_list_tells_the_field_of_each_dossier(tmp_path: Path, heading: str, form: str) -> None:
    grid = table_with_fields("Đất đai", "", "Hộ tịch", heading=heading)
    batch = read(tmp_path, grid, form)
    assert singles(batch)["field"].tolist() == ["Đất đai", None, "Hộ tịch"]
    assert batch.problems == ()


@pytest.mark.parametrize("heading", ["Mã lĩnh vực", "Lĩnh vực của người nộp", "Cán bộ lĩnh vực"])
def test_a_column_beside_the_fields_name_is_not_the_field(tmp_path: Path, heading: str) -> None:
    cells = ["ĐĐ", "HT", "ĐĐ"]
    batch = read(tmp_path, table_with_fields(*cells, heading=heading))
    assert singles(batch)["field"].isna().all()


def test_spellings_of_a_field_are_the_first_one(tmp_path: Path) -> None:
    written = ["Hòa  giải ", "HÒA GIẢI", "Hoà giải", unicodedata.normalize("NFD", "hòa giải"), "-"]
    fields, batch = read_fields(tmp_path, *written)
    assert fields == ["Hòa giải"] * 4 + [None]
    assert batch.problems == ()


@pytest.mark.parametrize(
    "cell",
    [
        *PERSON,
        "0912 345 678",
        "Đất đai 123456",
        "Ông Trần Văn Ký",
        "a@b.vn",
        "Đất đai " * 16,
        "Đất\x07đai",
    ],
)
@pytest.mark.parametrize("form", ["csv;", "xlsx"])
def test_what_is_no_name_of_a_field_is_neither_kept_nor_quoted(
    tmp_path: Path, cell: str, form: str
) -> None:
    if "\x07" in cell and form == "xlsx":
        cell = "Đất 051 199 912 345"  # a workbook cannot hold such a letter
    fields, batch = read_fields(tmp_path, "Đất đai", "Đất đai", cell, "Hộ tịch", form=form)
    assert fields == ["Đất đai", "Đất đai", None, "Hộ tịch"]
    assert [(problem.severity, problem.value) for problem in batch.problems] == [("warning", None)]
    assert "1 hồ sơ ghi lĩnh vực không giống tên lĩnh vực" in batch.problems[0].message
    assert "(dòng 5)" in batch.problems[0].message
    assert not [secret for secret in [*SECRETS, cell] if secret in everything_said(batch)]


@pytest.mark.parametrize(
    "name", ["Lý lịch tư pháp", "Đường bộ", "Người có công", "Sức khỏe bà mẹ", "Khoản 3 Điều 5"]
)
def test_names_that_only_sound_like_a_person_are_kept(tmp_path: Path, name: str) -> None:
    assert read_fields(tmp_path, name)[0] == [name]


@pytest.mark.parametrize(
    ("cells", "is_taken"),
    [
        ([f"Lĩnh {'abcdefghij'[n % 10]}{'abcdefghij'[n // 10]}" for n in range(50)], True),
        ([f"Lĩnh {'abcdefghij'[n % 10]}{'abcdefghij'[n // 10]}" for n in range(51)], False),
        ([f"Ngành {n % 26}" for n in range(52)], True),
        ([f"Ngành {n % 27}" for n in range(52)], False),
        ([f"Ngành {n % 300}" for n in range(700)], True),
        ([f"Ngành {n % 301}" for n in range(700)], False),
        # blank cells do not make names of persons rarer
        (["", *[f"Ngành {n % 27}" for n in range(52)], *[""] * 500], False),
        (["Trần Văn Ký", "Lê Thị Kín", "Lục Kín Mít"], False),
    ],
)
@pytest.mark.parametrize("chunk", [20_000, 7])
def test_a_column_of_nearly_all_different_values_is_not_taken(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cells: list[str],
    is_taken: bool,
    chunk: int,
) -> None:
    monkeypatch.setattr("dashboard.sources.kinds.dossier_list.columns.CHUNK_ROWS", chunk)
    fields, batch = read_fields(tmp_path, *cells)
    assert len(fields) == len(cells)
    if is_taken:
        assert fields == cells
        assert batch.problems == ()
        return
    assert fields == [None] * len(cells)
    (problem,) = batch.problems
    assert (problem.severity, problem.column, problem.value) == ("warning", "Lĩnh vực", None)
    assert "không nhận cột này" in problem.message
    said = everything_said(batch)
    assert not [cell for cell in cells if cell and cell in said]


def test_a_column_that_is_not_taken_never_reaches_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_aside: list[bytes] = []

    class Watched(io.BytesIO):
        def write(self, content: Any) -> int:
            put_aside.append(bytes(content))
            return super().write(content)

    monkeypatch.setattr(tempfile, "TemporaryFile", Watched)
    cells = [f"Lục Kín {'abcdefghij'[n % 10]}{'abcdefghij'[n // 10]}" for n in range(60)]
    read_fields(tmp_path, *cells)
    assert b"H48.113-261008-0001" in b"".join(put_aside)
    assert "Kín".encode() not in b"".join(put_aside)
