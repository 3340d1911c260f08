"""Every register with a record of it, and what a person types to add another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from chuan.assurance import register as assurance
from chuan.audit.actor import Actor
from chuan.instruments import register as instruments
from chuan.laboratories import register as laboratories
from chuan.ledger.models import Identity
from chuan.registers.forms import Shelf
from chuan.registers.register import Register
from tests.assurance.builders import activity, version
from tests.cast import Cast
from tests.instruments.builders import interval, kind
from tests.laboratories.builders import assessment, availability, criteria, laboratory, recognition, scope_line, stop

Typed = dict[str, str]


@dataclass(frozen=True)
class Sample:
    """A register, how a record of it is made, what is typed for another, and what a correction changes."""

    register: Register
    make: Callable[[Cast], Identity]
    typed: Callable[[Cast], Typed]
    #: (field, another value) of a correction.
    change: tuple[str, str]
    #: A required field, left empty to be refused.
    needed: str
    #: A word of the made record, typed without marks.
    word: str = ""

    def url(self, page: str, *args: Any) -> str:
        """Where a page of the register lies."""
        return reverse(self.register.route(page), args=args)

    def said(self, identity: Identity) -> Any:
        """The record's statement in force."""
        return self.register.model._default_manager.get(**{self.register.subject: identity, "voided_at": None})

    def shown(self, cast: Cast, identity: Identity) -> Typed:
        """What the correcting form of the record shows, as it is posted."""
        return posted(self.register, self.said(identity), cast.specialist.actor)


def posted(register: Register, said: Any, actor: Actor) -> Typed:
    """What the correcting form of a statement shows to the actor, as it is posted."""
    shelf = Shelf(actor)
    bound = register.form(initial=register.form.initial_of(said, shelf), shelf=shelf, seen=said)
    values = {field.name: field.value() for field in bound}
    return {name: "on" if v is True else str(v) for name, v in values.items() if v not in (None, False, "")}


def _kind(cast: Cast) -> Typed:
    return {
        "name": "Taximet",
        "kind_list": "group_2",
        "object_type": "instrument",
        **dict.fromkeys(("type_approval", "initial", "periodic", "after_repair"), "unknown"),
    }


def _recognition(cast: Cast) -> Typed:
    return {
        "unit": "tt-khcn",
        "kind": "designation",
        "number": "N383",
        "issuer": "Ủy ban TCĐLCL Quốc gia",
        "valid_from": "01/02/2025",
        "standard": "none",
    }


def _line(cast: Cast) -> Typed:
    return {
        "laboratory": laboratory(cast, "Phòng Áp suất").code,
        "kind": kind(cast, "Áp kế lò xo").code,
        "activity": "calibration",
        "field": "measurement",
        "valid_from": "01/02/2025",
        "status": "active",
    }


def _availability(cast: Cast) -> Typed:
    return {
        "laboratory": laboratory(cast, "Phòng Áp suất").code,
        "kind": kind(cast, "Áp kế chuẩn", object_type="standard").code,
        "available_from": "01/02/2025",
        "evidence": "Biên bản nghiệm thu",
    }


def _assessment(cast: Cast) -> Typed:
    made = laboratory(cast, "Phòng Áp suất")
    return {"laboratory": made.code, "criteria_set": criteria(cast, version="2").code, "kind": "self"}


def _version(cast: Cast) -> Typed:
    return {
        "unit": "dn-hcm",
        "number": "1",
        "title": "Chương trình 2026",
        "by_head": "unknown",
        "term_from": "01/01/2026",
        "term_to": "31/12/2026",
        "ownership": "unknown",
    }


def _activity(cast: Cast) -> Typed:
    made = version(cast, unit=cast.unit("dn-hcm"))
    return {"version": made.code, "kind": "method", "on": "01/02/2025", "description": "Quy trình hiệu chuẩn nội bộ"}


SAMPLES = (
    Sample(instruments.KINDS, kind, _kind, ("row_number", "8b"), "name", "can ban"),
    Sample(
        instruments.INTERVALS,
        lambda cast: interval(cast, kind(cast), 12, date(2020, 1, 1)),
        lambda cast: {"kind": kind(cast, "Taximet").code, "months": "18", "source": "TT 03/2024"},
        ("months", "18"),
        "months",
        "can ban",
    ),
    Sample(
        laboratories.LABORATORIES,
        laboratory,
        lambda cast: {"name": "Phòng Áp suất", "unit": "tt-khcn", "place": "x-tb"},
        ("name", "Phòng Đo lường 1"),
        "name",
        "phong do luong",
    ),
    Sample(laboratories.RECOGNITIONS, recognition, _recognition, ("number", "ĐK 417"), "number", "dk 416"),
    Sample(
        laboratories.STOPS,
        lambda cast: stop(cast, recognition(cast), date(2025, 3, 1)),
        lambda cast: {
            "recognition": recognition(cast, "ĐK 500").code,
            "kind": "withdrawn",
            "start": "01/02/2025",
            "document": "QĐ 7/QĐ-TĐC",
        },
        ("document", "QĐ 6/QĐ-TĐC"),
        "document",
        "qd 5",
    ),
    Sample(
        laboratories.LINES,
        lambda cast: scope_line(cast, laboratory(cast), kind(cast)),
        _line,
        ("range_text", "đến 300 kg"),
        "valid_from",
        "can ban",
    ),
    Sample(
        laboratories.AVAILABILITIES,
        lambda cast: availability(cast, laboratory(cast), kind(cast), date(2024, 5, 6)),
        _availability,
        ("evidence", "Giấy chứng nhận chuẩn"),
        "evidence",
        "phong do luong",
    ),
    Sample(
        laboratories.CRITERIA,
        criteria,
        lambda cast: {"title": "Bộ tiêu chí mới", "version": "1", "requirements": "Có chuẩn"},
        ("version", "1.1"),
        "requirements",
        "bo tieu chi thu",
    ),
    Sample(
        laboratories.ASSESSMENTS,
        lambda cast: assessment(
            cast,
            laboratory(cast),
            criteria(cast),
            concluded_on=date(2025, 6, 3),
            document="BB 3/TT",
            overall="partly",
        ),
        _assessment,
        ("note", "Đang làm"),
        "criteria_set",
        "phong do luong",
    ),
    Sample(assurance.VERSIONS, version, _version, ("title", "Chương trình sửa đổi"), "title", "can tay ninh"),
    Sample(
        assurance.ACTIVITIES,
        lambda cast: activity(cast, version(cast), date(2025, 5, 6)),
        _activity,
        ("performer", "Viện Đo lường"),
        "description",
        "hieu chuan can",
    ),
)
