"""The words that indicators answer instead of a number: every state, cause and kind, by its code."""

from __future__ import annotations

from typing import Final

from dashboard.indicators.catalogue.entry import Term, Terms, Words


def _term(name_vi: str, name_en: str, meaning_vi: str, meaning_en: str) -> Term:
    return Term(Words(name_vi, name_en), Words(meaning_vi, meaning_en))


LEVELS: Final[Terms] = {
    "green": _term("Xanh", "green", "đạt, và số liệu còn mới", "met, by figures that are not too old"),
    "yellow": _term("Vàng", "yellow", "chưa đạt, nhưng không làm ngừng việc", "not met, but nothing stops"),
    "red": _term("Đỏ", "red", "dưới ngưỡng đỏ", "below the red limit"),
    "stale": _term("Số liệu cũ", "stale", "báo cáo đã quá hạn dùng", "the report is too old to give a colour"),
    "unknown": _term("Chưa báo cáo", "unknown", "chưa từng có số liệu", "never told: neither red nor zero"),
}  # fmt: skip
FIXES: Final[Terms] = {
    "repair": _term("Khắc phục", "repair", "đường truyền phải sửa", "a line has to be repaired"),
    "issue": _term("Cấp", "issue", "chữ ký số phải cấp thêm", "digital signatures have to be issued"),
    "buy": _term("Mua sắm", "buy", "thiết bị phải mua thêm", "devices have to be bought"),
    "appoint": _term("Bố trí", "appoint", "vị trí phải có người", "staff has to be appointed"),
    "arrange": _term("Hoàn thiện", "arrange", "việc phải tổ chức xong", "something has to be arranged"),
    "recheck": _term("phúc tra", "recheck", "đoàn đã thấy thiếu, nên phải kiểm tra lại", "a visit found it short: "
    "only another clears it"),
    "report": _term("báo cáo", "report", "chưa ai biết, nên trước hết phải báo cáo",
    "nobody knows: telling comes first"),
}  # fmt: skip
CAUSES: Final[Terms] = {
    "": _term("không đổi", "unchanged", "mức không đổi", "the level is the same"),
    "value": _term("kê khai mới", "value", "xã tự kê khai giá trị khác", "the commune told another value"),
    "visit": _term("kiểm tra", "visit", "đoàn kiểm tra thấy khác", "a visit found another value"),
    "age": _term("số cũ hết hạn", "age", "không có tin mới, số cũ hết hạn dùng", "nothing new was told and the old "
    "expired"),
    "rule": _term("tiêu chí đổi", "rule", "cùng số liệu, tiêu chí hoặc quy tắc khác", "the same facts under other "
    "rules"),
}  # fmt: skip
SAYS: Final[Terms] = {
    "done": _term("đã xong", "done", "mọi xã đã xanh", "every commune is green"),
    "trend": _term("có xu hướng", "trend", "nhịp các tuần qua cho ra một ngày", "the pace leads to a day"),
    "no_trend": _term("không có xu hướng", "no_trend", "nhịp không dẫn tới đâu",
    "the pace leads nowhere within 5 years"),
    "too_short": _term("chưa đủ tuần", "too_short", "chưa đủ tuần trọn để nói", "too few whole weeks to say"),
}  # fmt: skip
RATE_STATES: Final[Terms] = {
    "known": _term("có số", "known", "có số để chia", "there is something to divide by"),
    "no_activity": _term("Không phát sinh", "no_activity", "mẫu số bằng 0; không ghi 0 %",
    "nothing to divide by: not 0 %"),
    "unknown": _term("chưa có dữ liệu", "unknown", "không nguồn nào cho biết", "no source told it"),
    "incomplete": _term("chưa đủ kỳ", "incomplete", "một trong hai kỳ chưa trọn",
    "one of two periods is not told as a whole"),
}  # fmt: skip
RANK_STATES: Final[Terms] = {
    "ranked": _term("có hạng", "ranked", "đủ hồ sơ để xếp", "enough dossiers to be placed"),
    "too_few": _term("không xếp hạng", "too_few", "ít hồ sơ hơn mức tối thiểu", "fewer dossiers than the minimum"),
    "incomplete": _term("chỉ báo cáo một phần kỳ", "incomplete", "bỏ bớt tuần xấu không được hơn người",
    "told less than the others of the period: who leaves out bad weeks must not win by it"),
    "no_activity": RATE_STATES["no_activity"],
    "unknown": RATE_STATES["unknown"],
}  # fmt: skip
FRESHNESS: Final[Terms] = {
    "fresh": _term("đúng nhịp", "fresh", "chưa quá một kỳ báo cáo", "not older than one rhythm"),
    "late": _term("trễ", "late", "quá một kỳ báo cáo", "older than one rhythm"),
    "silent": _term("im lặng", "silent", "quá ba kỳ báo cáo", "older than three rhythms"),
    "never": _term("chưa từng có", "never", "nguồn này chưa từng nói tới xã", "never told of by this kind of source"),
    "not_expected": _term("không định kỳ", "not_expected", "nguồn không có nhịp (kiểm tra)",
    "a source without rhythm (visits)"),
}  # fmt: skip
UNMATCHED: Final[Terms] = {
    "not_listed": _term("không có trong danh mục", "not_listed", "tên không phải của xã nào",
    "no commune has the name"),
    "former_name": _term("tên cũ", "former_name", "tên đơn vị trước 01/07/2025",
    "the name of a unit before 01/07/2025"),
    "contradictory": _term("mã và tên mâu thuẫn", "contradictory", "mã của xã này, tên của xã kia",
    "code and name are two communes'"),
    "unnamed": _term("không ghi tên", "unnamed", "dòng có số mà không có tên, mã",
    "a row with figures but no name or code"),
    "foreign_code": _term("mã ngoài tỉnh", "foreign_code", "mã không thuộc tỉnh", "a code that is not the province's"),
}  # fmt: skip
READING_JUMPS: Final[Terms] = {
    "speed_factor": _term("tốc độ gấp bội", "speed_factor", "nhanh hay chậm đi nhiều lần",
    "many times as fast or as slow"),
    "need_changed": _term("nhu cầu đổi lớn", "need_changed", "số cần đổi quá nửa", "what is needed changed by half"),
    "available_gone": _term("mất hết", "available_gone", "số đang có về 0", "what was there is nought"),
}  # fmt: skip
COUNT_JUMPS: Final[Terms] = {
    "many_in_a_day": _term("dồn một ngày", "many_in_a_day", "một ngày nhiều bất thường", "far too many on one day"),
}  # fmt: skip
PEERS: Final[Terms] = {
    "xa": _term("xã", "xa", "các xã", "all xã"),
    "phuong": _term("phường", "phuong", "các phường", "all phường"),
    "dac_khu": _term("đặc khu", "dac_khu", "các đặc khu", "all đặc khu"),
    "xa+mountainous": _term("xã miền núi", "xa+mountainous", "ví dụ một cờ", "an example of a flag"),
}  # fmt: skip
