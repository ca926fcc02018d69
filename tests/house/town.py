"""A small town with one of everything a page can be about, brought there by the house's own services where they matter.

`addresses(door)` are the addresses of a door with things of this town in them. A new kind of thing in an address is
entered in `_THINGS`; what no page of the town shows yet is brought there in `build`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import islice

from django.apps import apps
from django.db import connection
from PIL import Image as Picture

from tests.benefits import envelopes, stated
from tests.cards import factories, in_hand
from tests.cards.bringing import a_unit, bring, roll
from tests.cards.in_hand import CLERK, NOON, QINDU, QINDU_COUNTER, a_card, a_person, an_order, at, got
from tests.cards.test_hand_over_list import at_the_outlet, handed
from tests.disclosure.desk import approved, drafted, opened, prepared, published, reviewed
from tests.residents.lists import HEAD
from tests.residents.people import number_of
from tests.spending.books import POWER, WAGES, good
from yikatong.basics.ids import DocumentType
from yikatong.basics.periods import Period
from yikatong.benefits.services.approving import publish_batch
from yikatong.benefits.services.by_department import bring_roster
from yikatong.benefits.services.judging import judge_batch
from yikatong.benefits.services.recovering import open_recoveries
from yikatong.benefits.services.supervising import watch_batch
from yikatong.cards import shelving
from yikatong.cards.blanks import PaperKind
from yikatong.cards.files import matching
from yikatong.cards.files.answer import Answer
from yikatong.cards.models import Card, Image
from yikatong.cards.receipts import papers_of
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services import posting
from yikatong.cards.services.after_death import follow_deaths
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.blank_papers import confirm_paper, write_paper
from yikatong.cards.services.blank_use import begin_count, finish_count
from yikatong.cards.services.boxes import count_box
from yikatong.cards.services.cases import propose_case
from yikatong.cards.services.copies import print_receipt
from yikatong.cards.services.courier_list import bring_courier_list
from yikatong.cards.services.hand_over import hand_over
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.cards.services.pin import reset_pin
from yikatong.cards.services.proof import Proof
from yikatong.cards.services.slots import open_slots, put_in_slot
from yikatong.disclosure.formats import formats
from yikatong.disclosure.services import load_budget
from yikatong.indicators import services as reporting
from yikatong.office import clock, post
from yikatong.office.act import Actor
from yikatong.office.appointments import admit_partner
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.quality.reading import read
from yikatong.quality.rules import Claim
from yikatong.quality.services.counting import count_figures
from yikatong.quality.services.judging import judge_list
from yikatong.quality.services.receiving import receive_list
from yikatong.quality.services.verdicts import take_difference
from yikatong.quality.statements import Statements
from yikatong.residents import services as registry
from yikatong.residents.corrections import Why
from yikatong.residents.models import Resident
from yikatong.residents.rules import Trust
from yikatong.residents.tasks import work_through_lists
from yikatong.spending.services import enter_vouchers, post_vouchers
from yikatong.web.console.shelves import label_of

MOST = 14
"""So many things are tried at each door: there is none of which more kinds stand in the town."""
OTHER = Actor("staff:2", "孙复核", QINDU, QINDU_COUNTER)
DESK = Actor("staff:7", "田宁", "610400")
AMOUNT, PUBLISHED = "t1-1-2", ("402015", "2025", "budget", "1")
PHONE, GUARDIAN_PHONE = "13911112222", "13822223333"


def build() -> str:
    """Open the centre and let the town be; returns a partner's key."""
    in_hand.open_city()
    with connection.cursor() as cursor:  # numbers below are given by hand
        cursor.execute("SELECT setval('office_numbers', 50000)")
    with clock.fixed(NOON):
        _units()  # first: their box is the only one that comes
        _shelves()
        _people()
        _orders_and_cards()
        _files()
        _lists()
        _blanks()
        _money()
        _benefits()
        return _year_and_partner()


def _do(service: Callable[..., object], *args: object, by: Actor = CLERK, **how: object) -> object:
    with at(NOON, by) as act:
        return got(service(act, *args, **how))


