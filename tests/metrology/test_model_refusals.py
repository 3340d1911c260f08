"""Equations that are refused: where, and in which words; and what is refused only when it is evaluated."""

from functools import partial

import pytest

from chuan.metrology.model import Model
from chuan.metrology.words import Refused


def refusal(*equations: str, inputs: tuple[str, ...] = ("x", "y")) -> Refused:
    """The refusal of `symbol = text` equations."""
    pairs = [tuple(part.strip() for part in equation.split("=", 1)) for equation in equations]
    with pytest.raises(Refused) as refused:
        Model.from_equations([(symbol, text) for symbol, text in pairs], inputs)
    return refused.value


@pytest.mark.parametrize(
    ("equation", "column", "said"),
    [
        ("r = x + z", 5, "symbol z is not declared"),
        ("r = x + y_1*2", 5, "symbol y_1 is not declared"),
        ("r = 2 x", 3, "operator is missing before x"),
        ("r = (x + y", 1, "( is not closed"),
        ("r = x + y)", 6, ") closes nothing"),
        ("r = x + * y", 5, "value is missing before *"),
        ("r = x +", 4, "stops half-way"),
        ("r = x + 1,234", 5, "number 1,234 can be read in two ways"),
        ("r = x * 1.234,5", 5, "number 1.234,5 can be read in two ways"),
        ("r = sin x", 1, "function sin needs parentheses"),
        ("r = x + arctan(y)", 5, "arctan is not a function; write atan"),
        ("r = x + log(y)", 5, "write ln, log10"),
        ("r = x(y)", 1, "x is not a function"),
        ("r = hypot(x)", 6, "takes 2 arguments, found 1"),
        ("r = hypot(x, y, x)", 6, "takes 2 arguments, found 3"),
        ("r = x + y # sum", 7, "character “#” is not allowed"),
        ("r = x\u200b+y", 2, "character U+200B is not allowed"),
        ("r = 1 + 1e999", 5, "number 1e999 is too large"),
        ("r = 1 + 1e-999", 5, "number 1e-999 is too small"),
        ("r = x + 9**9**9**9", 8, "9 ^ 387420489 has no finite value"),
        ("r = x + 2*(1/0)", 8, "1 / 0 has no finite value"),
        ("r = x + ln(-1)", 5, "ln(-1) has no finite value"),
        ("r = x == y", 3, "without ="),
    ],
)
def test_a_refusal_names_the_equation_the_column_and_the_reason(equation: str, column: int, said: str) -> None:
    refused = refusal(equation)
    assert refused.place == f"measurand[0].equation:{column}"
    assert said in refused.say("en")
    assert refused.say("vi") != refused.say("en")


def test_columns_count_the_characters_as_typed() -> None:
    """A letter typed as base and mark is two characters, though the symbol is one."""
    typed = "e\u0302 + z"
    with pytest.raises(Refused) as refused:
        Model.from_equations([("r", typed)], ["\u00ea"])
    assert refused.value.place == f"measurand[0].equation:{typed.index('z') + 1}"


def test_an_equation_of_a_million_characters_is_refused_at_its_own_place() -> None:
    refused = refusal("a = x", "b = " + "x+" * 500_000 + "x")
    assert refused.place == "measurand[1].equation:4001"
    assert "1000001 characters, allowed 4000" in refused.say("en")


def test_a_measurand_computed_from_itself_is_a_circle() -> None:
    assert refusal("a = a + 1").place == "measurand[0].equation:1"
    three = refusal("a = x + b", "b = 2*c", "c = y - a")
    assert three.place == "measurand[0].equation:5"
    assert "circle" in three.say("en")
    assert "vòng tròn" in three.say("vi")


def test_a_measurand_used_before_its_equation_is_told_to_move() -> None:
    refused = refusal("a = x + b", "b = y")
    assert refused.place == "measurand[0].equation:5"
    assert "put that one first" in refused.say("en")
    assert "measurand[1]" in refused.say("en")


def test_symbols_are_declared_once() -> None:
    assert refusal("r = x", inputs=("x", "x")).place == "input[1].symbol"
    assert refusal("r = x", inputs=("x", "alpha", "α")).place == "input[2].symbol"
    assert refusal("x = 2*y").place == "measurand[0].symbol"
    assert refusal("r = x", "r = y").place == "measurand[1].symbol"


