"""Two wordings on a page: what was taken out and put in, in words and for every reader."""

import pytest
from django.template import Context, Template
from django.utils import translation

TEMPLATE = Template("{% load chuan_ui %}{% differences old new %}")


def shown(old: str | None, new: str | None) -> str:
    return TEMPLATE.render(Context({"old": old, "new": new}))


def test_markup_in_a_wording_is_shown_as_text() -> None:
    page = shown("<b>cũ</b>", '<script>alert("mới")</script>')
    assert "<b>" not in page
    assert "<script" not in page
    assert "script" in page


@pytest.mark.parametrize(("old", "new"), [("", ""), (None, None), (None, ""), ("x", "x")])
def test_nothing_is_marked_where_nothing_changed(old: str | None, new: str | None) -> None:
    assert "<ins" not in shown(old, new)
    assert "<del" not in shown(old, new)


def test_what_was_taken_out_and_put_in_is_marked_and_said() -> None:
    page = shown("Đã mở 03 lớp.", "Đã tổ chức 03 lớp.")
    assert '<del><span class="visually-hidden">bỏ: </span>mở</del> ' in page
    assert '<ins><span class="visually-hidden">thêm: </span>tổ chức</ins> ' in page
    assert page.startswith('<span class="differences">Đã <del>')
    assert page.endswith("03 lớp.</span>")


def test_an_english_page_says_it_in_english() -> None:
    with translation.override("en"):
        page = shown("a", "b")
    assert "removed:" in page
    assert "added:" in page
