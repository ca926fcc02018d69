"""The bank's side of line-wise files, delimited and of fixed width."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from yikatong.basics.crypto import sm3
from yikatong.benefits.bankfiles.played import NotTaken, Order, Outcome, Payment
from yikatong.benefits.bankfiles.profiles import NUMBERS, Column, Form, Profile

Line = tuple[Column, ...]


def take(profile: Profile, content: bytes) -> Order:
    """The payments of a file; NotTaken where it is not whole."""
    form = profile.payments
    lines = content.split(form.end_of_line)
    try:
        told = dict(_cells(form, form.header, lines[0]))
    except ValueError as wrong:
        raise NotTaken from wrong
    try:
        return _order(form, content, lines, told)
    except (ValueError, KeyError, InvalidOperation) as wrong:
        raise NotTaken(told["number"]) from wrong


def _order(form: Form, content: bytes, lines: list[bytes], told: dict[str, str]) -> Order:
    if lines.pop() != b"":
        raise ValueError("the last line is cut off")
    covered = content[len(lines[0]) + len(form.end_of_line) :]
    if form.trailer:
        told |= _cells(form, form.trailer, lines[-1])
        covered = content[: content.rindex(lines.pop())]
    payments = tuple(_payment(form, dict(_cells(form, form.rows, line))) for line in lines[1:])
    total = sum(payment.fen for payment in payments)
    if int(told["rows"]) != len(payments) or _fen(form, told["total"]) != total:
        raise ValueError("the totals disagree")
    if told["digest"] != sm3(covered).hex():
        raise ValueError("the content was altered")
    on = datetime.strptime(told["on"], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    return Order(told["number"], told["payer_account"], on, payments)


def asked_about(profile: Profile, content: bytes) -> str:
    """The number of the payment file that an enquiry asks about; "" where this is no enquiry."""
    form = profile.enquiries
    if form is None or content.count(form.end_of_line) != 1 or not content.endswith(form.end_of_line):
        return ""
    mark = form.header[0].constant.encode(form.encoding)
    try:
        told = dict(_cells(form, form.header, content.removesuffix(form.end_of_line)))
    except ValueError:
        return ""
    return told["number"] if content.startswith(mark) else ""


def answer(
    profile: Profile,
    number: str,
    on: date,
    outcomes: Iterable[Outcome],
    *,
    code: str = "",
    text: str = "",
) -> bytes:
    """An answer file with these outcomes, or with what the bank says of the file as a whole."""
    form = profile.answers
    outcomes = list(outcomes)
    told = {
        "number": number,
        "on": f"{on:%Y%m%d}",
        "rows": str(len(outcomes)),
        "total": _amount(form, sum(each.fen for each in outcomes)),
        "code": code,
        "text": text,
    }
    body = b"".join(_line(form, form.rows, _told(form, each)) for each in outcomes)
    if any(column.field == "digest" for column in form.header):
        return _line(form, form.header, told | {"digest": sm3(body).hex()}) + body
    top = _line(form, form.header, told) + body
    return top + _line(form, form.trailer, told | {"digest": sm3(top).hex()}) if form.trailer else top


def _told(form: Form, outcome: Outcome) -> dict[str, str]:
    return {
        "sequence": str(outcome.sequence),
        "row_id": outcome.row_id,
        "code": outcome.code,
        "text": outcome.text,
        "at": f"{outcome.at:%Y%m%d%H%M%S}",
        "serial": outcome.serial,
        "amount": _amount(form, outcome.fen),
    }


def _payment(form: Form, told: Mapping[str, str]) -> Payment:
    return Payment(
        int(told.get("sequence", "0")),
        told["row_id"],
        told["name"],
        told["account"],
        _fen(form, told["amount"]),
    )


def _cells(form: Form, line: Line, raw: bytes) -> list[tuple[str, str]]:
    if form.format == "fixed":
        cells, rest = [], raw
        for column in line:
            cells.append(rest[: column.width].decode(form.encoding).strip())
            rest = rest[column.width :]
        if len(raw) != sum(column.width for column in line):
            raise ValueError("a line is too short or too long")
    else:
        cells = raw.decode(form.encoding).split(form.separator)
    return [(column.field, cell) for column, cell in zip(line, cells, strict=True) if not column.constant]


def _line(form: Form, line: Line, told: Mapping[str, str]) -> bytes:
    cells = [(column, (column.constant or told[column.field]).encode(form.encoding)) for column in line]
    if form.format != "fixed":
        return form.separator.encode().join(cell for _, cell in cells) + form.end_of_line
    laid = [
        b"0" * (column.width - len(cell)) + cell
        if column.field in NUMBERS
        else cell + b" " * (column.width - len(cell))
        for column, cell in cells
    ]
    return b"".join(laid) + form.end_of_line


def _amount(form: Form, fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}" if form.in_yuan else str(fen)


def _fen(form: Form, text: str) -> int:
    return int(Decimal(text) * 100) if form.in_yuan else int(text)
