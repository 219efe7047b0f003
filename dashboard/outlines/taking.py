"""Real outlines from an office: read, matched, made light, written where `load` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from dashboard import reference
from dashboard.errors import FileRefused, Problem
from dashboard.outlines import lighter, loading, reading, sheet, whose

MOST_BYTES = 160_000
_ENOUGH = 0.5  # of a province's communes; fewer are no map of it


@dataclass(frozen=True)
class Taken:
    """What came of one province: codes `matched`, names `missing` (they keep their schematic outline),
    features that `unmatched` any commune, `notes` to look at, and the size and place of the file written."""

    province: str
    province_name: str
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    unmatched: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    bytes: int
    path: Path


def take(path: Path, outlines_dir: Path) -> list[Taken]:
    """Read GeoJSON (a file, or a folder of files) and write `<outlines_dir>/<province>.geojson`.

    One answer per province. Raises FileRefused, and writes nothing, where the file is none that can be
    used or covers less than half of every province it touches.
    """
    features, problems = reading.read(path)
    found = whose.sort(features)
    unmatched = (*problems, *found.unmatched)
    by_province: dict[str, dict[str, shapely.Geometry]] = {}
    communes = reference.communes()
    for code, pieces in found.by_code.items():
        whole = shapely.union_all([piece.geometry for piece in pieces]) if len(pieces) > 1 else pieces[0].geometry
        by_province.setdefault(str(communes.at[code, "province_code"]), {})[code] = whole
    enough = {
        province: outlines
        for province, outlines in by_province.items()
        if len(outlines) >= _ENOUGH * len(reference.communes_of(province))
    }
    if not enough:
        raise FileRefused(path.name, *_why_not(by_province), list(unmatched))
    strays = [
        Problem(
            f"{len(outlines)} xã của {reference.provinces()[province]} là quá ít để thay bản đồ tỉnh",
            "hãy gửi đủ các xã của tỉnh đó",
        )
        for province, outlines in by_province.items()
        if province not in enough
    ]
    prepared = {province: _prepare(province, outlines) for province, outlines in sorted(enough.items())}
    return [
        _write(province, enough[province], outlines, outlines_dir, (*unmatched, *strays), tuple(found.notes))
        for province, outlines in prepared.items()
    ]


def _why_not(by_province: dict[str, dict[str, shapely.Geometry]]) -> tuple[str, str]:
    if not by_province:
        return (
            "không đối tượng nào khớp với một xã",
            "hãy thêm thuộc tính mã xã (5 chữ số) hoặc tên xã vào từng đối tượng",
        )
    counts = (
        f"{len(outlines)}/{len(reference.communes_of(province))} xã của {reference.provinces()[province]}"
        for province, outlines in by_province.items()
    )
    return f"chỉ có {', '.join(counts)}", "hãy gửi đủ các xã của tỉnh (một tệp, hoặc thư mục mỗi xã một tệp)"


def _prepare(province: str, real: dict[str, shapely.Geometry]) -> dict[str, shapely.Geometry]:
    """Light outlines of every commune of the province; those not sent get what the others leave free."""
    whole = dict(real)
    missing = [code for code in reference.communes_of(province).index if code not in real]
    if missing:
        schematic = loading.load(province, loading.SCHEMATIC).features
        covered = shapely.union_all(list(real.values()))
        for code in missing:
            free = shapely.difference(schematic[code], covered)
            whole[code] = free if free.area > schematic[code].area / 10 else _beside(schematic[code])
    codes = sorted(whole)
    outlines = np.array([whole[code] for code in codes], dtype=object)

    def size(lighter_outlines: np.ndarray) -> int:
        return len(sheet.as_text(dict(zip(codes, lighter_outlines, strict=True)), "office").encode())

    return dict(zip(codes, lighter.lighten(outlines, size, MOST_BYTES), strict=True))


def _beside(outline: shapely.Geometry) -> shapely.Geometry:
    """A small round for a commune whose land the others' outlines cover."""
    return shapely.point_on_surface(outline).buffer(0.005, quad_segs=4)


def _write(
    province: str,
    sent: dict[str, shapely.Geometry],
    outlines: dict[str, shapely.Geometry],
    outlines_dir: Path,
    unmatched: tuple[Problem, ...],
    notes: tuple[Problem, ...],
) -> Taken:
    frame = reference.communes_of(province)
    try:
        size = sheet.write(outlines_dir, province, outlines, "office")
    except OSError as error:
        raise FileRefused(
            str(outlines_dir), "không ghi được ranh giới", f"hãy kiểm tra quyền ghi và chỗ trống ({error.strerror})"
        ) from None
    return Taken(
        province=province,
        province_name=reference.provinces()[province],
        matched=tuple(sorted(sent)),
        missing=tuple(str(name) for code, name in frame["name"].items() if code not in sent),
        unmatched=unmatched,
        notes=notes,
        bytes=size,
        path=outlines_dir / f"{province}.geojson",
    )
