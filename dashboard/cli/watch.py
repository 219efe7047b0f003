"""`watch_folder`: imports what is dropped into a folder, and puts it away with a report."""

from __future__ import annotations

import argparse
import fcntl
import os
import re
import signal
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Engine

from dashboard import sources, store, text
from dashboard.cli import console
from dashboard.cli.import_files import find_account_name
from dashboard.errors import DashboardError, FileRefused
from dashboard.settings import Settings
from dashboard.sources.recognise.layouts import load_layouts
from dashboard.store import StoreUnavailable

# The watched folder: which files are complete, claiming one, putting it away. Knows nothing of
# what files say.
#
# A file is claimed by renaming it into a folder of the watcher's own below `working/`; of two
# watchers only one succeeds. Each watcher holds a lock as long as it lives: claims whose lock is
# free belonged to one that died, and go back into the folder. Only plain files are looked at,
# links never followed.

DONE = "done"
REFUSED = "refused"
WORKING = "working"
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


class FileStamp(NamedTuple):
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
            subfolder = self.folder / name
            try:
                subfolder.mkdir(exist_ok=True)
            except OSError as error:
                raise DashboardError(
                    f"Không ghi được vào {subfolder}; hãy kiểm tra quyền ghi của thư mục"
                ) from error
            if subfolder.is_symlink() or not subfolder.is_dir():
                raise DashboardError(
                    f"{subfolder} phải là một thư mục thật, không phải liên kết; hãy đổi tên nó"
                )
        self._stamps: dict[str, FileStamp] = {}
        self._own_folder, self._lock = self._claim_folder()

    def close(self) -> None:
        """Give back what is claimed and let go of the lock."""
        self._give_back(self._own_folder)
        os.close(self._lock)

    def complete(self) -> list[str]:
        """Names of plain files that look as they did at the last look; every call is a look."""
        stamps_before = self._stamps
        self._stamps = dict(self._stamp_files())
        return sorted(
            name for name, stamp in self._stamps.items() if stamps_before.get(name) == stamp
        )

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
        it.
        """
        claimed = self._own_folder / make_safe_name(name)
        try:
            os.rename(self.folder / name, claimed)
        except FileNotFoundError:
            return None
        self._stamps.pop(name, None)
        # changed into a link between look and claim
        if claimed.is_symlink() or not claimed.is_file():
            claimed.unlink(missing_ok=True)
            return None
        return claimed

    def put_away(self, claimed: Path, where: str, report: str) -> Path:
        """Move a claimed file to done/ or refused/ with its report beside it; nothing there is
        overwritten.
        """
        note = claimed.with_name(".report")
        note.write_text(report, encoding="utf-8")
        for target in _list_free_names(self.folder / where, claimed.name):
            try:
                os.link(claimed, target)  # unlike a rename it never replaces what is there
            except FileExistsError:
                continue
            except OSError:  # a file system without links
                os.rename(claimed, target)
            else:
                claimed.unlink()
            os.replace(note, target.with_name(f"{target.name}.txt"))
            return target
        raise AssertionError("endless names ended")

    def release(self, claimed: Path) -> None:
        """Put a claimed file back, to be tried again."""
        _put_back(claimed, self.folder)

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
                names += self._give_back(watcher_folder)
                os.close(lock)
        return names

    def _give_back(self, watcher_folder: Path) -> list[str]:
        names = []
        for claimed in sorted(watcher_folder.iterdir()):
            if not claimed.name.startswith("."):
                names.append(claimed.name)
                _put_back(claimed, self.folder)
        for leftover in (watcher_folder / ".report", watcher_folder / _LOCK):
            leftover.unlink(missing_ok=True)
        with suppress(OSError):
            watcher_folder.rmdir()
        return names

    def _claim_folder(self) -> tuple[Path, int]:
        while True:
            own_folder = self.folder / WORKING / uuid4().hex
            own_folder.mkdir()
            lock = _lock_folder(own_folder)
            # Another watcher may have taken the new folder for a dead one's before it was locked.
            if lock is not None and (own_folder / _LOCK).exists():
                return own_folder, lock


def _lock_folder(watcher_folder: Path) -> int | None:
    """The open lock of a watcher's folder, or None where its owner lives (or it is gone)."""
    try:
        lock = os.open(watcher_folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _put_back(claimed: Path, folder: Path) -> None:
    for target in _list_free_names(folder, claimed.name):
        try:
            os.link(claimed, target)
        except FileExistsError:
            continue
        except OSError:
            os.rename(claimed, target)
        else:
            claimed.unlink()
        return


def _list_free_names(folder: Path, name: str) -> Iterator[Path]:
    """`a.xlsx`, `a (2).xlsx`, `a (3).xlsx` …, without those whose file or report is there."""
    path = Path(name)
    number = 1
    while True:
        candidate = folder / (name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        if not os.path.lexists(candidate):
            yield candidate
        number += 1


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
    return (
        safe_name
        if len(safe_name.encode()) <= _LONGEST
        else path.stem.encode()[:_LONGEST].decode(errors="ignore") + suffix
    )


_ALL_PROBLEMS = 1_001  # every problem that the readers keep
_ADVICE = "Sửa tệp theo các dòng trên rồi thả lại vào thư mục."


def watch_folder(settings: Settings, options: argparse.Namespace) -> int:
    """Look at a folder again and again (or once, with `--once`) and import each complete file in
    it.

    A file is complete when its size and time are the same at two looks. With `--once` the exit
    status is the worst of the files; without it the command runs until it is stopped.
    """
    console.check_province(options.province)
    load_layouts(options.layout)  # a mistake in it is told now, not at the first file
    engine = store.open_store(settings.database_url)
    inbox = Inbox(Path(options.folder))
    worst = console.DONE
    # A service manager stops with SIGTERM: like Ctrl+C, what is claimed goes back into the folder.
    previous_handler = signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"Theo dõi thư mục {console.make_printable(options.folder)} (dừng: Ctrl+C)", flush=True)
    try:
        inbox.recover()
        inbox.complete()
        while True:
            time.sleep(options.every)
            inbox.recover()
            for name in inbox.complete():
                worst = max(worst, _import_claimed(inbox, name, engine, settings, options))
            if options.once:
                return worst
    except KeyboardInterrupt:
        return console.DONE
    finally:
        signal.signal(signal.SIGTERM, previous_handler)
        inbox.close()
        engine.dispose()


def _import_claimed(
    inbox: Inbox, name: str, engine: Engine, settings: Settings, options: argparse.Namespace
) -> int:
    claimed = inbox.claim(name)
    if claimed is None:
        return console.DONE
    try:
        status, lines = _import_file(claimed, engine, settings, options)
    except StoreUnavailable as error:
        # Not the file's fault: it waits in the folder until the store answers again.
        inbox.release(claimed)
        print(error, file=sys.stderr, flush=True)
        return console.REFUSED
    report = "\n".join(
        [
            f"{claimed.name} – {text.format_moment(settings.now())}",
            *lines,
            *([_ADVICE] if status else []),
        ]
    )
    target = inbox.put_away(claimed, REFUSED if status == console.REFUSED else DONE, report + "\n")
    print(f"{lines[0]} → {target.parent.name}/{target.name}", flush=True)
    return status


def _import_file(
    claimed: Path, engine: Engine, settings: Settings, options: argparse.Namespace
) -> tuple[int, list[str]]:
    """The exit status of one file and its report's lines."""
    try:
        batches = sources.read_file_by_province(
            claimed,
            province=options.province,
            today=settings.today(),
            layouts=load_layouts(options.layout),
        )
        lines = []
        for saved, batch in zip(
            store.save_batches(engine, batches, by=find_account_name()), batches, strict=True
        ):
            lines.append(console.describe_saved_batch(saved, batch))
            lines += console.describe_problems(batch.problems, _ALL_PROBLEMS)
        return console.find_exit_status(batches), lines
    except FileRefused as refusal:
        return console.REFUSED, [
            console.make_printable(str(refusal)),
            *console.describe_problems(refusal.problems, _ALL_PROBLEMS),
        ]
    except StoreUnavailable:
        raise
    except Exception as error:
        # A mistake of ours must not stop the folder, nor come back at every restart: the file is
        # put aside. The kind of error alone is told; its words may quote a cell.
        message = f"{claimed.name}: lỗi chương trình ({type(error).__name__}), chưa nhập gì"
        return console.REFUSED, [f"{message}; hãy gửi tệp này cho người quản trị"]
