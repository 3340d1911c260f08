"""Who issues the report to a recipient, and who signs for Sở KH&CN, on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chuan.organisations.models import Membership
from chuan.organisations.queries import in_force
from chuan.organisations.rules import DEPARTMENT, Role
from chuan.programme.models import Plan
from chuan.reporting.models import IssuerRule, SigningDelegation
from chuan.reporting.rules import Issuer, SignsAs


@dataclass(frozen=True)
class Signer:
    """Who signs: the name ("" where nobody can say), in what capacity, by which document where it is no director."""

    name: str
    signs_as: str = SignsAs.DIRECTOR
    document: str = ""

    def plain(self) -> dict[str, str]:
        """What a snapshot holds of it: the capacity; names stay out of it, since bundles carry the snapshot."""
        return {"signs_as": str(self.signs_as), "document": self.document}


def issuer_rules(plan: Plan) -> list[IssuerRule]:
    """The rules in force, by recipient and day."""
    return list(IssuerRule.objects.live().filter(plan=plan))


def issuer_on(plan: Plan, recipient: str, on: date) -> IssuerRule | None:
    """The rule that holds for a report to the recipient that is frozen on a day; None: Sở KH&CN issues it."""
    return IssuerRule.objects.live().filter(in_force(on), plan=plan, recipient=recipient).first()


def issuers_of(plan: Plan, on: date) -> dict[str, Any]:
    """What a snapshot holds of other issuers than Sở KH&CN, by recipient."""
    rules = IssuerRule.objects.live().filter(in_force(on), plan=plan, issuer=Issuer.COMMITTEE)
    return {
        rule.recipient: {
            "issuer": rule.issuer,
            "signs_as": rule.signs_as,
            "copies": [line.strip() for line in rule.copies.splitlines() if line.strip()],
            "document": rule.document,
            "checked": rule.checked,
        }
        for rule in rules
    }


def delegations_on(on: date) -> list[SigningDelegation]:
    """Delegations that hold on a day, the latest first."""
    held = SigningDelegation.objects.live().filter(unit__code=DEPARTMENT, first__lte=on, last__gte=on)
    return list(held.order_by("-first", "-pk"))


def signer_on(on: date) -> Signer:
    """Who is to sign on a day: the deputy who is delegated then, else the director where there is exactly one."""
    delegation = next(iter(delegations_on(on)), None)
    if delegation is not None:
        return Signer(delegation.name, SignsAs.DEPUTY, delegation.document)
    held = Membership.objects.live().filter(in_force(on), unit__code=DEPARTMENT, role=Role.DEPARTMENT_LEADER)
    names = sorted(set(held.values_list("user__full_name", flat=True)))
    return Signer(names[0] if len(names) == 1 else "")


def names_on(plan: Plan, on: date) -> dict[str, str]:
    """The names to be printed under the papers, by who issues them; "" where an office fills in its own."""
    held = IssuerRule.objects.live().filter(in_force(on), plan=plan, issuer=Issuer.COMMITTEE).exclude(signer="")
    committee = held.values_list("signer", flat=True).first()
    return {Issuer.DEPARTMENT.value: signer_on(on).name, Issuer.COMMITTEE.value: committee or ""}


def deputies_on(on: date) -> list[Membership]:
    """Who may be delegated: the deputies of Sở KH&CN on a day."""
    held = Membership.objects.live().filter(in_force(on), unit__code=DEPARTMENT, role=Role.DEPUTY_LEADER)
    return list(held.select_related("user").order_by("user__full_name"))


def authority_of(user_id: int | None, role: str, name: str, on: date) -> Signer | None:
    """In what capacity somebody signs on a day; None where they may not."""
    if role == Role.DEPARTMENT_LEADER:
        return Signer(name)
    if role != Role.DEPUTY_LEADER or user_id is None:
        return None
    found = next((one for one in delegations_on(on) if one.deputy_id == user_id), None)
    return Signer(found.name, SignsAs.DEPUTY, found.document) if found else None
