"""What a province's set of budget documents looks like. Each is one file of `families/`, `ENTRY = Family(...)`; pure data.

A template is a title, label columns, columns of amounts and rows; every column and every row says which region it is
about, and a cell is about both. The order, the fixed rows, how a zero looks and the sentences are the province's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yikatong.basics.numerals import in_han
from yikatong.basics.registry import entries
from yikatong.disclosure.audit.region import EVERYTHING, Region, lies_under, region
from yikatong.disclosure.form import Form

# --- tables ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column of amounts: its words from the top of the head down, and what it is about."""

    head: tuple[str, ...]
    about: Region = EVERYTHING


@dataclass(frozen=True, slots=True)
class Row:
    """A fixed row: its labels, and what it is about; `about` None for a row that has no amounts."""

    labels: tuple[str, ...]
    about: Region | None = EVERYTHING


@dataclass(frozen=True, slots=True)
class Tree:
    """Rows for each code that the lines have in a dimension, with the codes above it; `of` says whose lines, if not the table's.

    `coded` tells whether code and name have columns of their own, `split` whether the code has one for each level (类、款、项);
    `indent` is put before each further level. `style` numbers names that have no code: 「{han}、{name}」.
    """

    dimension: str
    lengths: tuple[int, ...] = (3, 5, 7)
    of: Region | None = None
    coded: bool = True
    split: bool = False
    indent: str = ""
    style: str = "{name}"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows for each departmental class with the governmental one it is paired with, under rows of the class of 3 digits."""

    of: Region | None = None
    coded: bool = True
    indent: str = ""


@dataclass(frozen=True, slots=True)
class Units:
    """A row of the unit above, if `parent`, and one of the unit itself; `coded` as in `Tree`."""

    parent: bool = True
    coded: bool = True
    indent: str = ""


@dataclass(frozen=True, slots=True)
class Projects:
    """A row for each project of the table's lines; `coded` leaves the column of codes empty."""

    coded: bool = False
    remarks: bool = False
    indent: str = ""


Axis = Row | Tree | Pairs | Units | Projects


@dataclass(frozen=True, slots=True)
class Side:
    """Rows of one set of label columns. `foot` stands at the same height as that of the sides beside it."""

    labels: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    rows: tuple[Axis, ...]
    foot: tuple[Row, ...] = ()
    about: Region = EVERYTHING
    trailing: tuple[tuple[str, ...], ...] = ()
    """Columns of words behind the amounts (备注), by their heads; filled by rows that have remarks, else empty."""


@dataclass(frozen=True, slots=True)
class Template:
    """A table of the family. `zero` is how nothing prints, `unit` and `decimals` hold where it is not in the family's;

    `numbered` adds the row of column numbers to the head; `gap` an empty row over the foot. A table whose amounts are all
    nothing prints `empty_rows` instead of its rows where that is given, and `empty_note` under it.
    """

    number: str
    title: str
    sides: tuple[Side, ...]
    about: Region = EVERYTHING
    zero: str | None = None
    numbered: bool = False
    gap: bool = False
    empty_rows: tuple[Row, ...] | None = None
    empty_note: str | None = None
    unit: str = ""
    decimals: int | None = None


# --- sentences -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount with its unit: 「164.06万元」, nothing as 「0万元」."""

    about: Region = EVERYTHING


@dataclass(frozen=True, slots=True)
class Change:
    """Against last year: 「较上年增加17.53万元」, 「较上年持平」; with `growth` also 「增长16.94%」 where there was a last year."""

    about: Region = EVERYTHING
    growth: bool = False
    reason: str = ""
    """The key of people's reason for it; a change without one is told as a gap."""
    led: str = "，主要原因是"


