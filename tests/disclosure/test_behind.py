"""Behind every printed amount stand base lines that sum to it."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from python_calamine import CalamineWorkbook

from yikatong.disclosure.behind import amount_at, behind
from yikatong.disclosure.blank_form import lines_workbook
from yikatong.disclosure.family import families
from yikatong.disclosure.formats.hypertext import as_html
from yikatong.disclosure.intake import HEADINGS, read_lines
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.printing import publish

SEEDS = [("xinzhou_2024", "SX13"), ("xianyang_2025", "SN15")]


@pytest.fixture(params=SEEDS, ids=lambda seed: seed[1])
def printed(request):
    name, code = request.param
    book = ledger(name)
    return book, publish(book, families()[code])


def test_every_amount_on_the_page_is_a_link_to_lines_that_sum_to_it(printed):
    book, publication = printed
    page = as_html(publication, lambda place: f"/{place}/")
    places = re.findall(r'<a href="/([tpfc][^/]+)/">(.*?)</a>', page)
    assert len(places) > 200
    assert {place[0] for place, _ in places} >= {"t", "p", "f"}
    drawings = [words.drawing for words in publication.words if words.drawing]
    assert sum(place[0] == "c" for place, _ in places) == sum(len(each.bars) for each in drawings)
    for place, text in places:
        amount = amount_at(publication, place)
        assert amount is not None and amount.text == unescape(text), place
        found = behind(book, amount)
        assert found.total == found.fen == amount.fen, (place, found.said)


def test_a_target_leads_to_its_indicator_where_there_is_one(printed):
    book, publication = printed
    page = as_html(publication, None, lambda code: f"/measure/{code}/" if code in ("XQ1", "ZB2") else "")
    found = re.findall(r'<a href="/measure/(.*?)/">(.*?)</a>', page)
    aims = [aim for goals in book.goals for aim in goals.targets if aim.code in ("XQ1", "ZB2")]
    assert found == [(aim.code, aim.printed) for aim in aims] and found


def test_without_addresses_there_are_no_links_to_amounts(printed):
    assert 'href="/' not in as_html(printed[1])


def test_a_change_is_this_years_lines_less_last_years():
    book = ledger("xianyang_2025")
    publication = publish(book, families()["SN15"])
    grown = next(
        span
        for words in publication.words
        for span in words.spans
        if span.about and ("phase", "增减") in span.about and span.fen
    )
    found = behind(book, grown)
    assert {sign for sign, _ in found.taken} == {1, -1}
    assert ("阶段", "本年比上年增减") in found.said
    assert found.total == grown.fen


def test_what_an_amount_is_about_is_said_in_words():
    book = ledger("xianyang_2025")
    publication = publish(book, families()["SN15"])
    said = {
        pair for table in publication.tables for slot in table.amounts for pair in behind(book, slot).said
    }
    assert ("功能科目", "2080150 事业运行") in said
    assert ("阶段", "2025年年初预算") in said
    assert ("资金性质", "政府性基金") in said


@pytest.mark.parametrize(
    "place", ["", "t", "t0-1-1", "t1-1", "t99-1-1", "t1-1-1", "p1", "p999-1", "x1-1", "t1-1-1-1"]
)
def test_a_place_without_an_amount_leads_nowhere(place):
    publication = publish(ledger("xianyang_2025"), families()["SN15"])
    assert amount_at(publication, place) is None


def test_the_workbook_of_lines_is_read_back_line_by_line(printed):
    book, _ = printed
    content = lines_workbook(book.lines)
    assert content == lines_workbook(book.lines)
    intake = read_lines("x.xlsx", content)
    assert intake.refused == ()
    assert intake.lines == book.lines


def test_the_empty_workbook_has_every_column_and_says_what_it_wants():
    book = CalamineWorkbook.from_filelike(io.BytesIO(lines_workbook()))
    assert book.sheet_names == ["基础行", "填写说明"]
    assert book.get_sheet_by_index(0).to_python() == [list(HEADINGS.values())]
    assert [row[0] for row in book.get_sheet_by_index(1).to_python()[1:]] == list(HEADINGS.values())
