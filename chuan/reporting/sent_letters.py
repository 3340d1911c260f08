"""Letters of Sở that belong to a period and have their number: with them part I of its report begins."""

from typing import Any

from chuan.reporting.models import LetterNumber


def numbered(period_id: int) -> list[dict[str, Any]]:
    """Each as a report cites it, in order of day; one without a number has not been issued."""
    found = LetterNumber.objects.live().filter(letter__period=period_id).select_related("letter")
    return [
        {
            "number": one.number,
            "dated": one.dated,
            "subject": one.letter.subject,
            "units": len(one.letter.recipients),
        }
        for one in found.order_by("dated", "letter_id")
    ]
