"""A report as an office would write it. The figures and names are made up for the tests and mean nothing."""

import dataclasses
from datetime import date

from chuan.rendering.blocks import (
    Annex,
    Bullets,
    Column,
    Drawing,
    FigureInline,
    Footnote,
    GroupRow,
    Heading,
    OfficialDocument,
    Paragraph,
    QrBlock,
    Signature,
    Table,
    Text,
    filed,
)

HOSTILE = (
    '#import "@preview/x:1.0.0" $x^2$ *đậm* _nghiêng_ = Đề mục <img src=x onerror=alert(1)> `mã` @nhãn \\u{41} // hết'
)
DASHES = "- gạch đầu dòng"
LONG_NAME = (
    "Công ty Trách nhiệm hữu hạn Một thành viên Sản xuất Thương mại Dịch vụ Xuất nhập khẩu và Kiểm định Đo lường "
    "Phương Đông"
)

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 60"><rect x="80" y="20" width="300" height="20" '
    'fill="#e5e7eb"/><rect x="80" y="20" width="180" height="20" fill="#2563eb"/>'
    '<text x="0" y="36" font-family="Tinos" font-size="16">Tổ chức</text></svg>'
)

WIDE = Table(
    caption="Bảng 1. Nhiệm vụ thực hiện trong năm",
    columns=(
        Column("TT", 0.5, "center"),
        Column("Nội dung nhiệm vụ", 4),
        Column("Cơ quan chủ trì", 2.5),
        Column("Kinh phí\n(triệu đồng)", 1.3, "right"),
        Column("Kết quả", 3),
    ),
    rows=(
        GroupRow("I. Tuyên truyền, phổ biến"),
        *(
            (
                str(n),
                f"Nhiệm vụ mẫu số {n}: tổ chức lớp đào tạo, hướng dẫn doanh nghiệp về đảm bảo đo lường trong sản xuất",
                "Sở Khoa học và Công nghệ",
                (FigureInline(f"KP-{n:02d}", f"{n * 12},5"),),
                "Đã hoàn thành theo kế hoạch; hồ sơ lưu tại đơn vị chủ trì",
            )
            for n in range(1, 19)
        ),
    ),
)


def report(**changes: object) -> OfficialDocument:
    """The sample report, with any field changed."""
    lead = (
        "Thực hiện Kế hoạch của Ủy ban nhân dân tỉnh về tăng cường, đổi mới hoạt động đo lường hỗ trợ doanh nghiệp "
        "nâng cao năng lực cạnh tranh và hội nhập quốc tế trên địa bàn tỉnh, Sở Khoa học và Công nghệ báo cáo kết "
        "quả như sau:"
    )
    sample = OfficialDocument(
        parent_body="Ủy ban nhân dân tỉnh Tây Ninh",
        issuer="Sở Khoa học và Công nghệ",
        number="5",
        symbol="BC-SKHCN",
        place="Tây Ninh",
        date=date(2026, 12, 5),
        year=2026,
        kind="BÁO CÁO",
        subject="Kết quả thực hiện Kế hoạch tăng cường, đổi mới hoạt động đo lường hỗ trợ doanh nghiệp năm 2026",
        addressees=("Ủy ban nhân dân tỉnh Tây Ninh",),
        body=(
            Paragraph((Text(lead),)),
            Heading(1, "I. TÌNH HÌNH TRIỂN KHAI"),
            Heading(2, "1. Công tác tuyên truyền, đào tạo"),
            Paragraph(
                (
                    Text("Trong kỳ, Sở đã tổ chức "),
                    FigureInline("DT-01", "03", "lớp"),
                    Text(", "),
                    FigureInline("DT-02", "112", "lượt người"),
                    Text(", "),
                    FigureInline("DT-03", "87", "người", bold=True),
                    Text(" tham dự. Chỉ tiêu được hiểu theo hai cách"),
                    Footnote(
                        "Văn bản mẫu A ghi 10 đơn vị; văn bản mẫu B ghi 15 đơn vị. Sở báo cáo theo cả hai cách hiểu."
                    ),
                    Text(" và được trình bày đủ trong Phụ lục; "),
                    Text("số liệu tạm tính đến hết ngày 30/11/2026", italic=True),
                    Text("."),
                )
            ),
            Heading(2, "2. Phát triển nguồn lực"),
            Bullets(
                (
                    (
                        Text(
                            "Chuẩn đo lường của tỉnh được hiệu chuẩn đúng hạn, có dẫn xuất đến chuẩn quốc gia và được "
                            "lưu trong sổ theo dõi chung của đơn vị sự nghiệp;"
                        ),
                    ),
                    (Text("Đội ngũ kiểm định viên: "), FigureInline("NL-01", "14", "người"), Text(";")),
                    (Text("Tổ chức kiểm định được chỉ định."),),
                )
            ),
            Table(
                caption="Bảng A. Kết quả theo chỉ tiêu",
                columns=(
                    Column("Chỉ tiêu", 3),
                    Column("Kế hoạch", 1, "right"),
                    Column("Thực hiện", 1, "right"),
                ),
                rows=(
                    ("Doanh nghiệp tham gia chương trình", "4", (FigureInline("CT-01", "3"),)),
                    (LONG_NAME, "1.000", (FigureInline("CT-02", "1.234,5", "m³/h"),)),
                ),
            ),
            Drawing(SVG, "Biểu đồ thanh: thực hiện 60 % kế hoạch.", 0.7),
            Heading(3, "a) Khó khăn, vướng mắc"),
            Paragraph((Text("Kinh phí cấp muộn; một số đơn vị chưa cử người tham dự lớp đào tạo. " * 3),)),
            Heading(1, "II. KIẾN NGHỊ"),
            Paragraph(
                (
                    Text(
                        "Kính đề nghị Ủy ban nhân dân tỉnh xem xét, chỉ đạo các cơ quan liên quan phối hợp thực hiện. "
                        * 5
                    ),
                )
            ),
            QrBlock("https://do-luong.example.vn/k/8f3a2c", "Quét mã để đối chiếu số liệu của báo cáo này."),
            Paragraph((Text("Trên đây là báo cáo của Sở Khoa học và Công nghệ, kính trình Ủy ban nhân dân tỉnh./."),)),
        ),
        signature=Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Văn Mẫu"),
        recipients=(
            "Như trên",
            "Ủy ban Tiêu chuẩn Đo lường Chất lượng Quốc gia (để báo cáo)",
            "GĐ, các PGĐ Sở",
            filed("TĐC"),
        ),
        annexes=(
            Annex(
                "I",
                "Kết quả thực hiện nhiệm vụ",
                "(Kèm theo Báo cáo số 05/BC-SKHCN ngày 05/12/2026 của Sở Khoa học và Công nghệ)",
                (WIDE,),
                True,
            ),
            Annex(
                "II",
                "Giải thích cách tính",
                "(Kèm theo Báo cáo số 05/BC-SKHCN ngày 05/12/2026 của Sở Khoa học và Công nghệ)",
                (Heading(1, "1. Nguồn số liệu"), Paragraph((Text("Số liệu lấy từ hồ sơ của đơn vị."),))),
            ),
        ),
        banner="DỮ LIỆU MINH HỌA",
        footer="SHA-256 8f3a2c91d0be · số liệu chốt 30/11/2026",
    )
    return dataclasses.replace(sample, **changes)  # type: ignore[arg-type]
