"""`watch`: imports what is dropped into a folder, and puts it away with a report."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from sqlalchemy import Engine

from dashboard import sources, store, text
from dashboard.commands import telling
from dashboard.commands.importing import who
from dashboard.commands.inbox import DONE, REFUSED, Inbox
from dashboard.errors import FileRefused
from dashboard.settings import Settings
from dashboard.sources.layouts import in_use
from dashboard.store import StoreUnavailable

_ALL = 1_001  # every problem that the readers keep
_ADVICE = "Sửa tệp theo các dòng trên rồi thả lại vào thư mục."


def watch(settings: Settings, asked: argparse.Namespace) -> int:
    """Look at a folder again and again (or once, with `--once`) and import each complete file in it.

    A file is complete when its size and time are the same at two looks. With `--once` the exit status is
    the worst of the files; without it the command runs until it is stopped.
    """
    telling.known_province(asked.province)
    in_use(asked.layout)  # a mistake in it is told now, not at the first file
    engine = store.open_store(settings.database_url)
    inbox = Inbox(Path(asked.folder))
    worst = telling.DONE
    # A service manager stops with SIGTERM: like Ctrl+C, what is claimed goes back into the folder.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"Theo dõi thư mục {telling.printable(asked.folder)} (dừng: Ctrl+C)", flush=True)
    try:
        inbox.recover()
        inbox.complete()
        while True:
            time.sleep(asked.every)
            inbox.recover()
            for name in inbox.complete():
                worst = max(worst, _take(inbox, name, engine, settings, asked))
            if asked.once:
                return worst
    except KeyboardInterrupt:
        return telling.DONE
    finally:
        signal.signal(signal.SIGTERM, before)
        inbox.close()
        engine.dispose()


def _take(inbox: Inbox, name: str, engine: Engine, settings: Settings, asked: argparse.Namespace) -> int:
    claimed = inbox.claim(name)
    if claimed is None:
        return telling.DONE
    try:
        status, lines = _import(claimed, engine, settings, asked)
    except StoreUnavailable as error:
        # Not the file's fault: it waits in the folder until the store answers again.
        inbox.release(claimed)
        print(error, file=sys.stderr, flush=True)
        return telling.REFUSED
    report = "\n".join([f"{claimed.name} – {text.moment(settings.now())}", *lines, *([_ADVICE] if status else [])])
    place = inbox.put_away(claimed, REFUSED if status == telling.REFUSED else DONE, report + "\n")
    print(f"{lines[0]} → {place.parent.name}/{place.name}", flush=True)
    return status


def _import(claimed: Path, engine: Engine, settings: Settings, asked: argparse.Namespace) -> tuple[int, list[str]]:
    """The exit status of one file and its report's lines."""
    try:
        batches = sources.read_each(
            claimed, province=asked.province, today=settings.today(), layouts=in_use(asked.layout)
        )
        lines = []
        for saved, batch in zip(store.save_file(engine, batches, by=who()), batches, strict=True):
            lines.append(telling.saved(saved, batch))
            lines += telling.problems(batch.problems, _ALL)
        return telling.status_of(batches), lines
    except FileRefused as refusal:
        return telling.REFUSED, [telling.printable(str(refusal)), *telling.problems(refusal.problems, _ALL)]
    except StoreUnavailable:
        raise
    except Exception as error:
        # A mistake of ours must not stop the folder, nor come back at every restart: the file is put aside.
        # The kind of error alone is told; its words may quote a cell.
        message = f"{claimed.name}: lỗi chương trình ({type(error).__name__}), chưa nhập gì"
        return telling.REFUSED, [f"{message}; hãy gửi tệp này cho người quản trị"]
