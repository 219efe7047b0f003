"""Files that have a known form's columns and count something else: never its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.sources.recognise.periods import find_as_of_in_title, find_period_in_title
from tests.sources.truth import (
    CODES,
    DAY,
    LIST_HEAD,
    MONTH,
    NAMES,
    OCTOBER,
    Rows,
    assert_read,
    assert_told,
    import_file,
    list_declared_columns,
    list_report_columns,
    make_dossiers,
    make_head,
    make_rows,
    make_table,
    save_book,
    tell_declared,
    tell_dossiers,
    tell_report,
)

COLUMNS = list_report_columns()


def make_report(title: str) -> Rows:
    return [[title], *make_table(COLUMNS, MONTH)]


@pytest.mark.parametrize(
    "title",
    [
        "TIẾP CÔNG DÂN, GIẢI QUYẾT ĐƠN THƯ KHIẾU NẠI, TỐ CÁO",
        "TÌNH HÌNH XỬ LÝ VĂN BẢN ĐẾN",
        "TÌNH HÌNH THỰC HIỆN NHIỆM VỤ GIAO",
        "KẾT QUẢ XỬ LÝ PHẢN ÁNH, KIẾN NGHỊ",
        "TỔNG HỢP YÊU CẦU HỖ TRỢ KỸ THUẬT",
    ],
)
def test_letters_complaints_and_tasks_are_no_dossiers(tmp_path: Path, title: str) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_report(title)))
    assert "không nói về hồ sơ" in outcome.refusal


@pytest.mark.parametrize(
    "title",
    [
        "TÌNH HÌNH GIẢI QUYẾT HỒ SƠ LĨNH VỰC ĐẤT ĐAI",
        "KẾT QUẢ TIẾP NHẬN HỒ SƠ PHI ĐỊA GIỚI HÀNH CHÍNH",
    ],
)
def test_a_report_of_one_field_or_way_is_not_the_communes(tmp_path: Path, title: str) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_report(title)))
    assert "một phần hồ sơ" in outcome.refusal


@pytest.mark.parametrize(
    "title",
    [
        "BÁO CÁO GIẢI QUYẾT HỒ SƠ THEO LĨNH VỰC VÀ ĐƠN VỊ",
        "Căn cứ Quyết định số 12/QĐ-UBND về danh mục TTHC lĩnh vực hộ tịch",
        "TIẾP CÔNG DÂN VÀ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
    ],
)
def test_titles_that_only_mention_other_things_refuse_nothing(tmp_path: Path, title: str) -> None:
    assert_read(import_file(save_book(tmp_path / "a.xlsx", make_report(title))), tell_report())


@pytest.mark.parametrize(
    "title",
    [
        "DANH SÁCH HỒ SƠ TRỄ HẠN",
        "Danh sách chi tiết các hồ sơ đã giải quyết đúng hạn",
        "DANH SÁCH HỒ SƠ TỒN ĐỌNG",
        "DANH SÁCH HỒ SƠ LĨNH VỰC HỘ TỊCH",
    ],
)
def test_a_list_of_some_dossiers_tells_no_rate(tmp_path: Path, title: str) -> None:
    rows = [[title], LIST_HEAD, *make_dossiers(range(6))]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert "một phần hồ sơ" in outcome.refusal


def test_a_list_whose_name_says_late_is_one_of_some_dossiers(tmp_path: Path) -> None:
    path = save_book(tmp_path / "ho_so_qua_han.xlsx", [LIST_HEAD, *make_dossiers(range(6))])
    assert "tên tệp" in import_file(path).refusal


def test_a_list_of_all_states_is_read(tmp_path: Path) -> None:
    title = "DANH SÁCH HỒ SƠ TIẾP NHẬN, ĐÃ GIẢI QUYẾT, ĐANG GIẢI QUYẾT"
    rows = [[title], LIST_HEAD, *make_dossiers(range(6))]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_read(outcome, tell_dossiers(range(6)))


@pytest.mark.parametrize(
    ("titles", "period"),
    [
        (["So sánh với cùng kỳ tháng 10/2025", "BÁO CÁO THÁNG 10/2026"], OCTOBER),
        (["BÁO CÁO THÁNG 10/2026 (so với tháng 9/2026)"], OCTOBER),
        (["Từ 00h00 ngày 01/10/2026 đến 24h00 ngày 31/10/2026"], OCTOBER),
        (["Từ ngày 01/10/26 đến ngày 31/10/26"], OCTOBER),
        (["Từ ngày: 01/10/2026 - Đến ngày: 31/10/2026"], OCTOBER),
        (["Từ ngày 1/10, đến ngày 31/10/2026"], OCTOBER),
        (["Tháng mười năm 2026"], OCTOBER),
        (["THÁNG X/2026"], OCTOBER),
        (["Tháng năm năm 2026"], ("2026-05-01", "2026-05-31")),
        (["Các tháng năm 2026"], None),
    ],
)
def test_the_period_of_a_title(titles: list[str], period: tuple[str, str] | None) -> None:
    bounds = find_period_in_title(titles)
    assert (bounds and tuple(map(str, bounds))) == period


@pytest.mark.parametrize(
    ("titles", "day"),
    [
        (["Gửi về Sở KH&CN trước ngày 15/11/2026", "Số liệu đến ngày 10/11/2026"], "2026-11-10"),
        (["(Gửi về Sở KH&CN trước ngày 15/11/2026)"], None),
        (["Chậm nhất ngày 15/11/2026"], None),
        (["(Tính đến ngày 10/11/26)"], "2026-11-10"),
        (["Ngày kiểm tra: 10/11/2026"], "2026-11-10"),
        (["So với ngày 03/11/2026"], None),
    ],
)
def test_the_day_of_a_title_is_no_deadline(titles: list[str], day: str | None) -> None:
    moment = find_as_of_in_title(titles)
    assert (moment and str(moment.date())) == day


def test_a_line_of_the_year_below_each_commune_is_told_and_not_its_own(tmp_path: Path) -> None:
    rows = make_head(COLUMNS)
    for row in make_rows(COLUMNS):
        rows += [row, ["Lũy kế từ đầu năm", *(9 * cell for cell in row[1:])]]
    outcome = import_file(save_book(tmp_path / "a.xlsx", [[MONTH], *rows]))
    assert_told(outcome, tell_report(), "ghi kỳ ở cột tên đơn vị")
    assert outcome.read == tell_report()


def test_received_and_resolved_alone_need_the_word_dossiers(tmp_path: Path) -> None:
    rows: Rows = [[MONTH], ["Đơn vị", "Tiếp nhận", "Đã giải quyết"]]
    rows += [[name, 40 + number, 30 + number] for number, name in enumerate(NAMES)]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert "không rõ số tiếp nhận" in outcome.refusal
    outcome = import_file(save_book(tmp_path / "b.xlsx", [["TÌNH HÌNH HỒ SƠ"], *rows]))
    assert outcome.read["received", CODES[0], *OCTOBER] == 40
    assert outcome.read["resolved", CODES[0], *OCTOBER] == 30


def test_received_is_what_came_and_what_was_carried_over(tmp_path: Path) -> None:
    rows: Rows = [
        ["TIẾN ĐỘ XỬ LÝ HỒ SƠ"],
        [MONTH],
        ["Cơ quan", "Tồn kỳ trước", "Nhận trong kỳ", "Chưa xử lý", "", "Đã xử lý", ""],
        ["", "", "", "Đúng hạn", "Quá hạn", "Đúng hạn", "Quá hạn"],
        *([name, 5, 40, 10, 2, 30, 3] for name in NAMES),
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read["received", CODES[0], *OCTOBER] == 45
    without_carried = [[*row[:1], *row[2:]] for row in rows]
    assert "Từ kỳ trước" in import_file(save_book(tmp_path / "b.xlsx", without_carried)).refusal


def test_received_that_contradicts_the_rest_stays_unknown(tmp_path: Path) -> None:
    rows: Rows = [
        ["TIẾN ĐỘ XỬ LÝ HỒ SƠ"],
        [MONTH],
        ["Cơ quan", "Tồn kỳ trước", "Nhận trong kỳ", "Chưa xử lý", "Đã xử lý", "Trước hạn"],
        *([name, 5, 40, 10, 30, 20] for name in NAMES),
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read["resolved", CODES[0], *OCTOBER] == 30
    assert ("received", CODES[0], *OCTOBER) not in outcome.read


@pytest.mark.parametrize(
    "title",
    [
        "KẾT QUẢ GIẢI QUYẾT HỒ SƠ ĐẤT ĐAI",
        "TÌNH HÌNH GIẢI QUYẾT HỒ SƠ ĐĂNG KÝ KHAI SINH",
        "KẾT QUẢ TIẾP NHẬN HỒ SƠ QUA DỊCH VỤ BƯU CHÍNH CÔNG ÍCH",
    ],
)
def test_a_title_that_names_one_field_or_way_needs_no_word_for_it(
    tmp_path: Path, title: str
) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_report(title)))
    assert "một phần hồ sơ" in outcome.refusal


def test_what_came_online_alone_is_a_part_where_no_column_tells_the_ways(tmp_path: Path) -> None:
    title = "KẾT QUẢ GIẢI QUYẾT HỒ SƠ DỊCH VỤ CÔNG TRỰC TUYẾN TOÀN TRÌNH"
    columns = [column for column in COLUMNS if "Trực t" not in " ".join(column[0])]
    columns = [column for column in columns if "khác" not in " ".join(column[0]).lower()]
    outcome = import_file(save_book(tmp_path / "a.xlsx", [[title], *make_table(columns, MONTH)]))
    assert "một phần hồ sơ" in outcome.refusal


@pytest.mark.parametrize(
    "title", ["ƯỚC THỰC HIỆN THÁNG 10 NĂM 2026", "KẾT QUẢ GIẢI QUYẾT TTHC (SỐ LIỆU DỰ KIẾN)"]
)
def test_what_is_only_expected_was_not_counted(tmp_path: Path, title: str) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_report(title)))
    assert "ước tính" in outcome.refusal


@pytest.mark.parametrize("title", ["Tính đến hết quý III/2026", "Số liệu đến hết tháng 10/2026"])
def test_until_a_month_says_no_period(title: str) -> None:
    assert find_period_in_title([title]) is None


@pytest.mark.parametrize(
    "title", ["Kỳ: 01/10/2026 - 31/10/2026", "Kỳ báo cáo: 01/10/2026 – 31/10/2026"]
)
def test_a_span_of_days_behind_a_colon_is_a_period(title: str) -> None:
    bounds = find_period_in_title([title])
    assert (bounds and tuple(map(str, bounds))) == OCTOBER


def test_averages_below_a_table_are_no_sums_of_it(tmp_path: Path) -> None:
    rows = make_report(MONTH)
    rows.append(["Bình quân/xã", *[1 for _ in COLUMNS]])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_read(outcome, tell_report())
    assert "tổng được in" not in outcome.words


def test_a_total_with_a_remark_is_a_total(tmp_path: Path) -> None:
    rows = make_report(MONTH)
    sums = [
        sum(int(row[column]) for row in make_rows(COLUMNS)) for column in range(1, len(rows[-1]))
    ]
    rows.append(["TOÀN TỈNH (96 xã, phường, đặc khu)", *sums])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_read(outcome, tell_report())
    assert not outcome.refused


def test_percentages_without_their_sign_are_no_counts(tmp_path: Path) -> None:
    head = ["Đơn vị", "Số hồ sơ tiếp nhận", "Số hồ sơ đã giải quyết", "Đã giải quyết đúng hạn"]
    rates = [100, 97, 98, 99, 95, 96, 100, 97]
    rows = [[name, 1000 + number, 900 + number, rates[number]] for number, name in enumerate(NAMES)]
    outcome = import_file(save_book(tmp_path / "a.xlsx", [[MONTH], head, *rows]))
    assert "tỷ lệ phần trăm" in outcome.refusal


def test_few_dossiers_in_time_of_few_are_counts(tmp_path: Path) -> None:
    head = ["Đơn vị", "Số hồ sơ tiếp nhận", "Số hồ sơ đã giải quyết", "Đã giải quyết đúng hạn"]
    rows = [[name, 110 + number, 100 + number, 60 + number] for number, name in enumerate(NAMES)]
    outcome = import_file(save_book(tmp_path / "a.xlsx", [[MONTH], head, *rows]))
    counts = [value for (name, *_), value in outcome.read.items() if name == "resolved_on_time"]
    assert counts == [60 + number for number in range(len(NAMES))]


def test_last_month_beside_the_month_of_the_report_is_not_taken(tmp_path: Path) -> None:
    before = [(("Tháng trước", *heads), figure) for heads, figure in list_report_columns(9)]
    now = [(("Tháng báo cáo", *heads), figure) for heads, figure in COLUMNS]
    rows = make_table([*before, *now], MONTH)
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


@pytest.mark.parametrize("label", ["Cộng huyện Bình Sơn (cũ)", "Cộng phường", "Tổng TP Quảng Ngãi"])
def test_sums_of_former_districts_are_no_units(tmp_path: Path, label: str) -> None:
    columns = list_report_columns()
    first, second = make_rows(columns, range(3)), make_rows(columns, range(3, 5))
    rows = [["BÁO CÁO HỒ SƠ THỦ TỤC HÀNH CHÍNH"], [MONTH], *make_head(columns)]
    for number, group in enumerate((first, second)):
        sums = [sum(column) for column in zip(*(row[1:] for row in group), strict=True)]
        rows += [*group, [label if not number else "Cộng huyện Sơn Hà (cũ)", *sums]]
    outcome = import_file(save_book(tmp_path / "bao_cao.xlsx", rows))
    assert_read(outcome, tell_report())
    assert not outcome.warnings


def test_averages_below_the_table_make_no_count_doubtful(tmp_path: Path) -> None:
    columns = list_declared_columns()
    rows = [["TỔNG HỢP ĐIỀU KIỆN VẬN HÀNH"], [DAY], *make_head(columns), *make_rows(columns)]
    rows += [["Trung bình/xã", 11.875, 9.25, 7.5, 8.125], ["Số xã đạt", "5/8", "4/8", 3, 2]]
    outcome = import_file(save_book(tmp_path / "ke_khai.xlsx", rows))
    assert_read(outcome, tell_declared())


@pytest.mark.parametrize(
    "title",
    [
        "KẾT QUẢ TIẾP NHẬN HỒ SƠ TẠI ĐIỂM BƯU ĐIỆN VĂN HÓA XÃ",
        "Kết quả tiếp nhận hồ sơ ngoài giờ hành chính",
        "Hồ sơ tiếp nhận ngày thứ Bảy của các xã",
        "TIẾP NHẬN HỒ SƠ LƯU ĐỘNG",
    ],
)
def test_dossiers_of_one_place_or_time_are_not_all(tmp_path: Path, title: str) -> None:
    outcome = import_file(save_book(tmp_path / "bao_cao.xlsx", make_report(title)))
    assert_told(outcome, {}, "chỉ có một phần hồ sơ")


def test_the_bandwidth_that_was_ordered_is_not_the_speed(tmp_path: Path) -> None:
    rows: Rows = [["TỔNG HỢP HẠ TẦNG MẠNG"], [DAY]]
    rows += [["Đơn vị", "Đường truyền ổn định", "Băng thông (Mbps)", "Tốc độ thực tế (Mbps)"]]
    rows += [[name, "Có", 300, 40 + number] for number, name in enumerate(NAMES)]
    outcome = import_file(save_book(tmp_path / "ke_khai.xlsx", rows))
    speeds = [value for (measure, *_), value in outcome.read.items() if measure == "network_mbps"]
    assert speeds == [40, 41, 42, 43, 44]
    assert "băng thông đăng ký" in outcome.words
