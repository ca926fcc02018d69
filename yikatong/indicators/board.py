"""A target beside its figure: pure rows for pages and forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from yikatong.indicators.measure import Aggregate, Base, Measure
from yikatong.indicators.rows import FillingRow, TargetRow
from yikatong.indicators.rules import Nature, decimals, met
from yikatong.indicators.scoring import Marks, score

UNMEASURED = "未测"
NOTHING = "无发生"
IN_FIGURES = (Nature.AT_LEAST, Nature.AT_MOST, Nature.EXACT)


@dataclass(frozen=True)
class Mark:
    """Why a row has no figure or no score: `zh` is 未测 or 无发生 (empty where only the score is missing)."""

    zh: str
    en: str
    reason: str
    reason_en: str


NO_MEASURE = Mark(UNMEASURED, "not measured", "尚无计量", "no measure yet")
BY_JUDGEMENT = Mark(
    UNMEASURED, "not measured", "定性指标，由评价人凭佐证评定", "judged by an evaluator with evidence"
)
NOT_COMPUTED = Mark(UNMEASURED, "not measured", "本期尚未计算", "not computed for this period yet")
NO_BASE = Mark(UNMEASURED, "not measured", "没有该地区的人口数据", "no population figure for this region")
NO_BOOKS = Mark(
    UNMEASURED,
    "not measured",
    "期间内没有已入账的支出凭证",
    "no posted voucher of expenditure in the period",
)
DID_NOT_HAPPEN = Mark(
    NOTHING, "nothing happened", "期间内没有应计事项，不计分", "no event to count in the period: not scored"
)
CITY_TARGET = Mark("", "", "目标按全市设定，区县不计分", "the target is the city's: a region is not scored")
YEAR_TARGET = Mark(
    "", "", "目标按全年设定，期内不计分", "the target is the year's: part of a year is not scored"
)
NO_WEIGHT = Mark("", "", "本表未设分值权重，不计分", "the table has no weights: not scored")
NO_TARGET = Mark("", "", "本年度未设目标", "no target for this year")


@dataclass(frozen=True)
class BoardRow:
    """One indicator of a period.

    `target` is the target as printed, `actual` the figure in `unit` to four decimals (None with a `mark`);
    `numerator` and `denominator` are whole counts (no denominator for a count or a maximum); `p95` stands beside a
    maximum; `score` keeps four decimals. `met` is None where there is nothing to compare. `mark` is 未测, 无发生 or
    empty, and `reason` says why there is no figure or no score. `version` is that of the formula.
    """

    id: str
    name: str
    name_en: str
    level1: str
    level2: str
    target: str
    nature: str
    unit: str
    weight: Decimal | None
    surety: str
    actual: Decimal | None
    numerator: int | None
    denominator: int | None
    events: int | None
    p95: int | None
    met: bool | None
    score: Decimal | None
    target_too_low: bool
    explain: bool
    mark: str
    mark_en: str
    reason: str
    reason_en: str
    version: int | None


def row(
    target: TargetRow | None,
    measure: Measure | None,
    filling: FillingRow | None,
    *,
    whole_city: bool,
    whole_year: bool,
    marks: Marks | None = None,
) -> BoardRow:
    """The row of a target (or of a measure without one); only a target needs the marks."""
    actual = None
    if measure is not None and filling is not None:
        actual = measure.value(filling.numerator, filling.denominator)
    mark = _unmeasured(target, measure, filling) if actual is None else None
    reached, points, too_low, explain = None, None, False, False
    if actual is not None and target is not None and target.value is not None and target.nature in IN_FIGURES:
        wanted = Fraction(target.value)
        if whole_city:
            reached = met(target.nature, wanted, actual) if whole_year or _rate(measure) else None
        mark = _unscored(target, whole_city, whole_year)
        if mark is None and target.weight is not None and marks is not None:
            points_of = score(target.nature, target.weight, wanted, actual, marks)
            points, too_low, explain = points_of.points, points_of.target_too_low, points_of.explain
    elif actual is not None:
        mark = NO_TARGET if target is None else BY_JUDGEMENT
    said = mark or Mark("", "", "", "")
    return BoardRow(
        id=target.code if target else measure.id if measure else "",
        name=target.name if target else measure.name if measure else "",
        name_en=target.name_en if target else measure.name_en if measure else "",
        level1=target.level1 if target else "",
        level2=target.level2 if target else "",
        target=target.printed if target else "",
        nature=target.nature.value if target else "",
        unit=measure.unit if measure else target.unit if target else "",
        weight=target.weight if target else None,
        surety=target.surety if target else "",
        actual=None if actual is None else decimals(actual),
        numerator=filling.numerator if filling else None,
        denominator=filling.denominator if filling else None,
        events=filling.events if filling else None,
        p95=filling.p95 if filling else None,
        met=reached,
        score=points,
        target_too_low=too_low,
        explain=explain,
        mark=said.zh,
        mark_en=said.en,
        reason=said.reason,
        reason_en=said.reason_en,
        version=filling.version if filling else measure.version if measure else None,
    )


@dataclass(frozen=True)
class Progress:
    """How far a table's goals are, in per cent (None where nothing tells); on `counted` of its `all` targets that stands."""

    percent: Fraction | None
    counted: int
    all: int


def progress(rows: Iterable[tuple[TargetRow, Measure | None, FillingRow | None]]) -> Progress:
    """How far the goals of a year are by now.

    Only what adds up through the year can tell: counts with an amount to reach. Rates and longest waits are good or bad
    on any day, costs are the money themselves. Each counts up to its target, and weighs as its table says.
    """
    reached, whole, counted, every = Fraction(0), Fraction(0), 0, 0
    for target, measure, filling in rows:
        every += 1
        if measure is None or filling is None or measure.aggregate is not Aggregate.COUNT or not target.value:
            continue
        actual = measure.value(filling.numerator, filling.denominator)
        if actual is None or target.nature not in (Nature.AT_LEAST, Nature.EXACT):
            continue
        weight = Fraction(1) if target.weight is None else Fraction(target.weight)
        reached += weight * min(Fraction(1), actual / Fraction(target.value))
        whole += weight
        counted += 1
    return Progress(100 * reached / whole if whole else None, counted, every)


def _unmeasured(target: TargetRow | None, measure: Measure | None, filling: FillingRow | None) -> Mark:
    if measure is None:
        by_words = target is not None and target.nature in (Nature.QUALITATIVE, Nature.GROWTH)
        return BY_JUDGEMENT if by_words else NO_MEASURE
    if filling is None:
        return NOT_COMPUTED
    if measure.base is not Base.FACTS and filling.denominator is None:
        return NO_BASE
    if measure.known_by:
        return NO_BOOKS
    return DID_NOT_HAPPEN


def _unscored(target: TargetRow, whole_city: bool, whole_year: bool) -> Mark | None:
    if not whole_city:
        return CITY_TARGET
    if not whole_year:
        return YEAR_TARGET
    return NO_WEIGHT if target.weight is None else None


def _rate(measure: Measure | None) -> bool:
    """Rates and maxima can be held against a year's target in any part of it; counts only over the year."""
    return measure is not None and measure.aggregate is not Aggregate.COUNT
