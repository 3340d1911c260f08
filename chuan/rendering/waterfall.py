"""A waterfall: from an issued value through what was taken out and put in to today's, for page, Word and PDF alike.

The colours repeat what sign, fill and words say, so the drawing is whole in black and white.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from chuan.lib import numbers
from chuan.rendering.blocks import Drawing
from chuan.rendering.measures import MM_PER_POINT, width_mm
from chuan.rendering.text import one_line

Number = int | Decimal

_WIDTH: Final = 440
_FONT: Final = "Inter, Noto Sans, Arial, Tinos, sans-serif"
_INK, _SOFT, _LINE, _BAR = "#17202b", "#525e6c", "#84909e", "#0b5cad"
_ADDED, _REMOVED = "#12693f", "#b3261e"
_SIZE: Final = 14
_LEADING: Final = 18
_BAR_HEIGHT: Final = 16
_BETWEEN: Final = 12
_WIDER_THAN_TIMES: Final = 1.18  # the letters of the page's font
_SMALL_CHANGE: Final = 12  # where the whole is so many times as large as the changes, its axis is cut


@dataclass(frozen=True, slots=True)
class Step:
    """What changes the value, and by how much: below 0 where records were taken out."""

    label: str
    change: Number


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The drawing as SVG, and the same said in words."""

    svg: str
    words: str

    def block(self, width: float = 1.0) -> Drawing:
        """The drawing as a block of an official document."""
        return Drawing(str(self.svg), self.words, width)


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    said: str
    low: Number
    high: Number
    kind: str


def waterfall(
    title: str, issued: tuple[str, Number], steps: Sequence[Step], today: str, *, unit: str = "", lang: str = "vi"
) -> Waterfall:
    """From `issued` (label, value) by `steps` to the value that they come to, labelled `today`.

    Raises ValueError where a step would make the value fall below 0: such a list of changes is wrong.
    """
    levels = [issued[1]]
    for step in steps:
        levels.append(levels[-1] + step.change)
    if min(levels) < 0:
        raise ValueError(f"the value falls below 0: {levels}")
    bars = [
        _Bar(one_line(issued[0]), _with_unit(_said(levels[0], lang), unit), 0, levels[0], "total"),
        *(
            _Bar(one_line(s.label), _signed(s.change, lang), min(a, b), max(a, b), "added" if b >= a else "removed")
            for s, (a, b) in zip(steps, pairwise(levels), strict=True)
        ),
        _Bar(one_line(today), _with_unit(_said(levels[-1], lang), unit), 0, levels[-1], "total"),
    ]
    base = _base(levels)
    words = "; ".join(f"{bar.label}: {bar.said}" for bar in bars)
    if base:
        words = f"{words}. {_('Thang đo không bắt đầu từ 0.')}"
    return Waterfall(_draw(one_line(title), words, bars, levels, base), f"{one_line(title)}. {words}")


def _said(value: Number, lang: str) -> str:
    return numbers.format_decimal(value, lang=lang)


def _signed(change: Number, lang: str) -> str:
    return f"{'+' if change >= 0 else '−'}{_said(change if change >= 0 else -change, lang)}"


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {one_line(unit)}" if unit else text


def _base(levels: Sequence[Number]) -> float:
    """Where the scale begins: at 0, unless changes could not be seen there."""
    low, high = float(min(levels)), float(max(levels))
    changes = high - low
    return low - changes if changes and high > _SMALL_CHANGE * changes else 0.0


