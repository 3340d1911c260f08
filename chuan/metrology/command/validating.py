"""`chuan metrology validate`: the validation record for a laboratory's file."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from chuan.metrology.command.calls import Parser
from chuan.metrology.validation_report import as_text, run
from chuan.metrology.validation_report.text import summary
from chuan.metrology.words import Language, Refused, Text, cause_of

_USAGE = Text(
    """chuan metrology validate [--json RA] [--text RA] [--lang vi|en]

Tính lại mọi ví dụ đã công bố trên máy này và lập hồ sơ xác nhận phần mềm theo ISO/IEC 17025 7.11.2: phiên bản, máy
tính, từng giá trị công bố, giá trị tính được và dung sai. Không có --json hoặc --text thì in ra màn hình.

Mã thoát: 0 tất cả đạt; 1 có ví dụ không đạt; 2 lệnh sai hoặc không ghi được.
""",
    """chuan metrology validate [--json OUT] [--text OUT] [--lang vi|en]

Compute every published case on this machine and record the validation of the software for ISO/IEC 17025 7.11.2:
version, machine, each published value, the value got and the tolerance. Without --json or --text it is printed.

Exit status: 0 all passed; 1 some case failed; 2 the call is wrong or a file cannot be written.
""",
)
_CANNOT_WRITE = Text("không ghi được: {why}", "cannot be written: {why}")


def main(arguments: Sequence[str], language: Language) -> int:
    """Run every case: 0 all passed, 1 some failed."""
    asked = _parser().parse_args(list(arguments))
    if asked.help:
        sys.stdout.write(_USAGE.say(language))
        return 0
    found = run(datetime.now(UTC))
    if asked.json is not None:
        _write(asked.json, json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1) + "\n")
    if asked.text is not None:
        _write(asked.text, as_text(found, language))
    printed = asked.json is None and asked.text is None
    sys.stdout.write(as_text(found, language) if printed else summary(found, language) + "\n")
    return 0 if found["passed"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="chuan metrology validate", add_help=False, allow_abbrev=False)
    parser.add_argument("--json")
    parser.add_argument("--text")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("-h", "--help", action="store_true")
    return parser


def _write(path: str, content: str) -> None:
    try:
        Path(path).write_text(content, encoding="utf-8")
    except OSError as error:
        raise Refused(_CANNOT_WRITE.put(why=cause_of(error)), path) from None
