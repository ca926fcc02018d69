"""领卡: the card goes into the right hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.cards.rows import CardRow
from yikatong.cards.services import hand_over as handing
from yikatong.cards.services.proof import Proof
from yikatong.cards.standing import Receiver
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents.queries import person
from yikatong.web.console.doors import scope_of
from yikatong.web.console.orders import order_facts
from yikatong.web.console.page import refusal
from yikatong.web.console.shown import order_for
from yikatong.web.console.task_page import Task, run
from yikatong.web.forms import Questions
from yikatong.web.pictures import PictureField
from yikatong.web.templatetags.house import named


class Handing(Questions):
    """Who takes the card, read off the document they show."""

    receiver_role = forms.ChoiceField(
        label=_("领卡人"), widget=forms.RadioSelect, initial=Receiver.HOLDER.value
    )
    receiver_name = forms.CharField(label=_("领卡人姓名"), max_length=100, help_text=_("照所出示的证件填写"))
    receiver_number = forms.CharField(
        label=_("领卡人证件号码"),
        max_length=30,
        required=False,
        help_text=_("监护人和代办人必填；本人领取可读卡核对"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    letter = forms.CharField(
        label=_("委托书编号"),
        max_length=40,
        required=False,
        help_text=_("代办人必填；没有编号的填写委托日期"),
    )
    signature = PictureField("widgets/signature.html", label=_("领卡人签名"))
    unsigned_reason = forms.CharField(
        label=_("没有签名的原因"), max_length=60, required=False, help_text=_("例如：不会写字，已按手印存档")
    )
    receiver_photo = PictureField("widgets/receiver_photo.html", label=_("领卡人照片"))
    no_photo_reason = forms.CharField(
        label=_("没有照片的原因"), max_length=60, required=False, help_text=_("例如：摄像头故障")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["receiver_role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(each.value, named(each)) for each in Receiver]


@duty(Duty.CARD_HAND_OVER)
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a card over; ends on the receipt, from which it can be enabled."""
    order = order_for(request, number, Duty.CARD_HAND_OVER)
    if isinstance(order, Refused):
        return refusal(request, order)
    holder = person(order.resident_id)

    def work(act: Act, given: dict[str, Any]) -> CardRow | Refused:
        proof = Proof(
            signature=given.pop("signature"),
            unsigned_reason=given.pop("unsigned_reason"),
            photo=given.pop("receiver_photo"),
            no_photo_reason=given.pop("no_photo_reason"),
        )
        return handing.hand_over(act, order_number=number, proof=proof, scope=scope_of(request), **given)

    def done(row: CardRow) -> HttpResponse:
        return redirect("console:receipt", number)

    task = Task(
        _("发卡"),
        work,
        done,
        form=Handing,
        back=reverse("console:order", args=[number]),
        facts=(
            *order_facts(order),
            (_("社会保障号码"), mask(Sensitive.IDENTITY_NUMBER, holder.number) if holder else "—"),
            *(
                (_("登记的监护人"), f"{each.name}（{each.relation}）")
                for each in (holder.guardians if holder else ())
            ),
        ),
        button=_("确认已发到领卡人手中"),
        purpose="发卡",
        note=_("代办人须出示双方证件和委托书；未满十六周岁由监护人领取。"),
    )
    return run(request, task)