def test_a_model_needs_a_measurand() -> None:
    with pytest.raises(Refused, match="no measurand"):
        Model.from_equations([], ["x"])


@pytest.mark.parametrize(
    ("equation", "x", "place", "said"),
    [
        ("r = y + ln(x)", 0.0, "measurand[0].equation:5", "ln(0)"),
        ("r = y + ln(x)", -2.5, "measurand[0].equation:5", "ln(-2.5)"),
        ("r = y/x", 0.0, "measurand[0].equation:1", "1 / 0"),
        ("r = sqrt(x)", -1.0, "measurand[0].equation:1", "sqrt(-1)"),
        ("r = x^0.5", -1.0, "measurand[0].equation:1", "(-1) ^ 0.5"),
        ("r = x^-2", 0.0, "measurand[0].equation:1", "0 ^ (-2)"),
        ("r = asin(x)", 1.5, "measurand[0].equation:1", "asin(1.5)"),
        ("r = 1 + exp(x)", 1e4, "measurand[0].equation:5", "exp(10000)"),
        ("r = x*x", 1e200, "measurand[0].equation:1", "1e+200 × 1e+200"),
        ("r = x^3", 1e200, "measurand[0].equation:1", "1e+200 ^ 3"),
    ],
)
def test_an_operation_without_a_finite_value_is_refused_with_its_numbers(
    equation: str, x: float, place: str, said: str
) -> None:
    model = Model.from_equations([("r", equation.split("=")[1].strip())], ["x", "y"])
    curved = partial(model.second_order, output=0)
    for evaluate in (model.values, model.value_and_gradient, curved, model.hessian_diagonal):
        with pytest.raises(Refused) as refused:
            evaluate([x, 1.0])
        assert refused.value.place == place
        assert said in refused.value.say("en")


def test_the_failing_equation_of_several_is_named() -> None:
    model = Model.from_equations([("a", "x - y"), ("b", "2*a"), ("c", "1 + 1/b")], ["x", "y"])
    with pytest.raises(Refused, match=r"measurand\[2\]\.equation:5: 1 / 0 "):
        model.values([1.0, 1.0])


@pytest.mark.parametrize("text", ["sqrt(x)", "abs(x)", "hypot(x, x)", "x^0.5", "x^0.25", "asin(x + 1)"])
def test_a_derivative_that_does_not_exist_is_refused_though_the_value_does(text: str) -> None:
    model = Model.from_equations([("r", f"3 + {text}")], ["x"])
    model.values([0.0])
    with pytest.raises(Refused) as refused:
        model.value_and_gradient([0.0])
    assert refused.value.place == "measurand[0].equation:5"
    assert "derivative" in refused.value.say("en")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_not_finite_is_refused_by_its_symbol(wrong: float) -> None:
    model = Model.from_equations([("r", "x + y")], ["x", "y"])
    with pytest.raises(Refused, match=r"input\[1\]\.value: the value of y is not finite"):
        model.value_and_gradient([1.0, wrong])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_wrong_number_of_values_is_refused(count: int) -> None:
    model = Model.from_equations([("r", "x + y")], ["x", "y"])
    curved = partial(model.second_order, output=0)
    for evaluate in (model.values, model.value_and_gradient, curved, model.vector):
        with pytest.raises(Refused, match=f"needs 2 values, found {count}"):
            evaluate([1.0] * count)


def test_a_comma_is_a_decimal_comma_only_where_nothing_else_can_be_meant() -> None:
    model = Model.from_equations([("r", "0,5*x + hypot(3,4) + (1234,567 - 1234.567) + hypot(x, (1,5))")], ["x"])
    assert model.values([2.0]) == pytest.approx((1 + 5 + 2.5,), rel=1e-15)


def test_inputs_that_no_equation_reads_are_known() -> None:
    model = Model.from_equations([("a", "x + 0*z"), ("b", "a*α")], ["x", "y", "z", "alpha"])
    assert model.used == ("x", "z", "alpha")
    assert model.value_and_gradient([1.0, 5.0, 1.0, 2.0])[1] == ((1.0, 0.0, 0.0, 0.0), (2.0, 0.0, 0.0, 1.0))
