"""The consolidated report: write, review, freeze for signature, sign, number, dispatch.

`freeze` is where a report is frozen: under the exclusive evidence lock its figures, words and the list of who
reported become one insert-only `ReportContent`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.outbox import enqueue
from chuan.audit.service import head, record, service
from chuan.files.models import StoredFile
from chuan.files.store import register
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, stamp
from chuan.lib import clock, text
from chuan.lib.dates import Window, day_of
from chuan.organisations.territory import Frame
from chuan.reporting import checklist, policies, snapshots
from chuan.reporting.drafts import REPORTED
from chuan.reporting.errors import Blocked, MovedMeanwhile, NotAllowed, ReasonNeeded, StaleDraft, WrongNumber
from chuan.reporting.models import Paper, Report, ReportContent, ReportEvent, ReportingPeriod
from chuan.reporting.rules import REPORT_MOVES, ReportState
from chuan.reporting.services.figures import freeze_figure


@service()
def start_report(*, actor: Actor, period: ReportingPeriod) -> Report:
    """Begin the consolidated report of a period."""
    if not policies.may_write_report(actor):
        raise NotAllowed
    report = Report.objects.create(code=f"BC-{period.code}-{draw(f'report {period.code}')}", period=period)
    _event(report, actor, "start", "", "", {})
    record("reporting.start_report", report)
    return report


@service()
def save_words(*, actor: Actor, report: Report, version: int, words: dict[str, str]) -> None:
    """Save the report's words; StaleDraft where another window saved after this page was opened."""
    if not policies.may_write_report(actor):
        raise NotAllowed
    draft = {name: text.nfc_multiline(value) for name, value in words.items()}
    changed = Report.objects.filter(pk=report.pk, state=ReportState.DRAFT, draft_version=version).update(
        draft=draft, draft_version=version + 1
    )
    if not changed:
        _moved_or_stale(report)
    record("reporting.save_words", report, changes={"draft": [report.draft, draft]})


def _moved_or_stale(report: Report) -> None:
    now = Report.objects.get(pk=report.pk)
    if now.state != ReportState.DRAFT:
        raise MovedMeanwhile(ReportState(now.state).label)
    raise StaleDraft


def _move(actor: Actor, report: Report, verb: str, note: str, **facts: Any) -> None:
    """One step of `REPORT_MOVES`: a conditional update, so that two people pressing at once cannot both win."""
    move = REPORT_MOVES[verb]
    if not policies.may_move(actor, move) or (verb in {"number", "dispatch"} and not _clerk(actor)):
        raise NotAllowed
    if move.reason and not note.strip():
        raise ReasonNeeded
    changed = Report.objects.filter(pk=report.pk, state=move.before).update(state=move.after, **facts)
    if not changed:
        raise MovedMeanwhile(ReportState(Report.objects.get(pk=report.pk).state).label)
    report.refresh_from_db()
    _event(report, actor, verb, move.before, note, facts)


def _clerk(actor: Actor) -> bool:
    return actor.is_system or policies.is_department_clerk(actor)


def _event(report: Report, actor: Actor, verb: str, before: str, note: str, facts: dict[str, Any]) -> None:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    append(
        ReportEvent(
            report=report,
            verb=verb,
            before=before,
            after=report.state,
            at=stamp(),
            by_id=actor.user_id,
            by_name=actor.name,
            note=text.nfc_multiline(note),
            facts=plain,
        )
    )


@service()
def review(*, actor: Actor, report: Report) -> None:
    """The head of office has read the draft."""
    _move(actor, report, "review", "")
    record("reporting.review", report, changes={"state": ["draft", "reviewed"]})


@service()
def reopen(*, actor: Actor, report: Report, note: str) -> None:
    """Back to draft, to write more."""
    _move(actor, report, "reopen", note)
    record("reporting.reopen", report, changes={"state": ["reviewed", "draft"]}, reason=note)


@service(lock="exclusive")
def freeze(*, actor: Actor, report: Report) -> ReportContent:
    """Freeze a reviewed report for signature: figures, words, who reported; Blocked names what is in the way."""
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
            purpose=f"{report.code}",
        )
        for code in REPORTED
    ]
    seq, sha = head()
    version = report.contents.count() + 1
    snapshot = snapshots.build(report, frozen, version=version, frozen_at=stamp(), chain=(seq, sha))
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
    _move(actor, report, "freeze", "", content_id=content.pk)
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
    _move(actor, report, "refuse", note, content_id=None)
    record("reporting.refuse", report, changes={"state": ["for_signature", "draft"]}, reason=note)


@service()
def sign(*, actor: Actor, report: Report) -> None:
    """The leader signed the paper in the agency's own document system."""
    _move(actor, report, "sign", "")
    record("reporting.sign", report, changes={"state": ["for_signature", "signed"]})


@service()
def number_report(
    *, actor: Actor, report: Report, number: int, dated: date, signed: tuple[str, str, str, int] | None = None
) -> None:
    """Record the number and date that the office gave, and the signed file (digest, name, type, size) if any."""
    if number < 1:
        raise WrongNumber("Số văn bản là số nguyên từ 1 trở lên.")
    if dated > clock.today():
        raise WrongNumber(f"Ngày văn bản {dated:%d/%m/%Y} ở tương lai. Kiểm tra lại ngày.")
    if report.content and dated < day_of(report.content.frozen_at):
        raise WrongNumber(
            f"Ngày văn bản {dated:%d/%m/%Y} trước ngày chốt số liệu {day_of(report.content.frozen_at):%d/%m/%Y}."
        )
    taken = Report.objects.filter(number=number, dated__year=dated.year).exclude(pk=report.pk)
    if taken.exists():
        raise WrongNumber(f"Số {number} năm {dated.year} đã dùng cho báo cáo khác trong hệ thống.")
    file: StoredFile | None = None
    if signed:
        digest, name, media_type, size = signed
        file = register(digest, name=name, media_type=media_type, size=size)
    _move(actor, report, "number", "", number=number, dated=dated, signed_file_id=file.pk if file else None)
    record("reporting.number", report, changes={"number": [None, number], "dated": [None, dated]})
    if report.content_id:
        enqueue("chuan.reporting.jobs.print_papers", report.content_id)


@service()
def dispatch(*, actor: Actor, report: Report, recipients: Sequence[str]) -> None:
    """The paper went out; from now on its figures are public."""
    if not recipients:
        raise ReasonNeeded
    _move(actor, report, "dispatch", "; ".join(recipients))
    record(
        "reporting.dispatch",
        report,
        changes={"state": ["numbered", "dispatched"], "recipients": [None, list(recipients)]},
    )


@service()
def store_paper(
    *, actor: Actor, content: ReportContent, stage: str, kind: str, digest: str, name: str, media_type: str, size: int
) -> Paper:
    """Name a printed paper; the bytes were kept before."""
    file = register(digest, name=name, media_type=media_type, size=size)
    paper = append(Paper(frozen=content, stage=stage, kind=kind, file=file, made_at=stamp()))
    record("reporting.store_paper", content.report, label=name, changes={"paper": [None, [stage, kind, digest]]})
    return paper
