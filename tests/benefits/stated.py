"""Statements of account as a bank writes them in camt.053, with whatever entries a test wants."""

from __future__ import annotations

from datetime import date, timedelta

from tests.benefits.envelopes import received
from tests.cards.in_hand import NOON, at
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.played import Entry, iso20022
from yikatong.benefits.bankfiles.profiles import profiles
from yikatong.benefits.models import FileLine
from yikatong.benefits.rows import FileRow
from yikatong.benefits.services.statements import take_statement
from yikatong.benefits.statement_rows import StatementRow
from yikatong.benefits.terms import payer
from yikatong.office.act import Actor

DAY = date(2025, 3, 11)
LATER = NOON + timedelta(days=40)
OPENING = 1_000_000_00
DESK = Actor.system("benefits")


def row_of(file: FileRow, sequence: int) -> FileLine:
    return FileLine.objects.get(file__number=file.number, sequence=sequence)


def debit(file: FileRow, fen: int | None = None) -> Entry:
    """The file's sum leaves."""
    return Entry(file.number, "", -(file.fen if fen is None else fen), DAY, "D1", "batch", returned=False)


def paid(file: FileRow, sequence: int) -> Entry:
    """One payment leaves by itself."""
    line = row_of(file, sequence)
    return Entry(file.number, str(line.payment_id), -line.fen, DAY, f"P{sequence}", "", returned=False)


def back(file: FileRow, sequence: int, fen: int | None = None) -> Entry:
    """One payment comes back."""
    line = row_of(file, sequence)
    fen = line.fen if fen is None else fen
    return Entry(file.number, str(line.payment_id), fen, DAY, f"R{sequence}", "账户已销户", returned=True)


def foreign(fen: int = 5_00) -> Entry:
    """Money that is none of ours."""
    return Entry("X1", "", fen, DAY, "F1", "利息", returned=False)


def written(
    *entries: Entry, on: date = DAY, opening: int = OPENING, place: int = 1, account: str = ""
) -> bytes:
    profile = profiles()["common"]
    return iso20022.statement(profile, account or payer(on).account, on, opening, entries, place)


def stated(file: FileRow, *entries: Entry, content: bytes | None = None, **how: object) -> StatementRow:
    """A statement with these entries, taken in."""
    taken = tried(file, content if content is not None else written(*entries, **how))  # type: ignore[arg-type]
    assert not isinstance(taken, Refused), taken
    return taken


def tried(file: FileRow, content: bytes) -> StatementRow | Refused:
    """A statement of the file's bank, brought to be taken in."""
    with at(NOON + timedelta(days=1), DESK) as act:
        return take_statement(act, received(file, content))
