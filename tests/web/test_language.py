"""Vietnamese unless the reader chose otherwise; what the browser prefers is not asked."""

import pytest
from django.test import Client
from django.urls import reverse

LOGIN = reverse("account_login")


@pytest.mark.parametrize("cookie", ["fr", "en-US", "../../etc/passwd", "", "vi\r\nX: y"])
def test_a_language_that_is_not_ours_is_vietnamese(db: None, cookie: str) -> None:
    browser = Client()
    browser.cookies["chuan_language"] = cookie
    answer = browser.get(LOGIN)
    assert answer.status_code == 200
    assert answer["Content-Language"] == "vi"


def test_what_the_browser_prefers_does_not_decide(db: None) -> None:
    answer = Client().get(LOGIN, headers={"accept-language": "en-GB,en;q=0.9"})
    assert answer["Content-Language"] == "vi"
    assert '<html lang="vi">' in answer.content.decode()


def test_an_unknown_choice_is_not_remembered(db: None) -> None:
    answer = Client().post(reverse("language"), {"language": "fr"})
    assert "chuan_language" not in answer.cookies


def test_the_chosen_language_stays(db: None) -> None:
    browser = Client()
    browser.post(reverse("language"), {"language": "en"})
    answer = browser.get(LOGIN)
    assert answer["Content-Language"] == "en"
    assert '<html lang="en">' in answer.content.decode()
    assert int(browser.cookies["chuan_language"]["max-age"]) > 300 * 86400


def test_the_language_of_one_request_does_not_colour_the_next(db: None) -> None:
    english, other = Client(), Client()
    english.cookies["chuan_language"] = "en"
    assert english.get(LOGIN)["Content-Language"] == "en"
    assert other.get(LOGIN)["Content-Language"] == "vi"


def test_errors_speak_the_chosen_language(db: None) -> None:
    browser = Client()
    browser.cookies["chuan_language"] = "en"
    answer = browser.get("/khong-co/")
    assert answer.status_code == 404
    assert "Không tìm thấy" not in answer.content.decode()
