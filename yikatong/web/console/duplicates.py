"""Records that may be one person's: the list, two side by side, and what is decided of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics import regions
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards import queries as cards
from yikatong.cards.services.merging import approve_merge, ask_to_merge
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.scope import outside
from yikatong.residents import services
from yikatong.residents.merging import DUPLICATE, OPEN
from yikatong.residents.pairs import DuplicateRow, duplicate, duplicates, duplicates_of
from yikatong.residents.queries import Person
from yikatong.residents.rules import LIFE
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.people import person_for
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named

PAGE = 50
PURPOSE = "核对疑似重复人员"
UNKNOWN = Refused("duplicate.unknown", "没有这一对疑似重复人员。", "There is no such pair.")


@duty(Duty.RESIDENT_LOOK)
def listed(request: HttpRequest) -> HttpResponse:
    """The pairs of one state, the likeliest first."""
    state = _state(request)
    start = start_of(request)
    rows = duplicates(scope_of(request), state=state, limit=PAGE + 1, offset=start)
    context = {
        "rows": rows[:PAGE],
        "state": state,
        "states": DUPLICATE.states,
        "kept": f"state={state.code}",
        **turns(start, PAGE, rows),
    }
    return page(request, "duplicates", context)


def _state(request: HttpRequest) -> State:
    wanted = request.GET.get("state", "")
    return next((each for each in DUPLICATE if each.code == wanted), OPEN)


@duty(Duty.RESIDENT_DUPLICATE)
def of_person(request: HttpRequest, resident_id: int) -> HttpResponse:
    """One person compared with everybody now (by POST), and all pairs of theirs with what was decided."""
    person = person_for(request, resident_id)
    if isinstance(person, Refused):
        return refusal(request, person)
    if request.method == "POST":
        with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
            found = services.find_duplicates_of(act, person.id)
        if isinstance(found, Refused):
            return refusal(request, found)
        tell(request, gettext("比对完毕，待核 %(pairs)s 对。") % {"pairs": found})
        return redirect("console:duplicates_of", person.id)
    return page(
        request, "duplicates_of", {"rows": duplicates_of(scope_of(request), person.id), "person": person}
    )


@duty(Duty.RESIDENT_LOOK)
def pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Two records side by side, what differs marked. Both looks are journalled."""
    row = _row(request, pair_id)
    if isinstance(row, HttpResponse):
        return row
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
        for each in (row.one, row.other):
            services.look(act, each.id, purpose=PURPOSE)
    return page(request, "duplicate", {"row": row, "lines": _lines(row)})


def _row(request: HttpRequest, pair_id: int) -> DuplicateRow | HttpResponse:
    row = duplicate(pair_id)
    if row is None:
        return refusal(request, UNKNOWN)
    scope = scope_of(request)
    for each in (row.one, row.other):
        if not scope.covers(each.region):
            return refusal(request, outside(each.region))
    return row


def _lines(row: DuplicateRow) -> list[tuple[str, str, str, bool]]:
    """(label, first, second, whether they differ)."""
    said: list[tuple[str, Callable[[Person], str]]] = [
        (gettext("姓名"), lambda each: each.name),
        (gettext("社会保障号码"), lambda each: each.number),
        (gettext("出生"), lambda each: each.birth_on.isoformat() if each.birth_on else "—"),
        (gettext("性别"), lambda each: {"1": gettext("男"), "2": gettext("女")}.get(each.sex, "—")),
        (gettext("手机号"), lambda each: each.phone or "—"),
        (gettext("居住地"), lambda each: _place(each.region)),
        (gettext("住址"), lambda each: each.address or "—"),
        (gettext("监护人"), lambda each: "、".join(one.name for one in each.guardians) or "—"),
        (gettext("人员状态"), lambda each: named(LIFE.state(each.state))),
        (gettext("社保卡"), _cards),
        (gettext("制卡申请"), _orders),
    ]
    return [
        (label, tell_of(row.one), tell_of(row.other), tell_of(row.one) != tell_of(row.other))
        for label, tell_of in said
    ]


def _place(code: str) -> str:
    found = regions.region(code)
    return found.name if found else code


