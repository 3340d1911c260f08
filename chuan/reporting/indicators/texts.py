"""The words of indicators and reasons: changing one changes no definition."""

from typing import Any

from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Any] = {
    "CT2": _("Số người được đào tạo, bồi dưỡng về đo lường"),
    "CT2-L": _("Số lượt người được đào tạo, bồi dưỡng về đo lường"),
}

SENTENCES: dict[str, Any] = {
    "CT2": _(
        "Số người (không trùng) đã hoàn thành với tư cách học viên ít nhất một lớp về đo lường kết thúc trong kỳ, "
        "tổ chức trên địa bàn và công tác tại đơn vị trên địa bàn lúc đó."
    ),
    "CT2-L": _(
        "Số lượt tham dự đã hoàn thành các lớp về đo lường kết thúc trong kỳ, trên địa bàn; "
        "số khai gộp không có danh sách chỉ được tính ở đây."
    ),
}

#: In the fixed order in which a row's reasons are listed.
REASONS: dict[str, Any] = {
    "course_voided": _("lớp đã bị huỷ"),
    "not_a_course": _("không phải lớp đào tạo (hội nghị, tuyên truyền)"),
    "not_metrology": _("không phải nội dung đo lường"),
    "not_learner": _("không phải học viên (giảng viên, ban tổ chức)"),
    "not_completed": _("chưa hoàn thành lớp học"),
    "before_window": _("kết thúc trước kỳ tính"),
    "after_window": _("kết thúc sau kỳ tính"),
    "place_unknown": _("không rõ địa điểm trong hay ngoài địa bàn"),
    "place_outside": _("tổ chức ngoài địa bàn"),
    "employer_unknown": _("chưa rõ đơn vị công tác"),
    "employer_outside": _("đơn vị công tác ngoài địa bàn"),
    "no_name": _("không có họ tên (số khai gộp)"),
    "has_list": _("lớp đã có danh sách học viên"),
    "line_voided": _("dòng này đã bị huỷ"),
    "duplicate": _("người này đã tính ở bản ghi khác"),
}
