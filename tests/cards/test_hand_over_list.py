"""集体领卡: two agents of a school take every card of its list that waits, in one act and on one sheet."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.cards.bringing import CITY, MANAGER, a_unit, bring, roll, take
from tests.cards.factories import (
    CENTRE_OUTLET,
    CLERK,
    DESK,
    MORNING,
    REVIEWER,
    account_file,
    acting,
    code,
    entries,
    match_file,
    number_of,
    received,
    reload,
    resident,
    residents,
    return_file,
    return_row,
)
from tests.cards.in_hand import ON_PAPER
from tests.cards.test_apply_at_once import at_once, codes
from yikatong.basics.refused import Refused
from yikatong.cards import album, unit_lists
from yikatong.cards.models import (
    ApplicationList,
    Card,
    HandOver,
    ListAgent,
    ListHandOver,
    ListLine,
    Order,
    Posting,
    Unit,
)
from yikatong.cards.receipts import copies_waiting
from yikatong.cards.rows import BatchRow
from yikatong.cards.services.apply import resubmit
from yikatong.cards.services.bank import ask_accounts, take_account_answer
from yikatong.cards.services.batch import assemble, release
from yikatong.cards.services.cancel import cancel_card
from yikatong.cards.services.copies import Copy, release_copy
from yikatong.cards.services.erasing import erase_closed_cards
from yikatong.cards.services.hand_over_list import ListHanded, UnitAgent, hand_over_list
from yikatong.cards.services.list_sheet import print_sheet
from yikatong.cards.services.making import take_return_file
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.cards.services.stock import receive_box
from yikatong.cards.stages import Stage
from yikatong.cards.standing import EndReason
from yikatong.cards.unit_lists import ListRow
from yikatong.office.models import Entry, Message
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope
from yikatong.residents.models import Guardian, Resident

pytestmark = pytest.mark.django_db
ONE = UnitAgent("周老师", number_of(date(1980, 2, 3), 21))
TWO = UnitAgent("吴老师", number_of(date(1985, 2, 3), 22))


@pytest.fixture(autouse=True)
def _open(request):
    if "committed_centre" not in request.fixturenames:
        request.getfixturevalue("centre")


def at_the_outlet(people: list[Resident]) -> ListRow:
    """A school's list whose cards have all been made and lie at the outlet."""
    unit = a_unit()
    row = bring(roll(people), unit)
    assert isinstance(row, ListRow), row
    assert isinstance(take(row), ListRow)
    orders = reload([each.order for each in unit_lists.people_of_list(row.id, limit=500) if each.order])
    with acting(DESK) as act:
        send_to_match(act)
        take_match_answer(act, received("province", match_file(reload(orders))))
        ask_accounts(act)
    with acting(DESK) as act:
        take_account_answer(act, received("bank-102", account_file(reload(orders))))
        batch = assemble(act)
    assert isinstance(batch, BatchRow), batch
    with acting(REVIEWER) as act:
        release(act, batch.number)
    rows = [return_row(order, place) for place, order in enumerate(reload(orders), start=1)]
    with acting(DESK) as act:
        take_return_file(act, received("maker", return_file(batch.number, rows)))
    with acting() as act:
        assert receive_box(act, outlet_code=CENTRE_OUTLET) == len(people)
    now = unit_lists.application_list(row.number)
    assert now is not None and now.at_outlet == len(people)
    return now


def give(row: ListRow, **changed: object) -> ListHanded | Refused:
    wanted = {
        "letter": "秦一小函〔2025〕3号",
        "agents": (ONE, TWO),
        "proof": ON_PAPER,
        "scope": CITY,
        **changed,
    }
    with acting() as act:
        return hand_over_list(act, row.number, **wanted)  # type: ignore[arg-type]


def handed(row: ListRow) -> ListHanded:
    done = give(row)
    assert isinstance(done, ListHanded), done
    return done


