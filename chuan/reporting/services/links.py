"""Single-use links: a unit without an account answers once, for one obligation, until a day."""

import hashlib
import secrets
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.work import append, hold, stamp
from chuan.lib import text
from chuan.lib.dates import day_of, end_of_day
from chuan.reporting import policies
from chuan.reporting.errors import Blocked, LinkSpent, MovedMeanwhile, NotAllowed, ReasonNeeded
from chuan.reporting.models import AnswerLink, AnswerLinkUse, Obligation, Submission, Waiver
from chuan.reporting.rules import LINK, SubmissionState
from chuan.reporting.services.submissions import move_submission, save_draft, start_submission


def sha256_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@service()
def make_link(*, actor: Actor, obligation: Obligation, contact: str, until: date) -> tuple[AnswerLink, str]:
    """A link for who answers on the unit's behalf, and its token, which is shown once and not kept."""
    if not policies.may_enter(actor):
        raise NotAllowed
    if not contact.strip():
        raise ReasonNeeded
    if until < day_of(stamp()):
        raise Blocked([_("ngày hết hạn của liên kết đã qua")], _("Chưa tạo được liên kết"))
    if Waiver.objects.live().filter(obligation=obligation).exists():
        raise Blocked([_("đơn vị được miễn báo cáo kỳ này")], _("Chưa tạo được liên kết"))
    _open_attempt(obligation)
    token = secrets.token_urlsafe(32)
    made = append(
        AnswerLink(
            obligation=obligation,
            token_sha256=sha256_of(token),
            contact=text.nfc(contact),
            made_at=stamp(),
            expires_at=end_of_day(until),
            by_name=actor.name,
        )
    )
    record("reporting.make_link", obligation, changes={"contact": [None, made.contact], "until": [None, until]})
    return made, token


def bearer(link: AnswerLink) -> Actor:
    """Who answers by the link, as the audit names them."""
    name = f"{link.contact} (qua liên kết)"
    return Actor(None, name, LINK, link.obligation.unit_id, link.obligation.unit.code, origin="link")


def _open_attempt(obligation: Obligation) -> Submission | None:
    """The attempt to go on with, or none yet; MovedMeanwhile where the report is with somebody else."""
    current = obligation.submissions.order_by("-attempt").first()
    if current is not None and (current.state != SubmissionState.DRAFT or current.letter_id is not None):
        raise MovedMeanwhile(SubmissionState(current.state).label)
    return current


@service(lock="shared")
def answer(*, actor: Actor, link: AnswerLink, **said: Any) -> Submission:
    """Send what the link's bearer wrote (as `save_draft` takes it); the link is spent. All or nothing."""
    if actor.role != LINK or actor.unit_id != link.obligation.unit_id:
        raise NotAllowed
    hold(AnswerLink, link.pk)
    if stamp() >= link.expires_at or AnswerLinkUse.objects.filter(link=link).exists():
        raise LinkSpent
    current = _open_attempt(link.obligation) or start_submission(actor=actor, obligation=link.obligation)
    current.obligation = link.obligation
    version = save_draft(actor=actor, submission=current, version=current.draft_version, **said)
    sent = move_submission(actor=actor, submission=current, verb="answer", seen=version)
    append(AnswerLinkUse(link=link, content=sent.content, at=stamp()))
    record("reporting.answer_link", link.obligation, label=f"{link.obligation}")
    return sent
