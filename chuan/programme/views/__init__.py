"""Pages of the plan: its text, its tasks, its readings."""

from chuan.programme.views import plan, readings, tasks

__all__ = ["plan", "readings", "tasks"]
