"""The page on which a file comes in: checked and shown first, taken in by a second press."""

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuan.files import store
from chuan.ledger.errors import Superseded
from chuan.organisations.middleware import actor_of
from chuan.registers import forms, importing, services
from chuan.registers.errors import RegisterError, SheetUnread
from chuan.registers.register import Register
from chuan.registers.rules import SHOWN_ROWS, Verdict
from chuan.registers.saving import XLSX, kept
from chuan.web.idempotency import once

IMPORT = "registers/import.html"
_SALT = "chuan.registers.import"
#: A checked file is taken in within the day, in seconds.
_AGE = 24 * 3600


def take_in(request: HttpRequest, register: Register, frame: dict[str, Any]) -> HttpResponse:
    """Show the form, check what was sent, or take in what was checked."""
    if request.method != "POST":
        return render(request, IMPORT, {**frame, "form": forms.SheetForm()})
    return _apply(request, register, frame) if "token" in request.POST else _check(request, register, frame)


def _check(request: HttpRequest, register: Register, frame: dict[str, Any]) -> HttpResponse:
    form = forms.SheetForm(request.POST, request.FILES)
    file = kept(form)
    if file is not None and file.media_type != XLSX:
        form.add_error("file", _("Cần tệp Excel đuôi .xlsx."))
    if file is None or form.errors:
        return render(request, IMPORT, {**frame, "form": form}, status=422)
    try:
        checked = importing.check(actor_of(request), register, store.path_of(file.digest).read_bytes())
    except SheetUnread as error:
        form.add_error("file", str(error))
        return render(request, IMPORT, {**frame, "form": form}, status=422)
    return _shown(request, register, frame, checked, file)


def _shown(
    request: HttpRequest, register: Register, frame: dict[str, Any], checked: importing.Check, file: services.Kept
) -> HttpResponse:
    apply = _apply_form(None, checked, _token(request, register, checked, file))
    status = 422 if checked.wrong else 200
    return render(request, IMPORT, {**frame, **_context(checked, file), "apply": apply}, status=status)


def _context(checked: importing.Check, file: services.Kept) -> dict[str, Any]:
    # What is wrong comes first, what stays as it is comes last: the page is about what is to be done.
    order = {Verdict.WRONG: 0, Verdict.CHANGED: 1, Verdict.CLAIMED: 2, Verdict.ADDED: 3, Verdict.SAME: 4}
    rows = sorted(checked.rows, key=lambda row: (order[row.verdict], row.number))
    return {
        "checked": checked,
        "counts": [(v.label, v.value, checked.counts[v]) for v in Verdict if v != Verdict.CLAIMED or checked.counts[v]],
        "rows": rows[:SHOWN_ROWS],
        "left": max(0, len(rows) - SHOWN_ROWS),
        "file": file,
        "nothing": not checked.planned and not checked.wrong,
    }


def _apply_form(data: Any, checked: importing.Check, token: str) -> forms.ApplyForm:
    corrects, claims = (bool(checked.counts[verdict]) for verdict in (Verdict.CHANGED, Verdict.CLAIMED))
    return forms.ApplyForm(data, corrects=corrects, claims=claims, initial={"token": token})


def _token(request: HttpRequest, register: Register, checked: importing.Check, file: services.Kept) -> str:
    """Names the kept bytes and what they would do, for this person and this register alone."""
    who = [actor_of(request).user_id, actor_of(request).unit_id, register.name, register.counter]
    return signing.dumps([who, file.digest, file.name, file.media_type, file.size, checked.sha256], salt=_SALT)


def _apply(request: HttpRequest, register: Register, frame: dict[str, Any]) -> HttpResponse:
    try:
        who, digest, name, media_type, size, expected = signing.loads(request.POST["token"], salt=_SALT, max_age=_AGE)
        if who != [actor_of(request).user_id, actor_of(request).unit_id, register.name, register.counter]:
            raise signing.BadSignature
        content = store.path_of(digest).read_bytes()
        checked = importing.check(actor_of(request), register, content)
    except (signing.BadSignature, ValueError, OSError, SheetUnread):
        again = forms.SheetForm({})
        again.add_error(None, _("Lần kiểm tra trước không còn dùng được. Chọn lại tệp để kiểm tra lại."))
        return render(request, IMPORT, {**frame, "form": again}, status=422)
    file = services.Kept(digest=digest, name=name, media_type=media_type, size=size)
    if checked.sha256 != expected or checked.wrong or not checked.planned:
        return _moved(request, register, frame, checked, file)
    apply = _apply_form(request.POST, checked, request.POST["token"])
    if not apply.is_valid():
        return render(request, IMPORT, {**frame, **_context(checked, file), "apply": apply}, status=422)
    return _written(request, register, frame, checked, file, apply)


def _moved(
    request: HttpRequest, register: Register, frame: dict[str, Any], checked: importing.Check, file: services.Kept
) -> HttpResponse:
    """The register is not what it was when the file was checked: the new verdicts are shown, nothing is written."""
    apply = _apply_form(None, checked, _token(request, register, checked, file))
    shown = {**frame, **_context(checked, file), "apply": apply, "moved": True}
    return render(request, IMPORT, shown, status=409)


def _written(
    request: HttpRequest,
    register: Register,
    frame: dict[str, Any],
    checked: importing.Check,
    file: services.Kept,
    apply: forms.ApplyForm,
) -> HttpResponse:
    actor, why = actor_of(request), apply.cleaned_data.get("reason", "")
    paper = {"document": apply.cleaned_data["document"]} if "document" in apply.cleaned_data else {}

    def effect() -> tuple[str, str]:
        take = register.take or services.take_in
        batch = take(actor=actor, register=register, rows=checked.planned, file=file, reason=why, **paper)
        n = batch.rows_added + batch.rows_corrected + batch.rows_claimed
        said = ngettext("Đã nhập %(n)s dòng (%(code)s).", "Đã nhập %(n)s dòng (%(code)s).", n)
        return str(frame["urls"]["list"]), said % {"n": n, "code": batch.code}

    try:
        return once(request, effect)
    except (RegisterError, Superseded):
        # Somebody wrote between the check and the lock: what the file would do now is shown.
        again = importing.check(actor, register, store.path_of(file.digest).read_bytes())
        return _moved(request, register, frame, again, file)
