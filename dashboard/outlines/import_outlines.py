"""Real outlines from an office: read, matched, made light, written where `load` finds them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from dashboard import names, reference, text
from dashboard.errors import FileRefused, Problem
from dashboard.messages import Message, write_message
from dashboard.outlines import geojson, in_use, simplify
from dashboard.outlines.geojson import OutlineFeature

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
    matches = match_features(features)
    unmatched = (*problems, *matches.unmatched)
    by_province: dict[str, dict[str, shapely.Geometry]] = {}
    communes = reference.load_communes()
    for code, pieces in matches.by_code.items():
        if len(pieces) > 1:
            outline = shapely.union_all([piece.geometry for piece in pieces])
        else:
            outline = pieces[0].geometry
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
            write_message(
                "{count} đơn vị của {province} là quá ít để thay bản đồ tỉnh",
                count=len(outlines),
                province=reference.load_province_names()[province],
            ),
            write_message("hãy gửi đủ các đơn vị của tỉnh đó"),
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


def _explain_refusal(
    by_province: dict[str, dict[str, shapely.Geometry]],
) -> tuple[Message, Message]:
    if not by_province:
        return (
            write_message("không đối tượng nào khớp với một đơn vị"),
            write_message(
                "hãy thêm thuộc tính mã đơn vị (5 chữ số) hoặc tên đơn vị vào từng đối tượng"
            ),
        )
    counts = [
        write_message(
            "{count}/{total} đơn vị của {province}",
            count=len(outlines),
            total=len(reference.select_communes_of_province(province)),
            province=reference.load_province_names()[province],
        )
        for province, outlines in by_province.items()
    ]
    return (
        write_message("chỉ có {counts}", counts=counts),
        write_message("hãy gửi đủ các đơn vị của tỉnh (một tệp, hoặc thư mục mỗi đơn vị một tệp)"),
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
            write_message("không ghi được ranh giới"),
            write_message(
                "hãy kiểm tra quyền ghi và chỗ trống ({strerror})", strerror=error.strerror
            ),
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


# Which commune each feature of a file is: by its code, else by its name, never by a guess.

# Names of properties as offices write them, without tones and signs, likeliest first.
_CODE_PROPERTIES: tuple[str, ...] = (
    "code",
    "maxa",
    "madvhc",
    "maxamoi",
    "maphuongxa",
    "madonvihanhchinh",
    "mahanhchinh",
    "mahc",
    "madv",
    "ma",
)
_CODE_PROPERTIES += (
    "communecode",
    "wardcode",
    "xaid",
    "idxa",
    "gsoid",
    "adm3pcode",
    "fid",
    "id",
    "tentep",
)
_NAME_PROPERTIES: tuple[str, ...] = (
    "tenxa",
    "tendvhc",
    "tenxamoi",
    "tendonvi",
    "tenphuongxa",
    "ten",
    "fullname",
    "name",
    "name3",
    "namevi",
)
_NAME_PROPERTIES += (
    "xa",
    "phuongxa",
    "commune",
    "ward",
    "wardname",
    "communename",
    "adm3vi",
    "donvi",
    "tentep",
)
_PROVINCE_PROPERTIES = (
    "matinh",
    "provincecode",
    "tentinh",
    "tinh",
    "tinhthanh",
    "province",
    "provincename",
    "name1",
    "adm1vi",
)


@dataclass
class MatchedFeatures:
    """Features by commune code, and those that are no commune we know."""

    by_code: dict[str, list[OutlineFeature]] = field(default_factory=dict)
    unmatched: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def _simplify_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.strip_tones(name))


def _find_columns(features: Iterable[OutlineFeature], property_names: tuple[str, ...]) -> list[str]:
    """Properties of the file that bear one of the known names, likeliest first."""
    present = Counter(name for feature in features for name in feature.properties)
    rank = {
        name: property_names.index(_simplify_name(name))
        for name in present
        if _simplify_name(name) in property_names
    }
    return sorted(rank, key=lambda name: (rank[name], name))


def _list_written(feature: OutlineFeature, columns: Iterable[str]) -> list[str]:
    """What stands in these properties, as text, without the empty ones."""
    values = (feature.properties.get(column) for column in columns)
    return [
        str(v)
        for v in values
        if isinstance(v, str | int | float) and not isinstance(v, bool) and str(v).strip()
    ]


def _is_code_column(features: list[OutlineFeature], column: str, name_columns: list[str]) -> bool:
    """Whether most values are communes' codes and the names beside them do not say otherwise.

    A running number is no code, although 4 could be read as 00004 (Phường Ba Đình).
    """
    communes = reference.load_communes()
    filled = valid = agree = differ = 0
    for feature in features:
        for value in _list_written(feature, [column]):
            filled += 1
            code = names.parse_commune_code(value)
            if code is None or code not in communes.index:
                continue
            valid += 1
            here = {
                names.make_name_key(name)
                for name in _list_written(feature, name_columns)
                if names.parse_commune_code(name) is None
            }
            if here:
                same = names.make_name_key(str(communes.at[code, "name"])) in here
                agree = agree + same
                differ = differ + (not same)
    return valid * 2 > filled and agree >= differ


def _find_province(
    features: list[OutlineFeature], codes: list[str | None], name_columns: list[str]
) -> str | None:
    """The province that most of the file is about: by codes, else by what it says, else
    by names.
    """
    communes = reference.load_communes()
    votes = Counter(str(communes.at[code, "province_code"]) for code in codes if code)
    if votes:
        return votes.most_common(1)[0][0]
    for column in _find_columns(features, _PROVINCE_PROPERTIES):
        values_said = Counter(
            value for feature in features for value in _list_written(feature, [column])[:1]
        )
        for value, _ in values_said.most_common(1):
            code = str(value).split(".")[0].zfill(2)
            if code in reference.load_province_names():
                return code
            if province_code := names.find_province_named(value):
                return province_code
    return names.find_province_of_names(
        name for feature in features for name in _list_written(feature, name_columns)
    )


def match_features(features: list[OutlineFeature]) -> MatchedFeatures:
    """Every feature to its commune; features of several provinces may stand in one file."""
    name_columns = _find_columns(features, _NAME_PROPERTIES)
    code_columns = [
        column
        for column in _find_columns(features, _CODE_PROPERTIES)
        if _is_code_column(features, column, name_columns)
    ]
    communes = reference.load_communes()
    codes: list[str | None] = []
    for feature in features:
        codes_written = (
            names.parse_commune_code(value) for value in _list_written(feature, code_columns)
        )
        codes.append(next((code for code in codes_written if code in communes.index), None))
    province = _find_province(features, codes, name_columns)
    matches = MatchedFeatures()
    for feature, code in zip(features, codes, strict=True):
        _place_feature(matches, feature, code, province, _list_written(feature, name_columns))
    return matches


def _place_feature(
    matches: MatchedFeatures,
    feature: OutlineFeature,
    code: str | None,
    province: str | None,
    written: list[str],
) -> None:
    """Put one feature where it belongs and say what a person should look at."""
    home = str(reference.load_communes().at[code, "province_code"]) if code else province
    if home is None:
        matches.unmatched.append(
            Problem(
                write_message("{location}: không rõ của tỉnh nào", location=feature.location),
                write_message("hãy thêm mã đơn vị (5 chữ số)"),
            )
        )
        return
    tries = [names.match_commune(home, code, name) for name in written] or [
        names.match_commune(home, code)
    ]
    match = next((candidate for candidate in tries if candidate.code), tries[0])
    if match.code:
        matches.by_code.setdefault(match.code, []).append(feature)
        if match.note and not any(candidate.code and not candidate.note for candidate in tries):
            matches.notes.append(
                Problem(
                    write_message("{name}: {reason}", name=feature.location, reason=match.note),
                    write_message("hãy kiểm tra lại mã và tên"),
                    severity="warning",
                )
            )
        return
    remedy = write_message("hãy ghi mã đơn vị (5 chữ số) hoặc tên như trong nghị quyết")
    if match.former_of:
        remedy = write_message("đây là {note}", note=match.note)
    elif match.candidates:
        remedy = write_message(
            "có phải {candidates}? hãy sửa tên hoặc ghi mã đơn vị",
            candidates=" / ".join(match.candidates),
        )
    named = f'"{written[0]}"' if written else write_message("không có tên")
    message = write_message(
        "{location} ({named}) không khớp đơn vị nào của {province}",
        location=feature.location,
        named=named,
        province=reference.load_province_names()[home],
    )
    matches.unmatched.append(Problem(message, remedy))
