"""Sentences that the evidence writes: every number in them is a field of a frozen figure."""

from collections.abc import Callable, Mapping
from typing import Any

from chuan.rendering.blocks import Block, Footnote, Inline, Paragraph, Text
from chuan.reporting.papers.words import change, day, field, figure

Snapshot = Mapping[str, Any]


def of_indicator(snapshot: Snapshot, indicator: str) -> Paragraph | None:
    """What the evidence says of an indicator in the period; None where its sentence is told with another's."""
    write = _SENTENCES.get(indicator)
    return Paragraph(tuple(write(snapshot))) if write else None


def with_more(snapshot: Snapshot, indicator: str) -> list[Block]:
    """The sentence, and the words that the officer had follow it."""
    sentence = of_indicator(snapshot, indicator)
    if sentence is None:
        return []
    more = snapshot.get("sentences", {}).get(indicator, {}).get("more", "").strip()
    return [sentence, *([Paragraph((Text(more),), key=f"cau.{indicator}")] if more else [])]


def told() -> tuple[str, ...]:
    """Indicators that have a sentence of their own."""
    return tuple(_SENTENCES)


def _definition(found: Mapping[str, Any]) -> Footnote:
    until = f" Số liệu tạm tính đến hết ngày {day(found['at'])}." if found["flag"] == "provisional" else ""
    return Footnote(f"{found['code']}: {found['definition']}{until}")


def _none(begin: str, found: Mapping[str, Any]) -> list[Inline]:
    """ "Trong kỳ chưa có phòng thí nghiệm": a report does not say that there are 0 of something."""
    return [Text(f"{begin} chưa có {found['unit']}"), _definition(found)]


def _trained(snapshot: Snapshot) -> list[Inline]:
    persons, attendances = figure(snapshot, "CT2"), figure(snapshot, "CT2-L")
    courses = persons.get("companions", {}).get("courses", 0)
    if not (courses or persons["value"] or attendances["value"]):
        return [*_none("Trong kỳ", persons), Text(" nào được đào tạo, bồi dưỡng về đo lường.")]
    return [
        Text("Trong kỳ đã tổ chức "),
        field(persons, courses, part="lop", unit="lớp"),
        Text(" đào tạo, bồi dưỡng về đo lường, "),
        field(attendances),
        Text(", "),
        field(persons),
        _definition(persons),
        Text("."),
    ]


def _served(snapshot: Snapshot) -> list[Inline]:
    found = figure(snapshot, "CT1a")
    before = found.get("companions", {}).get("before_plan", 0)
    if not found["value"]:
        end = Text(" chuẩn đo lường, phương tiện đo nào được kiểm định, hiệu chuẩn")
        return [*_none(f"Tại ngày {day(_last(found))}, trên địa bàn", found), end, *_fall(found)]
    return [
        Text(f"Tại ngày {day(_last(found))}, trên địa bàn kiểm định, hiệu chuẩn được "),
        field(found),
        Text(" chuẩn đo lường, phương tiện đo"),
        _definition(found),
        Text(", trong đó "),
        field(found, before, part="truoc"),
        Text(" đã có trước ngày ban hành Kế hoạch"),
        *_fall(found),
    ]


def _developed(snapshot: Snapshot) -> list[Inline]:
    found = figure(snapshot, "CT1b")
    if not found["value"]:
        end = Text(" chuẩn đo lường, chất chuẩn, phương tiện đo nào được phát triển thêm.")
        return [*_none("Trong kỳ", found), end]
    end = Text(" chuẩn đo lường, chất chuẩn, phương tiện đo.")
    return [Text("Trong kỳ phát triển thêm "), field(found), _definition(found), end]


def _programmes(snapshot: Snapshot) -> list[Inline]:
    found = figure(snapshot, "CT3")
    running = found.get("companions", {}).get("in_force", 0)
    if not found["value"]:
        end = Text(" nào được người đứng đầu phê duyệt Chương trình đảm bảo đo lường.")
        return [*_none("Trong kỳ", found), end]
    return [
        Text("Trong kỳ có "),
        field(found),
        Text(" được người đứng đầu phê duyệt Chương trình đảm bảo đo lường"),
        _definition(found),
        Text("; "),
        field(found, running, part="hieuluc"),
        Text(" trong số đó có chương trình đang trong thời hạn."),
    ]


def _assessed(snapshot: Snapshot) -> list[Inline]:
    found = figure(snapshot, "CT4")
    if not found["value"]:
        return [*_none("Trong kỳ", found), Text(" được công nhận nào được đánh giá theo bộ tiêu chí quốc gia.")]
    end = Text(" được công nhận đã được đánh giá theo bộ tiêu chí quốc gia.")
    return [Text("Trong kỳ có "), field(found), _definition(found), end]


#: What CT5 counts, as its sentence goes on.
_RAISED = " kinh doanh dịch vụ kiểm định, hiệu chuẩn, thử nghiệm được công nhận hoặc chứng nhận hệ thống quản lý"


def _raised(snapshot: Snapshot) -> list[Inline]:
    found = figure(snapshot, "CT5")
    on = f"Tại ngày {day(_last(found))},"
    if not found["value"]:
        return [*_none(on, found), Text(f" nào{_RAISED}"), *_fall(found)]
    return [Text(f"{on} có "), field(found), Text(_RAISED), _definition(found), *_fall(found)]


def _fall(found: Mapping[str, Any]) -> list[Inline]:
    """The end of a level's sentence: that it fell since the period began, and from what."""
    fell = -(change(found) or 0)
    if fell <= 0:
        return [Text(".")]
    was = field(found, found["before"]["value"], part="dauky")
    since = f" so với ngày {day(found['before']['on'])} ("
    return [Text("; giảm "), field(found, fell, part="giam"), Text(since), was, Text(").")]


def _last(found: Mapping[str, Any]) -> str:
    return min(str(found["at"]), str(found["last"]))


_SENTENCES: Mapping[str, Callable[[Snapshot], list[Inline]]] = {
    "CT1a": _served,
    "CT1b": _developed,
    "CT2": _trained,
    "CT3": _programmes,
    "CT4": _assessed,
    "CT5": _raised,
}
