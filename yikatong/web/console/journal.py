"""查阅日志: the auditor asks by person, thing, kind and day; asking is journalled too."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import make_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.office import clock
from yikatong.office.act import Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.facts import JOURNAL_ASKED
from yikatong.office.kinds import all_kinds
from yikatong.office.readers import look_up
from yikatong.residents.queries import person_by_number
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import FURTHEST, page
from yikatong.web.console.people import beyond
from yikatong.web.forms import Questions

AT_ONCE = 100
SUBJECT = "journal"
PERSONAL = re.compile(r"[0-9]{11}")
"""A phone's or document's digits: what is asked is recorded for years, so such a number is turned away here."""


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
    start = forms.IntegerField(required=False, min_value=0, max_value=FURTHEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [("", _("全部")), *((code, code) for code in sorted(all_kinds()))]

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        if PERSONAL.search(subject):
            raise forms.ValidationError(gettext("证件号码、手机号不是对象；按人查阅请填社会保障号码。"))
        return subject


@duty(Duty.JOURNAL_LOOK)
def journal(request: HttpRequest) -> HttpResponse:
    """Look into the journal, with the look recorded. By POST: the question may hold a person's number."""
    form = Asked(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return page(request, "journal", {"form": form})
    asked = form.cleaned_data
    who = None
    if asked["number"]:
        found = person_by_number(asked["number"])
        if found is None:
            _note(request, asked, who=None, hits=0)
            form.add_error("number", _("没有这个人。"))
            return page(request, "journal", {"form": form})
        who = found.id
    start = asked["start"] or 0
    rows = look_up(
        person=who,
        subject=asked["subject"] or None,
        kind=asked["kind"] or None,
        since=_midnight(asked["since"]) if asked["since"] else None,
        until=_midnight(asked["until"] + timedelta(days=1)) if asked["until"] else None,
        limit=AT_ONCE + 1,
        offset=start,
        scope=scope_of(request) if beyond(request) is not None else None,
    )
    shown = rows[:AT_ONCE]
    _note(request, asked, who=who, hits=len(shown))
    # The look just recorded stands on top of what is leafed through next, and pushes it along by one.
    following = start + AT_ONCE + _answers_itself(asked)
    context = {
        "form": form,
        "rows": shown,
        "later": following if len(rows) > AT_ONCE else None,
        "asked": True,
    }
    return page(request, "journal", context)


def _note(request: HttpRequest, asked: dict[str, Any], *, who: int | None, hits: int) -> None:
    """Record what was asked and how much was seen; the resident it was asked about reads it among the looks."""
    person = f"resident:{who}" if who is not None else "resident:?" if asked["number"] else ""
    days = f"{asked['since'] or ''}…{asked['until'] or ''}" if asked["since"] or asked["until"] else ""
    words = " · ".join(each for each in (person, asked["subject"], asked["kind"], days) if each)
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="查阅日志") as act:
        act.record(
            JOURNAL_ASKED,
            subject=SUBJECT,
            person=who,
            asked=words or "*",
            hits=hits,
            start=asked["start"] or 0,
        )


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _answers_itself(asked: dict[str, Any]) -> bool:
    """Whether the record of this question is among what it asks for (a person's looks always are)."""
    today = clock.today()
    return (
        asked["subject"] in ("", SUBJECT)
        and asked["kind"] in ("", JOURNAL_ASKED.code)
        and (asked["since"] is None or asked["since"] <= today)
        and (asked["until"] is None or asked["until"] >= today)
    )
