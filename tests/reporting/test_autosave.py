"""S2 saves by itself: what the page's script sends is judged and saved as the button's, and overwrites nobody."""

from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.reporting.models import ReportingPeriod, Submission
from chuan.reporting.services import submissions
from tests.cast import Cast
from tests.reporting.test_report import RIGHT, period, started, step

__all__ = ["period"]

PAGE = "/submissions/KH-2828-2026-so-ct/"
FIELDS = {
    "right_CT2": "yes",
    "right_CT2-L": "yes",
    "seen_CT2": "0",
    "seen_CT2-L": "0",
    "narrative": "Đang gõ dở",
    "difficulty_lines": "1",
    "proposal_lines": "1",
}


def post(browser: Any, version: int, **more: str) -> Any:
    address = reverse("reporting:save-draft", args=["KH-2828-2026-so-ct"])
    return browser.post(address, {**FIELDS, "_key": "mot-khoa", "version": str(version), "auto": "1", **more})


@pytest.fixture
def draft(cast: Cast, period: ReportingPeriod) -> Submission:
    """so-ct's draft, saved once by its button."""
    return started(cast, period)


def narrative() -> str:
    return str(Submission.objects.get().draft["narrative"])


def test_a_newer_save_of_another_window_is_never_overwritten(cast: Cast, draft: Submission, sign_in: Any) -> None:
    submissions.save_draft(
        actor=cast.leader.actor, submission=draft, version=1, figures=RIGHT, narrative="Của lãnh đạo", nil=False
    )
    answer = post(sign_in(cast.focal), 1)
    assert answer.status_code == 409
    assert "đã được lưu từ một cửa sổ khác" in answer.json()["said"]
    assert narrative() == "Của lãnh đạo"


def test_what_the_button_would_refuse_names_its_field_and_saves_nothing(
    cast: Cast, draft: Submission, sign_in: Any
) -> None:
    answer = post(sign_in(cast.focal), 1, **{"money-budget": "mười hai"})
    assert answer.status_code == 422
    assert answer.json()["said"].startswith("Chưa lưu: còn ô cần sửa. Ngân sách nhà nước: ")
    assert narrative() == "Đã mở một lớp."


def test_a_report_that_was_handed_on_meanwhile_is_left_alone(cast: Cast, draft: Submission, sign_in: Any) -> None:
    step(draft, "present", cast.focal)
    answer = post(sign_in(cast.focal), 1)
    assert answer.status_code == 409
    assert "Chờ lãnh đạo duyệt" in answer.json()["said"]


@pytest.mark.parametrize("who", ["other_focal", "specialist", "laboratory"])
def test_nobody_else_saves_it(cast: Cast, draft: Submission, sign_in: Any, who: str) -> None:
    assert post(sign_in(cast.people[who]), 1).status_code in {403, 404, 409}
    assert narrative() == "Đã mở một lớp."


def test_a_page_that_was_opened_in_another_role_saves_nothing(cast: Cast, draft: Submission, sign_in: Any) -> None:
    answer = post(sign_in(cast.focal), 1, _acting="unit_leader@99")
    assert answer.status_code == 409
    assert "vai trò khác" in answer.json()["said"]


def test_a_session_that_ended_is_told_by_a_redirect(draft: Submission, client: Any) -> None:
    assert post(client, 1).status_code == 302


def test_it_saves_as_the_button_does_and_says_when(cast: Cast, draft: Submission, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    answer = post(browser, 1)
    assert answer.status_code == 200
    assert answer.json() == {"said": "Đã lưu lúc 08:00", "version": 2}
    assert narrative() == "Đang gõ dở"
    page = browser.get(PAGE).content.decode()
    assert "Đã lưu nháp." not in page, "no message waits for the next page"
    assert f'data-autosave="{PAGE}"' in page
    assert post(browser, 2, narrative="Đang gõ tiếp").json()["version"] == 3


def test_an_answer_that_was_lost_is_given_again_and_saves_once(cast: Cast, draft: Submission, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    first, second = post(browser, 1).json(), post(browser, 1).json()
    assert first == second
    assert Submission.objects.get().draft_version == 2
    assert AuditEntry.objects.filter(action="reporting.save_draft").count() == 2, "the button's and this one"


def test_the_log_holds_what_changed_and_not_the_report_again(cast: Cast, draft: Submission, sign_in: Any) -> None:
    post(sign_in(cast.focal), 1, seen_CT2="7")
    before, after = AuditEntry.objects.order_by("-seq")[0].changes["draft"]
    assert before == {"figures": {"CT2": {"seen": 0}}, "narrative": "Đã mở một lớp."}
    assert (after["narrative"], after["figures"]["CT2"]) == ("Đang gõ dở", {"seen": 7})


def test_lines_that_were_added_and_not_saved_are_saved_by_the_script_and_a_conflict_is_not(
    cast: Cast, draft: Submission, sign_in: Any
) -> None:
    browser = sign_in(cast.focal)
    address = reverse("reporting:save-draft", args=["KH-2828-2026-so-ct"])
    added = browser.post(address, {**FIELDS, "version": "1", "line": "add-difficulty"}).content.decode()
    assert "data-autosave-dirty" in added
    stale = browser.post(address, {**FIELDS, "version": "0"})
    assert stale.status_code == 409
    assert "data-autosave=" not in stale.content.decode(), "only the button decides between two versions"
    assert "data-autosave-dirty" not in browser.get(PAGE).content.decode()
