"""`kind = "mass-design"`: weights from a weighing design with restraint and check standard (NIST 2.3.4.1)."""

import math
from collections.abc import Mapping
from typing import Any

from chuan.metrology.control.assurance import ControlTest
from chuan.metrology.files import Options
from chuan.metrology.files.reading import Table
from chuan.metrology.files.showing import columns, lines
from chuan.metrology.mass_designs import CheckStandard, Design, Restraint, weigh
from chuan.metrology.words import Language, Text

_KEYS = (
    "kind",
    "title",
    "design",
    "nominal",
    "observations",
    "restraint",
    "check",
    "accepted_sd",
    "accepted_dof",
)

_NEEDS_SD = Text("cần có accepted_sd đi kèm", "needs accepted_sd beside it")

_HEAD = (
    Text("quả", "weight"),
    Text("giá trị", "value"),
    Text("u loại A", "type A u"),
    Text("u từ chuẩn", "u of restraint"),
    Text("u chuẩn tổng hợp", "combined standard u"),
)
_RESIDUAL = Text("độ lệch chuẩn phần dư", "residual standard deviation")
_DOF = Text("bậc tự do", "degrees of freedom")
_CHECK = Text("chuẩn kiểm tra: giá trị", "check standard: value")
_T = Text("chuẩn kiểm tra: t", "check standard: t")
_F = Text("độ phân tán: F", "scatter: F")
_CRITICAL = Text("  giá trị tới hạn", "  critical value")
_IN_CONTROL = Text("  trong tầm kiểm soát", "  in control")


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The contract's keys of a mass design file."""
    table = Table(document, "", _KEYS)
    nominal = table.numbers("nominal")
    restraint = table.table("restraint", ("vector", "value", "u"))
    accepted_sd = table.optional("accepted_sd", above=0)
    if "accepted_dof" in table and accepted_sd is None:
        raise table.refuse("accepted_dof", _NEEDS_SD)
    accepted_dof = table.number("accepted_dof", math.inf, at_least=1)
    result = weigh(
        Design(table.rows("design", width=len(nominal)), nominal, restraint.numbers("vector")),
        table.numbers("observations"),
        Restraint(restraint.number("value"), restraint.number("u")),
        check=_check(table, accepted_dof),
        accepted_sd=accepted_sd,
        accepted_dof=accepted_dof,
    )
    return {
        "values": list(result.values),
        "type_a": list(result.type_a),
        "type_restraint": list(result.type_restraint),
        "standard_uncertainties": list(result.standard_uncertainties),
        "covariance": [list(row) for row in result.covariance],
        "residual_sd": result.residual_sd,
        "dof": result.dof,
        "check": result.check and {"value": result.check_value, "t": result.check.value, **_verdict(result.check)},
        "f": result.f and {"value": result.f.value, **_verdict(result.f)},
    }


def _check(table: Table, accepted_dof: float) -> CheckStandard | None:
    """The check standard; its standard deviation has `dof`, or else `accepted_dof`, degrees of freedom."""
    if "check" not in table:
        return None
    check = table.table("check", ("vector", "accepted", "sd", "dof"))
    return CheckStandard(
        check.numbers("vector"),
        check.number("accepted"),
        check.number("sd", above=0),
        check.number("dof", accepted_dof, at_least=1),
    )


def _verdict(test: ControlTest) -> dict[str, Any]:
    return {"critical": test.critical, "in_control": test.in_control}


def table(result: Mapping[str, Any], language: Language) -> str:
    """The weights, then the scatter and the two tests."""
    fields = ("values", "type_a", "type_restraint", "standard_uncertainties")
    rows = [(i, *row) for i, row in enumerate(zip(*(result[field] for field in fields), strict=True))]
    pairs: list[tuple[Text, Any]] = [(_RESIDUAL, result["residual_sd"]), (_DOF, result["dof"])]
    if result["check"] is not None:
        pairs += [(_CHECK, result["check"]["value"]), (_T, result["check"]["t"])]
        pairs += [(_CRITICAL, result["check"]["critical"]), (_IN_CONTROL, result["check"]["in_control"])]
    if result["f"] is not None:
        pairs += [(_F, result["f"]["value"])]
        pairs += [(_CRITICAL, result["f"]["critical"]), (_IN_CONTROL, result["f"]["in_control"])]
    return f"{columns(_HEAD, rows, language, digits=9)}\n\n{lines(pairs, language)}"
