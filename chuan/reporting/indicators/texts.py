"""The words of indicators and reasons: changing one changes no definition."""

from typing import Any

from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Any] = {
    "CT1a": _("Số loại chuẩn đo lường, phương tiện đo kiểm định, hiệu chuẩn được"),
    "CT1b": _("Số loại chuẩn đo lường, chất chuẩn, phương tiện đo được phát triển"),
    "CT2": _("Số người được đào tạo, bồi dưỡng về đo lường"),
    "CT2-L": _("Số lượt người được đào tạo, bồi dưỡng về đo lường"),
    "CT3": _("Số doanh nghiệp có Chương trình đảm bảo đo lường"),
    "CT4": _("Số phòng thí nghiệm được công nhận đã áp dụng bộ tiêu chí quốc gia"),
    "CT5": _("Số tổ chức kinh doanh dịch vụ kiểm định, hiệu chuẩn, thử nghiệm được nâng cao năng lực"),
}

SENTENCES: dict[str, Any] = {
    "CT1a": _(
        "Số loại (không trùng) mà tại ngày tính có ít nhất một tổ chức trên địa bàn đang kiểm định hoặc hiệu chuẩn, "
        "theo quyết định chỉ định (kiểm định nhóm 2) hoặc giấy chứng nhận đăng ký (trường hợp khác) còn hiệu lực."
    ),
    "CT1b": _(
        "Số loại chuẩn, chất chuẩn, phương tiện đo (không trùng) lần đầu có trên địa bàn trong kỳ; "
        "về sau không còn cũng không bị trừ."
    ),
    "CT2": _(
        "Số người (không trùng) đã hoàn thành với tư cách học viên ít nhất một lớp về đo lường kết thúc trong kỳ, "
        "tổ chức trên địa bàn và công tác tại đơn vị trên địa bàn lúc đó."
    ),
    "CT2-L": _(
        "Số lượt tham dự đã hoàn thành các lớp về đo lường kết thúc trong kỳ, trên địa bàn; "
        "số khai gộp không có danh sách chỉ được tính ở đây."
    ),
    "CT3": _(
        "Số doanh nghiệp (không trùng) trên địa bàn có Chương trình đảm bảo đo lường được người đứng đầu doanh nghiệp "
        "phê duyệt trong kỳ, thời hạn từ một năm trở lên; gia hạn không tính thêm."
    ),
    "CT4": _(
        "Số phòng thí nghiệm (không trùng) trên địa bàn được đánh giá theo bộ tiêu chí đã phê duyệt, kết luận bằng "
        "văn bản trong kỳ, và hôm đó được công nhận ISO/IEC 17025 ở lĩnh vực đo lường; kết quả nào cũng tính."
    ),
    "CT5": _(
        "Số tổ chức kinh doanh dịch vụ kiểm định, hiệu chuẩn, thử nghiệm trên địa bàn tại ngày tính đang được đăng ký "
        "và có công nhận ISO/IEC 17025 hoặc chứng nhận hệ thống quản lý còn hiệu lực."
    ),
}

#: What is told beside a figure and never added to it; a number stands before each.
COMPANIONS: dict[str, Any] = {
    "courses": _("lớp có người được tính"),
    "before_plan": _("loại trong số đó đã có trước ngày ban hành Kế hoạch"),
    "in_force": _("doanh nghiệp có chương trình đang trong thời hạn"),
    "cooperatives": _("hợp tác xã, được tính theo văn bản của Sở KH&CN"),
    "result_met": _("phòng thí nghiệm có kết quả: đáp ứng"),
    "result_partly": _("phòng thí nghiệm có kết quả: đáp ứng một phần"),
    "result_not_met": _("phòng thí nghiệm có kết quả: chưa đáp ứng"),
    "result_not_applicable": _("phòng thí nghiệm có kết quả: không áp dụng"),
    "raised": _("tổ chức lần đầu được chứng nhận, hoặc mở rộng phạm vi, sau ngày ban hành Kế hoạch"),
}

#: Kinds of members of which a target wants some; a number stands before each.
PARTS: dict[str, Any] = {
    "state": _("có vốn nhà nước"),
    "private": _("tư nhân trong nước"),
    "unknown": _("chưa rõ sở hữu"),
}

