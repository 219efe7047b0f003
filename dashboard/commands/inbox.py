"""The watched folder: which files are complete, claiming one, putting it away. Knows nothing of what files say.

A file is claimed by renaming it into a folder of the watcher's own below `working/`; of two watchers only
one succeeds. Each watcher holds a lock as long as it lives: claims whose lock is free belonged to one that
died, and go back into the folder. Only plain files are looked at, links never followed.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from dashboard import text
from dashboard.errors import DashboardError

DONE, REFUSED, WORKING = "done", "refused", "working"
# Written by programs while they save, download or edit.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", "~")
_HIDDEN = (".", "~", "._")
_UNSAFE = re.compile(r"[^\w .,()\[\]+=@-]+")
_LONGEST = 120
_LOCK = ".lock"


class Look(NamedTuple):
    """What a file looked like: two equal looks in a row mean that nobody is writing it any more."""

    size: int
    changed: int
    number: int


class Inbox:
    """One watcher's view of a folder. Raises DashboardError where the folder cannot be used."""

    def __init__(self, folder: Path):
        self.folder = folder.resolve()
        if not self.folder.is_dir():
            raise DashboardError(f"Không có thư mục {folder}; hãy tạo thư mục rồi chạy lại")
        for name in (DONE, REFUSED, WORKING):
            place = self.folder / name
            try:
                place.mkdir(exist_ok=True)
            except OSError as error:
                raise DashboardError(f"Không ghi được vào {place}; hãy kiểm tra quyền ghi của thư mục") from error
            if place.is_symlink() or not place.is_dir():
                raise DashboardError(f"{place} phải là một thư mục thật, không phải liên kết; hãy đổi tên nó")
        self._seen: dict[str, Look] = {}
        self._own, self._lock = self._claim_folder()

    def close(self) -> None:
        """Give back what is claimed and let go of the lock."""
        self._give_back(self._own)
        os.close(self._lock)

    def complete(self) -> list[str]:
        """Names of plain files that look as they did at the last look; every call is a look."""
        before, self._seen = self._seen, dict(self._look())
        return sorted(name for name, look in self._seen.items() if before.get(name) == look)

    def _look(self) -> Iterator[tuple[str, Look]]:
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.startswith(_HIDDEN) or entry.name.casefold().endswith(_UNFINISHED):
                    continue
                with suppress(FileNotFoundError):  # another watcher was quicker
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(about.st_mode):
                        yield entry.name, Look(about.st_size, about.st_mtime_ns, about.st_ino)

    def claim(self, name: str) -> Path | None:
        """The file in this watcher's own folder, under a safe name; None where another watcher has it."""
        claimed = self._own / safe(name)
        try:
            os.rename(self.folder / name, claimed)
        except FileNotFoundError:
            return None
        self._seen.pop(name, None)
        if claimed.is_symlink() or not claimed.is_file():  # changed into a link between look and claim
            claimed.unlink(missing_ok=True)
            return None
        return claimed

    def put_away(self, claimed: Path, where: str, report: str) -> Path:
        """Move a claimed file to done/ or refused/ with its report beside it; nothing there is overwritten."""
        note = claimed.with_name(".report")
        note.write_text(report, encoding="utf-8")
        for place in _free_names(self.folder / where, claimed.name):
            try:
                os.link(claimed, place)  # unlike a rename it never replaces what is there
            except FileExistsError:
                continue
            except OSError:  # a file system without links
                os.rename(claimed, place)
            else:
                claimed.unlink()
            os.replace(note, place.with_name(f"{place.name}.txt"))
            return place
        raise AssertionError("endless names ended")

    def release(self, claimed: Path) -> None:
        """Put a claimed file back, to be tried again."""
        _back(claimed, self.folder)

    def recover(self) -> list[str]:
        """Give back what watchers that died had claimed; the names."""
        found: list[str] = []
        for place in (self.folder / WORKING).iterdir():
            if place == self._own or place.is_symlink() or not place.is_dir():
                continue
            lock = _locked(place)
            if lock is not None:
                found += self._give_back(place)
                os.close(lock)
        return found

    def _give_back(self, place: Path) -> list[str]:
        names = []
        for claimed in sorted(place.iterdir()):
            if not claimed.name.startswith("."):
                names.append(claimed.name)
                _back(claimed, self.folder)
        for rest in (place / ".report", place / _LOCK):
            rest.unlink(missing_ok=True)
        with suppress(OSError):
            place.rmdir()
        return names

    def _claim_folder(self) -> tuple[Path, int]:
        while True:
            place = self.folder / WORKING / uuid4().hex
            place.mkdir()
            lock = _locked(place)
            # Another watcher may have taken the new folder for a dead one's before it was locked.
            if lock is not None and (place / _LOCK).exists():
                return place, lock


def _locked(place: Path) -> int | None:
    """The open lock of a watcher's folder, or None where its owner lives (or it is gone)."""
    try:
        lock = os.open(place / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _back(claimed: Path, folder: Path) -> None:
    for place in _free_names(folder, claimed.name):
        try:
            os.link(claimed, place)
        except FileExistsError:
            continue
        except OSError:
            os.rename(claimed, place)
        else:
            claimed.unlink()
        return


def _free_names(folder: Path, name: str) -> Iterator[Path]:
    """`a.xlsx`, `a (2).xlsx`, `a (3).xlsx` …, without those whose file or report is there."""
    path, number = Path(name), 1
    while True:
        place = folder / (name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        if not os.path.lexists(place):
            yield place
        number += 1


def safe(name: str) -> str:
    """A file name of letters, digits and plain marks, short enough to carry a report's ending."""
    plain = _UNSAFE.sub("_", text.normal(name.encode("utf-8", "replace").decode("utf-8"))).strip(" .") or "tep"
    path = Path(plain)
    suffix = path.suffix if len(path.suffix) <= 8 else ""
    return plain if len(plain.encode()) <= _LONGEST else path.stem.encode()[:_LONGEST].decode(errors="ignore") + suffix
