"""What a printed number is about: a region of the cube of budget lines, and the trees its parts are counted in.

A base line says which flow (收入、支出), function, economic class, fund, category and year its amount belongs to. A cell of a
table or a number in a sentence names some of these and leaves the others open: 「基本支出合计」 is {flow: 支出, category: 基本}.
Two numbers with the same region are one fact; a region whose parts are all printed is their sum. So no rule needs to
know a table: what must hold follows from what the cells are about.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

Region = frozenset[tuple[str, str]]
KEPT = 20_000
"""Answers remembered: more than one document has, and no more, as labels are what strangers wrote."""
EVERYTHING: Region = frozenset()

# The parent of each member, "" for the whole dimension. Codes need no entry: 20801 lies under 208.
_PARENTS: Mapping[str, Mapping[str, str]] = {
    "category": {"基本": "", "人员": "基本", "公用": "基本", "项目": ""},
    "fund": {
        "财政拨款": "",
        "一般公共预算": "财政拨款",
        "政府性基金": "财政拨款",
        "国有资本经营": "财政拨款",
        "财政专户": "",
        "单位资金": "",
        "事业收入": "单位资金",
        "经营收入": "单位资金",
        "上级补助": "单位资金",
        "附属上缴": "单位资金",
        "其他收入": "单位资金",
    },
    "carry": {"本年": "", "结转": ""},
    "item": {
        "三公会议培训": "",
        "三公": "三公会议培训",
        "出国": "三公",
        "接待": "三公",
        "用车": "三公",
        "购车": "用车",
        "车辆运行": "用车",
        "会议": "三公会议培训",
        "培训": "三公会议培训",
        "采购": "",
        "采购货物": "采购",
        "采购工程": "采购",
        "采购服务": "采购",
        "机关运行": "",
    },
}
COMPLETE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("category", "", ("基本", "项目")),
    ("category", "基本", ("人员", "公用")),
    ("fund", "财政拨款", ("一般公共预算", "政府性基金", "国有资本经营")),
    ("item", "三公会议培训", ("三公", "会议", "培训")),
    ("item", "三公", ("出国", "接待", "用车")),
    ("item", "三公", ("出国", "接待", "购车", "车辆运行")),
    ("item", "用车", ("购车", "车辆运行")),
    ("item", "采购", ("采购货物", "采购工程", "采购服务")),
)
"""Wholes whose parts are named by the rules themselves: wherever all are printed, they sum."""
CODED = ("function", "economic", "government")


def region(**parts: str) -> Region:
    """A region by its parts; an empty part leaves its dimension open."""
    return frozenset((dimension, member) for dimension, member in parts.items() if member)


@lru_cache(maxsize=KEPT)
def joined(first: Region, second: Region) -> Region:
    """Both at once; where both name a dimension the second, being nearer to the number, says it."""
    named = {dimension for dimension, _ in second}
    return frozenset(pair for pair in first if pair[0] not in named) | second


@lru_cache(maxsize=KEPT)
def within(first: Region, second: Region) -> Region:
    """Both at once, as `joined`; but where the second names a whole of what the first names, the first stays."""
    kept = {
        (dimension, member)
        for dimension, member in first
        if lies_under(dimension, member, part(second, dimension))
    }
    return joined(joined(first, second), frozenset(kept))


@lru_cache(maxsize=KEPT)
def part(where: Region, dimension: str) -> str:
    """The member it names in that dimension, "" where it is open."""
    return next((member for name, member in where if name == dimension), "")


@lru_cache(maxsize=KEPT)
def lies_under(dimension: str, member: str, other: str) -> bool:
    """Whether `member` is a proper part of `other` (everything lies under "")."""
    if member == other or not member or member == "结转下年":
        return False  # what is left for the next year is no part of what was spent
    if not other:
        return True
    if dimension in CODED:
        return member.startswith(other)
    above = _PARENTS.get(dimension, {}).get(member, "")
    return bool(above) and (above == other or lies_under(dimension, above, other))


def only_differing(first: Region, second: Region) -> str:
    """The one dimension in which two regions differ, "" where it is none or more than one."""
    dimensions = {dimension for dimension, _ in first ^ second}
    return dimensions.pop() if len(dimensions) == 1 else ""