def test_the_unit_is_told_how_many_cards_wait_and_until_when():
    row = at_the_outlet(residents(3))
    told = Message.objects.filter(subject=f"application_list:{row.id}").get()
    assert told.to == "02933210000" and "3张" in told.text and row.due_on == date(2025, 3, 17)
    assert entries("card.unit_told") == 1
    waiting = Message.objects.filter(text__contains="统一领取后发给您")
    assert waiting.count() == 3 and not Message.objects.filter(text__contains="请持有效证件领取").exists()


def test_after_the_days_of_the_rule_the_list_is_overdue(settings):
    from yikatong.office import clock

    row = at_the_outlet(residents(1))
    for days, late in ((7, False), (8, True)):
        with clock.fixed(MORNING + timedelta(days=days)):
            now = unit_lists.application_list(row.number)
            assert now is not None and now.overdue is late


def test_all_cards_go_to_two_agents_at_once_and_stay_sealed():
    people = residents(4)
    row = at_the_outlet(people)
    done = handed(row)
    assert done.cards == 4 and done.left_out == () and done.number.startswith("H")
    assert set(Order.objects.values_list("state", flat=True)) == {"collected"}
    for card in Card.objects.all():
        assert (card.state, card.collected_at) == ("0", MORNING)
        assert card.collected_by == "周老师（秦都区第一小学代领）"
    assert HandOver.objects.count() == 4 and {each.number for each in HandOver.objects.all()} == {ONE.number}
    assert [each.number for each in ListAgent.objects.order_by("id")] == [ONE.number, TWO.number]
    now = unit_lists.application_list(row.number)
    assert now is not None and now.stages == {Stage.COLLECTED: 4} and not now.overdue


def test_each_card_has_its_own_fact_so_that_figures_and_holders_see_it():
    people = residents(2)
    row = at_the_outlet(people)
    handed(row)
    assert entries("card.collected") == 2 and Entry.objects.filter(kind="card.collected").count() == 1
    told = Entry.objects.get(kind="card.list_handed_over").payload
    assert (told["cards"], told["agents"], told["left_out"]) == (2, "周*师、吴*师", 0)
    from yikatong.office.readers import look_up

    card = Card.objects.get(resident=people[0])
    fact = look_up(subject=f"card:{card.pk}", kind="card.collected")[0]
    order = Order.objects.get(card=card)
    assert fact.person == people[0].pk and fact.payload["order"] == order.pk
    assert fact.payload["order_kind"] == "new" and ONE.number not in str(fact.payload)
    proof = album.hand_over_of(card.pk)
    assert proof is not None and proof.role.value == "agent" and proof.letter == "秦一小函〔2025〕3号"


def test_holders_hear_that_their_unit_has_the_card_and_of_a_child_its_guardian():
    child = resident(birth=date(2016, 2, 29), guardian=True, phone="")
    row = at_the_outlet([child, resident(phone="13800000077")])
    Message.objects.all().delete()
    handed(row)
    told = {message.to: message.text for message in Message.objects.all()}
    assert set(told) == {Guardian.objects.get().phone, "13800000077"}
    assert all("秦都区第一小学统一领取" in text for text in told.values())


def test_the_dead_the_frozen_and_cancelled_cards_are_kept_back_and_named():
    people = residents(4)
    row = at_the_outlet(people)
    Resident.objects.filter(pk=people[0].pk).update(state="dead")
    Order.objects.filter(resident=people[1]).update(
        stopped_at=MORNING, stopped_by="staff:1", stop_reason="迁出"
    )
    Card.objects.filter(resident=people[2]).update(state="9")
    done = handed(row)
    assert done.cards == 1
    numbers = {order.resident_id: order.number for order in Order.objects.all()}
    assert {number: why.code for number, why in done.left_out} == {
        numbers[people[0].pk]: "order.deceased",
        numbers[people[1].pk]: "order.frozen",
        numbers[people[2].pk]: "card.ended",
    }
    assert Order.objects.filter(state="at_outlet").count() == 3
    shown = unit_lists.hand_overs_of(row.id)[0]
    assert shown.cards == 1 and len(shown.left_out) == 3 and shown.agents == ("周老师", "吴老师")
    assert code(give(row)) == "list.nothing_here"


