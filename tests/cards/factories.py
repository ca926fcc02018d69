"""People and orders brought to any stage by the services themselves, with files written by hand where they matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count

from yikatong.basics.ids import check_digit
from yikatong.basics.names import fold
from yikatong.basics.refused import Refused
from yikatong.cards.files import matching, opening, returns
from yikatong.cards.files.answer import Answer
from yikatong.cards.models import Batch, Card, Image, Order, Photo
from yikatong.cards.rows import BatchRow, FileReport, OrderRow
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.bank import ask_accounts, take_account_answer
from yikatong.cards.services.batch import assemble, release
from yikatong.cards.services.making import take_return_file
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.cards.services.stock import receive_box
from yikatong.office import post
from yikatong.office.act import Act, Actor, Door, open_act
from yikatong.office.models import Entry, WireFile
from yikatong.office.post import ReceivedFile
from yikatong.office.wires.simulators import bank, maker, province
from yikatong.residents.models import Guardian, Resident
from yikatong.simulation.portraits import portrait

MORNING = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)  # 09:00 in Xianyang
TODAY = date(2025, 3, 10)
CENTRE_OUTLET, PLAIN_OUTLET, FAR_OUTLET = "61040000", "61042201", "61048201"
CLERK = Actor("staff:1", "王经办", "610402", CENTRE_OUTLET)
DESK = Actor("staff:2", "李制卡", "610400")
REVIEWER = Actor("staff:3", "赵审核", "610400")
_serial = count(1)


@contextmanager
def acting(actor: Actor = CLERK, moment: datetime = MORNING) -> Iterator[Act]:
    with open_act(actor, door=Door.CONSOLE, at=moment) as act:
        yield act


def number_of(birth: date, serial: int) -> str:
    """An identity number of the unassigned area 610499."""
    first = f"610499{birth:%Y%m%d}{serial % 1000:03d}"
    return first + check_digit(first)


def resident(
    *,
    name: str = "林小满",
    birth: date | None = None,
    phone: str = "13800000001",
    guardian: bool = False,
    state: str = "alive",
    photo: bool = True,
) -> Resident:
    serial = next(_serial)
    birth = birth or date(1960 + serial // 1000 % 40, 3, 7)
    person = Resident.objects.create(
        number=number_of(birth, serial),
        document_type="citizen_id",
        name=name,
        name_folded=fold(name),
        sex="1",
        ethnicity="01",
        birth_on=birth,
        region="610402",
        address="秦都区",
        phone=phone,
        state=state,
        registered_at=MORNING,
    )
    if photo:
        give_photo(person)
    if guardian:
        Guardian.objects.create(
            resident=person,
            name="林大满",
            number=number_of(date(1980, 1, 1), serial),
            relation="父亲",
            phone="13800000002",
            since=MORNING,
        )
    return person


PHOTO = portrait()


def give_photo(person: Resident) -> None:
    """A photo on file, small and the same for all: what it shows is not what these tests are about."""
    image, _ = Image.objects.get_or_create(
        digest=bytes(32), defaults={"content": PHOTO, "bytes": len(PHOTO), "width": 358, "height": 441}
    )
    Photo.objects.create(
        resident=person, image=image, original=image, channel="window", taken_at=MORNING, taken_by="staff:1"
    )


def residents(how_many: int) -> list[Resident]:
    return [resident() for _ in range(how_many)]


def apply(
    person: Resident,
    *,
    kind: OrderKind = OrderKind.NEW,
    mode: Mode = Mode.BATCH,
    outlet: str = CENTRE_OUTLET,
    bank_code: str = "102",
) -> OrderRow:
    """An application that must be taken."""
    with acting() as act:
        row = apply_for_card(
            act,
            resident_id=person.pk,
            kind=kind,
            mode=mode,
            outlet_code=outlet,
            bank_code=bank_code,
            channel="window",
        )
    assert isinstance(row, OrderRow), row
    return row


def asked(counterpart: str) -> WireFile:
    """The last file queued for a counterpart."""
    return WireFile.objects.filter(counterpart=counterpart, outgoing=True).latest("id")


def received(counterpart: str, content: bytes, name: str = "") -> ReceivedFile:
    file = post.store_received(counterpart, name or f"answer-{next(_serial)}.txt", content, MORNING)
    assert isinstance(file, ReceivedFile), file
    return file


def match_file(orders: Sequence[Order], *, results: Sequence[tuple[str, str]] | None = None) -> bytes:
    """The province's answer for these orders; by default all match."""
    outcome = results or [("0", "比对通过")] * len(orders)
    rows = [
        Answer(o.number, o.resident.number, result, text, f"E{o.number[1:9]}" if result == "0" else "")
        for o, (result, text) in zip(orders, outcome, strict=True)
    ]
    return matching.ANSWERS.write("A1", TODAY, rows, answers=orders[0].asked)


