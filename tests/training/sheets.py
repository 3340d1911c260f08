"""Sending a sheet of a course's list, and pressing the button on the page that shows what it would do."""

import html
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuan.training.models import Course


def send(browser: Any, where: Course, content: bytes) -> Any:
    """Send a sheet to be checked."""
    address = reverse("training:line-import", args=[where.code])
    return browser.post(address, {"file": SimpleUploadedFile("danh-sach.xlsx", content)})


def apply(browser: Any, where: Course, checked: Any) -> Any:
    """Take in what was checked."""
    token = re.search(r'name="token" value="([^"]+)"', checked.content.decode())
    assert token, "the page offers nothing to take in"
    sent = {"token": html.unescape(token.group(1)), "reason": "Theo danh sách ký"}
    return browser.post(reverse("training:line-import", args=[where.code]), sent)
