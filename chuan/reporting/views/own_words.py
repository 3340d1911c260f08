"""S5: what Sở itself says of the rows that it leads and of bullets that have no row, on one page of the draft."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.reporting import contributions, policies
from chuan.reporting import own_words as saying
from chuan.reporting.collecting import PeriodKind
from chuan.reporting.contributions import Inserts
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import OwnWordsForm
from chuan.reporting.models import Report
from chuan.reporting.rules import ReportState
from chuan.reporting.services.drafting import say_own_words
from chuan.reporting.views import posted
from chuan.reporting.views.heads import report_in_hand
from chuan.web.idempotency import once


@login_required
@require_http_methods(["GET", "POST"])
def own_words(request: HttpRequest, code: str) -> HttpResponse:
    """Read it, and write it while the report is a draft."""
    found, error = report_in_hand(request, code), ""
    may_write = policies.may_write_report(actor_of(request))
    page = _page(found, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        if page.is_valid():
            try:
                return _saved(request, found, page)
            except ReportingError as refused:
                error, found = str(refused), report_in_hand(request, code)
                page = _page(found, request.POST)
    context = {"report": found, "page": page, "error": error, "saved": page.saved_otherwise() if error else {}}
    context["writable"] = may_write and found.state == ReportState.DRAFT
    status = 409 if error else 422 if page.bound else 200
    return render(request, "reporting/own_words.html", context, status=status)


def _page(found: Report, data: Any) -> OwnWordsForm:
    """The page's lines on its day; those that were sent stay, whoever has them now."""
    period = found.period
    last_year = Report.objects.filter(
        period__plan=period.plan_id, period__year=period.year - 1, period__kind=PeriodKind.ANNUAL
    )
    sections = saying.sections(
        period.plan,
        min(clock.today(), period.last),
        own=Inserts.of(found.inserts).own,
        before=contributions.own_in(last_year),
        shown=str(data.get("codes", "")).split() if data is not None else (),
    )
    return OwnWordsForm(sections, data)


def _saved(request: HttpRequest, found: Report, page: OwnWordsForm) -> HttpResponse:
    def effect() -> tuple[str, str]:
        version = posted.number(request, "version")
        say_own_words(actor=actor_of(request), report=found, version=version, own=page.said())
        return reverse("reporting:own-words", args=[found.code]), _("Đã lưu lời của Sở.")

    return once(request, effect)
