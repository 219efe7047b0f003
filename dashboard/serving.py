"""Prepares the static files and starts gunicorn; a person gets one plain line, not a traceback."""

from __future__ import annotations

import errno
import os
import socket
import sys

from dashboard import static, store, vendor
from dashboard.errors import DashboardError
from dashboard.reports import read_criteria
from dashboard.server import create_app
from dashboard.settings import ROOT, Settings


class CannotServe(DashboardError):
    """The address cannot be listened on: which, why, what to do."""


def prepare(settings: Settings) -> str:
    """Fetches the lean plotly.js where npm is there and compresses what the page needs; one line on both.

    Seconds the first time, a second when nothing changed. Call it before `run`. Raises CannotServe
    where they cannot be written.
    """
    try:
        bundle = vendor.fetch_lean_plotly(settings.static_dir)
        changed = static.build(settings, create_app(settings))
    except OSError as problem:
        raise CannotServe(
            f"Không ghi được tệp tĩnh vào {settings.static_dir} ({problem.strerror or type(problem).__name__}); "
            "hãy kiểm tra chỗ trống, quyền ghi và DASHBOARD_STATIC_DIR."
        ) from None
    return f"{bundle} Tệp tĩnh: {f'{len(changed)} tệp đã nén' if changed else 'không có gì mới'}."


def check_address(settings: Settings) -> None:
    """Raises CannotServe where the port is taken or may not be used."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As gunicorn does: a port that only waits for old connections to end is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except socket.gaierror:
        raise CannotServe(f"Không tìm thấy máy {settings.host}; hãy đặt HOST thành 127.0.0.1 hoặc 0.0.0.0.") from None
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            said = f"Cổng {settings.port} đã có chương trình khác dùng; hãy dừng nó hoặc chọn cổng khác, ví dụ: "
            raise CannotServe(f"{said}PORT={settings.port % 65535 + 1} make run") from None
        if problem.errno == errno.EACCES:
            raise CannotServe(
                f"Không được phép dùng cổng {settings.port}; hãy chọn cổng từ 1024 trở lên bằng PORT=8050."
            ) from None
        raise CannotServe(
            f"Không mở được địa chỉ {settings.host}:{settings.port} ({problem.strerror}); hãy xem lại HOST và PORT."
        ) from None


def run(settings: Settings) -> None:
    """Hands this process over to gunicorn (`gunicorn.conf.py`); returns only by an error."""
    check_address(settings)
    # Opened and migrated here once, so that a broken store is told in one line, not by each worker.
    store.open_store(settings.database_url).dispose()
    read_criteria(settings.criteria)
    os.chdir(ROOT)
    # glibc keeps freed memory apart for each of many threads: a flood of questions leaves 590 MB in each process
    # instead of 375. It is read when a process starts, so it cannot stand in gunicorn.conf.py.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")])
