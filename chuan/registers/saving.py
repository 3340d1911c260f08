"""What every page that writes shares: the statement that was seen, the service run once, and who was first."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuan.files import store
from chuan.files.kinds import MAX_BYTES, RefusedUpload
from chuan.ledger.errors import Superseded
from chuan.registers.errors import RecordGone, RegisterError
from chuan.registers.queries import key_of
from chuan.registers.services import Kept
from chuan.web.idempotency import once

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def save(
    request: HttpRequest,
    form: Form,
    effect: Callable[[], tuple[str, str]],
    page: str,
    context: Callable[[], dict[str, Any]],
    name: str = "form",
) -> HttpResponse:
    """Run the service once; its errors go onto the form, with what was typed and a fresh view of the record.

    `name` is what the page calls the form. `context` is called after the refusal. Its `current` is the statement in
    force: after a conflict the page carries that one's key, since now the person has seen it.
    """
    try:
        return once(request, effect)
    except RegisterError as error:
        form.add_error(None, str(error))
        return render(request, page, {**context(), name: form}, status=422)
    except Superseded:
        return _conflict(request, form, page, context(), name)


def _conflict(request: HttpRequest, form: Form, page: str, shown: dict[str, Any], name: str) -> HttpResponse:
    """What was typed beside what is in force now."""
    current = shown["current"]
    if current.voided_at:
        said = _("Người khác vừa hủy bản ghi này nên không sửa được nữa. Nội dung bạn gõ chưa được lưu.")
    else:
        said = _("Người khác vừa sửa bản ghi này. Nội dung bạn gõ vẫn còn; so với hiện trạng rồi gửi lại.")
    form.add_error(None, said)
    return render(request, page, {**shown, name: form, "conflict": True, "seen": current.pk}, status=409)


def sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, however little; None where nothing was."""
    return request.POST if request.method == "POST" else None


def require_correctable(request: HttpRequest, allowed: bool, said: Any, gone: str = "") -> None:
    """Visible but not allowed is 403, and so is opening a form on a voided record."""
    if not allowed:
        raise PermissionDenied
    if said.voided_at and request.method != "POST":
        raise PermissionDenied(gone or str(RecordGone()))


def seen_in(request: HttpRequest, said: Any, others: Any) -> Any:
    """The statement that the page showed, of the same record; of another record, or none, it is not found."""
    pk = key_of(request.POST.get("seen", ""))
    if pk == said.pk:
        return said
    seen = others.filter(pk=pk).first()
    if seen is None:
        raise Http404
    return seen


def seen_key(request: HttpRequest, said: Any) -> int:
    """The key that a form carries: one with an error still answers to the statement that its reader saw."""
    return key_of(request.POST.get("seen", "")) or int(said.pk)


def kept(form: Form) -> Kept | None:
    """The upload on disk; None where the form or the bytes are refused."""
    if not form.is_valid():
        return None
    upload = form.cleaned_data["file"]
    content = upload.read(MAX_BYTES + 1)
    try:
        digest, kind = store.receive(upload.name, content)
    except RefusedUpload as error:
        form.add_error("file", str(error))
        return None
    return Kept(digest=digest, name=upload.name, media_type=kind.media_type, size=len(content))
