"""From a name or code as somebody typed it to the commune that is meant: `match_commune`.

Everything is compared through `text.make_spelling_key`, which keeps tones apart, so Sơn Hà never
becomes Sơn Hạ. What is not certain is not guessed: it comes back as candidates to show.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from dashboard import reference, text
from dashboard.messages import Message, quote_name, quote_names, write_message

# What stands before a commune's own name, as spelling keys, longest first. Tones stay: "Xa Dung"
# and "Phương Bình" are communes, "xã" and "phường" are not part of a name.
_OFFICES = (
    "Trung tâm Phục vụ hành chính công",
    "Trung tâm phục vụ HCC",
    "Trung tâm PVHCC",
    "Trung tâm hành chính công",
    "Trung tâm HCC",
    "Trung tâm PV HCC",
    "TTPVHCC",
    "TT PVHCC",
    "TT PV HCC",
    "TTPV HCC",
    "TTHCC",
    "TT HCC",
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
    "Bộ phận TN&TKQ",
    "Bộ phận TN và TKQ",
    "Bộ phận TNTKQ",
    "BP TN&TKQ",
    "Đảng ủy",
)
_KINDS = (
    "xã",
    "phường",
    "đặc khu",
    "thị trấn",
    "huyện đảo",
    "đảo",
    "X.",
    "P.",
    "ĐK.",
    "ĐK",
    "TT.",
    "TT",
)
_SHORT_KINDS = {"tt": "thị trấn", "p": "phường", "x": "xã", "đk": "đặc khu"}
# What stands around a name in a table: "5. Xã Sơn Hà", "Xã Sơn Hà (1)", "Sơn Hạ (xã)".
_NUMBERING = re.compile(
    r"^(?:\d{1,3}\s*[.)]|\d{1,3}\s+[-–]|[-–+•*①-⑳❶-❿]|[a-zđ]\))\s*(?=[^\W\d])", re.IGNORECASE
)
# "H48.113 - UBND xã Sơn Hà": the office's code, where it stands in the column of names.
_AGENCY = re.compile(r"^[A-Z]\d{2}(?:\.\d{1,3}){0,4}\s*[-–:.]\s*(?=[^\W\d])")
# "Xã Bình Sơn (H48.114)", "Xã Bình Sơn - 000.00.114.H48"
_AGENCY_BEHIND = re.compile(
    r"\s*(?:\(\s*|\s[-–]\s*)(?:[A-Z]\d{2}(?:\.\d{1,3}){1,4}|(?:\d{2,3}\.){2,3}[A-Z]\d{2})\s*\)?$"
)
# "21040 - Xã Bình Sơn": the unit's own code, likewise; it must be the named unit's.
_OWN_CODE = re.compile(r"^'?\d{5}\s*[-–:.]\s*(?=[^\W\d])")
# "Xã Sơn Tịnh - Bộ phận tiếp nhận": a part of the office is no other office.
_OFFICE_PART = re.compile(
    r"\s*[-–(,]\s*(?:bộ phận|quầy)\s+(?:một cửa|tn\s*&\s*tkq"
    r"|tiếp nhận(?: hồ sơ)?(?: và trả kết quả)?|trả kết quả)\s*\)?$",
    re.IGNORECASE,
)
# "Xã Sơn Hà (hợp nhất từ …)", "(Sơn Bao, thị trấn Di Lăng cũ)", "(mới)": of what it was made.
# One former unit alone may be meant itself, as a part of the commune.
_MADE_OF = re.compile(
    r"\s*\(\s*(?:(?:hợp nhất|sáp nhập|tên cũ)\b[^()]*"
    r"|(?!trừ\b|không\b|chưa\b|riêng\b|phần\b|một phần\b|khu\b|cơ sở\b|cả\b|gồm\b)"
    r"[^()]*(?:,|\bvà\b)[^()]*\s(?:cũ|trước đây)|mới)\s*\)$",
    re.IGNORECASE,
)
_QUOTES = "\"“”'«» "
_FOOTNOTE = re.compile(
    r"\s*(?:\(\s*(?:\d{1,2}|\*+|xã|phường|đặc khu|[XP]\.?|ĐK\.?)\s*\)"
    r"|\s[-–]\s*(?:xã|phường|đặc khu)|,\s*(?:xã|phường|đặc khu)|\[\d{1,2}\]|\*+|[¹²³⁰-⁹]+)$",
    re.IGNORECASE,
)
_KIND_BEHIND = re.compile(
    r"(?:\(\s*|\s[-–]\s*|,\s*)(xã|phường|đặc khu|[XP]\.?|ĐK\.?)\s*\)?$", re.IGNORECASE
)
_AREAS = ("tỉnh", "thành phố", "TP.", "huyện", "quận", "thị xã", "TX.")
_FORMER = re.compile(r"^(?:một phần |phần còn lại (?:của )?)?(.+?)(?: \([^()]*\))?$", re.IGNORECASE)
_CODE = re.compile(r"^'?(\d{1,5})(?:[.,]0+)?$")


@dataclass(frozen=True)
class CommuneMatch:
    """What a code and a name together stand for.

    `code` is the commune, or None; `candidates` are names near to what was written, best first
    (only where `code` is None); `former_of` names the communes that a unit of that name became part
    of on 01/07/2025; `note` says in Vietnamese what a person should look at (None if nothing).
    """

    code: str | None
    candidates: tuple[str, ...] = ()
    former_of: tuple[str, ...] = ()
    note: Message | None = None


def _compile_prefix(words: Iterable[str]) -> re.Pattern[str]:
    """Any of `words` at the start of a text, whatever its case, accents' form or spelling
    of tones.
    """
    alternatives = []
    for word in words:
        # Either place of the tone ("Ủy"/"Uỷ") is the same name; both appear in letters of offices.
        spellings = {word, word.replace("ủy", "uỷ").replace("Ủy", "Uỷ")}
        alternatives += [
            re.escape(spelling).replace(r"\ ", r"[\s&,\-–]+") for spelling in spellings
        ]
    return re.compile(
        rf"^(?:{'|'.join(sorted(alternatives, key=len, reverse=True))})(?:(?<=\.)\s*|[\s:,\-–]+)",
        re.I,
    )


_PREFIX = _compile_prefix((*_OFFICES, *_KINDS))
_AREA = re.compile(
    rf"(?:\s*[-–,(;/]\s*|\s+)(?:{'|'.join(map(re.escape, _AREAS))})(?:(?<=\.)\s*|\s+)\S.*$", re.I
)
_STATED_PROVINCE = re.compile(r"(?:tỉnh|thành phố|tp\.?)\s+([^,;()\-–]+)$", re.IGNORECASE)
# "Tỉnh Quảng Ngãi / UBND xã Bình Sơn / Trung tâm PVHCC": how systems print where an office belongs.
_STEP = re.compile(r"\s+[/>»→\\|]\s+|\s*[>»→]\s*")
# The last part alone: a name may hold a dash of its own ("Phường Lang Biang - Đà Lạt - Lâm Đồng").
_TAIL = re.compile(r"\s*(?:\s[-–]\s|,|\()\s*((?:(?!\s[-–]\s)[^,()])+?)\s*\)?$")


@lru_cache(maxsize=20_000)
def extract_bare_name(name: str) -> str:
    """`"UBND xã Lâm Thao - Tỉnh Phú Thọ"` as `"Lâm Thao"`: no office, kind, district
    or province.
    """
    rest = _NUMBERING.sub("", _find_step(text.normalize_text(name).strip(_QUOTES)))
    rest = _AGENCY_BEHIND.sub("", _OWN_CODE.sub("", _AGENCY.sub("", rest))) or rest
    rest = _OFFICE_PART.sub("", _MADE_OF.sub("", rest)) or rest
    rest = _FOOTNOTE.sub("", rest) or rest
    while (shorter := _PREFIX.sub("", rest, count=1)) != rest and shorter:
        rest = shorter
    rest = _AREA.sub("", rest) or rest
    tail = _TAIL.search(rest)
    if tail and tail.start() and text.make_spelling_key(tail.group(1)) in _index_province_codes():
        rest = rest[: tail.start()]
    rest = _drop_repeated_name(rest)
    return rest.strip(" -–,;:.\"'")


def _find_step(name: str) -> str:
    """The one step of a path that is no province, district or part of an office; the whole where
    there is not exactly one."""
    steps = _STEP.split(name)
    if len(steps) == 1:
        return name
    units = [step for step in steps if not _is_above_or_within(step)]
    return units[0] if len(units) == 1 else name


def _is_above_or_within(step: str) -> bool:
    rest = f"{step} "
    while (shorter := _PREFIX.sub("", rest, count=1)) != rest:
        rest = shorter
    rest = rest.strip()
    return not rest or bool(_AREA.match(f" {rest}")) or find_province_named(rest) is not None


def _drop_repeated_name(name: str) -> str:
    """`"Lý Sơn (Đảo Lý Sơn)"` as `"Lý Sơn"`; a bracket that says anything else stays."""
    bracket = re.search(r"\s*\(([^()]+)\)$", name)
    if bracket is None:
        return name
    inside = bracket[1]
    while (shorter := _PREFIX.sub("", inside, count=1)) != inside and shorter:
        inside = shorter
    before = name[: bracket.start()]
    same = text.make_spelling_key(inside) == text.make_spelling_key(before)
    return before if same else name


@lru_cache(maxsize=20_000)
def make_name_key(name: str) -> str:
    """The same for every spelling of one commune's name: `text.make_spelling_key` of
    `extract_bare_name`.
    """
    return text.make_spelling_key(extract_bare_name(name))


@lru_cache(maxsize=1)
def _index_province_codes() -> dict[str, str]:
    return {
        text.make_spelling_key(name): code for code, name in reference.load_province_names().items()
    }


def find_province_named(name: str) -> str | None:
    """The code of a province by its name, with or without "Tỉnh"/"Thành phố"; None if there is
    none.
    """
    rest = re.sub(r"^(?:tỉnh|thành phố|tp\.?)\s+", "", text.normalize_text(name), flags=re.I)
    return _index_province_codes().get(text.make_spelling_key(rest))


def list_official_names(province: str) -> dict[str, str]:
    """Code to name as decided, for one province; a dictionary is asked 50 times as fast as
    a frame.
    """
    return _group_official_names().get(province, {})


@lru_cache(maxsize=1)
def _group_official_names() -> dict[str, dict[str, str]]:
    communes = reference.load_communes()
    columns = (communes.index, communes["name"], communes["province_code"])
    by_province: dict[str, dict[str, str]] = {}
    for code, name, province in zip(*columns, strict=True):
        by_province.setdefault(str(province), {})[str(code)] = str(name)
    return by_province


@lru_cache(maxsize=64)
def index_codes_by_key(province: str) -> dict[str, str]:
    """Name key to commune code within one province (no name occurs twice in one)."""
    return {make_name_key(name): code for code, name in list_official_names(province).items()}


@lru_cache(maxsize=64)
def _index_former_units(province: str) -> dict[str, tuple[str, ...]]:
    """Key of a unit before 01/07/2025 to the names of the communes it became (part of)."""
    became: dict[str, list[str]] = {}
    frame = reference.select_communes_of_province(province)
    for name, parts in zip(frame["name"], frame["formed_from"], strict=True):
        for part in filter(None, parts.split("; ")):
            became.setdefault(make_name_key(extract_former_name(part)), []).append(name)
    return {former: tuple(dict.fromkeys(names)) for former, names in became.items()}


@lru_cache(maxsize=64)
def _index_former_names(province: str) -> dict[str, frozenset[str]]:
    """Key of the whole name of a unit before 01/07/2025 ("Thị trấn Vĩnh Bình") to the codes of the
    communes it became (part of).
    """
    became: dict[str, set[str]] = {}
    frame = reference.select_communes_of_province(province)
    for code, parts in frame["formed_from"].items():
        for part in filter(None, parts.split("; ")):
            former = text.make_spelling_key(extract_former_name(part))
            became.setdefault(former, set()).add(str(code))
    return {former: frozenset(codes) for former, codes in became.items()}


def extract_former_name(part: str) -> str:
    """`"một phần Phường Điện Biên (Quận Ba Đình)"` as `"Phường Điện Biên"`."""
    matched = _FORMER.match(part)
    return matched.group(1) if matched else part


def parse_commune_code(value: object) -> str | None:
    """A commune code from text or a number that lost its zeros (`9112.0` is `"09112"`);
    else None.
    """
    if value is None or isinstance(value, bool):
        return None
    return _parse_code(str(value))


@lru_cache(maxsize=20_000)
def _parse_code(value: str) -> str | None:
    matched = _CODE.match(text.normalize_text(value))
    return matched.group(1).zfill(5) if matched else None


def suggest_nearest_names(name: str, province: str, limit: int = 3) -> list[str]:
    """Up to `limit` names of the province's communes that look like `name`, best first (to show,
    not to use).
    """
    wanted_key = make_name_key(name)
    wanted_plain = text.strip_tones(extract_bare_name(name))
    scored = []
    for candidate, code in index_codes_by_key(province).items():
        official_name = str(reference.load_communes().at[code, "name"])
        score = SequenceMatcher(None, wanted_key, candidate).ratio()
        if text.strip_tones(extract_bare_name(official_name)) == wanted_plain:
            score += 1
        if score >= 0.7:
            scored.append((-score, text.make_sort_key(official_name), official_name))
    return [official_name for *_, official_name in sorted(scored)[:limit]]


def _find_code_by_name(province: str, name: str) -> str | None:
    if _find_stated_province(name) not in (None, province):
        return None  # 314 names occur in several provinces
    if _contradicts_itself(province, name):
        return None
    code = _find_code_by_key(province, name)
    if code is None or _is_former_of_others(province, code, name):
        return None
    return None if _is_ambiguous_without_tones(province, code, name) else code


@lru_cache(maxsize=20_000)
def _contradicts_itself(province: str, name: str) -> bool:
    """Whether a code before the name, or a kind behind it, is another unit's: "21040 - Xã Sơn Hà",
    "Cẩm Thành (xã)".
    """
    written = text.normalize_text(name)
    official = list_official_names(province).get(_find_code_by_key(province, name) or "", "")
    own_code = _OWN_CODE.match(written)
    if own_code and list_official_names(province).get(own_code.group().strip(" '-–:.")) != official:
        return True
    kind = _KIND_BEHIND.search(written)
    if kind is None or not official:
        return False
    spelt = _SHORT_KINDS.get(kind[1].casefold().rstrip("."), kind[1]).casefold()
    return not official.casefold().startswith(spelt)


@lru_cache(maxsize=20_000)
def _find_stated_province(name: str) -> str | None:
    """The province behind a commune's name ("xã Yên Xuân - tỉnh Nghệ An"); None where none is."""
    written = text.normalize_text(name)
    stated = _STATED_PROVINCE.search(written)
    if stated and (province := find_province_named(stated[1].strip())):
        return province
    tail = _TAIL.search(written)
    return find_province_named(tail[1]) if tail and tail.start() else None


