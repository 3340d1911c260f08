"""Text is data: what is taken out of a string before it goes into any document."""

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
_WHITE: Final = re.compile("[\n\t]+")


def clean(value: str) -> str:
    """The same text in composed form (NFC), without characters that no document may hold; `\\n` is kept."""
    without = _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", value))
    return unicodedata.normalize("NFC", without.replace("\t", " "))


def one_line(value: str) -> str:
    """`clean` text on a single line, for headers, names and file properties."""
    return _WHITE.sub(" ", clean(value)).strip()
