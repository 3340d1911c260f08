"""What people and word processors do to a Word file, done to its XML for the tests."""

import copy
import io
import random
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Any

from lxml import etree

from chuan.rendering.word_xml import node, run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT = "word/document.xml"
Edit = Callable[[Any], None]


def edited(data: bytes, *edits: Edit) -> bytes:
    """The file with its document changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == DOCUMENT:
                root = etree.fromstring(content)
                for edit in edits:
                    edit(root)
                content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            target.writestr(name, content)
    return out.getvalue()


def with_part(data: bytes, name: str, content: str, kind: str) -> bytes:
    """The file with one more part that its document is related to."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            held = source.read(entry)
            if entry == "word/_rels/document.xml.rels":
                base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
                one = f'<Relationship Id="rIdX" Type="{base}/{kind}" Target="{name}"/></Relationships>'
                held = held.replace(b"</Relationships>", one.encode())
            target.writestr(entry, held)
        target.writestr(f"word/{name}", content)
    return out.getvalue()


def control(root: Any, tag: str) -> Any:
    """The content of the first control with this tag."""
    for found in root.iter(f"{W}sdt"):
        if found.find(f"{W}sdtPr/{W}tag").get(f"{W}val") == tag:
            return found.find(f"{W}sdtContent")
    raise AssertionError(tag)


def typed(old: str, new: str, times: int = -1) -> Edit:
    """Replace text inside runs."""

    def edit(root: Any) -> None:
        left = times
        for text in root.iter(f"{W}t"):
            if left != 0 and text.text and old in text.text:
                text.text = text.text.replace(old, new)
                left -= 1
        assert left != times, f"{old!r} is nowhere"

    return edit


def unwrap(root: Any) -> None:
    """Take away every control and leave what is in it."""
    for found in list(root.iter(f"{W}sdt")):
        for child in list(found.find(f"{W}sdtContent")):
            found.addprevious(child)
        found.getparent().remove(found)


def without_tags(root: Any) -> None:
    """What older LibreOffice leaves of a control: its name alone."""
    for properties in root.iter(f"{W}sdtPr"):
        for name in ("tag", "lock"):
            for found in properties.findall(f"{W}{name}"):
                properties.remove(found)


def split_runs(seed: int) -> Edit:
    """Cut runs at random places, with the spelling marks and bookmarks that Word puts between."""

    def edit(root: Any) -> None:
        dice = random.Random(seed)
        for old in [r for r in root.iter(f"{W}r") if len(r.findall(f"{W}t")) == 1]:
            text = old.find(f"{W}t")
            words = text.text or ""
            if len(words) < 2 or dice.random() < 0.3:
                continue
            cut = dice.randrange(1, len(words))
            other = copy.deepcopy(old)
            text.text, other.find(f"{W}t").text = words[:cut], words[cut:]
            for kept in (text, other.find(f"{W}t")):
                kept.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            for same in list(other):
                if same.tag not in {f"{W}rPr", f"{W}t"}:
                    other.remove(same)
            old.addnext(other)
            old.addnext(node("w:proofErr", type="spellStart"))

    return edit


def decomposed(root: Any) -> None:
    """Letters and their marks apart, as some systems save them."""
    for text in root.iter(f"{W}t"):
        text.text = unicodedata.normalize("NFD", text.text or "")


def new_paragraph(words: str, properties: str = "") -> Any:
    """A paragraph as somebody types one."""
    made = node("w:p", run(words))
    made.set(f"{W}rsidR", "00AB12CD")
    return made


def track(kind: str, *children: Any, author: str = "Trần Thị Lãnh Đạo") -> Any:
    """Children inside a tracked insertion (`ins`) or deletion (`del`)."""
    made = node(f"w:{kind}", *children, id="900", author=author, date="2026-12-11T08:00:00Z")
    if kind == "del":
        for text in list(made.iter(f"{W}t")):
            text.tag = f"{W}delText"
    return made
