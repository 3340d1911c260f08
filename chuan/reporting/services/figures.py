"""Approving definitions and freezing figures."""

from datetime import date

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, stamp
from chuan.lib import text
from chuan.lib.dates import Window
from chuan.organisations.rules import Role
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import members, queries
from chuan.reporting.errors import DefinitionNotApproved, NotAllowed, OwnWork
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import DefinitionApproval, FrozenFigure

SHIPPED = "mặc định phần mềm"


@service()
def ship_definition(*, actor: Actor, indicator_id: str) -> DefinitionApproval:
    """Enter the definition that the software comes with as approved; only where none was ever approved."""
    if not actor.is_system or DefinitionApproval.objects.filter(indicator=indicator_id).exists():
        raise NotAllowed
    return _step(actor, indicator_id, "approved", SHIPPED)


@service()
def propose_definition(*, actor: Actor, indicator_id: str, note: str) -> DefinitionApproval:
    """A specialist proposes the definition that the code now has."""
    if actor.role != Role.SPECIALIST:
        raise NotAllowed
    return _step(actor, indicator_id, "proposed", note)


@service()
def approve_definition(*, actor: Actor, indicator_id: str, note: str) -> DefinitionApproval:
    """A leader of Sở approves what another person proposed."""
    proposed = DefinitionApproval.objects.filter(
        indicator=indicator_id, definition_sha256=INDICATORS[indicator_id].definition_sha256(), step="proposed"
    )
    if actor.role != Role.DEPARTMENT_LEADER or not proposed.exists():
        raise NotAllowed
    if proposed.filter(by_id=actor.user_id).exists():
        raise OwnWork(_("Người đề xuất định nghĩa không tự phê duyệt. Hãy để lãnh đạo khác của Sở phê duyệt."))
    return _step(actor, indicator_id, "approved", note)


def _step(actor: Actor, indicator_id: str, step: str, note: str) -> DefinitionApproval:
    indicator = INDICATORS[indicator_id]
    row = append(
        DefinitionApproval(
            indicator=indicator_id,
            definition_version=indicator.spec.version,
            definition_sha256=indicator.definition_sha256(),
            step=step,
            note=text.nfc_multiline(note),
            by_id=actor.user_id,
            by_name=actor.name,
            at=stamp(),
        )
    )
    record(f"reporting.definition_{step}", row, changes={"sha256": [None, row.definition_sha256]}, reason=note)
    return row


@service(lock="exclusive")
def freeze_figure(
    *,
    actor: Actor,
    plan: Plan,
    indicator_id: str,
    frame: Frame,
    window: Window,
    at: date,
    purpose: str,
    judged: bool = True,
) -> FrozenFigure:
    """Freeze a figure as known at this instant; DefinitionNotApproved where the code is not what was approved.

    Not `judged`, it is frozen without readings of targets, as an ad hoc report prints it. Under the exclusive lock no
    evidence is being written, so `known` = now reads the same for ever.
    """
    if actor.role not in {Role.SPECIALIST, Role.DEPARTMENT_LEADER} and not actor.is_system:
        raise NotAllowed
    indicator = INDICATORS[indicator_id]
    if not queries.definition_approved(indicator):
        raise DefinitionNotApproved(indicator_id)
    figure = queries.compute(plan, indicator_id, frame, window, at=at, known=stamp(), judged=judged)
    frozen = append(
        FrozenFigure(
            code=f"{indicator_id}-{window.end.year}-{draw('figure'):05d}",
            plan=plan,
            indicator=indicator_id,
            definition_version=indicator.spec.version,
            definition_sha256=indicator.definition_sha256(),
            frame=frame,
            purpose=purpose,
            first=window.start,
            last=window.end,
            at=at,
            known=stamp(),
            value=figure.value,
            unit=indicator.spec.unit,
            flag=figure.flag,
            breakdown=figure.breakdown,
            unallocated=figure.unallocated,
            readings=[reading.plain() for reading in figure.readings],
            companions=figure.companions,
            candidates=figure.candidates,
            excluded=figure.excluded,
            members_sha256=figure.members_sha256,
            members=members.pack(figure.member_ids),
        )
    )
    record("reporting.freeze_figure", frozen, changes={"value": [None, frozen.value]}, reason=purpose)
    return frozen
