"""What a programme's dated rules say on a day: rates, cap, days, what excludes it, and who pays through which bank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yikatong.benefits.deadlines import Deadline
from yikatong.benefits.programme import Programme, Rates
from yikatong.office.rulebook import NoSuchRule, ruling, whole
from yikatong.residents.lists import limits_on
from yikatong.residents.sheets import Limits

ANY_BASIS = "any"
"""In rule benefit.<programme>.ages: whatever the basis."""


@dataclass(frozen=True)
class Terms:
    """The rules of one programme. `ages` are the least and the most years that its people have, by their basis, or of `any`;
    empty where nothing says. `document` is where its rates come from, empty where they are assumed."""

    rates: Rates
    cap_fen: int
    publicity_days: int
    treasury_days: int
    exclusive: tuple[str, ...]
    holds: tuple[str, ...]
    ages: Mapping[str, tuple[int, int]]
    document: str


@dataclass(frozen=True)
class Payer:
    """Whose account the money leaves."""

    name: str
    account: str


def terms_of(programme: Programme, on: date) -> Terms:
    """What holds on that day: for rates, the first day of the period.

    Rates and cap are each programme's own. Days, what excludes it and what is held are those of all programmes
    (`benefit.publicity_days` …) where it has none of its own (`benefit.<programme>.publicity_days`).
    """

    def its(name: str) -> Any:
        return ruling(programme.rule(name), on, f"benefit.{name}").value

    rates = ruling(programme.rule("rates"), on)
    return Terms(
        rates={str(name): int(value) for name, value in rates.value.items()},
        cap_fen=whole(programme.rule("cap_fen"), on),
        publicity_days=publicity_days(programme, on),
        treasury_days=int(its("treasury_days")),
        exclusive=tuple(its("exclusive")),
        holds=tuple(its("holds")),
        ages={
            str(basis): (int(least), int(most))
            for basis, (least, most) in _if_any(programme.rule("ages"), on, {}).items()
        },
        document=rates.document,
    )


def publicity_days(programme: Programme, on: date) -> int:
    """For how many working days a batch of the programme is in public view; nought where it need not be."""
    return int(ruling(programme.rule("publicity_days"), on, "benefit.publicity_days").value)


def deadline_of(programme: Programme, on: date) -> Deadline | None:
    """By when a period of the programme is to be paid, by rule benefit.<programme>.due; None where nobody set a day."""
    said = _if_any(programme.rule("due"), on, None)
    return None if said is None else Deadline(**{str(name): int(value) for name, value in said.items()})


def limits(on: date) -> Limits:
    """How large a roster may be: wider than lists of people, for a city pays its pensions in one."""
    return replace(
        limits_on(on),
        megabytes=whole("benefit.roster_megabytes", on),
        unpacked_megabytes=whole("benefit.roster_unpacked_megabytes", on),
        rows=whole("benefit.roster_rows", on),
    )


def payer(on: date) -> Payer:
    """The account of the centre's payments."""
    said = ruling("benefit.payer", on).value
    return Payer(said["name"], said["account"])


def bank_profiles(on: date) -> dict[str, str]:
    """Bank code -> name of the form its files have."""
    return {str(code): str(name) for code, name in ruling("benefit.banks", on).value.items()}


def _if_any(rule: str, on: date, otherwise: Any) -> Any:
    """What a rule says that a programme need not have."""
    try:
        return ruling(rule, on).value
    except NoSuchRule:
        return otherwise
