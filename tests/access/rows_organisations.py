"""Units, parties, classes, accounts and roles.

Units with who acts for them and the plan's classes are open to who is signed in; what is said of a party, accounts
and people are not.
"""

from datetime import date
from typing import Any

from chuan.accounts.services import create_user
from chuan.organisations.models import PersonFacts
from chuan.organisations.rules import OWN_UNIT_ROLES, PROVINCE_WIDE_ROLES, Role
from chuan.organisations.services import (
    Passing,
    add_class_members,
    add_person,
    decide_acting,
    establish_class,
    grant_membership,
)
from tests.access.matrix import SIGNED_IN, Grid, Outcome, Persona, Planted, Row, roles_read
from tests.cast import SYSTEM, Cast
from tests.organisations.builders import (
    ORGANISATION,
    department,
    dissolve,
    party,
    passes,
    said_of,
    version_of,
)

ADMINISTRATOR = frozenset({str(Role.ADMINISTRATOR)})
#: Tax codes whose check digit holds, one a tenant.
TAX_CODES = {"so-ct": "0300588569", "so-yt": "0100109106"}


def seed(cast: Cast, unit: str) -> Planted:
    """An account with a role, and a person whose record the unit keeps."""
    user = create_user(
        actor=SYSTEM,
        username=f"kin-{unit}",
        full_name=f"Canh Bao {unit} tai khoan",
        email=f"kin-{unit}@example.vn",
        password="mot-mat-khau-dai",
    )
    home = cast.unit(unit)
    membership = grant_membership(actor=SYSTEM, user=user, unit=home, role=Role.FOCAL, valid_from=date(2021, 2, 3))
    name = f"Canh Bao {unit} nguoi"
    person = add_person(actor=SYSTEM, full_name=name, owner=home, work_contact=f"lien-he-{unit}-0912")
    said = PersonFacts.objects.live().get(person=person)
    texts, keys = _party(cast, unit)
    return Planted(
        unit,
        keys={
            **keys,
            **_decision(cast, unit),
            **_class(cast, unit),
            "account": user.pk,
            "membership": membership.pk,
            "person": person.code,
            "person_seen": said.pk,
            "unit": unit,
        },
        texts=(user.username, user.full_name, user.email, name, f"lien-he-{unit}-0912", *texts),
    )


