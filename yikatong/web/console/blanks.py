"""空白卡: what lies where, papers that wait for their second person, what is in the hand, and counting."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import shelf
from yikatong.cards.blanks import PaperKind
from yikatong.cards.services import blank_papers, blank_use
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.places import OutletRow, outlet, outlets
from yikatong.office.scope import Scope
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page, refusal
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named

SLUG = re.compile(r"[A-Za-z0-9]+")
Work = Callable[[Act, dict[str, Any]], Any]


@duty(Duty.CARD_LOOK)
def shelves(request: HttpRequest) -> HttpResponse:
    """The balance of every place, open papers and open counts, and what can be done."""
    scope = scope_of(request)
    context = {
        "balances": shelf.balances(scope),
        "hand": shelf.in_hand(actor_of(request).code),
        "papers": [
            (
                row,
                _within(scope, row.target_code or row.source_code),
                _within(scope, row.source_code or row.target_code),
            )
            for row in shelf.open_papers(scope)
        ],
        "mine": actor_of(request).code,
        "counts": shelf.open_counts(scope),
    }
    return page(request, "blanks", context)


def _within(scope: Scope, code: str) -> bool:
    place = outlet(code)
    return place is not None and scope.covers(place.region, place.code)


def _ours(scope: Scope) -> list[tuple[str, str]]:
    return _choices(each for each in outlets() if each.instant and scope.covers(each.region, each.code))


def _choices(rows: Any) -> list[tuple[str, str]]:
    found: list[OutletRow] = list(rows)
    return [(each.code, each.name) for each in found]


class Place(Questions):
    """At which outlet."""

    outlet_code = forms.ChoiceField(label=_("网点"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("outlet_code", _ours(scope))


class Paper(Questions):
    """Which serials move, and between which places."""

    kind = forms.ChoiceField(label=_("种类"), widget=forms.RadioSelect, initial=PaperKind.DELIVERY.value)
    letters = forms.CharField(label=_("序列号前缀"), max_length=6, required=False)
    first = forms.IntegerField(
        label=_("起号"), min_value=1, help_text=_("前缀之后的八位数字，前面的 0 可不填")
    )
    last = forms.IntegerField(label=_("止号"), min_value=1)
    source = forms.ChoiceField(label=_("调出网点"), required=False, help_text=_("调拨和退回填写"))
    target = forms.ChoiceField(label=_("调入网点"), required=False, help_text=_("到货和调拨填写"))
    note = forms.CharField(label=_("备注"), max_length=60, required=False, help_text=_("例如送货单号"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nowhere = ("", gettext("（无）"))
        instant = _choices(each for each in outlets() if each.instant)
        for name, choices in (
            ("kind", [(each.value, named(each)) for each in PaperKind]),
            ("source", [nowhere, *_ours(scope)]),
            ("target", [nowhere, *instant]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class Draw(Place):
    count = forms.IntegerField(label=_("张数"), min_value=1, max_value=500)


class Use(Questions):
    serial = forms.CharField(
        label=_("空白卡序列号"), max_length=14, help_text=_("照卡背面填写；须是您领用的卡")
    )
    order_number = forms.CharField(label=_("受理编号"), max_length=12)


class Spoil(Questions):
    serial = forms.CharField(label=_("空白卡序列号"), max_length=14)
    reason = forms.CharField(label=_("作废原因"), max_length=60)


class Counted(Place):
    counted = forms.IntegerField(
        label=_("清点张数"), min_value=0, help_text=_("在库和领用未用的都要数；两人各数各的，互不告知")
    )


class Explanation(Questions):
    explanation = forms.CharField(label=_("差异原因和处理"), max_length=200)


def _task(
    request: HttpRequest, title: Any, work: Work, text: Callable[[Any], str], **more: Any
) -> HttpResponse:
    def done(result: Any) -> HttpResponse:
        tell(request, text(result))
        return redirect("console:blanks")

    back = reverse("console:blanks")
    return run(request, Task(title, work, done, back=back, purpose=str(title), **more))


@duty(Duty.BLANK_KEEP)
def write(request: HttpRequest) -> HttpResponse:
    """到货、调拨、退回: the first person."""
    scope = scope_of(request)

    def work(act: Act, given: dict[str, Any]) -> Any:
        kind, prefix = PaperKind(given.pop("kind")), given.pop("letters")
        return blank_papers.write_paper(act, kind=kind, prefix=prefix, scope=scope, **given)

    return _task(
        request,
        _("填写出入库单"),
        work,
        lambda row: gettext("出入库单 %(number)s 已填写，请另一人清点后确认。") % {"number": row.number},
        form=lambda *a, **k: Paper(*a, scope=scope, **k),
        note=_("填单人不能自己确认。"),
    )


def _on_paper(request: HttpRequest, number: str, title: Any, work: Work, **more: Any) -> HttpResponse:
    found = shelf.paper(number, scope_of(request))
    if found is None:
        return refusal(
            request,
            Refused("paper.unknown", "没有待确认的出入库单。", "No such paper waits to be confirmed."),
        )
    facts = (
        (_("单号"), found.number),
        (_("种类"), named(found.kind)),
        (_("序列号"), f"{found.first} – {found.last}"),
        (_("张数"), found.count),
        (_("调出网点"), found.source or "—"),
        (_("调入网点"), found.target or "—"),
        (_("备注"), found.note or "—"),
    )
    return _task(request, title, work, lambda row: gettext("已办理：%s。") % row.number, facts=facts, **more)


@duty(Duty.BLANK_KEEP)
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """The second person has counted."""
    return _on_paper(
        request,
        number,
        _("确认出入库单"),
        lambda act, given: blank_papers.confirm_paper(act, number=number, scope=scope_of(request)),
        button=_("已清点，确认"),
        note=_("请逐箱核对起止序列号和张数，不符的不要确认，请填单人撤回重填。"),
    )


@duty(Duty.BLANK_KEEP)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """A paper written wrongly."""
    return _on_paper(
        request,
        number,
        _("撤回出入库单"),
        lambda act, given: blank_papers.withdraw_paper(act, number=number, scope=scope_of(request)),
        button=_("确认撤回"),
        danger=True,
    )


@duty(Duty.BLANK_KEEP)
def draw(request: HttpRequest) -> HttpResponse:
    """领用."""
    scope = scope_of(request)
    return _task(
        request,
        _("领用空白卡"),
        lambda act, given: blank_use.draw_blanks(act, scope=scope, **given),
        lambda serials: (
            gettext("已领用：%(first)s 至 %(last)s。") % {"first": serials[0], "last": serials[-1]}
        ),
        form=lambda *a, **k: Draw(*a, scope=scope, **k),
    )


@duty(Duty.BLANK_KEEP)
def give_back(request: HttpRequest) -> HttpResponse:
    """交回: everything in one's hand."""
    scope = scope_of(request)
    return _task(
        request,
        _("交回空白卡"),
        lambda act, given: _counted_or_refused(blank_use.give_back_blanks(act, scope=scope, **given)),
        lambda counted: (
            ngettext("已交回 %(count)d 张。", "已交回 %(count)d 张。", counted["count"]) % counted
        ),
        form=lambda *a, **k: Place(*a, scope=scope, **k),
    )


