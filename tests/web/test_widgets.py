"""Form fields are written letter for letter as Django's own templates write them."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from yikatong.web.widgets import Renderer

ATTRIBUTES = {"id": "id_x", "autofocus": True, "spellcheck": False, "title": 'a<"b">&', "maxlength": 10}
CHOICES = [("", "请选择"), ("<a>", "甲 & 乙"), ("组", [("1", "一"), (2, "二")]), ("s", mark_safe("<b>s</b>"))]
OURS, THEIRS = Renderer(), DjangoTemplates()


@pytest.mark.parametrize("value", [None, "", "x", '<i>"&', 12_345, date(2025, 3, 3), mark_safe("<u>")])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(ATTRIBUTES),
        forms.HiddenInput(),
        forms.NumberInput({"min": 0}),
        forms.EmailInput(),
        forms.PasswordInput(),
        forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        forms.Select(ATTRIBUTES, choices=CHOICES),
        forms.RadioSelect(choices=CHOICES[:2]),
        forms.Textarea(),
        forms.CheckboxInput(),
    ],
)
def test_a_field_is_written_as_django_writes_it(widget, value):
    assert widget.render("name", value, renderer=OURS) == widget.render("name", value, renderer=THEIRS)


@pytest.mark.parametrize("chosen", ["", "<a>", "1", 2, "s"])
def test_the_chosen_one_is_marked_as_django_marks_it(chosen):
    widget = forms.Select(choices=CHOICES)
    assert widget.render("n", chosen, renderer=OURS) == widget.render("n", chosen, renderer=THEIRS)
