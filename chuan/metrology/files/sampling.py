"""`kind = "sampling"`: a lot of prepackages judged by a sample (OIML R 87; Directive 76/211/EEC)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

from chuan.metrology.files import Options
from chuan.metrology.files.reading import Table
from chuan.metrology.files.showing import lines
from chuan.metrology.sampling import Scheme, inspect_lot
from chuan.metrology.sampling.tables import DESTRUCTIVE, SAMPLES
from chuan.metrology.words import Language, Text

_KEYS = ("kind", "title", "scheme", "nominal", "unit", "net", "lot", "destructive")

_VERDICTS = {
    "accepted": Text("chấp nhận lô", "lot accepted"),
    "rejected": Text("không chấp nhận lô", "lot rejected"),
    "second_sample": Text("cần kiểm tra thêm gói", "more packages to be examined"),
}
_LABELS = {
    "verdict": Text("kết luận", "verdict"),
    "sample_size_required": Text("cỡ mẫu phải lấy", "sample size required"),
    "n": Text("số gói đã kiểm tra", "packages examined"),
    "mean": Text("trung bình", "mean"),
    "sd": Text("độ lệch chuẩn", "standard deviation"),
    "correction_factor": Text("hệ số hiệu chính k", "correction factor k"),
    "mean_limit": Text("trung bình nhỏ nhất Qn − k·s", "least mean Qn − k·s"),
    "average_test": Text("trung bình đạt", "mean passes"),
    "tolerable_deficiency": Text("lượng thiếu cho phép T", "tolerable deficiency T"),
    "t1_count": Text("số gói thiếu quá T", "packages short by more than T"),
    "t1_allowed": Text("số gói được phép", "number allowed"),
    "t2_count": Text("số gói thiếu quá 2T (phải bằng 0)", "packages short by more than 2T (must be 0)"),
}
_DESTROYED = Text(
    "{scheme} không có phương án riêng cho phép thử phá hủy (áp dụng chung phương án); bỏ khóa này, hoặc dùng {known}",
    "{scheme} has no plan of its own for tests that destroy the package; leave the key out, or use {known}",
)
_COMPARE = Text(
    "Bảng kích thước mẫu và lượng thiếu cho phép: đối chiếu với văn bản đang có hiệu lực trước khi kết luận.",
    "Sample sizes and tolerable deficiencies: compare them with the regulation in force before concluding.",
)


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The contract's keys of a sampling file."""
    table = Table(document, "", _KEYS)
    scheme = cast("Scheme", table.choice("scheme", tuple(SAMPLES)))
    destructive = table.boolean("destructive", False)
    if destructive and scheme not in DESTRUCTIVE:
        known = ", ".join(f'scheme = "{name}"' for name in DESTRUCTIVE)
        raise table.refuse("destructive", _DESTROYED.put(scheme=scheme, known=known))
    result = inspect_lot(
        scheme,
        table.number("nominal", above=0),
        table.text("unit"),
        table.numbers("net", least=2),
        table.whole("lot", at_least=2),
        destructive=destructive,
    )
    return asdict(result)


def table(result: Mapping[str, Any], language: Language) -> str:
    """Verdict, the test of the mean, the counts, and what remains to be compared with the law."""
    pairs = [
        (label, _VERDICTS[result[key]].say(language) if key == "verdict" else result[key])
        for key, label in _LABELS.items()
    ]
    return f"{lines(pairs, language)}\n\n{_COMPARE.say(language)}"
