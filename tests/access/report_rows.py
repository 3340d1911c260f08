"""Rows of the access table of consolidated reports: drafting, issuing, papers, and who gets them whole."""

from typing import Any

from chuan.accounts.models import User
from chuan.organisations.models import DraftingRoom
from chuan.organisations.rules import DEPARTMENT, Role
from chuan.reporting.models import IssuerRule, SigningDelegation
from tests.access.matrix import PROVINCE_WIDE, SIGNED_IN, Grid, Outcome, Persona, Row, reads

SPECIALIST = frozenset({str(Role.SPECIALIST)})
HEAD = frozenset({str(Role.HEAD_OF_OFFICE)})
DIRECTOR = frozenset({str(Role.DEPARTMENT_LEADER)})
#: Who gets an issued report whole, beside the clerk of Sở.
WHOLE = PROVINCE_WIDE | {str(Role.COMMITTEE_READER), str(Role.FINANCE)}


def code(key: str, **more: Any) -> Any:
    """Arguments of a route: a planted code, and more."""
    return lambda tenant: {"code": tenant.keys[key], **more}


class _Printers(Grid):
    """The specialist, and of the clerks the one of Sở only."""

    def outcome(self, persona: Persona, unit: str | None) -> Outcome:
        if persona.role == Role.CLERK and persona.unit == DEPARTMENT:
            return self.done
        return super().outcome(persona, unit)


class _Clerk(Grid):
    """The clerk of Sở alone."""

    def outcome(self, persona: Persona, unit: str | None) -> Outcome:
        if persona.role == Role.CLERK:
            return self.done if persona.unit == DEPARTMENT else Outcome.FORBIDDEN
        return super().outcome(persona, unit)


def _gets_it_whole(persona: Persona, unit: str) -> bool:
    """Who opens the papers reads every unit's part; everybody else their own (`policies.reads_unit_details`)."""
    clerk = persona.role == Role.CLERK and persona.unit == DEPARTMENT
    return clerk or persona.role in WHOLE or reads(persona, unit)


LIVE = Grid(Outcome.SHOWN, anywhere=PROVINCE_WIDE)
_ISSUED = Grid(Outcome.SHOWN, anywhere=SIGNED_IN)
_WHOLE = _Clerk(Outcome.SHOWN, anywhere=WHOLE)
_DRAFT = Grid(Outcome.SHOWN, anywhere=PROVINCE_WIDE, otherwise=Outcome.UNSEEN)

