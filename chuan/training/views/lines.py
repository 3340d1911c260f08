"""Lines of a course's list: add, paste, correct, void."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.files.responses import attachment
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.policies import can_correct_person
from chuan.organisations.queries import live_person, unit_names
from chuan.registers import sheets
from chuan.registers.forms import ReasonForm, Shelf
from chuan.registers.register import Words
from chuan.registers.saving import XLSX, save, seen_in, seen_key
from chuan.registers.taking import take_in
from chuan.training import forms, queries, services
from chuan.training.listing import list_of
from chuan.training.models import AttendanceFacts, Course, CourseFacts
from chuan.training.paste import PasteForm, read
from chuan.training.views import history
from chuan.training.views.common import correctable, facts_or_404


@login_required
@require_http_methods(["GET", "POST"])
def new_line(request: HttpRequest, code: str) -> HttpResponse:
    """Add a person or a claimed count; a name that is known asks who it is."""
    facts = correctable(request, code)
    name = request.POST.get("full_name", "")
    suspects = queries.same_names(actor_of(request), name) if name.strip() else []
    initial = {name: request.GET[name] for name in ("employer", "role") if name in request.GET}
    form = forms.LineForm(request.POST or None, initial=initial, on=facts.end, suspects=suspects)
    context = {"form": form, "facts": facts, "course": facts.course}
    if request.method == "POST" and form.is_valid():

        def effect() -> tuple[str, str]:
            services.add_attendance(actor=actor_of(request), course=facts.course, entry=form.entry())
            if "again" not in request.POST:
                return reverse("training:course", args=[code]), _("Đã thêm vào danh sách.")
            same = urlencode({name: form.cleaned_data[name] for name in ("employer", "role")})
            return f"{reverse('training:new-line', args=[code])}?{same}", _("Đã thêm vào danh sách.")

        return save(request, form, effect, "training/line_form.html", lambda: context)
    return render(request, "training/line_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def paste(request: HttpRequest, code: str) -> HttpResponse:
    """Add a whole list at once, or none of it; a name that is known asks who it is."""
    facts = correctable(request, code)
    form = _paste_form(request, facts)
    context = {"form": form, "facts": facts, "course": facts.course}
    if request.method == "POST" and form.is_valid():

        def effect() -> tuple[str, str]:
            n = services.add_attendances(actor=actor_of(request), course=facts.course, entries=form.entries())
            said = ngettext("Đã thêm %(n)s người.", "Đã thêm %(n)s người.", n) % {"n": n}
            return reverse("training:course", args=[code]), said

        return save(request, form, effect, "training/paste_form.html", lambda: context)
    return render(request, "training/paste_form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The list as Excel, in the form in which it can come back."""
    facts = facts_or_404(request, code)
    register, actor = list_of(facts), actor_of(request)
    content = sheets.write(register, register.rows(actor), Words(register, Shelf(actor)))
    return attachment(content, f"{code}-{clock.today():%Y%m%d}.xlsx", XLSX)


@login_required
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet of the list is checked, shown row by row, and taken in whole or not at all."""
    register = list_of(correctable(request, code))
    pages = {"list": "course", "sheet": "lines-sheet", "import": "line-import"}
    urls = {name: reverse(f"training:{page}", args=[code]) for name, page in pages.items()}
    return take_in(request, register, {"register": register, "urls": urls, "can_record": True})


def _paste_form(request: HttpRequest, facts: CourseFacts) -> PasteForm:
    if request.method != "POST":
        return PasteForm(on=facts.end)
    keys = {row.key for row in read(request.POST.get("lines", ""))}
    known = queries.namesakes(actor_of(request), keys)
    return PasteForm(request.POST, on=facts.end, listed=queries.listed_names(facts.course), known=known)


def _line(course: Course, code: str) -> AttendanceFacts:
    """The line's statement in force; of a line taken back the last, so that its page can say so."""
    line = queries.last_line(course, code)
    if line is None:
        raise Http404
    return line


def _seen(request: HttpRequest, line: AttendanceFacts) -> AttendanceFacts:
    """The statement that the page showed, of the same line; of another line, or none, it is not found."""
    others = AttendanceFacts.objects.filter(attendance=line.attendance).select_related("attendance__course")
    seen: AttendanceFacts = seen_in(request, line, others)
    return seen


def _context(
    request: HttpRequest, facts: CourseFacts, line: AttendanceFacts, form: Form, **more: Any
) -> dict[str, Any]:
    """What the pages about one line show; a form with an error still answers to what its reader saw."""
    person = queries.line_names(facts.course).get(line.attendance.code, "")
    whose = live_person(line.person_id) if line.person_id else None
    return {
        "form": form,
        "facts": facts,
        "course": facts.course,
        "line": line,
        "current": line,
        "person": person,
        "person_code": whose.person.code if whose and can_correct_person(actor_of(request), whose) else "",
        "seen": seen_key(request, line),
        **more,
    }


@login_required
@require_http_methods(["GET", "POST"])
def correct_line(request: HttpRequest, code: str, line: str) -> HttpResponse:
    """Say a line anew."""
    facts = correctable(request, code)
    current = _line(facts.course, line)
    form = forms.CorrectLineForm(request.POST or None, line=current, on=facts.end)
    if request.method == "POST" and form.is_valid():
        seen, reason = _seen(request, current), form.cleaned_data["reason"]

        def effect() -> tuple[str, str]:
            services.correct_attendance(actor=actor_of(request), seen=seen, reason=reason, **form.facts())
            return reverse("training:course", args=[code]), _("Đã sửa. Nội dung cũ còn trong lịch sử.")

        return save(request, form, effect, "training/line_form.html", lambda: _compared(request, code, line, form))
    context = _context(request, facts, current, form)
    return render(request, "training/line_form.html", context, status=422 if form.errors else 200)


def _compared(request: HttpRequest, code: str, line: str, form: forms.CorrectLineForm) -> dict[str, Any]:
    """The line in force beside what was typed, and who said it."""
    facts = facts_or_404(request, code)
    current = _line(facts.course, line)
    told = [e for e in queries.history(facts.course) if e.subject_label.partition(" ")[0] == line]
    more = {
        "differences": history.WORDS.differences(current, form.facts(), history.names_of(unit_names())),
        "last": told[-1] if told else None,
    }
    return _context(request, facts, current, form, **more)


@login_required
@require_POST
def void_line(request: HttpRequest, code: str, line: str) -> HttpResponse:
    """Take a line back."""
    facts = correctable(request, code)
    current = _line(facts.course, line)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = _context(request, facts, current, form, voiding=True)
        return render(request, "training/line_form.html", context, status=422)
    seen = _seen(request, current)

    def effect() -> tuple[str, str]:
        services.void_attendance(actor=actor_of(request), seen=seen, reason=form.cleaned_data["reason"])
        return reverse("training:course", args=[code]), _("Đã hủy dòng này khỏi danh sách.")

    def shown() -> dict[str, Any]:
        return _context(request, facts, _line(facts.course, line), form, voiding=True)

    return save(request, form, effect, "training/line_form.html", shown)
