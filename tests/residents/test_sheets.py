"""Files: no bytes make the reader fail or lose a row, and what could hurt it is refused before it is opened."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.residents.lists import HEAD, LIMITS, TODAY, read, text_file, workbook
from tests.residents.people import ADULT, number_of
from yikatong.basics.refused import Refused
from yikatong.residents import sheets
from yikatong.residents.roster import fits
from yikatong.residents.sheets import Limits, Sheet, open_sheet, place_of

LINE = f"{ADULT},林小满,610402,13800000001,秦都区,01"
TABLE: list[list[Any]] = [HEAD.split(","), LINE.split(",")]


def code(content: bytes, limits: Limits = LIMITS) -> str:
    found = open_sheet(content, limits, fits)
    assert isinstance(found, Refused) and found.zh and found.en
    return found.code


def rows(content: bytes) -> list[tuple[int, list[str]]]:
    sheet = open_sheet(content, LIMITS, fits)
    assert isinstance(sheet, Sheet), sheet
    return list(sheet.rows)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def with_sheet(*changes: tuple[bytes, bytes]) -> bytes:
    """A good workbook with its sheet's XML changed."""
    parts = parts_of(workbook(TABLE))
    sheet = parts["xl/worksheets/sheet1.xml"]
    for old, new in changes:
        assert old in sheet
        sheet = sheet.replace(old, new)
    return packed(parts | {"xl/worksheets/sheet1.xml": sheet})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_both_encodings_and_all_line_ends_read_the_same(encoding: str, end: str):
    found = read(end.join([HEAD, LINE, ""]).encode(encoding))
    assert not isinstance(found, Refused)
    ((row,), problems) = found
    assert (row.number, row.name, row.phone, row.row, row.warned) == (ADULT, "林小满", "13800000001", 2, True)
    assert not problems


def test_a_workbook_reads_as_the_text_does():
    assert rows(workbook(TABLE)) == [(2, LINE.split(","))]


def test_figures_and_days_of_a_workbook_become_what_people_would_write():
    ((_, cells),) = rows(
        workbook([["a", "b", "c", "d", "e", "f"], [13800000001, 610402.0, 1.5, 610499199003070011, True, ""]])
    )
    assert cells == ["13800000001", "610402", "1.5", "6.10499E+17", "True", ""]
    table: list[list[Any]] = [*TABLE, [610499199003070011, *TABLE[1][1:]]]
    found = read(workbook(table))
    assert not isinstance(found, Refused)
    assert [problem.refused.code for problem in found[1]] == ["cell.rounded"]


def test_rows_are_counted_as_the_spreadsheet_counts_them():
    assert rows(workbook([[], [], *TABLE, [], TABLE[1]]))[-1][0] == 6
    assert place_of(0, 0) == "A1" and place_of(9, 27) == "AB10"


def test_the_only_sheet_with_the_headings_is_taken():
    assert len(rows(workbook(TABLE, before=[["说明"], ["请照此填写"]]))) == 1
    assert len(rows(workbook(TABLE, before=[]))) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file.empty"),
        (b"\n\n", "file.empty"),
        (b"\xff\xfe1\x00", "file.unreadable"),
        (b"PK\x03\x04 a spreadsheet", "file.unreadable"),
        (b"\xd0\xcf\x11\xe0 an old one", "file.unreadable"),
        (b"\x81\xff\xff", "file.unreadable"),
        (f'{HEAD}\n"{LINE}'.encode(), "file.unreadable"),
        (f"{HEAD}\0".encode(), "file.unreadable"),
        (packed({"word/document.xml": b"<w/>"}), "file.unreadable"),
        (packed({"xl/workbook.xml": b"<w/>"}), "file.unreadable"),
        (workbook(TABLE)[:-200], "file.unreadable"),
        (workbook([]), "file.empty"),
        (workbook(TABLE, merge="A4:C5"), "file.merged"),
    ],
)
def test_files_that_cannot_be_read_are_refused_as_a_whole(content: bytes, reason: str):
    assert code(content) == reason


def test_merged_cells_are_refused_with_their_place():
    refused = open_sheet(workbook(TABLE, merge="A4:C5"), LIMITS, fits)
    assert isinstance(refused, Refused) and "A4:C5" in refused.zh and "A4:C5" in refused.en


def test_limits_are_kept():
    small = Limits(megabytes=0, unpacked_megabytes=1024, ratio=100, parts=1000, rows=1)
    assert code(text_file(LINE), small) == "file.too_big"
    for content in (text_file(LINE, LINE), workbook([*TABLE, TABLE[1]])):
        assert code(content, Limits(64, 1024, 100, 1000, rows=1)) == "file.too_many_rows"
    assert code(workbook(TABLE), Limits(64, 1024, 100, parts=3, rows=9)) == "file.unpacks_too_far"


