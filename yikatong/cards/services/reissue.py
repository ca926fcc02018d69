"""补领与换领: a new card for one that is lost, or for one that no longer serves."""

from __future__ import annotations

from django.db import transaction

from yikatong.basics.refused import Refused
from yikatong.cards.agents import Agent, Service
from yikatong.cards.meanings import exchangeable
from yikatong.cards.posting import Destination
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import CARD, LOST, Mode, OrderKind
from yikatong.cards.services.agency import note_who_came, who_comes
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.locked import locked_card, place
from yikatong.cards.services.loss import formal_loss_refused, lose_formally
from yikatong.cards.standing import ExchangeReason, may_be_exchanged, stands_as
from yikatong.office.act import Act
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope


def reissue(
    act: Act,
    *,
    card_no: str,
    outlet_code: str,
    mode: Mode,
    bank_code: str,
    channel: str,
    reason: str = "遗失补领",
    by: Agent | None = None,
    post: Destination | None = None,
    scope: Scope | None = None,
) -> OrderRow | Refused:
    """补领: apply for the successor of a lost card; one in use or temporarily lost is formally lost first.

    Both happen or neither. Refused: whatever `report_formal_loss` or `apply_for_card` refuses; `agent.*`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = None if card.state == LOST.code else formal_loss_refused(card)
    came = refused if refused is not None else who_comes(act, Service.REISSUE, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    # What this act recorded before stays; what is recorded below goes with the savepoint if the application is refused.
    act.flush()
    with transaction.atomic():
        note_who_came(act, came, f"card:{card.pk}", **place(act, card))
        if card.state != LOST.code:
            lose_formally(act, card, channel)
        act.flush()
        order = apply_for_card(
            act,
            resident_id=card.resident_id,
            kind=OrderKind.REISSUE,
            mode=mode,
            outlet_code=outlet_code,
            bank_code=bank_code,
            channel=channel,
            reason=reason,
            post=post,
            scope=scope,
        )
        if isinstance(order, Refused):
            transaction.set_rollback(True)
    return order


def exchange(
    act: Act,
    *,
    card_no: str,
    reason: ExchangeReason,
    outlet_code: str,
    mode: Mode,
    bank_code: str,
    channel: str,
    by: Agent | None = None,
    post: Destination | None = None,
    scope: Scope | None = None,
) -> OrderRow | Refused:
    """换领: apply for the successor of a card in use; the old one serves until the new one is made.

    Refused: `card.*` where the card is neither in use nor locked, `exchange.too_early` (expiry only), `agent.*`, and
    whatever `apply_for_card` refuses.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    if not exchangeable(CARD.state(card.state)):
        return stands_as(card.state)
    refused = may_be_exchanged(
        reason, card.valid_until, act.today, whole("card.exchange_before_expiry_days", act.today)
    )
    came = refused if refused is not None else who_comes(act, Service.EXCHANGE, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    order = apply_for_card(
        act,
        resident_id=card.resident_id,
        kind=OrderKind.EXCHANGE,
        mode=mode,
        outlet_code=outlet_code,
        bank_code=bank_code,
        channel=channel,
        reason=reason.zh,
        post=post,
        scope=scope,
    )
    if not isinstance(order, Refused):
        note_who_came(act, came, f"order:{order.id}", **place(act, card))
    return order
