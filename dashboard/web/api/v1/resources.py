"""The addresses of /api/v1: what each lists, what it may be asked, where it is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, abort

from dashboard import reference
from dashboard.accounts.roles import PUBLIC_ACTIONS, Action
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web import access
from dashboard.web.api.problems import answer_problem
from dashboard.web.api.v1 import field_rows, queries, report_rows
from dashboard.web.api.v1.answers import JSON_TYPE, answer_in_state, answer_list
from dashboard.web.api.v1.asking import ProvinceQuestion
from dashboard.web.api.v1.models import (
    AnswerHead,
    ApiModel,
    CommuneDetail,
    CommuneRow,
    CriterionRow,
    DossierRow,
    FeedbackRow,
    FieldResourceRow,
    FollowUpRow,
    LevelRow,
    Listing,
    ProvinceListing,
    ProvinceRow,
    ProvinceSummary,
    RankingRow,
    ReadingRow,
    SignalRow,
    Single,
    SourceRow,
    SupportRequestRow,
    TeamDayRow,
    TeamRow,
    VisitSummaryRow,
    WeakSpanRow,
)
from dashboard.web.api.v1.queries import (
    CommuneListQuery,
    DayListQuery,
    DayQuery,
    ListQuery,
    PeriodListQuery,
    RankingQuery,
    ReadingQuery,
    read_request_query,
    select_day,
    select_period_of_query,
)

ROOT_PATH: Final = "/api/v1"
# Fields of a query that rows call otherwise.
_ROW_FIELDS: Final = {"commune": "commune_code"}
PROVINCES_SUMMARY: Final = "34 tỉnh, thành phố"


@dataclass(frozen=True)
class ListResource:
    """A list of a province: `path` below /provinces/{province}. A row fits a field of the query
    that the day and the page do not use up where its own field of that name is equal, or where
    `tests` says so.
    """

    path: str
    endpoint: str
    summary: str
    row: type[ApiModel]
    list_rows: Callable[[ProvinceQuestion], Sequence[ApiModel]]
    query: type[DayListQuery] = DayListQuery
    tests: Mapping[str, queries.RowTest] = field(default_factory=dict)

    def fits(self, row: ApiModel, wanted: Mapping[str, Any], question: ProvinceQuestion) -> bool:
        """Whether a row is what is asked for."""
        for name, value in wanted.items():
            if name in self.tests:
                is_wanted = self.tests[name](row, value, question)
            else:
                is_wanted = getattr(row, _ROW_FIELDS.get(name, name)) == value
            if not is_wanted:
                return False
        return True


@dataclass(frozen=True)
class SingleResource:
    """One thing of a province; `build` may abort where it is not there."""

    path: str
    endpoint: str
    summary: str
    model: type[ApiModel]
    build: Callable[..., ApiModel]


COMMUNES: Final = ListResource(
    "/communes",
    "api_communes",
    "Các xã, phường, đặc khu",
    CommuneRow,
    report_rows.list_commune_rows,
)
LEVELS: Final = ListResource(
    "/levels",
    "api_levels",
    "Mức sẵn sàng của từng đơn vị, kèm lý do",
    LevelRow,
    report_rows.list_level_rows,
)
LISTS: Final = (
    COMMUNES,
    LEVELS,
    ListResource(
        "/criteria",
        "api_criteria",
        "Từng tiêu chí của từng đơn vị: giá trị quyết định, hai bên kê khai và kiểm tra, ngưỡng",
        CriterionRow,
        report_rows.list_criterion_rows,
    ),
    ListResource(
        "/readings",
        "api_readings",
        "Số mới nhất của từng chỉ số, kèm nguồn, ngày và đợt nạp",
        ReadingRow,
        report_rows.list_reading_rows,
        ReadingQuery,
    ),
    ListResource(
        "/dossiers",
        "api_dossiers",
        "Hồ sơ của từng đơn vị trong một kỳ: số lượng và tỷ lệ",
        DossierRow,
        report_rows.list_dossier_rows,
        PeriodListQuery,
    ),
    ListResource(
        "/rankings",
        "api_rankings",
        "Thứ hạng theo từng tỷ lệ trong nhóm, theo số lượng trong tỉnh",
        RankingRow,
        report_rows.list_ranking_rows,
        RankingQuery,
    ),
    ListResource(
        "/signals",
        "api_signals",
        "Nội dung cần chỉ đạo, khẩn trước",
        SignalRow,
        report_rows.list_signal_rows,
    ),
    ListResource(
        "/sources",
        "api_sources",
        "Các tệp đã nạp, mới trước",
        SourceRow,
        report_rows.list_source_rows,
    ),
    ListResource(
        "/follow-ups",
        "api_follow_ups",
        "Việc hứa: của cơ quan nào, hạn, số liệu quyết định",
        FollowUpRow,
        field_rows.list_follow_up_rows,
        queries.FollowUpQuery,
        queries.FOLLOW_UP_TESTS,
    ),
    ListResource(
        "/support-requests",
        "api_support_requests",
        "Yêu cầu hỗ trợ: trạng thái, thời gian xử lý theo giờ làm việc",
        SupportRequestRow,
        field_rows.list_support_request_rows,
        queries.SupportRequestQuery,
        queries.SUPPORT_REQUEST_TESTS,
    ),
    ListResource(
        "/weak-list",
        "api_weak_list",
        "Danh sách đơn vị yếu: vào từ khi nào, vì sao, ra bằng gì",
        WeakSpanRow,
        field_rows.list_weak_span_rows,
        queries.WeakListQuery,
        queries.WEAK_LIST_TESTS,
    ),
    ListResource(
        "/teams",
        "api_teams",
        "Các tổ công tác",
        TeamRow,
        field_rows.list_team_rows,
        queries.TeamQuery,
        queries.TEAM_TESTS,
    ),
    ListResource(
        "/team-days",
        "api_team_days",
        "Lịch đi của các tổ",
        TeamDayRow,
        field_rows.list_team_day_rows,
        queries.TeamDayQuery,
        queries.TEAM_DAY_TESTS,
    ),
    ListResource(
        "/resources",
        "api_field_resources",
        "Nguồn lực hỗ trợ cấp xã",
        FieldResourceRow,
        field_rows.list_field_resource_rows,
        queries.FieldResourceQuery,
        queries.FIELD_RESOURCE_TESTS,
    ),
    ListResource(
        "/feedback",
        "api_feedback",
        "Phản ánh, kiến nghị của kỳ mới nhất: số lượng, điểm hài lòng",
        FeedbackRow,
        field_rows.list_feedback_rows,
        CommuneListQuery,
    ),
    ListResource(
        "/visits",
        "api_visits",
        "Lần kiểm tra gần nhất; kê khai được kiểm tra xác nhận bao nhiêu",
        VisitSummaryRow,
        field_rows.list_visit_summary_rows,
        queries.VisitSummaryQuery,
        queries.VISIT_SUMMARY_TESTS,
    ),
)


def build_commune_detail(question: ProvinceQuestion, code: str) -> CommuneDetail:
    """All rows of one commune; aborts where the province has none of that code."""
    if code not in question.commune_names:
        abort(answer_problem(404, "Tỉnh này không có đơn vị mang mã này."))
    parts: dict[str, list[Any]] = {
        resource.path.removeprefix("/").replace("-", "_"): [
            row for row in fetch_rows(resource, question) if row.commune_code == code
        ]
        for resource in LISTS
        if "commune_code" in resource.row.model_fields
    }
    certificates = report_rows.describe_newest_certificates(question, code)
    return CommuneDetail(
        commune=parts["communes"][0],
        level=parts["levels"][0],
        criteria=parts["criteria"],
        readings=parts["readings"],
        dossiers=parts["dossiers"][0],
        rankings=parts["rankings"],
        follow_ups=parts["follow_ups"],
        support_requests=parts["support_requests"],
        weak_list=parts["weak_list"],
        resources=parts["resources"],
        feedback=next(iter(parts["feedback"]), None),
        visits=parts["visits"][0],
        **certificates,
    )


SINGLES: Final = (
    SingleResource(
        "",
        "api_province",
        "Một tỉnh: mức, quy tắc, hồ sơ của kỳ mới nhất",
        ProvinceSummary,
        report_rows.build_province_summary,
    ),
    SingleResource(
        "/communes/{code}",
        "api_commune",
        "Tất cả của một đơn vị",
        CommuneDetail,
        build_commune_detail,
    ),
)


def fetch_rows(resource: ListResource, question: ProvinceQuestion) -> list[Any]:
    """All rows of a list, made once for the province, day, version and period."""
    return question.keep_rows(resource.endpoint, lambda: list(resource.list_rows(question)))


def make_rule(path: str) -> str:
    """A path of OpenAPI as Flask writes it: `/provinces/{province}` → `/provinces/<province>`."""
    return f"{ROOT_PATH}{path}".replace("{", "<").replace("}", ">")


def ask_about_province(
    settings: Settings, reports: Reports, province: str, query: DayQuery, period: str | None = None
) -> ProvinceQuestion:
    """What the present request is about; aborts where there is no such province or day."""
    if province not in reference.load_province_names():
        abort(answer_problem(404, "Không có tỉnh, thành phố mang mã này."))
    day = select_day(query, settings.today())
    days = select_period_of_query(period, day)
    return ProvinceQuestion(reports, province, day, reports.version(), days)


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds the lists and the single things to `server`."""
    server.add_url_rule(
        f"{ROOT_PATH}/provinces",
        "api_provinces",
        lambda: _answer_provinces(settings, reports),
        methods=["GET"],
    )
    for resource in LISTS:
        server.add_url_rule(
            make_rule(f"/provinces/{{province}}{resource.path}"),
            resource.endpoint,
            _make_list_view(resource, settings, reports),
            methods=["GET"],
        )
    for single in SINGLES:
        server.add_url_rule(
            make_rule(f"/provinces/{{province}}{single.path}"),
            single.endpoint,
            _make_single_view(single, settings, reports),
            methods=["GET"],
        )


