"""Figures that a unit did not confirm: they never keep a report back; Sở KH&CN settles each one, with words."""

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.work import append, hold, stamp, void
from chuan.lib import text
from chuan.reporting import obligations, policies, queries
from chuan.reporting.collecting import Outcome
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import DisputeOutcome, SubmissionContent


@service(lock="shared")
def settle_dispute(
    *, actor: Actor, content: SubmissionContent, figure: str, outcome: str, words: str
) -> DisputeOutcome:
    """Settle a disputed figure of a sent report; a second decision takes the first one's place.

    Blocked where the figure is not disputed, or where a record is said to be added and the register counts the same.
    """
    if not policies.may_enter(actor):
        raise NotAllowed
    if not words.strip():
        raise ReasonNeeded
    hold(SubmissionContent, content.pk)
    said = content.figures.get(figure)
    if said is None or said["right"] is not False:
        raise Blocked(
            [_("số liệu %(code)s không có ý kiến khác của đơn vị") % {"code": figure}], _("Chưa ghi được kết luận")
        )
    obligation = content.submission.obligation
    scope = obligations.unit_scope(obligation, stamp())
    same = queries.members_of_unit(figure, scope, obligation.unit_id) == said["members_sha256"]
    if outcome == Outcome.RECORD_ADDED and same:
        raise Blocked(
            [_("sổ của đơn vị vẫn như lúc gửi; hãy bổ sung, sửa bản ghi trước khi ghi kết luận này")],
            _("Chưa ghi được kết luận"),
        )
    old = DisputeOutcome.objects.live().filter(content=content, figure=figure).first()
    if old is not None:
        void(old, text.nfc_multiline(words))
    made = append(
        DisputeOutcome(
            content=content,
            figure=figure,
            outcome=Outcome(outcome).value,
            words=text.nfc_multiline(words),
            value_sent=said["value"],
            value_now=queries.of_unit(figure, scope, obligation.unit_id),
            by_name=actor.name,
        )
    )
    record(
        "reporting.settle_dispute",
        obligation,
        label=f"{obligation} {figure}",
        changes={"outcome": [old.outcome if old else None, made.outcome]},
        reason=words,
    )
    return made
