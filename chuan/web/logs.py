"""One line a log record: text from a request cannot start a second one."""

import logging

_UNSAFE = {ord("\r"): "\\r", ord("\n"): "\\n", 0x2028: "\\u2028", 0x2029: "\\u2029", 0x85: "\\x85"}


class OneLine(logging.Formatter):
    """Time, level, logger, message; line breaks in the message are escaped, a traceback keeps its own lines."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        line = f"{stamp} {record.levelname} {record.name} {record.getMessage()}".translate(_UNSAFE)
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line
