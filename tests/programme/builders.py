"""Small builders: a second province's plan in a folder, the real plan loaded, an assignment, a reply."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from chuan.organisations.models import OrganisationUnit
from chuan.organisations.rules import UnitKind
from chuan.organisations.services import establish_unit
from chuan.programme.models import Contradiction, Plan, Task
from chuan.programme.plan_checks import read_plan
from chuan.programme.services import load_plan
from chuan.programme.services.assignments import AssignmentEntry
from chuan.programme.services.replies import ReplyEntry
from tests.cast import BEGIN, MERGER, SYSTEM, Cast

REAL = Path(settings.DATA_DIR) / "plans" / "kh-2828"

TEXT = """KẾ HOẠCH

I. MỤC TIÊU

- Đào tạo ít nhất 5 người đến năm 2025;
- Thi đua, khen thưởng.

STT\tNội dung\tCơ quan chủ trì\tCơ quan phối hợp\tThời gian
1\tMở lớp cho 10 người\tSở Y tế\tSở Công Thương và các hội\tHằng năm
2\tBáo caó\t\t\t
"""

HEAD = """code = "KH-B"
number = "7/KH-UBND"
title = "Kế hoạch của một tỉnh khác"
issuer = "Ủy ban nhân dân tỉnh Bình Minh"
signed = 2024-03-01
ends = 2028-12-31
scope = "tn"
text_sha256 = "{sha256}"
year_closes = {{ month = 12, day = 14 }}
report_due = {{ month = 11, day = 30 }}
include = ["items.toml"]

[[target]]
code = "KH-B-CT2"
indicator = "CT2"
item = "I.1"
place = "Mục I, gạch đầu dòng thứ nhất"
at = [{target}]
horizon = 2025-12-31
operator = ">="
value = 5
unit = "người"
readings = [
    {{ label = "A", basis = "cumulative", from = 2024-03-01, words = "Lũy kế" }},
    {{ label = "B", basis = "stage", from = 2025-01-01, words = "Riêng năm 2025" }},
]

[[contradiction]]
code = "CH-1"
title = "5 hay 10 người"
question = "Lấy số 5 hay số 10?"
addressee = "Ủy ban nhân dân tỉnh Bình Minh"
sources = [
    {{ item = "I.1", place = "Mục I", at = [{target}] }},
    {{ item = "PL.1", place = "Dòng 1", at = [{ten}] }},
]

[[contradiction.reading]]
label = "A"
words = "Lấy số 5"
effect = "Đạt khi có 5 người."
leaves = {{ "KH-B-CT2" = ["A"] }}

[[contradiction.reading]]
label = "B"
words = "Lấy số 10"
effect = "Đạt khi có 10 người."
"""

ITEMS = """[[class]]
code = "hoi-nghe"
title = "Các hội nghề nghiệp"

[[item]]
code = "T"
kind = "title"
text = [{KẾ HOẠCH}]

[[item]]
code = "I"
kind = "heading"
number = [{I.}]
text = [{MỤC TIÊU}]

[[item]]
code = "I.1"
under = "I"
kind = "bullet"
number = [{- 1}]
text = [{Đào tạo ít nhất 5 người đến năm 2025;}]
rows = ["PL.1"]

[[item]]
code = "I.2"
under = "I"
kind = "bullet"
number = [{- 2}]
text = [{Thi đua, khen thưởng.}]
rows = []

[[item]]
code = "PL"
under = "I"
kind = "columns"
number = [{STT}]
text = [{Nội dung}]
lead = [{Cơ quan chủ trì}]
coordinators = [{Cơ quan phối hợp}]
timing = [{Thời gian}]

[[item]]
code = "PL.1"
under = "I"
kind = "task"
number = [{1}]
text = [{Mở lớp cho 10 người}]
lead = [{Sở Y tế}]
coordinators = [{Sở Công Thương và các hội}]
timing = [{Hằng năm}]
when = [{{ rule = "annual" }}]
parties = [
    {{ duty = "lead", unit = "so-yt", at = [{Sở Y tế}] }},
    {{ duty = "coordinate", unit = "so-ct", at = [{Sở Công Thương}] }},
    {{ duty = "coordinate", class = "hoi-nghe", at = [{các hội}] }},
]

