"""SWIFT MT940, customer statement: field 61 a movement, field 86 its text, fields 60 and 62 the balances.

Keys of the profile: `file` and `row`, the words under which field 86 tells the payment file and the row (`/PREF/…`,
`/EREF/…`). A movement returned unpaid has the type RTI, a reversal the mark RC or RD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.booked import not_readable, statement
from yikatong.benefits.bankfiles.findings import Findings, too_large
from yikatong.benefits.bankfiles.formats import Format
from yikatong.benefits.bankfiles.lines import Booking, Statement
from yikatong.benefits.bankfiles.profiles import Form, Profile
from yikatong.benefits.bankfiles.signs import is_code

_TAG = re.compile(r":(\d\d[A-Z]?):(.*)")
_MOVEMENT = re.compile(
    r"(?P<on>\d{6})(?:\d{4})?(?P<mark>R?[CD])[A-Z]?(?P<amount>\d{1,12},\d{0,2})[NFS](?P<type>[0-9A-Z]{3})"
    r"(?P<ours>[^\n]{0,16}?)(?://(?P<theirs>[^\n]{1,16}))?(?:\n(?P<more>.*))?",
    re.ASCII | re.DOTALL,
)
_BALANCE = re.compile(r"([CD])(\d{6})CNY(\d{1,15},\d{0,2})", re.ASCII)
_OPENING, _CLOSING = ("60F", "60M"), ("62F", "62M")
_PASSED_OVER = frozenset({"20", "21", "13D", "34F", "64", "65", "90C", "90D"})


class _Field(NamedTuple):
    line: int
    tag: str
    text: str


class _Reading:
    def __init__(self, form: Form, content: bytes) -> None:
        self._findings, self._form, self._sound = Findings(), form, True
        self._number, self._account = "", ""
        self._on: date | None = None
        self._opening: int | None = None
        self._closing: int | None = None
        self._bookings: list[Booking] = []
        self._told = False
        self._fields = list(self._split(content))

    def statement(self) -> Statement:
        for field in self._fields:
            self._take(field)
        return statement(
            self._number,
            self._account,
            self._on,
            (self._opening, self._closing),
            self._bookings,
            self._findings,
            whole=self._sound,
        )

    def _split(self, content: bytes) -> Iterator[_Field]:
        """Fields with their lines; what follows a field's first line belongs to it."""
        field: _Field | None = None
        pieces = content.split(b"\n")
        for number, piece in enumerate(pieces, start=1):
            try:
                text = piece.removesuffix(b"\r").decode(self._form.encoding)
            except UnicodeDecodeError:
                self._wrong(number, _coding(self._form.encoding))
                continue
            tag = _TAG.match(text)
            if tag:
                if field is not None:
                    yield field
                field = _Field(number, tag[1], tag[2])
            elif field is not None and text not in ("", "-", "-}"):
                field = field._replace(text=f"{field.text}\n{text}")
            elif field is None and text and not text.startswith("{"):
                self._wrong(number, _foreign(text))
        if field is not None:
            yield field

    def _take(self, field: _Field) -> None:
        if field.tag == "61":
            self._movement(field)
        elif field.tag == "86":
            self._say(field.text)
        elif field.tag in _OPENING:
            self._open(field)
        elif field.tag in _CLOSING:
            self._closing = self._balance(field)
        elif field.tag == "25":
            self._account = self._account or field.text.strip()
        elif field.tag in ("28", "28C"):
            self._number = self._number or field.text.strip()
        elif field.tag not in _PASSED_OVER:
            self._wrong(field.line, _foreign(f":{field.tag}:"))

    def _open(self, field: _Field) -> None:
        fen = self._balance(field)
        if self._opening is None:
            self._opening = fen
        elif fen is not None and fen != self._closing:
            self._wrong(field.line, _pages())

    def _balance(self, field: _Field) -> int | None:
        found = _BALANCE.fullmatch(field.text.strip())
        if found is None:
            self._wrong(field.line, not_readable("余额", "the balance"))
            return None
        self._on = _day(found[2]) or self._on
        return _fen(found[3]) * (1 if found[1] == "C" else -1)

    def _movement(self, field: _Field) -> None:
        found = _MOVEMENT.fullmatch(field.text)
        on = _day(found["on"]) if found else None
        self._told = found is not None and on is not None
        if found is None or on is None:
            self._wrong(field.line, not_readable("第61栏", "field 61"))
            return
        out = found["mark"] in ("D", "RC")
        fen, ours = _fen(found["amount"]), found["ours"]
        self._bookings.append(
            Booking(
                field.line,
                ours if is_code(ours) else "",
                "",
                -fen if out else fen,
                on,
                found["theirs"] or "",
                found["more"] or "",
                found["mark"].startswith("R") or found["type"] == "RTI",
            )
        )

    def _say(self, text: str) -> None:
        """Field 86: the words about the movement before it; those of the statement itself are not needed."""
        if not self._told:
            return
        self._told = False
        plain, last = text.replace("\n", ""), self._bookings[-1]
        self._bookings[-1] = last._replace(
            number=_word(plain, self._form.keys.get("file", "PREF")) or last.number,
            row_id=_word(plain, self._form.keys.get("row", "EREF")),
            text=plain[:390],
        )

    def _wrong(self, line: int, refused: Refused) -> None:
        self._sound = False
        self._findings.tell(line, refused)


def read_statement(profile: Profile, content: bytes) -> Statement:
    """The statement in a message. Whatever the bytes are, this gives what can be believed and never raises.

    Problems: file.size, file.balance, file.truncated, file.pages; line.booking, line.encoding, line.foreign.
    """
    form = profile.statements
    if form is None or len(content) > profile.most_bytes:
        findings = Findings()
        findings.tell(0, too_large(len(content), profile.most_bytes))
        return Statement("", "", None, None, None, (), findings.all(), complete=False)
    return _Reading(form, content).statement()


def _word(text: str, key: str) -> str:
    found = re.search(rf"/{re.escape(key)}/([0-9A-Za-z]{{1,16}})(?![0-9A-Za-z])", text)
    return found[1] if found else ""


def _fen(text: str) -> int:
    whole, _, part = text.partition(",")
    return int(whole + part.ljust(2, "0"))


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _coding(encoding: str) -> Refused:
    return Refused(
        "line.encoding",
        f"这一行不是{encoding}编码，未采用；请向银行核实。",
        f"This line is not {encoding} and not taken; ask the bank.",
    )


def _foreign(text: str) -> Refused:
    return Refused(
        "line.foreign",
        f"“{text[:12]}”不是 MT940 的栏位，未采用；请向银行核实。",
        f"“{text[:12]}” is no field of an MT940 and not taken; ask the bank.",
    )


def _pages() -> Refused:
    return Refused(
        "file.pages",
        "续页的期初余额与上页的期末余额不同，可能缺页；请银行重传。",
        "A page does not open with the balance the last one closed with; a page may be missing.",
    )


ENTRY = Format("SWIFT MT940 对账单", "SWIFT MT940", "txt", read_statement=read_statement, mark=b"\n:25:")
