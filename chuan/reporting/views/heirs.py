"""Deciding who answers for the report of a unit that is no more."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.queries import unit_names
from chuan.reporting import policies
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import HeirForm
from chuan.reporting.models import Heir, Obligation
from chuan.reporting.obliged import unit_choices
from chuan.reporting.services.heirs import decide_heirs
from chuan.reporting.views.submissions import obligation_of
from chuan.web.idempotency import once


@login_required
@require_http_methods(["GET", "POST"])
def heirs(request: HttpRequest, code: str) -> HttpResponse:
    """The accountable unit and the contributors with their days, and the form that decides anew."""
    obligation, actor = obligation_of(request, code), actor_of(request)
    if not policies.may_write_report(actor):
        raise PermissionDenied
    form = HeirForm(request.POST or None, choices=unit_choices(clock.today()))
    if request.method == "POST" and form.is_valid():
        units = {unit.code: unit for unit in OrganisationUnit.objects.filter(code__in=_codes(form))}
        parts = [(units[unit], window) for unit, window in form.contributors()]
        data = {"accountable": units[form.cleaned_data["accountable"]], "document": form.cleaned_data["document"]}

        def effect() -> tuple[str, str]:
            decide_heirs(actor=actor, obligation=obligation, contributors=parts, **data)
            return reverse("reporting:heirs", args=[code]), _("Đã ghi đơn vị kế thừa nghĩa vụ báo cáo.")

        try:
            return once(request, effect)
        except ReportingError as error:
            form.add_error(None, str(error))
    return _page(request, obligation, form)


def _codes(form: HeirForm) -> list[str]:
    return [form.cleaned_data["accountable"], *(unit for unit, _window in form.contributors())]


def _page(request: HttpRequest, obligation: Obligation, form: HeirForm) -> HttpResponse:
    names = unit_names()
    held = Heir.objects.live().filter(obligation=obligation)
    context = {
        "obligation": obligation,
        "period": obligation.period,
        "unit_name": names.get(obligation.unit_id, obligation.unit.code),
        "heirs": [(names.get(heir.unit_id, ""), heir) for heir in held],
        "form": form,
    }
    return render(request, "reporting/heirs.html", context, status=422 if form.errors else 200)
