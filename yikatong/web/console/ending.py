"""注销、销户 and 应用锁定 at the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards.agents import Service
from yikatong.cards.rows import CardRow
from yikatong.cards.services import cancel as cancelling
from yikatong.cards.services import lock as locking
from yikatong.cards.standing import BY_TWO, EndReason
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.cards import card_task
from yikatong.web.console.coming import Coming, agent_of
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.shown import card_for
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named


class Ending(Coming):
    """Why the card is given up, and who came."""

    reason = forms.ChoiceField(label=_("注销原因"), widget=forms.RadioSelect)
    field_order: tuple[str, ...] = ("reason", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [(each.value, named(each)) for each in EndReason if each not in BY_TWO]


@duty(Duty.CARD_CANCEL)
def cancel(request: HttpRequest, card_no: str) -> HttpResponse:
    """注销 at the holder's request; for a death it is the cases' business."""
    card = card_for(request, card_no, Duty.CARD_CANCEL)
    if isinstance(card, Refused):
        return refusal(request, card)

    def questions(*args: Any, **kwargs: Any) -> Ending:
        return Ending(*args, service=Service.CANCEL, resident_id=card.resident_id, **kwargs)

    def work(act: Act, given: dict[str, Any]) -> CardRow | Refused:
        return cancelling.cancel_card(
            act,
            card_no=card_no,
            reason=EndReason(given["reason"]),
            by=agent_of(given),
            scope=scope_of(request),
        )

    return card_task(
        request,
        card_no,
        Duty.CARD_CANCEL,
        _("注销社保卡"),
        work,
        gettext("社保功能已注销。金融账户请持卡人到开户银行销户。"),
        form=questions,
        button=_("确认注销"),
        note=_("持卡人死亡的请先登记死亡，由两人核办注销。注销后不能恢复。"),
        danger=True,
    )


@duty(Duty.CARD_CLOSE)
def close(request: HttpRequest, card_no: str) -> HttpResponse:
    """登记金融账户销户, which the bank does."""

    def work(act: Act, given: dict[str, Any]) -> CardRow | Refused:
        return cancelling.close_account(act, card_no=card_no, scope=scope_of(request))

    return card_task(
        request,
        card_no,
        Duty.CARD_CLOSE,
        _("登记金融账户销户"),
        work,
        gettext("已登记：金融账户已销户。"),
        button=_("确认登记"),
        note=_("须银行已办结销户；账户余额由银行按规定处理。"),
        danger=True,
    )


class Locking(Questions):
    """Where the lock was seen."""

    where = forms.CharField(
        label=_("在哪里发现锁定"), max_length=60, help_text=_("例如：窗口读卡器、某药店终端")
    )


@duty(Duty.CARD_LOCK)
def lock(request: HttpRequest, card_no: str) -> HttpResponse:
    """登记应用锁定."""

    def work(act: Act, given: dict[str, Any]) -> CardRow | Refused:
        return locking.report_locked(act, card_no=card_no, where=given["where"], scope=scope_of(request))

    return card_task(
        request,
        card_no,
        Duty.CARD_LOCK,
        _("登记应用锁定"),
        work,
        gettext("已登记：社保功能锁定。"),
        form=Locking,
        button=_("确认登记"),
    )
