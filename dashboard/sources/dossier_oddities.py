"""What is odd in a dossier list but taken as told: counted, and told once with the first rows' numbers."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard import text, workdays
from dashboard.sources.findings import Findings

_PRINTED = "ngày hẹn trả đã in trên giấy hẹn vẫn được dùng"
_WORDS = {
    "twice": ("có nhiều dòng trong tệp; đã lấy dòng có trạng thái sau cùng", "hãy kiểm tra các dòng trùng mã hồ sơ"),
    "due_early": ("có ngày hẹn trả trước khi tiếp nhận", f"hãy kiểm tra ngày hẹn trả; {_PRINTED}"),
    "due_off": ("có ngày hẹn trả vào ngày nghỉ", f"hãy kiểm tra lịch làm việc (data/working_days.toml); {_PRINTED}"),
    "finished_early": ("kết thúc trước ngày tiếp nhận", "hãy kiểm tra hai ngày này"),
    "undated": ("đã giải quyết nhưng không ghi ngày kết thúc, nên không tính vào ngày nào", "hãy ghi ngày kết thúc"),
    "unfinished": ("đang giải quyết nhưng ghi ngày kết thúc", "hãy kiểm tra trạng thái"),
    "unreceived": ("không ghi ngày tiếp nhận, nên không tính vào ngày nào", "hãy ghi ngày tiếp nhận"),
    "future": ("ghi ngày tiếp nhận hoặc kết thúc sau hôm nay", "hãy kiểm tra các ngày này"),
}
_ROWS_NAMED = 3


class Oddities:
    """Counts per kind of oddity; `newest` is the newest moment of reception or finish up to `today`."""

    def __init__(self, today: date):
        self._tomorrow = np.datetime64(today + timedelta(days=1), "s")
        self._found: dict[str, tuple[int, list[int]]] = {}
        self.newest = np.datetime64("NaT", "s")

    def note(self, what: str, numbers: np.ndarray) -> None:
        """Rows (by their numbers) of one kind of oddity."""
        if len(numbers):
            count, first = self._found.get(what, (0, []))
            self._found[what] = count + len(numbers), [*first, *numbers[:_ROWS_NAMED].tolist()][:_ROWS_NAMED]

    def look(self, frame: pd.DataFrame, due_is_day: np.ndarray, numbers: np.ndarray) -> None:
        """Look through dossiers (SINGLE_COLUMNS) whose rows have these numbers."""
        received, due, finished = (frame[name].to_numpy() for name in ("received_at", "due", "finished_at"))
        state = frame["state"].fillna(0).to_numpy(dtype=int)
        for moments in (received, finished):
            past = moments[moments < self._tomorrow]
            if len(past):
                self.newest = np.fmax(self.newest, past.max())
        day = "datetime64[D]"
        early = np.where(due_is_day, due.astype(day) < received.astype(day), due < received)
        self.note("due_early", numbers[early])
        self.note("due_off", numbers[~np.isnat(due) & ~workdays.calendar().is_working(due)])
        self.note("finished_early", numbers[finished < received.astype(day)])
        self.note("undated", numbers[np.isin(state, (7, 9, 10)) & np.isnat(finished)])
        self.note("unfinished", numbers[np.isin(state, (2, 4)) & ~np.isnat(finished)])
        self.note("unreceived", numbers[np.isnat(received) & ~np.isin(state, (1, 3))])
        self.note("future", numbers[(received >= self._tomorrow) | (finished >= self._tomorrow)])

    def tell(self, findings: Findings) -> None:
        """One warning a kind."""
        for what, (count, first) in self._found.items():
            message, remedy = _WORDS[what]
            rows = ", ".join(map(str, first)) + (", …" if count > len(first) else "")
            findings.add(f"{text.number(count)} hồ sơ {message} (dòng {rows})", remedy, severity="warning")
