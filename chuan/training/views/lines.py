"""Lines of a course's list: add, paste, correct, void."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from chuan.organisations.middleware import actor_of
from chuan.training import forms, queries, services
from chuan.training.models import AttendanceFacts, CourseFacts
from chuan.training.views.common import correctable, save


@login_required
@require_http_methods(["GET", "POST"])
def new_line(request: HttpRequest, code: str) -> HttpResponse:
    """Add a person or a claimed count; a name that is known asks who it is."""
    facts = correctable(request, code)
    name = request.POST.get("full_name", "")
    suspects = queries.same_names(actor_of(request), name) if name.strip() else []
    form = forms.LineForm(request.POST or None, suspects=suspects)
    context = {"form": form, "facts": facts, "course": facts.course}
    if request.method == "POST" and form.is_valid():

        def effect() -> tuple[str, str]:
            services.add_attendance(actor=actor_of(request), course=facts.course, entry=form.entry())
            again = "again" in request.POST
            route = "training:new-line" if again else "training:course"
            return reverse(route, args=[code]), _("Đã thêm vào danh sách.")

        return save(request, form, effect, "training/line_form.html", context)
    return render(request, "training/line_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def paste(request: HttpRequest, code: str) -> HttpResponse:
    """Add a whole list at once, or none of it."""
    facts = correctable(request, code)
    form = forms.PasteForm(request.POST or None)
    context = {"form": form, "facts": facts, "course": facts.course}
    if request.method == "POST" and form.is_valid():

        def effect() -> tuple[str, str]:
            n = services.add_attendances(actor=actor_of(request), course=facts.course, entries=form.entries())
            said = ngettext("Đã thêm %(n)s người.", "Đã thêm %(n)s người.", n) % {"n": n}
            return reverse("training:course", args=[code]), said

        return save(request, form, effect, "training/paste_form.html", context)
    return render(request, "training/paste_form.html", context, status=422 if form.errors else 200)


def _line(facts: CourseFacts, code: str) -> AttendanceFacts:
    line = queries.live_line(facts.course, code)
    if line is None:
        raise Http404
    return line


def _seen(request: HttpRequest, line: AttendanceFacts) -> AttendanceFacts:
    """The statement that the page showed, of the same line."""
    pk = request.POST.get("seen", "")
    if not pk.isdigit() or int(pk) == line.pk:
        return line
    found = AttendanceFacts.objects.filter(pk=int(pk), attendance=line.attendance).select_related("attendance__course")
    seen = found.first()
    if seen is None:
        raise Http404
    return seen


@login_required
@require_http_methods(["GET", "POST"])
def correct_line(request: HttpRequest, code: str, line: str) -> HttpResponse:
    """Say a line anew."""
    facts = correctable(request, code)
    current = _line(facts, line)
    form = forms.CorrectLineForm(request.POST or None, initial=forms.CorrectLineForm.initial_of(current))
    context = {"form": form, "facts": facts, "course": facts.course, "line": current}
    if request.method == "POST" and form.is_valid():
        seen, reason = _seen(request, current), form.cleaned_data["reason"]

        def effect() -> tuple[str, str]:
            services.correct_attendance(actor=actor_of(request), seen=seen, reason=reason, **form.facts())
            return reverse("training:course", args=[code]), _("Đã sửa. Nội dung cũ còn trong lịch sử.")

        return save(request, form, effect, "training/line_form.html", context)
    return render(request, "training/line_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def void_line(request: HttpRequest, code: str, line: str) -> HttpResponse:
    """Take a line back."""
    facts = correctable(request, code)
    current = _line(facts, line)
    form = forms.ReasonForm(request.POST)
    context = {"form": form, "facts": facts, "course": facts.course, "line": current, "voiding": True}
    if not form.is_valid():
        return render(request, "training/line_form.html", context, status=422)
    seen = _seen(request, current)

    def effect() -> tuple[str, str]:
        services.void_attendance(actor=actor_of(request), seen=seen, reason=form.cleaned_data["reason"])
        return reverse("training:course", args=[code]), _("Đã huỷ dòng này khỏi danh sách.")

    return save(request, form, effect, "training/line_form.html", context)
