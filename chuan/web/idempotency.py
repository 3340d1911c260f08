"""A repeated POST has one effect: the form's key is written in the transaction of its service.

And a form has its effect for the person and in the role in which it was opened, or none: a person who switched to
another role in a second window would else act, from the first, for a unit that its page does not name; and who signs
in on a shared computer would put a name under what somebody else typed.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable

from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from chuan.ledger.disk import wait_for_disk
from chuan.lib import clock
from chuan.web import errors
from chuan.web.models import IdempotencyKey

FIELD = "_key"
ACTING = "_acting"
MAX_KEY = 64


def new_key() -> str:
    """A fresh key for a form."""
    return secrets.token_urlsafe(24)


def acting(request: HttpRequest) -> str:
    """Who acts in the request, in which role and unit; empty where nothing says so."""
    actor = getattr(request, "actor", None)
    return f"{actor.user_id or ''}:{actor.role}@{actor.unit_id or ''}" if actor is not None else ""


def shown_acting(request: HttpRequest) -> str:
    """What a form carries: a form that comes back with errors stays what it was opened as."""
    return request.POST.get(ACTING) or acting(request)


def once(request: HttpRequest, effect: Callable[[], tuple[str, str]]) -> HttpResponse:
    """Run `effect` (a service; returns where to go next and what to say, if anything) once for the form's key.

    A repeat, even a simultaneous one, gets the first one's answer. Whatever `effect` raises undoes the key too, so
    that a corrected form may be sent again; so may a form that was changed after the browser's back button. A form
    that was opened by somebody else or in another role is refused (409) before anything runs.
    """
    if request.POST.get(ACTING, acting(request)) != acting(request):
        return errors.acting_changed(request)
    key, who = _fingerprint(request), _sender(request)
    if not key:
        return _answer(request, *effect())
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(actor=who, key=key, created_at=clock.now())
            location, said = effect()
            sealed = _cipher().encrypt(said.encode()).decode()
            IdempotencyKey.objects.filter(pk=row.pk).update(location=location, messages=[sealed])
    except IntegrityError:
        earlier = answered(request)
        if earlier is None:
            raise
        return earlier
    return _answer(request, location, said)


def _answer(request: HttpRequest, location: str, said: str) -> HttpResponse:
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(location)


def answered(request: HttpRequest) -> HttpResponse | None:
    """The answer that the same form of the same person already got, if it did.

    What the first did is visible before it is on disk (docs/adr/0012); nobody is told of it before it is.
    """
    key = _fingerprint(request)
    row = IdempotencyKey.objects.filter(actor=_sender(request), key=key).first() if key else None
    if row is None:
        return None
    wait_for_disk()
    return _answer(request, row.location, _cipher().decrypt(row.messages[0]).decode())


def _sender(request: HttpRequest) -> str:
    return str(request.user.pk or f"session {request.session.session_key}")


def _fingerprint(request: HttpRequest) -> str:
    """The form's key bound to its address and everything that was sent; empty where the form has no key."""
    key = request.POST.get(FIELD, "")[:MAX_KEY]
    if not key:
        return ""
    digest = hashlib.sha256(f"{key}\0{request.path}".encode())
    for name in sorted(set(request.POST) - {"csrfmiddlewaretoken"}):
        digest.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(repr((name, file.name)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _cipher() -> Fernet:
    """Answers are kept encrypted: one may say a temporary password."""
    key = hashlib.sha256(b"chuan form answers " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
