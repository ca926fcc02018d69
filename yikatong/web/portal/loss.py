"""Temporary loss, reported and undone by the holder."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yikatong.basics.refused import Refused
from yikatong.cards.services import loss
from yikatong.office import clock, rulebook
from yikatong.office.act import Door, open_act
from yikatong.residents.queries import Person
from yikatong.web.forms import said
from yikatong.web.portal.doors import actor_of, resident_only
from yikatong.web.portal.home import holding
from yikatong.web.portal.page import page

CHANNEL = "web"


@resident_only
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, person: Person) -> HttpResponse:
    """Say what will happen; on confirmation stop both applications of the card."""
    mine = holding(person)
    if mine.card is None or not mine.may_report_loss:
        return redirect("portal:home")
    days = rulebook.whole("card.temporary_loss_days", clock.today())
    matter = {"card": mine.card, "days": days, "until": clock.now() + timedelta(days=days)}
    if request.method == "GET":
        return page(request, "loss", person, **matter)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        done = loss.report_temporary_loss(act, card_no=mine.card.card_no, channel=CHANNEL)
    if isinstance(done, Refused):
        return page(request, "loss", person, errors=[said(done)], **matter)
    messages.success(request, _("已临时挂失，卡上的社保和银行功能都已停用。"))
    return redirect("portal:home")


@resident_only
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, person: Person) -> HttpResponse:
    """The card was found: release the temporary loss."""
    mine = holding(person)
    if mine.card is None or not mine.may_undo_loss:
        return redirect("portal:home")
    if request.method == "GET":
        return page(request, "undo", person, card=mine.card)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        done = loss.release_temporary_loss(act, card_no=mine.card.card_no)
    if isinstance(done, Refused):
        return page(request, "undo", person, card=mine.card, errors=[said(done)])
    messages.success(request, _("已解除临时挂失，卡可以用了。"))
    return redirect("portal:home")
