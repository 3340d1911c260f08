"""Template access to the sample code of the sign-in under way."""

from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from django import template

from chuan.accounts import sample

register = template.Library()


@register.simple_tag(takes_context=True)
def sample_code(context: dict[str, Any]) -> str:
    """The current code of the sample account that is signing in (or is signed in), else nothing."""
    request = context["request"]
    user = request.user if request.user.is_authenticated else None
    if user is None and (stage := get_pending_stage(request)):
        user = stage.login.user
    return (user and sample.current_code(user)) or ""
