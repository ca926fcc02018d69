"""A bank played: it moves money once, whatever is sent and however it answers."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benefits.bankfiles.made import ALL, COMMON, DAY, header, payment, written
from yikatong.benefits.bankfiles.exchange import read, read_statement
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.bankfiles.simulator import Bank, Mood

LINES = [payment(n) for n in range(1, 31)]
every_bank = pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.name)


def taken(profile, mood, *, seed=5, failing=300, unclear=0):
    bank = Bank(profile, failing=failing, unclear=unclear)
    return bank, bank.receive(written(profile, LINES), DAY, Random(seed), mood)


def told(profile, deliveries):
    """What all answers together say of each row."""
    said: dict[str, set[Result]] = {}
    for delivery in deliveries:
        for line in read(profile, delivery.content).lines:
            said.setdefault(line.row_id, set()).add(line.result)
    return said


@settings(max_examples=8)
@given(seed=st.integers(0, 50))
@pytest.mark.parametrize("mood", Mood)
@every_bank
def test_in_every_mood_the_answers_tell_who_was_paid_and_nobody_else(profile, mood, seed):
    bank, sent = taken(profile, mood, seed=seed)
    arrived = bank.credited()
    assert set(arrived.values()) <= {1}
    said = told(profile, sent.deliveries)
    assert set(said) == {line.row_id for line in LINES}
    assert all(len(results) == 1 for results in said.values())
    assert {row for row, results in said.items() if results == {Result.PAID}} == set(arrived)


@every_bank
def test_the_same_seed_gives_the_same_bank(profile):
    assert taken(profile, Mood.PARTIAL)[1] == taken(profile, Mood.PARTIAL)[1]


@every_bank
def test_a_file_that_comes_again_is_refused_and_moves_nothing(profile):
    bank, _ = taken(profile, Mood.PROMPT)
    before = bank.credited()
    for again in (written(profile, LINES), written(profile, LINES[:3])):
        (refused,) = bank.receive(again, DAY, Random(9)).deliveries
        assert read(profile, refused.content).verdict.result is Result.DUPLICATE
    assert bank.credited() == before


@every_bank
def test_a_file_that_did_not_come_whole_is_refused_and_moves_nothing(profile):
    content = written(profile, LINES)
    for size in range(0, len(content) - 4, 97):
        bank = Bank(profile)
        sent = bank.receive(content[:size], DAY, Random(1))
        assert bank.credited() == {}
        for delivery in sent.deliveries:
            assert read(profile, delivery.content).verdict.result is Result.FORMAT


def test_a_time_out_says_nothing_and_pays_all_the_same():
    bank, sent = taken(COMMON, Mood.TIMEOUT)
    assert not sent.acknowledged
    assert bank.credited()
    assert all(delivery.after >= timedelta(hours=1) for delivery in sent.deliveries)


def test_an_enquiry_tells_every_outcome_and_knows_what_never_came():
    bank, sent = taken(COMMON, Mood.TIMEOUT, unclear=400)
    asked = read(COMMON, bank.enquire(sent.number))
    assert asked.complete
    assert {line.row_id for line in asked.lines if line.result is Result.PAID} == set(bank.credited())
    assert bank.enquire("B999") is None


def test_unclear_outcomes_are_said_to_be_unknown_until_somebody_asks():
    bank, sent = taken(COMMON, Mood.PROMPT, unclear=400)
    answers = read(COMMON, sent.deliveries[0].content)
    unknown = [line for line in answers.lines if line.result is Result.UNKNOWN]
    assert 0 < len(unknown) < 30
    asked = {line.row_id: line.result for line in read(COMMON, bank.enquire(sent.number)).lines}
    assert all(asked[line.row_id] is not Result.UNKNOWN for line in unknown)


def test_moods_differ_in_what_they_send():
    partial = [read(COMMON, each.content) for each in taken(COMMON, Mood.PARTIAL)[1].deliveries]
    assert len(partial) == 2
    assert sum(len(each.lines) for each in partial) == 30
    once, again = taken(COMMON, Mood.REPEATED)[1].deliveries
    assert once.content == again.content
    assert once.name != again.name
    cut, whole = (read(COMMON, each.content) for each in taken(COMMON, Mood.TRUNCATED)[1].deliveries)
    assert not cut.complete
    assert whole.complete
    (shuffled,) = taken(COMMON, Mood.REORDERED)[1].deliveries
    rows = [line.row_id for line in read(COMMON, shuffled.content).lines]
    assert rows != sorted(rows)
    (late,) = taken(COMMON, Mood.DELAYED)[1].deliveries
    assert late.after > timedelta(hours=1)


@every_bank
def test_the_statement_holds_what_left_and_what_came_back_over_all_files(profile):
    bank = Bank(profile, failing=400)
    for number in ("B1", "B2"):
        bank.receive(written(profile, LINES, number=number), DAY, Random(number))
    statement = read_statement(profile, bank.statement(header(LINES).payer_account, DAY, 10**9))
    assert statement.complete
    assert {each.number for each in statement.bookings} == {"B1", "B2"}
    moved = sum(payment.fen * bank.credited()[payment.row_id] for payment in LINES)
    assert statement.closing_fen == 10**9 - moved
