"""`bulletin`: one edition of a province as PDF, for a timer or a person. The same edition of a day
is the same file, byte for byte, as long as the data are the same.
"""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from dashboard import store
from dashboard.cli import console
from dashboard.cli.language import tell_user
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY
from dashboard.reports import Reports, read_criteria
from dashboard.settings import Settings
from dashboard.web.bulletin.making import print_bulletin
from dashboard.web.bulletin.words import EDITIONS


def write_bulletin(settings: Settings, options: argparse.Namespace) -> int:
    """Write the edition of a day (default: today) into --output, a file or a folder that is there.
    Raises DashboardError, one plain line.
    """
    console.check_province(options.province)
    day = options.day or settings.today()
    if not FIRST_DAY <= day <= settings.today():
        raise DashboardError(
            write_message(
                "--day {day}: hãy chọn ngày từ {first_day} đến {today}",
                day=day,
                first_day=FIRST_DAY,
                today=settings.today(),
            )
        )
    gc.disable()  # it ends before a collection would find anything worth its time
    with console.use_store(settings) as engine:
        reports = Reports(engine, read_criteria(settings.criteria), settings.outlines_dir)
        with store.hold_one_commit(engine):
            printed = print_bulletin(
                reports, options.province, EDITIONS[options.edition], day, reports.version()
            )
    path = Path(options.output)
    if path.is_dir():
        path /= f"{printed.name}.pdf"
    console.write_whole_file(path, printed.content)
    print(tell_user("Đã ghi {path}", path=path))
    return console.DONE
