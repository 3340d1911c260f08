"""Who issues a recipient's report, who signs in the director's place, and numbers of papers beside the report."""

from datetime import date

from django.utils.translation import gettext as _

from chuan.accounts.models import User
from chuan.audit.actor import Actor
from chuan.audit.outbox import enqueue
from chuan.audit.service import record, service
from chuan.files.store import register
from chuan.ledger.models import changes
from chuan.ledger.work import append, hold, stamp, void
from chuan.lib import clock, text
from chuan.lib.dates import day_of
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.rules import DEPARTMENT
from chuan.programme.models import Plan
from chuan.reporting import issuing, policies
from chuan.reporting.errors import Blocked, MovedMeanwhile, NotAllowed, ReasonNeeded, WrongNumber
from chuan.reporting.models import IssuerRule, PaperNumber, Report, SigningDelegation
from chuan.reporting.rules import OF_COMMITTEE, Issuer, PaperForm, Recipient, ReportState, SignsAs
from chuan.reporting.services.reports import require_number

PDF = "application/pdf"
#: A paper gets its number once Sở's own report is signed.
NUMBERED_IN = frozenset({ReportState.SIGNED, ReportState.NUMBERED, ReportState.DISPATCHED})


@service()
def set_issuer(
    *,
    actor: Actor,
    plan: Plan,
    recipient: str,
    issuer: str,
    signs_as: str = "",
    signer: str = "",
    copies: str = "",
    valid_from: date,
    valid_to: date | None = None,
    document: str,
    checked: bool = False,
) -> IssuerRule:
    """Enter who issues the report to a recipient; Blocked where another rule holds on one of its days."""
    if not policies.may_write_report(actor):
        raise NotAllowed
    hold(Plan, plan.pk)
    committee = Issuer(issuer) == Issuer.COMMITTEE
    rule = IssuerRule(
        plan=plan,
        recipient=Recipient(recipient).value,
        issuer=Issuer(issuer).value,
        signs_as=signs_as if committee else "",
        signer=text.nfc(signer) if committee else "",
        copies=text.nfc_multiline(copies) if committee else "",
        valid_from=valid_from,
        valid_to=valid_to,
        document=text.nfc(document),
        checked=checked,
    )
    _require_possible(rule)
    append(rule)
    label = f"{Recipient(recipient).label}: {Issuer(issuer).label}"
    record("reporting.set_issuer", plan, label=label, changes=changes(None, rule))
    return rule


def _require_possible(rule: IssuerRule) -> None:
    if not rule.document:
        raise ReasonNeeded
    if rule.recipient == Recipient.COMMITTEE and rule.issuer == Issuer.COMMITTEE:
        raise Blocked(
            [_("Ủy ban nhân dân tỉnh không ban hành báo cáo gửi chính mình")], _("Chưa ghi được người ban hành")
        )
    if rule.issuer == Issuer.COMMITTEE and rule.signs_as not in OF_COMMITTEE:
        raise Blocked(
            [_("cần nêu người ký của Ủy ban nhân dân: Chủ tịch hoặc Phó Chủ tịch ký thay")],
            _("Chưa ghi được người ban hành"),
        )
    if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
        raise Blocked([_("ngày hết hiệu lực phải sau ngày bắt đầu")], _("Chưa ghi được người ban hành"))
    for other in IssuerRule.objects.live().filter(plan=rule.plan, recipient=rule.recipient):
        begins_before = rule.valid_to is None or other.valid_from < rule.valid_to
        if begins_before and (other.valid_to is None or rule.valid_from < other.valid_to):
            raise Blocked(
                [_("đã có quy tắc khác còn hiệu lực trong thời gian này; hãy bỏ quy tắc cũ trước")],
                _("Chưa ghi được người ban hành"),
            )


@service()
def end_issuer(*, actor: Actor, rule: IssuerRule, reason: str) -> None:
    """Take a rule back, with the reason; reports that were frozen under it keep their issuer."""
    if not policies.may_write_report(actor):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    void(rule, text.nfc_multiline(reason))
    record("reporting.end_issuer", rule.plan, label=str(Recipient(rule.recipient).label), reason=reason)


