"""The consolidated report: write, review, freeze for signature, sign, number.

`freeze` is where a report is frozen: under the exclusive evidence lock its figures, words and the list of who
reported become one insert-only `ReportContent`.

`seen` of a step is what the page showed when the button was pressed: the draft's version before the freeze, the
content's key after it. Where it is not given, it is what the caller's `report` says.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.outbox import enqueue
from chuan.audit.service import head, record, service
from chuan.files.models import StoredFile
from chuan.files.store import register
from chuan.ledger.work import append, stamp
from chuan.lib import canonical, clock
from chuan.lib.dates import Window, day_of, format_date
from chuan.organisations.territory import Frame
from chuan.reporting import checklist, issuing, policies, snapshots
from chuan.reporting.dispatches import printed_for
from chuan.reporting.errors import (
    Blocked,
    IssuedElsewhere,
    MovedMeanwhile,
    NotAllowed,
    NotDelegated,
    NotPrintedToSign,
    OwnWork,
    WrongNumber,
)
from chuan.reporting.indicators import REPORTED
from chuan.reporting.models import Paper, Report, ReportContent, ReportEvent
from chuan.reporting.rules import REPORT_MOVES, PaperForm, Recipient, ReportState
from chuan.reporting.services.drafting import save_draft
from chuan.reporting.services.figures import freeze_figure
from chuan.reporting.services.starting import start_report as start_report
from chuan.reporting.services.steps import move_report

PDF = "application/pdf"


@service()
def save_words(*, actor: Actor, report: Report, version: int, words: dict[str, str]) -> None:
    """Save the report's words; StaleDraft where another window saved after this page was opened."""
    changes = save_draft(actor, report, version, words=words)
    record("reporting.save_words", report, changes=changes)


@service()
def review(*, actor: Actor, report: Report, seen: int | None = None) -> None:
    """The head of office has read the draft in the version `seen`."""
    move_report(actor, report, "review", "", read={"draft_version": report.draft_version if seen is None else seen})
    record("reporting.review", report, changes={"state": ["draft", "reviewed"]})


@service()
def reopen(*, actor: Actor, report: Report, note: str) -> None:
    """Back to draft, to write more."""
    move_report(actor, report, "reopen", note)
    record("reporting.reopen", report, changes={"state": ["reviewed", "draft"]}, reason=note)


@service(lock="exclusive")
def freeze(*, actor: Actor, report: Report) -> ReportContent:
    """Freeze a reviewed report for signature: figures, words, who reported; Blocked names what is in the way."""
    report.refresh_from_db()
    period = report.period
    blocks = [item.text for item in checklist.items(report, today=clock.today()) if item.blocks]
    if blocks:
        raise Blocked(blocks)
    window = Window(period.first, period.last)
    frozen = [
        freeze_figure(
            actor=actor,
            plan=period.plan,
            indicator_id=code,
            frame=Frame.COMPARABLE,
            window=window,
            at=min(clock.today(), period.last),
            purpose=report.code,
            judged=not period.is_ad_hoc,
        )
        for code in REPORTED
    ]
    seq, sha = head()
    version = report.contents.count() + 1
    snapshot = snapshots.build(report, frozen, version=version, frozen_at=stamp(), chain=(seq, sha))
    names = issuing.names_on(period.plan, clock.today())
    if blocks := snapshots.unprintable(snapshot, names):
        raise Blocked(blocks)
    content = append(
        ReportContent(
            report=report,
            version=version,
            frozen_at=stamp(),
            snapshot=snapshot,
            figures=[figure.code for figure in frozen],
            chain_seq=seq,
            chain_sha256=sha,
        )
    )
    move_report(actor, report, "freeze", "", told={"names": names}, content_id=content.pk)
    record(
        "reporting.freeze",
        report,
        changes={"state": ["reviewed", "for_signature"], "content": [None, content.sha256]},
    )
    enqueue("chuan.reporting.jobs.print_papers", content.pk)
    return content


@service()
def refuse(*, actor: Actor, report: Report, note: str) -> None:
    """Refused at signature: back to draft; the frozen content is kept, marked as not issued by this step."""
    _require_authority(actor)
    move_report(actor, report, "refuse", note, content_id=None)
    record("reporting.refuse", report, changes={"state": ["for_signature", "draft"]}, reason=note)


@service()
def recall(*, actor: Actor, report: Report, note: str) -> None:
    """Signed and not numbered yet, back to draft; the frozen content is kept, marked as not issued by this step.

    IssuedElsewhere where the Committee has issued its own report from it.
    """
    _require_authority(actor)
    report.refresh_from_db()
    content = report.content
    move_report(actor, report, "recall", note, content_id=None)
    _require_not_issued(content)
    record("reporting.recall", report, changes={"state": ["signed", "draft"]}, reason=note)


@service()
def annul(*, actor: Actor, report: Report, note: str) -> None:
    """Numbered and not dispatched yet, back to draft; content, signed file and number stay in the story.

    The number is spent: the next paper gets another one. IssuedElsewhere as for `recall`.
    """
    _require_authority(actor)
    report.refresh_from_db()
    spent = {"number": report.number, "dated": report.dated}
    content = report.content
    bare = dict.fromkeys(("content_id", "number", "number_year", "dated", "signed_file_id"))
    move_report(actor, report, "annul", note, told={"spent": canonical.plain(spent)}, **bare)
    _require_not_issued(content)
    changes = {"state": ["numbered", "draft"], **{name: [value, None] for name, value in spent.items()}}
    record("reporting.annul", report, changes=changes, reason=note)


