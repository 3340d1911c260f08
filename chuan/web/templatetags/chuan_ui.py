"""Small parts of the interface: icons, status badges, look-ups."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from chuan.lib.differences import word_differences
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
def pairs(mapping: Mapping[Any, Any] | None) -> list[tuple[Any, Any]]:
    """Keys and values. A template's own `.items` is the value of the key "items" where a mapping has one."""
    return list((mapping or {}).items())


@register.filter
def first_of_pair(pair: Any) -> Any:
    """The old value of `[old, new]`."""
    return pair[0] if isinstance(pair, list | tuple) and len(pair) == 2 else None


@register.filter
def second_of_pair(pair: Any) -> Any:
    """The new value of `[old, new]`."""
    return pair[1] if isinstance(pair, list | tuple) and len(pair) == 2 else pair


@register.simple_tag
def differences(old: str, new: str) -> SafeString:
    """The old wording made into the new: words taken out in `<del>`, words put in in `<ins>`, said aloud too."""
    marks = {"removed": ("del", _("bỏ:")), "added": ("ins", _("thêm:"))}
    drawn = []
    for piece in word_differences(old or "", new or ""):
        if piece.change == "kept":
            drawn.append(format_html("{}", piece.text))
        else:
            tag, said = marks[piece.change]
            words, space = piece.text.rstrip(), piece.text[len(piece.text.rstrip()) :]
            hidden = format_html('<span class="visually-hidden">{} </span>', said)
            drawn.append(format_html("<{0}>{1}{2}</{0}>{3}", tag, hidden, words, space))
    return format_html('<span class="differences">{}</span>', format_html_join("", "{}", ((part,) for part in drawn)))
