"""The column "Lĩnh vực" of a dossier list: public names of domains ("Đất đai", "Hộ tịch"), never a
person.

What stands in the column may be anything: a name or an address that somebody put there is neither
kept nor quoted, and a column that reads like names or addresses is not taken at all.
"""

from __future__ import annotations

import re

import numpy as np

from dashboard import text
from dashboard.messages import write_message

# The national catalogue has some 200 fields; a list with more has something else there.
MOST_FIELDS = 300
LONGEST_FIELD = 120
# Below so many dossiers each may well be of another field.
_FEW_DOSSIERS = 50
# Parts of a phone's or a card's number stand apart, too: "0912 345 678".
_MOST_DIGITS = 5
# Words no field has, as they are written with tones: "Lý lịch tư pháp" is a field, and so is
# "Đường bộ".
_PERSON = re.compile(
    r"(?:(?:ông|bà)\s+)?(?:nguyễn|trần|lê|phạm|huỳnh|hoàng|phan|vũ(?! khí| trường)|võ|đặng|bùi"
    r"|đỗ|ngô|dương|đinh)\s"
    r"|.*\b(?:thôn|ngõ|ngách|hẻm|ấp|số nhà|tổ dân phố|khu phố)\b|.*@"
)
NOT_TAKEN = (
    write_message(
        "không giống cột tên lĩnh vực (quá nhiều tên khác nhau, hoặc có "
        "thể là tên người, địa chỉ); không nhận cột này"
    ),
    write_message('hãy chỉ ghi tên lĩnh vực của thủ tục, ví dụ "Đất đai"'),
)


def is_field_name(written: str) -> bool:
    """Whether a cell (normalised) may be kept as the name of a field."""
    return (
        len(written) <= LONGEST_FIELD
        and written.isprintable()
        and sum(letter.isdigit() for letter in written) <= _MOST_DIGITS
        and not _PERSON.match(written.casefold())
    )


class FieldNames:
    """The cells of one list as numbers, so that no text is put aside before the whole column was
    seen. `names`: number to the first spelling; None: a cell that is not kept.
    """

    def __init__(self) -> None:
        self.names: list[str | None] = []
        self._numbers: dict[str, int] = {}
        self._filled = self._not_kept = 0

    def read(self, cells: tuple[np.ndarray, list[str]], mask: np.ndarray) -> np.ndarray:
        """The number of each row's cell, -1 where it is blank; rows outside `mask` do not count."""
        codes, different = cells
        used = np.zeros(len(different), dtype=bool)
        used[codes[mask]] = True
        numbers = np.full(len(different), -1, dtype=np.int32)
        for position in np.flatnonzero(used).tolist():
            numbers[position] = self._find_number(different[position])
        read = np.where(mask, numbers[codes], -1)
        self._filled += int((read >= 0).sum())
        self._not_kept += int(self.find_not_kept(read).sum())
        return read

    def _find_number(self, cell: str) -> int:
        written = text.normalize_text(cell)
        key = text.make_spelling_key(written)
        if not key:
            return -1
        is_name = is_field_name(written)
        key = key if is_name else written
        if key not in self._numbers and len(self.names) <= MOST_FIELDS:
            self._numbers[key] = len(self.names)
            self.names.append(written if is_name else None)
        return self._numbers.get(key, MOST_FIELDS)

    def find_not_kept(self, read: np.ndarray) -> np.ndarray:
        """Which rows of what `read` gave have a cell that is not kept."""
        if not self.names:
            return np.zeros(len(read), dtype=bool)
        return (read >= 0) & np.array([name is None for name in self.names], dtype=bool)[read]

    @property
    def is_taken(self) -> bool:
        """Whether the column, seen whole, has names of fields."""
        different = len(self.names)
        return (
            different <= MOST_FIELDS
            and (self._filled <= _FEW_DOSSIERS or 2 * different <= self._filled)
            and 2 * self._not_kept <= self._filled
        )

    def tell(self, read: np.ndarray) -> np.ndarray:
        """The names of what `read` gave, None where none is kept."""
        names = np.array([*(self.names if self.is_taken else []), None], dtype=object)
        return names[np.where(self.is_taken, read, -1)]
