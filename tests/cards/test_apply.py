"""受理: who may apply, what they are promised, and who is sent away with which sentence."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cards import in_hand
from tests.cards.factories import (
    CENTRE_OUTLET,
    FAR_OUTLET,
    PLAIN_OUTLET,
    acting,
    apply,
    code,
    entries,
    picture,
    reload,
    resident,
    residents,
    states,
)
from yikatong.basics.refused import Refused
from yikatong.cards.models import Order
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.apply import apply_for_card, cancel_order, resubmit
from yikatong.cards.services.apply_many import ManyTaken, apply_for_many
from yikatong.office.models import Message
from yikatong.office.scope import Scope

pytestmark = pytest.mark.django_db

GOOD = {"mode": Mode.BATCH, "outlet_code": CENTRE_OUTLET, "bank_code": "102", "channel": "window"}


def refused(
    person_id: int, kind: OrderKind = OrderKind.NEW, scope: Scope | None = None, **changed: object
) -> str:
    """Try it, find nothing changed, and give the reason code."""
    before = picture()
    with acting() as act:
        result = apply_for_card(act, resident_id=person_id, kind=kind, scope=scope, **{**GOOD, **changed})  # type: ignore[arg-type]
    assert picture() == before
    return code(result)


def test_an_application_gets_a_receipt_number_a_promised_day_and_a_message(centre):
    person = resident(phone="13800000009")
    row = apply(person)
    assert row.state.code == "submitted"
    assert row.fee_fen == 0
    assert row.region == "610402"
    # 30 working days after 10 March 2025, with 清明 (4 April) between.
    assert row.promised_on == date(2025, 4, 22)
    message = Message.objects.get()
    assert message.to == "13800000009"
    assert row.number in message.text
    assert "2025-04-22" in message.text
    assert entries("card.applied") == 1


def test_a_card_made_on_the_spot_is_promised_for_the_same_day(centre):
    assert apply(resident(), mode=Mode.INSTANT).promised_on == date(2025, 3, 10)


def test_somebody_without_a_phone_is_taken_and_gets_no_message(centre):
    apply(resident(phone=""))
    assert not Message.objects.exists()


def test_an_unknown_person_is_refused(centre):
    assert refused(999_999) == "order.unknown_person"


def test_a_deceased_applicant_is_refused(centre):
    assert refused(resident(state="dead").pk) == "order.deceased"


def test_a_second_open_order_is_refused_and_names_the_first(centre):
    person = resident()
    first = apply(person)
    assert refused(person.pk) == "order.open"
    with acting() as act:
        result = apply_for_card(act, resident_id=person.pk, kind=OrderKind.NEW, **GOOD)  # type: ignore[arg-type]
    assert isinstance(result, Refused)
    assert first.number in result.zh
    assert "已申请" in result.zh


def test_a_new_card_for_a_holder_is_refused(centre):
    assert refused(in_hand.a_card(state="1").resident_id) == "order.has_card"


def test_a_reissue_without_a_formally_lost_card_is_refused(centre):
    assert refused(resident().pk, OrderKind.REISSUE) == "order.no_lost_card"
    assert refused(in_hand.a_card(state="4").resident_id, OrderKind.REISSUE) == "order.no_lost_card"


def test_an_exchange_without_a_card_in_use_is_refused(centre):
    assert refused(resident().pk, OrderKind.EXCHANGE) == "order.no_card"
    assert refused(in_hand.a_card(state="2").resident_id, OrderKind.EXCHANGE) == "order.no_card"


def test_a_reissue_of_a_lost_card_is_taken_with_its_fee_and_names_the_card(centre):
    card = in_hand.a_card(state="2")
    row = apply(card.resident, kind=OrderKind.REISSUE)
    assert row.replaces_id == card.pk
    assert row.fee_fen == 2000


def test_a_minor_needs_a_guardian(centre):
    born = date(2012, 6, 1)
    assert refused(resident(birth=born).pk) == "order.guardian_needed"
    assert apply(resident(birth=born, guardian=True)).state.code == "submitted"


def test_sixteen_is_of_age_on_the_birthday(centre):
    assert apply(resident(birth=date(2009, 3, 10))).state.code == "submitted"
    assert refused(resident(birth=date(2009, 3, 11)).pk) == "order.guardian_needed"


def test_an_unknown_outlet_is_refused(centre):
    assert refused(resident().pk, outlet_code="99999999") == "order.outlet_unknown"


def test_a_bank_outside_the_city_is_refused(centre):
    assert refused(resident().pk, bank_code="999") == "order.bank_unknown"


def test_an_outlet_without_a_maker_makes_nothing_on_the_spot(centre):
    assert refused(resident().pk, mode=Mode.INSTANT, outlet_code=PLAIN_OUTLET) == "order.not_instant"


def test_a_clerk_outside_the_outlets_region_is_refused(centre):
    assert refused(resident().pk, scope=Scope("610402"), outlet_code=FAR_OUTLET) == "scope.outside"


def test_a_clerk_of_another_outlet_is_refused(centre):
    assert refused(resident().pk, scope=Scope("610402", "61040201")) == "scope.outside"


def test_no_two_open_orders_even_behind_our_back(centre):
    from django.db import IntegrityError, transaction

    first = Order.objects.get(pk=apply(resident()).id)
    with pytest.raises(IntegrityError, match="order_one_open_per_person"), transaction.atomic():
        Order.objects.create(
            number="S2",
            resident=first.resident,
            kind="new",
            mode="batch",
            channel="x",
            region="610402",
            outlet=first.outlet,
            bank_code="102",
            applied_at=first.applied_at,
            promised_on=first.promised_on,
            state_since=first.applied_at,
        )


# --- many at once ----------------------------------------------------------------------------------------------


def list_of(people: list[int], **changed: object) -> ManyTaken | Refused:
    with acting() as act:
        return apply_for_many(act, resident_ids=people, **{**GOOD, **changed})  # type: ignore[arg-type]


def many(people: list[int]) -> int:
    result = list_of(people)
    assert isinstance(result, ManyTaken)
    assert result.taken + len(result.left_out) == len(set(people))
    return result.taken


def test_everybody_of_a_list_is_told_what_they_would_hear_at_the_counter(centre):
    struck_off, busy, away = residents(3)
    for person, state in ((struck_off, "household"), (away, "abroad")):
        type(person).objects.filter(pk=person.pk).update(state=state)
    order = apply(busy)
    refused = {
        999_999: "order.unknown_person",
        resident(state="dead").pk: "order.deceased",
        struck_off.pk: "order.household_cancelled",
        resident(birth=date(2012, 6, 1)).pk: "order.guardian_needed",
        busy.pk: "order.open",
        in_hand.a_card(state="1").resident.pk: "order.has_card",
    }
    result = list_of([*refused, away.pk, away.pk])
    assert isinstance(result, ManyTaken) and result.taken == 1
    assert {each.resident_id: each.refused.code for each in result.left_out} == refused
    assert any(order.number in each.refused.zh for each in result.left_out)
    with acting() as act:
        for each in result.left_out:
            alone = apply_for_card(act, resident_id=each.resident_id, kind=OrderKind.NEW, **GOOD)  # type: ignore[arg-type]
            assert alone == each.refused


def test_a_minors_guardian_is_told_alone_and_in_a_list(centre):
    one, other = (resident(birth=date(2012, 6, 1), guardian=True) for _ in range(2))
    apply(one)
    assert many([other.pk]) == 1
    assert [message.to for message in Message.objects.all()] == ["13800000002"] * 2


def test_a_list_is_taken_but_for_those_who_may_not_apply(centre):
    good = [*residents(3), resident(birth=date(2012, 6, 1), guardian=True)]
    bad = [resident(state="dead"), resident(birth=date(2012, 6, 1)), in_hand.a_card(state="1").resident]
    waiting = resident()
    apply(waiting)
    count = many([p.pk for p in [*good, *bad, waiting]] + [999_999, good[0].pk])
    assert count == 4
    assert set(Order.objects.filter(resident__in=good).values_list("state", flat=True)) == {"submitted"}
    assert not Order.objects.filter(resident__in=bad[:2]).exists()
    assert entries("card.applied") == 5
    assert Message.objects.count() == 5


def test_a_list_and_one_application_make_the_same_order(centre):
    one, other = residents(2)
    row = apply(one)
    many([other.pk])
    leave_out = {"id", "number", "resident_id"}
    first, second = Order.objects.order_by("id").values()
    assert {k: v for k, v in first.items() if k not in leave_out} == {
        k: v for k, v in second.items() if k not in leave_out
    }
    first_text, second_text = Message.objects.order_by("id").values_list("text", flat=True)
    assert first_text.replace(row.number, "") == second_text.replace(second["number"], "")


def test_the_same_list_twice_takes_nobody_twice(centre):
    people = [p.pk for p in residents(5)]
    assert many(people) == 5
    assert many(people) == 0
    assert many([]) == 0


def test_a_list_for_an_unknown_outlet_is_refused(centre):
    assert code(list_of([resident().pk], outlet_code="99999999")) == "order.outlet_unknown"


# --- withdrawn, taken up again ---------------------------------------------------------------------------------


def test_an_application_is_withdrawn_and_the_person_may_apply_again(centre):
    person = resident()
    first = apply(person)
    with acting() as act:
        row = cancel_order(act, first.number, "本人要求")
    assert isinstance(row, OrderRow)
    assert row.state.code == "cancelled"
    assert apply(person).number != first.number
    assert entries("card.order_cancelled") == 1


def test_a_withdrawal_needs_its_reason(centre):
    order = apply(resident())
    with acting() as act:
        assert code(cancel_order(act, order.number, " ")) == "order.reason_missing"
    assert states([order]) == ["submitted"]


def test_an_order_in_a_batch_cannot_be_withdrawn(centre):
    order = in_hand.an_order(in_hand.a_person(), "batched")
    with acting() as act:
        assert code(cancel_order(act, order.number, "本人要求")) == "order.not_cancellable"


def test_an_unknown_order_cannot_be_withdrawn(centre):
    with acting() as act:
        assert code(cancel_order(act, "S999999999", "本人要求")) == "order.unknown"


def test_a_clerk_outside_the_region_withdraws_nothing(centre):
    order = apply(resident())
    with acting() as act:
        assert code(cancel_order(act, order.number, "本人要求", scope=Scope("610481"))) == "scope.outside"


@pytest.mark.parametrize("state", ["problem", "bank_failed"])
def test_mended_data_go_through_matching_again(centre, state):
    order = in_hand.an_order(in_hand.a_person(), state)
    Order.objects.filter(pk=order.pk).update(
        problem_code="match.name_differs", problem_text="姓名不一致", asked="F1"
    )
    with acting() as act:
        row = resubmit(act, order.number)
    assert isinstance(row, OrderRow)
    assert row.state.code == "submitted"
    assert (row.problem_code, row.problem_text) == ("", "")
    assert reload([order])[0].asked == ""
    assert entries("card.resubmitted") == 1


def test_an_order_without_a_problem_is_not_resubmitted(centre):
    order = apply(resident())
    with acting() as act:
        assert code(resubmit(act, order.number)) == "order.not_in_problem"


def test_an_order_of_somebody_who_died_is_not_resubmitted(centre):
    person = in_hand.a_person()
    order = in_hand.an_order(person, "problem")
    type(person).objects.filter(pk=person.pk).update(state="dead")
    with acting() as act:
        assert code(resubmit(act, order.number)) == "order.deceased"


# --- twins: the journal refuses, so nothing happened -----------------------------------------------------------


def test_apply_for_card_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    person, before = resident(), picture()
    with journal_refuses(), acting() as act:
        apply_for_card(act, resident_id=person.pk, kind=OrderKind.NEW, **GOOD)  # type: ignore[arg-type]
    assert picture() == before


def test_apply_for_many_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    people, before = [p.pk for p in residents(3)], picture()
    with journal_refuses(), acting() as act:
        apply_for_many(act, resident_ids=people, **GOOD)  # type: ignore[arg-type]
    assert picture() == before


def test_cancel_order_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    order = apply(resident())
    before = picture()
    with journal_refuses(), acting() as act:
        cancel_order(act, order.number, "本人要求")
    assert picture() == before


def test_resubmit_does_nothing_when_the_journal_refuses(centre, journal_refuses):
    order = in_hand.an_order(in_hand.a_person(), "problem")
    before = picture()
    with journal_refuses(), acting() as act:
        resubmit(act, order.number)
    assert picture() == before
