"""What forms post besides their fields: the number of what the page showed."""

import re

from django.http import HttpRequest

_NUMBER = re.compile(r"[0-9]{1,12}")


def number(request: HttpRequest, name: str) -> int:
    """A version or key that a hidden field carries; -1, which nothing has, where it is missing or is none.

    Other scripts' digits and "²" are no numbers here, and none is longer than a database holds.
    """
    value = request.POST.get(name, "")
    return int(value) if _NUMBER.fullmatch(value) else -1
