"""`chuan metrology audit`: what a file's way from readings to verdict achieves beside what it claims."""

import argparse
import sys
from collections.abc import Sequence

from chuan.metrology.command.calls import Parser, as_json, number
from chuan.metrology.coverage_audit import AuditOptions, run, table
from chuan.metrology.files.reading import load
from chuan.metrology.words import Language, Refused, Text

_USAGE = Text(
    """chuan metrology audit TỆP.toml [--repetitions N] [--seed S] [--json] [--lang vi|en]
                            [--lower A] [--upper B] [--measurand KÝ_HIỆU]
                            [--guard-factor R] [--prior-mean M --prior-sd S]

Đi lại nhiều lần cả đoạn đường từ số đọc đến kết luận, xuất phát từ giá trị thật đã biết: số đọc tản mát và được làm
tròn theo vạch chia, trung bình và s/√n lấy từ chúng, U = k·u tính lại và làm tròn như tệp yêu cầu. In xác suất phủ đạt
được bên cạnh xác suất tệp nêu; có giới hạn thì in cả rủi ro chấp nhận sai. Tệp kind = "conformity": xác suất chấp nhận
tại giới hạn và các rủi ro, với giá trị đo được hiển thị theo bước của nó. Tệp kind = "line": các khoảng 95 % của hệ số,
giá trị và x suy ngược, với đường thẳng được khớp lại từ các điểm mới. Hai loại này không dùng các tùy chọn ở dòng 2, 3.

Mã thoát: 0 đã kiểm tra; 2 tệp hoặc lệnh sai.
""",
    """chuan metrology audit FILE.toml [--repetitions N] [--seed S] [--json] [--lang vi|en]
                            [--lower A] [--upper B] [--measurand SYMBOL]
                            [--guard-factor R] [--prior-mean M --prior-sd S]

Go the whole way from readings to verdict many times from a known truth: readings scatter and are shown in steps of the
indication, mean and s/√n are taken from them, U = k·u is formed anew and rounded as the file asks. Prints the coverage
that was achieved beside the one claimed; with limits also the risk of accepting falsely. Of kind = "conformity":
acceptance at the limits and the risks, with the measured value shown in its steps. Of kind = "line": the 95 % intervals
of parameters, values and inversions, with the line fitted anew to new points. These two take no option of lines 2, 3.

Exit status: 0 audited; 2 the file or the call is wrong.
""",
)
_NO_FILE = Text(
    "chuan metrology audit TỆP.toml: thiếu tên tệp", "chuan metrology audit FILE.toml: the file's name is missing"
)


def main(arguments: Sequence[str], language: Language) -> int:
    """Audit one file."""
    asked = _parser().parse_args(list(arguments))
    if asked.help:
        sys.stdout.write(_USAGE.say(language))
        return 0
    if asked.file is None:
        raise Refused(_NO_FILE)
    options = AuditOptions(
        repetitions=asked.repetitions,
        seed=asked.seed,
        measurand=asked.measurand,
        lower=_optional(asked.lower, "--lower"),
        upper=_optional(asked.upper, "--upper"),
        guard_factor=_optional(asked.guard_factor, "--guard-factor"),
        prior_mean=_optional(asked.prior_mean, "--prior-mean"),
        prior_sd=_optional(asked.prior_sd, "--prior-sd"),
    )
    try:
        found = run(load(asked.file), options)
    except Refused as refused:
        raise refused.of_file(asked.file) from None
    sys.stdout.write(as_json(found) if asked.json else table(found, language).rstrip("\n") + "\n")
    return 0


def _optional(text: str | None, option: str) -> float | None:
    return None if text is None else number(text, option)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="chuan metrology audit", add_help=False, allow_abbrev=False)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repetitions", type=int, default=AuditOptions.repetitions)
    parser.add_argument("--seed", type=int, default=AuditOptions.seed)
    parser.add_argument("--measurand")
    for name in ("--lower", "--upper", "--prior-mean", "--prior-sd", "--guard-factor"):
        parser.add_argument(name)
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("-h", "--help", action="store_true")
    return parser