def _is_former_of_others(province: str, code: str, name: str) -> bool:
    """Whether the name, with its kind, is that of a unit before 01/07/2025 which became part of
    other communes: "Thị trấn Vĩnh Bình" is not the commune "Xã Vĩnh Bình".
    """
    kind, _, own_name = _NUMBERING.sub("", text.normalize_text(name)).partition(" ")
    kind = _SHORT_KINDS.get(kind.casefold().rstrip("."), kind)
    written = text.make_spelling_key(f"{kind} {own_name}")
    if written == text.make_spelling_key(list_official_names(province)[code]):
        return False
    became = _index_former_names(province).get(written)
    return became is not None and code not in became


def _is_ambiguous_without_tones(province: str, code: str, name: str) -> bool:
    """Whether a name without any mark may be another commune's whose marks were lost."""
    official = list_official_names(province)[code]
    if text.strip_tones(name) != text.normalize_text(name).casefold():
        return False
    if extract_bare_name(official) in name:  # "Thanh An" as it is written has no marks to lose
        return False
    return _count_plain_names(province)[_make_plain_name(official)] > 1


@lru_cache(maxsize=64)
def _count_plain_names(province: str) -> Counter[str]:
    return Counter(map(_make_plain_name, list_official_names(province).values()))


def _make_plain_name(name: str) -> str:
    return text.strip_tones(extract_bare_name(name))


