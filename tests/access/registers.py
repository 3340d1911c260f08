"""Rows of the access table that every register has, and what is planted of one record for them."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pikepdf

from chuan.files import store
from chuan.ledger.models import Identity
from chuan.organisations.rules import OWN_UNIT_ROLES, PROVINCE_WIDE_ROLES, Role
from chuan.registers.register import Register
from chuan.registers.services import Kept, attach, claim_record
from tests.access.matrix import NOBODY, Grid, Outcome, Planted, Row
from tests.cast import SYSTEM, Cast, Member
from tests.registers.samples import posted

EVERYWHERE = frozenset(str(r) for r in PROVINCE_WIDE_ROLES)
OWN = frozenset(str(r) for r in OWN_UNIT_ROLES)
SPECIALIST = frozenset({str(Role.SPECIALIST)})
_REASON = "Theo công văn 34/SKHCN"


def pdf(title: str) -> bytes:
    """A page of paper with the title in its properties."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = title
        document.save(out)
    return out.getvalue()


def kept_by(cast: Cast, unit: str) -> Member:
    """Whoever keeps records at the unit: the software itself where nobody of the cast there may."""
    actor = replace(SYSTEM, unit_id=cast.unit(unit).pk)
    return Member(cast.specialist.user, cast.specialist.membership, actor)


def planted(cast: Cast, register: Register, made: Identity, keeper: Member, title: str = "") -> dict[str, Any]:
    """Keys of a record: its code, its statement, what a correction posts, and of a register of files one, `title`d."""
    said = register.model._default_manager.get(**{register.subject: made, "voided_at": None})
    word = register.name
    sent = posted(register, said, cast.specialist.actor)
    keys: dict[str, Any] = {f"{word}": made.code, f"{word}_seen": said.pk, f"{word}_posted": sent}
    if register.files:
        content = pdf(title)
        digest, kind = store.receive("t.pdf", content)
        file = Kept(digest, f"{title}.pdf", kind.media_type, len(content))
        attached = attach(actor=keeper.actor, register=register, seen=said, title=title, file=file)
        keys[f"{word}_file"] = attached.pk
    return keys


def claim_of(cast: Cast, register: Register, made: Identity) -> dict[str, Any]:
    """Keys of a claim on a record, by a unit of which nobody asks."""
    said = register.model._default_manager.get(**{register.subject: made, "voided_at": None})
    facts, owner = register.facts_of(said), cast.unit("x-hd")
    claim = claim_record(actor=SYSTEM, register=register, facts=facts, document="KH 12", owner=owner)
    return {f"{register.name}_claim": (made.code, claim.pk)}


@dataclass(frozen=True)
class Rules:
    """Who does what in a register, beside whoever reads it."""

    #: Who adds, whichever unit they are of.
    recorders: frozenset[str]
    #: Who corrects what their own unit keeps, beside the specialist.
    keepers: frozenset[str] = NOBODY
    #: Every reader of registers sees all of it.
    public: bool = False
    #: Sở KH&CN alone reads it.
    closed: bool = False
    #: What is posted to add a record, and what that comes to; nothing is posted where nothing is said.
    new: Callable[[Planted], Mapping[str, Any]] = lambda _t: {}
    new_grid: Grid | None = None
    #: A claimed record is planted.
    claimed: bool = False

    def read(self) -> Grid:
        """Whoever may see the record; to others it does not exist."""
        if self.public:
            return Grid(Outcome.SHOWN, anywhere=EVERYWHERE | OWN, otherwise=Outcome.UNSEEN)
        if self.closed:
            return Grid(Outcome.SHOWN, anywhere=EVERYWHERE, otherwise=Outcome.UNSEEN)
        return Grid(Outcome.SHOWN, anywhere=EVERYWHERE, own=OWN, otherwise=Outcome.UNSEEN)

    def write(self, done: Outcome = Outcome.DONE) -> Grid:
        """The keeper and the specialist; other readers are told that they may not."""
        if self.public:
            return Grid(done, anywhere=SPECIALIST, sees=EVERYWHERE | OWN, otherwise=Outcome.UNSEEN)
        if self.closed:
            return Grid(done, anywhere=SPECIALIST, sees=EVERYWHERE, otherwise=Outcome.UNSEEN)
        return Grid(
            done, anywhere=SPECIALIST, own=self.keepers, sees=EVERYWHERE, sees_own=OWN, otherwise=Outcome.UNSEEN
        )