def test_a_card_that_its_holder_wants_by_post_is_not_given_to_the_unit():
    people = residents(2)
    row = at_the_outlet(people)
    wanted = Order.objects.get(resident=people[0])
    Posting.objects.create(
        order=wanted, name="张三丰", phone="13900000009", address="某某路9号", fee_fen=0, state_since=MORNING
    )
    done = handed(row)
    assert done.cards == 1
    assert [(number, why.code) for number, why in done.left_out] == [(wanted.number, "order.to_be_posted")]


def test_what_is_missing_is_refused_and_nothing_moves():
    row = at_the_outlet(residents(2))
    assert code(give(row, agents=(ONE,))) == "unit_agent.too_few"
    assert code(give(row, agents=(ONE, UnitAgent("", "")))) == "unit_agent.too_few"
    assert code(give(row, agents=(ONE, replace(TWO, number=ONE.number)))) == "unit_agent.twice"
    assert code(give(row, agents=(ONE, replace(TWO, number="12")))) == "unit_agent.number"
    assert code(give(row, agents=(ONE, replace(TWO, name="1")))) == "unit_agent.name"
    assert code(give(row, letter=" ")) == "receiver.letter_missing"
    assert code(give(row, proof=replace(ON_PAPER, unsigned_reason=""))) == "signature.missing"
    assert code(give(row, scope=Scope("610481"))) == "list.unknown"
    assert not ListHandOver.objects.exists() and set(Order.objects.values_list("state", flat=True)) == {
        "at_outlet"
    }


def test_a_list_that_waits_has_no_cards_and_cards_that_come_later_go_on_another_sheet():
    waiting = bring(roll(residents(1)))
    assert isinstance(waiting, ListRow) and code(give(waiting)) == "list.not_taken"
    people = residents(3)
    row = at_the_outlet(people)
    first = Order.objects.get(resident=people[0])
    Order.objects.filter(pk=first.pk).update(state="taken_back")
    assert handed(row).cards == 2
    Order.objects.filter(pk=first.pk).update(state="at_outlet")
    assert handed(row).cards == 1
    sheets = ListHandOver.objects.order_by("id")
    assert [ListLine.objects.filter(hand_over=sheet).count() for sheet in sheets] == [2, 1]


def test_the_sheet_names_everybody_masked_by_class_and_a_second_copy_says_why():
    people = residents(4)
    row = at_the_outlet(people)
    sheet = handed(row).number
    with acting() as act:
        first = print_sheet(act, sheet, scope=CITY)
        assert code(print_sheet(act, sheet, scope=CITY)) == "receipt.reason_missing"
        second = print_sheet(act, sheet, reason="卡纸", scope=CITY)
        assert code(print_sheet(act, "H000000000", scope=CITY)) == "sheet.unknown"
    assert isinstance(first, Copy) and isinstance(second, Copy) and first.pdf.startswith(b"%PDF")
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext to read the page with")
    made = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=first.pdf, capture_output=True, check=True
    )
    text = "".join(made.stdout.decode().split())
    assert "三年级1班" in text and sheet in text and "周老师" in text and ONE.number not in text
    assert people[0].name not in text and entries("card.sheet_printed") == 2


def test_a_copy_of_the_sheet_beyond_the_rule_waits_for_somebody_elses_release():
    sheet = handed(at_the_outlet(residents(1))).number
    with acting() as act:
        for _ in range(whole("card.receipt_prints", act.today)):
            assert print_sheet(act, sheet, reason="卡纸", scope=CITY).pdf  # type: ignore[union-attr]
        asked = print_sheet(act, sheet, reason="又卡纸", scope=CITY)
        assert isinstance(asked, Copy) and asked.pdf == b""
        assert code(print_sheet(act, sheet, reason="卡纸", scope=CITY)) == "receipt.waits"
        ((waiting, number),) = copies_waiting(CITY)
        assert number == sheet and code(release_copy(act, copy_id=waiting.id, scope=CITY)) == "receipt.own"
    with acting(MANAGER) as act:
        assert release_copy(act, copy_id=waiting.id, scope=CITY) == asked.number
    with acting() as act:
        assert print_sheet(act, sheet, scope=CITY).pdf  # type: ignore[union-attr]
    assert ListHandOver.objects.get().copies == asked.number
    assert entries("card.sheet_printed") == asked.number and entries("card.receipt_released") == 1


