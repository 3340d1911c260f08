"""Files of a course: attach, download, detach."""

from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.files import responses
from chuan.organisations.middleware import actor_of
from chuan.registers.forms import FileForm, ReasonForm
from chuan.registers.saving import kept, save
from chuan.training import queries, services
from chuan.training.views.common import correctable, facts_or_404
from chuan.training.views.register import course_context


@login_required
@require_POST
def attach(request: HttpRequest, code: str) -> HttpResponse:
    """Attach a file; its bytes are judged and kept before the row names them."""
    facts = correctable(request, code)
    form = FileForm(request.POST, request.FILES)
    file = kept(form)
    if file is None:
        return render(request, "training/course.html", course_context(request, facts, file_form=form), status=422)

    def effect() -> tuple[str, str]:
        title = form.cleaned_data["title"]
        services.attach_file(actor=actor_of(request), course=facts.course, title=title, **asdict(file))
        return reverse("training:course", args=[code]), _("Đã đính kèm tệp.")

    def shown() -> dict[str, Any]:
        return course_context(request, facts_or_404(request, code), file_form=form)

    return save(request, form, effect, "training/course.html", shown)


@login_required
@require_GET
def download(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The bytes of an attachment of a course one may see."""
    facts = facts_or_404(request, code)
    return responses.download(get_object_or_404(queries.attachments(facts.course), pk=pk).file)


@login_required
@require_POST
def detach(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take an attachment back."""
    facts = correctable(request, code)
    seen = get_object_or_404(queries.attachments(facts.course), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "training/course.html", course_context(request, facts, reason_form=form), status=422)

    def effect() -> tuple[str, str]:
        services.detach_file(actor=actor_of(request), seen=seen, reason=form.cleaned_data["reason"])
        return reverse("training:course", args=[code]), _("Đã gỡ tệp.")

    def shown() -> dict[str, Any]:
        return course_context(request, facts_or_404(request, code), reason_form=form)

    return save(request, form, effect, "training/course.html", shown)
