"""A repeated POST has one effect: the form's key is written in the transaction of its service."""

import secrets
from collections.abc import Callable

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from chuan.lib import clock
from chuan.web.models import IdempotencyKey

FIELD = "_key"
MAX_KEY = 64


def new_key() -> str:
    """A fresh key for a form."""
    return secrets.token_urlsafe(24)


def once(request: HttpRequest, effect: Callable[[], tuple[str, str]]) -> HttpResponse:
    """Run `effect` (a service; returns where to go next and what to say) once for the form's key.

    A repeat, even a simultaneous one, gets the first one's answer. Whatever `effect` raises undoes the key too, so
    that a corrected form may be sent again.
    """
    key = request.POST.get(FIELD, "")[:MAX_KEY]
    who = str(request.user.pk or f"session {request.session.session_key}")
    if not key:
        location, said = effect()
        messages.success(request, said)
        return HttpResponseRedirect(location)
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(actor=who, key=key, created_at=clock.now())
            location, said = effect()
            IdempotencyKey.objects.filter(pk=row.pk).update(location=location, messages=[said])
    except IntegrityError:
        earlier = IdempotencyKey.objects.filter(actor=who, key=key).first()
        if earlier is None:
            raise
        location, said = earlier.location, earlier.messages[0]
    messages.success(request, said)
    return HttpResponseRedirect(location)
