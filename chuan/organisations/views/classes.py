"""Pages of the plan's classes: who belongs to "các đơn vị liên quan" in a year."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations import forms, policies, queries, services
from chuan.organisations.errors import OrganisationError
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import ClassMember, PartyClass, UnitVersion
from chuan.organisations.rules import FIRST_YEAR, LAST_YEAR, UnitKind, list_period
from chuan.web.idempotency import once

#: Units that a search offers.
FOUND = 30


def _year(request: HttpRequest) -> tuple[forms.YearForm, int]:
    this = clock.today().year
    form = forms.YearForm(request.GET or None, initial={"year": this})
    year = form.cleaned_data["year"] if form.is_valid() else None
    return form, year or this


def _class_of(code: str, year: int) -> PartyClass:
    """A class that may have a list of the year, or 404."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return get_object_or_404(PartyClass, code=code)


@login_required
@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """The classes with the length of their lists in a year."""
    form, year = _year(request)
    context = {"form": form, "year": year, "rows": queries.classes_in(year)}
    return render(request, "organisations/classes.html", context)


@login_required
@require_GET
def party_class(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """A class's list of a year, and what may be done with it."""
    return _class_page(request, _class_of(code, year), year)


def _class_page(request: HttpRequest, found: PartyClass, year: int, status: int = 200, **refused: Any) -> HttpResponse:
    listed = list(queries.members_in(found, year))
    there = {m.unit_id for m in listed}
    names = queries.unit_names(of=there)
    find = forms.FindForm(request.GET)
    query = find.cleaned_data["find"] if find.is_valid() else ""
    matches = [v for v in _may_stand(year, query) if v.unit_id not in there] if query else []
    years, this = queries.class_years(found), clock.today().year
    context = {
        "party_class": found,
        "year": year,
        "years": sorted({*years, this - 1, this, this + 1, year}, reverse=True),
        "members": [(m, names.get(m.unit_id, m.unit.code)) for m in listed],
        "whole": [UnitKind(kind).label for kind in found.kinds],
        "can_manage": policies.can_manage_parties(actor_of(request)),
        "find": find,
        "query": query,
        "matches": matches[:FOUND],
        "more": len(matches) > FOUND,
        "add_form": forms.ClassMembersForm(found=matches[:FOUND]),
        "copy_form": forms.CopyYearForm(initial={"source": next((y for y in years if y != year), "")}),
        "copyable": [y for y in years if y != year],
        **refused,
    }
    return render(request, "organisations/party_class.html", context, status=status)


def _may_stand(year: int, query: str) -> list[UnitVersion]:
    """The last name in the year of each unit that may stand on its list and matches, in order of name."""
    found = queries.versions_during(list_period(year, clock.today())).filter(queries.named(query))
    return list({v.unit_id: v for v in found}.values())


def _do(
    request: HttpRequest, found: PartyClass, year: int, form: Form, name: str, effect: Callable[[], str]
) -> HttpResponse:
    """Run the service once and come back to the list; what refuses it is shown there."""
    if not policies.can_manage_parties(actor_of(request)):
        raise PermissionDenied
    if not form.is_valid():
        return _class_page(request, found, year, 422, **{name: form})
    back = reverse("organisations:class", args=[found.code, year])
    try:
        return once(request, lambda: (back, effect()))
    except OrganisationError as error:
        form.add_error(None, str(error))
    except (IntegrityError, Superseded):
        form.add_error(None, _("Người khác vừa sửa danh sách này. Xem lại rồi gửi lại."))
    return _class_page(request, found, year, 409, **{name: form})


@login_required
@require_POST
def add_members(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Put units on a class's list."""
    found = _class_of(code, year)
    query, sent = request.GET.get("find", ""), set(request.POST.getlist("units"))
    offered = [v for v in _may_stand(year, query) if query or v.unit.code in sent][:FOUND]
    form = forms.ClassMembersForm(request.POST, found=offered)

    def effect() -> str:
        units = [unit for unit in map(forms.unit_of, form.cleaned_data["units"]) if unit]
        basis = form.cleaned_data["basis"]
        services.add_class_members(actor=actor_of(request), party_class=found, units=units, year=year, basis=basis)
        return _("Đã thêm %(n)s đơn vị.") % {"n": len(units)}

    return _do(request, found, year, form, "add_form", effect)


@login_required
@require_POST
def remove_member(request: HttpRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Take a unit off a class's list."""
    found = _class_of(code, year)
    members = ClassMember.objects.select_related("unit", "party_class")
    seen = get_object_or_404(members, pk=pk, party_class=found, year=year)
    form = forms.ReasonForm(request.POST)

    def effect() -> str:
        services.remove_class_member(actor=actor_of(request), seen=seen, **form.cleaned_data)
        return _("Đã bỏ khỏi danh sách. Lịch sử vẫn còn trong nhật ký.")

    return _do(request, found, year, form, "reason_form", effect)


@login_required
@require_POST
def copy_year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Begin a year's list with another year's."""
    found = _class_of(code, year)
    form = forms.CopyYearForm(request.POST)

    def effect() -> str:
        n = services.copy_class_year(actor=actor_of(request), party_class=found, target=year, **form.cleaned_data)
        return _("Đã chép %(n)s đơn vị; đơn vị không còn trong năm đó hoặc đã có trong danh sách thì bỏ qua.") % {
            "n": n
        }

    return _do(request, found, year, form, "copy_form", effect)
