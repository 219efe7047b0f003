"""`watch_folder`: imports what is dropped into a folder, and puts it away with a report."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from dashboard import sources, store, text
from dashboard.cli import console
from dashboard.cli.inbox import Inbox, describe_os_error, is_fault_of_machine
from dashboard.cli.language import tell_user
from dashboard.cli.put_away import DONE, REFUSED, delete_expired
from dashboard.errors import DashboardError, FileRefused
from dashboard.messages import write_message
from dashboard.settings import Settings
from dashboard.sources.formats.opening import ContentStamp, FileChanging, stamp_content
from dashboard.sources.recognise.layouts import load_layouts
from dashboard.store import StoreUnavailable
from dashboard.store.clock import read_clock
from dashboard.store.machines import WatcherMark, save_watcher_mark

_ALL_PROBLEMS = 1_001  # every problem that the readers keep
# In the report beside a file, which is Vietnamese whatever the terminal speaks.
_ADVICE = "Sửa tệp theo các dòng trên rồi thả lại vào thư mục."
_MARK_SECONDS = 20.0
_SWEEP_SECONDS = 3_600.0
_SET_SECONDS = 3_600.0  # by so much a clock does not go wrong by itself


def watch_folder(settings: Settings, options: argparse.Namespace) -> int:
    """Look at a folder again and again (or once, with `--once`) and import each complete file in
    it (`Inbox.complete` says which are).

    With `--once` the exit status is the worst of the files; without it the command runs until it is
    stopped. Whatever is wrong with one file is told, and the next one is taken.
    """
    console.check_province(options.province)
    load_layouts(options.layout)  # a mistake in it is told now, not at the first file
    engine = store.open_store(settings.database_url)
    inbox = Inbox(Path(options.folder), settings.watch_still)
    watcher = _Watcher(inbox, engine, settings, options)
    # A service manager stops with SIGTERM: like Ctrl+C, what is claimed goes back into the folder.
    previous_handler = signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(
        tell_user(
            "Theo dõi thư mục {folder} (dừng: Ctrl+C)",
            folder=console.make_printable(options.folder),
        ),
        flush=True,
    )
    try:
        if options.once:
            return watcher.look_once()
        watcher.look_for_ever()
    except KeyboardInterrupt:
        return console.DONE
    finally:
        signal.signal(signal.SIGTERM, previous_handler)
        watcher.mark_life(stopped=True)
        inbox.close()
        engine.dispose()
    return console.DONE


class _Watcher:
    """A folder, the store, and what was said of the folder already."""

    def __init__(
        self, inbox: Inbox, engine: Engine, settings: Settings, options: argparse.Namespace
    ) -> None:
        self.inbox = inbox
        self.engine = engine
        self.settings = settings
        self.options = options
        self._lines_told: set[str] = set()
        self._started_at = read_clock()
        self._marked_at = -_MARK_SECONDS
        self._swept_at = -_SWEEP_SECONDS
        self._clock_offset = time.time() - time.monotonic()
        self._last_fault = ""
        self._imported = 0
        self._refused = 0

    def look_once(self) -> int:
        """Until each file that was there is in the store or is known to be still written."""
        deadline = time.monotonic() + self.settings.watch_still + 2 * self.options.every
        self._look()
        worst = console.DONE
        while True:
            time.sleep(self.options.every)
            worst = max(worst, self._look())
            if not self.inbox.has_waiting_files() or time.monotonic() > deadline:
                return worst

    def look_for_ever(self) -> None:
        while True:
            self._look()
            time.sleep(self.options.every)

    def _look(self) -> int:
        """One look; the worst status of its files. A folder that is away is told and waited for."""
        worst = console.DONE
        try:
            lines = self.inbox.prepare_folders()
            self.inbox.recover()
            for target in self.inbox.move_again():
                lines.append(
                    write_message(
                        "đã chuyển được {folder}/{name}",
                        folder=target.parent.name,
                        name=target.name,
                    )
                )
            self._sweep()
            names = self.inbox.complete()
            self._tell_new([*lines, *self.inbox.list_untouched()])
        except (OSError, DashboardError) as error:
            reason = describe_os_error(error) if isinstance(error, OSError) else error.args[0]
            self._tell_fault(
                write_message(
                    "Không xem được thư mục {folder} ({reason}); sẽ thử lại",
                    folder=self.inbox.folder,
                    reason=reason,
                )
            )
            return console.REFUSED
        if time.monotonic() - self._marked_at >= _MARK_SECONDS:
            self.mark_life()
        for name in names:
            worst = max(worst, self._take_file(name))
        return worst

    def _tell_new(self, lines: list[str]) -> None:
        """Each line once, and again when it was gone in between."""
        for line in lines:
            if line not in self._lines_told:
                print(console.make_printable(line), file=sys.stderr, flush=True)
        self._lines_told = {line for line in self._lines_told if line in lines} | set(lines)

    def _tell_fault(self, line: str) -> None:
        """A fault that stays is told once, not at every look."""
        if line != self._last_fault:
            print(console.make_printable(line), file=sys.stderr, flush=True)
        self._last_fault = line

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at < _SWEEP_SECONDS:
            return
        self._swept_at = time.monotonic()
        offset = time.time() - self._swept_at
        if abs(offset - self._clock_offset) > _SET_SECONDS:
            # The clock was set: what looks old may be of today. The next look believes it.
            self._clock_offset = offset
            return
        for name in delete_expired(self.inbox.folder, self.settings.watch_keep_days):
            days = self.settings.watch_keep_days
            print(
                tell_user("{name}: đã xóa sau {days} ngày, báo cáo còn giữ", name=name, days=days),
                flush=True,
            )

    def mark_life(self, *, file_name: str = "", stopped: bool = False) -> None:
        """Say in the store that the watcher lives, and what it does; where the store does not take
        it, the silence itself will be seen.
        """
        if self.options.once:
            return
        self._marked_at = time.monotonic()
        now = read_clock()
        mark = WatcherMark(
            folder=str(self.inbox.folder),
            process=os.getpid(),
            started_at=self._started_at,
            stopped=stopped,
            file_name=file_name,
            imported=self._imported,
            refused=self._refused,
            fault=console.make_printable(str(self._last_fault)),
        )
        with suppress(StoreUnavailable):
            save_watcher_mark(self.engine, mark, now)

    def _take_file(self, name: str) -> int:
        """Import one file and put it away; whatever happens to it is told and ends here."""
        try:
            claimed = self.inbox.claim(name)
        except OSError as error:
            reason = describe_os_error(error)
            self._tell_fault(
                write_message(
                    "{name}: không chuyển được tệp ({reason}), chưa nhập; sẽ thử lại",
                    name=name,
                    reason=reason,
                )
            )
            return console.REFUSED
        if claimed is None:
            return console.DONE
        self.mark_life(file_name=claimed.name)
        try:
            return self._import_claimed(claimed)
        finally:
            self.mark_life()

    def _import_claimed(self, claimed: Path) -> int:
        try:
            before = stamp_content(claimed)
            status, lines = _import_file(claimed, before, self.engine, self.settings, self.options)
            if stamp_content(claimed) != before:
                raise _make_waiting_error(claimed)
        except (StoreUnavailable, FileChanging, OSError) as error:
            # Not the file's fault: it waits in the folder until it is whole, or the store answers.
            self._release(claimed, error)
            return console.REFUSED
        self._imported += status != console.REFUSED
        self._refused += status == console.REFUSED
        report = "\n".join(
            [
                f"{claimed.name} – {text.format_moment(self.settings.now())}",
                f"SHA-256 {before.sha256}",
                # Vietnamese whatever the terminal speaks: for who sent the file.
                *(console.make_printable(str(line)) for line in lines),
                *([_ADVICE] if status else []),
            ]
        )
        where = REFUSED if status == console.REFUSED else DONE
        try:
            target = self.inbox.put_away(claimed, where, report + "\n")
        except OSError as error:
            self._tell_fault(
                write_message(
                    "{line}; nhưng không chuyển được tệp vào {where}/ ({os_error}), sẽ thử lại",
                    line=lines[0],
                    where=where,
                    os_error=describe_os_error(error),
                )
            )
            return console.REFUSED
        self._last_fault = ""
        told = console.make_printable(lines[0])
        print(f"{told} → {target.parent.name}/{target.name}", flush=True)
        return status

    def _release(self, claimed: Path, error: Exception) -> None:
        reason = describe_os_error(error) if isinstance(error, OSError) else error.args[0]
        if isinstance(error, FileChanging):
            line = reason
        else:
            line = write_message("{name}: {reason}", name=claimed.name, reason=reason)
        try:
            self.inbox.release(claimed)
        except OSError as fault:  # it stays claimed; a watcher that starts later gives it back
            line = write_message(
                "{line}; không trả được tệp về thư mục ({os_error})",
                line=line,
                os_error=describe_os_error(fault),
            )
        self._tell_fault(line)


def _make_waiting_error(claimed: Path) -> FileChanging:
    return FileChanging(
        claimed.name,
        write_message("tệp còn đang được ghi"),
        write_message("chưa nhập gì, chờ ghi xong sẽ nhập lại"),
    )


def _import_file(
    claimed: Path,
    before: ContentStamp,
    engine: Engine,
    settings: Settings,
    options: argparse.Namespace,
) -> tuple[int, list[str]]:
    """The exit status of one file and its report's lines."""

    def refuse_changed_file() -> None:
        if stamp_content(claimed) != before:
            raise _make_waiting_error(claimed)

    try:
        batches = sources.read_file_by_province(
            claimed,
            province=options.province,
            today=settings.today(),
            layouts=load_layouts(options.layout),
        )
        refuse_changed_file()
        lines = []
        saved_batches = store.save_batches(
            engine,
            batches,
            by=console.find_account_name(),
            turn=console.make_write_turn(settings, f"watch {claimed.name}"),
            confirm=refuse_changed_file,
        )
        for saved, batch in zip(saved_batches, batches, strict=True):
            lines.append(console.describe_saved_batch(saved, batch))
            lines += console.describe_problems(batch.problems, _ALL_PROBLEMS)
        return console.find_exit_status(batches), lines
    except FileChanging:
        raise
    except FileRefused as refusal:
        cause = refusal.__cause__
        if isinstance(cause, OSError) and is_fault_of_machine(cause):
            raise cause from refusal  # no room to read it in: the file is good, and waits
        return console.REFUSED, [
            refusal.args[0],
            *console.describe_problems(refusal.problems, _ALL_PROBLEMS),
        ]
    except StoreUnavailable:
        raise
    except Exception as error:
        if isinstance(error, OSError) and is_fault_of_machine(error):
            raise
        # A mistake of ours must not stop the folder, nor come back at every restart: the file is
        # put aside. The kind of error alone is told; its words may quote a cell.
        message = write_message(
            "{name}: lỗi chương trình ({kind}), chưa nạp gì",
            name=claimed.name,
            kind=type(error).__name__,
        )
        return console.REFUSED, [
            write_message("{message}; hãy gửi tệp này cho người quản trị", message=message)
        ]
