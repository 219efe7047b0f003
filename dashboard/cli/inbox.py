"""The watched folder: which files are complete, claiming one, putting it away. Knows nothing of
what files say.

A file is claimed by renaming it into a folder of the watcher's own below `working/`; of two
watchers only one succeeds. Each watcher holds a lock as long as it lives: claims whose lock is
free belonged to one that died, and go back into the folder. Only plain files are looked at, links
never followed. What one file does wrong is an OSError or a line, never the end of the watcher.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from filelock import FileLock

from dashboard import text
from dashboard.cli.put_away import (
    DONE,
    FILE_MODE,
    REFUSED,
    is_plain_file,
    list_free_names,
    write_report,
)
from dashboard.errors import DashboardError
from dashboard.messages import write_message

WORKING = "working"
_SUBFOLDERS = (DONE, REFUSED, WORKING)
# Written by programs while they save, download or edit.
_UNFINISHED = (
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".crdownload",
    ".download",
    ".filepart",
    ".swp",
    "~",
)
_HIDDEN = (".", "~", "._")
_UNSAFE = re.compile(r"[^\w .,()\[\]+=@-]+")
_LONGEST = 120
_LOCK = ".lock"
_MOST_CLOSED_SECONDS = 5.0
_FOLDER_MODE = 0o700  # as FILE_MODE


class FileStamp(NamedTuple):
    """What a file looks like from outside."""

    size: int
    changed: int
    number: int


class FileLook(NamedTuple):
    """A file's stamp and since when (monotonic seconds) it has been the same."""

    stamp: FileStamp
    since: float


