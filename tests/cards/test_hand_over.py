"""领卡、启用、激活."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import (
    BANK_CLERK,
    NOON,
    ON_PAPER,
    QINDU,
    QINDU_BANK,
    QINDU_COUNTER,
    WEICHENG,
    a_card,
    a_person,
    an_order,
    at,
    got,
)
from yikatong.basics.refused import Refused
from yikatong.cards.agents import Agent, Role
from yikatong.cards.models import Agency, Card, Order
from yikatong.cards.rules import AT_OUTLET, COLLECTED, NORMAL, ORDER, SEALED
from yikatong.cards.services.hand_over import enable, hand_over, record_bank_activation
from yikatong.office.lifecycle import advance
from yikatong.office.models import Entry, Message
from yikatong.office.scope import Scope
from yikatong.residents.models import Resident
from yikatong.residents.rules import LIFE

pytestmark = pytest.mark.django_db
AGENT = in_hand.identity_number(date(1985, 5, 5), 321)
CHILD_BORN = date(2016, 2, 29)


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def waiting(resident: Resident | None = None) -> Card:
    return a_card(resident, "0", "inactive", collected=False)


def refused(result: object, code: str, field: str = "") -> None:
    assert isinstance(result, Refused), result
    assert result.code == code
    assert result.zh and result.en
    if field:
        assert result.at == field


def give(card: Card, **changes):
    wanted = {"shown_name": "张三丰", "proof": ON_PAPER, **changes}
    with at() as act:
        return hand_over(act, order_number=got(card.order).number, **wanted)


def agent(name: str = "李四光", number: str = AGENT, **changes) -> Agent:
    """An agent with a letter of authority and a reason."""
    papers = {
        "letter_number": "委托1号",
        "letter_on": date(2025, 3, 1),
        "reason": "住院",
        "proof": "授权委托书",
        **changes,
    }
    return Agent(Role.AGENT, name, number, **papers)


def guardian(name: str = "王大明", number: str = AGENT) -> Agent:
    return Agent(Role.GUARDIAN, name, number)


def untouched(card: Card) -> None:
    order = Order.objects.get(card=card)
    now = Card.objects.get(pk=card.pk)
    assert (order.state, now.state, now.collected_at, now.collected_by) == (
        AT_OUTLET.code,
        SEALED.code,
        None,
        "",
    )
    assert "card.collected" not in in_hand.kinds()


def test_a_collected_card_ends_its_order_and_stays_sealed():
    card = waiting()
    row = give(card)
    order = Order.objects.get(card=card)
    assert order.state == COLLECTED.code
    assert order.state_since == NOON
    assert (row.state, row.collected_at, row.collected_by) == (SEALED, NOON, "张三丰（本人）")


def test_the_entry_of_a_collection_carries_what_the_indicators_need():
    card = waiting()
    give(card)
    entry = Entry.objects.get(kind="card.collected")
    assert entry.subject == f"card:{card.pk}"
    assert (entry.person, entry.region, entry.outlet) == (card.resident_id, QINDU, QINDU_COUNTER)
    assert entry.payload["order"] == card.order_id
    assert (entry.payload["order_kind"], entry.payload["receiver_role"]) == ("new", "holder")
    assert entry.payload["receiver"] == "张*丰"


def test_the_holder_is_told_that_the_card_was_collected():
    """Whoever took it: a holder who sent nobody hears of it at once."""
    card = waiting()
    give(card, by=agent())
    message = Message.objects.get(subject=f"card:{card.pk}")
    assert card.card_no[-4:] in message.text and card.card_no not in message.text
    assert message.person == card.resident_id


def test_an_unknown_receipt_number_is_refused():
    with at() as act:
        refused(
            hand_over(
                act,
                order_number="S999999999",
                shown_name="张三丰",
                proof=ON_PAPER,
            ),
            "order.unknown",
        )


@pytest.mark.parametrize("state", sorted(set(in_hand.TO_STATE) - {"at_outlet", "retained", "collected"}))
def test_an_order_that_is_not_at_the_outlet_is_refused(state):
    order = an_order(a_person(), state)
    with at() as act:
        result = hand_over(
            act,
            order_number=order.number,
            shown_name="张三丰",
            proof=ON_PAPER,
        )
    refused(result, "order.not_at_outlet", "order_number")
    assert ORDER.state(state).zh in str(result)


def test_a_card_is_collected_only_once():
    card = waiting()
    give(card)
    refused(give(card), "order.already_collected", "order_number")
    assert in_hand.kinds().count("card.collected") == 1


def test_a_clerk_of_another_county_is_refused():
    card = waiting()
    refused(give(card, scope=Scope(WEICHENG)), "scope.outside")
    untouched(card)


def test_a_clerk_of_another_outlet_of_the_same_county_is_refused():
    card = waiting()
    refused(give(card, scope=Scope(QINDU, QINDU_BANK)), "scope.outside")
    untouched(card)


def test_a_clerk_without_a_region_is_refused():
    card = waiting()
    refused(give(card, scope=Scope("")), "scope.outside")


def test_the_clerk_of_the_outlet_may_hand_over():
    assert give(waiting(), scope=Scope(QINDU, QINDU_COUNTER))


def test_a_card_of_someone_who_died_meanwhile_stays():
    card = waiting()
    advance(card.resident, LIFE, "die")
    refused(give(card), "order.deceased", "order_number")
    untouched(card)


def test_a_card_that_was_cancelled_on_the_shelf_stays():
    card = a_card(None, "9", "inactive", collected=False)
    refused(give(card), "card.ended")


def test_another_name_is_not_the_holder():
    card = waiting()
    refused(give(card, shown_name="李四光"), "receiver.not_holder", "shown_name")
    untouched(card)


def test_another_number_is_not_the_holder():
    card = waiting()
    refused(give(card, shown_number=AGENT), "receiver.not_holder", "shown_number")
    untouched(card)


def test_the_holders_name_may_be_typed_with_another_dot():
    card = waiting(a_person("艾力·买买提"))
    assert give(card, shown_name="艾力•买买提")


def test_a_child_does_not_collect_alone():
    card = waiting(a_person("王小明", CHILD_BORN, guardian=("王大明", AGENT)))
    refused(give(card, shown_name="王小明"), "agent.guardian_needed", "role")
    untouched(card)


def test_the_guardian_collects_for_a_child():
    card = waiting(a_person("王小明", CHILD_BORN, guardian=("王大明", AGENT)))
    row = give(card, by=guardian())
    assert row.collected_by == "王大明（监护人）"
    kept = Entry.objects.get(kind="card.collected").payload["receiver_number"]
    assert kept == f"{AGENT[:4]}**********{AGENT[-4:]}"


@pytest.mark.parametrize(
    ("name", "number"), [("王大民", AGENT), ("王大明", in_hand.identity_number(date(1980, 1, 1), 7))]
)
def test_somebody_else_is_not_the_guardian(name, number):
    card = waiting(a_person("王小明", CHILD_BORN, guardian=("王大明", AGENT)))
    result = give(card, by=guardian(name, number))
    refused(result, "agent.not_guardian", "agent_name")
    untouched(card)


def test_an_agent_shows_a_number_of_their_own():
    card = waiting()
    refused(give(card, by=agent(number=card.resident.number)), "agent.is_holder", "role")
    bad_check_digit = AGENT[:-1] + ("1" if AGENT[-1] != "1" else "2")
    refused(give(card, by=agent(number=bad_check_digit)), "id.check_digit", "agent_number")
    missing = give(card, by=agent(number=""))
    assert isinstance(missing, Refused)
    assert missing.at == "agent_number"
    untouched(card)


def test_an_agent_with_their_own_number_may_collect_and_stands_on_record():
    card = waiting()
    row = give(card, by=agent())
    assert row.collected_by == "李四光（代办人）"
    kept = Agency.objects.get()
    assert (kept.service, kept.subject, kept.number) == ("collect", f"card:{card.pk}", AGENT)
    assert (kept.letter_number, kept.reason) == ("委托1号", "住院")
    assert in_hand.kinds()[-2:] == ["card.by_agent", "card.collected"]


@pytest.mark.parametrize(
    ("papers", "code"),
    [
        ({"letter_number": " "}, "agent.letter"),
        ({"letter_on": None}, "agent.letter"),
        ({"letter_on": date(2025, 3, 11)}, "agent.letter_date"),
        ({"reason": ""}, "agent.reason"),
    ],
)
def test_an_agent_brings_a_letter_of_authority_and_a_reason(papers, code):
    card = waiting()
    refused(give(card, by=agent(**papers)), code)
    untouched(card)


def test_a_city_may_let_no_agent_collect():
    card = waiting()
    in_hand.set_rule("card.by.collect", ["holder", "guardian"])
    refused(give(card, by=agent()), "agent.not_allowed", "role")
    untouched(card)


def test_nothing_is_handed_over_when_the_journal_refuses(journal_refuses):
    card = waiting()
    with journal_refuses():
        give(card)
    untouched(card)


# --- enabling ---------------------------------------------------------------------------------------------------


def switch_on(card: Card, **changes):
    with at() as act:
        return enable(act, card_no=card.card_no, **changes)


def test_a_collected_card_is_enabled():
    card = a_card(state="0", bank="inactive")
    row = switch_on(card)
    assert row.state is NORMAL
    assert in_hand.kinds()[-1] == "card.enabled"
    assert Card.objects.get(pk=card.pk).state_since == NOON


def test_a_card_on_the_shelf_is_not_enabled():
    refused(switch_on(waiting()), "card.not_collected", "card_no")


@pytest.mark.parametrize(
    ("state", "code"),
    [("1", "card.already_enabled"), ("2", "card.lost"), ("4", "card.temp_lost"), ("9", "card.ended")],
)
def test_only_a_sealed_card_is_enabled(state, code):
    refused(switch_on(a_card(state=state)), code, "card_no")


def test_an_unknown_card_is_not_enabled():
    with at() as act:
        refused(enable(act, card_no="Z99999999"), "card.unknown", "card_no")


def test_a_clerk_of_another_county_does_not_enable():
    card = a_card(state="0", bank="inactive")
    refused(switch_on(card, scope=Scope(WEICHENG)), "scope.outside")
    assert Card.objects.get(pk=card.pk).state == SEALED.code


def test_a_card_in_the_hand_belongs_to_no_outlet():
    assert switch_on(a_card(state="0", bank="inactive"), scope=Scope(QINDU, QINDU_BANK))


def test_an_agent_may_have_a_card_enabled_but_not_its_account_activated():
    card = a_card(state="0", bank="inactive")
    refused(activate(card, by=agent()), "agent.not_allowed", "role")
    assert switch_on(card, by=agent()).state is NORMAL
    assert Agency.objects.get().service == "enable"


def test_a_childs_card_is_enabled_and_activated_by_the_guardian():
    card = a_card(a_person("王小明", CHILD_BORN, guardian=("王大明", AGENT)), "0", "inactive")
    refused(switch_on(card), "agent.guardian_needed", "role")
    refused(activate(card), "agent.guardian_needed", "role")
    assert switch_on(card, by=guardian()) and activate(card, by=guardian())


def test_nothing_is_enabled_when_the_journal_refuses(journal_refuses):
    card = a_card(state="0", bank="inactive")
    with journal_refuses():
        switch_on(card)
    assert Card.objects.get(pk=card.pk).state == SEALED.code


# --- the bank's side --------------------------------------------------------------------------------------------


def activate(card: Card, **changes):
    with at(actor=BANK_CLERK) as act:
        return record_bank_activation(act, card_no=card.card_no, **changes)


@pytest.mark.parametrize("state", ["0", "1"])
def test_the_banks_activation_leaves_the_social_side_alone(state):
    card = a_card(state=state, bank="inactive")
    row = activate(card)
    assert (row.state.code, row.bank_state.code) == (state, "normal")
    assert in_hand.kinds()[-1] == "card.bank_activated"


def test_a_card_on_the_shelf_is_not_activated():
    refused(activate(waiting()), "card.not_collected", "card_no")


def test_an_account_is_activated_once():
    refused(activate(a_card(state="1", bank="normal")), "bank.already_active", "card_no")


@pytest.mark.parametrize(
    ("state", "code"), [("2", "card.lost"), ("4", "card.temp_lost"), ("9", "card.ended")]
)
def test_nobody_activates_the_account_of_a_card_that_is_gone(state, code):
    card = a_card(state=state, bank="inactive")
    refused(activate(card), code, "card_no")
    assert Card.objects.get(pk=card.pk).bank_state == "inactive"


def test_a_clerk_of_another_county_does_not_record_an_activation():
    refused(activate(a_card(state="1", bank="inactive"), scope=Scope(WEICHENG)), "scope.outside")


def test_no_activation_is_recorded_when_the_journal_refuses(journal_refuses):
    card = a_card(state="1", bank="inactive")
    with journal_refuses():
        activate(card)
    assert Card.objects.get(pk=card.pk).bank_state == "inactive"
