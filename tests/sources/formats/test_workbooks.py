"""Workbooks that Excel opens without a word are opened here too."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest

from dashboard import sources
from dashboard.errors import FileRefused
from dashboard.sources.formats import workbook
from tests.sources.forms import form, save_xlsx, some_communes, written

CODES = some_communes("51", 8)
TODAY = date(2026, 11, 22)


def encrypt(path: Path, password: str) -> Path:
    content = path.read_bytes()
    with path.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt(password, target)
    return path


def test_a_read_only_workbook_is_read(tmp_path: Path) -> None:
    plain = save_xlsx(tmp_path / "a.xlsx", form(CODES))
    expected = written(sources.read_file(plain, today=TODAY))
    read_only = encrypt(plain, "VelvetSweatshop")
    assert written(sources.read_file(read_only, today=TODAY)) == expected


def test_a_workbook_with_a_password_of_its_own_is_refused_for_that(tmp_path: Path) -> None:
    path = encrypt(save_xlsx(tmp_path / "a.xlsx", form(CODES)), "bí mật")
    with pytest.raises(FileRefused, match="mật khẩu"):
        sources.read_file(path, today=TODAY)


def test_parts_named_with_backslashes_are_found(tmp_path: Path) -> None:
    plain = save_xlsx(tmp_path / "a.xlsx", form(CODES))
    expected = written(sources.read_file(plain, today=TODAY))
    with zipfile.ZipFile(plain) as source:
        parts = [(name.replace("/", "\\"), source.read(name)) for name in source.namelist()]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for name, part in parts:
            entry = zipfile.ZipInfo("part")
            entry.filename = name
            target.writestr(entry, part)
    odd = tmp_path / "b.xlsx"
    odd.write_bytes(content.getvalue())
    assert b"xl\\workbook.xml" in content.getvalue()
    assert written(sources.read_file(odd, today=TODAY)) == expected


def test_a_parser_that_was_taken_over_makes_this_process_call_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = tmp_path / "called"
    child = tmp_path / "child.py"
    child.write_text(
        "import pickle, sys\n"
        "class Call:\n"
        "    def __reduce__(self):\n"
        f"        return open, ({str(called)!r}, 'w')\n"
        "sys.stdout.buffer.write(pickle.dumps(Call()))\n"
    )
    monkeypatch.setattr(workbook, "_CHILD", child)
    with pytest.raises(FileRefused):
        workbook.Workbook(tmp_path / "a.xlsx")
    assert not called.exists()
