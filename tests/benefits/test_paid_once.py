"""Paid once: files sealed for good, answers in any order and number, unknown outcomes held, one person mended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.benefits.envelopes import (
    LAND,
    PAYER,
    SCOPE,
    again,
    answer_text,
    answered,
    funded,
    holder,
    judged,
    ledger,
    paying,
    reasons,
    received,
    row,
    sealed,
    sent,
    states,
)
from tests.cards.in_hand import NOON, a_card, at, got, set_rule
from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.bankfiles.exchange import rows
from yikatong.benefits.bankfiles.lines import PaymentLine
from yikatong.benefits.banks import content_of, profile_of
from yikatong.benefits.leaving import Part
from yikatong.benefits.models import Answer, BankFile, FileLine, Payment
from yikatong.benefits.services.answers import bring_answer, take_answer
from yikatong.benefits.services.mending import repair_row, return_to_treasury
from yikatong.benefits.services.paying import doubt_files, seal_files, send_file
from yikatong.benefits.terms import payer
from yikatong.cards.models import Card
from yikatong.cards.rules import BANK, CARD
from yikatong.office import post
from yikatong.office.act import Actor
from yikatong.office.lifecycle import advance
from yikatong.residents.models import Resident

pytestmark = pytest.mark.usefixtures("city")
LATER = NOON + timedelta(days=40)


def code(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.code


def file_state() -> str:
    return BankFile.objects.latest("pk").state


# --- the file -----------------------------------------------------------------------------------------------------


def test_a_file_says_what_its_lines_say_and_is_sent_as_it_was_sealed():
    (file,) = sealed(funded([row(holder()), row(holder("李四光"))]))
    kept = BankFile.objects.get()
    assert sm3(kept.content) == bytes(kept.digest)
    assert FileLine.objects.count() == file.rows == 2
    with at(NOON, PAYER) as act:
        got(send_file(act, file.number, scope=SCOPE))
    assert bytes(post.WireFile.objects.get().content) == kept.content
    with at(NOON, PAYER) as act:
        assert code(send_file(act, file.number, scope=SCOPE)) == "benefit.file_not_waiting"


def test_nothing_is_sealed_twice():
    batch = funded([row(holder())])
    sealed(batch)
    with at(NOON, PAYER) as act:
        assert code(seal_files(act, batch.number, scope=SCOPE)) == "benefit.nothing_to_send"


def test_who_lost_the_card_or_died_after_the_approval_is_held_and_the_money_is_free_again():
    dead, lost, fine = holder("赵亡"), holder("李挂失"), holder("张三丰")
    batch = funded([row(dead), row(lost), row(fine)])
    Resident.objects.filter(pk=dead.pk).update(state="dead")
    card = Card.objects.get(resident=lost)
    advance(card, CARD, "report_formal_loss")
    (file,) = sealed(batch)
    assert (file.rows, states(batch), reasons(batch)) == (1, ["held", "held", "sent"], ["C05", "C13", ""])
    assert ledger() == {"budget": -100_000_000, "available": 99_980_000, "transit": 20_000}


def test_a_batch_of_which_nobody_is_left_is_settled():
    lost = holder("李挂失")
    batch = funded([row(lost)])
    advance(Card.objects.get(resident=lost), BANK, "report_bank_loss", field="bank_state")
    assert sealed(batch) == ()
    assert again(batch).state.code == "settled"
    assert ledger() == {"budget": -100_000_000, "available": 100_000_000}


def test_each_bank_has_its_own_file():
    one, other = holder(), holder("李四光")
    Card.objects.filter(resident=other).update(bank_code="103")
    files = sealed(funded([row(one), row(other)]))
    assert [(each.bank_code, each.rows) for each in files] == [("102", 1), ("103", 1)]


def test_who_has_no_bank_we_can_pay_through_is_held_and_nobody_else():
    one, other = holder(), holder("李四光")
    Card.objects.filter(resident=other).update(bank_code="999")
    batch = funded([row(one), row(other)])
    (file,) = sealed(batch)
    assert (file.rows, reasons(batch)) == (1, ["", "S02"])
    assert ledger()["transit"] == 20_000 and "blocked" not in ledger()


@pytest.mark.parametrize("bank", ["102", "402"])
def test_every_programme_can_be_paid_through_every_form_that_is_agreed(bank):
    day = NOON.date()
    line = PaymentLine(1, "1", "张三丰", "6220000000000000016", bank, 1, "补贴", "0016")
    profile = profile_of(bank, day)
    assert profile is not None
    part = Part(bank, 0, 1, 1, rows(profile, [line])[0])
    for programme in queries.programme_list():
        written = content_of(part, number="P000000018", programme=programme, payer=payer(day), on=day)
        assert isinstance(written, bytes), (programme.code, written)


def test_a_bank_whose_form_cannot_carry_our_head_is_told_before_anything_is_done():
    person = holder()
    Card.objects.filter(resident=person).update(bank_code="402")
    batch = funded([row(person)])
    set_rule("benefit.payer", {"name": "户名" * 60, "account": "61049900000000001"})
    with at(NOON, PAYER) as act:
        assert code(seal_files(act, batch.number, scope=SCOPE)) == "benefit.bank_form"
    assert again(batch).state.code == "funded" and states(batch) == ["valid"]


# --- answers ------------------------------------------------------------------------------------------------------


def test_the_same_answer_twice_changes_nothing():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "03"])
    before = ledger()
    report = answered(file, ["00", "03"], text="再报")
    assert (report.paid, report.failed, report.again) == (0, 0, 2)
    assert ledger() == before and states(batch) == ["paid", "failed"]


def test_the_same_bytes_are_not_even_taken():
    _batch, file = paying([holder()])
    content = answer_text(file, ["00"])
    with at(LATER, PAYER) as act:
        bring_answer(act, bank_code="102", name="a.txt", content=content)
    with at(LATER, PAYER) as act:
        assert code(bring_answer(act, bank_code="102", name="b.txt", content=content)) == "file.repeated"


def test_half_an_answer_leaves_the_other_half_with_the_bank():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, {2: "00"})
    assert (states(batch), file_state()) == (["sent", "paid"], "acknowledged")
    answered(file, {1: "00"})
    assert (states(batch), file_state(), again(batch).state.code) == (["paid", "paid"], "settled", "settled")


def test_strange_lines_are_named_and_stop_nobody():
    batch, file = paying([holder(), holder("李四光")])
    report = answered(file, ["00", "00"], more=["D|9|999999999|00|说明|20250311093000|S9|20000"])
    assert report.paid == 2 and [zh for _, zh, _ in report.problems] == ["不是这个文件里的行"]
    assert states(batch) == ["paid", "paid"] and Answer.objects.get().problem_rows == 1


def test_another_amount_than_was_sent_is_not_believed():
    batch, file = paying([holder()])
    line = FileLine.objects.get()
    report = answered(file, {}, more=[f"D|1|{line.payment_id}|00|说明|20250311093000|S9|19999"])
    assert report.paid == 0 and "金额" in report.problems[0][1]
    assert states(batch) == ["sent"]


def test_two_results_for_one_line_are_neither_believed():
    batch, file = paying([holder()])
    line = FileLine.objects.get()
    said = [f"D|1|{line.payment_id}|{result}|说明|20250311093000|S9|20000" for result in ("00", "03")]
    report = answered(file, {}, more=said)
    assert (report.paid, report.failed, states(batch)) == (0, 0, ["unknown"])


def test_what_was_settled_is_not_unsettled_by_a_later_answer():
    batch, file = paying([holder(), holder("李四光")])
    answered(file, {1: "00"})
    report = answered(file, {1: "03", 2: "00"})
    assert report.problems and states(batch) == ["paid", "paid"]


def test_what_is_unknown_is_never_sent_again_and_waits_for_the_bank():
    batch, file = paying([holder()])
    answered(file, ["98"])
    assert (states(batch), file_state()) == (["unknown"], "acknowledged")
    for when in (NOON, LATER):
        with at(when, PAYER) as act:
            assert code(seal_files(act, batch.number, scope=SCOPE)) == "benefit.nothing_to_send"
        with at(when, PAYER) as act:
            assert code(repair_row(act, batch.number, line=2, how="等不及了", scope=SCOPE)) == "benefit.row"
    assert ledger()["transit"] == 20_000
    answered(file, ["00"])
    assert states(batch) == ["paid"]


def test_a_file_without_an_answer_is_in_doubt_and_still_can_be_answered():
    batch, file = paying([holder()])
    with at(NOON + timedelta(hours=25)) as act:
        assert doubt_files(act) == 1
    assert file_state() == "in_doubt"
    with at(LATER, PAYER) as act:
        assert code(send_file(act, file.number, scope=SCOPE)) == "benefit.file_not_waiting"
    answered(file, ["00"])
    assert (states(batch), file_state()) == (["paid"], "settled")


def test_an_answer_to_nothing_we_sent_is_turned_away():
    _batch, file = paying([holder()])
    content = answer_text(file, ["00"]).replace(file.number.encode(), b"P99999999X")
    with at(LATER, Actor.system("benefits")) as act:
        assert code(take_answer(act, received(file, content))) == "benefit.answer_unreadable"


def test_a_truncated_answer_is_taken_as_far_as_it_goes():
    batch, file = paying([holder(), holder("李四光")])
    content = answer_text(file, ["00", "00"]).split(b"\n")
    with at(LATER, Actor.system("benefits")) as act:
        report = take_answer(act, received(file, b"\n".join(content[:2]) + b"\n"))
    assert not isinstance(report, Refused)
    assert (report.paid, report.complete, states(batch)) == (1, False, ["paid", "sent"])


# --- mended -------------------------------------------------------------------------------------------------------


def test_one_person_is_mended_and_paid_in_a_later_file_linked_to_the_first():
    first, other = holder(), holder("李四光")
    batch, file = paying([first, other])
    answered(file, ["00", "03"])
    with at(LATER, PAYER) as act:
        got(repair_row(act, batch.number, line=3, how="本人已换领新卡", scope=SCOPE))
    (later,) = sent(again(batch), LATER)
    assert (later.rows, later.sequence) == (1, 2)
    answered(later, ["00"])
    row_ = queries.payments(batch, 10)[1]
    assert [(each.file, each.result) for each in queries.attempts(row_.id)] == [
        (file.number, "03"),
        (later.number, "00"),
    ]
    assert again(batch).state.code == "settled"
    assert ledger() == {"budget": -100_000_000, "available": 99_960_000, "paid": 40_000}


def test_a_record_merged_since_the_approval_is_still_who_was_approved():
    first, other = holder(), holder("李四光")
    batch = funded([row(first), row(other)])
    survivor = holder()
    Resident.objects.filter(pk=first.pk).update(merged_into=survivor)
    (file,) = sent(batch)
    answered(file, ["03", "00"])
    with at(LATER, PAYER) as act:
        got(repair_row(act, batch.number, line=2, how="本人已换领新卡", scope=SCOPE))
    (later,) = sealed(again(batch), LATER)
    assert later.rows == 1


def test_nobody_is_paid_again_before_the_cause_is_mended():
    person = holder()
    batch, file = paying([person])
    answered(file, ["05"])
    card = Card.objects.get(resident=person)
    advance(card, CARD, "report_formal_loss")
    with at(LATER, PAYER) as act:
        refused = repair_row(act, batch.number, line=2, how="已处理", scope=SCOPE)
    assert code(refused) == "benefit.not_mended" and "正式挂失" in refused.zh
    advance(card, CARD, "end")
    a_card(person)
    with at(LATER, PAYER) as act:
        got(repair_row(act, batch.number, line=2, how="已补卡", scope=SCOPE))
    assert states(batch) == ["valid"]


def test_who_was_held_at_the_last_moment_is_paid_later_with_money_blocked_anew():
    lost, fine = holder("李挂失"), holder("张三丰")
    batch = funded([row(lost), row(fine)])
    card = Card.objects.get(resident=lost)
    advance(card, BANK, "report_bank_loss", field="bank_state")
    sent(batch)
    advance(card, BANK, "release_bank_loss", field="bank_state")
    with at(LATER, PAYER) as act:
        got(repair_row(act, batch.number, line=2, how="本人已解挂", scope=SCOPE))
    assert ledger()["blocked"] == 20_000
    (later,) = sent(again(batch), LATER)
    assert later.rows == 1 and states(batch) == ["sent", "sent"]


def test_money_goes_back_to_the_treasury_only_after_the_days_of_the_programme():
    batch, file = paying([holder()])
    answered(file, ["03"])
    with at(NOON + timedelta(days=20), PAYER) as act:
        assert code(return_to_treasury(act, batch.number, scope=SCOPE)) == "benefit.nothing_to_return"
    with at(LATER, PAYER) as act:
        got(return_to_treasury(act, batch.number, scope=SCOPE))
    assert (states(batch), again(batch).state.code) == (["returned"], "settled")
    assert ledger() == {"budget": -99_980_000, "available": 99_980_000}


# --- held by the database -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE benefits_payment SET fen = 1",
        "UPDATE benefits_payment SET period = '2025-04'",
        "DELETE FROM benefits_payment",
        "UPDATE benefits_bankfile SET fen = 1",
        "UPDATE benefits_bankfile SET digest = ''",
        "DELETE FROM benefits_bankfile",
        "UPDATE benefits_fileline SET fen = 1",
        "UPDATE benefits_fileline SET result = '03'",
        "DELETE FROM benefits_fileline",
        "UPDATE benefits_posting SET fen = 1",
        "DELETE FROM benefits_posting",
        "UPDATE benefits_paymentbatch SET digest = ''",
        "UPDATE benefits_paymentbatch SET finance_by = 'staff:9'",
        "UPDATE benefits_paymentbatch SET declared_fen = 1",
        "INSERT INTO benefits_fileline (file_id, sequence, payment_id, card_id, fen, result, bank_result, bank_text, "
        "bank_serial) SELECT file_id, 9, payment_id, card_id, fen, '03', '', '', '' FROM benefits_fileline",
        "INSERT INTO benefits_posting (programme, off, onto, fen, at, act, paper) "
        "VALUES ('skills', 'nowhere', 'paid', 5, '2025-01-01', gen_random_uuid(), '')",
        "INSERT INTO benefits_posting (programme, off, onto, fen, at, act, paper) "
        "VALUES ('skills', 'paid', 'paid', 5, '2025-01-01', gen_random_uuid(), '')",
        "INSERT INTO benefits_posting (programme, off, onto, fen, at, act, paper) "
        "VALUES ('skills', 'blocked', 'paid', -5, '2025-01-01', gen_random_uuid(), '')",
        "INSERT INTO benefits_posting (programme, off, onto, fen, at, act, paper) "
        "VALUES ('skills', 'available', 'paid', 100000000, '2025-01-01', gen_random_uuid(), '')",
    ],
)
def test_not_even_sql_changes_what_was_paid(statement):
    _batch, file = paying([holder(), holder("李四光")])
    answered(file, ["00", "00"])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_not_even_sql_pays_a_person_twice_for_a_period():
    batch, _file = paying([holder()])
    with pytest.raises(IntegrityError, match="payment_person_once_a_period"), transaction.atomic():
        row_ = Payment.objects.get()
        row_.pk, row_.line, row_.state = None, 3, "valid"
        row_.save(force_insert=True)
    with (
        pytest.raises(IntegrityError, match="fileline_one_attempt"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO benefits_fileline (file_id, sequence, payment_id, card_id, fen, result, bank_result, "
            "bank_text, bank_serial) SELECT file_id, 9, payment_id, card_id, fen, '', '', '', '' "
            "FROM benefits_fileline"
        )
    assert states(batch) == ["sent"]


def test_not_even_sql_lets_one_person_take_two_steps():
    batch = judged([(*row(holder())[:2], "2.00", "150.00")], **LAND)
    with (
        pytest.raises(IntegrityError, match="department_is_not_maker"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE benefits_paymentbatch SET department_by = maker WHERE id = %s", [batch.id])
