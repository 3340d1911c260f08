"""What this package says to people, in Vietnamese and English side by side, and what it refuses.

The package imports no Django, so it has no catalogues: each text stands where it is used, in both languages.
"""

from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]


@dataclass(frozen=True)
class Text:
    """One text in both languages, with `{name}` where a value is put in."""

    vi: str
    en: str

    def put(self, **values: object) -> "Text":
        """The text with its values."""
        return Text(self.vi.format(**values), self.en.format(**values))

    def say(self, language: Language) -> str:
        """The text in one language."""
        return self.vi if language == "vi" else self.en


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
