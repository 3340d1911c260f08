"""The plan as issued: its text beside its structure, and the file itself."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from chuan.files.responses import attachment
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.programme import policies, queries
from chuan.programme.outline import Outline, target_rows
from chuan.programme.rules import SlipKind
from chuan.programme.spans import RULES
from chuan.programme.views.common import readable


@login_required
@require_GET
def latest(request: HttpRequest) -> HttpResponse:
    """The plan in force; where there is none, what to do."""
    if not policies.can_read(actor_of(request)):
        raise PermissionDenied
    found = queries.latest_plan(clock.today())
    if found is None:
        return render(request, "programme/none.html")
    return redirect("programme:plan", code=found.code)


@login_required
@require_GET
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The issued text on the left, the structured tree on the right."""
    found = readable(request, code)
    document = queries.document_of(found)
    contradictions = list(queries.contradictions_of(found))
    targets, settled = queries.targets_of(found), queries.settled_readings(found, clock.today())
    outline = Outline(document, contradictions, targets)
    as_file = request.GET.get("form") == "file"
    context = {
        "plan": found,
        "tab": "plan",
        "as_file": as_file,
        "stretches": document.stretches() if as_file else [],
        "blocks": [] if as_file else outline.blocks(),
        "columns": outline.columns(),
        "rows": [] if as_file else outline.rows(),
        "parts": outline.parts(),
        "contradictions": contradictions,
        "settled": {s.contradiction: s for s in settled},
        "targets": target_rows(targets, settled),
        "slips": [(slip, document.slip_words(slip), SlipKind(slip.kind).label) for slip in queries.slips_of(found)],
        "rules": [words for _name, words in RULES],
    }
    return render(request, "programme/plan.html", context)


@login_required
@require_GET
def text_file(request: HttpRequest, code: str) -> HttpResponse:
    """The file, byte for byte."""
    found = readable(request, code)
    return attachment(queries.document_of(found).text, f"{found.code}.txt", "text/plain; charset=utf-8")
