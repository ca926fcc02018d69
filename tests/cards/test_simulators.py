"""The counterparts played: the same seed gives the same answer, failures come at their rate, steps may be repeated."""

from __future__ import annotations

from datetime import date

import pytest

from yikatong.basics.ids import AccountKind, card_number_valid, read_pan
from yikatong.basics.refused import Refused
from yikatong.cards.files import making, matching, opening, returns
from yikatong.cards.files.frame import Parsed
from yikatong.cards.files.returns import read_made
from yikatong.office.wires.simulators import bank, maker, province
from yikatong.office.wires.simulators.pipe import take_apart

DAY = date(2025, 3, 10)


def questions(how_many: int) -> bytes:
    rows = [
        (f"S{n:08d}0", "A", f"61049919900307{n:04d}", "林|小满", "1", "19900307", "new", "610402")
        for n in range(1, how_many + 1)
    ]
    return matching.QUESTIONS.write("F000000018", DAY, rows)


def accounts(how_many: int) -> bytes:
    rows = [
        (f"S{n:08d}0", "102", f"E{n:08d}", "A", f"61049919900307{n:04d}", "林小满", "1", "19900307", "", "")
        for n in range(1, how_many + 1)
    ]
    return opening.QUESTIONS.write("F000000018", DAY, rows)


def batch(how_many: int) -> bytes:
    rows = [
        (
            str(n),
            f"E{n:08d}",
            f"61049919900307{n:04d}",
            "林小满",
            "",
            "1",
            "01",
            "19900307",
            "申领",
            "",
            "102",
            bank.account("102", f"S{n:08d}0"),
            "20250310",
            "20350309",
            "610402",
            "61040000",
            "",
        )
        for n in range(1, how_many + 1)
    ]
    return making.MAKING.write("B000000018", DAY, rows)


def read(layout, content):
    parsed = layout.read(content)
    assert isinstance(parsed, Parsed), parsed
    return parsed


def test_the_province_answers_each_row_with_a_card_number_or_a_problem():
    parsed = read(matching.ANSWERS, province.answer(questions(2000), seed=1, problem_rate=0.1))
    assert parsed.answers == "F000000018"
    assert len(parsed.rows) == 2000
    good = [row for row in parsed.rows if row.result == "0"]
    assert all(card_number_valid(row.value) for row in good)
    assert len({row.value for row in good}) == len(good)
    assert all(row.text for row in parsed.rows)
    assert 1700 < len(good) < 1880


def test_the_bank_answers_each_row_with_a_valid_account_or_a_reason():
    parsed = read(opening.ANSWERS, bank.answer(accounts(1000), seed=1, failure_rate=0.1))
    good = [row for row in parsed.rows if row.result == "0"]
    assert all(read_pan(row.value, AccountKind.UNIONPAY_CARD) == row.value for row in good)
    assert len({row.value for row in good}) == len(good)
    assert 850 < len(good) < 950


def test_the_maker_returns_each_card_or_its_failure():
    parsed = read(returns.RETURNS, maker.answers(batch(1000), seed=1, failure_rate=0.1)[0])
    assert parsed.answers == "B000000018"
    good = [row for row in parsed.rows if not row.failed_stage]
    assert not any(isinstance(read_made(row), Refused) for row in good)
    assert len({row.card_identifier for row in good}) == len(good)
    assert all(row.failed_reason for row in parsed.rows if row.failed_stage)
    assert 850 < len(good) < 950


def test_consignments_together_are_the_batch():
    whole = read(returns.RETURNS, maker.answers(batch(7))[0]).rows
    parts = [read(returns.RETURNS, content) for content in maker.answers(batch(7), parts=3)]
    assert [row for part in parts for row in part.rows] == whole
    assert len({part.number for part in parts}) == 3
    assert len(maker.answers(batch(2), parts=5)) == 2


@pytest.mark.parametrize(
    "play",
    [
        lambda seed: province.answer(questions(500), seed=seed, problem_rate=0.2),
        lambda seed: bank.answer(accounts(500), seed=seed, failure_rate=0.2),
        lambda seed: maker.answers(batch(500), seed=seed, failure_rate=0.2)[0],
    ],
)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(play):
    assert play(1) == play(1)
    assert play(1) != play(2)


def test_a_torn_question_is_not_answered():
    with pytest.raises(ValueError, match=r"whole|unpack"):
        take_apart(questions(3)[:-20])


def test_a_step_answers_once_and_takes_the_question_away(tmp_path):
    out = tmp_path / "province" / "out"
    out.mkdir(parents=True)
    (out / "match-F000000018.txt").write_bytes(questions(3))
    (out / ".match-F2.txt.part").write_bytes(b"half")
    assert province.step(tmp_path, problem_rate=0) == 1
    assert province.step(tmp_path, problem_rate=0) == 0
    answer = tmp_path / "province" / "in" / "answer-match-F000000018.txt"
    assert len(read(matching.ANSWERS, answer.read_bytes()).rows) == 3
    assert (tmp_path / "province" / "taken" / "match-F000000018.txt").exists()


def test_a_bank_and_a_maker_answer_what_lies_there_for_them(tmp_path):
    for counterpart, name, content in (
        ("bank-102", "accounts-F1.txt", accounts(2)),
        ("maker", "making-B1.txt", batch(4)),
    ):
        (tmp_path / counterpart / "out").mkdir(parents=True)
        (tmp_path / counterpart / "out" / name).write_bytes(content)
    assert bank.step(tmp_path, "102") == 1
    assert bank.step(tmp_path, "103") == 0
    assert maker.step(tmp_path, parts=2) == 1
    assert {path.name for path in (tmp_path / "maker" / "in").iterdir()} == {
        "return-1-making-B1.txt",
        "return-2-making-B1.txt",
    }
