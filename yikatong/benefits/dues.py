"""What is due for the basis of a row: the shapes that programmes share. Pure.

Each makes the `due` of a programme; its rates are that programme's rule `benefit.<programme>.rates`, in fen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from yikatong.basics.refused import Refused
from yikatong.benefits.programme import Due, Rates, hundredths, wrong_basis

DueOf = Callable[[str, Rates], Due | Refused]


def by_month(most: int = 12, *, exact: bool = False) -> DueOf:
    """So many months (the basis, one where it is empty, at most `most`) of `month_fen` where it is `exact`, else of
    something from `base_fen` to `most_fen`."""

    def due(basis: str, rates: Rates) -> Due | Refused:
        months = _whole(basis or "1", most)
        if months is None:
            return wrong_basis(
                "发放月数", f"1至{most}的整数，补发几个月写几", f"a whole number from 1 to {most}"
            )
        if exact:
            return Due(months * rates["month_fen"], months * rates["month_fen"])
        return Due(months * rates["base_fen"], months * rates["most_fen"])

    return due


def by_area(basis: str, rates: Rates) -> Due | Refused:
    """Area in mu, at most two decimals, at `mu_fen`; halves of a fen are rounded up (四舍五入到分)."""
    area = hundredths(basis)
    if area is None:
        return wrong_basis(
            "面积", "大于零、最多两位小数的亩数", "an area in mu above nothing, with at most two decimals"
        )
    fen = (area * rates["mu_fen"] + 50) // 100
    return Due(fen, fen)


def by_people(most: int, *, exact: bool) -> DueOf:
    """So many people (the basis) at `person_fen`: just that, or at most that (a household's own income is taken off)."""

    def due(basis: str, rates: Rates) -> Due | Refused:
        people = _whole(basis, most)
        if people is None:
            return wrong_basis("人数", f"1至{most}的整数", f"a whole number from 1 to {most}")
        return Due(people * rates["person_fen"] if exact else 1, people * rates["person_fen"])

    return due


def by_grade(what: str, en: str, grades: Mapping[str, str]) -> DueOf:
    """A rate for each grade: `grades` are what the basis may be -> the name of its rate; `what` and `en` name the
    column and its choices."""

    def due(basis: str, rates: Rates) -> Due | Refused:
        rate = grades.get(basis)
        if rate is None:
            return wrong_basis(what, "、".join(grades) + "之一", en)
        return Due(rates[rate], rates[rate])

    return due


def once(basis: str, rates: Rates) -> Due | Refused:
    """A sum of its own for each, from `base_fen` to `most_fen`, whatever the basis says."""
    return Due(rates["base_fen"], rates["most_fen"])


def _whole(text: str, most: int) -> int | None:
    if not (text.isascii() and text.isdecimal()) or len(text) > 6:
        return None
    return int(text) if 1 <= int(text) <= most else None
