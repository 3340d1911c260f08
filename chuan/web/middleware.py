"""Middleware that belongs to every page: language by the person's own choice, and a clear page without a database."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from chuan.ledger.errors import Superseded
from chuan.web import errors, idempotency

logger = logging.getLogger("chuan.web")
#: A length of more digits is too large whatever it is.
MAX_DIGITS = 18
GetResponse = Callable[[HttpRequest], HttpResponse]


class Language:
    """Vietnamese, or what the person chose (cookie); never what the browser prefers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class BodyLimit:
    """A request whose body is larger than any form's is refused unread, whoever sends it.

    A body without a declared length is never read: WSGI reads as many bytes as the header says.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = str(request.META.get("CONTENT_LENGTH") or "").strip().lstrip("0+")
        if declared.isdigit() and (len(declared) > MAX_DIGITS or int(declared) > settings.MAX_BODY_BYTES):
            return errors.too_large(request)
        if "\x00" in request.path_info:
            # PostgreSQL's text holds no NUL: nothing can have such an address.
            return errors.not_found(request, ValueError("NUL"))
        return self.get_response(request)


class ServiceUnavailable:
    """A database that does not answer, a full disk or a lost race gives a page that says what to do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn the engine's refusal into 503 (507 for a full disk), a race that was lost into 409."""
        if isinstance(exception, Superseded | IntegrityError):
            logger.warning("conflict at %s: %s", request.path, exception)
            return errors.conflict(request)
        if isinstance(exception, OperationalError | InterfaceError):
            return errors.unavailable(request, exception)
        if isinstance(exception, OSError) and exception.errno == errors.NO_SPACE:
            return errors.unavailable(request, exception)
        return None


class Repeats:
    """A repeated POST that its form now refuses (the name is taken: by the first) gets the first one's answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code in {409, 422}:
            return idempotency.answered(request) or response
        return response
