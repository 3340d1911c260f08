"""`chuan verify` names what was changed behind the program's back."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from chuan.audit.models import AuditEntry
from chuan.ledger import triggers
from tests.cast import Cast


def verify() -> tuple[bool, list[dict[str, str]]]:
    out = io.StringIO()
    try:
        call_command("verify", json=True, stdout=out)
        whole = True
    except CommandError:
        whole = False
    return whole, json.loads(out.getvalue())["findings"]


def tamper(sql: str, *parameters: Any) -> None:
    """What the owner of the schema can do: drop the triggers, write, put them back."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
    triggers.install(connection)


def test_an_untouched_database_is_whole(cast: Cast) -> None:
    whole, findings = verify()
    assert whole
    assert findings == []


def test_a_changed_letter_in_a_row_is_named(cast: Cast) -> None:
    unit = cast.unit("so-ct")
    tamper("UPDATE organisations_unitversion SET name = 'Sở Công Thươnh' WHERE unit_id = %s", unit.pk)
    whole, findings = verify()
    assert not whole
    assert ["organisations_unitversion" in f["where"] for f in findings] == [True]


def test_a_row_put_in_by_hand_is_named(cast: Cast) -> None:
    row = AuditEntry.objects.none()
    assert not row
    tamper("INSERT INTO organisations_person (id, code, sha256) VALUES (999, 'NG-999999', 'abc')")
    _, findings = verify()
    assert any("NG-999999" in f["where"] for f in findings)


def test_a_deleted_row_is_named(cast: Cast) -> None:
    version = cast.unit("dn-hcm").versions.get()
    tamper("DELETE FROM organisations_unitversion WHERE id = %s", version.pk)
    _, findings = verify()
    assert [f["what"] for f in findings] == ["bản ghi có trong nhật ký nhưng không còn trong bảng"]


def test_a_quiet_void_is_named(cast: Cast) -> None:
    version = cast.unit("dn-hcm").versions.get()
    tamper("UPDATE organisations_unitversion SET voided_at = recorded_at WHERE id = %s", version.pk)
    _, findings = verify()
    assert len(findings) == 1
    assert "bị hủy ngoài phần mềm" in findings[0]["what"]


def test_a_changed_missing_or_truncated_entry_is_named(cast: Cast) -> None:
    tamper("UPDATE audit_auditentry SET actor_name = 'Ai đó' WHERE seq = 3")
    _, findings = verify()
    assert "mục 3" in findings[0]["where"]
    tamper("DELETE FROM audit_auditentry WHERE seq = 5")
    _, findings = verify()
    assert any("mục 5" in f["where"] and "thiếu mục" in f["what"] for f in findings)


def test_a_shortened_chain_is_named(cast: Cast) -> None:
    tamper("DELETE FROM audit_auditentry WHERE seq = (SELECT max(seq) FROM audit_auditentry)")
    _, findings = verify()
    assert any("đầu chuỗi" in f["where"] for f in findings)


def test_a_dropped_trigger_is_named(cast: Cast) -> None:
    triggers.remove(connection)
    _, findings = verify()
    triggers.install(connection)
    assert len(findings) == len(triggers.expected(connection))


@pytest.mark.parametrize("only", ["chain", "rows", "triggers", "files"])
def test_one_check_can_be_run_alone(cast: Cast, only: str) -> None:
    call_command("verify", only=only, stdout=io.StringIO())