@service()
def delegate_signing(
    *, actor: Actor, deputy: User, first: date, last: date, document: str, reason: str = ""
) -> SigningDelegation:
    """A deputy signs in the director's place on these days, by a document; nobody delegates to themselves."""
    if not policies.may_delegate(actor) or deputy.pk == actor.user_id:
        raise NotAllowed
    if not document.strip():
        raise ReasonNeeded
    if last < first:
        raise Blocked([_("ngày cuối trước ngày đầu của thời gian ủy quyền")], _("Chưa ghi được ủy quyền"))
    if last < clock.today():
        raise Blocked([_("thời gian ủy quyền đã qua")], _("Chưa ghi được ủy quyền"))
    if deputy.pk not in {held.user_id for held in issuing.deputies_on(max(first, clock.today()))}:
        raise Blocked(
            [_("người được ủy quyền không phải là Phó Giám đốc trong thời gian này")], _("Chưa ghi được ủy quyền")
        )
    unit = OrganisationUnit.objects.get(code=DEPARTMENT)
    hold(OrganisationUnit, unit.pk)
    if SigningDelegation.objects.live().filter(unit=unit, first__lte=last, last__gte=first).exists():
        raise Blocked(
            [_("đã có ủy quyền khác trong thời gian này; hãy kết thúc ủy quyền đó trước")], _("Chưa ghi được ủy quyền")
        )
    made = append(
        SigningDelegation(
            unit=unit,
            deputy=deputy,
            name=deputy.full_name,
            first=first,
            last=last,
            document=text.nfc(document),
            reason=text.nfc(reason),
        )
    )
    record("reporting.delegate_signing", unit, label=deputy.full_name, changes=changes(None, made), reason=reason)
    return made


@service()
def end_delegation(*, actor: Actor, delegation: SigningDelegation, reason: str) -> None:
    """The director signs again, with the reason; what was signed under the delegation stays as it is."""
    if not policies.may_delegate(actor):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    void(delegation, text.nfc_multiline(reason))
    record("reporting.end_delegation", delegation.unit, label=delegation.name, reason=reason)


@service()
def number_paper(
    *,
    actor: Actor,
    report: Report,
    form: str,
    number: int,
    dated: date,
    signs_as: str = "",
    signer: str = "",
    signed: tuple[str, str, str, int] | None = None,
    seen: int | None = None,
) -> PaperNumber:
    """Record number and day of the tờ trình, or of the report that the Committee issued with who signed it.

    `signed`: the signed file (digest, name, type, size), if any; `seen`: the content that the page showed.
    """
    if not policies.may_send(actor):
        raise NotAllowed
    hold(Report, report.pk)
    report.refresh_from_db()
    content = report.content
    if content is None or report.state not in NUMBERED_IN or (seen is not None and seen != content.pk):
        raise MovedMeanwhile(ReportState(report.state).label)
    if not any(one["issuer"] == Issuer.COMMITTEE for one in content.snapshot.get("issuers", {}).values()):
        raise Blocked(
            [_("báo cáo này do Sở Khoa học và Công nghệ ban hành nên không có tờ trình")],
            _("Chưa ghi được số tờ trình"),
        )
    by_committee = PaperForm(form) == PaperForm.REPORT
    if by_committee and (signs_as not in OF_COMMITTEE or not signer.strip()):
        raise Blocked([_("cần nêu ai ký báo cáo của Ủy ban nhân dân tỉnh")], _("Chưa ghi được người ký"))
    require_number(number, dated, day_of(content.frozen_at))
    if content.paper_numbers.filter(form=form).exists():
        raise WrongNumber(_("Văn bản này đã có số trong hệ thống."))
    file = None
    if signed:
        digest, name, media_type, size = signed
        if media_type != PDF:
            raise WrongNumber(_("Tệp đã ký phải là PDF."))
        file = register(digest, name=name, media_type=media_type, size=size)
    made = append(
        PaperNumber(
            frozen=content,
            form=PaperForm(form).value,
            number=number,
            dated=dated,
            signs_as=SignsAs(signs_as).value if by_committee else "",
            signer=text.nfc(signer) if by_committee else "",
            file=file,
            recorded_at=stamp(),
            by_name=actor.name,
        )
    )
    told = {"number": [None, number], "dated": [None, dated]}
    record("reporting.number_paper", report, label=f"{report.code} {PaperForm(form).label}", changes=told)
    enqueue("chuan.reporting.jobs.print_papers", content.pk)
    return made
