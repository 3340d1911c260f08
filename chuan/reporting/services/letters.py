"""Letters of Sở KH&CN that belong to a period: the one that asks for reports, reminders, and their numbers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.work import append, hold, stamp, void
from chuan.lib import text
from chuan.lib.dates import day_of
from chuan.reporting import obligations, policies, regime
from chuan.reporting.collecting import LetterKind
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import LetterNumber, PeriodLetter, ReportingPeriod


@service()
def draw_opening(*, actor: Actor, period: ReportingPeriod, subject: str, outline: Sequence[str]) -> PeriodLetter:
    """Draw up the letter that asks every obliged unit for its report; a later one takes the place of an unsent one."""
    _require_writer(actor)
    lines = [text.nfc(line) for line in outline if line.strip()]
    if not subject.strip() or not lines:
        raise ReasonNeeded
    rows = obligations.tracking(period, today=day_of(stamp()))
    names = [row.authority for row in rows if row.waiver is None]
    if not names:
        raise Blocked([_("kỳ này chưa có đơn vị nào phải báo cáo")], _("Chưa soạn được công văn"))
    asked = regime.request_of(period)
    facts = {"outline": lines, "request": asked.plain() if asked else None}
    made = _draw(actor, period, LetterKind.OPENING, subject, names, facts)
    record("reporting.draw_opening", made, changes={"units": [None, len(names)]})
    return made


@service()
def draw_reminder(*, actor: Actor, period: ReportingPeriod) -> PeriodLetter:
    """Draw up a reminder to exactly those who are late now; it cites the number of the letter that asked them."""
    _require_writer(actor)
    asked = opening_of(period)
    if asked is None:
        raise Blocked(
            [_("chưa ghi số, ngày của công văn đề nghị báo cáo nên chưa có gì để viện dẫn")],
            _("Chưa soạn được công văn"),
        )
    today = day_of(stamp())
    rows = obligations.tracking(period, today=today)
    names = [row.authority for row in rows if row.overdue_days]
    if not names:
        raise Blocked([_("lúc này không có đơn vị nào quá hạn")], _("Chưa soạn được công văn"))
    facts = {"opening": {"number": asked.number, "dated": asked.dated, "subject": asked.letter.subject}, "on": today}
    made = _draw(actor, period, LetterKind.REMINDER, f"đôn đốc {_about(period)}", names, facts)
    record("reporting.draw_reminder", made, changes={"units": [None, len(names)]})
    return made


def _about(period: ReportingPeriod) -> str:
    """What is asked for, as a letter's subject goes on."""
    if period.title:
        return period.title[0].lower() + period.title[1:]
    return f"báo cáo kết quả thực hiện {period.plan} năm {period.year}"


def opening_of(period: ReportingPeriod) -> LetterNumber | None:
    """The latest letter that asked for the period's reports and has its number."""
    numbers = LetterNumber.objects.live().filter(letter__period=period, letter__kind=LetterKind.OPENING)
    return numbers.select_related("letter").order_by("-letter_id").first()


def _draw(
    actor: Actor, period: ReportingPeriod, kind: LetterKind, subject: str, names: list[str], facts: dict[str, Any]
) -> PeriodLetter:
    hold(ReportingPeriod, period.pk)
    number = PeriodLetter.objects.filter(period=period).count() + 1
    days = {
        "deadline": period.deadline,
        "first": period.first,
        "last": period.last,
        "cut_off": regime.cut_off_of(period),
    }
    return append(
        PeriodLetter(
            code=f"{period.code}-CV{number}",
            period=period,
            kind=kind.value,
            subject=text.nfc(subject),
            recipients=names,
            facts=_plain({**days, **facts}),
            made_at=stamp(),
            by_name=actor.name,
        )
    )


def _plain(value: Any) -> Any:
    """Days as ISO text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value


@service()
def number_letter(*, actor: Actor, letter: PeriodLetter, number: str, dated: date) -> LetterNumber:
    """Record the number and day that văn thư gave; recorded again, it corrects the first."""
    _require_writer(actor)
    if not number.strip():
        raise ReasonNeeded
    if not day_of(letter.made_at) <= dated <= day_of(stamp()):
        raise Blocked([_("ngày công văn phải từ ngày soạn đến hôm nay")], _("Chưa ghi được số công văn"))
    hold(PeriodLetter, letter.pk)
    old = LetterNumber.objects.live().filter(letter=letter).first()
    if old is not None:
        void(old, "ghi lại số, ngày")
    made = append(LetterNumber(letter=letter, number=text.nfc(number), dated=dated))
    record(
        "reporting.number_letter",
        letter,
        changes={"number": [old.number if old else None, made.number], "dated": [old.dated if old else None, dated]},
    )
    return made


def _require_writer(actor: Actor) -> None:
    if not policies.may_write_report(actor):
        raise NotAllowed
