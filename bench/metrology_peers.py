"""The same budgets in other programs: GTC and uncertainties, which are permissive and installed for development.

Both are imported by name at run time: they carry no types. suncal is GPL and stays in an environment of its own
(`metrology_suncal.py`), asked through a process.
"""

import importlib
import json
import math
import subprocess
from pathlib import Path
from typing import Any


def gtc_inputs() -> tuple[Any, ...]:
    """The inputs of H.1 as GTC's uncertain numbers."""
    ureal = importlib.import_module("GTC").ureal
    root3 = math.sqrt(3)
    l_s = ureal(50000623, 25, 18)
    d = ureal(215, 5.8, 24) + ureal(0, 3.9, 5) + ureal(0, 6.7, 8)
    alpha_s, dalpha = ureal(11.5e-6, 2e-6 / root3), ureal(0, 1e-6 / root3, 50)
    theta = ureal(-0.1, 0.2) + ureal(0, 0.5 / math.sqrt(2))
    dtheta = ureal(0, 0.05 / root3, 2)
    return l_s, d, alpha_s, dalpha, theta, dtheta


def gtc_budget(inputs: tuple[Any, ...] | None = None) -> tuple[float, float, float, float, float]:
    """H.1 in GTC with its budget's lines: value, u, ν_eff, k, U; from `inputs`, or from numbers."""
    gtc, reporting = importlib.import_module("GTC"), importlib.import_module("GTC.reporting")
    l_s, d, alpha_s, dalpha, theta, dtheta = inputs or gtc_inputs()
    y = l_s + d - l_s * (dalpha * theta + alpha_s * dtheta)
    reporting.budget(y)
    u, dof = gtc.uncertainty(y), gtc.dof(y)
    k = reporting.k_factor(dof)
    return gtc.value(y), u, dof, k, k * u


def uncertainties_budget() -> tuple[float, float, dict[Any, float]]:
    """H.1 in uncertainties: value, u, contributions (it has no degrees of freedom)."""
    ufloat = importlib.import_module("uncertainties").ufloat
    root3 = math.sqrt(3)
    l_s, d = ufloat(50000623, 25), ufloat(215, 9.681941954)
    alpha_s, dalpha = ufloat(11.5e-6, 2e-6 / root3), ufloat(0, 1e-6 / root3)
    theta, dtheta = ufloat(-0.1, 0.406201920), ufloat(0, 0.05 / root3)
    y = l_s + d - l_s * (dalpha * theta + alpha_s * dtheta)
    return y.nominal_value, y.std_dev, y.error_components()


def suncal(python: str | None) -> dict[str, Any] | None:
    """What suncal takes and finds, from an interpreter that has it; None where there is none."""
    if not python:
        return None
    script = Path(__file__).with_name("metrology_suncal.py")
    done = subprocess.run([python, str(script)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
