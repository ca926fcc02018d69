"""One card in its holder's hand: both statuses apart, losses, enabling, activation, errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import queries
from yikatong.cards.agents import Service
from yikatong.cards.meanings import LOSSES, sides, words
from yikatong.cards.pending import open_case_of
from yikatong.cards.pin_desk import open_request
from yikatong.cards.rows import CardRow
from yikatong.cards.services import errors, hand_over
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.readers import look_up
from yikatong.office.rulebook import ruling
from yikatong.residents.queries import person
from yikatong.web.banks import bank_name
from yikatong.web.console.coming import Coming, agent_of
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import page, refusal
from yikatong.web.console.people import who
from yikatong.web.console.receipts import printable_of_card
from yikatong.web.console.shown import card_for
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named

Work = Callable[[Act, dict[str, Any]], CardRow | Refused]


def card_facts(card: CardRow) -> tuple[Answer, ...]:
    """A card as task pages show it, the 社保 side and the 金融 side apart."""
    holder = person(card.resident_id)
    return (
        *(who(holder) if holder else ()),
        (_("社保卡号"), card.card_no),
        (_("社保功能"), named(card.state)),
        (_("金融账户"), f"{named(card.bank_state)}（{bank_name(card.bank_code)}）"),
        (_("有效期至"), card.valid_until.isoformat()),
    )


@duty(Duty.CARD_LOOK)
def card(request: HttpRequest, card_no: str) -> HttpResponse:
    """One card: how both sides stand, what happened, and what can be done now."""
    found = card_for(request, card_no, Duty.CARD_LOOK)
    if isinstance(found, Refused):
        return refusal(request, found)
    meaning = queries.meaning_of(found)
    context = {
        "card": found,
        "person": person(found.resident_id),
        "story": look_up(subject=f"card:{found.id}", limit=50),
        "printable": printable_of_card(found.id, found.card_no),
        "may": meaning.may,
        "pin_open": open_request(found.id),
        "case": open_case_of(found.id),
        "meaning": meaning,
        "releasable": ruling("card.formal_loss_releasable", clock.today()).value,
        "uses": [
            {"name": Words(zh, en), "code": code, "why": Words(*words(code))}
            for zh, en, code in meaning.uses()
        ],
        "sides": {
            service.name: sides(service, meaning.may, bank_is_temporary=found.bank_loss_until is not None)
            for service in LOSSES
        },
    }
    return page(request, "card", context)


def card_task(
    request: HttpRequest, card_no: str, needed: Duty, title: object, work: Work, said: str, **more: Any
) -> HttpResponse:
    """A task on one card that ends on the card's page."""
    found = card_for(request, card_no, needed)
    if isinstance(found, Refused):
        return refusal(request, found)
    return task_on(request, found, title, work, said, **more)


def task_on(
    request: HttpRequest, found: CardRow, title: object, work: Work, said: str, **more: Any
) -> HttpResponse:
    """The same on a card that was fetched for the duty before."""

    def done(row: CardRow) -> HttpResponse:
        tell(request, said)
        return redirect("console:card", row.card_no)

    back = reverse("console:card", args=[found.card_no])
    task = Task(str(title), work, done, facts=card_facts(found), back=back, purpose=str(title), **more)
    return run(request, task)


def coming_task(
    request: HttpRequest,
    card_no: str,
    needed: Duty,
    service: Service,
    title: object,
    work: Work,
    said: str,
    **more: Any,
) -> HttpResponse:
    """A task on one card that asks who came for it."""
    found = card_for(request, card_no, needed)
    if isinstance(found, Refused):
        return refusal(request, found)

    def questions(*args: Any, **kwargs: Any) -> Coming:
        return Coming(*args, service=service, resident_id=found.resident_id, **kwargs)

    return task_on(request, found, title, work, said, form=questions, **more)


@duty(Duty.CARD_ENABLE)
def enable(request: HttpRequest, card_no: str) -> HttpResponse:
    """启用社保功能."""

    def work(act: Act, given: dict[str, Any]) -> CardRow | Refused:
        return hand_over.enable(act, card_no=card_no, by=agent_of(given), scope=scope_of(request))

    return coming_task(
        request,
        card_no,
        Duty.CARD_ENABLE,
        Service.ENABLE,
        _("启用社保功能"),
        work,
        gettext("社保功能已启用。金融账户由银行当面激活。"),
        button=_("确认启用"),
    )


@duty(Duty.CARD_ACTIVATE)
def activate(request: HttpRequest, card_no: str) -> HttpResponse:
    """登记金融账户激活, which the bank does in person."""

    def work(act: Act, given: dict[str, Any]) -> CardRow | Refused:
        return hand_over.record_bank_activation(
            act, card_no=card_no, by=agent_of(given), scope=scope_of(request)
        )

    return coming_task(
        request,
        card_no,
        Duty.CARD_ACTIVATE,
        Service.ACTIVATE,
        _("登记金融账户激活"),
        work,
        gettext("已登记：金融账户正常。"),
        button=_("确认登记"),
        note=_("须已在柜面核验本人并完成激活。"),
    )


class Words(NamedTuple):
    """A text in both languages, for the filter `named`."""

    zh: str
    en: str


class IssuingError(Questions):
    """What went wrong with a card of ours."""

    what = forms.CharField(
        label=_("差错内容"), max_length=120, help_text=_("例如：姓名印错、发给了他人、账户开错")
    )


@duty(Duty.CARD_ERROR)
def confirm_error(request: HttpRequest, card_no: str) -> HttpResponse:
    """确认发卡差错: by somebody other than the counter."""

    def work(act: Act, given: dict[str, Any]) -> CardRow | Refused:
        return errors.confirm_error(act, card_no=card_no, what=given["what"], scope=scope_of(request))

    return card_task(
        request,
        card_no,
        Duty.CARD_ERROR,
        _("确认发卡差错"),
        work,
        gettext("已确认发卡差错，计入发卡准确率。"),
        form=IssuingError,
        button=_("确认差错"),
        danger=True,
    )
