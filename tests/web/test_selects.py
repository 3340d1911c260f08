"""A list of choices is written in one go, as Django's own templates would write it."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from pytest_django.asserts import assertHTMLEqual

from chuan.web.forms import Renderer

CHOICES = [("", "—"), ("a", "Sở <Công Thương> & “bạn”"), ("Huyện", [(1, "Bến Cầu"), (2, "Gò Dầu")])]


@pytest.mark.parametrize("value", ["", "a", "2", "<b>", None])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_x", "required": True, "disabled": False, "title": 'Chọn "một"'}])
def test_a_select_reads_as_djangos(value: str | None, attrs: dict[str, object]) -> None:
    widget = forms.Select(choices=CHOICES)
    ours = widget.render("x", value, attrs, Renderer())
    assertHTMLEqual(ours, widget.render("x", value, attrs, DjangoTemplates()))


def test_several_chosen_read_as_djangos() -> None:
    widget = forms.SelectMultiple(choices=CHOICES)
    assertHTMLEqual(
        widget.render("x", ["a", "1"], {}, Renderer()), widget.render("x", ["a", "1"], {}, DjangoTemplates())
    )
