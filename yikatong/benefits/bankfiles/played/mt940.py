"""The bank's side of MT940: the statement of an account written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from yikatong.benefits.bankfiles.played import Entry
from yikatong.benefits.bankfiles.profiles import Profile


def statement(
    profile: Profile, account: str, on: date, opening_fen: int, entries: Sequence[Entry], place: int = 1
) -> bytes:
    """The statement of an account with these movements; `place` is which of its day, from 1."""
    form = profile.statements
    assert form is not None
    closing = opening_fen + sum(each.fen for each in entries)
    lines = [
        f":20:{on:%y%m%d}STMT",
        f":25:{account}",
        f":28C:{on:%j}/{place}",
        f":60F:{_balance(on, opening_fen)}",
    ]
    for each in entries:
        mark, kind = "D" if each.fen < 0 else "C", "RTI" if each.returned else "TRF"
        lines.append(
            f":61:{each.on:%y%m%d}{mark}{_amount(each.fen)}N{kind}{each.number}//{each.serial[-16:]}"
        )
        row = f"/{form.keys['row']}/{each.row_id}" if each.row_id else ""
        said = f"/{form.keys['file']}/{each.number}{row}/TEXT/{'支付退票' if each.returned else '批量代发'} {each.text}"
        lines.append(f":86:{said[:65]}")
        lines += [said[start : start + 65] for start in range(65, len(said), 65)]
    lines += [f":62F:{_balance(on, closing)}", "-"]
    return b"".join(line.encode(form.encoding) + form.end_of_line for line in lines)


def _balance(on: date, fen: int) -> str:
    return f"{'D' if fen < 0 else 'C'}{on:%y%m%d}CNY{_amount(fen)}"


def _amount(fen: int) -> str:
    return f"{Decimal(abs(fen)) / 100:.2f}".replace(".", ",")
