"""The calendar of offices: which days are off, which are worked instead, by which document."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.reporting import policies
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import DayForm, ReasonForm
from chuan.reporting.models import CalendarDayFacts
from chuan.reporting.services import calendar as services
from chuan.web.idempotency import once


def _year(request: HttpRequest) -> int:
    typed = request.GET.get("year", "")
    return int(typed) if typed.isascii() and typed.isdigit() and 2000 < int(typed[:6]) < 2101 else clock.today().year


@login_required
@require_http_methods(["GET", "POST"])
def days(request: HttpRequest) -> HttpResponse:
    """The days of a year of which something is said; a specialist says what a day is."""
    actor = actor_of(request)
    if not policies.is_of_department(actor):
        raise PermissionDenied
    form = DayForm(request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    if not policies.may_write_report(actor):
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, form, status=422)

    def effect() -> tuple[str, str]:
        services.set_day(actor=actor, **form.cleaned_data)
        return f"{reverse('reporting:calendar')}?year={form.cleaned_data['on'].year}", _("Đã ghi ngày.")

    try:
        return once(request, effect)
    except ReportingError as error:
        return _page(request, form, status=409, error=str(error))


def _page(request: HttpRequest, form: DayForm, *, status: int = 200, error: str = "") -> HttpResponse:
    year = _year(request)
    held = CalendarDayFacts.objects.live()
    context: dict[str, Any] = {
        "year": year,
        "years": sorted({*held.values_list("on__year", flat=True).order_by().distinct(), year}),
        "days": list(held.filter(on__year=year)),
        "form": form,
        "reason_form": ReasonForm(),
        "error": error,
        "may_write": policies.may_write_report(actor_of(request)),
    }
    return render(request, "reporting/calendar.html", context, status=status)


@login_required
@require_POST
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what is said of a day, with the reason."""
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    said = get_object_or_404(CalendarDayFacts.objects.select_related("day"), pk=pk)
    form = ReasonForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""

    def effect() -> tuple[str, str]:
        services.void_day(actor=actor_of(request), said=said, reason=note)
        return f"{reverse('reporting:calendar')}?year={said.on.year}", _("Đã bỏ nội dung ghi cho ngày này.")

    try:
        return once(request, effect)
    except (ReportingError, Superseded) as error:
        words = str(error) if isinstance(error, ReportingError) else _("Nội dung này đã được bỏ hoặc sửa.")
        return _page(request, DayForm(), status=409, error=words)
