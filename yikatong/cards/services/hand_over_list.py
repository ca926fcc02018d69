"""集体领卡: agents of the unit collect every card of their list that is at the outlet, in one act and on one sheet.

What the outlet hands over is sealed; the unit gives each card to its holder, who enables it. Cards that may not be
handed over (a holder who died or wants it by post, a card that was cancelled meanwhile) are kept back, and the sheet
names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from yikatong.basics.ids import read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import print_yuan
from yikatong.basics.names import name_problems, tidy
from yikatong.basics.refused import Refused
from yikatong.cards import collective_facts, facts
from yikatong.cards.agents import Service
from yikatong.cards.channels import Channel, why_not
from yikatong.cards.collective import TAKEN
from yikatong.cards.fees import DUE, unpaid
from yikatong.cards.lives import Effect, stopped
from yikatong.cards.messages import Step
from yikatong.cards.models import ApplicationList, Card, ListAgent, ListHandOver, ListLine
from yikatong.cards.posting import WISHED
from yikatong.cards.rules import ORDER, SEALED
from yikatong.cards.services.keeping import keep
from yikatong.cards.services.locked import locked_list
from yikatong.cards.services.proof import Proof, judged
from yikatong.cards.services.staging import among, lock_orders
from yikatong.cards.services.telling import tell_cards
from yikatong.cards.stages import STAGES, Stage
from yikatong.cards.standing import Receiver, stands_as
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance_all
from yikatong.office.numbering import next_number
from yikatong.office.rulebook import ruling, whole
from yikatong.office.scope import Scope
from yikatong.office.sealing import seal
from yikatong.residents.rules import LIFE

LETTER_LENGTH = 40
_HERE = (
    "o.id IN (SELECT l.order_id FROM cards_listline l WHERE l.application_list_id = %(list)s) "
    "AND o.state = ANY(%(here)s)"
)
_STANDING = f"""
SELECT o.id, o.number, o.frozen_at IS NOT NULL OR o.stopped_at IS NOT NULL, c.state, r.state,
       r.birth_on + make_interval(years => %(of_age)s) > %(today)s,
       EXISTS (SELECT 1 FROM cards_posting p WHERE p.order_id = o.id AND p.state = '{WISHED.code}'),
       (SELECT f.amount_fen FROM cards_fee f WHERE f.order_id = o.id AND f.state = '{DUE.code}' AND f.first)
  FROM cards_order o JOIN cards_card c ON c.order_id = o.id JOIN residents_resident r ON r.id = o.resident_id
 WHERE {_HERE} ORDER BY o.id
"""  # noqa: S608 - only our own condition is put into the text
_COLLECTED = """
SELECT 'card:' || c.id, c.resident_id, o.region, p.code,
       jsonb_build_object('order', o.id, 'number', o.number, 'order_kind', o.kind, 'mode', o.mode)
  FROM cards_order o JOIN cards_card c ON c.order_id = o.id JOIN office_outlet p ON p.id = o.outlet_id
 WHERE o.id = ANY(%(orders)s::bigint[])
"""
_PROOF = """
INSERT INTO cards_handover (card_id, role, name, number, letter, signature_id, unsigned_reason, photo_id,
                            no_photo_reason, at, by)
SELECT c.id, %(role)s, %(name)s, %(number)s, %(letter)s, %(signature)s, %(unsigned)s, %(photo)s, %(no_photo)s, %(at)s,
       %(by)s
  FROM cards_card c WHERE c.order_id = ANY(%(orders)s::bigint[]) ORDER BY c.id
"""


@dataclass(frozen=True)
class UnitAgent:
    """Somebody the unit sends, as on the document they show."""

    name: str
    number: str


@dataclass(frozen=True)
class ListHanded:
    """What was handed over: the sheet's number, how many cards, and the orders kept back with why."""

    number: str
    cards: int
    left_out: tuple[tuple[str, Refused], ...]