def _draw(title: str, words: str, bars: Sequence[_Bar], levels: Sequence[Number], base: float) -> str:
    top = float(max(levels))
    scale = _WIDTH / (top - base) if top > base else 0.0
    parts = []
    y, ends = 0, [*levels, levels[-1]]
    for index, bar in enumerate(bars):
        lines = _wrapped(bar.label, _WIDTH - _measure(bar.said) - 16)
        height = _LEADING * len(lines) + 4 + _BAR_HEIGHT
        parts.append(_row(bar, lines, y, base, scale))
        if index < len(bars) - 1:
            x = round((float(ends[index]) - base) * scale, 1)
            parts.append(_connector(min(max(x, 0.5), _WIDTH - 0.5), y + height, y + height + _BETWEEN))
        y += height + _BETWEEN
    if base:
        parts.append(_text(0, y + 6, _("Thang đo không bắt đầu từ 0."), "chart-label", _SOFT, size=12))
        y += _LEADING
    return format_html(
        '<svg class="chart chart-waterfall" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" '
        'height="{}" role="img" font-family="{}"><title>{}</title><desc>{}</desc>{}</svg>',
        _WIDTH,
        y,
        _WIDTH,
        y,
        _FONT,
        title,
        words,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _row(bar: _Bar, lines: Sequence[str], y: int, base: float, scale: float) -> str:
    labels = [_text(0, y + 14 + _LEADING * index, line, "chart-label", _SOFT) for index, line in enumerate(lines)]
    said = _text(_WIDTH, y + 14, bar.said, "chart-value", _INK, anchor="end", weight=600)
    top = y + _LEADING * len(lines) + 4
    left = max(0.0, (float(bar.low) - base) * scale)
    width = max(2.0, (float(bar.high) - base) * scale - left)
    left = min(left, _WIDTH - width)
    rect = _rect(bar.kind, round(left, 1), top, round(width, 1))
    cut = _cut(top) if base and bar.kind == "total" else ""
    return format_html("{}{}{}{}", format_html_join("", "{}", ((label,) for label in labels)), said, rect, cut)


def _rect(kind: str, left: float, top: int, width: float) -> str:
    look = {
        "total": format_html('class="chart-bar" fill="{}"', _BAR),
        "added": format_html('class="chart-added" fill="{}"', _ADDED),
        "removed": format_html(
            'class="chart-removed" fill="#fff" stroke="{}" stroke-width="2" stroke-dasharray="4 3"', _REMOVED
        ),
    }[kind]
    edge = 1 if kind == "removed" else 0  # a stroke stands half outside
    return format_html(
        '<rect {} x="{}" y="{}" width="{}" height="{}"/>',
        look,
        left + edge,
        top + edge,
        max(1, round(width - 2 * edge, 1)),
        _BAR_HEIGHT - 2 * edge,
    )


def _connector(x: float, y0: int, y1: int) -> str:
    return format_html(
        '<path class="chart-line" d="M{} {}V{}" stroke="{}" stroke-width="1" fill="none"/>', x, y0, y1, _LINE
    )


def _cut(top: int) -> str:
    """Two slanted strokes: the bar is longer than it is drawn."""
    path = "".join(f"M{x} {top + _BAR_HEIGHT + 2}L{x + 6} {top - 2}" for x in (14, 20))
    return format_html('<path class="chart-cut" d="{}" stroke="#fff" stroke-width="3" fill="none"/>', path)


def _text(
    x: int, y: int, text: str, name: str, colour: str, *, anchor: str = "start", weight: int = 400, size: int = _SIZE
) -> str:
    return format_html(
        '<text class="{}" x="{}" y="{}" font-size="{}" font-weight="{}" text-anchor="{}" fill="{}">{}</text>',
        name,
        x,
        y,
        size,
        weight,
        anchor,
        colour,
        text,
    )


def _measure(text: str) -> float:
    return width_mm(text, _SIZE, bold=True) / MM_PER_POINT * _WIDER_THAN_TIMES


def _wrapped(text: str, room: float) -> list[str]:
    """The words in lines that fit; a word that is too long for a line is cut."""
    lines = [""]
    for word in text.split(" "):
        while _measure(word) > room and len(word) > 1:
            fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or _measure(word[:n]) <= room)
            lines, word = [*lines, word[:fits]], word[fits:]
        joined = f"{lines[-1]} {word}".strip()
        if _measure(joined) <= room or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return [line for line in lines if line] or [""]
