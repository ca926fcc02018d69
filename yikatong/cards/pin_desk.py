"""Asking the card security gateway: the call between the two acts of `services/pin.py`, and what waits for an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yikatong.basics.refused import Refused
from yikatong.cards.models import PinRequest
from yikatong.cards.pins import OPEN, PinAction
from yikatong.cards.rows import PinRow, pin_row
from yikatong.cards.services.pin import settle
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.prepared import Given, Prepared
from yikatong.office.wires import gateway

PATIENCE = timedelta(minutes=1)
"""How long a request is left to the window that made it before the clock asks again."""


def open_request(card_id: int) -> PinRow | None:
    """The request of this card whose outcome is still to come; None where there is none."""
    found = _OPEN.first(card=card_id)
    return pin_row(found) if found else None


_OPEN = Prepared(
    lambda: PinRequest.objects.filter(card_id=Given("card"), state__in=OPEN).select_related("card")
)


def carry_out(request_id: UUID, *, actor: Actor, door: Door) -> PinRow | Refused:
    """Ask the gateway, outside of any act, then record its answer in an act; asking again is harmless.

    Refused: `gateway.none` (nothing was asked); the gateway's own code where it said no or did not answer.
    """
    there = gateway.connected()
    if isinstance(there, Refused):
        return there
    request = PinRequest.objects.select_related("card").get(request_id=request_id)
    ask = there.reset_pin if request.action == PinAction.RESET else there.unlock
    # Cards taken over from another house came without their chip's identifier; there the gateway knows the number.
    answer = ask(request.card.card_identifier or request.card.card_no, str(request_id))
    with open_act(actor, door=door, purpose=PinAction(request.action).zh) as act:
        row = settle(act, request_id=request_id, answer=answer)
    return answer if isinstance(answer, Refused) else row


def ask_again(actor: Actor, now: datetime) -> int:
    """Ask once more for every outcome that is still unknown; returns how many were settled."""
    if isinstance(gateway.connected(), Refused):
        return 0
    waiting = PinRequest.objects.filter(state__in=OPEN, asked_at__lte=now - PATIENCE).order_by("asked_at")
    settled = 0
    for request_id in list(waiting.values_list("request_id", flat=True)):
        answer = carry_out(request_id, actor=actor, door=Door.TASK)
        settled += not (isinstance(answer, Refused) and answer.code == gateway.UNKNOWN)
    return settled
