"""A body larger than any form is refused before a byte of it is read, whoever sends it."""

from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.urls import reverse

from chuan.files.kinds import MAX_BYTES
from tests.cast import Cast

LIMIT = settings.MAX_BODY_BYTES
SIGN_IN = reverse("account_login")
NEW = reverse("training:new-course")


class Unread:
    """A body that nobody may touch."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def answer(address: str, content_type: str = "multipart/form-data; boundary=x", **headers: str) -> Any:
    """What the whole stack answers to a POST with these headers and a body that must stay unread."""
    environ = RequestFactory().generic("POST", address, content_type=content_type).environ
    environ.pop("CONTENT_LENGTH", None)
    environ.update({"wsgi.input": Unread(), "SERVER_NAME": "localhost", "HTTP_HOST": "localhost", **headers})
    status: list[str] = []

    def start(line: str, *rest: Any) -> Any:
        status.append(line)

    body = b"".join(WSGIHandler()(environ, start))
    return int(status[0].split()[0]), body.decode()


@pytest.mark.parametrize("length", [str(LIMIT + 1), "9" * 15, "9" * 5000, "0" * 30 + "9" * 12, f" {LIMIT + 1} "])
@pytest.mark.parametrize("address", [SIGN_IN, NEW, "/khong-co/"])
def test_a_body_that_is_too_large_is_refused_unread(db: None, address: str, length: str) -> None:
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json"):
        status, page = answer(address, kind, CONTENT_LENGTH=length)
        assert status == 413
        assert "quá lớn" in page
        assert "chia nhỏ tệp" in page


@pytest.mark.parametrize("length", ["", "abc", "-1", "1e9", "١٢"])
def test_a_body_without_a_length_is_not_read(db: None, length: str) -> None:
    status, _page = answer(SIGN_IN, CONTENT_LENGTH=length, HTTP_TRANSFER_ENCODING="chunked")
    assert status == 403, "no token was read"


def test_a_form_larger_than_any_page_s_says_so(cast: Cast, sign_in: Any) -> None:
    data = "note=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    sent = sign_in(cast.focal).post(NEW, data, content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 413


def test_the_largest_file_that_is_taken_fits(db: None) -> None:
    assert MAX_BYTES + 1024 * 1024 < LIMIT
    small = Client().post(SIGN_IN, {"login": "x", "password": "y"})
    assert small.status_code == 200
