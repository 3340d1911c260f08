"""Courses: list, sheet, detail, add, correct, void."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.files.responses import attachment
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.policies import can_merge_people, sees_whole_province
from chuan.organisations.queries import unit_names
from chuan.registers import sheets
from chuan.registers.forms import FileForm, ReasonForm, Shelf
from chuan.registers.queries import after, place_of
from chuan.registers.register import Words
from chuan.registers.rules import MAX_SHEET, PAGE
from chuan.registers.saving import XLSX, save, seen_in, seen_key, sent
from chuan.registers.taking import take_in
from chuan.training import forms, policies, queries, services
from chuan.training.models import CourseFacts
from chuan.training.register import COURSES
from chuan.training.suspects import other_records
from chuan.training.views import history
from chuan.training.views.common import correctable, facts_or_404


def _chosen(request: HttpRequest) -> tuple[forms.FilterForm, dict[str, Any]]:
    actor = actor_of(request)
    if not policies.can_list(actor):
        raise PermissionDenied
    form = forms.FilterForm(request.GET, years=queries.years(actor))
    form.is_valid()
    # A filter that is not understood is left out; the others hold.
    data = form.cleaned_data
    return form, {"query": data.get("q", ""), "year": data.get("year"), "kind": data.get("kind", "")}


@login_required
@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """The register, newest first, found by any word without diacritics."""
    form, chosen = _chosen(request)
    actor = actor_of(request)
    found, paged = after(COURSES, queries.courses(actor, **chosen), request.GET.get("after", ""))
    rows = list(found[: PAGE + 1])
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "names": unit_names(),
        "others": other_records(facts.course_id for facts in rows[:PAGE]),
        "more": place_of(COURSES, rows[PAGE - 1]) if len(rows) > PAGE else "",
        "filtered": any(chosen.values()),
        "paged": paged,
        "can_record": policies.can_record(actor),
        "can_merge": can_merge_people(actor),
        "sees_all": sees_whole_province(actor),
    }
    return render(request, "training/courses.html", context)


@login_required
@require_GET
def courses_sheet(request: HttpRequest) -> HttpResponse:
    """The register as Excel, in the form in which it can come back: the rows of the page, at most 20,000."""
    _form, chosen = _chosen(request)
    actor = actor_of(request)
    content = sheets.write(COURSES, queries.courses(actor, **chosen)[:MAX_SHEET], Words(COURSES, Shelf(actor)))
    return attachment(content, f"dao-tao-{clock.today():%Y%m%d}.xlsx", XLSX)


@login_required
@require_http_methods(["GET", "POST"])
def take_courses(request: HttpRequest) -> HttpResponse:
    """A file of courses is checked, shown row by row, and taken in whole or not at all."""
    if not policies.can_record(actor_of(request)):
        raise PermissionDenied
    pages = {"list": "courses", "sheet": "courses-sheet", "import": "course-import", "new": "new-course"}
    urls = {name: reverse(f"training:{page}") for name, page in pages.items()}
    return take_in(request, COURSES, {"register": COURSES, "urls": urls, "can_record": True})


@login_required
@require_GET
def course(request: HttpRequest, code: str) -> HttpResponse:
    """One course: facts, list, files, history."""
    return render(request, "training/course.html", course_context(request, facts_or_404(request, code)))


def course_context(request: HttpRequest, facts: CourseFacts, **more: Any) -> dict[str, Any]:
    """What the course page shows; `more` are forms that were sent and refused."""
    names = unit_names()
    lines = list(queries.attendance_lines(facts.course))
    told = history.tell(facts.course, names=names, lines=queries.line_names(facts.course))
    return {
        "facts": facts,
        "current": facts,
        "course": facts.course,
        "voided": next((h for h in reversed(told) if h.entry.action == "training.void_course"), None),
        "lines": lines,
        "totals": queries.totals(lines),
        "attachments": list(queries.attachments(facts.course)),
        "history": told,
        "names": names,
        "others": other_records([facts.course_id]).get(facts.course_id, []),
        "sees_all": sees_whole_province(actor_of(request)),
        "can_correct": facts.voided_at is None and policies.can_correct(actor_of(request), facts),
        "file_form": FileForm(),
        "seen": facts.pk,
        **more,
    }


@login_required
@require_http_methods(["GET", "POST"])
def new_course(request: HttpRequest) -> HttpResponse:
    """Add a course that one's own unit keeps."""
    actor = actor_of(request)
    if not policies.can_record(actor):
        raise PermissionDenied
    owner = get_object_or_404(OrganisationUnit, pk=actor.unit_id)
    initial = {"organiser": unit_names().get(owner.pk, "")}
    form = forms.CourseForm(sent(request), initial=initial, shelf=Shelf(actor))
    if request.method == "POST" and form.is_valid():

        def effect() -> tuple[str, str]:
            made = services.add_course(actor=actor, owner=owner, entry=form.entry())
            return reverse("training:course", args=[made.code]), _("Đã ghi lớp. Tiếp theo, nhập danh sách học viên.")

        return save(request, form, effect, "training/course_form.html", dict)
    return render(request, "training/course_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def correct_course(request: HttpRequest, code: str) -> HttpResponse:
    """Say a course anew; the statement that was on the screen must still be in force."""
    facts = correctable(request, code)
    shelf = Shelf(actor_of(request))
    initial = forms.CourseForm.initial_of(facts, shelf)
    form = forms.CourseForm(sent(request), initial=initial, shelf=shelf, seen=facts, why=True)
    if request.method == "POST" and form.is_valid():
        seen = _seen(request, facts)

        def effect() -> tuple[str, str]:
            reason = form.cleaned_data["reason"]
            services.correct_course(actor=actor_of(request), seen=seen, entry=form.entry(), reason=reason)
            return reverse("training:course", args=[code]), _("Đã sửa. Nội dung cũ còn trong lịch sử.")

        return save(request, form, effect, "training/course_form.html", lambda: _compared(request, code, form))
    context = {"form": form, "facts": facts, "course": facts.course, "seen": seen_key(request, facts)}
    return render(request, "training/course_form.html", context, status=422 if form.errors else 200)


def _compared(request: HttpRequest, code: str, form: forms.CourseForm) -> dict[str, Any]:
    """The statement in force beside what was typed, and who said it."""
    facts = facts_or_404(request, code)
    told = [e for e in history.entries(facts.course) if e.subject_table != "training_attendance"]
    return {
        "facts": facts,
        "current": facts,
        "course": facts.course,
        "seen": seen_key(request, facts),
        "differences": history.WORDS.differences(facts, form.facts(), history.names_of(unit_names())),
        "last": told[-1] if told else None,
    }


@login_required
@require_POST
def void_course(request: HttpRequest, code: str) -> HttpResponse:
    """Take a course back, with the reason."""
    facts = correctable(request, code)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "training/course.html", course_context(request, facts, void_form=form), status=422)
    seen = _seen(request, facts)

    def effect() -> tuple[str, str]:
        services.void_course(actor=actor_of(request), seen=seen, reason=form.cleaned_data["reason"])
        return reverse("training:course", args=[code]), _("Đã hủy lớp. Lớp không còn được tính; lịch sử vẫn xem được.")

    def shown() -> dict[str, Any]:
        return course_context(request, facts_or_404(request, code), void_form=form)

    return save(request, form, effect, "training/course.html", shown)


def _seen(request: HttpRequest, facts: CourseFacts) -> CourseFacts:
    """The statement that the page showed; a statement of another course, or none, is not found."""
    others = policies.visible_to(actor_of(request)).filter(course=facts.course)
    seen: CourseFacts = seen_in(request, facts, others.select_related(*queries.WITH))
    return seen
