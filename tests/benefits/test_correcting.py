"""A held row is corrected in place: the old one stays unpaid, the new one stands at the end, and nobody is paid twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.benefits.envelopes import (
    DEPARTMENT,
    LAND,
    MAKER,
    SCOPE,
    again,
    answered,
    approved,
    funded,
    holder,
    judged,
    picture,
    reasons,
    row,
    sent,
    states,
)
from tests.benefits.test_deadlines import rows_of
from tests.cards.in_hand import NOON, at, got
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.facts import BATCH_COVERED
from yikatong.benefits.models import Payment, PaymentBatch, RowCorrection
from yikatong.benefits.reconciling import Sum, reconciled
from yikatong.benefits.rows import BatchRow, PaymentRow
from yikatong.benefits.services.approving import publish_batch
from yikatong.benefits.services.correcting import correct_row, drop_row
from yikatong.benefits.services.submitting import withdraw_batch
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")


def corrected(
    batch: BatchRow, who: Resident, line: int = 3, by: object = MAKER, **other: object
) -> PaymentRow | Refused:
    given = {"name": who.name, "person": who.number, "basis": "", "fen": 20_000, "reason": "姓名错字"}
    with at(NOON, by) as act:  # type: ignore[arg-type]
        return correct_row(act, batch.number, line=line, scope=SCOPE, **(given | other))  # type: ignore[arg-type]


def with_a_wrong_name() -> tuple[BatchRow, Resident, Resident]:
    good, wrong = holder(), holder("李四光")
    return judged([row(good), row(wrong, name="李四先")]), good, wrong


def test_a_wrong_name_is_corrected_and_the_person_is_paid_once():
    batch, _, person = with_a_wrong_name()
    assert reasons(batch) == ["", "C04"]
    new = got(corrected(batch, person))
    assert (new.line, new.state.code, new.fen) == (4, "valid", 20_000)
    assert states(batch) == ["valid", "replaced", "valid"]
    assert queries.reason_counts(batch.id) == ()
    (file,) = sent(funded(batch))
    assert file.rows == 2
    answered(file, ["00", "00"])
    assert states(batch) == ["paid", "replaced", "paid"]


def test_the_envelope_stays_and_the_difference_stands_in_the_correction():
    person = holder("李四光")
    batch = judged([row(holder()), row(person, yuan="7000.00")])  # above what the standard gives
    assert reasons(batch) == ["", "C16"]
    got(corrected(batch, person, fen=25_000, reason="金额多写"))
    found = PaymentBatch.objects.get(number=batch.number)
    assert (found.declared_fen, found.received_fen) == (720_000, 720_000)
    correction = RowCorrection.objects.select_related("old", "new").get()
    assert (correction.old.fen, correction.new.fen, correction.reason, correction.by) == (
        700_000,
        25_000,
        "金额多写",
        MAKER.code,
    )


def test_it_reconciles_before_and_after_the_correction():
    good, person = holder(), holder("李四光")
    batch = judged([row(good), row(person, yuan="7000.00")])
    got(corrected(batch, person, fen=25_000, reason="金额多写"))
    (file,) = sent(funded(batch))
    answered(file, ["00", "00"])
    later = NOON + timedelta(days=1)
    found = reconciled([batch.id], later, today=later.date())[batch.id]
    assert found.differences == ()
    assert (found.roster, found.paid, found.held) == (Sum(2, 45_000), Sum(2, 45_000), Sum(0, 0))


def test_who_sends_back_or_withdraws_it_meets_no_row_that_was_corrected():
    batch, _, person = with_a_wrong_name()
    got(corrected(batch, person))
    with at(NOON, MAKER) as act:
        got(withdraw_batch(act, batch.number, scope=SCOPE))
    assert states(batch) == ["dropped", "replaced", "dropped"]


def test_a_row_held_for_its_card_and_corrected_is_due_once():
    lost = holder("王挂失", "2", "stopped")
    batch = judged([row(holder()), row(lost)])
    assert reasons(batch) == ["", "C13"]
    got(corrected(batch, lost, fen=21_000, reason="金额少写"))
    (file,) = sent(funded(batch))
    answered(file, ["00"])
    (told,) = rows_of(BATCH_COVERED)
    assert (told["due"], told["paid"]) == (2, 1)


def test_a_corrected_row_may_be_held_in_its_turn_and_corrected_again():
    batch, _, person = with_a_wrong_name()
    lost = holder("王挂失", "2", "stopped")
    held = got(corrected(batch, lost))
    assert (held.state.code, held.reason) == ("held", "C13")
    assert got(corrected(batch, person, line=held.line)).state.code == "valid"
    assert states(batch) == ["valid", "replaced", "replaced", "valid"]


def test_what_is_wrong_by_itself_is_refused_and_nothing_happens():
    batch, good, person = with_a_wrong_name()
    before = picture()
    for other, code in (
        ({"person": "610499199001010016"}, "benefit.correction"),
        ({"fen": 1}, "benefit.correction"),
        ({"name": ""}, "benefit.correction"),
        ({"name": "=1+1"}, "benefit.correction"),
        ({"basis": "许多"}, "benefit.correction"),
        ({"reason": " "}, "benefit.reason"),
        ({"line": 2}, "benefit.row"),
        ({"line": 99}, "benefit.row"),
        ({"by": DEPARTMENT}, "benefit.not_yours"),
        ({"person": good.number, "name": good.name}, "benefit.row_twice"),
    ):
        refused = corrected(batch, person, **other)
        assert isinstance(refused, Refused) and refused.code == code, other
    assert picture() == before and not RowCorrection.objects.exists()


def test_the_same_correction_twice_is_refused():
    batch, _, person = with_a_wrong_name()
    got(corrected(batch, person))
    again = corrected(batch, person)
    assert isinstance(again, Refused) and again.code == "benefit.row"
    assert Payment.objects.filter(batch_id=batch.id).count() == 3


def test_once_it_is_approved_nothing_is_corrected():
    batch, _, person = with_a_wrong_name()
    approved(batch)
    refused = corrected(batch, person)
    assert isinstance(refused, Refused) and refused.code == "benefit.not_waiting"


def test_the_public_list_has_changed_so_its_view_begins_anew():
    good, wrong = holder(), holder("李四光")
    rows = [(each.name, each.number, "2.00", "150.00") for each in (good, wrong)]
    batch = judged([rows[0], ("李四先", *rows[1][1:])], **LAND)
    with at(NOON, MAKER) as act:
        got(publish_batch(act, batch.number, scope=SCOPE))
    got(corrected(batch, wrong, basis="2.00", fen=15_000))
    found = PaymentBatch.objects.get(number=batch.number)
    assert (found.state, found.public_from, found.public_until) == ("judged", None, None)


def test_the_journal_refuses_correct_row_so_nothing_happened(journal_refuses):
    batch, _, person = with_a_wrong_name()
    before = picture()
    with journal_refuses(), at(NOON, MAKER) as act:
        correct_row(
            act,
            batch.number,
            line=3,
            name=person.name,
            person=person.number,
            basis="",
            fen=20_000,
            reason="姓名错字",
            scope=SCOPE,
        )
    assert picture() == before and not RowCorrection.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "at_field"),
    [
        ({"person": "61049919900307001"}, "person"),
        ({"name": "=1+1"}, "name"),
        ({"fen": 10_000_000}, "yuan"),
        ({"basis": "十三"}, "basis"),
    ],
)
def test_a_correction_that_is_wrong_itself_says_at_which_question(wrong, at_field):
    person = holder("李四光")
    batch = judged([row(holder()), row(person, name="李四先")])
    result = corrected(batch, person, **wrong)
    assert isinstance(result, Refused) and (result.code, result.at) == ("benefit.correction", at_field)


# --- left out -------------------------------------------------------------------------------------------------------


def leaves_out(batch, line, by=MAKER, reason="重复报送"):
    with at(NOON, by) as act:
        return drop_row(act, batch.number, line=line, reason=reason, scope=SCOPE)


def test_of_two_rows_of_one_person_the_one_that_stays_is_paid():
    person = holder()
    batch = judged([row(person), row(holder("李四光")), row(person, "300.00")])
    assert reasons(batch) == ["C08", "", "C08"]
    got(leaves_out(batch, 4))
    assert states(batch) == ["valid", "valid", "dropped"]
    (file,) = sent(funded(again(batch)))
    answered(file, ["00", "00"])
    assert states(batch) == ["paid", "paid", "dropped"]


def test_of_three_rows_of_one_person_two_are_left_out():
    person = holder()
    batch = judged([row(person), row(person), row(person)])
    got(leaves_out(batch, 2))
    assert states(batch) == ["dropped", "held", "held"]
    got(leaves_out(batch, 3))
    assert states(batch) == ["dropped", "dropped", "valid"]


def test_what_is_held_for_itself_stays_held_when_the_other_row_is_left_out():
    person = holder(state="2", bank="stopped")
    batch = judged([row(person), row(person)])
    got(leaves_out(batch, 3))
    assert (states(batch), reasons(batch)[0]) == (["held", "dropped"], "C13")


def test_public_view_begins_anew_when_somebody_becomes_payable():
    person = holder()
    rows = [(*row(each)[:2], "2.00", "150.00") for each in (person, holder("李四光"), person)]
    batch = judged(rows, **LAND)
    with at(NOON, MAKER) as act:
        got(publish_batch(act, batch.number, scope=SCOPE))
    got(leaves_out(batch, 4))
    assert (again(batch).state.code, again(batch).public_until) == ("judged", None)


def test_a_row_is_left_out_only_by_who_brought_it_and_only_while_it_is_held():
    batch = judged([row(holder()), row(holder("李四光"), "0.01")])
    before = picture()
    assert leaves_out(batch, 3, by=DEPARTMENT).code == "benefit.not_yours"
    assert leaves_out(batch, 2).code == "benefit.row"
    assert leaves_out(batch, 3, reason=" ").code == "benefit.reason"
    assert picture() == before


def test_the_journal_refuses_drop_row_so_nothing_happened(journal_refuses):
    person = holder()
    batch = judged([row(person), row(person)])
    before = picture()
    with journal_refuses(), at(NOON, MAKER) as act:
        drop_row(act, batch.number, line=3, reason="重复报送", scope=SCOPE)
    assert picture() == before
