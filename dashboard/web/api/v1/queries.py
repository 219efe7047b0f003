"""What an address of /api/v1 may ask: pages let junk fall back, programs are told of it.

What has the wrong form, or is not a field of the address, is a 400; what is well formed and not
there (a day that has not come, a province that does not exist, the page of another list) a 404.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, TypeVar

from flask import abort, request
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)

from dashboard.indicators.throughput.dossiers import RANKED_COUNTS
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.rates import RATES
from dashboard.measures import MEASURES
from dashboard.reference import FIRST_DAY
from dashboard.web.api.problems import answer_problem
from dashboard.web.api.v1.asking import ProvinceQuestion
from dashboard.web.api.v1.models import (
    ListingBasis,
    PromiseState,
    RequestState,
    ResourceTopic,
    TeamDayState,
    Urgency,
)
from dashboard.web.documents.http_caching import compute_etag
from dashboard.web.documents.period import parse_period_param

DEFAULT_LIMIT: Final = 500
MOST_ROWS: Final = 5000
_DAY: Final = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
PERIOD_PATTERN: Final = (
    r"^([0-9]{4}(-Q[1-4]|-W(0[1-9]|[1-4][0-9]|5[0-3])|-(0[1-9]|1[0-2]))?"
    rf"|{_DAY}(\.\.{_DAY})?)$"
)
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
# What ranking may be by.
RANKING_KEYS: Final = (*RATES, *(f"count_{name}" for name in RANKED_COUNTS))
# Whether a row fits the value of a field of the query.
RowTest = Callable[[Any, Any, ProvinceQuestion], bool]
Answer = Literal["true", "false"]

_SINCE: Final = Field(None, description="Từ ngày này trở đi, dạng 2026-11-01")
_UNTIL: Final = Field(None, description="Đến hết ngày này, dạng 2026-11-22")


def _read_day(written: Any) -> Any:
    """Python's own reader takes more forms than `date` of OpenAPI."""
    if isinstance(written, str) and re.fullmatch(r"(?a)\d{4}-\d{2}-\d{2}", written):
        return date.fromisoformat(written)
    raise ValueError("not a day")


def _read_whole_number(written: Any) -> Any:
    if isinstance(written, str) and _WHOLE_NUMBER.fullmatch(written):
        return int(written)
    raise ValueError("not a whole number")


class ApiQuery(BaseModel):
    """The fields of an address; the description of each is told where it is misread."""

    model_config = ConfigDict(extra="forbid", frozen=True)


AnyDay = Annotated[date, BeforeValidator(_read_day)]


class DayQuery(ApiQuery):
    """Which day."""

    as_of: AnyDay | None = Field(
        None,
        description="Ngày xem, từ 2025-07-01 đến hôm nay, dạng 2026-11-22; không có là hôm nay",
        examples=["2026-11-20"],
    )