def hand_over_list(
    act: Act, number: str, *, letter: str, agents: Sequence[UnitAgent], proof: Proof, scope: Scope
) -> ListHanded | Refused:
    """Hand all cards of a list that are at the outlet to its unit's agents; the orders end, the cards stay sealed.

    `letter` is the unit's letter by its number, `proof` the first agent's signature and photo. Refused: channel.not_offered, list.unknown,
    list.not_taken, list.nothing_here, unit_agent.* (too few, name, number, the same person twice),
    receiver.letter_missing, `signature.*`, `receiver_photo.*` (domain.md 2.1: two agents with a letter).
    """
    if (refused := why_not(Service.COLLECT.value, Channel.LIST, act.today)) is not None:
        return refused
    row = locked_list(number, scope)
    if isinstance(row, Refused):
        return row
    if row.state != TAKEN.code:
        return Refused(
            "list.not_taken",
            "名单还没有受理，没有卡可领。",
            "This list was not taken; it has no cards.",
        )
    came = _who_came(act, agents)
    if isinstance(came, Refused):
        return came
    letter = letter.strip()[:LETTER_LENGTH]
    if not letter:
        return Refused(
            "receiver.letter_missing",
            "请填写单位介绍信编号（没有编号的填写日期）。",
            "Enter the number of the unit's letter, or its date where it has none.",
            at="letter",
        )
    left = judged(act, proof)
    if isinstance(left, Refused):
        return left
    orders, kept_back = _ready(act, row)
    if not orders:
        return _nothing_here(kept_back)
    return _hand_over(act, row, came, letter, left, orders, kept_back)


def _who_came(act: Act, agents: Sequence[UnitAgent]) -> list[UnitAgent] | Refused:
    """The agents with their numbers as they were read."""
    given = [each for each in agents if each.name.strip() or each.number.strip()]
    wanted = whole("card.list_agents", act.today)
    if len(given) < wanted:
        return Refused(
            "unit_agent.too_few",
            f"集体领卡须由单位的{wanted}名经办人到场，请逐一填写姓名和证件号码。",
            f"{wanted} agents of the unit collect together; enter the name and number of each.",
            at=f"name_{len(given) + 1}",
        )
    came: list[UnitAgent] = []
    for place, each in enumerate(given, start=1):
        problem = name_problems(each.name)
        if problem is not None:
            return Refused("unit_agent.name", problem.zh, problem.en, at=f"name_{place}")
        shown = read_identity_number(each.number, act.today)
        if isinstance(shown, Refused):
            return Refused("unit_agent.number", shown.zh, shown.en, at=f"number_{place}")
        if any(shown.number == other.number for other in came):
            return Refused(
                "unit_agent.twice",
                "两名经办人的证件号码相同，须为不同的人。",
                "Two agents have the same number; they must be different people.",
                at=f"number_{place}",
            )
        came.append(UnitAgent(tidy(each.name), shown.number))
    return came


def _ready(act: Act, row: ApplicationList) -> tuple[list[int], list[tuple[str, Refused]]]:
    """The orders whose card may be handed over, locked; and those at the outlet whose card may not, with why."""
    of_age = whole("card.guardian_below_age", act.today)
    question: dict[str, Any] = {"list": row.pk, "here": list(STAGES[Stage.AT_OUTLET]), "of_age": of_age}
    question["today"] = act.today
    for_minors = row.unit.kind in ruling("card.list_minors", act.today).value
    lock_orders(_HERE, question)
    with connection.cursor() as cursor:
        cursor.execute(f"{_STANDING} FOR NO KEY UPDATE OF c", question)
        rows = cursor.fetchall()
    orders: list[int] = []
    kept_back: list[tuple[str, Refused]] = []
    for order, number, frozen, card, holder, minor, posted, due in rows:
        refused = _not_to_be_given(frozen, card, holder, act.today)
        if refused is None and posted:
            refused = _to_be_posted()
        if refused is None and due is not None:
            refused = unpaid(number, print_yuan(due))
        if refused is None and minor and not for_minors:
            refused = _for_the_guardian(of_age)
        if refused is None:
            orders.append(order)
        else:
            kept_back.append((number, refused))
    return orders, kept_back


def _not_to_be_given(frozen: bool, card: str, holder: str, today: date) -> Refused | None:
    refused = stopped(Effect.HAND_OVER, LIFE.state(holder), today, at="order_number")
    if refused is not None:
        return refused
    if frozen:
        return Refused("order.frozen", "申请已冻结或停办，不发卡。", "The order is frozen or was stopped.")
    return None if card == SEALED.code else stands_as(card)


