"""Pages of units: who exists on a day, and what became of each."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from chuan.lib import clock
from chuan.organisations import forms, queries
from chuan.organisations.models import OrganisationUnit


@login_required
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The units that exist on a day, found by any part of their name."""
    form = forms.DayForm(request.GET)
    day, query = clock.today(), ""
    if form.is_valid():
        day, query = form.cleaned_data["on"] or day, form.cleaned_data["q"]
    found = queries.search_units(query, on=day).select_related("parent")
    names = queries.unit_names(day)
    rows = [(v, names.get(v.parent_id or 0, "")) for v in found[:300]]
    return render(request, "organisations/units.html", {"form": form, "day": day, "rows": rows, "query": query})


@login_required
@require_GET
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit's timeline: names, place, what it came from and what became of it."""
    found = get_object_or_404(OrganisationUnit, code=code)
    context = {
        "unit": found,
        "versions": found.versions.live().select_related("parent").order_by("valid_from"),
        "before": queries.predecessors(found),
        "after": queries.successors(found),
        "names": queries.unit_names(),
    }
    return render(request, "organisations/unit.html", context)
