"""What was done to a record, as sentences: the audit's entries with names for keys and words for codes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from chuan.audit.models import AuditEntry
from chuan.ledger.models import Statement
from chuan.lib.dates import format_date
from chuan.lib.numbers import format_decimal
from chuan.organisations.rules import Role

#: Key → name, by fact: `place_id` → {12: "Xã Tân Biên"}.
Names = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True)
class Change:
    """One fact, before and after, in words."""

    label: str
    old: str
    new: str


@dataclass
class Happening:
    """One thing that was done: who, in which role, when, what, why."""

    entry: AuditEntry
    sentence: str
    about: str = ""
    changes: list[Change] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    #: Nothing was there before: the facts are the first ones.
    is_new: bool = False

    @property
    def role(self) -> str:
        """The role that was acted in; nothing for the system."""
        return str(Role(self.entry.role).label) if self.entry.role in Role.values else ""


@dataclass(frozen=True)
class Vocabulary:
    """What facts are called, in the order of the form, and the words of their codes; others are not shown."""

    labels: Mapping[str, Any]
    choices: Mapping[str, Mapping[Any, Any]]
    #: How a fact that the audit keeps as text is read back.
    typed: Mapping[str, Callable[[str], Any]] = field(default_factory=dict)

    def say(self, fact: str, value: Any, names: Names) -> str:
        """A value as the reader knows it; empty where nothing was said."""
        if isinstance(value, bool):
            return _("Có") if value else _("Không")
        if value is None or value == "":
            return ""
        if fact.endswith("_id"):
            return names.get(fact, {}).get(int(value), "")
        if fact in self.choices:
            return str(self.choices[fact].get(value, value))
        return self._plain(value)

    @staticmethod
    def _plain(value: Any) -> str:
        if isinstance(value, date):
            return format_date(value)
        if isinstance(value, Decimal):
            return format_decimal(value)
        return str(value)

    def changes(self, pairs: Mapping[str, Any], names: Names) -> list[Change]:
        """`{fact: [old, new]}` in words, in the order of the form; facts that are not for readers are left out."""
        found = []
        for fact, label in self.labels.items():
            pair = pairs.get(fact)
            if isinstance(pair, list) and len(pair) == 2:
                old, new = (self.say(fact, self._read(fact, value), names) for value in pair)
                if old != new:
                    found.append(Change(str(label), old, new))
        return found

    def differences(self, current: Statement, typed: Mapping[str, Any], names: Names) -> list[Change]:
        """What the statement in force says (old) and what was typed (new), where they differ."""
        pairs = {}
        for name, value in typed.items():
            attname = type(current)._meta.get_field(name).attname  # type: ignore[union-attr]
            pairs[attname] = [getattr(current, attname), value.pk if isinstance(value, Model) else value]
        return self.changes(pairs, names)

    def _read(self, fact: str, value: Any) -> Any:
        return self.typed[fact](value) if fact in self.typed and isinstance(value, str) and value else value
