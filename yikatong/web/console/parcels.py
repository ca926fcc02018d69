"""邮寄: where a card is to be sent, handing it to the courier, and what the courier says became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.cards import parcels
from yikatong.cards.parcels import ParcelRow
from yikatong.cards.rows import OrderRow
from yikatong.cards.services import posting
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.rulebook import ruling
from yikatong.residents.queries import names_of, person
from yikatong.web.collecting import by_post
from yikatong.web.console.doors import scope_of
from yikatong.web.console.orders import order_facts
from yikatong.web.console.page import page, refusal
from yikatong.web.console.shown import note_names, order_for
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions

Work = Callable[[Act, dict[str, Any]], Refused | None]


class Destination(Questions):
    """Where to."""

    name = forms.CharField(label=_("收件人"), max_length=50)
    phone = forms.CharField(label=_("收件电话"), max_length=20)
    address = forms.CharField(
        label=_("收件地址"), max_length=120, help_text=_("省、市、县、街道或乡镇，到门牌或村组")
    )


class Waybill(Questions):
    """The courier's label."""

    company = forms.ChoiceField(label=_("寄递企业"))
    waybill = forms.CharField(
        label=_("运单号"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = self.fields["company"]
        assert isinstance(company, forms.ChoiceField)
        company.choices = [(each, each) for each in ruling("card.post_companies", clock.today()).value]


class Signed(Questions):
    """What the courier's list says."""

    signed_by = forms.CharField(label=_("签收人"), max_length=50, help_text=_("照寄递企业的签收记录填写"))
    on = forms.DateField(
        label=_("签收日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class Note(Questions):
    note = forms.CharField(label=_("寄递企业所述原因"), max_length=60)


@duty(Duty.CARD_HAND_OVER)
def listed(request: HttpRequest) -> HttpResponse:
    """What is to be posted, and what is under way."""
    scope = scope_of(request)
    ready, sent = parcels.to_be_posted(scope), parcels.under_way(scope)
    people = sorted({row.resident_id for row in (*ready, *sent)})
    note_names(request, people, "邮寄", "parcels")
    names = names_of(people)
    context = {
        "ready": [(row, names.get(row.resident_id, "")) for row in ready],
        "sent": [(row, names.get(row.resident_id, "")) for row in sent],
    }
    return page(request, "parcels", context)


def _task(
    request: HttpRequest,
    number: str,
    needed: Duty,
    title: Any,
    work: Callable[[OrderRow], Work],
    said: Any,
    form: type[Questions] | None = None,
    **more: Any,
) -> HttpResponse:
    order = order_for(request, number, needed)
    if isinstance(order, Refused):
        return refusal(request, order)
    row = parcels.parcel_of(order.id)

    def done(_nothing: None) -> HttpResponse:
        tell(request, str(said))
        return redirect("console:order", number)

    more |= {"form": form} if form else {}
    task = Task(
        title,
        work(order),
        done,
        facts=(*order_facts(order), *parcel_facts(row)),
        back=reverse("console:order", args=[number]),
        purpose=str(title),
        **more,
    )
    return run(request, task)


def parcel_facts(row: ParcelRow | None) -> tuple[Answer, ...]:
    """A posting as pages show it: the address down to the township, as whoever only looks may see it."""
    if row is None:
        return ()
    found: tuple[Answer, ...] = (
        (_("收件人"), mask(Sensitive.NAME, row.name)),
        (_("收件电话"), mask(Sensitive.PHONE, row.phone)),
        (_("收件地址"), mask(Sensitive.ADDRESS, row.address)),
    )
    return found + (((_("运单号"), f"{row.company} {row.waybill}"),) if row.waybill else ())


@duty(Duty.CARD_APPLY)
def wish(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the card is to be posted, and where to."""
    order = order_for(request, number, Duty.CARD_APPLY)
    if isinstance(order, Refused):
        return refusal(request, order)
    holder = person(order.resident_id)
    return _task(
        request,
        number,
        Duty.CARD_APPLY,
        _("登记邮寄"),
        lambda order: lambda act, given: posting.wish_post(act, number, scope=scope_of(request), **given),
        _("已登记邮寄，寄出后短信告知运单号。"),
        Destination,
        initial={"name": holder.name if holder else ""},
        note=by_post(clock.today()),
    )


@duty(Duty.CARD_APPLY)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The holder will come after all."""
    return _task(
        request,
        number,
        Duty.CARD_APPLY,
        _("改为自取"),
        lambda order: lambda act, given: posting.withdraw_post(act, number, scope=scope_of(request)),
        _("已改为到网点自取。"),
    )


@duty(Duty.CARD_HAND_OVER)
def send(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the card to the courier; here the address stands in full, to be written on the label."""
    order = order_for(request, number, Duty.CARD_HAND_OVER)
    if isinstance(order, Refused):
        return refusal(request, order)
    row = parcels.parcel_of(order.id)
    label = gettext("面单：%(name)s，%(phone)s，%(address)s") % (
        {"name": row.name, "phone": row.phone, "address": row.address}
        if row
        else dict.fromkeys(("name", "phone", "address"), "—")
    )
    return _task(
        request,
        number,
        Duty.CARD_HAND_OVER,
        _("交寄"),
        lambda order: (
            lambda act, given: posting.hand_to_courier(act, number, scope=scope_of(request), **given)
        ),
        _("已交寄，并已短信告知运单号。"),
        Waybill,
        note=label,
    )


def _waybill(number: str, service: Callable[..., Refused | None], scope: Any) -> Callable[[OrderRow], Work]:
    def of(order: OrderRow) -> Work:
        row = parcels.parcel_of(order.id)
        return lambda act, given: service(act, waybill=row.waybill if row else "", scope=scope, **given)

    return of


@duty(Duty.CARD_HAND_OVER)
def delivered(request: HttpRequest, number: str) -> HttpResponse:
    """The courier says that it was signed for."""
    return _task(
        request,
        number,
        Duty.CARD_HAND_OVER,
        _("登记签收"),
        _waybill(number, posting.confirm_delivered, scope_of(request)),
        _("已登记签收，卡仍须持有效证件启用。"),
        Signed,
    )


@duty(Duty.CARD_HAND_OVER)
def came_back(request: HttpRequest, number: str) -> HttpResponse:
    """It could not be delivered."""
    return _task(
        request,
        number,
        Duty.CARD_HAND_OVER,
        _("登记退回网点"),
        _waybill(number, posting.bring_back, scope_of(request)),
        _("卡已退回网点，并已短信通知。"),
        Note,
    )


@duty(Duty.CARD_CANCEL)
def lost(request: HttpRequest, number: str) -> HttpResponse:
    """The courier lost it."""
    return _task(
        request,
        number,
        Duty.CARD_CANCEL,
        _("登记寄失"),
        _waybill(number, posting.write_off, scope_of(request)),
        _("已登记寄失，该卡已注销，请联系持卡人重新申领。"),
        Note,
        danger=True,
        warning=_("登记后该卡注销，不能恢复；申请随之办结，持卡人可重新申领。"),
    )
