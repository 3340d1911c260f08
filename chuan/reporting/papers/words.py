"""Small pieces of which the consolidated report's paper is made: figures as fields, paragraphs, days, money."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chuan.lib import numbers
from chuan.lib.dates import day_of, format_date
from chuan.rendering.blocks import Block, FigureInline, Footnote, Inline, Paragraph, Text
from chuan.reporting.collecting import WITH_RESULT, TaskAmount
from chuan.reporting.own_words import OwnWord
from chuan.reporting.rules import SubmissionState

#: What the code of a number begins with that is no figure of the plan's: put together from units' reports, said by
#: somebody, or the plan's own target.
COLLECTED = "TH."
#: What stands where there is nothing to say.
DASH = "–"
#: The year in which the plan's first stage ends.
STAGE = "2025"
_SIGNS = {">=": "≥", "<=": "≤", "=": "="}
#: As many units as are named where several say the same.
NAMED = 3
#: How long a key of a freely worded paragraph may be.
KEY = 40


def figure(snapshot: Mapping[str, Any], indicator: str) -> dict[str, Any]:
    """A figure of the snapshot; KeyError where it was not frozen."""
    for found in snapshot["figures"]:
        if found["indicator"] == indicator:
            return dict(found)
    raise KeyError(indicator)


def field(found: Mapping[str, Any], value: int | None = None, *, part: str = "", unit: str | None = None) -> Inline:
    """A number of a figure as a field: its value, or another number told with it under a suffix of its code."""
    code = f"{found['code']}.{part}" if part else found["code"]
    number = found["value"] if value is None else value
    return FigureInline(code, numbers.format_two_digits(number), found["unit"] if unit is None else unit)


def counted(what: str, text: int | str, unit: str = "", *, bold: bool = False) -> FigureInline:
    """A number that is no figure of the plan's, as a field: nothing behind it can be opened, but changed by hand it is
    named as any other."""
    shown = numbers.format_two_digits(text) if isinstance(text, int) else text
    return FigureInline(f"{COLLECTED}{what}", shown, unit, bold)


def least(reading: Mapping[str, Any]) -> str:
    """ "≥ 05": how many the target of a reading asks for."""
    return f"{_SIGNS[reading['operator']]}{numbers.NBSP}{numbers.format_two_digits(reading['target'])}"


def asked(place: int, reading: Mapping[str, Any]) -> tuple[Inline, ...]:
    """The same with the number as a field; a reading by its place in the annex, the first by 1."""
    return (Text(f"{_SIGNS[reading['operator']]}{numbers.NBSP}"), counted(f"muc-tieu.{place}", reading["target"]))


def change(found: Mapping[str, Any]) -> int | None:
    """By how much a level rose since the period began, or fell; None for what is no level, or was not told then."""
    before = found["before"]
    return found["value"] - before["value"] if before else None


def by_hand(place: int, line: Mapping[str, Any]) -> FigureInline:
    """What people counted by hand, a line of the snapshot's outputs by its place, the first by 1."""
    return counted(f"kq.{place}", line["value"], line["unit"])


def figures_of(snapshot: Mapping[str, Any], task: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The snapshot's figures that count what a task of the annex brought about."""
    return [dict(found) for found in snapshot["figures"] if found["indicator"] in task.get("indicators", ())]


def own_of(snapshot: Mapping[str, Any], code: str) -> OwnWord:
    """What Sở itself says of a row or a bullet; nothing in snapshots that were frozen before it could."""
    said = snapshot.get("own", {}).get(code)
    return OwnWord.of(said) if said else OwnWord()


def has_result(snapshot: Mapping[str, Any], task: Mapping[str, Any]) -> bool:
    """Sở or a unit has something to show, somebody counted something by hand, or one of its figures is not nought."""
    statuses = [own_of(snapshot, task["code"]).status, *(word["status"] for word in task["said"])]
    shown = any(status in WITH_RESULT for status in statuses)
    return bool(shown or task["outputs"] or any(found["value"] for found in figures_of(snapshot, task)))


def waits(unit: Mapping[str, Any]) -> bool:
    """A unit of the snapshot whose report had arrived and was not accepted yet."""
    return bool(unit["state"] == SubmissionState.SENT)


def money_of(snapshot: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, int]:
    """What a task was planned to cost and did (đồng), over Sở and the units that said so; what nobody said is not
    there."""
    told = [own_of(snapshot, task["code"]).amounts(), *task.get("money", ())]
    return {
        kind: sum(one[kind] for one in told if kind in one)
        for kind in TaskAmount.values
        if any(kind in one for one in told)
    }


def first_few(units: Sequence[str], most: int) -> str:
    """ "A, B, C và 02 đơn vị khác"."""
    others = len(units) - most
    rest = f" và {numbers.format_two_digits(others)} đơn vị khác" if others > 0 else ""
    return f"{', '.join(units[:most])}{rest}"


def said(words: str) -> Paragraph:
    """A paragraph of the paper's own words."""
    return Paragraph((Text(words),))


def told(*parts: str | Inline) -> Paragraph:
    """A paragraph of words and fields side by side."""
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def worded(words: str, key: str) -> list[Block]:
    """What an officer wrote, a paragraph a line, each with a key by which Word gives it back."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return [Paragraph((Text(line),), key=f"{key}.{place}"[:KEY]) for place, line in enumerate(lines, start=1)]


def unworded(words: str, section: str) -> list[Block]:
    """What stands where a section has nothing at all; in Word its words give way to the officer's."""
    return [Paragraph((Text(words),), key=f"{section}.0")]


def inserted(snapshot: Mapping[str, Any], section: str, *, tasks: Iterable[str] | None = None) -> list[Block]:
    """Units' paragraphs that were taken into a section, each with whose words they are as a note at the foot.

    `tasks`: those that speak of these tasks of the annex only; "" is a paragraph that speaks of none.
    """
    chosen = [one for one in snapshot.get("paragraphs", []) if one["section"] == section]
    if tasks is not None:
        rows = set(tasks)
        chosen = [one for one in chosen if one["origin"]["task"] in rows]
    return [Paragraph((Text(one["text"]), Footnote(origin_words(one))), key=f"doan.{one['key']}") for one in chosen]


def origin_words(one: Mapping[str, Any]) -> str:
    """ "Theo báo cáo của Sở Công Thương, biên nhận TN-2026-0001 (đã biên tập)."."""
    origin = one["origin"]
    edited = " (đã biên tập)" if one["edited"] else ""
    return f"Theo báo cáo của {origin['unit_name']}, biên nhận {origin['receipt']}{edited}."


def day(iso: str) -> str:
    """A day of the snapshot as papers write it; of an instant, the Vietnamese day."""
    return format_date(
        date.fromisoformat(iso) if len(iso) == len("2026-12-11") else day_of(datetime.fromisoformat(iso))
    )


def trieu(amount: int) -> str:
    """Đồng in triệu đồng, without the unit."""
    return numbers.format_trieu(amount, unit=False)
