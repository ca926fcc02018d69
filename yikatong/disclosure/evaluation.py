"""自评: a year's targets with their points, what was spent, the whole score and its grade; what people still owe is named.

Figures and their points come from the indicators, money from posted vouchers; where a target is words, one person judges it
and another confirms that; every shortfall wants a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from yikatong.basics.refused import Refused
from yikatong.disclosure.form import Form
from yikatong.disclosure.publication import Asked, PrintedTable, Publication, Slot
from yikatong.indicators import scoring
from yikatong.indicators.board import BoardRow
from yikatong.indicators.rules import Nature, decimals
from yikatong.indicators.scoring import Marks, Score, grade, growth, judged, on_form

NO_VOUCHERS = "本年度没有已入账的支出凭证，尚无计量"


@dataclass(frozen=True)
class Told:
    """What people told of one target: how many per cent of it was reached, or last year's and this year's figure of one that is
    to grow; on which evidence; why it was missed and what is done about it."""

    percent: int | None = None
    last: Decimal | None = None
    this: Decimal | None = None
    evidence: str = ""
    reason: str = ""
    measures: str = ""

    @property
    def gives_points(self) -> bool:
        """Whether it is more than an explanation: then another person confirms it."""
        return self.percent is not None or self.this is not None


EXECUTION = "EXECUTION"
"""In place of a target's code: what is told of the execution of the budget, only why it is low and what is done about it."""


@dataclass(frozen=True)
class Spending:
    """The project's budget of the year after its adjustments and what posted vouchers spent of it, in fen."""

    adjusted_fen: int
    executed_fen: int


@dataclass(frozen=True)
class Line:
    """A target with its points (None while nobody can tell), what was judged, and what people still have to tell."""

    row: BoardRow
    told: Told
    points: Decimal | None
    said: str
    missing: str


@dataclass(frozen=True)
class Evaluation:
    """`points` of `most`; `rate` in per cent, to four decimals; `grade` empty while anything has no points."""

    lines: tuple[Line, ...]
    why: Told
    spending: Spending | None
    rate: Decimal | None
    execution: Decimal | None
    execution_missing: str
    points: Decimal
    most: Decimal
    grade: str


def evaluate(
    board: Iterable[BoardRow],
    told: Mapping[str, Told],
    spending: Spending | None,
    execution_points: int,
    marks: Marks,
    open_yet: Set[str] = frozenset(),
) -> Evaluation:
    """The evaluation of a sheet's targets; rows without a heading are other tables' measures and left out.

    `told` is by code of the target or EXECUTION; judgements in `open_yet` nobody has confirmed: they give no points yet.
    """
    lines = tuple(
        _line(row, told.get(row.id, Told()), marks, row.id in open_yet) for row in board if row.level1
    )
    scored = (
        None
        if spending is None
        else scoring.execution(execution_points, spending.executed_fen, spending.adjusted_fen, marks)
    )
    execution = scored if isinstance(scored, Score) else None
    missing, why = "", told.get(EXECUTION, Told())
    if spending is None:
        missing = NO_VOUCHERS
    elif execution is None:
        missing = "没有该项目的预算数"
    elif execution.explain and not why.reason:
        missing = f"执行率低于 {marks.explain_below}%，须说明原因"
    points = [line.points for line in lines] + [execution.points if execution else None]
    known = sum((each for each in points if each is not None), Decimal(0))
    weights = sum(
        (line.row.weight for line in lines if line.row.weight is not None), Decimal(execution_points)
    )
    return Evaluation(
        lines,
        why,
        spending,
        None if spending is None or execution is None else decimals(Fraction(100 * spending.executed_fen, spending.adjusted_fen)),
        execution.points if execution else None,
        missing,
        known,
        weights,
        "" if None in points else grade(known, marks),
    )  # fmt: skip


def _line(row: BoardRow, told: Told, marks: Marks, open_yet: bool) -> Line:
    points, said, missing = row.score, "", ""
    explain = row.score is not None and (row.explain or row.met is False)
    by_people = _by_people(row, told, marks) if row.weight is not None else None
    if by_people is not None:
        score, said = by_people
        points, explain = None if open_yet else score.points, score.explain
    if by_people is not None and open_yet:
        missing = "待另一人确认"
    elif row.weight is not None and points is None:
        missing = "请填上年和本年的实际值" if row.nature == Nature.GROWTH else "请凭佐证评定"
    elif explain and not told.reason:
        missing = "请说明偏差原因和改进措施"
    return Line(row, told, points, said, missing)


