"""Pages of people: suspected to be one, decided, taken back, corrected."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.accounts.models import User
from chuan.ledger.errors import Superseded
from chuan.organisations import forms, policies, queries, services
from chuan.organisations.errors import OrganisationError
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import PeopleDiffer, PersonFacts, PersonMerge
from chuan.web.idempotency import once

Effect = Callable[[], tuple[str, str]]


@login_required
@require_GET
def suspects(request: HttpRequest) -> HttpResponse:
    """Records whose names are alike, side by side, and the merges in force."""
    return _people_page(request)


def _people_page(
    request: HttpRequest,
    refused: forms.Decision | None = None,
    about: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The page of suspects; `refused` is a form with errors about `about`: a pair, or a decision's kind and key."""
    actor = actor_of(request)
    if not policies.can_merge_people(actor):
        raise PermissionDenied
    names = queries.unit_names()
    pairs = queries.duplicate_suspects(policies.visible_people(actor))
    merges = queries.merges_in_force()
    differences = queries.differences_in_force()
    deciders = [row.recorded_by for row, *_names in (*merges, *differences) if row.recorded_by]
    context = {
        "pairs": [forms.Pair.of(found, names, refused if found.codes == about else None) for found in pairs],
        "merges": merges,
        "differences": differences,
        "deciders": dict(User.objects.filter(pk__in=deciders).values_list("pk", "full_name")),
        "refused": refused,
        "about": about,
    }
    return render(request, "organisations/suspects.html", context, status=status)


def _pair(request: HttpRequest, code: str, other: str) -> list[PersonFacts]:
    """Two different people whom the specialist sees, in the order of the address."""
    if not policies.can_merge_people(actor_of(request)):
        raise PermissionDenied
    people = policies.visible_people(actor_of(request)).filter(person__code__in=[code, other])
    found = sorted(people.select_related("person"), key=lambda facts: facts.person.code != code)
    if len(found) != 2:
        raise Http404
    return found


def _decide(request: HttpRequest, form: forms.Decision, about: Any, effect: Effect) -> HttpResponse:
    """Run the decision once; what refuses it is shown on the page of suspects."""
    try:
        return once(request, effect)
    except OrganisationError as error:
        form.add_error(None, str(error))
    except (IntegrityError, Superseded):
        form.add_error(None, _("Người khác vừa quyết định việc này. Xem lại danh sách bên dưới."))
    return _people_page(request, form, about, 409)


@login_required
@require_POST
def merge(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Decide that two records are one person; the form says which stays the main one."""
    pair = _pair(request, code, other)
    form = forms.MergeForm(request.POST, people=pair)
    if not form.is_valid():
        return _people_page(request, form, (code, other), 422)
    keep, basis = form.cleaned_data["keep"], form.cleaned_data["basis"]
    main, duplicate = sorted((p.person for p in pair), key=lambda person: person.code != keep)

    def effect() -> tuple[str, str]:
        services.merge_people(actor=actor_of(request), duplicate=duplicate, canonical=main, basis=basis)
        said = _("Đã gộp %(duplicate)s vào %(main)s.") % {"duplicate": duplicate.code, "main": main.code}
        return reverse("organisations:suspects"), said

    return _decide(request, form, (code, other), effect)


@login_required
@require_POST
def tell_apart(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Decide that two records are two people."""
    one, two = _pair(request, code, other)
    form = forms.ApartForm(request.POST)
    if not form.is_valid():
        return _people_page(request, form, (code, other), 422)

    def effect() -> tuple[str, str]:
        services.tell_apart(actor=actor_of(request), one=one.person, other=two.person, **form.cleaned_data)
        said = _("Đã ghi: %(one)s và %(other)s là hai người.") % {"one": one.person.code, "other": two.person.code}
        return reverse("organisations:suspects"), said

    return _decide(request, form, (code, other), effect)


@login_required
@require_POST
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back: two records again."""
    if not policies.can_merge_people(actor_of(request)):
        raise PermissionDenied
    decision = get_object_or_404(PersonMerge.objects.select_related("duplicate", "canonical"), pk=pk)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return _people_page(request, form, ("merge", pk), 422)

    def effect() -> tuple[str, str]:
        services.undo_merge(actor=actor_of(request), merge=decision, **form.cleaned_data)
        codes = {"duplicate": decision.duplicate.code, "main": decision.canonical.code}
        return reverse("organisations:suspects"), _("Đã tách lại %(duplicate)s khỏi %(main)s.") % codes

    return _decide(request, form, ("merge", pk), effect)


@login_required
@require_POST
def undo_tell_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that two records are two people."""
    if not policies.can_merge_people(actor_of(request)):
        raise PermissionDenied
    decision = get_object_or_404(PeopleDiffer.objects.select_related("first", "second"), pk=pk)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return _people_page(request, form, ("differ", pk), 422)

    def effect() -> tuple[str, str]:
        services.undo_tell_apart(actor=actor_of(request), decision=decision, **form.cleaned_data)
        codes = {"one": decision.first.code, "other": decision.second.code}
        said = _("Đã rút lại quyết định %(one)s và %(other)s là hai người.") % codes
        return reverse("organisations:suspects"), said

    return _decide(request, form, ("differ", pk), effect)


@login_required
@require_http_methods(["GET", "POST"])
def correct_person(request: HttpRequest, code: str) -> HttpResponse:
    """Correct a person's name, position or contact."""
    current = _person(request, code)
    form = forms.PersonForm(request.POST or None, initial=forms.PersonForm.initial_of(current))
    if request.method != "POST" or not form.is_valid():
        return _person_page(request, form, current, 422 if form.errors else 200)
    seen = get_object_or_404(PersonFacts, pk=form.cleaned_data.pop("seen"), person=current.person)

    def effect() -> tuple[str, str]:
        services.correct_person(actor=actor_of(request), seen=seen, **form.cleaned_data)
        return _way_back(request), _("Đã sửa thông tin của %(code)s.") % {"code": code}

    try:
        return once(request, effect)
    except Superseded:
        form.add_error(
            None, _("Người khác vừa sửa bản ghi này. Nội dung bạn gõ vẫn còn; so với hiện trạng rồi gửi lại.")
        )
        return _person_page(request, form, _person(request, code), 409)


def _person(request: HttpRequest, code: str) -> PersonFacts:
    """What is said of a person the actor sees and may correct: unseen is 404, seen but not theirs to correct 403."""
    seen = policies.visible_people(actor_of(request)).select_related("person", "employer")
    current = get_object_or_404(seen, person__code=code)
    if not policies.can_correct_person(actor_of(request), current):
        raise PermissionDenied
    return current


def _person_page(request: HttpRequest, form: forms.PersonForm, current: PersonFacts, status: int) -> HttpResponse:
    """The form; after a conflict (409) what is in force stands above what was typed, and has now been seen."""
    context = {
        "form": form,
        "current": current,
        "employer": queries.unit_names().get(current.employer_id or 0, ""),
        "seen": current.pk if status != 422 else request.POST.get("seen", ""),
        "conflict": status == 409,
        "back": _way_back(request),
    }
    return render(request, "organisations/person_form.html", context, status=status)


def _way_back(request: HttpRequest) -> str:
    """The page on this site from which the form was opened."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("organisations:units")
