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
from yikatong.cards.standing import Side
from yikatong.office import clock, rulebook
from yikatong.office.act import Door, open_act
from yikatong.residents.queries import Person
from yikatong.web.forms import said
from yikatong.web.portal.doors import actor_of, resident_only
from yikatong.web.portal.home import holding
from yikatong.web.portal.page import page
from yikatong.web.templatetags.house import named

CHANNEL = "web"


@resident_only
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, person: Person) -> HttpResponse:
    """Say what will happen; on confirmation stop the side or sides the holder names."""
    mine = holding(person)
    sides = mine.sides_to_report
    if mine.card is None or not sides:
        return redirect("portal:home")
    days = rulebook.whole("card.temporary_loss_days", clock.today())
    until = clock.now() + timedelta(days=days)
    matter = {"card": mine.card, "days": days, "until": until, "sides": sides}
    which = _chosen(request, sides)
    if request.method == "GET" or which is None:
        return page(request, "loss", person, **matter)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        done = loss.report_temporary_loss(act, card_no=mine.card.card_no, channel=CHANNEL, which=which)
    if isinstance(done, Refused):
        return page(request, "loss", person, errors=[said(done)], **matter)
    messages.success(request, _("已临时挂失：%(side)s。") % {"side": named(which)})
    return redirect("portal:home")


@resident_only
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, person: Person) -> HttpResponse:
    """The card was found: release the temporary loss of the side or sides the holder names."""
    mine = holding(person)
    sides = mine.sides_to_release
    if mine.card is None or not sides:
        return redirect("portal:home")
    which = _chosen(request, sides)
    if request.method == "GET" or which is None:
        return page(request, "undo", person, card=mine.card, sides=sides)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        done = loss.release_temporary_loss(act, card_no=mine.card.card_no, which=which)
    if isinstance(done, Refused):
        return page(request, "undo", person, card=mine.card, sides=sides, errors=[said(done)])
    messages.success(request, _("已解除临时挂失，卡可以用了。"))
    return redirect("portal:home")


def _chosen(request: HttpRequest, sides: tuple[Side, ...]) -> Side | None:
    """The side named in the form; the first offered where none is named, None where it is not offered."""
    asked = request.POST.get("which", sides[0].value)
    return next((side for side in sides if side.value == asked), None)
