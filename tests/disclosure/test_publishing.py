"""A budget document's way to the public: three people, one digest, and what was published stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import Error, connection, transaction

from tests.disclosure.desk import (
    DIRECTOR,
    EDITOR,
    REVIEWER,
    approved,
    at,
    digest_of,
    do,
    drafted,
    good,
    opened,
    prepared,
    published,
    reviewed,
)
from tests.indicators.happenings import moment, open_city
from yikatong.basics.kinds import sentence
from yikatong.basics.refused import Refused
from yikatong.disclosure import documents, services
from yikatong.disclosure.audit.region import region
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.models import BudgetDocument, BudgetLine, BudgetVersion
from yikatong.disclosure.rules import VERSION, deadline
from yikatong.office.kinds import all_kinds
from yikatong.office.models import Entry

TODAY = date(2025, 3, 10)


@pytest.fixture(autouse=True)
def centre(db):
    open_city()


def stands(row) -> str:
    return BudgetVersion.objects.get(pk=row.id).state


def told() -> list[str]:
    """The journal of the documents, as people read it."""
    kinds = all_kinds()
    return [
        sentence(kinds[each.kind], actor=each.actor_name, payload=each.payload)
        for each in Entry.objects.filter(kind__startswith="disclosure.").order_by("id")
    ]


def test_three_people_bring_a_budget_before_the_public_and_the_journal_tells_of_each_step():
    row = published()
    assert row.state.code == "published"
    assert (row.prepared.name, row.reviewed.name, row.approved.name) == ("编制人", "审核人", "批准人")
    assert row.digest == digest_of(row)
    said = told()
    assert said[0].startswith(
        "编制人 新建 咸阳市社会保障卡管理服务中心 2025 年公开文本（SN15，批复 2025-03-03）"
    )
    assert [each.split(" ")[1] for each in said[1:]] == [
        "导入", "填写", "将", "审核通过", "批准", "公布",
    ]  # fmt: skip
    assert said[-1].endswith(f"公布日期 2025-03-10（SM3 {row.digest}）")
    assert [each.id for each in documents.published(TODAY)] == [row.id]


def test_what_was_taken_in_comes_out_again_line_by_line():
    row = drafted()
    book = documents.ledger_of(row.id)
    assert book == replace(ledger("xianyang_2025"), goals=None)
    assert row.file_name == "xianyang_2025.csv"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": "4"}, "document.code"),
        ({"parent_name": " "}, "document.name"),
        ({"year": 2027}, "document.year"),
        ({"family": "XX"}, "document.family"),
        ({"replied_on": date(2025, 3, 11)}, "document.replied_on"),
    ],
)
def test_a_document_is_opened_with_what_it_needs(changes, code):
    asked = {
        "unit": "402015", "unit_name": "某中心", "parent": "402", "parent_name": "某局", "year": 2025, "family": "SN15",
        "replied_on": date(2025, 3, 3),
    }  # fmt: skip
    refused = do(services.open_document, EDITOR, **{**asked, **changes})
    assert (refused.code, refused.at) == (code, next(iter(changes)))
    assert not BudgetVersion.objects.exists()


def test_a_unit_has_one_budget_document_a_year():
    opened()
    book = ledger("xianyang_2025")
    again = do(
        services.open_document, REVIEWER, unit=book.unit, unit_name=book.unit_name, parent=book.parent,
        parent_name=book.parent_name, year=2025, family="N8", replied_on=date(2025, 3, 3),
    )  # fmt: skip
    assert again.code == "document.known"


def test_lines_of_another_year_or_unit_are_not_taken_in():
    row, lines = opened(), ledger("xianyang_2025").lines
    for other in (replace(lines[3], year=2024), replace(lines[3], unit="402006")):
        refused = do(services.take_lines, EDITOR, row.id, lines=[*lines, other], file_name="x.csv")
        assert refused.code == "lines.stranger"
        assert lines[3].function in refused.zh
    assert (
        do(
            services.take_lines,
            EDITOR,
            row.id,
            lines=[replace(lines[3], project="长" * 121)],
            file_name="x.csv",
        ).code
        == "lines.project"
    )
    assert not BudgetLine.objects.exists()


def test_lines_taken_in_again_replace_the_ones_before():
    row, lines = drafted(), ledger("xianyang_2025").lines
    good(do(services.take_lines, EDITOR, row.id, lines=lines[:3], file_name="again.csv"))
    assert documents.ledger_of(row.id).lines == lines[:3]


def test_words_given_empty_are_taken_away_and_others_stay():
    row = drafted()
    do(
        services.give_words,
        EDITOR,
        row.id,
        reasons={"总体": "", "301": " 工资调整 "},
        facts_told={},
        remarks={},
    )
    reasons = documents.ledger_of(row.id).reasons
    assert "总体" not in reasons
    assert reasons["301"] == "工资调整"
    assert reasons["302"] == "项目支出压减"


def test_only_of_an_office_is_there_money_to_run_one_and_a_correction_knows_it_still():
    row = drafted()
    none: dict[str, dict[str, str]] = {"reasons": {}, "facts_told": {}, "remarks": {}}
    running = region(item="机关运行")
    assert documents.ledger_of(row.id).fen(running) == 0
    do(services.give_words, EDITOR, row.id, administrative=True, **none)
    do(services.give_words, EDITOR, row.id, **none)
    assert documents.ledger_of(row.id).fen(running) > 0
    new = do(services.open_correction, EDITOR, published(row).id, reason="更正")
    assert documents.ledger_of(new.id).fen(running) > 0


def test_words_are_one_line_of_a_sensible_length():
    row = drafted()
    for words, code in (("字" * 301, "words.long"), ("一\n二", "words.break")):
        refused = do(services.give_words, EDITOR, row.id, reasons={"总体": words}, facts_told={}, remarks={})
        assert (refused.code, refused.at) == (code, "reason:总体")


def test_a_version_without_lines_with_gaps_or_with_errors_is_not_put_up_for_review():
    row = opened()
    assert do(services.prepare_version, EDITOR, row.id, digest="").code == "version.no_lines"
    book = ledger("xianyang_2025")
    do(services.take_lines, EDITOR, row.id, lines=book.lines, file_name="x.csv")
    refused = do(services.prepare_version, EDITOR, row.id, digest=digest_of(row))
    assert refused.code == "version.gaps"
    assert "11 处文字" in refused.zh and "总体增加的原因" in refused.zh
    wrong = {**book.reasons, "总体": "人员经费较上年增加12.50万元"}
    do(services.give_words, EDITOR, row.id, reasons=wrong, facts_told={}, remarks=book.remarks)
    refused = do(services.prepare_version, EDITOR, row.id, digest=digest_of(row))
    assert refused.code == "version.errors"
    assert "17.53万元" in refused.zh
    assert stands(row) == "drafting"


def test_a_line_for_which_the_family_has_no_place_keeps_it_back():
    row, lines = opened(), ledger("xianyang_2025").lines
    do(services.take_lines, EDITOR, row.id, lines=[replace(lines[0], function="2990101")], file_name="x.csv")
    assert do(services.prepare_version, EDITOR, row.id, digest="").code == "disclosure.no_place"


def test_what_is_put_up_for_review_is_what_the_page_showed():
    row = drafted()
    seen = digest_of(row)
    do(services.give_words, EDITOR, row.id, reasons={"总体": "人员增加"}, facts_told={}, remarks={})
    assert do(services.prepare_version, EDITOR, row.id, digest=seen).code == "version.changed"


def test_the_day_of_the_reply_can_be_put_right_while_the_version_is_drafted():
    row = good(do(services.correct_reply, EDITOR, drafted().id, replied_on=date(2025, 3, 5), reply="2号"))
    assert (row.replied_on, row.reply, row.due.last_on) == (date(2025, 3, 5), "2号", date(2025, 3, 25))
    assert told()[-1].endswith("的批复：2025-03-03 改为 2025-03-05")
    later = do(services.correct_reply, EDITOR, row.id, replied_on=date(2025, 3, 11))
    assert later.code == "document.replied_on"
    row = prepared(row)
    assert do(services.correct_reply, EDITOR, row.id, replied_on=date(2025, 3, 4)).code == "version.elsewhere"


# --- three people -----------------------------------------------------------------------------------------------------


def test_nobody_takes_two_of_the_three_steps():
    row = prepared()
    assert do(services.review_version, EDITOR, row.id, digest=row.digest).code == "version.same_person"
    row = good(do(services.review_version, REVIEWER, row.id, digest=row.digest))
    for actor in (EDITOR, REVIEWER):
        assert do(services.approve_version, actor, row.id, digest=row.digest).code == "version.same_person"
    assert stands(row) == "reviewed"


@pytest.mark.parametrize(
    ("made", "columns"),
    [
        (prepared, {"reviewed_by": "staff:911"}),
        (reviewed, {"approved_by": "staff:911"}),
        (reviewed, {"approved_by": "staff:912"}),
        (approved, {"reviewed_by": ""}),
        (approved, {"approved_by": ""}),
    ],
)
def test_not_even_raw_sql_lets_one_person_be_two(made, columns):
    row = made()
    with pytest.raises(Error, match="budget_version"), transaction.atomic():
        BudgetVersion.objects.filter(pk=row.id).update(**columns)


# --- what is approved is what is published ----------------------------------------------------------------------------


@pytest.mark.parametrize("made", [prepared, reviewed, approved, published])
def test_from_being_prepared_on_neither_lines_nor_words_can_change(made):
    row = made()
    lines = BudgetLine.objects.filter(version=row.id)
    changes = (
        lambda: lines.filter(place=1).update(amount_fen=1),
        lambda: lines.filter(place=1).delete(),
        lambda: BudgetLine.objects.create(
            version_id=row.id, place=99, function="2080150", economic="30101", government="50501", category="人员",
            fund="一般公共预算", phase="年初", carry="本年", amount_fen=1,
        ),
        lambda: BudgetVersion.objects.filter(pk=row.id).update(reasons={}),
        lambda: BudgetVersion.objects.filter(pk=row.id).update(administrative=True),
        lambda: BudgetVersion.objects.filter(pk=row.id).update(digest=b"x"),
        lambda: BudgetVersion.objects.filter(pk=row.id).delete(),
    )  # fmt: skip
    for change in changes:
        with pytest.raises(Error), transaction.atomic():
            change()
    refused = do(services.take_lines, EDITOR, row.id, lines=[], file_name="")
    assert refused.code == "version.elsewhere"
    assert digest_of(row) == row.digest


def test_a_line_that_was_changed_past_the_database_is_seen_before_it_is_published():
    row = approved()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE disclosure_budgetline SET amount_fen = 1 WHERE version_id = %s AND place = 1", [row.id]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    refused = do(services.publish_version, EDITOR, row.id, digest=row.digest, published_on=date(2025, 3, 10))
    assert refused.code == "version.changed"
    assert stands(row) == "approved"


@pytest.mark.parametrize("service", ["review_version", "approve_version"])
def test_whoever_decides_names_what_they_saw(service):
    row = prepared() if service == "review_version" else reviewed()
    assert do(getattr(services, service), DIRECTOR, row.id, digest="00" * 32).code == "version.changed"


def test_it_is_published_between_the_reply_and_today():
    row = approved()
    for day in (date(2025, 3, 2), date(2025, 3, 11)):
        refused = do(services.publish_version, EDITOR, row.id, digest=row.digest, published_on=day)
        assert (refused.code, refused.at) == ("version.published_on", "published_on")


# --- back, away, and corrected ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [prepared, reviewed, approved])
def test_a_version_sent_back_says_why_and_goes_the_whole_way_again(made):
    row = good(do(services.send_version_back, DIRECTOR, made().id, note="上年数请再核对"))
    assert (row.state.code, row.note, row.noted_name, row.digest) == (
        "drafting",
        "上年数请再核对",
        "批准人",
        "",
    )
    assert row.prepared.code == row.reviewed.code == row.approved.code == ""
    again = published(row)
    assert again.note == ""


def test_a_note_is_needed_to_send_back_or_to_withdraw():
    row = prepared()
    for service in (services.send_version_back, services.withdraw_version):
        assert do(service, DIRECTOR, row.id, note=" ").code == "note.missing"


def test_a_published_version_is_neither_sent_back_nor_withdrawn():
    row = published()
    for service in (services.send_version_back, services.withdraw_version):
        assert do(service, DIRECTOR, row.id, note="不行").code == "version.elsewhere"
    assert do(services.withdraw_version, DIRECTOR, 0, note="没有").code == "version.unknown"


def test_a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays():
    old = published()
    assert do(services.open_correction, EDITOR, old.id, reason="").code == "note.missing"
    new = good(do(services.open_correction, EDITOR, old.id, reason="表12漏列一个项目"))
    assert (new.number, new.reason, new.state.code) == (2, "表12漏列一个项目", "drafting")
    assert documents.ledger_of(new.id) == documents.ledger_of(old.id)
    assert do(services.open_correction, EDITOR, old.id, reason="再来").code == "version.not_newest"
    assert documents.published(TODAY)[0].id == old.id
    new = published(new)
    assert documents.published(TODAY)[0].id == new.id
    assert [each.number for each in documents.published_versions("402015", 2025, "budget", TODAY)] == [2, 1]
    assert stands(old) == "published"


def test_a_withdrawn_version_can_be_taken_up_again_as_a_new_one():
    row = good(do(services.withdraw_version, EDITOR, drafted().id, note="模板选错"))
    assert do(services.open_correction, EDITOR, row.id, reason="重新编制").number == 2


def test_there_is_one_open_version_at_a_time():
    row = drafted()
    assert do(services.open_correction, EDITOR, row.id, reason="更正").code == "version.elsewhere"
    with pytest.raises(Error, match="budget_version_one_open"), transaction.atomic():
        BudgetVersion.objects.create(
            document_id=row.document, number=2, reason="又一版", state_since=moment("2025-03-10"), made_by="x"
        )


# --- by when ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "published_on", "days", "near", "late"),
    [
        (date(2025, 3, 10), None, 13, False, False),
        (date(2025, 3, 18), None, 5, True, False),
        (date(2025, 3, 23), None, 0, True, False),
        (date(2025, 3, 24), None, -1, False, True),
        (date(2025, 4, 24), date(2025, 3, 23), 0, False, False),
        (date(2025, 4, 24), date(2025, 3, 25), -2, False, True),
    ],
)
def test_a_budget_is_public_within_twenty_days_of_the_reply(today, published_on, days, near, late):
    due = deadline(date(2025, 3, 3), 20, 5, today, published_on)
    assert (due.last_on, due.days, due.near, due.late) == (date(2025, 3, 23), days, near, late)


def test_what_presses_is_told_soonest_first_and_no_more_once_it_is_public():
    row = drafted()
    opened("xinzhou_2024", "SX13", replied_on=date(2025, 3, 1))
    assert documents.pressing(date(2025, 3, 10)) == ()
    assert [each.due.days for each in documents.pressing(date(2025, 3, 19))] == [2, 4]
    published(row)
    assert [each.unit for each in documents.pressing(date(2025, 3, 30))] == ["999015"]


# --- twins ------------------------------------------------------------------------------------------------------------

BOOK = ledger("xianyang_2025")
STEPS = {
    "take_lines": (drafted, EDITOR, lambda row: {"lines": BOOK.lines[:1], "file_name": "x.csv"}),
    "correct_reply": (drafted, EDITOR, lambda row: {"replied_on": date(2025, 3, 4)}),
    "give_words": (drafted, EDITOR, lambda row: {"reasons": {"总体": "x"}, "facts_told": {}, "remarks": {}}),
    "prepare_version": (drafted, EDITOR, lambda row: {"digest": digest_of(row)}),
    "review_version": (prepared, REVIEWER, lambda row: {"digest": row.digest}),
    "approve_version": (reviewed, DIRECTOR, lambda row: {"digest": row.digest}),
    "publish_version": (approved, EDITOR, lambda row: {"digest": row.digest, "published_on": TODAY}),
    "send_version_back": (prepared, REVIEWER, lambda row: {"note": "改"}),
    "withdraw_version": (drafted, EDITOR, lambda row: {"note": "不要了"}),
    "open_correction": (published, EDITOR, lambda row: {"reason": "更正"}),
}


def everything() -> list[object]:
    return [
        *BudgetVersion.objects.order_by("id").values_list("id", "state", "reasons", "digest", "note"),
        *BudgetDocument.objects.order_by("id").values_list("id", "replied_on"),
        *BudgetLine.objects.order_by("version_id", "place").values_list("version_id", "place", "amount_fen"),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("service", STEPS)
def test_the_journal_refuses_so_nothing_happened(service, journal_refuses):
    made, actor, answers = STEPS[service]
    row = made()
    asked = answers(row)
    before = everything()
    with journal_refuses(), at(actor) as act:
        result = getattr(services, service)(act, row.id, **asked)
        assert not isinstance(result, Refused)
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_the_journal_refuses_so_no_document_was_opened(journal_refuses):
    with journal_refuses(), at(EDITOR) as act:
        services.open_document(
            act, unit="402015", unit_name="某中心", parent="402", parent_name="某局", year=2025, family="SN15",
            replied_on=date(2025, 3, 3),
        )  # fmt: skip
    assert everything() == []


def test_every_state_of_a_version_is_reached_by_these_tests():
    assert {state.code for state in VERSION} == {
        "drafting", "prepared", "reviewed", "approved", "published", "withdrawn",
    }  # fmt: skip
