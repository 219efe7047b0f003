"""Limits that the prose of the catalogue quotes by name, so that it cannot rot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.indicators import jumps, levels, pace, periods, signal_rules
from dashboard.indicators.answers import REMAINS
from dashboard.indicators.backlog import HORIZONS
from dashboard.indicators.distance import EARTH_KM
from dashboard.indicators.durations import WITHIN
from dashboard.indicators.freshness import SILENT_AFTER_RHYTHMS, WEEK
from dashboard.indicators.ranking import Z_95

# `{network_news_days}` in data/indicators/*.toml becomes the figure that stands here.
LIMITS: Final[Mapping[str, float | str]] = {
    # Readiness
    "level_codes": " + ".join(levels.NAMES),
    "pace_mean_weeks": pace.MEAN_OF,
    "pace_window_weeks": pace.WINDOW,
    "pace_range_weeks": pace.RANGE_OF,
    "pace_least_weeks": pace.LEAST,
    "pace_horizon_years": pace.HORIZON.days // 366,
    "earth_km": EARTH_KM,
    # Throughput
    "grain_names": ", ".join(periods.GRAINS),
    "source_remains": REMAINS,
    "within_days": ", ".join(map(str, WITHIN)),
    "due_horizons": ", ".join(map(str, HORIZONS)),
    # Ranking
    "wilson_z": Z_95,
    # Signals
    "network_fell_to": signal_rules.FELL_TO,
    "network_back_at": signal_rules.BACK_AT,
    "network_above_red": signal_rules.ABOVE_RED,
    "network_news_days": signal_rules.NEWS_DAYS,
    "network_before_days": signal_rules.BEFORE_DAYS,
    "network_before_at_least": signal_rules.BEFORE_AT_LEAST,
    "probe_days": signal_rules.PROBE_DAYS,
    "probe_at_least": signal_rules.PROBE_AT_LEAST,
    "expiring_at_least": signal_rules.EXPIRING_AT_LEAST,
    "expiring_share": signal_rules.EXPIRING_SHARE,
    "certificate_count_days": signal_rules.COUNT_SPEAKS_DAYS,
    "overdue_growing_days": signal_rules.GROWING_DAYS,
    "overdue_falling_days": signal_rules.FALLING_DAYS,
    "overdue_from": signal_rules.OVERDUE_FROM,
    "overdue_until": signal_rules.OVERDUE_UNTIL,
    "overdue_count_days": signal_rules.OVERDUE_SPEAKS_DAYS,
    "silent_after_days": signal_rules.SILENT_AFTER_DAYS,
    "silent_until_days": signal_rules.SPEAKS_AGAIN_DAYS,
    "province_reported_days": signal_rules.PROVINCE_DAYS,
    # Freshness, and figures that look wrong
    "silent_after_rhythms": SILENT_AFTER_RHYTHMS,
    "week_days": WEEK,
    "jump_speed_factor": jumps.SPEED_FACTOR,
    "jump_need_share": jumps.NEED_SHARE,
    "jump_need_at_least": jumps.NEED_AT_LEAST,
    "jump_gone_from": jumps.GONE_FROM,
    "jump_day_factor": jumps.DAY_FACTOR,
    "jump_day_more": jumps.DAY_MORE,
    "jump_days_before": jumps.DAYS_BEFORE,
    "jump_days_at_least": jumps.DAYS_AT_LEAST,
}
