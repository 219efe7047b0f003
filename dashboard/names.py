"""From a name or code as somebody typed it to the commune that is meant: `match`.

Everything is compared through `text.spelling_key`, which keeps tones apart, so Sơn Hà never
becomes Sơn Hạ. What is not certain is not guessed: it comes back as candidates to show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from dashboard import reference, text

# What stands before a commune's own name, as spelling keys, longest first. Tones stay: "Xa Dung"
# and "Phương Bình" are communes, "xã" and "phường" are not part of a name.
_OFFICES = (
    "Trung tâm Phục vụ hành chính công",
    "Trung tâm phục vụ HCC",
    "Trung tâm PVHCC",
    "Trung tâm hành chính công",
    "Trung tâm HCC",
    "TTPVHCC",
    "TT PVHCC",
    "PVHCC",
    "Văn phòng HĐND và UBND",
    "Văn phòng",
    "HĐND và UBND",
    "HĐND UBND",
    "Hội đồng nhân dân",
    "Ủy ban nhân dân",
    "UBND",
    "U.B.N.D",
    "Bộ phận một cửa",
    "Bộ phận tiếp nhận và trả kết quả",
    "Đảng ủy",
)
_KINDS = ("xã", "phường", "đặc khu", "thị trấn", "X.", "P.", "ĐK.", "TT.")
_AREAS = ("tỉnh", "thành phố", "TP.", "huyện", "quận", "thị xã", "TX.")
_FORMER = re.compile(r"^(?:một phần |phần còn lại (?:của )?)?(.+?)(?: \([^()]*\))?$", re.IGNORECASE)
_CODE = re.compile(r"^'?(\d{1,5})(?:[.,]0+)?$")


@dataclass(frozen=True)
class Match:
    """What a code and a name together stand for.

    `code` is the commune, or None; `candidates` are names near to what was written, best first (only
    where `code` is None); `former_of` names the communes that a unit of that name became part of on
    01/07/2025; `note` says in Vietnamese what a person should look at ("" if nothing).
    """

    code: str | None
    candidates: tuple[str, ...] = ()
    former_of: tuple[str, ...] = ()
    note: str = ""


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of `words` at the start of a text, whatever its case, accents' form or spelling of tones."""
    alternatives = []
    for word in words:
        # Either place of the tone ("Ủy"/"Uỷ") is the same name; both appear in letters of offices.
        spellings = {word, word.replace("ủy", "uỷ").replace("Ủy", "Uỷ")}
        alternatives += [re.escape(spelling).replace(r"\ ", r"[\s&,\-–]+") for spelling in spellings]
    return re.compile(rf"^(?:{'|'.join(sorted(alternatives, key=len, reverse=True))})(?:(?<=\.)\s*|[\s:,\-–]+)", re.I)


_PREFIX = _pattern((*_OFFICES, *_KINDS))
_AREA = re.compile(rf"(?:\s*[-–,(;/]\s*|\s+)(?:{'|'.join(map(re.escape, _AREAS))})(?:(?<=\.)\s*|\s+)\S.*$", re.I)
# The last part alone: a name may hold a dash of its own ("Phường Lang Biang - Đà Lạt - Lâm Đồng").
_TAIL = re.compile(r"\s*(?:\s[-–]\s|,|\()\s*((?:(?!\s[-–]\s)[^,()])+?)\s*\)?$")


@lru_cache(maxsize=20_000)
def bare(name: str) -> str:
    """`"UBND xã Lâm Thao - Tỉnh Phú Thọ"` as `"Lâm Thao"`: no office, kind, district or province."""
    rest = text.normal(name)
    while (shorter := _PREFIX.sub("", rest, count=1)) != rest and shorter:
        rest = shorter
    rest = _AREA.sub("", rest) or rest
    tail = _TAIL.search(rest)
    if tail and tail.start() and text.spelling_key(tail.group(1)) in _province_codes():
        rest = rest[: tail.start()]
    return rest.strip(" -–,;:.\"'")


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """The same for every spelling of one commune's name: `text.spelling_key` of `bare`."""
    return text.spelling_key(bare(name))


@lru_cache(maxsize=1)
def _province_codes() -> dict[str, str]:
    return {text.spelling_key(name): code for code, name in reference.provinces().items()}


def province_named(name: str) -> str | None:
    """The code of a province by its name, with or without "Tỉnh"/"Thành phố"; None if there is none."""
    rest = re.sub(r"^(?:tỉnh|thành phố|tp\.?)\s+", "", text.normal(name), flags=re.I)
    return _province_codes().get(text.spelling_key(rest))


