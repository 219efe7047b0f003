"""Vietnamese text as old programs write it: TCVN3 (ABC), VNI, and UTF-8 that was encoded twice.

Each is a codec of its own, so that every reader of text opens such a file like any other. Nothing
is taken for one of them by its bytes alone: `choose_legacy_encoding` asks which reading shows more
words of our forms.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

from dashboard.errors import FileRefused
from dashboard.messages import write_message

# TCVN 5712 from 0xA1 on; the old fonts print capital letters with tones by the small ones.
_TCVN3 = (
    "ĂÂÊÔƠƯĐăâêôơưđẶ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọ"
    "ồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN3_TABLE = {0xA1 + offset: letter for offset, letter in enumerate(_TCVN3)}
# VNI writes a vowel and then its mark; a few letters are one byte.
_VNI_MARKS = {
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_MARKS |= {mark.upper(): marks for mark, marks in _VNI_MARKS.items()}
_VNI_LETTERS = dict(zip("íìæóòîñôöÍÌÆÓÒÎÑÔÖ", "íìỉĩịỵđơưÍÌỈĨỊỴĐƠƯ", strict=True))
_VNI_TABLE = str.maketrans(_VNI_LETTERS)
_VNI_PAIR = re.compile(rf"([aeouyôöAEOUYÔÖ])([{''.join(_VNI_MARKS)}])")
# The bytes that Windows-1252 shows as letters of its own.
_CP1252_BYTES = {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# Words of our forms, each with a letter that only Vietnamese has.
_OUR_WORDS = frozenset(
    word
    for line in (
        "xã phường đặc đơn vị tiếp nhận ngày hẹn trả kết quả thúc trạng thái hình thức mã hồ sơ",
        "chủ thủ tục tỉnh số lượng đã đang xử lý giải quyết đúng hạn quá trước trực tuyến tên",
        "máy tính chữ ký chứng thư cấp cần thiết bị tốc độ đường truyền tổng cộng biểu kê báo",
        "đến tháng năm địa phương chính điểm đo thời kiểm",
    )
    for word in line.split()
)
_OUR_TONED_WORDS = frozenset(word for word in _OUR_WORDS if not word.isascii())
_TONED = re.compile(r"[^\W\d_]+")
# So many different words of our forms are no chance.
_LEAST_WORDS = 4
LEGACY_NAMES = {
    "tcvn3": "TCVN3 (ABC)",
    "vni": "VNI",
    "utf8-twice": write_message("UTF-8 bị mã hóa hai lần"),
    "entities": write_message("mã chữ của HTML"),
}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
# A "?" at a letter, as a program writes what its encoding lacks: "Ch? ký s?".
_LOST_LETTER = re.compile(r"\?[^\W\d_]|[^\W\d_]\?")
_CELL_OR_WORD = re.compile(r"[\s;,|\"]+")
_LEAST_LOST = 6


def decode_tcvn3(text: str) -> str:
    """Letters of a TCVN3 font, shown as Windows-1252 or Latin-1, as what the font prints."""
    return unicodedata.normalize("NFC", text.translate(_TCVN3_TABLE))


def decode_vni(text: str) -> str:
    """Letters of a VNI font as what the font prints."""

    def join_pair(pair: re.Match[str]) -> str:
        vowel = _VNI_LETTERS.get(pair[1], pair[1])
        return unicodedata.normalize("NFC", vowel + _VNI_MARKS[pair[2]])

    pieces = []
    end = 0
    for pair in _VNI_PAIR.finditer(text):
        pieces.append(text[end : pair.start()].translate(_VNI_TABLE))
        pieces.append(join_pair(pair))
        end = pair.end()
    pieces.append(text[end:].translate(_VNI_TABLE))
    return "".join(pieces)


def decode_twice(text: str) -> str:
    """Text whose letters are the bytes of UTF-8. Raises UnicodeError where they are not."""
    written = bytearray()
    for letter in text:
        byte = _CP1252_BYTES.get(letter, ord(letter))
        if byte > 0xFF:
            raise UnicodeError(f"{letter!r} is no byte")
        written.append(byte)
    return written.decode("utf-8")


def decode_entities(text: str) -> str:
    """`X&atilde;` as `Xã`; entities that are no letters (`&amp;`, `&quot;`) stay."""

    def replace_letter(entity: re.Match[str]) -> str:
        letter = unescape(entity[0])
        return letter if letter.isalpha() or letter == "\u00a0" else entity[0]

    return _ENTITY.sub(replace_letter, text)


_DECODERS: dict[str, Callable[[str], str]] = {
    "tcvn3": decode_tcvn3,
    "vni": decode_vni,
    "utf8-twice": decode_twice,
    "entities": decode_entities,
}


def count_our_words(text: str) -> int:
    """How many different words of our forms stand in a text, those without a mark left out."""
    words = {word.casefold() for word in _TONED.findall(unicodedata.normalize("NFC", text))}
    return len(words & _OUR_TONED_WORDS)


def choose_legacy_encoding(start: bytes) -> str | None:
    """The codec under which the beginning of a file shows the words of our forms; None where it
    shows as many without one.

    The letters of an old font may lie in a file as bytes, or as UTF-8 of what Windows shows.
    """
    bases = ["utf-8", "latin-1"]
    readings = {base: start.decode(base, errors="ignore") for base in bases}
    plain = max(
        count_our_words(readings["utf-8"]),
        count_our_words(start.decode("cp1258", errors="ignore")),
    )
    best = None
    most = max(_LEAST_WORDS - 1, 2 * plain)
    for base, text in readings.items():
        for name, decode in _DECODERS.items():
            if base == "latin-1" and name in {"utf8-twice", "entities"}:
                continue  # that is UTF-8
            if name != "entities" and most >= len(_OUR_TONED_WORDS):
                continue  # nothing could show more of them
            try:
                words = count_our_words(decode(_cut_broken_end(text, name)))
            except UnicodeError:
                continue
            if words > (max(plain, _LEAST_WORDS) if name == "entities" else most):
                best = f"dashboard-{name}-{base}"
                most = max(most, words)
    return best


def choose_cell_decoder(text: str) -> tuple[str, Callable[[str], str]] | None:
    """What an old encoding is called and how its cells are decoded, where the text of a workbook
    shows the words of our forms only so; None for any other text.
    """
    best = None
    most = max(_LEAST_WORDS - 1, 2 * count_our_words(text))
    for name in _DECODERS:
        words = count_our_words("\n".join(_decode_cell(line, name) for line in text.split("\n")))
        if words > most:
            best = name
            most = words
    if best is None:
        return None
    return LEGACY_NAMES[best], partial(_decode_cell, name=best)


def _decode_cell(cell: str, name: str) -> str:
    """A cell of an old font; what has letters that no such font has is Unicode beside it."""
    if name == "entities":
        return decode_entities(cell)
    is_unicode = any(letter > "\xff" and letter not in _CP1252_BYTES for letter in cell)
    if cell.isascii() or is_unicode:
        return cell
    try:
        return _DECODERS[name](cell)
    except UnicodeError:
        return cell


def has_lost_letters(text: str) -> bool:
    """Whether a program wrote "?" for the letters that its encoding lacks: "Ch? ký s?"."""
    words = {word for word in _CELL_OR_WORD.split(text) if _LOST_LETTER.search(word)}
    # a question in an address ("/a?b=c") has lost nothing
    lost = sum("/" not in word and "=" not in word for word in words)
    return lost >= _LEAST_LOST and lost > 2 * count_our_words(text)


def refuse_lost_letters(path: Path) -> FileRefused:
    return FileRefused(
        path.name,
        write_message(
            "chữ tiếng Việt đã mất khi xuất tệp (thành dấu ?), vì bảng mã của tệp không có chữ đó"
        ),
        write_message("hãy xuất lại từ phần mềm nguồn với bảng mã Unicode (UTF-8) hoặc dạng .xlsx"),
    )


def name_legacy_encoding(encoding: str) -> str | None:
    """What people call an encoding of ours; None for any other."""
    return next(
        (name for code, name in LEGACY_NAMES.items() if encoding.startswith(f"dashboard-{code}-")),
        None,
    )


def _cut_broken_end(text: str, name: str) -> str:
    """Without the last line: the beginning of a file may end within a letter."""
    return text[: text.rfind("\n") + 1] or text if name == "utf8-twice" else text


class _LineDecoder(codecs.IncrementalDecoder):
    """Decodes by the base encoding, then line by line by the old font's table."""

    base = "latin-1"
    decode_line: Callable[[str], str] = staticmethod(decode_tcvn3)

    def __init__(self, errors: str = "strict") -> None:
        super().__init__(errors)
        self._base_decoder = codecs.getincrementaldecoder(self.base)(errors)
        self._rest = ""

    def decode(self, written: bytes, final: bool = False) -> str:  # type: ignore[override]
        text = self._rest + self._base_decoder.decode(written, final)
        end = len(text) if final else text.rfind("\n") + 1
        self._rest = text[end:]
        return self.decode_line(text[:end])

    def reset(self) -> None:
        self._base_decoder.reset()
        self._rest = ""

    def getstate(self) -> tuple[bytes, int]:
        return self._rest.encode(), 0

    def setstate(self, state: tuple[bytes, int]) -> None:
        self._rest = state[0].decode()


def _find_codec(name: str) -> codecs.CodecInfo | None:
    # codec names arrive in lower case, with "_" for "-"
    match = re.fullmatch(
        r"dashboard_(tcvn3|vni|utf8_twice|entities)_(utf_8|latin_1)", name.replace("-", "_")
    )
    if match is None:
        return None
    base = match[2].replace("_", "-")
    decode_text = _DECODERS[match[1].replace("_", "-")]

    class Decoder(_LineDecoder):
        decode_line = staticmethod(decode_text)

    Decoder.base = base

    def decode_all(written: Any, errors: str = "strict", /) -> tuple[str, int]:
        content = bytes(written)
        return decode_text(content.decode(base, errors)), len(content)

    def encode_nothing(text: str, errors: str = "strict") -> tuple[bytes, int]:
        raise UnicodeError("old encodings are read, never written")

    return codecs.CodecInfo(
        encode_nothing, decode_all, incrementaldecoder=Decoder, name=name.replace("_", "-")
    )


codecs.register(_find_codec)
