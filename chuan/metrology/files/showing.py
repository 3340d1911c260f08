"""Results as readable text: numbers in the reader's form, labelled lines, aligned columns."""

from collections.abc import Sequence
from decimal import Decimal

from chuan.metrology.numerals import write_number
from chuan.metrology.words import Language, Text

_YES = Text("có", "yes")
_NO = Text("không", "no")
#: Shown for what was not computed.
NOTHING = "–"


def shown(value: float | str | bool | None, language: Language, digits: int = 6) -> str:
    """A value as text: `digits` significant digits without trailing zeros, in the house's form; None is a dash."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return (_YES if value else _NO).say(language)
    if isinstance(value, str):
        return value
    return write_number(Decimal(value if isinstance(value, int) else f"{value:.{digits}g}"), language)


def lines(pairs: Sequence[tuple[Text, float | str | bool | None]], language: Language) -> str:
    """One line for each label and its value, the values aligned."""
    labels = [label.say(language) for label, _ in pairs]
    width = max(map(len, labels))
    return "\n".join(
        f"{label:<{width}}  {shown(value, language)}" for label, (_, value) in zip(labels, pairs, strict=True)
    )


def columns(
    head: Sequence[Text], rows: Sequence[Sequence[float | str | bool | None]], language: Language, digits: int = 6
) -> str:
    """A table with a head; the first column to the left, the others to the right."""
    cells = [[label.say(language) for label in head]]
    cells += [[shown(value, language, digits) for value in row] for row in rows]
    widths = [max(len(row[j]) for row in cells) for j in range(len(head))]
    return "\n".join(
        "  ".join(
            f"{cell:<{width}}" if j == 0 else f"{cell:>{width}}"
            for j, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )
