"""The report as a text for a laboratory's file, with room for who ran and who approved it."""

from collections.abc import Iterator, Mapping
from typing import Any

from chuan.metrology.files.showing import shown
from chuan.metrology.words import Language, Text

_TITLE = Text(
    "BÁO CÁO XÁC NHẬN GIÁ TRỊ SỬ DỤNG CỦA PHẦN MỀM TÍNH TOÁN ({requirement})",
    "VALIDATION RECORD OF THE CALCULATION SOFTWARE ({requirement})",
)
_HEAD = Text(
    """Phần mềm              chuan.metrology, phiên bản {kernel}
SHA-256 chương trình  {program_sha256}
SHA-256 các ví dụ     {cases_sha256}
Thời điểm             {made}""",
    """Software              chuan.metrology, version {kernel}
SHA-256 of program    {program_sha256}
SHA-256 of cases      {cases_sha256}
Made                  {made}""",
)
_MACHINE = Text("Máy tính              {machine}", "Machine               {machine}")
_PASSED = Text(
    "KẾT LUẬN: ĐẠT. {cases} ví dụ đã công bố, {values} giá trị, tất cả trong dung sai.",
    "RESULT: PASSED. {cases} published cases, {values} values, all within tolerance.",
)
_FAILED = Text(
    "KẾT LUẬN: KHÔNG ĐẠT. {cases_failed} trong {cases} ví dụ, {values_failed} trong {values} giá trị ngoài dung sai.",
    "RESULT: FAILED. {cases_failed} of {cases} cases, {values_failed} of {values} values out of tolerance.",
)
_EXPLAINED = Text(
    """Mỗi ví dụ được tính lại tại thời điểm trên, trên máy này. "Công bố" là chữ số in trong tài liệu nguồn; dung sai
là nửa đơn vị của chữ số cuối được in, trừ khi ghi khác. [kiểm] = chữ số dẫn lại qua tài liệu khác, chưa đối chiếu bản
gốc ({second_hand} ví dụ). Bộ tính thứ hai là chương trình viết riêng, 50 chữ số; mọi số phải khớp trong 10⁻¹⁰.""",
    """Each case was computed at the time above, on this machine. "Published" are the digits that the source prints; the
tolerance is half a unit of the last printed digit unless stated. [check] = digits quoted second-hand, not yet compared
with the original ({second_hand} cases). The second kernel is a program written separately, with 50 digits; every number
must agree to 10⁻¹⁰.""",
)
_CASE = Text(
    "{mark}  {case}{flag}\n      {source}\n      {clause}", "{mark}  {case}{flag}\n      {source}\n      {clause}"
)
_MARKS = {True: Text("ĐẠT      ", "PASSED"), False: Text("KHÔNG ĐẠT", "FAILED")}
_FLAG = Text(" [kiểm]", " [check]")
_COLUMNS = Text(
    "công bố {expected} | tính được {got} | dung sai {tolerance}",
    "published {expected} | got {got} | tolerance {tolerance}",
)
_SECOND = Text(
    "bộ tính thứ hai: {compared} số, lệch nhiều nhất {largest_difference:.0e}",
    "second kernel: {compared} numbers, largest difference {largest_difference:.0e}",
)
_REFUSED = Text("bị từ chối: {vi}", "refused: {en}")
_SIGNED = Text(
    "Người thực hiện: ____________________    Người phê duyệt: ____________________    Ngày: ____________",
    "Carried out by: ____________________    Approved by: ____________________    Date: ____________",
)
_COUNTS = Text("{cases} ví dụ, {values} giá trị, {failed} không đạt", "{cases} cases, {values} values, {failed} failed")
#: What each kind of file is called in a laboratory, in the record's order.
_FIELDS = {
    "uncertainty": Text("Độ không đảm bảo đo", "Measurement uncertainty"),
    "conformity": Text("Đánh giá sự phù hợp, rủi ro", "Conformity and risk"),
    "line": Text("Đường hiệu chuẩn", "Calibration lines"),
    "interval": Text("Chu kỳ hiệu chuẩn", "Calibration intervals"),
    "comparison": Text("So sánh liên phòng, thử nghiệm thành thạo", "Interlaboratory comparison, proficiency testing"),
    "control-chart": Text("Biểu đồ kiểm soát, chuẩn kiểm tra", "Control charts, check standards"),
    "gauge-study": Text("Phân tích hệ thống đo", "Gauge studies"),
    "sampling": Text("Hàng đóng gói sẵn, lấy mẫu", "Prepackages, sampling"),
    "mass-design": Text("Sơ đồ cân", "Weighing designs"),
}
_DIGITS = 10
#: A list of more characters than this is shown by its length.
_LONGEST = 60


def as_text(report: Mapping[str, Any], language: Language) -> str:
    """The whole report as text."""
    counts = report["counts"]
    machine = f"\n{' ' * 22}".join(f"{name}: {value}" for name, value in report["machine"].items())
    parts = [
        _TITLE.put(requirement=report["requirement"]).say(language),
        _HEAD.put(**{key: report[key] for key in ("kernel", "program_sha256", "cases_sha256", "made")}).say(language)
        + "\n"
        + _MACHINE.put(machine=machine).say(language),
        summary(report, language),
        _EXPLAINED.put(**counts).say(language),
        "\n".join(_overview(report, language)),
        *(part for kind in _FIELDS for part in _field(report, kind, language)),
        _SIGNED.say(language),
    ]
    return "\n\n".join(parts) + "\n"


def summary(report: Mapping[str, Any], language: Language) -> str:
    """The conclusion in one line."""
    return (_PASSED if report["passed"] else _FAILED).put(**report["counts"]).say(language)


def _overview(report: Mapping[str, Any], language: Language) -> Iterator[str]:
    """One line for each field."""
    width = max(len(field.say(language)) for field in _FIELDS.values())
    for kind, field in _FIELDS.items():
        cases = [case for case in report["cases"] if case["kind"] == kind]
        if cases:
            failed = sum(not case["passed"] for case in cases)
            mark = _MARKS[not failed].say(language)
            counts = _COUNTS.put(cases=len(cases), values=sum(len(case["values"]) for case in cases), failed=failed)
            yield f"{mark}  {field.say(language):<{width}}  {counts.say(language)}"


def _field(report: Mapping[str, Any], kind: str, language: Language) -> list[str]:
    """The cases of one field under its heading."""
    cases = ["\n".join(_case(case, language)) for case in report["cases"] if case["kind"] == kind]
    return [f"── {_FIELDS[kind].say(language)} ──", *cases] if cases else []


def _case(case: Mapping[str, Any], language: Language) -> Iterator[str]:
    yield _CASE.put(
        mark=_MARKS[case["passed"]].say(language),
        case=case["case"],
        flag=_FLAG.say(language) if case["second_hand"] else "",
        source=case["source"],
        clause=case["clause"],
    ).say(language)
    width = max((len(value["key"]) for value in case["values"]), default=0)
    for value in case["values"]:
        columns = _COLUMNS.put(
            expected=_shown(value["expected"], language),
            got=_shown(value["got"], language),
            tolerance=_shown(value["tolerance"], language),
        )
        sign = "✓" if value["passed"] else "✗"
        yield f"    {sign} {value['key']:<{width}}  {columns.say(language)}"
    if case["second_kernel"] is not None:
        sign = "✓" if case["second_kernel"]["passed"] else "✗"
        yield f"    {sign} {_SECOND.put(**case['second_kernel']).say(language)}"
    if case["refusal"] is not None:
        yield f"    ✗ {_REFUSED.put(**case['refusal']).say(language)}"


def _shown(value: object, language: Language) -> str:
    """A value for people: ten digits of a number in the reader's form, lists as far as they fit."""
    if isinstance(value, (list, tuple)):
        text = f"[{'; '.join(_shown(item, language) for item in value)}]"
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return shown(value if isinstance(value, (int, float)) or value is None else str(value), language, _DIGITS)
