"""A final account in the console: its lines from the budget, the vouchers and last year's account; then three people's steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.disclosure.desk import EDITOR, digest_of, do, good, opened, published
from tests.indicators.happenings import open_city
from tests.spending.books import posted
from yikatong.basics.money import yuan
from yikatong.disclosure import documents, services
from yikatong.disclosure.beforehand import of_the_books
from yikatong.disclosure.behind import amount_at, behind
from yikatong.disclosure.binding import print_out
from yikatong.disclosure.blank_form import lines_workbook
from yikatong.disclosure.intake import read_lines
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.lines import BaseLine
from yikatong.spending.queries import Spent

TODAY = date(2025, 3, 10)


@pytest.fixture(autouse=True)
def centre(db):
    open_city()


def spent_as_planned() -> None:
    """Every yuan of the budget was paid, but for what was kept of one project."""
    lines = [line for line in ledger("xianyang_2025").lines if line.phase == "年初"]
    posted(
        *(
            f"记-{place},20250303,支出,{line.category},{line.economic},{line.project},,{yuan(line.fen)}"
            for place, line in enumerate(lines, 1)
        )
    )


def taken(row: documents.VersionRow, known: tuple[BaseLine, ...]) -> documents.VersionRow:
    """The workbook of what is known, brought back as it is."""
    intake = read_lines("known.xlsx", lines_workbook(known))
    assert intake.refused == ()
    return good(do(services.take_lines, EDITOR, row.id, lines=intake.lines, file_name="known.xlsx"))


def test_the_family_says_that_it_is_a_final_account_and_it_stands_beside_the_budget():
    budget = published()
    final = opened(family="JS9")
    assert (budget.kind, final.kind, final.final) == ("budget", "final", True)
    again = do(
        services.open_document, EDITOR, unit=final.unit, unit_name=final.unit_name, parent=final.parent,
        parent_name=final.parent_name, year=2025, family="JS9", replied_on=date(2025, 3, 3),
    )  # fmt: skip
    assert again.code == "document.known"


def test_its_lines_are_the_budget_and_what_was_posted_and_can_be_brought_back_as_they_are():
    published()
    spent_as_planned()
    row = opened(family="JS9")
    known = documents.lines_beforehand(row)
    first = [line for line in ledger("xianyang_2025").lines if line.phase == "年初"]
    assert [line for line in known if line.phase == "年初"] == first
    done = [line for line in known if line.phase == "执行"]
    assert sum(line.fen for line in done) == sum(line.fen for line in first)
    unclear = [line for line in done if not (line.function and line.government and line.fund)]
    assert bool(unclear) == bool(read_lines("x.xlsx", lines_workbook(known)).refused)
    whole = tuple(
        replace(line, phase="执行") for line in first
    )  # what somebody makes of the lines the vouchers left open
    row = taken(row, (*first, *whole))
    kept = documents.ledger_of(row.id)
    assert kept.phase == "执行" and kept.fen(()) == sum(line.fen for line in first)


def test_what_the_budget_does_not_agree_on_stays_open():
    def line(function: str, economic: str = "30201") -> BaseLine:
        return BaseLine(2025, "402015", function, economic, "50502", "项目", "一般公共预算", 100, "运行")

    one, two = of_the_books(
        2025,
        "402015",
        [line("2080108")],
        [Spent("项目", "运行", "30201", 7), Spent("项目", "别的", "30299", 3)],
    )
    assert (one.function, one.government, one.fund, one.phase, one.fen) == (
        "2080108", "50502", "一般公共预算", "执行", 7,
    )  # fmt: skip
    assert (two.function, two.government, two.fund) == ("", "", "")
    (open_yet,) = of_the_books(
        2025, "402015", [line("2080108"), line("2080109")], [Spent("项目", "运行", "30201", 7)]
    )
    assert (open_yet.function, open_yet.government) == ("", "50502")
    assert read_lines("x.xlsx", lines_workbook([open_yet])).refused[0].at == "C2"


def test_last_years_account_is_what_this_years_stands_beside():
    row = opened(family="JS9")
    first = [line for line in ledger("xianyang_2025").lines if line.phase == "年初"]
    done = [replace(line, phase="执行") for line in first]
    before = [replace(line, year=2024, phase="执行", fen=line.fen // 2) for line in first]
    row = taken(row, (*first, *done, *before))
    book = documents.ledger_of(row.id)
    assert book.last_year(()) == sum(line.fen // 2 for line in first)
    publication = print_out(book, "JS9").publication
    place, cell = next(
        (f"t1-{row}-{column}", cell)
        for row, cells in enumerate(publication.tables[0].rows, 1)
        for column, cell in enumerate(cells, 1)
        if cell.fen
    )
    below = behind(book, amount_at(publication, place))
    assert below.total == cell.fen and ("阶段", "2025年决算") in below.said
    again = tuple(line for line in book.lines if line.year == 2024)
    assert len(again) == len(before) and read_lines("x.xlsx", lines_workbook(book.lines)).refused == ()


def test_a_budget_begins_with_what_was_published_last_year():
    published()
    row = opened(year=2026, replied_on=date(2025, 3, 3))
    known = documents.lines_beforehand(row)
    first = [line for line in ledger("xianyang_2025").lines if line.phase == "年初"]
    assert [(line.year, line.phase, line.fen) for line in known] == [
        (2026, "上年", line.fen) for line in first
    ]
    assert documents.lines_beforehand(opened("xinzhou_2024", "SX13")) == ()


def test_it_goes_the_same_way_to_the_public():
    row = opened(family="JS9")
    first = [line for line in ledger("xianyang_2025").lines if line.phase == "年初"]
    done = [replace(line, phase="执行") for line in first]
    before = [replace(line, year=2024, phase="执行") for line in first]
    row = taken(row, (*first, *done, *before))
    publication = print_out(documents.ledger_of(row.id), "JS9").publication
    given = {
        kind: {each.key: "按规定执行" for each in publication.asked if each.kind == kind}
        for kind in ("reason", "fact")
    }
    do(services.give_words, EDITOR, row.id, reasons=given["reason"], facts_told=given["fact"], remarks={})
    row = published(row)
    assert row.final and [each.id for each in documents.published(TODAY)] == [row.id]
    assert documents.published_versions(row.unit, 2025, "final", TODAY)[0].digest == digest_of(row)
    assert documents.published_versions(row.unit, 2025, "budget", TODAY) == ()
