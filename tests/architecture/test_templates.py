"""What no template may hold: unescaped text, inline script or style, queries."""

import re

import pytest

from tests.architecture.source import name_of, templates

#: pattern → what is wrong with it
FORBIDDEN = {
    r"\|\s*safe\b|\|\s*safeseq\b": "text is never marked safe in a template",
    r"{%\s*autoescape\s+off": "escaping is never switched off",
    r"(?<![\w-])style\s*=": "style attribute: the CSP refuses it",
    r"<[^>]*\son[a-z]+\s*=\s*[\"']": "event attribute: the CSP refuses it",
    r"javascript:": "script address",
    r"<style\b": "inline style sheet",
    r"https?://(?!www\.w3\.org/)": "address of another host",
    r"{%\s*debug\b|{%\s*ssi\b": "debugging tag",
    r"target\s*=\s*[\"']_blank[\"'](?![^>]*rel=)": "a new window without rel=noopener",
}
_COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)


@pytest.mark.parametrize("pattern", FORBIDDEN, ids=lambda p: FORBIDDEN[p])
def test_no_template_holds(pattern: str) -> None:
    found = [
        f"{name_of(t.path)}: {m.group(0)}" for t in templates() for m in re.finditer(pattern, _COMMENT.sub("", t.text))
    ]
    assert found == [], FORBIDDEN[pattern]


#: Attributes of our own classes that are named like methods of a mapping.
ATTRIBUTES = {"block.items", "line.values"}


def test_a_mapping_is_walked_by_a_filter() -> None:
    """`facts.items` is what `facts` says of "items", where it says anything of it."""
    found = {m for t in templates() for m in re.findall(r"[\w.]+\.(?:items|keys|values)\b", _COMMENT.sub("", t.text))}
    assert found == ATTRIBUTES, "write `facts|pairs`"


def test_no_script_is_written_in_a_page() -> None:
    wrong = []
    for template in templates():
        for attributes, body in _SCRIPT.findall(template.text):
            if body.strip() and "application/json" not in attributes:
                wrong.append(f"{name_of(template.path)}: {body.strip()[:60]}")
            if not body.strip() and "src=" not in attributes:
                wrong.append(f"{name_of(template.path)}: script without src")
    assert wrong == []


def posting(text: str) -> list[str]:
    """The forms of a template that are sent by POST."""
    found: list[str] = re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", text, re.DOTALL | re.IGNORECASE)
    return found


def test_every_form_that_posts_has_its_token() -> None:
    wrong = []
    for template in templates():
        for form in posting(template.text):
            if "{% csrf_token %}" not in form:
                wrong.append(f"{name_of(template.path)}: {form[:80]}")
    assert wrong == []


#: Pages of the session and of one's own account: sign-in, language, role.
PERSONAL = re.compile(r"accounts/templates/|web/templates/web/(header|footer)\.html|portal/templates/portal/home\.html")
#: Addresses that compare or read a file and keep nothing.
READING = re.compile(r"{% url '(reporting:returned-word|reporting:answer-from-workbook)'")


def test_every_form_that_writes_has_its_key() -> None:
    """Without it a second press writes again, and a form opened in another role acts in the present one."""
    wrong = [
        f"{name_of(template.path)}: {form[:80]}"
        for template in templates()
        for form in posting(template.text)
        if '{% include "web/forms/key.html" %}' not in form
        and not PERSONAL.search(template.path.as_posix())
        and not READING.search(form)
    ]
    assert wrong == []


def test_pictures_and_tables_speak() -> None:
    silent = [
        f"{name_of(t.path)}: {tag}"
        for t in templates()
        for tag in re.findall(r"<img\b[^>]*>", t.text)
        if "alt=" not in tag
    ]
    assert silent == []
    bare = [
        name_of(t.path)
        for t in templates()
        for table in re.findall(r"<table\b.*?</table>", t.text, re.DOTALL)
        if "<caption" not in table
    ]
    assert bare == []
