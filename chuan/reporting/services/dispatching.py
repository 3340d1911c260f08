"""Recording to whom the issued report went: each recipient once, on its own day; the first makes the report issued.

A record that was mistyped is corrected by another one that stands in for it and says why; nothing is overwritten.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

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

#: What a record says of a sending.
FACTS = ("sent_on", "channel", "received_by", "taken_back")


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
    earlier = dispatches.last_said(content.dispatches.all()).get(to)
    if earlier is not None and not earlier.taken_back:
        raise AlreadySent(to.label, earlier.sent_on)
    facts = _facts(sent_on, channel, received_by)
    _require_day(report, content, to, sent_on)
    if to not in dispatches.printed_for(report, "issued"):
        raise NotPrinted
    made = _append(actor, content, to, facts, corrects=earlier)
    told = {name: [None, value] for name, value in {"recipient": to.value, **facts}.items() if value}
    if report.state == ReportState.NUMBERED:
        move_report(actor, report, "dispatch", "", told={"recipient": to.value})
        told["state"] = ["numbered", "dispatched"]
    record("reporting.dispatch", report, label=f"{report.code}: {to.label}", changes=told)
    return made


@service()
def correct_dispatch(
    *,
    actor: Actor,
    report: Report,
    recipient: str,
    seen: int,
    sent_on: date,
    channel: str,
    reason: str,
    received_by: str = "",
    taken_back: bool = False,
) -> Dispatch:
    """Say anew when and how a recipient was sent the report, or that it was not sent there at all.

    `seen`: the record that the page showed. ChangedMeanwhile where it no longer holds; WrongDispatch without a reason,
    where nothing differs, for a day that cannot be, and where nobody would be left whom the issued report went to.
    """
    if not policies.may_send(actor):
        raise NotAllowed
    hold(Report, report.pk)
    report.refresh_from_db()
    if report.content is None or report.state != ReportState.DISPATCHED:
        raise MovedMeanwhile(ReportState(report.state).label)
    content, to, why = report.content, Recipient(recipient), text.nfc(reason)
    sent = dispatches.standing(content.dispatches.all())
    wrong = sent.get(to)
    if wrong is None or wrong.pk != seen:
        raise ChangedMeanwhile
    if not why:
        raise WrongDispatch(_("Phải ghi lý do sửa."))
    before = {name: getattr(wrong, name) for name in FACTS}
    if taken_back:
        _require_another(sent, to)
        facts = {**before, "taken_back": True}
    else:
        facts = _facts(sent_on, channel, received_by)
        _require_day(report, content, to, sent_on)
    told = {name: [before[name], facts[name]] for name in FACTS if before[name] != facts[name]}
    if not told:
        raise WrongDispatch(_("Nội dung mới giống nội dung đã ghi, không có gì để sửa."))
    made = _append(actor, content, to, facts, corrects=wrong, reason=why)
    label = f"{report.code}: {to.label}"
    record("reporting.correct_dispatch", report, label=label, changes=told, reason=why)
    return made


def _append(
    actor: Actor,
    content: ReportContent,
    to: Recipient,
    facts: Mapping[str, Any],
    *,
    corrects: Dispatch | None,
    reason: str = "",
) -> Dispatch:
    by = {"corrects": corrects, "reason": reason, "recorded_at": stamp(), "by_name": actor.name}
    return append(Dispatch(frozen=content, recipient=to.value, **facts, **by))


def _facts(sent_on: date, channel: str, received_by: str) -> dict[str, Any]:
    by_whom = text.nfc(received_by)
    if channel == Channel.BY_HAND and not by_whom:
        raise WrongDispatch(_("Gửi trực tiếp thì phải ghi người nhận."))
    return {"sent_on": sent_on, "channel": Channel(channel).value, "received_by": by_whom, "taken_back": False}


def _require_another(sent: Mapping[str, Dispatch], to: Recipient) -> None:
    """An issued report went to somebody: its figures are public."""
    if set(sent) == {to}:
        raise WrongDispatch(
            _("Báo cáo đã phát hành thì phải có ít nhất một nơi đã gửi. Ghi nơi đã gửi đúng trước, rồi bỏ dòng này.")
        )


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


def _require_day(report: Report, content: ReportContent, to: Recipient, sent_on: date) -> None:
    """Its paper has a day; it went out on that day or later, and not after today."""
    dated = dispatches.paper_day(report, content, to)
    if dated is None:
        raise WrongDispatch(
            _("Báo cáo gửi %(to)s do Ủy ban nhân dân tỉnh ban hành chưa có số. Hãy ghi số của báo cáo đó trước.")
            % {"to": to.label}
        )
    if not dated <= sent_on <= clock.today():
        days = {"sent": format_date(sent_on), "dated": format_date(dated), "today": format_date(clock.today())}
        raise WrongDispatch(_("Ngày gửi %(sent)s phải từ ngày văn bản (%(dated)s) đến hôm nay (%(today)s).") % days)
