"""How calls are read and results written: a wrong call is refused in one line, like a wrong file."""

import argparse
import json
import math
import re
from typing import Any, NoReturn

from chuan.metrology.words import Refused, Text

_WRONG_CALL = Text("gọi sai: {why}", "wrong call: {why}")
_NUMBER = Text(
    "{option} phải là một số hữu hạn, dấu chấm thập phân (8.5); đang là {found}",
    "{option} must be a finite number with a decimal point (8.5); found {found}",
)
#: What argparse says, and the same in Vietnamese.
_REASONS: tuple[tuple[str, str], ...] = (
    (r"argument (?P<option>\S+): invalid int value: (?P<found>.*)", "{option} phải là số nguyên, đang là {found}"),
    (
        r"argument (?P<option>\S+): invalid choice: (?P<found>.*) \(choose from (?P<allowed>.*)\)",
        "{option} không nhận {found}; được phép: {allowed}",
    ),
    (r"argument (?P<option>\S+): expected one argument", "{option} thiếu giá trị"),
    (r"argument (?P<option>\S+): ignored explicit argument (?P<found>.*)", "{option} không nhận giá trị {found}"),
    (r"unrecognized arguments: (?P<found>.*)", "không có tùy chọn hoặc thừa: {found}"),
)


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses instead of leaving the process."""

    def error(self, message: str) -> NoReturn:
        """Refuse the call with argparse's reason."""
        raise Refused(_WRONG_CALL.put(why=_reason(" ".join(message.split()))))


def _reason(message: str) -> Text:
    """argparse's reason in both languages; one that no call here can give stays as it is."""
    for pattern, vietnamese in _REASONS:
        found = re.fullmatch(pattern, message)
        if found:
            return Text(vietnamese.format(**found.groupdict()), message)
    return Text(message, message)


def number(text: str, option: str) -> float:
    """A number of the command line; a comma is refused, for `1.234,5` may mean two things."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise Refused(_NUMBER.put(option=option, found=text[:40]))
    return found


def as_json(result: dict[str, Any]) -> str:
    """A result as one JSON document with unrounded numbers."""
    return json.dumps(result, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
