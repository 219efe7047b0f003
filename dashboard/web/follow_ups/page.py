"""/to-cong-tac/viec-hua: what offices promised, who is late, and what shows that it was done.

Nothing here closes a promise: the page only reads, the forms (writing.py) add one or withdraw it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from dashboard import text
from dashboard.indicators.field.follow_ups import (
    Evidence,
    FollowUp,
    FollowUpState,
    count_follow_up_states,
    list_owing_offices,
)
from dashboard.indicators.report import Report
from dashboard.measures import MEASURES
from dashboard.web.base_path import locate_path
from dashboard.web.documents import navigation, published
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.narrowing import NarrowingField
from dashboard.web.words.follow_ups import STATE_WORDS, tell_evidence, tell_target

PATH = "/to-cong-tac/viec-hua"


def tell_page_title(follow_ups: Sequence[FollowUp]) -> str:
    """`34 việc hứa quá hạn, 4 mở lại; 3 trong hạn, 50 đã thực hiện`."""
    if not follow_ups:
        return "Chưa có việc hứa nào"
    counts = count_follow_up_states(follow_ups)
    overdue = counts[FollowUpState.OVERDUE]
    first = "Không việc hứa nào quá hạn"
    if overdue:
        first = f"{text.format_number(overdue)} việc hứa quá hạn"
    reopened = counts[FollowUpState.REOPENED]
    if reopened:
        first += f", {text.format_number(reopened)} mở lại"
    kept = f"{text.format_number(counts[FollowUpState.KEPT])} đã thực hiện"
    still_open = counts[FollowUpState.OPEN]
    if still_open:
        kept = f"{text.format_number(still_open)} trong hạn, {kept}"
    return f"{first}; {kept}"


def list_state_counts(follow_ups: Sequence[FollowUp]) -> list[tuple[str, str, int]]:
    """Code, word and number of each state; they add up to all."""
    counts = count_follow_up_states(follow_ups)
    return [(str(state), STATE_WORDS[state], counts[state]) for state in FollowUpState]


def describe_follow_up(report: Report, follow_up: FollowUp) -> dict[str, Any]:
    """One row of the table."""
    days_over = ""
    if follow_up.state is FollowUpState.OVERDUE:
        days_over = f"quá {text.format_number((report.today - follow_up.due_on).days)} ngày"
    evidence = tell_evidence(follow_up)
    file_name = follow_up.evidence.file_name if follow_up.evidence else ""
    if follow_up.state is FollowUpState.WITHDRAWN:
        evidence = f"{follow_up.withdrawn_reason} ({text.format_day(follow_up.since)})"
        file_name = ""
    return {
        "id": follow_up.follow_up_id,
        "code": follow_up.commune_code,
        "name": str(report.communes.at[follow_up.commune_code, "name"]),
        "state": str(follow_up.state),
        "word": STATE_WORDS[follow_up.state],
        "what": follow_up.what,
        "target": tell_target(follow_up),
        "owner": follow_up.owner,
        "promised_on": follow_up.promised_on,
        "due_on": follow_up.due_on,
        "days_over": days_over,
        "evidence": evidence,
        "file": file_name,
        "may_withdraw": follow_up.state not in {FollowUpState.KEPT, FollowUpState.WITHDRAWN},
    }


def tabulate_follow_ups(report: Report, follow_ups: Sequence[FollowUp]) -> DownloadTable:
    """The promises as a file, in the order of the page."""
    code_column, name_column = build_unit_columns()
    columns = (
        TableColumn("Mã đơn vị", code_column.meaning, CellType.CODE),
        name_column,
        TableColumn("Tình trạng", explain_indicator("follow_up_state")),
        TableColumn("Việc hứa", "Việc mà cơ quan đã hứa, như được ghi"),
        TableColumn("Tiêu chí", "Số liệu cho thấy việc hứa đã xong hay chưa"),
        TableColumn("Mức phải đạt", "Từ mức này trở lên là đã thực hiện", CellType.NUMBER),
        TableColumn("Cơ quan hứa", "Cơ quan chịu trách nhiệm"),
        TableColumn("Ngày hứa", "Chỉ số liệu sau ngày này mới là bằng chứng", CellType.DAY),
        TableColumn(
            "Hạn hoàn thành", "Sau ngày này mà chưa có bằng chứng là quá hạn", CellType.DAY
        ),
        TableColumn("Từ ngày", "Ngày bắt đầu tình trạng hiện nay", CellType.DAY),
        TableColumn("Bằng chứng", "Số liệu quyết định tình trạng, của ai và ngày nào"),
        TableColumn("Giá trị", "Giá trị của bằng chứng", CellType.NUMBER),
        TableColumn("Tệp nguồn", "Tệp hoặc phiếu cho biết bằng chứng"),
        TableColumn("Lý do rút", "Vì sao việc hứa được rút"),
        TableColumn("Mã việc hứa", "Giữ nguyên khi gửi lại để cập nhật", CellType.CODE),
    )
    names = report.communes["name"]
    rows = [
        (
            *(follow_up.commune_code, str(names[follow_up.commune_code])),
            *(STATE_WORDS[follow_up.state], follow_up.what, MEASURES[follow_up.measure].name),
            *(follow_up.target, follow_up.owner, follow_up.promised_on, follow_up.due_on),
            *(follow_up.since, tell_evidence(follow_up)),
            *_list_evidence_cells(follow_up.evidence),
            *(follow_up.withdrawn_reason or None, follow_up.follow_up_id),
        )
        for follow_up in follow_ups
    ]
    return DownloadTable(columns, rows, "Việc hứa của các cơ quan")


def _list_evidence_cells(evidence: Evidence | None) -> tuple[float | None, str | None]:
    return (evidence.value, evidence.file_name) if evidence else (None, None)


@dataclass(frozen=True)
class FollowUpFilter:
    """What somebody wants to see; "" is everything."""

    state: str = ""
    owner: str = ""
    measure: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str], owners: Sequence[str]) -> FollowUpFilter:
        """What an address asks for; junk falls back to everything."""
        allowed = {"state": [*FollowUpState], "owner": owners, "measure": [*MEASURES]}
        requested = {name: query.get(name, "") for name in allowed}
        return cls(**{name: word for name, word in requested.items() if word in allowed[name]})

    def to_query(self) -> dict[str, str]:
        """The address of this choice; `from_query` reads it back."""
        return {name: word for name, word in asdict(self).items() if word}

    def fits(self, follow_up: FollowUp) -> bool:
        """Whether a promise is shown."""
        wanted = (
            (self.state, str(follow_up.state)),
            (self.owner, follow_up.owner),
            (self.measure, follow_up.measure),
        )
        return all(not choice or choice == present for choice, present in wanted)

    @property
    def words(self) -> str:
        """What is shown, for paper and above the table."""
        state = STATE_WORDS[FollowUpState(self.state)] if self.state else ""
        measure = MEASURES[self.measure].name if self.measure else ""
        return ", ".join(filter(None, (state, self.owner, measure)))


class _FollowUpsPage:
    def __init__(self, page_request: PageRequest) -> None:
        self.page_request = page_request

    @cached_property
    def report(self) -> Report:
        return self.page_request.report

    @cached_property
    def filter(self) -> FollowUpFilter:
        owners = [follow_up.owner for follow_up in self.report.field.follow_ups]
        return FollowUpFilter.from_query(self.page_request.query, owners)

    @cached_property
    def shown(self) -> list[FollowUp]:
        return [
            follow_up for follow_up in self.report.field.follow_ups if self.filter.fits(follow_up)
        ]

    def link(self, **fields: str) -> str:
        return navigation.build_address(PATH, self.page_request.view, fields)

    def describe_counts(self) -> dict[str, Any]:
        follow_ups = self.report.field.follow_ups
        return {
            "states": [
                {"word": word, "count": count, "href": self.link(state=state)}
                for state, word, count in list_state_counts(follow_ups)
            ],
            "offices": [
                {
                    "name": office,
                    "count": count,
                    "href": self.link(state=str(FollowUpState.OVERDUE), owner=office),
                }
                for office, count in list_owing_offices(follow_ups)
            ],
            "total": len(follow_ups),
            "communes": len({follow_up.commune_code for follow_up in follow_ups}),
        }

    def describe_list(self) -> dict[str, Any]:
        follow_ups = self.report.field.follow_ups
        owners = sorted({follow_up.owner for follow_up in follow_ups}, key=text.make_sort_key)
        measures = {follow_up.measure for follow_up in follow_ups}
        fields = [
            NarrowingField(
                "state",
                "Tình trạng",
                [("", "mọi tình trạng"), *((str(s), word) for s, word in STATE_WORDS.items())],
                self.filter.state,
            ),
            NarrowingField(
                "owner",
                "Cơ quan",
                [("", "mọi cơ quan"), *((owner, owner) for owner in owners)],
                self.filter.owner,
            ),
            NarrowingField(
                "measure",
                "Tiêu chí",
                [
                    ("", "mọi tiêu chí"),
                    *((code, MEASURES[code].name) for code in MEASURES if code in measures),
                ],
                self.filter.measure,
            ),
        ]
        narrowed = f": {self.filter.words}" if self.filter.words else ""
        return {
            "fields": fields,
            "shown": f"{text.format_part(len(self.shown), len(follow_ups))} việc hứa{narrowed}",
            "rows": [
                {
                    **describe_follow_up(self.report, follow_up),
                    "href": navigation.build_commune_address(
                        follow_up.commune_code, self.page_request.view
                    ),
                }
                for follow_up in self.shown
            ],
            "query": self.filter.to_query(),
            "nothing": not follow_ups,
        }


# Published counts of what this page speaks of and no file of ours tells (data/sample/README.md).
_SUPPORT_FACTS = re.compile(r".*_(certificates_\w+|devices_unlocked|trained|seconded)")


def list_published_support(province: str) -> list[dict[str, str]]:
    """What was published of training, secondments and certificates, as its source printed it."""
    return [
        {
            "words": published.tell_fact(fact),
            "days": published.tell_fact_days(fact),
            "source": fact.source,
        }
        for fact in published.list_facts(province)
        if _SUPPORT_FACTS.fullmatch(fact.id)
    ]


def build_follow_ups_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    page = _FollowUpsPage(page_request)
    return {
        "headline": lambda: tell_page_title(page.report.field.follow_ups),
        "counts": page.describe_counts,
        "listed": page.describe_list,
        "published": lambda: list_published_support(page_request.view.province),
        "add_address": f"{locate_path(PATH)}/them?province={page_request.view.province}",
        "withdraw_address": f"{locate_path(PATH)}/rut/",
        "is_live": page_request.view.as_of is None,
    }


def _tabulate_page(page_request: PageRequest) -> DownloadTable:
    page = _FollowUpsPage(page_request)
    return tabulate_follow_ups(page.report, page.shown)


FOLLOW_UPS_DOCUMENT = Document(
    PATH,
    "Việc hứa",
    "follow_ups/page.html",
    build_follow_ups_context,
    "follow_ups",
    preserved_params=("state", "owner", "measure"),
    misread=lambda page_request: list_misread_choices(
        page_request.query, asdict(_FollowUpsPage(page_request).filter)
    ),
    filters=lambda page_request: _FollowUpsPage(page_request).filter.words,
    downloads={"viec-hua": _tabulate_page},
)
