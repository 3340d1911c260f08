"""Units, accounts and roles. Units are public to who is signed in; accounts and people are not."""

from datetime import date

from chuan.accounts.services import create_user
from chuan.organisations.models import PersonFacts
from chuan.organisations.rules import OWN_UNIT_ROLES, PROVINCE_WIDE_ROLES, Role
from chuan.organisations.services import add_person, grant_membership
from tests.access.matrix import SIGNED_IN, Grid, Outcome, Planted, Row, roles_read
from tests.cast import SYSTEM, Cast

ADMINISTRATOR = frozenset({str(Role.ADMINISTRATOR)})


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
    return Planted(
        unit,
        keys={
            "account": user.pk,
            "membership": membership.pk,
            "person": person.code,
            "person_seen": said.pk,
            "unit": unit,
        },
        texts=(user.username, user.full_name, user.email, name, f"lien-he-{unit}-0912"),
    )


SPECIALIST = frozenset({str(Role.SPECIALIST)})
EVERYWHERE = frozenset(str(r) for r in PROVINCE_WIDE_ROLES)
OWN = frozenset(str(r) for r in OWN_UNIT_ROLES)
KEEPERS = frozenset({str(Role.FOCAL), str(Role.UNIT_LEADER)})


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
