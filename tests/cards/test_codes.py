"""代码表: every word of ours has a code or a reason, what is written is read, and an unknown code is never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cards.factories import (
    DESK,
    TODAY,
    acting,
    apply,
    asked,
    code,
    entries,
    in_making,
    match_file,
    matched,
    ready,
    received,
    reload,
    residents,
    return_file,
    return_row,
    states,
)
from yikatong.basics.ids import DocumentType
from yikatong.basics.refused import Refused
from yikatong.cards.codebook import agreements
from yikatong.cards.files import matching, opening
from yikatong.cards.files.codes import NEEDED, WORDS, CodeTable, Subject, code_maps, read_map
from yikatong.cards.files.frame import Parsed
from yikatong.cards.models import Batch, Order
from yikatong.cards.rows import FileReport
from yikatong.cards.rules import Mode, OrderKind
from yikatong.cards.services.bank import ask_accounts
from yikatong.cards.services.batch import assemble, release
from yikatong.cards.services.making import take_return_file
from yikatong.cards.services.match import send_to_match, take_match_answer
from yikatong.office import rulebook
from yikatong.office.models import Rule

TABLES = [
    pytest.param(table, id=f"{name}-{table.of}-{table.valid_from}")
    for name, each in code_maps().items()
    for table in each.tables
]


@pytest.mark.parametrize("table", TABLES)
def test_every_word_of_ours_has_a_code_or_a_written_reason(table: CodeTable):
    for ours in WORDS[table.of]:
        told = table.theirs(ours)
        if isinstance(told, Refused):
            assert table.without[ours].zh and table.without[ours].en
            assert len(told.zh) <= 120, "it stands on the order, which has room for so much"
        else:
            assert told


@pytest.mark.parametrize("table", TABLES)
def test_what_is_written_is_read(table: CodeTable):
    for ours, theirs in table.codes.items():
        read = table.ours(theirs)
        assert read is not None and table.theirs(read) == theirs
        assert read == ours or list(table.codes.values()).count(theirs) > 1, (
            "only a shared code means another word"
        )


@given(st.sampled_from([each.values[0] for each in TABLES]), st.text(max_size=4))
def test_a_code_nobody_agreed_on_means_nothing(table: CodeTable, theirs: str):
    assert (table.ours(theirs) is None) == (theirs not in table.codes.values())


def test_document_types_and_kinds_of_order_are_all_among_our_words():
    assert set(WORDS[Subject.DOCUMENT]) == {each.value for each in DocumentType}
    assert set(WORDS[Subject.ORDER_KIND]) == {each.value for each in OrderKind}


def test_every_map_has_the_tables_that_its_files_need():
    for each in code_maps().values():
        for of in NEEDED[each.counterpart]:
            assert each.table(of, date(2020, 1, 1)) is not None
            assert each.table(of, date(2019, 12, 31)) is None


MAP = """
title = "甲"
title_en = "A"
counterpart = "maker"
[[tables]]
of = "sex"
valid_from = 2020-01-01
assumed = true
codes = { 1 = "1", 2 = "2", 9 = "9" }
[[tables]]
of = "order_kind"
valid_from = 2020-01-01
assumed = true
codes = { new = "1", reissue = "2", exchange = "3" }
[[tables]]
of = "stage"
valid_from = 2020-01-01
assumed = true
codes = { bank = "B", making = "M" }
"""


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('reissue = "2", ', "", "one code or one reason"),
        ('reissue = "2"', 'lost = "2"', "one code or one reason"),
        ('making = "M"', 'making = "B"', "shared code"),
        ('making = "M" }', 'making = "M" }\nreads = { M = "bank" }', "shared code"),
        ("assumed = true", 'assumed = true\ndocument = "某文"', "names its document"),
        ('bank = "B"', 'bank = ""', "empty"),
        ('of = "stage"', 'of = "sex"', "one code or one reason"),
        (MAP[MAP.index('[[tables]]\nof = "stage"') :], "", "no table of stage"),
    ],
)
def test_a_map_that_is_not_whole_is_not_loaded(was, becomes, says):
    assert read_map("a", MAP).table(Subject.STAGE, TODAY) is not None
    with pytest.raises(ValueError, match=says):
        read_map("a", MAP.replace(was, becomes, 1))


def test_a_later_table_holds_from_its_own_day():
    later = """
