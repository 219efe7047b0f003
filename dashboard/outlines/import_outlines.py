"""Real outlines from an office: read, matched, made light, written where `load` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from dashboard import reference
from dashboard.errors import FileRefused, Problem
from dashboard.outlines import feature_matching, geojson, in_use, simplify

MOST_BYTES = 160_000
_ENOUGH = 0.5  # of a province's communes; fewer are no map of it


@dataclass(frozen=True)
class ImportedOutlines:
    """What came of one province: codes `matched`, names `missing` (they keep their schematic
    outline), features that `unmatched` any commune, `notes` to look at, and the size and place of
    the file written."""

    province: str
    province_name: str
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    unmatched: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    bytes: int
    path: Path


def import_office_outlines(path: Path, outlines_dir: Path) -> list[ImportedOutlines]:
    """Read GeoJSON (a file, or a folder of files) and write `<outlines_dir>/<province>.geojson`.

    One answer per province. Raises FileRefused, and writes nothing, where the file is none that can
    be used or covers less than half of every province it touches.
    """
    features, problems = geojson.read_outline_features(path)
    matches = feature_matching.match_features(features)
    unmatched = (*problems, *matches.unmatched)
    by_province: dict[str, dict[str, shapely.Geometry]] = {}
    communes = reference.load_communes()
    for code, pieces in matches.by_code.items():
        outline = (
            shapely.union_all([piece.geometry for piece in pieces])
            if len(pieces) > 1
            else pieces[0].geometry
        )
        by_province.setdefault(str(communes.at[code, "province_code"]), {})[code] = outline
    enough = {
        province: outlines
        for province, outlines in by_province.items()
        if len(outlines) >= _ENOUGH * len(reference.select_communes_of_province(province))
    }
    if not enough:
        raise FileRefused(path.name, *_explain_refusal(by_province), list(unmatched))
    strays = [
        Problem(
            f"{len(outlines)} xã của {reference.load_province_names()[province]} là quá ít để "
            "thay bản đồ tỉnh",
            "hãy gửi đủ các xã của tỉnh đó",
        )
        for province, outlines in by_province.items()
        if province not in enough
    ]
    prepared = {
        province: _complete_and_simplify(province, outlines)
        for province, outlines in sorted(enough.items())
    }
    return [
        _write_province(
            province,
            enough[province],
            outlines,
            outlines_dir,
            (*unmatched, *strays),
            tuple(matches.notes),
        )
        for province, outlines in prepared.items()
    ]


def _explain_refusal(by_province: dict[str, dict[str, shapely.Geometry]]) -> tuple[str, str]:
    if not by_province:
        return (
            "không đối tượng nào khớp với một xã",
            "hãy thêm thuộc tính mã xã (5 chữ số) hoặc tên xã vào từng đối tượng",
        )
    counts = (
        f"{len(outlines)}/{len(reference.select_communes_of_province(province))} xã của "
        f"{reference.load_province_names()[province]}"
        for province, outlines in by_province.items()
    )
    return (
        f"chỉ có {', '.join(counts)}",
        "hãy gửi đủ các xã của tỉnh (một tệp, hoặc thư mục mỗi xã một tệp)",
    )


def _complete_and_simplify(
    province: str, real: dict[str, shapely.Geometry]
) -> dict[str, shapely.Geometry]:
    """Light outlines of every commune of the province; those not sent get what the others leave
    free.
    """
    outline_by_code = dict(real)
    missing = [
        code for code in reference.select_communes_of_province(province).index if code not in real
    ]
    if missing:
        schematic = in_use.load_outlines(province, in_use.SCHEMATIC).features
        covered = shapely.union_all(list(real.values()))
        for code in missing:
            free = shapely.difference(schematic[code], covered)
            outline_by_code[code] = (
                free if free.area > schematic[code].area / 10 else _draw_round(schematic[code])
            )
    codes = sorted(outline_by_code)
    outlines = np.array([outline_by_code[code] for code in codes], dtype=object)

    def size(lighter_outlines: np.ndarray) -> int:
        return len(
            geojson.format_geojson(
                dict(zip(codes, lighter_outlines, strict=True)), "office"
            ).encode()
        )

    return dict(zip(codes, simplify.simplify_outlines(outlines, size, MOST_BYTES), strict=True))


def _draw_round(outline: shapely.Geometry) -> shapely.Geometry:
    """A small round for a commune whose land the others' outlines cover."""
    return shapely.point_on_surface(outline).buffer(0.005, quad_segs=4)


def _write_province(
    province: str,
    sent: dict[str, shapely.Geometry],
    outlines: dict[str, shapely.Geometry],
    outlines_dir: Path,
    unmatched: tuple[Problem, ...],
    notes: tuple[Problem, ...],
) -> ImportedOutlines:
    frame = reference.select_communes_of_province(province)
    try:
        size = geojson.write_outlines(outlines_dir, province, outlines, "office")
    except OSError as error:
        raise FileRefused(
            str(outlines_dir),
            "không ghi được ranh giới",
            f"hãy kiểm tra quyền ghi và chỗ trống ({error.strerror})",
        ) from None
    return ImportedOutlines(
        province=province,
        province_name=reference.load_province_names()[province],
        matched=tuple(sorted(sent)),
        missing=tuple(str(name) for code, name in frame["name"].items() if code not in sent),
        unmatched=unmatched,
        notes=notes,
        bytes=size,
        path=outlines_dir / f"{province}.geojson",
    )
