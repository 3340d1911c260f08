"""Vietnamese text: cleaned at the door, folded for search, keyed for dictionary order, named for files.

Letters typed precomposed or decomposed give the same result in every function.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

SORT_KEY_LENGTH = 255
"""Longest sort key, in characters: the width of the column that stores one."""

SLUG_LENGTH = 80
FILENAME_LENGTH = 120
FILENAME_BYTES = 240  # file systems stop at 255 bytes, and a Vietnamese letter takes up to three
UNNAMED = "tep"
"""What a file is called when nothing usable is left of its name."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_NO_XML = "\ufffe\uffff"  # neither XML, so neither Word nor Excel, can hold these

_LOOKALIKE_D = str.maketrans({"ð": "đ", "ɖ": "đ"})  # old converters wrote Ð (eth) and Ɖ for Đ
_PLAIN_D = str.maketrans({"đ": "d"})
_INTERCHANGEABLE = frozenset({"bao", "dam"})  # "bảo đảm" and "đảm bảo" are one word in two orders

_LEVEL_TONE = "1"
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_QUALITIES = {
    "a0\u0306": "a1",  # ă
    "a0\u0302": "a2",  # â
    "e0\u0302": "e1",  # ê
    "o0\u0302": "o1",  # ô
    "o0\u031b": "o2",  # ơ
    "u0\u031b": "u1",  # ư
}

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_PATH_MARK = re.compile(r"[/\\]+")
_FORBIDDEN_IN_FILENAME = re.compile(r'[<>:"|?*]')
_EXTENSION = re.compile(r"[A-Za-z0-9]{1,10}")
_RESERVED_ON_WINDOWS = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9¹²³]", re.IGNORECASE)


def nfc(text: str) -> str:
    """One line of text in NFC, without invisible characters, each run of white space one plain space."""
    return " ".join(unicodedata.normalize("NFC", _without_invisible(text)).split())


def one_line(words: str) -> str:
    """What is kept already, on one line: each run of white space one plain space, else as it stands."""
    return " ".join(words.split())


def nfc_multiline(text: str) -> str:
    r"""Several lines, each cleaned as `nfc` does, joined by ``\n``; blank lines stay only between others."""
    return "\n".join(nfc(line) for line in text.splitlines()).strip("\n")


def fold(text: str) -> str:
    """Search key without case, marks, đ and punctuation: `Hòa`, `Hoà` and `HOA` all become `hoa`.

    Compatibility forms are folded too, so a typed `m3/h` meets a printed `m³/h`.
    Folding twice changes nothing.
    """
    kept = []
    for char in _decomposed(text):
        category = unicodedata.category(char)
        if category[0] != "M" and category != "Cf":
            kept.append(char if char.isalnum() else " ")
    return " ".join("".join(kept).translate(_PLAIN_D).split())


@lru_cache(maxsize=4096)  # the same names of units stand in every form, and are folded to tell like ones apart
def search_key(text: str) -> str:
    """The fold in which "bảo đảm" and "đảm bảo" are the same; for the stored column and the query alike."""
    words: list[str] = []
    pending: list[str] = []
    for word in fold(text).split():
        if word in _INTERCHANGEABLE:
            pending.append(word)
        else:
            words += [*sorted(pending), word]
            pending.clear()
    return " ".join([*words, *sorted(pending)])


def search_forms(query: str) -> tuple[str, ...]:
    """The distinct words of a query as `search_key` writes them, in order; empty when it holds no letter."""
    return tuple(dict.fromkeys(search_key(query).split()))


def sort_key(text: str) -> str:
    """Stored key whose plain character order is Vietnamese dictionary order.

    Syllable by syllable, as dictionaries do: the letters first (a ă â b … d đ e ê …), then the tone (ngang,
    huyền, hỏi, ngã, sắc, nặng), so every "ba …" precedes "bà …", and "bạ" precedes "ban". Digits precede
    letters; case and punctuation are ignored; ties are for the caller to break.

    The key has at most `SORT_KEY_LENGTH` characters, only a–z and 0–9, and no two letters side by side but
    "zz", so that linguistic collations agree with the order by byte.
    """
    return "".join(_syllable_keys(text))[:SORT_KEY_LENGTH]


