"""密码重置、解锁 of the social security side, in two acts with the gateway's answer between them.

The first act writes the request down, so that no lock is held while the gateway works and nothing is forgotten if it
does not answer; the second one records what came of it. `cards/pin_desk.py` leads through both.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.agents import Agent
from yikatong.cards.messages import Step
from yikatong.cards.models import Card, PinRequest
from yikatong.cards.pins import ASKED, DONE, OPEN, PIN, PinAction, unlocks_left
from yikatong.cards.queries import meaning_of
from yikatong.cards.rows import PinRow, card_row, pin_row
from yikatong.cards.rules import CARD, LOCKED
from yikatong.cards.services.agency import note_who_came, who_comes
from yikatong.cards.services.locked import locked_card, place
from yikatong.cards.services.telling import tell_cards
from yikatong.cards.standing import stands_as, step_refused
from yikatong.office.act import Act, Door
from yikatong.office.lifecycle import advance
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope
from yikatong.office.wires import gateway


def reset_pin(
    act: Act, *, card_no: str, by: Agent | None = None, scope: Scope | None = None
) -> PinRow | Refused:
    """Ask for the social security PIN to be set back to its initial value (1 or 3 -> 1), at a window.

    A locked card is open again after it, which is one of its unlocks.
    Refused: `pin.window_only`, `gateway.none`, `card.*`, `scope.outside`, `pin.open`, `pin.unlocks_used`, `agent.*`.
    """
    return _ask(act, PinAction.RESET, card_no, by, scope)


def unlock(
    act: Act, *, card_no: str, by: Agent | None = None, scope: Scope | None = None
) -> PinRow | Refused:
    """Ask for a locked card to be unlocked (3 -> 1), at a window. Refused: as for `reset_pin`."""
    return _ask(act, PinAction.UNLOCK, card_no, by, scope)


def settle(act: Act, *, request_id: UUID, answer: gateway.Receipt | Refused) -> PinRow:
    """Record the gateway's answer. Without one the card stays as it was and the request stays open.

    A request that is settled already stays as it is: two who asked again get the same answer. A card that is no longer
    locked (reported lost meanwhile, ended) keeps the state it has; what the chip did is on record all the same.
    """
    card = _card_of(request_id)
    request = PinRequest.objects.select_for_update(no_key=True).get(request_id=request_id)
    if request.state not in OPEN:
        return pin_row(request)
    if isinstance(answer, gateway.Receipt):
        advance(request, PIN, "complete", settled_at=act.at, receipt=answer.number)
        _done(act, request, card)
    elif answer.code != gateway.UNKNOWN:
        advance(request, PIN, "fail", settled_at=act.at)
        _record(act, facts.PIN_FAILED, request, card, why=answer.zh, why_en=answer.en)
    elif request.state == ASKED.code:
        advance(request, PIN, "doubt")
        _record(act, facts.PIN_IN_DOUBT, request, card)
    return pin_row(request)


def _ask(
    act: Act, action: PinAction, card_no: str, by: Agent | None, scope: Scope | None
) -> PinRow | Refused:
    if act.door is not Door.CONSOLE:
        return Refused(
            "pin.window_only",
            f"{action.zh}须持卡到窗口办理。",
            "PINs are reset and cards unlocked at a window, with the card.",
        )
    there = gateway.connected()
    if isinstance(there, Refused):
        return there
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = _stands_in_the_way(act, action, card)
    came = refused if refused is not None else who_comes(act, action.service, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    request = PinRequest.objects.create(
        request_id=uuid4(),
        card=card,
        action=action.value,
        unlocks=card.state == LOCKED.code,
        asked_by=act.actor.code,
        asked_at=act.at,
    )
    note_who_came(act, came, f"card:{card.pk}", **place(act, card))
    _record(act, facts.PIN_ASKED, request, card)
    return pin_row(request)


def _stands_in_the_way(act: Act, action: PinAction, card: Card) -> Refused | None:
    meaning = meaning_of(card_row(card))
    if action.value not in meaning.may:
        if meaning.social == "deceased":
            return Refused(
                "card.deceased",
                f"持卡人已登记死亡，不能办理{action.zh}。",
                f"The holder is recorded as deceased; {action.en} is not possible.",
                at="card_no",
            )
        return step_refused(action.value, card.state) if action is PinAction.UNLOCK else stands_as(card.state)
    if PinRequest.objects.filter(card=card, state__in=OPEN).exists():
        return Refused(
            "pin.open",
            "该卡上一次密码请求还没有结果，请先在卡片页查询其结果。",
            "The last PIN request of this card is still open; ask for its outcome on the card's page.",
            at="card_no",
        )
    if card.state != LOCKED.code:
        return None
    left = unlocks_left(_unlocks_used(card), whole("card.pin_unlocks", act.today))
    return left if isinstance(left, Refused) else None


def _done(act: Act, request: PinRequest, card: Card) -> None:
    wrong = str(whole("card.pin_wrong_entries", act.today))
    step, blanks = Step.PIN_RESET, {"wrong": wrong}
    if request.action == PinAction.RESET:
        _record(act, facts.PIN_RESET, request, card, receipt=request.receipt)
    if request.unlocks:
        used = _unlocks_used(card)
        if card.state == LOCKED.code:
            advance(card, CARD, "unlock", state_since=act.at)
        _record(act, facts.UNLOCKED, request, card, receipt=request.receipt, used=used)
        if request.action == PinAction.UNLOCK:
            left = str(max(0, whole("card.pin_unlocks", act.today) - used))
            step, blanks = Step.UNLOCKED, {"wrong": wrong, "left": left}
    tell_cards(act, step, [card.pk], **blanks)


def _unlocks_used(card: Card) -> int:
    return PinRequest.objects.filter(card=card, unlocks=True, state=DONE.code).count()


def _card_of(request_id: UUID) -> Card:
    # The card before its request, as whoever asks does: the two can never wait for each other.
    number = PinRequest.objects.values_list("card_id", flat=True).get(request_id=request_id)
    return Card.objects.select_for_update(no_key=True).get(pk=number)


def _record(act: Act, kind: Kind, request: PinRequest, card: Card, **more: Any) -> None:
    action = PinAction(request.action)
    act.record(
        kind,
        subject=f"card:{card.pk}",
        person=card.resident_id,
        **place(act, card),
        request=str(request.request_id),
        what=action.zh,
        what_en=action.en,
        **more,
    )
