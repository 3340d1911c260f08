"""The validation record: a failure is said as one, every published case is in it, and it goes into a file."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chuan.metrology import KERNEL, validation_report
from chuan.metrology.command import main
from chuan.metrology.files import KINDS
from chuan.metrology.validation_report import cases, running
from chuan.metrology.validation_report.functions import FUNCTIONS
from chuan.metrology.words import Language

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CASE = """source = "a source"
clause = "a clause"
tolerance = 0.005
check = true
[document]
kind = "uncertainty"
measurand = [{ symbol = "y", equation = "a*2" }]
input = [{ symbol = "a", value = 1, distribution = "normal", standard_uncertainty = 0.1 }]
[expected]
"measurands[0].gum.standard_uncertainty" = 0.20
units_checked = false
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one case that passes, in place of the product's."""
    monkeypatch.setattr(cases, "FOLDER", tmp_path / "cases")
    monkeypatch.setattr(running, "_PACKAGE", tmp_path)
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "one.toml").write_text(CASE, encoding="utf-8")
    return tmp_path / "cases"


def changed(folder: Path, old: str, new: str) -> dict[str, Any]:
    """The report where the one case says something else."""
    assert old in CASE
    (folder / "one.toml").write_text(CASE.replace(old, new), encoding="utf-8")
    return validation_report.run(NOW)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('uncertainty" = 0.20', 'uncertainty" = 0.21'),
        ("units_checked = false", "units_checked = true"),
        ("units_checked = false", 'units_checked = "false"'),
        ("units_checked = false", "units_checked = 0.0"),
        ("units_checked = false", "no_such_key = 0.0"),
        ('"measurands[0].gum', '"measurands[7].gum'),
        ("standard_uncertainty = 0.1 }", "standard_uncertainty = -0.1 }"),
        ('"a*2"', '"a*2 + ("'),
        ('[expected]\n"measurands[0].gum.standard_uncertainty" = 0.20\nunits_checked = false\n', ""),
    ],
)
def test_a_case_that_does_not_come_out_fails_the_report(folder: Path, old: str, new: str) -> None:
    report = changed(folder, old, new)
    assert not report["passed"]
    assert report["counts"]["cases_failed"] == 1
    assert "KHÔNG ĐẠT" in validation_report.as_text(report, "vi")
    assert "FAILED" in validation_report.as_text(report, "en")


