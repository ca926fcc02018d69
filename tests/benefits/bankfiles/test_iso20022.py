"""ISO 20022: messages as the schema wants them, and status reports of any quality.

The schemas in `schemas/` are reduced to the elements used here, with the rules of the standard for each of them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.benefits.bankfiles.made import DAY, ISO, answered, header, payment, payments, written
from yikatong.benefits.bankfiles.exchange import read, unfit, write
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.bankfiles.simulator import Bank

three = [payment(1), payment(2, name="欧阳·买买提", fen=1), payment(3, name="单雄", fen=9_999_999)]


@cache
def schema(name):
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("schemas") / f"{name}.xsd"))


def conforms(name, content):
    """None, or what the schema says against it."""
    rules = schema(name)
    return None if rules.validate(etree.fromstring(content)) else str(rules.error_log)


def codes(problems):
    return {problem.code for problem in problems}


# What goes out


@given(lines=payments())
def test_every_payment_message_is_what_the_schema_wants(lines):
    assert conforms("pain.001.001.09", written(ISO, lines)) is None


def test_the_schema_of_these_tests_does_refuse():
    good = written(ISO, three).decode()
    for old, new in (
        ("<EndToEndId>R00001</EndToEndId>", ""),
        ("<NbOfTxs>3</NbOfTxs>", "<NbOfTxs>three</NbOfTxs>"),
        ("<Nm>王小明</Nm>", f"<Nm>{'王' * 141}</Nm>"),
        ('<InstdAmt Ccy="CNY">', "<InstdAmt>"),
        ("<Ustrd>城乡居民养老金</Ustrd>", "<Ustrd></Ustrd>"),
        ("<ReqdExctnDt>", "<PoolgAdjstmntDt/><ReqdExctnDt>"),
    ):
        assert old in good
        assert conforms("pain.001.001.09", good.replace(old, new, 1).encode()) is not None, old


def test_the_control_totals_are_those_of_the_rows():
    text = written(ISO, three).decode()
    assert text.count("<NbOfTxs>3</NbOfTxs><CtrlSum>100143.00</CtrlSum>") == 2
    assert '<InstdAmt Ccy="CNY">0.01</InstdAmt>' in text


def test_signs_of_the_markup_in_a_memo_do_no_harm():
    line = payment(1, memo="</Ustrd><Amt>&lt;1000")
    content = written(ISO, [line])
    assert conforms("pain.001.001.09", content) is None
    assert "&lt;/Ustrd&gt;&lt;Amt&gt;&amp;lt;1000" in content.decode()


def test_what_the_message_has_no_room_for_is_refused_and_not_cut():
    assert unfit(ISO, [payment(1, memo="养" * 140)]) == ()
    assert codes(unfit(ISO, [payment(1, memo="养" * 141)])) == {"line.too_long"}
    assert codes(unfit(ISO, [payment(1, memo="养\ufffe老")])) == {"line.control"}
    told = write(ISO, header(three, payer_name="某" * 141), three)
    assert [(each.line, each.code) for each in told.problems] == [(0, "line.too_long")]


# What comes back


@given(lines=payments(), seed=st.integers(0, 9))
def test_a_report_is_read_as_the_same_people_and_amounts(lines, seed):
    content = answered(ISO, lines, seed=seed)
    assert conforms("pain.002.001.10", content) is None
    answers = read(ISO, content)
    assert answers.problems == ()
    assert answers.complete
    assert (answers.number, answers.on, answers.verdict) == ("B2025031001", DAY, None)
    assert [(line.sequence, line.row_id, line.fen) for line in answers.lines] == [
        (line.sequence, line.row_id, line.fen) for line in lines
    ]


def test_reasons_become_our_codes():
    lines = [payment(n) for n in range(1, 60)]
    answers = read(ISO, answered(ISO, lines, failing=700))
    assert {line.bank_code for line in answers.lines if line.result is Result.PAID} == {"ACSC"}
    failed = [line for line in answers.lines if line.result is not Result.PAID]
    assert len({line.result for line in failed}) > 4
    assert all(ISO.codes[line.bank_code] is line.result and line.bank_text for line in failed)


def changed(old, new, *, lines=three, count=1, failing=0):
    text = answered(ISO, lines, failing=failing).decode()
    assert old in text, text
    return read(ISO, text.replace(old, new, count).encode())


@pytest.mark.parametrize("status", ["ACCP", "ACTC", "ACSP", "PDNG", "RCVD"])
def test_taken_is_not_paid(status):
    answers = changed("<TxSts>ACSC", f"<TxSts>{status}")
    assert answers.lines[0].result is Result.UNKNOWN
    assert not answers.complete  # the counts by status disagree


def test_a_rejection_without_a_reason_is_other():
    answers = changed("<TxSts>ACSC", "<TxSts>RJCT")
    assert answers.lines[0].result is Result.OTHER


def test_a_status_nobody_agreed_on_is_held_and_told():
    answers = changed("<TxSts>ACSC", "<TxSts>QQQQ")
    assert answers.lines[0].result is Result.OTHER
    assert "code.unknown" in codes(answers.problems)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<OrgnlEndToEndId>R00001<", "<OrgnlEndToEndId>R 1<", "line.row"),
        ("<OrgnlEndToEndId>R00001</OrgnlEndToEndId>", "", "line.row"),
        ("<TxSts>ACSC</TxSts>", "", "line.code"),
        ("<TxSts>ACSC</TxSts>", "<TxSts>ACSC</TxSts><TxSts>RJCT</TxSts>", "line.code"),
        ('Ccy="CNY">143.00', 'Ccy="USD">143.00', "line.amount"),
        ('Ccy="CNY">143.00', 'Ccy="CNY">143.001', "line.amount"),
        ('Ccy="CNY">143.00', 'Ccy="CNY">-143.00', "line.amount"),
        ("T10:00:00+08:00</AccptncDtTm>", "T99:00:00+08:00</AccptncDtTm>", "line.time"),
        ("<TxSts>ACSC</TxSts>", "<TxSts>ACSC</TxStatus>", "line.broken"),
        ("<TxSts>ACSC</TxSts>", "<TxSts>AC&SC</TxSts>", "line.broken"),
        ("<TxSts>ACSC</TxSts>", "<TxSts>ACSC", "line.broken"),
    ],
)
def test_a_record_that_cannot_be_read_stays_open_and_blocks_nobody(old, new, code):
    answers = changed(old, new)
    assert [line.row_id for line in answers.lines] == ["R00002", "R00003"]
    (told,) = [each for each in answers.problems if each.code == code]
    assert 15 < told.line <= 30
    assert not answers.complete or code != "line.broken"


def test_a_record_broken_at_its_very_beginning_leaves_the_others():
    answers = changed("<TxInfAndSts>", "<TxInf AndSts>", count=1)
    assert [line.row_id for line in answers.lines] == ["R00002", "R00003"]
    assert {"line.broken"} <= codes(answers.problems)


def test_something_foreign_between_the_records_is_told():
    answers = changed("<TxInfAndSts>", "<Advert>Buy</Advert><TxInfAndSts>")
    assert len(answers.lines) == 3
    assert codes(answers.problems) == {"line.foreign"}
    assert not answers.complete


def test_a_report_cut_anywhere_is_known_to_be_cut_and_gives_no_wrong_line():
    whole = answered(ISO, three, failing=500)
    full = read(ISO, whole)
    for size in range(len(whole)):
        cut = read(ISO, whole[:size])
        assert not cut.complete, size
        assert cut.problems, size
        assert set(cut.lines) <= set(full.lines), size


@given(content=st.binary(max_size=400))
def test_any_bytes_at_all_are_read_without_a_crash(content):
    answers = read(ISO, content)
    assert answers.problems
    assert not answers.complete


@given(data=st.data())
def test_a_report_with_bytes_thrown_in_is_read_without_a_crash_or_a_wrong_person(data):
    whole = answered(ISO, three)
    place = data.draw(st.integers(0, len(whole)))
    rubbish = data.draw(
        st.one_of(st.binary(min_size=1, max_size=8), st.text("<>/&\"'a ", min_size=1).map(str.encode))
    )
    answers = read(ISO, whole[:place] + rubbish + whole[place:])
    assert len(answers.lines) <= 3


BOMB = '<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FETCH = '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("forbidden", [BOMB, FETCH, '<!DOCTYPE Document SYSTEM "http://localhost/x.dtd">'])
def test_entities_and_document_types_are_not_taken(forbidden):
    answers = changed("<Document", f"{forbidden}<Document")
    assert answers.lines == ()
    assert "file.forbidden" in codes(answers.problems)
    assert not answers.complete


def test_nesting_without_end_is_not_followed():
    answers = changed("<TxInfAndSts>", "<TxInfAndSts>" + "<a>" * 100_000)
    assert "file.forbidden" in codes(answers.problems)


def prefixed(text):
    """The same message with every element in a prefix."""
    return re.sub(r"<(/?)(?=\w)", r"<\1n:", text).replace("xmlns=", "xmlns:n=")


def test_a_report_in_gb18030_with_prefixes_and_of_an_older_version_is_read_too():
    text = answered(ISO, three, failing=999).decode().replace("pain.002.001.10", "pain.002.001.03")
    answers = read(ISO, prefixed(text.replace("utf-8", "GB18030")).encode("gb18030"))
    assert answers.problems == ()
    assert answers.complete
    assert [line.row_id for line in answers.lines] == ["R00001", "R00002", "R00003"]
    assert all(line.bank_text in {each.zh for each in Result} for line in answers.lines)


def test_prefixes_do_not_hinder_going_on_after_a_break():
    text = prefixed(answered(ISO, three, failing=0).decode())
    answers = read(ISO, text.replace("<n:TxSts>ACSC</n:TxSts>", "<n:TxSts>ACSC", 1).encode())
    assert [line.row_id for line in answers.lines] == ["R00002", "R00003"]


def test_two_records_run_together_are_nobodys_answer():
    text = answered(ISO, three, failing=0).decode()
    together = re.sub(r"<TxSts>ACSC</TxSts>[^|]*?<OrgnlInstrId>2</OrgnlInstrId>", "", text, count=1)
    answers = read(ISO, together.encode())
    assert [line.row_id for line in answers.lines] == ["R00003"]
    assert {"line.row", "file.rows"} <= codes(answers.problems)


def test_a_coding_nobody_agreed_on_is_not_guessed():
    answers = changed("encoding='utf-8'", "encoding='big5'")
    assert answers.lines == ()
    assert "file.encoding" in codes(answers.problems)


def test_a_message_of_another_kind_is_not_an_answer():
    answers = changed("pain.002.001.10", "camt.053.001.08")
    assert "file.header" in codes(answers.problems)
    assert not answers.complete


def test_a_message_refused_whole_says_why():
    bank = Bank(ISO)
    content = written(ISO, three)
    bank.receive(content, DAY, Random(1))
    (again,) = bank.receive(content, DAY, Random(1)).deliveries
    assert conforms("pain.002.001.10", again.content) is None
    answers = read(ISO, again.content)
    assert (answers.verdict.result, answers.verdict.bank_code) == (Result.DUPLICATE, "AM05")
    assert answers.lines == ()


def test_settled_as_a_whole_holds_only_where_the_report_is_whole():
    whole = changed(
        "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>",
        "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>ACSC</GrpSts>",
    )
    assert whole.verdict.result is Result.PAID
    text = answered(ISO, three).decode().replace("</OrgnlMsgNmId>", "</OrgnlMsgNmId><GrpSts>ACSC</GrpSts>")
    cut = read(ISO, text[: text.rindex("<TxInfAndSts>")].encode())
    assert cut.verdict.result is Result.UNKNOWN
    assert [line.row_id for line in cut.lines] == ["R00001", "R00002"]


def test_a_report_larger_than_agreed_is_not_read():
    answers = read(replace(ISO, most_bytes=100), answered(ISO, three))
    assert codes(answers.problems) == {"file.size"}
