"""`notify`: the signals of the newest report as one digest a channel, for a timer or a person.

Nothing is sent unless a channel is configured, and outside the hours of the office everything
waits. What could not be sent is tried again by later runs, after pauses that grow.
"""

from __future__ import annotations

import argparse
from datetime import date, datetime, timedelta

from dashboard import reference, store
from dashboard.alerts import (
    DeliveryFailed,
    deliver_digest,
    is_office_open,
    list_targets,
)
from dashboard.cli import console
from dashboard.cli.language import tell_user
from dashboard.messages import write_message
from dashboard.reports import Reports, read_criteria
from dashboard.settings import Settings
from dashboard.store import outbox
from dashboard.store.clock import read_clock
from dashboard.store.outbox import AlertBasis, AlertLine
from dashboard.web.documents.data_sources import tell_data_freshness
from dashboard.web.words.alerts import CHANNEL_WORDS
from dashboard.web.words.signals import list_signal_lines

_FIRST_PAUSE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(hours=4)


def send_alerts(settings: Settings, options: argparse.Namespace) -> int:
    """Fill the outbox and send what waits; 1 where a channel did not take its digest. Raises
    DashboardError, one plain line.
    """
    targets = list_targets(settings)
    if not targets:
        print(tell_user("Chưa cấu hình kênh cảnh báo nào (docs/alerts.md); không gửi gì"))
        return console.DONE
    with console.use_store(settings) as engine:
        turn = console.make_write_turn(settings, "notify")
        reports = Reports(engine, read_criteria(settings.criteria), settings.outlines_dir)
        outbox.close_interrupted(engine, read_clock(), turn=turn)
        all_taken = True
        for target, configured in targets:
            basis, lines = tell_alerts(reports, target.province, settings.today())
            outbox.fill_outbox(engine, target, basis, lines, read_clock(), turn=turn)
            name = reference.load_province_names()[target.province]
            channel = write_message(
                "{name}, {channel}", name=name, channel=CHANNEL_WORDS[target.channel]
            )
            if not options.now and not is_office_open(settings):
                print(
                    tell_user(
                        "{channel}: ngoài giờ làm việc, {lines} nội dung chờ",
                        channel=channel,
                        lines=len(lines),
                    )
                )
                continue
            digest = outbox.claim_digest(
                engine, target, read_clock(), turn=turn, skip_pause=options.now
            )
            if digest is None:
                print(tell_user("{channel}: không có gì đến lượt gửi", channel=channel))
                continue
            try:
                note = deliver_digest(settings, configured, digest, datetime.now(reference.VIETNAM))
            except DeliveryFailed as failure:
                all_taken = False
                next_at = read_clock() + compute_pause(digest.attempts)
                outbox.mark_failed(engine, digest, str(failure), next_at, turn=turn)
                print(
                    tell_user(
                        "{channel}: chưa gửi được, lần {attempts}: {failure}",
                        channel=channel,
                        attempts=digest.attempts,
                        failure=failure.args[0],
                    )
                )
                continue
            author = console.find_terminal_author()
            outbox.mark_sent(engine, digest, read_clock(), author, turn=turn, note=note)
            print(
                tell_user(
                    "{channel}: đã gửi {lines} nội dung{note}",
                    channel=channel,
                    lines=len(digest.lines),
                    note=write_message("; {note}", note=note) if note else "",
                )
            )
    return console.DONE if all_taken else console.SOME_REFUSED


def tell_alerts(reports: Reports, province: str, day: date) -> tuple[AlertBasis, list[AlertLine]]:
    """The signals of a province's newest report in words, and on what they rest."""
    with store.hold_one_commit(reports.engine):
        version = reports.version()
        report = reports.report(province, day, version)
        freshness = tell_data_freshness(reports, province, day, version)
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    lines = [
        AlertLine(
            line["code"],
            line["severity"],
            line["title"],
            line["reason"],
            date.fromisoformat(line["since"]),
            tuple(line["communes"]),
        )
        for line in list_signal_lines(report.signals, names)
    ]
    as_of = freshness["data_as_of"] or "chưa có số liệu"
    source = f"số liệu của các đơn vị cấp xã, điều kiện {as_of}"
    return AlertBasis(day, source, freshness["notice"]), lines


def compute_pause(attempts: int) -> timedelta:
    """How long to wait after the failure of that number: 5 minutes, 15, 45, at most 4 hours."""
    return min(_FIRST_PAUSE * 3 ** min(attempts - 1, 5), _LONGEST_PAUSE)
