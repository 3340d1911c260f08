"""Text is data: what is taken out of a string before it goes into any document, and what a paper shows it as."""

import re
import unicodedata
from typing import Final

_FORBIDDEN: Final = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls that XML or PDF/A refuse
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks: they can make a number read backwards
    "\ud800-\udfff\ufeff\ufffe\uffff"  # lone surrogates, byte order marks, non-characters
    "]"
)
_LINE_BREAK: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
#: Marks that Word's bullets and automatic corrections leave in a text, and the same mark in the document font. Private
#: characters are those of Word's own bullets (of Symbol and Wingdings); in other places they may stand for anything.
_MARKS: Final = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf0d8": "►",
    "\uf076": "♦",
    "\uf0fc": "√",
    "\uf0e0": "→",
    "\uf0e8": "→",
    "➢": "►",
    "➤": "►",
    "▶": "►",
    "▸": "►",
    "❖": "♦",
    "◆": "♦",
    "✓": "√",
    "✔": "√",
    "⇒": "→",
    "➔": "→",
    "➜": "→",
}
#: Where a word begins; a mark inside one may be a part of it.
_MARK: Final = re.compile(rf"(?<!\S)[{''.join(_MARKS)}][\ufe0e\ufe0f]?(?=\s|\w|$)")
_WHITE: Final = re.compile("[\n\t]+")


def clean(value: str) -> str:
    """The same text in composed form (NFC), without characters that no document may hold; `\\n` is kept."""
    without = _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", value))
    return unicodedata.normalize("NFC", without.replace("\t", " "))


def for_print(value: str) -> str:
    """`clean` text as a paper shows it: marks that the document font lacks become the same mark in another drawing.

    A bullet stays a bullet, a tick a tick ("√"), an arrow an arrow; whatever has no such counterpart is left to be
    refused by name. What is stored, and what forms and workbooks give back, stays as it was typed.
    """
    return _MARK.sub(lambda found: _MARKS[found[0][0]], clean(value))


def line_for_print(value: str) -> str:
    """`for_print` on a single line."""
    return _WHITE.sub(" ", for_print(value)).strip()


def one_line(value: str) -> str:
    """`clean` text on a single line, for headers, names and file properties."""
    return _WHITE.sub(" ", clean(value)).strip()