def _registered(serial: int, name: str, born: date = date(1980, 5, 17), **more: object) -> int:
    given = {"region": QINDU, "phone": PHONE, "address": "人民路街道12号", **more}
    person = _do(registry.register, number=number_of(serial, born), name=name, **given)
    return int(person.id)  # type: ignore[attr-defined]


def _units() -> None:
    """A school whose cards were collected with a sheet, one whose cards wait, and a list with a line that is wrong."""
    for collected in (True, False):
        row = at_the_outlet(factories.residents(2))
        if collected:
            handed(row)
    assert bring(roll(factories.residents(1), "x,y,"), a_unit())


def _shelves() -> None:
    """A box that is awaited and another that did not fit, a card in a slot, one to be sent and one with the courier."""
    place = {"outlet_code": QINDU_COUNTER}
    for box, orders in enumerate((factories.made(1), factories.made(1)), start=1):
        Card.objects.filter(order=orders[0].pk).update(box_slot=f"00{box}-001")
        if box == 1:
            batch = factories.reload(orders)[0].batch
            assert batch is not None
            _do(count_box, batch_number=batch.number, box="001", counted=2, **place)
    _do(open_slots, cabinet="A", first=1, last=3, capacity=5, **place)
    for way in ("slot", "wished", "sent"):
        order = an_order(a_person(phone="13400000007"))
        a_card(order=order, state="0", bank="inactive", collected=False)
        with at() as act:
            if way == "slot":
                slot = apps.get_model("cards.Slot").objects.earliest("pk").code
                got(put_in_slot(act, order.number, slot=slot))
            else:
                to = {"name": "张三丰", "phone": "13900000009", "address": "陕西省咸阳市秦都区人民路街道9号"}
                assert posting.wish_post(act, order.number, **to) is None
            if way == "sent":
                handed = {"company": "邮政速递", "waybill": "EA123456789CN"}
                assert posting.hand_to_courier(act, order.number, **handed) is None
    rows = f"运单号,结果,日期,签收人\n{PHONE},签收,2025-03-10,甲\nEA123456789CN,签收,2031-01-01,甲\n"
    _do(bring_courier_list, by=DESK, counterpart="courier-邮政速递", name="回单.csv", content=rows.encode())


def _people() -> None:
    """Of every state of life, with guardians, former names, corrections asked for, and taken for one another."""
    dead, jailed = _registered(11, "赵亡"), _registered(12, "钱监")
    _do(registry.record_death, dead, on=date(2025, 3, 1), source="死亡医学证明")
    _do(
        registry.record_turn,
        jailed,
        event="imprison",
        on=date(2025, 3, 1),
        source="监狱函件",
        trust=Trust.POLICE,
    )
    _registered(13, "林大满", date(1979, 1, 1), phone=GUARDIAN_PHONE)
    guardian = registry.GuardianInput(
        "林大满", number_of(13, date(1979, 1, 1)), "父亲", GUARDIAN_PHONE, "居民户口簿"
    )
    _registered(14, "林小满", date(2018, 5, 17), guardian=guardian)
    sister = _registered(19, "林雪", date(2019, 11, 2), guardian=guardian)
    a_card(Resident.objects.get(pk=sister), "0", "inactive")  # in hand, to be enabled online
    renamed, renumbered = _registered(15, "孙旧名"), _registered(16, "李旧号")
    _do(registry.correct_name, renamed, name="孙新名", why=Why.CHANGED, proof="派出所证明1号")
    _do(registry.correct_number, renumbered, number=number_of(17), why=Why.MISTAKE, proof="派出所证明2号")
    _do(registry.add_document, renamed, document=DocumentType.PASSPORT, number="E12345678", proof="护照")
    for place, last in enumerate("甲乙丙丁"):  # alike, in pairs that share nothing with each other
        born, phone = date(1971 + place, 2, 3 + place), f"1371111000{place}"
        for serial in (100, 700):
            _registered(serial + place, f"周同{last}", born, phone=phone)
    _do(registry.find_duplicates)
    pairs = apps.get_model("residents.DuplicatePair").objects.order_by("pk")
    asked, merged, apart = pairs[1:4]
    for pair in (asked, merged):
        _do(registry.ask_merge, pair.pk, survivor=pair.one_id, why="同一人")
    _do(registry.merge, merged.pk, by=OTHER)
    _do(registry.tell_apart, apart.pk, why="双胞胎")


