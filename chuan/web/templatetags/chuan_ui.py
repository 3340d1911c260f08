"""Small parts of the interface: icons, status badges, look-ups."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from chuan.web.templatetags.icons import ICONS

register = template.Library()

#: State → (class, icon). What is not known here is grey: no data is never green.
STATES: Mapping[str, tuple[str, str]] = {
    "red": ("red", "alert"),
    "overdue": ("red", "alert"),
    "invalid": ("red", "alert"),
    "amber": ("amber", "clock"),
    "due_soon": ("amber", "clock"),
    "disputed": ("amber", "split"),
    "green": ("green", "check"),
    "met": ("green", "check"),
    "valid": ("green", "check"),
    "grey": ("grey", "question"),
    "unknown": ("grey", "question"),
    "closed": ("grey", "minus"),
    "draft": ("grey", "edit"),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An inline drawing for eyes only; the words beside it say the same. An unknown name draws a dot."""
    body = ICONS.get(name, ICONS["dot"])
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(body),  # noqa: S308 - our own constants
    )


@register.simple_tag
def status(state: str, text: str) -> SafeString:
    """A badge whose words say the state; colour and icon only repeat it."""
    colour, drawing = STATES.get(state, ("grey", "question"))
    return format_html('<span class="status-badge is-{}">{}{}</span>', colour, icon(drawing), text)


@register.filter
def get_item(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value of a key, or nothing."""
    return (mapping or {}).get(key, "")


@register.filter
def first_of_pair(pair: Any) -> Any:
    """The old value of `[old, new]`."""
    return pair[0] if isinstance(pair, list | tuple) and len(pair) == 2 else None


@register.filter
def second_of_pair(pair: Any) -> Any:
    """The new value of `[old, new]`."""
    return pair[1] if isinstance(pair, list | tuple) and len(pair) == 2 else pair
