"""Line-wise files, delimited and of fixed width: what goes out, what comes back, and what is never cut or guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benefits.bankfiles.made import (
    ALL,
    COMMAS,
    COMMON,
    DAY,
    FIXED,
    answered,
    header,
    payment,
    payments,
    written,
)
from yikatong.basics.crypto import sm3
from yikatong.benefits.bankfiles.exchange import read, unfit, write
from yikatong.benefits.bankfiles.lines import NotWritten
from yikatong.benefits.bankfiles.results import Result, Step
from yikatong.benefits.bankfiles.simulator import Bank

TEXTS = [COMMON, FIXED, COMMAS]
three = [payment(1), payment(2, name="欧阳·买买提", fen=1), payment(3, name="单雄", fen=9_999_999)]


def named(profile):
    return profile.name


def codes(problems):
    return {problem.code for problem in problems}


# What goes out


def test_a_common_file_reads_as_agreed():
    lines = written(COMMON, three).decode().splitlines()
    assert (
        lines[0]
        == "H|B2025031001|CXJMYL|城乡居民养老保险|6100001234567890|某市社会保障基金财政专户|3|10014300|20250310"
    )
    assert lines[1] == "D|1|R00001|王小明|001X|6220001030000000001|103|14300|城乡居民养老金"
    body = "".join(line + "\n" for line in lines[:-1]).encode()
    assert lines[-1] == f"T|3|10014300|{sm3(body).hex()}"


def test_every_line_of_a_fixed_file_has_its_width_in_bytes():
    lines = written(FIXED, three).split(b"\r\n")
    widths = [
        sum(column.width for column in columns) for columns in (FIXED.payments.header, FIXED.payments.rows)
    ]
    assert len(lines[0]) == widths[0]
    assert {len(line) for line in lines[1:4]} == {widths[1]}
    assert lines[1][25:85].decode("gb18030").rstrip() == "王小明"
    assert lines[2][-74:-60] == b"00000000000001"  # noughts on the left of the amount


@pytest.mark.parametrize("profile", ALL, ids=named)
def test_the_same_payments_always_give_the_same_bytes(profile):
    assert written(profile, three) == written(profile, list(three))


def test_a_name_longer_than_the_banks_column_is_refused_and_not_cut():
    long = payment(2, name="阿卜杜拉·" * 7)
    told = write(FIXED, header([payment(1), long]), [payment(1), long])
    assert isinstance(told, NotWritten)
    assert [(problem.line, problem.code) for problem in told.problems] == [(2, "line.too_long")]
    assert "只有60字节" in told.problems[0].zh
    assert unfit(FIXED, [payment(1), long]) == told.problems
    assert unfit(COMMON, [payment(1), long]) == ()


def test_a_character_the_bank_has_not_is_refused_and_not_replaced():
    rare = payment(1, name="王𬭎")
    assert codes(unfit(COMMAS, [rare])) == {"line.character"}
    assert unfit(FIXED, [rare]) == unfit(COMMON, [rare]) == ()
    assert "𬭎".encode("gb18030") in written(FIXED, [rare])


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"name": "王|明"}, "line.separator"),
        ({"memo": "养老\n金"}, "line.control"),
        ({"name": "王\u202e明"}, "line.control"),
        ({"name": "王\ue000"}, "line.private_use"),
        ({"name": "  "}, "line.name"),
        ({"name": "王明 "}, "line.spaces"),
        ({"account": "6220 001"}, "line.account"),
        ({"account": ""}, "line.account"),
        ({"fen": 0}, "line.fen"),
        ({"fen": -1}, "line.fen"),
        ({"row_id": "R 1"}, "line.row"),
        ({"row_id": "R" * 17}, "line.row"),
        ({"id_tail": "12345"}, "line.id_tail"),
    ],
)
def test_a_payment_that_could_be_read_otherwise_is_refused(told, code):
    line = payment(1, **told)
    assert codes(unfit(COMMON, [line])) == {code}
    refused = write(COMMON, header([line]), [line])
    assert not refused
    assert code in codes(refused.problems)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"rows": 4}, "file.rows"),
        ({"total_fen": 1}, "file.total"),
        ({"number": ""}, "file.number"),
        ({"number": "B-1"}, "file.number"),
        ({"payer_account": ""}, "file.payer"),
        ({"payer_name": " "}, "file.payer"),
    ],
)
def test_a_file_that_does_not_add_up_is_not_written(told, code):
    assert codes(write(COMMON, header(three, **told), three).problems) == {code}


def test_a_row_twice_or_out_of_order_is_not_written():
    twice = [payment(1), payment(2, row_id="R00001")]
    assert codes(write(COMMON, header(twice), twice).problems) == {"line.repeated"}
    gap = [payment(1), payment(3)]
    assert codes(write(COMMON, header(gap), gap).problems) == {"line.sequence"}
    assert codes(write(COMMON, header([]), []).problems) == {"file.rows"}


# What comes back


@given(lines=payments(), seed=st.integers(0, 9))
@pytest.mark.parametrize("profile", [COMMON, FIXED], ids=named)
def test_what_is_written_and_answered_is_read_as_the_same_people_and_amounts(profile, lines, seed):
    answers = read(profile, answered(profile, lines, seed=seed))
    assert answers.complete
    assert answers.problems == ()
    assert (answers.number, answers.on, answers.verdict) == ("B2025031001", DAY, None)
    assert [(line.sequence, line.row_id, line.fen) for line in answers.lines] == [
        (line.sequence, line.row_id, line.fen) for line in lines
    ]


@given(lines=payments(rare=False))
def test_yuan_come_back_as_the_same_fen(lines):
    answers = read(COMMAS, answered(COMMAS, lines))
    assert answers.complete
    assert [line.fen for line in answers.lines] == [line.fen for line in lines]


def test_the_banks_own_words_stand_beside_our_code():
    lines = [payment(n) for n in range(1, 40)]
    answers = read(FIXED, answered(FIXED, lines, failing=500))
    paid = [line for line in answers.lines if line.result is Result.PAID]
    assert 0 < len(paid) < 39
    assert {line.bank_code for line in paid} == {"0000"}
    assert all(line.serial and line.at == datetime(2025, 3, 10, 10) for line in paid)
    failed = [line for line in answers.lines if line.result is not Result.PAID]
    assert all(FIXED.codes[line.bank_code] is line.result and line.bank_text for line in failed)
    assert all(line.result.step is not Step.NONE for line in failed)


@pytest.mark.parametrize("profile", TEXTS, ids=named)
def test_an_answer_cut_anywhere_is_known_to_be_cut_and_gives_no_wrong_line(profile):
    whole = answered(profile, three, failing=500)
    full = read(profile, whole)
    end = len(profile.answers.end_of_line)
    for size in range(len(whole) - end):
        cut = read(profile, whole[:size])
        assert not cut.complete, size
        assert cut.problems, size
        assert set(cut.lines) <= set(full.lines), size
    assert read(profile, whole[:-1]).lines in (full.lines, full.lines[:-1])


@pytest.mark.parametrize("profile", TEXTS, ids=named)
def test_one_changed_sign_never_passes_unseen(profile):
    whole = answered(profile, three, failing=500)
    random = Random(7)
    for place in range(len(whole)):
        sign = random.choice([b"0", b"7", b"x", b" ", b"\n"])
        if whole[place : place + 1] == sign or whole[place : place + 1] in (b"\r", b"\n"):
            continue
        changed = read(profile, whole[:place] + sign + whole[place + 1 :])
        assert changed.problems or _only_the_header_of(profile, whole, place), place


def _only_the_header_of(profile, whole, place):
    """A digest in the header covers what follows the header, not the header itself."""
    return not profile.answers.trailer and place < whole.index(b"\n")


@given(content=st.binary(max_size=400))
@pytest.mark.parametrize("profile", TEXTS, ids=named)
def test_any_bytes_at_all_are_read_without_a_crash(profile, content):
    answers = read(profile, content)
    assert answers.problems
    assert not answers.complete


@given(data=st.data())
@pytest.mark.parametrize("profile", TEXTS, ids=named)
def test_an_answer_with_bytes_thrown_in_is_read_without_a_crash(profile, data):
    whole = answered(profile, three)
    place = data.draw(st.integers(0, len(whole)))
    rubbish = data.draw(st.binary(min_size=1, max_size=8).filter(lambda b: b.strip() != b""))
    answers = read(profile, whole[:place] + rubbish + whole[place:])
    # A byte order mark before the first byte says nothing and is passed over.
    assert answers.problems or not profile.answers.trailer or answers == read(profile, whole)


def spoilt(change):
    """A common answer of three lines with one of them changed."""
    lines = answered(COMMON, three, failing=0).decode().splitlines()
    change(lines)
    return read(COMMON, "".join(line + "\n" for line in lines).encode())


def test_a_foreign_line_in_the_middle_leaves_the_others_and_is_told_with_its_place():
    answers = spoilt(lambda lines: lines.insert(2, "X|这不是我们的"))
    assert [line.row_id for line in answers.lines] == ["R00001", "R00002", "R00003"]
    assert (answers.problems[0].line, answers.problems[0].code) == (3, "line.width")
    assert {"file.rows", "file.digest"} <= codes(answers.problems)
    assert not answers.complete


def test_a_line_of_another_kind_is_foreign():
    answers = spoilt(lambda lines: lines.__setitem__(2, lines[2].replace("D|", "Z|", 1)))
    assert "line.foreign" in codes(answers.problems)
    assert [line.row_id for line in answers.lines] == ["R00001", "R00003"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("R00002", "R 2", "line.row"),
        ("|2|R00002|", "|zwei|R00002|", "line.sequence"),
        ("R00002|00|", "R00002||", "line.code"),
        ("|1\n", "|1.5\n", "line.amount"),
        ("|20250310100000|", "|20251310100000|", "line.time"),
    ],
)
def test_a_line_that_cannot_be_read_stays_open_and_blocks_nobody(old, new, code):
    whole = answered(COMMON, three, failing=0).decode()
    lines = whole.splitlines(keepends=True)
    lines[2] = lines[2].replace(old, new, 1)
    answers = read(COMMON, "".join(lines).encode())
    assert code in codes(answers.problems)
    assert [line.row_id for line in answers.lines] == ["R00001", "R00003"]


def test_a_code_nobody_agreed_on_is_held_as_other_with_the_banks_words():
    answers = spoilt(
        lambda lines: lines.__setitem__(1, lines[1].replace("|00|", "|77|").replace("已入账", "系统忙"))
    )
    assert answers.lines[0].result is Result.OTHER
    assert (answers.lines[0].bank_code, answers.lines[0].bank_text) == ("77", "系统忙")
    assert "code.unknown" in codes(answers.problems)
    assert Result.OTHER.step is Step.HOLD


def test_unknown_stays_unknown_until_the_bank_is_asked():
    answers = spoilt(lambda lines: lines.__setitem__(1, lines[1].replace("|00|", "|98|")))
    assert answers.lines[0].result is Result.UNKNOWN
    assert answers.lines[0].result.step is Step.ENQUIRE


def test_a_repeated_line_counts_once_and_is_told():
    answers = spoilt(lambda lines: lines.insert(2, lines[1]))
    assert [line.row_id for line in answers.lines] == ["R00001", "R00002", "R00003"]
    assert (answers.problems[0].line, answers.problems[0].code) == (3, "line.repeated")


def test_two_answers_that_contradict_each_other_are_believed_neither():
    answers = spoilt(lambda lines: lines.insert(2, lines[1].replace("|00|", "|04|")))
    assert answers.lines[0].result is Result.UNKNOWN
    assert "line.contradicts" in codes(answers.problems)


def test_lines_after_the_trailer_are_not_taken():
    answers = spoilt(lambda lines: lines.append(lines[1].replace("R00001", "R00009")))
    assert [line.row_id for line in answers.lines] == ["R00001", "R00002", "R00003"]
    assert "line.after_end" in codes(answers.problems)
    assert not answers.complete


def test_answers_in_another_order_are_the_same_answers():
    whole = answered(COMMON, three, failing=0).decode().splitlines()
    turned = [whole[0], *reversed(whole[1:4])]
    body = "".join(line + "\n" for line in turned).encode()
    count, total = whole[-1].split("|")[1:3]
    answers = read(COMMON, body + f"T|{count}|{total}|{sm3(body).hex()}\n".encode())
    assert answers.complete
    assert [line.row_id for line in answers.lines] == ["R00003", "R00002", "R00001"]


def test_a_file_refused_whole_says_why():
    bank = Bank(COMMON)
    content = written(COMMON, three)
    bank.receive(content, DAY, Random(1))
    (again,) = bank.receive(content, DAY, Random(1)).deliveries
    answers = read(COMMON, again.content)
    assert answers.verdict.result is Result.DUPLICATE
    assert answers.lines == ()
    assert answers.complete


def test_a_verdict_nobody_agreed_on_leaves_every_row_open():
    answers = spoilt(lambda lines: lines.__setitem__(0, lines[0][:-2] + "|55|稍后再试"))
    assert answers.verdict.result is Result.UNKNOWN
    assert "code.unknown" in codes(answers.problems)


def test_a_file_of_nothing_but_foreign_lines_tells_a_thousand_and_counts_the_rest():
    answers = read(COMMON, b"foreign\n" * 3_000)
    assert len(answers.problems) < 1_010
    assert "file.more" in codes(answers.problems)


def test_a_file_larger_than_agreed_is_not_read():
    answers = read(replace(COMMON, most_bytes=100), answered(COMMON, three))
    assert codes(answers.problems) == {"file.size"}
    assert answers.lines == ()
