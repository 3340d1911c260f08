"""How a consolidated report begins: anew, or in the place of one that was issued."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.numbering import draw
from chuan.reporting import policies
from chuan.reporting.errors import AlreadyBegun, Blocked, MovedMeanwhile, NotAllowed, ReasonNeeded
from chuan.reporting.models import Report, ReportingPeriod
from chuan.reporting.rules import ReportState
from chuan.reporting.services.steps import add_event


@service()
def start_report(*, actor: Actor, period: ReportingPeriod) -> Report:
    """Begin the consolidated report of a period; AlreadyBegun where another is not issued yet."""
    if not policies.may_write_report(actor):
        raise NotAllowed
    report = _begun(period)
    add_event(report, actor, "start", "", "", {})
    record("reporting.start_report", report)
    return report


@service()
def replace_report(*, actor: Actor, report: Report, note: str) -> Report:
    """Begin a report that takes the place of an issued one, with its words; figures and units' reports as of now.

    MovedMeanwhile where it is not issued, Blocked where another took its place already, AlreadyBegun where a report
    of the period is under way.
    """
    if not policies.may_write_report(actor):
        raise NotAllowed
    if not note.strip():
        raise ReasonNeeded
    held = Report.objects.get(pk=report.pk)
    if held.state != ReportState.DISPATCHED:
        raise MovedMeanwhile(ReportState(held.state).label)
    if held.replaced_by.filter(state=ReportState.DISPATCHED).exists():
        raise Blocked(
            [_("báo cáo này đã được thay thế, hãy thay thế báo cáo mới nhất của kỳ")],
            _("Chưa mở báo cáo thay thế được"),
        )
    made = _begun(held.period, replaces=held, draft=held.draft, inserts=held.inserts, draft_version=1)
    add_event(made, actor, "begin_replacing", "", note, {"replaces_id": held.pk})
    record("reporting.replace_report", made, changes={"replaces": [None, held.code]}, reason=note)
    return made


def _begun(period: ReportingPeriod, **facts: Any) -> Report:
    number = draw(f"report {period.code}")
    try:
        with transaction.atomic():
            return Report.objects.create(code=f"BC-{period.code}-{number}", period=period, **facts)
    except IntegrityError:
        raise AlreadyBegun from None
