"""What can be typed after `python -m dashboard`, and what `--help` of each command says of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.accounts.roles import Role
from dashboard.cli.language import tell_user, translate_parser_words
from dashboard.version import compute_build_stamp, read_program_version


def _parse_day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(
            tell_user("{written!r} không phải ngày dạng 2025-07-13", written=written)
        ) from None


def _parse_period(written: str) -> tuple[date, date]:
    from dashboard.cli.import_files import parse_period_option

    try:
        return parse_period_option(written)
    except ValueError:
        raise argparse.ArgumentTypeError(
            tell_user(
                "{written!r} không phải kỳ dạng 2026-08 hoặc 2026-08-01..2026-08-31",
                written=written,
            )
        ) from None


def _parse_seconds(written: str) -> float:
    try:
        seconds = float(written)
    except ValueError:
        seconds = -1.0
    if not 0.05 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(
            tell_user("{written!r} không phải số giây từ 0.05 đến 3600", written=written)
        )
    return seconds


def _list_forms() -> list[str]:
    from dashboard.forms.columns import FORMS

    return sorted(FORMS)


def _list_exports() -> list[str]:
    from dashboard.cli.export import list_exports

    return list_exports()


class _LateChoices:
    """What an argument may be, computed when somebody asks: by giving it, or for its help."""

    def __init__(self, list_choices: Callable[[], list[str]]) -> None:
        self._list_choices = list_choices

    def __iter__(self) -> Iterator[str]:
        return iter(self._list_choices())

    def __contains__(self, choice: object) -> bool:
        return choice in self._list_choices()


class _PrintVersion(argparse.Action):
    """`--version`: the number of the program and the stamp of this build, as /du-lieu shows."""

    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"dashboard {read_program_version()} (build {compute_build_stamp()})")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """Every command with its arguments; a test looks for each of them in the README."""
    translate_parser_words()
    root = argparse.ArgumentParser(
        prog="python -m dashboard",
        description=tell_user("Bảng theo dõi mức sẵn sàng của cấp xã. Mỗi lệnh có --help riêng."),
    )
    root.add_argument(
        "--version", action=_PrintVersion, help=tell_user("cho biết phiên bản của chương trình")
    )
    subparsers = root.add_subparsers(dest="command", required=True, metavar=tell_user("LỆNH"))

    def add_command(name: str, place: str, summary: str) -> argparse.ArgumentParser:
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        subparser.set_defaults(run=place)
        return subparser

    add_command(
        "setup",
        "set_up.set_up_machine",
        tell_user("Tạo kho dữ liệu, nạp số liệu mẫu nếu kho trống, chuẩn bị tệp tĩnh."),
    )
    add_command(
        "serve", "serve.serve_dashboard", tell_user("Chạy máy chủ của bảng theo dõi (gunicorn).")
    )
    add_command(
        "sample", "set_up.fill_sample", tell_user("Nạp số liệu mẫu của ba tỉnh vào kho dữ liệu.")
    )

    backup_command = add_command(
        "backup",
        "safekeeping.back_up_store",
        tell_user("Sao lưu toàn bộ kho dữ liệu vào một tệp mới, kể cả khi kho đang dùng."),
    )
    backup_command.add_argument("file", metavar=tell_user("TỆP"), help=tell_user("tên tệp chưa có"))
    restore_command = add_command(
        "restore",
        "safekeeping.restore_store",
        tell_user("Phục hồi kho dữ liệu từ bản sao lưu; kho cũ được giữ riêng."),
    )
    restore_command.add_argument(
        "file", metavar=tell_user("TỆP"), help=tell_user("tệp do lệnh backup ghi")
    )
    add_command(
        "check",
        "safekeeping.check_store",
        tell_user(
            "Kiểm tra kho dữ liệu có toàn vẹn không: trang, ràng buộc, tổng, dòng mồ côi, lược đồ."
        ),
    )
    add_command(
        "upgrade",
        "safekeeping.upgrade_store",
        tell_user("Sao lưu rồi nâng kho dữ liệu lên lược đồ của chương trình này."),
    )
    add_command(
        "doctor",
        "doctor.examine_machine",
        tell_user(
            "Xem thiết lập, kho dữ liệu, quyền, ổ đĩa, đồng hồ, tệp và thư mục theo dõi; "
            "mỗi lỗi kèm cách khắc phục."
        ),
    )

    import_command = add_command(
        "import",
        "import_files.import_files",
        tell_user("Nạp các tệp mà cơ quan gửi vào kho dữ liệu."),
    )
    import_command.add_argument("files", nargs="+", metavar=tell_user("TỆP"))
    _add_help_for_reading(import_command)
    import_command.add_argument(
        "--dry-run",
        action="store_true",
        help=tell_user("cho biết điều gì sẽ thay đổi, không thay đổi gì"),
    )

    explain_command = add_command(
        "explain",
        "explain.print_file_explanation",
        tell_user("Cho biết tệp được hiểu ra sao: trang, tiêu đề, phần bỏ qua và lý do."),
    )
    explain_command.add_argument("file", metavar=tell_user("TỆP"))
    _add_help_for_reading(explain_command)

    watch_command = add_command(
        "watch",
        "watch.watch_folder",
        tell_user(
            "Nạp mọi tệp được thả vào một thư mục, rồi chuyển tệp vào done/ hoặc refused/ ở đó."
        ),
    )
    watch_command.add_argument("folder", metavar=tell_user("THƯ_MỤC"))
    watch_command.add_argument(
        "--once", action="store_true", help=tell_user("xem hai lần, nạp rồi dừng (dùng với cron)")
    )
    watch_command.add_argument(
        "--every",
        type=_parse_seconds,
        default=2.0,
        metavar=tell_user("GIÂY"),
        help=tell_user("số giây giữa hai lần xem (2)"),
    )
    watch_command.add_argument(
        "--province", metavar=tell_user("MÃ"), help=tell_user("mã tỉnh khi tệp không ghi (51)")
    )
    watch_command.add_argument(
        "--layout",
        type=Path,
        metavar=tell_user("TỆP"),
        help=tell_user("các mẫu biểu bổ sung ngoài data/layouts.toml"),
    )

    template_command = add_command(
        "template",
        "explain.create_form",
        tell_user("Ghi biểu mẫu (.xlsx) để điền, có sẵn các xã của tỉnh."),
    )
    template_command.add_argument(
        "kind",
        choices=_LateChoices(_list_forms),
        metavar=tell_user("LOẠI"),
        help=tell_user("một trong: %(choices)s"),
    )
    template_command.add_argument(
        "--province", metavar=tell_user("MÃ"), required=True, help=tell_user("mã tỉnh (51)")
    )
    template_command.add_argument(
        "--as-of",
        type=_parse_day,
        metavar=tell_user("NGÀY"),
        help=tell_user("ngày của số liệu trên biểu, hoặc một ngày trong tháng (mặc định: hôm nay)"),
    )
    template_command.add_argument(
        "--output",
        metavar=tell_user("TỆP"),
        help=tell_user("mặc định: mau_LOẠI_TỈNH.xlsx trong thư mục này"),
    )

    undo_command = add_command(
        "undo", "batches.undo_import", tell_user("Gỡ một đợt đã nạp; lịch sử vẫn được giữ.")
    )
    undo_command.add_argument(
        "batch",
        type=int,
        metavar=tell_user("ĐỢT"),
        help=tell_user("số do lệnh import và batches in ra"),
    )
    batches_command = add_command(
        "batches",
        "batches.list_batches",
        tell_user("Liệt kê các đợt đã nạp, kể cả đợt đã gỡ."),
    )
    batches_command.add_argument(
        "--province", metavar=tell_user("MÃ"), help=tell_user("chỉ tỉnh này (25)")
    )

    export_command = add_command(
        "export",
        "export.export_rows",
        tell_user(
            "Ghi những gì kho dữ liệu biết ra đầu ra chuẩn. Không thay cho sao lưu: không"
            " có các dòng đã bị thay hoặc gỡ, cơ quan và tài khoản; xem lệnh backup."
        ),
    )
    export_command.add_argument(
        "what",
        choices=_LateChoices(_list_exports),
        metavar=tell_user("MỤC"),
        help=tell_user("một trong: %(choices)s"),
    )
    export_command.add_argument(
        "--province", metavar=tell_user("MÃ"), required=True, help=tell_user("mã tỉnh (25)")
    )
    export_command.add_argument(
        "--as-of",
        type=_parse_day,
        metavar=tell_user("NGÀY"),
        help=tell_user("số liệu mới nhất biết được đến ngày này"),
    )
    export_command.add_argument(
        "--from",
        dest="first",
        type=_parse_day,
        metavar=tell_user("NGÀY"),
        help=tell_user("không lấy những ngày trước đó"),
    )
    export_command.add_argument(
        "--to",
        dest="last",
        type=_parse_day,
        metavar=tell_user("NGÀY"),
        help=tell_user("không lấy những ngày sau đó"),
    )
    export_command.add_argument(
        "--format", choices=("csv", "json"), help=tell_user("mặc định: csv, riêng report là json")
    )
    export_command.add_argument(
        "--output",
        type=Path,
        metavar=tell_user("TỆP"),
        help=tell_user("tệp .xlsx của form-II.06a và form-declaration"),
    )

    bulletin_command = add_command(
        "bulletin",
        "bulletin.write_bulletin",
        tell_user("Ghi bản tin ngày, tuần hoặc tháng của một tỉnh thành PDF."),
    )
    bulletin_command.add_argument(
        "--province", metavar=tell_user("MÃ"), required=True, help=tell_user("mã tỉnh (51)")
    )
    bulletin_command.add_argument(
        "--edition",
        choices=("day", "week", "month"),
        default="day",
        help=tell_user("mặc định: day"),
    )
    bulletin_command.add_argument(
        "--day",
        type=_parse_day,
        metavar=tell_user("NGÀY"),
        help=tell_user("ngày của bản tin (mặc định: hôm nay)"),
    )
    bulletin_command.add_argument(
        "--output",
        required=True,
        metavar=tell_user("TỆP"),
        help=tell_user("tệp .pdf, hoặc một thư mục đã có"),
    )

    notify_command = add_command(
        "notify",
        "notify.send_alerts",
        tell_user("Gửi các nội dung cần chỉ đạo qua những kênh đã cấu hình, trong giờ làm việc."),
    )
    notify_command.add_argument(
        "--now",
        action="store_true",
        help=tell_user("gửi cả ngoài giờ làm việc, không chờ giữa các lần"),
    )

    _add_user_commands(
        add_command("user", "users.list_users", tell_user("Tài khoản: ai được ghi, ở đâu."))
    )
    _add_screen_commands(
        add_command(
            "screen",
            "wall_screens.list_wall_screens",
            tell_user("Màn hình treo tường: những màn hình nào là của cơ quan."),
        )
    )
    _add_key_commands(
        add_command(
            "key",
            "keys.list_keys",
            tell_user("Khóa của các chương trình đọc số liệu hoặc gửi tệp."),
        )
    )
    _add_audit_commands(
        add_command(
            "audit", "audit_lines.verify_audit_chain", tell_user("Nhật ký của mọi lần ghi.")
        )
    )

    upload_command = add_command(
        "upload",
        "uploads.work_on_upload",
        tell_user("Do máy chủ gọi: đọc hoặc nạp một tệp được gửi qua trang."),
    )
    upload_command.add_argument("upload", type=int, metavar=tell_user("SỐ"))

    outlines_command = add_command(
        "outlines",
        "import_files.replace_outlines",
        tell_user("Thay ranh giới dạng sơ đồ bằng ranh giới thật (GeoJSON)."),
    )
    outlines_command.add_argument("path", metavar=tell_user("TỆP_HOẶC_THƯ_MỤC"))
    return root


def _add_user_commands(user_command: argparse.ArgumentParser) -> None:
    subparsers = user_command.add_subparsers(
        dest="user_command", required=True, metavar=tell_user("VIỆC")
    )
    commands = {
        "add": ("users.add_user", tell_user("Thêm một tài khoản; in ra mật khẩu lần đầu.")),
        "list": ("users.list_users", tell_user("Liệt kê mọi tài khoản.")),
        "lock": ("users.lock_user", tell_user("Khóa một tài khoản và kết thúc các phiên của nó.")),
        "unlock": ("users.unlock_user", tell_user("Mở khóa một tài khoản.")),
        "role": (
            "users.change_user_role",
            tell_user("Đổi vai trò, tỉnh hoặc xã của một tài khoản."),
        ),
        "password": ("users.reset_user_password", tell_user("Cấp mật khẩu lần đầu mới.")),
        "signout": (
            "users.sign_user_out",
            tell_user("Kết thúc mọi phiên đăng nhập của một tài khoản."),
        ),
    }
    for name, (place, summary) in commands.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        subparser.set_defaults(run=place)
        if name != "list":
            subparser.add_argument("name", metavar=tell_user("TÊN"))
        if name in {"add", "role"}:
            subparser.add_argument("--role", required=True, choices=[*Role])
            subparser.add_argument(
                "--province",
                action="append",
                metavar=tell_user("MÃ"),
                help=tell_user("chỉ đơn vị này; ghi được nhiều lần"),
            )
            subparser.add_argument(
                "--commune",
                action="append",
                metavar=tell_user("MÃ"),
                help=tell_user("chỉ đơn vị này; ghi được nhiều lần"),
            )
        if name == "add":
            subparser.add_argument(
                "--office",
                default="",
                metavar=tell_user("CƠ_QUAN"),
                help=tell_user("cơ quan của tài khoản"),
            )


def _add_screen_commands(screen_command: argparse.ArgumentParser) -> None:
    subparsers = screen_command.add_subparsers(
        dest="screen_command", required=True, metavar=tell_user("VIỆC")
    )
    listing = subparsers.add_parser("list", help=tell_user("Liệt kê mọi màn hình báo về."))
    listing.set_defaults(run="wall_screens.list_wall_screens")
    adding = subparsers.add_parser(
        "add", help=tell_user("Tạo liên kết cho một màn hình; mở một lần trên màn hình đó.")
    )
    adding.set_defaults(run="wall_screens.add_wall_screen")
    adding.add_argument("name", metavar=tell_user("TÊN"))
    for name, place, summary in (
        (
            "accept",
            "wall_screens.accept_wall_screen",
            tell_user("Xác nhận một màn hình là của cơ quan."),
        ),
        (
            "remove",
            "wall_screens.remove_wall_screen",
            tell_user("Xóa một màn hình; liên kết của nó hết hiệu lực."),
        ),
    ):
        subparser = subparsers.add_parser(name, help=summary)
        subparser.set_defaults(run=place)
        subparser.add_argument("number", type=int, metavar=tell_user("SỐ"))


def _add_key_commands(key_command: argparse.ArgumentParser) -> None:
    subparsers = key_command.add_subparsers(
        dest="key_command", required=True, metavar=tell_user("VIỆC")
    )
    adding = subparsers.add_parser(
        "add", help=tell_user("Tạo khóa cho một chương trình; mã bí mật chỉ hiện một lần.")
    )
    adding.set_defaults(run="keys.add_key")
    adding.add_argument("office", metavar=tell_user("CƠ_QUAN"))
    adding.add_argument(
        "--province",
        action="append",
        metavar=tell_user("MÃ"),
        help=tell_user("chỉ đơn vị này; ghi được nhiều lần"),
    )
    listing = subparsers.add_parser(
        "list", help=tell_user("Liệt kê mọi khóa, không kèm mã bí mật.")
    )
    listing.set_defaults(run="keys.list_keys")
    revoking = subparsers.add_parser("revoke", help=tell_user("Thu hồi một khóa."))
    revoking.set_defaults(run="keys.revoke_key")
    revoking.add_argument("number", type=int, metavar=tell_user("SỐ"))


def _add_audit_commands(audit_command: argparse.ArgumentParser) -> None:
    subparsers = audit_command.add_subparsers(
        dest="audit_command", required=True, metavar=tell_user("VIỆC")
    )
    verify = subparsers.add_parser(
        "verify", help=tell_user("Kiểm tra không dòng nào bị sửa hoặc xóa.")
    )
    verify.set_defaults(run="audit_lines.verify_audit_chain")
    verify.add_argument(
        "--checkpoint",
        metavar=tell_user("SỐ:MÃ"),
        help=tell_user("như lệnh verify đã in lần trước"),
    )
    export_lines = subparsers.add_parser(
        "export", help=tell_user("Ghi mọi dòng thành JSON, mỗi dòng một bản ghi.")
    )
    export_lines.set_defaults(run="audit_lines.export_audit_lines")


def _add_help_for_reading(command: argparse.ArgumentParser) -> None:
    """What a caller may say where a file does not say it itself."""
    command.add_argument(
        "--province", metavar=tell_user("MÃ"), help=tell_user("mã tỉnh khi tệp không ghi (51)")
    )
    command.add_argument(
        "--as-of",
        type=_parse_day,
        metavar=tell_user("NGÀY"),
        help=tell_user("ngày của số liệu khi tệp không ghi (2025-07-13)"),
    )
    command.add_argument(
        "--period",
        type=_parse_period,
        metavar=tell_user("KỲ"),
        help=tell_user("kỳ của số liệu khi tệp không ghi (2026-08)"),
    )
    command.add_argument(
        "--layout",
        type=Path,
        metavar=tell_user("TỆP"),
        help=tell_user("các mẫu biểu bổ sung ngoài data/layouts.toml"),
    )
