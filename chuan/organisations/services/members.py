"""Writes on roles: given at a unit for a range of days, and ended."""

from datetime import date

from chuan.accounts.models import User
from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.models import changes
from chuan.ledger.work import append, correct, hold, void
from chuan.organisations import policies
from chuan.organisations.errors import MembershipEnded, MembershipExists, WrongUnit
from chuan.organisations.models import Membership, OrganisationUnit
from chuan.organisations.rules import HOME_OF_ROLE, Period
from chuan.organisations.services.common import require


@service()
def grant_membership(
    *,
    actor: Actor,
    user: User,
    unit: OrganisationUnit,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
) -> Membership:
    """Let a person act in a role at a unit during [valid_from, valid_to).

    MembershipExists where they hold it on a day of the range: one that ended may be given again. WrongUnit where the
    role belongs to one unit of the province and this is another, whoever gives it.
    """
    require(policies.can_manage_accounts(actor))
    home = HOME_OF_ROLE.get(role, unit.code)
    if unit.code != home:
        raise WrongUnit(role, home)
    # Two givers of one role wait for each other: no constraint of both engines knows ranges.
    hold(User, user.pk)
    wanted = Period(valid_from, valid_to)
    for held in Membership.objects.live().filter(user=user, unit=unit, role=role).order_by("valid_from"):
        if held.period.overlaps(wanted):
            raise MembershipExists(held)
    membership = append(Membership(user=user, unit=unit, role=role, valid_from=valid_from, valid_to=valid_to))
    record("organisations.grant_membership", user, label=f"{user} · {unit}", changes=changes(None, membership))
    return membership


@service()
def end_membership(*, actor: Actor, membership: Membership, on: date, reason: str) -> None:
    """End a role on a day: from then on it gives no right; a role that never began is taken back whole.

    MembershipEnded where it ended by then: what is past is not prolonged.
    """
    require(policies.can_manage_accounts(actor))
    if membership.valid_to is not None and membership.valid_to <= on:
        raise MembershipEnded
    if on <= membership.valid_from:
        void(membership, reason)
        record("organisations.end_membership", membership.user, changes=changes(membership, None), reason=reason)
        return
    new = correct(membership, reason, valid_to=on)
    record("organisations.end_membership", membership.user, changes=changes(membership, new), reason=reason)
