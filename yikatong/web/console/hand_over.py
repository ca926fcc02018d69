"""领卡: the card goes into the right hand. The clerk sees the holder's photo beside whoever stands at the counter."""

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
from yikatong.cards import album, shelving
from yikatong.cards.agents import HOLDER, Service
from yikatong.cards.rows import CardRow, OrderRow
from yikatong.cards.services import hand_over as handing
from yikatong.cards.services.photo import look_at_photo
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents.queries import person
from yikatong.web.console.coming import Coming, agent_of
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.orders import order_facts
from yikatong.web.console.page import refusal
from yikatong.web.console.proving import Proving, proof_of
from yikatong.web.console.shown import order_for
from yikatong.web.console.task_page import CONFIRMED, Portrait, Task, run
from yikatong.web.pictures import data_address

PURPOSE = "发卡"


class Handing(Proving, Coming):
    """Who takes the card, read off the document they show, with their signature and photo."""

    shown_name = forms.CharField(
        label=_("所示证件姓名"),
        max_length=50,
        required=False,
        help_text=_("本人领取必填，照所出示的证件填写"),
    )
    shown_number = forms.CharField(
        label=_("所示证件号码"),
        max_length=30,
        required=False,
        help_text=_("本人领取可读卡核对"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    quiet = (*Coming.quiet, "shown_name", "shown_number", "unsigned_reason", "no_photo_reason")
    field_order = ("role", "shown_name", "shown_number")

    def clean(self) -> dict[str, Any]:
        """A holder's name is read off the document; that it was left out is not that it differs."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("role") == HOLDER and not given.get("shown_name"):
            self.add_error("shown_name", gettext("请照所出示的证件填写姓名。"))
        return given


@duty(Duty.CARD_HAND_OVER)
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a card over; ends on the receipt, from which it can be enabled."""
    order = order_for(request, number, Duty.CARD_HAND_OVER)
    if isinstance(order, Refused):
        return refusal(request, order)
    holder = person(order.resident_id)

    def work(act: Act, given: dict[str, Any]) -> CardRow | Refused:
        return handing.hand_over(
            act,
            order_number=number,
            proof=proof_of(given),
            shown_name=given["shown_name"],
            shown_number=given["shown_number"],
            by=agent_of(given),
            scope=scope_of(request),
        )

    def done(row: CardRow) -> HttpResponse:
        return redirect("console:receipt", number)

    def questions(*args: Any, **kwargs: Any) -> Handing:
        return Handing(*args, service=Service.COLLECT, resident_id=order.resident_id, **kwargs)

    task = Task(
        _("发卡"),
        work,
        done,
        form=questions,
        back=reverse("console:order", args=[number]),
        facts=(
            *order_facts(order),
            (_("卡位"), shelving.slot_of(order.id) or "—"),
            (_("社会保障号码"), mask(Sensitive.IDENTITY_NUMBER, holder.number) if holder else "—"),
            *(
                (_("登记的监护人"), f"{each.name}（{each.relation}）")
                for each in (holder.guardians if holder else ())
            ),
        ),
        button=_("确认已发到领卡人手中"),
        purpose=PURPOSE,
        note=_("代办人须出示双方证件和委托书；未满十六周岁由监护人领取。"),
        portrait=_portrait(request, order),
    )
    return run(request, task)


def _portrait(request: HttpRequest, order: OrderRow) -> Portrait | None:
    """The holder's photo to compare with; each look is journalled. None once the clerk has confirmed."""
    if request.POST.get("step") == CONFIRMED:
        return None
    if album.photo_of(order.resident_id) is None:
        return Portrait("", _("没有持卡人照片，请仔细核对证件。"))
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
        seen = look_at_photo(act, resident_id=order.resident_id, purpose="发卡时与领卡人核对")
    return Portrait("" if isinstance(seen, Refused) else data_address(seen), _("持卡人照片"))
