"""Dossiers that arrive at each unit on each day, by channel, with the published sums exact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.sample.days import season, workload
from dashboard.sample.draw import Floats, Ints, chance, follow, part, whole
from dashboard.sample.provinces import Province
from dashboard.sample.targets import Targets
from dashboard.sample.units import Units

# What of a day has arrived by the hour at which the sample is taken (08:00).
MORNING = 0.15


@dataclass(frozen=True)
class Received:
    """Days x units, whole numbers: what arrived; of it online, by post, on time (766), digitised."""

    total: Ints
    online: Ints
    post: Ints
    on_time: Ints
    digitised: Ints


def received(province: Province, unit: Units, sums: list[Targets], dates: list[date]) -> Received:
    """What arrives on `dates` (at least targets.NEEDED_DAYS of them), on each the whole day."""
    shape = (len(dates), len(unit.deciding))
    load = workload(dates)
    total = _total(province, unit, sums, dates, load)
    on_time = _on_time(province, unit, sums, total)
    online, post = _channels(province, unit, sums, total, load)
    # A dossier filed online needs no scanning: it counts as digitised on receipt.
    on_paper = total - online
    scanned = np.minimum(on_paper, whole(on_paper * _learning(unit.digitised, shape), _luck(province, "scan", shape)))
    digitised = online + scanned
    for target in sums:
        if target.all_digitised:
            digitised[target.days, target.columns] = total[target.days, target.columns]
    return Received(total, online, post, on_time, digitised)


def morning(province: Province, arrived: Received, day: int) -> Received:
    """Of one whole day what has arrived by the hour at which the sample is taken (1 x units)."""
    luck = _luck(province, f"morning {day}", (4, arrived.total.shape[1]))
    online, post, total, on_time = (
        values[[day]] for values in (arrived.online, arrived.post, arrived.total, arrived.on_time)
    )
    online_now, post_now = whole(online * MORNING, luck[0]), whole(post * MORNING, luck[1])
    on_paper_now = post_now + whole((total - online - post) * MORNING, luck[2])
    total_now = online_now + on_paper_now
    scanned_now = part(arrived.digitised[[day]] - online, on_paper_now, total - online)
    return Received(total_now, online_now, post_now, part(on_time, total_now, total), online_now + scanned_now)


def _luck(province: Province, topic: str, shape: tuple[int, int]) -> Floats:
    return chance(province.code, topic).random(shape)


def _learning(share: Floats, shape: tuple[int, int]) -> Floats:
    """A habit that starts at two thirds of its later share and grows over about half a year."""
    return share * (1 - 0.33 * np.exp(-np.arange(shape[0]) / 90))[:, None]


def _total(province: Province, unit: Units, sums: list[Targets], dates: list[date], load: Floats) -> Ints:
    shape = (len(dates), len(unit.deciding))
    started = np.arange(shape[0])[:, None] >= unit.starts
    # 21 ordinary working days make a month.
    expected = (load * season(dates) / 21)[:, None] * unit.monthly * started
    restless = chance(province.code, "restless").gamma(14, 1 / 14, shape)
    total = chance(province.code, "received").poisson(expected * restless).astype(np.int64)
    for target in sums:
        window = (target.days, target.columns)
        # The small addition lets a unit reach its sum where chance gave it nothing.
        total[window] = follow(target.received, total[window] + 0.02 * expected[window] + 1e-6)
    return total


def _on_time(province: Province, unit: Units, sums: list[Targets], total: Ints) -> Ints:
    """Of each day's arrivals those that end in time: fewer and fewer, down to the unit's own share."""
    shape = (total.shape[0], total.shape[1])
    share = 1 - (1 - unit.on_time) * (1 - 0.5 * np.exp(-np.arange(shape[0]) / 150))[:, None]
    on_time = np.minimum(total, whole(total * share, _luck(province, "on time", shape)))
    for target in sums:
        window = (target.days, target.columns)
        if target.on_time is not None:
            on_time[window] = follow(target.on_time, total[window])
        if target.all_good:
            on_time[window] = total[window]
    return on_time


def _channels(province: Province, unit: Units, sums: list[Targets], total: Ints, load: Floats) -> tuple[Ints, Ints]:
    shape = (total.shape[0], total.shape[1])
    share = _learning(unit.online, shape)
    # When offices are closed, only the portal receives.
    share[load < 0.2] = 1
    online = np.minimum(total, whole(total * share, _luck(province, "online", shape)))
    for target in sums:
        for column, amount in (target.online or {}).items():
            online[target.days, column] = follow(amount, total[target.days, column])
    post = whole((total - online) * 0.06, _luck(province, "post", shape) * 0.999)
    return online, np.minimum(total - online, post)
