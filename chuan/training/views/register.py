"""Courses: list, sheet, detail, add, correct, void."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.files.responses import attachment
from chuan.lib import clock
from chuan.lib.dates import NotADate, parse_date
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.policies import can_merge_people, sees_whole_province
from chuan.organisations.queries import unit_names
from chuan.rendering.sheets import Column, write_sheet
from chuan.training import forms, policies, queries, services
from chuan.training.models import CourseFacts
from chuan.training.rules import ActivityKind
from chuan.training.views import history
from chuan.training.views.common import correctable, facts_or_404, key_of, save

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_SHEET = 20_000


def _chosen(request: HttpRequest) -> tuple[forms.FilterForm, dict[str, Any]]:
    actor = actor_of(request)
    if not policies.can_list(actor):
        raise PermissionDenied
    form = forms.FilterForm(request.GET, years=queries.years(actor))
    form.is_valid()
    # A filter that is not understood is left out; the others hold.
    data = form.cleaned_data
    return form, {"query": data.get("q", ""), "year": data.get("year"), "kind": data.get("kind", "")}


def _after(request: HttpRequest) -> tuple[str, int] | None:
    """The last row of the page before, as the pager's link says it."""
    end, _sep, key = request.GET.get("after", "").partition("_")
    try:
        return parse_date(end).isoformat(), key_of(key)
    except NotADate:
        return None


@login_required
@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """The register, newest first, found by any word without diacritics."""
    form, chosen = _chosen(request)
    actor, after = actor_of(request), _after(request)
    rows = list(queries.courses(actor, **chosen, after=after)[: queries.PAGE + 1])
    more = rows[queries.PAGE - 1] if len(rows) > queries.PAGE else None
    context = {
        "form": form,
        "rows": rows[: queries.PAGE],
        "names": unit_names(),
        "more": f"{more.end.isoformat()}_{more.course_id}" if more else "",
        "filtered": any(chosen.values()),
        "paged": after is not None,
        "can_record": policies.can_record(actor),
        "can_merge": can_merge_people(actor),
        "sees_all": sees_whole_province(actor),
    }
    return render(request, "training/courses.html", context)


@login_required
@require_GET
def courses_sheet(request: HttpRequest) -> HttpResponse:
    """The register as Excel: the same rows as the page, at most 20,000."""
    _form, chosen = _chosen(request)
    rows = _sheet_rows(queries.courses(actor_of(request), **chosen)[:MAX_SHEET])
    title = _("Sổ theo dõi đào tạo, bồi dưỡng về đo lường")
    return attachment(write_sheet(title, _sheet_columns(), rows), f"dao-tao-{clock.today():%Y%m%d}.xlsx", XLSX)


def _sheet_columns() -> list[Column]:
    return [
        Column(_("Mã"), 10),
        Column(_("Tên lớp, nội dung"), 50),
        Column(_("Loại hoạt động"), 26),
        Column(_("Bắt đầu"), 12, "date"),
        Column(_("Kết thúc"), 12, "date"),
        Column(_("Địa bàn"), 22),
        Column(_("Đơn vị tổ chức"), 30),
        Column(_("Lượt học viên"), 10, "count"),
        Column(_("Đơn vị ghi"), 22),
    ]


def _sheet_rows(found: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    names, kinds = unit_names(), dict(ActivityKind.choices)
    for f in found:
        place, owner = names.get(f.place_id or 0, ""), names.get(f.owner_id, "")
        yield f.course.code, f.title, str(kinds[f.kind]), f.start, f.end, place, f.organiser, f.learners, owner


@login_required
@require_GET
def course(request: HttpRequest, code: str) -> HttpResponse:
    """One course: facts, list, files, history."""
    return render(request, "training/course.html", course_context(request, facts_or_404(request, code)))


def course_context(request: HttpRequest, facts: CourseFacts, **more: Any) -> dict[str, Any]:
    """What the course page shows; `more` are forms that were sent and refused."""
    names = unit_names()
    told = history.tell(queries.history(facts.course), names=names, lines=queries.line_names(facts.course))
    return {
        "facts": facts,
        "current": facts,
        "course": facts.course,
        "voided": next((h for h in reversed(told) if h.entry.action == "training.void_course"), None),
        "lines": list(queries.attendance_lines(facts.course)),
        "totals": queries.totals(facts.course),
        "attachments": list(queries.attachments(facts.course)),
        "history": told,
        "names": names,
        "can_correct": facts.voided_at is None and policies.can_correct(actor_of(request), facts),
        "file_form": forms.FileForm(),
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
    form = forms.CourseForm(request.POST or None, initial={"organiser": unit_names().get(owner.pk, "")})
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
    form = forms.CorrectCourseForm(request.POST or None, initial=forms.CourseForm.initial_of(facts))
    if request.method == "POST" and form.is_valid():
        seen = _seen(request, facts)

        def effect() -> tuple[str, str]:
            reason = form.cleaned_data["reason"]
            services.correct_course(actor=actor_of(request), seen=seen, entry=form.entry(), reason=reason)
            return reverse("training:course", args=[code]), _("Đã sửa. Nội dung cũ còn trong lịch sử.")

        return save(request, form, effect, "training/course_form.html", lambda: _compared(request, code, form))
    # A form with an error still answers to the statement that its reader saw.
    seen_pk = key_of(request.POST.get("seen", "")) or facts.pk
    context = {"form": form, "facts": facts, "course": facts.course, "seen": seen_pk}
    return render(request, "training/course_form.html", context, status=422 if form.errors else 200)


def _compared(request: HttpRequest, code: str, form: forms.CourseForm) -> dict[str, Any]:
    """The statement in force beside what was typed, and who said it."""
    facts = facts_or_404(request, code)
    told = [e for e in queries.history(facts.course) if e.subject_table == "training_course"]
    return {
        "facts": facts,
        "current": facts,
        "course": facts.course,
        "seen": key_of(request.POST.get("seen", "")),
        "differences": history.differences(facts, form.entry().facts(), unit_names()),
        "last": told[-1] if told else None,
    }


@login_required
@require_POST
def void_course(request: HttpRequest, code: str) -> HttpResponse:
    """Take a course back, with the reason."""
    facts = correctable(request, code)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "training/course.html", course_context(request, facts, void_form=form), status=422)
    seen = _seen(request, facts)

    def effect() -> tuple[str, str]:
        services.void_course(actor=actor_of(request), seen=seen, reason=form.cleaned_data["reason"])
        return reverse("training:course", args=[code]), _("Đã huỷ lớp. Lớp không còn được tính; lịch sử vẫn xem được.")

    def shown() -> dict[str, Any]:
        return course_context(request, facts_or_404(request, code), void_form=form)

    return save(request, form, effect, "training/course.html", shown)


def _seen(request: HttpRequest, facts: CourseFacts) -> CourseFacts:
    """The statement that the page showed; a statement of another course, or none, is not found."""
    pk = key_of(request.POST.get("seen", ""))
    if pk == facts.pk:
        return facts
    found = policies.visible_to(actor_of(request)).filter(course=facts.course, pk=pk)
    seen = found.select_related("course", "owner", "place").first()
    if seen is None:
        raise Http404
    return seen