class Inbox:
    """One watcher's view of a folder. Raises DashboardError where the folder cannot be used."""

    def __init__(self, folder: Path, still_seconds: float = 0.0):
        self.folder = folder.resolve()
        self._still_seconds = still_seconds
        # A closed file, too, rests a little: uploads that break off are opened again.
        self._closed_seconds = min(still_seconds / 2, _MOST_CLOSED_SECONDS)
        if not self.folder.is_dir():
            raise DashboardError(
                write_message(
                    "Không có thư mục {folder}; hãy tạo thư mục rồi chạy lại", folder=folder
                )
            )
        self._looks: dict[str, FileLook] = {}
        self._waiting: list[str] = []
        self._open_names: list[str] = []
        self._unmoved: dict[Path, tuple[str, str]] = {}
        self.prepare_folders()
        self._own_folder, self._lock = self._claim_folder()

    def close(self) -> None:
        """Give back what is claimed and let go of the lock."""
        with suppress(OSError):
            self._give_back(self._own_folder)
        self._lock.release()

    def prepare_folders(self) -> list[str]:
        """The folders of the watcher, made where they are missing; a plain file that has the name
        of one gets another name, and is told. Raises DashboardError.
        """
        lines: list[str] = []
        for name in _SUBFOLDERS:
            subfolder = self.folder / name
            try:
                if is_plain_file(subfolder):
                    free_path = next(list_free_names(self.folder, name))
                    os.rename(subfolder, free_path)
                    lines.append(
                        write_message(
                            "{name}: tệp trùng tên thư mục của chương trình, đã đổi tên thành "
                            "{free_path}",
                            name=name,
                            free_path=free_path.name,
                        )
                    )
                subfolder.mkdir(exist_ok=True)
                if not subfolder.is_symlink():
                    with suppress(PermissionError):  # made by another account, which sets its mode
                        subfolder.chmod(_FOLDER_MODE)
            except OSError as error:
                raise DashboardError(
                    write_message(
                        "Không ghi được vào {subfolder} ({os_error}); hãy kiểm tra quyền ghi "
                        "của thư mục và chỗ trống của ổ đĩa",
                        subfolder=subfolder,
                        os_error=describe_os_error(error),
                    )
                ) from error
            if subfolder.is_symlink() or not subfolder.is_dir():
                raise DashboardError(
                    write_message(
                        "{subfolder} phải là một thư mục thật, không phải liên kết; hãy đổi tên nó",
                        subfolder=subfolder,
                    )
                )
        return lines

    def complete(self) -> list[str]:
        """Names of plain files that nobody writes any more; every call is a look.

        They look as they did at the last look, and have been still for the set time where the
        system cannot tell who has them open; where it can, nobody writes them, and half of the time
        (5 seconds at most) is enough. A writer may pause as long as it likes.
        """
        now = time.monotonic()
        looks_before = self._looks
        self._looks = {}
        complete_names = []
        self._waiting = []
        self._open_names = []
        for name, stamp in self._stamp_files():
            look = looks_before.get(name)
            seen_before = look is not None and look.stamp == stamp
            if look is None or not seen_before:
                look = FileLook(stamp, now)
            self._looks[name] = look
            still_seconds = now - look.since
            still = still_seconds >= self._still_seconds
            rested = still_seconds >= self._closed_seconds
            has_writer = look_for_writer(self.folder / name) if rested else None
            if seen_before and rested and (has_writer is False or (still and has_writer is None)):
                complete_names.append(name)
            elif still and has_writer:
                self._open_names.append(name)
            else:
                self._waiting.append(name)
        return sorted(complete_names)

    def has_waiting_files(self) -> bool:
        """Whether the last look saw files that may be complete within the set time."""
        return bool(self._waiting)

    def list_untouched(self) -> list[str]:
        """One line for each thing in the folder that is no plain file and never taken, and for each
        file that was still for the set time at the last look and is open for writing all the same.
        """
        lines: list[str] = [
            write_message(
                "{name}: còn chương trình đang mở để ghi, chưa nhập; hãy đóng tệp ở chương "
                "trình đó",
                name=name,
            )
            for name in sorted(self._open_names)
        ]
        with os.scandir(self.folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith(_HIDDEN) or entry.name in _SUBFOLDERS:
                    continue
                with suppress(FileNotFoundError):
                    mode = entry.stat(follow_symlinks=False).st_mode
                    if not stat.S_ISREG(mode):
                        lines.append(f"{entry.name}: {_describe_mode(mode)}")
        return lines

    def _stamp_files(self) -> Iterator[tuple[str, FileStamp]]:
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.startswith(_HIDDEN) or entry.name.casefold().endswith(_UNFINISHED):
                    continue
                with suppress(FileNotFoundError):  # another watcher was quicker
                    file_status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(file_status.st_mode):
                        yield (
                            entry.name,
                            FileStamp(
                                file_status.st_size, file_status.st_mtime_ns, file_status.st_ino
                            ),
                        )

    def claim(self, name: str) -> Path | None:
        """The file in this watcher's own folder, under a safe name; None where another watcher has
        it. Raises OSError where it cannot be moved.
        """
        self._own_folder.mkdir(exist_ok=True)
        claimed = next(list_free_names(self._own_folder, make_safe_name(name)))
        try:
            os.rename(self.folder / name, claimed)
        except FileNotFoundError:
            return None
        self._looks.pop(name, None)
        # changed into a link between look and claim
        if claimed.is_symlink() or not claimed.is_file():
            claimed.unlink(missing_ok=True)
            return None
        with suppress(OSError):  # another account's file: its folder is shut to all others
            claimed.chmod(FILE_MODE)
        return claimed

    def put_away(self, claimed: Path, where: str, report: str) -> Path:
        """Move a claimed file to done/ or refused/ with its report beside it; nothing there is
        overwritten. Raises OSError where it cannot; `move_again` tries it again.
        """
        try:
            target = self._move(claimed, self.folder / where)
        except OSError:
            self._unmoved[claimed] = (where, report)
            raise
        write_report(target, report)
        return target

    def _move(self, claimed: Path, folder: Path) -> Path:
        for target in list_free_names(folder, claimed.name):
            try:
                os.link(claimed, target)  # unlike a rename it never replaces what is there
            except FileExistsError:
                continue
            except OSError:  # a file system without links
                os.rename(claimed, target)
            else:
                claimed.unlink()
            return target
        raise AssertionError("endless names ended")

    def move_again(self) -> list[Path]:
        """Put away what could not be moved before; where it lies now."""
        targets = []
        for claimed, (where, report) in list(self._unmoved.items()):
            with suppress(OSError):
                targets.append(self.put_away(claimed, where, report))
                del self._unmoved[claimed]
        return targets

    def release(self, claimed: Path) -> None:
        """Put a claimed file back, to be tried again. Raises OSError."""
        self._move(claimed, self.folder)

    def recover(self) -> list[str]:
        """Give back what watchers that died had claimed; the names."""
        names: list[str] = []
        for watcher_folder in (self.folder / WORKING).iterdir():
            if (
                watcher_folder == self._own_folder
                or watcher_folder.is_symlink()
                or not watcher_folder.is_dir()
            ):
                continue
            lock = _lock_folder(watcher_folder)
            if lock is not None:
                with suppress(OSError):  # a file that cannot be moved is tried at the next look
                    names += self._give_back(watcher_folder)
                lock.release()
        return names

    def _give_back(self, watcher_folder: Path) -> list[str]:
        names = []
        fault: OSError | None = None
        for claimed in sorted(watcher_folder.iterdir()):
            if not claimed.name.startswith("."):
                try:
                    self._move(claimed, self.folder)
                    names.append(claimed.name)
                except OSError as error:
                    fault = error
        if fault:
            raise fault
        (watcher_folder / _LOCK).unlink(missing_ok=True)
        with suppress(OSError):
            watcher_folder.rmdir()
        return names

    def _claim_folder(self) -> tuple[Path, FileLock]:
        while True:
            own_folder = self.folder / WORKING / uuid4().hex
            try:
                own_folder.mkdir(_FOLDER_MODE)
            except OSError as error:
                raise DashboardError(
                    write_message(
                        "Không ghi được vào {folder} ({os_error}); hãy kiểm tra quyền ghi và "
                        "chỗ trống của ổ đĩa",
                        folder=self.folder / WORKING,
                        os_error=describe_os_error(error),
                    )
                ) from error
            lock = _lock_folder(own_folder)
            # Another watcher may have taken the new folder for a dead one's before it was locked.
            if lock is not None and (own_folder / _LOCK).exists():
                return own_folder, lock


def look_for_writer(path: Path) -> bool | None:
    """Whether the system says that somebody has the file open for writing; None where it cannot
    tell (a network drive, another account's file).

    Linux lends a file for reading (a lease) only where nobody writes it; it is given back at once.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        # Who opens the file at this moment makes the system call us; by SIGIO it would end us.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    finally:
        os.close(descriptor)
    return False


def describe_os_error(error: OSError) -> str:
    """Why a file or folder cannot be used, in words."""
    return _OS_ERROR_WORDS.get(error.errno or 0, error.strerror or type(error).__name__)


def is_fault_of_machine(error: OSError) -> bool:
    """Whether rights or disk are at fault, which somebody mends while the file waits."""
    return error.errno in _OS_ERROR_WORDS


_OS_ERROR_WORDS = {
    1: write_message("không có quyền"),
    5: write_message("ổ đĩa lỗi đọc ghi"),
    13: write_message("không có quyền"),
    17: write_message("đã có tệp cùng tên"),
    18: write_message("khác ổ đĩa"),
    20: write_message("không phải thư mục"),
    27: write_message("ổ đĩa đầy"),
    28: write_message("ổ đĩa đầy"),
    30: write_message("ổ đĩa chỉ cho đọc"),
    122: write_message("hết hạn mức ổ đĩa"),
}


def _describe_mode(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return write_message("là liên kết, không đọc; hãy chép chính tệp vào thư mục")
    if stat.S_ISDIR(mode):
        return write_message("là thư mục con, không đọc; hãy chép các tệp ra ngoài thư mục đó")
    return write_message("không phải tệp thường, không đọc")


def _lock_folder(watcher_folder: Path) -> FileLock | None:
    """The held lock of a watcher's folder, or None where its owner lives (or it is gone)."""
    lock = FileLock(watcher_folder / _LOCK, timeout=0, mode=FILE_MODE, thread_local=False)
    try:
        lock.acquire()
    except OSError:  # held (filelock.Timeout is one), or the folder is gone
        return None
    return lock


def make_safe_name(name: str) -> str:
    """A file name of letters, digits and plain marks, short enough to carry a report's ending."""
    safe_name = (
        _UNSAFE.sub(
            "_", text.normalize_text(name.encode("utf-8", "replace").decode("utf-8"))
        ).strip(" .")
        or "tep"
    )
    path = Path(safe_name)
    suffix = path.suffix if len(path.suffix) <= 8 else ""
    if len(safe_name.encode()) <= _LONGEST:
        return safe_name
    return path.stem.encode()[:_LONGEST].decode(errors="ignore") + suffix
