"""The sheets of targets of a document made in the console: those on file while it is drafted, kept once it is prepared."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction

from tests.disclosure.desk import EDITOR, REVIEWER, digest_of, do, drafted, good, opened, prepared, published
from tests.indicators.happenings import open_city
from yikatong.disclosure import documents, services
from yikatong.disclosure.binding import print_out
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.models import BudgetVersion, Project
from yikatong.disclosure.queries import performance_sheet
from yikatong.indicators.services import load_targets


@pytest.fixture
def targets(db):
    open_city()
    for load in (load_targets, services.load_budget):
        do(load, EDITOR, "xianyang")


def sheets(row) -> dict[str, dict[str, str]]:
    """What the sheets of targets of a version say over their heads, by the number of the table."""
    publication = print_out(documents.ledger_of(row.id), row.family).publication
    return {
        table.label: {each[0].text: each[1].text for each in table.facts}
        for table in publication.tables
        if table.facts
    }


def test_a_document_of_the_centre_has_its_sheets_of_targets_as_the_published_one(targets):
    row = published()
    assert documents.ledger_of(row.id) == ledger("xianyang_2025")
    found = sheets(row)
    assert list(found) == ["表13", "表14", "表15"]
    assert found["表13"]["项目名称"] == "社保卡管理业务工作经费"
    assert found["表14"]["年度总体目标"].startswith("按时足额")


def test_what_is_published_keeps_its_targets_whatever_becomes_of_those_on_file(targets):
    row = published()
    before = documents.ledger_of(row.id)
    Project.objects.update(goal_year="改过的目标")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE indicators_target SET printed = '≥6' WHERE code = 'XQ1'")
    assert documents.ledger_of(row.id) == before
    assert digest_of(row) == row.digest
    draft = good(do(services.open_correction, EDITOR, row.id, reason="目标调整"))
    assert sheets(draft)["表13"]["年度目标"] == "改过的目标"
    again = published(draft)
    assert sheets(again)["表13"]["年度目标"] == "改过的目标" and documents.ledger_of(row.id) == before


def test_targets_that_changed_after_the_page_was_opened_are_not_put_up_unseen(targets):
    row = drafted()
    seen = digest_of(row)
    Project.objects.update(goal_year="改过的目标")
    assert do(services.prepare_version, EDITOR, row.id, digest=seen).code == "version.changed"
    good(do(services.send_version_back, REVIEWER, prepared(row).id, note="再看"))
    Project.objects.update(goal_year="又改过")
    assert sheets(row)["表13"]["年度目标"] == "又改过"


@pytest.mark.parametrize("made", [prepared, published])
def test_not_even_raw_sql_changes_the_targets_of_what_was_prepared(targets, made):
    row = made()
    with pytest.raises(Error), transaction.atomic():
        BudgetVersion.objects.filter(pk=row.id).update(goals=[])


def test_words_for_the_whole_unit_are_asked_of_people(targets):
    row, book = opened(), ledger("xianyang_2025")
    do(services.take_lines, EDITOR, row.id, lines=book.lines, file_name="x.csv")
    do(services.give_words, EDITOR, row.id, reasons=book.reasons, facts_told={}, remarks=book.remarks)
    refused = do(services.prepare_version, EDITOR, row.id, digest=digest_of(row))
    assert refused.code == "version.gaps" and "单位整体支出绩效目标表：年度总体目标" in refused.zh


def test_another_units_document_and_a_year_without_targets_have_no_such_sheets(targets):
    assert sheets(drafted("xinzhou_2024", "SX13")) == {}
    assert sheets(opened(year=2024)) == {}


def test_targets_under_a_heading_that_the_sheet_lacks_are_refused_until_they_are_moved(targets):
    row = drafted()
    move = "UPDATE indicators_target SET level2 = %s WHERE code = 'XQ1'"
    with connection.cursor() as cursor:
        cursor.execute(move, ["安全指标"])
    refused = do(services.prepare_version, EDITOR, row.id, digest=digest_of(row))
    assert refused.code == "disclosure.no_heading" and "表13" in refused.zh and "安全指标" in refused.zh
    assert performance_sheet(2025).code == "disclosure.no_heading"
    with connection.cursor() as cursor:
        cursor.execute(move, ["数量指标"])
    good(do(services.prepare_version, EDITOR, row.id, digest=digest_of(row)))
