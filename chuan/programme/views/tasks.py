"""The annex, alive: who was printed, who has the task now, what the body says of it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.audit import memory
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.queries import unit_names
from chuan.programme import forms, policies, queries, services
from chuan.programme.board import Board, Row
from chuan.programme.models import Plan, WorkingAssignment
from chuan.programme.told import YearTold, year_told
from chuan.programme.views.common import decider, readable, save

#: The annex with who has each task on a day, for readers who see officers' names and for those who do not.
_boards: memory.Memory[Board] = memory.Memory(size=4)


def _board(request: HttpRequest, plan: Plan, log: memory.Log | None = None) -> Board:
    today, officers = clock.today(), policies.sees_officers(actor_of(request))

    def read() -> Board:
        return Board(queries.document_of(plan), today, officers=officers)

    return _boards.ask((plan.pk, plan.sha256, today, officers), read, log)


def _told(request: HttpRequest, plan: Plan, log: memory.Log) -> YearTold | None:
    """What was reported of the tasks in the year that was chosen, as far as the reader may read it."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == len("2026") else None
    return year_told(plan, year, actor_of(request), log)


@login_required
@require_GET
def tasks(request: HttpRequest, code: str) -> HttpResponse:
    """The printed table with the same columns and numbers, and who has each task now."""
    plan, log = readable(request, code), memory.read()
    board = _board(request, plan, log)
    context = {
        "plan": plan,
        "tab": "tasks",
        "columns": board.columns(),
        "rows": board.rows,
        "unassigned": board.unassigned(),
        "body_only": board.body_only(),
        "told": _told(request, plan, log),
        "can_decide": policies.can_decide(actor_of(request)),
    }
    return render(request, "programme/tasks.html", context)


def _row(request: HttpRequest, plan: Plan, item: str, log: memory.Log | None = None) -> Row:
    """A task's row with everything that is said of it."""
    found = _board(request, plan, log).row_of(item)
    if found is None:
        raise Http404
    return found


def _context(request: HttpRequest, plan: Plan, row: Row, **more: Any) -> dict[str, Any]:
    """What a task's pages show; `more` are forms that were sent and refused."""
    actor = actor_of(request)
    return {
        "plan": plan,
        "item": row.code,
        "row": row,
        "can_decide": policies.can_decide(actor),
        "sees_officers": policies.sees_officers(actor),
        **more,
    }


@login_required
@require_GET
def task(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """One task: the card of six clear things, assignments, bullets of the body."""
    plan, log = readable(request, code), memory.read()
    row = _row(request, plan, item, log)
    context = _context(request, plan, row, history=queries.history_of(row.of), told=_told(request, plan, log))
    return render(request, "programme/task.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """Give the task to a unit."""
    plan = readable(request, code)
    decider(request)
    row = _row(request, plan, item)
    form = forms.AssignForm(request.POST or None, initial={"duty": "lead"})
    url = reverse("programme:task", args=[code, item])

    def effect() -> tuple[str, str]:
        services.assign_task(actor=actor_of(request), task=row.of, entry=form.entry(form.chosen()))
        return url, _("Đã ghi phân công. Nội dung in trong Kế hoạch không thay đổi.")

    def shown() -> dict[str, Any]:
        return _context(request, plan, row, form=form)

    if request.method == "POST" and form.is_valid():
        return save(request, form, effect, "programme/assignment_form.html", shown)
    return render(request, "programme/assignment_form.html", shown(), status=422 if form.errors else 200)


def _assignment(request: HttpRequest, row: Row, pk: int) -> WorkingAssignment:
    """An assignment; one that was taken back meanwhile is not shown, but what was typed about it is heard."""
    found = queries.assignment_of(row.of, pk)
    if found is None or (request.method != "POST" and found.voided_at):
        raise Http404
    return found


def _unit_of(row: Row, seen: WorkingAssignment) -> str:
    held = next((held.unit for held in row.held if held.said.pk == seen.pk), "")
    return held or unit_names().get(seen.unit_id, "")


@login_required
@require_http_methods(["GET", "POST"])
def correct_assignment(request: HttpRequest, code: str, item: str, pk: int) -> HttpResponse:
    """Say an assignment anew, or end it."""
    plan = readable(request, code)
    decider(request)
    row = _row(request, plan, item)
    seen = _assignment(request, row, pk)
    form = forms.CorrectAssignmentForm(request.POST or None, initial=forms.AssignmentForm.initial_of(seen))

    def effect() -> tuple[str, str]:
        reason = form.cleaned_data["reason"]
        services.correct_assignment(actor=actor_of(request), seen=seen, entry=form.entry(seen.unit), reason=reason)
        return reverse("programme:task", args=[code, item]), _("Đã sửa phân công. Nội dung cũ còn trong lịch sử.")

    def shown() -> dict[str, Any]:
        return _context(request, plan, row, form=form, seen=seen, seen_unit=_unit_of(row, seen))

    if request.method == "POST" and form.is_valid():
        return save(request, form, effect, "programme/assignment_form.html", shown)
    return render(request, "programme/assignment_form.html", shown(), status=422 if form.errors else 200)


@login_required
@require_POST
def void_assignment(request: HttpRequest, code: str, item: str, pk: int) -> HttpResponse:
    """Take an assignment back that was recorded in error."""
    plan = readable(request, code)
    decider(request)
    row = _row(request, plan, item)
    seen = _assignment(request, row, pk)
    form = forms.ReasonForm(request.POST)

    def effect() -> tuple[str, str]:
        services.void_assignment(actor=actor_of(request), seen=seen, reason=form.cleaned_data["reason"])
        return reverse("programme:task", args=[code, item]), _("Đã hủy phân công; lịch sử vẫn ghi.")

    def shown() -> dict[str, Any]:
        return _context(request, plan, row, form=form, history=queries.history_of(row.of))

    if form.is_valid():
        return save(request, form, effect, "programme/task.html", shown)
    return render(request, "programme/task.html", shown(), status=422)
