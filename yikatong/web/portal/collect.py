"""怎样领卡: for a card under way, its holder chooses again where to collect it, or to have it posted, while that can be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yikatong.basics.refused import Refused
from yikatong.cards.parcels import parcel_of
from yikatong.cards.posting import WISHED, Destination
from yikatong.cards.rows import OrderRow
from yikatong.cards.services.pick_up import change_outlet
from yikatong.cards.services.posting import wish_post, withdraw_post
from yikatong.office.act import Act, Door, open_act
from yikatong.residents.queries import Person
from yikatong.web.collecting import HERE, WHERE, Collecting, home_of, outlets_by_county, post_of
from yikatong.web.portal.doors import actor_of, resident_only
from yikatong.web.portal.home import Holding, holding
from yikatong.web.portal.page import page


class Choosing(Collecting):
    """Where it is collected, while that may still change, and whether it is posted."""

    outlet_code = forms.ChoiceField(label=gettext_lazy("在哪里领卡"), required=False)
    field_order = ("outlet_code", "collect", *WHERE)

    def offer_outlets(self, mine: Holding) -> None:
        """Ask where, if it may be changed."""
        question = self.fields["outlet_code"]
        assert isinstance(question, forms.ChoiceField) and mine.order is not None
        if not mine.may_move:
            del self.fields["outlet_code"]
            return
        question.choices = outlets_by_county()[1:]  # one is chosen already
        question.initial = mine.order.outlet


@resident_only
@require_http_methods(["GET", "POST"])
def collect(request: HttpRequest, person: Person) -> HttpResponse:
    """Choose anew where and how the card of the open order comes."""
    mine = holding(person)
    if mine.order is None or not (mine.may_choose or mine.may_move):
        return redirect("portal:home")
    home = home_of(person)
    form = Choosing(request.POST or None)
    form.offer_outlets(mine)
    if mine.may_choose:
        form.offer_post(home)
    else:
        form.offer_no_post()
    parcel = parcel_of(mine.order.id)
    posted = parcel is not None and parcel.state is WISHED
    matter = {"order": mine.order, "posted": posted, "form": form}
    if not form.is_valid():
        return page(request, "collect", person, **matter)
    with open_act(actor_of(person), door=Door.PORTAL) as act, transaction.atomic():
        order = _chosen(act, mine.order, form.cleaned_data, home, posted=posted and mine.may_choose)
        if isinstance(order, Refused):
            transaction.set_rollback(True)
    if isinstance(order, Refused):
        form.refuse(order)
        return page(request, "collect", person, **matter)
    messages.success(request, _said(form.cleaned_data.get("collect", ""), order))
    return redirect("portal:home")


def _chosen(
    act: Act, order: OrderRow, given: dict[str, Any], home: Destination | None, *, posted: bool
) -> OrderRow | Refused:
    """What was answered, done: both or nothing."""
    outlet, to = given.get("outlet_code") or order.outlet, post_of(given, home)
    if outlet != order.outlet:
        moved = change_outlet(act, order.number, outlet_code=outlet)
        if isinstance(moved, Refused):
            return moved
        order = moved
    done: Refused | None = None
    if to is not None:
        done = wish_post(act, order.number, name=to.name, phone=to.phone, address=to.address)
    elif posted:
        done = withdraw_post(act, order.number)
    return order if done is None else done


def _said(way: str, order: OrderRow) -> str:
    if way in (HERE, ""):
        return _("卡到%(outlet)s领取。") % {"outlet": order.outlet_name}
    return _("卡制好后寄给您，寄出时短信告知运单号。")
