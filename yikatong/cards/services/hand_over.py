"""领卡、启用、激活: the card goes from the outlet's shelf into the right hand and is made usable.

Collected, the card is still 封存 (state 0); enabling opens the social security side, and the bank's activation, which
the bank does in person, is only recorded here.
"""

from __future__ import annotations

from yikatong.basics.ids import read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.names import same_name, tidy
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.agents import Agent, Service
from yikatong.cards.lives import Effect, stopped
from yikatong.cards.messages import Step
from yikatong.cards.models import Card, Order
from yikatong.cards.payments import not_settled
from yikatong.cards.rows import CardRow, card_row
from yikatong.cards.rules import (
    BANK,
    BANK_INACTIVE,
    CARD,
    COLLECTED,
    ENDED,
    LOST,
    LYING,
    ORDER,
    SEALED,
    TEMP_LOST,
)
from yikatong.cards.services.agency import Came, note_who_came, who_comes
from yikatong.cards.services.locked import deceased, locked_card, locked_order, place
from yikatong.cards.services.parcel_ends import COLLECTED_HERE, end_wishes
from yikatong.cards.services.proof import Proof, judged, keep_proof
from yikatong.cards.services.telling import tell_cards
from yikatong.cards.standing import Receiver, first, stands_as, step_refused
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.scope import Scope
from yikatong.residents.queries import Person, person
from yikatong.residents.rules import LIFE


def hand_over(
    act: Act,
    *,
    order_number: str,
    proof: Proof,
    shown_name: str = "",
    shown_number: str = "",
    by: Agent | None = None,
    scope: Scope | None = None,
) -> CardRow | Refused:
    """Hand the card of an order to its receiver; the order ends, the card stays sealed until it is enabled.

    `by` is who came instead of the holder; of a holder the name and, where it was read, the number of the document
    they showed. `proof` is the receiver's signature and photo. Refused: `order.unknown`, `scope.outside`,
    `order.already_collected`, `order.not_at_outlet`, `fee.due`, `order.deceased` (and what else stops it: `lives.py`), `card.*` where the card may no longer be given
    out, `receiver.not_holder`, `agent.*`, `signature.*`, `receiver_photo.*` (domain.md 2.1 领卡, 2.3).
    """
    order = locked_order(order_number, scope)
    if isinstance(order, Refused):
        return order
    refused = not_to_be_given_out(act, order)
    if refused is not None:
        return refused
    card = Card.objects.select_for_update(no_key=True, of=("self",)).get(order=order)
    if card.state != SEALED.code:
        return stands_as(card.state)
    came = _may_receive(act, order, by, shown_name, shown_number)
    if isinstance(came, Refused):
        return came
    left = judged(act, proof)
    if isinstance(left, Refused):
        return left
    note_who_came(act, came, f"card:{card.pk}", region=order.region, outlet=order.outlet.code)
    _hand_out(
        act,
        order,
        card,
        role=Receiver(by.role.value) if by else Receiver.HOLDER,
        name=tidy(by.name if by else came.holder.name),
        number=came.number,
        letter=by.letter_number.strip()[:40] if by else "",
        proof=left,
    )
    return card_row(card)


def _may_receive(
    act: Act, order: Order, by: Agent | None, shown_name: str, shown_number: str
) -> Came | Refused:
    """Who stands at the counter, or why they may not take this card."""
    came = who_comes(act, Service.COLLECT, order.resident_id, by)
    if isinstance(came, Refused) or by is not None:
        return came
    refused = _not_the_holder(act, came.holder, shown_name, shown_number)
    return came if refused is None else refused


def _hand_out(
    act: Act,
    order: Order,
    card: Card,
    *,
    role: Receiver,
    name: str,
    proof: Proof,
    number: str = "",
    letter: str = "",
) -> None:
    """The card of an order is in its receiver's hand, with what proves it."""
    end_wishes(act, [order.pk], *COLLECTED_HERE)
    advance(order, ORDER, "collect", state_since=act.at)
    card.collected_at, card.collected_by = act.at, f"{name}（{role.zh}）"[:60]
    card.save(update_fields=["collected_at", "collected_by"])
    act.record(
        facts.COLLECTED,
        subject=f"card:{card.pk}",
        person=order.resident_id,
        region=order.region,
        outlet=order.outlet.code,
        order=order.pk,
        number=order.number,
        order_kind=order.kind,
        mode=order.mode,
        receiver=mask(Sensitive.NAME, name),
        receiver_role=role.value,
        receiver_number=mask(Sensitive.IDENTITY_NUMBER, number),
        **keep_proof(act, card, role=role, name=name, number=number, letter=letter, proof=proof),
    )
    tell_cards(act, Step.COLLECTED, [card.pk])


