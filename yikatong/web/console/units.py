"""申领单位: the register of schools and employers that bring lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.cards import unit_lists as queries
from yikatong.cards.collective import UnitKind
from yikatong.cards.services import units as services
from yikatong.cards.unit_lists import UnitRow
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.queries import regions
from yikatong.web.console.doors import scope_of
from yikatong.web.console.orders import Reason
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named, region_name

AT_ONCE = 50


class Particulars(Questions):
    """What may change about a unit."""

    name = forms.CharField(label=_("单位全称"), max_length=services.NAME_LENGTH)
    contact = forms.CharField(label=_("联系人"), max_length=50)
    phone = forms.CharField(
        label=_("联系电话"), max_length=20, help_text=_("卡到网点后按这个号码通知单位来领")
    )


class NewUnit(Particulars):
    """A unit as it is first written down."""

    code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=30,
        help_text=_("18位，照证照填写"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=_("单位类别"), widget=forms.RadioSelect)
    region = forms.ChoiceField(label=_("所在县区"))
    field_order = ("code", "name", "kind", "region", "contact", "phone")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_of(request)
        here = [(each.code, each.name) for each in regions() if each.parent and scope.covers(each.code)]
        for name, choices in (("kind", [(each.value, named(each)) for each in UnitKind]), ("region", here)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


@duty(Duty.CARD_LIST)
def units(request: HttpRequest) -> HttpResponse:
    """The register within the reader's area."""
    start = start_of(request)
    rows = queries.units(scope_of(request), limit=AT_ONCE + 1, offset=start)
    context = {
        "rows": [(row, mask(Sensitive.PHONE, row.phone)) for row in rows[:AT_ONCE]],
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "units", context)


@duty(Duty.CARD_LIST)
def register(request: HttpRequest) -> HttpResponse:
    """Write a unit down; from there its list is brought."""

    def work(act: Act, given: dict[str, Any]) -> UnitRow | Refused:
        return services.register_unit(act, scope=scope_of(request), **given)

    def done(row: UnitRow) -> HttpResponse:
        tell(request, gettext("单位已登记，可以上传名单。"))
        return redirect(f"{reverse('console:bring_list')}?unit={row.code}")

    task = Task(
        _("登记申领单位"),
        work,
        done,
        form=lambda *a, **k: NewUnit(*a, request=request, **k),
        back=reverse("console:units"),
        purpose="登记申领单位",
        button=_("确认登记"),
    )
    return run(request, task)


def unit_facts(row: UnitRow) -> tuple[Answer, ...]:
    """A unit as task pages show it."""
    return (
        (_("单位"), row.name),
        (_("统一社会信用代码"), row.code),
        (_("单位类别"), named(row.kind)),
        (_("所在县区"), region_name(row.region)),
        (_("联系人"), f"{row.contact}，{mask(Sensitive.PHONE, row.phone)}"),
    )


@duty(Duty.CARD_LIST)
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Set name, contact or phone right."""

    def work(act: Act, given: dict[str, Any]) -> UnitRow | Refused:
        return services.correct_unit(act, code, scope=scope_of(request), **given)

    row = queries.unit(code, scope_of(request))
    initial = {"name": row.name, "contact": row.contact} if row else {}
    return _on_unit(
        request, row, _("更正申领单位"), work, gettext("已更正。"), form=Particulars, initial=initial
    )


@duty(Duty.CARD_LIST)
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Take a unit out of use."""

    def work(act: Act, given: dict[str, Any]) -> UnitRow | Refused:
        return services.close_unit(act, code, reason=given["reason"], scope=scope_of(request))

    row = queries.unit(code, scope_of(request))
    return _on_unit(
        request,
        row,
        _("停用申领单位"),
        work,
        gettext("已停用，不再受理其名单。"),
        form=Reason,
        danger=True,
        button=_("确认停用"),
    )


@duty(Duty.CARD_LIST)
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Bring a closed unit back."""

    def work(act: Act, given: dict[str, Any]) -> UnitRow | Refused:
        return services.reopen_unit(act, code, scope=scope_of(request))

    row = queries.unit(code, scope_of(request))
    return _on_unit(request, row, _("恢复申领单位"), work, gettext("已恢复。"), button=_("确认恢复"))


def _on_unit(
    request: HttpRequest, row: UnitRow | None, title: Any, work: Any, said: str, **more: Any
) -> HttpResponse:
    if row is None:
        return refusal(request, Refused("unit.unknown", "没有登记这个单位。", "There is no such unit."))

    def done(_row: UnitRow) -> HttpResponse:
        tell(request, said)
        return redirect("console:units")

    task = Task(
        title, work, done, facts=unit_facts(row), back=reverse("console:units"), purpose=str(title), **more
    )
    return run(request, task)
