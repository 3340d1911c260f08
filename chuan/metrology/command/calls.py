"""How calls are read: a wrong one is refused in one line, like a wrong file."""

import argparse
from typing import NoReturn

from chuan.metrology.words import Refused, Text

_WRONG_CALL = Text("gọi sai: {why}", "wrong call: {why}")


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses instead of leaving the process."""

    def error(self, message: str) -> NoReturn:
        """Refuse the call with argparse's reason."""
        raise Refused(_WRONG_CALL.put(why=" ".join(message.split())))
