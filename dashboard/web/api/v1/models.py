"""What each answer holds, field by field: answers are checked against these models and the
description (openapi.py) is written from them, so that what is published is what is sent.

Shares are fractions (0.5 for a half), days are of Vietnam's calendar, moments carry +07:00. Unknown
is null, never 0.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from dashboard.batch import CERTIFICATES
from dashboard.indicators.criteria import DIMENSIONS
from dashboard.indicators.throughput.balance import BALANCE_COLUMNS
from dashboard.indicators.throughput.count_rows import SUM_COLUMNS
from dashboard.indicators.throughput.rates import RATES

# Whole numbers stay without a point; in JSON both are numbers.
Figure = Annotated[int | float, WithJsonSchema({"type": "number"})]
LevelName = Literal["red", "yellow", "green", "stale", "unknown"]
FigureState = Literal["known", "no_activity", "unknown", "incomplete"]
CommuneKind = Literal["xa", "phuong", "dac_khu"]
BasisName = Literal["declared", "verified"]
Origin = Literal["imported", "published", "simulated"]

PromiseState = Literal["overdue", "reopened", "open", "kept", "withdrawn"]
RequestState = Literal["reopened", "asked", "triaged", "helping", "mended", "rechecked", "closed"]
Urgency = Literal["stopped", "hindered", "usual"]
ResourceTopic = Literal["certificate", "device", "training", "secondment", "form"]
ListingBasis = Literal["rule", "decision"]
TeamDayState = Literal["planned", "called_off"]

_COMMUNE_CODE = "Mã đơn vị hành chính cấp xã, năm chữ số, là chữ chứ không phải số"


class ApiModel(BaseModel):
    """What a program gets; nothing stands in it that is not described."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# mypy sees `create_model` give a class of unknown fields; their names are the office's own.
def _build_figures_model(name: str, doc: str, fields: list[str], figure: Any) -> Any:
    described: dict[str, Any] = dict.fromkeys(fields, (figure, ...))
    return create_model(name, __base__=ApiModel, __doc__=doc, **described)


class LevelTally(ApiModel):
    """How many communes are at each level; the five add up to all."""

    red: int
    yellow: int
    green: int
    stale: int
    unknown: int


class RateValue(ApiModel):
    """part ÷ whole; `value` is null unless `state` is known."""

    part: Figure | None
    whole: Figure | None
    value: Figure | None
    state: FigureState


class RateWithChange(RateValue):
    """A rate and what it gained (+) since the period before."""

    change: Figure | None
    change_state: FigureState


Dimensions: Any = _build_figures_model(
    "Dimensions", "The level of each dimension; null: no rule.", list(DIMENSIONS), LevelName | None
)
DimensionTallies: Any = _build_figures_model(
    "DimensionTallies", "Communes per level of each dimension.", list(DIMENSIONS), LevelTally | None
)
Counts: Any = _build_figures_model(
    "Counts",
    "Dossiers of the period; null: nobody told. `net_flow` is done minus newly received.",
    [*SUM_COLUMNS, "net_flow"],
    Figure | None,
)
Rates: Any = _build_figures_model("Rates", "Every rate of all units.", list(RATES), RateValue)
CommuneRates: Any = _build_figures_model(
    "CommuneRates", "Every rate of a commune.", list(RATES), RateWithChange
)


class DayRange(ApiModel):
    """Both ends included."""

    first: date
    last: date


class AnsweringSource(ApiModel):
    """Which kind of file answers for the period, and how far it reaches."""

    kind: str
    grain: str
    derived: bool
    complete: bool
    until: date
    received_until: date
    counts_by: str
    communes: int


class RuleInForce(ApiModel):
    """By which rule levels are given on the day."""

    owner: str
    valid_from: date
    red_when: str
    green_when: str
    verified_expires_after_days: int


# Rows of lists, one model a list.


class ProvinceRow(ApiModel):
    """One of the 34 provinces."""

    province: str = Field(description="Mã tỉnh, hai chữ số")
    name: str
    communes: int
    has_data: bool = Field(description="Đã có tệp nào được nạp hay chưa")


class ProvinceSummary(ApiModel):
    """A province on a day: levels, the rule behind them, dossiers of the newest period."""

    province: str
    name: str
    communes: int
    levels: LevelTally
    dimensions: DimensionTallies
    rules: RuleInForce
    period: DayRange | None
    source: AnsweringSource | None
    counts: Counts | None
    rates: Rates
    rates_with_departments: Rates


class CommuneRow(ApiModel):
    """A commune as the list of communes has it."""

    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    kind: CommuneKind
    peer_group: str
    formed_from: str
    lat: Figure | None = Field(description="Vĩ độ, WGS 84")
    lon: Figure | None = Field(description="Kinh độ, WGS 84")
    area_km2: Figure | None


