"""What a department sends and reads about its batches, and how our rows become that."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from yikatong.basics.masking import Sensitive, mask
from yikatong.benefits import queries
from yikatong.benefits.outcomes import Outcome, waits_for
from yikatong.benefits.roster import MOST_FEN, MOST_OF_ONE
from yikatong.benefits.rows import BatchRow, PaymentRow
from yikatong.benefits.services.by_department import Brought
from yikatong.web.partner.lines import Line


class Envelope(Schema):
    """What is declared to be paid; the roster has to come to just that, in rows and in fen."""

    programme: Annotated[
        str, Line, Field(description="发放项目，见 /purposes（pay:<项目>）", examples=["farmland"])
    ]
    period: Annotated[str, Line, Field(description="所属期间：按月 2025-03，按年 2025", examples=["2025"])]
    declared_rows: Annotated[int, Field(ge=1, le=10_000_000, description="申报人数")]
    declared_fen: Annotated[int, Field(ge=1, le=MOST_FEN, description="申报金额，以分为单位 in whole fen")]
    region: Annotated[
        str,
        Field(default="", pattern=r"^(\d{6})?$", description="地区代码；不填为全市 empty: the whole city"),
    ]


class Worded(Schema):
    """A code and what it means."""

    code: str
    zh: str
    en: str


class RosterReceipt(Schema):
    """The envelope as it was taken in. `repeated`: an earlier call with the same key had brought it already."""

    batch_number: str = Field(description="批次编号")
    programme: str
    period: str
    declared_rows: int
    declared_fen: int
    roster_digest: str = Field(description="SM3 of the roster's bytes as they came, hex")
    received_at: datetime
    repeated: bool


class InState(Worded):
    """How many rows stand so."""

    rows: int
    fen: int


class ForReason(Schema):
    """How many rows are held for this, and what is to be done about it."""

    code: str = Field(description="C01–C21, S01, S02")
    level: str
    next_zh: str
    next_en: str
    rows: int
    fen: int


class SealedFile(Schema):
    """A payment file of the batch."""

    number: str
    bank_code: str
    rows: int
    fen: int
    state: Worded
    sent_at: datetime | None


class BatchLine(Schema):
    """A batch in a list."""

    batch_number: str
    programme: str
    period: str
    region: str
    declared_rows: int
    declared_fen: int
    state: Worded
    since: datetime
    waits_for: Worded = Field(description="在等谁 whose hand it waits for")


class Batches(Schema):
    """The newest first; `before` of the next call is the last number here, until none come."""

    batches: list[BatchLine]


class BatchState(BatchLine):
    """How far a batch is: dates, counts by state and by reason, its files. Money in fen."""

    received_rows: int
    received_fen: int
    received_at: datetime
    judged_at: datetime | None
    public_from: date | None
    public_until: date | None
    department_at: datetime | None = Field(description="业务审批时间")
    finance_at: datetime | None = Field(description="财政审批时间")
    approved_rows: int
    approved_fen: int
    approved_digest: str = Field(description="SM3 of what was approved, hex; empty before")
    note_zh: str = Field(description="不予受理或退回的原因 why it was not accepted or sent back")
    note_en: str
    states: list[InState]
    reasons: list[ForReason]
    files: list[SealedFile]


class Found(Worded):
    """One finding of a row, and the next step."""

    level: str
    next_zh: str
    next_en: str


class FromBank(Schema):
    """The last attempt to pay a row. `result` is null until the bank has answered."""

    file: str
    result: Worded | None
    next_zh: str
    next_en: str
    answered_at: datetime | None


class RowState(Schema):
    """What became of one row. Names and numbers are masked: `line` is the row of your roster."""

    line: int = Field(description="清册行号，与表格软件一致 the roster's row, as a spreadsheet counts")
    name_masked: str
    number_masked: str
    fen: int
    state: Worded
    since: datetime
    reason: str = Field(description="Empty where it is payable or paid")
    findings: list[Found]
    bank: FromBank | None


class Correction(Schema):
    """A held row as it should have been, and why. The envelope's declaration is amended by what the amount differs."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Line, Field(description="姓名")]
    number: Annotated[str, Line, Field(description="证件号码")]
    basis: Annotated[str, Field(default="", max_length=20, description="基数，与清册同列")]
    fen: Annotated[int, Field(ge=1, le=MOST_OF_ONE, description="金额，以分为单位 in whole fen")]
    reason: Annotated[str, Field(min_length=1, max_length=100, description="更正原因，不写姓名和号码")]


