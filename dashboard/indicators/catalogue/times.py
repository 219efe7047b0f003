"""The catalogue's entries of time: how long dossiers took, how long they lie, when they fall due."""

from __future__ import annotations

from datetime import date

from dashboard.indicators.backlog import HORIZONS
from dashboard.indicators.catalogue import examples_dossiers as examples
from dashboard.indicators.catalogue.counts import DOSSIERS
from dashboard.indicators.catalogue.entry import OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.rates import SHARE
from dashboard.indicators.durations import WITHIN

_DAYS = Words("ngày làm việc", "working days")
_LIST = Words(
    "Cần danh sách từng hồ sơ; không có thì chưa có dữ liệu.", "Needs a list of single dossiers; unknown without one."
)
_CALENDAR = Words(
    "lịch làm việc: data/working_days.toml (nghỉ lễ, làm bù)",
    "working days: data/working_days.toml (holidays, swapped days)",
)
_LIMITS = ", ".join(map(str, WITHIN))
_AHEAD = ", ".join(map(str, HORIZONS))
_TEN = Words(
    "Mười hồ sơ: 3 xong trong ngày nhận, 5 xong ngày hôm sau, 2 nhận thứ Sáu và xong thứ Sáu tuần sau.",
    "Ten dossiers: 3 done on the day of reception, 5 the next day, 2 from one Friday to the next.",
)

