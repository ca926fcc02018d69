"""密码重置、解锁: asked of the card security gateway at the window, and the outcome of what it has not answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards.agents import Service
from yikatong.cards.pin_desk import carry_out, open_request
from yikatong.cards.pins import PinAction
from yikatong.cards.rows import CardRow, PinRow
from yikatong.cards.services import pin
from yikatong.office import clock
from yikatong.office.act import Act, Door
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.rulebook import whole
from yikatong.web.console.cards import card_facts
from yikatong.web.console.coming import Coming, agent_of
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.shown import card_for
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell, tell_no


@duty(Duty.CARD_LOCK)
def reset_pin(request: HttpRequest, card_no: str) -> HttpResponse:
    """重置社保密码."""
    card = card_for(request, card_no, Duty.CARD_LOCK)
    if isinstance(card, Refused):
        return refusal(request, card)

    def work(act: Act, given: dict[str, Any]) -> PinRow | Refused:
        return pin.reset_pin(act, card_no=card_no, by=agent_of(given), scope=scope_of(request))

    note = gettext(
        "只重置社保密码，银行密码到开户银行办理。请核对本人、有效证件和卡片，把卡放在读卡器上再确认。"
        "重置后为初始密码，首次使用须修改；连续输错 {wrong} 次会锁定。"
    ).format(wrong=whole("card.pin_wrong_entries", clock.today()))
    return _asked(request, card, Service.RESET_PIN, _("重置社保密码"), work, _("确认重置"), note)


@duty(Duty.CARD_LOCK)
def unlock(request: HttpRequest, card_no: str) -> HttpResponse:
    """解锁 the social security side."""
    card = card_for(request, card_no, Duty.CARD_LOCK)
    if isinstance(card, Refused):
        return refusal(request, card)

    def work(act: Act, given: dict[str, Any]) -> PinRow | Refused:
        return pin.unlock(act, card_no=card_no, by=agent_of(given), scope=scope_of(request))

    note = gettext(
        "请核对本人、有效证件和卡片，把卡放在读卡器上再确认。解锁后密码不变，忘记密码的请改办重置。"
        "一张卡最多解锁 {most} 次，用完只能换领。"
    ).format(most=whole("card.pin_unlocks", clock.today()))
    return _asked(request, card, Service.UNLOCK, _("解锁"), work, _("确认解锁"), note)


@duty(Duty.CARD_LOCK)
def outcome(request: HttpRequest, card_no: str) -> HttpResponse:
    """Ask again, under the same request, for an outcome that is not known."""
    card = card_for(request, card_no, Duty.CARD_LOCK)
    if isinstance(card, Refused):
        return refusal(request, card)

    def work(act: Act, given: dict[str, Any]) -> PinRow | Refused:
        return open_request(card.id) or Refused(
            "pin.settled",
            "该卡没有等待结果的密码请求，可能已有结果，请回卡片页查看。",
            "No PIN request of this card waits for its outcome; look at the card's page.",
        )

    task = Task(
        _("再次查询结果"),
        work,
        lambda row: _told(request, row),
        facts=card_facts(card),
        button=_("确认查询"),
        note=_("按同一请求再次询问卡密安全网关，不会重复写卡。"),
        back=reverse("console:card", args=[card_no]),
    )
    return run(request, task)


def _asked(
    request: HttpRequest, card: CardRow, service: Service, title: Any, work: Any, button: Any, note: str
) -> HttpResponse:
    def questions(*args: Any, **kwargs: Any) -> Coming:
        return Coming(*args, service=service, resident_id=card.resident_id, **kwargs)

    task = Task(
        title,
        work,
        lambda row: _told(request, row),
        form=questions,
        facts=card_facts(card),
        button=button,
        note=note,
        purpose=str(title),
        back=reverse("console:card", args=[card.card_no]),
    )
    return run(request, task)


def _told(request: HttpRequest, row: PinRow) -> HttpResponse:
    """Ask the gateway, now that the request is committed, and say on the card's page what came of it."""
    result = carry_out(row.request_id, actor=actor_of(request), door=Door.CONSOLE)
    if isinstance(result, Refused):
        tell_no(request, result)
    elif result.action is PinAction.RESET:
        tell(request, gettext("社保密码已重置为初始密码，请提醒持卡人首次使用时修改。"))
    else:
        tell(request, gettext("该卡已解锁，社保功能恢复正常。"))
    return redirect("console:card", row.card_no)
