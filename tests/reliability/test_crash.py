"""Acknowledged data survive a SIGKILL at any instant, and nothing is left half-done."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from chuan.audit.outbox import enqueue
from chuan.ledger import triggers
from chuan.portal.management.commands.serve import Command
from tests.cast import Cast
from tests.reliability import inquest
from tests.training.builders import course, line

ROOT = Path(__file__).resolve().parent.parent.parent


def by_hand(sql: str, *parameters: Any) -> None:
    """What half a transaction would leave, put there behind the program's back."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
    triggers.install(connection)


def test_an_effect_that_is_not_there_is_named(cast: Cast) -> None:
    made = course(cast, title="Có thật")
    there = {"kind": "course", "code": made.code, "title": "Có thật"}
    assert inquest.lost([there]) == []
    assert len(inquest.lost([{**there, "code": "L999999"}, {**there, "title": "Khác"}])) == 2


def test_half_a_service_is_named(cast: Cast) -> None:
    line(cast, course(cast), "Lê Văn A")
    assert inquest.half_done() == []
    by_hand("DELETE FROM training_attendancefacts")
    by_hand("UPDATE ledger_counter SET last = last + 1 WHERE name = 'person'")
    found = "\n".join(inquest.half_done())
    assert "training_attendance HV0000001: định danh không có nội dung" in found
    assert "sổ số person: đã cấp 2, có 1" in found
    assert "bản ghi có trong nhật ký nhưng không còn trong bảng" in found


def test_a_line_half_written_was_not_acknowledged(tmp_path: Path) -> None:
    notebook = tmp_path / "notebook"
    assert inquest.read(notebook) == []
    notebook.write_bytes(b'{"kind": "void", "statement": 1}\n{"kind": "vo')
    assert [n["statement"] for n in inquest.read(notebook)] == [1]


def test_a_job_that_another_servers_worker_is_doing_is_left_alone(cast: Cast) -> None:
    enqueue(inquest.JOB, 1)
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
    Command().requeue()
    alone = connection.vendor == "sqlite"
    assert DBTaskResult.objects.get().status == ("READY" if alone else "RUNNING")


def test_a_job_that_a_killed_worker_left_running_is_put_back(cast: Cast) -> None:
    enqueue(inquest.JOB, 1)
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - timedelta(hours=1))
    assert len(inquest.undone()) == 1
    Command().requeue()
    assert DBTaskResult.objects.get().status == "READY"


def harness(kills: int, seconds: int, *arguments: str) -> dict[str, Any]:
    """Run the harness on the engine of this suite; it makes a file, or starts a durable server, of its own."""
    engine = "sqlite" if connection.vendor == "sqlite" else "postgresql"
    words = [sys.executable, "-W", "ignore", "-m", "tests.reliability.crash", "--engine", engine, "--kills", str(kills)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CHUAN_", "PYTEST"))}
    done = subprocess.run(
        [*words, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.stdout, done.stderr[-3000:]
    outcome: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return outcome


def nothing_lost(outcome: dict[str, Any], kills: int) -> None:
    """Every blow fell and none did harm."""
    wrong = {name: outcome[name] for name in ("lost", "half_done", "damage", "undone")}
    assert not any(wrong.values()), (outcome["seed"], wrong)
    assert sum(outcome["kills"].values()) == kills
    aimed = {what.split(":")[0] for what in outcome["doing"]}
    assert "job" in aimed
    assert aimed & {"freeze", "freeze_report"}
    assert outcome["jobs_interrupted"]
    assert outcome["acknowledged"] >= kills


def test_thirty_kills_lose_nothing() -> None:
    nothing_lost(harness(30, 600), 30)


@pytest.mark.deep
def test_two_hundred_and_fifty_kills_lose_nothing() -> None:
    nothing_lost(harness(250, 7200), 250)
