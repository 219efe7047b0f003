"""What the forms of the field share: who writes for which province, the number that is drawn when a
form is opened, and writing it once (store/entries.py), as a batch of its own, as a file would be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from dashboard import reference
from dashboard.accounts.roles import Account
from dashboard.batch import make_batch
from dashboard.errors import DashboardError
from dashboard.settings import Settings
from dashboard.store.entries import FieldEntry, save_entry
from dashboard.web import access
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import read_page_view
from dashboard.web.documents.navigation import build_address

WRITE_LIMIT: Final = "60 per minute"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class EntryRefused(DashboardError):
    """What cannot be taken as it was written, in words for who wrote it."""


def require_writer(settings: Settings) -> tuple[Account, PageView]:
    """Who writes, and for which province and day; 403 where the account does not reach it."""
    account = access.require_account()
    view = read_page_view(settings)
    if not account.reaches_province(view.province):
        abort(403)
    return account, view


def read_fields(names: Iterable[str]) -> dict[str, str]:
    """What was sent of each field, without blanks around it; "" where nothing was."""
    return {name: request.form.get(name, "").strip() for name in names}


def is_entry_id(written: str) -> bool:
    """Whether this is a number that a form drew."""
    return bool(_ID.fullmatch(written))


def check_entry_id(written: str) -> None:
    """Raises EntryRefused where the form's own number is broken."""
    if not is_entry_id(written):
        raise EntryRefused("Biểu mẫu không còn nguyên vẹn; hãy mở lại trang rồi ghi lại")


def list_own_communes(account: Account, province: str) -> list[tuple[str, str]]:
    """Code and name of the communes of a province that the account may write for."""
    names = reference.select_communes_of_province(province)["name"]
    return [(str(code), name) for code, name in names.items() if account.reaches_commune(str(code))]


def check_commune(code: str, account: Account, province: str) -> None:
    """Raises EntryRefused where the account may not write for that commune of the province."""
    is_of_province = code in reference.select_communes_of_province(province).index
    if not (is_of_province and account.reaches_commune(code)):
        raise EntryRefused("Hãy chọn đơn vị trong phạm vi của tài khoản")


def make_entry(entry_id: str, commune_code: str, content: Mapping[str, Any]) -> FieldEntry:
    """An entry whose content is always written the same way."""
    words = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return FieldEntry(entry_id, commune_code, words)


def save_once(
    engine: Engine,
    entry: FieldEntry,
    file_name: str,
    kind_code: str,
    province: str,
    as_of: date,
    **parts: Any,
) -> None:
    """Write the one row of a form as a batch (`parts` as batch.Batch has them), once for the form's
    number. Raises EntryRefused where that stands with other content.
    """
    batch = make_batch(file_name, entry.sha256, kind_code, province, as_of, rows=1, **parts)
    if save_entry(engine, entry, batch, by=access.find_author()).is_conflict:
        raise EntryRefused("Biểu mẫu này đã được gửi với nội dung khác; hãy mở lại trang")


def lead_to(path: str, province: str) -> ResponseReturnValue:
    """The way on after something was written."""
    return redirect(build_address(path, PageView(province)), 303)
