"""The document font: where it is, and what it can show, asked before a paper is made and not when it fails."""

import functools
import struct
import unicodedata
from pathlib import Path
from typing import Final

from chuan.rendering.errors import FontsMissing
from chuan.rendering.text import for_print

_HERE: Final = Path(__file__).resolve().parent
_REGULAR: Final = "Tinos_400Regular.ttf"
FONT_FILES: Final = (_REGULAR, "Tinos_400Regular_Italic.ttf", "Tinos_700Bold.ttf", "Tinos_700Bold_Italic.ttf")
_WINDOWS_UNICODE: Final = (3, 1)
_OGHAM_SPACE: Final = "\u1680"  # the only space with ink
_SEGMENTS: Final = 4  # the format of a `cmap` subtable that maps ranges of the first plane


def font_folder() -> Path:
    """The folder with Tinos: beside this package when installed from a wheel, else among the npm packages."""
    candidates = (_HERE / "fonts", _HERE.parents[1] / "node_modules" / "@expo-google-fonts" / "tinos")
    for folder in candidates:
        if folder.is_dir() and {path.name for path in folder.rglob("*.ttf")}.issuperset(FONT_FILES):
            return folder
    raise FontsMissing(
        f"Không tìm thấy phông chữ Tinos trong {' hoặc '.join(map(str, candidates))}. "
        "Hãy chạy lại ./run (bước cài đặt tải gói @expo-google-fonts/tinos)."
    )


def lacking(value: str) -> list[str]:
    """The characters of a text, each once, for which its print would have an empty box; most texts have none."""
    return list(dict.fromkeys(letter for letter in for_print(value) if not _shown(letter)))


def spelled(letter: str) -> str:
    """A character as a message names it, with its code, since a screen may show nothing of it: “✪” (U+272A)."""
    seen = f"“{letter}” " if letter.isprintable() else ""
    return f"{seen}(U+{ord(letter):04X})"


@functools.cache
def _shown(letter: str) -> bool:
    """The font has the character or what it is composed of, or there is nothing of it to be seen."""
    kind = unicodedata.category(letter)
    if kind == "Co":
        return False  # PDF/A refuses private characters, whatever a font draws for them
    if letter in letters() or letter == "\n" or kind == "Cf" or "\ufe00" <= letter <= "\ufe0f":
        return True
    if kind == "Zs" and letter != _OGHAM_SPACE:
        return True  # a plain space of another width
    parts = unicodedata.normalize("NFD", letter)
    return parts != letter and all(part in letters() for part in parts)


@functools.cache
def letters() -> frozenset[str]:
    """Every character of the font; its four styles have the same (a test)."""
    return letters_of(next(font_folder().rglob(_REGULAR)))


def letters_of(path: Path) -> frozenset[str]:
    """The characters that a TrueType file maps to a glyph (OpenType 1.9, `cmap`, format 4)."""
    data = path.read_bytes()
    tables = (struct.unpack_from(">4s4xI4x", data, 12 + 16 * n) for n in range(_number(data, 4)))
    start = next(offset for tag, offset in tables if tag == b"cmap")
    maps = (struct.unpack_from(">HHI", data, start + 4 + 8 * n) for n in range(_number(data, start + 2)))
    at = next(start + offset for platform, coding, offset in maps if (platform, coding) == _WINDOWS_UNICODE)
    if _number(data, at) != _SEGMENTS:
        raise FontsMissing(f"Phông chữ {path.name} không có bảng ký tự dạng {_SEGMENTS}. Hãy cài lại gói phông chữ.")
    count = _number(data, at + 6) // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{count}H", data, at + skipped + 2 * count * n)
        for n, skipped in enumerate((14, 16, 16, 16))
    )
    found = set()
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if ranges[n]:
                glyph = _number(data, at + 16 + 6 * count + 2 * n + ranges[n] + 2 * (code - first))
            if ranges[n] and not glyph:
                continue
            if (glyph + deltas[n]) & 0xFFFF:
                found.add(chr(code))
    return frozenset(found)


def _number(data: bytes, at: int) -> int:
    found: int = struct.unpack_from(">H", data, at)[0]
    return found
