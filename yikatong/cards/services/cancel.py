"""注销: the card's end at the counter, and the bank account's, which is closed for itself.

A card that ends for a death or because its holder has two is decided by two people: see `cases.py`.
"""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.agents import Agent, Service
from yikatong.cards.messages import Step
from yikatong.cards.models import Card, Order
from yikatong.cards.rows import CardRow, card_row
from yikatong.cards.rules import BANK, CARD, OPEN_STATES
from yikatong.cards.services.agency import note_who_came, who_comes
from yikatong.cards.services.locked import locked_card, place
from yikatong.cards.services.telling import tell_cards, tell_orders
from yikatong.cards.standing import BY_TWO, EndReason, bank_step_refused, step_refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.scope import Scope


def cancel_card(
    act: Act,
    *,
    card_no: str,
    reason: EndReason,
    by: Agent | None = None,
    scope: Scope | None = None,
) -> CardRow | Refused:
    """注销 the social security side (any state -> 9) at the holder's, guardian's or agent's request.

    The bank account stays as it is until the bank closes it (`close_account`). Refused: `card.unknown`,
    `scope.outside`, `card.ended`, `cancel.by_two` (death, second card), `cancel.order_open`, `agent.*`.
    """
    if reason in BY_TWO:
        return Refused(
            "cancel.by_two",
            f"因{reason.zh}注销须一人提出、另一人复核，请从“待注销核办”办理。",
            f"A card is cancelled for {reason.en} by two people; do it from the cases.",
            at="reason",
        )
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = step_refused("end", card.state)
    if refused is None:
        refused = _order_open(card)
    came = refused if refused is not None else who_comes(act, Service.CANCEL, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    note_who_came(act, came, f"card:{card.pk}", **place(act, card))
    end_card(act, card, reason)
    return card_row(card)


def end_card(act: Act, card: Card, reason: EndReason) -> None:
    """Take the last step of a card that was checked and locked; for the services of this folder."""
    advance(card, CARD, "end", state_since=act.at, temporary_loss_until=None)
    act.record(
        facts.ENDED,
        subject=f"card:{card.pk}",
        person=card.resident_id,
        **place(act, card),
        reason=reason.zh,
        reason_code=reason.value,
    )
    # What was destroyed uncollected ends with its order, whose applicant is told of both at once.
    if reason is EndReason.DESTROYED and card.order_id is not None:
        tell_orders(act, Step.DESTROYED, [card.order_id])
    else:
        tell_cards(act, Step.ENDED, [card.pk])


def close_account(act: Act, *, card_no: str, scope: Scope | None = None) -> CardRow | Refused:
    """Record that the bank has closed the account (已销户), also of a card that is lost or ended long since.

    Refused: `card.unknown`, `scope.outside`, `bank.closed`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = bank_step_refused("close", card.bank_state)
    if refused is not None:
        return refused
    advance(card, BANK, "close", field="bank_state", bank_loss_until=None)
    act.record(facts.ACCOUNT_CLOSED, subject=f"card:{card.pk}", person=card.resident_id, **place(act, card))
    return card_row(card)


def _order_open(card: Card) -> Refused | None:
    order = Order.objects.filter(resident=card.resident_id, state__in=OPEN_STATES).first()
    if order is None:
        return None
    return Refused(
        "cancel.order_open",
        f"此人有在办申请 {order.number}，请先撤销该申请再注销。",
        f"This person has an open order, {order.number}; cancel it first.",
        at="card_no",
    )
