"""Proofs for tests: a file to prove, and proofs changed by someone who knows how to seal them."""

from typing import Any

from chuan.metrology import proof

TOML = """kind = "uncertainty" # a remark
measurand = [{ symbol = "y", equation = "2*a^2" }]
[[input]]
symbol = "a"
value = 3.25
distribution = "normal"
standard_uncertainty = 0.5
"""


def resealed(proved: dict[str, Any], section: str, value: Any) -> bytes:
    """The proof with another section and every digest right again."""
    other = {**proved, section: value}
    other["digests"] = {name: proof.digest(other[name]) for name in proof.SECTIONS}
    other["sha256"] = proof.digest(other["digests"])
    return proof.write(other)
