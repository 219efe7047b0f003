"""How a file is understood: kind, sheet, heading rows, which heading is which field, and from where day and province.

For people who wonder why a column was not taken. Only headings are told, never a cell below them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard import text
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from dashboard.sources import files, periods, provinces
from dashboard.sources.headings import EXACT, NEAR
from dashboard.sources.kinds import Found, Given, Layout, recognise
from dashboard.sources.private import without_numbers

_LONGEST = 80
_ORDINALS = {text.spelling_key(heading) for heading in ("STT", "TT", "Số TT", "Số thứ tự")}


@dataclass(frozen=True)
class Understood:
    """One column: its letter in the spreadsheet program, its heading, the field ("" where none) and how or why not."""

    letter: str
    heading: str
    field: str
    how: str


@dataclass(frozen=True)
class Explanation:
    """How a file is read. `sheets`: all its sheets; `heading_rows`: first and last; `facts`: province, day or
    period, each with where it was found; `refused`: why the file as a whole cannot be taken, or ""."""

    kind: str
    kind_name: str
    layout: str
    sheets: tuple[str, ...]
    sheet: str
    heading_rows: tuple[int, int]
    columns: tuple[Understood, ...]
    facts: tuple[str, ...]
    refused: str


def explain(
    path: Path,
    *,
    province: str | None = None,
    as_of: date | None = None,
    period: tuple[date, date] | None = None,
    today: date,
    layouts: Sequence[Layout] = (),
) -> Explanation:
    """How `read_each` with the same arguments understands the file. Raises FileRefused where it is of no known kind."""
    with files.opened(path) as sheets:
        given = Given(path.name, files.digest(path), today, province, as_of, period, path)
        found = recognise(path.name, sheets, layouts)
        names = tuple(dict.fromkeys(sheet.name for sheet in sheets if not sheet.alternative))
        facts, refused = _facts(found, given)
    head = found.table.head
    return Explanation(
        found.kind.code,
        found.kind.name,
        found.layout.name if found.layout else "",
        names,
        found.table.sheet.name,
        (head.first_row, head.last_row),
        _columns(found),
        facts,
        refused,
    )


def _columns(found: Found) -> tuple[Understood, ...]:
    head = found.table.head
    ordered = sorted(head.columns.items(), key=lambda item: item[1].index)
    taken = [Understood(letter(c.index), _shown(c.heading), field, _surety(c.score)) for field, c in ordered]
    vocabulary = found.kind.taught(found.layout) if found.layout else found.kind.vocabulary
    passed = []
    for heading in head.ignored:
        path = tuple(heading.split(" > "))
        meant = vocabulary.field_of(path)
        if heading in head.doubled or (meant and meant[0] in head.columns):
            why = f"cùng nghĩa với cột đã nhận cho {meant[0]}" if meant else "cùng nghĩa với một cột đã nhận"
        elif text.spelling_key(heading) in _ORDINALS:
            why = "là số thứ tự"
        elif "%" in heading:
            why = "là tỷ lệ, được tính lại từ số lượng"
        elif vocabulary.passes_over(path):
            why = "mẫu biểu dặn bỏ qua"
        else:
            why = "không phải cột nào của loại biểu này; dạy thêm trong data/layouts.toml nếu cần"
        passed.append(Understood("", _shown(heading), "", why))
    return (*taken, *passed)


def _shown(heading: str) -> str:
    """A heading cut short and without long numbers: a row of the table may once be taken for a heading."""
    shown = without_numbers(heading)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _surety(score: float) -> str:
    if score > EXACT:
        return "theo mẫu biểu đã dạy"
    if score > EXACT - 0.05:
        return "đúng tên"
    if score == NEAR:
        return "gần giống, sai chữ"
    return "đúng tên, thiếu dấu" if score > 0.9 else f"gần đúng ({round(100 * score)} %)"


def letter(index: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _facts(found: Found, given: Given) -> tuple[tuple[str, ...], str]:
    try:
        batches = found.kind.read(found.table, given)
    except FileRefused as refusal:
        return (), f"{refusal.message}; {refusal.remedy}"
    return tuple(fact for batch in batches for fact in _of_batch(batch, found, given)), ""


def _of_batch(batch: Batch, found: Found, given: Given) -> list[str]:
    titles = found.table.head.titles
    facts = [f"Tỉnh: {provinces.named(batch.province_code)} ({provinces.told_by(found.table, given)})"]
    if batch.period:
        first, last = (f"{day:%d/%m/%Y}" for day in batch.period)
        if given.period:
            where = "theo --period"
        elif periods.period_in_title(titles):
            where = "theo tiêu đề"
        else:
            where = "theo các dòng hoặc tên tệp"
        facts.append(f"Kỳ: {first} – {last} ({where})")
    else:
        if periods.as_of_in_title(titles):
            where = "theo tiêu đề"
        elif given.as_of:
            where = "theo --as-of"
        else:
            where = "theo các dòng hoặc tên tệp"
        facts.append(f"Số liệu tính đến: {batch.as_of:%H:%M %d/%m/%Y} ({where})")
    counts = {"số đo": batch.readings, "dòng số lượng hồ sơ": batch.dossiers, "dòng chứng thư số": batch.certificates}
    told = [f"{len(frame)} {words}" for words, frame in counts.items() if len(frame)]
    facts.append(f"Dòng: {batch.rows}; {', '.join(told) or 'đọc dần khi nhập'}; {len(batch.problems)} vấn đề")
    return facts
