"""Write the public holidays of Vietnam: `python -m tools.build_holidays` writes
`data/public_holidays.csv`, a row a day, from the PyPI package `holidays`.

Run it when a newer package knows what was announced since; a test holds the two against each other.
The server reads the file alone: the package loads all countries, ten megabytes, for one.
"""

from __future__ import annotations

import csv
from pathlib import Path

import holidays

from dashboard.workdays import HOLIDAY_YEARS, HOLIDAYS_FILE


def list_holiday_rows() -> list[tuple[str, str, str]]:
    """date, worked (yes: a Saturday worked in exchange), name; in the order of days."""
    public_holidays = holidays.country_holidays("VN", years=HOLIDAY_YEARS, language="vi")
    rows = [(day.isoformat(), "no", name) for day, name in public_holidays.items()]
    rows += [
        (day.isoformat(), "yes", "Làm bù")
        for day in public_holidays.weekend_workdays
        if day.year in HOLIDAY_YEARS
    ]
    return sorted(rows)


def write_holidays(path: Path = HOLIDAYS_FILE) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("date", "worked", "name"))
        writer.writerows(list_holiday_rows())


if __name__ == "__main__":
    write_holidays()