def _find_code_by_key(province: str, name: str) -> str | None:
    index = index_codes_by_key(province)
    wanted = make_name_key(name)
    if wanted in index:
        return index[wanted]
    # A capital I and a small l look alike: "la Chim" is Ia Chim, unless a commune La … exists.
    swapped = {"la ": "ia ", "ia ": "la "}.get(wanted[:3])
    if swapped and swapped + wanted[3:] in index:
        return index[swapped + wanted[3:]]
    if wanted in _index_former_units(province):
        return None  # another unit, which no longer is
    if any(_count_tones(word) > 1 for word in name.split()):
        return None  # two syllables in one: the key of a word keeps one tone only
    return _index_codes_by_loose_key(province).get(_make_loose_key(wanted))


def _count_tones(word: str) -> int:
    return sum(mark in text.TONES for mark in unicodedata.normalize("NFD", word))


def _make_loose_key(name_key: str) -> str:
    """What two spellings of one name share beyond its key: `Mĩ`/`Mỹ`, `Đắk`/`Đak`/`Đăk`/`Đắc`,
    `Ngọk`/`Ngọc`, spaces.
    """
    words = [re.sub(r"(?<![aeuâêôơưyi])y(?=\d?$)", "i", word) for word in name_key.split()]
    words = [re.sub(r"^đ[aă][kc]\d?$", "đăk", word) for word in words]
    return "".join(re.sub(r"(?<=[aeiouăâêôơư])k(?=\d?$)", "c", word) for word in words)