class WeekChange(ApiModel):
    """Another level than seven days ago, and why."""

    before: LevelName
    now: LevelName
    cause: Literal["value", "visit", "age", "rule"]


class LevelRow(ApiModel):
    """The level of a commune and its reasons."""

    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    level: LevelName
    level_days: int = Field(description="Đã ở mức này bao nhiêu ngày")
    level_days_at_least: bool = Field(description="true: ít nhất từng ấy ngày, không tra xa hơn")
    reported_on: date | None = Field(description="Ngày của số liệu mới nhất; null: chưa báo cáo")
    dimensions: Dimensions
    reasons: list[str] = Field(description="Vì sao chưa xanh, nặng nhất trước")
    way_to_green: list[str] = Field(description="Cần gì để xanh")
    changed_in_week: WeekChange | None
    declared_level: Literal["red", "yellow", "green", "unknown"]
    declared_level_as_of: date | None


class CriterionRow(ApiModel):
    """One criterion of one commune: what decides, both sides with their days, the thresholds."""

    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    criterion: str
    dimension: str
    unit: str
    level: LevelName
    basis: BasisName | None
    as_of: date | None
    age_days: int | None
    value: Figure | None
    part: Figure | None
    whole: Figure | None
    stale: bool
    contradicted: bool = Field(description="Kết quả kiểm tra khác tự kê khai tới mức đổi màu")
    declared_value: Figure | None
    declared_as_of: date | None
    verified_value: Figure | None
    verified_as_of: date | None
    green_from: Figure
    red_below: Figure
    essential: bool


class ReadingRow(ApiModel):
    """The newest value of a measure that a commune declared or a visit found, and its file."""

    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    measure: str
    measure_name: str
    type: Literal["flag", "count", "mbps", "share", "rating"]
    basis: BasisName
    value: Figure
    as_of: date
    age_days: int
    batch: int = Field(description="Số đợt nạp, như ở /du-lieu")
    source: str = Field(description="Loại tệp")
    origin: Origin
    file_name: str


class SourceRow(ApiModel):
    """A file that was imported for the province."""

    batch: int
    source: str = Field(description="Loại tệp")
    source_name: str
    origin: Origin
    file_name: str
    as_of: datetime
    period_from: date | None
    period_to: date | None
    imported_at: datetime
    rows: int
    problems: int
    counts: bool = Field(description="Số liệu của đợt này đang được dùng")
    undone_at: datetime | None


BalanceFigures: Any = _build_figures_model(
    "BalanceFigures",
    "What came in against what went out; `difference` is what does not fit.",
    list(BALANCE_COLUMNS),
    Figure | None,
)


class RiskFigures(ApiModel):
    """Open dossiers by when they fall due; null: no list of single dossiers tells."""

    open: Figure | None
    due_today: Figure | None
    due_within_1: Figure | None
    due_within_2: Figure | None
    due_within_3: Figure | None
    overdue: Figure | None
    no_due_date: Figure | None
    paused: Figure | None
    paused_overdue: Figure | None


class DossierRow(ApiModel):
    """The dossiers of a commune in a period, as the one source tells that answers for it."""

    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    peer_group: str
    period_first: date | None
    period_last: date | None
    source: str | None = Field(description="Loại tệp trả lời cho kỳ này")
    grain: str | None
    complete: bool | None
    until: date | None
    counts: Counts | None
    rates: CommuneRates
    balance: BalanceFigures | None
    at_risk: RiskFigures


class RankingRow(ApiModel):
    """A place by a rate among peers, or by a count in the whole province."""

    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    by: str
    by_name: str
    group: str = Field(description="Nhóm so sánh; province: cả tỉnh")
    state: Literal["ranked", "incomplete", "too_few", "no_activity", "unknown"]
    value: Figure | None
    whole: Figure | None
    lower: Figure | None = Field(description="Khoảng Wilson 95%")
    upper: Figure | None
    place: int | None
    place_from: int | None
    place_to: int | None
    ranked: int


class SignalRow(ApiModel):
    """What needs a decision today, most urgent first."""

    code: str
    severity: int
    title: str
    reason: str
    communes: list[str]
    since: date


# Rows of the work in the field.


class PromiseEvidence(ApiModel):
    """The value that decides on a promise, and the file that told it."""

    basis: BasisName
    as_of: date
    value: Figure
    file_name: str


class FollowUpRow(ApiModel):
    """What an office promised to a commune; kept only by a value that reaches the target."""

    id: str
    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    what: str
    measure: str
    target: Figure
    owner: str = Field(description="Cơ quan hứa")
    promised_on: date
    due_on: date
    state: PromiseState
    since: date = Field(description="Ở trạng thái này từ ngày nào")
    evidence: PromiseEvidence | None
    withdrawn_reason: str | None


