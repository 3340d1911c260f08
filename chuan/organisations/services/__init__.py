"""Writes on units, roles and people, one file a theme."""

from chuan.organisations.services.members import end_membership, grant_membership
from chuan.organisations.services.people import (
    add_person,
    correct_person,
    merge_people,
    tell_apart,
    undo_merge,
    undo_tell_apart,
)
from chuan.organisations.services.units import add_version, close_version, establish_unit, reorganise

__all__ = [
    "add_person",
    "add_version",
    "close_version",
    "correct_person",
    "end_membership",
    "establish_unit",
    "grant_membership",
    "merge_people",
    "reorganise",
    "tell_apart",
    "undo_merge",
    "undo_tell_apart",
]
