"""The illustration is what a rehearsal needs: built by services alone, whole, and clean under `chuan verify`."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chuan.portal import rehearsal_reports

#: Making the illustration takes its time: not among the fast tests.
pytestmark = pytest.mark.deep

ROOT = Path(__file__).resolve().parents[2]


def chuan(home: Path, *arguments: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CHUAN_", "DJANGO_", "DATABASE_"))}
    environment = {**kept, "CHUAN_HOME": str(home), "CHUAN_MODE": "sample", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "chuan.cli", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample database, made once."""
    made = tmp_path_factory.mktemp("sample")
    chuan(made, "prepare")
    return made


def asked(home: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(home / "chuan.sqlite3")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def figures(home: Path, day: str) -> dict[str, Any]:
    told = json.loads(chuan(home, "figures", "--plan", "KH-2828", "--at", day, "--json"))
    return {figure["id"]: figure for figure in told["figures"]}


def test_nothing_in_it_is_broken(home: Path) -> None:
    assert "Toàn vẹn" in chuan(home, "verify")


def test_nothing_in_it_is_later_than_the_rehearsal_day(home: Path) -> None:
    ((first, last),) = asked(home, "SELECT min(at), max(at) FROM audit_auditentry")
    assert first.startswith("2020-11-20")
    assert last < "2026-12-11 01:00"


def test_every_figure_has_members_records_that_do_not_count_and_reasons(home: Path) -> None:
    for code, figure in figures(home, "2026-12-11").items():
        assert figure["value"] > 0, code
        assert len(figure["excluded"]) >= 2, code


def test_readings_of_a_target_differ(home: Path) -> None:
    said = [r for r in figures(home, "2025-12-31")["CT3"]["readings"] if r["horizon"] == "2025-12-31"]
    assert {r["label"]: r["verdict"] for r in said} == {"A": "met", "B": "not_met", "C": "met", "D": "not_met"}


def test_thirty_and_more_units_owe_the_report_and_three_are_late(home: Path) -> None:
    assert len(rehearsal_reports.OWED[2026]) >= 30
    (states,) = asked(
        home,
        "SELECT count(*) FROM reporting_obligation o JOIN reporting_reportingperiod p ON p.id = o.period_id"
        " WHERE p.year = 2026 AND NOT EXISTS (SELECT 1 FROM reporting_submission s"
        " WHERE s.obligation_id = o.id AND s.state IN ('sent', 'accepted'))",
    )
    assert states == (3,)


@pytest.mark.parametrize(
    ("what", "sql", "number"),
    [
        ("nil", "SELECT count(*) FROM reporting_submissioncontent WHERE nil", 1),
        ("returned twice", "SELECT count(*) FROM reporting_submission WHERE state = 'returned'", 2),
        (
            "by letter in 2026",
            (
                "SELECT count(*) FROM reporting_submission s JOIN reporting_incomingletter l ON l.id = s.letter_id"
                " WHERE l.dated > '2026-01-01'"
            ),
            1,
        ),
        ("signed letters", "SELECT count(*) FROM reporting_signedletter WHERE voided_at IS NULL", 39),
        ("the letter that asked", "SELECT count(*) FROM reporting_letternumber", 1),
        ("the calendar", "SELECT count(*) FROM reporting_calendardayfacts WHERE NOT checked", 99),
        ("heirs", "SELECT count(*) FROM reporting_heir", 3),
        ("dispatched", "SELECT count(*) FROM reporting_report WHERE state = 'dispatched'", 2),
        ("begun", "SELECT count(*) FROM reporting_report WHERE state = 'draft'", 1),
        ("totals of letters", "SELECT count(*) FROM reporting_historicalfigure", 2),
        ("estimates", "SELECT count(*) FROM reporting_estimate", 1),
        ("outputs by hand", "SELECT count(*) FROM reporting_outputline", 2),
        ("mergers", "SELECT count(*) FROM organisations_reorganisationevent WHERE title LIKE '%GIẢ ĐỊNH%'", 1),
    ],
)
def test_what_a_year_brings_is_there(home: Path, what: str, sql: str, number: int) -> None:
    assert asked(home, sql) == [(number,)], what


def test_every_proposal_stands_under_a_task_that_its_unit_has(home: Path) -> None:
    sent = [json.loads(parts) for (parts,) in asked(home, "SELECT parts FROM reporting_submissioncontent")]
    proposals = [one for parts in sent for one in parts["proposals"]]
    assert proposals
    assert all(bool(one["label"]) == bool(one["task"]) for one in proposals), "a task that is not its own is lost"


def test_every_group_that_the_plan_names_has_a_list_and_every_department_is_asked(home: Path) -> None:
    rows = asked(
        home,
        "SELECT c.code, m.year FROM organisations_partyclass c JOIN organisations_classmember m"
        " ON m.party_class_id = c.id WHERE m.voided_at IS NULL AND c.kinds = '[]' GROUP BY 1, 2",
    )
    (number,) = asked(home, "SELECT count(*) FROM organisations_partyclass WHERE kinds = '[]'")[0]
    assert {year for _code, year in rows} == {2024, 2025, 2026}
    assert len(rows) == 3 * number
    standing = asked(
        home,
        "SELECT u.code FROM organisations_organisationunit u JOIN organisations_unitversion v ON v.unit_id = u.id"
        " WHERE u.kind IN ('department', 'agency') AND v.voided_at IS NULL AND v.valid_to IS NULL",
    )
    assert {code for (code,) in standing} - {"so-khcn"} <= set(rehearsal_reports.OWED[2026])


def test_communes_report_on_the_row_that_names_them(home: Path) -> None:
    sent = asked(
        home,
        "SELECT c.parts FROM reporting_submissioncontent c JOIN reporting_submission s ON s.id = c.submission_id"
        " JOIN reporting_obligation o ON o.id = s.obligation_id JOIN organisations_organisationunit u"
        " ON u.id = o.unit_id WHERE u.kind = 'commune' AND NOT c.nil AND s.letter_id IS NULL",
    )
    assert len(sent) > 20
    assert all("PL.II.2.3" in json.loads(parts)["tasks"] for (parts,) in sent)
