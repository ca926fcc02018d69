"""`./yk bank-sim`: files laid into a folder are answered there, and paid once over every restart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from tests.benefits.bankfiles.made import COMMON, FIXED, header, payment, written
from yikatong.benefits.bankfiles.exchange import read, read_statement, write_enquiry
from yikatong.benefits.bankfiles.results import Result
from yikatong.cli import app

LINES = [payment(n) for n in range(1, 21)]


@pytest.fixture
def bank(tmp_path):
    """The bank of this folder, started once for what lies there."""

    def start(*options):
        return CliRunner().invoke(app, ["bank-sim", str(tmp_path), "--once", *options])

    assert start().exit_code == 0
    return start


def lay(tmp_path, name, content=b"", folder="in"):
    (tmp_path / folder / name).write_bytes(content)


def test_a_file_in_the_folder_is_answered_in_the_folder(tmp_path, bank):
    lay(tmp_path, "pay.txt", written(COMMON, LINES))
    assert bank("--failing", "500").exit_code == 0
    answers = read(COMMON, (tmp_path / "out" / "B2025031001-1").read_bytes())
    assert answers.complete
    assert [line.row_id for line in answers.lines] == [line.row_id for line in LINES]
    assert list((tmp_path / "in").iterdir()) == []


def test_a_bank_started_again_remembers_what_it_paid_and_gives_no_answer_twice(tmp_path, bank):
    lay(tmp_path, "pay.txt", written(COMMON, LINES))
    bank()
    (tmp_path / "out" / "B2025031001-1").unlink()
    lay(tmp_path, "again.txt", written(COMMON, LINES))
    bank()
    (refused,) = (tmp_path / "out").iterdir()
    assert read(COMMON, refused.read_bytes()).verdict.result is Result.DUPLICATE
    account = header(LINES).payer_account
    lay(tmp_path, f"statement-{account}")
    bank()
    statement = read_statement(COMMON, (tmp_path / "out" / f"statement-{account}-0001").read_bytes())
    assert statement.complete
    assert [each.fen for each in statement.bookings if not each.returned] == [-20 * 14_300]


def test_each_statement_goes_on_where_the_last_one_ended(tmp_path, bank):
    for number in ("B1", "B2"):
        lay(tmp_path, "pay.txt", written(COMMON, LINES, number=number))
        lay(tmp_path, "statement")
        bank()
    one, other = (
        read_statement(COMMON, path.read_bytes()) for path in sorted((tmp_path / "out").glob("statement-*"))
    )
    assert one.complete and other.complete and one.number != other.number
    assert (one.closing_fen, {each.number for each in other.bookings}) == (other.opening_fen, {"B2"})


def test_an_enquiry_as_agreed_is_answered_as_agreed(tmp_path, bank):
    lay(tmp_path, "pay.txt", written(COMMON, LINES))
    head = header(LINES)
    for asked in (head, replace(head, number="B7")):
        lay(tmp_path, f"ask-{asked.number}-Q1.txt", write_enquiry(COMMON, asked))
    bank("--unclear", "1000")
    told = {path.name: read(COMMON, path.read_bytes()) for path in (tmp_path / "out").glob("*-enquiry")}
    assert {len(told[f"{head.number}-Q1-enquiry"].lines), len(told["B7-Q1-enquiry"].lines)} == {20, 0}
    assert told["B7-Q1-enquiry"].verdict.result is Result.NOT_RECEIVED


def test_an_enquiry_is_answered_and_says_what_never_came(tmp_path, bank):
    lay(tmp_path, "pay.txt", written(COMMON, LINES))
    bank("--unclear", "1000")
    lay(tmp_path, "ask-B2025031001")
    lay(tmp_path, "ask-B7")
    bank("--unclear", "1000")
    out = tmp_path / "out"
    assert {line.result for line in read(COMMON, (out / "B2025031001-1").read_bytes()).lines} == {
        Result.UNKNOWN
    }
    asked = read(COMMON, (out / "B2025031001-enquiry").read_bytes())
    assert Result.UNKNOWN not in {line.result for line in asked.lines}
    assert (out / "B7-never-came").read_bytes() == b""


def test_the_houses_own_folder_is_read_the_other_way_round(tmp_path, bank):
    lay(tmp_path, "pay.txt", written(FIXED, LINES), folder="out")
    assert bank("--ours", "--profile", "fixed", "--mood", "partial").exit_code == 0
    names = sorted(path.name for path in (tmp_path / "in").iterdir())
    assert names == ["B2025031001-1", "B2025031001-2"]


def test_an_agreement_or_a_mood_that_is_not_there_is_refused(bank):
    assert bank("--profile", "nobank").exit_code == 2
    assert bank("--mood", "sulky").exit_code == 2
