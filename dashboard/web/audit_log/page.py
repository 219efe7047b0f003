"""/nhat-ky: who changed what, when and by which door, with filters; /nhat-ky.csv and .xlsx the same
to take along. Only reads: `python -m dashboard audit verify` says whether nobody changed a line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pandas as pd
from flask import Flask, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from dashboard import reference, text
from dashboard.accounts.roles import ROLE_NAMES, Account, Role
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store import audit
from dashboard.store.audit import Door
from dashboard.web import access
from dashboard.web.documents.data_sources import list_kind_words
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableColumn,
    name_download,
    respond_with_csv,
)
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.workbooks import WORKBOOK_TYPE, write_workbook
from dashboard.web.words.alerts import CHANNEL_WORDS, SIGNAL_WORDS

ACTION_WORDS: Final[Mapping[str, str]] = {
    "import_batch": "Nạp tệp",
    "undo_batch": "Gỡ đợt nạp",
    "send_file": "Gửi tệp",
    "sign_in": "Đăng nhập",
    "sign_out": "Đăng xuất",
    "sign_out_everywhere": "Kết thúc mọi phiên đăng nhập",
    "create_account": "Thêm tài khoản",
    "change_role": "Đổi vai trò, phạm vi",
    "set_password": "Đặt mật khẩu",
    "lock_account": "Khóa tài khoản",
    "unlock_account": "Mở khóa tài khoản",
    "add_key": "Cấp khóa cho chương trình",
    "revoke_key": "Thu hồi khóa",
    "add_screen": "Thêm màn hình",
    "accept_screen": "Xác nhận màn hình",
    "remove_screen": "Xóa màn hình",
    "restore_store": "Khôi phục kho dữ liệu",
    "send_alerts": "Gửi cảnh báo",
    "acknowledge_alert": "Báo đã nhận cảnh báo",
}
_DOOR_WORDS: Final = {
    Door.PAGE: "trang web",
    Door.COMMAND: "dòng lệnh",
    Door.FOLDER: "thư mục theo dõi",
    Door.API: "chương trình",
}
_SUBJECT_WORDS: Final = {
    "batch": "đợt",
    "upload": "tệp",
    "screen": "màn hình",
    "key": "khóa",
    "digest": "tin",
    "alert": "cảnh báo",
}
_FIELD_WORDS: Final = {
    "file": "tệp",
    "bytes": "dung lượng",
    "kind": "loại",
    "problems": "số vấn đề",
    "role": "vai trò",
    "provinces": "tỉnh",
    "communes": "xã",
    "sessions": "số phiên",
    "name": "tên",
    "channel": "kênh",
    "day": "ngày",
    "signals": "nội dung",
    "office": "cơ quan",
}
_LINES_SHOWN = 50
_MOST_IN_FILE = 20_000
_COLUMNS = (
    TableColumn("Số", "Số thứ tự của dòng nhật ký", CellType.NUMBER),
    TableColumn("Lúc", "Lúc ghi, giờ Việt Nam"),
    TableColumn("Tài khoản", "Tài khoản đã làm"),
    TableColumn("Cơ quan", "Cơ quan của tài khoản"),
    TableColumn("Qua", "Qua trang, dòng lệnh hay chương trình"),
    TableColumn("Việc", "Việc đã làm"),
    TableColumn("Tỉnh, thành phố", "Tỉnh, thành phố của số liệu"),
    TableColumn("Đối tượng", "Tệp, đợt nạp hoặc tài khoản"),
    TableColumn("Trước", "Giá trị trước"),
    TableColumn("Sau", "Giá trị sau"),
)


@dataclass(frozen=True)
class AuditFilter:
    """What the reader asks for; empty: everything that they may see. `before`: older lines than
    this number.
    """

    account: str
    action: str
    province: str
    day: date | None
    before: int | None

    def to_fields(self) -> dict[str, str]:
        """As the address says it."""
        fields = {
            "account": self.account,
            "action": self.action,
            "province": self.province,
            "day": self.day.isoformat() if self.day else "",
        }
        return {name: value for name, value in fields.items() if value}


def register(server: Flask, settings: Settings, engine: Engine) -> None:
    """Adds the page and its file to `server`."""

    @server.get("/nhat-ky", endpoint="show_audit")
    def show_audit() -> ResponseReturnValue:
        account = access.require_account()
        chosen = _read_filter(account)
        frame = _fetch_lines(engine, account, chosen, _LINES_SHOWN + 1)
        lines = [_describe_line(row) for row in frame.head(_LINES_SHOWN).to_dict("records")]
        older = ""
        if len(frame) > _LINES_SHOWN:
            older = url_for("show_audit", before=lines[-1]["number"], **chosen.to_fields())
        context = {
            "lines": lines,
            "chosen": chosen,
            "actions": ACTION_WORDS,
            "provinces": {
                code: name
                for code, name in reference.load_province_names().items()
                if account.reaches_province(code)
            },
            "today": settings.today(),
            "older": older,
            "newest": url_for("show_audit", **chosen.to_fields()) if chosen.before else "",
            "file": url_for("download_audit", **chosen.to_fields()),
            "workbook": url_for("download_audit_workbook", **chosen.to_fields()),
            "is_limited": bool(account.provinces),
        }
        return render_form(FormPage("audit_log/audit.html", "audit_log", context))

    @server.get("/nhat-ky.csv", endpoint="download_audit")
    def download_audit() -> ResponseReturnValue:
        return respond_with_csv(tabulate(), _name_file(settings))

    @server.get("/nhat-ky.xlsx", endpoint="download_audit_workbook")
    def download_audit_workbook() -> ResponseReturnValue:
        day = text.format_day(settings.today())
        notes = [("Nguồn", "Nhật ký của bảng theo dõi"), ("Đến ngày", day)]
        content = write_workbook(tabulate(), notes, simulated=False)
        headers = name_download(_name_file(settings), "xlsx")
        return Response(content, mimetype=WORKBOOK_TYPE, headers=headers)

    def tabulate() -> DownloadTable:
        account = access.require_account()
        frame = _fetch_lines(engine, account, _read_filter(account), _MOST_IN_FILE)
        return _tabulate_lines(frame)


def _tabulate_lines(frame: pd.DataFrame) -> DownloadTable:
    columns = ["number", "moment", "account", "office", "door"]
    columns += ["action", "province", "subject", "before", "after"]
    lines = map(_describe_line, frame.to_dict("records"))
    rows = [[line[column] for column in columns] for line in lines]
    return DownloadTable(_COLUMNS, rows, "Nhật ký")


def _name_file(settings: Settings) -> str:
    return f"nhat_ky_{settings.today().isoformat()}"


def _read_filter(account: Account) -> AuditFilter:
    """What the address asks for; what nobody can mean is left out, another province is refused."""
    province = request.args.get("province", "")
    if province and not (
        province in reference.load_province_names() and account.reaches_province(province)
    ):
        abort(403)
    action = request.args.get("action", "")
    before = request.args.get("before", "")
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = None
    return AuditFilter(
        request.args.get("account", "").strip().casefold()[:40],
        action if action in ACTION_WORDS else "",
        province,
        day if day and day.year >= reference.FIRST_DAY.year else None,
        int(before) if before.isdecimal() and len(before) < 10 else None,
    )


def _fetch_lines(engine: Engine, account: Account, chosen: AuditFilter, limit: int) -> pd.DataFrame:
    begin = None
    if chosen.day:
        begin = datetime.combine(chosen.day, time(), VIETNAM).astimezone(UTC)
    return audit.fetch_audit_lines(
        engine,
        provinces=frozenset({chosen.province}) if chosen.province else account.provinces,
        account=chosen.account,
        action=chosen.action,
        since=begin,
        until=begin + timedelta(days=1) if begin else None,
        before_number=chosen.before,
        limit=limit,
    )


def _describe_line(row: Mapping[Any, Any]) -> dict[str, Any]:
    written_at = datetime.fromisoformat(row["written_at"]).astimezone(VIETNAM)
    subject, _, number = row["subject"].partition(" ")
    subject_words = row["subject"]
    if number and subject in _SUBJECT_WORDS:
        subject_words = f"{_SUBJECT_WORDS[subject]} {SIGNAL_WORDS.get(number, number)}"
    return {
        "number": int(row["number"]),
        "moment": f"{written_at:%H:%M:%S} {text.format_day(written_at.date())}",
        "account": row["account"],
        "office": row["office"],
        "door": _DOOR_WORDS[Door(row["door"])],
        "action": ACTION_WORDS.get(row["action"], row["action"]),
        "province": reference.load_province_names().get(row["province_code"], ""),
        "subject": subject_words,
        "before": _describe_fields(json.loads(row["before"])),
        "after": _describe_fields(json.loads(row["after"])),
    }


def _describe_fields(fields: Mapping[str, Any]) -> str:
    """What a person asks after; counts by table and hashes are in `audit export`."""
    return "; ".join(
        f"{word}: {_describe_field(name, fields[name])}"
        for name, word in _FIELD_WORDS.items()
        if fields.get(name) not in (None, "")
    )


def _describe_field(name: str, value: Any) -> str:
    if name == "provinces":
        names = reference.load_province_names()
        return ", ".join(names.get(code, code) for code in str(value).split(","))
    if name == "role" and value in {str(role) for role in Role}:
        return ROLE_NAMES[Role(value)]
    if name == "channel":
        return CHANNEL_WORDS.get(value, str(value))
    if name == "signals":
        return ", ".join(SIGNAL_WORDS.get(code, code) for code in str(value).split(", "))
    if name == "day":
        return text.format_day(date.fromisoformat(value))
    if name == "kind":
        return list_kind_words().get(value, str(value))
    if name == "bytes":
        return f"{text.format_number(-(-int(value) // 1000))} kB"
    return text.format_number(value) if isinstance(value, int) else str(value)
