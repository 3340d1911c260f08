"""Pages of units: who exists on a day, what became of each, and who acts for those that exist no more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.accounts.models import User
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations import forms, policies, queries, services, timeline
from chuan.organisations.errors import OrganisationError
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import ActingDecision, OrganisationUnit
from chuan.organisations.rules import PARTIES, FunctionDomain, UnitKind
from chuan.web.idempotency import once

#: Enterprises that a search shows beside the tree.
FOUND = 30


@login_required
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The units that exist on a day, as a tree, found by any part of their name."""
    form = forms.DayForm(request.GET)
    form.is_valid()
    # A day that is not understood is said to be so, and the search still holds.
    day = form.cleaned_data.get("on") or clock.today()
    query = form.cleaned_data.get("q", "")
    enterprises = queries.search_units(query, on=day, kinds=(UnitKind.ENTERPRISE,))
    reorganised = queries.latest_reorganisation()
    context = {
        "form": form,
        "day": day,
        "today": clock.today(),
        "query": query,
        "sections": queries.unit_tree(day, query),
        "enterprises": list(enterprises[: FOUND + 1]) if query else [],
        "enterprise_count": 0 if query else enterprises.count(),
        "since": reorganised,
        "until": reorganised - timedelta(days=1) if reorganised else None,
        "can_list": policies.can_list_parties(actor_of(request)),
        "can_manage": policies.can_manage_units(actor_of(request)),
    }
    return render(request, "organisations/units.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_authority(request: HttpRequest) -> HttpResponse:
    """Enter a sở or ngành that is not there, by a document."""
    actor = actor_of(request)
    if not policies.can_manage_units(actor):
        raise PermissionDenied
    form = forms.AuthorityForm(request.POST or None)

    def effect() -> tuple[str, str]:
        made = services.add_authority(actor=actor, **form.entry())
        return reverse("organisations:unit", args=[made.code]), _("Đã ghi vào danh sách đơn vị.")

    if request.method == "POST" and form.is_valid():
        try:
            return once(request, effect)
        except OrganisationError as error:
            form.add_error(None, str(error))
    return render(request, "organisations/authority_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit's timeline: names, place, what it came from, what became of it, who acts for it."""
    return _unit_page(request, get_object_or_404(OrganisationUnit, code=code))


def _unit_page(
    request: HttpRequest, found: OrganisationUnit, refused: Any = None, about: int = 0, status: int = 200
) -> HttpResponse:
    """The timeline; `refused` is a form with errors about the decision `about` (0: a new one)."""
    actor = actor_of(request)
    story = timeline.tell(found, clock.today())
    acting = story.acting()
    decides = policies.can_decide_acting(actor)
    form, corrections = _decision_forms(story, acting, refused, about) if decides else (None, {})
    context = {
        "unit": found,
        "story": story,
        "moments": story.moments(),
        "acting": acting,
        "decisions": [(d, story.name(d.acting_id, clock.today()), corrections.get(d.pk)) for d in story.mine],
        "deciders": _deciders(story),
        "decide_form": form,
        "undecided": any(not acts.decided for acts in acting),
        "refused": refused,
        "about": about,
        "party": found.kind in PARTIES and policies.can_open_party(actor, found),
    }
    return render(request, "organisations/unit.html", context, status=status)


def _open(acting: list[timeline.Acts]) -> tuple[list[FunctionDomain], list[str]]:
    """Fields in which nobody acts, and codes of those who may be asked to."""
    undecided = [acts for acts in acting if not acts.decided]
    return [d for acts in undecided for d in acts.domains], [unit.code for acts in undecided for unit in acts.units]


def _decision_forms(
    story: timeline.Story, acting: list[timeline.Acts], refused: Any, about: int
) -> tuple[forms.ActingForm | None, dict[int, forms.CorrectActingForm]]:
    """The form of a new decision where one is open, and the form that corrects each decision in force."""
    domains, likely = _open(acting)
    if not domains and not story.mine:
        return None, {}
    able = forms.able_choices(likely)
    corrections = {
        d.pk: forms.CorrectActingForm(
            initial={"acting": d.acting.code, "document": d.document}, able=able, auto_id=f"correct-{d.pk}-%s"
        )
        for d in story.mine
    }
    if about and isinstance(refused, forms.CorrectActingForm):
        corrections[about] = refused
    if isinstance(refused, forms.ActingForm):
        return refused, corrections
    return (forms.ActingForm(domains=domains, able=able) if domains else None), corrections


def _deciders(story: timeline.Story) -> dict[int, str]:
    ids = [d.recorded_by for d in story.mine if d.recorded_by]
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "full_name")) if ids else {}


def _decide(
    request: HttpRequest, found: OrganisationUnit, form: Any, about: int, effect: Callable[[], tuple[str, str]]
) -> HttpResponse:
    """Run the decision once; what refuses it is shown on the unit's page."""
    if not policies.can_decide_acting(actor_of(request)):
        raise PermissionDenied
    if not form.is_valid():
        return _unit_page(request, found, form, about, 422)
    try:
        return once(request, effect)
    except OrganisationError as error:
        form.add_error(None, str(error))
    except (IntegrityError, Superseded):
        form.add_error(None, _("Người khác vừa quyết định việc này. Xem lại phần “Hiện nay ai làm thay”."))
    return _unit_page(request, found, form, about, 409)


@login_required
@require_POST
def decide_acting(request: HttpRequest, code: str) -> HttpResponse:
    """Decide who acts for a unit that exists no more."""
    found = get_object_or_404(OrganisationUnit, code=code)
    domains, likely = _open(timeline.tell(found, clock.today()).acting())
    form = forms.ActingForm(request.POST, domains=domains, able=forms.able_choices(likely))

    def effect() -> tuple[str, str]:
        services.decide_acting(actor=actor_of(request), unit=found, **form.decided())
        return reverse("organisations:unit", args=[code]), _("Đã ghi quyết định. Số liệu và nghĩa vụ về sau theo đó.")

    return _decide(request, found, form, 0, effect)


@login_required
@require_POST
def correct_acting(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Decide anew who acts."""
    seen = get_object_or_404(ActingDecision.objects.select_related("unit"), pk=pk, unit__code=code)
    form = forms.CorrectActingForm(request.POST, able=forms.able_choices(()), auto_id=f"correct-{pk}-%s")

    def effect() -> tuple[str, str]:
        services.correct_acting(actor=actor_of(request), seen=seen, **form.decided())
        return reverse("organisations:unit", args=[code]), _("Đã sửa quyết định. Quyết định cũ còn trong lịch sử.")

    return _decide(request, seen.unit, form, pk, effect)


@login_required
@require_POST
def undo_acting(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a decision back."""
    seen = get_object_or_404(ActingDecision.objects.select_related("unit"), pk=pk, unit__code=code)
    form = forms.ReasonForm(request.POST)

    def effect() -> tuple[str, str]:
        services.undo_acting(actor=actor_of(request), seen=seen, **form.cleaned_data)
        return reverse("organisations:unit", args=[code]), _("Đã rút lại quyết định.")

    return _decide(request, seen.unit, form, pk, effect)
