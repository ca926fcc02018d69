"""Every file between us and others: what is written is read, and what was torn or altered is never taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.cards.files import making, matching, opening, returns
from yikatong.cards.files.frame import Layout, Parsed
from yikatong.cards.files.returns import read_made
from yikatong.office.wires.simulators.pipe import take_apart

LAYOUTS: tuple[Layout[Any], ...] = (
    matching.QUESTIONS,
    matching.ANSWERS,
    opening.QUESTIONS,
    opening.ANSWERS,
    making.MAKING,
    returns.RETURNS,
)
# Every character a database text can hold: all but the null character and lone surrogates.
text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
days = st.dates(date(1950, 1, 1), date(2199, 12, 31))


@st.composite
def files(draw: st.DrawFn) -> tuple[Layout[Any], bytes, list[tuple[str, ...]], date]:
    layout = draw(st.sampled_from(LAYOUTS))
    rows = draw(st.lists(st.tuples(*(text for _ in layout.columns)), max_size=5))
    day = draw(days)
    return layout, layout.write("B000000018", day, rows, answers="F000000026"), rows, day


@given(files())
def test_what_is_written_is_read(file):
    layout, content, rows, day = file
    parsed = layout.read(content)
    assert isinstance(parsed, Parsed)
    assert [tuple(row) for row in parsed.rows] == rows
    assert (parsed.number, parsed.on, parsed.answers) == ("B000000018", day, "F000000026")


@given(files())
def test_the_counterparts_own_reader_reads_the_same(file):
    layout, content, rows, _ = file
    paper = take_apart(content)
    assert [tuple(row.values()) for row in paper.rows] == rows
    assert (paper.kind, paper.number) == (layout.kind, "B000000018")


@given(files(), st.data())
def test_a_file_cut_off_anywhere_is_refused(file, data):
    layout, content, _, _ = file
    end = data.draw(st.integers(0, len(content) - 1))
    assert isinstance(layout.read(content[:end]), Refused)


@given(files(), st.data())
def test_a_file_with_one_byte_altered_is_refused(file, data):
    layout, content, _, _ = file
    place = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))
    assert isinstance(layout.read(content[:place] + bytes([other]) + content[place + 1 :]), Refused)


@given(files(), st.data())
def test_a_file_that_lost_a_line_is_refused(file, data):
    layout, content, _, _ = file
    lines = content.splitlines(keepends=True)
    lost = data.draw(st.integers(0, len(lines) - 1))
    assert isinstance(layout.read(b"".join(lines[:lost] + lines[lost + 1 :])), Refused)


@given(st.binary(max_size=300))
def test_no_bytes_give_an_exception(content):
    for layout in LAYOUTS:
        assert isinstance(layout.read(content), Refused)


def sealed(*lines: str) -> bytes:
    """Lines with a trailer that vouches for them, whatever they say."""
    body = "".join(line + "\n" for line in lines).encode()
    return body + f"T|{len(lines) - 2}|{sm3(body).hex()}\n".encode()


COLUMNS = "C|" + "|".join(matching.ANSWERS.columns)
HEAD = "H|match-answer|A1|20250310|1|F1"
ROW = "D|S1|610499199003070011|0||E00000001"


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"", "file.empty", ""),
        (b" \n", "file.empty", ""),
        ("H|match-answer|A1|20250310|1|\n申请".encode("gb18030"), "file.encoding", "2"),
        (b"H|\0", "file.encoding", "1"),
        (b"PK\x03\x04", "file.header", "1"),
        (f"{HEAD}\n{COLUMNS}\n{ROW}\n".encode(), "file.truncated", "3"),
        (sealed(HEAD, COLUMNS, ROW).replace(b"T|1|", b"T|2|"), "file.count", ""),
        (sealed(HEAD, COLUMNS, ROW).replace(b"E00000001", b"E00000002"), "file.control", ""),
        (sealed(HEAD.replace("|1|", "|2|"), COLUMNS, ROW), "file.count", ""),
        (sealed(HEAD.replace("match-answer", "making-return"), COLUMNS, ROW), "file.kind", ""),
        (sealed(HEAD.replace("20250310", "20250230"), COLUMNS, ROW), "file.header", "1"),
        (sealed(HEAD, COLUMNS + "|另一栏", ROW), "file.columns", "2"),
        (sealed(HEAD, COLUMNS, ROW + "|多"), "file.row", "3"),
        (sealed(HEAD, COLUMNS, ROW.replace("D|", "X|")), "file.row", "3"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_place(content, code, place):
    refused = matching.ANSWERS.read(content)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.at) == (code, place)


def test_a_good_file_is_read():
    parsed = matching.ANSWERS.read(sealed(HEAD, COLUMNS, ROW))
    assert isinstance(parsed, Parsed)
    assert parsed.rows[0].value == "E00000001"
    assert parsed.answers == "F1"


@pytest.mark.parametrize("number", ["", "A B", "A/1", "1234567890123", "号"])
def test_a_file_number_is_short_and_plain(number):
    with pytest.raises(ValueError, match="file number"):
        matching.ANSWERS.write(number, date(2025, 3, 10), [])


def test_a_row_of_another_width_is_not_written():
    with pytest.raises(ValueError, match="every row has 5 fields"):
        matching.ANSWERS.write("A1", date(2025, 3, 10), [("one", "two")])


GOOD = returns.ReturnRow(
    "1",
    "E00000001",
    "610499199003070011",
    "林小满",
    "20250310",
    "20350309",
    "610402D1560000050000000000000001",
    "0081544C4486610400000000AB",
    "102",
    "6220000000000000016",
    "",
    "001-001",
    "",
    "",
)


def test_a_made_cards_particulars_are_read():
    made = read_made(GOOD)
    assert not isinstance(made, Refused)
    assert (made.issued_on, made.valid_until) == (date(2025, 3, 10), date(2035, 3, 9))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"issued_on": "20250231"}, "row.dates"),
        ({"valid_until": ""}, "row.dates"),
        ({"valid_until": "20250310"}, "row.dates"),
        ({"card_reset": "12"}, "row.reset"),
        ({"card_identifier": "610402"}, "card_identifier.length"),
        ({"card_identifier": "610402D1560000990000000000000001"}, "card_identifier.rid"),
    ],
)
def test_a_made_card_with_wrong_particulars_is_refused(changed, code):
    refused = read_made(GOOD._replace(**changed))
    assert isinstance(refused, Refused)
    assert refused.code == code
