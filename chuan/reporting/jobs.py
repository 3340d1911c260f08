"""Background work: papers of a frozen report, figures of large registers. Ids in, may run twice without harm."""

import time

from django.db import IntegrityError

from chuan.audit.actor import system
from chuan.files.store import keep
from chuan.rendering.blocks import OfficialDocument
from chuan.reporting import papers, renewal
from chuan.reporting.models import Paper, Report, ReportContent
from chuan.reporting.papers import submittals
from chuan.reporting.rules import PaperForm, Recipient
from chuan.reporting.services.reports import store_paper

#: Seconds after which figures that are kept for pages leave the worker to other jobs.
TURN = 5


def print_papers(content_id: int) -> None:
    """Every recipient's papers for signature, and as issued once the number is known; what exists is left."""
    content = ReportContent.objects.select_related("report").get(pk=content_id)
    report, made = content.report, {}
    for stage, recipient, form, kind in papers.expected(content, report):
        if _exists(content, stage, recipient, form, kind):
            continue
        if (stage, recipient, form) not in made:
            made[stage, recipient, form] = _document(content, report, stage, recipient, form)
        _store(content, stage, recipient, form, kind, papers.made(made[stage, recipient, form], kind, content.snapshot))


def refresh_figures() -> None:
    """What is most wanted, one after the other for a few seconds, so that papers never wait for all of them."""
    until = time.monotonic() + TURN
    while renewal.refresh_next() and time.monotonic() < until:
        pass


def _document(content: ReportContent, report: Report, stage: str, recipient: Recipient, form: str) -> OfficialDocument:
    if form == PaperForm.SUBMITTAL:
        return submittals.of_content(content, report, stage)
    return papers.of_content(content, report, stage, recipient)


def _exists(content: ReportContent, stage: str, recipient: str, form: str, kind: str) -> bool:
    found = Paper.objects.filter(frozen=content, stage=stage, recipient=recipient, form=form, kind=kind)
    return found.exists()


def _store(content: ReportContent, stage: str, recipient: str, form: str, kind: str, made: bytes) -> None:
    """Name the paper; where another worker named it meanwhile, theirs is the paper."""
    report = content.report
    said = "-to-trinh" if form == PaperForm.SUBMITTAL else ""
    try:
        store_paper(
            actor=system("job", on_behalf_of=report.code),
            content=content,
            stage=stage,
            recipient=recipient,
            form=form,
            kind=kind,
            digest=keep(made),
            name=f"{report.code}-{content.version}-{stage}-{recipient}{said}.{kind}",
            media_type=papers.KINDS[kind],
            size=len(made),
        )
    except IntegrityError:
        if not _exists(content, stage, recipient, form, kind):
            raise
