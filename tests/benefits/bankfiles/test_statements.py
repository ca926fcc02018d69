"""Statements of account, camt.053 and MT940: what moved, whether it adds up, and what nobody can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benefits.bankfiles.made import ALL, COMMON, DAY, FIXED, ISO, header, payment, payments, written
from tests.benefits.bankfiles.test_iso20022 import codes, conforms
from yikatong.benefits.bankfiles.exchange import read_statement
from yikatong.benefits.bankfiles.simulator import Bank

ACCOUNT = header([payment()]).payer_account
OPENING = 5_000_000
both = pytest.mark.parametrize("profile", [ISO, FIXED], ids=lambda profile: profile.name)


def stated(profile, lines=None, *, failing=500, seed=3):
    bank = Bank(profile, failing=failing)
    bank.receive(written(profile, lines or [payment(n) for n in (1, 2, 3, 4)]), DAY, Random(seed))
    return bank, bank.statement(ACCOUNT, DAY, OPENING)


@given(lines=payments(rare=False), seed=st.integers(0, 9))
@pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.name)
def test_what_moved_is_read_as_it_moved(profile, lines, seed):
    bank, content = stated(profile, lines, seed=seed)
    statement = read_statement(profile, content)
    assert statement.complete
    assert statement.problems == ()
    assert (statement.account, statement.opening_fen) == (ACCOUNT, OPENING)
    first, *returned = statement.bookings
    assert (first.number, first.row_id, first.fen) == ("B2025031001", "", -sum(line.fen for line in lines))
    assert not first.returned
    arrived = bank.credited()
    assert [(each.row_id, each.fen) for each in returned] == [
        (line.row_id, line.fen) for line in lines if not arrived[line.row_id]
    ]
    assert all(each.returned and each.number == "B2025031001" and each.on == DAY for each in returned)
    assert statement.closing_fen == OPENING - sum(line.fen for line in lines if arrived[line.row_id])


def test_the_played_statement_is_what_the_schema_wants():
    assert conforms("camt.053.001.08", stated(ISO)[1]) is None


@both
def test_a_statement_cut_anywhere_is_known_to_be_cut(profile):
    _, whole = stated(profile)
    full = read_statement(profile, whole)
    assert len(full.bookings) > 2
    # A last nought of the closing balance says nothing.
    last = whole.index(b",", whole.index(b":62F:")) if profile is FIXED else len(whole)
    for size in range(last):
        cut = read_statement(profile, whole[:size])
        assert not cut.complete, size
        assert cut.problems, size


@given(content=st.binary(max_size=400))
@both
def test_any_bytes_at_all_are_read_without_a_crash(profile, content):
    statement = read_statement(profile, content)
    assert statement.problems
    assert not statement.complete


@given(data=st.data())
@both
def test_a_statement_with_bytes_thrown_in_is_read_without_a_crash(profile, data):
    _, whole = stated(profile)
    place = data.draw(st.integers(0, len(whole)))
    rubbish = data.draw(st.binary(min_size=1, max_size=8))
    read_statement(profile, whole[:place] + rubbish + whole[place:])


def changed(profile, old, new):
    text = stated(profile)[1].decode(profile.statements.encoding)
    assert old in text, text
    return read_statement(profile, text.replace(old, new, 1).encode(profile.statements.encoding))


def test_a_statement_larger_than_agreed_is_not_read():
    for profile in (replace(ISO, most_bytes=50), replace(FIXED, most_bytes=50)):
        assert codes(read_statement(profile, stated(profile)[1]).problems) == {"file.size"}


# camt.053


def test_an_amount_that_was_changed_does_not_add_up():
    statement = changed(ISO, '<Amt Ccy="CNY">143.00', '<Amt Ccy="CNY">144.00')
    assert codes(statement.problems) == {"file.balance"}
    assert not statement.complete


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<Amt Ccy="CNY">572.00', '<Amt Ccy="USD">572.00'),
        ('<Amt Ccy="CNY">572.00', '<Amt Ccy="CNY">five'),
        ("<CdtDbtInd>DBIT", "<CdtDbtInd>BOTH"),
        ("<BookgDt>\n          <Dt>2025-03-10", "<BookgDt>\n          <Dt>2025-13-10"),
    ],
)
def test_an_entry_that_cannot_be_read_is_told_and_leaves_the_others(old, new):
    statement = changed(ISO, old, new)
    assert {"line.booking", "file.balance"} == codes(statement.problems)
    assert all(each.returned for each in statement.bookings)
    assert len(statement.bookings) > 1


def test_what_is_not_booked_yet_does_not_count():
    statement = changed(ISO, "<Cd>BOOK", "<Cd>PDNG")
    assert {"line.not_booked", "file.balance"} == codes(statement.problems)


def test_an_older_statement_writes_its_status_without_a_code():
    text = stated(ISO)[1].decode().replace("camt.053.001.08", "camt.053.001.02")
    text = text.replace("<Sts>\n          <Cd>BOOK</Cd>\n        </Sts>", "<Sts>BOOK</Sts>")
    statement = read_statement(ISO, text.encode())
    assert statement.complete
    assert statement.problems == ()


DETAILS = """<NtryDtls><TxDtls><Refs><EndToEndId>R1</EndToEndId></Refs><Amt Ccy="CNY">{one}</Amt></TxDtls>
<TxDtls><Refs><EndToEndId>R2</EndToEndId></Refs><Amt Ccy="CNY">{two}</Amt></TxDtls></NtryDtls>"""


def detailed(one, two):
    text = stated(ISO, failing=0)[1].decode()
    start, end = text.index("<NtryDtls>"), text.index("</NtryDtls>") + len("</NtryDtls>")
    return read_statement(ISO, (text[:start] + DETAILS.format(one=one, two=two) + text[end:]).encode())


def test_an_entry_that_names_its_payments_gives_one_booking_each():
    statement = detailed("500.00", "72.00")
    assert [(each.row_id, each.fen) for each in statement.bookings] == [("R1", -50_000), ("R2", -7_200)]
    assert statement.complete


def test_an_entry_whose_payments_do_not_add_up_stays_one_sum():
    statement = detailed("500.00", "71.00")
    assert [(each.row_id, each.fen) for each in statement.bookings] == [("", -57_200)]
    assert codes(statement.problems) == {"line.parts"}


def test_two_statements_in_one_file_are_told():
    text = stated(ISO)[1].decode()
    start, end = text.index("<Stmt>"), text.index("</Stmt>") + len("</Stmt>")
    statement = read_statement(ISO, (text[:end] + text[start:end] + text[end:]).encode())
    assert "file.several" in codes(statement.problems)
    assert not statement.complete


def test_a_count_that_disagrees_is_told():
    assert "file.rows" in codes(changed(ISO, "<NbOfNtries>", "<NbOfNtries>1").problems)


def test_a_report_is_no_statement():
    assert "file.header" in codes(changed(ISO, "camt.053.001.08", "pain.002.001.10").problems)


# MT940


def mt940(*lines, end="\r\n"):
    head = [":20:X", ":25:6100001234567890", ":28C:69/1", ":60F:C250310CNY100,00"]
    return read_statement(FIXED, "".join(line + end for line in [*head, *lines]).encode("gb18030"))


def test_a_movement_with_its_words_over_several_lines():
    statement = mt940(
        ":61:2503100310D12,5NTRFB1//BANKREF",
        "and more",
        ":86:/PREF/B1/EREF/R0",
        "0042/TEXT/养老金",
        ":62F:C250310CNY87,50",
        "-",
    )
    assert statement.problems == ()
    assert statement.complete
    (booking,) = statement.bookings
    assert (booking.number, booking.row_id, booking.fen, booking.serial) == (
        "B1",
        "R00042",
        -1_250,
        "BANKREF",
    )
    assert booking.on == date(2025, 3, 10)
    assert not booking.returned
    assert statement.closing_fen == 8_750


def test_reversals_turn_the_side_and_count_as_returned():
    statement = mt940(":61:250310RD1,00NTRFB1", ":61:250310RC0,40NTRFB1", ":62F:C250310CNY100,60")
    assert [(each.fen, each.returned) for each in statement.bookings] == [(100, True), (-40, True)]
    assert statement.complete


@pytest.mark.parametrize(
    "wrong", [":61:250310X1,00NTRFB1", ":61:251310D1,00NTRFB1", ":61:250310D1.00NTRFB1", ":61:"]
)
def test_a_movement_that_cannot_be_read_is_told_and_its_words_go_to_nobody(wrong):
    statement = mt940(":61:250310C1,00NTRFB1", wrong, ":86:/PREF/B1/EREF/R9", ":62F:C250310CNY100,00")
    assert [each.row_id for each in statement.bookings] == [""]
    assert {(each.line, each.code) for each in statement.problems} == {
        (6, "line.booking"),
        (0, "file.balance"),
    }


def test_a_line_that_is_no_field_and_bytes_that_are_no_text_are_told():
    assert "line.foreign" in codes(mt940(":99:what", ":62F:C250310CNY100,00").problems)
    content = b"hello\r\n:60F:C250310CNY1,00\r\n:86:\xff\xff\r\n:62F:C250310CNY1,00\r\n"
    assert codes(read_statement(FIXED, content).problems) == {"line.foreign", "line.encoding"}


def test_pages_follow_each_other_without_a_gap():
    one = (":62M:C250310CNY100,00", ":60M:C250310CNY100,00", ":61:250310C1,00NTRFB1", ":62F:C250310CNY101,00")
    assert mt940(*one).complete
    other = (one[0], ":60M:C250310CNY90,00", *one[2:])
    assert codes(mt940(*other).problems) == {"file.pages"}


def test_a_bank_without_statements_is_not_asked_for_one():
    silent = replace(COMMON, statements=None)
    with pytest.raises(ValueError, match="no statements"):
        read_statement(silent, b"")
    with pytest.raises(ValueError, match="no statements"):
        Bank(silent).statement(ACCOUNT, DAY, 0)