[[item]]
code = "PL.2"
under = "I"
kind = "task"
number = [{2}]
text = [{Báo caó}]

[[slip]]
code = "L1"
kind = "print"
item = "PL.2"
spans = [{caó}]
shown = "cáo"
note = "Dấu đặt sai chữ."
"""


@dataclass
class Folder:
    """A second plan's files; a test changes one of them and asks what the loader says."""

    path: Path
    text: str = TEXT
    files: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        target, ten = self.span("Đào tạo ít nhất 5 người"), self.span("10 người")
        self.files["plan.toml"] = HEAD.format(sha256=sha256(self.text.encode()).hexdigest(), target=target, ten=ten)
        self.files["items.toml"] = self._items()

    def span(self, words: str, after: str = "") -> str:
        """`[start, end, "words"]` of the words' first place after some others."""
        octets, wanted = self.text.encode(), words.encode()
        begin = octets.index(wanted, octets.index(after.encode()) if after else 0)
        return f'[{begin}, {begin + len(wanted)}, "{words}"]'

    def change(self, old: str, new: str, file: str = "items.toml") -> "Folder":
        """Replace what stands in a file."""
        assert old in self.files[file], old
        self.files[file] = self.files[file].replace(old, new, 1)
        return self

    def write(self) -> Path:
        """The folder on disk."""
        self.path.mkdir(exist_ok=True)
        (self.path / "text.txt").write_bytes(self.text.encode())
        for name, content in self.files.items():
            (self.path / name).write_text(content, encoding="utf-8")
        return self.path

    def _items(self) -> str:
        places = {
            "- 1": self.span("-"),
            "- 2": self.span("-", "2025;"),
            "1": self.span("1", "Thời gian"),
            "2": self.span("2", "Hằng năm"),
        }
        found = ITEMS.replace("{{", "\x01").replace("}}", "\x02")
        while "{" in found:
            before, _, rest = found.partition("{")
            words, _, after = rest.partition("}")
            found = before + (places.get(words) or self.span(words)) + after
        return found.replace("\x01", "{").replace("\x02", "}")


def small_plan(path: Path) -> Plan:
    """The second province's plan, loaded."""
    return load_plan(actor=SYSTEM, draft=read_plan(Folder(path / "kh-b").write()))


def real_plan(cast: Cast) -> Plan:
    """Kế hoạch 2828, loaded from the product's own folder."""
    establish_unit(
        actor=SYSTEM,
        code="tinh-tay-ninh-cu",
        kind=UnitKind.PROVINCE,
        name="Tỉnh Tây Ninh (trước 01/7/2025)",
        valid_from=BEGIN,
        valid_to=MERGER,
    )
    establish_unit(
        actor=SYSTEM,
        code="so-khdt",
        kind=UnitKind.DEPARTMENT,
        name="Sở Kế hoạch và Đầu tư",
        valid_from=BEGIN,
        valid_to=date(2025, 3, 1),
    )
    return load_plan(actor=SYSTEM, draft=read_plan(REAL))


def task_of(plan: Plan, item: str) -> Task:
    """The task of an annex row."""
    return Task.objects.select_related("item").get(plan=plan, item__code=item)


def assigned(unit: OrganisationUnit, **facts: Any) -> AssignmentEntry:
    """Lead from 1 January 2026 by a decision, changed as said."""
    usual: dict[str, Any] = {
        "duty": "lead",
        "valid_from": date(2026, 1, 1),
        "document": "Quyết định số 15/QĐ-SKHCN ngày 29/12/2025",
    }
    return AssignmentEntry(unit=unit, **{**usual, **facts})


def reply(**facts: Any) -> ReplyEntry:
    """A reply of 5 May 2026 that chooses A, changed as said."""
    usual: dict[str, Any] = {
        "label": "A",
        "document": "123/UBND-KGVX",
        "issuer": "Ủy ban nhân dân tỉnh",
        "dated": date(2026, 5, 5),
    }
    return ReplyEntry(**{**usual, **facts})


def contradiction(plan: Plan, short: str = "CH-1") -> Contradiction:
    """One of the plan's contradictions."""
    return Contradiction.objects.select_related("plan").get(code=f"{plan.code}-{short}")
