"""Kinds of recognitions, scopes and assessments, and when a recognition holds: plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RecognitionKind(TextChoices):
    """Legal facts that are never one status: registration, designation, accreditation, certification."""

    REGISTRATION = "registration", _("Đăng ký (ĐK)")
    DESIGNATION = "designation", _("Chỉ định (N)")
    ACCREDITATION = "accreditation", _("Công nhận (VILAS, BoA…)")
    CERTIFICATION = "certification", _("Chứng nhận hệ thống quản lý")


class Standard(TextChoices):
    """What an accreditation or a certificate is to."""

    ISO_17025 = "iso_17025", _("ISO/IEC 17025")
    ISO_9001 = "iso_9001", _("ISO 9001")
    OTHER = "other", _("Tiêu chuẩn khác")
    NONE = "none", _("Không áp dụng")


class InterruptionKind(TextChoices):
    """What stops a recognition."""

    SUSPENDED = "suspended", _("Đình chỉ, tạm đình chỉ")
    WITHDRAWN = "withdrawn", _("Thu hồi, hủy bỏ hiệu lực")


class Activity(TextChoices):
    """What a laboratory does with a kind."""

    VERIFICATION = "verification", _("Kiểm định")
    CALIBRATION = "calibration", _("Hiệu chuẩn")
    TESTING = "testing", _("Thử nghiệm")


class Field(TextChoices):
    """Field of a scope line: only measurement counts where the plan asks for a measurement field."""

    MEASUREMENT = "measurement", _("Đo lường")
    CHEMICAL = "chemical", _("Hóa học")
    BIOLOGICAL = "biological", _("Sinh học")


class LineStatus(TextChoices):
    """Whether the laboratory works to the line."""

    ACTIVE = "active", _("Đang thực hiện")
    PAUSED = "paused", _("Tạm dừng")
    CLOSED = "closed", _("Đã thôi")


class AssessmentKind(TextChoices):
    """Who assessed."""

    SELF = "self", _("Tự đánh giá")
    CONFIRMED = "confirmed", _("Sở KH&CN đánh giá hoặc xác nhận")


class Result(TextChoices):
    """The result of one requirement, and of the whole."""

    MET = "met", _("Đáp ứng")
    PARTLY = "partly", _("Đáp ứng một phần")
    NOT_MET = "not_met", _("Chưa đáp ứng")
    NOT_APPLICABLE = "not_applicable", _("Không áp dụng")


@dataclass(frozen=True)
class Interruption:
    """Days on which a recognition does not hold: from `start`, up to the day before `end`; without end, ever since."""

    start: date
    end: date | None = None


def recognition_holds(
    day: date, *, begins: date, last_day: date | None, interruptions: Iterable[Interruption] = ()
) -> bool:
    """Valid on `day`: begun, the printed "Có giá trị đến" day included, and not interrupted.

    A day on which a suspension begins is not valid, the day on which it is lifted is.
    `queries.holds_q` says the same in SQL.
    """
    inside = begins <= day and (last_day is None or day <= last_day)
    return inside and not any(i.start <= day and (i.end is None or day < i.end) for i in interruptions)


def numbered(requirements: str) -> list[str]:
    """Requirements as typed, one a line, blank lines left out."""
    return [line.strip() for line in requirements.splitlines() if line.strip()]
