"""One line a log record: text from a request cannot start a second one."""

import logging

#: Control characters (line breaks, terminal escapes) and Unicode's own line breaks.
_UNSAFE = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
_UNSAFE |= {ord("\r"): "\\r", ord("\n"): "\\n", 0x2028: "\\u2028", 0x2029: "\\u2029"}


class OneLine(logging.Formatter):
    """Time, level, logger, message with its control characters escaped; a traceback's lines are indented."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        line = f"{stamp} {record.levelname} {record.name} {record.getMessage()}".translate(_UNSAFE)
        if record.exc_info:
            lines = self.formatException(record.exc_info).split("\n")
            line += "".join(f"\n    {text.translate(_UNSAFE)}" for text in lines)
        return line
