"""What the questions of all windows share: a service's no is shown beside the question it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext

from yikatong.basics.refused import Refused


def said(refused: Refused) -> str:
    """The refusal's sentence in the language of the page."""
    return refused.en if (get_language() or "").startswith("en") else refused.zh


class Questions(forms.Form):
    """A form of this house. Fields carry Chinese labels and hints; `use_required_attribute` stays off so that the
    page itself, not the browser, says what is missing."""

    use_required_attribute = False
    quiet: tuple[str, ...] = ()
    """Questions that are not mentioned among the answers to be checked where they were left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say_required()

    def say_required(self) -> None:
        """Let each question say what is missing; once more for questions that a form adds by itself."""
        for field in self.fields.values():
            choose = isinstance(field, forms.ChoiceField | forms.FileField)
            said = gettext("请选择%(what)s。") if choose else gettext("请填写%(what)s。")
            field.error_messages["required"] = said % {"what": field.label or ""}

    def offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """What may be chosen. A list of more than one begins empty: its first line is nobody's choice."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        empty = (
            [("", gettext("请选择"))] if isinstance(field.widget, forms.Select) and len(choices) > 1 else []
        )
        field.choices = [*empty, *choices]

    def refuse(self, refused: Refused) -> None:
        """Show a refusal at its question, or over the whole form where it belongs to none."""
        self.add_error(refused.at if refused.at in self.fields else None, said(refused))
