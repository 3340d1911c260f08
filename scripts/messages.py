"""Catalogues of the interface: `messages.py update` adds what is new, `messages.py check` says what lacks English.

Vietnamese is the source language: `en` translates our own texts; `vi` holds Django's and allauth's English texts and
the codes (roles, audit actions) that are shown by name, and is written by hand. No gettext tools are needed.
"""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "chuan" / "locale"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "_now")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
#: Contexts whose texts are codes, translated by name and found by no extractor.
CODES = {"role", "action", "fact", "authenticator"}

Message = tuple[str | tuple[str, str], str | None]


def sources() -> Iterator[tuple[str, str]]:
    """(file, Python-like source) of every file that may hold a text."""
    for path in sorted((ROOT / "chuan").rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            yield str(path.relative_to(ROOT)), templatize(path.read_text(encoding="utf-8"), origin=str(path))


def found() -> dict[Message, str]:
    """Every text with its context, and the first file it stands in."""
    messages: dict[Message, str] = {}
    for name, text in sources():
        # Babel's own annotation is narrower than what it takes and gives.
        calls: Any = extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {})
        for _line, function, arguments, _comments in calls:
            parts = [arguments] if isinstance(arguments, str) else [a for a in arguments or () if a]
            spec = KEYWORDS[function]
            context = parts.pop(0) if spec and isinstance(spec[0], tuple) and parts else None
            plural = bool(spec) and len([s for s in spec or () if not isinstance(s, tuple)]) == 2
            if not parts or not parts[0]:
                continue
            key = (parts[0], parts[1]) if plural and len(parts) > 1 else parts[0]
            messages.setdefault((key, context), name)
    return messages


def catalogue(language: str) -> Catalog:
    """The committed catalogue of a language."""
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def lacking() -> dict[Message, str]:
    """Texts without an English translation."""
    english = catalogue("en")
    missing = {}
    for (key, context), name in found().items():
        message = english.get(key, context)
        done = message is not None and (all(message.string) if isinstance(message.string, tuple) else message.string)
        if not done:
            missing[key, context] = name
    return missing


def update() -> None:
    """Add new texts with an empty translation, drop those no longer used, compile both languages."""
    current, english = found(), catalogue("en")
    for message in list(english):
        key = (message.id[0], message.id[1]) if isinstance(message.id, tuple) else message.id
        if message.id and message.context not in CODES and (key, message.context) not in current:
            english.delete(message.id, message.context)
    for key, context in current:
        if english.get(key, context) is None:
            english.add(key, context=context)
    path = LOCALE / "en" / "LC_MESSAGES" / "django.po"
    buffer = io.BytesIO()
    write_po(buffer, english, width=110, omit_header=True, no_location=True)
    head = path.read_text(encoding="utf-8").split("\n\n", 1)[0]
    path.write_text(f"{head}\n\n{buffer.getvalue().decode()}", encoding="utf-8")
    compile_both()


def compile_both() -> None:
    """.po → .mo, as ./run does."""
    for language in ("vi", "en"):
        command = [sys.executable, "-m", "babel.messages.frontend", "-q", "compile", "-D", "django"]
        subprocess.run([*command, "-d", str(LOCALE), "-l", language], check=True)


def main() -> int:
    """`update` or `check`; `check` exits 1 while an English translation is lacking."""
    settings.configure(USE_I18N=True)
    django.setup()
    if sys.argv[1:] == ["update"]:
        update()
    missing = lacking()
    for (key, context), name in missing.items():
        print(f"{name}: {key!r}{f' [{context}]' if context else ''}")
    print(f"{len(missing)} texts without English")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