def _orders_and_cards() -> None:
    """An order and a card in every state, a hand-over with its proof, receipts, a case, a PIN that waits."""
    drawn = BytesIO()
    Picture.new("RGB", (358, 441), "white").save(drawn, "JPEG")
    for place, state in enumerate(in_hand.TO_STATE):
        if state not in ("collected", "at_outlet"):
            an_order(a_person(phone=f"1360000{place:04d}"), state)
    for state in in_hand.CARD_TO_STATE:
        a_card(a_person(phone=f"1350000000{state}"), state, "inactive" if state == "0" else "normal")
    a_card(a_person(phone="13400000001"), "0", "inactive", collected=False)
    handed = a_card(a_person(phone="13400000002"), "0", "inactive", collected=False)
    assert handed.order is not None
    proof = Proof(signature=b"", photo=drawn.getvalue(), unsigned_reason="手部受伤")
    taken = {"shown_name": handed.resident.name, "proof": proof}
    _do(hand_over, order_number=handed.order.number, **taken)
    applied = {"mode": Mode.BATCH, "outlet_code": QINDU_COUNTER, "bank_code": "102", "channel": "window"}
    for mode in (Mode.BATCH, Mode.INSTANT):
        person = factories.resident(phone="13400000003")
        _do(apply_for_card, resident_id=person.pk, kind=OrderKind.NEW, **{**applied, "mode": mode})
    Image.objects.filter(digest=bytes(32)).update(content=drawn.getvalue(), bytes=len(drawn.getvalue()))
    for time in range(3):  # the last one waits to be released
        paper = papers_of(f"card:{handed.pk}")[0]
        _do(print_receipt, subject=paper.subject, matter=paper.matter, reason="卡纸" if time else "")
    dead = a_card(a_person(phone="13400000004"))
    Resident.objects.filter(pk=dead.resident_id).update(state="dead")
    with at() as act:
        follow_deaths(act)
    gone = a_card(a_person(phone="13400000005"))
    Resident.objects.filter(pk=gone.resident_id).update(state="dead")
    with at() as act:
        follow_deaths(act)
    case = apps.get_model("cards.Case").objects.get(card=gone)
    _do(propose_case, case.pk, paper="死亡证明")
    _do(reset_pin, card_no=a_card(a_person(phone="13400000006")).card_no)


def _files() -> None:
    """A question to the province that is partly answered, and rows that could not be used."""
    one, _two = (factories.apply(person) for person in factories.residents(2))
    with factories.acting(factories.DESK) as act:
        send_to_match(act)
    post.send_files()
    [order] = factories.reload([one])
    answers = [
        Answer(order.number, order.resident.number, "2", "姓名不一致", ""),
        Answer("S1", "x", "0", "", ""),
    ]
    content = matching.ANSWERS.write("A1", NOON.date(), answers, answers=order.asked)
    with factories.acting(factories.DESK) as act:
        assert take_match_answer(act, factories.received("province", content))
    factories.batched(1)
    factories.in_making(1)


def _lists() -> None:
    """A list of people with a bad row, judged; one yet to be judged; a list of the police and one of deaths."""
    for name, rows in (("一.csv", (31, 32)), ("二.csv", (33,))):
        lines = [
            HEAD,
            *(f"{number_of(serial)},吴某,610402,1330000{serial:04d},秦都区,01" for serial in rows),
            "x,,,,,",
        ]
        whole = {"content": "\n".join(lines).encode(), "source": "单位报送", "trust": Trust.SELF}
        _do(registry.upload_list, name=name, only_good=True, scope=Scope("610400"), by=DESK, **whole)
        if name == "一.csv":
            work_through_lists()
    known = Resident.objects.filter(merged_into=None, state="alive", name__startswith="张")[:3]
    police = ["公民身份号码,姓名,户籍地区划,联系电话"]
    police += [f"{each.number},{each.name}某,610404,{each.phone}" for each in known]
    police.append(f"{number_of(61)},新某,610402,13300000061")
    deaths = ["证件号码,逝者姓名,出生日期,死亡日期"]
    deaths += [f"{each.number},{each.name},{each.birth_on:%Y%m%d},20250302" for each in known]
    for source, claim, lines in (("police", Claim.CHANGES, police), ("civil", Claim.DEATHS, deaths)):
        row = _do(
            receive_list,
            source=source,
            claim=claim,
            region="610400",
            as_of=date(2025, 3, 9),
            name="名单.csv",
            content="\n".join(lines).encode(),
            scope=EVERYWHERE,
            by=DESK,
        )
        statements = read(row.number)  # type: ignore[attr-defined]
        assert isinstance(statements, Statements)
        _do(judge_list, number=row.number, statements=statements)  # type: ignore[attr-defined]
    difference = apps.get_model("quality.Difference").objects.filter(type="name").first()
    _do(take_difference, difference.pk, scope=EVERYWHERE, by=DESK)
    with at() as act:
        count_figures(act)


