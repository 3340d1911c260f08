"""Courses that two units may both have recorded: side by side, decided, taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

from chuan.accounts.models import User
from chuan.ledger.errors import Superseded
from chuan.organisations.middleware import actor_of
from chuan.organisations.queries import unit_names
from chuan.registers.errors import RegisterError
from chuan.registers.forms import ReasonForm
from chuan.training import deciding, forms, policies
from chuan.training import suspects as reads
from chuan.training.models import CourseFacts, CourseMerge, CoursesDiffer
from chuan.training.views.history import LABELS, WORDS, names_of
from chuan.web.idempotency import once

#: What two records are compared by.
COMPARED = ("title", "start", "end", "place_id", "venue", "organiser", "basis", "kind", "on_metrology")


@dataclass(frozen=True)
class Pair:
    """Two records side by side: what each says, what deciding would do, and the two answers."""

    found: reads.Suspects
    #: (label, of the one, of the other, whether they differ)
    rows: list[tuple[str, str, str, bool]]
    #: Of the main record's code: what it would do to the figures.
    effects: list[tuple[str, reads.Effect]]
    one_form: Form
    two_form: Form

    @property
    def is_same_effect(self) -> bool:
        """It does not matter to the figures which is the main record."""
        return self.effects[0][1] == self.effects[1][1]


def _pair(
    found: reads.Suspects, lists: Mapping[int, reads.Learners], names: Mapping[int, str], refused: Form | None
) -> Pair:
    one, other = found.one, found.other
    prefix = f"{one.course_id}-{other.course_id}"
    one_form: Form = forms.OneCourseForm(pair=(one, other), names=names, auto_id=f"one-{prefix}-%s")
    apart: Form = forms.TwoCoursesForm(auto_id=f"two-{prefix}-%s")
    if isinstance(refused, forms.OneCourseForm):
        one_form = refused
    elif refused is not None:
        apart = refused
    here, there = lists[one.course_id], lists[other.course_id]
    effects = [(found.codes[0], reads.Effect.of(here, there)), (found.codes[1], reads.Effect.of(there, here))]
    return Pair(found, _compared(one, other, names), effects, one_form, apart)


def _compared(one: CourseFacts, other: CourseFacts, names: Mapping[int, str]) -> list[tuple[str, str, str, bool]]:
    units = names_of(names)
    rows = [(str(_("Đơn vị quản lý bản ghi")), names.get(one.owner_id, ""), names.get(other.owner_id, ""), True)]
    for fact in COMPARED:
        a, b = (WORDS.say(fact, getattr(said, fact), units) for said in (one, other))
        if a or b:
            rows.append((str(LABELS[fact]), a, b, a != b))
    return rows


@login_required
@require_GET
def suspects(request: HttpRequest) -> HttpResponse:
    """Records of two units that look like one course, side by side, and what was decided."""
    return _page(request)


def _page(request: HttpRequest, refused: Form | None = None, about: Any = None, status: int = 200) -> HttpResponse:
    """The page of suspects; `refused` is a form with errors about `about`: a pair, or a decision's kind and key."""
    _require(request)
    names = unit_names()
    found = reads.course_suspects(policies.visible_to(actor_of(request)))
    merges, differences = reads.merges_in_force(), reads.differences_in_force()
    decided = {pk for m in merges for pk in (m.duplicate_id, m.canonical_id)}
    decided |= {pk for d in differences for pk in (d.first_id, d.second_id)}
    lists = reads.learners({facts.course_id for pair in found for facts in (pair.one, pair.other)})
    deciders = [row.recorded_by for row in (*merges, *differences) if row.recorded_by]
    context = {
        "pairs": [_pair(one, lists, names, refused if one.codes == about else None) for one in found],
        "shown": reads.SHOWN,
        "merges": merges,
        "differences": differences,
        "said": reads.last_said(decided),
        "names": names,
        "deciders": dict(User.objects.filter(pk__in=deciders).values_list("pk", "full_name")),
        "refused": refused,
        "about": about,
    }
    return render(request, "training/suspects.html", context, status=status)


def _require(request: HttpRequest) -> None:
    if not policies.can_merge(actor_of(request)):
        raise PermissionDenied


def _two(request: HttpRequest, code: str, other: str) -> list[CourseFacts]:
    """Two different courses in force, in the order of the address."""
    _require(request)
    seen = policies.visible_to(actor_of(request)).filter(voided_at__isnull=True, course__code__in=[code, other])
    found = sorted(seen.select_related("course"), key=lambda facts: facts.course.code != code)
    if len(found) != 2:
        raise Http404
    return found


def _decide(request: HttpRequest, form: Form, about: Any, effect: Callable[[], None], said: str) -> HttpResponse:
    """Run the decision once; what refuses it is shown on the page of suspects."""

    def told() -> tuple[str, str]:
        effect()
        return reverse("training:suspects"), said

    try:
        return once(request, told)
    except RegisterError as error:
        form.add_error(None, str(error))
    except (IntegrityError, Superseded):
        form.add_error(None, _("Người khác vừa quyết định việc này. Xem lại danh sách bên dưới."))
    return _page(request, form, about, 409)


@login_required
@require_POST
def merge(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Decide that two records are one course; the form says which is the main one."""
    pair = _two(request, code, other)
    form = forms.OneCourseForm(request.POST, pair=pair, names=unit_names())
    if not form.is_valid():
        return _page(request, form, (code, other), 422)
    keep, basis = form.cleaned_data["keep"], form.cleaned_data["basis"]
    main, double = sorted((facts.course for facts in pair), key=lambda course: course.code != keep)

    def effect() -> None:
        deciding.merge_courses(actor=actor_of(request), duplicate=double, canonical=main, basis=basis)

    said = _("Đã ghi %(double)s và %(main)s là một lớp, bản chính là %(main)s.")
    return _decide(request, form, (code, other), effect, said % {"double": double.code, "main": main.code})


@login_required
@require_POST
def tell_apart(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Decide that two records are two courses."""
    one, two = _two(request, code, other)
    form = forms.TwoCoursesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, (code, other), 422)

    def effect() -> None:
        deciding.tell_courses_apart(actor=actor_of(request), one=one.course, other=two.course, **form.cleaned_data)

    said = _("Đã ghi %(one)s và %(other)s là hai lớp.") % {"one": code, "other": other}
    return _decide(request, form, (code, other), effect, said)


@login_required
@require_POST
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back that two records are one course."""
    _require(request)
    decision = get_object_or_404(CourseMerge.objects.select_related("duplicate", "canonical"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, ("merge", pk), 422)

    def effect() -> None:
        deciding.undo_course_merge(actor=actor_of(request), merge=decision, **form.cleaned_data)

    codes = {"double": decision.duplicate.code, "main": decision.canonical.code}
    return _decide(request, form, ("merge", pk), effect, _("Đã tách lại %(double)s khỏi %(main)s.") % codes)


@login_required
@require_POST
def undo_tell_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back that two records are two courses."""
    _require(request)
    decision = get_object_or_404(CoursesDiffer.objects.select_related("first", "second"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, ("differ", pk), 422)

    def effect() -> None:
        deciding.undo_tell_courses_apart(actor=actor_of(request), decision=decision, **form.cleaned_data)

    codes = {"one": decision.first.code, "other": decision.second.code}
    said = _("Đã rút lại quyết định %(one)s và %(other)s là hai lớp.") % codes
    return _decide(request, form, ("differ", pk), effect, said)