def enable(
    act: Act, *, card_no: str, by: Agent | None = None, scope: Scope | None = None
) -> CardRow | Refused:
    """Enable the social security side (0 -> 1), identity and card seen at the counter.

    Refused: `card.unknown`, `scope.outside`, `card.not_collected`, `card.already_enabled`, `card.lost`, `card.ended` …,
    `card.deceased`, `agent.*`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = first(step_refused("enable", card.state), _not_collected(card), deceased(card))
    came = refused if refused is not None else who_comes(act, Service.ENABLE, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    note_who_came(act, came, f"card:{card.pk}", **place(act, card))
    advance(card, CARD, "enable", state_since=act.at)
    act.record(facts.ENABLED, subject=f"card:{card.pk}", person=card.resident_id, **place(act, card))
    tell_cards(act, Step.ENABLED, [card.pk])
    return card_row(card)


def record_bank_activation(
    act: Act, *, card_no: str, by: Agent | None = None, scope: Scope | None = None
) -> CardRow | Refused:
    """Record that the bank has activated the account in person, as the bank told us: no agent does that.

    Refused: `card.unknown`, `scope.outside`, `card.not_collected`, `bank.already_active`, `bank.stopped`, and
    `card.lost`, `card.temp_lost`, `card.ended`: nobody activates a card that is gone; `card.deceased`, `agent.*`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = first(_not_activatable(card), _not_collected(card), deceased(card))
    came = refused if refused is not None else who_comes(act, Service.ACTIVATE, card.resident_id, by)
    if isinstance(came, Refused):
        return came
    note_who_came(act, came, f"card:{card.pk}", **place(act, card))
    advance(card, BANK, "activate", field="bank_state")
    act.record(facts.BANK_ACTIVATED, subject=f"card:{card.pk}", person=card.resident_id, **place(act, card))
    return card_row(card)


def not_to_be_given_out(act: Act, order: Order) -> Refused | None:
    """Why the card of this order does not leave its outlet now; for the services of this folder."""
    refused = first(_not_ready(order), not_settled(order))
    if refused is not None:
        return refused
    holder = person(order.resident_id)
    if holder is None:
        raise LookupError(f"order {order.pk} has no resident")
    return stopped(Effect.HAND_OVER, LIFE.state(holder.state), act.today, at="order_number")


def _not_ready(order: Order) -> Refused | None:
    if order.frozen_at is not None or order.stopped_at is not None:
        return Refused(
            "order.frozen",
            f"申请 {order.number} 已冻结或停办，不能发卡。",
            f"Order {order.number} is frozen or was stopped; its card is not handed over.",
            at="order_number",
        )
    if order.state in LYING:
        return None
    state = ORDER.state(order.state)
    if state is COLLECTED:
        return Refused(
            "order.already_collected",
            f"受理编号 {order.number} 的卡已领取，请勿重复发卡。",
            f"The card of {order.number} has already been collected.",
            at="order_number",
        )
    return Refused(
        "order.not_at_outlet",
        f"受理编号 {order.number} 目前为“{state.zh}”，还不能领卡。",
        f"Order {order.number} is {state.en}; there is no card to hand over.",
        at="order_number",
    )


def _not_collected(card: Card) -> Refused | None:
    # Cards taken over from before this house opened were never collected here, and are not sealed.
    if card.state == SEALED.code and card.collected_at is None:
        return Refused(
            "card.not_collected",
            "该卡还没有发到持卡人手中，请先办理领卡。",
            "This card has not been handed over yet; hand it over first.",
            at="card_no",
        )
    return None


def _not_activatable(card: Card) -> Refused | None:
    if card.state in (LOST.code, TEMP_LOST.code, ENDED.code):
        return stands_as(card.state)
    if card.bank_state == BANK_INACTIVE.code:
        return None
    if BANK.target("report_bank_loss", card.bank_state) is not None:
        return Refused(
            "bank.already_active", "该卡金融账户已激活。", "The bank account is already active.", at="card_no"
        )
    return Refused(
        "bank.stopped",
        "该卡金融账户已停用，请到银行办理。",
        "The bank account is stopped; see the bank.",
        at="card_no",
    )


def _not_the_holder(act: Act, holder: Person, name: str, number: str) -> Refused | None:
    if not same_name(tidy(name), holder.name):
        return Refused(
            "receiver.not_holder",
            "所示证件的姓名与持卡人不符；他人代领请选择“代办人”。",
            "The name on the document shown is not the holder's; choose agent if somebody else collects.",
            at="shown_name",
        )
    if not number.strip():
        return None
    shown = read_identity_number(number, act.today)
    if isinstance(shown, Refused) or shown.number != holder.number:
        return Refused(
            "receiver.not_holder",
            "所示证件号码与持卡人不符。",
            "The number shown is not the holder's.",
            at="shown_number",
        )
    return None