def _by_people(row: BoardRow, told: Told, marks: Marks) -> tuple[Score, str] | None:
    """Points that people's word gives: of what has no figure, and the documented part of an exact target that was missed."""
    weight = row.weight or Decimal(0)
    partly = row.nature == Nature.EXACT and row.met is False
    if row.score is not None and not partly:
        return None
    if row.nature == Nature.GROWTH and told.last is not None and told.this is not None:
        return growth(
            weight, Fraction(told.last), Fraction(told.this), marks
        ), f"{told.last:f} → {told.this:f}"
    return None if told.percent is None else judged(weight, told.percent, marks)


def wrong(nature: str, told: Told) -> Refused | None:
    """What of an answer cannot be taken: `evaluation.percent`, `evaluation.figures`, `evaluation.evidence`.

    `nature` is that of the target, or EXECUTION.
    """
    if nature == EXECUTION and told.gives_points:
        return Refused(
            "evaluation.percent",
            "预算执行得分由已入账的支出凭证计算，不由人评定。",
            "The points for execution are counted from posted vouchers, not judged.",
            at="percent",
        )
    if told.percent is not None and not 0 <= told.percent <= 100:
        return Refused(
            "evaluation.percent", "请填 0 到 100 之间的整数。", "A whole number from 0 to 100.", at="percent"
        )
    if nature == Nature.GROWTH and (told.last is None) != (told.this is None):
        return Refused(
            "evaluation.figures", "上年和本年的实际值要一起填。", "Tell both years' figures.", at="this"
        )
    if any(each is not None and each < 0 for each in (told.last, told.this)):
        return Refused(
            "evaluation.figures", "实际值不能小于零。", "A figure is not less than nothing.", at="this"
        )
    if (told.percent is not None or told.this is not None) and not told.evidence:
        return Refused(
            "evaluation.evidence", "请写明评定的佐证。", "Say what the judgement rests on.", at="evidence"
        )
    return None


# --- as printed ------------------------------------------------------------------------------------------------------

_HEAD = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因及改进措施")


def publication(
    evaluation: Evaluation, form: Form, year: int, facts: tuple[tuple[str, str], ...], unit_name: str
) -> Publication:
    """The evaluation as a document of one table, for any of the formats. `facts` are (label, words) over the head."""
    rows, seen = [], ("", "")
    for line in evaluation.lines:
        row = line.row
        levels = (
            row.level1 if row.level1 != seen[0] else "",
            row.level2 if (row.level1, row.level2) != seen else "",
        )
        seen = (row.level1, row.level2)
        rows.append(
            (
                *levels,
                row.name,
                row.target,
                actual(line),
                *map(_points, (row.weight, line.points)),
                _why(line),
            )
        )
    spending = evaluation.spending
    executed = () if spending is None else (
        ("调整后预算数", form.unit.printed(spending.adjusted_fen)), ("全年执行数", form.unit.printed(spending.executed_fen))
    )  # fmt: skip
    rate = () if evaluation.rate is None else (("执行率", f"{on_form(evaluation.rate)}%"),)
    whole = f"{on_form(evaluation.points)}（满分 {evaluation.most.normalize():f}）"
    sums = (
        ("预算执行得分", _points(evaluation.execution) or evaluation.execution_missing),
        *((("执行率低的原因", why),) if (why := _words(evaluation.why)) else ()), ("总分", whole),
        ("等级", evaluation.grade or "尚未评完"),
    )  # fmt: skip
    table = PrintedTable(
        "自评", "", "项目支出绩效自评表", form.unit.value, (f"（{year}年度）",), (_HEAD,),
        tuple(tuple(map(Slot, texts)) for texts in rows), "", False,
        tuple((Slot(label), Slot(words)) for label, words in (*facts, *executed, *rate, *sums)),
    )  # fmt: skip
    title = f"{unit_name}{year}年度项目支出绩效自评表"
    gaps = tuple(
        Asked("reason", line.row.id, f"{line.row.name}：{line.missing}")
        for line in evaluation.lines
        if line.missing
    )
    return Publication(title, "", year, "", unit_name, (), (table,), (), gaps)


def actual(line: Line) -> str:
    """What was reached, as printed: the figure, what was judged, or why there is neither."""
    if line.row.actual is not None:
        sign = "%" if line.row.unit == "%" else ""
        return f"{line.row.actual.normalize():f}{sign}" + (f"（{line.said}）" if line.said else "")
    return line.said or line.row.reason or "尚无计量"


def _why(line: Line) -> str:
    return _words(line.told) or line.missing


def _words(told: Told) -> str:
    return "；".join(filter(None, (told.reason, told.measures)))


def _points(points: Decimal | None) -> str:
    return "" if points is None else str(on_form(points))
