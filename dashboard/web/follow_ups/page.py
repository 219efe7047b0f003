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
from dashboard.indicators.field.follow_ups import FollowUp, FollowUpState, list_owing_offices
from dashboard.indicators.report import Report
from dashboard.measures import MEASURES
from dashboard.web.base_path import locate_path
from dashboard.web.documents import navigation, published
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import DownloadTable
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.narrowing import NarrowingField
from dashboard.web.follow_ups import words
from dashboard.web.words.follow_ups import STATE_WORDS

PATH = "/to-cong-tac/viec-hua"


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
        owners = [follow_up.owner for follow_up in self.report.follow_ups]
        return FollowUpFilter.from_query(self.page_request.query, owners)

    @cached_property
    def shown(self) -> list[FollowUp]:
        return [follow_up for follow_up in self.report.follow_ups if self.filter.fits(follow_up)]

    def link(self, **fields: str) -> str:
        return navigation.build_address(PATH, self.page_request.view, fields)

    def describe_counts(self) -> dict[str, Any]:
        follow_ups = self.report.follow_ups
        return {
            "states": [
                {"word": word, "count": count, "href": self.link(state=state)}
                for state, word, count in words.list_state_counts(follow_ups)
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
        follow_ups = self.report.follow_ups
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
                    **words.describe_follow_up(self.report, follow_up),
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
        "headline": lambda: words.tell_page_title(page.report.follow_ups),
        "counts": page.describe_counts,
        "listed": page.describe_list,
        "published": lambda: list_published_support(page_request.view.province),
        "add_address": f"{locate_path(PATH)}/them?province={page_request.view.province}",
        "withdraw_address": f"{locate_path(PATH)}/rut/",
        "is_live": page_request.view.as_of is None,
    }


def _tabulate_page(page_request: PageRequest) -> DownloadTable:
    page = _FollowUpsPage(page_request)
    return words.tabulate_follow_ups(page.report, page.shown)


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
