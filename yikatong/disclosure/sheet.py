"""A performance sheet with its figures filled in: pure rows, ready to be printed as HTML or XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from yikatong.basics.refused import Refused
from yikatong.disclosure.form import Form
from yikatong.indicators.board import NOTHING, BoardRow
from yikatong.indicators.rules import TreeProblem
from yikatong.indicators.scoring import on_form

NOT_MEASURED = "尚无计量"


@dataclass(frozen=True)
class FundRow:
    """A printed line of the funds; `amount` empty where the document leaves it blank."""

    label: str
    amount: str
    amount_fen: int | None


@dataclass(frozen=True)
class SheetLine:
    """A line of indicators. A heading without an indicator has an empty `name`.

    `level1_span` and `level2_span` say over how many lines the heading reaches, 0 where an earlier line holds it.
    `actual` and `score` are as printed; `without` stands where there is no figure (尚无计量, 无发生), and `remark`
    says why.
    """

    level1: str
    level1_span: int
    level2: str
    level2_span: int
    code: str
    name: str
    target: str
    unit: str
    weight: str
    actual: str
    score: str
    without: str
    remark: str

    @property
    def label(self) -> str:
        """The name with its unit, as the published tables print it."""
        return f"{self.name}（{self.unit}）" if self.unit and self.unit != "%" else self.name


@dataclass(frozen=True)
class Sheet:
    """A filled sheet. Money is printed in `unit`; `weights` says whether the form has weights and scores."""

    title: str
    year: int
    unit: str
    project: str
    department: str
    unit_name: str
    document: str
    state: str
    digest: str
    goals: tuple[tuple[str, str], ...]
    funds: tuple[FundRow, ...]
    lines: tuple[SheetLine, ...]
    weights: bool
    points: int | None
    execution_points: int | None
    weight_total: str
    score_total: str
    measured: int
    indicators: int
    notes: tuple[str, ...]


def lines_of(form: Form, board: Iterable[BoardRow]) -> tuple[SheetLine, ...] | Refused:
    """The form's headings with the indicators under them. Refused: `disclosure.no_heading`."""
    rows = [row for row in board if row.level1]
    refused = form.no_heading(rows)
    if refused is not None:
        return refused
    lines: list[SheetLine] = []
    for level1, seconds in form.levels:
        under = {
            second: [row for row in rows if (row.level1, row.level2) == (level1, second)]
            for second in seconds
        }
        left1 = sum(max(1, len(found)) for found in under.values())
        for second, found in under.items():
            left2 = max(1, len(found))
            held: list[BoardRow | None] = [*found] or [None]
            for row in held:
                lines.append(_line(level1, left1, second, left2, row))
                left1 = left2 = 0
    return tuple(lines)


def _line(level1: str, span1: int, level2: str, span2: int, row: BoardRow | None) -> SheetLine:
    if row is None:
        return SheetLine(level1, span1, level2, span2, "", "", "", "", "", "", "", "", "")
    return SheetLine(
        level1,
        span1,
        level2,
        span2,
        row.id,
        row.name,
        row.target,
        row.unit,
        _short(row.weight),
        _short(row.actual),
        "" if row.score is None else str(on_form(row.score)),
        "" if row.actual is not None else NOTHING if row.mark == NOTHING else NOT_MEASURED,
        _remark(row),
    )


def _remark(row: BoardRow) -> str:
    if row.mark:
        return "" if row.reason == NOT_MEASURED else row.reason
    if row.target_too_low:
        return "远超目标，需说明目标是否偏低"
    return "未达目标，需说明原因和改进措施" if row.explain or row.met is False else ""


def totals(board: Iterable[BoardRow]) -> tuple[str, str, int, int]:
    """Printed sum of weights, printed sum of scores, how many indicators have a figure, how many there are."""
    rows = [row for row in board if row.level1]
    weights = sum((row.weight for row in rows if row.weight is not None), Decimal(0))
    scores = sum((row.score for row in rows if row.score is not None), Decimal(0))
    return _short(weights), str(on_form(scores)), sum(row.actual is not None for row in rows), len(rows)


def notes_of(
    problems: Iterable[TreeProblem], measured: int, indicators: int, execution: str
) -> tuple[str, ...]:
    """What the reader must know: tables that do not add up, indicators without a figure, the points for execution."""
    notes = [f"原表如此公布：{problem.zh}。" for problem in problems]
    if measured < indicators:
        notes.append(
            f"本表 {indicators} 项指标中 {measured} 项已有计量，其余标“{NOT_MEASURED}”或“{NOTHING}”，不计分。"
        )
    return (*notes, execution) if execution else tuple(notes)


def funds_of(form: Form, amounts: Mapping[tuple[str, str], int]) -> tuple[FundRow, ...]:
    """The form's lines of funds, in its unit."""
    rows = []
    for line in form.funds:
        fen = amounts.get((line.span, line.source))
        rows.append(FundRow(line.label, "" if fen is None else form.unit.printed(fen), fen))
    return tuple(rows)


def _short(value: Decimal | None) -> str:
    """Without trailing zeros: 99.7300 -> 99.73, 60.0000 -> 60."""
    return "" if value is None else f"{value.normalize():f}"
