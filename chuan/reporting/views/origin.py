"""S7: the origin of an issued figure, for people and for machines."""

import zlib
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Window
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chuan.audit.actor import Actor
from chuan.files import responses
from chuan.lib import canonical, clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.policies import sees_own_unit
from chuan.rendering.pdf import render_pdf
from chuan.reporting import adjustments, falls, members, papers, policies, replacements, snapshots
from chuan.reporting.evidence import evidence_of
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.texts import REASONS
from chuan.reporting.models import FrozenFigure, Report, ReportContent
from chuan.reporting.papers import since
from chuan.reporting.replacements import Instead

SHOWN = 50


def _frozen(request: HttpRequest, code: str) -> FrozenFigure:
    frozen = policies.visible_figures(actor_of(request)).filter(code=code).first()
    if frozen is None:
        raise Http404
    return frozen


@require_GET
def origin(request: HttpRequest, code: str) -> HttpResponse:
    """S7: a printed figure, its definition then, the records one may see, and for Sở what changed since."""
    frozen = _frozen(request, code)
    actor = actor_of(request)
    report, instead = _report_of(actor, frozen)
    title, sentence = snapshots.frozen_words(frozen, report.content if report else _content_of(frozen))
    ids, whole = _kept(frozen)
    evidence = evidence_of(frozen.indicator)
    said = evidence.said(ids, on=frozen.at, known=frozen.known).annotate(visible=Window(Count("pk")))
    lines = list(evidence.visible(actor, said).order_by(evidence.member)[:SHOWN])
    context = {
        "frozen": frozen,
        "title": title,
        "sentence": sentence,
        "report": report,
        "instead": instead,
        "whole": whole,
        **_counts(len(ids), lines[0].visible if lines else 0),
        "own_unit": sees_own_unit(actor),
        **_since(actor, frozen, whole=whole),
        "reasons": REASONS,
        "table": evidence.table(lines, weighted=bool(INDICATORS[frozen.indicator].spec.weight)),
    }
    return render(request, "reporting/origin.html", context)


def _since(actor: Actor, frozen: FrozenFigure, *, whole: bool) -> dict[str, Any]:
    """For Sở: what the figure would be today, with a drawing where one definition stands behind both values."""
    if not whole or not policies.can_see_live_figures(actor):
        return {"adjustment": None}
    found = adjustments.explain(frozen)
    return {"adjustment": found, "waterfall": falls.of(found) if found.same_definition and found.steps() else None}


def _counts(record_count: int, visible: int) -> dict[str, int]:
    """How many records stand behind the figure, and how many of them the reader may see."""
    return {"record_count": record_count, "visible_count": visible, "hidden_count": record_count - visible}


def _kept(frozen: FrozenFigure) -> tuple[list[int], bool]:
    """The member records stored with the figure, and whether figure and list are what was sealed."""
    try:
        ids = members.unpack(frozen.members)
    except (ValueError, zlib.error):
        return [], False
    return ids, frozen.sealed_sha256() == frozen.sha256 and members.sha256(ids) == frozen.members_sha256


def _report_of(actor: Actor, frozen: FrozenFigure) -> tuple[Report | None, list[Instead]]:
    """The report that the figure was frozen for, where the reader may see it and it still prints this figure.

    Beside it what took its place; one query.
    """
    among = list(policies.visible_reports(actor).filter(period__reports__code=frozen.purpose))
    report = next((one for one in among if one.code == frozen.purpose), None)
    if report is None or report.content is None or frozen.code not in report.content.figures:
        return None, []
    return report, replacements.instead_of(report, frozen, among)


def _content_of(frozen: FrozenFigure) -> ReportContent | None:
    """The content that the figure was frozen with, also one that was never issued."""
    contents = ReportContent.objects.filter(report__code=frozen.purpose)
    return next((content for content in contents if frozen.code in content.figures), None)


@login_required
@require_GET
def sheet(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """What the figure would be today, with the drawing of the page, as Word or PDF; for Sở."""
    frozen = _frozen(request, code)
    if not policies.can_see_live_figures(actor_of(request)):
        raise PermissionDenied
    if kind not in {"pdf", "docx"} or not _kept(frozen)[1]:
        raise Http404
    title, _sentence = snapshots.frozen_words(frozen, _content_of(frozen))
    made = since.document(adjustments.explain(frozen), title=title, on=clock.today())
    content = render_pdf(made) if kind == "pdf" else papers.docx(made)
    return responses.attachment(content, f"giai-trinh-{code}.{kind}", papers.KINDS[kind])


@require_GET
def origin_json(request: HttpRequest, code: str) -> HttpResponse:
    """The same figure for machines; no member is named."""
    frozen = _frozen(request, code)
    title, definition = snapshots.frozen_words(frozen, _content_of(frozen))
    said = {**snapshots.figure_of(frozen), "title": title, "definition": definition}
    said["replaced_by"] = [_told(one) for one in _report_of(actor_of(request), frozen)[1]]
    return JsonResponse(canonical.plain(said), json_dumps_params={"ensure_ascii": False})


def _told(one: Instead) -> dict[str, Any]:
    """A report that took the place of the figure's own, by what everybody knows it, and its figure."""
    figure = {"code": one.figure["code"], "value": one.figure["value"]} if one.figure else None
    return {"number": one.report.number, "dated": one.report.dated, "figure": figure}
