"""`import --dry-run`: what a file would change, told per commune and per measure; nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Engine

from dashboard import reference
from dashboard.batch import Batch
from dashboard.commands import telling
from dashboard.measures import MEASURES
from dashboard.sources.kinds import Layout, field_headed
from dashboard.store import rehearsal

_HEADS = ("chỉ tiêu", "mới", "thay đổi", "giữ nguyên", "bị từ chối")
_PARTS = {"readings": "", "dossiers": "hồ sơ: ", "certificates": "chứng thư số: ", "singles": ""}
_WORDS = {
    "dossier": "hồ sơ",
    "received": "tiếp nhận",
    "received_online": "tiếp nhận trực tuyến",
    "received_in_person": "tiếp nhận trực tiếp",
    "received_post": "tiếp nhận qua BCCI",
    "received_other": "tiếp nhận trực tiếp, BCCI",
    "carried_over": "kỳ trước chuyển sang",
    "resolved": "đã giải quyết",
    "resolved_early": "giải quyết trước hạn",
    "resolved_on_time": "giải quyết đúng hạn",
    "resolved_late": "giải quyết quá hạn",
    "open": "đang giải quyết",
    "open_in_term": "đang giải quyết trong hạn",
    "open_overdue": "đang giải quyết quá hạn",
    "paused": "tạm dừng",
    "digitised": "số hóa khi tiếp nhận",
    "e_result": "trả kết quả điện tử",
    "on_time_766": "đúng hạn (Bộ chỉ số 766)",
    "active": "đang hoạt động",
    "locked": "đang khóa",
    "revoked": "đã thu hồi",
    "expired": "hết hạn",
    "expiring_30": "hết hạn trong 30 ngày",
    "expiring_60": "hết hạn trong 60 ngày",
}


def lines(engine: Engine, batches: Sequence[Batch], layouts: Sequence[Layout]) -> list[str]:
    """What each batch would change, as lines for a person."""
    told: list[str] = []
    for batch, rehearsed in zip(batches, rehearsal.rehearse(engine, batches), strict=True):
        told += _of(batch, rehearsed, layouts)
    return told


def _of(batch: Batch, rehearsed: rehearsal.Rehearsed, layouts: Sequence[Layout]) -> list[str]:
    name, province = telling.printable(batch.file_name), reference.provinces()[batch.province_code]
    if rehearsed.already is not None:
        return [f"{name}: chạy thử, {province}: đã nạp trước đây (đợt {rehearsed.already}), không có gì thay đổi"]
    new, changed, unchanged = (rehearsed.communes.get(outcome, 0) for outcome in rehearsal.OUTCOMES)
    refused = _refused(batch, layouts)
    return [
        f"{name}: chạy thử, {province}, {batch.rows} dòng, {len(batch.problems)} vấn đề; kho dữ liệu không thay đổi",
        f"  đơn vị: {new} mới, {changed} thay đổi, {unchanged} giữ nguyên, {refused.pop('', 0)} dòng bị từ chối",
        *(f"  {line}" for line in _table(rehearsed, refused)),
        *telling.problems(batch.problems),
    ]


def _table(rehearsed: rehearsal.Rehearsed, refused: Counter[str]) -> list[str]:
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for row in rehearsed.values.itertuples():
        rows.setdefault((row.part, row.name), {})[row.outcome] = int(row.values)
    cells = []
    order = [(part, code) for part in _PARTS for code in (*MEASURES, *_WORDS)]
    for part, code in sorted(rows, key=order.index):
        counts = rows[part, code]
        numbers = [counts.get(outcome, 0) for outcome in rehearsal.OUTCOMES]
        cells.append([_PARTS[part] + _word(code), *numbers, refused.pop(code, 0)])
    cells += [[_word(code), 0, 0, 0, count] for code, count in refused.items()]
    return telling.table(_HEADS, cells) if cells else []


def _refused(batch: Batch, layouts: Sequence[Layout]) -> Counter[str]:
    """Refused cells per measure or count; under "" refused rows (a commune that nobody knows)."""
    found: Counter[str] = Counter()
    for problem in batch.problems:
        if problem.severity == "refused":
            field = field_headed(batch.kind, problem.column or "", layouts)
            found[field if field in MEASURES or field in _WORDS else ""] += 1
    return found


def _word(code: str) -> str:
    return MEASURES[code].name if code in MEASURES else _WORDS.get(code, code)
