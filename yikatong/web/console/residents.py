"""Search first, then one person's story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import queries as cards
from yikatong.cards.rows import CardRow, OrderRow
from yikatong.office.act import Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.kinds import kinds_that_read
from yikatong.office.scope import Scope
from yikatong.residents import queries, services
from yikatong.residents.rules import LIFE
from yikatong.residents.search import search as find
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page, refusal
from yikatong.web.console.people import Purpose, note_opened, opened, person_for


class Search(Purpose):
    """One box for everything a clerk may be given."""

    text = forms.CharField(
        label=_("查询内容"),
        max_length=100,
        help_text=_("社会保障号码、号码后四至六位、手机号、姓名（可只写一部分）、拼音或首字母"),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("text", "purpose")


@duty(Duty.RESIDENT_LOOK)
def search(request: HttpRequest) -> HttpResponse:
    """Find people. By POST, so that no number ever stands in an address or a server's log."""
    if request.method != "POST":
        return page(request, "search", {"form": Search(initial={"purpose": request.session.get("purpose")})})
    form = Search(request.POST)
    if not form.is_valid():
        return page(request, "search", {"form": form})
    purpose = form.cleaned_data["purpose"]
    if request.session.get("purpose") != purpose:  # setting it writes the session, whatever it was before
        request.session["purpose"] = purpose
    found = find(form.cleaned_data["text"], scope_of(request))
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=purpose) as act:
        services.note_search(act, found, purpose)
    return page(request, "search", {"form": form, "found": found, "purpose": purpose})


@duty(Duty.RESIDENT_LOOK)
def open_resident(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Open one person's record for a purpose; the look is journalled, then the page may be read for a while."""
    form = Purpose(request.POST or None)
    person = person_for(request, resident_id)
    if isinstance(person, Refused):
        return refusal(request, person)
    if not form.is_valid():
        return page(request, "open_resident", {"form": form if form.is_bound else Purpose()})
    purpose = form.cleaned_data["purpose"]
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=purpose) as act:
        result = services.look(act, resident_id, purpose=purpose, scope=scope_of(request))
    if isinstance(result, Refused):
        return refusal(request, result)
    note_opened(request, resident_id, purpose)
    return redirect("console:resident", resident_id)


def issued_at(day: date) -> datetime:
    """The moment from which a later correction is not on a card issued on that day."""
    return timezone.make_aware(datetime.combine(day, time.max))


@duty(Duty.RESIDENT_LOOK)
def resident(request: HttpRequest, resident_id: int) -> HttpResponse:
    """One person's story: who they are and who says so, their cards with both statuses, orders, and what happened."""
    purpose = opened(request, resident_id)
    if not purpose:
        return redirect("console:open_resident", resident_id)
    person = person_for(request, resident_id)
    if isinstance(person, Refused):
        return refusal(request, person)
    if person.id != resident_id:  # merged: the record that stays is the person's
        return redirect("console:resident", person.id)
    held = cards.cards_of(resident_id)
    orders, valid_card = cards.orders_of(resident_id), cards.valid_of(held)
    elsewhere = _elsewhere(scope_of(request), held, orders)
    context = {
        "person": person,
        "life": LIFE.state(person.state),
        "turns": queries.life(resident_id),
        "documents": queries.documents(resident_id),
        "former_names": queries.former_names(resident_id),
        "asked": queries.corrections(scope_of(request), resident_id=resident_id),
        "exchange_due": valid_card is not None
        and queries.particulars_changed_since(resident_id, issued_at(valid_card.issued_on)),
        "purpose": purpose,
        "attributes": queries.attributes(resident_id),
        "cards": held,
        "valid_card": valid_card,
        "orders": orders,
        "elsewhere": elsewhere,
        "story": [
            row
            for row in queries.story(resident_id, limit=80)
            if row.kind not in kinds_that_read() and not any(number in row.zh for number in elsewhere)
        ],
        "looks": queries.looks(resident_id, 20),
    }
    return page(request, "resident", context)


def _elsewhere(scope: Scope, held: Sequence[CardRow], orders: Sequence[OrderRow]) -> frozenset[str]:
    """Numbers of cards and orders of another bank than the one that this member of staff works for: that there is such a card
    is to be known, so that no second one is applied for; its number is not."""
    numbers = [(each.card_no, each.bank_code) for each in held] + [
        (each.number, each.bank_code) for each in orders
    ]
    return frozenset(number for number, bank in numbers if number and scope.of_another_bank(bank))
