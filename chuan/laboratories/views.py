"""The page on which an assessment answers each requirement."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuan.laboratories import queries
from chuan.laboratories.forms import ResultsForm, answered
from chuan.laboratories.register import ASSESSMENTS
from chuan.organisations.middleware import actor_of
from chuan.registers import services
from chuan.registers.pages import Pages
from chuan.registers.saving import save, seen_key, sent

RESULTS = "laboratories/results.html"


class AssessmentPages(Pages):
    """An assessment's page shows the answers too."""

    template = "laboratories/assessment.html"

    def shown(self, request: HttpRequest, said: Any, **more: Any) -> dict[str, Any]:
        """With each requirement and its result."""
        found = super().shown(request, said, **more)
        criteria = queries.requirements_of(said.criteria_set_id)
        answers = answered(criteria.requirements, said.results) if criteria else ()
        return {**found, "answers": answers}


pages = AssessmentPages(ASSESSMENTS)


@login_required
@require_http_methods(["GET", "POST"])
def results(request: HttpRequest, code: str) -> HttpResponse:
    """Say the result of each requirement; the statement that was on the screen must still be in force."""
    said = pages.correctable(request, code)
    criteria = queries.requirements_of(said.criteria_set_id)
    if criteria is None:
        raise Http404
    form = ResultsForm(sent(request), requirements=criteria.requirements, results=said.results)
    if request.method == "POST" and form.is_valid():
        seen, facts = pages.seen(request, said), {"results": form.results()}

        def effect() -> tuple[str, str]:
            why = form.cleaned_data["reason"]
            actor = actor_of(request)
            services.correct_record(actor=actor, register=ASSESSMENTS, seen=seen, facts=facts, reason=why)
            return pages.address("record", code), _("Đã ghi kết quả từng yêu cầu.")

        return save(request, form, effect, RESULTS, lambda: _about(request, pages.said(request, code)))
    context = {**_about(request, said), "form": form}
    return render(request, RESULTS, context, status=422 if form.errors else 200)


def _about(request: HttpRequest, said: Any) -> dict[str, Any]:
    return {**pages.about(request, said), "seen": seen_key(request, said)}
