"""What can be wrong with a plan's files."""


class PlanFileWrong(Exception):
    """Text and declarations disagree; names the place and what stands there."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place}: {what}")
