"""S2 saves by itself: what the page's script sends is judged and saved as the button's, and overwrites nobody."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.organisations.models import Membership
from chuan.organisations.services import grant_membership
from chuan.reporting.models import ReportingPeriod, Submission
from chuan.reporting.services import submissions
from tests.cast import SYSTEM, Cast
from tests.reporting.test_behalf import begin
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


def test_a_wrong_field_is_left_out_and_named_and_what_is_stored_stays(
    cast: Cast, draft: Submission, sign_in: Any
) -> None:
    browser = sign_in(cast.focal)
    post(browser, 1, **{"money-budget": "12", "money-enterprise": "3"})
    answer = post(browser, 2, narrative="Đang gõ tiếp", **{"money-budget": "mười hai", "money-enterprise": "4"})
    said = {"said": "Đã lưu lúc 08:00, trừ: Ngân sách nhà nước", "version": 3, "partly": 1}
    assert (answer.status_code, answer.json()) == (200, said)
    kept = Submission.objects.get().draft
    assert kept["narrative"] == "Đang gõ tiếp"
    assert kept["money"] == {"budget": 12_000_000, "enterprise": 4_000_000}


def test_an_amount_that_looks_mistyped_waits_for_the_button_to_ask(cast: Cast, draft: Submission, sign_in: Any) -> None:
    answer = post(sign_in(cast.focal), 1, **{"money-budget": "120000000", "money-enterprise": "4"})
    assert answer.json()["said"] == "Đã lưu lúc 08:00, trừ: Ngân sách nhà nước"
    assert Submission.objects.get().draft["money"] == {"enterprise": 4_000_000}


def test_a_list_with_a_half_written_line_is_kept_whole_as_it_was(cast: Cast, draft: Submission, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    first = {"proposal_0-words": "Mua chuẩn", "proposal_0-budget": "12", "proposal_1-words": "Mở lớp"}
    post(browser, 1, proposal_lines="2", **first)
    before = Submission.objects.get().draft["proposals"]
    assert [line["words"] for line in before] == ["Mua chuẩn", "Mở lớp"]
    # The first line was dropped on the page, the second is half typed in its place.
    answer = post(browser, 2, narrative="Gõ tiếp", **{"proposal_0-words": "Mở lớp", "proposal_0-budget": "mười"})
    assert answer.json()["said"] == "Đã lưu lúc 08:00, trừ: Đề xuất cho năm sau"
    kept = Submission.objects.get().draft
    assert (kept["narrative"], kept["proposals"]) == ("Gõ tiếp", before)


def test_where_even_what_is_stored_is_wrong_nothing_is_saved(cast: Cast, draft: Submission, sign_in: Any) -> None:
    odd = {**Submission.objects.get().draft, "money": {"budget": 120 * 10**12}}
    Submission.objects.update(draft=odd)
    answer = post(sign_in(cast.focal), 1, **{"money-budget": "mười hai"})
    assert answer.status_code == 422
    assert answer.json()["said"].startswith("Chưa lưu: còn ô cần sửa. Ngân sách nhà nước: ")
    assert narrative() == "Đã mở một lớp."


def test_a_stale_tab_of_the_attempt_before_never_overwrites_the_next(
    cast: Cast, draft: Submission, sign_in: Any
) -> None:
    step(draft, "present", cast.focal)
    step(draft, "approve", cast.leader)
    step(draft, "send", cast.focal)
    second = step(draft, "return_lines", cast.specialist, note="Thiếu", lines=["CT2"])
    said: Any = {"figures": RIGHT, "narrative": "Bản sửa của lãnh đạo", "nil": False}
    saved = submissions.save_draft(actor=cast.leader.actor, submission=second, version=second.draft_version, **said)
    browser = sign_in(cast.focal)
    for version in range(draft.draft_version + 1):
        assert post(browser, version).status_code == 409, version
    assert Submission.objects.get(attempt=2).draft["narrative"] == "Bản sửa của lãnh đạo"
    assert post(browser, saved).status_code == 200


def test_a_report_typed_from_a_letter_goes_on_from_the_version_that_it_sets_aside(
    cast: Cast, period: ReportingPeriod, draft: Submission
) -> None:
    typed = begin(cast, period)
    assert (typed.attempt, typed.draft_version) == (2, 2)


def test_what_one_person_typed_is_not_saved_under_the_name_of_another_of_the_same_role(
    cast: Cast, draft: Submission, sign_in: Any
) -> None:
    opened = re.search(r'name="_acting" value="([^"]*)"', sign_in(cast.focal).get(PAGE).content.decode())
    assert opened is not None
    other = cast.other_focal
    grant_membership(actor=SYSTEM, user=other.user, unit=cast.unit("so-ct"), role="focal", valid_from=date(2026, 1, 1))
    held = Membership.objects.live().get(user=other.user, unit=cast.unit("so-ct"))
    browser = sign_in(other, fresh=True)
    browser.post(reverse("switch-role"), {"membership": held.pk})
    answer = post(browser, 1, _acting=opened[1])
    assert answer.status_code == 409
    assert "đã đăng nhập tài khoản khác" in answer.json()["said"]
    assert narrative() == "Đã mở một lớp."
    assert post(browser, 1).status_code == 200, "they may write: on a page of their own"


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
    assert "đã chuyển vai trò" in answer.json()["said"]


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
    step(Submission.objects.get(), "present", cast.focal)
    assert post(browser, 1).json() == first, "though nothing could be saved now"


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
