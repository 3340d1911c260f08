"""S5: units' paragraphs and generated sentences of a draft, on pages of their own."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.lib import canonical, clock
from chuan.organisations.middleware import actor_of
from chuan.reporting import contributions, drafts, obligations, policies
from chuan.reporting.contributions import Inserts
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import Arrangement, SentenceForm
from chuan.reporting.models import Report
from chuan.reporting.papers import sentences as written
from chuan.reporting.rules import ReportState
from chuan.reporting.services import drafting as services
from chuan.reporting.views import posted
from chuan.reporting.views.heads import report_in_hand
from chuan.web.idempotency import once


def _writable(request: HttpRequest, found: Report) -> bool:
    return found.state == ReportState.DRAFT and policies.may_write_report(actor_of(request))


@login_required
@require_http_methods(["GET", "POST"])
def paragraphs(request: HttpRequest, code: str) -> HttpResponse:
    """What units contributed to each section: take in, word anew, order, leave out."""
    found, error = report_in_hand(request, code), ""
    page = _arrangement(found, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not policies.may_write_report(actor_of(request)):
            raise PermissionDenied
        if page.is_valid():
            try:
                return once(request, _arrange(request, found, page))
            except ReportingError as refused:
                error, found = str(refused), report_in_hand(request, code)
    context = {
        "report": found,
        "page": page,
        "sections": list(page.sections()),
        "writable": _writable(request, found),
        "error": error,
    }
    status = 409 if error else 422 if page.bound else 200
    return render(request, "reporting/paragraphs.html", context, status=status)


def _arrangement(found: Report, data: Any) -> Arrangement:
    offered = contributions.given(obligations.tracking(found.period, today=clock.today()))
    return Arrangement(Inserts.of(found.inserts).paragraphs, offered, data)


def _arrange(request: HttpRequest, found: Report, page: Arrangement) -> Callable[[], tuple[str, str]]:
    """Save the order and the words of the lines; back to where the button stood."""

    def effect() -> tuple[str, str]:
        version = posted.number(request, "version")
        made = services.arrange_paragraphs(actor=actor_of(request), report=found, version=version, chosen=page.chosen())
        last = made.paragraphs[-1].section if page.do == "take" else ""
        url = reverse("reporting:paragraphs", args=[found.code])
        return f"{url}#{last}" if last else url, _("Đã lưu các đoạn.")

    return effect


@login_required
@require_GET
def sentences(request: HttpRequest, code: str) -> HttpResponse:
    """The sentences that the evidence writes: each is confirmed as it was seen, and may be followed by words."""
    return _sentences(request, report_in_hand(request, code))


def _sentences(request: HttpRequest, found: Report, *, status: int = 200, **more: Any) -> HttpResponse:
    live = found.content.snapshot["figures"] if found.content else drafts.live_figures(found.period)
    figures: list[dict[str, Any]] = canonical.plain(live)
    context = {
        "report": found,
        "lines": list(_lines(found, figures, more.pop("typed", {}))),
        "writable": _writable(request, found),
        **more,
    }
    return render(request, "reporting/sentences.html", context, status=status)


def _lines(found: Report, figures: list[dict[str, Any]], typed: dict[str, SentenceForm]) -> Any:
    said = Inserts.of(found.inserts).sentences
    told = {"figures": figures}
    for indicator in written.told():
        paragraph = written.of_indicator(told, indicator)
        one = said.get(indicator, contributions.Sentence())
        seen = contributions.numbers_of(figures, indicator)
        yield {
            "indicator": indicator,
            "inlines": paragraph.inlines if paragraph else (),
            "said": one,
            "seen": seen,
            "confirmed": one.seen == seen,
            "form": typed.get(indicator) or SentenceForm(initial={"more": one.more}, auto_id=f"id_{indicator}_%s"),
        }


@login_required
@require_POST
def say(request: HttpRequest, code: str, indicator: str) -> HttpResponse:
    """Confirm a sentence with the numbers that the page showed, and add words."""
    found = report_in_hand(request, code)
    if not policies.may_write_report(actor_of(request)):
        raise PermissionDenied
    if indicator not in written.told():
        raise Http404
    form = SentenceForm(request.POST, auto_id=f"id_{indicator}_%s")
    if not form.is_valid():
        return _sentences(request, found, status=422, typed={indicator: form})

    def effect() -> tuple[str, str]:
        services.say_sentence(
            actor=actor_of(request), report=found, version=posted.number(request, "version"), indicator=indicator,
            seen=request.POST.get("seen", ""), more=form.cleaned_data["more"],
        )  # fmt: skip
        return reverse("reporting:sentences", args=[code]) + f"#{indicator}", _("Đã xác nhận câu.")

    try:
        return once(request, effect)
    except ReportingError as error:
        again = report_in_hand(request, code)
        return _sentences(request, again, status=409, typed={indicator: form}, error=str(error))
