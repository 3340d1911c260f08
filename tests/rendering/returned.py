"""A report that goes out as Word and comes back, and reports of any wording at all."""

from typing import Any

from hypothesis import strategies as st

from chuan.rendering.blocks import (
    Annex,
    Block,
    Bullets,
    Column,
    FigureInline,
    Footnote,
    GroupRow,
    Heading,
    Inline,
    Paragraph,
    Table,
    Text,
)
from chuan.rendering.word import render_docx
from chuan.rendering.word_reading import Returned, read_original, take_back
from tests.rendering.samples import report
from tests.rendering.word_hands import edited

RESULTS = "Trong kỳ đã mở {} với {}; các đơn vị phối hợp chặt chẽ."


def sample(**changes: Any) -> Any:
    """A report with two free wordings, a computed sentence and an annex with numbers."""
    return report(
        body=(
            Heading(1, "I. CÔNG TÁC CHỈ ĐẠO"),
            Paragraph((Text("Sở đã ban hành văn bản “hướng dẫn” – đúng hạn."),), "chi-dao.1"),
            Heading(1, "II. KẾT QUẢ"),
            Heading(2, "1. Tuyên truyền"),
            Heading(2, "3. Đào tạo"),
            Paragraph(
                (
                    Text("Trong kỳ đã mở "),
                    FigureInline("DT-01", "03", "lớp"),
                    Text(" với "),
                    FigureInline("DT-02", "50", "người"),
                    Text("; các đơn vị phối hợp chặt chẽ."),
                ),
                "dao-tao.1",
            ),
            Paragraph((Text("Lũy kế: "), FigureInline("DT-02", "50", "người"), Text(" (tính đến cuối kỳ)."))),
        ),
        annexes=(
            Annex(
                "I",
                "Số liệu",
                "",
                (
                    Table(
                        (Column("Nội dung", 3), Column("Kết quả", 1)),
                        (("Cân", (FigureInline("K-1", "1.234"),)), ("Công tơ", (FigureInline("K-2", "0,5", "%"),))),
                    ),
                ),
                landscape=True,
            ),
        ),
        **changes,
    )


PRINTED = render_docx(sample())
ORIGINAL = read_original(PRINTED)


def back(*edits: Any) -> Returned:
    return take_back(ORIGINAL, edited(PRINTED, *edits))


WORDS = st.text(st.sampled_from("aăâ bcđ ệộữ 12.,;“-\u00a0\u0301\n"), max_size=60) | st.text(max_size=20)
NUMBERS = st.from_regex(r"[0-9]{1,3}(\.[0-9]{3})?(,[0-9])?", fullmatch=True)


@st.composite
def documents(draw: st.DrawFn) -> Any:
    """Reports of any wording, some of it free, with figures, notes and tables."""
    inline: st.SearchStrategy[Inline] = st.one_of(
        st.builds(Text, WORDS, bold=st.booleans()),
        st.builds(FigureInline, st.sampled_from(["A", "B.1", "C-2"]), NUMBERS, st.sampled_from(["", "lượt người"])),
        st.builds(Footnote, WORDS),
    )
    inlines = st.lists(inline, max_size=4).map(tuple)
    row = st.tuples(inlines, WORDS) | st.builds(GroupRow, WORDS, WORDS | st.just(""))
    block = st.one_of(
        inlines,
        st.builds(Bullets, st.lists(inlines, max_size=3).map(tuple)),
        st.builds(Table, st.just((Column("a"), Column("b"))), st.lists(row, max_size=3).map(tuple)),
        st.builds(Heading, st.just(1), WORDS),
    )
    drawn: list[Any] = draw(st.lists(block, max_size=6))
    body: list[Block] = [
        Paragraph(b, f"k.{n}" if draw(st.booleans()) else "") if isinstance(b, tuple) else b
        for n, b in enumerate(drawn)
    ]
    return report(body=tuple(body), annexes=())
