"""`user`: accounts of staff, from the machine's command line."""

from __future__ import annotations

import argparse

from dashboard import reference
from dashboard.accounts.passwords import generate_password, hash_password
from dashboard.accounts.roles import (
    ROLE_NAMES,
    Account,
    Role,
    describe_reach,
    find_name_fault,
)
from dashboard.cli import console
from dashboard.cli.language import tell_user
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.settings import Settings
from dashboard.store import accounts

_ACCOUNT_HEADS = (
    write_message("tài khoản"),
    write_message("vai trò"),
    write_message("cơ quan"),
    write_message("phạm vi"),
    write_message("tình trạng"),
)


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
    with console.use_store(settings) as engine:
        accounts.create_account(
            engine, account, hash_password(password), console.find_terminal_author()
        )
    print(
        tell_user(
            "Đã thêm {name} ({role}, {reach})",
            name=account.name,
            role=ROLE_NAMES[account.role],
            reach=describe_reach(account),
        )
    )
    print(
        tell_user(
            "Mật khẩu lần đầu: {password} (phải đổi khi đăng nhập lần đầu)", password=password
        )
    )
    return console.DONE


def list_users(settings: Settings, _options: argparse.Namespace) -> int:
    """Every account with its role and reach; no passwords, which nobody knows."""
    with console.use_store(settings) as engine:
        rows = [
            (
                account.name,
                ROLE_NAMES[account.role],
                account.office,
                describe_reach(account),
                write_message("đang khóa") if account.locked else "",
            )
            for account in accounts.list_accounts(engine)
        ]
    if rows:
        console.print_lines(console.format_table(_ACCOUNT_HEADS, rows))
    else:
        console.print_lines([write_message("Chưa có tài khoản nào")])
    return console.DONE


def lock_user(settings: Settings, options: argparse.Namespace) -> int:
    """Lock an account: signed out everywhere, at once."""
    with console.use_store(settings) as engine:
        accounts.lock_account(engine, options.name, console.find_terminal_author(), locked=True)
    print(
        tell_user(
            "Đã khóa {name}; mọi phiên đăng nhập của tài khoản này đã kết thúc",
            name=options.name,
        )
    )
    return console.DONE


def unlock_user(settings: Settings, options: argparse.Namespace) -> int:
    """Unlock an account."""
    with console.use_store(settings) as engine:
        accounts.lock_account(engine, options.name, console.find_terminal_author(), locked=False)
    print(tell_user("Đã mở khóa {name}", name=options.name))
    return console.DONE


def change_user_role(settings: Settings, options: argparse.Namespace) -> int:
    """Another role, other provinces or communes; counts at the account's next request."""
    provinces, communes = _read_reach(options)
    with console.use_store(settings) as engine:
        role = Role(options.role)
        accounts.change_role(
            engine, options.name, role, provinces, communes, console.find_terminal_author()
        )
    print(tell_user("{name}: {reason}", name=options.name, reason=ROLE_NAMES[role]))
    return console.DONE


def reset_user_password(settings: Settings, options: argparse.Namespace) -> int:
    """A new first password; the account is signed out everywhere."""
    password = generate_password()
    with console.use_store(settings) as engine:
        password_hash = hash_password(password)
        author = console.find_terminal_author()
        accounts.set_password(engine, options.name, password_hash, author, must_change=True)
    print(
        tell_user(
            "Mật khẩu mới của {name}: {password} (phải đổi khi đăng nhập)",
            name=options.name,
            password=password,
        )
    )
    return console.DONE


def sign_user_out(settings: Settings, options: argparse.Namespace) -> int:
    """End all sessions of an account."""
    with console.use_store(settings) as engine:
        ended = accounts.sign_out_everywhere(engine, options.name, console.find_terminal_author())
    print(
        tell_user("Đã kết thúc {ended} phiên đăng nhập của {name}", ended=ended, name=options.name)
    )
    return console.DONE


def _read_reach(options: argparse.Namespace) -> tuple[frozenset[str], frozenset[str]]:
    communes = reference.load_communes()
    for code in options.province or ():
        console.check_province(code)
    for code in options.commune or ():
        if code not in communes.index:
            raise DashboardError(
                write_message("Không có đơn vị cấp xã mã {code}", code=console.make_printable(code))
            )
    return frozenset(options.province or ()), frozenset(options.commune or ())
