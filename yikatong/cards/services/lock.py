"""应用锁定: a terminal or a window has seen too many wrong PINs, and the card's social security side is locked."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.messages import Step
from yikatong.cards.rows import CardRow, card_row
from yikatong.cards.rules import CARD
from yikatong.cards.services.locked import locked_card, place
from yikatong.cards.services.telling import tell_cards
from yikatong.cards.standing import step_refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.scope import Scope


def report_locked(act: Act, *, card_no: str, where: str, scope: Scope | None = None) -> CardRow | Refused:
    """Record that the chip has locked itself (1 -> 3); `where` it was seen, in at most 60 characters.

    Refused: `card.unknown`, `scope.outside`, `lock.where`, and `card.*` where the card is not in use.
    """
    if not where.strip():
        return Refused(
            "lock.where",
            "请写明在哪里发现锁定（终端、药店、窗口）。",
            "Say where the lock was seen: terminal, pharmacy, window.",
            at="where",
        )
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = step_refused("lock", card.state)
    if refused is not None:
        return refused
    advance(card, CARD, "lock", state_since=act.at)
    act.record(
        facts.LOCKED,
        subject=f"card:{card.pk}",
        person=card.resident_id,
        **place(act, card),
        why=where.strip()[:60],
    )
    tell_cards(act, Step.LOCKED, [card.pk])
    return card_row(card)
