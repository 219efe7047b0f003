"""What was put away: done/ and refused/ of the watched folder, each file with its report beside it;
when its days are over only report and hash stay.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from dashboard.sources.formats.opening import digest_file

DONE = "done"
REFUSED = "refused"
# Whole lists with names of persons lie here: for the watcher's own account alone.
FILE_MODE = 0o600
_REPORT = ".txt"
_DELETED_MARK = "Tệp đã được xóa sau"


def delete_expired(folder: Path, keep_days: int) -> list[str]:
    """Delete what was put away more than so many days ago, but for its report, which gets the
    file's SHA-256; the names. What is kept is shut to other accounts.
    """
    oldest = time.time() - keep_days * 86_400
    names = []
    for file in _list_put_away(folder):
        with suppress(OSError):  # the next one; this one again in an hour
            report = file.with_name(f"{file.name}{_REPORT}")
            # the file's own time is its writer's; a report is written when it is put away
            put_away_at = report.lstat().st_mtime if report.exists() else file.lstat().st_ctime
            _shut_file(file)
            if put_away_at <= oldest:
                _note_deletion(file, report, keep_days)
                names.append(f"{file.parent.name}/{file.name}")
    return names


def _list_put_away(folder: Path) -> list[Path]:
    files = []
    for name in (DONE, REFUSED):
        paths = [path for path in (folder / name).iterdir() if is_plain_file(path)]
        present = {path.name for path in paths}
        for path in paths:
            if path.name.removesuffix(_REPORT) in present - {path.name}:
                with suppress(OSError):
                    _shut_file(path)
            elif not _is_report_of_deleted(path):
                files.append(path)
    return files


def _shut_file(path: Path) -> None:
    """To other accounts; only where it is open to them, because its times change with it."""
    if stat.S_IMODE(path.lstat().st_mode) != FILE_MODE:
        path.chmod(FILE_MODE)


def _is_report_of_deleted(path: Path) -> bool:
    if not path.name.endswith(_REPORT):
        return False
    with suppress(OSError, UnicodeDecodeError):
        return _DELETED_MARK in path.read_text(encoding="utf-8")
    return False


def _note_deletion(file: Path, report: Path, keep_days: int) -> None:
    line = f"{_DELETED_MARK} {keep_days} ngày; SHA-256 {digest_file(file)}\n"
    descriptor = os.open(report, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
        stream.write(line)
    file.unlink()


def write_report(target: Path, report: str) -> None:
    """Beside the file. On a full disk there is none: what it would say was printed as well."""
    with suppress(OSError):
        path = target.with_name(f"{target.name}{_REPORT}")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(report)


def is_plain_file(path: Path) -> bool:
    """Neither a folder nor a link; False where nothing is there."""
    with suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False


def list_free_names(folder: Path, name: str) -> Iterator[Path]:
    """`a.xlsx`, `a (2).xlsx`, `a (3).xlsx` …, without those whose file or report is there."""
    path = Path(name)
    number = 1
    while True:
        candidate = folder / (name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        report = candidate.with_name(f"{candidate.name}{_REPORT}")
        if not os.path.lexists(candidate) and not os.path.lexists(report):
            yield candidate
        number += 1
