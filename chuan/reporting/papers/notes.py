"""What annex I says besides the figures: estimates of the year and totals of earlier letters."""

from collections.abc import Mapping
from typing import Any

from chuan.lib import numbers
from chuan.rendering.blocks import Block
from chuan.reporting.papers.words import DASH, day, field, figure, said, told

Snapshot = Mapping[str, Any]


def estimate(snapshot: Snapshot, found: Mapping[str, Any]) -> str:
    """What is expected of the year; once its day has come, what was expected of it then."""
    one = snapshot["collected"]["estimates"].get(found["indicator"])
    return numbers.format_two_digits(_expected(found, one)) if one else DASH


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
        return said(f"{code}: ước tăng thêm {two(one['increment'])}, căn cứ: {one['basis']}.")
    flag = "số chính thức" if found["flag"] == "final" else "số tạm tính"
    more = found["value"] - _expected(found, one)
    against = f"{'cao' if more > 0 else 'thấp'} hơn ước {two(abs(more))}" if more else "bằng số ước"
    return told(
        f"{code}: ước cả năm {two(_expected(found, one))} {found['unit']} ({_said(then)}: đã có {two(then['value'])}, "
        f"ước tăng thêm {two(then['increment'])}, căn cứ: {one['basis']}); {flag} đến ngày {day(found['at'])} là ",
        field(found, part="ky"),
        f", {against}.",
    )


def _said(then: Mapping[str, Any]) -> str:
    """Where an estimate was printed, or when it was recorded."""
    report = then["report"]
    return (
        f"Báo cáo số {report['number']}/BC-SKHCN ngày {day(report['dated'])}" if report else f"ngày {day(then['on'])}"
    )


def of_historical(snapshot: Snapshot) -> list[Block]:
    """Totals that earlier letters gave, which no record stands behind."""
    return [
        said(
            f"{one['indicator']}: {numbers.format_count(one['value'])} theo {one['document']} "
            f"({day(one['first'])}–{day(one['last'])}), không truy vết được đến bản ghi, không cộng vào số trên."
        )
        for one in snapshot["collected"]["historical"]
    ]