def rows(register: Register, rules: Rules, queries: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Every page of a register."""
    word = register.name
    listed = Grid(Outcome.SHOWN, anywhere=EVERYWHERE if rules.closed else EVERYWHERE | OWN)

    def one(tenant: Planted) -> dict[str, Any]:
        return {"code": tenant.keys[word]}

    def file(tenant: Planted) -> dict[str, Any]:
        return {**one(tenant), "pk": tenant.keys[f"{word}_file"]}

    def void(tenant: Planted) -> dict[str, Any]:
        return {"reason": _REASON, "seen": tenant.keys[f"{word}_seen"]}

    def correct(tenant: Planted) -> dict[str, Any]:
        return {**tenant.keys[f"{word}_posted"], **void(tenant), "note": "Nội dung mới"}

    found: tuple[Row, ...] = (
        Row(register.route("list"), get=listed, queries=("q={text}", "after=x", "after=2030-01-01_9999", *queries)),
        Row(register.route("sheet"), get=listed, expensive=True),
        Row(
            register.route("import"),
            get=Grid(Outcome.SHOWN, anywhere=rules.recorders),
            post=Grid(Outcome.INVALID, anywhere=rules.recorders),
        ),
        Row(
            register.route("new"),
            get=Grid(Outcome.SHOWN, anywhere=rules.recorders),
            post=rules.new_grid or Grid(Outcome.INVALID, anywhere=rules.recorders),
            data=rules.new,
        ),
        Row(register.route("record"), kwargs=one, get=rules.read()),
        Row(
            register.route("correct"),
            kwargs=one,
            get=rules.write(Outcome.SHOWN),
            post=rules.write(),
            data=correct,
        ),
        Row(register.route("void"), kwargs=one, post=rules.write(), data=void),
    )
    found += _claims(register, rules) if register.claimable else ()
    if not register.files:
        return found
    # Without a file the form is shown again, to whoever may send it.
    return (
        *found,
        Row(register.route("attach"), kwargs=one, post=rules.write(Outcome.INVALID), data=lambda t: {"title": "x"}),
        Row(register.route("download"), kwargs=file, get=rules.read()),
        Row(register.route("detach"), kwargs=file, post=rules.write(), data=lambda t: {"reason": _REASON}),
    )


def _claims(register: Register, rules: Rules) -> tuple[Row, ...]:
    """Of claims: whoever adds may claim what others keep, nobody what their own unit keeps; the specialist none."""
    word, unseen = register.name, Outcome.UNSEEN
    refused = Grid(Outcome.DONE, sees=EVERYWHERE, sees_own=OWN, otherwise=unseen)
    taken_back = replace(refused, anywhere=SPECIALIST) if rules.claimed else Grid(unseen, otherwise=unseen)

    def claim(tenant: Planted) -> dict[str, Any]:
        code, pk = tenant.keys.get(f"{word}_claim", (tenant.keys[word], 0))
        return {"code": code, "pk": pk}

    return (
        Row(register.route("claim"), post=Grid(Outcome.INVALID, anywhere=rules.recorders)),
        Row(
            register.route("claim-record"),
            kwargs=lambda t: {"code": t.keys[word]},
            post=refused,
            data=lambda t: {"claim-document": "KH 12"},
        ),
        Row(register.route("withdraw"), kwargs=claim, post=taken_back, data=lambda t: {"reason": _REASON}),
    )
