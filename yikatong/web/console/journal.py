"""查阅日志: the auditor asks by person, thing, kind and day; asking is journalled too."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import queries
from yikatong.office import clock, exports
from yikatong.office.act import Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.facts import JOURNAL_ASKED
from yikatong.office.kinds import all_kinds
from yikatong.office.proof import prove_entry
from yikatong.office.readers import look_up
from yikatong.residents.queries import person_by_number
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.exporting import ABOVE_LIMIT, asking, attachment, export
from yikatong.web.console.journal_export import (
    DOORS,
    JOURNAL,
    SUBJECT,
    find,
    kind_name,
    question_of,
    up_to_now,
)
from yikatong.web.console.page import FURTHEST, page, refusal
from yikatong.web.console.people import beyond
from yikatong.web.forms import Questions

AT_ONCE = 100
PERSONAL = re.compile(r"[0-9]{11}")
"""A phone's or document's digits: what is asked is recorded for years, so such a number is turned away here."""


class Asked(Questions):
    """What the auditor wants to see. Everything may stay empty."""

    number = forms.CharField(label=_("社会保障号码"), max_length=18, required=False)
    subject = forms.CharField(
        label=_("受理编号、社保卡号或批次号"),
        max_length=40,
        required=False,
        help_text=_("其他对象填日志里的代码，例如 list:17"),
    )
    kind = forms.ChoiceField(label=_("事项"), required=False)
    actor = forms.CharField(
        label=_("经办人"), max_length=40, required=False, help_text=_("姓名，或 staff:12 这样的代码")
    )
    door = forms.ChoiceField(label=_("入口"), required=False)
    since = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    purpose = forms.CharField(
        label=_("导出用途"), max_length=40, required=False, help_text=_("导出时必填；写进文件水印和日志")
    )
    start = forms.IntegerField(required=False, min_value=0, max_value=FURTHEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [("", _("全部")), *sorted(((code, kind_name(code)) for code in all_kinds()), key=str)]
        doors = self.fields["door"]
        assert isinstance(doors, forms.ChoiceField)
        doors.choices = [("", _("全部")), *DOORS.items()]

    def clean_actor(self) -> str:
        actor: str = self.cleaned_data["actor"].strip()
        if PERSONAL.search(actor):
            raise forms.ValidationError(gettext("经办人请填姓名或代码，不能填证件号码、手机号。"))
        return actor

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        if PERSONAL.search(subject):
            raise forms.ValidationError(gettext("证件号码、手机号不是对象；按人查阅请填社会保障号码。"))
        return subject if subject in ("", SUBJECT) or ":" in subject else _named(subject)


def _named(number: str) -> str:
    """What stands on a receipt, a card or a batch, as the journal calls it."""
    number = number.strip().upper()
    for area, found in (
        ("order", queries.order(number)),
        ("card", queries.card(number)),
        ("batch", queries.batch(number)),
    ):
        if found is not None:
            return f"{area}:{found.id}"
    raise forms.ValidationError(gettext("没有这个受理编号、社保卡号或批次号。"))


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
    question = question_of(asked, who)
    form_wanted = request.POST.get("export", "")
    if form_wanted:
        made = export(request, JOURNAL, question, form=form_wanted, purpose=asked["purpose"])
        if not isinstance(made, Refused):
            return attachment(made)
        form.refuse(made)
        above = made.code == ABOVE_LIMIT
        ask = asking(JOURNAL, up_to_now(question), form_wanted, asked["purpose"]) if above else ""
        return page(request, "journal", {"form": form, "ask": ask})
    start = asked["start"] or 0
    rows = find(request, question, AT_ONCE + 1, start)
    shown = rows[:AT_ONCE]
    _note(request, asked, who=who, hits=len(shown))
    # The look just recorded stands on top of what is leafed through next, and pushes it along by one.
    following = start + AT_ONCE + _answers_itself(asked)
    context = {
        "form": form,
        "rows": [(row, DOORS.get(row.door, row.door)) for row in shown],
        "later": following if len(rows) > AT_ONCE else None,
        "asked": True,
    }
    return page(request, "journal", context)


@duty(Duty.JOURNAL_LOOK)
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: its proof, and everything else that its act did."""
    proof = prove_entry(number)
    scope = scope_of(request) if beyond(request) is not None else None
    rows = look_up(act=proof.act, scope=scope, limit=200) if proof else ()
    if proof is None or number not in {row.entry for row in rows}:
        return refusal(request, Refused("entry.unknown", "没有这条日志。", "There is no such entry."))
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="查阅日志") as act:
        act.record(JOURNAL_ASKED, subject=SUBJECT, asked=f"entry:{number}", hits=len(rows), start=0)
    row = next(row for row in rows if row.entry == number)
    context = {
        "proof": proof,
        "row": row,
        "door": DOORS.get(row.door, row.door),
        "rows": [(each, DOORS.get(each.door, each.door)) for each in reversed(rows)],
    }
    return page(request, "entry", context)


class Copy(Questions):
    """A copy that turned up somewhere, or the number in its watermark."""

    copy = forms.FileField(label=_("找到的文件"), required=False)
    number = forms.CharField(
        label=_("导出编号"), max_length=12, required=False, help_text=_("印在水印和页脚里，X 开头")
    )


@duty(Duty.JOURNAL_LOOK)
def trace(request: HttpRequest) -> HttpResponse:
    """Who exported this file?"""
    form = Copy(request.POST, request.FILES) if request.method == "POST" else Copy()
    if not form.is_bound or not form.is_valid():
        return page(request, "trace", {"form": form})
    copy, number = form.cleaned_data["copy"], form.cleaned_data["number"]
    if not copy and not number:
        form.add_error(None, gettext("请选择找到的文件，或填写水印里的导出编号。"))
        return page(request, "trace", {"form": form})
    found = exports.trace(copy.read()) if copy else exports.export_numbered(number)
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="追查导出") as act:
        act.record(
            JOURNAL_ASKED,
            subject=SUBJECT,
            asked=f"export:{found.payload['number']}" if found else "export:?",
            hits=int(found is not None),
            start=0,
        )
    return page(request, "trace", {"form": form, "asked": True, "found": found})


def _note(request: HttpRequest, asked: dict[str, Any], *, who: int | None, hits: int) -> None:
    """Record what was asked and how much was seen; the resident it was asked about reads it among the looks."""
    person = f"resident:{who}" if who is not None else "resident:?" if asked["number"] else ""
    days = f"{asked['since'] or ''}…{asked['until'] or ''}" if asked["since"] or asked["until"] else ""
    words = " · ".join(
        each
        for each in (person, asked["subject"], asked["kind"], asked["actor"], asked["door"], days)
        if each
    )
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="查阅日志") as act:
        act.record(
            JOURNAL_ASKED,
            subject=SUBJECT,
            person=who,
            asked=words or "*",
            hits=hits,
            start=asked["start"] or 0,
        )


def _answers_itself(asked: dict[str, Any]) -> bool:
    """Whether the record of this question is among what it asks for (a person's looks always are)."""
    today = clock.today()
    return (
        asked["subject"] in ("", SUBJECT)
        and asked["kind"] in ("", JOURNAL_ASKED.code)
        and asked["door"] in ("", Door.CONSOLE.value)
        and not asked["actor"]
        and (asked["since"] is None or asked["since"] <= today)
        and (asked["until"] is None or asked["until"] >= today)
    )
