"""领卡、启用、激活: the card goes from the outlet's shelf into the right hand and is made usable.

Collected, the card is still 封存 (state 0); enabling opens the social security side, and the bank's activation, which
the bank does in person, is only recorded here.
"""

from __future__ import annotations

from yikatong.basics.ids import read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.names import name_problems, same_name, tidy
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.messages import Step, text
from yikatong.cards.models import Card, Order
from yikatong.cards.rows import CardRow, card_row
from yikatong.cards.rules import (
    BANK,
    BANK_INACTIVE,
    CARD,
    COLLECTED,
    ENDED,
    LOST,
    ORDER,
    SEALED,
    TEMP_LOST,
)
from yikatong.cards.services.locked import deceased, locked_card, locked_order, place
from yikatong.cards.services.proof import Proof, judged, keep_proof
from yikatong.cards.standing import Receiver, first, stands_as, step_refused
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope
from yikatong.residents.queries import Person, person
from yikatong.residents.rules import ALIVE, age_on


def hand_over(
    act: Act,
    *,
    order_number: str,
    receiver_name: str,
    receiver_role: str,
    proof: Proof,
    receiver_number: str = "",
    letter: str = "",
    scope: Scope | None = None,
) -> CardRow | Refused:
    """Hand the card of an order to its receiver; the order ends, the card stays sealed until it is enabled.

    `receiver_role` is holder, guardian or agent; guardian and agent show their own number, an agent also the `letter`
    of authority by its number. `proof` is the receiver's signature and photo. Refused: `order.unknown`,
    `scope.outside`, `order.already_collected`, `order.not_at_outlet`, `order.deceased`, `card.*` where the card may no
    longer be given out, `receiver.*`, `signature.*`, `receiver_photo.*` (domain.md 2.1 领卡, 2.3).
    """
    order = locked_order(order_number, scope)
    if isinstance(order, Refused):
        return order
    refused = _not_ready(order)
    if refused is not None:
        return refused
    card = Card.objects.select_for_update(no_key=True, of=("self",)).get(order=order)
    if card.state != SEALED.code:
        return stands_as(card.state)
    holder = person(order.resident_id)
    if holder is None:
        raise LookupError(f"order {order.pk} has no resident")
    if holder.state != ALIVE.code:
        return Refused(
            "order.deceased",
            "申请人已登记死亡或注销户籍，不能发卡；请退回中心处理。",
            "The applicant is recorded as deceased or struck off; return the card to the centre.",
            at="order_number",
        )
    receiver = _receiver(act, holder, receiver_role, tidy(receiver_name), receiver_number)
    if isinstance(receiver, Refused):
        return receiver
    role, name, number = receiver
    letter = letter.strip()[:40] if role is Receiver.AGENT else ""
    if role is Receiver.AGENT and not letter:
        return _letter_missing()
    left = judged(act, proof)
    if isinstance(left, Refused):
        return left
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
        **keep_proof(act, card, role=role, name=name, number=number, letter=letter, proof=left),
    )
    said = text(Step.COLLECTED, tail=card.card_no[-4:])
    post.queue_message(act, to=holder.reached_at, text=said, person=holder.id, subject=f"card:{card.pk}")
    return card_row(card)


def _letter_missing() -> Refused:
    return Refused(
        "receiver.letter_missing",
        "代办人须持委托书，请填写委托书编号（没有编号的填写委托日期）。",
        "An agent brings a letter of authority; enter its number, or its date where it has none.",
        at="letter",
    )


