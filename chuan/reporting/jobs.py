"""Background work: papers of a frozen report, figures of large registers. Ids in, may run twice without harm."""

import time

from django.db import IntegrityError

from chuan.audit.actor import system
from chuan.files.store import keep
from chuan.reporting import papers, renewal
from chuan.reporting.models import Paper, ReportContent
from chuan.reporting.rules import Recipient, ReportState
from chuan.reporting.services.reports import store_paper

#: Seconds after which figures that are kept for pages leave the worker to other jobs.
TURN = 5


def print_papers(content_id: int) -> None:
    """Every recipient's papers for signature, and as issued once the number is known; what exists is left."""
    content = ReportContent.objects.select_related("report").get(pk=content_id)
    report = content.report
    numbered = report.state in {ReportState.NUMBERED, ReportState.DISPATCHED} and report.content_id == content.pk
    for stage in ("for_signature", "issued") if numbered else ("for_signature",):
        for recipient in Recipient:
            doc = papers.of_content(content, report, stage, recipient)
            for kind in papers.KINDS:
                if not _exists(content, stage, recipient, kind):
                    _store(content, stage, recipient, kind, papers.made(doc, kind, content.snapshot))


def refresh_figures() -> None:
    """What is most wanted, one after the other for a few seconds, so that papers never wait for all of them."""
    until = time.monotonic() + TURN
    while renewal.refresh_next() and time.monotonic() < until:
        pass


def _exists(content: ReportContent, stage: str, recipient: str, kind: str) -> bool:
    return Paper.objects.filter(frozen=content, stage=stage, recipient=recipient, kind=kind).exists()


def _store(content: ReportContent, stage: str, recipient: str, kind: str, made: bytes) -> None:
    """Name the paper; where another worker named it meanwhile, theirs is the paper."""
    report = content.report
    try:
        store_paper(
            actor=system("job", on_behalf_of=report.code),
            content=content,
            stage=stage,
            recipient=recipient,
            kind=kind,
            digest=keep(made),
            name=f"{report.code}-{content.version}-{stage}-{recipient}.{kind}",
            media_type=papers.KINDS[kind],
            size=len(made),
        )
    except IntegrityError:
        if not _exists(content, stage, recipient, kind):
            raise
