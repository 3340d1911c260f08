"""Who issues a paper of the report, as it is printed: header, symbol, signature, "Nơi nhận"; from a snapshot alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chuan.rendering.blocks import Signature, filed
from chuan.reporting.rules import AUTHORITY, Issuer, Recipient, SignsAs

DEPARTMENT = "Sở Khoa học và Công nghệ"
#: The symbol of Sở's letters.
LETTER_SYMBOL = "SKHCN"
COMMITTEE = "Ủy ban nhân dân tỉnh Tây Ninh"
MINISTRY = "Bộ Khoa học và Công nghệ"
#: What a draft prints where nobody knows yet who signs.
NO_SIGNER = "[CHƯA XÁC ĐỊNH NGƯỜI KÝ]"
#: Whom the paper is addressed to.
ADDRESSEES = {Recipient.COMMITTEE: COMMITTEE, Recipient.MINISTRY: MINISTRY}
_COPIES = {
    Recipient.COMMITTEE: (f"{MINISTRY} (để báo cáo)",),
    Recipient.MINISTRY: (f"{COMMITTEE} (để báo cáo)",),
}
#: What the Committee's report ends with where the setting names nobody.
_COMMITTEE_COPIES = ("Như trên", DEPARTMENT, filed())


@dataclass(frozen=True)
class Office:
    """The office that issues a paper."""

    name: str
    parent: str
    symbol: str
    copies: tuple[str, ...]
    signature: Signature
    is_committee: bool = False


def office_of(snapshot: Mapping[str, Any], recipient: Recipient) -> Office:
    """Who issues the report to a recipient, as it was decided when the snapshot was made.

    `names` beside a snapshot says whose names are printed under it; without it the names are left blank.
    """
    committee = {to: one for to, one in snapshot.get("issuers", {}).items() if one["issuer"] == Issuer.COMMITTEE}
    other = committee.get(recipient)
    if other is None:
        # Whom the Committee reports to gets its paper, not a copy of Sở's.
        also = () if committee else _COPIES[recipient]
        copies = ("Như trên", *also, filed_by(snapshot))
        return Office(DEPARTMENT, COMMITTEE, "BC-SKHCN", copies, signature_of(snapshot))
    signed = Signature(AUTHORITY[other["signs_as"]], snapshot.get("names", {}).get(Issuer.COMMITTEE, ""))
    return Office(COMMITTEE, "", "BC-UBND", tuple(other["copies"]) or _COMMITTEE_COPIES, signed, is_committee=True)


def letter_number(number: str) -> str:
    """A letter of Sở by number and symbol: "08/SKHCN"."""
    return f"{number.zfill(2) if number.isdigit() else number}/{LETTER_SYMBOL}"


def filed_by(snapshot: Mapping[str, Any]) -> str:
    """Where Sở's own paper is kept: its clerk, and the room that drafted it when the snapshot was made."""
    return filed(snapshot.get("drafting_room", ""))


def signature_of(snapshot: Mapping[str, Any]) -> Signature:
    """The block of who is to sign for Sở."""
    signs_as = snapshot.get("signer", {}).get("signs_as", SignsAs.DIRECTOR)
    return Signature(AUTHORITY[signs_as], snapshot.get("names", {}).get(Issuer.DEPARTMENT, ""))