@pytest.mark.parametrize("service", [hand_over_list, print_sheet])
def test_nothing_is_handed_over_when_the_journal_refuses(service, journal_refuses):
    row = at_the_outlet(residents(2))
    sheet = handed(row).number if service is print_sheet else ""
    before = _standing()
    calls = {
        hand_over_list: lambda act: hand_over_list(
            act, row.number, letter="函", agents=(ONE, TWO), proof=ON_PAPER, scope=CITY
        ),
        print_sheet: lambda act: print_sheet(act, sheet, scope=CITY),
    }
    with journal_refuses(), acting() as act:
        assert not isinstance(calls[service](act), Refused)
    assert _standing() == before


def _standing() -> tuple[object, ...]:
    return (
        list(Order.objects.order_by("id").values_list("state", flat=True)),
        list(Card.objects.order_by("id").values_list("collected_at", "collected_by")),
        list(ListHandOver.objects.values_list("number", "copies")),
        list(ApplicationList.objects.values_list("told_at", flat=True)),
        HandOver.objects.count(),
        Entry.objects.count(),
        Message.objects.count(),
    )


@pytest.mark.django_db(transaction=True)
def test_two_counters_hand_the_same_list_over_once(committed_centre):
    row = at_the_outlet(residents(10))

    def work(act):
        return hand_over_list(act, row.number, letter="函", agents=(ONE, TWO), proof=ON_PAPER, scope=CITY)

    assert codes(at_once((CLERK, work), (MANAGER, work))) == ["list.nothing_here"]
    assert ListHandOver.objects.count() == 1 and entries("card.collected") == 10


def test_a_problem_of_one_person_is_counted_and_mended_like_any_other():
    people = residents(2)
    row = bring(roll(people))
    assert isinstance(row, ListRow) and isinstance(take(row), ListRow)
    orders = reload([each.order for each in unit_lists.people_of_list(row.id) if each.order])
    with acting(DESK) as act:
        send_to_match(act)
        results = [("0", "比对通过"), ("2", "姓名不符")]
        take_match_answer(act, received("province", match_file(reload(orders), results=results)))
    now = unit_lists.application_list(row.number)
    assert now is not None and now.stages == {Stage.MAKING: 1, Stage.PROBLEM: 1}
    wrong = unit_lists.people_of_list(row.id, Stage.PROBLEM)
    assert len(wrong) == 1 and wrong[0].order is not None
    with acting() as act:
        resubmit(act, wrong[0].order.number)
    assert len(unit_lists.people_of_list(row.id, Stage.MAKING)) == 2


def test_who_came_for_a_unit_is_forgotten_with_the_last_of_its_cards():
    row = at_the_outlet(residents(2))
    handed(row)
    first, second = Card.objects.order_by("id")
    for card, years in ((first, 0), (second, 5)):
        with acting(moment=MORNING + timedelta(days=366 * years)) as act:
            assert not isinstance(cancel_card(act, card_no=card.card_no, reason=EndReason.WISH), Refused)
    for years, agents in ((11, 2), (16, 0)):
        with acting(moment=MORNING + timedelta(days=366 * years)) as act:
            erase_closed_cards(act)
        assert ListAgent.objects.count() == agents
    assert unit_lists.hand_overs_of(row.id)


def test_where_a_unit_of_its_kind_does_not_collect_for_minors_theirs_are_kept_back_for_the_guardian():
    row = at_the_outlet(residents(2))
    order = got_order(row)
    Resident.objects.filter(pk=order.resident_id).update(birth_on=date(2015, 1, 1))
    Unit.objects.update(kind="employer")
    done = give(row)
    assert isinstance(done, ListHanded) and done.cards == 1
    assert [(number, why.code) for number, why in done.left_out] == [(order.number, "order.minor")]
    Unit.objects.update(kind="school")
    assert handed(row).cards == 1


def got_order(row: ListRow) -> Order:
    return Order.objects.filter(
        pk__in=ListLine.objects.filter(application_list=row.id).values("order")
    ).earliest("pk")
