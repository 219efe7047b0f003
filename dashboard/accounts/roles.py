"""The one table of who may do what, and the account that it is asked about.

docs/security.md prints the same table and a test compares both. Every address of the server has one
action (web/access.py); what has none is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from dashboard.messages import Message, write_message
from dashboard.reference import load_communes, load_province_names


class Role(StrEnum):
    """What somebody is in the dashboard; one role an account."""

    VIEWER = "viewer"
    CLERK = "clerk"
    TEAM = "team"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.VIEWER: write_message("Người xem"),
        Role.CLERK: write_message("Văn thư nạp số liệu"),
        Role.TEAM: write_message("Thành viên tổ công tác"),
        Role.COORDINATOR: write_message("Điều phối của tỉnh"),
        Role.ADMINISTRATOR: write_message("Quản trị"),
    }
)


_ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,38}")


class Action(StrEnum):
    """What an address does for who asks it."""

    # Neither figures nor accounts: scripts and styles, whether the process lives, signing in.
    ENTER = "enter"
    # Pages, charts, maps, what open pages ask by themselves.
    LOOK = "look"
    # Tables and reports as files and for other programs.
    TAKE_AWAY = "take_away"
    # A wall screen says that it is on.
    REPORT_SCREEN = "report_screen"
    # One's own account: password, where one is signed in, signing out.
    KEEP_ACCOUNT = "keep_account"
    # Sending a file: dry run, confirming it, taking it back.
    SEND_FILES = "send_files"
    # What a team found in a commune, and what it mended there.
    RECORD_VISITS = "record_visits"
    # A commune asks for help.
    ASK_SUPPORT = "ask_support"
    # Who goes where, what was promised, who mends what was asked for.
    COORDINATE = "coordinate"
    # Reading who changed what.
    READ_AUDIT = "read_audit"
    # Accounts, keys of programs, links of wall screens.
    ADMINISTER = "administer"


_LOOKING = frozenset({Action.ENTER, Action.LOOK, Action.TAKE_AWAY, Action.REPORT_SCREEN})
_SIGNED_IN = _LOOKING | {Action.KEEP_ACCOUNT}
_FIELD = frozenset({Action.RECORD_VISITS, Action.ASK_SUPPORT})
ROLE_ACTIONS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.VIEWER: _SIGNED_IN,
        Role.CLERK: _SIGNED_IN | {Action.SEND_FILES, Action.ASK_SUPPORT},
        Role.TEAM: _SIGNED_IN | _FIELD,
        Role.COORDINATOR: _SIGNED_IN
        | _FIELD
        | {Action.SEND_FILES, Action.COORDINATE, Action.READ_AUDIT},
        Role.ADMINISTRATOR: frozenset(Action),
    }
)
# Whoever is not signed in: everything that only shows where viewing is public, else just the door.
PUBLIC_ACTIONS: Mapping[str, frozenset[Action]] = MappingProxyType(
    {"public": _LOOKING, "signed-in": frozenset({Action.ENTER})}
)
# A program with a key of its office: reading, and sending files; never an account's own matters.
KEY_ACTIONS = frozenset({Action.TAKE_AWAY, Action.SEND_FILES})
# A signed-in account that may write is signed out sooner when nobody touches it.
WRITING_ACTIONS = _FIELD | {Action.SEND_FILES, Action.COORDINATE, Action.ADMINISTER}


@dataclass(frozen=True)
class Account:
    """An account of staff: no more of a person than this is ever kept.

    `provinces` and `communes` are codes; none means all (of communes: all of its provinces).
    """

    account_id: int
    name: str
    office: str
    role: Role
    provinces: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()
    must_change: bool = False
    locked: bool = False

    def may_do(self, action: Action) -> bool:
        """Whether the role has this action; where it may be done is asked of the other two."""
        return not self.locked and action in ROLE_ACTIONS[self.role]

    def reaches_province(self, province: str) -> bool:
        """Whether the account may act for this province."""
        return not self.provinces or province in self.provinces

    def reaches_commune(self, commune: str) -> bool:
        """Whether the account may act for this commune; unknown codes never."""
        communes = load_communes()
        if commune not in communes.index:
            return False
        if self.communes:
            return commune in self.communes
        return self.reaches_province(str(communes.at[commune, "province_code"]))

    @property
    def writes(self) -> bool:
        """Whether the account can change anything."""
        return bool(ROLE_ACTIONS[self.role] & WRITING_ACTIONS)


def find_name_fault(name: str) -> Message | None:
    """Why this is no name of an account; None where it is one."""
    if _ACCOUNT_NAME.fullmatch(name):
        return None
    return write_message(
        "Tên tài khoản gồm 2 đến 39 ký tự: chữ thường không dấu, chữ số, dấu "
        "chấm, gạch ngang; ví dụ vpubnd.sonha."
    )


_EVERYWHERE = write_message("mọi tỉnh, thành phố")


def describe_reach(account: Account) -> str:
    """Where the account may act, in words."""
    names = load_province_names()
    provinces = [names.get(code, code) for code in sorted(account.provinces)]
    reach = write_message("{provinces}", provinces=provinces) if provinces else _EVERYWHERE
    if not account.communes:
        return reach
    return write_message(
        "{provinces}; {count} đơn vị cấp xã", provinces=reach, count=len(account.communes)
    )