def enable(act: Act, *, card_no: str, scope: Scope | None = None) -> CardRow | Refused:
    """Enable the social security side (0 -> 1).

    Refused: `card.unknown`, `scope.outside`, `card.not_collected`, `card.already_enabled`, `card.lost`, `card.ended` …,
    `card.deceased`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = first(step_refused("enable", card.state), _not_collected(card), deceased(card))
    if refused is not None:
        return refused
    advance(card, CARD, "enable", state_since=act.at)
    act.record(facts.ENABLED, subject=f"card:{card.pk}", person=card.resident_id, **place(act, card))
    return card_row(card)


def record_bank_activation(act: Act, *, card_no: str, scope: Scope | None = None) -> CardRow | Refused:
    """Record that the bank has activated the account, as the bank told us.

    Refused: `card.unknown`, `scope.outside`, `card.not_collected`, `bank.already_active`, `bank.stopped`, and
    `card.lost`, `card.temp_lost`, `card.ended`: nobody activates a card that is gone; `card.deceased`.
    """
    card = locked_card(card_no, scope)
    if isinstance(card, Refused):
        return card
    refused = first(_not_activatable(card), _not_collected(card), deceased(card))
    if refused is not None:
        return refused
    advance(card, BANK, "activate", field="bank_state")
    act.record(facts.BANK_ACTIVATED, subject=f"card:{card.pk}", person=card.resident_id, **place(act, card))
    return card_row(card)


def _not_ready(order: Order) -> Refused | None:
    if order.frozen_at is not None or order.stopped_at is not None:
        return Refused(
            "order.frozen",
            f"申请 {order.number} 已冻结或停办，不能发卡。",
            f"Order {order.number} is frozen or was stopped; its card is not handed over.",
            at="order_number",
        )
    if ORDER.target("collect", order.state) is not None:
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


def _receiver(
    act: Act, holder: Person, role_text: str, name: str, number_text: str
) -> tuple[Receiver, str, str] | Refused:
    """The receiver as (role, name, own number), or why this person may not take the card."""
    try:
        role = Receiver(role_text)
    except ValueError:
        return Refused(
            "receiver.role",
            "请选择领卡人身份：本人、监护人或代办人。",
            "Choose who receives it: the holder, a guardian or an agent.",
            at="receiver_role",
        )
    problem = name_problems(name)
    if problem is not None:
        return Refused(problem.code, problem.zh, problem.en, at="receiver_name")
    if role is Receiver.HOLDER:
        return _holder_receives(act, holder, name, number_text)
    shown = read_identity_number(number_text, act.today)
    if isinstance(shown, Refused):
        return Refused(shown.code, shown.zh, shown.en, at="receiver_number")
    if shown.number == holder.number:
        return Refused(
            "receiver.is_holder",
            "所填证件是持卡人本人的，请选择“本人”领取。",
            "That number is the holder's own; choose the holder as receiver.",
            at="receiver_role",
        )
    if role is Receiver.GUARDIAN and not any(
        same_name(each.name, name) and each.number == shown.number for each in holder.guardians
    ):
        return Refused(
            "receiver.not_guardian",
            "姓名和证件号码与登记的监护人不符，请核对或先登记监护人。",
            "Name and number do not match a registered guardian; check them or register the guardian.",
            at="receiver_name",
        )
    return role, name, shown.number


def _holder_receives(
    act: Act, holder: Person, name: str, number_text: str
) -> tuple[Receiver, str, str] | Refused:
    if not same_name(name, holder.name):
        return Refused(
            "receiver.not_holder",
            "领卡人姓名与持卡人不符；他人代领请选择“代办人”。",
            "The receiver's name is not the holder's; choose agent if somebody else collects.",
            at="receiver_name",
        )
    if number_text.strip():
        shown = read_identity_number(number_text, act.today)
        if isinstance(shown, Refused) or shown.number != holder.number:
            return Refused(
                "receiver.not_holder",
                "所示证件号码与持卡人不符。",
                "The number shown is not the holder's.",
                at="receiver_number",
            )
    of_age = whole("card.guardian_below_age", act.today)
    if holder.birth_on is not None and age_on(holder.birth_on, act.today) < of_age:
        return Refused(
            "receiver.guardian_needed",
            f"持卡人未满 {of_age} 周岁，须由监护人领取。",
            f"The holder is under {of_age}; a guardian must collect the card.",
            at="receiver_role",
        )
    return Receiver.HOLDER, name, ""
