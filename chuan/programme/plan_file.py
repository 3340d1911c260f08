"""A plan's folder as plain values: TOML files beside the text, each entry with the line where it is declared.

Shapes only; whether they hold against the text is `plan_checks`. Errors are collected, so that one run of
`chuan plan check` names them all.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from chuan.programme.errors import PlanFileWrong, Problem
from chuan.programme.rules import CELLS
from chuan.programme.spans import Span

TEXT = "text.txt"
HEAD = "plan.toml"


@dataclass(frozen=True)
class Place:
    """Where an entry is declared: file, line of its code, and what it is."""

    file: str
    line: int
    entry: str

    def __str__(self) -> str:
        return f"{self.file}, dòng {self.line}, {self.entry}"


@dataclass(frozen=True)
class PartyDraft:
    """A party named in a cell: a unit or a class, and the words that name it."""

    duty: str
    unit: str
    party_class: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class ClassDraft:
    """A group of parties that the plan names without saying who belongs to it."""

    place: Place
    code: str
    title: str
    #: Kinds of units that the words name as a whole.
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemDraft:
    """One item of the text: its cells, and of a task its timing and parties, of a bullet its annex rows."""

    place: Place
    code: str
    under: str
    kind: str
    cells: Mapping[str, tuple[Span, ...]]
    when: tuple[Mapping[str, Any], ...]
    parties: tuple[PartyDraft, ...]
    #: None: nothing was said, which a bullet of the body must not leave open.
    rows: tuple[str, ...] | None
    body_only: tuple[Span, ...]


@dataclass(frozen=True)
class SlipDraft:
    """A slip of the print or an artefact of the extraction."""

    place: Place
    code: str
    kind: str
    item: str
    spans: tuple[Span, ...]
    shown: str | None
    note: str


@dataclass(frozen=True)
class TargetDraft:
    """A printed target with all readings of its phrase."""

    place: Place
    code: str
    indicator: str
    item: str
    where: str
    spans: tuple[Span, ...]
    horizon: date
    operator: str
    value: int
    unit: str
    composition: tuple[Mapping[str, Any], ...]
    readings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class SourceDraft:
    """A place of the text that a contradiction quotes."""

    item: str
    where: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class ContradictionDraft:
    """What can be read in more than one way: the places, and the readings that a reply would choose from."""

    place: Place
    code: str
    title: str
    question: str
    addressee: str
    sources: tuple[SourceDraft, ...]
    readings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class PlanDraft:
    """A plan's folder, read."""

    folder: str
    head: Mapping[str, Any]
    text: bytes
    classes: tuple[ClassDraft, ...]
    items: tuple[ItemDraft, ...]
    slips: tuple[SlipDraft, ...]
    targets: tuple[TargetDraft, ...]
    contradictions: tuple[ContradictionDraft, ...]
    outside: tuple[Span, ...]


_HEAD_KEYS: Mapping[str, type] = {
    "code": str,
    "number": str,
    "title": str,
    "issuer": str,
    "signed": date,
    "ends": date,
    "scope": str,
    "text_sha256": str,
    "year_closes": dict,
    "report_due": dict,
}
#: Table name → the keys that an entry must have.
_KEYS: Mapping[str, Mapping[str, type]] = {
    "class": {"code": str, "title": str},
    "item": {"code": str, "kind": str, "text": list},
    "slip": {"code": str, "kind": str, "item": str, "note": str},
    "target": {
        "code": str,
        "indicator": str,
        "item": str,
        "place": str,
        "at": list,
        "horizon": date,
        "operator": str,
        "value": int,
        "unit": str,
        "readings": list,
    },
    "contradiction": {"code": str, "title": str, "question": str, "addressee": str, "sources": list, "reading": list},
}
_WORDS: Mapping[str, str] = {
    "class": "nhóm",
    "item": "mục",
    "slip": "lỗi",
    "target": "chỉ tiêu",
    "contradiction": "chỗ nhiều cách hiểu",
}
_TYPES: Mapping[type, str] = {str: "chữ", list: "danh sách", dict: "bảng", int: "số nguyên", date: "ngày"}


def parse(folder: Path) -> PlanDraft:
    """Read the folder; PlanFileWrong names every entry whose shape is wrong."""
    reader = _Reader(folder)
    draft = reader.read()
    if reader.problems or draft is None:
        raise PlanFileWrong(reader.problems)
    return draft


