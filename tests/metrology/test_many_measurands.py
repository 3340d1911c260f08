"""A certificate of many points: one measurand a point, at a cost that grows with their number and no faster."""

from typing import Any

import pytest

from chuan.metrology import checker
from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.model import Model
from chuan.metrology.words import Refused
from tests.metrology.uncertainty_documents import GUM

POINT = "(i{k} - r{k}*(1 + alpha*(t - 20)))/r{k}*100 + d{k}"


def normal(symbol: str, value: float, u: float = 0.01) -> dict[str, Any]:
    """An input."""
    return {"symbol": symbol, "value": value, "standard_uncertainty": u}


def points(*numbers: int, **more: Any) -> dict[str, Any]:
    """A document of these points; point k has its own readings, all share a temperature and an expansion."""
    inputs = [normal(f"{s}{k}", v + 0.01 * k) for k in numbers for s, v in (("i", 10.1), ("r", 10.0), ("d", 0.0))]
    return {
        "kind": "uncertainty",
        "measurand": [{"symbol": f"E{k}", "equation": POINT.format(k=k)} for k in numbers],
        "input": [*inputs, normal("alpha", 1e-5, 1e-6), normal("t", 21.0, 0.1)],
        **more,
    }


def chain(count: int) -> list[tuple[str, str]]:
    """Measurands that are each the product of the one before with itself."""
    return [("y0", "a*1")] + [(f"y{k}", f"y{k - 1}*y{k - 1}") for k in range(1, count)]


def test_a_chain_of_measurands_too_long_for_first_derivatives_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        Model.from_equations(chain(200), ["a"]).value_and_gradient([1.0])
    assert refused.value.say("en") == "measurand: the model is too large for derivatives, allowed 20000 nodes"


def test_a_measurand_too_large_for_second_order_terms_says_so_and_keeps_its_u() -> None:
    symbols = [f"x{k}" for k in range(150)]
    document = {
        "kind": "uncertainty",
        "measurand": [{"symbol": "p", "equation": "*".join(symbols)}, {"symbol": "s", "equation": "x0^2"}],
        "input": [normal(symbol, 1.0) for symbol in symbols],
    }
    result = compute(document, GUM)
    product, square = (measurand["gum"] for measurand in result["measurands"])
    assert product["second_order"] is None
    assert product["standard_uncertainty"] == pytest.approx(0.01 * 150**0.5, rel=1e-12)
    assert square["second_order"]["estimate"] == pytest.approx(1.0001, rel=1e-15)
    assert result["notes"] == ["no-second-order: p"]
    assert "The model of p is too large for second-order terms" in KINDS["uncertainty"].table(result, "en")
    assert "Mô hình của p quá lớn để tính số hạng bậc hai" in KINDS["uncertainty"].table(result, "vi")


@pytest.mark.parametrize("correlation", [[], [{"between": ["i0", "i1"], "coefficient": 0.5}]])
def test_each_of_many_points_is_what_it_is_alone(correlation: list[dict[str, Any]]) -> None:
    together = compute(points(*range(60), correlation=correlation), GUM)
    assert together["notes"] == []
    for k in (0, 31, 59):
        alone = compute(points(k), GUM)["measurands"][0]["gum"]
        found = together["measurands"][k]["gum"]
        for key in ("estimate", "standard_uncertainty", "expanded_uncertainty", "interval"):
            assert found[key] == alone[key]
        assert found["second_order"] == (None if correlation else alone["second_order"])
        own = [line for line in found["budget"] if line["contribution"]]
        assert own == [line for line in alone["budget"] if line["contribution"]]
    # Only t and alpha are common, each r the same within them: ρ = Σ c_i c_j u² / (u_i u_j).
    first, last = (together["measurands"][k]["gum"] for k in (0, 59))
    shared = sum(
        a["contribution"] * b["contribution"]
        for a, b in zip(first["budget"], last["budget"], strict=True)
        if a["symbol"] in ("alpha", "t")
    )
    wanted = shared / first["standard_uncertainty"] / last["standard_uncertainty"]
    assert together["correlation"]["gum"][0][59] == pytest.approx(wanted, rel=1e-12)


def test_derivatives_of_a_point_do_not_grow_with_the_number_of_points() -> None:
    def sizes(count: int) -> list[int]:
        equations = [(f"E{k}", POINT.format(k=k)) for k in range(count)]
        inputs = [f"{s}{k}" for k in range(count) for s in "ird"] + ["alpha", "t"]
        model = Model.from_equations(equations, inputs)
        x = [10.0] * len(inputs)
        return [len(model.second_order(x, k).first) + len(model.parts[k].model.tape.steps) for k in range(count)]

    assert set(sizes(3)) == set(sizes(150))


def test_the_second_kernel_agrees_on_second_order_terms_of_every_point() -> None:
    document = points(*range(12))
    result = compute(document, GUM)
    found = checker.check(document, result)
    assert found.beyond == ()
    assert not any("second_order" in key for key in found.left_out)
    result["measurands"][7]["gum"]["second_order"]["standard_uncertainty"] *= 1 + 1e-8
    (beyond,) = checker.check(document, result).beyond
    assert beyond.key == "measurands[7].gum.second_order.standard_uncertainty"


def test_a_hundred_and_fifty_points_have_a_result() -> None:
    result = compute(points(*range(150)), GUM)
    assert all(measurand["gum"]["second_order"] for measurand in result["measurands"])


def test_a_chain_of_sixty_products_has_a_result() -> None:
    measurands = [{"symbol": symbol, "equation": equation} for symbol, equation in chain(60)]
    document = {"kind": "uncertainty", "measurand": measurands, "input": [normal("a", 1.0, 1e-20)]}
    last = compute(document, GUM)["measurands"][-1]["gum"]
    assert last["budget"][0]["sensitivity"] == 2.0**59


def test_where_one_measurand_has_no_curvature_the_others_still_do() -> None:
    document = {
        "kind": "uncertainty",
        "measurand": [{"symbol": "y", "equation": "a^1.5"}, {"symbol": "z", "equation": "b^2"}],
        "input": [normal("a", 0.0), normal("b", 1.0)],
    }
    second = [m["gum"]["second_order"] for m in compute(document, Options(method="gum"))["measurands"]]
    assert second[0] is None
    assert second[1]["estimate"] == pytest.approx(1.0001, rel=1e-15)
