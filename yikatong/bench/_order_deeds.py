"""Deeds about an application: taken, withdrawn, mended, stopped, taken back, laid out again, handed over."""

from __future__ import annotations

from typing import TypedDict

from yikatong.bench._desks import Desk
from yikatong.bench._drawing import Deed, Draw, Drawing
from yikatong.bench._life import Life
from yikatong.bench._pieces import CANCELLABLE, RETURNABLE, Application, Who
from yikatong.cards.posting import Destination
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services import retained
from yikatong.cards.services.apply import apply_for_card, cancel_order
from yikatong.cards.services.apply import resubmit as resubmit_order
from yikatong.cards.services.hand_over import hand_over
from yikatong.cards.services.making import retry_making
from yikatong.cards.services.proof import Proof

ON_PAPER = Proof(unsigned_reason="纸质签名存档", no_photo_reason="摄像头故障")


class Placed(TypedDict):
    mode: Mode
    outlet_code: str
    bank_code: str


def placed(application: Application) -> Placed:
    return {"mode": Mode(application.mode), "outlet_code": application.outlet, "bank_code": application.bank}


def destination(draw: Drawing) -> Destination:
    """Where a card is sent, now and then without an address."""
    return Destination("收件人", "13800000009", draw.blank("陕西省咸阳市秦都区人民路街道9号"))


def apply(draw: Drawing, life: Life, desk: Desk) -> Deed:
    fitting = {"": "new", "2": "reissue"}.get(life.held, "exchange")
    kind = fitting if draw.random.random() < 0.8 else draw.random.choice(("new", "reissue", "exchange"))
    application, sound = draw.application(kind, desk)
    sound = sound and (kind != "new" or desk.offers("apply"))
    wanted = destination(draw) if draw.random.random() < 0.3 else None
    if wanted is not None:
        application.post = "wished"
        sound = sound and application.mode == "batch" and bool(wanted.address.strip())
    return Deed(
        "apply" if wanted is None else "apply_by_post",
        lambda one: sound and one.apply(application),
        lambda act: apply_for_card(
            act,
            resident_id=life.id,
            kind=OrderKind(kind),
            channel="window",
            post=wanted,
            scope=desk.scope,
            **placed(application),
        ),
    )


def cancel(draw: Drawing, life: Life, desk: Desk) -> Deed:
    reason = draw.blank("本人要求")
    return draw.order(
        "cancel_order", life, desk,
        lambda one: bool(reason.strip()) and one.move(draw.at, CANCELLABLE, "cancelled"),
        lambda act, number: cancel_order(act, number, reason, scope=desk.scope),
    )  # fmt: skip


def resubmit(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return draw.order(
        "resubmit", life, desk, lambda one: one.resubmit(draw.at),
        lambda act, number: resubmit_order(act, number, scope=desk.scope),
    )  # fmt: skip


def retry(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return draw.order(
        "retry_making", life, desk, lambda one: one.move(draw.at, ("make_failed",), "ready"),
        lambda act, number: retry_making(act, number, scope=desk.scope),
    )  # fmt: skip


def stop(draw: Drawing, life: Life, desk: Desk) -> Deed:
    reason = draw.blank("申请人已迁出")
    return draw.order(
        "stop_order", life, desk, lambda one: bool(reason.strip()) and one.stop(draw.at),
        lambda act, number: retained.stop_order(act, number, reason=reason, scope=desk.scope),
    )  # fmt: skip


def take_back(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return draw.order(
        "take_back", life, desk, lambda one: one.move(draw.at, RETURNABLE, "taken_back"),
        lambda act, number: retained.take_back(act, number, scope=desk.scope),
    )  # fmt: skip


def lay_out(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return draw.order(
        "lay_out_again", life, desk, lambda one: one.lay_out(draw.at),
        lambda act, number: retained.lay_out_again(act, number, scope=desk.scope),
    )  # fmt: skip


def collect(draw: Drawing, life: Life, desk: Desk) -> Deed:
    who, agent = draw.who(life)
    right = who.right and not draw.rarely()
    name = life.name if right else "别人"
    signed = not draw.rarely()

    def foretold(one: Life) -> bool:
        known = who.right if agent else right and name == one.name
        return one.collect(draw.at, Who(who.role, known), signed)

    return draw.order(
        "hand_over", life, desk, foretold,
        lambda act, number: hand_over(
            act, order_number=number, shown_name=name, by=agent,
            proof=ON_PAPER if signed else Proof(), scope=desk.scope,
        ),
    )  # fmt: skip


DRAWS: dict[str, Draw] = {
    "apply": apply,
    "cancel": cancel,
    "resubmit": resubmit,
    "retry": retry,
    "stop": stop,
    "take_back": take_back,
    "lay_out": lay_out,
    "collect": collect,
}
