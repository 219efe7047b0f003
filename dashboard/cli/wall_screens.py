"""`screen`: wall screens, from the machine's command line."""

from __future__ import annotations

import argparse

from dashboard.cli import console
from dashboard.cli.language import tell_user
from dashboard.messages import write_message
from dashboard.settings import Settings
from dashboard.store import screens

_SCREEN_HEADS = (
    write_message("số"),
    write_message("màn hình"),
    write_message("tình trạng"),
    write_message("tỉnh"),
    write_message("cảnh"),
)


def list_wall_screens(settings: Settings, _options: argparse.Namespace) -> int:
    """Every wall screen that reports, with the number by which the others name it."""
    with console.use_store(settings) as engine:
        frame = screens.fetch_screens(engine)
    rows = [
        (
            row["number"],
            row["name"],
            write_message("đã xác nhận") if row["accepted"] else write_message("chưa xác nhận"),
            row["province_code"],
            row["scene"],
        )
        for row in frame.to_dict("records")
    ]
    if rows:
        console.print_lines(console.format_table(_SCREEN_HEADS, rows))
    else:
        console.print_lines([write_message("Chưa màn hình nào báo về")])
    return console.DONE


def add_wall_screen(settings: Settings, options: argparse.Namespace) -> int:
    """A link that makes the browser that opens it this screen; shown once."""
    with console.use_store(settings) as engine:
        secret = screens.add_screen(engine, options.name[:40], console.find_terminal_author())
    print(tell_user("Mở một lần trên màn hình {name}:", name=console.make_printable(options.name)))
    print(f"{settings.address}man-hinh/vao/{secret}?province={settings.province}")
    return console.DONE


def accept_wall_screen(settings: Settings, options: argparse.Namespace) -> int:
    """Say that a screen which reports is the office's."""
    with console.use_store(settings) as engine:
        screens.accept_screen(engine, options.number, console.find_terminal_author())
    print(tell_user("Đã xác nhận màn hình {number}", number=options.number))
    return console.DONE


def remove_wall_screen(settings: Settings, options: argparse.Namespace) -> int:
    """Forget a screen and make its link useless."""
    with console.use_store(settings) as engine:
        screens.remove_screen(engine, options.number, console.find_terminal_author())
    print(
        tell_user(
            "Đã xóa màn hình {number}; liên kết của nó không còn hiệu lực",
            number=options.number,
        )
    )
    return console.DONE
