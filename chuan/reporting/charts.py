"""Drawings of figures as SVG text: one drawing for page, PDF and Word.

Colours and fonts are attributes, so that the drawing stands alone; the page's style sheet overrides them through the
classes. Each drawing says in words (`<desc>`, and the same sentence for a caption) what it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from chuan.lib import numbers

WIDTH = 440
FONT = "Inter, Noto Sans, Arial, sans-serif"
INK, SOFT, LINE, TRACK, BAR = "#17202b", "#525e6c", "#84909e", "#edf0f3", "#0b5cad"

Year = tuple[int, int, bool]


@dataclass(frozen=True)
class Bar:
    """A value beside the target that it is measured against, and the verdict in words."""

    label: str
    value: int
    target: int
    verdict: str


def year_words(rows: Sequence[Year]) -> str:
    """ "2025: 15; 2026: 21 (kỳ chưa khép)"."""
    said = []
    for year, value, still_open in rows:
        text = f"{year}: {numbers.format_count(value)}"
        said.append(_("%(text)s (kỳ chưa khép)") % {"text": text} if still_open else text)
    return "; ".join(said)


def year_strip(rows: Sequence[Year]) -> str:
    """A column for each report year, (year, value, still open); an open year is drawn hollow and says "tạm tính"."""
    if not rows:
        return ""
    step = WIDTH / len(rows)
    highest = max(1, *(value for _year, value, _open in rows))
    columns = format_html_join("", "{}", ((_column(row, step * i, step, highest),) for i, row in enumerate(rows)))
    body = format_html(
        '<path class="chart-line" d="M0 128.5H{}" fill="none" stroke="{}" stroke-width="1"/>{}', WIDTH, LINE, columns
    )
    return _drawing("chart-years", _("Giá trị từng kỳ báo cáo năm"), year_words(rows), 172, body)


def _column(row: Year, left: float, step: float, highest: int) -> str:
    year, value, still_open = row
    height = round(100 * value / highest, 1)
    width = round(min(step * 0.62, 42), 1)
    middle = round(left + step / 2, 1)
    look = (
        format_html('fill="#fff" stroke="{}" stroke-width="2" stroke-dasharray="4 3"', BAR)
        if still_open
        else format_html('fill="{}"', BAR)
    )
    bar = format_html(
        '<rect class="chart-bar{}" x="{}" y="{}" width="{}" height="{}" rx="2" {}/>',
        " is-open" if still_open else "",
        round(middle - width / 2, 1),
        round(128 - height, 1),
        width,
        height,
        look,
    )
    parts = [
        bar if value else "",
        _text(middle, round(122 - height, 1), numbers.format_count(value), 15, "chart-value", weight=600),
        _text(middle, 147, str(year), 14, "chart-label", colour=SOFT),
    ]
    if still_open:
        anchor, at = ("end", left + step) if left + step > WIDTH - 8 else ("middle", middle)
        parts.append(_text(round(at, 1), 165, _("tạm tính"), 13, "chart-label", colour=SOFT, anchor=anchor))
    return format_html_join("", "{}", ((part,) for part in parts))


def bullet_words(bars: Sequence[Bar], unit: str) -> str:
    """ "Đến năm 2025, cách hiểu A: 44 trên 50 người, chưa đạt"."""
    sentence = _("%(label)s: %(value)s trên %(target)s %(unit)s, %(verdict)s")
    return "; ".join(
        sentence
        % {
            "label": bar.label,
            "value": numbers.format_count(bar.value),
            "target": numbers.format_count(bar.target),
            "unit": unit,
            "verdict": bar.verdict.lower(),
        }
        for bar in bars
    )


def bullet(bars: Sequence[Bar], unit: str) -> str:
    """Each value as a bar on one scale, with a mark where its target stands."""
    if not bars:
        return ""
    highest = max(1, *(max(bar.value, bar.target) for bar in bars)) * 1.06
    rows = format_html_join("", "{}", ((_bullet(bar, unit, i * 54, highest),) for i, bar in enumerate(bars)))
    title = _("Giá trị so với chỉ tiêu theo từng cách hiểu")
    return _drawing("chart-bullet", title, bullet_words(bars, unit), len(bars) * 54, rows)


def _bullet(bar: Bar, unit: str, top: int, highest: float) -> str:
    scale = WIDTH / highest
    said = f"{numbers.format_count(bar.value)}/{numbers.format_count(bar.target)} {unit}"
    mark = round(bar.target * scale, 1)
    return format_html(
        '{label}{said}<rect class="chart-track" x="0" y="{y}" width="{width}" height="14" rx="2" fill="{track}"/>'
        '<rect class="chart-bar" x="0" y="{y}" width="{value}" height="14" rx="2" fill="{bar}"/>'
        '<path class="chart-mark" d="M{mark} {y0}V{y1}" stroke="{ink}" stroke-width="3"/>',
        label=_text(0, top + 15, bar.label, 14, "chart-label", colour=SOFT, anchor="start"),
        said=_text(WIDTH, top + 15, said, 14, "chart-value", anchor="end", weight=600),
        y=top + 24,
        width=WIDTH,
        track=TRACK,
        value=round(bar.value * scale, 1),
        bar=BAR,
        mark=mark,
        y0=top + 20,
        y1=top + 42,
        ink=INK,
    )


def _text(
    x: float, y: float, text: str, size: int, name: str, *, colour: str = INK, anchor: str = "middle", weight: int = 400
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


def _drawing(name: str, title: str, words: str, height: int, body: str) -> str:
    return format_html(
        '<svg class="chart {}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" '
        'role="img" font-family="{}"><title>{}</title><desc>{}</desc>{}</svg>',
        name,
        WIDTH,
        height,
        WIDTH,
        height,
        FONT,
        title,
        words,
        body,
    )
