"""Golden results: what a version of the kernel has answered, it answers for ever."""

import copy
import platform
from pathlib import Path
from typing import Any

import pytest

from chuan.metrology import KERNEL, checker, proof
from chuan.metrology.files import Options, compute
from tests.metrology import golden

FILES = sorted(golden.FOLDER.glob("*/*.json"))
HERE = [path for path in FILES if path.parent.name == KERNEL]
DRAWN = [path for path in FILES if proof.read(path.read_bytes())["libraries"]["numpy"]]
#: Of numpy the draws of one bit generator are promised within a minor version (NEP 19), of glibc the same rounding.
SAME_LIBRARIES = platform.machine() == "x86_64" and platform.libc_ver()[0] == "glibc"


def name(path: Path) -> str:
    """How a golden result is called in a test's name."""
    return f"{path.parent.name}/{path.stem}"


def without_draws(result: dict[str, Any]) -> dict[str, Any]:
    """The parts of a result that no random number is in."""
    kept = copy.deepcopy(result)
    for measurand in kept.get("measurands", ()):
        measurand["monte_carlo"] = measurand["validation"] = None
    if "correlation" in kept:
        kept["correlation"]["monte_carlo"] = None
    kept.pop("notes", None)
    return kept | {"kernel": None}


def test_every_example_has_one() -> None:
    wanted = {path.stem for path in golden.EXAMPLES.glob("*.toml")}
    missing = wanted - {path.stem for path in HERE}
    assert not missing, f"python -m tests.metrology.golden writes what is missing: {sorted(missing)}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_none_was_touched(path: Path) -> None:
    stored = proof.read(path.read_bytes())
    digests = {section: proof.digest(stored[section]) for section in proof.SECTIONS}
    assert stored["kernel"] == path.parent.name
    assert stored["digests"] == digests
    assert stored["sha256"] == proof.digest(digests)
    assert path.read_bytes() == proof.write(stored)


@pytest.mark.parametrize("path", DRAWN, ids=name)
def test_every_byte_beside_what_was_drawn_comes_out_again(path: Path) -> None:
    if not SAME_LIBRARIES:
        pytest.skip("the last digit is promised with glibc on x86_64")
    stored = proof.read(path.read_bytes())
    found = compute(stored["document"], Options(method="gum", language="en"))
    assert proof.canonical(without_draws(found)) == proof.canonical(without_draws(stored["result"]))


@pytest.mark.parametrize("path", DRAWN, ids=name)
def test_every_byte_of_what_a_version_drew_comes_out_again(path: Path) -> None:
    made = proof.read(path.read_bytes())["libraries"]["numpy"]
    if not SAME_LIBRARIES or made.split(".")[:2] != proof.numpy_version().split(".")[:2]:
        pytest.skip(f"draws are promised with numpy {'.'.join(made.split('.')[:2])}, glibc and x86_64")
    assert proof.verify(path.read_bytes(), threads=2).mismatch is None


@pytest.mark.parametrize("path", [path for path in FILES if path not in DRAWN], ids=name)
def test_every_proof_without_draws_comes_out_as_its_version_gave_it(path: Path) -> None:
    if not SAME_LIBRARIES:
        pytest.skip("the last digit is promised with glibc on x86_64")
    assert proof.verify(path.read_bytes()).mismatch is None


@pytest.mark.parametrize("path", [path for path in FILES if proof.read(path.read_bytes())["model"]], ids=name)
def test_the_second_kernel_agrees_with_every_version(path: Path) -> None:
    stored = proof.read(path.read_bytes())
    assert checker.check(stored["document"], stored["result"]).beyond == ()
