"""Text files as old programs and web pages leave them: decoded where the result proves itself, and
no value ever read from a neighbour's column.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from dashboard.sources.formats.delimited import detect_encoding
from dashboard.sources.formats.legacy_encodings import (
    choose_legacy_encoding,
    decode_tcvn3,
    decode_vni,
    has_lost_letters,
)
from dashboard.sources.recognise.explain import explain_file
from tests.sources.forms import form, save_xlsx, some_communes, written

TODAY = date(2026, 11, 28)
HEAD = "Mã hồ sơ,Đơn vị tiếp nhận,Ngày tiếp nhận,Ngày hẹn trả,Trạng thái,Chủ hồ sơ"
ROW = "H48.101-261103-000{},Xã Bình Sơn,03/11/2026 08:15,06/11/2026 17:00,Đang xử lý,{}"
LIST = "\n".join([HEAD, *(ROW.format(number, "A") for number in range(1, 6))]) + "\n"


def read(path: Path, content: bytes) -> Batch:
    path.write_bytes(content)
    return sources.read_file(path, province="51", today=TODAY)


def write_tcvn3(text: str) -> bytes:
    letters = {decode_tcvn3(chr(byte)): byte for byte in range(0xA1, 0x100)}
    return bytes(letters.get(letter, ord(letter) & 0xFF) for letter in text)


@pytest.mark.parametrize(
    "content",
    [
        write_tcvn3(LIST),
        write_tcvn3(LIST).decode("latin-1").encode(),
        LIST.encode().decode("latin-1").encode(),
        LIST.encode() + b"\x1a",
        LIST.encode() + b"\0" * 300,
        LIST.replace("Xã", "X&#227;").replace("Bình Sơn", "B&igrave;nh&nbsp;S&#417;n").encode(),
        "".join(mark if mark.isascii() else f"&#{ord(mark)};" for mark in LIST)
        .replace(",", ";")
        .encode(),
        LIST.replace(",", ";").replace("ã", "&atilde;").replace("ì", "&igrave;").encode(),
    ],
)
def test_a_list_reads_the_same_in_any_encoding(tmp_path: Path, content: bytes) -> None:
    batch = read(tmp_path / "a.csv", content)
    (frame,) = list(batch.singles)
    assert list(frame["accepting_unit"]) == ["21040"] * 5
    assert list(frame["state"]) == [4] * 5


def test_a_vni_text_is_decoded() -> None:
    written = "Maõ hoà sô,Ñôn vò tieáp nhaän,Ngaøy tieáp nhaän,Traïng thaùi"
    expected = "Mã hồ sơ,Đơn vị tiếp nhận,Ngày tiếp nhận,Trạng thái"
    assert decode_vni(written) == expected
    for content in (written.encode(), written.encode("cp1252")):
        encoding = choose_legacy_encoding(content)
        assert encoding is not None
        assert content.decode(encoding) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_modern_text_is_never_taken_for_an_old_one(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(LIST.encode(encoding))
    assert detect_encoding(path) in {encoding, "utf-8"}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (LIST.encode().replace(b"0003,X", b"0003,\xe3X"), 4),
        (LIST.encode().replace(b"0002,", b"0002\0,"), 3),
        (LIST.encode("utf-8-sig").replace(b"0002,", b"0002\0,"), 3),
        (LIST.encode().replace(b"0004,", b"0004\x1a,"), 5),
    ],
)
def test_a_stray_byte_is_told_with_its_line(tmp_path: Path, content: bytes, line: int) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / "a.csv", content)
    assert f"dòng {line}" in refused.value.message


def test_letters_that_became_question_marks_are_named(tmp_path: Path) -> None:
    lost = LIST.encode("cp1252", errors="replace")
    with pytest.raises(FileRefused, match="thành dấu \\?"):
        read(tmp_path / "a.csv", lost)
    addresses = "".join(f"https://a.vn/{n}?id{n}=1,x\n" for n in range(30))
    assert not has_lost_letters(addresses)


@pytest.mark.parametrize("name", ["TCVN3", "VNI", "hai lần"])
def test_a_workbook_in_an_old_font_is_decoded(tmp_path: Path, name: str) -> None:
    """Each cell, but for those that are Unicode already."""
    encode = {"TCVN3": encode_tcvn3, "VNI": encode_vni, "hai lần": encode_twice}[name]
    grid = form(some_communes("51", 6))
    expected = written(sources.read_file(save_xlsx(tmp_path / "a.xlsx", grid), today=TODAY))
    old = [[encode(cell) if isinstance(cell, str) else cell for cell in row] for row in grid]
    old[-1][2] = grid[-1][2]
    path = save_xlsx(tmp_path / "b.xlsx", old)
    assert written(sources.read_file(path, today=TODAY)) == expected
    facts = explain_file(path, today=TODAY).facts
    assert any(name in fact for fact in facts)


def encode_tcvn3(text: str) -> str:
    letters = {decode_tcvn3(chr(byte)): chr(byte) for byte in range(0xA1, 0x100)}
    return "".join(letters.get(letter, letter) for letter in text)


def encode_vni(text: str) -> str:
    """A vowel and its marks as VNI writes them: looked for among all pairs."""
    marks = "ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË"
    pairs = [a + b for a in "aeiouyôöAEIOUYÔÖ" for b in marks] + list("íìæóòîñôöÍÌÆÓÒÎÑÔÖ")
    letters = {decode_vni(pair): pair for pair in reversed(pairs)}
    return "".join(letters.get(letter, letter) for letter in text)


def encode_twice(text: str) -> str:
    return text.encode().decode("latin-1")


def test_an_unescaped_quote_is_told_with_its_line(tmp_path: Path) -> None:
    quoted = "\n".join(
        ";".join(f'"{cell}"' for cell in line.split(",")) for line in LIST.splitlines()
    )
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / "a.csv", quoted.replace('0003";"', '0003";"UBND "xã" ').encode())
    assert refused.value.message.startswith("dòng 4:")


@pytest.mark.parametrize("quote", [True, False])
def test_a_row_with_another_number_of_cells_is_told_and_left_out(
    tmp_path: Path, quote: bool
) -> None:
    lines = LIST.splitlines()
    lines[2] = ROW.format(2, "Nhà số 2, đường 3")
    lines[4] = ROW.format(4, "A").rsplit(",", 2)[0]
    if quote:
        lines[5] = lines[5].replace("Xã Bình Sơn", '"Xã Bình Sơn"')
    batch = read(tmp_path / "a.csv", "\n".join(lines).encode())
    (frame,) = list(batch.singles)
    assert [code[-1] for code in frame["code"]] == ["1", "3", "5"]
    (problem,) = [problem for problem in batch.problems if problem.severity == "refused"]
    assert (problem.row, "dòng 3, 5" in problem.message) == (3, True)


def test_decimal_commas_without_quotes_never_shift_a_value(tmp_path: Path) -> None:
    lines = [
        "Số liệu tính đến ngày 10/11/2026,,,,",
        "Mã ĐVHC,Xã phường,Tốc độ (Mbps),Chữ ký số cần,Chữ ký số đã cấp",
        "21025,Phường Cẩm Thành,86,28,27",
        "21040,Xã Bình Sơn,38,2,30,21",
        "21220,Xã Sơn Tịnh,55,25,19",
    ]
    batch = read(tmp_path / "a.csv", "\n".join(lines).encode())
    assert set(batch.readings["commune_code"]) == {"21025", "21220"}
    assert any("dòng 4" in problem.message for problem in batch.problems)
    lines[4] = "21220,Xã Sơn Tịnh,55,5,25,19"
    with pytest.raises(FileRefused):
        read(tmp_path / "b.csv", "\n".join(lines).encode())


def test_one_json_object_a_line_is_read(tmp_path: Path) -> None:
    row = '{"commune_code": "21025", "measure": "signature_issued", "value": 24'
    row += ', "as_of": "2026-11-10"}'
    other = row.replace("21025", "21040")
    batch = read(tmp_path / "a.json", f"{row}\n{other}\n".encode())
    assert set(batch.readings["commune_code"]) == {"21025", "21040"}
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / "b.json", f"{row}\n{other[:-9]}\n".encode())
    assert "dòng 2" in refused.value.message


@pytest.mark.parametrize(
    "written",
    [
        "h48.101\u2013261103\u20110001",
        "'H48.101-261103-0001",
        "H48.101 -\u00a0261103 - 0001",
        "H48.101\u2212261103\uff0d0001\u200b",
    ],
)
def test_a_code_has_one_spelling(tmp_path: Path, written: str) -> None:
    content = LIST.replace("H48.101-261103-0001", written)
    (frame,) = list(read(tmp_path / "a.csv", content.encode()).singles)
    assert frame["code"].iloc[0] == "H48.101-261103-0001"
