"""Words and drawings of figures, submissions and reports: states, steps, verdicts, charts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import numbers
from chuan.organisations.territory import Frame
from chuan.reporting import charts, unit_reports
from chuan.reporting import pace as pacing
from chuan.reporting.indicators.texts import COMPANIONS
from chuan.reporting.indicators.texts import PARTS as COMPOSITION
from chuan.reporting.papers.words import COLLECTED
from chuan.reporting.queries import Figure
from chuan.reporting.readings import UNKNOWN, Reading, left, verdict_in_words
from chuan.reporting.rules import ReportState, SubmissionState, Verdict
from chuan.web.templatetags.chuan_ui import status

register = template.Library()

VERDICTS = {Verdict.MET: "green", Verdict.NOT_MET: "red", Verdict.UNDETERMINED: "grey"}
SUBMISSIONS = {
    SubmissionState.WITH_LEADER: "amber",
    SubmissionState.APPROVED: "amber",
    SubmissionState.SENT: "amber",
    SubmissionState.RETURNED: "red",
    SubmissionState.ACCEPTED: "green",
}
#: What a person did, as the time line says it.
DONE: dict[str, Any] = {
    "start": _("mở để soạn"),
    "begin_replacing": _("mở dự thảo thay thế"),
    "present": _("trình lãnh đạo"),
    "give_back": _("trả lại để sửa"),
    "approve": _("duyệt"),
    "take_back": _("lấy về sửa"),
    "send": _("gửi Sở KH&CN"),
    "withdraw": _("rút lại"),
    "return_lines": _("trả lại đơn vị"),
    "accept": _("tiếp nhận"),
    "enter": _("ghi nhận từ văn bản của đơn vị"),
    "answer": _("gửi qua liên kết"),
    "take_letter": _("ghi văn bản đến"),
    "replace": _("mở báo cáo thay thế"),
    "set_aside": _("đóng bản đang soạn vì đã có văn bản"),
    "supersede": _("thay bằng báo cáo mới"),
    "review": _("soát xét dự thảo"),
    "reopen": _("mở lại dự thảo"),
    "freeze": _("chốt số liệu, trình ký"),
    "refuse": _("chưa ký, trả lại"),
    "sign": _("ký"),
    "recall": _("thu hồi bản đã ký, chưa vào số"),
    "annul": _("hủy văn bản đã vào số, chưa phát hành"),
    "number": _("vào số"),
    "dispatch": _("phát hành"),
}
UNIT_STEPS = (
    (_("Soạn"), {SubmissionState.DRAFT}),
    (_("Lãnh đạo duyệt"), {SubmissionState.WITH_LEADER}),
    (_("Gửi Sở KH&CN"), {SubmissionState.APPROVED}),
    (_("Sở tiếp nhận"), {SubmissionState.SENT}),
)
REPORT_STEPS = tuple((ReportState(state).label, {state}) for state in ReportState.values)


@register.simple_tag
def verdict(reading: Any) -> str:
    """The verdict of a reading, a live one or as it was frozen, as a badge with words."""
    found = reading["verdict"] if isinstance(reading, Mapping) else reading.verdict
    return status(VERDICTS[Verdict(found)], verdict_in_words(reading))


@register.simple_tag
def submission_state(state: str, label: str = "", overdue: int = 0) -> str:
    """Where a unit's report stands; what is overdue is red whatever it is."""
    known = SubmissionState(state) if state in SubmissionState.values else None
    colour = "red" if overdue else SUBMISSIONS.get(known, "grey") if known else "grey"
    return status(colour, label or (str(known.label) if known else state))


@register.simple_tag
def report_state(state: str) -> str:
    """Where the consolidated report stands."""
    colour = {ReportState.DISPATCHED: "green", ReportState.DRAFT: "draft"}.get(ReportState(state), "amber")
    return status(colour, str(ReportState(state).label))


@register.inclusion_tag("reporting/stepper.html")
def unit_stepper(state: str) -> dict[str, Any]:
    """The way of a unit's report; everything is behind an accepted one."""
    return _stepper(UNIT_STEPS, state or SubmissionState.DRAFT, finished=SubmissionState.ACCEPTED)


@register.inclusion_tag("reporting/stepper.html")
def report_stepper(state: str) -> dict[str, Any]:
    """The six states of the consolidated report."""
    return _stepper(REPORT_STEPS, state, finished=ReportState.DISPATCHED)


def _stepper(steps: Sequence[tuple[Any, set[Any]]], state: str, *, finished: str) -> dict[str, Any]:
    here = next((i for i, (_label, states) in enumerate(steps) if state in states), len(steps))
    place = len(steps) if state == finished else here
    marks = ["done" if i < place else "now" if i == place else "next" for i in range(len(steps))]
    return {
        "steps": [(label, mark) for (label, _states), mark in zip(steps, marks, strict=True)],
        "label": _now("Các bước"),
    }