@dataclass
class _Reader:
    folder: Path
    problems: list[Problem] = field(default_factory=list)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def read(self) -> PlanDraft | None:
        """The draft, or None where the files cannot be read at all."""
        text, head = self._text(), self._toml(HEAD)
        if text is None or head is None or not self._has(head, _HEAD_KEYS, Place(HEAD, 1, "phần đầu")):
            return None
        files = [HEAD, *self._names(head)]
        tables = {file: head if file == HEAD else self._toml(file) for file in files}
        found: dict[str, list[Any]] = {kind: [] for kind in _KEYS}
        for file, table in tables.items():
            for kind in _KEYS:
                found[kind] += self._entries(file, kind, table or {})
        outside = self._spans(head.get("outside", []), Place(HEAD, 1, "outside"))
        return PlanDraft(
            folder=self.folder.name,
            head=head,
            text=text,
            classes=tuple(found["class"]),
            items=tuple(found["item"]),
            slips=tuple(found["slip"]),
            targets=tuple(found["target"]),
            contradictions=tuple(found["contradiction"]),
            outside=outside,
        )

    def _names(self, head: Mapping[str, Any]) -> list[str]:
        """The other files, by name; a path out of the folder is none."""
        named = head.get("include", [])
        good = [n for n in named if isinstance(n, str) and n == Path(n).name] if isinstance(named, list) else []
        if not isinstance(named, list) or len(good) != len(named):
            self._say(Place(HEAD, 1, "include"), "phải là danh sách tên tệp trong cùng thư mục")
        return good

    def _text(self) -> bytes | None:
        try:
            text = (self.folder / TEXT).read_bytes()
            decoded = text.decode()
        except OSError:
            self._say(Place(TEXT, 1, "tệp"), "không đọc được tệp")
            return None
        except UnicodeDecodeError as error:
            self._say(Place(TEXT, text[: error.start].count(b"\n") + 1, "tệp"), "không phải UTF-8")
            return None
        if "\x00" in decoded:
            self._say(Place(TEXT, decoded.split("\x00")[0].count("\n") + 1, "tệp"), "có ký tự NUL")
            return None
        return text

    def _toml(self, file: str) -> dict[str, Any] | None:
        try:
            words = (self.folder / file).read_text(encoding="utf-8")
            self._lines[file] = words.splitlines()
            return tomllib.loads(words)
        except (OSError, UnicodeDecodeError):
            self._say(Place(file, 1, "tệp"), "không đọc được tệp")
        except tomllib.TOMLDecodeError as error:
            self._say(Place(file, 1, "tệp"), f"không đúng cú pháp TOML: {error}")
        return None

    def _say(self, place: Place, what: str) -> None:
        self.problems.append(Problem(str(place), what))

    def _has(self, entry: Mapping[str, Any], keys: Mapping[str, type], place: Place) -> bool:
        before = len(self.problems)
        for key, kind in keys.items():
            if key not in entry:
                self._say(place, f"thiếu {key}")
            elif not isinstance(entry[key], kind) or isinstance(entry[key], bool):
                self._say(place, f"{key} phải là {_TYPES[kind]}")
        return len(self.problems) == before

    def _entries(self, file: str, kind: str, table: Mapping[str, Any]) -> list[Any]:
        found, seen = [], 0
        for entry in table.get(kind, []):
            seen = self._line(file, kind, seen)
            place = Place(file, seen, f"{_WORDS[kind]} {entry.get('code', '(không có code)')}")
            if self._has(entry, _KEYS[kind], place):
                try:
                    found.append(getattr(self, f"_{kind}")(entry, place))
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    self._say(place, f"không đúng cấu trúc ({error!r})")
        return found

    def _line(self, file: str, kind: str, after: int) -> int:
        """The line of the next entry of a kind, counted from 1."""
        rest = enumerate(self._lines[file][after:], after + 1)
        return next((number for number, line in rest if line.strip() == f"[[{kind}]]"), after)

    def _spans(self, declared: Any, place: Place) -> tuple[Span, ...]:
        """`[[start, end, words], …]`."""
        found = []
        for one in declared:
            match one:
                case [int(start), int(end), str(words)]:
                    found.append(Span(start, end, words))
                case _:
                    self._say(place, f"khoảng {one!r} phải viết [đầu, cuối, “chữ”]")
        return tuple(found)

    def _class(self, entry: Mapping[str, Any], place: Place) -> ClassDraft:
        return ClassDraft(place, entry["code"], entry["title"], tuple(entry.get("kinds", ())))

    def _item(self, entry: Mapping[str, Any], place: Place) -> ItemDraft:
        rows = entry.get("rows")
        return ItemDraft(
            place=place,
            code=entry["code"],
            under=entry.get("under", ""),
            kind=entry["kind"],
            cells={cell: self._spans(entry[cell], place) for cell in CELLS if cell in entry},
            when=tuple(entry.get("when", ())),
            parties=tuple(
                PartyDraft(p["duty"], p.get("unit", ""), p.get("class", ""), self._spans(p["at"], place))
                for p in entry.get("parties", ())
            ),
            rows=None if rows is None else tuple(rows),
            body_only=self._spans(entry.get("body_only", ()), place),
        )

    def _slip(self, entry: Mapping[str, Any], place: Place) -> SlipDraft:
        spans = self._spans(entry.get("spans", ()), place)
        return SlipDraft(place, entry["code"], entry["kind"], entry["item"], spans, entry.get("shown"), entry["note"])

    def _target(self, entry: Mapping[str, Any], place: Place) -> TargetDraft:
        readings = []
        for reading in entry["readings"]:
            self._has(reading, {"label": str, "basis": str, "from": date, "words": str}, place)
            readings.append(dict(reading))
        return TargetDraft(
            place=place,
            code=entry["code"],
            indicator=entry["indicator"],
            item=entry["item"],
            where=entry["place"],
            spans=self._spans(entry["at"], place),
            horizon=entry["horizon"],
            operator=entry["operator"],
            value=entry["value"],
            unit=entry["unit"],
            composition=tuple(entry.get("composition", ())),
            readings=tuple(readings),
        )

    def _contradiction(self, entry: Mapping[str, Any], place: Place) -> ContradictionDraft:
        sources = [SourceDraft(s["item"], s["place"], self._spans(s["at"], place)) for s in entry["sources"]]
        readings = []
        for reading in entry["reading"]:
            self._has(reading, {"label": str, "words": str, "effect": str}, place)
            readings.append({"leaves": {}, **reading})
        return ContradictionDraft(
            place=place,
            code=entry["code"],
            title=entry["title"],
            question=entry["question"],
            addressee=entry["addressee"],
            sources=tuple(sources),
            readings=tuple(readings),
        )
