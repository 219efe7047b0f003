"""`audit`: who changed what, and whether a line was changed or removed."""

from __future__ import annotations

import argparse
import json
import re
import sys

from dashboard.cli import console
from dashboard.cli.language import tell_user
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.settings import Settings
from dashboard.store import audit

_CHECKPOINT = re.compile(r"([0-9]{1,12}):([0-9a-f]{64})")


def verify_audit_chain(settings: Settings, options: argparse.Namespace) -> int:
    """Follow the audit's chain; prints the checkpoint to keep elsewhere."""
    checkpoint = None
    if options.checkpoint:
        match = _CHECKPOINT.fullmatch(options.checkpoint)
        if match is None:
            raise DashboardError(
                write_message(
                    "Mốc đối chiếu có dạng SỐ:MÃ, như lệnh audit verify đã in ra lần trước"
                )
            )
        checkpoint = (int(match[1]), match[2])
    with console.use_store(settings) as engine:
        result = audit.verify_audit(engine, checkpoint)
    if result.broken_at is not None:
        print(
            tell_user(
                "Nhật ký bị can thiệp: từ dòng {broken_at} không còn khớp",
                broken_at=result.broken_at,
            ),
            file=sys.stderr,
        )
        return console.REFUSED
    if not result.end_agrees:
        print(tell_user("Nhật ký bị can thiệp: phần cuối đã bị cắt hoặc thêm"), file=sys.stderr)
        return console.REFUSED
    print(tell_user("Nhật ký nguyên vẹn, {lines} dòng.", lines=result.lines))
    print(
        tell_user(
            "Mốc đối chiếu, nên giữ ở nơi khác: {lines}:{last_hash}",
            lines=result.lines,
            last_hash=result.last_hash,
        )
    )
    return console.DONE


def export_audit_lines(settings: Settings, _options: argparse.Namespace) -> int:
    """Every line of the audit as JSON lines on standard output."""
    with console.use_store(settings) as engine:
        for row in audit.iterate_audit_lines(engine):
            print(json.dumps(row, ensure_ascii=False))
    return console.DONE
