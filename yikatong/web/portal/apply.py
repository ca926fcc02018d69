"""Applying for a card: choose, check the answers, receipt. What is applied for follows from what the person holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.cards import queries as cards
from yikatong.cards.agents import Agent, Role
from yikatong.cards.posting import Destination
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import CLOSED, Mode, OrderKind
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.reissue import exchange, reissue
from yikatong.cards.standing import ExchangeReason
from yikatong.office import clock
from yikatong.office.act import Act, Door, open_act
from yikatong.office.rulebook import ruling, whole
from yikatong.residents.queries import Person
from yikatong.residents.services import note_seen
from yikatong.web.banks import bank_choices, bank_name
from yikatong.web.collecting import HERE, OTHER, WHERE, Collecting, home_of, outlets_by_county, post_of
from yikatong.web.portal import words
from yikatong.web.portal.children import children_of
from yikatong.web.portal.doors import actor_of, resident_only
from yikatong.web.portal.home import Holding, holding
from yikatong.web.portal.page import page

CHANNEL = "web"
# A changed name or number needs the police's paper, and a move the other province's: those are for the counter.
REASONS = (
    (ExchangeReason.EXPIRED.value, gettext_lazy("快到期或已到期")),
    (ExchangeReason.DAMAGED.value, gettext_lazy("损坏了")),
    (ExchangeReason.UNREADABLE.value, gettext_lazy("读不出来")),
    (ExchangeReason.BANK.value, gettext_lazy("想换开户银行")),
)
KINDS = {
    OrderKind.NEW: gettext_lazy("申领新卡"),
    OrderKind.REISSUE: gettext_lazy("补领丢失的卡"),
    OrderKind.EXCHANGE: gettext_lazy("换领"),
}


class ApplyForm(Collecting):
    """Where to collect it, with which bank, and for an exchange why."""

    reason = forms.ChoiceField(label=gettext_lazy("为什么换"), choices=REASONS, widget=forms.RadioSelect)
    outlet_code = forms.ChoiceField(label=gettext_lazy("在哪里领卡"))
    bank_code = forms.ChoiceField(
        label=gettext_lazy("开户银行"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("卡上的银行账户开在这家银行，用来收补贴和待遇"),
    )

    field_order = ("reason", "outlet_code", "bank_code", "collect", *WHERE)

    def __init__(self, data: object, *, kind: OrderKind, home: Destination | None) -> None:
        super().__init__(data)
        self.offer_post(home)
        if kind is not OrderKind.EXCHANGE:
            del self.fields["reason"]
        self._choose("bank_code", bank_choices())
        self._choose("outlet_code", outlets_by_county())

    def _choose(self, field: str, choices: Sequence[tuple[str, object]]) -> None:
        chooser = self.fields[field]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = choices

    def answers(self) -> list[tuple[str, str, str]]:
        """(label, what was chosen in words, field name) of the cleaned form, for the check page."""
        chosen = []
        other = self.cleaned_data.get("collect") == OTHER
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if name in WHERE:
                if other:
                    chosen.append((str(field.label), str(value), name))
                continue
            assert isinstance(field, forms.ChoiceField)
            flat = dict(_flat(field.choices))
            chosen.append((str(field.label), str(flat[value or HERE]), name))
        return chosen


def _flat(choices: object) -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = []
    for value, label in choices:  # type: ignore[attr-defined]
        pairs += _flat(label) if isinstance(label, (list, tuple)) else [(value, label)]
    return pairs


def kind_for(mine: Holding) -> OrderKind:
    """No card: a first one. A lost card: one in its place. A card in use: an exchange."""
    if mine.card is None:
        return OrderKind.NEW
    return OrderKind.REISSUE if mine.lost else OrderKind.EXCHANGE


@resident_only
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, person: Person) -> HttpResponse:
    """Choose; check; send. The answers travel in the form, so going back loses nothing."""
    mine = holding(person)
    if not mine.may_apply:
        return redirect("portal:home")
    kind = kind_for(mine)
    form = ApplyForm(request.POST or None, kind=kind, home=home_of(person))
    matter: dict[str, object] = {"kind": kind, "kind_name": KINDS[kind], "form": form, "card": mine.card}
    matter["costs"] = _costs(kind)
    step = request.POST.get("step", "")
    if not form.is_valid() or step not in ("check", "send"):
        if step not in ("check", "send"):
            form.errors.clear()  # coming back to change an answer is not a mistake
        return page(request, "apply", person, **matter)
    if step == "check":
        return page(request, "apply_check", person, answers=form.answers(), **matter)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        order = _send(act, person, mine, kind, form.cleaned_data)
    if isinstance(order, Refused):
        form.refuse(order)
        return page(request, "apply", person, **matter)
    return redirect("portal:applied", number=order.number)


def _costs(kind: OrderKind) -> str:
    """What it costs and where that is paid; empty where it is free."""
    today = clock.today()
    fen = whole("card.fee.first_fen" if kind is OrderKind.NEW else "card.fee.reissue_fen", today)
    if not fen:
        return ""
    by_bank = ruling("card.fee.collected_by", today).value == "bank"
    said = _("需交工本费 %(yuan)s 元，由银行收取。") if by_bank else _("需交工本费 %(yuan)s 元，到网点缴纳。")
    return said % {"yuan": print_yuan(fen)}


def _send(
    act: Act, person: Person, mine: Holding, kind: OrderKind, wanted: dict[str, Any]
) -> OrderRow | Refused:
    where: dict[str, Any] = {
        "outlet_code": wanted["outlet_code"],
        "bank_code": wanted["bank_code"],
        "channel": CHANNEL,
        "post": post_of(wanted, home_of(person)),
    }
    if kind is OrderKind.NEW or mine.card is None:
        return apply_for_card(act, resident_id=person.id, kind=OrderKind.NEW, mode=Mode.BATCH, **where)
    if kind is OrderKind.REISSUE:
        return reissue(act, card_no=mine.card.card_no, mode=Mode.BATCH, **where)
    reason = ExchangeReason(wanted["reason"])
    return exchange(act, card_no=mine.card.card_no, reason=reason, mode=Mode.BATCH, **where)


@resident_only
@require_http_methods(["GET", "POST"])
def apply_for_child(request: HttpRequest, person: Person, child_id: int) -> HttpResponse:
    """为孩子申领: a first card for a minor child whose guardian on file is the one who is in."""
    child = next((each for each in children_of(person) if each.id == child_id), None)
    if child is None:
        raise Http404
    theirs = holding(child)
    if theirs.card is not None or not theirs.may_apply:
        return redirect("portal:home")
    home = home_of(child, person.address)
    form = ApplyForm(request.POST or None, kind=OrderKind.NEW, home=home)
    matter: dict[str, object] = {
        "kind": OrderKind.NEW,
        "kind_name": _("为孩子申领社保卡"),
        "form": form,
        "child": child,
    }
    step = request.POST.get("step", "")
    if not form.is_valid() or step not in ("check", "send"):
        if step not in ("check", "send"):
            form.errors.clear()
            with open_act(actor_of(person), door=Door.PORTAL, purpose="为孩子申领") as act:
                note_seen(act, child.id, region=child.region, purpose="为孩子申领")
        return page(request, "apply", person, **matter)
    if step == "check":
        return page(request, "apply_check", person, answers=form.answers(), **matter)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        order = apply_for_card(
            act,
            resident_id=child.id,
            kind=OrderKind.NEW,
            mode=Mode.BATCH,
            outlet_code=form.cleaned_data["outlet_code"],
            bank_code=form.cleaned_data["bank_code"],
            channel=CHANNEL,
            by=Agent(Role.GUARDIAN, person.name, person.number),
            post=post_of(form.cleaned_data, home),
        )
    if isinstance(order, Refused):
        form.refuse(order)
        return page(request, "apply", person, **matter)
    return redirect("portal:applied", number=order.number)


@resident_only
@require_safe
def applied(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """The receipt: number and promised date. Only one's own, and one's children's."""
    ours = (person.id, *(child.id for child in children_of(person)))
    order = next((o for each in ours for o in cards.orders_of(each) if o.number == number), None)
    if order is None:
        raise Http404
    return page(
        request,
        "applied",
        person,
        order=order,
        bank=bank_name(order.bank_code),
        open=order.state not in CLOSED,
        advice=words.advice(order, clock.today()),
    )
