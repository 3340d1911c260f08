"""Error pages say what happened and what to do, need no database, and tell nothing about the machine."""

import errno
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse

from chuan.ledger.errors import Superseded
from chuan.organisations import queries
from chuan.web import errors
from tests.cast import Cast

UNITS = reverse("organisations:units")


@pytest.fixture
def browser() -> Client:
    """A visitor whose errors become pages."""
    return Client(raise_request_exception=False)


def _breaks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    monkeypatch.setattr(queries, "search_units", fail)


CASES = [
    (SuspiciousOperation("x"), 400, "không hợp lệ"),
    (PermissionDenied(), 403, "Không có quyền"),
    (Http404(), 404, "Không tìm thấy"),
    (Superseded("t", 1), 409, "Người khác vừa sửa"),
    (IntegrityError("duplicate key"), 409, "Người khác vừa sửa"),
    (RuntimeError("secret detail"), 500, "gặp lỗi"),
    (OperationalError("server closed the connection"), 503, "không trả lời"),
    (InterfaceError("connection already closed"), 503, "không trả lời"),
    (OperationalError("database or disk is full"), 507, "đã đầy"),
    (OperationalError("could not extend file: No space left on device"), 507, "đã đầy"),
    (OSError(errno.ENOSPC, "No space left on device"), 507, "đã đầy"),
]


@pytest.mark.parametrize(("error", "status", "said"), CASES, ids=lambda v: str(v)[:30])
def test_each_error_has_its_page(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, said: str
) -> None:
    browser = sign_in(cast.specialist)
    browser.raise_request_exception = False
    _breaks(monkeypatch, error)
    answer = browser.get(UNITS)
    body = answer.content.decode()
    assert answer.status_code == status
    assert said in body
    assert '<html lang="vi">' in body
    for detail in ("Traceback", "secret detail", "server closed", "duplicate key", "/chuan/", "Django"):
        assert detail not in body


@pytest.mark.parametrize(("error", "status"), [(c[0], c[1]) for c in CASES if c[1] > 502], ids=lambda v: str(v)[:30])
def test_an_engine_that_fails_before_the_view_gives_the_same_page(
    cast: Cast, sign_in: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    browser = sign_in(cast.specialist)
    browser.raise_request_exception = False

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    answer = browser.get(UNITS)
    assert answer.status_code == status
    if status == 503:
        assert answer["Retry-After"] == "10"


def test_a_dead_database_turns_health_red(db: None, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("down")

    assert browser.get(reverse("health")).json() == {"database": "up"}
    with monkeypatch.context() as broken:
        broken.setattr("chuan.portal.views.connection.cursor", fail)
        answer = browser.get(reverse("health"))
    assert answer.status_code == 503
    assert answer.json() == {"database": "down"}


def test_every_page_of_errors_is_made_without_a_query(
    rf: RequestFactory, django_assert_num_queries: Any, db: None
) -> None:
    request = rf.get("/")
    with django_assert_num_queries(0):
        for answer in (
            errors.bad_request(request, Exception()),
            errors.forbidden(request, Exception()),
            errors.not_found(request, Exception()),
            errors.conflict(request),
            errors.server_error(request),
            errors.csrf_failure(request),
        ):
            assert answer.status_code >= 400


def test_a_form_without_its_token_says_that_nothing_was_saved(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("language"), {"language": "en"})
    assert answer.status_code == 403
    assert "chưa được lưu" in answer.content.decode()
    assert "chuan_language" not in answer.cookies
