"""Who answers for the report of a unit that is no more: one accountable unit, and those that know parts of the year."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.work import append, hold, stamp, void
from chuan.lib import text
from chuan.lib.dates import Window, day_of, format_date
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.organisations.queries import in_force
from chuan.reporting import policies
from chuan.reporting.collecting import HeirDuty, misfits
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import Heir, Obligation


@service(lock="shared")
def decide_heirs(
    *,
    actor: Actor,
    obligation: Obligation,
    accountable: OrganisationUnit,
    contributors: Sequence[tuple[OrganisationUnit, Window]] = (),
    document: str,
) -> list[Heir]:
    """Decide, by a document, who answers for a dissolved unit's report; a later decision takes this one's place.

    Blocked where the unit still stands, an heir does not, or the contributors' days leave a gap or overlap.
    """
    if not policies.may_write_report(actor):
        raise NotAllowed
    if not document.strip():
        raise ReasonNeeded
    hold(Obligation, obligation.pk)
    _require_possible(obligation, [accountable, *(unit for unit, _window in contributors)])
    if contributors:
        _require_whole(obligation.period.window, [window for _unit, window in contributors])
    before = list(Heir.objects.live().filter(obligation=obligation))
    for old in before:
        void(old, text.nfc(document))
    said = text.nfc(document)
    made = [append(Heir(obligation=obligation, unit=accountable, duty=HeirDuty.ACCOUNTABLE.value, document=said))]
    for unit, window in contributors:
        part = {"duty": HeirDuty.CONTRIBUTING.value, "first": window.start, "last": window.end}
        made.append(append(Heir(obligation=obligation, unit=unit, document=said, **part)))
    old_unit = next((old.unit.code for old in before if old.duty == HeirDuty.ACCOUNTABLE), None)
    record(
        "reporting.decide_heirs",
        obligation,
        changes={"accountable": [old_unit, accountable.code], "contributors": [None, len(contributors)]},
        reason=document,
    )
    return made


def _require_possible(obligation: Obligation, heirs: Sequence[OrganisationUnit]) -> None:
    now = UnitVersion.objects.live().filter(in_force(day_of(stamp())))
    standing = set(
        now.filter(unit__in=[obligation.unit_id, *(heir.pk for heir in heirs)]).values_list("unit", flat=True)
    )
    if obligation.unit_id in standing:
        raise Blocked([_("đơn vị còn hoạt động và tự chịu trách nhiệm báo cáo")], _("Chưa ghi được đơn vị kế thừa"))
    if any(heir.pk not in standing for heir in heirs):
        raise Blocked([_("đơn vị kế thừa phải đang hoạt động")], _("Chưa ghi được đơn vị kế thừa"))


def _require_whole(period: Window, parts: Sequence[Window]) -> None:
    """The contributors' days are the period's, each once."""
    reasons = []
    for one in misfits(period, parts):
        days = {"a": format_date(one.window.start), "b": format_date(one.window.end)}
        words = (
            _("từ %(a)s đến %(b)s trùng hoặc ngoài kỳ") if one.overlaps else _("từ %(a)s đến %(b)s chưa ai phụ trách")
        )
        reasons.append(words % days)
    if reasons:
        raise Blocked(reasons, _("Chưa ghi được đơn vị kế thừa"))