def _blanks() -> None:
    """A delivery on the shelf, another that nobody confirmed yet, and a count that differs."""
    for last in (20, 40):
        paper = _do(
            write_paper,
            kind=PaperKind.DELIVERY,
            prefix="XY",
            first=last - 19,
            last=last,
            target=QINDU_COUNTER,
        )
        if last == 20:
            _do(confirm_paper, number=paper.number, by=OTHER)  # type: ignore[attr-defined]
    _do(begin_count, outlet_code=QINDU_COUNTER, counted=17)
    _do(finish_count, outlet_code=QINDU_COUNTER, counted=18, by=OTHER)


def _money() -> None:
    """Budgets at every step of their way to the public, and vouchers that wait and that are posted."""
    published()
    opened(unit="402016")
    for unit, step in enumerate((prepared, reviewed, approved), start=402017):
        step(drafted(unit=str(unit)))
    row = _do(enter_vouchers, file_name="三月.csv", read=good(POWER))
    _do(post_vouchers, row.number, digest=row.digest, by=OTHER)  # type: ignore[attr-defined]
    _do(enter_vouchers, file_name="四月.csv", read=good(WAGES))


def _benefits() -> None:
    """Batches of pensions at several stages, one with a failed row, and one of farmland in public view."""
    people = [
        envelopes.holder("周领取"),
        envelopes.holder("吴失败"),
        envelopes.holder("郑挂失", "2", "stopped"),
    ]
    rows = [envelopes.row(each) for each in people]
    _asked_back()
    batch = envelopes.funded([*rows, ("无此人", number_of(77), "200.00")])
    (file,) = envelopes.sent(batch)
    envelopes.answered(file, ["00", "05"], more=["D|9|999999999|00|说明|20250311093000|S9|1"])
    stated.stated(file, stated.debit(file), stated.foreign())
    envelopes.sealed(envelopes.funded(rows[:1], period="2025-02"))
    envelopes.approved(envelopes.judged(rows[:2], period="2025-01"))
    land = envelopes.judged([(*row[:2], "2.00", "150.00") for row in rows], **envelopes.LAND)
    _do(publish_batch, land.number, scope=Scope("610400"), by=envelopes.MAKER)
    envelopes.submitted(rows, period="2024-12")
    Card.objects.filter(resident=people[1]).update(bank_pan=Card.objects.get(resident=people[0]).bank_pan)
    assert _do(watch_batch, envelopes.judged(rows[:2], period="2024-11").number)


def _asked_back() -> None:
    """The pension of somebody who had died before its month, had back in part."""
    gone = envelopes.holder("孙已故")
    _, file = envelopes.paying([gone])
    envelopes.answered(file, ["00"])
    Resident.objects.filter(pk=gone.pk).update(state="dead", died_on=date(2025, 2, 1))
    assert _do(open_recoveries) == 1


def _year_and_partner() -> str:
    _do(reporting.load_targets, "xianyang")
    _do(load_budget, "xianyang")
    _do(reporting.fill, Period.parse("2025"))
    _do(reporting.prepare, Period.parse("2024"))
    purposes = ["holds_card", "social_use", "pay:farmland"]
    admitted = {"code": "library", "name": "市图书馆", "purposes": purposes, "per_minute": 1000}
    with at() as act:
        partner, partner_key = got(admit_partner(act, expires_on=date(2030, 1, 1), **admitted))  # type: ignore[arg-type]
    _brought(Actor(f"partner:{partner.pk}", partner.name))
    return partner_key


