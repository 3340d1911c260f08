"""What the plan can be read to say in more than one way: places, readings, the request, the recorded reply."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.files import responses, store
from chuan.files.kinds import MAX_BYTES, RefusedUpload
from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.organisations.queries import drafting_symbol
from chuan.programme import effects, forms, papers, policies, queries, services
from chuan.programme.models import Contradiction, Plan, SettledReading
from chuan.programme.services.replies import KeptFile
from chuan.programme.spans import spans_of
from chuan.programme.views.common import decider, readable, save
from chuan.rendering.pdf import render_pdf
from chuan.rendering.word import render_docx


@login_required
@require_GET
def readings(request: HttpRequest, code: str) -> HttpResponse:
    """All of them, open ones first in the eye: the question, the places, whether a reply settled it."""
    plan = readable(request, code)
    found = list(queries.contradictions_of(plan))
    settled = {s.contradiction: s for s in queries.settled_readings(plan, clock.today())}
    context = {
        "plan": plan,
        "tab": "readings",
        "rows": [(one, settled.get(one.code)) for one in found],
        "open": len([one for one in found if one.code not in settled]),
    }
    return render(request, "programme/readings.html", context)


def _contradiction(plan: Plan, one: str) -> Contradiction:
    return get_object_or_404(queries.contradictions_of(plan), code=f"{plan.code}-{one}")


def _context(
    request: HttpRequest, plan: Plan, found: Contradiction, *, tells: bool = False, **more: Any
) -> dict[str, Any]:
    """What a contradiction's page shows, with today's verdicts if it `tells`; `more` are forms that were refused."""
    document = queries.document_of(plan)
    today = clock.today()
    replies = queries.settled_readings(plan, today)
    return {
        "plan": plan,
        "one": found.short_code,
        "contradiction": found,
        "sources": [(s["item"], s["place"], document.quote(spans_of(s["spans"]))) for s in found.sources],
        "settled": next((reply for reply in replies if reply.contradiction == found.code), None),
        "effects": effects.effects_of(found, actor_of(request), replies) if tells else {},
        "today": today,
        "replies": list(queries.replies_to(found)),
        "history": queries.history_of(found),
        "can_decide": policies.can_decide(actor_of(request)),
        **more,
    }


@login_required
@require_GET
def reading(request: HttpRequest, code: str, one: str) -> HttpResponse:
    """One contradiction: both sources quoted, what each reading means for the verdict, replies."""
    plan = readable(request, code)
    return render(request, "programme/reading.html", _context(request, plan, _contradiction(plan, one), tells=True))


@login_required
@require_GET
def paper(request: HttpRequest, code: str, one: str, kind: str) -> HttpResponse:
    """The one-page request as PDF or Word."""
    plan = readable(request, code)
    found = _contradiction(plan, one)
    if kind not in {"pdf", "docx"}:
        raise Http404
    today = clock.today()
    with translation.override("vi"):
        told = effects.effects_of(found, actor_of(request), queries.settled_readings(plan, today))
    document, room = queries.document_of(plan), drafting_symbol(today)
    made = papers.request_paper(document, found, today=today, drafting_room=room, effects=told)
    name = f"phieu-xin-y-kien-{found.code}.{kind}"
    if kind == "pdf":
        return responses.attachment(render_pdf(made), name, papers.PDF)
    return responses.attachment(render_docx(made), name, papers.DOCX)


def _kept(form: forms.ReplyForm) -> KeptFile | None:
    """The upload on disk, as the service takes it; an error on the form where the bytes are refused."""
    upload = form.cleaned_data.get("file")
    if not upload:
        return None
    content = upload.read(MAX_BYTES + 1)
    try:
        digest, kind = store.receive(upload.name, content)
    except RefusedUpload as error:
        form.add_error("file", str(error))
        return None
    return KeptFile(digest, upload.name, kind.media_type, len(content))


@login_required
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, code: str, one: str) -> HttpResponse:
    """Record the reply that settles the reading."""
    plan = readable(request, code)
    decider(request)
    found = _contradiction(plan, one)
    data, initial = request.POST or None, {"issuer": found.addressee}
    form = forms.ReplyForm(data, request.FILES or None, contradiction=found, initial=initial)
    kept = _kept(form) if request.method == "POST" and form.is_valid() else None

    def effect() -> tuple[str, str]:
        services.settle_reading(actor=actor_of(request), contradiction=found, entry=form.entry(kept))
        return reverse("programme:reading", args=[code, one]), _("Đã ghi văn bản trả lời.")

    def shown() -> dict[str, Any]:
        return _context(request, plan, found, form=form)

    if request.method == "POST" and form.is_valid():
        return save(request, form, effect, "programme/reply_form.html", shown)
    return render(request, "programme/reply_form.html", shown(), status=422 if form.errors else 200)


def _reply(request: HttpRequest, plan: Plan, one: str, pk: int) -> SettledReading:
    """A reply; one that was taken back meanwhile is not shown, but what was typed about it is heard."""
    found = queries.reply_of(_contradiction(plan, one), pk)
    if found is None or (request.method != "POST" and found.voided_at):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def correct_reply(request: HttpRequest, code: str, one: str, pk: int) -> HttpResponse:
    """Say a recorded reply anew."""
    plan = readable(request, code)
    decider(request)
    seen = _reply(request, plan, one, pk)
    data, initial, about = request.POST or None, forms.ReplyForm.initial_of(seen), seen.contradiction
    form = forms.CorrectReplyForm(data, request.FILES or None, contradiction=about, initial=initial)
    kept = _kept(form) if request.method == "POST" and form.is_valid() else None

    def effect() -> tuple[str, str]:
        reason = form.cleaned_data["reason"]
        services.correct_reply(actor=actor_of(request), seen=seen, entry=form.entry(kept), reason=reason)
        return reverse("programme:reading", args=[code, one]), _("Đã sửa. Nội dung cũ còn trong lịch sử.")

    def shown() -> dict[str, Any]:
        return _context(request, plan, about, form=form, seen=seen)

    if request.method == "POST" and form.is_valid():
        return save(request, form, effect, "programme/reply_form.html", shown)
    return render(request, "programme/reply_form.html", shown(), status=422 if form.errors else 200)


@login_required
@require_POST
def void_reply(request: HttpRequest, code: str, one: str, pk: int) -> HttpResponse:
    """Take a recorded reply back."""
    plan = readable(request, code)
    decider(request)
    seen = _reply(request, plan, one, pk)
    form = forms.ReasonForm(request.POST)

    def effect() -> tuple[str, str]:
        services.void_reply(actor=actor_of(request), seen=seen, reason=form.cleaned_data["reason"])
        return reverse("programme:reading", args=[code, one]), _("Đã hủy bản ghi văn bản trả lời; lịch sử vẫn ghi.")

    def shown() -> dict[str, Any]:
        return _context(request, plan, seen.contradiction, form=form)

    if form.is_valid():
        return save(request, form, effect, "programme/reading.html", shown)
    return render(request, "programme/reading.html", shown(), status=422)


@login_required
@require_GET
def reply_file(request: HttpRequest, code: str, one: str, pk: int) -> HttpResponse:
    """The document of a reply."""
    seen = _reply(request, readable(request, code), one, pk)
    if seen.file is None:
        raise Http404
    return responses.download(seen.file)
