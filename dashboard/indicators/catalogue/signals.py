"""The catalogue's entries of signals: what needs a decision today, with the limits of signal_rules.py."""

from __future__ import annotations

from datetime import date

from dashboard import text
from dashboard.indicators import signal_rules as rules
from dashboard.indicators.catalogue import examples_watching as examples
from dashboard.indicators.catalogue.entry import OWN_RULE, Example, Group, Indicator, Words

_SIGNAL = Words("báo hiệu", "signal")
_FELL, _BACK = text.percent(rules.FELL_TO, 0), text.percent(rules.BACK_AT, 0)
_RED = text.number(rules.ABOVE_RED, 2)

NETWORK = Indicator(
    "network_falling",
    Words("Mạng chậm đi", "Network falling"),
    unit=_SIGNAL,
    meaning=Words("Đường truyền mới chậm hẳn đi.", "A line has become much slower."),
    formula=Words(
        f"vào: tốc độ < ngưỡng đỏ, hoặc ≤ {_FELL} trung vị {rules.BEFORE_DAYS} ngày trước; ra: ≥ {_RED} × ngưỡng đỏ, "
        f"hoặc ≥ {_BACK} trung vị ấy, hoặc sau {rules.NEWS_DAYS} ngày",
        f"enters: speed < red_below, or ≤ {rules.FELL_TO:.0%} of the median of the {rules.BEFORE_DAYS} days before; "
        f"leaves: ≥ {rules.ABOVE_RED} × red_below, or ≥ {rules.BACK_AT:.0%} of that median, or after "
        f"{rules.NEWS_DAYS} days",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            f"Có máy đo thì trung vị {rules.PROBE_DAYS} ngày đo trả lời (ít nhất {rules.PROBE_AT_LEAST} ngày).",
            f"Where probes measure, their median of {rules.PROBE_DAYS} days answers (at least {rules.PROBE_AT_LEAST} "
            f"told).",
        ),
        Words(
            f"Trung vị cần ít nhất {rules.BEFORE_AT_LEAST} ngày có số.",
            f"The median needs at least {rules.BEFORE_AT_LEAST} told days.",
        ),
        Words("Thấp mãi thì đỏ trên bản đồ, không còn là tin.", "What stays low is red on the map, no longer news."),
    ),
    example=Example(
        Words(
            "100 Mbps suốt hai tháng, 70 Mbps từ 10/11/2026; một đường khác xuống 70 rồi lên lại 85.",
            "100 Mbps for two months, 70 since 10/11/2026; another line fell to 70 and came back to 85.",
        ),
        examples.network,
        {"now": 70, "before": 100, "since": date(2026, 11, 10), "back": 0},
        Words(
            "{now} so với {before} Mbps, từ {since}; đường kia: {back} báo hiệu",
            "{now} against {before} Mbps, since {since}; the other: {back} signals",
        ),
    ),
)
CERTIFICATES = Indicator(
    "certificates_expiring",
    Words("Chứng thư số sắp hết hạn", "Certificates expiring"),
    unit=_SIGNAL,
    meaning=Words(
        "Chữ ký số hết hạn trong 30 ngày, đủ nhiều để quầy phải dừng.",
        "Digital signatures that end within 30 days, enough to stop a counter.",
    ),
    formula=Words(
        f"vào: ≥ {rules.EXPIRING_AT_LEAST} chứng thư, hoặc ≥ 1 và ≥ {text.percent(rules.EXPIRING_SHARE, 0)} số đang "
        f"hoạt động; ra: còn 0, hoặc số liệu quá {rules.COUNT_SPEAKS_DAYS} ngày",
        f"enters: ≥ {rules.EXPIRING_AT_LEAST} certificates, or ≥ 1 and ≥ {rules.EXPIRING_SHARE:.0%} of the active "
        f"ones; leaves: none, or a count older than {rules.COUNT_SPEAKS_DAYS} days",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Chỉ chứng thư đang hoạt động mới sắp hết hạn; thu hồi không tính.",
            "Only active certificates can be about to end; revoked ones are not.",
        ),
    ),
    example=Example(
        Words("Sắp hết hạn: 2 trong 40; 1 trong 40; 1 trong 8.", "About to end: 2 of 40; 1 of 40; 1 of 8."),
        examples.certificates,
        {"two_of_40": 2, "one_of_40": 0, "one_of_8": 1},
        Words(
            "2/40: báo ({two_of_40} chứng thư); 1/40: {one_of_40} báo hiệu; 1/8: {one_of_8} báo hiệu",
            "2 of 40: told ({two_of_40} certificates); 1 of 40: {one_of_40} signals; 1 of 8: {one_of_8} signal",
        ),
    ),
)
OVERDUE = Indicator(
    "overdue_growing",
    Words("Hồ sơ quá hạn tăng", "Overdue growing"),
    unit=_SIGNAL,
    meaning=Words("Số hồ sơ quá hạn tăng nhiều ngày liền.", "Overdue dossiers grow day after day."),
    formula=Words(
        f"vào: tăng {rules.GROWING_DAYS} ngày làm việc liền và ≥ {rules.OVERDUE_FROM} hồ sơ; ra: giảm "
        f"{rules.FALLING_DAYS} ngày liền, hoặc < {rules.OVERDUE_UNTIL} hồ sơ, hoặc {rules.OVERDUE_SPEAKS_DAYS} ngày "
        f"làm việc không có số",
        f"enters: grew on {rules.GROWING_DAYS} told working days in a row and ≥ {rules.OVERDUE_FROM} dossiers; "
        f"leaves: fell on {rules.FALLING_DAYS} in a row, or < {rules.OVERDUE_UNTIL} dossiers, or not told for "
        f"{rules.OVERDUE_SPEAKS_DAYS} working days",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Ngày nghỉ không tính; ngày không có số không làm đứt chuỗi.",
            "Days off do not count; an untold day does not break the row.",
        ),
    ),
    example=Example(
        Words(
            "Thứ Ba tới thứ Sáu: 3, 4, 5, 6 hồ sơ quá hạn; xã khác: 3, 4, 4, 6.",
            "Tuesday to Friday: 3, 4, 5, 6 overdue; another commune: 3, 4, 4, 6.",
        ),
        examples.overdue,
        {"now": 6, "before": 3, "broken": 0},
        Words(
            "báo: {before} lên {now}; xã kia: {broken} báo hiệu", "told: {before} to {now}; the other: {broken} signals"
        ),
    ),
)
SILENT = Indicator(
    "silent",
    Words("Im lặng quá lâu", "Silent for too long"),
    unit=_SIGNAL,
    meaning=Words("Xã không báo cáo gì đã quá lâu.", "A commune has not reported for too long."),
    formula=Words(
        f"vào: báo cáo gần nhất quá {rules.SILENT_AFTER_DAYS} ngày, hoặc chưa từng có khi tỉnh đã báo cáo "
        f"{rules.PROVINCE_DAYS} ngày; ra: có báo cáo không quá {rules.SPEAKS_AGAIN_DAYS} ngày",
        f"enters: the last report is older than {rules.SILENT_AFTER_DAYS} days, or there never was one while the "
        f"province has reported for {rules.PROVINCE_DAYS}; leaves: a report at most {rules.SPEAKS_AGAIN_DAYS} days old",
    ),
    source=OWN_RULE,
    edges=(
        Words("Chưa từng báo cáo đứng đầu danh sách.", "Who never reported stands first."),
        Words(
            "Tổ công tác đến kiểm tra cũng là có tin, như xã báo cáo.", "A visit is news of a commune, as a report is."
        ),
    ),
    example=Example(
        Words(
            "Báo cáo gần nhất 31 ngày trước; 30 ngày trước; và 8 ngày trước sau một lần im lặng dài.",
            "The last report 31 days ago; 30 days ago; and 8 days ago after a long silence.",
        ),
        examples.silent,
        {"days": 31, "at_limit": 0, "after": 1},
        Words(
            "{days} ngày: báo; 30 ngày: {at_limit} báo hiệu; 8 ngày: vẫn {after} báo hiệu",
            "{days} days: told; 30 days: {at_limit} signals; 8 days: still {after} signal",
        ),
    ),
)
CONTRADICTED = Indicator(
    "contradicted",
    Words("Kê khai xanh, kiểm tra thấy khác", "Declared green, found otherwise"),
    unit=_SIGNAL,
    meaning=Words(
        "Xã tự kê khai đạt mà đoàn kiểm tra thấy chưa.",
        "A commune calls a criterion green and a fresh visit found otherwise.",
    ),
    formula=Words(
        "vào: ≥ 1 tiêu chí kê khai xanh mà kiểm tra còn mới cho mức khác; ra: phúc tra khớp hoặc kiểm tra hết hạn",
        "enters: ≥ 1 criterion declared green that a fresh finding gives another level; leaves: a recheck agrees or "
        "the finding expires",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Mỗi lần kiểm tra là một việc đã xảy ra, nên không cần hai ngưỡng.",
            "Visits are events and do not swing: no second limit is needed.",
        ),
    ),
    example=Example(
        Words(
            "Hai tiêu chí kê khai xanh, đoàn thấy khác; rồi phúc tra thấy đạt.",
            "Two criteria declared green were found otherwise; then a recheck agrees.",
        ),
        examples.contradicted,
        {"criteria": 2, "after": 0},
        Words(
            "báo: {criteria} tiêu chí; sau phúc tra: {after} báo hiệu",
            "told: {criteria} criteria; after the recheck: {after} signals",
        ),
    ),
)

# In the order of urgency, as on the screen.
GROUP = Group(
    "signals", Words("Việc cần quyết hôm nay", "Signals"), (NETWORK, CERTIFICATES, OVERDUE, SILENT, CONTRADICTED)
)
