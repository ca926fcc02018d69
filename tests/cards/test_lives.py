"""Struck off the register, in prison, abroad: what the city's dated rules stop, and what they suggest."""

from __future__ import annotations

import pytest

from tests.cards import in_hand
from tests.cards.in_hand import NOON, ON_PAPER, a_card, a_person, an_order, at, got
from tests.cards.test_loss import refused
from yikatong.cards import queries
from yikatong.cards.lives import RULED, Effect, stopping, stops
from yikatong.cards.models import Card, Case, Order
from yikatong.cards.rows import card_row
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.after_death import follow_deaths
from yikatong.cards.services.apply import apply_for_card
from yikatong.cards.services.apply_many import ManyTaken, apply_for_many
from yikatong.cards.services.cases import confirm_case, propose_case
from yikatong.cards.services.hand_over import hand_over
from yikatong.cards.standing import StatusPurpose
from yikatong.office.act import Actor
from yikatong.residents.models import Resident
from yikatong.residents.rules import ALIVE, DEAD, LIFE

OTHER = Actor("staff:2", "李复核", in_hand.QINDU, in_hand.QINDU_COUNTER)
PLACE = {"mode": Mode.BATCH, "outlet_code": in_hand.QINDU_COUNTER, "bank_code": "102", "channel": "window"}


@pytest.fixture(autouse=True)
def city(db):
    in_hand.open_city()


def lives(person: Resident, state: str) -> Resident:
    Resident.objects.filter(pk=person.pk).update(state=state)
    return Resident.objects.get(pk=person.pk)


def apply(person: Resident):
    with at() as act:
        return apply_for_card(act, resident_id=person.pk, kind=OrderKind.NEW, **PLACE)


@pytest.mark.parametrize("life", RULED, ids=lambda each: each.code)
@pytest.mark.parametrize("effect", Effect)
def test_the_rule_of_a_state_decides_each_effect(life, effect):
    in_hand.set_rule(f"card.life.{life.code}", [effect.value])
    assert stops(life, NOON.date()) == {effect}
    assert set(stopping(effect, NOON.date())) == {DEAD, life} | {
        each for each in RULED if each is not life and effect in stops(each, NOON.date())
    }


def test_the_living_are_stopped_nothing_and_the_dead_everything():
    assert stops(ALIVE, NOON.date()) == frozenset() and stops(DEAD, NOON.date()) == frozenset(Effect)


@pytest.mark.parametrize("life", RULED, ids=lambda each: each.code)
def test_an_application_alone_or_in_a_list_follows_the_rule(life):
    in_hand.set_rule(f"card.life.{life.code}", ["apply"])
    person = lives(a_person(), life.code)
    alone = apply(person)
    assert not Order.objects.exists()
    with at() as act:
        taken = apply_for_many(act, resident_ids=[person.pk], **PLACE)
    assert isinstance(taken, ManyTaken) and [each.refused for each in taken.left_out] == [alone]
    in_hand.set_rule(f"card.life.{life.code}", [])
    assert got(apply(person)).number


@pytest.mark.parametrize("life", RULED, ids=lambda each: each.code)
def test_handing_over_follows_the_rule(life):
    person = lives(a_person(), life.code)
    card = a_card(person, "0", "inactive", collected=False)

    def give():
        with at() as act:
            return hand_over(act, order_number=got(card.order).number, proof=ON_PAPER, shown_name=person.name)

    in_hand.set_rule(f"card.life.{life.code}", ["hand_over"])
    code = {"household": "household_cancelled"}.get(life.code, life.code)
    refused(give(), f"order.{code}")
    assert Card.objects.get(pk=card.pk).collected_at is None
    in_hand.set_rule(f"card.life.{life.code}", [])
    assert got(give()).collected_at == NOON


def test_what_a_partner_hears_follows_the_rule_and_says_not_why():
    person = lives(a_person(), "in_prison")
    card = a_card(person)
    in_hand.set_rule("card.life.in_prison", ["pay"])
    asked = {
        purpose: queries.answer_status(person.number, person.name, purpose).reason_code
        for purpose in StatusPurpose
    }
    assert asked == {
        StatusPurpose.HOLDS: "",
        StatusPurpose.SOCIAL_USE: "",
        StatusPurpose.BANK_PAYMENT: "restricted",
    }
    assert queries.meaning_of(card_row(card)).pay == "in_prison"


# --- suggested cancellation -------------------------------------------------------------------------------------


def follow(person: Resident) -> int:
    with at() as act:
        return follow_deaths(act, [person.pk])


def test_a_household_cancellation_suggests_the_end_which_two_decide():
    card = a_card()
    lives(card.resident, "household")
    assert follow(card.resident) == 1 and follow(card.resident) == 0
    case = Case.objects.get()
    assert (case.kind, case.state, case.reason) == ("household", "suggested", "持卡人户籍注销")
    with at() as act:
        got(propose_case(act, case.pk, paper="公安户籍注销证明"))
    with at() as act:
        refused(confirm_case(act, case.pk), "case.same_person")
    with at(actor=OTHER) as act:
        got(confirm_case(act, case.pk))
    assert Card.objects.get(pk=card.pk).state == "9"


def test_a_restored_household_lifts_it_and_a_confirmation_comes_too_late():
    card = a_card()
    lives(card.resident, "household")
    follow(card.resident)
    case = Case.objects.get()
    with at() as act:
        got(propose_case(act, case.pk, paper="公安户籍注销证明"))
    lives(card.resident, "alive")
    with at(actor=OTHER) as act:
        refused(confirm_case(act, case.pk), "case.moot")
    assert follow(card.resident) == 1
    assert Case.objects.get().state == "lifted" and Card.objects.get(pk=card.pk).state == "1"


def test_who_dies_struck_off_is_closed_for_the_death():
    card = a_card()
    lives(card.resident, "household")
    follow(card.resident)
    lives(card.resident, "dead")
    follow(card.resident)
    assert dict(Case.objects.values_list("kind", "state")) == {"household": "lifted", "death": "suggested"}


def test_a_city_may_suggest_nothing():
    in_hand.set_rule("card.life.household_suggests_cancelling", False)
    card = a_card()
    lives(card.resident, "household")
    assert follow(card.resident) == 0 and not Case.objects.exists()


def test_an_order_of_somebody_struck_off_is_not_frozen():
    person = lives(a_person(), "household")
    order = an_order(person, "ready")
    assert follow(person) == 0
    assert Order.objects.get(pk=order.pk).frozen_at is None


def test_every_state_but_the_living_has_its_sentence():
    from yikatong.cards.lives import stopped_by

    for life in LIFE:
        if life is not ALIVE:
            said = stopped_by(Effect.APPLY, life, at="resident")
            assert said.zh and said.en and said.code.startswith("order.")