@lru_cache(maxsize=64)
def official_names(province: str) -> dict[str, str]:
    """Code to name as decided, for one province; a dictionary is asked 50 times as fast as a frame."""
    return {str(code): str(name) for code, name in reference.communes_of(province)["name"].items()}


@lru_cache(maxsize=64)
def codes_by_key(province: str) -> dict[str, str]:
    """Name key to commune code within one province (no name occurs twice in one)."""
    return {key(name): str(code) for code, name in reference.communes_of(province)["name"].items()}


@lru_cache(maxsize=64)
def _former(province: str) -> dict[str, tuple[str, ...]]:
    """Key of a unit before 01/07/2025 to the names of the communes it became (part of)."""
    became: dict[str, list[str]] = {}
    frame = reference.communes_of(province)
    for name, parts in zip(frame["name"], frame["formed_from"], strict=True):
        for part in filter(None, parts.split("; ")):
            became.setdefault(key(former_name(part)), []).append(name)
    return {former: tuple(dict.fromkeys(names)) for former, names in became.items()}


def former_name(part: str) -> str:
    """`"một phần Phường Điện Biên (Quận Ba Đình)"` as `"Phường Điện Biên"`."""
    found = _FORMER.match(part)
    return found.group(1) if found else part


def as_code(value: object) -> str | None:
    """A commune code from text or a number that lost its zeros (`9112.0` is `"09112"`); else None."""
    if value is None or isinstance(value, bool):
        return None
    found = _CODE.match(text.normal(str(value)))
    return found.group(1).zfill(5) if found else None


def nearest(name: str, province: str, n: int = 3) -> list[str]:
    """Up to `n` names of the province's communes that look like `name`, best first (to show, not to use)."""
    wanted, plain = key(name), text.without_tones(bare(name))
    scored = []
    for candidate, code in codes_by_key(province).items():
        full = str(reference.communes().at[code, "name"])
        score = SequenceMatcher(None, wanted, candidate).ratio()
        if text.without_tones(bare(full)) == plain:
            score += 1
        if score >= 0.7:
            scored.append((-score, text.sort_key(full), full))
    return [full for *_, full in sorted(scored)[:n]]


def _by_name(province: str, name: str) -> str | None:
    index, wanted = codes_by_key(province), key(name)
    if wanted in index:
        return index[wanted]
    # A capital I and a small l look alike: "la Chim" is Ia Chim, unless a commune La … exists.
    swapped = {"la ": "ia ", "ia ": "la "}.get(wanted[:3])
    return index.get(swapped + wanted[3:]) if swapped else None


def match(province: str, code: object = None, name: str | None = None) -> Match:
    """The commune of `province` meant by a code (text or number, zeros lost) or else by a name.

    A code that belongs to the province wins; a name that says otherwise is mentioned in `note`.
    """
    known = official_names(province)
    found = as_code(code)
    named = _by_name(province, name) if name else None
    if found is not None and found in known:
        official = known[found]
        differs = named is not None and named != found
        return Match(found, note=f'mã {found} là {official}, nhưng tên ghi "{name}"' if differs else "")
    if named is not None:
        wrong = f"mã {found} không thuộc tỉnh này; đã nhận theo tên" if found is not None else ""
        return Match(named, note=wrong)
    if not name:
        return Match(None, note=f"mã {found} không thuộc tỉnh này" if found else "")
    became = _former(province).get(key(name), ())
    if became:
        note = f"tên đơn vị trước 01/07/2025, nay thuộc {', '.join(became)}"
        return Match(None, candidates=became, former_of=became, note=note)
    return Match(None, candidates=tuple(nearest(name, province)))


def province_of(names: Iterable[str]) -> str | None:
    """The province that most of these commune names point to; None where two fit alike or none does.

    Names shared by several provinces say little, so a name counts 1 ÷ (provinces that have it).
    """
    where = _provinces_by_key()
    votes: Counter[str] = Counter()
    for name in set(map(key, names)):
        for province in where.get(name, ()):
            votes[province] += 1000 // len(where[name])
    best = votes.most_common(2)
    return best[0][0] if best and (len(best) == 1 or best[0][1] > best[1][1]) else None


@lru_cache(maxsize=1)
def _provinces_by_key() -> dict[str, tuple[str, ...]]:
    where: dict[str, list[str]] = {}
    for province in reference.provinces():
        for name in codes_by_key(province):
            where.setdefault(name, []).append(province)
    return {name: tuple(provinces) for name, provinces in where.items()}
