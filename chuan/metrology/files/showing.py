"""Results as readable text: numbers in the reader's form, labelled lines, aligned columns."""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from chuan.metrology.numerals import write_number
from chuan.metrology.words import Language, Text

_YES = Text("có", "yes")
_NO = Text("không", "no")
#: Shown for what was not computed.
NOTHING = "–"
#: The first column of a table that does not fit is no narrower than this.
_NARROWEST = 16


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
    head: Sequence[Text],
    rows: Sequence[Sequence[float | str | bool | None]],
    language: Language,
    digits: int = 6,
    *,
    left: Collection[int] = (0,),
    most: int | None = None,
) -> str:
    """A table with a head; the columns `left` to the left, the others to the right, those without a cell left out.

    Where lines would be longer than `most`, the first column is broken into several lines, but not below 16.
    """
    cells = [[label.say(language) for label in head]]
    cells += [[shown(value, language, digits) for value in row] for row in rows]
    kept = [j for j in range(len(head)) if j == 0 or not rows or any(row[j] for row in cells[1:])]
    widths = {j: max(len(row[j]) for row in cells) for j in kept}
    if most is not None:
        others = sum(width + 2 for j, width in widths.items() if j)
        widths[0] = min(widths[0], max(_NARROWEST, most - others))
    return "\n".join(_row(row, widths, left) for row in cells)


def _row(row: Sequence[str], widths: Mapping[int, int], left: Collection[int]) -> str:
    """One row, its first cell on as many lines as it needs; numbers stand on the last of them."""
    first = textwrap.wrap(row[0], widths[0], subsequent_indent="  ") if len(row[0]) > widths[0] else [row[0]]
    padded = [f"{first[-1]:<{widths[0]}}" if 0 in left else f"{first[-1]:>{widths[0]}}"]
    padded += [f"{row[j]:<{width}}" if j in left else f"{row[j]:>{width}}" for j, width in widths.items() if j]
    return "\n".join([*first[:-1], "  ".join(padded).rstrip()])
