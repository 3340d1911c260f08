"""The plan as issued: its text beside its structure, and the file itself."""

from datetime import date
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from chuan.audit import memory
from chuan.files.responses import attachment
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.programme import policies, queries
from chuan.programme.models import Plan
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
    asked = found.pk, request.GET.get("form") == "file", clock.today(), get_language() or ""
    context = {"plan": found, "tab": "plan", "body": _bodies.ask(asked, partial(_body, *asked))}
    return render(request, "programme/plan.html", context)


#: The page's body in each language: the same for every reader, long, and changed by nothing but a recorded reply.
_bodies: memory.Memory[SafeString] = memory.Memory(size=8)


def _body(pk: int, as_file: bool, today: date, _language: str) -> SafeString:
    found = Plan.objects.get(pk=pk)
    document = queries.document_of(found)
    contradictions = list(queries.contradictions_of(found))
    targets, settled = queries.targets_of(found), queries.settled_readings(found, today)
    outline = Outline(document, contradictions, targets)
    context = {
        "plan": found,
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
    return render_to_string("programme/plan_body.html", context)


@login_required
@require_GET
def text_file(request: HttpRequest, code: str) -> HttpResponse:
    """The file, byte for byte."""
    found = readable(request, code)
    return attachment(queries.document_of(found).text, f"{found.code}.txt", "text/plain; charset=utf-8")
