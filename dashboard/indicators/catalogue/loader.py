"""Reading data/indicators/*.toml: all mistakes of all files at once, by file, entry and field."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import Field, ValidationError

from dashboard.errors import DashboardError
from dashboard.indicators import levels
from dashboard.indicators.catalogue.entries import (
    CatalogueModel,
    FigureValue,
    Group,
    Indicator,
    SharedWords,
    Term,
    TermSet,
    Words,
)
from dashboard.indicators.freshness import quality
from dashboard.indicators.freshness.freshness import DAYS_OF_WEEK, SILENT_AFTER_RHYTHMS
from dashboard.indicators.readiness import pace
from dashboard.indicators.signals import rules
from dashboard.indicators.throughput import periods
from dashboard.indicators.throughput.ranking import Z_95
from dashboard.indicators.throughput.single_dossiers import DONE_WITHIN_DAYS, DUE_HORIZONS
from dashboard.indicators.throughput.source_selection import REMAINDER_BELOW
from dashboard.messages import Message, join_messages, write_message
from dashboard.reference import EARTH_RADIUS_KM, ROOT

# Limits that the prose quotes by name, so that it cannot rot: `{network_news_days}` in
# data/indicators/*.toml becomes the figure that stands here.
LIMITS: Final[Mapping[str, float | str]] = {
    # Readiness
    "level_codes": " + ".join(levels.LEVEL_NAMES),
    "pace_mean_weeks": pace.MEAN_OF_WEEKS,
    "pace_window_weeks": pace.WEEKS_OF_RANGE_MEAN,
    "pace_range_weeks": pace.RANGE_OF_WEEKS,
    "pace_least_weeks": pace.LEAST_FULL_WEEKS,
    "pace_horizon_years": pace.FORECAST_HORIZON.days // 366,
    "earth_km": EARTH_RADIUS_KM,
    # Throughput
    "grain_names": ", ".join(periods.GRAINS),
    "source_remains": REMAINDER_BELOW,
    "within_days": ", ".join(map(str, DONE_WITHIN_DAYS)),
    "due_horizons": ", ".join(map(str, DUE_HORIZONS)),
    # Ranking
    "wilson_z": Z_95,
    # Signals
    "network_fell_to": rules.FELL_TO,
    "network_back_at": rules.BACK_AT,
    "network_above_red": rules.ABOVE_RED,
    "network_news_days": rules.NEWS_DAYS,
    "network_before_days": rules.BEFORE_DAYS,
    "network_before_at_least": rules.BEFORE_AT_LEAST,
    "probe_days": rules.PROBE_DAYS,
    "probe_at_least": rules.PROBE_AT_LEAST,
    "expiring_at_least": rules.EXPIRING_AT_LEAST,
    "expiring_share": rules.EXPIRING_SHARE,
    "certificate_count_days": rules.COUNT_SPEAKS_DAYS,
    "overdue_growing_days": rules.GROWING_DAYS,
    "overdue_falling_days": rules.FALLING_DAYS,
    "overdue_from": rules.OVERDUE_FROM,
    "overdue_until": rules.OVERDUE_UNTIL,
    "overdue_count_days": rules.OVERDUE_SPEAKS_DAYS,
    "silent_after_days": rules.SILENT_AFTER_DAYS,
    "silent_until_days": rules.SPEAKS_AGAIN_DAYS,
    "province_reported_days": rules.PROVINCE_DAYS,
    # Freshness, and figures that look wrong
    "silent_after_rhythms": SILENT_AFTER_RHYTHMS,
    "week_days": DAYS_OF_WEEK,
    "jump_speed_factor": quality.SPEED_FACTOR,
    "jump_need_share": quality.NEED_SHARE,
    "jump_need_at_least": quality.NEED_AT_LEAST,
    "jump_gone_from": quality.GONE_FROM,
    "jump_day_factor": quality.DAY_FACTOR,
    "jump_day_more": quality.DAY_MORE,
    "jump_days_before": quality.DAYS_BEFORE,
    "jump_days_at_least": quality.DAYS_AT_LEAST,
}


FOLDER: Final = ROOT / "data" / "indicators"
# In the order of the page.
FILES: Final = (
    "words.toml",
    "readiness.toml",
    "throughput.toml",
    "ranking.toml",
    "signals.toml",
    "freshness.toml",
    "follow_ups.toml",
)
_REMEDIES: Final = {
    "missing": write_message("thiếu; hãy thêm"),
    "extra_forbidden": write_message("không có trường này; xóa hoặc sửa tên"),
    "string_too_short": write_message("để trống; hãy viết"),
}
Tables = dict[str, Any]
Model = TypeVar("Model", bound=CatalogueModel)


class CatalogueInvalid(DashboardError):
    """The catalogue has mistakes; the text lists each with its file, entry and field."""


class SharedTables(CatalogueModel):
    """The tables of a file that entries of all files refer to."""

    phrase: dict[str, Words] = Field(default_factory=dict)
    terms: dict[str, dict[str, Term]] = Field(default_factory=dict)


class GroupTables(CatalogueModel):
    """The other tables of a file."""

    groups: tuple[Group, ...] = Field(default=(), alias="group")


@dataclass(frozen=True)
class Catalogue:
    """All groups in the order of the page, and the words that indicators answer, by their names."""

    groups: tuple[Group, ...]
    term_sets: Mapping[str, TermSet]


def load_catalogue(folder: Path, limits: Mapping[str, FigureValue]) -> Catalogue:
    """What the files of `folder` say, their prose filled with `limits`.

    Raises CatalogueInvalid with all mistakes of all files.
    """
    mistakes: list[Message] = []
    tables_by_file = {name: _read_tables(folder / name, mistakes) for name in FILES}
    shared = _read_shared_words(tables_by_file, limits, mistakes)
    groups: list[Group] = []
    for file_name, tables in tables_by_file.items():
        own = {name: tables[name] for name in tables.keys() - SharedTables.model_fields.keys()}
        group_tables = _validate_tables(GroupTables, file_name, own, shared, mistakes)
        groups += group_tables.groups if group_tables else ()
    mistakes += _describe_repeated_codes(tables_by_file)
    if mistakes:
        raise CatalogueInvalid(
            write_message(
                "{file} có {count} lỗi:\n  {mistakes}",
                file=folder,
                count=len(mistakes),
                mistakes=join_messages("\n  ", mistakes),
            )
        )
    return Catalogue(tuple(groups), shared.term_sets)


def _read_shared_words(
    tables_by_file: Mapping[str, Tables], limits: Mapping[str, FigureValue], mistakes: list[Message]
) -> SharedWords:
    """The phrases and terms of all files; an entry of any file may refer to them."""
    shared = SharedWords(limits)
    for file_name, tables in tables_by_file.items():
        own = {name: tables[name] for name in tables.keys() & SharedTables.model_fields.keys()}
        for name in sorted(_list_names(own) & shared.names):
            mistakes.append(
                write_message(
                    "{file}: {name}: đã ghi ở tệp khác; chỉ giữ một", file=file_name, name=name
                )
            )
        shared.names |= _list_names(own)
        shared_tables = _validate_tables(SharedTables, file_name, own, shared, mistakes)
        if shared_tables is not None:
            shared.phrases |= shared_tables.phrase
            for name, terms in shared_tables.terms.items():
                shared.term_sets[name] = TermSet(name=name, terms=terms)
    return shared


def _list_names(tables: Tables) -> set[str]:
    """`phrase.own_rule` of each table [phrase.own_rule], whether it can be read or not."""
    return {
        f"{table_name}.{name}"
        for table_name, table in tables.items()
        if isinstance(table, dict)
        for name in table
    }


def _read_tables(file: Path, mistakes: list[Message]) -> Tables:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        mistakes.append(
            write_message(
                "{file}: không đọc được ({error}); sửa rồi khởi động lại",
                file=file.name,
                error=str(error),
            )
        )
        return {}


def _validate_tables(
    model: type[Model], file_name: str, tables: Tables, shared: SharedWords, mistakes: list[Message]
) -> Model | None:
    """The tables as a model; None where something is wrong, which is added to `mistakes`."""
    try:
        return model.model_validate(tables, context=shared)
    except ValidationError as error:
        for problem in error.errors():
            where = _locate_problem(tables, problem["loc"])
            raised = problem.get("ctx", {}).get("error")
            own_words = raised.args[0] if isinstance(raised, ValueError) else problem["msg"]
            remedy = _REMEDIES.get(problem["type"]) or own_words
            mistakes.append(join_messages(": ", [file_name, where, remedy]))
        return None


def _locate_problem(tables: Tables, location: tuple[int | str, ...]) -> Message:
    """`indicator pace, trường formula.vi`: the entry by its code, else by its number."""
    entry_name: str = ""
    field_path: list[str] = []
    node: Any = tables
    for step in location:
        if isinstance(node, dict):
            node = node.get(str(step))
        elif isinstance(node, list):
            node = node[int(step)]
        field_path.append(str(step + 1) if isinstance(step, int) else step)
        if field_path[-2:-1] in (["group"], ["indicator"]):
            number = field_path[-1]
            code = node.get("code") if isinstance(node, dict) else None
            name = code or write_message("{number} (không có code)", number=number)
            entry_name = join_messages(" ", [field_path[-2], name])
            field_path = []
        elif len(field_path) == 2 and field_path[0] in SharedTables.model_fields:
            entry_name = ".".join(field_path)
            field_path = []
    field = ".".join(field_path)
    if not entry_name or not field:
        return join_messages("", [entry_name or field])
    return write_message("{entry}, trường {field}", entry=entry_name, field=field)


def _describe_repeated_codes(tables_by_file: Mapping[str, Tables]) -> list[Message]:
    """A line for each code that two groups or two indicators have, in whatever files."""
    mistakes = []
    first_files: dict[str, str] = {}
    for file_name, tables in tables_by_file.items():
        groups = _list_entries(tables, "group")
        names = [f"group {group.get('code')}" for group in groups]
        for group in groups:
            names += [
                f"indicator {entry.get('code')}" for entry in _list_entries(group, "indicator")
            ]
        for name in names:
            if name in first_files and not name.endswith(" None"):
                mistakes.append(
                    write_message(
                        "{file}: {name}, trường code: đã có trong {first_file}; đổi tên",
                        file=file_name,
                        name=name,
                        first_file=first_files[name],
                    )
                )
            first_files.setdefault(name, file_name)
    return mistakes


def _list_entries(table: Tables, name: str) -> list[Tables]:
    """The entries `[[name]]` of a table, without what is no entry."""
    entries = table.get(name, [])
    return (
        [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    )


_CATALOGUE: Final = load_catalogue(FOLDER, LIMITS)
GROUPS: Final = _CATALOGUE.groups
INDICATORS: Final[Mapping[str, Indicator]] = {
    indicator.code: indicator for group in GROUPS for indicator in group.indicators
}
# The words of every state, cause and fix by their codes: TERMS["levels"]["green"].
TERMS: Final[Mapping[str, Mapping[str, Term]]] = {
    name: term_set.terms for name, term_set in _CATALOGUE.term_sets.items()
}


def find_first_with_values(indicator: Indicator) -> Indicator:
    """Who answers the same words first: there they are listed, and linked to from then on."""
    if indicator.values is None:
        return indicator
    return next(other for other in INDICATORS.values() if other.values is indicator.values)
