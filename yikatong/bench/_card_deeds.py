"""Deeds about a card in somebody's hand: enabled, lost, found, locked, replaced, ended; both its sides."""

from __future__ import annotations

from yikatong.bench._desks import Desk
from yikatong.bench._drawing import Deed, Draw, Drawing
from yikatong.bench._life import Life
from yikatong.bench._order_deeds import placed
from yikatong.cards.services import hand_over as giving
from yikatong.cards.services import loss
from yikatong.cards.services import reissue as replacing
from yikatong.cards.services.cancel import cancel_card, close_account
from yikatong.cards.services.lock import report_locked
from yikatong.cards.standing import EndReason, ExchangeReason


def enable(draw: Drawing, life: Life, desk: Desk) -> Deed:
    who, by = draw.who(life)
    return draw.card(
        "enable", life, desk, lambda one: one.enable(who),
        lambda act, no: giving.enable(act, card_no=no, by=by, scope=desk.scope),
    )  # fmt: skip


def activate(draw: Drawing, life: Life, desk: Desk) -> Deed:
    who, by = draw.who(life)
    return draw.card(
        "record_bank_activation", life, desk, lambda one: one.activate(who),
        lambda act, no: giving.record_bank_activation(act, card_no=no, by=by, scope=desk.scope),
    )  # fmt: skip


def lose(draw: Drawing, life: Life, desk: Desk) -> Deed:
    which, (who, by) = draw.which(), draw.who(life)
    return draw.card(
        "report_temporary_loss", life, desk, lambda one: one.lose_for_now(draw.at, which.value, who),
        lambda act, no: loss.report_temporary_loss(act, card_no=no, channel="window", which=which, by=by, scope=desk.scope),
    )  # fmt: skip


def find(draw: Drawing, life: Life, desk: Desk) -> Deed:
    which, (who, by) = draw.which(), draw.who(life)
    return draw.card(
        "release_temporary_loss", life, desk, lambda one: one.find_again(which.value, who),
        lambda act, no: loss.release_temporary_loss(act, card_no=no, which=which, by=by, scope=desk.scope),
    )  # fmt: skip


def lose_for_good(draw: Drawing, life: Life, desk: Desk) -> Deed:
    which, (who, by) = draw.which(), draw.who(life)
    return draw.card(
        "report_formal_loss", life, desk, lambda one: one.lose_for_good(which.value, who),
        lambda act, no: loss.report_formal_loss(act, card_no=no, channel="window", which=which, by=by, scope=desk.scope),
    )  # fmt: skip


def take_loss_back(draw: Drawing, life: Life, desk: Desk) -> Deed:
    which, (who, by) = draw.which(), draw.who(life)
    return draw.card(
        "release_formal_loss", life, desk,
        lambda one: one.take_loss_back(which.value, who, releasable=draw.releasable),
        lambda act, no: loss.release_formal_loss(act, card_no=no, which=which, by=by, scope=desk.scope),
    )  # fmt: skip


def lock(draw: Drawing, life: Life, desk: Desk) -> Deed:
    where = draw.blank("药店终端")
    return draw.card(
        "report_locked", life, desk, lambda one: bool(where.strip()) and one.lock(),
        lambda act, no: report_locked(act, card_no=no, where=where, scope=desk.scope),
    )  # fmt: skip


def reissue(draw: Drawing, life: Life, desk: Desk) -> Deed:
    (application, sound), (who, by) = draw.application("reissue", desk), draw.who(life)
    return draw.card(
        "reissue", life, desk, lambda one: sound and one.reissue(who, application),
        lambda act, no: replacing.reissue(act, card_no=no, channel="window", by=by, scope=desk.scope, **placed(application)),
    )  # fmt: skip


def exchange(draw: Drawing, life: Life, desk: Desk) -> Deed:
    (application, sound), (who, by) = draw.application("exchange", desk), draw.who(life)
    reason = draw.random.choice([*ExchangeReason])
    expired, day = reason is ExchangeReason.EXPIRED, draw.at.date()
    return draw.card(
        "exchange", life, desk, lambda one: sound and one.exchange(who, application, expired=expired, day=day),
        lambda act, no: replacing.exchange(act, card_no=no, reason=reason, channel="window", by=by, scope=desk.scope, **placed(application)),
    )  # fmt: skip


def end(draw: Drawing, life: Life, desk: Desk) -> Deed:
    reason = draw.random.choice([*EndReason])
    alone = reason in (EndReason.WISH, EndReason.EMIGRATED, EndReason.MOVED)
    who, by = draw.who(life)
    return draw.card(
        "cancel_card", life, desk, lambda one: alone and one.end(who),
        lambda act, no: cancel_card(act, card_no=no, reason=reason, by=by, scope=desk.scope),
    )  # fmt: skip


def close(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return draw.card(
        "close_account", life, desk, Life.close_account,
        lambda act, no: close_account(act, card_no=no, scope=desk.scope),
    )  # fmt: skip


DRAWS: dict[str, Draw] = {
    "enable": enable,
    "activate": activate,
    "lose": lose,
    "find": find,
    "lose_for_good": lose_for_good,
    "take_loss_back": take_loss_back,
    "lock": lock,
    "reissue": reissue,
    "exchange": exchange,
    "end": end,
    "close": close,
}