def test_a_kernel_that_fails_is_a_failed_case(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("broken")

    monkeypatch.setattr(running, "compute", broken)
    (case,) = validation_report.run(NOW)["cases"]
    assert not case["passed"]
    assert case["refusal"]["en"] == "ZeroDivisionError: broken"
    assert "refused: ZeroDivisionError: broken" in validation_report.as_text(validation_report.run(NOW), "en")


def test_a_second_kernel_that_disagrees_fails_the_case(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chuan.metrology.checker.comparing.TOLERANCE", -1.0)
    report = validation_report.run(NOW)
    assert not report["passed"]
    assert all(value["passed"] for value in report["cases"][0]["values"])


def test_the_commands_refuse_in_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for call in (["--text", str(folder)], ["--json", str(folder)], ["--colour"], ["more"]):
        assert main(["metrology", "validate", *call, "--lang", "en"]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)


def test_files_are_written_and_status_1_is_a_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    json_file, text_file = folder / "a.json", folder / "a.txt"
    call = ["metrology", "validate", "--json", str(json_file), "--text", str(text_file)]
    assert main(call) == 0
    assert capsys.readouterr().out == "KẾT LUẬN: ĐẠT. 1 ví dụ đã công bố, 2 giá trị, tất cả trong dung sai.\n"
    written = json.loads(json_file.read_text(encoding="utf-8"))
    assert written["passed"]
    assert written["made"].endswith("+00:00")
    assert "Người phê duyệt" in text_file.read_text(encoding="utf-8")
    (folder / "two.toml").write_text(CASE.replace("0.20", "0.30"), encoding="utf-8")
    assert main([*call, "--lang", "en"]) == 1
    assert capsys.readouterr().out == "RESULT: FAILED. 1 of 2 cases, 1 of 4 values out of tolerance.\n"
    assert main(["metrology", "validate"]) == 1
    assert "one [kiểm]" in capsys.readouterr().out


def test_the_digests_change_with_the_program_and_the_cases(folder: Path) -> None:
    before = validation_report.run(NOW)
    (folder.parent / "program.py").write_text("x = 1", encoding="utf-8")
    after = validation_report.run(NOW)
    assert before["program_sha256"] != after["program_sha256"]
    assert before["cases_sha256"] == after["cases_sha256"]
    assert changed(folder, "a source", "another")["cases_sha256"] != before["cases_sha256"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_help(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrology", "validate", "--help", "--lang", language]) == 0
    assert "7.11.2" in capsys.readouterr().out


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """The product's own report."""
    return validation_report.run(NOW)


def test_every_published_case_passes(report: dict[str, Any]) -> None:
    failed = {
        case["case"]: [value for value in case["values"] if not value["passed"]] or case["refusal"]
        for case in report["cases"]
        if not case["passed"]
    }
    assert failed == {}
    assert report["passed"]
    assert report["counts"]["cases"] >= 40
    assert report["counts"]["values"] >= 250


def test_the_analysis_of_four_groups_and_horwitz_are_in_the_report(report: dict[str, Any]) -> None:
    expected = {(case["case"], value["key"]): value["expected"] for case in report["cases"] for value in case["values"]}
    assert expected["anova_four_groups", "f"] == 0.0850416
    assert expected["anova_four_groups", "p"] == 0.96777478
    assert expected["horwitz_e9", "sigma_mg_per_kg"] == 0.186


def test_the_report_says_what_it_holds_for(report: dict[str, Any]) -> None:
    assert report["kernel"] == KERNEL
    assert report["requirement"] == "ISO/IEC 17025:2017, 7.11.2"
    assert report["made"] == "2026-01-02T03:04:05+00:00"
    assert {"python", "numpy", "scipy", "mpmath", "system", "processor", "c_library", "float"} == set(report["machine"])
    assert json.loads(json.dumps(report, allow_nan=False)) == json.loads(json.dumps(report))
    text = validation_report.as_text(report, "en")
    for case in report["cases"]:
        assert case["source"] in text
        assert f"{case['case']} [check]\n" in text or not case["second_hand"]
    assert {case["case"] for case in report["cases"] if case["second_hand"]} >= {"ea402_s2", "ea402_s9", "ea402_s10"}


def test_every_kind_of_file_has_a_published_case_and_a_heading(report: dict[str, Any]) -> None:
    assert {case["kind"] for case in report["cases"]} == set(KINDS)
    headings: list[tuple[Language, str]] = [
        ("vi", "── Hàng đóng gói sẵn, lấy mẫu ──"),
        ("en", "── Weighing designs ──"),
    ]
    for language, words in headings:
        text = validation_report.as_text(report, language)
        assert text.count("── ") == len(KINDS)
        assert words in text


def test_every_case_of_a_document_was_recomputed_by_the_second_kernel(report: dict[str, Any]) -> None:
    for case in report["cases"]:
        assert (case["second_kernel"] is not None) == ("document" in cases.load(case["case"]))
        if case["second_kernel"]:
            assert case["second_kernel"]["largest_difference"] <= 1e-10


def test_every_case_is_whole() -> None:
    """A case says where it is from, and every table in it is one that the report reads."""
    known = {"source", "clause", "function", "tolerance", "check", "trials", "document", "inputs", "expected"}
    known |= {"tolerances", "dominant", "design"}
    for name in cases.names():
        case = cases.load(name)
        assert case["source"], name
        assert case["clause"], name
        assert case["tolerance"] >= 0, name
        assert ("document" in case) != ("function" in case), name
        assert case.get("function") in (None, *FUNCTIONS), name
        assert set(case) <= known, name
        paths = {path for path, _ in running._expected(case)}
        assert set(case.get("tolerances", {})) <= paths, name


def test_the_cases_stand_in_one_place() -> None:
    """`tests/metrology/reference` leads to the product's folder: nothing may lie beside it unseen by the report."""
    here = Path(__file__).parent / "reference"
    found = {path.name for path in here.glob("*.toml")} if here.is_dir() else set()
    assert found in (set(), {f"{name}.toml" for name in cases.names()})
    assert all(tomllib.loads((cases.FOLDER / f"{name}.toml").read_text(encoding="utf-8")) for name in cases.names())