def _brought(department: Actor) -> None:
    """A roster that a department's own system brought, one row of it held."""
    people = [envelopes.holder("郑报送"), envelopes.holder("王挂失", "2", "stopped")]
    rows = [(each.name, each.number, "2.00", "150.00") for each in people]
    brought = _do(
        bring_roster,
        partner="library",
        key="1",
        programme="farmland",
        period="2024",
        declared_rows=2,
        declared_fen=30_000,
        name="清册.csv",
        content=envelopes.roster(rows, envelopes.LAND["head"]),
        region="610400",
        by=department,
    )
    _do(judge_batch, brought.batch.number)  # type: ignore[attr-defined]


# --- addresses ----------------------------------------------------------------------------------------------------


def _of(model: str, column: str = "pk", *, by: str = "") -> Callable[[], Sequence[object]]:
    """The values of a column; with `by`, the newest row of each value of that column, so that none is passed over."""

    def values() -> Sequence[object]:
        rows = apps.get_model(model).objects.order_by("pk")
        return list({kind: value for value, kind in rows.values_list(column, by or column)}.values())

    return values


def _matters(model: str, column: str, subject: str) -> Callable[[], Sequence[object]]:
    def values() -> Sequence[object]:
        rows = apps.get_model(model).objects.order_by("pk").values_list("pk", column)
        return [(name, paper.matter) for key, name in rows for paper in papers_of(f"{subject}:{key}")[:1]]

    return values


def _sheets() -> Sequence[object]:
    rows = apps.get_model("cards.ListHandOver").objects.order_by("pk")
    return list(rows.values_list("application_list__number", "number"))


def _version() -> object:
    return apps.get_model("disclosure.BudgetVersion").objects.get(state="published").pk


def _people_to_open() -> Sequence[object]:
    """One of every state of life, and one with a guardian."""
    rows = Resident.objects.filter(merged_into=None).order_by("pk")
    ward = rows.filter(guardians__isnull=False).values_list("pk", flat=True)[:1]
    return [*ward, *dict(rows.values_list("state", "pk")).values()]


def _rows_of_batches() -> Sequence[object]:
    rows = apps.get_model("benefits.Payment").objects.order_by("pk")
    return list(
        {
            state: (number, line)
            for state, number, line in rows.values_list("state", "batch__number", "line")
        }.values()
    )


def _files_of_batches() -> Sequence[object]:
    rows = apps.get_model("benefits.BankFile").objects.order_by("-pk")
    return list(rows.values_list("batch__number", "number"))


