"""QR codes: refused when empty, sound XML with words, PNG, the same each time."""

import pytest
from lxml import etree

from chuan.rendering.drawings import check_svg
from chuan.rendering.qr import qr_png, qr_svg

URL = "https://do-luong.example.vn/k/8f3a2c?a=1&b=2"


@pytest.mark.parametrize("make", [lambda url: qr_svg(url, "x"), qr_png])
def test_refuses_an_empty_address(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="address"):
        make(" ")


def test_the_svg_says_in_words_what_it_is_even_when_the_words_are_hostile() -> None:
    alt = '"><script>alert(1)</script> Mã & đường dẫn'
    root = etree.fromstring(check_svg(qr_svg(URL, alt)).encode())
    assert root.get("aria-label") == alt
    assert root.find("{*}title").text == alt
    assert root.get("viewBox")
    assert root.get("width") is None


def test_the_png_is_one_and_both_are_the_same_each_time() -> None:
    assert qr_png(URL).startswith(b"\x89PNG\r\n")
    assert qr_png(URL) == qr_png(URL)
    assert qr_svg(URL, "x") == qr_svg(URL, "x")
