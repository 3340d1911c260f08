"""How calls are read and results written: a wrong call is refused in one line, like a wrong file."""

import argparse
import json
from typing import Any, NoReturn

from chuan.metrology.words import Refused, Text

_WRONG_CALL = Text("gọi sai: {why}", "wrong call: {why}")


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses instead of leaving the process."""

    def error(self, message: str) -> NoReturn:
        """Refuse the call with argparse's reason."""
        raise Refused(_WRONG_CALL.put(why=" ".join(message.split())))


def as_json(result: dict[str, Any]) -> str:
    """A result as one JSON document with unrounded numbers."""
    return json.dumps(result, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
