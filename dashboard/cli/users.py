"""`user`: accounts of staff, from the machine's command line; `screen`: wall screens; `audit`: who
changed what.
"""

from __future__ import annotations

import argparse
import json
import re
import sys

from dashboard import reference, store
from dashboard.accounts.passwords import generate_password, hash_password
from dashboard.accounts.roles import (
    ROLE_NAMES,
    Account,
    Role,
    describe_reach,
    find_name_fault,
)
from dashboard.cli import console
from dashboard.cli.import_files import find_account_name
from dashboard.errors import DashboardError
from dashboard.settings import Settings
from dashboard.store import accounts, audit, screens
from dashboard.store.audit import Author

_ACCOUNT_HEADS = ("tài khoản", "vai trò", "cơ quan", "phạm vi", "tình trạng")
_SCREEN_HEADS = ("số", "màn hình", "tình trạng", "tỉnh", "cảnh")
_CHECKPOINT = re.compile(r"([0-9]{1,12}):([0-9a-f]{64})")


def add_user(settings: Settings, options: argparse.Namespace) -> int:
    """Add an account and print its first password, which is changed at the first sign-in."""
    fault = find_name_fault(options.name.casefold())
    if fault:
        raise DashboardError(fault)
    provinces, communes = _read_reach(options)
    password = generate_password()
    account = Account(
        0,
        options.name.casefold(),
        options.office,
        Role(options.role),
        provinces,
        communes,
        must_change=True,
    )
    engine = store.open_store(settings.database_url)
    accounts.create_account(engine, account, hash_password(password), _find_author())
    engine.dispose()
    print(f"Đã thêm {account.name} ({ROLE_NAMES[account.role]}, {describe_reach(account)})")
    print(f"Mật khẩu lần đầu: {password} (phải đổi khi đăng nhập lần đầu)")
    return console.DONE


def list_users(settings: Settings, _options: argparse.Namespace) -> int:
    """Every account with its role and reach; no passwords, which nobody knows."""
    engine = store.open_store(settings.database_url)
    rows = [
        (
            account.name,
            ROLE_NAMES[account.role],
            account.office,
            describe_reach(account),
            "đang khóa" if account.locked else "",
        )
        for account in accounts.list_accounts(engine)
    ]
    engine.dispose()
    console.print_lines(
        console.format_table(_ACCOUNT_HEADS, rows) if rows else ["Chưa có tài khoản nào"]
    )
    return console.DONE


def lock_user(settings: Settings, options: argparse.Namespace) -> int:
    """Lock an account: signed out everywhere, at once."""
    engine = store.open_store(settings.database_url)
    accounts.lock_account(engine, options.name, _find_author(), locked=True)
    engine.dispose()
    print(f"Đã khóa {options.name}; mọi phiên đăng nhập của tài khoản này đã kết thúc")
    return console.DONE


def unlock_user(settings: Settings, options: argparse.Namespace) -> int:
    """Unlock an account."""
    engine = store.open_store(settings.database_url)
    accounts.lock_account(engine, options.name, _find_author(), locked=False)
    engine.dispose()
    print(f"Đã mở khóa {options.name}")
    return console.DONE


def change_user_role(settings: Settings, options: argparse.Namespace) -> int:
    """Another role, other provinces or communes; counts at the account's next request."""
    provinces, communes = _read_reach(options)
    engine = store.open_store(settings.database_url)
    role = Role(options.role)
    accounts.change_role(engine, options.name, role, provinces, communes, _find_author())
    engine.dispose()
    print(f"{options.name}: {ROLE_NAMES[role]}")
    return console.DONE


def reset_user_password(settings: Settings, options: argparse.Namespace) -> int:
    """A new first password; the account is signed out everywhere."""
    password = generate_password()
    engine = store.open_store(settings.database_url)
    password_hash = hash_password(password)
    author = _find_author()
    accounts.set_password(engine, options.name, password_hash, author, must_change=True)
    engine.dispose()
    print(f"Mật khẩu mới của {options.name}: {password} (phải đổi khi đăng nhập)")
    return console.DONE


