"""Frozen rows of statements, their entries and differences: what leaves this package instead of models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yikatong.basics.states import State
from yikatong.benefits.discrepancies import Differs
from yikatong.benefits.models import AccountStatement, Discrepancy, StatementEntry
from yikatong.benefits.models.statements import MEANINGS
from yikatong.benefits.rules import DISCREPANCY


@dataclass(frozen=True)
class StatementRow:
    """A statement of account; money in fen. Where it is not `complete` a balance may be nought."""

    id: int
    bank_code: str
    number: str
    on: date
    opening_fen: int
    closing_fen: int
    entries: int
    complete: bool
    problem_rows: int
    name: str
    taken_at: datetime


def statement_row(row: AccountStatement) -> StatementRow:
    """A statement as others may see it."""
    return StatementRow(
        row.pk, row.bank_code, row.number, row.on, row.opening_fen, row.closing_fen, row.entries, row.complete,
        row.problem_rows, row.name, row.taken_at,
    )  # fmt: skip


@dataclass(frozen=True)
class EntryRow:
    """One movement of the account: what it is to us, and the file it belongs to where there is one."""

    place: int
    on: date
    fen: int
    serial: str
    zh: str
    en: str
    meaning: str
    file: str
    batch: str


def entry_row(row: StatementEntry) -> EntryRow:
    """An entry as others may see it. The bank's own words stay inside: they may name people."""
    zh, en = MEANINGS[row.meaning]
    file = row.file
    return EntryRow(
        row.place, row.on, row.fen, row.serial, zh, en, row.meaning, row.said_file, file.batch.number if file else "",
    )  # fmt: skip


@dataclass(frozen=True)
class DiscrepancyRow:
    """One difference between a bank and us, with who looks into it and what came of it."""

    id: int
    kind: Differs
    bank_code: str
    batch: str
    file: str
    statement_id: int | None
    line: int
    rows: int
    fen: int
    zh: str
    en: str
    found_at: datetime
    state: State
    since: datetime
    owner: str
    owner_name: str
    outcome: str


def discrepancy_row(row: Discrepancy) -> DiscrepancyRow:
    """A difference as others may see it."""
    return DiscrepancyRow(
        row.pk, Differs(row.kind), row.bank_code, row.batch.number if row.batch else "",
        row.file.number if row.file else "", row.statement_id, row.line, row.rows, row.fen, row.zh, row.en,
        row.found_at, DISCREPANCY.state(row.state), row.state_since, row.owner, row.owner_name, row.outcome,
    )  # fmt: skip
