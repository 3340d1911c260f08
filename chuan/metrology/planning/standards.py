"""The cheapest of the standards on offer for which U ≤ target."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chuan.metrology.distributions import Normal, not_negative, positive
from chuan.metrology.inputs import Component, Measurement
from chuan.metrology.planning.levers import Lever, changed, component_of, standard_uncertainty
from chuan.metrology.planning.reached import Reached, checked_target, reached
from chuan.metrology.words import Refused, Text

_NONE = Text("cần ít nhất một chuẩn để chọn", "needs at least one standard to choose from")
_DOF = Text("phải từ 1 trở lên, đang là {found:g}", "must be at least 1, found {found:g}")
_WHICH = Text(
    '"{symbol}" không phải một thành phần duy nhất: hãy nói thành phần nào được thay',
    '"{symbol}" is not one single component: say which of its components is replaced',
)


@dataclass(frozen=True)
class Offer:
    """A standard to be had: its u as it would stand in the budget, its cost in any one currency, ν of its u."""

    name: str
    standard_uncertainty: float
    cost: float
    dof: float = math.inf

    def __post_init__(self) -> None:
        positive(self.standard_uncertainty, "standard_uncertainty")
        not_negative(self.cost, "cost")
        if not self.dof >= 1:
            raise Refused(_DOF.put(found=self.dof), "dof")


@dataclass(frozen=True)
class Judged:
    """An offer with what the measurement would reach with it."""

    offer: Offer
    reached: Reached
    meets: bool


@dataclass(frozen=True)
class Choice:
    """The cheapest offer that meets the target, the one of smaller U of two that cost the same; None where none does.

    `judged` holds all in the order given.
    """

    chosen: Judged | None
    judged: tuple[Judged, ...]


def cheapest(measurement: Measurement, symbol: str, target: float, lever: Lever, offers: Sequence[Offer]) -> Choice:
    """Each offer put in the place of one component, normal with the offer's u and ν, and the cheapest that does."""
    checked_target(target)
    if not offers:
        raise Refused(_NONE, "offer")
    judged = tuple(_judge(measurement, symbol, target, lever, offer) for offer in offers)
    good = [one for one in judged if one.meets]
    chosen = min(good, key=lambda one: (one.offer.cost, one.reached.expanded_uncertainty), default=None)
    return Choice(chosen, judged)


def _judge(measurement: Measurement, symbol: str, target: float, lever: Lever, offer: Offer) -> Judged:
    found = reached(with_standard(measurement, lever, offer), symbol)
    return Judged(offer, found, found.expanded_uncertainty <= target)


def with_standard(measurement: Measurement, lever: Lever, offer: Offer) -> Measurement:
    """The measurement with one component replaced by an offer; inputs that share its cause change in proportion."""
    if component_of(measurement, lever) is None:
        raise Refused(_WHICH.put(symbol=lever.symbol), "component")
    ratio = offer.standard_uncertainty / standard_uncertainty(measurement, lever)

    def change(part: Component) -> Component:
        normal = Normal(part.distribution.mean, part.standard_uncertainty * ratio)
        return replace(part, distribution=normal, dof=offer.dof)

    return changed(measurement, lever, change)
