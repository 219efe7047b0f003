"""`serve_dashboard`: a person who starts the server gets one plain line, not a traceback."""

from __future__ import annotations

import argparse
import errno
import multiprocessing
import os
import runpy
import socket
import sys
from concurrent.futures import ProcessPoolExecutor

from dashboard import store
from dashboard.cli.language import tell_user, translate_message
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.settings import ROOT, Settings
from dashboard.store import accounts
from dashboard.web import static_files
from dashboard.web.client_address import is_loopback

# Here stands only what a server needs anyway: nobody waits for readers of files or sample data.
# What counts (dashboard.counters) is left to gunicorn.conf.py, which first says where.


class CannotServe(DashboardError):
    """The address cannot be listened on: which, why, what to do."""


def check_address(settings: Settings) -> None:
    """Raises CannotServe where the port is taken or may not be used."""
    try:
        family, socket_type, protocol, _, socket_address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, socket_type, protocol) as probe:
            # As gunicorn does: a port that only waits for old connections to end is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(socket_address)
            probe.listen(1)
    except socket.gaierror:
        raise CannotServe(
            write_message(
                "Không tìm thấy máy {host}; hãy đặt HOST thành 127.0.0.1 hoặc 0.0.0.0.",
                host=settings.host,
            )
        ) from None
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            message = write_message(
                "Cổng {port} đã có chương trình khác dùng; hãy dừng nó hoặc chọn cổng "
                "khác, ví dụ: PORT={free_port} make run",
                port=settings.port,
                free_port=settings.port % 65535 + 1,
            )
            raise CannotServe(message) from None
        if problem.errno == errno.EACCES:
            raise CannotServe(
                write_message(
                    "Không được phép dùng cổng {port}; hãy chọn cổng từ 1024 trở lên bằng "
                    "PORT=8050.",
                    port=settings.port,
                )
            ) from None
        raise CannotServe(
            write_message(
                "Không mở được địa chỉ {host}:{port} ({strerror}); hãy xem lại HOST và PORT.",
                host=settings.host,
                port=settings.port,
                strerror=problem.strerror,
            )
        ) from None


def run_gunicorn(settings: Settings) -> None:
    """Becomes gunicorn (`gunicorn.conf.py`) in this same process, so that what is imported already
    is not imported again; ends with SystemExit. A store or file of settings that cannot be used is
    one plain line there (`app.py`).
    """
    check_address(settings)
    os.chdir(ROOT)
    sys.stdout.flush()
    sys.argv[1:] = ["--config", str(ROOT / "gunicorn.conf.py")]
    runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)


def serve_dashboard(settings: Settings, _options: argparse.Namespace) -> int:
    """Serve until stopped."""
    check_address(settings)
    print(
        tell_user("Bảng theo dõi: {address} (dừng: Ctrl+C)", address=settings.address),
        flush=True,
    )
    if is_loopback(settings.host):
        _print_first_link(settings)
    told = compress_changed_files(settings)
    if told:
        print(translate_message(told), flush=True)
    for missing in list_missing_protection(settings):
        print(tell_user("Lưu ý: {missing}", missing=missing), flush=True)
    run_gunicorn(settings)
    return 0


def compress_changed_files(settings: Settings) -> str:
    """Compresses what the pages need where the compressed files are of another program; one line
    on it, "" where nothing was to do. Asks no other server; a folder that cannot be written is
    told and not an error, since the pages stand without it.
    """
    if static_files.is_prepared(settings.static_dir):
        return ""
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            count = pool.submit(_compress_files, settings).result()
    except OSError as problem:
        return write_message(
            "Lưu ý: tệp tĩnh chưa được nén cho bản này nên trang tải chậm hơn "
            "({strerror}: {static_dir}); hãy chạy lệnh: python -m dashboard setup",
            strerror=problem.strerror or type(problem).__name__,
            static_dir=settings.static_dir,
        )
    return write_message("Đã nén {count} tệp tĩnh cho bản này.", count=count)


def _compress_files(settings: Settings) -> int:
    """In a process of its own: this one keeps clear of what the app imports and opens."""
    from dashboard.web.server import create_app

    return len(static_files.build_static_files(settings, create_app(settings)))


def list_missing_protection(settings: Settings) -> list[str]:
    """What a server that the network reaches should have and these settings lack."""
    if is_loopback(settings.host) or settings.host == "localhost":
        return []
    missing: list[str] = []
    if not settings.proxies:
        missing.append(
            write_message(
                "máy chủ nghe ngoài máy này mà DASHBOARD_PROXIES trống; hãy đặt nginx ở"
                " trước (deploy/nginx) để có TLS và giới hạn, rồi ghi địa chỉ của nó."
            )
        )
    if not settings.hosts:
        missing.append(
            write_message(
                "DASHBOARD_HOSTS trống nên chỉ vào được bằng địa chỉ số hoặc tên của "
                "máy; hãy ghi tên miền mà trình duyệt dùng."
            )
        )
    elif "*" in settings.hosts:
        missing.append(
            write_message("DASHBOARD_HOSTS là *; hãy ghi đúng các tên miền mà trình duyệt dùng.")
        )
    return missing


def _print_first_link(settings: Settings) -> None:
    """Who starts the server on their own machine can try what needs an account, without commands;
    never where others could read the line's address and use it.
    """
    engine = store.open_store(settings.database_url)
    try:
        token = accounts.issue_first_link(engine)
    except store.StoreUnavailable:
        print(
            tell_user(
                "Lưu ý: không ghi được vào kho dữ liệu nên chỉ xem được; hãy kiểm tra "
                "chỗ trống và quyền ghi của ổ đĩa (python -m dashboard doctor)"
            ),
            flush=True,
        )
        return
    finally:
        engine.dispose()
    if token:
        print(
            tell_user(
                "Tạo tài khoản quản trị đầu tiên (một lần, trong 15 phút): "
                "{address}lien-ket/{token}",
                address=settings.address,
                token=token,
            ),
            flush=True,
        )