REPORT_ROWS = (
    Row("reporting:reports", get=_ISSUED, post=Grid(Outcome.DONE, anywhere=SPECIALIST)),
    # Everybody signed in has the page; what it says of the units only those who get the report whole (ADR 13).
    Row("reporting:report", kwargs=code("issued"), get=_ISSUED, reveals=_gets_it_whole),
    Row(
        "reporting:paragraphs",
        kwargs=code("draft"),
        get=_DRAFT,
        post=Grid(Outcome.DONE, anywhere=SPECIALIST, sees=PROVINCE_WIDE, otherwise=Outcome.UNSEEN),
        data=lambda t: {"version": "1", "lines": "0", "do": "save"},
    ),
    Row(
        "reporting:own-words",
        kwargs=code("draft"),
        get=_DRAFT,
        post=Grid(Outcome.DONE, anywhere=SPECIALIST, sees=PROVINCE_WIDE, otherwise=Outcome.UNSEEN),
        data=lambda t: {"version": "1", "codes": ""},
    ),
    Row("reporting:sentences", kwargs=code("draft"), get=_DRAFT),
    Row(
        "reporting:say-sentence",
        kwargs=code("draft", indicator="CT4"),
        post=Grid(Outcome.CONFLICT, anywhere=SPECIALIST, sees=PROVINCE_WIDE, otherwise=Outcome.UNSEEN),
        data=lambda t: {"version": "1", "seen": "số khác", "more": "Thêm lời."},
    ),
    Row("reporting:issuing", get=LIVE),
    Row(
        "reporting:set-issuer",
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"issuer": "so", "valid_from": "01/01/2020", "valid_to": "01/01/2021", "document": "Thông lệ"},
    ),
    Row(
        "reporting:end-issuer",
        kwargs=lambda t: {"pk": IssuerRule.objects.get().pk},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"note": "đã có quy định khác"},
    ),
    Row(
        "reporting:set-drafting-room",
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {
            "name": "Phòng thử",
            "symbol": "PT",
            "valid_from": "01/01/2020",
            "valid_to": "01/01/2021",
            "document": "Quyết định",
        },
    ),
    Row(
        "reporting:end-drafting-room",
        kwargs=lambda t: {"pk": DraftingRoom.objects.get().pk},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"note": "Sở sắp xếp lại phòng"},
    ),
    Row(
        "reporting:delegate",
        post=Grid(Outcome.DONE, anywhere=SPECIALIST | DIRECTOR),
        data=lambda t: {
            "deputy": str(User.objects.get(username="deputy").pk),
            "first": "15/01/2027",
            "last": "20/01/2027",
            "document": "Văn bản 12",
        },
    ),
    Row(
        "reporting:end-delegation",
        kwargs=lambda t: {"pk": SigningDelegation.objects.get().pk},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST | DIRECTOR),
        data=lambda t: {"note": "Giám đốc đã về"},
    ),
    Row(
        "reporting:number-paper",
        kwargs=code("issued", form="submittal"),
        post=_Clerk(Outcome.DONE),
        data=lambda t: {"number": "77", "dated": "11/12/2026", "seen": str(t.keys["content"])},
    ),
    Row(
        "reporting:dispatch-report",
        kwargs=code("issued", recipient="ubnd"),
        # The planted report went to the Committee, and nobody is recorded twice.
        post=_Clerk(Outcome.CONFLICT),
        reveals=_gets_it_whole,
        data=lambda t: {"sent_on": "11/12/2026", "channel": "axis", "seen": str(t.keys["content"])},
    ),
    Row(
        "reporting:correct-dispatch",
        kwargs=code("issued", recipient="ubnd"),
        # The number of the record is of a page that nobody saw.
        post=_Clerk(Outcome.CONFLICT),
        reveals=_gets_it_whole,
        data=lambda t: {"sent_on": "11/12/2026", "channel": "post", "reason": "Gõ nhầm", "seen": "0"},
    ),
    Row(
        "reporting:save-words",
        kwargs=code("draft"),
        post=Grid(Outcome.DONE, anywhere=SPECIALIST, sees=PROVINCE_WIDE, otherwise=Outcome.UNSEEN),
        data=lambda t: {"version": "1", "direction": "Đã chỉ đạo."},
    ),
    Row("reporting:draft-pdf", kwargs=code("draft"), get=_DRAFT, expensive=True),
    Row("reporting:draft-docx", kwargs=code("draft"), get=_DRAFT, expensive=True),
    Row(
        "reporting:returned-word",
        kwargs=code("draft"),
        get=_DRAFT,
        post=Grid(Outcome.INVALID, anywhere=PROVINCE_WIDE, otherwise=Outcome.UNSEEN),
    ),
    Row(
        "reporting:take-words",
        kwargs=code("draft"),
        post=Grid(Outcome.DONE, anywhere=SPECIALIST, sees=PROVINCE_WIDE, otherwise=Outcome.UNSEEN),
        data=lambda t: {"version": "1", "direction": "Đã chỉ đạo.", "file": "0" * 64},
    ),
    Row("reporting:bundle", kwargs=code("issued"), get=_WHOLE, expensive=True, reveals=_gets_it_whole),
    Row(
        "reporting:paper",
        kwargs=lambda t: {"code": t.keys["issued"], "pk": t.keys["paper"]},
        get=_WHOLE,
        expensive=True,
    ),
    Row("reporting:signed-file", kwargs=code("issued"), get=_WHOLE, expensive=True),
    Row(
        "reporting:move-report",
        kwargs=code("draft", verb="review"),
        post=Grid(Outcome.DONE, anywhere=HEAD, sees=PROVINCE_WIDE, otherwise=Outcome.UNSEEN),
        data=lambda t: {"seen": "1"},
    ),
    Row(
        "reporting:reprint",
        kwargs=code("issued"),
        post=_Printers(Outcome.DONE, anywhere=SPECIALIST),
    ),
    Row(
        "reporting:replace-report",
        kwargs=code("issued"),
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"note": "Sửa số liệu"},
    ),
)
