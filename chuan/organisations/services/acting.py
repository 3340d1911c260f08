"""Writes on who acts for a unit that exists no more: decided once, corrected, taken back."""

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.models import changes
from chuan.ledger.work import append, correct, hold, void
from chuan.lib import clock, text
from chuan.organisations import policies
from chuan.organisations.acting import Acting, acting_units
from chuan.organisations.errors import ActingKnown, ActingNotInForce
from chuan.organisations.models import ActingDecision, OrganisationUnit
from chuan.organisations.queries import unit_name, unit_names, versions_on
from chuan.organisations.services.common import require


@service(lock="shared")
def decide_acting(
    *, actor: Actor, unit: OrganisationUnit, domain: str, acting: OrganisationUnit, document: str, reason: str
) -> ActingDecision:
    """Decide who acts for a unit in a field, where the successions do not say.

    ActingKnown where they do say, or a decision stands; ActingNotInForce where who is named exists no more.
    """
    require(policies.can_decide_acting(actor))
    hold(OrganisationUnit, unit.pk, acting.pk)
    answer = acting_units(unit, domain, clock.today())
    if isinstance(answer, Acting):
        raise ActingKnown(unit_names(of=[answer.unit])[answer.unit])
    _require_in_force(acting)
    decision = append(
        ActingDecision(
            unit=unit, domain=domain, acting=acting, document=text.nfc(document), basis=text.nfc_multiline(reason)
        )
    )
    record("organisations.decide_acting", unit, label=_label(decision), changes=changes(None, decision), reason=reason)
    return decision


@service(lock="shared")
def correct_acting(
    *, actor: Actor, seen: ActingDecision, acting: OrganisationUnit, document: str, reason: str
) -> ActingDecision:
    """Decide anew who acts; Superseded where `seen` is in force no more."""
    require(policies.can_decide_acting(actor))
    hold(OrganisationUnit, seen.unit_id, acting.pk)
    _require_in_force(acting)
    said = {"acting": acting, "document": text.nfc(document), "basis": text.nfc_multiline(reason)}
    new = correct(seen, reason, **said)
    record("organisations.correct_acting", seen.unit, label=_label(new), changes=changes(seen, new), reason=reason)
    return new


@service(lock="shared")
def undo_acting(*, actor: Actor, seen: ActingDecision, reason: str) -> None:
    """Take a decision back: the successions answer again, or nobody does."""
    require(policies.can_decide_acting(actor))
    void(seen, reason)
    record("organisations.undo_acting", seen.unit, label=_label(seen), changes=changes(seen, None), reason=reason)


def _require_in_force(unit: OrganisationUnit) -> None:
    if not versions_on(clock.today()).filter(unit=unit).exists():
        raise ActingNotInForce(unit_name(unit))


def _label(decision: ActingDecision) -> str:
    return f"{unit_name(decision.unit)} → {unit_name(decision.acting)}"
