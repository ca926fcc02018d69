"""One publication in all its formats says the same."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from yikatong.disclosure.family import families
from yikatong.disclosure.formats import formats
from yikatong.disclosure.formats.amounts import as_csv
from yikatong.disclosure.formats.hypertext import as_html
from yikatong.disclosure.formats.records import as_json
from yikatong.disclosure.formats.workbook import as_xlsx
from yikatong.disclosure.ledgers import ledger
from yikatong.disclosure.printing import publish

SEEDS = [("xinzhou_2024", "SX13"), ("xianyang_2025", "SN15")]


@pytest.fixture(params=SEEDS, ids=lambda seed: seed[1])
def publication(request):
    name, code = request.param
    return publish(ledger(name), families()[code])


@pytest.mark.parametrize("code", list(formats()))
def test_a_format_gives_the_same_bytes_again_and_is_called_by_its_title(code):
    book = ledger("xinzhou_2024")
    publication, form = publish(book, families()["SX13"]), formats()[code]
    content = form.render(publication, book)
    assert content and content == form.render(publication, book)
    assert form.file_name(publication) == f"忻州市社会保障卡服务中心2024年度单位预算公开.{form.suffix}"
    assert form.name and form.name_en and "/" in form.media_type


def test_json_holds_every_amount_with_what_it_is_about(publication):
    told = json.loads(as_json(publication))
    cells = [
        cell
        for table in told["tables"]
        for row in (*table["facts"], *table["rows"])
        for cell in row
        if isinstance(cell, dict)
    ]
    slots = [slot for table in publication.tables for slot in table.amounts]
    assert [(cell["text"], cell["fen"], cell["about"]) for cell in cells] == [
        (slot.text, slot.fen, dict(slot.about)) for slot in slots
    ]
    assert any(cell["about"].get("function") == "208" and cell["fen"] for cell in cells)


def test_csv_has_a_row_for_each_amount_and_its_exact_yuan(publication):
    rows = list(csv.DictReader(io.StringIO(as_csv(publication))))
    slots = [slot for table in publication.tables for slot in table.amounts]
    assert [row["printed"] for row in rows] == [slot.text for slot in slots]
    assert [int(Decimal(row["amount"]) * 100) for row in rows] == [slot.fen for slot in slots]


def test_a_workbook_has_a_sheet_for_each_table_with_numbers_as_numbers(publication):
    content = as_xlsx(publication)
    assert content == as_xlsx(publication)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert len(book.sheet_names) == len(publication.tables)
    for name, table in zip(book.sheet_names, publication.tables, strict=True):
        values = [cell for row in book.get_sheet_by_name(name).to_python() for cell in row]
        printed = [float(slot.text.replace(",", "")) for slot in table.amounts if slot.text not in ("", "-")]
        assert [value for value in values if isinstance(value, float)] == printed


def test_html_escapes_what_it_prints(publication):
    from dataclasses import replace

    page = as_html(replace(publication, title="<b>&"))
    assert "<h1>&lt;b&gt;&amp;</h1>" in page
    assert page.count('<table id="table-') == len(publication.tables)
