"""密码重置、解锁: asked of the gateway once, settled by its answer, and never taken for done without one."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cards import in_hand
from tests.cards.in_hand import CLERK, NOON, WEICHENG, WEICHENG_BANK, a_card, a_person, at, got
from tests.cards.test_loss import refused, sides
from yikatong.basics.refused import Refused
from yikatong.cards.agents import Agent, Role
from yikatong.cards.models import Card, PinRequest
from yikatong.cards.pin_desk import ask_again, carry_out, open_request
from yikatong.cards.receipts import papers_of
from yikatong.cards.services import loss, pin
from yikatong.cards.standing import Side
from yikatong.cards.tasks import settle_pins
from yikatong.office import clock
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.models import Entry, Message
from yikatong.office.scope import Scope
from yikatong.office.wires.gateway import Receipt, no_answer
from yikatong.office.wires.simulators.gateway import UNLOCKS, SimulatedGateway
from yikatong.residents.models import Resident

AGENT = Agent(
    Role.AGENT,
    "李四",
    in_hand.identity_number(date(1985, 1, 1), 7),
    "朋友",
    "无号",
    NOON.date(),
    "外出",
    "授权委托书",
)
SERVICES = {"reset_pin": "1", "unlock": "3"}


@pytest.fixture(autouse=True)
def city(transactional_db):
    """Committed: the gateway is asked between two acts."""
    in_hand.open_city()


def ask(service: str, card: Card, **more):
    with at() as act:
        return getattr(pin, service)(act, card_no=card.card_no, **more)


def do(service: str, card: Card, **more):
    asked = got(ask(service, card, **more))
    with clock.fixed(NOON):
        return carry_out(asked.request_id, actor=CLERK, door=Door.CONSOLE)


def again(card: Card):
    request = open_request(card.pk)
    assert request is not None
    with clock.fixed(NOON):
        return carry_out(request.request_id, actor=CLERK, door=Door.CONSOLE)


def facts() -> list[str]:
    return [kind for kind in in_hand.kinds() if kind.startswith(("card.pin", "card.unlock"))]


def used_up(card: Card) -> None:
    """As many unlocks as the rule allows."""
    for number in range(10):
        PinRequest.objects.create(
            request_id=uuid4(), card=card, action="unlock", unlocks=True, asked_by="staff:1", asked_at=NOON
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cards_pinrequest SET state = 'done', receipt = %s WHERE state = 'asked'",
                [f"G{number}"],
            )


# --- done -------------------------------------------------------------------------------------------------------


def test_a_pin_is_reset_and_the_holder_told_to_change_it():
    card = a_card()
    row = got(do("reset_pin", card))
    assert (row.state.code, sides(card)) == ("done", ("1", "normal"))
    assert facts() == ["card.pin_asked", "card.pin_reset"]
    assert Entry.objects.get(kind="card.pin_reset").payload["receipt"] == row.receipt
    assert "首次使用请先修改" in Message.objects.get().text and "连续输错3次" in Message.objects.get().text
    assert [each.receipt.title for each in papers_of(f"card:{card.pk}")] == ["社会保障卡社保密码重置凭条"]


def test_a_locked_card_is_unlocked():
    card = a_card(state="3")
    got(do("unlock", card))
    assert sides(card) == ("1", "normal")
    assert facts() == ["card.pin_asked", "card.unlocked"]
    assert Entry.objects.get(kind="card.unlocked").payload["used"] == 1
    assert "还可解锁9次" in Message.objects.get().text
    assert SimulatedGateway().unlocks_of(card.card_no) == 1


def test_a_reset_opens_a_locked_card_and_is_one_of_its_unlocks():
    card = a_card(state="3")
    got(do("reset_pin", card))
    assert sides(card) == ("1", "normal")
    assert facts() == ["card.pin_asked", "card.pin_reset", "card.unlocked"]
    assert Message.objects.count() == 1


# --- not done ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
def test_without_an_answer_the_card_stays_as_it_was_and_the_same_request_is_asked_again(service):
    card = a_card(state="3")
    SimulatedGateway().fall_silent()
    refused(do(service, card), "gateway.unknown")
    refused(again(card), "gateway.unknown")
    assert sides(card) == ("3", "normal")
    assert facts() == ["card.pin_asked", "card.pin_in_doubt"]
    assert not Message.objects.exists()
    refused(ask("reset_pin", card), "pin.open")
    refused(ask("unlock", card), "pin.open")
    SimulatedGateway().speak()
    row = got(again(card))
    assert (row.state.code, sides(card), open_request(card.pk)) == ("done", ("1", "normal"), None)
    assert SimulatedGateway().unlocks_of(card.card_no) == (service == "unlock")
    assert PinRequest.objects.count() == 1


def test_a_request_is_settled_once_whoever_asked_again():
    card = a_card(state="3")
    asked = got(ask("unlock", card))
    with clock.fixed(NOON):
        rows = [carry_out(asked.request_id, actor=CLERK, door=Door.CONSOLE) for _ in range(2)]
    assert got(rows[0]).receipt == got(rows[1]).receipt
    with at() as act:
        assert pin.settle(act, request_id=asked.request_id, answer=no_answer()).state.code == "done"
    assert facts() == ["card.pin_asked", "card.unlocked"] and Message.objects.count() == 1


def test_what_a_window_left_open_is_settled_by_the_clock():
    card = a_card(state="3")
    got(ask("unlock", card))  # the process died before the gateway was asked
    with clock.fixed(NOON):
        assert ask_again(CLERK, clock.now()) == 0
    assert sides(card) == ("3", "normal")
    with clock.fixed(NOON + timedelta(minutes=2)):
        SimulatedGateway().fall_silent()
        assert ask_again(CLERK, clock.now()) == 0
        SimulatedGateway().speak()
        settle_pins.func()
    assert sides(card) == ("1", "normal")


def test_what_the_gateway_refuses_is_not_done_and_may_be_asked_anew():
    card = a_card(state="3")
    chip = SimulatedGateway()
    for _ in range(UNLOCKS):
        assert isinstance(chip.unlock(card.card_no, str(uuid4())), Receipt)
    refused(do("unlock", card), "gateway.unlocks_used")
    assert (sides(card), open_request(card.pk)) == (("3", "normal"), None)
    assert facts() == ["card.pin_asked", "card.pin_failed"]
    assert PinRequest.objects.get().state == "failed"


def test_a_loss_reported_meanwhile_is_not_undone_by_the_answer():
    card = a_card(state="3")
    asked = got(ask("unlock", card))
    with at() as act:
        got(loss.report_formal_loss(act, card_no=card.card_no, channel="counter", which=Side.SOCIAL))
    with clock.fixed(NOON):
        got(carry_out(asked.request_id, actor=CLERK, door=Door.CONSOLE))
    assert sides(card)[0] == "2"
    assert facts() == ["card.pin_asked", "card.unlocked"]


# --- refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
def test_without_a_gateway_nothing_is_asked(service, settings):
    settings.CARD_GATEWAY = ""
    refused(ask(service, a_card(state=SERVICES[service])), "gateway.none")
    assert not PinRequest.objects.exists()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("door", [door for door in Door if door is not Door.CONSOLE])
def test_only_a_window_asks(service, door):
    with open_act(CLERK, door=door, at=NOON) as act:
        result = getattr(pin, service)(act, card_no=a_card(state="3").card_no)
    refused(result, "pin.window_only")


@pytest.mark.parametrize("service", SERVICES)
def test_an_agent_never_asks(service):
    card = a_card(state=SERVICES[service])
    refused(ask(service, card, by=AGENT), "agent.not_allowed")
    assert not PinRequest.objects.exists()


def test_a_childs_guardian_comes_for_it_and_is_on_record():
    father = ("张一", in_hand.identity_number(date(1985, 1, 1), 9))
    card = a_card(a_person(birth=date(2018, 5, 5), guardian=father))
    refused(ask("reset_pin", card), "agent.guardian_needed")
    assert got(do("reset_pin", card, by=Agent(Role.GUARDIAN, *father)))
    assert "card.by_agent" in in_hand.kinds()


@pytest.mark.parametrize(
    ("service", "state", "code"),
    [
        ("reset_pin", "0", "card.sealed"),
        ("reset_pin", "2", "card.lost"),
        ("reset_pin", "4", "card.temp_lost"),
        ("reset_pin", "9", "card.ended"),
        ("unlock", "0", "card.sealed"),
        ("unlock", "1", "card.not_locked"),
        ("unlock", "2", "card.lost"),
        ("unlock", "4", "card.temp_lost"),
        ("unlock", "9", "card.ended"),
    ],
)
def test_only_a_card_in_use_or_locked(service, state, code):
    refused(ask(service, a_card(state=state)), code)


@pytest.mark.parametrize("service", SERVICES)
def test_a_dead_holders_card_stays_as_it_is(service):
    card = a_card(state="3")
    Resident.objects.filter(pk=card.resident_id).update(state="dead")
    refused(ask(service, card), "card.deceased")


@pytest.mark.parametrize("service", SERVICES)
def test_unknown_cards_and_those_of_other_counties_are_refused(service):
    card = a_card(state="3")
    refused(ask(service, card, scope=Scope(WEICHENG, WEICHENG_BANK)), "scope.outside")
    with at() as act:
        refused(getattr(pin, service)(act, card_no="Z99999999"), "card.unknown")


@pytest.mark.parametrize("service", SERVICES)
def test_a_card_whose_unlocks_are_used_up_can_only_be_exchanged(service):
    card = a_card(state="3")
    used_up(card)
    result = ask(service, card)
    refused(result, "pin.unlocks_used")
    assert "换领" in result.zh
    in_hand.set_rule("card.pin_unlocks", 11)  # another city's chips
    assert got(do(service, card))


def test_a_reset_of_a_card_in_use_takes_no_unlock():
    card = a_card()
    used_up(card)
    assert got(do("reset_pin", card))


# --- held by the tables -------------------------------------------------------------------------------------------


def test_not_even_raw_sql_has_two_open_requests_or_one_done_without_a_receipt():
    card = a_card(state="3")
    got(ask("unlock", card))
    with pytest.raises(IntegrityError, match="pin_request_one_open"), transaction.atomic():
        PinRequest.objects.create(
            request_id=uuid4(), card=card, action="unlock", unlocks=True, asked_by="x", asked_at=NOON
        )
    with (
        pytest.raises(IntegrityError, match="pin_request_done_by_receipt"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE cards_pinrequest SET state = 'done'")


# --- the journal refuses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", [pin.reset_pin, pin.unlock])
def test_nothing_is_asked_when_the_journal_refuses(service, journal_refuses):
    card = a_card(state="3")
    with journal_refuses(), at() as act:
        service(act, card_no=card.card_no)
    assert sides(card) == ("3", "normal")
    assert not PinRequest.objects.exists()


@pytest.mark.parametrize(
    "answer", [Receipt("G1"), no_answer(), Refused("gateway.broken", "卡片损坏。", "Broken.")]
)
def test_nothing_is_settled_when_the_journal_refuses(answer, journal_refuses):
    card = a_card(state="3")
    asked = got(ask("unlock", card))
    with journal_refuses(), at() as act:
        pin.settle(act, request_id=asked.request_id, answer=answer)
    assert sides(card) == ("3", "normal")
    assert PinRequest.objects.get().state == "asked"
    assert not Message.objects.exists()


def test_the_gateway_is_asked_outside_of_any_act():
    """An act inside another is an error of ours, so is a remote call that holds a row."""
    card = a_card(state="3")
    asked = got(ask("unlock", card))
    with pytest.raises(RuntimeError), open_act(Actor.system("test"), door=Door.TASK):
        carry_out(asked.request_id, actor=CLERK, door=Door.CONSOLE)
