"""Line-wise bank files, whatever parts their columns: a header, a line a payment, a trailer. Pure.

Delimited and fixed-width files differ only in how one line is put together and taken apart; what keeps money from being
lost between two readings stands here once for writing and in `answer_records` for reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.answer_records import Unpack, read_answers
from yikatong.benefits.bankfiles.findings import Findings
from yikatong.benefits.bankfiles.lines import Answers, FileHeader, NotWritten, PaymentLine, Problem
from yikatong.benefits.bankfiles.profiles import Column, Form, Profile
from yikatong.benefits.bankfiles.values import printed_fen

Pack = Callable[[Form, Sequence[Column], Sequence[str]], bytes | Refused]


@dataclass(frozen=True, slots=True)
class Records:
    """How one line is put together and taken apart, and with it a whole file."""

    pack: Pack
    unpack: Unpack

    def rows(self, profile: Profile, lines: Sequence[PaymentLine]) -> tuple[bytes, tuple[Problem, ...]]:
        """The lines' bytes, one after the other, and why others cannot be put into a line."""
        form, findings, rows = profile.payments, Findings(), []
        getters, columns, pack = _getters(form), form.rows, self.pack
        for line in lines:
            row = pack(form, columns, [get(line) for get in getters])
            if isinstance(row, Refused):
                findings.tell(line.sequence, row)
            else:
                rows.append(row)
        return b"".join(row + form.end_of_line for row in rows), findings.all()

    def framed(self, profile: Profile, header: FileHeader, body: bytes) -> bytes | NotWritten:
        """The file: its rows between a header and a trailer; a digest stands in one of them."""
        form, findings = profile.payments, Findings()
        head = self._edge(form, form.header, header, b"" if _digested(form.trailer) else body)
        tail: bytes | Refused = b""
        if form.trailer and not isinstance(head, Refused):
            tail = self._edge(form, form.trailer, header, head + body)
        for edge in (head, tail):
            if isinstance(edge, Refused):
                findings.tell(0, edge)
        if isinstance(head, Refused) or isinstance(tail, Refused):
            return NotWritten(findings.all())
        return head + body + tail

    def ask(self, form: Form, header: FileHeader) -> bytes | Refused:
        """The bytes of an enquiry: one line that says which file is asked about."""
        return self._edge(form, form.header, header, b"")

    def read(self, profile: Profile, content: bytes) -> Answers:
        """What the bank answers, as far as it can be read."""
        return read_answers(profile, content, self.unpack)

    def _edge(
        self, form: Form, columns: Sequence[Column], header: FileHeader, covered: bytes
    ) -> bytes | Refused:
        values = _of_file(form, header)
        if _digested(columns):
            values["digest"] = sm3(covered).hex()
        packed = self.pack(form, columns, [column.constant or values[column.field] for column in columns])
        return packed if isinstance(packed, Refused) else packed + form.end_of_line


def _of_file(form: Form, header: FileHeader) -> dict[str, str]:
    return {
        "number": header.number,
        "programme_code": header.programme_code,
        "programme_name": header.programme_name,
        "payer_account": header.payer_account,
        "payer_name": header.payer_name,
        "rows": str(header.rows),
        "total": printed_fen(header.total_fen, form.in_yuan),
        "on": f"{header.on:%Y%m%d}",
    }


def _getters(form: Form) -> list[Callable[[PaymentLine], str]]:
    return [
        _constant(column.constant) if column.constant else _of_line(form, column.field)
        for column in form.rows
    ]


def _constant(text: str) -> Callable[[PaymentLine], str]:
    return lambda _: text


def _of_line(form: Form, field: str) -> Callable[[PaymentLine], str]:
    if field == "amount":
        return lambda line: printed_fen(line.fen, form.in_yuan)
    place = PaymentLine._fields.index(field)
    return lambda line: str(line[place])


def _digested(columns: Sequence[Column]) -> bool:
    return any(column.field == "digest" for column in columns)
