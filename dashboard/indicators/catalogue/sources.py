"""The catalogue's entries of sources that overlap: which of them answers, and what cumulative figures tell."""

from __future__ import annotations

from dashboard import text
from dashboard.indicators.answers import REMAINS
from dashboard.indicators.catalogue import examples_dossiers as examples
from dashboard.indicators.catalogue.counts import DOSSIERS
from dashboard.indicators.catalogue.entry import OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.terms import RATE_STATES
from dashboard.indicators.periods import GRAINS

SOURCE = Indicator(
    "source",
    Words("Nguồn trả lời cho một kỳ", "Which source answers"),
    unit=Words("nguồn và độ mịn", "a source and its grain"),
    meaning=Words(
        "Các nguồn chồng lên nhau không bao giờ được cộng; một nguồn trả lời, các nguồn khác để đối chiếu.",
        "Overlapping sources are never added; one answers, the others reconcile.",
    ),
    formula=Words(
        "nguồn trọn kỳ trước nguồn không trọn; rồi nguồn có nhiều xã trọn hơn; rồi nguồn mịn hơn: ngày, tuần, tháng, "
        "quý, năm, luỹ kế, khác",
        "complete before incomplete; then the one that tells most communes wholly; then the finest of "
        + ", ".join(GRAINS),
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Nguồn theo ngày là trọn khi mỗi ngày làm việc có ít nhất một xã.",
            "Days are complete when some commune tells each working day.",
        ),
        Words(
            f"Nguồn ghi chưa tới {text.percent(REMAINS, 0)} số của một nguồn trọn khác thì không trọn: "
            "danh sách tháng sau còn giữ hồ sơ tồn của tháng trước.",
            f"A source that tells less than {REMAINS:.0%} of what another complete one tells is not complete: a later "
            "month's list still holds what is left open of an earlier one.",
        ),
        Words(
            "Không nguồn nào trọn: nguồn tới xa nhất trả lời, và nói tới ngày nào.",
            "Where none is complete the one that reaches furthest answers and says until when.",
        ),
        Words(
            "Đối chiếu so hồ sơ mới với hồ sơ mới: báo cáo đếm cả kỳ trước chuyển sang, danh sách thì không.",
            "Reconciling compares what is new: a report counts what it begins with, a list does not.",
        ),
    ),
    example=Example(
        Words(
            "Danh sách có 5 hồ sơ mỗi ngày làm việc của tháng 8/2026 (21 ngày); báo cáo tháng ghi 110. Lần khác, danh "
            "sách thiếu ba ngày cuối.",
            "A list with 5 dossiers on each of the 21 working days of August 2026; the month's report says 110. "
            "Another time the list lacks the last three days.",
        ),
        examples.source,
        {"received": 105, "grain": "day", "more": 5, "with_gap": 110, "grain_with_gap": "month"},
        Words(
            "{received} theo ngày, báo cáo hơn {more}; khi thiếu ngày: {with_gap} theo tháng",
            "{received} by {grain}, the report has {more} more; with days missing: {with_gap} by {grain_with_gap}",
        ),
    ),
)
DIFFERENCED = Indicator(
    "differenced",
    Words("Luỹ kế thành từng ngày", "Cumulative figures differenced"),
    unit=DOSSIERS,
    meaning=Words(
        "Số luỹ kế của hai lần liền nhau cho biết giữa hai lần có gì.",
        "Two successive cumulative figures tell what happened between them.",
    ),
    formula=Words(
        "số của lần này − số của lần trước, cùng ngày bắt đầu", "this figure − the one before of the same start"
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Số giảm là một lần sửa: được nêu, và lúc đó là chưa có dữ liệu, không bao giờ âm.",
            "A drop is a correction: it is told, and what happened then is unknown, never negative.",
        ),
        Words("Số tồn và số bình quân không trừ được.", "Stocks and means cannot be subtracted."),
    ),
    example=Example(
        Words(
            "Từ 01/01/2026 tới ngày 10, 11, 12, 13/11: 1.000, 1.030, 1.025, 1.040.",
            "Since 01/01/2026 as of 10, 11, 12, 13 November: 1,000, 1,030, 1,025, 1,040.",
        ),
        examples.differenced,
        {"second": 30, "third": None, "fourth": 15, "before": 1030, "after": 1025},
        Words(
            "ngày 11: {second}; ngày 12: chưa có dữ liệu, sửa {before} thành {after}; ngày 13: {fourth}",
            "11th: {second}; 12th: unknown, {before} corrected to {after}; 13th: {fourth}",
        ),
    ),
)
OVER_TIME = Indicator(
    "over_time",
    Words("Theo ngày, tuần, tháng", "By day, week, month"),
    unit=DOSSIERS,
    meaning=Words(
        "Hồ sơ của mọi xã từng ngày, tuần hay tháng, và hơn kém lần trước.",
        "All communes' dossiers per day, week or month, and the change from one to the next.",
    ),
    formula=Words(
        "mỗi kỳ từ nguồn trả lời cho kỳ đó; thay đổi = tiếp nhận mới − tiếp nhận mới của kỳ liền trước",
        "each period by the source that answers for it; change = received anew − that of the period before",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Kỳ đang chạy, hoặc hai kỳ từ hai loại nguồn: chưa đủ kỳ, không so.",
            "The running period, or two periods of two kinds of source: incomplete, no comparison.",
        ),
        Words(
            "Đường của một xã lấy từ cùng nguồn với đường của tỉnh, nên hai đường khớp nhau.",
            "A commune's curve takes the sources of the province's, so that the two agree.",
        ),
    ),
    example=Example(
        Words(
            "Danh sách: mỗi ngày làm việc 5 hồ sơ từ 02/11/2026, rồi 6 từ 09/11, tới thứ Tư 18/11.",
            "A list: 5 dossiers on each working day from 02/11/2026, then 6 from 09/11, up to Wednesday 18/11.",
        ),
        examples.weekly,
        {"first": 25, "second": 30, "change": 5, "running": 18, "state": "incomplete"},
        Words("{first}; {second} (+{change}); {running}: {state}", "{first}; {second} (+{change}); {running}: {state}"),
    ),
    values=RATE_STATES,
)

GROUP = Group(
    "sources",
    Words("Hồ sơ: nguồn nào trả lời", "Dossiers: which source answers"),
    (
        SOURCE,
        DIFFERENCED,
    ),
)
