"""What a project, or the whole unit, is to reach: goals as a sheet of targets prints them, and as a version keeps them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

WORDS = ("department", "goal_whole", "goal_year")
"""What is told of a project in words."""
_PRINTED = attrgetter("code", "level1", "level2", "name", "printed", "unit", "weight")


@dataclass(frozen=True, slots=True)
class Aim:
    """One target as a sheet prints it; `code` is that of the measure that fills it, `weight` None where the sheet has none."""

    code: str
    level1: str
    level2: str
    name: str
    printed: str
    unit: str
    weight: Decimal | None

    @classmethod
    def of(cls, target: object) -> Aim:
        """From a target of the indicators, on file (`targets.Target`) or in use (`rows.TargetRow`)."""
        return cls(*_PRINTED(target))


@dataclass(frozen=True, slots=True)
class Goals:
    """What one project, or the whole unit, is to reach: its sheet of targets. `kind` as forms have it (项目, 整体, 专项).

    `words` are told by the names of WORDS; `funds` in fen by span and source, as the sheet names
    them, empty where they are those of the lines.
    """

    kind: str
    name: str
    words: Mapping[str, str]
    funds: Mapping[str, Mapping[str, int]]
    targets: tuple[Aim, ...]


def kept(goals: Iterable[Goals]) -> list[Any]:
    """The goals as JSON holds them. Equal goals give equal JSON."""
    return [
        [
            each.kind,
            each.name,
            dict(sorted(each.words.items())),
            {span: dict(sorted(amounts.items())) for span, amounts in sorted(each.funds.items())},
            [[*_PRINTED(aim)[:-1], None if aim.weight is None else str(aim.weight)] for aim in each.targets],
        ]
        for each in goals
    ]


def goals_of(told: Iterable[Any]) -> tuple[Goals, ...]:
    """The goals that `kept` made JSON of."""
    return tuple(
        Goals(kind, name, words, funds, tuple(map(_aim, aims))) for kind, name, words, funds, aims in told
    )


def _aim(told: Any) -> Aim:
    code, level1, level2, name, printed, unit, weight = told
    return Aim(code, level1, level2, name, printed, unit, None if weight is None else Decimal(weight))
