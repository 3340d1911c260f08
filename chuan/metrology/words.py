"""What this package says to people, in Vietnamese and English side by side, and what it refuses.

The package imports no Django, so it has no catalogues: each text stands where it is used, in both languages.
"""

import errno
from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]
_LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True)
class Text:
    """One text in both languages, with `{name}` where a value is put in."""

    vi: str
    en: str

    def put(self, **values: object) -> "Text":
        """The text with its values; one that is a text itself stands in each language."""
        vi, en = (
            {name: value.say(language) if isinstance(value, Text) else value for name, value in values.items()}
            for language in _LANGUAGES
        )
        return Text(self.vi.format(**vi), self.en.format(**en))

    def say(self, language: Language) -> str:
        """The text in one language."""
        return self.vi if language == "vi" else self.en


_OS_REASONS = {
    errno.EISDIR: Text("đó là một thư mục", "it is a directory"),
    errno.ENOTDIR: Text("có phần trong đường dẫn không phải thư mục", "a part of the path is no directory"),
    errno.ENOENT: Text("không có thư mục hoặc tệp này", "there is no such directory or file"),
    errno.EACCES: Text("không có quyền", "permission denied"),
    errno.EPERM: Text("không được phép", "not permitted"),
    errno.EROFS: Text("ổ đĩa chỉ cho đọc", "the file system is read-only"),
    errno.ENOSPC: Text("ổ đĩa đã đầy", "no space is left on the device"),
    errno.ENAMETOOLONG: Text("tên tệp quá dài", "the file's name is too long"),
    errno.EIO: Text("ổ đĩa đọc ghi bị lỗi", "the device failed to read or write"),
}


class Refused(ValueError):
    """What was asked cannot be computed; `reason` says why in one line, `place` names the table, key or position."""

    def __init__(self, reason: Text, place: str = "") -> None:
        self.reason = reason
        self.place = place
        super().__init__(self.say("en"))

    def say(self, language: Language) -> str:
        """The place and the reason, in one line."""
        text = self.reason.say(language)
        return f"{self.place}: {text}" if self.place else text

    def at(self, place: str) -> "Refused":
        """The same refusal seen from outside: `place` stands before its own."""
        return type(self)(self.reason, f"{place}.{self.place}" if self.place else place)

    def of_file(self, name: str) -> "Refused":
        """The same refusal of what stands in a file: its name is no table, so a colon parts it from the key."""
        return type(self)(Text(self.say("vi"), self.say("en")), name)


def cause_of(error: OSError) -> Text:
    """Why the operating system refused a file, in both languages; a rare reason as it says it."""
    if error.errno in _OS_REASONS:
        return _OS_REASONS[error.errno]
    said = error.strerror or type(error).__name__
    return Text(said, said)