@dataclass(frozen=True, slots=True)
class Count:
    """A count that is no money, as people give it, or the sum of several: 「7」. A name is what is asked: 「现有其他用车（辆）」."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Targeted:
    """「12个，涉及项目预算资金4222.51万元」: the projects that have targets, and their money.

    Those that the ledger tells goals of; where nobody was asked for goals, all but those people name as having none.
    """


@dataclass(frozen=True, slots=True)
class Share:
    """「，占39.05%」 of a whole; nothing where the whole is nothing."""

    about: Region
    whole: Region = EVERYTHING


@dataclass(frozen=True, slots=True)
class Done:
    """「，完成年初预算的 98.52%」 of the budget in that phase; nothing where there was none."""

    about: Region
    of: str
    word: str


@dataclass(frozen=True, slots=True)
class Years:
    """Two years side by side: 「2024年预算数为60.13万元，2025年预算安排25.77万元，比2024年预算减少57.14%」, no rate over nothing.

    `reason` as of a change.
    """

    about: Region = EVERYTHING
    reason: str = ""
    led: str = "，主要原因是"


@dataclass(frozen=True, slots=True)
class Each:
    """A list over the codes of a dimension that the lines of a region have: its parts are put for each, led and joined.

    In them `{code}` and `{name}` are the member's, and every region is narrowed to it. The reason's key is the code.
    """

    dimension: str
    length: int
    parts: tuple[Part, ...]
    of: Region = EVERYTHING
    led: str = "，其中："
    between: str = "；"
    before: bool = False
    """Whether members that only last year had are listed too: where changes are told, or these would not sum."""


@dataclass(frozen=True, slots=True)
class When:
    """One thing to say where a region has money, another where it has none."""

    about: Region
    some: tuple[Part, ...]
    none: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Empties:
    """One thing to say where tables are empty, another where none is; `{tables}` are their names."""

    some: str
    none: str


Part = str | Amount | Change | Count | Targeted | Share | Done | Years | Each | When | Empties
"""Text may hold {year}, {last}, {unit} and the ledger's facts by name."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of what a region is made of: these parts, or the codes of that length in a dimension its lines have."""

    title: str
    of: Region
    parts: tuple[tuple[str, Region], ...] = ()
    dimension: str = ""
    length: int = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of running text, and the chart under it."""

    parts: tuple[Part, ...]
    chart: Chart | None = None


# --- the whole -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Family:
    """A set of documents: tables in order, the words before and after them, unit and digits.

    Amounts are printed from exact sums, each rounded by itself (四舍五入); so one fact prints in one way wherever it stands,
    and rows may miss their total by a last digit. `funds` are the sources it has a place for.
    """

    code: str
    name: str
    title: str
    unit: str
    decimals: int
    zero: str
    funds: tuple[str, ...]
    templates: tuple[Template, ...]
    narrative: tuple[Paragraph, ...]
    thousands: bool = False
    told: str = ""
    """The unit of sentences where it is not that of the tables; they have two decimals."""
    against: str = "较上年"
    level: str = "较上年持平"
    """How last year is named in a change, 「比{last}年预算」, and where there is none, 「与{last}年预算持平」."""
    phase: str = "年初"
    """年初 of a budget, 执行 of a final account."""
    empty_note: str = ""
    empty_reason: str = ""
    label: str = "表{number}"
    lead: tuple[str, ...] = ()
    """Lines between title and table: 「单位名称：{unit}」."""
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Members, by dimension, beyond which it has no rows: a line with another has no place in it."""
    functions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For a fund whose own table lists fewer classes of functions: those it lists."""

    sheets: tuple[Form, ...] = ()
    """Its sheets of performance targets, printed behind the tables where the ledger tells of goals."""

    @property
    def prints_remarks(self) -> bool:
        """Whether a table of it has a column of words beside projects."""
        sides = (side for template in self.templates for side in template.sides)
        return any(isinstance(axis, Projects) and axis.remarks for side in sides for axis in side.rows)

    @property
    def counts(self) -> tuple[str, ...]:
        """The counts its sentences ask people for, each once."""
        parts = (part for paragraph in self.narrative for part in paragraph.parts)
        names = (name for part in parts if isinstance(part, Count) for name in part.names)
        return tuple(dict.fromkeys(names))

    def lacks(self, dimension: str, member: str, fund: str) -> bool:
        """Whether it has no row for that member of a line living from that fund."""
        allowed = {"fund": self.funds, **self.places}.get(dimension, ())
        if dimension == "function":
            allowed = self.functions.get(fund, allowed)
        return bool(allowed) and not any(
            member == each or lies_under(dimension, member, each) for each in allowed
        )


def families() -> dict[str, Family]:
    """All families by their code."""
    return {each.code: each for each in entries("yikatong.disclosure.families", Family).values()}


CLASSES = (
    ("201", "一般公共服务支出"), ("202", "外交支出"), ("203", "国防支出"), ("204", "公共安全支出"), ("205", "教育支出"),
    ("206", "科学技术支出"), ("207", "文化旅游体育与传媒支出"), ("208", "社会保障和就业支出"), ("209", "社会保险基金支出"),
    ("210", "卫生健康支出"), ("211", "节能环保支出"), ("212", "城乡社区支出"), ("213", "农林水支出"), ("214", "交通运输支出"),
    ("215", "资源勘探工业信息等支出"), ("216", "商业服务业等支出"), ("217", "金融支出"), ("219", "援助其他地区支出"),
    ("220", "自然资源海洋气象等支出"), ("221", "住房保障支出"), ("222", "粮油物资储备支出"), ("223", "国有资本经营预算支出"),
    ("224", "灾害防治及应急管理支出"), ("227", "预备费"), ("229", "其他支出"), ("230", "转移性支出"), ("231", "债务还本支出"),
    ("232", "债务付息支出"), ("233", "债务发行费用支出"), ("234", "抗疫特别国债安排的支出"),
)  # fmt: skip
"""The classes of functions as the tables of totals list them, nothing left out."""


def listed(
    members: tuple[tuple[str, str], ...], dimension: str, style: str, *, start: int = 1, **also: str
) -> tuple[Row, ...]:
    """Fixed rows for members (code, name), numbered in a style such as 「{han}、{name}」 or 「({count}){name}」."""
    return tuple(
        Row(
            (style.format(han=in_han(count), count=count, name=name),),
            region(**{dimension: code}, **also) if code else None,
        )
        for count, (code, name) in enumerate(members, start)
    )