def _cards(person: Person) -> str:
    return (
        "、".join(f"{each.card_no} {named(each.state)}" for each in cards.cards_of_record(person.id)) or "—"
    )


def _orders(person: Person) -> str:
    return (
        "、".join(f"{each.number} {named(each.state)}" for each in cards.orders_of_record(person.id)) or "—"
    )


class Why(Questions):
    """On what ground."""

    why = forms.CharField(
        label=_("理由"), max_length=60, help_text=_("例如：与公安信息核对、本人到场确认、电话核实")
    )


class Merge(Why):
    """Which record stays, and on what ground."""

    survivor = forms.TypedChoiceField(label=_("保留哪一份档案"), coerce=int, widget=forms.RadioSelect)
    field_order = ("survivor", "why")

    def __init__(self, *args: Any, row: DuplicateRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        survivor = self.fields["survivor"]
        assert isinstance(survivor, forms.TypedChoiceField)
        survivor.choices = [
            (row.one.id, f"{gettext('第一份')}：{_short(row.one)}"),
            (row.other.id, f"{gettext('第二份')}：{_short(row.other)}"),
        ]


@duty(Duty.RESIDENT_DUPLICATE)
def tell_apart(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Two people: remembered, and not proposed again."""
    return _deciding(
        request,
        pair_id,
        _("核定为非同一人"),
        lambda act, given: services.tell_apart(act, pair_id, why=given["why"]),
        form=Why,
        note=_("核定后不再提示，除非两人之一的身份信息有变动。"),
    )


@duty(Duty.RESIDENT_DUPLICATE)
def ask(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Ask for the two to be merged."""
    row = _row(request, pair_id)
    if isinstance(row, HttpResponse):
        return row
    return _deciding(
        request,
        pair_id,
        _("提请合并"),
        lambda act, given: ask_to_merge(act, pair_id, **given),
        form=lambda *a, **k: Merge(*a, row=row, **k),
        note=_("须由另一人批准。合并不搬动任何记录，可以撤销。"),
    )


@duty(Duty.RESIDENT_MERGE)
def approve(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Approve a merge: not by who asked for it."""
    return _deciding(
        request,
        pair_id,
        _("批准合并"),
        lambda act, given: approve_merge(act, pair_id),
        danger=True,
        warning=_("批准后两份档案按同一人办理，按任何一个号码都查到保留的档案。可以撤销。"),
    )


@duty(Duty.RESIDENT_MERGE)
def send_back(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Send a merge back."""
    return _deciding(
        request,
        pair_id,
        _("退回合并申请"),
        lambda act, given: services.send_merge_back(act, pair_id, why=given["why"]),
        form=Why,
    )


@duty(Duty.RESIDENT_MERGE)
def undo(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Undo a merge: each record has again what it had."""
    return _deciding(
        request,
        pair_id,
        _("撤销合并"),
        lambda act, given: services.undo_merge(act, pair_id, why=given["why"]),
        form=Why,
        danger=True,
    )


def _deciding(
    request: HttpRequest,
    pair_id: int,
    title: str | Promise,
    work: Callable[[Act, dict[str, Any]], Any],
    **more: Any,
) -> HttpResponse:
    row = _row(request, pair_id)
    if isinstance(row, HttpResponse):
        return row

    def done(decided: DuplicateRow) -> HttpResponse:
        tell(request, gettext("这一对现为“%(state)s”。") % {"state": named(decided.state)})
        return redirect("console:duplicates")

    facts: list[Answer] = [(_("第一份"), _short(row.one)), (_("第二份"), _short(row.other))]
    if row.survivor:
        facts.append((_("保留"), _short(row.one if row.survivor == row.one.id else row.other)))
    if row.why:
        facts.append((_("合并理由"), row.why))
    if row.maker_name:
        facts.append((_("申请人"), row.maker_name))
    task = Task(
        title,
        work,
        done,
        facts=tuple(facts),
        purpose=PURPOSE,
        back=reverse("console:duplicate_pair", args=[pair_id]),
        **more,
    )
    return run(request, task)


def _short(person: Person) -> str:
    return f"{person.name} {mask(Sensitive.IDENTITY_NUMBER, person.number)}"
