"""What annex I says besides values: how a level changed, what was issued otherwise, estimates, earlier totals."""

from collections.abc import Mapping
from typing import Any

from chuan.lib import numbers
from chuan.rendering.blocks import Block, Cell, Footnote, Inline, Text
from chuan.reporting.papers.words import DASH, change, counted, day, field, figure, told

Snapshot = Mapping[str, Any]


def estimate(snapshot: Snapshot, found: Mapping[str, Any]) -> Cell:
    """What is expected of the year; once its day has come, what was expected of it then."""
    one = snapshot["collected"]["estimates"].get(found["indicator"])
    return (field(found, _expected(found, one), part="uoc", unit=""),) if one else DASH


def _expected(found: Mapping[str, Any], one: Mapping[str, Any]) -> int:
    then = one["then"] or {"value": found["value"], "increment": one["increment"]}
    return int(then["value"] + then["increment"])


def of_estimates(snapshot: Snapshot) -> list[Block]:
    """On what each estimate rests, or what became of it."""
    made = snapshot["collected"]["estimates"].items()
    return [_estimated(code, figure(snapshot, code), one) for code, one in made]


def _estimated(code: str, found: Mapping[str, Any], one: Mapping[str, Any]) -> Block:
    """Once its day has come, an estimate is held against the figure: by how much that is more or less."""
    then, two = one["then"], numbers.format_two_digits
    if then is None:
        return told(f"{code}: ước tăng thêm ", counted(f"uoc.{code}", one["increment"]), f", căn cứ: {one['basis']}.")
    flag = "số chính thức" if found["flag"] == "final" else "số tạm tính"
    more = found["value"] - _expected(found, one)
    against = f"{'cao' if more > 0 else 'thấp'} hơn ước {two(abs(more))}" if more else "bằng số ước"
    return told(
        f"{code}: ước cả năm ",
        field(found, _expected(found, one), part="uoc"),
        f" ({_said(then)}: đã có {two(then['value'])}, ước tăng thêm ",
        counted(f"uoc.{code}", then["increment"]),
        f", căn cứ: {one['basis']}); {flag} đến ngày {day(found['at'])} là ",
        field(found, part="ky"),
        f", {against}.",
    )


def _said(then: Mapping[str, Any]) -> str:
    """Where an estimate was printed, or when it was recorded."""
    report = then["report"]
    return (
        f"Báo cáo số {report['number']}/BC-SKHCN ngày {day(report['dated'])}" if report else f"ngày {day(then['on'])}"
    )


def in_period(found: Mapping[str, Any]) -> Cell:
    """What was done in the period; of a level, by how much it rose or fell since the period began."""
    if found["before"] is None:
        return DASH if found["level"] else (field(found, part="ky", unit=""),)
    more = change(found) or 0
    return (
        (Text("tăng " if more > 0 else "giảm "), field(found, abs(more), part="ky", unit="")) if more else "không đổi"
    )


def of_moved(snapshot: Snapshot, found: Mapping[str, Any], reading: Mapping[str, Any]) -> tuple[Inline, ...]:
    """A note where a closed stage's value was issued otherwise, at the first of the readings that moved alike."""
    place = (found["indicator"], reading["horizon"], reading["source"])
    for one in snapshot["moved"]:
        if (one["indicator"], one["horizon"], one["source"]) == place and one["labels"][0] == reading["label"]:
            return (Footnote(_moved(found, reading, one)),)
    return ()


def _moved(found: Mapping[str, Any], reading: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    two, unit, ways = numbers.format_two_digits, found["unit"], ", ".join(one["labels"])
    why = "do bản ghi được ghi thêm, sửa hoặc hủy sau lúc chốt"
    if not one["same_definition"]:
        why = "tính theo định nghĩa đã khác lúc chốt"
    return (
        f"{found['title']}, cách hiểu {ways}: Báo cáo số {one['number']}/BC-SKHCN ngày {day(one['dated'])} nêu "
        f"{two(one['was'])} {unit}, số liệu đến ngày {day(one['at'])} (mã số liệu {one['code']}); nay là "
        f"{two(reading['value'])} {unit} đến ngày {day(reading['horizon'])}, {why}. Từng bản ghi: trang nguồn gốc của "
        f"mã {one['code']}."
    )


def of_historical(snapshot: Snapshot) -> list[Block]:
    """Totals that earlier letters gave, which no record stands behind."""
    return [
        told(
            f"{one['indicator']}: ",
            counted(f"truoc-day.{place}", numbers.format_count(one["value"])),
            f" theo {one['document']} ({day(one['first'])}–{day(one['last'])}), không truy vết được đến bản ghi, "
            "không cộng vào số trên.",
        )
        for place, one in enumerate(snapshot["collected"]["historical"], start=1)
    ]
