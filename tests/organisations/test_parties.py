"""The register of enterprises and organisations: one tax code once, facts corrected and kept, names dated."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from chuan.audit.models import AuditEntry
from chuan.ledger import integrity
from chuan.ledger.errors import OutsideService, Superseded
from chuan.ledger.work import append
from chuan.lib import clock
from chuan.organisations import queries
from chuan.organisations.errors import NotAllowed, NotAParty, PartyEnded, TaxCodeTaken
from chuan.organisations.models import PartyFacts
from chuan.organisations.rules import (
    UnitKind,
    check_digit_holds,
    enterprise_key,
    has_state_share,
    share_contradicts,
    tax_digits,
)
from chuan.organisations.services import (
    correct_party,
    correct_party_name,
    describe_party,
    end_party,
    move_party,
    register_party,
)
from tests.cast import MERGER, SYSTEM, Cast
from tests.conftest import NOW
from tests.organisations.builders import entry, party, said_of, version_of

TODAY = NOW.date()
NOT_MANAGERS = ("head", "director", "auditor", "focal", "leader", "finance", "committee", "laboratory", "clerk")

# ---- rules ----


@pytest.mark.parametrize(
    "typed", ["", "390012345", "39001234567", "39001234ab", "３９００１２３４５６", "3900123456-01", "x" * 10]
)
def test_what_is_no_tax_code_is_not_taken_for_one(typed: str) -> None:
    assert tax_digits(typed) is None


@pytest.mark.parametrize("typed", ["0100109106001", "0100109106-001", " 0100 109 106 - 001 ", "0100109106.001"])
def test_a_branch_is_its_enterprise(typed: str) -> None:
    digits = tax_digits(typed)
    assert digits == "0100109106001"
    assert enterprise_key(digits) == enterprise_key("0100109106") == "0100109106"


def test_parties_without_a_tax_code_are_not_one_enterprise() -> None:
    assert enterprise_key("") == ""


def test_one_wrong_digit_does_not_hold() -> None:
    code = "0100109106"
    assert check_digit_holds(code)
    assert check_digit_holds(f"{code}001")
    wrong = [code[:i] + str((int(code[i]) + 1) % 10) + code[i + 1 :] for i in range(10)]
    assert [w for w in wrong if check_digit_holds(w)] == []


@pytest.mark.parametrize(
    ("ownership", "share", "state", "contradicts"),
    [
        ("unknown", None, None, False),
        ("fdi", None, None, False),
        ("fdi", Decimal(30), True, False),
        ("cooperative", Decimal(0), False, False),
        ("state", None, True, False),
        ("state", Decimal(0), False, True),
        ("private", None, False, False),
        ("private", Decimal("0.01"), True, True),
        ("household", Decimal(0), False, False),
    ],
)
def test_an_unknown_share_is_not_taken_for_none(
    ownership: str, share: Decimal | None, state: bool | None, contradicts: bool
) -> None:
    assert has_state_share(ownership, share) is state
    assert share_contradicts(ownership, share) is contradicts


# ---- writes ----


@pytest.mark.parametrize("who", [*NOT_MANAGERS, "enterprise"])
def test_who_does_not_keep_the_register_changes_nothing(cast: Cast, who: str) -> None:
    actor, made = cast.people[who].actor, party(cast)
    facts, version = said_of(made), version_of(made)
    place = cast.unit("x-tb")
    given: dict[str, Any] = {"kind": UnitKind.ENTERPRISE, "name": "X", "place": place, "valid_from": MERGER}
    with pytest.raises(NotAllowed):
        register_party(actor=actor, entry=entry(tax_code="0300588569"), **given)
    with pytest.raises(NotAllowed):
        correct_party(actor=actor, seen=facts, entry=entry(), reason="x")
    with pytest.raises(NotAllowed):
        correct_party_name(actor=actor, seen=version, name="X", short_name="", place=place, reason="x")
    with pytest.raises(NotAllowed):
        move_party(actor=actor, seen=version, name="X", short_name="", place=None, since=TODAY, document="")
    with pytest.raises(NotAllowed):
        end_party(actor=actor, unit=made, on=TODAY, reason="x")
    with pytest.raises(NotAllowed):
        describe_party(actor=actor, unit=cast.unit("dn-a"), entry=entry(tax_code="0300588569"))
    assert said_of(made) == facts


def test_a_tax_code_stands_in_the_register_once(cast: Cast) -> None:
    party(cast, "Công ty Một")
    with pytest.raises(TaxCodeTaken, match="Công ty Một"):
        party(cast, "Công ty Hai")
    other = party(cast, "Công ty Ba", tax_code="0300588569")
    with pytest.raises(TaxCodeTaken):
        correct_party(actor=SYSTEM, seen=said_of(other), entry=entry(), reason="nhầm")
    branch = party(cast, "Chi nhánh Một", tax_code="0100109106001")
    assert [f.tax_code for f in queries.branches_of(cast.specialist.actor, said_of(branch))] == ["0100109106"]


def test_the_database_refuses_what_the_services_would_not_write(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = party(cast)
    free = "chuan.organisations.services.parties._require_free"
    monkeypatch.setattr(free, lambda *_given, **_more: None)
    for wrong in (
        entry(),
        entry(tax_code=""),
        entry(tax_code="0300588569", no_tax_code="unknown"),
        entry(tax_code="0300588569", state_share=Decimal(101)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            describe_party(actor=SYSTEM, unit=cast.unit("dn-a"), entry=wrong)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE organisations_partyfacts SET ownership = 'state' WHERE id = %s", [said_of(made).pk])


def test_an_authority_is_no_party(cast: Cast) -> None:
    with pytest.raises(NotAParty, match="Sở Công Thương"):
        describe_party(actor=SYSTEM, unit=cast.unit("so-ct"), entry=entry())
    with pytest.raises(NotAParty):
        end_party(actor=SYSTEM, unit=cast.unit("so-ct"), on=TODAY, reason="x")
    with pytest.raises(NotAParty):
        register_party(
            actor=SYSTEM, kind=UnitKind.DEPARTMENT, name="Sở X", place=None, valid_from=MERGER, entry=entry()
        )


def test_of_two_corrections_of_one_statement_the_second_is_told(cast: Cast) -> None:
    made = party(cast)
    seen = said_of(made)
    stale = PartyFacts.objects.get(pk=seen.pk)
    new = correct_party(actor=SYSTEM, seen=seen, entry=entry(exports=True), reason="Theo tờ khai")
    assert (new.exports, new.tax_code) == (True, "0100109106")
    with pytest.raises(Superseded):
        correct_party(actor=SYSTEM, seen=stale, entry=entry(), reason="khác")


def test_what_was_known_before_a_correction_is_still_read(cast: Cast) -> None:
    made = party(cast)
    with clock.at(NOW + timedelta(hours=1)):
        correct_party(actor=SYSTEM, seen=said_of(made), entry=entry(ownership="fdi", state_share=None), reason="Sai")
    about = PartyFacts.objects.filter(unit=made)
    assert about.known(NOW).get().ownership == "private"
    assert about.known(NOW + timedelta(hours=2)).get().ownership == "fdi"


def test_a_party_that_moved_is_where_it_was_then(cast: Cast) -> None:
    made = party(cast, place=cast.unit("h-tb"), valid_from=date(2018, 1, 2))
    move_party(
        actor=SYSTEM,
        seen=version_of(made),
        name="Công ty Cao su Mới",
        short_name="",
        place=cast.unit("x-hd"),
        since=MERGER,
        document="Giấy CNĐKDN lần 3",
    )
    was, now = (queries.versions_on(day).get(unit=made) for day in (MERGER - timedelta(1), MERGER))
    assert (was.name, was.parent) == ("Công ty TNHH Cao su Tân Biên", cast.unit("h-tb"))
    assert (now.name, now.parent, now.document) == ("Công ty Cao su Mới", cast.unit("x-hd"), "Giấy CNĐKDN lần 3")
    with pytest.raises(PartyEnded):
        move_party(actor=SYSTEM, seen=now, name="X", short_name="", place=None, since=MERGER, document="x")


def test_a_slip_in_a_name_is_corrected_for_all_its_days(cast: Cast) -> None:
    made = party(cast)
    fixed = correct_party_name(
        actor=SYSTEM, seen=version_of(made), name="Công ty Cao Su", short_name="Cao Su", place=None, reason="Gõ nhầm"
    )
    assert (fixed.valid_from, fixed.parent, fixed.search) == (MERGER, None, "cong ty cao su cao su")
    assert [v.name for v in made.versions.live()] == ["Công ty Cao Su"]


def test_a_party_ends_once_and_its_last_name_stays_in_the_register(cast: Cast) -> None:
    made = party(cast)
    for day in (MERGER, MERGER - timedelta(1)):
        with pytest.raises(PartyEnded):
            end_party(actor=SYSTEM, unit=made, on=day, reason="trước khi bắt đầu")
    end_party(actor=SYSTEM, unit=made, on=date(2026, 6, 1), reason="Giải thể")
    with pytest.raises(PartyEnded):
        end_party(actor=SYSTEM, unit=made, on=date(2026, 7, 1), reason="lần nữa")
    actor = cast.specialist.actor
    assert made.pk not in {v.unit_id for v in queries.find_parties(actor, on=TODAY)}
    assert [v.unit_id for v in queries.find_parties(actor, on=TODAY, ended=True)] == [made.pk]
    assert said_of(made).tax_code == "0100109106"


def test_each_write_is_one_entry_and_nothing_is_found_wrong(cast: Cast) -> None:
    made = party(cast)
    correct_party(actor=SYSTEM, seen=said_of(made), entry=entry(exports=True), reason="Theo tờ khai")
    end_party(actor=SYSTEM, unit=made, on=TODAY, reason="Giải thể")
    told = [e.action.partition(".")[2] for e in queries.history_of(made)]
    assert told == ["register_party", "correct_party", "end_party"]
    entries = AuditEntry.objects.filter(action="organisations.correct_party")
    assert [e.changes for e in entries] == [{"exports": [None, True]}]
    assert [f for f in integrity.run() if isinstance(f, integrity.Finding)] == []


def test_facts_are_not_written_beside_the_services(cast: Cast) -> None:
    with pytest.raises(OutsideService):
        append(PartyFacts(unit=cast.unit("dn-a"), **entry().facts()))
