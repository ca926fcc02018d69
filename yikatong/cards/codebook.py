"""Which counterpart writes in which codes here: the pure maps of `files/codes.py` by the centre's dated rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yikatong.basics.refused import Refused
from yikatong.cards.files.codes import NEEDED, CodeMap, CodeTable, Subject, code_maps
from yikatong.office.rulebook import NoSuchRule, ruling

RULE = "card.code_maps"


@dataclass(frozen=True)
class Agreement:
    """One map as it stands on a day: who uses it (counterparts), and its tables."""

    map: CodeMap
    counterparts: tuple[str, ...]
    tables: tuple[CodeTable, ...]
    later: tuple[CodeTable, ...]


def agreed(counterpart: str, of: Subject, on: date) -> CodeTable | Refused:
    """The codes agreed with this counterpart for that day. Refused: `code.no_map`, `code.no_table`."""
    found = _map_of(counterpart, on)
    if isinstance(found, Refused):
        return found
    table = found.table(of, on)
    if table is None:
        return Refused(
            "code.no_table",
            f"{found.title.zh}在 {on} 没有{of.zh}的代码表，请核对日期或补入代码表。",
            f"{found.title.en} has no table of {of.en.lower()} for {on}.",
        )
    return table


def agreements(counterparts: tuple[str, ...], on: date) -> tuple[Agreement, ...]:
    """The maps in use on that day, each with those who write in it; whoever has none is left out."""
    using: dict[str, list[str]] = {}
    for each in counterparts:
        found = _map_of(each, on)
        if not isinstance(found, Refused):
            using.setdefault(found.name, []).append(each)
    return tuple(
        Agreement(
            found := code_maps()[name],
            tuple(whose),
            tuple(table for of in Subject if (table := found.table(of, on))),
            tuple(table for table in found.tables if table.valid_from > on),
        )
        for name, whose in using.items()
    )


def _map_of(counterpart: str, on: date) -> CodeMap | Refused:
    kind = "bank" if counterpart.startswith("bank-") else counterpart
    try:
        named = ruling(RULE, on).value
    except NoSuchRule:
        named = {}
    found = code_maps().get(named.get(counterpart) or named.get(kind, ""))
    # A map of another kind would lack the tables that this counterpart's files need.
    if found is None or kind not in NEEDED or found.counterpart != kind:
        return Refused(
            "code.no_map",
            f"{on} 没有与 {counterpart} 约定代码表，请先在规则 {RULE} 中写明。",
            f"No codes are agreed with {counterpart} for {on}; name its map in the rule {RULE}.",
        )
    return found
