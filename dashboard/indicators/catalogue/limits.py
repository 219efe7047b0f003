"""Limits that the prose of the catalogue quotes by name, so that it cannot rot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.indicators import levels
from dashboard.indicators.freshness import quality
from dashboard.indicators.freshness.freshness import DAYS_OF_WEEK, SILENT_AFTER_RHYTHMS
from dashboard.indicators.readiness import pace
from dashboard.indicators.signals import rules
from dashboard.indicators.throughput import periods
from dashboard.indicators.throughput.ranking import Z_95
from dashboard.indicators.throughput.single_dossiers import DONE_WITHIN_DAYS, DUE_HORIZONS
from dashboard.indicators.throughput.source_selection import REMAINDER_BELOW
from dashboard.reference import EARTH_RADIUS_KM

# `{network_news_days}` in data/indicators/*.toml becomes the figure that stands here.
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