def account_file(orders: Sequence[Order], *, results: Sequence[tuple[str, str]] | None = None) -> bytes:
    outcome = results or [("0", "开户成功")] * len(orders)
    rows = [
        Answer(
            o.number,
            o.resident.number,
            result,
            text,
            bank.account(o.bank_code, o.number) if result == "0" else "",
        )
        for o, (result, text) in zip(orders, outcome, strict=True)
    ]
    return opening.ANSWERS.write("A2", TODAY, rows, answers=orders[0].asked)


def return_row(order: Order, position: int = 1, **changed: str) -> returns.ReturnRow:
    """The maker's good row for an order; `changed` makes it another."""
    row = returns.ReturnRow(
        str(position),
        order.card_no,
        order.resident.number,
        order.resident.name,
        "20250310",
        "20350309",
        f"{order.region}D156000005{order.pk:016X}",
        f"0081544C44866104{order.pk:010X}",
        order.bank_code,
        order.bank_pan,
        "",
        f"001-{position:03d}",
        "",
        "",
    )
    return row._replace(**changed)


def return_file(batch: str, rows: Sequence[returns.ReturnRow]) -> bytes:
    return returns.RETURNS.write(f"R{next(_serial)}", TODAY, rows, answers=batch)


def matched(how_many: int = 1, **how: object) -> list[Order]:
    """Orders whose data the province matched: they wait for the bank."""
    orders = [apply(person, **how) for person in residents(how_many)]  # type: ignore[arg-type]
    with acting(DESK) as act:
        send_to_match(act)
        report = take_match_answer(act, received("province", match_file(reload(orders))))
    assert isinstance(report, FileReport), report
    return reload(orders)


def ready(how_many: int = 1, **how: object) -> list[Order]:
    """Orders with card number and account: ready for a batch."""
    orders = matched(how_many, **how)
    with acting(DESK) as act:
        ask_accounts(act)
        report = take_account_answer(
            act, received(f"bank-{orders[0].bank_code}", account_file(reload(orders)))
        )
    assert isinstance(report, FileReport), report
    return reload(orders)


def batched(how_many: int = 1, **how: object) -> tuple[BatchRow, list[Order]]:
    orders = ready(how_many, **how)
    with acting(DESK) as act:
        batch = assemble(act, mode=Mode(orders[0].mode))
    assert isinstance(batch, BatchRow), batch
    return batch, reload(orders)


def in_making(how_many: int = 1, **how: object) -> tuple[BatchRow, list[Order]]:
    batch, orders = batched(how_many, **how)
    with acting(REVIEWER) as act:
        row = release(act, batch.number)
    assert isinstance(row, BatchRow), row
    return row, reload(orders)


def made(how_many: int = 1, **how: object) -> list[Order]:
    batch, orders = in_making(how_many, **how)
    rows = [return_row(order, position) for position, order in enumerate(orders, start=1)]
    with acting(DESK) as act:
        report = take_return_file(act, received("maker", return_file(batch.number, rows)))
    assert isinstance(report, FileReport), report
    return reload(orders)


def at_outlet(how_many: int = 1, **how: object) -> list[Order]:
    orders = made(how_many, **how)
    with acting() as act:
        assert receive_box(act, outlet_code=str(how.get("outlet", CENTRE_OUTLET))) == how_many
    return reload(orders)


def reload(orders: Sequence[Order | OrderRow]) -> list[Order]:
    numbers = [order.number for order in orders]
    found = {
        o.number: o for o in Order.objects.select_related("resident", "outlet").filter(number__in=numbers)
    }
    return [found[number] for number in numbers]


def states(orders: Sequence[Order | OrderRow]) -> list[str]:
    return [order.state for order in reload(orders)]


def entries(kind: str) -> int:
    """How many subjects the journal says this of."""
    return sum(entry.rows if entry.rows is not None else 1 for entry in Entry.objects.filter(kind=kind))


def picture() -> tuple[object, ...]:
    """Everything an act on cards can change, to compare before and after."""
    return (
        list(Order.objects.order_by("id").values_list()),
        list(Card.objects.order_by("id").values_list()),
        list(Batch.objects.order_by("id").values_list("number", "state", "released_by", "digest")),
        list(WireFile.objects.order_by("id").values_list("name", "state", "rows")),
        Entry.objects.count(),
        post.Message.objects.count(),
    )


def code(result: object) -> str:
    """The reason code of a refusal; fails where it was none."""
    assert isinstance(result, Refused), result
    return result.code


def simulated(stage: str, content: bytes) -> bytes:
    """A counterpart's answer without failures."""
    if stage == "province":
        return province.answer(content, problem_rate=0)
    if stage == "maker":
        return maker.answers(content, failure_rate=0)[0]
    return bank.answer(content, failure_rate=0)
