"""A database with one unit and nobody in the register: each page says what to do next, to whom it may say so."""

from typing import Any

import pytest
from django.urls import reverse

from chuan.organisations.rules import Role
from chuan.organisations.services import establish_class, establish_unit
from tests.cast import BEGIN, SYSTEM, Member, member


@pytest.fixture
def specialist(threads_db: None) -> Member:
    """Alone in an empty office."""
    unit = establish_unit(actor=SYSTEM, code="so-khcn", kind="department", name="Sở KH&CN", valid_from=BEGIN)
    return member("chuyenvien", "Nguyễn Thị Minh Anh", Role.SPECIALIST, "so-khcn", {"so-khcn": unit})


def test_empty_pages_say_what_to_do_next(specialist: Member, sign_in: Any) -> None:
    browser = sign_in(specialist)

    def page(name: str, *args: Any, **query: str) -> str:
        answer = browser.get(reverse(f"organisations:{name}", args=args), query)
        assert answer.status_code == 200
        return str(answer.content.decode())

    shown = page("parties")
    assert "Sổ chưa có doanh nghiệp, tổ chức nào." in shown
    assert reverse("organisations:new-party") in shown
    assert "Chưa có nhóm nào." in page("classes")
    establish_class(actor=SYSTEM, code="hoi", title="Các hội")
    assert "Tìm và thêm đơn vị ở dưới" in page("class", "hoi", 2026)
    units = page("units")
    assert "Sở KH&amp;CN" in units
    assert "trước sắp xếp" not in units, "nothing was reorganised"
    assert "không có đơn vị nào khớp" in page("units", q="zzz")
    assert "— chưa rõ —" in page("new-party"), "there is no place to choose yet, and none is needed"
