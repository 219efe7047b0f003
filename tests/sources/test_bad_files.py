"""Whatever is dropped on the importer ends in one clear line with a remedy, soon and in little
memory.
"""

from __future__ import annotations

import io
import os
import resource
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import sources
from dashboard.errors import FileRefused
from dashboard.sources.formats import delimited, workbook
from tests.sources.forms import (
    Grid,
    form,
    save_csv,
    save_ods,
    save_xls,
    save_xlsx,
    some_communes,
    true_values,
    written,
)

TODAY = date(2026, 11, 22)
CODES = some_communes("51", 8)
FILES = Path(__file__).parent / "files"


def refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        sources.read_file(path, today=TODAY)
    assert refused.value.file == path.name
    assert refused.value.remedy.startswith("hãy")
    assert "\n" not in str(refused.value)
    assert str(path.parent) not in str(refused.value)
    return refused.value


def read_or_refused(path: Path) -> None:
    """Either is right for a file that is damaged somewhere; anything else fails the test."""
    with suppress(FileRefused):
        sources.read_file(path, today=TODAY)


def repack(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The same archive with changed parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    path.write_bytes(out.getvalue())
    return path


def plain(tmp_path: Path) -> Path:
    return save_xlsx(tmp_path / "a.xlsx", form(CODES))


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, part: part.replace(old, new) if name.startswith("xl/worksheets/") else part


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    assert "rỗng" in refusal(tmp_path / "a.xlsx").message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "không mở được" in refusal(tmp_path / "a.xlsx").message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('{"a": "' + '\\"' * 1_000_000, "hỏng"),
        ("{" + ",".join(f'"k{n}": 1' for n in range(100_000)) + ', "k99999": 2}', "hai lần"),
        (
            "{" + ",".join(f'"k{n}": "chữ"' for n in range(50_000)) + ', "l": [{"a": 1, "b": 2}]}',
            "tiêu đề",
        ),
        ("{" + ",".join(f'"l{n}": [{{"a": 1, "b": 2}}]' for n in range(20_000)) + "}", "danh sách"),
        ('{"l": [' + "1," * 6_000_000 + "1]}", "quá nhiều"),
        ("[" + "{}," * 5_000_000 + "{}]", "quá nhiều"),
        ('[{"a": 1},' + "1.5," * 15_000_000 + "1]", "quá nhiều"),
        ("[" + ",".join(f'{{"k{n}": 1}}' for n in range(10_000)) + "]", "khóa"),
    ],
    ids=["unclosed text", "a key twice", "titles", "lists", "values", "objects", "numbers", "keys"],
)
def test_json_made_to_take_for_ever_is_refused_soon(
    tmp_path: Path, content: str, word: str
) -> None:
    (tmp_path / "a.json").write_text(content)
    began = time.process_time()
    assert word in refusal(tmp_path / "a.json").message
    assert time.process_time() - began < 3


def test_a_folder_is_told_as_such_with_the_command_that_takes_one(tmp_path: Path) -> None:
    (tmp_path / "thang 8").mkdir()
    message = refusal(tmp_path / "thang 8")
    assert "thư mục" in message.message
    assert "watch" in message.remedy


@pytest.mark.parametrize("node_type", ["pipe", "device"])
def test_a_pipe_or_device_is_refused_without_waiting_for_what_it_may_say(
    tmp_path: Path, node_type: str
) -> None:
    path = tmp_path / "a.csv"
    if node_type == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    assert "không phải tệp thường" in refusal(path).message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "ảnh PNG"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "JPEG"),
        (b"Rar!\x1a\x07\x00" + bytes(100), "RAR"),
        (b"{\\rtf1\\ansi Xa, phuong}", "RTF"),
        (b"\x00\x01\x02\x03" * 500, "không phải bảng tính"),
        (b"xa;phuong\n\x00\x00\x07\n", "không phải bảng tính"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "không thấy tiêu đề"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "HTML"),
        (
            b'<?xml version="1.0"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "XML",
        ),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "XML"),
        ("một lá thư không có bảng nào\nkính gửi\n".encode(), "không thấy bảng"),
        (b"PK\x03\x04" + bytes(300), "hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "không phải bảng tính"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(1000),
            "Word",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + bytes(1000),
            "hỏng",
        ),
    ],
)
@pytest.mark.parametrize("extension", [".xlsx", ".xls", ".csv"])
def test_something_else_under_the_name_of_a_table(
    tmp_path: Path, content: bytes, word: str, extension: str
) -> None:
    path = tmp_path / f"bao_cao{extension}"
    path.write_bytes(content)
    assert word in refusal(path).message


