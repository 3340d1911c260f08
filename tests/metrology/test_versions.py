"""Proofs by older kernels: they come out as those gave them, and what newer ones changed is named by version."""

import json
from pathlib import Path
from typing import Any

import pytest

from chuan.metrology import KERNEL, proof, versions
from chuan.metrology.command import main
from chuan.metrology.files import Options
from chuan.metrology.files.reading import parse
from tests.metrology import golden
from tests.metrology.proofs import TOML, resealed
from tests.metrology.uncertainty_documents import GUM, document


def test_an_adaptive_run_of_the_first_kernel_is_repeated_as_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("chuan.metrology.proof", "chuan.metrology.files.uncertainty.results"):
        monkeypatch.setattr(f"{module}.KERNEL", "1.0.0")
    made = proof.prove(parse(TOML.encode()), Options(to_validate=False))
    monkeypatch.undo()
    assert made["kernel"] == "1.0.0"
    assert proof.verify(proof.write(made)).mismatch is None
    now = proof.prove(parse(TOML.encode()), Options())
    trials = [one["result"]["measurands"][0]["monte_carlo"]["trials"] for one in (made, now)]
    assert trials[0] < trials[1]


def test_a_result_of_an_earlier_kernel_is_held_against_both(capsys: pytest.CaptureFixture[str]) -> None:
    stored = golden.FOLDER / "1.0.0" / "case_ea402_s9.json"
    assert main(["metrology", "check", str(stored), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("identical: SHA-256 ")
    assert f"computed by kernel 1.0.0, this is {KERNEL}" in said
    assert 'kernel 1.1.0 adds the note "dominant-rectangular: E"' in said
    assert "second kernel: 48 numbers agree" in said


def as_kernel(version: str, content: dict[str, Any], options: Options = GUM) -> dict[str, Any]:
    """A proof with every digest right that says another kernel made it."""
    made = proof.prove(content, options)
    made["kernel"] = made["result"]["kernel"] = version
    return proof.read(resealed(made, "result", made["result"]))


def test_a_note_that_a_version_did_give_is_no_later_one() -> None:
    stored = json.loads((golden.FOLDER / "1.1.0" / "case_ea402_s9.json").read_bytes())
    verdict = proof.verify(proof.write(stored))
    assert verdict.later == ()
    assert verdict.proof["result"]["notes"] == ["dominant-rectangular: E"]
    found = proof.verify(proof.write(as_kernel("1.0.0", stored["document"]))).mismatch
    assert found is not None
    assert found.key == "result.notes"


def test_what_a_later_version_changed_is_named_where_it_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "proof.json"
    made = as_kernel("1.0.0", document(rounding="up"))
    made["result"]["measurands"][0]["reported"]["expanded_uncertainty"] = "99"
    out.write_bytes(resealed(made, "result", made["result"]))
    assert main(["metrology", "check", str(out), "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "differs at result.measurands[0].reported.expanded_uncertainty" in said
    assert "kernel 1.1.0 rounds U up from twelve significant digits" in said


@pytest.mark.parametrize(
    ("content", "old", "said"),
    [
        (
            {
                "kind": "interval",
                "method": "A3",
                "assigned_days": 365,
                "target_reliability": 0.85,
                "passed": 9,
                "total": 10,
            },
            {"rejection_confidence": 0.0, "calculated_days": 409.537},
            "kernel 1.2.0 takes Q of method A3 below 0 too",
        ),
        (
            {"kind": "conformity", "value": 10000000.001, "standard_uncertainty": 0.001, "upper": 10000000.005},
            {"conformance_probability": 0.9999683},
            "kernel 1.2.0 reckons probabilities and risks from distances to the limits",
        ),
    ],
)
def test_a_digit_that_version_1_2_0_changed_is_named(
    content: dict[str, Any], old: dict[str, float], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = proof.prove(content, Options())
    made["kernel"] = "1.1.0"
    out = tmp_path / "proof.json"
    out.write_bytes(resealed(made, "result", made["result"] | old))
    assert main(["metrology", "check", str(out), "--lang", "en"]) == 1
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kernel", "older"), [("1.0.0", True), ("1.0.9", True), ("1.1.0", False), ("1.10.0", False), ("first", False)]
)
def test_versions_are_compared_as_numbers(kernel: str, older: bool) -> None:
    assert versions.before(kernel, "1.1.0") is older
    assert versions.stopped_at_two_digits(kernel) is older
    notes = {"notes": ["nonlinear", "no-scatter"]}
    assert versions.as_of(kernel, notes)[0] == ({"notes": ["nonlinear"]} if older else notes)