def sign_user_out(settings: Settings, options: argparse.Namespace) -> int:
    """End all sessions of an account."""
    engine = store.open_store(settings.database_url)
    ended = accounts.sign_out_everywhere(engine, options.name, _find_author())
    engine.dispose()
    print(f"Đã kết thúc {ended} phiên đăng nhập của {options.name}")
    return console.DONE


def list_wall_screens(settings: Settings, _options: argparse.Namespace) -> int:
    """Every wall screen that reports, with the number by which the others name it."""
    engine = store.open_store(settings.database_url)
    frame = screens.fetch_screens(engine)
    engine.dispose()
    rows = [
        (
            row["number"],
            row["name"],
            "đã xác nhận" if row["accepted"] else "chưa xác nhận",
            row["province_code"],
            row["scene"],
        )
        for row in frame.to_dict("records")
    ]
    console.print_lines(
        console.format_table(_SCREEN_HEADS, rows) if rows else ["Chưa màn hình nào báo về"]
    )
    return console.DONE


def add_wall_screen(settings: Settings, options: argparse.Namespace) -> int:
    """A link that makes the browser that opens it this screen; shown once."""
    engine = store.open_store(settings.database_url)
    secret = screens.add_screen(engine, options.name[:40], _find_author())
    engine.dispose()
    print(f"Mở một lần trên màn hình {console.make_printable(options.name)}:")
    print(f"{settings.address}man-hinh/vao/{secret}?province={settings.province}")
    return console.DONE


def accept_wall_screen(settings: Settings, options: argparse.Namespace) -> int:
    """Say that a screen which reports is the office's."""
    engine = store.open_store(settings.database_url)
    screens.accept_screen(engine, options.number, _find_author())
    engine.dispose()
    print(f"Đã xác nhận màn hình {options.number}")
    return console.DONE


def remove_wall_screen(settings: Settings, options: argparse.Namespace) -> int:
    """Forget a screen and make its link useless."""
    engine = store.open_store(settings.database_url)
    screens.remove_screen(engine, options.number, _find_author())
    engine.dispose()
    print(f"Đã xóa màn hình {options.number}; liên kết của nó không còn hiệu lực")
    return console.DONE


def verify_audit_chain(settings: Settings, options: argparse.Namespace) -> int:
    """Follow the audit's chain; prints the checkpoint to keep elsewhere."""
    checkpoint = None
    if options.checkpoint:
        match = _CHECKPOINT.fullmatch(options.checkpoint)
        if match is None:
            raise DashboardError(
                "Mốc đối chiếu có dạng SỐ:MÃ, như lệnh audit verify đã in ra lần trước"
            )
        checkpoint = (int(match[1]), match[2])
    engine = store.open_store(settings.database_url)
    result = audit.verify_audit(engine, checkpoint)
    engine.dispose()
    if result.broken_at is not None:
        print(f"Nhật ký bị can thiệp: từ dòng {result.broken_at} không còn khớp", file=sys.stderr)
        return console.REFUSED
    if not result.end_agrees:
        print("Nhật ký bị can thiệp: phần cuối đã bị cắt hoặc thêm", file=sys.stderr)
        return console.REFUSED
    print(f"Nhật ký nguyên vẹn, {result.lines} dòng.")
    print(f"Mốc đối chiếu, nên giữ ở nơi khác: {result.lines}:{result.last_hash}")
    return console.DONE


def export_audit_lines(settings: Settings, _options: argparse.Namespace) -> int:
    """Every line of the audit as JSON lines on standard output."""
    engine = store.open_store(settings.database_url)
    for row in audit.iterate_audit_lines(engine):
        print(json.dumps(row, ensure_ascii=False))
    engine.dispose()
    return console.DONE


def _read_reach(options: argparse.Namespace) -> tuple[frozenset[str], frozenset[str]]:
    communes = reference.load_communes()
    for code in options.province or ():
        console.check_province(code)
    for code in options.commune or ():
        if code not in communes.index:
            raise DashboardError(f"Không có đơn vị cấp xã mã {console.make_printable(code)}")
    return frozenset(options.province or ()), frozenset(options.commune or ())


def _find_author() -> Author:
    return Author(find_account_name())
