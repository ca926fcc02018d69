"""挂失与解挂 at the counter, the centre's or a bank's, and by phone: which side, and who came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.cards import queries
from yikatong.cards.agents import Service
from yikatong.cards.meanings import sides
from yikatong.cards.rows import CardRow
from yikatong.cards.services import loss
from yikatong.cards.standing import CallerCheck, Side
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.rulebook import whole
from yikatong.residents.queries import person
from yikatong.web.console.cards import task_on
from yikatong.web.console.coming import Coming, agent_of
from yikatong.web.console.doors import channel_of, scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.shown import card_for
from yikatong.web.templatetags.house import named

Losing = Callable[..., CardRow | Refused]


class WhichSide(Coming):
    """Which side, then who came."""

    which = forms.ChoiceField(
        label=_("哪一边"),
        widget=forms.RadioSelect,
        initial=Side.BOTH.value,
        help_text=_("社保功能和金融账户是各自的状态，分别登记"),
    )
    field_order: tuple[str, ...] = ("which", "role")

    def __init__(self, *args: Any, sides: tuple[Side, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        which = self.fields["which"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = [(side.value, named(side)) for side in sides]
        which.initial = which.choices[0][0] if sides else ""


class OnThePhone(WhichSide):
    """Which side, and how the caller was checked."""

    caller = forms.ChoiceField(label=_("怎样核实来电人"), widget=forms.RadioSelect)
    field_order = ("which", "caller", "role")

    def __init__(self, *args: Any, resident_id: int, **kwargs: Any) -> None:
        super().__init__(*args, resident_id=resident_id, **kwargs)
        self.offer("caller", [(each.value, named(each)) for each in CallerCheck])
        holder = person(resident_id)
        phones = (holder.phone, *(each.phone for each in holder.guardians)) if holder is not None else ()
        phone = next((mask(Sensitive.PHONE, each) for each in phones if each), "")
        self.fields["caller"].help_text = (
            gettext("请先按人员库登记的手机 %(phone)s 回拨，不用来电显示的号码") % {"phone": phone}
            if phone
            else gettext("人员库没有登记手机，请核对姓名和社会保障号码")
        )


def _loss_task(
    request: HttpRequest, card_no: str, service: Service, losing: Losing, said: str, **more: Any
) -> HttpResponse:
    needed = more.pop("needed", Duty.CARD_LOSS)
    asked: type[WhichSide] = more.pop("asked", WhichSide)
    channel = {"channel": more.pop("channel", None) or channel_of(request)} if "loss" in service.value else {}
    card = card_for(request, card_no, needed)
    if isinstance(card, Refused):
        return refusal(request, card)
    # A step that is not open is offered all the same: the service says why it is refused.
    may, temporary = queries.meaning_of(card).may, card.bank_loss_until is not None
    open_now = sides(service, may, bank_is_temporary=temporary) or tuple(Side)

    def work(act: Act, given: dict[str, Any]) -> CardRow | Refused:
        caller = {"caller": CallerCheck(given["caller"])} if "caller" in given else {}
        return losing(
            act,
            card_no=card_no,
            which=Side(given["which"]),
            by=agent_of(given),
            scope=scope_of(request),
            **channel,
            **caller,
        )

    def questions(*args: Any, **kwargs: Any) -> WhichSide:
        return asked(*args, sides=open_now, service=service, resident_id=card.resident_id, **kwargs)

    return task_on(request, card, gettext(service.zh), work, said, form=questions, **more)


def _temporary(
    request: HttpRequest,
    card_no: str,
    needed: Duty,
    channel: str | None = None,
    asked: type[WhichSide] = WhichSide,
) -> HttpResponse:
    days = whole("card.temporary_loss_days", clock.today())
    return _loss_task(
        request,
        card_no,
        Service.TEMPORARY_LOSS,
        loss.report_temporary_loss,
        gettext("已临时挂失。"),
        needed=needed,
        channel=channel,
        asked=asked,
        button=_("确认临时挂失"),
        note=gettext("临时挂失 %(days)d 天内有效，到期自动解除；确认遗失请办理正式挂失和补领。")
        % {"days": days},
        danger=True,
    )


@duty(Duty.CARD_LOSS)
def temporary_loss(request: HttpRequest, card_no: str) -> HttpResponse:
    """临时挂失 at the counter, the centre's or a bank's."""
    return _temporary(request, card_no, Duty.CARD_LOSS)


@duty(Duty.HOTLINE_LOSS)
def temporary_loss_by_phone(request: HttpRequest, card_no: str) -> HttpResponse:
    """临时挂失 by phone, after the caller was checked."""
    return _temporary(request, card_no, Duty.HOTLINE_LOSS, "hotline", OnThePhone)


@duty(Duty.CARD_LOSS)
def release_temporary_loss(request: HttpRequest, card_no: str) -> HttpResponse:
    """解除临时挂失."""
    return _loss_task(
        request,
        card_no,
        Service.RELEASE_TEMPORARY,
        loss.release_temporary_loss,
        gettext("已解除临时挂失。"),
        button=_("确认解挂"),
        note=_("须核验身份证和社保卡，不能代办。"),
    )


@duty(Duty.CARD_LOSS)
def formal_loss(request: HttpRequest, card_no: str) -> HttpResponse:
    """正式挂失, with the document of whoever came."""
    return _loss_task(
        request,
        card_no,
        Service.FORMAL_LOSS,
        loss.report_formal_loss,
        gettext("已正式挂失。可接着办理补领。"),
        button=_("确认正式挂失"),
        danger=True,
        note=_("须核验持卡人身份证；代办须核验双方证件和委托书。"),
    )


@duty(Duty.CARD_LOSS)
def release_formal_loss(request: HttpRequest, card_no: str) -> HttpResponse:
    """解除正式挂失, where the local rule allows it."""
    return _loss_task(
        request,
        card_no,
        Service.RELEASE_FORMAL,
        loss.release_formal_loss,
        gettext("已解除正式挂失。"),
        button=_("确认解挂"),
        note=_("须核验身份证和社保卡，不能代办。"),
    )
