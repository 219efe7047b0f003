"""A person who wonders why a column was not taken is told; nobody's data are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.sources.forms import save_csv, save_xlsx


def test_explain_says_sheet_rows_fields_day_and_province(run: Any, shared: Path) -> None:
    status, out, _ = run("explain", str(shared / "samples" / "ke_khai_quang_ngai_2026-11-13.xlsx"))
    assert status == 0
    assert "readiness" in out
    assert 'Trang: "Kê khai"' in out
    assert "Tiêu đề: dòng 4–5" in out
    assert "Tỉnh: 51 Quảng Ngãi" in out
    assert "16:00 13/11/2026 (theo tiêu đề)" in out
    line = next(line for line in out.splitlines() if "signature_issued" in line)
    assert line.split()[0] == "G"
    assert "đúng tên" in line
    assert '"STT": là số thứ tự' in out
    assert run("batches")[1] == "Chưa có đợt nạp nào\n"


def test_explain_says_what_was_ignored_and_never_prints_a_cell_of_it(
    run: Any, tmp_path: Path
) -> None:
    grid: list[list[Any]] = [
        ["Số liệu tính đến ngày 13/11/2026"],
        [
            "Xã",
            "Máy scan > Có",
            "Máy scan > Cần",
            "Tỷ lệ %",
            "Cán bộ phụ trách",
            "Số máy quét hiện có",
        ],
        ["Xã Sơn Hà", 2, 3, "67%", "Nguyễn Thị Bí Mật 0912345678", 2],
    ]
    status, out, _ = run("explain", str(save_xlsx(tmp_path / "a.xlsx", grid)), "--province", "51")
    assert status == 0
    assert "theo --province" in out
    assert '"Tỷ lệ %": là tỷ lệ' in out
    assert '"Cán bộ phụ trách": không phải cột nào' in out
    assert '"Số máy quét hiện có": cùng nghĩa với cột đã nhận cho scanner_available' in out
    assert "Bí Mật" not in out
    assert "0912345678" not in out


def test_explain_names_the_layout_that_helped(run: Any, tmp_path: Path) -> None:
    layout = tmp_path / "forms.toml"
    layout.write_text(
        '[[layout]]\nname = "Biểu 9"\nkind = "readiness"\n[layout.headings]\n"K1" = '
        '"kiosk_needed"\n"K2" = "ignore"\n',
        encoding="utf-8",
    )
    grid: list[list[Any]] = [["Xã", "K1", "Kiosk > Có", "K2"], ["Xã Sơn Hà", 2, 3, 4]]
    file = str(save_csv(tmp_path / "51_2026-11-13.csv", grid))
    options = ("--province", "51", "--as-of", "2026-11-13", "--layout", str(layout))
    out = run("explain", file, *options)[1]
    assert 'Mẫu biểu đã dạy: "Biểu 9"' in out
    assert "theo mẫu biểu đã dạy" in out
    assert '"K2": mẫu biểu dặn bỏ qua' in out
    assert "theo --as-of" in out
    assert "2 số đo" in run("import", file, *options)[1]


def test_explain_of_a_file_that_will_be_refused_says_why_and_how_it_was_understood(
    run: Any, tmp_path: Path
) -> None:
    grid: list[list[Any]] = [["Xã", "Máy scan > Có", "Máy scan > Cần"], ["Xã Sơn Hà", 2, 3]]
    status, out, _ = run("explain", str(save_xlsx(tmp_path / "a.xlsx", grid)))
    assert status == 2
    assert "scanner_available" in out
    assert "Không nhận tệp này: tiêu đề biểu không ghi số liệu tính đến ngày nào" in out


def test_a_mistake_in_a_layout_file_stops_before_any_file_is_read(run: Any, tmp_path: Path) -> None:
    layout = tmp_path / "forms.toml"
    layout.write_text('[[layout]]\nname = "x"\nkind = "nothing"\n', encoding="utf-8")
    status, out, err = run("import", "nowhere.xlsx", "--layout", str(layout))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("forms.toml, mẫu biểu thứ 1")


def test_a_template_is_written_once_and_imports_as_it_is(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    arguments = ("template", "readiness", "--province", "51", "--output", str(path))
    assert run(*arguments)[:2] == (0, f"{path}\n")
    status, _, err = run(*arguments)
    assert (status, err.count("\n")) == (2, 1)
    status, out, _ = run("import", str(path))
    assert status == 0
    assert "96 dòng, không có số liệu, 0 vấn đề" in out


def test_a_layout_may_lie_beside_the_file(run: Any, tmp_path: Path) -> None:
    (tmp_path / "forms.toml").write_text(
        '[[layout]]\nname = "Biểu 9"\nkind = "readiness"\n[layout.headings]\n"K1" = '
        '"kiosk_needed"\n',
        encoding="utf-8",
    )
    grid: list[list[Any]] = [["Xã", "K1", "Kiosk > Có"], ["Xã Sơn Hà", 2, 3]]
    file = str(save_csv(tmp_path / "51_2026-11-13.csv", grid))
    status, out, _ = run("explain", file, "--layout", "forms.toml", "--province", "51")
    assert status == 0
    assert 'Mẫu biểu đã dạy: "Biểu 9"' in out


def test_explain_tells_of_a_layout_that_does_not_apply(run: Any, tmp_path: Path) -> None:
    layout = tmp_path / "forms.toml"
    layout.write_text(
        '[[layout]]\nname = "Biểu 9"\nkind = "readiness"\nsheet = "B9"\n[layout.headings]\n'
        '"Kiosk > Hiện dùng" = "kiosk_available"\n',
        encoding="utf-8",
    )
    grid: list[list[Any]] = [["Xã", "Kiosk > Cần", "Kiosk > Có"], ["Xã Sơn Hà", 2, 3]]
    file = str(save_csv(tmp_path / "51_2026-11-13.csv", grid))
    out = run("explain", file, "--layout", str(layout), "--province", "51")[1]
    assert 'Mẫu biểu "Biểu 9" không áp dụng được: tệp không có trang "B9"' in out


def test_explain_says_why_what_the_sums_say_and_what_else_could_be_meant(
    run: Any, tmp_path: Path
) -> None:
    heads = ["Tiếp nhận", "Đã giải quyết", "Trước hạn", "Đúng hạn", "Quá hạn"]
    grid: list[list[Any]] = [
        ["BÁO CÁO tháng 10/2026 tỉnh Quảng Ngãi"],
        ["Đơn vị", "Luỹ kế từ đầu năm", *[None] * 4, "Trong tháng"],
        [None, *heads, *heads],
        *[
            [name, 900, 800, 300, 400, 100, 100, 90, 30, 50, late]
            for name, late in (("Xã Sơn Hà", 10), ("Xã Sơn Hạ", 10), ("Xã Ba Tơ", 10))
        ],
    ]
    path = save_xlsx(tmp_path / "a.xlsx", grid, [(1, 0, 2, 0), (1, 1, 1, 5), (1, 6, 1, 10)])
    status, out, _ = run("explain", str(path))
    assert status == 0
    line = next(line for line in out.splitlines() if " resolved " in line)
    assert line.split()[0] == "H"
    assert 'đúng tên "Đã giải quyết", kỳ: kỳ báo cáo' in line
    assert "H = I + J + K: đúng ở 3/3 dòng" in line
    assert 'C "Luỹ kế từ đầu năm > Đã giải quyết" (là số' in line
    assert "Phép cộng của biểu:" in out


def test_explain_says_the_unit_of_a_speed_and_all_tables(run: Any, tmp_path: Path) -> None:
    grid: list[list[Any]] = [
        ["Số liệu tính đến ngày 13/11/2026"],
        ["Xã", "Tốc độ (Kbps)", "Máy scan > Có", "Máy scan > Cần"],
        ["Xã Sơn Hà", 9800, 2, 3],
        ["Xã Ba Tơ", 9800, 2, 3],
    ]
    out = run("explain", str(save_xlsx(tmp_path / "a.xlsx", grid)), "--province", "51")[1]
    assert "đơn vị: × 0,001 ra Mbps" in out
    page = "".join(
        f"<p>Tính đến ngày {day}/11/2026</p><table>"
        + "".join("<tr>" + "".join(f"<td>{c}" for c in row) for row in grid[1:])
        + "</table>"
        for day in (13, 14)
    )
    path = tmp_path / "b.xls"
    path.write_text(f"<html><body>{page}", encoding="utf-8")
    out = run("explain", str(path), "--province", "51")[1]
    assert 'Trang: "Bảng 1"' in out
    assert 'Trang: "Bảng 2"' in out
    assert "13/11/2026" in out
    assert "14/11/2026" in out


def test_explain_says_that_a_form_was_turned_round(run: Any, tmp_path: Path) -> None:
    grid: list[list[Any]] = [
        ["Số liệu tính đến ngày 13/11/2026"],
        ["Tiêu chí", "Xã Sơn Hà", "Xã Ba Tơ"],
        ["Máy scan hiện có", 2, 3],
        ["Máy scan cần", 3, 3],
    ]
    out = run("explain", str(save_xlsx(tmp_path / "a.xlsx", grid)), "--province", "51")[1]
    assert "biểu ghi mỗi xã một cột" in out
    assert "scanner_available" in out
