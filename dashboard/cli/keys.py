"""`key`: keys by which an office's programs read and send files."""

from __future__ import annotations

import argparse

from dashboard.cli import console
from dashboard.cli.language import tell_moment, tell_user
from dashboard.messages import write_message
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store import keys

_HEADS = (
    write_message("số"),
    write_message("cơ quan"),
    write_message("tỉnh"),
    write_message("số lần dùng"),
    write_message("dùng lần cuối"),
    write_message("tình trạng"),
)


def add_key(settings: Settings, options: argparse.Namespace) -> int:
    """Make a key and print its secret, which nobody can read again."""
    for code in options.province or ():
        console.check_province(code)
    with console.use_store(settings) as engine:
        author = console.find_terminal_author()
        number, secret = keys.create_api_key(
            engine, options.office[:80], options.province or (), author
        )
    print(
        tell_user(
            "Khóa số {number} của {office}, chỉ hiện một lần:",
            number=number,
            office=console.make_printable(options.office),
        )
    )
    print(secret)
    return console.DONE


def list_keys(settings: Settings, _options: argparse.Namespace) -> int:
    """Every key without its secret: whose, how often and when last used."""
    with console.use_store(settings) as engine:
        rows = [
            (
                key.number,
                key.office,
                ", ".join(sorted(key.provinces)) or write_message("mọi tỉnh"),
                key.uses,
                tell_moment(key.used_at + VIETNAM.utcoffset(None)) if key.used_at else "",
                write_message("đã thu hồi") if key.revoked_at else "",
            )
            for key in keys.list_api_keys(engine)
        ]
    console.print_lines(
        console.format_table(_HEADS, rows) if rows else [write_message("Chưa có khóa nào")]
    )
    return console.DONE


def revoke_key(settings: Settings, options: argparse.Namespace) -> int:
    """The key no longer works, from its next request on."""
    with console.use_store(settings) as engine:
        keys.revoke_api_key(engine, options.number, console.find_terminal_author())
    print(tell_user("Đã thu hồi khóa số {number}", number=options.number))
    return console.DONE