@lru_cache(maxsize=64)
def _index_codes_by_loose_key(province: str) -> dict[str, str]:
    """Loose key to commune code within one province, without keys that two communes share."""
    codes: dict[str, str] = {}
    shared: set[str] = set()
    for name_key, code in index_codes_by_key(province).items():
        loose_key = _make_loose_key(name_key)
        if codes.setdefault(loose_key, code) != code:
            shared.add(loose_key)
    return {loose_key: code for loose_key, code in codes.items() if loose_key not in shared}


def may_be_name_of_code(province: str, code: str, name: str) -> bool:
    """Whether a name beside a commune's code can be that commune's: it is, or is misspelt so.

    The name of another commune, or of a unit before 01/07/2025 whose code it was, is not.
    """
    code_by_name = _find_code_by_name(province, name)
    if code_by_name is not None:
        return code_by_name == code
    if make_name_key(name) in _index_former_units(province):
        return False
    official = make_name_key(list_official_names(province)[code])
    return SequenceMatcher(None, make_name_key(name), official).ratio() >= 0.7


def match_commune(province: str, code: object = None, name: str | None = None) -> CommuneMatch:
    """The commune of `province` meant by a code (text or number, zeros lost) or else by a name.

    A code that belongs to the province wins; a name that says otherwise is mentioned in `note`.
    """
    official_names_by_code = list_official_names(province)
    commune_code = parse_commune_code(code)
    if name and name == official_names_by_code.get(commune_code or ""):
        return CommuneMatch(commune_code)
    code_by_name = _find_code_by_name(province, name) if name else None
    if commune_code is not None and commune_code in official_names_by_code:
        official = official_names_by_code[commune_code]
        if code_by_name in (None, commune_code):
            return CommuneMatch(commune_code)
        note = write_message(
            'mã {commune_code} là {official}, nhưng tên ghi "{name}"',
            commune_code=commune_code,
            official=quote_name(official),
            name=name,
        )
        return CommuneMatch(commune_code, note=note)
    if code_by_name is not None:
        if commune_code is None:
            return CommuneMatch(code_by_name)
        note = write_message(
            "mã {commune_code} không thuộc tỉnh này; đã nhận theo tên", commune_code=commune_code
        )
        return CommuneMatch(code_by_name, note=note)
    if not name:
        if not commune_code:
            return CommuneMatch(None)
        note = write_message("mã {commune_code} không thuộc tỉnh này", commune_code=commune_code)
        return CommuneMatch(None, note=note)
    became = _index_former_units(province).get(make_name_key(name), ())
    if became:
        note = write_message(
            "tên đơn vị trước 01/07/2025, nay thuộc {became}", became=quote_names(became)
        )
        return CommuneMatch(None, candidates=became, former_of=became, note=note)
    return CommuneMatch(None, candidates=tuple(suggest_nearest_names(name, province)))


def find_province_of_names(names: Iterable[str]) -> str | None:
    """The province that most of these commune names point to; None where two fit alike or none
    does.

    Names shared by several provinces say little, so a name counts 1 ÷ (provinces that have it).
    """
    provinces_by_key = _index_provinces_by_key()
    votes: Counter[str] = Counter()
    for name in set(map(make_name_key, names)):
        for province in provinces_by_key.get(name, ()):
            votes[province] += 1000 // len(provinces_by_key[name])
    leaders = votes.most_common(2)
    return (
        leaders[0][0] if leaders and (len(leaders) == 1 or leaders[0][1] > leaders[1][1]) else None
    )


def list_provinces_of_name(name: str) -> tuple[str, ...]:
    """The codes of the provinces that have a commune of this name; often more than one."""
    return _index_provinces_by_key().get(make_name_key(name), ())


@lru_cache(maxsize=1)
def _index_provinces_by_key() -> dict[str, tuple[str, ...]]:
    provinces_by_key: dict[str, list[str]] = {}
    for province in reference.load_province_names():
        for name in index_codes_by_key(province):
            provinces_by_key.setdefault(name, []).append(province)
    return {name: tuple(provinces) for name, provinces in provinces_by_key.items()}
