"""A small annex for the suite's plan: three tasks, two of them so-ct's."""

from chuan.audit.actor import Actor
from chuan.audit.service import REGISTRY, record, service
from chuan.ledger.work import append
from chuan.programme.models import Plan, PlanItem, PlanText, PrintedParty, Task
from chuan.programme.rules import Duty, ItemKind
from tests.cast import Cast

TEXT = """PHỤ LỤC
STT
TUYÊN TRUYỀN
1 Tổ chức hội nghị về đo lường
2 Kiểm tra cân tại chợ
3 Đào tạo kiểm định viên
"""
#: (code, number, words, who leads, who coordinates)
TASKS = (
    ("PL.I.1", "1", "Tổ chức hội nghị về đo lường", "so-ct", "so-yt"),
    ("PL.I.2", "2", "Kiểm tra cân tại chợ", "so-yt", "so-ct"),
    ("PL.I.3", "3", "Đào tạo kiểm định viên", "so-khcn", None),
)


def _span(words: str) -> list[list[int]]:
    start = TEXT.encode().index(words.encode())
    return [[start, start + len(words.encode())]]


@service(lock="shared")
def make_tasks(*, actor: Actor, cast: Cast, plan: Plan) -> list[Task]:
    """The annex of the suite's plan."""
    append(PlanText(plan=plan, content=TEXT, mends=[]))
    head = append(PlanItem(plan=plan, code="PL", order=1, kind=ItemKind.HEADING, cells={"text": _span("PHỤ LỤC")}))
    columns = {"number": _span("STT")}
    append(PlanItem(plan=plan, code="PL.C", order=2, parent=head, kind=ItemKind.COLUMNS, cells=columns))
    words = {"text": _span("TUYÊN TRUYỀN")}
    group = append(PlanItem(plan=plan, code="PL.I", order=3, parent=head, kind=ItemKind.GROUP, cells=words))
    made = []
    for order, (code, label, title, lead, other) in enumerate(TASKS, 4):
        cells = {"number": _span(label), "text": _span(title)}
        item = append(PlanItem(plan=plan, code=code, order=order, parent=group, kind=ItemKind.TASK, cells=cells))
        task = append(Task(code=f"{plan.code}-{code}", plan=plan, item=item, timing=[{"rule": "annual"}]))
        for place, (duty, unit) in enumerate(((Duty.LEAD, lead), (Duty.COORDINATE, other))):
            if unit:
                append(PrintedParty(task=task, order=place, duty=duty, unit=cast.unit(unit), spans=[]))
        made.append(task)
    record("tests.make_tasks", plan)
    return made


REGISTRY.pop(f"{make_tasks.__module__}.{make_tasks.__qualname__}")