class Corrected(Schema):
    """The row that stands in its place now: payable, or held in its turn."""

    batch_number: str
    line: int = Field(description="新行号 the new row's line")
    state: Worded
    findings: list[Found]


class Results(Schema):
    """Rows in the order of the roster; `next_after` is `after` of the next call, null at the end."""

    batch_number: str
    rows: list[RowState]
    next_after: int | None


def worded(each: Any, code: str | None = None) -> dict[str, str]:
    """Anything of ours with a code and its words."""
    return {"code": each.code if code is None else code, "zh": each.zh, "en": each.en}


def receipt(brought: Brought) -> dict[str, object]:
    """The same fields whenever the call is made again: nothing that changes with the batch."""
    row = brought.batch
    return {
        "batch_number": row.number,
        "programme": row.programme.code,
        "period": row.period,
        "declared_rows": row.declared_rows,
        "declared_fen": row.declared_fen,
        "roster_digest": brought.digest,
        "received_at": row.uploaded_at,
        "repeated": brought.again,
    }


def line_of(row: BatchRow, today: date) -> dict[str, object]:
    waits = waits_for(row, today)
    return {
        "batch_number": row.number,
        "programme": row.programme.code,
        "period": row.period,
        "region": row.region,
        "declared_rows": row.declared_rows,
        "declared_fen": row.declared_fen,
        "state": worded(row.state),
        "since": row.since,
        "waits_for": worded(waits, waits.value),
    }


def state_of(row: BatchRow, today: date) -> dict[str, object]:
    """A batch with its counts."""
    return {
        **line_of(row, today),
        "received_rows": row.received_rows,
        "received_fen": row.received_fen,
        "received_at": row.uploaded_at,
        "judged_at": row.judged_at,
        "public_from": row.public_from,
        "public_until": row.public_until,
        "department_at": row.department_at,
        "finance_at": row.finance_at,
        "approved_rows": row.approved_rows,
        "approved_fen": row.approved_fen,
        "approved_digest": row.digest,
        "note_zh": row.note_zh,
        "note_en": row.note_en,
        "states": [
            {**worded(each.state), "rows": each.rows, "fen": each.fen}
            for each in queries.state_counts(row.id)
        ],
        "reasons": [
            {
                "code": each.check.code,
                "level": each.check.level.value,
                "next_zh": each.check.next_zh,
                "next_en": each.check.next_en,
                "rows": each.rows,
                "fen": each.fen,
            }
            for each in queries.reason_counts(row.id)
        ],
        "files": [
            {
                "number": each.number,
                "bank_code": each.bank_code,
                "rows": each.rows,
                "fen": each.fen,
                "state": worded(each.state),
                "sent_at": each.sent_at,
            }
            for each in queries.files(row)
        ],
    }


def findings_of(row: PaymentRow) -> list[dict[str, str]]:
    return [
        {**worded(each), "level": each.level.value, "next_zh": each.next_zh, "next_en": each.next_en}
        for each in row.findings
    ]


def result_of(outcome: Outcome) -> dict[str, object]:
    """One row as its department reads it."""
    row, said = outcome.row, outcome.said
    result = said.result if said else None
    return {
        "line": row.line,
        "name_masked": mask(Sensitive.NAME, row.name) if row.name else "",
        "number_masked": row.number_masked,
        "fen": row.fen,
        "state": worded(row.state),
        "since": row.since,
        "reason": row.reason,
        "findings": findings_of(row),
        "bank": said
        and {
            "file": said.file,
            "result": worded(result, result.value) if result else None,
            "next_zh": result.step.zh if result else "",
            "next_en": result.step.en if result else "",
            "answered_at": said.answered_at,
        },
    }
