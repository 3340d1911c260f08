"""Writes on units, roles, people and parties, one file a theme."""

from chuan.organisations.services.acting import correct_acting, decide_acting, undo_acting
from chuan.organisations.services.classes import (
    add_class_members,
    copy_class_year,
    establish_class,
    remove_class_member,
)
from chuan.organisations.services.members import end_membership, grant_membership
from chuan.organisations.services.parties import (
    PartyEntry,
    correct_party,
    correct_party_name,
    describe_party,
    end_party,
    move_party,
    register_party,
)
from chuan.organisations.services.people import (
    add_person,
    correct_person,
    merge_people,
    tell_apart,
    undo_merge,
    undo_tell_apart,
)
from chuan.organisations.services.rooms import end_drafting_room, set_drafting_room
from chuan.organisations.services.units import (
    Passing,
    add_authority,
    add_version,
    close_version,
    establish_unit,
    reorganise,
)

__all__ = [
    "PartyEntry",
    "Passing",
    "add_authority",
    "add_class_members",
    "add_person",
    "add_version",
    "close_version",
    "copy_class_year",
    "correct_acting",
    "correct_party",
    "correct_party_name",
    "correct_person",
    "decide_acting",
    "describe_party",
    "end_drafting_room",
    "end_membership",
    "end_party",
    "establish_class",
    "establish_unit",
    "grant_membership",
    "merge_people",
    "move_party",
    "register_party",
    "remove_class_member",
    "reorganise",
    "set_drafting_room",
    "tell_apart",
    "undo_acting",
    "undo_merge",
    "undo_tell_apart",
]
