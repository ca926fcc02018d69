"""查阅日志: the auditor asks by person, thing, kind and day; asking is journalled too."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.kinds import all_kinds
from yikatong.office.readers import look_up
from yikatong.residents.queries import person_by_number
from yikatong.web.console.page import page
from yikatong.web.forms import Questions

AT_ONCE = 100


class Asked(Questions):
    """What the auditor wants to see. Everything may stay empty."""

    number = forms.CharField(label=_("社会保障号码"), max_length=18, required=False)
    subject = forms.CharField(
        label=_("对象"), max_length=40, required=False, help_text=_("例如 order:17、card:5、batch:3")
    )
    kind = forms.ChoiceField(label=_("事项"), required=False)
    since = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [("", _("全部")), *((code, code) for code in sorted(all_kinds()))]


@duty(Duty.JOURNAL_LOOK)
def journal(request: HttpRequest) -> HttpResponse:
    """Look into the journal. By POST: the question may hold a person's number."""
    form = Asked(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return page(request, "journal", {"form": form})
    asked = form.cleaned_data
    who = None
    if asked["number"]:
        found = person_by_number(asked["number"])
        if found is None:
            form.add_error("number", _("没有这个人。"))
            return page(request, "journal", {"form": form})
        who = found.id
    start = asked["start"] or 0
    rows = look_up(
        person=who,
        subject=asked["subject"] or None,
        kind=asked["kind"] or None,
        since=make_aware(datetime.combine(asked["since"], time())) if asked["since"] else None,
        until=make_aware(datetime.combine(asked["until"] + timedelta(days=1), time()))
        if asked["until"]
        else None,
        limit=AT_ONCE + 1,
        offset=start,
    )
    context = {
        "form": form,
        "rows": rows[:AT_ONCE],
        "later": start + AT_ONCE if len(rows) > AT_ONCE else None,
        "asked": True,
    }
    return page(request, "journal", context)
