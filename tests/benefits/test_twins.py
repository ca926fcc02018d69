"""Each service's twin: the journal refuses, so nothing happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.benefits.envelopes import (
    DEPARTMENT,
    FINANCE,
    HEAD,
    LAND,
    MAKER,
    PAYER,
    SCOPE,
    answer_text,
    answered,
    approved,
    digest,
    funded,
    granted,
    holder,
    judged,
    paying,
    picture,
    received,
    roster,
    row,
    sealed,
    sent,
    submitted,
)
from tests.cards.in_hand import NOON, at, got
from yikatong.benefits.models import Payment
from yikatong.benefits.services.answers import bring_answer, take_answer
from yikatong.benefits.services.approving import (
    approve_batch,
    fund_batch,
    grant_funds,
    publish_batch,
    stop_row,
)
from yikatong.benefits.services.judging import judge_again, judge_batch
from yikatong.benefits.services.mending import repair_row, return_to_treasury
from yikatong.benefits.services.paying import doubt_files, seal_files, send_file
from yikatong.benefits.services.submitting import send_batch_back, submit_roster, withdraw_batch

pytestmark = pytest.mark.usefixtures("city")
LATER = NOON + timedelta(days=40)


def land(person):
    return (person.name, person.number, "2.00", "150.00")


def test_the_journal_refuses_submit_roster_so_nothing_happened(journal_refuses):
    person = holder()
    before = picture()
    with journal_refuses(), at(NOON, MAKER) as act:
        submit_roster(
            act,
            programme="pension",
            period="2025-03",
            declared_rows=1,
            declared_fen=20_000,
            name="清册.csv",
            content=roster([row(person)], HEAD),
            scope=SCOPE,
        )
    assert picture() == before


def test_the_journal_refuses_judge_batch_so_nothing_happened(journal_refuses):
    batch = got(submitted([row(holder())]))
    before = picture()
    with journal_refuses(), at() as act:
        judge_batch(act, batch.number)
    assert picture() == before


def test_the_journal_refuses_judge_again_so_nothing_happened(journal_refuses):
    batch = judged([row(holder())])
    before = picture()
    with journal_refuses(), at(LATER) as act:
        judge_again(act, batch.number, scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_withdraw_batch_so_nothing_happened(journal_refuses):
    batch = judged([row(holder())])
    before = picture()
    with journal_refuses(), at(NOON, MAKER) as act:
        withdraw_batch(act, batch.number, scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_send_batch_back_so_nothing_happened(journal_refuses):
    batch = judged([row(holder())])
    before = picture()
    with journal_refuses(), at(NOON, DEPARTMENT) as act:
        send_batch_back(act, batch.number, reason="清册有误", scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_publish_batch_so_nothing_happened(journal_refuses):
    batch = judged([land(holder())], **LAND)
    before = picture()
    with journal_refuses(), at(NOON, MAKER) as act:
        publish_batch(act, batch.number, scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_stop_row_so_nothing_happened(journal_refuses):
    batch = judged([land(holder())], **LAND)
    with at(NOON, MAKER) as act:
        got(publish_batch(act, batch.number, scope=SCOPE))
    before = picture()
    with journal_refuses(), at(NOON, MAKER) as act:
        stop_row(act, batch.number, line=2, reason="土地已流转", scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_approve_batch_so_nothing_happened(journal_refuses):
    batch = judged([row(holder())])
    before = picture()
    with journal_refuses(), at(NOON, DEPARTMENT) as act:
        approve_batch(act, batch.number, digest=digest(batch), scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_grant_funds_so_nothing_happened(journal_refuses):
    before = picture()
    with journal_refuses(), at(NOON, PAYER) as act:
        grant_funds(act, programme="skills", fen=5, paper="1号")
    assert picture() == before


def test_the_journal_refuses_fund_batch_so_nothing_happened(journal_refuses):
    batch = approved(judged([row(holder())]))
    granted()
    before = picture()
    with journal_refuses(), at(NOON, FINANCE) as act:
        fund_batch(act, batch.number, digest=digest(batch), scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_seal_files_so_nothing_happened(journal_refuses):
    batch = funded([row(holder())])
    before = picture()
    with journal_refuses(), at(NOON, PAYER) as act:
        seal_files(act, batch.number, scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_send_file_so_nothing_happened(journal_refuses):
    (file,) = sealed(funded([row(holder())]))
    before = picture()
    with journal_refuses(), at(NOON, PAYER) as act:
        send_file(act, file.number, scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_doubt_files_so_nothing_happened(journal_refuses):
    sent(funded([row(holder())]))
    before = picture()
    with journal_refuses(), at(LATER) as act:
        doubt_files(act)
    assert picture() == before


def test_the_journal_refuses_take_answer_so_nothing_happened(journal_refuses):
    _batch, file = paying([holder()])
    answer = received(file, answer_text(file, ["00"]))
    before = picture()
    with journal_refuses(), at(LATER) as act:
        take_answer(act, answer)
    assert picture() == before


def test_the_journal_refuses_bring_answer_so_nothing_happened(journal_refuses):
    _batch, file = paying([holder()])
    content = answer_text(file, ["05"])
    before = picture()
    with journal_refuses(), at(LATER, PAYER) as act:
        bring_answer(act, bank_code=file.bank_code, name="回盘.txt", content=content)
    assert picture() == before


def test_the_journal_refuses_repair_row_so_nothing_happened(journal_refuses):
    batch, file = paying([holder()])
    answered(file, ["05"])
    before = picture()
    with journal_refuses(), at(LATER, PAYER) as act:
        repair_row(act, batch.number, line=2, how="本人已解挂", scope=SCOPE)
    assert picture() == before


def test_the_journal_refuses_return_to_treasury_so_nothing_happened(journal_refuses):
    batch, file = paying([holder()])
    answered(file, ["03"])
    assert Payment.objects.get().state == "failed"
    before = picture()
    with journal_refuses(), at(LATER, PAYER) as act:
        return_to_treasury(act, batch.number, scope=SCOPE)
    assert picture() == before