@register.filter
def done_words(verb: str) -> str:
    """What a step did."""
    return str(DONE.get(verb, verb))


@register.filter
def part_title(code: str) -> str:
    """The name of a line that was returned."""
    return unit_reports.part_title(code)


@register.filter
def frame_words(frame: str) -> str:
    """Whose borders count."""
    return str(Frame(frame).label)


@register.filter
def as_day(value: date | str | None) -> date | None:
    """A day, also where a frozen text holds it as ISO."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value else value or None


@register.filter
def as_instant(value: datetime | str | None) -> datetime | None:
    """An instant, also where a frozen text holds it as ISO."""
    return datetime.fromisoformat(value) if isinstance(value, str) and value else value or None


@register.filter
def shortened(sha256: str) -> str:
    """The first half of a hash, enough to compare by eye."""
    return sha256[:16]


@register.simple_tag
def year_strip(rows: Sequence[charts.Year]) -> str:
    """The drawing of the report years."""
    return charts.year_strip(rows)


@register.simple_tag
def year_words(rows: Sequence[charts.Year]) -> str:
    """What it shows, in words."""
    return charts.year_words(rows)


@register.simple_tag
def bullet(readings: Sequence[Any], unit: str) -> str:
    """The drawing of every reading that is left against its target."""
    return charts.bullet(_bars(readings), unit)


def _bars(readings: Sequence[Any]) -> list[charts.Bar]:
    words = _now("Đến năm %(year)s, cách hiểu %(label)s")
    return [
        charts.Bar(words % {"year": r.horizon.year, "label": r.label}, r.value, r.target, verdict_in_words(r))
        for r in left(readings)
        if r.value is not None
    ]


@register.simple_tag
def pace(reading: Reading, figure: Figure) -> str:
    """What an open reading needs a year, beside what the last years brought; nothing where it is met, over or set
    aside, and in grey that nothing is known to count from."""
    at, value = figure.scope.at, reading.value
    if not reading.kept or reading.verdict == Verdict.MET or at >= reading.horizon or reading.operator != ">=":
        return ""
    if value is None or not figure.candidates:
        return format_html('<span class="sub">{}</span>', _now("Chưa có dữ liệu để tính nhịp độ cần có"))
    found = pacing.pace(value, reading.target, horizon=reading.horizon, at=at, past=reading.past)
    return format_html('<strong class="sub pace">{}</strong>', _needed(found, reading)) if found else ""


def _needed(found: pacing.Pace, reading: Reading) -> str:
    """ "Cần thêm 12 người mỗi năm đến 2030; ba năm qua trung bình 19"."""
    n = found.missing if found.yearly is None else found.yearly
    said = {"n": numbers.format_count(n), "unit": reading.unit, "year": reading.horizon.year}
    if found.yearly is None:
        needed = _now("Cần thêm %(n)s %(unit)s trong thời gian còn lại đến hết năm %(year)s") % said
    else:
        needed = _now("Cần thêm %(n)s %(unit)s mỗi năm đến %(year)s") % said
    if found.average is None:
        return needed
    average = numbers.format_decimal(Decimal(found.average.numerator) / found.average.denominator, 1).removesuffix(",0")
    return _now("%(needed)s; ba năm qua trung bình %(average)s") % {"needed": needed, "average": average}


@register.filter
def readings_left(readings: Sequence[Any]) -> list[Any]:
    """The readings of a target that replies leave."""
    return left(readings)


@register.filter
def composition(counted: Mapping[str, int]) -> str:
    """ "3 có vốn nhà nước, 8 tư nhân trong nước"; those of whom it is not known only where there are any."""
    said = [(n, COMPOSITION[part]) for part, n in counted.items() if n or part != UNKNOWN]
    return ", ".join(f"{numbers.format_count(n)} {words}" for n, words in said)


@register.filter
def companions(counted: Mapping[str, int]) -> list[str]:
    """Numbers told beside a figure, each with its words."""
    return [f"{numbers.format_count(n)} {COMPANIONS[code]}" for code, n in counted.items()]


@register.filter
def difference(value: int) -> str:
    """`+3`, `−1`, with a true minus."""
    return f"+{numbers.format_count(value)}" if value > 0 else numbers.format_count(value).replace("-", "−")


@register.filter
def kind_of(value: object) -> str:
    """The class of a document's part, which the page chooses its element by."""
    return type(value).__name__


@register.filter
def figure_code(key: str) -> str:
    """The frozen figure that a printed number belongs to: a reading's number has a suffix after a dot."""
    return key.partition(".")[0]


@register.filter
def is_collected(code: str) -> bool:
    """No figure of the plan stands behind the number."""
    return code.startswith(COLLECTED)
