"""Symbols of quantities and the words of equations: which are allowed, and which spellings are one symbol.

A symbol is kept as the author declared it. Two spellings are the same symbol when their `identity` is: a Greek
letter and its English name, a letter and its look-alike of another code point (µ and μ, ϕ and φ).
"""

import unicodedata
from functools import lru_cache

#: Functions an equation may call, with their number of arguments.
FUNCTIONS = {
    "exp": 1,
    "ln": 1,
    "log10": 1,
    "sqrt": 1,
    "sin": 1,
    "cos": 1,
    "tan": 1,
    "asin": 1,
    "acos": 1,
    "atan": 1,
    "sinh": 1,
    "cosh": 1,
    "tanh": 1,
    "abs": 1,
    "hypot": 2,
}

#: What people write for a function of ours; shown as a hint, never taken silently.
OTHER_NAMES = {
    "log": "ln, log10",
    "lg": "log10",
    "loge": "ln",
    "tg": "tan",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctg": "atan",
    "sh": "sinh",
    "ch": "cosh",
    "th": "tanh",
    "pow": "^",
    "root": "sqrt",
    "fabs": "abs",
}

PI = "pi"

MOST_LETTERS = 64

_GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "omicron": "ο",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "upsilon": "υ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
}
GREEK_NAMES = _GREEK | {name.capitalize(): letter.upper() for name, letter in _GREEK.items()}

#: Look-alikes that NFC leaves apart.
_LETTER_FORMS = str.maketrans(
    {"µ": "μ", "ϵ": "ε", "ϑ": "θ", "ϰ": "κ", "ϕ": "φ", "ϖ": "π", "ϱ": "ρ", "ς": "σ", "∆": "Δ"}
)


@lru_cache(maxsize=4096)
def identity(symbol: str) -> str:
    """The one spelling that stands for all spellings of `symbol`: NFC, Greek letters for their names between `_`."""
    text = unicodedata.normalize("NFC", symbol).translate(_LETTER_FORMS)
    return "_".join(GREEK_NAMES.get(part, part) for part in text.split("_"))


def starts_symbol(letter: str) -> bool:
    """Whether a symbol may begin with this character: a letter of any script, or ∆."""
    return letter == "∆" or unicodedata.category(letter)[0] == "L"


def continues_symbol(letter: str) -> bool:
    """Whether a symbol may go on with this character: letters, their marks, 0–9, `_` and subscripts such as ₁."""
    if letter == "_" or starts_symbol(letter):
        return True
    if letter.isdigit():
        return letter in "0123456789" or unicodedata.decomposition(letter).startswith("<sub>")
    return unicodedata.category(letter) in ("Mn", "Mc")


def is_symbol(text: str) -> bool:
    """Whether `text` may name a quantity: a letter, then letters, digits, subscripts and `_`; no function, not pi."""
    if not 0 < len(text) <= MOST_LETTERS or text in FUNCTIONS or identity(text) == identity(PI):
        return False
    return starts_symbol(text[0]) and all(continues_symbol(letter) for letter in text)


def shortened(text: str) -> str:
    """A text fit for one line of a message."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[:MOST_LETTERS])
    return shown + "…" if len(text) > MOST_LETTERS else shown
