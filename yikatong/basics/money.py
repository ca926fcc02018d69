"""Money: whole fen (分), an `int`, everywhere inside.

Yuan and wanyuan (万元, the unit of the public budget tables) exist only at the edges, as exact `Decimal`s or
as printed text. A `float` is refused outright: 0.1 + 0.2 has no place in an account book.
"""

from __future__ import annotations

import re
from decimal import Decimal

from yikatong.basics.characters import FULL_WIDTH

_YUAN_PLACES = 2
_WANYUAN_PLACES = 6
_PLACES = {"元": _YUAN_PLACES, "万元": _WANYUAN_PLACES}
_PLAIN = re.compile(r"\d+\.\d\d", re.ASCII)
"""As nearly every amount of a list is written."""
_AMOUNT = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?", re.ASCII)


def fen_from_yuan(amount: str | Decimal | int) -> int:
    """Fen of an amount in yuan: `"1,234.5"` -> 123450.

    Text may use full-width digits and thousands separators. Refused: `float` and `bool` (TypeError); text
    that is no plain amount, or has more than two written decimals, as "1.000" may mean a thousand
    (ValueError); a Decimal with a part of a fen, infinite or not a number (ValueError).
    """
    return _fen(amount, _YUAN_PLACES)


def fen_from_wanyuan(amount: str | Decimal | int) -> int:
    """Fen of an amount in 万元 (10,000 yuan), at most six decimals: `"173.41"` -> 173410000.

    Refuses what `fen_from_yuan` refuses.
    """
    return _fen(amount, _WANYUAN_PLACES)


def yuan(fen: int) -> Decimal:
    """The amount in yuan, exact, always two decimals."""
    return _decimal(fen, _YUAN_PLACES)


def wanyuan(fen: int) -> Decimal:
    """The amount in 万元, exact, always six decimals."""
    return _decimal(fen, _WANYUAN_PLACES)


def print_yuan(fen: int, *, thousands: bool = False) -> str:
    """The amount in yuan as text with two decimals: 123450 -> "1234.50", or "1,234.50" with `thousands`."""
    return _printed(fen, _YUAN_PLACES, _YUAN_PLACES, thousands)


def print_in(unit: str, fen: int, places: int = 2, *, thousands: bool = False) -> str:
    """The amount in 元 (0 to 2 decimals) or 万元 (0 to 6) as text, rounded half away from zero (四舍五入) to `places`.

    `print_in("万元", 173409000)` -> "173.41". What rounds to nothing prints without a sign.
    """
    most = _PLACES[unit]
    if not 0 <= places <= most:
        raise ValueError(f"places must be 0 to {most}, not {places}")
    return _printed(fen, most, places, thousands)


def _fen(amount: str | Decimal | int, unit_places: int) -> int:
    if isinstance(amount, bool) or not isinstance(amount, (str, Decimal, int)):
        raise TypeError(f"an amount of money is text, Decimal or int, not {type(amount).__name__}")
    scale: int = 10**unit_places
    if isinstance(amount, int):
        return amount * scale
    if isinstance(amount, str):
        return _fen_from_text(amount, unit_places)
    if not amount.is_finite():
        raise ValueError(f"not an amount of money: {amount}")
    # Ratios of integers are exact whatever the decimal context of the thread says.
    numerator, denominator = amount.as_integer_ratio()
    fen, rest = divmod(numerator * scale, denominator)
    if rest:
        raise ValueError(f"{amount} has a part of a fen")
    return fen


def _fen_from_text(text: str, unit_places: int) -> int:
    if unit_places == _YUAN_PLACES and _PLAIN.fullmatch(text):
        return int(text[:-3] + text[-2:])
    match = _AMOUNT.fullmatch(text.translate(FULL_WIDTH).strip())
    if match is None:
        raise ValueError(f"not an amount of money: {text!r}")
    sign, whole, decimals = match[1], match[2].replace(",", ""), match[3] or ""
    if len(decimals) > unit_places:
        raise ValueError(f"{text!r} has more than {unit_places} decimals")
    fen = int(whole + decimals.ljust(unit_places, "0"))
    return -fen if sign == "-" else fen


def _whole(fen: int) -> int:
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError(f"fen are int, not {type(fen).__name__}")
    return fen


def _decimal(fen: int, unit_places: int) -> Decimal:
    # Built from its digits: division and scaleb would round to the context's 28 digits.
    digits = tuple(int(digit) for digit in str(abs(_whole(fen))))
    return Decimal((int(fen < 0), digits, -unit_places))


def _printed(fen: int, unit_places: int, places: int, thousands: bool) -> str:
    step: int = 10 ** (unit_places - places)
    scale: int = 10**places
    rounded = (abs(_whole(fen)) + step // 2) // step
    whole, part = divmod(rounded, scale)
    sign = "-" if fen < 0 and rounded else ""
    decimals = f".{part:0{places}d}" if places else ""
    return f"{sign}{whole:,}{decimals}" if thousands else f"{sign}{whole}{decimals}"
