"""Parts of a report's page whose forms have addresses of their own: papers beside it, and to whom it went."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from chuan.audit.actor import Actor
from chuan.lib import clock
from chuan.reporting import dispatches, policies, replacements
from chuan.reporting.dispatches import Destination, Sending
from chuan.reporting.forms import CorrectDispatchForm, DispatchForm, PaperNumberForm
from chuan.reporting.models import Paper, Report, ReportContent
from chuan.reporting.papers.offices import ADDRESSEES, office_of
from chuan.reporting.rules import PaperForm, Recipient, ReportState

#: As people ask for a paper: to read, to edit, to count with.
KINDS = ("pdf", "docx", "xlsx")


def printed(found: Iterable[Paper]) -> list[dict[str, Any]]:
    """A row for each paper, the latest stage first, with its files."""
    stages, recipients, forms = ("issued", "for_signature"), Recipient.values, PaperForm.values

    def place(paper: Paper) -> tuple[int, int, int]:
        return stages.index(paper.stage), recipients.index(paper.recipient), forms.index(paper.form)

    rows = []
    for _place, files in groupby(sorted(found, key=lambda one: (place(one), KINDS.index(one.kind))), key=place):
        same = list(files)
        first = same[0]
        row = {"stage": first.stage, "form": first.form, "recipient": first.get_recipient_display(), "files": same}
        rows.append(row)
    return rows


def beside(actor: Actor, found: Report, filled: Mapping[str, PaperNumberForm]) -> dict[str, Any]:
    """The tờ trình and the report that the Committee issues: their numbers, and the clerk's forms for them."""
    content = found.content
    if content is None or not content.snapshot.get("issuers"):
        return {"beside": []}
    held = {one.form: one for one in content.paper_numbers.all()}
    # One thing at a time: Sở's own number first.
    clerk = policies.is_department_clerk(actor) and found.number is not None
    forms_ = {form: filled.get(form) or PaperNumberForm(of=form, auto_id=f"id_{form}_%s") for form in PaperForm.values}
    return {
        "issuers": [{**one, "recipient": Recipient(to).label} for to, one in content.snapshot["issuers"].items()],
        "beside": [
            {"form": form, "number": held.get(form), "fields": forms_[form] if clerk and form not in held else None}
            for form in (PaperForm.SUBMITTAL.value, PaperForm.REPORT.value)
        ],
    }


def sending(actor: Actor, found: Report, filled: Mapping[str, DispatchForm]) -> dict[str, Any]:
    """To whom a numbered report went, what its papers say of it, and the clerk's form for each who waits."""
    content = found.content
    if content is None or found.state not in {ReportState.NUMBERED, ReportState.DISPATCHED}:
        return {"destinations": []}
    all_ = dispatches.destinations(found, content)
    clerk = policies.is_department_clerk(actor)
    # A replaced report goes to nobody any more; what was recorded of it may still have been mistyped.
    unreplaced = not replacements.replaced_by([found])
    sent = {one.recipient.value: one.sent for one in all_ if one.sent}
    return {
        "sending": Sending(sent),
        "destinations": [
            {
                "to": one.recipient,
                "sent": one.sent,
                "fields": _fields(one, filled) if clerk and (one.sent or (unreplaced and one.dated)) else None,
                "told": one.told,
                "numbered": one.dated is not None,
                "copies": office_of(content.snapshot, one.recipient).copies,
            }
            for one in all_
        ],
        "named": _named_and_waiting(content, all_),
    }


def _fields(one: Destination, filled: Mapping[str, DispatchForm]) -> DispatchForm:
    to = one.recipient.value
    kind = CorrectDispatchForm if one.sent else DispatchForm
    typed = filled.get(to)
    # Somebody may have recorded it while this one was typed: then there is a record to correct, not one to make.
    if typed is not None and type(typed) is kind:
        return typed
    held = {name: getattr(one.sent, name) for name in kind.base_fields if one.sent and name != "reason"}
    return kind(initial=held or {"sent_on": clock.today()}, auto_id=f"id_{to}_%s")


def _named_and_waiting(content: ReportContent, all_: list[Destination]) -> list[str]:
    """The lines of "Nơi nhận" on papers that went out which name a recipient who was not sent the report."""
    printed = [line for one in all_ if one.sent for line in office_of(content.snapshot, one.recipient).copies]
    waiting = [ADDRESSEES[one.recipient] for one in all_ if not one.sent]
    return [line for line in printed if any(name in line for name in waiting)]
