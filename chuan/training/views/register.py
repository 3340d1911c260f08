"""Courses: list, sheet, detail, add, correct, void."""

from collections.abc import Iterator
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
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.policies import sees_whole_province
from chuan.organisations.queries import unit_names
from chuan.rendering.sheets import Column, write_sheet
from chuan.training import forms, policies, queries, services
from chuan.training.models import CourseFacts
from chuan.training.rules import ActivityKind
from chuan.training.views.common import correctable, facts_or_404, save

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _chosen(request: HttpRequest) -> tuple[forms.FilterForm, dict[str, Any]]:
    actor = actor_of(request)
    if not policies.can_list(actor):
        raise PermissionDenied
    form = forms.FilterForm(request.GET, years=queries.years(actor))
    data = form.cleaned_data if form.is_valid() else {}
    return form, {"query": data.get("q", ""), "year": data.get("year"), "kind": data.get("kind", "")}


@login_required
@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """The register, newest first, found by any word without diacritics."""
    form, chosen = _chosen(request)
    end, _sep, key = request.GET.get("after", "").partition("_")
    after = (end, int(key)) if key.isdigit() and len(end) == 10 else None
    rows = list(queries.courses(actor_of(request), **chosen, after=after)[: queries.PAGE + 1])
    more = rows[queries.PAGE - 1] if len(rows) > queries.PAGE else None
    context = {
        "form": form,
        "rows": rows[: queries.PAGE],
        "names": unit_names(),
        "more": f"{more.end.isoformat()}_{more.course_id}" if more else "",
        "filtered": any(chosen.values()),
        "can_record": policies.can_record(actor_of(request)),
        "sees_all": sees_whole_province(actor_of(request)),
    }
    return render(request, "training/courses.html", context)


@login_required
@require_GET
def courses_sheet(request: HttpRequest) -> HttpResponse:
    """The register as Excel: the same rows as the page, at most 20,000."""
    _form, chosen = _chosen(request)
    names, kinds = unit_names(), dict(ActivityKind.choices)
    columns = [
        Column(_("Mã"), 10),
        Column(_("Tên lớp, nội dung"), 50),
        Column(_("Loại hoạt động"), 26),
        Column(_("Bắt đầu"), 12, "date"),
        Column(_("Kết thúc"), 12, "date"),
        Column(_("Địa bàn"), 22),
        Column(_("Đơn vị tổ chức"), 30),
        Column(_("Học viên"), 10, "count"),
        Column(_("Đơn vị ghi"), 22),
    ]

    def rows() -> Iterator[tuple[Any, ...]]:
        for f in queries.courses(actor_of(request), **chosen)[:20_000]:
            place = names.get(f.place_id or 0, "")
            kind = str(kinds[f.kind])
            yield (
                f.course.code,
                f.title,
                kind,
                f.start,
                f.end,
                place,
                f.organiser,
                f.learners,
                names.get(f.owner_id, ""),
            )

    title = _("Sổ theo dõi đào tạo, bồi dưỡng về đo lường")
    return attachment(write_sheet(title, columns, rows()), f"dao-tao-{clock.today():%Y%m%d}.xlsx", XLSX)


@login_required
@require_GET
def course(request: HttpRequest, code: str) -> HttpResponse:
    """One course: facts, list, files, history."""
    facts = facts_or_404(request, code)
    return render(request, "training/course.html", course_context(request, facts))


def course_context(request: HttpRequest, facts: CourseFacts) -> dict[str, Any]:
    """What the course page shows."""
    return {
        "facts": facts,
        "course": facts.course,
        "voided": facts.voided_at is not None,
        "lines": list(queries.attendance_lines(facts.course)),
        "totals": queries.totals(facts.course),
        "attachments": list(queries.attachments(facts.course)),
        "history": queries.history(facts.course),
        "names": unit_names(),
        "can_correct": facts.voided_at is None and policies.can_correct(actor_of(request), facts),
        "reason_form": forms.ReasonForm(),
        "file_form": forms.FileForm(),
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
    context = {"form": form}
    if request.method == "POST" and form.is_valid():

        def effect() -> tuple[str, str]:
            made = services.add_course(actor=actor, owner=owner, entry=form.entry())
            return reverse("training:course", args=[made.code]), _("Đã ghi lớp. Tiếp theo, nhập danh sách học viên.")

        return save(request, form, effect, "training/course_form.html", context)
    return render(request, "training/course_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def correct_course(request: HttpRequest, code: str) -> HttpResponse:
    """Say a course anew; the statement that was on the screen must still be in force."""
    facts = correctable(request, code)
    form = forms.CorrectCourseForm(request.POST or None, initial=forms.CourseForm.initial_of(facts))
    context = {"form": form, "facts": facts, "course": facts.course, "names": unit_names()}
    if request.method == "POST" and form.is_valid():
        seen = seen_statement(request, facts)

        def effect() -> tuple[str, str]:
            reason = form.cleaned_data["reason"]
            services.correct_course(actor=actor_of(request), seen=seen, entry=form.entry(), reason=reason)
            return reverse("training:course", args=[code]), _("Đã sửa. Nội dung cũ còn trong lịch sử.")

        return save(request, form, effect, "training/course_form.html", context)
    return render(request, "training/course_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def void_course(request: HttpRequest, code: str) -> HttpResponse:
    """Take a course back, with the reason."""
    facts = correctable(request, code)
    form = forms.ReasonForm(request.POST)
    context = {**course_context(request, facts), "reason_form": form}
    if not form.is_valid():
        return render(request, "training/course.html", context, status=422)
    seen = seen_statement(request, facts)

    def effect() -> tuple[str, str]:
        services.void_course(actor=actor_of(request), seen=seen, reason=form.cleaned_data["reason"])
        return reverse("training:course", args=[code]), _("Đã huỷ lớp. Lớp không còn được tính; lịch sử vẫn xem được.")

    return save(request, form, effect, "training/course.html", context)


def seen_statement(request: HttpRequest, facts: CourseFacts) -> CourseFacts:
    """The statement that the page showed; a statement of another course is not found."""
    pk = request.POST.get("seen", "")
    if pk == str(facts.pk) or not pk:
        return facts
    found = policies.visible_to(actor_of(request)).filter(course=facts.course, pk=int(pk) if pk.isdigit() else 0)
    seen = found.select_related("course", "owner", "place").first()
    if seen is None:
        raise Http404
    return seen
