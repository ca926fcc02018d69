"""Sentences that most provinces write in the same manner: an amount and its change, a whole and its parts, what there is none of."""

from __future__ import annotations

from yikatong.disclosure.audit.region import Region, joined, region
from yikatong.disclosure.family import Amount, Change, Chart, Each, Paragraph, Part, Share, When
from yikatong.disclosure.shapes import BASIC, OFFICE, PROJECT, STAFF, Named

Told = tuple[str, Region]
"""A part of a whole: how it is called, and what it is about beyond the whole."""
BY_USE: tuple[Told, ...] = (("基本支出", BASIC), ("项目支出", PROJECT))
BY_KIND: tuple[Told, ...] = (("人员经费", STAFF), ("公用经费", OFFICE))
PURCHASES: tuple[Told, ...] = tuple(
    (f"政府采购{word}预算", region(item=f"采购{word}")) for word in ("货物", "工程", "服务")
)
ITEMS: Named = (
    ("因公出国（境）费", "出国"), ("公务用车购置费", "购车"), ("公务用车运行费", "车辆运行"), ("公务接待费", "接待"),
)  # fmt: skip
"""The parts of 三公: how each is called, and which item it is."""


def heading(words: str) -> Paragraph:
    """A line of its own: 「一、收支总体情况」."""
    return Paragraph((words,))


def changed(words: str, about: Region, reason: str, *, growth: bool = False) -> Paragraph:
    """「…支出预算164.06万元，较上年增加17.53万元，主要原因是…。」; `growth` adds the rate."""
    return Paragraph((words, Amount(about), "，", Change(about, growth=growth, reason=reason), "。"))


def parts(
    of: Region, *told: Told, led: str = "，其中：", between: str = "；", share: bool = True
) -> tuple[Part, ...]:
    """「，其中：基本支出…万元，占…%；项目支出…万元，占…%」; without `share` only the amounts."""
    return tuple(
        part
        for place, (words, more) in enumerate(told)
        for part in (
            f"{between if place else led}{words}",
            Amount(joined(of, more)),
            *((Share(joined(of, more), of),) if share else ()),
        )
    )


def divided(
    words: str,
    of: Region,
    *told: Told,
    between: str = "；",
    share: bool = True,
    chart: Chart | None = None,
) -> Paragraph:
    """A whole with its parts as one sentence, and the chart under it."""
    return Paragraph((words, Amount(of), *parts(of, *told, between=between, share=share), "。"), chart)


def by_code(
    words: str, of: Region, length: int, name: str = "{name}（{code}）", chart: Chart | None = None
) -> Paragraph:
    """A whole with each function of that many digits and its share."""
    each = Each("function", length, (name, Amount(of), Share(of, of)), of=of)
    return Paragraph((words, Amount(of), each, "。"), chart)


def items(about: Region, told: Named) -> tuple[Paragraph, ...]:
    """A sentence for each item with its change: 「公务接待费预算…，较上年…。」."""
    return tuple(changed(f"{word}预算", joined(about, region(item=item)), item) for word, item in told)


def if_any(about: Region, words: str, none: str) -> Paragraph:
    """The amount where there is one, else that there is none."""
    return Paragraph((When(about, (words, Amount(about), "。"), (none,)),))