[[tables]]
of = "stage"
valid_from = 2025-07-01
document = "某通知"
codes = { bank = "1", making = "2" }
"""
    each = read_map("a", MAP + later)
    assert each.table(Subject.STAGE, date(2025, 6, 30)).theirs("bank") == "B"
    assert each.table(Subject.STAGE, date(2025, 7, 1)).theirs("bank") == "1"


def agree(**maps: str) -> None:
    """The centre names these maps."""
    Rule.objects.filter(code="card.code_maps").update(
        value={"province": "province", "maker": "maker", "bank": "bank"}
        | {name.replace("_", "-"): value for name, value in maps.items()}
    )
    rulebook.forget()


def foreigner(order: Order) -> None:
    order.resident.document_type = DocumentType.FOREIGN_PERMANENT
    order.resident.save()


@pytest.mark.django_db
def test_the_province_is_written_to_in_its_own_codes(centre):
    person = residents(1)[0]
    apply(person)
    with acting(DESK) as act:
        send_to_match(act)
    parsed = matching.QUESTIONS.read(bytes(asked("province").content))
    assert isinstance(parsed, Parsed)
    row = parsed.rows[0]
    assert (row.document_code, row.sex, row.order_kind) == ("A", "1", "1")


@pytest.mark.django_db
def test_a_bank_with_codes_of_its_own_leaves_out_what_it_cannot_read_and_asks_the_rest(centre):
    agree(bank_102="bank_letters")
    plain, foreign = matched(2)
    foreigner(foreign)
    with acting(DESK) as act:
        assert ask_accounts(act) == 1
    parsed = opening.QUESTIONS.read(bytes(asked("bank-102").content))
    assert [row.order_number for row in parsed.rows] == [plain.number]
    [left] = reload([foreign])
    assert (left.state, left.asked, left.problem_code) == ("bank_opening", "", "code.document")
    assert "外国人永久居留" in left.problem_text and "商定" in left.problem_text
    assert entries("card.kept_out") == 1


@pytest.mark.django_db
def test_the_reason_is_told_once_and_goes_when_a_code_is_agreed(centre):
    agree(bank_102="bank_letters")
    [foreign] = matched(1)
    foreigner(foreign)
    for _ in range(2):
        with acting(DESK) as act:
            assert ask_accounts(act) == 0
    assert entries("card.kept_out") == 1
    agree()
    with acting(DESK) as act:
        assert ask_accounts(act) == 1
    [sent] = reload([foreign])
    assert (sent.problem_code, sent.problem_text) == ("", "")
    assert opening.QUESTIONS.read(bytes(asked("bank-102").content)).rows[0].document_code == "D"


@pytest.mark.django_db
def test_without_a_map_nothing_is_sent_and_every_order_says_so(centre):
    agree(province="no-such-map")
    order = apply(residents(1)[0])
    with acting(DESK) as act:
        assert send_to_match(act) == 0
    assert reload([order])[0].problem_code == "code.no_map"


@pytest.mark.django_db
def test_a_batch_leaves_out_what_the_maker_cannot_read(centre):
    agree(maker="no-such-map")
    [order] = ready(1)
    with acting(DESK) as act:
        assert code(assemble(act, mode=Mode.BATCH)) == "code.no_map"
    assert states([order]) == ["ready"]
    assert not Batch.objects.exists()


@pytest.mark.django_db
def test_codes_that_change_after_assembly_stop_the_release(centre):
    ready(1)
    with acting(DESK) as act:
        batch = assemble(act)
    agree(maker="no-such-map")
    with acting() as act:
        assert code(release(act, batch.number)) == "batch.changed"


@pytest.mark.django_db
def test_an_unknown_result_is_reported_with_its_row_and_moves_nothing(centre):
    applied = [apply(person) for person in residents(2)]
    with acting(DESK) as act:
        send_to_match(act)
        orders = reload(applied)
        content = match_file(orders, results=[("77", "说不清"), ("2", "")])
        report = take_match_answer(act, received("province", content))
    assert isinstance(report, FileReport)
    assert [(p.line, p.refused.code) for p in report.strangers] == [(3, "row.result_unknown")]
    assert (report.taken, report.failed, report.unfinished) == (0, 1, 1)
    assert states(orders) == ["checking", "problem"]
    assert reload(orders)[1].problem_text == "姓名与公安信息不一致", "our words where the sender has none"


@pytest.mark.django_db
def test_a_file_of_a_day_without_codes_is_rejected_as_a_whole(centre):
    orders = [apply(person) for person in residents(1)]
    with acting(DESK) as act:
        send_to_match(act)
        [order] = reload(orders)
        answer = matching.Answer(order.number, order.resident.number, "0", "", "E00000001")
        content = matching.ANSWERS.write("A1", date(2001, 1, 1), [answer], answers=order.asked)
        assert code(take_match_answer(act, received("province", content))) == "code.no_map"
    assert states(orders) == ["checking"]


@pytest.mark.django_db
def test_an_unknown_stage_of_failure_is_reported_and_moves_nothing(centre):
    batch, [order] = in_making(1)
    row = return_row(order, card_identifier="", failed_stage="仓库", failed_reason="丢失")
    with acting(DESK) as act:
        report = take_return_file(act, received("maker", return_file(batch.number, [row])))
    assert [(p.line, p.refused.code) for p in report.strangers] == [(3, "row.stage_unknown")]
    assert states([order]) == ["making"]


@pytest.mark.django_db
def test_the_maps_in_use_are_listed_with_those_who_write_in_them(centre):
    agree(bank_105="bank_letters")
    found = agreements(("province", "maker", "bank-102", "bank-103", "bank-105"), TODAY)
    assert {each.map.name: each.counterparts for each in found} == {
        "province": ("province",),
        "maker": ("maker",),
        "bank": ("bank-102", "bank-103"),
        "bank_letters": ("bank-105",),
    }
