"""To whom a report went and to whom not yet, and whose paper is there to go out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from chuan.lib.dates import format_date
from chuan.reporting.models import Dispatch, Paper, Report, ReportContent
from chuan.reporting.rules import RECIPIENT_IN_SHORT, Issuer, PaperForm, Recipient, ReportState


@dataclass(frozen=True)
class Sending:
    """To whom a report went, by recipient."""

    sent: Mapping[str, Dispatch]

    @property
    def waiting(self) -> list[Recipient]:
        """Who was not sent it yet."""
        return [to for to in Recipient if to not in self.sent]

    @property
    def words(self) -> str:
        """“Đã gửi UBND tỉnh ngày 15/12/2026 · chưa gửi Bộ KH&CN”."""
        said = []
        for to in Recipient:
            name, one = RECIPIENT_IN_SHORT[to], self.sent.get(to)
            if one is None:
                said.append(_("chưa gửi %(to)s") % {"to": name})
            else:
                said.append(_("đã gửi %(to)s ngày %(day)s") % {"to": name, "day": format_date(one.sent_on)})
        line = " · ".join(said)
        return line[0].upper() + line[1:]


@dataclass(frozen=True)
class Destination:
    """A recipient of a report: what was recorded, and the day on the paper that it gets; None without a number."""

    recipient: Recipient
    sent: Dispatch | None
    dated: date | None
    #: Everything that was ever recorded, the first first.
    told: Sequence[Dispatch] = ()


def destinations(report: Report, content: ReportContent) -> list[Destination]:
    """Every recipient of a frozen report."""
    rows = list(content.dispatches.all())
    sent = standing(rows)
    return [
        Destination(to, sent.get(to), paper_day(report, content, to), [one for one in rows if one.recipient == to])
        for to in Recipient
    ]


def last_said(rows: Iterable[Dispatch]) -> dict[str, Dispatch]:
    """The record that holds for each recipient, of one report's records in the order that they were made."""
    return {one.recipient: one for one in rows}


def standing(rows: Iterable[Dispatch]) -> dict[str, Dispatch]:
    """Who was sent the report, and how, after every correction."""
    return {to: one for to, one in last_said(rows).items() if not one.taken_back}


def paper_day(report: Report, content: ReportContent, to: Recipient) -> date | None:
    """The day on a recipient's paper: of Sở's report, or of the one that the Committee issued to it."""
    if not by_committee(content, to):
        return report.dated
    own = (one.dated for one in content.paper_numbers.all() if one.form == PaperForm.REPORT)
    return next(own, None)


def by_committee(content: ReportContent, to: Recipient) -> bool:
    """The Committee issues the report to this recipient, as it was decided when it was frozen."""
    return bool(content.snapshot.get("issuers", {}).get(to, {}).get("issuer") == Issuer.COMMITTEE)


def printed_for(report: Report, stage: str) -> set[str]:
    """The recipients whose report is there as PDF."""
    found = Paper.objects.filter(frozen=report.content_id, stage=stage, kind="pdf", form=PaperForm.REPORT)
    return set(found.values_list("recipient", flat=True))


def sendings(reports: Iterable[Report]) -> dict[int, Sending]:
    """To whom each issued report went, by its key; one query."""
    issued = {one.content_id: one.pk for one in reports if one.state == ReportState.DISPATCHED}
    told: dict[int, list[Dispatch]] = {pk: [] for pk in issued.values()}
    for one in Dispatch.objects.filter(frozen__in=issued):
        told[issued[one.frozen_id]].append(one)
    return {pk: Sending(standing(rows)) for pk, rows in told.items()}
