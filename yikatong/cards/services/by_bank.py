"""A bank takes applications at its own outlets and sends them from its own system."""

from __future__ import annotations

import json
from dataclasses import dataclass

from yikatong.basics.masking import Sensitive
from yikatong.basics.names import same_name
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.models import BankApplication
from yikatong.cards.queries import order as find
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.admission import not_alive
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.standing import first
from yikatong.office.act import Act
from yikatong.office.places import outlet
from yikatong.office.sealing import lookup
from yikatong.office.turns import take_turn
from yikatong.residents.queries import Person, person_by_number

CHANNEL = "bank"


@dataclass(frozen=True)
class TakenFromBank:
    """The order, and whether an earlier call with the same key had brought it already."""

    order: OrderRow
    again: bool


def apply_by_bank(
    act: Act,
    *,
    partner: str,
    bank_code: str,
    key: str,
    number: str,
    name: str,
    outlet_code: str,
    mode: Mode,
    case_number: str,
) -> TakenFromBank | Refused:
    """Take a first-card application of one of the bank's customers, once for each `key` (1-64 characters).

    The card will carry the bank's own account. Refused: `idempotency.other_body` (the key came with another body),
    `order.outlet_other_bank`, `order.name_mismatch`, and what refuses at the counter (`apply_for_card`). A refusal
    about a person we know is journalled, for the bank has learnt something of them.
    """
    said = lookup(
        Sensitive.IDENTITY_NUMBER, json.dumps([number, name, outlet_code, mode, case_number, bank_code])
    )
    earlier = _earlier(partner, key)
    if earlier is not None:
        return _told_again(earlier, said)
    place = outlet(outlet_code)
    if place is not None and place.bank_code != bank_code:
        return Refused(
            "order.outlet_other_bank",
            f"{place.name}不是贵行的网点，请选择贵行的网点。",
            f"{place.name} is not an outlet of yours; choose one that is.",
            at="outlet",
        )
    applicant = person_by_number(number)
    result = first(_mismatch(applicant, name), not_alive(applicant))
    if applicant is not None and result is None:
        taken = apply_for_card(
            act,
            resident_id=applicant.id,
            kind=OrderKind.NEW,
            mode=mode,
            outlet_code=outlet_code,
            bank_code=bank_code,
            channel=CHANNEL,
        )
        if isinstance(taken, OrderRow):
            BankApplication.objects.create(partner=partner, key=key, said=said, order_id=taken.id)
            return TakenFromBank(taken, again=False)
        result = taken
    assert result is not None
    if applicant is not None:
        act.record(
            facts.APPLICATION_REFUSED,
            person=applicant.id,
            code=result.code,
            case_number=case_number,
        )
    return result


def _mismatch(applicant: Person | None, name: str) -> Refused | None:
    if applicant is None or same_name(applicant.name, name):
        return None
    return Refused(
        "order.name_mismatch",
        "姓名与社会保障号码不符，请核对证件。",
        "The name does not belong to the number; check the document.",
        at="name",
    )


def _earlier(partner: str, key: str) -> BankApplication | None:
    """The application this call brought before. The same call twice at once waits here for the first."""
    take_turn(f"by-bank.{partner}.{key}")
    return BankApplication.objects.select_related("order").filter(partner=partner, key=key).first()


def _told_again(earlier: BankApplication, said: bytes) -> TakenFromBank | Refused:
    order = find(earlier.order.number)
    if bytes(earlier.said) != said or order is None:
        return Refused(
            "idempotency.other_body",
            "该 Idempotency-Key 已用于另一笔申请，请为每笔申请使用新的键。",
            "This Idempotency-Key was used for another application; use a new one for each.",
        )
    return TakenFromBank(order, again=True)
