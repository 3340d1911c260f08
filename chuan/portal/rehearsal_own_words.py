"""The illustration's words of Sở KH&CN itself: what became of the rows that it leads, and of bullets without a row."""

from typing import Final

from chuan.portal.rehearsal_common import actor
from chuan.reporting.models import Report
from chuan.reporting.own_words import OwnWord
from chuan.reporting.services import drafting

TRIEU: Final = 1_000_000

#: row or bullet; status; words; evidence; planned and spent in triệu đồng, where they are said
TOLD_2025 = """
PL.I.1 | done | Đã đăng 05 tin, bài về đo lường trên trang thông tin của Sở | Danh mục tin, bài năm 2025 | 35 34
PL.I.2 | done | Đã tổ chức 01 hội nghị về đo lường | Giấy mời, danh sách dự hội nghị | 30 27
PL.II.2.3 | under_way | Đã mở lớp và phối hợp mở lớp theo nhu cầu doanh nghiệp | Hồ sơ lớp năm 2025 | 130 125
PL.II.3.2 | done | Đã phối hợp kiểm tra cân tại chợ và phương tiện đo y tế | Biên bản kiểm tra năm 2025 |
PL.II.4.1 | done | Đã khảo sát 10 doanh nghiệp, hướng dẫn xây dựng Chương trình | Phiếu khảo sát năm 2025 | 30 28
II.5.1 | done | Đã hưởng ứng Ngày Đo lường Việt Nam 20/01 | Hình ảnh, tin bài năm 2025 |
"""
TOLD_2026 = """
PL.I.1 | done | Đã đăng 06 tin, bài trên trang thông tin của Sở; lồng ghép phổ biến Kế hoạch tại các lớp tập huấn \
| Danh mục tin, bài năm 2026 | 40 38
PL.I.2 | done | Đã tổ chức 01 hội nghị về đo lường cho các xã, phường | Giấy mời, danh sách dự hội nghị | 30 28
PL.II.1.1 | under_way | Đã rà soát văn bản, cơ chế hỗ trợ doanh nghiệp về đo lường; chưa có nhiệm vụ khoa học \
và công nghệ cấp tỉnh về đo lường được phê duyệt | Báo cáo rà soát năm 2026 |
PL.II.2.1 | under_way | Đã hướng dẫn các tổ chức trên địa bàn duy trì, bổ sung chuẩn theo nhu cầu doanh nghiệp \
| Hồ sơ làm việc năm 2026 |
PL.II.2.2 | done | Đã hướng dẫn tổ chức kiểm định, hiệu chuẩn trên địa bàn duy trì hệ thống quản lý \
| Hồ sơ làm việc năm 2026 |
PL.II.2.3 | under_way | Đã mở lớp và phối hợp mở lớp theo nhu cầu doanh nghiệp; còn một lớp trong tháng 12 \
| Hồ sơ lớp năm 2026 | 150 142
PL.II.2.4 | under_way | Đã hướng dẫn các phòng thí nghiệm được công nhận tự đánh giá theo bộ tiêu chí quốc gia \
| Văn bản hướng dẫn năm 2026 |
PL.II.3.1 | under_way | Đã hiệu chuẩn lại chuẩn đo lường hiện có; chưa mua sắm xe chuyên dụng \
| Giấy chứng nhận hiệu chuẩn năm 2026 | 60 45
PL.II.3.2 | done | Đã phối hợp với Sở Công Thương, Sở Y tế và các xã, phường kiểm tra cân tại chợ, phương tiện đo y tế \
| Biên bản kiểm tra năm 2026 |
PL.II.3.3 | under_way | Đã phổ biến Bộ tiêu chí quốc gia đến các tổ chức kiểm định, hiệu chuẩn, thử nghiệm \
| Văn bản hướng dẫn năm 2026 |
PL.II.4.1 | done | Đã khảo sát 12 doanh nghiệp, hướng dẫn xây dựng Chương trình đảm bảo đo lường \
| Phiếu khảo sát năm 2026 | 35 33
PL.II.4.2 | under_way | Đã hỗ trợ một tổ chức trên địa bàn rà soát hồ sơ theo Bộ tiêu chí quốc gia \
| Hồ sơ rà soát năm 2026 |
PL.II.5.1 | done | Đã kiểm tra tình hình thực hiện Kế hoạch tại 04 đơn vị | Biên bản kiểm tra tháng 10/2026 |
PL.II.5.2 | under_way | Đã đề nghị các đơn vị báo cáo năm 2026 và tổng hợp tại báo cáo này \
| Công văn đề nghị báo cáo năm 2026 |
PL.II.5.3 | not_begun | Chưa tổ chức sơ kết, dự kiến thực hiện trong năm 2027 | |
II.3.4 | done | Đã hiệu chuẩn định kỳ hệ thống chuẩn đo lường, bảo dưỡng phương tiện phục vụ kiểm tra \
| Sổ theo dõi chuẩn đo lường năm 2026 | 25 24
II.4.3 | under_way | Đã giới thiệu giải pháp đo lường tiên tiến cho 03 doanh nghiệp chế biến | Biên bản năm 2026 |
II.5.1 | done | Đã hưởng ứng Ngày Đo lường Việt Nam 20/01, đề nghị khen thưởng 02 tập thể, 03 cá nhân \
| Hồ sơ thi đua, khen thưởng năm 2026 |
IV.3.2 | done | Đã giải đáp vướng mắc của doanh nghiệp về kiểm định phương tiện đo và đo lường hàng đóng gói sẵn \
| Biên bản năm 2026 |
"""


def say(report: Report, told: str) -> None:
    """Keep the words in the draft; each says that it is invented, as the illustration's other words do."""
    own = {}
    for line in told.strip().splitlines():
        code, status, words, evidence, money = (cell.strip() for cell in line.split("|"))
        proof = f"{evidence} (minh họa)" if evidence else ""
        planned, spent = (int(amount) * TRIEU for amount in money.split()) if money else (None, None)
        own[code] = OwnWord(status, f"{words} (minh họa).", planned, spent, proof)
    drafting.say_own_words(actor=actor("chuyenvien"), report=report, version=report.draft_version, own=own)