def _to_be_posted() -> Refused:
    return Refused(
        "order.to_be_posted",
        "本人要求邮寄，待交寄。",
        "The holder asked for it by post; it is yet to be sent.",
    )


def _for_the_guardian(of_age: int) -> Refused:
    return Refused(
        "order.minor",
        f"持卡人未满{of_age}周岁，本市不由这类单位代领，请监护人到网点领取。",
        f"The holder is under {of_age}, and units of this kind do not collect for minors here; the guardian collects it.",
    )


def _nothing_here(kept_back: list[tuple[str, Refused]]) -> Refused:
    if kept_back:
        number, why = kept_back[0]
        return Refused(
            "list.nothing_here",
            f"名单在网点的卡都不能发：{number} {why.zh}",
            f"None of the cards at the outlet may be handed over: {number} {why.en}",
        )
    return Refused(
        "list.nothing_here",
        "名单没有已到网点、待领的卡。",
        "No card of this list waits at the outlet.",
    )


def _hand_over(
    act: Act,
    row: ApplicationList,
    agents: list[UnitAgent],
    letter: str,
    proof: Proof,
    orders: list[int],
    kept_back: list[tuple[str, Refused]],
) -> ListHanded:
    sheet = ListHandOver.objects.create(
        number=next_number("H"),
        application_list=row,
        letter=letter,
        cards=len(orders),
        left_out=[[number, why.zh, why.en] for number, why in kept_back],
        at=act.at,
        by=act.actor.code,
        by_name=act.actor.name,
    )
    for each in agents:
        ListAgent.objects.create(hand_over=sheet, name=each.name, number=each.number)
    moved = advance_all(among(orders), ORDER, "collect", state_since=act.at)
    assert moved == len(orders), f"{moved} of {len(orders)} orders moved"
    Card.objects.filter(order__in=orders).update(
        collected_at=act.at, collected_by=f"{agents[0].name}（{row.unit.name}代领）"[:60]
    )
    ListLine.objects.filter(application_list=row, order__in=orders).update(hand_over=sheet)
    said = _keep_proof(act, agents[0], letter, proof, orders)
    act.record_rows(
        facts.COLLECTED,
        _COLLECTED,
        {"orders": orders},
        region=row.region,
        outlet=row.outlet.code,
        receiver=mask(Sensitive.NAME, agents[0].name),
        receiver_role=Receiver.AGENT.value,
        receiver_number=mask(Sensitive.IDENTITY_NUMBER, agents[0].number),
        sheet=sheet.number,
        **said,
    )
    act.record(
        collective_facts.LIST_HANDED_OVER,
        subject=f"application_list:{row.pk}",
        region=row.region,
        outlet=row.outlet.code,
        number=sheet.number,
        list=row.number,
        unit=row.unit.name,
        cards=len(orders),
        left_out=len(kept_back),
        agents="、".join(mask(Sensitive.NAME, each.name) for each in agents),
        letter=letter,
    )
    cards = list(Card.objects.filter(order__in=orders).values_list("pk", flat=True))
    tell_cards(act, Step.COLLECTED_BY_UNIT, cards, unit=row.unit.name)
    return ListHanded(sheet.number, len(orders), tuple(kept_back))


def _keep_proof(act: Act, agent: UnitAgent, letter: str, proof: Proof, orders: list[int]) -> dict[str, str]:
    """Keep the proof with every card; returns what the entry says of it."""
    signature = keep(act, proof.signature) if proof.signature else None
    photo = keep(act, proof.photo) if proof.photo else None
    with connection.cursor() as cursor:
        cursor.execute(
            _PROOF,
            {
                "role": Receiver.AGENT.value,
                "name": agent.name,
                "number": seal(Sensitive.IDENTITY_NUMBER, agent.number),
                "letter": letter,
                "signature": signature.pk if signature else None,
                "unsigned": proof.unsigned_reason,
                "photo": photo.pk if photo else None,
                "no_photo": proof.no_photo_reason,
                "at": act.at,
                "by": act.actor.code,
                "orders": orders,
            },
        )
    return {
        "signature": bytes(signature.digest).hex() if signature else proof.unsigned_reason,
        "receiver_photo": bytes(photo.digest).hex() if photo else proof.no_photo_reason,
        "letter": letter,
    }