def _counted_or_refused(result: int | Refused) -> dict[str, int] | Refused:
    return result if isinstance(result, Refused) else {"count": result}


@duty(Duty.BLANK_KEEP)
def use(request: HttpRequest) -> HttpResponse:
    """Bind a blank to the order whose card was made on it; from that order's own page one returns there."""
    number = request.GET.get("order", "")[:12]
    held = shelf.in_hand(actor_of(request).code)
    back = reverse("console:instant", args=[number]) if SLUG.fullmatch(number) else reverse("console:blanks")

    def done(serial: str) -> HttpResponse:
        tell(request, gettext("空白卡 %s 已登记制成。") % serial)
        return redirect(back)

    task = Task(
        _("登记即时制卡用卡"),
        lambda act, given: blank_use.use_blank(act, scope=scope_of(request), **given),
        done,
        form=Use,
        facts=((_("您手里的空白卡"), held_text(held)),),
        initial={"order_number": number},
        purpose="登记即时制卡用卡",
        back=back,
    )
    return run(request, task)


def held_text(held: shelf.Hand) -> str:
    """What is in one's hand, in a few words."""
    if not held.count:
        return format_html(
            '{} <a href="{}">{}</a>',
            gettext("没有，请先领用"),
            reverse("console:blank_draw"),
            gettext("领用空白卡"),
        )
    return gettext("%(count)d 张，下一张 %(next)s") % {"count": held.count, "next": held.next}


@duty(Duty.BLANK_KEEP)
def spoil(request: HttpRequest) -> HttpResponse:
    """作废."""
    return _task(
        request,
        _("登记作废空白卡"),
        lambda act, given: blank_use.spoil_blank(act, scope=scope_of(request), **given),
        lambda serial: gettext("空白卡 %s 已登记作废，请收入废卡箱。") % serial,
        form=Spoil,
        danger=True,
    )


@duty(Duty.BLANK_KEEP)
def count(request: HttpRequest) -> HttpResponse:
    """盘点: the first person begins a count, the second finishes it; neither sees the other's figure."""
    scope = scope_of(request)

    def work(act: Act, given: dict[str, Any]) -> Any:
        waits = any(row.outlet == given["outlet_code"] and row.second is None for row in shelf.open_counts())
        service = blank_use.finish_count if waits else blank_use.begin_count
        return service(act, scope=scope, **given)

    return _task(
        request,
        _("盘点空白卡"),
        work,
        lambda row: gettext("盘点已登记：%s。") % named(row.state),
        form=lambda *a, **k: Counted(*a, scope=scope, **k),
        initial={"outlet_code": request.GET.get("outlet", "")},
        note=_("由两人分别清点、分别登记；不符的由负责人说明。"),
    )


@duty(Duty.BLANK_EXPLAIN)
def explain(request: HttpRequest, count_id: int) -> HttpResponse:
    """说明差异: a third person."""
    scope = scope_of(request)
    row = next((each for each in shelf.open_counts(scope) if each.id == count_id), None)
    if row is None:
        return refusal(request, Refused("count.unknown", "没有待说明的盘点差异。", "No difference waits."))
    facts = (
        (_("网点"), row.outlet_name),
        (_("第一人"), f"{row.first} / {row.first_expected}"),
        (_("第二人"), f"{row.second} / {row.second_expected}"),
    )
    return _task(
        request,
        _("说明盘点差异"),
        lambda act, given: blank_use.explain_count(act, count_id=count_id, scope=scope, **given),
        lambda _row: gettext("差异说明已登记。"),
        form=Explanation,
        facts=facts,
    )
