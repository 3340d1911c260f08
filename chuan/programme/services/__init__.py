"""Writes of the programme: loading a plan, assigning tasks, recording replies."""

from chuan.programme.services.assignments import assign_task, correct_assignment, void_assignment
from chuan.programme.services.loading import load_plan
from chuan.programme.services.replies import correct_reply, settle_reading, void_reply

__all__ = [
    "assign_task",
    "correct_assignment",
    "correct_reply",
    "load_plan",
    "settle_reading",
    "void_assignment",
    "void_reply",
]