@pytest.mark.parametrize(
    ("part", "word"), [("word/document.xml", "Word"), ("ppt/a.xml", "trình"), ("a.txt", "tệp nén")]
)
def test_another_office_document_renamed(tmp_path: Path, part: str, word: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr(part, "<a/>")
    assert word in refusal(tmp_path / "a.xlsx").message


def test_a_workbook_with_a_password() -> None:
    assert "mật khẩu" in refusal(FILES / "password.xlsx").message


def test_wrong_columns_name_what_was_sought_and_what_is_near(tmp_path: Path) -> None:
    grid: Grid = [
        ["TT", "Đơn vị", "Chữ kí số cần có", "Lương", "Họ tên"],
        [1, "Xã Sơn Hà", 5, 7, "Trần Văn Một"],
    ]
    refused = refusal(save_xlsx(tmp_path / "a.xlsx", grid))
    assert "Trần Văn Một" not in str(refused)
    assert "Đường truyền thông suốt" in refused.message
    assert "kê khai" in refused.message


def test_a_heavy_workbook_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(100_000_000)
    start = time.perf_counter()
    assert f"chỉ nhận đến {workbook.MAX_BYTES // 1_000_000} MB" in refusal(path).message
    assert time.perf_counter() - start < 5


def test_a_hundred_megabytes_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    refusal(path)


def test_a_text_file_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.write(b"xa;")
        stream.truncate(delimited.MAX_BYTES + 1)
    assert "nặng" in refusal(path).message


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = plain(tmp_path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/bomb.xml", "w") as part,
    ):
        for _ in range(workbook.MAX_UNPACKED // (1 << 22) + 1):
            part.write(bytes(1 << 22))
    assert path.stat().st_size < 10_000_000
    start = time.perf_counter()
    assert "quá lớn" in refusal(path).message
    assert time.perf_counter() - start < 5, "its own directory says so: nothing is unpacked"


def test_a_zip_bomb_whose_directory_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w") as part,
    ):
        for _ in range(20):
            part.write(bytes(1 << 20))
    content = path.read_bytes()
    true_size = (20 << 20).to_bytes(4, "little")
    assert true_size in content
    path.write_bytes(content.replace(true_size, (1000).to_bytes(4, "little")))
    assert "hỏng" in refusal(path).message


def test_ten_thousand_parts(tmp_path: Path) -> None:
    with zipfile.ZipFile(plain(tmp_path), "a") as archive:
        for number in range(workbook.MAX_PARTS + 1):
            archive.writestr(f"xl/{number}", b"")
    assert "quá lớn" in refusal(tmp_path / "a.xlsx").message


def test_an_archive_of_an_unknown_zip_version(tmp_path: Path) -> None:
    path = plain(tmp_path)
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\x01\x02") + 6] = 255
    path.write_bytes(content)
    assert "hỏng" in refusal(path).message


def test_one_value_in_the_last_corner_of_a_sheet(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = repack(plain(tmp_path), in_sheet(b"</sheetData>", far))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "quá lớn" in refusal(path).message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_sheet_that_only_claims_to_be_huge_is_read(tmp_path: Path) -> None:
    import re

    def claim(name: str, part: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part)

    assert len(written(sources.read_file(repack(plain(tmp_path), claim), today=TODAY))) == len(
        CODES
    )


def test_a_value_far_below_the_table_is_not_in_the_way(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", [*form(CODES), *[[]] * 50_000, [None, None, "."]])
    assert written(sources.read_file(path, today=TODAY)) == {
        code: true_values(code) for code in CODES
    }


def test_a_billion_laughs(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>'.encode()

    def joke(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return part
        return part.replace(b"<worksheet", doctype + b"<worksheet", 1).replace(
            b"<v>", b"<v>&a11;", 1
        )

    start = time.perf_counter()
    read_or_refused(repack(plain(tmp_path), joke))
    assert time.perf_counter() - start < 10


def test_xml_nested_a_hundred_thousand_deep(tmp_path: Path) -> None:
    deep = b"<a>" * 100_000
    read_or_refused(repack(plain(tmp_path), in_sheet(b"<sheetData>", deep + b"<sheetData>")))


def test_a_sheet_of_repeated_cells_without_end(tmp_path: Path) -> None:
    path = save_ods(tmp_path / "a.ods", form(CODES))
    cell = b'<table:table-row table:number-rows-repeated="1048576">'
    cell += b'<table:table-cell office:value-type="float" '
    cell += (
        b'office:value="1" table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    refusal(repack(path, lambda name, part: part.replace(b"</table:table>", cell)))


def test_one_endless_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"xa;phuong" * 1_000_000)
    refusal(path)


def test_a_quote_that_never_closes(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "a.csv", form(CODES))
    path.write_bytes(path.read_bytes() + b'"x' + b"y;z\n" * 200_000)
    assert "nháy kép" in refusal(path).message


def test_a_quote_that_would_swallow_the_rows_below_it_is_told(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "a.csv", form(CODES))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[7] = '"' + lines[7]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "dòng 8" in refusal(path).message


def test_half_a_character_at_the_end_is_no_text(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "a.csv", form(CODES), encoding="utf-16")
    path.write_bytes(path.read_bytes()[:-1])
    refusal(path)


def test_a_table_of_a_million_rows_is_no_table_of_communes(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "a.csv", form(CODES))
    path.write_bytes(path.read_bytes() + b"1;21025;X;x;1;1;1\n" * 30_000)
    assert "20.000 dòng" in refusal(path).message


def test_macros_are_not_in_the_way_and_never_run(tmp_path: Path) -> None:
    path = plain(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 100)
    path = path.rename(tmp_path / "a.xlsm")
    assert len(written(sources.read_file(path, today=TODAY))) == len(CODES)


@pytest.mark.parametrize("extension", [".csv", ".xlsx", ".txt", ".dat"])
def test_a_wrong_extension_does_not_matter(tmp_path: Path, extension: str) -> None:
    path = plain(tmp_path).rename(tmp_path / f"b{extension}")
    assert len(written(sources.read_file(path, today=TODAY))) == len(CODES)


_WHOLE: dict[str, bytes] = {}
SEEDS = {".xlsx": save_xlsx, ".xls": save_xls, ".ods": save_ods, ".csv": save_csv}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(draws=st.data(), extension=st.sampled_from(sorted(SEEDS)))
def test_a_damaged_file_never_crashes_the_reader(
    tmp_path: Path, draws: st.DataObject, extension: str
) -> None:
    path = tmp_path / f"damaged{extension}"
    if (
        extension not in _WHOLE
    ):  # a workbook holds the moment of its making: made anew it is a few bytes longer or shorter
        SEEDS[extension](path, form(CODES[:3]))  # type: ignore[operator]
        _WHOLE[extension] = path.read_bytes()
    content = bytearray(_WHOLE[extension])
    for _ in range(draws.draw(st.integers(1, 20))):
        content[draws.draw(st.integers(0, len(content) - 1))] = draws.draw(st.integers(0, 255))
    path.write_bytes(content[: draws.draw(st.integers(1, len(content)))])
    read_or_refused(path)
