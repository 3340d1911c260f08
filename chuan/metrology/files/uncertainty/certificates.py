"""A standard's value between two points of its certificate, as files say it (GUM 5.2.2)."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from chuan.metrology.files.reading import Table
from chuan.metrology.files.uncertainty.ready import CALIBRATION, one_of
from chuan.metrology.inputs import Component, Input
from chuan.metrology.inputs.ready import CertificatePoint, between_points
from chuan.metrology.words import Refused, Text

_CERTIFICATE = ("points", "at", "correlation", "covariance", "coverage_factor", "nonlinearity")

_POINTS = Text(
    "mỗi điểm phải là [x, giá trị, U], hàng này có {found} số", "each point must be [x, value, U], this has {found}"
)
_TWO_POINTS = Text(
    "chỉ có nghĩa với hai điểm, đang có {found}; với nhiều điểm hơn, hãy cho correlation",
    "is of two points, found {found}; with more give correlation",
)
_OUTSIDE = Text(
    "{x:g} nằm ngoài khoảng đã hiệu chuẩn từ {low:g} đến {high:g}",
    "{x:g} is outside the calibrated range {low:g} to {high:g}",
)
_VALUE = Text(
    "không khớp giá trị {wanted!r} của certificate; đang là {found!r}",
    "is not the certificate's {wanted!r}, found {found!r}",
)
_POSITIVE = Text("phải lớn hơn 0, đang là {found:g}", "must be above 0, found {found:g}")


def certified(table: Table) -> Input:
    """A value between two points of a standard's certificate, with their covariance (GUM 5.2.2).

    `points` are [x, value, U] with one `coverage_factor` (1 where they are standard uncertainties); the two about
    `at` are used. `correlation` between points, or `covariance` of two, has no default.
    """
    inside = table.table("certificate", _CERTIFICATE)
    at, k = inside.number("at"), inside.number("coverage_factor", at_least=1)
    points = _points(inside, k)
    low, high = _about(inside, points, at)
    r = _between(inside, points)
    nonlinearity = inside.number("nonlinearity", 0.0, at_least=0)
    standard = table.text("standard", "")
    try:
        found = between_points(
            table.text("symbol"), at, low, high, correlation=r, standard=standard, nonlinearity=nonlinearity
        )
    except Refused as refused:
        raise Refused(refused.reason, inside.place) from None
    if "value" in table and abs(table.number("value") - found.value) > 1e-9 * found.standard_uncertainty:
        raise table.refuse("value", _VALUE.put(wanted=found.value, found=table.number("value")))
    name = table.text("label", "") or CALIBRATION
    return Input(found.symbol, found.value, tuple(replace(part, label=_label(part, name)) for part in found.components))


def _points(table: Table, k: float) -> list[CertificatePoint]:
    found = []
    for i, row in enumerate(table.rows("points", least=2)):
        if len(row) != 3:
            raise Refused(_POINTS.put(found=len(row)), f"{table.where('points')}[{i}]")
        x, value, expanded = row
        if not expanded > 0:
            raise Refused(_POSITIVE.put(found=expanded), f"{table.where('points')}[{i}][2]")
        found.append(CertificatePoint(x, value, expanded / k))
    return sorted(found, key=lambda point: point.x)


def _about(table: Table, points: Sequence[CertificatePoint], at: float) -> tuple[CertificatePoint, CertificatePoint]:
    """The two neighbours about `at`."""
    for low, high in pairwise(points):
        if low.x <= at <= high.x:
            return low, high
    raise table.refuse("at", _OUTSIDE.put(x=at, low=points[0].x, high=points[-1].x))


def _between(table: Table, points: Sequence[CertificatePoint]) -> float:
    """r between points of the certificate."""
    if one_of(table, "correlation", "covariance") == "correlation":
        return table.number("correlation", at_least=-1, at_most=1)
    if len(points) != 2:
        raise table.refuse("covariance", _TWO_POINTS.put(found=len(points)))
    most = points[0].standard_uncertainty * points[1].standard_uncertainty
    return max(
        -1.0, min(1.0, table.number("covariance", at_least=-most * (1 + 1e-9), at_most=most * (1 + 1e-9)) / most)
    )


def _label(part: Component, name: str) -> str:
    if part.source == "nonlinearity":
        return part.source
    if not part.point or "…" in part.point:
        return f"{name}, common"
    return f"{name} at {part.point.removesuffix('.0')}"