class SupportRequestRow(ApiModel):
    """A commune's request for help; times in hours of office work, null: not yet."""

    id: str
    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    what: str
    subject: str | None = Field(description="Chỉ số hoặc phần mềm")
    urgency: Urgency
    owner: str | None = Field(description="Cơ quan xử lý")
    state: RequestState
    asked_at: datetime
    since: datetime
    answer_hours: Figure | None
    close_hours: Figure | None
    waited_hours: Figure
    reopened: int
    repeated: bool


class WeakSpanRow(ApiModel):
    """A stay on the list of weak communes; `left_on` null: still on it."""

    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    basis: ListingBasis
    listed_on: date
    reason: str | None
    visits: list[date] = Field(description="Ngày kiểm tra từ khi vào danh sách")
    left_on: date | None
    left_by: Literal["visit", "declaration", "decision"] | None


class TeamRow(ApiModel):
    """A team as it is now, whatever day is asked for."""

    id: str
    name: str
    office: str | None
    size: int | None
    partner: str | None = Field(description="Doanh nghiệp viễn thông cùng đi")
    communes: list[str] = Field(description="Mã các đơn vị phụ trách")
    ended_on: date | None


class TeamDayRow(ApiModel):
    """Where a team goes, as it is planned now, whatever day is asked for."""

    id: str
    team_id: str
    team: str | None
    day: date
    communes: list[str] = Field(description="Mã các đơn vị, theo thứ tự đi")
    state: TeamDayState


class FieldResourceRow(ApiModel):
    """What the province gives: `commune_code` null is the whole province, `done` null not told."""

    topic: ResourceTopic
    variant: Literal["bought", "on_order", "broken", "issue", "change", "unlock"] | None
    commune_code: str | None = Field(description=f"{_COMMUNE_CODE}; null: toàn tỉnh")
    name: str | None
    what: str
    quantity: int
    done: int | None
    office: str | None
    began_on: date
    ended_on: date | None


class FeedbackRow(ApiModel):
    """What citizens told of a commune in the newest period; null: not told."""

    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    period_first: date
    period_last: date
    received: Figure | None
    apologised: Figure | None
    resolved: Figure | None
    satisfaction: Figure | None = Field(description="Điểm hài lòng của Bộ chỉ số 766, thang 18")


class VisitSummaryRow(ApiModel):
    """A commune's newest visit, and how many declared values visits confirmed in the last year."""

    commune_code: str = Field(description=_COMMUNE_CODE)
    name: str
    visited_on: date | None = Field(description="Lần kiểm tra gần nhất; null: chưa lần nào")
    contradicted: bool = Field(description="Kết quả kiểm tra còn hạn khác mức tự kê khai")
    checked: int = Field(description="Số lượt đối chiếu giá trị kê khai trong 365 ngày")
    confirmed: int = Field(description="Trong đó cùng mức với kê khai")
    confirmed_at_least: Figure | None = Field(
        description="Cận dưới Wilson 95% của tỷ lệ được xác nhận; null: chưa đối chiếu"
    )


Certificates: Any = _build_figures_model(
    "Certificates",
    "The newest list of certificates that names the commune; all null where none does.",
    CERTIFICATES,
    Figure | None,
)


class CommuneDetail(ApiModel):
    """All of one commune: the same rows as in the lists."""

    commune: CommuneRow
    level: LevelRow
    criteria: list[CriterionRow]
    readings: list[ReadingRow]
    dossiers: DossierRow
    rankings: list[RankingRow]
    follow_ups: list[FollowUpRow]
    support_requests: list[SupportRequestRow]
    weak_list: list[WeakSpanRow]
    resources: list[FieldResourceRow]
    feedback: FeedbackRow | None
    visits: VisitSummaryRow
    certificates: Certificates
    certificates_as_of: date | None


# What stands around rows.

Entry = TypeVar("Entry")


class AnswerHead(ApiModel):
    """Of which state of the store an answer is."""

    data_version: int
    data_token: str = Field(description="Đổi mỗi khi số liệu đổi")


class ProvinceAnswerHead(AnswerHead):
    """Whose figures, of which day, how old, and whether simulated."""

    province: str
    as_of: date = Field(description="Ngày được xem")
    data_time: datetime | None = Field(description="Lúc số liệu sẵn sàng mới nhất được chốt")
    simulated: bool = Field(description="Có số liệu nào là mô phỏng hay không")


class Listing(AnswerHead, Generic[Entry]):
    """A page of a list; `next` is the address of the following one, null on the last."""

    total: int
    next: str | None
    items: list[Entry]


class ProvinceListing(ProvinceAnswerHead, Generic[Entry]):
    """A page of a list of one province; `next` as in Listing."""

    total: int
    next: str | None
    items: list[Entry]


class Single(ProvinceAnswerHead, Generic[Entry]):
    """One thing of a province."""

    item: Entry


class Problem9457(ApiModel):
    """A refusal (RFC 9457)."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str = ""
