"""成品卡入库 box by box, and 卡位: where a card lies at the outlet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import queries, shelving
from yikatong.cards.services.boxes import Counted, count_box, take_found
from yikatong.cards.services.slots import open_slots, put_in_slot
from yikatong.cards.shelving import BoxRow
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.places import outlets
from yikatong.office.scope import Scope
from yikatong.residents.queries import names_of
from yikatong.web.console.doors import scope_of
from yikatong.web.console.orders import order_facts
from yikatong.web.console.page import page, refusal
from yikatong.web.console.shown import note_names, order_for
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions


def label_of(row: BoxRow) -> str:
    """What names a box at an outlet: `61040000-B000000018-001`, with nothing at the end where no box is named."""
    return f"{row.outlet}-{row.batch}-{row.box}"


def _awaited(label: str, scope: Scope) -> BoxRow | None:
    return next((row for row in shelving.boxes_awaited(scope) if label_of(row) == label), None)


GONE = Refused(
    "box.unknown",
    "这一箱没有等待入库的卡，可能已由他人入库。",
    "Nothing is awaited in this box; somebody else may have taken it in.",
)


@duty(Duty.CARD_STOCK)
def boxes(request: HttpRequest) -> HttpResponse:
    """成品卡入库: the boxes that are awaited, and the counts that did not fit."""
    scope = scope_of(request)
    made = next((each for each in queries.queues(scope) if each.state == "made"), None)
    context = {
        "boxes": [(row, label_of(row)) for row in shelving.boxes_awaited(scope)],
        "made": made.count if made else 0,
        "wrong": shelving.counted_wrong(scope),
    }
    return page(request, "boxes", context)


def _slot_question(outlet: str, scope: Scope, *, required: bool = False) -> forms.ChoiceField:
    rows = [each for each in shelving.slots(scope, outlet) if each.free]
    none = gettext("请选择") if rows else gettext("本网点没有空卡位，请先增设卡位")
    choices = [("", none if required else gettext("暂不放入卡位"))]
    choices += [
        (each.code, gettext("%(code)s（空 %(free)d）") % {"code": each.code, "free": each.free})
        for each in rows
    ]
    return forms.ChoiceField(label=_("放入卡位"), required=required, choices=choices)


class Counting(Questions):
    """How many cards lie in the box: counted blind, what is expected stands nowhere on the page."""

    counted = forms.IntegerField(
        label=_("实点张数"), min_value=0, max_value=100_000, help_text=_("逐张清点后填写")
    )

    def __init__(self, *args: Any, slot: forms.ChoiceField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"] = slot


class Found(Questions):
    """The cards that are there, one by one."""

    card_nos = forms.CharField(
        label=_("箱内卡号"),
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("逐张扫描，一行一个卡号"),
        max_length=10_000,
    )

    def __init__(self, *args: Any, slot: forms.ChoiceField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"] = slot


@duty(Duty.CARD_STOCK)
def count(request: HttpRequest, label: str) -> HttpResponse:
    """Count a box and take it in; a difference leads on to reading its cards one by one."""
    scope = scope_of(request)
    row = _awaited(label, scope)
    if row is None:
        return refusal(request, GONE)

    def work(act: Act, given: dict[str, Any]) -> Counted | Refused:
        return count_box(
            act,
            outlet_code=row.outlet,
            batch_number=row.batch,
            box=row.box,
            counted=given["counted"],
            slot=given["slot"],
            scope=scope,
        )

    def done(result: Counted) -> HttpResponse:
        if result.fits:
            return _stocked(request, result)
        tell(
            request,
            gettext(
                "实点 %(counted)d 张，与装箱清单不符（应有 %(expected)d 张），已登记，本箱尚未入库。请逐张扫描。"
            )
            % {"counted": result.counted, "expected": result.expected},
        )
        return redirect("console:take_found", label)

    task = Task(
        _("清点入库"),
        work,
        done,
        form=lambda *a, **k: Counting(*a, slot=_slot_question(row.outlet, scope), **k),
        button=_("确认清点"),
        purpose="成品卡入库",
        facts=_box_facts(row),
        back=reverse("console:receive_box"),
        note=_("张数相符的整箱入库并短信通知领卡；不符的登记差异，再逐张扫描。"),
    )
    return run(request, task)


@duty(Duty.CARD_STOCK)
def found(request: HttpRequest, label: str) -> HttpResponse:
    """Take in the cards of a box that are there, read one by one; the others stay on record as not arrived."""
    scope = scope_of(request)
    row = _awaited(label, scope)
    if row is None:
        return refusal(request, GONE)

    def work(act: Act, given: dict[str, Any]) -> Counted | Refused:
        return take_found(
            act,
            outlet_code=row.outlet,
            batch_number=row.batch,
            box=row.box,
            card_nos=given["card_nos"].split(),
            slot=given["slot"],
            scope=scope,
        )

    task = Task(
        _("逐张入库"),
        work,
        lambda result: _stocked(request, result),
        form=lambda *a, **k: Found(*a, slot=_slot_question(row.outlet, scope), **k),
        button=_("确认入库"),
        purpose="成品卡入库",
        facts=(*_box_facts(row), (_("应有"), row.cards)),
        back=reverse("console:receive_box"),
        note=_("没有扫描到的卡仍记为制卡完成，请与中心核对去向。"),
    )
    return run(request, task)


def _stocked(request: HttpRequest, result: Counted) -> HttpResponse:
    said = ngettext(
        "已入库 %(count)d 张，并已短信通知领卡。", "已入库 %(count)d 张，并已短信通知领卡。", result.stocked
    ) % {"count": result.stocked}
    missing = result.expected - result.stocked
    if missing:
        said += gettext("还有 %(missing)d 张未到。") % {"missing": missing}
    tell(request, said)
    return redirect("console:receive_box")


def _box_facts(row: BoxRow) -> tuple[Answer, ...]:
    return ((_("网点"), row.outlet_name), (_("批次"), row.batch), (_("箱号"), row.box or gettext("未注明")))


# --- slots ------------------------------------------------------------------------------------------------------


class Opening(Questions):
    """Labels of new slots."""

    outlet_code = forms.ChoiceField(label=_("网点"))
    cabinet = forms.CharField(
        label=_("柜号"), max_length=6, help_text=_("例如：A 或 A1，卡位为 A-01、A-02……")
    )
    first = forms.IntegerField(label=_("从第几位"), min_value=1, max_value=999, initial=1)
    last = forms.IntegerField(label=_("到第几位"), min_value=1, max_value=999)
    capacity = forms.IntegerField(label=_("每位可放张数"), min_value=1, max_value=500, initial=50)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [(each.code, each.name) for each in outlets() if scope.covers(each.region, each.code)]
        self.offer("outlet_code", here)


@duty(Duty.CARD_STOCK)
def slots(request: HttpRequest) -> HttpResponse:
    """卡位: which slot a card lies in, which have room, and which cards lie in none."""
    scope, asked = scope_of(request), request.GET.get("q", "").strip()[:50]
    hits = shelving.find_lying(scope, asked)
    loose = () if asked else shelving.without_slot(scope)
    shown = hits or loose
    note_names(request, sorted({row.resident_id for row in shown}), "卡位", "slots")
    names, places = names_of(row.resident_id for row in shown), shelving.slots_of(row.id for row in shown)
    context = {
        "asked": asked,
        "rows": [(row, names.get(row.resident_id, ""), places.get(row.id, "")) for row in shown],
        "slots": shelving.slots(scope),
    }
    return page(request, "slots", context)


@duty(Duty.CARD_STOCK)
def slot(request: HttpRequest, slot_id: int) -> HttpResponse:
    """What lies in one slot."""
    found_slot = shelving.slot(scope_of(request), slot_id)
    if found_slot is None:
        return refusal(request, Refused("slot.unknown", "没有这个卡位。", "There is no such slot."))
    rows = shelving.in_slot(slot_id)
    note_names(request, sorted({row.resident_id for row in rows}), "卡位", "slots")
    names = names_of(row.resident_id for row in rows)
    context = {"slot": found_slot, "rows": [(row, names.get(row.resident_id, ""), "") for row in rows]}
    return page(request, "slot", context)


@duty(Duty.CARD_STOCK)
def add_slots(request: HttpRequest) -> HttpResponse:
    """Label new slots."""
    scope = scope_of(request)

    def done(how_many: int) -> HttpResponse:
        tell(request, gettext("已增加 %(count)d 个卡位。") % {"count": how_many})
        return redirect("console:slots")

    task = Task(
        _("增加卡位"),
        lambda act, given: open_slots(act, scope=scope, **given),
        done,
        form=lambda *a, **k: Opening(*a, scope=scope, **k),
        purpose="增加卡位",
        back=reverse("console:slots"),
    )
    return run(request, task)


class Where(Questions):
    """Which slot of this outlet."""

    def __init__(self, *args: Any, slot: forms.ChoiceField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"] = slot


@duty(Duty.CARD_STOCK)
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Put a card into a slot, or into another one."""
    order = order_for(request, number, Duty.CARD_STOCK)
    if isinstance(order, Refused):
        return refusal(request, order)
    scope = scope_of(request)

    def done(code: str) -> HttpResponse:
        tell(request, gettext("已放入卡位 %(code)s。") % {"code": code})
        return redirect("console:order", number)

    task = Task(
        _("放入卡位"),
        lambda act, given: put_in_slot(act, number, slot=given["slot"], scope=scope),
        done,
        form=lambda *a, **k: Where(*a, slot=_slot_question(order.outlet, scope, required=True), **k),
        facts=(*order_facts(order), (_("现在的卡位"), shelving.slot_of(order.id) or "—")),
        purpose="放入卡位",
        back=reverse("console:order", args=[number]),
    )
    return run(request, task)
