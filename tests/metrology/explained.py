"""What the tests of explanations share: the examples, and sentences as plain text."""

import math
from pathlib import Path

from chuan.metrology.words import Text

EXAMPLES = Path(__file__).parents[2] / "examples"
INFINITE = math.inf


def said(texts: tuple[Text, ...] | Text, language: str = "en") -> str:
    """All sentences as one text, with plain spaces."""
    texts = (texts,) if isinstance(texts, Text) else texts
    return " ".join(text.vi if language == "vi" else text.en for text in texts).replace("\u00a0", " ")