LASTED = Indicator(
    "days_taken",
    Words("Số ngày giải quyết: bình quân và trung vị", "Days taken: mean and median"),
    unit=_DAYS,
    meaning=Words("Từ lúc nhận tới lúc xong mất bao lâu.", "How long dossiers took from reception to finish."),
    formula=Words(
        "số ngày làm việc sau ngày nhận cho tới hết ngày xong; bình quân và trung vị trên từng hồ sơ",
        "working days after the day of reception up to the day of finish; mean and median over dossiers",
    ),
    source=_CALENDAR,
    edges=(
        Words(
            "Xong trong ngày là 0 ngày; thứ Sáu tới thứ Hai là 1.",
            "Done on the day is 0 days, from Friday to Monday 1.",
        ),
        Words(
            "Xong trước khi nhận là không thể: đếm riêng, không tính.",
            "Finished before received is impossible: counted apart.",
        ),
        _LIST,
    ),
    example=Example(
        _TEN,
        examples.lasted("mean_days", "median_days"),
        {"mean_days": 1.5, "median_days": 1},
        Words(
            "bình quân (0×3 + 1×5 + 5×2) ÷ 10 = {mean_days:.1f}; trung vị {median_days}",
            "mean (0×3 + 1×5 + 5×2) ÷ 10 = {mean_days:.1f}; median {median_days}",
        ),
    ),
)
WITHIN_DAYS = Indicator(
    "done_within",
    Words("Xong trong n ngày", "Done within n days"),
    unit=SHARE,
    meaning=Words(
        f"Bao nhiêu phần hồ sơ xong trong {_LIMITS} ngày làm việc.",
        f"The share that was done within {_LIMITS} working days.",
    ),
    formula=Words("số hồ sơ có số ngày ≤ n ÷ số hồ sơ đã xong", "dossiers with days taken ≤ n ÷ dossiers done"),
    source=_CALENDAR,
    edges=(_LIST,),
    example=Example(
        _TEN,
        examples.lasted("within_1", "within_3", "within_5"),
        {"within_1": 0.8, "within_3": 0.8, "within_5": 1.0},
        Words(
            "1 ngày: {within_1:%}; 3 ngày: {within_3:%}; 5 ngày: {within_5:%}",
            "1 day: {within_1:%}; 3 days: {within_3:%}; 5 days: {within_5:%}",
        ),
    ),
)
MEAN_TOLD = Indicator(
    "mean_days",
    Words("Số ngày bình quân do nguồn in", "Mean days as a source prints it"),
    unit=Words("ngày", "days"),
    meaning=Words("Số bình quân của Cổng, gộp nhiều đơn vị.", "The portal's own mean, of several units together."),
    formula=Words(
        "Σ (bình quân × hồ sơ) ÷ Σ hồ sơ; hồ sơ = đã giải quyết, không có thì tiếp nhận mới",
        "Σ (mean × dossiers) ÷ Σ dossiers; dossiers = resolved, else received anew",
    ),
    source=OWN_RULE,
    edges=(Words("Không bao giờ là bình quân của các bình quân.", "Never the mean of the means."),),
    example=Example(
        Words(
            "A nhận 100, bình quân 5 ngày; B nhận 300, bình quân 9 ngày.",
            "A received 100, mean 5 days; B received 300, mean 9 days.",
        ),
        examples.mean_told,
        {"mean": 8},
        Words("(5×100 + 9×300) ÷ 400 = {mean}, không phải 7", "(5×100 + 9×300) ÷ 400 = {mean}, not 7"),
    ),
)
COHORTS = Indicator(
    "cohorts",
    Words("Theo tuần nhận", "Cohorts"),
    unit=SHARE,
    meaning=Words(
        f"Hồ sơ nhận trong một tuần, sau {_LIMITS} ngày làm việc xong bao nhiêu.",
        f"Of what was received in one week, the share done after {_LIMITS} working days.",
    ),
    formula=Words(
        "số đã xong trong n ngày ÷ số nhận trong tuần (thứ Hai tới Chủ nhật)",
        "done within n days ÷ received in the week (Monday to Sunday)",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Chưa đủ n ngày làm việc từ Chủ nhật của tuần tới hôm qua: chưa đủ kỳ.",
            "Until n working days since the week's Sunday are over (today is not): incomplete.",
        ),
        Words(
            "Khác với bình quân của hồ sơ đã xong, tuần không đẹp lên khi hồ sơ chậm còn nằm đó.",
            "Unlike the mean of what is done, a cohort does not look better while slow dossiers lie.",
        ),
    ),
    example=Example(
        Words(
            _TEN.vi + " Thêm 2 hồ sơ nhận cùng tuần (02–08/11/2026) chưa xong; biết tới 17/11/2026.",
            _TEN.en + " And 2 more of the same week (02–08/11/2026) not done yet; known on 17/11/2026.",
        ),
        examples.cohorts,
        {"received": 12, "within_1": 0.6667, "within_5": 0.8333, "within_10": None},
        Words(
            "trên {received} hồ sơ: 1 ngày {within_1:%}; 5 ngày {within_5:%}; 10 ngày: chưa đủ kỳ",
            "of {received}: 1 day {within_1:%}; 5 days {within_5:%}; 10 days: incomplete",
        ),
    ),
)
AGE = Indicator(
    "backlog_age",
    Words("Tuổi hồ sơ tồn", "Backlog age"),
    unit=_DAYS,
    meaning=Words("Hồ sơ đang giải quyết đã nằm bao lâu.", "How long the open dossiers have been lying."),
    formula=Words(
        "ngày làm việc từ ngày nhận; trung vị, và số ngày mà 9 trên 10 hồ sơ không vượt",
        "working days since reception; the median, and the days that 9 of 10 do not exceed",
    ),
    source=Words(
        "phân vị theo hạng gần nhất (R. J. Hyndman, Y. Fan, The American Statistician 50 (1996), 361–365, cách 1)",
        "percentile by nearest rank (R. J. Hyndman, Y. Fan, The American Statistician 50 (1996), 361–365, definition "
        "1)",
    ),
    edges=(Words("Tạm dừng không tính.", "Paused ones are left out."), _LIST),
    example=Example(
        Words(
            "Thứ Sáu 13/11/2026: 8 hồ sơ nhận hôm trước, 1 nhận 06/11, 1 nhận 16/10.",
            "Friday 13/11/2026: 8 received the day before, 1 on 06/11, 1 on 16/10.",
        ),
        examples.age,
        {"open": 10, "median": 1, "p90": 5, "oldest": date(2026, 10, 16)},
        Words(
            "{open} hồ sơ: trung vị {median}, 9/10 không quá {p90} ngày; cũ nhất nhận {oldest}",
            "{open} dossiers: median {median}, 9 of 10 not over {p90} days; the oldest received {oldest}",
        ),
    ),
)
AT_RISK = Indicator(
    "at_risk",
    Words("Sắp đến hạn", "At risk"),
    unit=DOSSIERS,
    meaning=Words(
        f"Hồ sơ đến hạn trong {_AHEAD} ngày làm việc, kể cả hôm nay.",
        f"Dossiers due within {_AHEAD} working days, today's among them.",
    ),
    formula=Words(
        "quá hạn khi ngày hẹn trả < hôm nay; đến hạn trong n khi số ngày làm việc từ hôm nay tới ngày hẹn ≤ n",
        "overdue where due < today; due within n where the working days from today to due ≤ n",
    ),
    source=_CALENDAR,
    edges=(
        Words(
            "Hẹn vào ngày nghỉ ngay sau hôm nay: hôm nay là ngày cuối.",
            "Due on a day off right after today: no working day is left.",
        ),
        Words("Không ghi ngày hẹn trả: đếm riêng.", "Without a printed date: counted apart."),
        _LIST,
    ),
    example=Example(
        Words(
            "Thứ Sáu 13/11/2026, theo ngày hẹn: 12/11 4, 13/11 1, 16/11 2, 17/11 3, 18/11 5, 19/11 6 hồ sơ.",
            "Friday 13/11/2026, by due date: 12/11 4, 13/11 1, 16/11 2, 17/11 3, 18/11 5, 19/11 6 dossiers.",
        ),
        examples.at_risk,
        {"overdue": 4, "due_today": 1, "due_within_1": 3, "due_within_2": 6, "due_within_3": 11},
        Words(
            "quá hạn {overdue}; hôm nay {due_today}; trong 1 ngày {due_within_1}, 2 ngày {due_within_2}, 3 ngày "
            "{due_within_3}",
            "overdue {overdue}; today {due_today}; within 1 day {due_within_1}, 2 days {due_within_2}, 3 days "
            "{due_within_3}",
        ),
    ),
)

GROUP = Group(
    "times", Words("Hồ sơ: thời gian", "Dossiers: time"), (LASTED, WITHIN_DAYS, MEAN_TOLD, COHORTS, AGE, AT_RISK)
)