def test_a_zip_bomb_is_refused_by_its_directory():
    bomb = packed(parts_of(workbook(TABLE)) | {"xl/media/bomb.bin": bytes(64 * 1024 * 1024)})
    assert len(bomb) < 200_000 and code(bomb) == "file.unpacks_too_far"


def test_a_zip_bomb_that_lies_in_its_directory_is_found_by_unpacking():
    size = 64 * 1024 * 1024
    bomb = packed(parts_of(workbook(TABLE)) | {"xl/media/bomb.bin": bytes(size)})
    lying = bomb.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != bomb and code(lying) == "file.unreadable"


@pytest.mark.parametrize(
    "reference",
    [b'r="XFD2"', b'r="BA2"', b'r="A1048576"', b'r="a300000"', b"r='AAA1'", b'r = "A1048576"', b'r\t="AA1"'],
)
def test_a_cell_far_outside_is_refused_before_the_space_between_is_laid_out(reference: bytes):
    assert code(with_sheet((b'r="A2"', reference))) == "file.far_cell"


def test_a_row_far_down_is_refused_too():
    assert code(with_sheet((b'<row r="2"', b'<row r="1048576"'), (b'r="A2" ', b""))) == "file.far_cell"


@given(st.text("r=\"' ABZaz0123459", max_size=40))
def test_what_a_quick_look_lets_pass_no_closer_look_would_refuse(text: str):
    pieces = f' r="A{text}"'.encode()
    assert sheets._NOT_PLAIN.search(pieces) or not sheets._FAR.search(pieces)


@given(st.binary(max_size=400))
@example(b"\xef\xbb\xbf")
def test_no_bytes_make_the_reader_fail(content: bytes):
    assert isinstance(read(content), (tuple, Refused))


GOOD_BOOK = workbook([*TABLE, *TABLE[1:]])


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD_BOOK) - 1), st.binary(max_size=3)), max_size=5),
    st.integers(0, 40),
)
def test_no_damage_to_a_workbook_makes_the_reader_fail(damages: list[tuple[int, bytes]], cut: int):
    content = bytearray(GOOD_BOOK)
    for place, damage in damages:
        content[place : place + len(damage)] = damage
    assert isinstance(read(bytes(content[: len(content) - cut * cut])), (tuple, Refused))


INNER = parts_of(GOOD_BOOK)


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(INNER)),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=12)), min_size=1, max_size=6),
)
def test_no_damage_inside_a_workbook_makes_the_reader_fail(name: str, damages: list[tuple[int, bytes]]):
    part = bytearray(INNER[name])
    for place, damage in damages:
        at = place % (len(part) + 1)
        part[at : at + len(damage)] = damage
    assert isinstance(read(packed(INNER | {name: bytes(part)})), (tuple, Refused))


CELL = st.text(max_size=30) | st.sampled_from([ADULT, number_of(3), "林小满", "610402", "=1", '"', "'", ""])


@given(st.lists(st.lists(CELL, min_size=1, max_size=7), max_size=6), st.sampled_from(["utf-8", "gb18030"]))
def test_no_text_loses_a_row_in_silence(table: list[list[str]], encoding: str):
    text = "\n".join(",".join(line) for line in [HEAD.split(","), *table])
    content = text.encode(encoding, "replace")
    found = read(content)
    if isinstance(found, tuple):
        good, problems = found
        wrong = {problem.row for problem in problems}
        filled = {line for line, cells in rows(content) if any(cell.strip(" \t'") for cell in cells)}
        assert not wrong & {row.row for row in good}
        assert len(good) + len(wrong) >= len({line for line in filled if _says(line, content)})


def _says(line: int, content: bytes) -> bool:
    """Whether something that can be seen stands in this row."""
    cells = dict(rows(content))[line]
    return any(character.isalnum() for cell in cells for character in cell)


WRITTEN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=12) | st.sampled_from(
    [ADULT, "林小满", "610402", "=1+1", "+8613800000001", ""]
)


@settings(max_examples=60)
@given(st.lists(st.lists(WRITTEN | st.integers() | st.booleans() | st.dates(), max_size=6), max_size=8))
def test_every_row_of_a_workbook_is_judged_good_or_bad(table: list[list[Any]]):
    content = workbook([HEAD.split(","), *table])
    found = read(content)
    assert not isinstance(found, Refused)
    good, problems = found
    judged = {row.row for row in good} | {problem.row for problem in problems}
    for line, cells in enumerate(table, start=2):
        if any(any(character.isalnum() for character in str(cell)) for cell in cells):
            assert line in judged


def test_a_day_in_a_cell_reads_as_eight_digits():
    held = io.BytesIO()
    from xlsxwriter import Workbook

    with Workbook(held, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["证件号码", "姓名", "居住地区划", "出生日期"])
        sheet.write_row(1, 0, [ADULT, "林小满", "610402"])
        sheet.write_datetime(1, 3, date(1990, 3, 7))
    found = read(held.getvalue())
    assert not isinstance(found, Refused) and len(found[0]) == 1 and not found[1]
    assert TODAY.year == 2025
