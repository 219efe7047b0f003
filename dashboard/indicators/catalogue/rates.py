"""The catalogue's entries of rates; name, formula and source are those of indicators.rates."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_dossiers as examples
from dashboard.indicators.catalogue.counts import REPORT
from dashboard.indicators.catalogue.entry import Example, Group, Indicator, Words
from dashboard.indicators.catalogue.terms import RATE_STATES
from dashboard.indicators.rates import RATES

SHARE = Words("phần trăm", "per cent")
_NOTHING = Words("Mẫu số bằng 0 là “không phát sinh”, không phải 0 %.", "A zero denominator is “no activity”, not 0 %.")
_BOTH = Words(
    "Tử và mẫu chỉ cộng những dòng cho biết cả hai.", "Part and whole are summed over the rows that tell both."
)


def _rate(
    code: str, name: str, meaning: Words, formula: str, source: str, part: int, whole: int, edge: Words
) -> Indicator:
    """The entry of one of RATES; `name`, `formula` and `source` in English."""
    rate = RATES[code]
    found = {"part": part, "whole": whole, "rate": part / whole}
    result = "{part}/{whole} = {rate:%}"
    return Indicator(
        code,
        Words(rate.name, name),
        unit=SHARE,
        meaning=meaning,
        formula=Words(rate.formula, formula),
        source=Words(rate.source, source),
        edges=(_NOTHING, edge),
        example=Example(_REPORT, examples.rate(code), found, Words(result, result)),
        values=RATE_STATES,
    )


_REPORT = Words(
    REPORT.vi + " Số hóa 80; kết quả điện tử 88.",
    REPORT.en + " Digitised 80; electronic results 88.",
)

ON_TIME_766 = _rate(
    "on_time_766",
    "On time by the national index 766",
    Words(
        "Trong mọi hồ sơ phải giải quyết, bao nhiêu đã xong đúng hạn hoặc còn trong hạn.",
        "Of all dossiers to handle, the share that is done in time or still in term.",
    ),
    "(resolved early + on time + still open in term) ÷ received",
    "Decision 766/QĐ-TTg, group on progress (score: 20 × this rate)",
    115,
    130,
    Words(
        "Nguồn in sẵn số đúng hạn (Cổng dịch vụ công) thì dùng số in.",
        "Where a source prints the figure (the national portal) the printed one counts.",
    ),
)
ON_TIME_REPORT = _rate(
    "on_time_report",
    "On time by form II.06a",
    Words(
        "Trong hồ sơ đã xong, bao nhiêu xong đúng hạn; trước hạn cũng là đúng hạn.",
        "Of the dossiers that are done, the share done in time; early is in time.",
    ),
    "(resolved early + on time) ÷ resolved",
    "form II.06a/VPCP/KSTT",
    100,
    110,
    _BOTH,
)
ONLINE = _rate(
    "online",
    "Filed online",
    Words("Trong hồ sơ mới, bao nhiêu nộp trực tuyến.", "Of the new dossiers, the share filed online."),
    "received online ÷ received anew",
    "form II.06a/VPCP/KSTT",
    70,
    100,
    Words("Không ghi kênh là trực tiếp.", "No channel recorded counts as in person."),
)
DIGITISED = _rate(
    "digitised",
    "Digitised on receipt",
    Words(
        "Trong hồ sơ mới, bao nhiêu đã là điện tử ngay khi nhận.",
        "Of the new dossiers, the share that is electronic from the start.",
    ),
    "(digitised, those filed online among them) ÷ received anew",
    "Decision 766/QĐ-TTg, group on digitising",
    80,
    100,
    Words(
        "Hồ sơ nộp trực tuyến không cần quét nên luôn tính là đã số hóa.",
        "What was filed online needs no scanning and counts as digitised.",
    ),
)
E_RESULT = _rate(
    "e_result",
    "Electronic results",
    Words(
        "Trong hồ sơ đã xong, bao nhiêu trả kết quả điện tử.",
        "Of the dossiers that are done, the share with an electronic result.",
    ),
    "electronic results ÷ resolved",
    "Decision 766/QĐ-TTg, group on digitising",
    88,
    110,
    _BOTH,
)
OVERDUE_OPEN = _rate(
    "overdue_open",
    "Overdue among the open",
    Words(
        "Trong hồ sơ đang giải quyết, bao nhiêu đã quá hạn; càng ít càng tốt.",
        "Of the open dossiers, the share past its date; less is better.",
    ),
    "open overdue ÷ (open in term + open overdue)",
    "form II.06a/VPCP/KSTT",
    5,
    20,
    Words("Là số tồn: của tối ngày cuối kỳ.", "A stock: of the evening of the period's last day."),
)

GROUP = Group(
    "rates",
    Words("Hồ sơ: tỷ lệ", "Dossiers: rates"),
    (ON_TIME_766, ON_TIME_REPORT, ONLINE, DIGITISED, E_RESULT, OVERDUE_OPEN),
)
