"""What the lists of the field may be narrowed to, and which rows fit.

Each field of a query has its test among ROW_TESTS or those that its list brings along; a row that
lacks what is asked for (no day, no commune) does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import Field

from dashboard.web.api.v1.asking import ProvinceQuestion
from dashboard.web.api.v1.models import (
    ListingBasis,
    PromiseState,
    RequestState,
    ResourceTopic,
    TeamDayState,
    Urgency,
)
from dashboard.web.api.v1.queries import AnyDay, CommuneListQuery

# Whether a row fits the value of a field of the query.
RowTest = Callable[[Any, Any, ProvinceQuestion], bool]
Answer = Literal["true", "false"]

_SINCE: Final = Field(None, description="Từ ngày này trở đi, dạng 2026-11-01")
_UNTIL: Final = Field(None, description="Đến hết ngày này, dạng 2026-11-22")


class TeamListQuery(CommuneListQuery):
    """What concerns the communes of one team, or all."""

    team: str | None = Field(
        None,
        pattern="^[0-9A-Za-z-]{1,36}$",
        description="Mã tổ công tác, như trường id của /teams",
    )


class FollowUpQuery(TeamListQuery):
    """Promises; days are those on which they were made."""

    state: PromiseState | None = Field(
        None, description="Tình trạng: overdue, reopened, open, kept hoặc withdrawn"
    )
    open: Answer | None = Field(
        None, description="true: chưa xong (overdue, reopened, open); false: đã xong hoặc đã rút"
    )
    since: AnyDay | None = _SINCE
    until: AnyDay | None = _UNTIL


class SupportRequestQuery(TeamListQuery):
    """Requests for help; days are those on which they were asked."""

    state: RequestState | None = Field(
        None,
        description="Tình trạng: reopened, asked, triaged, helping, mended, rechecked hoặc closed",
    )
    open: Answer | None = Field(None, description="true: chưa đóng; false: đã đóng")
    urgency: Urgency | None = Field(None, description="Mức khẩn: stopped, hindered hoặc usual")
    since: AnyDay | None = _SINCE
    until: AnyDay | None = _UNTIL


class WeakListQuery(TeamListQuery):
    """Stays on the list; days are those on which they began."""

    open: Answer | None = Field(None, description="true: còn trong danh sách; false: đã ra")
    basis: ListingBasis | None = Field(
        None, description="Căn cứ: rule (mức Đỏ) hoặc decision (quyết định)"
    )
    since: AnyDay | None = _SINCE
    until: AnyDay | None = _UNTIL


class TeamQuery(CommuneListQuery):
    """Teams; of one commune those that look after it."""

    open: Answer | None = Field(None, description="true: đang hoạt động; false: đã kết thúc")


class TeamDayQuery(TeamListQuery):
    """Days of teams; of one commune those on which a team goes there."""

    state: TeamDayState | None = Field(None, description="planned hoặc called_off (đã hủy)")
    since: AnyDay | None = _SINCE
    until: AnyDay | None = _UNTIL


class FieldResourceQuery(CommuneListQuery):
    """What the province gives; days are those on which it began."""

    topic: ResourceTopic | None = Field(
        None, description="Loại: certificate, device, training, secondment hoặc form"
    )
    since: AnyDay | None = _SINCE
    until: AnyDay | None = _UNTIL


class VisitSummaryQuery(TeamListQuery):
    """Communes by their newest visit."""

    contradicted: Answer | None = Field(
        None, description="true: kết quả kiểm tra còn hạn khác mức tự kê khai"
    )
    since: AnyDay | None = _SINCE
    until: AnyDay | None = _UNTIL


def _make_day_tests(name: str) -> dict[str, RowTest]:
    """Rows whose day or moment `name` lies in what is asked for."""

    def find_day(row: Any) -> date | None:
        moment: date | None = getattr(row, name)
        return moment.date() if isinstance(moment, datetime) else moment

    return {
        "since": lambda row, day, _: (own := find_day(row)) is not None and own >= day,
        "until": lambda row, day, _: (own := find_day(row)) is not None and own <= day,
    }


def _make_answer_test(holds: Callable[[Any], bool]) -> RowTest:
    return lambda row, answer, _: holds(row) == (answer == "true")


def _is_of_team(row: Any, team: str, question: ProvinceQuestion) -> bool:
    return row.commune_code in question.communes_of_teams.get(team, ())


def _make_list_tests(own: Mapping[str, RowTest], day: str = "") -> Mapping[str, RowTest]:
    """The tests of a list of which each row is of one commune."""
    tests = {"team": _is_of_team, **(_make_day_tests(day) if day else {}), **own}
    return MappingProxyType(tests)


_OPEN_PROMISES: Final = ("overdue", "reopened", "open")
FOLLOW_UP_TESTS: Final = _make_list_tests(
    {"open": _make_answer_test(lambda row: row.state in _OPEN_PROMISES)}, "promised_on"
)
SUPPORT_REQUEST_TESTS: Final = _make_list_tests(
    {"open": _make_answer_test(lambda row: row.state != "closed")}, "asked_at"
)
WEAK_LIST_TESTS: Final = _make_list_tests(
    {"open": _make_answer_test(lambda row: row.left_on is None)}, "listed_on"
)
FIELD_RESOURCE_TESTS: Final = _make_list_tests({}, "began_on")
VISIT_SUMMARY_TESTS: Final = _make_list_tests(
    {"contradicted": _make_answer_test(lambda row: row.contradicted)}, "visited_on"
)


def _goes_to(row: Any, commune: str, _question: ProvinceQuestion) -> bool:
    return commune in row.communes


TEAM_TESTS: Final[Mapping[str, RowTest]] = MappingProxyType(
    {
        "commune": _goes_to,
        "open": lambda row, answer, question: (
            (row.ended_on is None or row.ended_on > question.day) == (answer == "true")
        ),
    }
)
TEAM_DAY_TESTS: Final[Mapping[str, RowTest]] = MappingProxyType(
    {
        "commune": _goes_to,
        "team": lambda row, team, _question: row.team_id == team,
        **_make_day_tests("day"),
    }
)
