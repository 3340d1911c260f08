"""The calendar of offices, and the day on which the figures of a period are closed."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.models import changes
from chuan.ledger.work import append, hold, stamp, void
from chuan.lib import text
from chuan.lib.dates import day_of, format_date
from chuan.reporting import policies
from chuan.reporting.collecting import DayKind
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import CalendarDay, CalendarDayFacts, CutOff, Report, ReportingPeriod
from chuan.reporting.rules import ReportState

#: Where the shipped calendar comes from; it was not compared with the documents of each year.
SHIPPED = "Gói dữ liệu holidays (vacanza/holidays, MIT)"


def _require_writer(actor: Actor) -> None:
    if not policies.may_write_report(actor):
        raise NotAllowed


@service()
def ship_calendar(*, actor: Actor, rows: Iterable[Mapping[str, str]]) -> int:
    """Load the calendar that the software comes with; days of which something is said are left as they are."""
    _require_writer(actor)
    rows = list(rows)
    held = set(CalendarDay.objects.values_list("code", flat=True))
    made = [row for row in rows if row["on"] not in held]
    for row in made:
        day = append(CalendarDay(code=row["on"]))
        on, kind = date.fromisoformat(row["on"]), DayKind(row["kind"]).value
        append(CalendarDayFacts(day=day, on=on, kind=kind, name=row["name"], document=SHIPPED, checked=False))
    first = CalendarDay.objects.get(code=rows[0]["on"])
    record("reporting.ship_calendar", first, label=f"{len(made)} ngày", changes={"days": [0, len(made)]})
    return len(made)


@service()
def set_day(*, actor: Actor, on: date, kind: str, name: str, document: str, checked: bool = False) -> CalendarDayFacts:
    """Say what a day is, by a document; said again, it takes the place of what was said."""
    _require_writer(actor)
    if not name.strip() or not document.strip():
        raise ReasonNeeded
    day = CalendarDay.objects.filter(code=on.isoformat()).first() or append(CalendarDay(code=on.isoformat()))
    hold(CalendarDay, day.pk)
    old = CalendarDayFacts.objects.live().filter(day=day).first()
    if old is not None:
        void(old, text.nfc(document))
    facts = {"name": text.nfc(name), "document": text.nfc(document), "checked": checked}
    made = append(CalendarDayFacts(day=day, on=on, kind=DayKind(kind).value, **facts))
    record("reporting.set_day", day, label=format_date(on), changes=changes(old, made))
    return made


@service()
def void_day(*, actor: Actor, said: CalendarDayFacts, reason: str) -> None:
    """Take back what is said of a day: it is again what its weekday makes it."""
    _require_writer(actor)
    if not reason.strip():
        raise ReasonNeeded
    void(said, text.nfc_multiline(reason))
    record("reporting.void_day", said.day, label=format_date(said.on), reason=reason)


@service(lock="shared")
def set_cut_off(*, actor: Actor, period: ReportingPeriod, on: date, document: str) -> CutOff:
    """Say when Sở closes the figures of a period that was opened without it; said again, it corrects the first.

    Blocked where the period has its day already, closes before its days end, or was issued.
    """
    _require_writer(actor)
    if not document.strip():
        raise ReasonNeeded
    hold(ReportingPeriod, period.pk)
    if period.cut_off is not None:
        raise Blocked([_("kỳ này đã ấn định ngày chốt số liệu khi mở kỳ")], _("Chưa ấn định được ngày chốt"))
    if on < period.last:
        raise Blocked([_("ngày chốt không trước ngày cuối của kỳ số liệu")], _("Chưa ấn định được ngày chốt"))
    if Report.objects.filter(period=period).exclude(state__in=[ReportState.DRAFT, ReportState.REVIEWED]).exists():
        raise Blocked(
            [_("số liệu của kỳ đã chốt ngày %(day)s") % {"day": format_date(day_of(stamp()))}],
            _("Chưa ấn định được ngày chốt"),
        )
    old = CutOff.objects.live().filter(period=period).first()
    if old is not None:
        void(old, text.nfc(document))
    made = append(CutOff(period=period, on=on, document=text.nfc(document)))
    record("reporting.set_cut_off", period, changes={"cut_off": [old.on if old else None, on]}, reason=document)
    return made