def name_sort_key(full_name: str) -> str:
    """Sort key of a person's name: the given name (last word), then the family name and the rest in order."""
    words = [word for word in nfc(full_name).split() if any(map(str.isalnum, word))]
    return sort_key(" ".join([*words[-1:], *words[:-1]]))


def slug(text: str) -> str:
    """ASCII stem for a file name: "Sở KH&CN" gives `so-kh-cn`; never empty, at most `SLUG_LENGTH`."""
    words = _ASCII_WORD.findall(fold(text))
    stem = "-".join(words)
    if len(stem) > SLUG_LENGTH:
        whole, _, cut = stem[: SLUG_LENGTH + 1].rpartition("-")
        stem = whole or cut[:SLUG_LENGTH]
    return _unreserved(stem) if stem else UNNAMED


def safe_filename(name: str) -> str:
    """The name of an uploaded file, fit to be stored, listed and offered again on any system.

    Path parts, control characters and direction overrides go; marks that Windows forbids become `_`. At most
    `FILENAME_LENGTH` characters and `FILENAME_BYTES` bytes, the extension kept; never empty, never hidden.
    """
    parts = [part for part in _PATH_MARK.split(_without_invisible(name)) if part.strip()]
    last = _FORBIDDEN_IN_FILENAME.sub("_", nfc(parts[-1] if parts else "")).rstrip(". ")
    stem, dot, extension = last.rpartition(".")
    if not dot or not _EXTENSION.fullmatch(extension):
        stem, extension = last, ""
    suffix = f".{extension}" if extension else ""
    stem = stem.lstrip(".- ").rstrip(". ")
    return _shortened(_unreserved(stem or UNNAMED), len(suffix)) + suffix


def looks_same(a: str, b: str) -> bool:
    """Whether two names differ only in marks, case, spaces or punctuation; a blank name resembles nothing."""
    folded = fold(a)
    return bool(folded) and folded == fold(b)


def _without_invisible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        char
        for char in text
        if char.isspace() or (unicodedata.category(char) not in _INVISIBLE and char not in _NO_XML)
    )


def _decomposed(text: str) -> str:
    """Caseless compatibility decomposition (Unicode 3.13, D146), with every look-alike of đ made đ."""
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKD", once.casefold()).translate(_LOOKALIKE_D)


def _syllable_keys(text: str) -> Iterator[str]:
    """Each syllable as letters of two characters and a tone digit, which sorts before any further letter."""
    letters: list[str] = []
    tone = _LEVEL_TONE
    for char in _decomposed(text):
        if char.isalnum():
            letters.append(_letter_key(char))
        elif unicodedata.category(char)[0] == "M":
            if letters:
                letters[-1] = _QUALITIES.get(letters[-1] + char, letters[-1])
                tone = _TONES.get(char, tone) if tone == _LEVEL_TONE else tone
        elif letters and unicodedata.category(char) != "Cf":
            yield "".join(letters) + tone
            letters, tone = [], _LEVEL_TONE
    if letters:
        yield "".join(letters) + tone


def _letter_key(char: str) -> str:
    if char == "đ":
        return "d1"
    if "a" <= char <= "z":
        return f"{char}0"
    if "0" <= char <= "9":
        return f"7{char}"  # above every tone, below every letter
    return f"zz{ord(char):07d}"  # other scripts follow, by code point


def _unreserved(stem: str) -> str:
    first = stem.split(".", 1)[0].rstrip()
    return f"{UNNAMED}-{stem}" if _RESERVED_ON_WINDOWS.fullmatch(first) else stem


def _shortened(stem: str, taken: int) -> str:
    """The beginning of a stem that leaves room for `taken` more ASCII characters."""
    cut = stem[: FILENAME_LENGTH - taken].encode("utf-8", "ignore")[: FILENAME_BYTES - taken]
    return cut.decode("utf-8", "ignore").rstrip(". ")