def _answer_provinces(settings: Settings, reports: Reports) -> Response:
    """Where viewing needs an account, those that it reaches."""
    query = read_request_query(ListQuery)
    version = reports.version()
    account = None
    if Action.TAKE_AWAY not in PUBLIC_ACTIONS[settings.view]:
        account = access.find_account()
    reach = tuple(sorted(account.provinces)) if account else ()

    def list_rows() -> list[ProvinceRow]:
        rows = report_rows.list_province_rows(reports.engine)
        return [row for row in rows if not reach or row.province in reach]

    head = {"data_version": version.number, "data_token": version.token}
    assert set(head) == set(AnswerHead.model_fields)
    return answer_list(
        query, version, Listing[ProvinceRow], ProvinceRow, lambda: head, list_rows, reach
    )


def _make_list_view(
    resource: ListResource, settings: Settings, reports: Reports
) -> Callable[..., Response]:
    listing = ProvinceListing[resource.row]  # type: ignore[name-defined]

    def answer(province: str) -> Response:
        query = read_request_query(resource.query)
        period = getattr(query, "period", None)
        question = ask_about_province(settings, reports, province, query, period)
        wanted = query.model_dump(exclude=set(PeriodListQuery.model_fields), exclude_none=True)

        def list_rows() -> list[ApiModel]:
            rows = fetch_rows(resource, question)
            return [row for row in rows if resource.fits(row, wanted, question)]

        return answer_list(
            query,
            question.version,
            listing,
            resource.row,
            question.head,
            list_rows,
            question.day,
        )

    return answer


def _make_single_view(
    single: SingleResource, settings: Settings, reports: Reports
) -> Callable[..., Response]:
    whole = Single[single.model]  # type: ignore[name-defined]

    def answer(province: str, **path: str) -> Response:
        query = read_request_query(DayQuery)
        question = ask_about_province(settings, reports, province, query)

        def make_body() -> bytes:
            item = single.build(question, **path)
            return whole(**question.head(), item=item).model_dump_json().encode()

        return answer_in_state(question.version, JSON_TYPE, make_body, question.day)

    return answer
