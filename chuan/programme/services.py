"""Loading a plan: text and declarations, checked against one another before anything is written."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.work import append
from chuan.organisations.models import OrganisationUnit
from chuan.programme.errors import PlanFileWrong
from chuan.programme.models import Plan, Target


def read_plan(folder: Path) -> tuple[dict[str, Any], bytes]:
    """A plan's declarations and text; PlanFileWrong names the line or span that does not hold."""
    text = (folder / "text.txt").read_bytes()
    declared: dict[str, Any] = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    if hashlib.sha256(text).hexdigest() != declared["text_sha256"]:
        raise PlanFileWrong(f"{folder.name}/text.txt", "mã băm khác với text_sha256 trong plan.toml")
    for phrase in declared["phrase"]:
        start, end = phrase["span"]
        found = text[start:end].decode("utf-8", "replace")
        if found != phrase["words"]:
            line = text[:start].count(b"\n") + 1
            raise PlanFileWrong(
                f"plan.toml, phrase {phrase['id']}", f"đoạn [{start}, {end}) ở dòng {line} là “{found}”"
            )
    known = {phrase["id"] for phrase in declared["phrase"]}
    for target in declared["target"]:
        if target["phrase"] not in known:
            raise PlanFileWrong(f"plan.toml, target {target['code']}", f"không có phrase {target['phrase']}")
    return declared, text


@service(lock="shared")
def load_plan(*, actor: Actor, declared: dict[str, Any]) -> Plan:
    """Load a plan that `read_plan` has checked."""
    plan = append(
        Plan(
            code=declared["code"],
            number=declared["number"],
            title=declared["title"],
            issuer=declared["issuer"],
            signed=declared["signed"],
            ends=declared["ends"],
            scope=OrganisationUnit.objects.get(code=declared["scope"]),
            text_sha256=declared["text_sha256"],
            year_closes=declared["year_closes"],
            report_due=declared["report_due"],
        )
    )
    phrases = {phrase["id"]: phrase for phrase in declared["phrase"]}
    for target in declared["target"]:
        phrase = phrases[target["phrase"]]
        append(
            Target(
                code=target["code"],
                plan=plan,
                indicator=target["indicator"],
                place=phrase["place"],
                words=phrase["words"],
                span=phrase["span"],
                horizon=target["horizon"],
                operator=target["operator"],
                value=target["value"],
                unit=target["unit"],
                readings=[{**reading, "from": reading["from"].isoformat()} for reading in target["readings"]],
            )
        )
    record("programme.load_plan", plan, changes={"targets": [0, len(declared["target"])]})
    return plan
