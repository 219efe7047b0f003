"""`key`: keys by which an office's programs read and send files."""

from __future__ import annotations

import argparse

from dashboard import store, text
from dashboard.cli import console
from dashboard.cli.import_files import find_account_name
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store import keys
from dashboard.store.audit import Author

_HEADS = ("số", "cơ quan", "tỉnh", "số lần dùng", "dùng lần cuối", "tình trạng")


def add_key(settings: Settings, options: argparse.Namespace) -> int:
    """Make a key and print its secret, which nobody can read again."""
    for code in options.province or ():
        console.check_province(code)
    engine = store.open_store(settings.database_url)
    author = Author(find_account_name())
    number, secret = keys.create_api_key(
        engine, options.office[:80], options.province or (), author
    )
    engine.dispose()
    print(f"Khóa số {number} của {console.make_printable(options.office)}, chỉ hiện một lần:")
    print(secret)
    return console.DONE


def list_keys(settings: Settings, _options: argparse.Namespace) -> int:
    """Every key without its secret: whose, how often and when last used."""
    engine = store.open_store(settings.database_url)
    rows = [
        (
            key.number,
            key.office,
            ", ".join(sorted(key.provinces)) or "mọi tỉnh",
            key.uses,
            text.format_moment(key.used_at + VIETNAM.utcoffset(None)) if key.used_at else "",
            "đã thu hồi" if key.revoked_at else "",
        )
        for key in keys.list_api_keys(engine)
    ]
    engine.dispose()
    console.print_lines(console.format_table(_HEADS, rows) if rows else ["Chưa có khóa nào"])
    return console.DONE


def revoke_key(settings: Settings, options: argparse.Namespace) -> int:
    """The key no longer works, from its next request on."""
    engine = store.open_store(settings.database_url)
    keys.revoke_api_key(engine, options.number, Author(find_account_name()))
    engine.dispose()
    print(f"Đã thu hồi khóa số {options.number}")
    return console.DONE
