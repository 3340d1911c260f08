"""The sheets of a unit's workbook: their columns, what is typed where, which words may be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation

from chuan.reporting.collecting import Addressed, DifficultyKind, MoneySource, TaskStatus
from chuan.reporting.unit_reports import TaskLine

#: First cell of the hidden sheet: whose file it is, and in which form.
MARK = "chuan-bao-cao-don-vi 1"
#: Lines of difficulties and of proposals that are left to be filled.
BLANK_ROWS = 15
#: A proposal under no task of the annex.
OUTSIDE = "Ngoài Phụ lục"


@dataclass(frozen=True)
class Column:
    """A column: its name here, its heading there, whether it is typed, and from which list."""

    name: str
    heading: str
    width: float
    typed: bool = False
    chosen_from: str = ""
    #: A number in triệu đồng.
    trieu: bool = False


@dataclass(frozen=True)
class Section:
    """One sheet. With `label` its rows are known beforehand, by a hidden key or by what stands in that column."""

    code: str
    name: str
    title: str
    columns: Sequence[Column]
    label: str = ""
    notes: Sequence[str] = ()

    @property
    def typed(self) -> list[Column]:
        """Columns that people fill in."""
        return [column for column in self.columns if column.typed]


#: Heading of the hidden column of keys.
KEY = "Khóa"
_MONEY_NOTE = "Đơn vị tính: triệu đồng. Bỏ trống nếu chưa có số; ghi 0 nếu không chi. Không dùng công thức."

FIGURES = Section(
    "figures",
    "1. Số liệu",
    "1. Số liệu lấy từ sổ của đơn vị",
    (
        Column("code", "Mã", 8),
        Column("title", "Số liệu", 34),
        Column("before", "Năm trước (đã báo cáo)", 12),
        Column("value", "Năm nay (theo sổ)", 12),
        Column("unit", "Đơn vị tính", 10),
        Column("counted", "Cách tính", 44),
        Column("right", "Đúng hay chưa đúng", 14, typed=True, chosen_from="right"),
        Column("missing", "Nếu chưa đúng: thiếu, thừa bản ghi nào", 40, typed=True),
    ),
    label="code",
    notes=(
        "Số liệu không sửa ở đây. Chọn “Đúng”; hoặc chọn “Chưa đúng” rồi ghi bản ghi còn thiếu, thừa.",
        "Chỉ điền các cột có tiêu đề nền vàng. Điền xong, tải tệp này lên tại trang báo cáo của đơn vị.",
    ),
)
TASKS = Section(
    "tasks",
    "2. Nhiệm vụ",
    "2. Nhiệm vụ của Phụ lục giao cho đơn vị",
    (
        Column("label", "STT", 8),
        Column("title", "Nhiệm vụ", 44),
        Column("status_before", "Tình trạng năm trước", 16),
        Column("words_before", "Kết quả năm trước", 36),
        Column("status", "Tình trạng năm nay", 16, typed=True, chosen_from="status"),
        Column("words", "Kết quả năm nay, hoặc vì sao chưa làm", 48, typed=True),
        Column("spent_before", "Thực hiện năm trước (triệu đồng)", 14),
        Column("planned", "Dự toán năm nay (triệu đồng)", 14, typed=True, trieu=True),
        Column("spent", "Thực hiện năm nay (triệu đồng)", 14, typed=True, trieu=True),
    ),
    label="label",
    notes=(
        "Kinh phí (triệu đồng): chỉ ghi phần tách riêng được cho nhiệm vụ; tổng theo nguồn ghi ở trang “3. Kinh phí”.",
    ),
)
MONEY = Section(
    "money",
    "3. Kinh phí",
    "3. Kinh phí thực hiện trong năm, theo nguồn",
    (
        Column("source", "Nguồn", 38),
        Column("before", "Năm trước (triệu đồng)", 18),
        Column("amount", "Năm nay (triệu đồng)", 18, typed=True, trieu=True),
    ),
    label="source",
    notes=(_MONEY_NOTE,),
)
DIFFICULTIES = Section(
    "difficulties",
    "4. Khó khăn",
    "4. Khó khăn, vướng mắc",
    (
        Column("words", "Khó khăn, vướng mắc", 60, typed=True),
        Column("cause", "Nguyên nhân (nếu xác định được)", 40, typed=True),
        Column("kind", "Loại khó khăn", 26, typed=True, chosen_from="kind"),
        Column("to", "Kiến nghị tới", 30, typed=True, chosen_from="to"),
    ),
    notes=("Mỗi khó khăn một dòng. Không có thì đánh dấu ở trang “6. Kết quả chung”.",),
)
PROPOSALS = Section(
    "proposals",
    "5. Đề xuất",
    "5. Đề xuất cho năm sau",
    (
        Column("words", "Nội dung đề xuất", 46, typed=True),
        Column("task", "Thuộc nhiệm vụ (STT)", 16, typed=True, chosen_from="task"),
        *(Column(source, str(source), 16, typed=True, trieu=True) for source in MoneySource.values),
    ),
    notes=("Mỗi đề xuất một dòng, số tiền theo từng nguồn.", _MONEY_NOTE),
)
GENERAL = Section(
    "general",
    "6. Kết quả chung",
    "6. Kết quả chung trong năm",
    (
        Column("part", "Phần", 46),
        Column("answer", "Trả lời", 90, typed=True),
    ),
    label="part",
)
SECTIONS = (FIGURES, TASKS, MONEY, DIFFICULTIES, PROPOSALS, GENERAL)
#: Rows of the last sheet: a text, then marks that are Có or Không.
MARKS = ("nil", "no_difficulties", "no_proposals")
PARTS = {
    "narrative": "Kết quả chung, ngoài các nhiệm vụ ở trên",
    "nil": "Không phát sinh trong năm (toàn bộ báo cáo): Có hoặc Không",
    "no_difficulties": "Không có khó khăn, vướng mắc: Có hoặc Không",
    "no_proposals": "Không có đề xuất cho năm sau: Có hoặc Không",
}


def heading(column: Column) -> str:
    """A column's heading; a source of money is called as the plan calls it."""
    if column.name in MoneySource.values:
        with translation.override("vi"):
            return f"{MoneySource(column.name).label} (triệu đồng)"
    return column.heading


def choices(tasks: Sequence[TaskLine]) -> dict[str, list[tuple[str, str]]]:
    """(code, words) of every list, in Vietnamese whatever the reader's language."""
    with translation.override("vi"):
        return {
            "right": [("yes", "Đúng"), ("no", "Chưa đúng")],
            "status": [(code, str(label)) for code, label in TaskStatus.choices],
            "kind": [(code, str(label)) for code, label in DifficultyKind.choices],
            "to": [(code, str(label)) for code, label in Addressed.choices],
            "task": [("", OUTSIDE), *((task.code, task.label) for task in tasks)],
            "mark": [("on", "Có"), ("", "Không")],
        }


def words_of(offered: Mapping[str, Sequence[tuple[str, str]]], name: str, code: str) -> str:
    """The words of a code; nothing for a code that is not offered any more."""
    return next((words for one, words in offered[name] if one == code), "")
