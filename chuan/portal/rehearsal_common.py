"""What the parts of the illustration's story share: who acts, which unit, at what hour; and steps in order of day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chuan.accounts.models import User
from chuan.audit.actor import Actor, system
from chuan.instruments.models import KindFacts
from chuan.lib import clock
from chuan.organisations.models import Membership, OrganisationUnit, UnitVersion

SYSTEM = system("sample")
FLAG = "minh họa"


@dataclass(frozen=True)
class Step:
    """Something that happens at an instant of the story."""

    at: datetime
    does: Callable[[], object]


def step(day: str, hour: int, does: Callable[[], object]) -> Step:
    """A step on a day as ISO, at a full hour of Việt Nam."""
    return Step(at(date.fromisoformat(day), hour), does)


def told(steps: Iterable[Step]) -> None:
    """Let the steps happen, the earliest first; of two at one hour, as they were given."""
    for one in sorted(steps, key=lambda one: one.at):
        with clock.at(one.at):
            one.does()


def at(day: date, hour: int) -> datetime:
    """An hour in Việt Nam."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.VN)


def actor(username: str) -> Actor:
    """The sample account's actor."""
    user = User.objects.get(username=username)
    held = Membership.objects.live().select_related("unit").get(user=user)
    version = held.unit.versions.live().order_by("-valid_from").first()
    name = version.short_name if version else ""
    return Actor(user.pk, user.full_name, held.role, held.unit_id, name, "sample", unit_code=held.unit.code)


def unit(code: str) -> OrganisationUnit:
    """A unit by its code."""
    return OrganisationUnit.objects.get(code=code)


def party(name: str) -> OrganisationUnit:
    """An invented party by words of its name."""
    return UnitVersion.objects.live().select_related("unit").filter(name__contains=name).order_by("-valid_from")[0].unit


def kind(name: str) -> int:
    """Key of a kind of instrument by its name."""
    return KindFacts.objects.live().get(name=name).kind_id
