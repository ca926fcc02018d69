"""受理申领, and the receipt people take home."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards.agents import Service
from yikatong.cards.posting import Destination
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.reissue import exchange, reissue
from yikatong.cards.standing import ExchangeReason
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.places import outlets
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope
from yikatong.residents.queries import Person, person
from yikatong.residents.rules import needs_guardian
from yikatong.web.banks import bank_choices
from yikatong.web.collecting import WHERE, Collecting, home_of, post_of
from yikatong.web.console.cards import card_facts
from yikatong.web.console.coming import Coming, agent_of
from yikatong.web.console.doors import channel_of, scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.people import person_for, who
from yikatong.web.console.shown import card_for
from yikatong.web.console.task_page import Said, Task, run
from yikatong.web.templatetags.house import named


class Wishes(Coming, Collecting):
    """How the card is to be made, where it is to be collected, and who came."""

    mode = forms.ChoiceField(label=_("制卡方式"), widget=forms.RadioSelect, initial=Mode.BATCH.value)
    outlet_code = forms.ChoiceField(label=_("领卡网点"))
    bank_code = forms.ChoiceField(label=_("服务银行"))
    field_order: tuple[str, ...] = ("mode", "outlet_code", "bank_code", "collect", *WHERE, "role")
    quiet: tuple[str, ...] = (*Coming.quiet, "collect", *WHERE)

    def __init__(self, *args: Any, scope: Scope, home: Destination | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_post(home)
        here = [each for each in outlets() if scope.covers(each.region, each.code)]
        self.offer(
            "mode", [(mode.value, named(mode)) for mode in Mode if mode is Mode.BATCH or _instant(here)]
        )
        self.offer("outlet_code", [(each.code, each.name) for each in here])
        self.offer("bank_code", bank_choices())
        if len(here) == 1 and here[0].bank_code:
            # A bank's own outlet takes applications for its own bank only.
            self.offer("bank_code", [each for each in bank_choices() if each[0] == here[0].bank_code])


class Exchange(Wishes):
    """The same, and why a card that is not lost is made again."""

    reason = forms.ChoiceField(label=_("换领原因"), widget=forms.RadioSelect)
    field_order: tuple[str, ...] = ("reason", *Wishes.field_order)

    def __init__(self, *args: Any, scope: Scope, home: Destination | None, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, home=home, **kwargs)
        self.offer("reason", [(each.value, named(each)) for each in ExchangeReason])


def _instant(here: list[Any]) -> bool:
    return any(each.instant for each in here)


def _home(resident_id: int) -> Destination | None:
    holder = person(resident_id)
    return home_of(holder) if holder is not None else None


def _done(row: OrderRow) -> HttpResponse:
    if row.mode is Mode.INSTANT:
        return redirect("console:instant", row.number)
    return redirect("console:receipt", row.number)


@duty(Duty.CARD_APPLY)
def apply(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Take an application for a first card."""
    applicant = person_for(request, resident_id)
    if isinstance(applicant, Refused):
        return refusal(request, applicant)
    scope = scope_of(request)
    home = home_of(applicant)

    def work(act: Act, given: dict[str, Any]) -> OrderRow | Refused:
        return apply_for_card(
            act,
            resident_id=resident_id,
            kind=OrderKind.NEW,
            mode=Mode(given["mode"]),
            outlet_code=given["outlet_code"],
            bank_code=given["bank_code"],
            channel=channel_of(request),
            by=agent_of(given),
            post=post_of(given, home),
            scope=scope,
        )

    task = Task(
        _("申领社保卡"),
        work,
        _done,
        form=lambda *a, **k: Wishes(
            *a, scope=scope, home=home, service=Service.APPLY, resident_id=resident_id, **k
        ),
        facts=who(applicant),
        button=_("确认受理"),
        purpose="受理申领",
        back=reverse("console:resident", args=[resident_id]),
        note=_before_applying(applicant),
    )
    return run(request, task)


def _before_applying(applicant: Person) -> Said:
    """What to look after first; for a child without a guardian on file, the page where one is registered."""
    below = whole("card.guardian_below_age", clock.today())
    if applicant.guardians or not needs_guardian(applicant.birth_on, clock.today(), below):
        return _("核对申请人证件原件与照片；未满十六周岁的由监护人办理。")
    return format_html(
        '{} <a href="{}">{}</a>',
        gettext("申请人未满 %(age)d 周岁，还没有登记监护人，申领前请先登记。") % {"age": below},
        reverse("console:guardian", args=[applicant.id]),
        gettext("登记监护人"),
    )


@duty(Duty.CARD_REISSUE)
def reissue_card(request: HttpRequest, card_no: str) -> HttpResponse:
    """补领: a card still in use or temporarily lost is formally reported lost in the same act."""
    card = card_for(request, card_no, Duty.CARD_REISSUE)
    if isinstance(card, Refused):
        return refusal(request, card)
    scope, home = scope_of(request), _home(card.resident_id)

    def work(act: Act, given: dict[str, Any]) -> OrderRow | Refused:
        return reissue(
            act,
            card_no=card_no,
            outlet_code=given["outlet_code"],
            mode=Mode(given["mode"]),
            bank_code=given["bank_code"],
            channel=channel_of(request),
            by=agent_of(given),
            post=post_of(given, home),
            scope=scope,
        )

    task = Task(
        _("补领社保卡"),
        work,
        _done,
        form=lambda *a, **k: Wishes(
            *a, scope=scope, home=home, service=Service.REISSUE, resident_id=card.resident_id, **k
        ),
        facts=card_facts(card),
        initial={"bank_code": card.bank_code},
        button=_("确认补领"),
        purpose="补领",
        danger=True,
        back=reverse("console:card", args=[card_no]),
        warning=_("补领会同时办理正式挂失，新卡制成后旧卡注销，旧卡找到也不能再用。"),
    )
    return run(request, task)


@duty(Duty.CARD_REISSUE)
def exchange_card(request: HttpRequest, card_no: str) -> HttpResponse:
    """换领: the old card serves until the new one is made."""
    card = card_for(request, card_no, Duty.CARD_REISSUE)
    if isinstance(card, Refused):
        return refusal(request, card)
    scope, home = scope_of(request), _home(card.resident_id)

    def work(act: Act, given: dict[str, Any]) -> OrderRow | Refused:
        return exchange(
            act,
            card_no=card_no,
            reason=ExchangeReason(given["reason"]),
            outlet_code=given["outlet_code"],
            mode=Mode(given["mode"]),
            bank_code=given["bank_code"],
            channel=channel_of(request),
            by=agent_of(given),
            post=post_of(given, home),
            scope=scope,
        )

    task = Task(
        _("换领社保卡"),
        work,
        _done,
        form=lambda *a, **k: Exchange(
            *a, scope=scope, home=home, service=Service.EXCHANGE, resident_id=card.resident_id, **k
        ),
        facts=card_facts(card),
        initial={"bank_code": card.bank_code},
        button=_("确认换领"),
        purpose="换领",
        back=reverse("console:card", args=[card_no]),
        note=_("收验旧卡；姓名或号码变更须有公安证明。"),
    )
    return run(request, task)