class ListQuery(ApiQuery):
    """Which part of a list, and how it is written."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS), BeforeValidator(_read_whole_number)] = Field(
        DEFAULT_LIMIT, description=f"Số dòng một trang, từ 1 đến {MOST_ROWS}"
    )
    cursor: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{1,80}$",
        description="Trang sau, đúng như trong trường next của trang trước",
    )
    format: Literal["json", "csv"] | None = Field(
        None, description="json hoặc csv; không có thì theo tiêu đề Accept"
    )


class DayListQuery(DayQuery, ListQuery):
    """A list of a day."""


class PeriodListQuery(DayListQuery):
    """A list of dossiers."""

    period: str | None = Field(
        None,
        pattern=PERIOD_PATTERN,
        description="Kỳ hồ sơ: 2026, 2026-Q3, 2026-08, 2026-W47, 2026-08-03 hoặc "
        "2026-08-03..2026-08-14; không có là kỳ mới nhất",
        examples=["2026-10"],
    )


class RankingQuery(PeriodListQuery):
    """Places by one figure, or by all."""

    by: Annotated[str | None, WithJsonSchema({"type": "string", "enum": list(RANKING_KEYS)})] = (
        Field(
            None,
            pattern=f"^({'|'.join(RANKING_KEYS)})$",
            description=f"Xếp theo: {', '.join(RANKING_KEYS)}; không có là tất cả",
        )
    )


class CommuneListQuery(DayListQuery):
    """What concerns one commune, or all."""

    commune: str | None = Field(
        None,
        pattern="^[0-9]{5}$",
        description="Mã đơn vị cấp xã, năm chữ số",
        examples=["21250"],
    )


class ReadingQuery(CommuneListQuery):
    """Values of one commune or measure, or of all."""

    measure: Annotated[str | None, WithJsonSchema({"type": "string", "enum": list(MEASURES)})] = (
        Field(
            None, pattern=f"^({'|'.join(MEASURES)})$", description=f"Chỉ số: {', '.join(MEASURES)}"
        )
    )


class OutlineQuery(DayQuery):
    """Which outlines a map shows."""

    outlines: Literal["office", "schematic"] = Field(
        "office",
        description="office: ranh giới do cơ quan nạp, nơi chưa có là một điểm; "
        "schematic: nơi chưa có là hình phác họa của bảng theo dõi, không phải ranh giới thật",
    )


AnyQuery = TypeVar("AnyQuery", bound=ApiQuery)


def read_request_query(model: type[AnyQuery]) -> AnyQuery:
    """The fields of the present address; aborts with a problem that names what is wrong, never what
    was sent.
    """
    fields = request.args
    if any(len(values) > 1 for _, values in fields.lists()):
        abort(answer_problem(400, "Mỗi tham số chỉ được ghi một lần."))
    try:
        return model.model_validate(fields.to_dict())
    except ValidationError as error:
        name = str(error.errors(include_input=False, include_url=False)[0]["loc"][0])
    properties = model.model_fields
    if name in properties:
        description = properties[name].description
        abort(answer_problem(400, f"Tham số {name} không đọc được. {description}."))
    names = ", ".join(sorted(properties))
    abort(answer_problem(400, f"Địa chỉ này chỉ nhận các tham số: {names}."))


def select_day(query: DayQuery, today: date) -> date:
    """The day that is looked at; aborts where no figures can be of it."""
    day = query.as_of or today
    if not FIRST_DAY <= day <= today:
        abort(answer_problem(404, "Không có số liệu của ngày này: trước 01/07/2025 hoặc chưa đến."))
    return day


def select_period_of_query(written: str | None, day: date) -> Period | None:
    """The period that is asked for; None: the newest. Aborts where nothing can be known of it."""
    if written is None:
        return None
    period = parse_period_param(written, day)
    if period is None:
        abort(answer_problem(404, "Không có kỳ này, hoặc kỳ chưa đến."))
    return period


# Where a page of a list begins. A page of newer figures behind one of older ones would be a list of
# no moment: whoever reads on after a change begins anew.


def write_cursor(offset: int, list_key: Sequence[object], state: Sequence[object]) -> str:
    """An opaque word for the rows from `offset` on of that list; `state`: of which figures."""
    words = f"{offset}.{compute_etag(*list_key)}.{compute_etag(*state)}"
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, list_key: Sequence[object], state: Sequence[object]) -> int:
    """Where the page begins; aborts where the cursor is of another list (404) or of figures that
    have changed since (409).
    """
    if cursor is None:
        return 0
    try:
        words = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        words = ""
    offset, _, tags = words.partition(".")
    list_tag, _, state_tag = tags.partition(".")
    if not _WHOLE_NUMBER.fullmatch(offset) or list_tag != compute_etag(*list_key):
        abort(answer_problem(404, "Không có trang này; hãy dùng nguyên trường next."))
    if state_tag != compute_etag(*state):
        abort(answer_problem(409, "Số liệu đã thay đổi; hãy đọc lại danh sách từ trang đầu."))
    return int(offset)


# What the lists of the field may be narrowed to, and which rows fit: a row that lacks what is asked
# for (no day, no commune) does not.


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
