"""Files that prove a course: judged by their bytes, kept, handed out only to who sees the course, taken back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.files import store
from chuan.training.errors import CourseGone, NotAllowed
from chuan.training.models import Attachment, Course
from chuan.training.services import attach_file, detach_file, void_course
from tests.cast import Cast, Member
from tests.training.builders import course, said

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 quyet dinh mo lop"


def _attach(cast: Cast, where: Course, by: Member | None = None, name: str = "quyet-dinh.pdf") -> Attachment:
    digest, kind = store.receive(name, PDF)
    return attach_file(
        actor=(by or cast.focal).actor,
        course=where,
        title="Quyết định mở lớp",
        digest=digest,
        name=name,
        media_type=kind.media_type,
        size=len(PDF),
    )


def _post(browser: Any, where: Course, name: str, content: bytes, title: str = "") -> Any:
    upload = SimpleUploadedFile(name, content)
    return browser.post(reverse("training:attach", args=[where.code]), {"file": upload, "title": title})


def test_another_unit_attaches_and_detaches_nothing(cast: Cast) -> None:
    made = course(cast)
    kept = _attach(cast, made)
    with pytest.raises(NotAllowed):
        _attach(cast, made, by=cast.other_focal)
    with pytest.raises(NotAllowed):
        detach_file(actor=cast.other_focal.actor, seen=kept, reason="x")
    assert Attachment.objects.live().count() == 1


def test_a_voided_course_takes_no_file(cast: Cast) -> None:
    made = course(cast)
    void_course(actor=cast.focal.actor, seen=said(made), reason="Ghi nhầm")
    with pytest.raises(CourseGone):
        _attach(cast, made)


@pytest.mark.parametrize(
    ("name", "content", "said_of_it"),
    [
        ("danh-sach.exe", b"MZ", "Không nhận loại tệp"),
        ("danh-sach.pdf", b"MZ not a pdf", "không phải là tệp pdf"),
        ("danh-sach.docx", b"PK\x03\x04 not a package", "không phải là tệp docx"),
        ("khong-duoi", PDF, "Không nhận loại tệp"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_on_the_page(
    cast: Cast, sign_in: Any, name: str, content: bytes, said_of_it: str
) -> None:
    made = course(cast)
    answer = _post(sign_in(cast.focal), made, name, content)
    assert answer.status_code == 422
    assert said_of_it in answer.content.decode()
    assert not Attachment.objects.exists()


def test_an_empty_file_is_refused_on_the_page(cast: Cast, sign_in: Any) -> None:
    answer = _post(sign_in(cast.focal), course(cast), "rong.pdf", b"")
    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["other_focal", "finance", "committee"])
def test_who_does_not_see_the_course_does_not_get_its_file(cast: Cast, sign_in: Any, who: str) -> None:
    made = course(cast)
    kept = _attach(cast, made)
    answer = sign_in(cast.people[who]).get(reverse("training:download", args=[made.code, kept.pk]))
    assert answer.status_code == 404


def test_a_file_is_not_got_through_another_course(cast: Cast, sign_in: Any) -> None:
    foreign = _attach(cast, course(cast, by=cast.other_focal), by=cast.other_focal)
    mine = course(cast)
    answer = sign_in(cast.focal).get(reverse("training:download", args=[mine.code, foreign.pk]))
    assert answer.status_code == 404


def test_a_file_comes_back_as_it_was_and_as_an_attachment(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    browser = sign_in(cast.focal)
    assert _post(browser, made, "../Quyết định.pdf", PDF).status_code == 302
    kept = Attachment.objects.get()
    assert kept.title == "Quyết định.pdf"
    answer = browser.get(reverse("training:download", args=[made.code, kept.pk]))
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_file_is_detached_with_a_reason_and_named_in_the_history(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    kept = _attach(cast, made)
    browser = sign_in(cast.focal)
    url = reverse("training:detach", args=[made.code, kept.pk])
    assert browser.post(url, {"reason": " "}).status_code == 422
    assert Attachment.objects.live().exists()
    assert browser.post(url, {"reason": "Nhầm tệp"}).status_code == 302
    assert not Attachment.objects.live().exists()
    assert browser.get(reverse("training:download", args=[made.code, kept.pk])).status_code == 404
    told = AuditEntry.objects.get(action="training.detach_file")
    assert told.changes["file"][0][0] == "quyet-dinh.pdf"
    page = browser.get(reverse("training:course", args=[made.code])).content.decode()
    assert "Nhầm tệp" in page
    assert kept.file.content_sha not in page