_THINGS: dict[str, Callable[[], Sequence[object]]] = {
    "residents/<resident_id>": _people_to_open,
    "lists/<list_id>": _of("residents.ImportList", by="state"),
    "duplicates/<pair_id>": _of("residents.DuplicatePair", by="state"),
    "corrections/<correction_id>": _of("residents.Correction", by="what"),
    "comparisons/<number>": _of("quality.Comparison", "number", by="claim"),
    "differences/<difference_id>": _of("quality.Difference", by="type"),
    "quality/<code>": _of("quality.FigureValue", "figure"),
    "queues/<state>": _of("cards.Order", "state"),
    "orders/<number>": _of("cards.Order", "number", by="state"),
    "instant/<number>": _of("cards.Order", "number", by="mode"),
    "orders/<number>/receipts/<matter>": _matters("cards.Order", "number", "order"),
    "cards/<card_no>/receipts/<matter>": _matters("cards.Card", "card_no", "card"),
    "receipts/<copy_id>": _of("cards.ReceiptCopy"),
    "files/<file_id>": _of("office.WireFile", by="counterpart"),
    "batches/<number>": _of("cards.Batch", "number", by="state"),
    "paper/<number>": _of("cards.StockPaper", "number"),
    "count/<count_id>": _of("cards.StockCount"),
    "cards/<card_no>": _of("cards.Card", "card_no", by="state"),
    "stock/<label>": lambda: [label_of(row) for row in shelving.boxes_awaited(EVERYWHERE)],
    "slots/<slot_id>": _of("cards.Slot"),
    "units/<code>": _of("cards.Unit", "code"),
    "unit-lists/<number>": _of("cards.ApplicationList", "number"),
    "unit-lists/<number>/<sheet_number>": _sheets,
    "clues/<clue_id>": _of("benefits.Clue", by="state"),
    "cases/<case_id>": _of("cards.Case", by="state"),
    "indicators/<measure>": lambda: ["XQ1", "ZB2"],
    "indicators/<measure>/<period>": lambda: [("XQ1", "2025"), ("ZB2", "2025")],
    "indicators/<measure_id>": lambda: ["XQ1", "ZB2"],
    "periods/<period>": lambda: ["2024", "2025"],
    "disclosure/<year>": lambda: ["2025"],
    "budgets/<version_id>": _of("disclosure.BudgetVersion", by="state"),
    "budgets/<version_id>/print/<place>": lambda: [(_version(), AMOUNT)],
    "budgets/<version_id>/files/<code>": lambda: [(_version(), code) for code in formats()],
    "disclosure/<unit>/<year>/<kind>/<number>": lambda: [PUBLISHED],
    "disclosure/<unit>/<year>/<kind>/<number>/<place>": lambda: [(*PUBLISHED, AMOUNT)],
    "disclosure/<unit>/<year>/<kind>/<number>/files/<code>": lambda: [
        (*PUBLISHED, code) for code in formats()
    ],
    "disclosure/<year>/evaluation.<form>": lambda: [("2025", form) for form in ("pdf", "docx", "xlsx")],
    "disclosure/<year>/evaluation/<code>": lambda: [("2025", "XQ1")],
    "posted/<year>": lambda: ["2025"],
    "benefits/reconciling/<number>": _of("benefits.PaymentBatch", "number", by="state"),
    "benefits/statements/<statement_id>": _of("benefits.AccountStatement"),
    "benefits/recoveries/<recovery_id>": _of("benefits.Recovery"),
    "benefits/differences/<number>": _of("benefits.Discrepancy"),
    "benefits/<number>": _of("benefits.PaymentBatch", "number", by="state"),
    "benefits/<number>/rows/<line>": _rows_of_batches,
    "benefits/<number>/files/<file>": _files_of_batches,
    "benefit-batches/<number>": _of("benefits.BroughtByInterface", "batch__number"),
    "benefit-batches/<number>/rows/<line>": lambda: [
        (number, 3)
        for number in apps.get_model("benefits.BroughtByInterface").objects.values_list(
            "batch__number", flat=True
        )
    ],
    "events/<event_id>": _of("office.Event", "event_id", by="type"),
    "form/<programme>": lambda: ["farmland"],
    "funds/<programme>": lambda: ["skills"],
    "publicity/<number>": _of("benefits.PaymentBatch", "number", by="state"),
    "vouchers/<number>": _of("spending.VoucherList", "number"),
    "journal/<number>": _of("office.Entry", by="kind"),
    "exports/<number>": _of("office.ExportRequest", "number"),
    "staff/<username>": _of("office.Staff", "username"),
    "partners/<code>": _of("office.Partner", "code"),
    "child/<child_id>": lambda: list(
        Resident.objects.filter(guardians__isnull=False).values_list("pk", flat=True)
    ),
    "apply/<number>": _of("cards.Order", "number", by="state"),
}
"""By the last of a door's things: what stands in its place. Two together are given together."""


class NothingToPutThere(LookupError):
    """A door whose address names a kind of thing that this town does not know."""


def addresses(route: str, most: int = 16) -> Iterator[str]:
    """Addresses of a door, each with things of the town in it; the door's own one where it takes none."""
    plain = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route)
    named = re.findall(r"<\w+>", plain)
    if not named:
        yield plain
        return
    key = next((each for each in sorted(_THINGS, key=len, reverse=True) if _fits(each, plain, named)), None)
    if key is None:
        raise NothingToPutThere(f"{route}: enter in tests/house/town.py what stands in the place of {named}")
    for values in islice(_THINGS[key](), most):
        address = plain
        for name, value in zip(named, values if isinstance(values, tuple) else (values,), strict=True):
            address = address.replace(name, str(value))
        yield address


def _fits(key: str, plain: str, named: list[str]) -> bool:
    return key in plain and re.findall(r"<\w+>", key) == named
