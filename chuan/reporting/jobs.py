"""Background work: printing the papers of a frozen report. Ids in, may run twice without harm."""

from django.db import IntegrityError

from chuan.audit.actor import system
from chuan.files.store import keep
from chuan.reporting import papers
from chuan.reporting.models import Paper, ReportContent
from chuan.reporting.rules import ReportState
from chuan.reporting.services.reports import store_paper


def print_papers(content_id: int) -> None:
    """Word and PDF for signature, and as issued once the number is known; what exists is left."""
    content = ReportContent.objects.select_related("report").get(pk=content_id)
    report = content.report
    numbered = report.state in {ReportState.NUMBERED, ReportState.DISPATCHED} and report.content_id == content.pk
    for stage in ("for_signature", "issued") if numbered else ("for_signature",):
        doc = papers.of_content(content, report, stage)
        for kind, media_type in (("pdf", papers.PDF), ("docx", papers.DOCX)):
            if not _exists(content, stage, kind):
                made = papers.pdf(doc, content.snapshot) if kind == "pdf" else papers.docx(doc)
                _store(content, stage, kind, made, media_type)


def _exists(content: ReportContent, stage: str, kind: str) -> bool:
    return Paper.objects.filter(frozen=content, stage=stage, kind=kind).exists()


def _store(content: ReportContent, stage: str, kind: str, made: bytes, media_type: str) -> None:
    """Name the paper; where another worker named it meanwhile, theirs is the paper."""
    report = content.report
    try:
        store_paper(
            actor=system("job", on_behalf_of=report.code),
            content=content,
            stage=stage,
            kind=kind,
            digest=keep(made),
            name=f"{report.code}-{content.version}-{stage}.{kind}",
            media_type=media_type,
            size=len(made),
        )
    except IntegrityError:
        if not _exists(content, stage, kind):
            raise
