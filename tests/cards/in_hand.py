"""Cards in people's hands, for tests: people, orders and cards brought to any state by the machines' own steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TypeVar

from yikatong.basics import ids
from yikatong.basics.names import fold
from yikatong.basics.refused import Refused
from yikatong.cards.models import Card, Order
from yikatong.cards.rules import BANK, CARD, ENDED, ORDER, TEMP_LOST, Mode, OrderKind
from yikatong.cards.services.proof import Proof
from yikatong.office import clock, rulebook
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.lifecycle import advance
from yikatong.office.models import Entry, Outlet, Rule
from yikatong.office.opening import open_centre
from yikatong.residents.models import Guardian, Resident

NOON = datetime(2025, 3, 10, 4, 0, tzinfo=UTC)  # 12:00 in Xianyang
QINDU, WEICHENG = "610402", "610404"  # two counties of the city
QINDU_COUNTER, QINDU_BANK, WEICHENG_BANK = "61040000", "61040201", "61040401"
ON_PAPER = Proof(unsigned_reason="纸质签名存档", no_photo_reason="摄像头故障")
CLERK = Actor("staff:1", "王经办", QINDU, QINDU_COUNTER)
BANK_CLERK = Actor("staff:9", "赵柜员", QINDU, QINDU_BANK)
_serial = count(1)
Row = TypeVar("Row")

TO_STATE: dict[str, tuple[str, ...]] = {
    "submitted": (),
    "checking": ("send_to_match",),
    "problem": ("send_to_match", "find_problem"),
    "bank_opening": ("send_to_match", "match"),
    "bank_failed": ("send_to_match", "match", "fail_opening"),
    "ready": ("send_to_match", "match", "open_account"),
    "batched": ("send_to_match", "match", "open_account", "batch"),
    "making": ("send_to_match", "match", "open_account", "batch", "release"),
    "make_failed": ("send_to_match", "match", "open_account", "batch", "release", "fail_making"),
    "made": ("send_to_match", "match", "open_account", "batch", "release", "make"),
    "at_outlet": ("send_to_match", "match", "open_account", "batch", "release", "make", "stock"),
    "collected": ("send_to_match", "match", "open_account", "batch", "release", "make", "stock", "collect"),
    "cancelled": ("cancel",),
    "retained": ("send_to_match", "match", "open_account", "batch", "release", "make", "stock", "retain"),
    "in_post": ("send_to_match", "match", "open_account", "batch", "release", "make", "stock", "post"),
    "taken_back": ("send_to_match", "match", "open_account", "batch", "release", "make", "take_back"),
}
CARD_TO_STATE: dict[str, tuple[str, ...]] = {
    "0": (),
    "1": ("enable",),
    "2": ("enable", "report_formal_loss"),
    "3": ("enable", "lock"),
    "4": ("enable", "report_temporary_loss"),
    "9": ("enable", "end"),
}


@contextmanager
def at(moment: datetime = NOON, actor: Actor = CLERK) -> Iterator[Act]:
    """An act at this moment, the clock standing at it."""
    with clock.fixed(moment), open_act(actor, door=Door.CONSOLE, at=moment) as act:
        yield act


def got(result: Row | Refused | None) -> Row:
    """What was asked for; fails where it was refused or is not there."""
    assert result is not None and not isinstance(result, Refused), result
    return result


def identity_number(birth: date, serial: int) -> str:
    """A number of the unassigned area 610499."""
    first = f"610499{birth:%Y%m%d}{serial % 1000:03d}"
    return first + ids.check_digit(first)


def a_person(
    name: str = "张三丰",
    birth: date = date(1990, 3, 7),
    region: str = QINDU,
    phone: str = "13800000001",
    guardian: tuple[str, str] | None = None,
) -> Resident:
    serial = next(_serial)
    resident = Resident.objects.create(
        number=identity_number(birth + timedelta(days=serial // 1000), serial),
        document_type="citizen_id",
        name=name,
        name_folded=fold(name),
        birth_on=birth,
        region=region,
        phone=phone,
        registered_at=NOON,
    )
    if guardian:
        Guardian.objects.create(
            resident=resident,
            name=guardian[0],
            number=guardian[1],
            relation="父亲",
            phone="13800000002",
            since=NOON,
        )
    return resident


def an_order(
    resident: Resident,
    state: str = "at_outlet",
    *,
    outlet: str = QINDU_COUNTER,
    kind: OrderKind = OrderKind.NEW,
    replaces: Card | None = None,
    promised: date = date(2025, 4, 30),
    since: datetime = NOON,
) -> Order:
    place = Outlet.objects.get(code=outlet)
    serial = next(_serial)
    order = Order.objects.create(
        number=f"S{serial:08d}0",
        resident=resident,
        kind=kind.value,
        mode=Mode.BATCH.value,
        channel="counter",
        region=place.region_id,
        outlet=place,
        bank_code="102",
        applied_at=NOON,
        promised_on=promised,
        state_since=since,
        replaces=replaces,
        card_no=f"T{serial:08d}",
        bank_pan=a_pan(serial),
    )
    for event in TO_STATE[state]:
        advance(order, ORDER, event, state_since=since)
    return order


def a_card(
    resident: Resident | None = None,
    state: str = "1",
    bank: str = "normal",
    *,
    outlet: str = QINDU_COUNTER,
    order: Order | None = None,
    collected: bool = True,
    valid_until: date = date(2034, 12, 31),
) -> Card:
    """A card with its order behind it: collected, or still at the outlet."""
    order = order or an_order(
        resident or a_person(), "collected" if collected else "at_outlet", outlet=outlet
    )
    card = Card.objects.create(
        card_no=order.card_no,
        resident=order.resident,
        order=order,
        region=order.region,
        outlet=order.outlet.code,
        bank_code="102",
        bank_pan=order.bank_pan,
        issued_on=date(2025, 1, 1),
        valid_until=valid_until,
        state_since=NOON,
        collected_at=NOON if collected else None,
        collected_by="张三丰（本人）" if collected else "",
    )
    for event in CARD_TO_STATE[state]:
        advance(card, CARD, event)
    if state == TEMP_LOST.code:
        Card.objects.filter(pk=card.pk).update(temporary_loss_until=NOON + timedelta(days=7))
    if bank in ("normal", "stopped", "closed"):
        advance(card, BANK, "activate", field="bank_state")
    if bank == "stopped":
        until = NOON + timedelta(days=7) if state == TEMP_LOST.code else None
        advance(card, BANK, "report_bank_loss", field="bank_state", bank_loss_until=until)
    if bank == "closed":
        advance(card, BANK, "close", field="bank_state")
    return Card.objects.get(pk=card.pk)


def made(order: Order) -> Card:
    """What the maker's return does: the old card ends, the new one is born sealed."""
    for old in Card.objects.filter(resident=order.resident).exclude(state=ENDED.code):
        advance(old, CARD, "end", state_since=NOON)
    return a_card(order=order, state="0", bank="inactive", collected=False)


def a_pan(serial: int) -> str:
    first = f"622000{serial:012d}"
    return first + ids.luhn_digit(first)


def kinds() -> list[str]:
    """The kinds recorded so far, in order."""
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def open_city() -> None:
    """The centre with its outlets and rules."""
    with clock.fixed(NOON), open_act(Actor.system("test"), door=Door.TASK) as act:
        assert not isinstance(open_centre(act, "xianyang"), Refused)


def set_rule(code: str, value: object) -> None:
    """Another value for a dated rule, for this test's transaction."""
    Rule.objects.filter(code=code).update(value=value)
    rulebook.forget()
