"""What a person can fix: which file, row, column and value, and what to do about it.

Messages are Vietnamese, because the clerk who reads them is; a terminal may translate them. A
problem never quotes a cell of a column that holds personal data; the readers drop those columns
before anything is judged.
"""

from __future__ import annotations

import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from dashboard.messages import Message, join_messages, write_message


@dataclass(frozen=True)
class Problem:
    """One thing in a file that a clerk can act on.

    `row` is the row number as the spreadsheet program shows it (1-based), `column` the heading as
    written in the file, `value` the cell as written (shortened), `remedy` what to do.
    `severity` is `refused` (this value or row was not taken) or `warning` (it was taken as is).
    """

    message: Message
    remedy: Message
    row: int | None = None
    column: str | None = None
    value: str | None = None
    severity: Literal["refused", "warning"] = "refused"

    def __str__(self) -> str:
        return str(self.as_message())

    def as_message(self) -> Message:
        """Where, what and what to do in one line, which a terminal may translate."""
        location = []
        if self.row is not None:
            location.append(write_message("dòng {row}", row=self.row))
        if self.column:
            location.append(write_message('cột "{column}"', column=self.column))
        what = self.message
        if self.value is not None:
            what = write_message('"{value}" {message}', value=self.value, message=what)
        line = join_messages("; ", [what, self.remedy])
        return join_messages(": ", [join_messages(", ", location), line]) if location else line

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


_OUR_FOLDER = Path(__file__).parent


def describe_error_location(error: BaseException) -> str:
    """`KeyError at dashboard/reports.py:40`, for the log: the innermost step in our own code, not
    in a library that we handed something wrong. Never the message, which may repeat what was sent
    or read.
    """
    return f"{type(error).__name__} at {list_error_steps(error)[-1]}"


def list_error_steps(error: BaseException) -> list[str]:
    """`dashboard/reports.py:40` of every step in our own code, the innermost last; where none is
    ours, the last of all.
    """
    steps = traceback.extract_tb(error.__traceback__)
    our_steps = [step for step in steps if Path(step.filename).is_relative_to(_OUR_FOLDER)]
    return (
        [
            f"{Path(step.filename).relative_to(_OUR_FOLDER.parent)}:{step.lineno}"
            for step in our_steps
        ]
        or [f"{step.filename}:{step.lineno}" for step in steps[-1:]]
        or ["?"]
    )


def describe_cause(error: BaseException) -> str:
    """`StoreUnavailable (OperationalError: unable to open database file)`, for the log: what lies
    beneath. Only the words of a connection that failed are repeated: they quote no value.
    """
    cause = error.__cause__ or error.__context__
    if cause is None:
        return type(error).__name__
    origin = getattr(cause, "orig", None) or cause
    name = type(origin).__name__
    words = str(origin).strip().splitlines()
    if "OperationalError" not in name or not words:
        return f"{type(error).__name__} ({name})"
    return f"{type(error).__name__} ({name}: {words[0][:120]})"


class DashboardError(Exception):
    """A mistake that its reader can mend; its text is one plain line in Vietnamese."""

    def __init__(self, line: Message):
        super().__init__(line)


class FileRefused(DashboardError):
    """The whole file cannot be taken: what is wrong with it and what to do, for `file`."""

    def __init__(
        self,
        file: str,
        message: Message,
        remedy: Message,
        problems: list[Problem] | None = None,
    ):
        super().__init__(
            write_message("{file}: {message}; {remedy}", file=file, message=message, remedy=remedy)
        )
        self.file = file
        self.message = message
        self.remedy = remedy
        self.problems = problems or []


class SettingInvalid(DashboardError):
    """A setting of the environment that cannot be used: its name, its value, what it may be."""