def _party(cast: Cast, unit: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    """An enterprise's facts, which no other unit reads."""
    said = {"tax_code": TAX_CODES[unit], "sector": f"nganh-{unit}-4471", "basis": f"nguon-{unit}-4472"}
    made = party(cast, f"Công ty của {unit}", **said)
    keys = {"party": made.code, "party_seen": said_of(made).pk, "party_name_seen": version_of(made).pk}
    return tuple(said.values()), keys


def _decision(cast: Cast, unit: str) -> dict[str, Any]:
    """A department that was split over two: a decision in one field, none in the others."""
    old = department(f"cu-{unit}", f"Sở Cũ {unit}")
    dissolve(old)
    one, other = cast.unit("so-tc"), cast.unit("so-khcn")
    passes(f"chia-{unit}", Passing(old, one, ORGANISATION), Passing(old, other, ORGANISATION), kind="split")
    made = decide_acting(actor=SYSTEM, unit=old, domain="finance", acting=one, document="QĐ 12", reason="Phân công")
    return {"split": old.code, "decision": made.pk}


def _class(cast: Cast, unit: str) -> dict[str, Any]:
    """A class with one unit on its list of 2026."""
    made = establish_class(actor=SYSTEM, code=f"nhom-{unit}", title=f"Nhóm {unit}")
    home = [cast.unit(unit)]
    (member,) = add_class_members(actor=SYSTEM, party_class=made, units=home, year=2026, basis="Công văn 12")
    return {"class": made.code, "class_member": member.pk}


SPECIALIST = frozenset({str(Role.SPECIALIST)})
EVERYWHERE = frozenset(str(r) for r in PROVINCE_WIDE_ROLES)
OWN = frozenset(str(r) for r in OWN_UNIT_ROLES)
KEEPERS = frozenset({str(Role.FOCAL), str(Role.UNIT_LEADER)})


MANAGERS = SPECIALIST | ADMINISTRATOR
LISTERS = EVERYWHERE | ADMINISTRATOR


def _reads_register(persona: Persona, unit: str) -> bool:
    """Facts of these parties are read by who opens the register: no tenant of the table is one of them."""
    return persona.role in LISTERS


def _keeps_register(done: Outcome) -> Grid:
    """Who keeps the register; its other readers are told that they may not."""
    return Grid(done, anywhere=MANAGERS, sees=LISTERS, otherwise=Outcome.UNSEEN)


def _corrects(done: Outcome) -> Grid:
    """The unit that keeps the record, and the specialist; other readers are told that they may not."""
    return Grid(done, anywhere=SPECIALIST, own=KEEPERS, sees=EVERYWHERE, sees_own=OWN, otherwise=Outcome.UNSEEN)


_REASON = "Theo công văn 12/SKHCN"

ROWS = (
    Row(
        "organisations:correct-person",
        kwargs=lambda t: {"code": t.keys["person"]},
        get=_corrects(Outcome.SHOWN),
        post=_corrects(Outcome.DONE),
        data=lambda t: {"full_name": "Tên Đã Sửa", "reason": _REASON, "seen": t.keys["person_seen"]},
    ),
    Row(
        "organisations:units",
        get=Grid(Outcome.SHOWN, anywhere=SIGNED_IN),
        queries=("q={text}", "on=01/01/2024", "on=x", "page=9999"),
    ),
    Row(
        "organisations:unit",
        kwargs=lambda t: {"code": t.keys["unit"]},
        get=Grid(Outcome.SHOWN, anywhere=SIGNED_IN),
    ),
    Row(
        "organisations:decide-acting",
        kwargs=lambda t: {"code": t.keys["split"]},
        post=Grid(Outcome.DONE, anywhere=MANAGERS),
        data=lambda t: {"domain": "metrology", "acting": "so-tc", "document": "QĐ 13", "reason": _REASON},
    ),
    Row(
        "organisations:correct-acting",
        kwargs=lambda t: {"code": t.keys["split"], "pk": t.keys["decision"]},
        post=Grid(Outcome.DONE, anywhere=MANAGERS),
        data=lambda t: {"acting": "so-khcn", "document": "QĐ 13", "reason": _REASON},
    ),
    Row(
        "organisations:undo-acting",
        kwargs=lambda t: {"code": t.keys["split"], "pk": t.keys["decision"]},
        post=Grid(Outcome.DONE, anywhere=MANAGERS),
        data=lambda t: {"reason": _REASON},
    ),
    Row(
        "organisations:parties",
        get=Grid(Outcome.SHOWN, anywhere=LISTERS),
        queries=("q={text}", "kind=x", "state=ended", "after=9999"),
        reveals=_reads_register,
    ),
    Row(
        "organisations:new-authority",
        get=Grid(Outcome.SHOWN, anywhere=MANAGERS),
        post=Grid(Outcome.DONE, anywhere=MANAGERS),
        data=lambda t: {
            "kind": "agency",
            "name": f"Ban Quản lý {t.unit}",
            "valid_from": "01/02/2026",
            "document": "QĐ 7",
            "basis": _REASON,
        },
    ),
    Row(
        "organisations:new-party",
        get=Grid(Outcome.SHOWN, anywhere=MANAGERS),
        post=Grid(Outcome.DONE, anywhere=MANAGERS),
        data=lambda t: {
            "kind": "association",
            "name": f"Hội {t.unit}",
            "no_tax_code": "unknown",
            "ownership": "other",
            "valid_from": "01/02/2026",
        },
        reveals=_reads_register,
    ),
    Row(
        "organisations:party",
        kwargs=lambda t: {"code": t.keys["party"]},
        get=Grid(Outcome.SHOWN, anywhere=LISTERS, otherwise=Outcome.UNSEEN),
        reveals=_reads_register,
    ),
    Row(
        "organisations:correct-party",
        kwargs=lambda t: {"code": t.keys["party"]},
        get=_keeps_register(Outcome.SHOWN),
        post=_keeps_register(Outcome.DONE),
        data=lambda t: {
            "tax_code": TAX_CODES[t.unit],
            "ownership": "fdi",
            "reason": _REASON,
            "seen": t.keys["party_seen"],
        },
        reveals=_reads_register,
    ),
    Row(
        "organisations:rename-party",
        kwargs=lambda t: {"code": t.keys["party"]},
        get=_keeps_register(Outcome.SHOWN),
        post=_keeps_register(Outcome.DONE),
        data=lambda t: {"name": "Tên Đã Sửa", "reason": _REASON, "seen": t.keys["party_name_seen"]},
        reveals=_reads_register,
    ),
    Row(
        "organisations:end-party",
        kwargs=lambda t: {"code": t.keys["party"]},
        get=_keeps_register(Outcome.SHOWN),
        post=_keeps_register(Outcome.DONE),
        data=lambda t: {"on": "01/02/2026", "reason": _REASON},
        reveals=_reads_register,
    ),
    Row("organisations:classes", get=Grid(Outcome.SHOWN, anywhere=SIGNED_IN), queries=("year=2025", "year=x")),
    Row(
        "organisations:class",
        kwargs=lambda t: {"code": t.keys["class"], "year": 2026},
        get=Grid(Outcome.SHOWN, anywhere=SIGNED_IN),
        queries=("find={text}", "find=so"),
    ),
    Row(
        "organisations:add-class-members",
        kwargs=lambda t: {"code": t.keys["class"], "year": 2026},
        post=Grid(Outcome.DONE, anywhere=MANAGERS),
        data=lambda t: {"units": "so-tc", "basis": _REASON},
    ),
    Row(
        "organisations:remove-class-member",
        kwargs=lambda t: {"code": t.keys["class"], "year": 2026, "pk": t.keys["class_member"]},
        post=Grid(Outcome.DONE, anywhere=MANAGERS),
        data=lambda t: {"reason": _REASON},
    ),
    Row(
        "organisations:copy-class-year",
        kwargs=lambda t: {"code": t.keys["class"], "year": 2027},
        post=Grid(Outcome.DONE, anywhere=MANAGERS),
        data=lambda t: {"source": "2026", "basis": _REASON},
    ),
    Row(
        "organisations:accounts",
        get=Grid(Outcome.SHOWN, anywhere=ADMINISTRATOR),
        queries=("q={text}",),
        reveals=roles_read(*ADMINISTRATOR),
    ),
    Row(
        "organisations:new-account",
        get=Grid(Outcome.SHOWN, anywhere=ADMINISTRATOR),
        post=Grid(Outcome.DONE, anywhere=ADMINISTRATOR),
        data=lambda t: {"username": f"moi.{t.unit}", "full_name": "Người Mới", "email": ""},
        reveals=roles_read(*ADMINISTRATOR),
    ),
    Row(
        "organisations:account",
        kwargs=lambda t: {"pk": t.keys["account"]},
        get=Grid(Outcome.SHOWN, anywhere=ADMINISTRATOR),
        reveals=roles_read(*ADMINISTRATOR),
    ),
    Row(
        "organisations:grant",
        kwargs=lambda t: {"pk": t.keys["account"]},
        post=Grid(Outcome.DONE, anywhere=ADMINISTRATOR),
        data=lambda t: {"unit": "so-tc", "role": "finance", "valid_from": "01/02/2026"},
        reveals=roles_read(*ADMINISTRATOR),
    ),
    Row(
        "organisations:end",
        kwargs=lambda t: {"pk": t.keys["account"], "membership": t.keys["membership"]},
        post=Grid(Outcome.DONE, anywhere=ADMINISTRATOR),
        data=lambda t: {"reason": _REASON},
        reveals=roles_read(*ADMINISTRATOR),
    ),
    Row(
        "organisations:set-active",
        kwargs=lambda t: {"pk": t.keys["account"]},
        post=Grid(Outcome.DONE, anywhere=ADMINISTRATOR),
        data=lambda t: {"reason": _REASON, "active": "0"},
        reveals=roles_read(*ADMINISTRATOR),
    ),
    Row(
        "organisations:reset-second-factor",
        kwargs=lambda t: {"pk": t.keys["account"]},
        post=Grid(Outcome.DONE, anywhere=ADMINISTRATOR),
        data=lambda t: {"reason": _REASON},
        reveals=roles_read(*ADMINISTRATOR),
    ),
    Row(
        "organisations:set-password",
        kwargs=lambda t: {"pk": t.keys["account"]},
        post=Grid(Outcome.DONE, anywhere=ADMINISTRATOR),
        data=lambda t: {"reason": _REASON},
        reveals=roles_read(*ADMINISTRATOR),
    ),
)