#: In the fixed order in which a row's reasons are listed.
REASONS: dict[str, Any] = {
    "course_voided": _("lớp đã bị hủy"),
    "kind_voided": _("loại này đã bị hủy khỏi danh mục"),
    "kind_not_leaf": _("là tên nhóm, còn chia thành các loại nhỏ hơn"),
    "not_standard_or_instrument": _("là chất chuẩn, không phải chuẩn đo lường hay phương tiện đo"),
    "testing_only": _("chỉ thử nghiệm, không kiểm định hay hiệu chuẩn"),
    "laboratory_voided": _("phòng thí nghiệm đã bị hủy khỏi sổ"),
    "household": _("là hộ kinh doanh"),
    "cooperative_undecided": _("là hợp tác xã, chưa có văn bản cho tính"),
    "not_approved": _("chưa được phê duyệt"),
    "not_by_head": _("không phải, hoặc chưa rõ, do người đứng đầu doanh nghiệp phê duyệt"),
    "term_short": _("thời hạn dưới một năm"),
    "cancelled_before_term": _("bị hủy trước khi thời hạn bắt đầu"),
    "not_a_course": _("không phải lớp đào tạo (hội nghị, tuyên truyền)"),
    "not_metrology": _("không phải nội dung đo lường"),
    "not_learner": _("không phải học viên (giảng viên, ban tổ chức)"),
    "not_completed": _("chưa hoàn thành lớp học"),
    "unit_gone": _("tổ chức không còn tại ngày tính"),
    "unit_outside": _("tổ chức ngoài địa bàn"),
    "not_registered": _("không có giấy chứng nhận đăng ký còn hiệu lực"),
    "no_certificate": _("chưa có công nhận hoặc chứng nhận được chấp nhận"),
    "certificate_not_valid": _("công nhận, chứng nhận không còn hiệu lực tại ngày tính"),
    "not_concluded": _("chưa kết luận bằng văn bản"),
    "self_assessment": _("tự đánh giá, Sở KH&CN chưa xác nhận"),
    "criteria_not_approved": _("bộ tiêu chí chưa được phê duyệt lúc kết luận"),
    "site_unknown": _("không rõ địa điểm phòng thí nghiệm trong hay ngoài địa bàn"),
    "site_outside": _("phòng thí nghiệm ngoài địa bàn"),
    "not_accredited": _("không được công nhận ISO/IEC 17025 vào ngày kết luận"),
    "no_measurement_line": _("công nhận không có lĩnh vực đo lường (chỉ hóa, sinh)"),
    "not_first": _("loại này đã có trên địa bàn từ trước"),
    "before_plan": _("phê duyệt từ ngày ban hành Kế hoạch trở về trước"),
    "before_window": _("trước kỳ tính"),
    "after_window": _("sau kỳ tính"),
    "place_unknown": _("không rõ địa điểm trong hay ngoài địa bàn"),
    "place_outside": _("địa điểm ngoài địa bàn"),
    "line_not_active": _("đang tạm dừng hoặc đã thôi"),
    "line_not_begun": _("chưa thực hiện tại ngày tính"),
    "line_ended": _("đã hết hạn tại ngày tính"),
    "not_covered": _("không ghi giấy đăng ký hay quyết định chỉ định nào"),
    "wrong_recognition": _("giấy không đúng loại: kiểm định nhóm 2 cần chỉ định, trường hợp khác cần đăng ký"),
    "recognition_not_valid": _("giấy đăng ký, chỉ định không có hiệu lực tại ngày tính"),
    "recognition_stopped": _("giấy đăng ký, chỉ định đang bị đình chỉ hoặc đã bị thu hồi"),
    "employer_unknown": _("chưa rõ đơn vị công tác"),
    "employer_outside": _("đơn vị công tác ngoài địa bàn"),
    "no_name": _("không có họ tên (số khai gộp)"),
    "has_list": _("lớp đã có danh sách học viên"),
    "same_course": _("trùng với lớp do đơn vị khác ghi"),
    "line_voided": _("bản ghi này đã bị hủy"),
    "duplicate": _("đã tính ở bản ghi khác"),
}
