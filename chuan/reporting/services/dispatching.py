"""Recording to whom the issued report went: each recipient once, on its own day; the first makes the report issued."""

from datetime import date

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.work import append, hold, stamp
from chuan.lib import clock, text
from chuan.lib.dates import format_date
from chuan.reporting import dispatches, policies, replacements
from chuan.reporting.errors import (
    AlreadySent,
    ChangedMeanwhile,
    MovedMeanwhile,
    NotAllowed,
    NotPrinted,
    WrongDispatch,
)
from chuan.reporting.models import Dispatch, Report, ReportContent
from chuan.reporting.rules import Channel, Recipient, ReportState
from chuan.reporting.services.steps import move_report


@service()
def dispatch(
    *,
    actor: Actor,
    report: Report,
    recipient: str,
    sent_on: date,
    channel: str,
    received_by: str = "",
    seen: int | None = None,
) -> Dispatch:
    """Record that a recipient was sent the report; after the first one its figures are public.

    `seen`: the content that the page showed. AlreadySent where the recipient's day is recorded, NotPrinted before its
    paper exists, WrongDispatch for a day before the paper's or after today.
    """
    if not policies.may_send(actor):
        raise NotAllowed
    to, seen = Recipient(recipient), report.content_id if seen is None else seen
    hold(Report, report.pk)
    report.refresh_from_db()
    content = _content_to_send(report, seen)
    earlier = content.dispatches.filter(recipient=to).first()
    if earlier is not None:
        raise AlreadySent(to.label, earlier.sent_on)
    by_whom = text.nfc(received_by)
    if channel == Channel.BY_HAND and not by_whom:
        raise WrongDispatch(_("Gửi trực tiếp thì phải ghi người nhận."))
    _require_possible(report, content, to, sent_on)
    facts = {"recipient": to.value, "sent_on": sent_on, "channel": Channel(channel).value, "received_by": by_whom}
    made = append(Dispatch(frozen=content, **facts, recorded_at=stamp(), by_name=actor.name))
    told = {name: [None, value] for name, value in facts.items() if value}
    if report.state == ReportState.NUMBERED:
        move_report(actor, report, "dispatch", "", told={"recipient": to.value})
        told["state"] = ["numbered", "dispatched"]
    record("reporting.dispatch", report, label=f"{report.code}: {to.label}", changes=told)
    return made


def _content_to_send(report: Report, seen: int | None) -> ReportContent:
    if report.content is None or report.state not in {ReportState.NUMBERED, ReportState.DISPATCHED}:
        raise MovedMeanwhile(ReportState(report.state).label)
    if report.content_id != seen:
        raise ChangedMeanwhile
    later = replacements.replaced_by([report]).get(report.pk)
    if later is not None:
        raise WrongDispatch(
            _("Báo cáo này đã được thay thế bởi Báo cáo số %(number)s/BC-SKHCN. Hãy gửi báo cáo đó.")
            % {"number": later.number}
        )
    return report.content


def _require_possible(report: Report, content: ReportContent, to: Recipient, sent_on: date) -> None:
    """Its paper has a day and is printed; it went out on that day or later, and not after today."""
    dated = dispatches.paper_day(report, content, to)
    if dated is None:
        raise WrongDispatch(
            _("Báo cáo gửi %(to)s do Ủy ban nhân dân tỉnh ban hành chưa có số. Hãy ghi số của báo cáo đó trước.")
            % {"to": to.label}
        )
    if to not in dispatches.printed_for(report, "issued"):
        raise NotPrinted
    if not dated <= sent_on <= clock.today():
        days = {"sent": format_date(sent_on), "dated": format_date(dated), "today": format_date(clock.today())}
        raise WrongDispatch(_("Ngày gửi %(sent)s phải từ ngày văn bản (%(dated)s) đến hôm nay (%(today)s).") % days)
