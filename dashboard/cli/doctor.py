"""`doctor`: what stands in the way of this machine's service, a line each with its remedy."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from dashboard import store
from dashboard.cli import console
from dashboard.cli.language import tell_moment, translate_message
from dashboard.cli.serve import list_missing_protection
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY, VIETNAM
from dashboard.reports import read_criteria
from dashboard.settings import Settings
from dashboard.store import exports
from dashboard.store.clock import is_to_come, read_clock
from dashboard.store.engine import list_revisions
from dashboard.store.inspection import find_page_fault
from dashboard.web import static_files
from dashboard.web.data.machines import list_watchers

_FINE = write_message("tốt")
_REMARK = write_message("chú ý")
_FAULT = write_message("LỖI")
_MEGABYTE = 1_000_000
# Less than that, and the next import or restore may not fit.
_LEAST_FREE = 500 * _MEGABYTE
# Clocks of two machines differ; a batch of tomorrow means that one of them is wrong.


class Finding(NamedTuple):
    """How grave it is, what it is about, what was seen, what to do about it ("": nothing)."""

    level: str
    subject: str
    remark: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"; {translate_message(self.remedy)}" if self.remedy else ""
        level, subject, remark = map(translate_message, self[:3])
        return f"{level:<6} {subject}: {remark}{remedy}"


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
        yield Finding(_FAULT, write_message("kho"), error.args[0])
    except DashboardError as error:
        yield Finding(_FAULT, write_message("thiết lập"), error.args[0])
    except OSError as error:
        yield Finding(
            _FAULT,
            write_message("tệp"),
            f"{error.filename}: {error.strerror}",
            write_message("kiểm tra quyền và ổ đĩa"),
        )


def _look_at_settings(settings: Settings) -> Iterator[Finding]:
    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    yield Finding(
        _FINE, write_message("thiết lập"), write_message("đọc được; kho tại {shown}", shown=shown)
    )
    if settings.fixed_today:
        yield Finding(
            _REMARK,
            write_message("thiết lập"),
            write_message(
                "ngày được đặt cố định là {fixed_today:%d/%m/%Y}", fixed_today=settings.fixed_today
            ),
            write_message("bỏ DASHBOARD_TODAY khi dùng thật"),
        )
    read_criteria(settings.criteria)
    yield Finding(
        _FINE,
        write_message("tiêu chí"),
        write_message("{criteria} dùng được", criteria=settings.criteria.name),
    )


def _look_at_clock(settings: Settings) -> Iterator[Finding]:
    now = settings.now()
    if now.date() < FIRST_DAY:
        yield Finding(
            _FAULT,
            write_message("đồng hồ"),
            write_message(
                "máy đang ở ngày {date:%d/%m/%Y}, trước {first_day:%d/%m/%Y}",
                date=now.date(),
                first_day=FIRST_DAY,
            ),
            write_message("đặt lại giờ máy (timedatectl set-ntp true), thay pin BIOS nếu tái diễn"),
        )
        return
    offset = datetime.now().astimezone().utcoffset()
    if offset == VIETNAM.utcoffset(None):
        zone = write_message("giờ Việt Nam")
    else:
        zone = write_message("lệch UTC {offset}", offset=offset)
    yield Finding(
        _FINE,
        write_message("đồng hồ"),
        write_message(
            "{now} giờ Việt Nam; múi giờ của máy ({zone}) không ảnh hưởng",
            now=tell_moment(now),
            zone=zone,
        ),
    )


def _look_at_folders(settings: Settings) -> Iterator[Finding]:
    folders = {
        write_message("tệp tĩnh"): settings.static_dir,
        write_message("ranh giới"): settings.outlines_dir,
    }
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        file = Path(url.database)
        folders[write_message("kho")] = file.parent
        if file.exists():
            yield from _look_at_rights(file)
    for subject, folder in folders.items():
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        if not os.access(existing, os.W_OK):
            remark = write_message(
                "không ghi được thư mục {subject} {folder}", subject=subject, folder=folder
            )
            yield Finding(
                _FAULT,
                write_message("quyền"),
                remark,
                write_message("sửa chủ sở hữu hoặc quyền của thư mục"),
            )
        free = shutil.disk_usage(existing).free
        remark = write_message(
            "{subject}: còn trống {free:,} MB tại {folder}",
            subject=subject,
            free=free // _MEGABYTE,
            folder=folder,
        )
        if free < _LEAST_FREE:
            yield Finding(
                _FAULT,
                write_message("ổ đĩa"),
                remark,
                write_message("dọn bớt tệp hoặc tăng dung lượng"),
            )
        else:
            yield Finding(_FINE, write_message("ổ đĩa"), remark)


def _look_at_rights(file: Path) -> Iterator[Finding]:
    if file.stat().st_mode & 0o007:
        remark = write_message("mọi tài khoản của máy đọc được {file}", file=file)
        yield Finding(_REMARK, write_message("quyền"), remark, f"chmod 640 {file}")
    if not os.access(file, os.R_OK | os.W_OK):
        remedy = write_message("sửa chủ sở hữu hoặc quyền của tệp")
        yield Finding(
            _FAULT,
            write_message("quyền"),
            write_message("không đọc ghi được {file}", file=file),
            remedy,
        )


def _look_at_static_files(settings: Settings) -> Iterator[Finding]:
    if (settings.static_dir / static_files.MANIFEST).is_file():
        build = static_files.compute_build_stamp()
        yield Finding(
            _FINE,
            write_message("tệp tĩnh"),
            write_message("đã chuẩn bị; bản dựng {build}", build=build),
        )
    else:
        remedy = write_message("chạy: python -m dashboard setup")
        yield Finding(
            _FAULT, write_message("tệp tĩnh"), write_message("chưa được chuẩn bị"), remedy
        )


def _look_at_network(settings: Settings) -> Iterator[Finding]:
    missing = list_missing_protection(settings)
    for line in missing:
        remark, _, remedy = translate_message(line).rstrip(".").partition("; ")
        yield Finding(_REMARK, write_message("mạng"), remark, remedy)
    if not missing:
        yield Finding(
            _FINE,
            write_message("mạng"),
            write_message("máy chủ nghe tại {address}", address=settings.address),
        )


def _look_at_store(settings: Settings) -> Iterator[Finding]:
    with console.use_store(settings) as engine:
        version = store.fetch_data_version(engine)
        remark = write_message(
            "lược đồ {revision}, phiên bản số liệu {version}",
            revision=list_revisions()[-1],
            version=version.number,
        )
        yield Finding(_FINE, write_message("kho"), remark)
        if fault := find_page_fault(engine):
            yield Finding(
                _FAULT,
                write_message("kho"),
                fault,
                write_message("phục hồi bản sao lưu gần nhất bằng lệnh restore"),
            )
            return
        yield from _look_at_imports(engine)


def _look_at_imports(engine: Engine) -> Iterator[Finding]:
    now = read_clock()
    imported_at = exports.fetch_batches(engine)["imported_at"]
    if is_to_come(imported_at, now).any():
        remark = write_message("kho có đợt nạp ở tương lai so với giờ máy")
        yield Finding(
            _FAULT,
            write_message("đồng hồ"),
            remark,
            write_message("đặt lại giờ máy (timedatectl set-ntp true)"),
        )
    watchers = list_watchers(engine, now)
    if not watchers:
        yield Finding(
            _FINE, write_message("thư mục theo dõi"), write_message("chưa có lệnh watch nào báo về")
        )
    for watcher in watchers:
        remark = write_message("{name}: {reason}", name=watcher["folder"], reason=watcher["says"])
        if watcher["state"] == "green":
            yield Finding(_FINE, write_message("thư mục theo dõi"), remark)
        else:
            remedy = write_message("khởi động lại lệnh watch và xem nhật ký của nó")
            yield Finding(_REMARK, write_message("thư mục theo dõi"), remark, remedy)
