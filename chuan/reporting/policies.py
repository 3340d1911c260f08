"""Who may see and move figures, submissions and reports."""

from django.db.models import Q, QuerySet

from chuan.audit.actor import Actor
from chuan.organisations.policies import sees_own_unit, sees_whole_province
from chuan.organisations.rules import DEPARTMENT, Role
from chuan.reporting.collecting import HeirDuty
from chuan.reporting.models import FrozenFigure, Heir, Obligation, Report
from chuan.reporting.rules import LINK, Move, ReportState


def is_of_department(actor: Actor) -> bool:
    """Acts for Sở KH&CN, or controls it."""
    return actor.is_system or sees_whole_province(actor)


def can_see_live_figures(actor: Actor) -> bool:
    """Figures before they are issued: Sở KH&CN only."""
    return is_of_department(actor)


def visible_figures(actor: Actor) -> QuerySet[FrozenFigure]:
    """Frozen figures: Sở KH&CN sees all; everybody else, the public too, those of a dispatched report."""
    figures = FrozenFigure.objects.select_related("plan")
    if can_see_live_figures(actor):
        return figures
    codes: list[str] = []
    for report in Report.objects.filter(state=ReportState.DISPATCHED).select_related("content"):
        codes += report.content.figures if report.content else []
    return figures.filter(code__in=codes)


def visible_obligations(actor: Actor) -> QuerySet[Obligation]:
    """Sở KH&CN sees every unit's; a unit its own, and those of dissolved units that it inherited."""
    obligations = Obligation.objects.select_related("period", "period__plan", "unit")
    if is_of_department(actor):
        return obligations
    if sees_own_unit(actor):
        inherited = Heir.objects.live().filter(unit_id=actor.unit_id).values("obligation")
        return obligations.filter(Q(unit_id=actor.unit_id) | Q(pk__in=inherited))
    return obligations.none()


def acts_for(actor: Actor, obligation: Obligation) -> bool:
    """Writes the obligation's report: the unit's own people, or those of the accountable heir of a dissolved unit."""
    if actor.is_system:
        return True
    if actor.role == LINK:
        return actor.unit_id == obligation.unit_id
    if actor.role not in {Role.FOCAL, Role.UNIT_LEADER} or actor.unit_id is None:
        return False
    return actor.unit_id == obligation.unit_id or is_heir(actor, obligation)


def is_heir(actor: Actor, obligation: Obligation) -> bool:
    """The actor's unit is accountable for a dissolved unit's report."""
    heirs = Heir.objects.live().filter(obligation=obligation, duty=HeirDuty.ACCOUNTABLE)
    return actor.unit_id is not None and heirs.filter(unit_id=actor.unit_id).exists()


def may_record_letter(actor: Actor, obligation: Obligation) -> bool:
    """Record the signed letter of a report that was sent here: the unit's clerk and who acts for it, Sở's specialist.

    A link's bearer does not: the link was spent by the sending.
    """
    if actor.role == Role.CLERK and actor.unit_id is not None:
        return actor.unit_id == obligation.unit_id or is_heir(actor, obligation)
    return may_enter(actor) or (actor.role != LINK and acts_for(actor, obligation))


def may_enter(actor: Actor) -> bool:
    """Enter a unit's report from its letter, settle what units dispute: specialists of Sở KH&CN."""
    return may_write_report(actor)


def visible_reports(actor: Actor) -> QuerySet[Report]:
    """Sở KH&CN sees every report, its clerk those that wait for a number; others the dispatched ones.

    Of a dispatched one, those whom `reads_unit_details` leaves out get number, day, figures and their own rows.
    """
    reports = Report.objects.select_related("period", "period__plan", "content", "replaces")
    if is_of_department(actor):
        return reports
    issued = Q(state=ReportState.DISPATCHED)
    if is_department_clerk(actor):
        return reports.filter(issued | Q(state__in=[ReportState.SIGNED, ReportState.NUMBERED]))
    return reports.filter(issued)


def is_department_clerk(actor: Actor) -> bool:
    """The clerk of the unit that issues the report (Sở KH&CN), not one of another unit."""
    return actor.role == Role.CLERK and actor.unit_code == DEPARTMENT


def may_send(actor: Actor) -> bool:
    """Record the number of a report, and to whom it went: Sở's own clerk."""
    return actor.is_system or is_department_clerk(actor)


def may_move(actor: Actor, move: Move) -> bool:
    """The actor's role takes this step."""
    return actor.is_system or actor.role in move.roles


def may_reprint(actor: Actor) -> bool:
    """Have the papers of a frozen report printed again."""
    return may_write_report(actor) or is_department_clerk(actor)


def may_delegate(actor: Actor) -> bool:
    """Record by whom the director has papers signed: the director, or the specialist from the document."""
    return actor.role == Role.DEPARTMENT_LEADER or may_write_report(actor)


#: Roles outside Sở that get the report itself: who it is sent to, who judges its money.
RECEIVING_ROLES = frozenset({Role.COMMITTEE_READER, Role.FINANCE})


def reads_unit_details(actor: Actor) -> bool:
    """Opens the papers, the bundle and the page of an issued report, which name units' money and difficulties.

    Sở KH&CN and who controls it, its clerk, the Committee's reader, Sở Tài chính. A paper is one file that cannot be
    redacted for its reader; everybody else gets number, day, released figures and their own unit's rows (ADR 13).
    """
    return is_of_department(actor) or is_department_clerk(actor) or actor.role in RECEIVING_ROLES


def may_write_report(actor: Actor) -> bool:
    """Write the consolidated report's words."""
    return actor.role == Role.SPECIALIST or actor.is_system
