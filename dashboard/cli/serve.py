"""`set_up_machine`, `serve_dashboard`, `sample`: what a machine needs before anybody looks."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from dataclasses import replace
from itertools import groupby

from sqlalchemy import Engine

from dashboard import reference, sample, sources, store
from dashboard.cli import console
from dashboard.cli.import_files import make_write_turn
from dashboard.cli.safekeeping import back_up_and_migrate
from dashboard.errors import DashboardError
from dashboard.reports import read_criteria
from dashboard.settings import ROOT, Settings
from dashboard.store import accounts, read
from dashboard.store.engine import StoreOutdated
from dashboard.store.undo import fetch_simulated_batches
from dashboard.web import plotly_bundle, static_files
from dashboard.web.client_address import is_loopback
from dashboard.web.server import create_app

# Prepares the static files and starts gunicorn; a person gets one plain line, not a traceback.


class CannotServe(DashboardError):
    """The address cannot be listened on: which, why, what to do."""


def prepare_static_files(settings: Settings) -> str:
    """Fetches the lean plotly.js where npm is there and compresses what the page needs; one line on
    both.

    Seconds the first time, a second when nothing changed. Call it before `run_gunicorn`. Raises
    CannotServe where they cannot be written.
    """
    try:
        bundle = plotly_bundle.fetch_lean_plotly(settings.static_dir)
        changed = static_files.build_static_files(settings, create_app(settings))
    except OSError as problem:
        raise CannotServe(
            f"Không ghi được tệp tĩnh vào {settings.static_dir} "
            f"({problem.strerror or type(problem).__name__}); "
            "hãy kiểm tra chỗ trống, quyền ghi và DASHBOARD_STATIC_DIR."
        ) from None
    return f"{bundle} Tệp tĩnh: {f'{len(changed)} tệp đã nén' if changed else 'không có gì mới'}."


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
            f"Không tìm thấy máy {settings.host}; hãy đặt HOST thành 127.0.0.1 hoặc 0.0.0.0."
        ) from None
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            message = (
                f"Cổng {settings.port} đã có chương trình khác dùng; hãy dừng nó hoặc chọn cổng "
                "khác, ví dụ: "
            )
            raise CannotServe(f"{message}PORT={settings.port % 65535 + 1} make run") from None
        if problem.errno == errno.EACCES:
            raise CannotServe(
                f"Không được phép dùng cổng {settings.port}; hãy chọn cổng từ 1024 trở lên bằng "
                "PORT=8050."
            ) from None
        raise CannotServe(
            f"Không mở được địa chỉ {settings.host}:{settings.port} ({problem.strerror}); hãy "
            "xem lại HOST và PORT."
        ) from None


def run_gunicorn(settings: Settings) -> None:
    """Hands this process over to gunicorn (`gunicorn.conf.py`); returns only by an error."""
    check_address(settings)
    # Opened and migrated here once, so that a broken store is told in one line, not by each worker.
    store.open_store(settings.database_url).dispose()
    read_criteria(settings.criteria)
    os.chdir(ROOT)
    # glibc keeps freed memory apart for each of many threads: a flood of questions leaves 590 MB in
    # each process instead of 375. It is read when a process starts, so it cannot stand in
    # gunicorn.conf.py.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    sys.stdout.flush()
    os.execv(
        sys.executable,
        [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")],
    )


def set_up_machine(settings: Settings, _options: argparse.Namespace) -> int:
    """Store, sample data if the store is empty, static files; quick where all is there already."""
    try:
        engine = store.open_store(settings.database_url)
    except store.StoreMissing:
        engine = store.prepare_store(settings.database_url)
    except StoreOutdated:
        back_up_and_migrate(settings)
        engine = store.open_store(settings.database_url)
    if read.is_store_empty(engine):
        _fill_store(engine, settings)
    engine.dispose()
    print(prepare_static_files(settings))
    return console.DONE


def serve_dashboard(settings: Settings, _options: argparse.Namespace) -> int:
    """Serve until stopped."""
    check_address(settings)
    print(f"Bảng theo dõi: {settings.address} (dừng: Ctrl+C)", flush=True)
    if is_loopback(settings.host):
        _print_first_link(settings)
    if not static_files.is_prepared(settings.static_dir):
        print(
            "Lưu ý: tệp tĩnh chưa được nén cho bản này nên trang tải chậm hơn; hãy chạy lệnh: "
            "python -m dashboard setup",
            flush=True,
        )
    for missing in list_missing_protection(settings):
        print(f"Lưu ý: {missing}", flush=True)
    run_gunicorn(settings)
    return console.DONE


def list_missing_protection(settings: Settings) -> list[str]:
    """What a server that the network reaches should have and these settings lack."""
    if is_loopback(settings.host) or settings.host == "localhost":
        return []
    missing = []
    if not settings.proxies:
        missing.append(
            "máy chủ nghe ngoài máy này mà DASHBOARD_PROXIES trống; hãy đặt nginx ở trước "
            "(deploy/nginx) để có TLS và giới hạn, rồi ghi địa chỉ của nó."
        )
    if not settings.hosts:
        missing.append(
            "DASHBOARD_HOSTS trống nên chỉ vào được bằng địa chỉ số hoặc tên của máy; "
            "hãy ghi tên miền mà trình duyệt dùng."
        )
    elif "*" in settings.hosts:
        missing.append("DASHBOARD_HOSTS là *; hãy ghi đúng các tên miền mà trình duyệt dùng.")
    return missing


def _print_first_link(settings: Settings) -> None:
    """Who starts the server on their own machine can try what needs an account, without commands;
    never where others could read the line's address and use it.
    """
    engine = store.open_store(settings.database_url)
    token = accounts.issue_first_link(engine)
    engine.dispose()
    if token:
        print(
            f"Tạo tài khoản quản trị đầu tiên (một lần, trong 15 phút): "
            f"{settings.address}lien-ket/{token}",
            flush=True,
        )


def fill_sample(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the sample data up to today; what is of today already stays, what is older
    is replaced.
    """
    engine = store.open_store(settings.database_url)
    _fill_store(engine, settings)
    engine.dispose()
    return console.DONE


def _fill_store(engine: Engine, settings: Settings) -> None:
    today = settings.today()
    turn = make_write_turn(settings, "sample")
    simulated_days = fetch_simulated_batches(engine)
    fresh_provinces = {
        province for province, days in simulated_days.items() if set(days.values()) == {today}
    }
    for code in sorted(fresh_provinces):
        print(f"{reference.load_province_names()[code]}: số liệu mô phỏng đã là của hôm nay")
    simulated_batches = sample.simulate_batches(today, skip=fresh_provinces)
    for code, batches in groupby(simulated_batches, key=lambda batch: batch.province_code):
        province_batches = list(batches)
        # The older simulation goes in the same transaction: no page ever sees both, or neither.
        saved_batches = store.save_batches(
            engine,
            province_batches,
            by="sample",
            instead_of=tuple(simulated_days.get(code, {})),
            turn=turn,
        )
        for saved, batch in zip(saved_batches, province_batches, strict=True):
            console.print_lines(
                [
                    console.describe_saved_batch(saved, batch),
                    *console.describe_problems(batch.problems),
                ]
            )
    for file in sample.list_published_files():
        batch = sources.read_file(
            file.path, province=file.province, period=file.period, today=today
        )
        batch = replace(batch, origin="published")
        console.print_lines(
            [
                console.describe_saved_batch(
                    store.save_batches(engine, [batch], by="sample", turn=turn)[0], batch
                ),
                *console.describe_problems(batch.problems),
            ]
        )
