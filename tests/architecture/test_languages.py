"""Vietnamese is the source language, English the translation: nothing is left without one."""

import io
import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from chuan.organisations.rules import Role
from tests.architecture.source import PACKAGE, name_of, python_files, templates

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|{(\w+)}")
_VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
Message = tuple[str, str | None]


@cache
def used() -> dict[Message, str]:
    """Every message of the product, (id, context) → where it stands."""
    found: dict[Message, str] = {}
    for path in python_files("chuan"):
        _collect(found, path.read_bytes(), name_of(path))
    for template in templates():
        text = templatize(template.text, origin=name_of(template.path))
        _collect(found, text.encode(), name_of(template.path))
    return found


def _collect(found: dict[Message, str], source: bytes, where: str) -> None:
    options = {"encoding": "utf-8"}
    for line, message, _comments, context in extract("python", io.BytesIO(source), KEYWORDS, (), options):
        identity = message[0] if isinstance(message, tuple) else message
        if identity:
            found.setdefault((identity, context), f"{where}:{line}")


@cache
def catalogue(language: str) -> Catalog:
    """A language's translations."""
    with (PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def test_the_extractor_finds_messages_of_both_kinds() -> None:
    places = set(used().values())
    assert any(".py:" in p for p in places)
    assert any(".html:" in p for p in places)


def test_every_message_has_an_english_translation() -> None:
    english, missing = catalogue("en"), []
    for (identity, context), where in used().items():
        entry = english.get(identity, context)
        text = entry.string if entry else ""
        said = all(text) if isinstance(text, tuple) else bool(text)
        if not said or (entry and entry.fuzzy):
            missing.append(f"{where}: {identity}")
    assert missing == []


def test_a_translation_keeps_its_placeholders() -> None:
    wrong = []
    for entry in catalogue("en"):
        if not entry.id:
            continue
        wanted = {name for text in _forms(entry.id) for name in _names(text)}
        wrong += [f"{entry.id!s} → {text}" for text in _forms(entry.string) if text and _names(text) != wanted]
    assert wrong == []


def _forms(text: object) -> list[str]:
    return [str(t) for t in text] if isinstance(text, tuple | list) else [str(text or "")]


def _names(text: str) -> set[str]:
    return {m.group(0) for m in _PLACEHOLDER.finditer(text)}


def test_an_english_translation_is_not_the_vietnamese_again() -> None:
    names = re.compile("Sở KH&CN|UBND|Tiếng Việt|Chuẩn")
    wrong = [str(e.id) for e in catalogue("en") if e.string == e.id and _VIETNAMESE.search(names.sub("", str(e.id)))]
    assert wrong == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_role_that_a_template_translates_by_its_value_is_translated(language: str) -> None:
    """`{% translate role context "role" %}` cannot be extracted."""
    if not any('context "role"' in t.text for t in templates()):
        pytest.skip("no template does so")
    missing = [r.value for r in Role if not (e := catalogue(language).get(r.value, "role")) or not e.string]
    assert missing == []


def test_no_page_shows_text_that_is_not_translated() -> None:
    wrong = []
    for template in templates():
        text = re.sub(r"{%\s*blocktrans(late)?\b.*?endblocktrans(late)?\s*%}", "", template.text, flags=re.DOTALL)
        text = re.sub(r"{[%#{].*?[%#}]}", "", text, flags=re.DOTALL)
        text = re.sub(r"Chuẩn|Tiếng Việt", "", text)
        if match := _VIETNAMESE.search(text):
            around = text[max(0, match.start() - 30) : match.end() + 30].strip()
            wrong.append(f"{name_of(template.path)}: {' '.join(around.split())}")
    assert wrong == []
