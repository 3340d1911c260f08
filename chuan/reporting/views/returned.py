"""The leader's edited Word file: what it says otherwise, and the wordings taken over into the draft."""

import hashlib
import re

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chuan.organisations.middleware import actor_of
from chuan.rendering.errors import UnreadableDocument
from chuan.reporting import policies, returned
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import WordFileForm, WordsForm
from chuan.reporting.services.drafting import take_words
from chuan.reporting.views import posted
from chuan.reporting.views.heads import report_in_hand, report_of
from chuan.reporting.views.reports import page_of
from chuan.web.idempotency import once

#: What the fields of single paragraphs begin with.
_PIECE = "piece:"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@login_required
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Upload an edited Word file and see what it says otherwise; nothing is saved."""
    found = report_in_hand(request, code)
    sent = request.method == "POST"
    form, context = WordFileForm(request.POST, request.FILES) if sent else WordFileForm(), {}
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        content = upload.read()
        try:
            comparison = returned.compare(found, content)
        except UnreadableDocument as refused:
            form.add_error("file", str(refused))
        else:
            context = {
                "comparison": comparison,
                "name": upload.name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "words_form": WordsForm(initial=dict(comparison.words)),
                "may_take": comparison.takes and policies.may_write_report(actor_of(request)),
            }
    status = 422 if form.errors else 200
    return render(request, "reporting/returned.html", {"report": found, "form": form, **context}, status=status)


@login_required
@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Take over the wordings that the comparison showed; one that was saved meanwhile is shown beside them."""
    found = report_of(request, code)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, words_form=form, status=422)
    named = request.POST.get("file", "")
    pieces = {name.removeprefix(_PIECE): str(said) for name, said in request.POST.items() if name.startswith(_PIECE)}

    def effect() -> tuple[str, str]:
        take_words(
            actor=actor_of(request),
            report=found,
            version=posted.number(request, "version"),
            words=form.cleaned_data,
            pieces=pieces,
            file_sha256=named if _SHA256.fullmatch(named) else "",
        )
        return reverse("reporting:report", args=[code]), _("Đã lấy lời từ tệp Word vào dự thảo.")

    try:
        return once(request, effect)
    except ReportingError as error:
        words = {"words_form": form, "pieces": pieces}
        return page_of(request, report_of(request, code), error=str(error), status=409, typed=True, **words)