def _require_not_issued(content: ReportContent | None) -> None:
    """Looked at after the step: a paper's number is recorded under the lock of the same row."""
    if content is not None and content.paper_numbers.filter(form=PaperForm.REPORT).exists():
        raise IssuedElsewhere


@service()
def sign(*, actor: Actor, report: Report, seen: int | None = None) -> None:
    """The leader signed the paper in the agency's own document system; who froze it does not sign it.

    A deputy signs under a delegation that holds today; the step keeps in what capacity, which the paper then prints.
    NotPrintedToSign before there is a paper for each recipient.
    """
    signed = _require_authority(actor)
    if actor.user_id is not None and _freezer(report) == actor.user_id:
        raise OwnWork(_("Người chốt số liệu không ký báo cáo. Hãy để lãnh đạo khác của Sở ký."))
    told = {"signs_as": str(signed.signs_as), "delegation": signed.document}
    move_report(actor, report, "sign", "", read=_content(report, seen), told=told)
    if printed_for(report, "for_signature") < set(Recipient.values):
        raise NotPrintedToSign
    record(
        "reporting.sign", report, changes={"state": ["for_signature", "signed"], "signs_as": [None, told["signs_as"]]}
    )


def _require_authority(actor: Actor) -> issuing.Signer:
    """In what capacity the actor signs today; NotDelegated for a deputy whom nobody delegated."""
    if not policies.may_move(actor, REPORT_MOVES["sign"]):
        raise NotAllowed
    found = issuing.authority_of(actor.user_id, actor.role, actor.name, clock.today())
    if found is None:
        raise NotDelegated(clock.today())
    return found


def _freezer(report: Report) -> int | None:
    last = report.events.filter(verb="freeze").order_by("-id").first()
    return last.by_id if last else None


def _content(report: Report, seen: int | None) -> dict[str, Any]:
    return {"content_id": report.content_id if seen is None else seen}


@service()
def number_report(
    *,
    actor: Actor,
    report: Report,
    number: int,
    dated: date,
    signed: tuple[str, str, str, int] | None = None,
    seen: int | None = None,
) -> None:
    """Record the number and date that the office gave, and the signed file (digest, name, type, size) if any."""
    _require_possible(report, number, dated)
    file: StoredFile | None = None
    if signed:
        digest, name, media_type, size = signed
        if media_type != PDF:
            raise WrongNumber(_("Tệp đã ký phải là PDF."))
        file = register(digest, name=name, media_type=media_type, size=size)
    facts: dict[str, Any] = {"number": number, "dated": dated, "number_year": dated.year}
    facts["signed_file_id"] = file.pk if file else None
    try:
        with transaction.atomic():
            move_report(actor, report, "number", "", read=_content(report, seen), **facts)
    except IntegrityError as error:
        if "reporting_one_number_a_year" not in str(error) and "number_year" not in str(error):
            raise
        raise WrongNumber(_taken(number, dated)) from None
    if ReportEvent.objects.filter(verb="number", facts__number=number, facts__number_year=dated.year).count() > 1:
        raise WrongNumber(_spent(number, dated))
    record("reporting.number", report, changes={"number": [None, number], "dated": [None, dated]})
    if report.content_id:
        enqueue("chuan.reporting.jobs.print_papers", report.content_id)


def _taken(number: int, dated: date) -> str:
    values = {"number": number, "year": dated.year}
    return _("Số %(number)s năm %(year)s đã dùng cho báo cáo khác trong hệ thống.") % values


def _spent(number: int, dated: date) -> str:
    values = {"number": number, "year": dated.year}
    return _("Số %(number)s năm %(year)s đã cấp cho một bản bị hủy và không dùng lại. Hãy ghi số mới.") % values


def require_number(number: int, dated: date, frozen: date) -> None:
    """A number that an office can give on that day, to what was frozen on `frozen`."""
    if number < 1:
        raise WrongNumber(_("Số văn bản là số nguyên từ 1 trở lên."))
    if not frozen <= dated <= clock.today():
        days = {"frozen": format_date(frozen), "today": format_date(clock.today()), "dated": format_date(dated)}
        raise WrongNumber(
            _("Ngày văn bản %(dated)s phải từ ngày chốt số liệu (%(frozen)s) đến hôm nay (%(today)s).") % days
        )


def _require_possible(report: Report, number: int, dated: date) -> None:
    if report.content:
        require_number(number, dated, day_of(report.content.frozen_at))
    if Report.objects.filter(number=number, number_year=dated.year).exclude(pk=report.pk).exists():
        raise WrongNumber(_taken(number, dated))


@service()
def store_paper(
    *,
    actor: Actor,
    content: ReportContent,
    stage: str,
    recipient: str,
    kind: str,
    form: str = PaperForm.REPORT,
    digest: str,
    name: str,
    media_type: str,
    size: int,
) -> Paper:
    """Name a printed paper; the bytes were kept before."""
    file = register(digest, name=name, media_type=media_type, size=size)
    said = {"frozen": content, "stage": stage, "recipient": recipient, "form": form, "kind": kind}
    paper = append(Paper(**said, file=file, made_at=stamp()))
    told = {"paper": [None, [stage, recipient, form, kind, digest]]}
    record("reporting.store_paper", content.report, label=name, changes=told)
    return paper


@service()
def reprint(*, actor: Actor, report: Report) -> None:
    """Ask again for the papers that are missing; what exists is left."""
    if not policies.may_reprint(actor):
        raise NotAllowed
    if report.content_id is None:
        raise MovedMeanwhile(ReportState(report.state).label)
    record("reporting.reprint", report)
    enqueue("chuan.reporting.jobs.print_papers", report.content_id)
