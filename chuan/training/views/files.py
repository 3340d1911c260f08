"""Files of a course: attach, download, detach."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.files import responses, store
from chuan.files.kinds import MAX_BYTES, RefusedUpload
from chuan.organisations.middleware import actor_of
from chuan.training import forms, queries, services
from chuan.training.views.common import correctable, facts_or_404, save
from chuan.training.views.register import course_context


@login_required
@require_POST
def attach(request: HttpRequest, code: str) -> HttpResponse:
    """Attach a file; its bytes are judged and kept before the row names them."""
    facts = correctable(request, code)
    form = forms.FileForm(request.POST, request.FILES)
    kept = _kept(form)
    if kept is None:
        return render(request, "training/course.html", course_context(request, facts, file_form=form), status=422)

    def effect() -> tuple[str, str]:
        title = form.cleaned_data["title"]
        services.attach_file(actor=actor_of(request), course=facts.course, title=title, **kept)
        return reverse("training:course", args=[code]), _("Đã đính kèm tệp.")

    def shown() -> dict[str, Any]:
        return course_context(request, facts_or_404(request, code), file_form=form)

    return save(request, form, effect, "training/course.html", shown)


def _kept(form: forms.FileForm) -> dict[str, Any] | None:
    """The upload on disk, as the service takes it; None where the form or the bytes are refused."""
    if not form.is_valid():
        return None
    upload = form.cleaned_data["file"]
    content = upload.read(MAX_BYTES + 1)
    try:
        digest, kind = store.receive(upload.name, content)
    except RefusedUpload as error:
        form.add_error("file", str(error))
        return None
    return {"digest": digest, "name": upload.name, "media_type": kind.media_type, "size": len(content)}


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
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "training/course.html", course_context(request, facts, reason_form=form), status=422)

    def effect() -> tuple[str, str]:
        services.detach_file(actor=actor_of(request), seen=seen, reason=form.cleaned_data["reason"])
        return reverse("training:course", args=[code]), _("Đã gỡ tệp.")

    def shown() -> dict[str, Any]:
        return course_context(request, facts_or_404(request, code), reason_form=form)

    return save(request, form, effect, "training/course.html", shown)
