"""What a programme's dated rules say on a day: rates, cap, days, what excludes it, and who pays through which bank."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from yikatong.benefits.programme import Programme, Rates
from yikatong.office.rulebook import ruling, whole
from yikatong.residents.lists import limits_on
from yikatong.residents.sheets import Limits


@dataclass(frozen=True)
class Terms:
    """The rules of one programme. `document` is where its rates come from, empty where they are assumed."""

    rates: Rates
    cap_fen: int
    publicity_days: int
    treasury_days: int
    exclusive: tuple[str, ...]
    holds: tuple[str, ...]
    document: str


@dataclass(frozen=True)
class Payer:
    """Whose account the money leaves."""

    name: str
    account: str


def terms_of(programme: Programme, on: date) -> Terms:
    """What holds on that day: for rates, the first day of the period."""
    rates = ruling(programme.rule("rates"), on)
    return Terms(
        rates={str(name): int(value) for name, value in rates.value.items()},
        cap_fen=whole(programme.rule("cap_fen"), on),
        publicity_days=whole(programme.rule("publicity_days"), on),
        treasury_days=whole(programme.rule("treasury_days"), on),
        exclusive=tuple(ruling(programme.rule("exclusive"), on).value),
        holds=tuple(ruling(programme.rule("holds"), on).value),
        document=rates.document,
    )


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
