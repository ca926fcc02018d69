"""启用: the card is in hand, and its holder, or a child's guardian, switches its social security side on."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yikatong.basics.refused import Refused
from yikatong.cards.agents import Agent, Role
from yikatong.cards.services.enable_online import enable_online
from yikatong.office.act import Door, open_act
from yikatong.residents.queries import Person
from yikatong.web.forms import Questions
from yikatong.web.portal.children import children_of
from yikatong.web.portal.doors import actor_of, resident_only
from yikatong.web.portal.home import holding
from yikatong.web.portal.page import page


class InHand(Questions):
    """What only somebody with the card in their hand can read."""

    account = forms.CharField(
        label=gettext_lazy("银行卡号"),
        max_length=40,
        help_text=gettext_lazy("卡面上的一长串数字，有没有空格都可以"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}),
    )


@resident_only
@sensitive_post_parameters("account")
@require_http_methods(["GET", "POST"])
def enable(request: HttpRequest, person: Person) -> HttpResponse:
    """Enable one's own card."""
    return _enable(request, person, person, by=None)


@resident_only
@sensitive_post_parameters("account")
@require_http_methods(["GET", "POST"])
def enable_for_child(request: HttpRequest, person: Person, child_id: int) -> HttpResponse:
    """Enable the card of a child whose guardian on file is the one who is in."""
    child = next((each for each in children_of(person) if each.id == child_id), None)
    if child is None:
        raise Http404
    return _enable(request, person, child, by=Agent(Role.GUARDIAN, person.name, person.number))


def _enable(request: HttpRequest, person: Person, holder: Person, *, by: Agent | None) -> HttpResponse:
    theirs = holding(holder)
    if theirs.card is None or not theirs.may_enable:
        return redirect("portal:home")
    form = InHand(request.POST or None)
    matter = {"card": theirs.card, "form": form, "child": holder if by else None}
    if not form.is_valid():
        return page(request, "enable", person, **matter)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        done = enable_online(act, resident_id=holder.id, account=form.cleaned_data["account"], by=by)
    if isinstance(done, Refused):
        form.refuse(done)
        return page(request, "enable", person, **matter)
    messages.success(request, _("社保功能已启用。金融账户请本人到开户银行激活。"))
    return redirect("portal:home")
