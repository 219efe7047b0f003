"""`doctor`: what stands in the way of this machine's service, a line each with its remedy."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from dashboard import store, text
from dashboard.cli import console
from dashboard.cli.serve import list_missing_protection
from dashboard.errors import DashboardError
from dashboard.reference import FIRST_DAY, VIETNAM
from dashboard.reports import read_criteria
from dashboard.settings import Settings
from dashboard.store import exports
from dashboard.store.engine import list_revisions
from dashboard.store.inspection import find_page_fault
from dashboard.web import static_files
from dashboard.web.data.watchers import list_watchers

_FINE, _REMARK, _FAULT = "tốt", "chú ý", "LỖI"
_MEGABYTE = 1_000_000
# Less than that, and the next import or restore may not fit.
_LEAST_FREE = 500 * _MEGABYTE
# Clocks of two machines differ; a batch of tomorrow means that one of them is wrong.
_CLOCK_TOLERANCE = timedelta(minutes=10)


class Finding(NamedTuple):
    """How grave it is, what it is about, what was seen, what to do about it ("": nothing)."""

    level: str
    subject: str
    remark: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.level:<5}  {self.subject}: {self.remark}{remedy}"


def examine_machine(settings: Settings, _options: argparse.Namespace) -> int:
    """Print every finding; exit status 0 where all is well, 1 with remarks, 2 with faults."""
    looks = (
        _look_at_settings,
        _look_at_clock,
        _look_at_folders,
        _look_at_static_files,
        _look_at_network,
        _look_at_store,
    )
    findings = [finding for look in looks for finding in _look_safely(look, settings)]
    console.print_lines(console.make_printable(str(finding)) for finding in findings)
    levels = {finding.level for finding in findings}
    if _FAULT in levels:
        return console.REFUSED
    return console.SOME_REFUSED if _REMARK in levels else console.DONE


def _look_safely(
    look: Callable[[Settings], Iterator[Finding]], settings: Settings
) -> Iterator[Finding]:
    """What one look finds; where it cannot look, that is its finding."""
    try:
        yield from look(settings)
    except store.StoreUnavailable as error:
        yield Finding(_FAULT, "kho", str(error))
    except DashboardError as error:
        yield Finding(_FAULT, "thiết lập", str(error))
    except OSError as error:
        yield Finding(
            _FAULT, "tệp", f"{error.filename}: {error.strerror}", "kiểm tra quyền và ổ đĩa"
        )


def _look_at_settings(settings: Settings) -> Iterator[Finding]:
    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    yield Finding(_FINE, "thiết lập", f"đọc được; kho tại {shown}")
    if settings.fixed_today:
        yield Finding(
            _REMARK,
            "thiết lập",
            f"ngày được đặt cố định là {text.format_day(settings.fixed_today)}",
            "bỏ DASHBOARD_TODAY khi dùng thật",
        )
    read_criteria(settings.criteria)
    yield Finding(_FINE, "tiêu chí", f"{settings.criteria.name} dùng được")


def _look_at_clock(settings: Settings) -> Iterator[Finding]:
    now = settings.now()
    if now.date() < FIRST_DAY:
        yield Finding(
            _FAULT,
            "đồng hồ",
            f"máy đang ở ngày {text.format_day(now.date())}, trước {text.format_day(FIRST_DAY)}",
            "đặt lại giờ máy (timedatectl set-ntp true), thay pin BIOS nếu tái diễn",
        )
        return
    offset = datetime.now().astimezone().utcoffset()
    zone = "giờ Việt Nam" if offset == VIETNAM.utcoffset(None) else f"lệch UTC {offset}"
    yield Finding(
        _FINE,
        "đồng hồ",
        f"{text.format_moment(now)} giờ Việt Nam; múi giờ của máy ({zone}) không ảnh hưởng",
    )


def _look_at_folders(settings: Settings) -> Iterator[Finding]:
    folders = {"tệp tĩnh": settings.static_dir, "ranh giới": settings.outlines_dir}
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        file = Path(url.database)
        folders["kho"] = file.parent
        if file.exists():
            yield from _look_at_rights(file)
    for subject, folder in folders.items():
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        if not os.access(existing, os.W_OK):
            remark = f"không ghi được thư mục {subject} {folder}"
            yield Finding(_FAULT, "quyền", remark, "sửa chủ sở hữu hoặc quyền của thư mục")
        free = shutil.disk_usage(existing).free
        remark = f"{subject}: còn trống {text.format_number(free // _MEGABYTE)} MB tại {folder}"
        if free < _LEAST_FREE:
            yield Finding(_FAULT, "ổ đĩa", remark, "dọn bớt tệp hoặc tăng dung lượng")
        else:
            yield Finding(_FINE, "ổ đĩa", remark)


def _look_at_rights(file: Path) -> Iterator[Finding]:
    if file.stat().st_mode & 0o007:
        remark = f"mọi tài khoản của máy đọc được {file}"
        yield Finding(_REMARK, "quyền", remark, f"chmod 640 {file}")
    if not os.access(file, os.R_OK | os.W_OK):
        remedy = "sửa chủ sở hữu hoặc quyền của tệp"
        yield Finding(_FAULT, "quyền", f"không đọc ghi được {file}", remedy)


def _look_at_static_files(settings: Settings) -> Iterator[Finding]:
    if (settings.static_dir / static_files.MANIFEST).is_file():
        build = static_files.compute_build_stamp()
        yield Finding(_FINE, "tệp tĩnh", f"đã chuẩn bị; bản dựng {build}")
    else:
        remedy = "chạy: python -m dashboard setup"
        yield Finding(_FAULT, "tệp tĩnh", "chưa được chuẩn bị", remedy)


def _look_at_network(settings: Settings) -> Iterator[Finding]:
    missing = list_missing_protection(settings)
    for line in missing:
        remark, _, remedy = line.rstrip(".").partition("; ")
        yield Finding(_REMARK, "mạng", remark, remedy)
    if not missing:
        yield Finding(_FINE, "mạng", f"máy chủ nghe tại {settings.address}")


def _look_at_store(settings: Settings) -> Iterator[Finding]:
    engine = store.open_store(settings.database_url)
    try:
        version = store.fetch_data_version(engine)
        remark = f"lược đồ {list_revisions()[-1]}, phiên bản số liệu {version.number}"
        yield Finding(_FINE, "kho", remark)
        if fault := find_page_fault(engine):
            yield Finding(_FAULT, "kho", fault, "phục hồi bản sao lưu gần nhất bằng lệnh restore")
            return
        yield from _look_at_imports(engine)
    finally:
        engine.dispose()


def _look_at_imports(engine: Engine) -> Iterator[Finding]:
    now = datetime.now(UTC).replace(tzinfo=None)
    imported_at = exports.fetch_batches(engine)["imported_at"]
    if (imported_at > now + _CLOCK_TOLERANCE).any():
        remark = "kho có đợt nạp ở tương lai so với giờ máy"
        yield Finding(_FAULT, "đồng hồ", remark, "đặt lại giờ máy (timedatectl set-ntp true)")
    watchers = list_watchers(engine, now)
    if not watchers:
        yield Finding(_FINE, "thư mục theo dõi", "chưa có lệnh watch nào báo về")
    for watcher in watchers:
        remark = f"{watcher['folder']}: {watcher['says']}"
        if watcher["state"] == "green":
            yield Finding(_FINE, "thư mục theo dõi", remark)
        else:
            remedy = "khởi động lại lệnh watch và xem nhật ký của nó"
            yield Finding(_REMARK, "thư mục theo dõi", remark, remedy)
