"""Line-wise answers read: good lines given, each other line told, cut-off and altered files recognised. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.findings import Findings, too_large
from yikatong.benefits.bankfiles.lines import AnswerLine, Answers, Verdict
from yikatong.benefits.bankfiles.profiles import Column, Form, Profile
from yikatong.benefits.bankfiles.said import believed, meant, once, verdict
from yikatong.benefits.bankfiles.signs import is_code
from yikatong.benefits.bankfiles.values import printed_fen, read_fen, read_time, read_whole
from yikatong.cards.files.frame import read_day

Unpack = Callable[[Form, Sequence[Column], bytes], list[str] | Refused]
_BOM = b"\xef\xbb\xbf"


def read_answers(profile: Profile, content: bytes, unpack: Unpack) -> Answers:
    """The answers in a line-wise file. Whatever the bytes are, this gives what can be believed and never raises.

    Problems of the file: file.size, file.empty, file.header, file.truncated, file.rows, file.total, file.digest; of a
    line: what `unpack` refuses, line.foreign, line.cut, line.after_end, line.row, line.amount, line.time,
    line.sequence, line.code, line.repeated, line.contradicts, code.unknown.
    """
    findings, content = Findings(), content.removeprefix(_BOM)
    if len(content) > profile.most_bytes or not content.strip():
        findings.tell(0, _unreadable(profile, content))
        return Answers("", None, None, (), findings.all(), complete=False)
    reading = _Reading(profile, unpack, findings)
    lines = once(reading.lines(content), findings)
    complete = reading.adds_up()
    whole = believed(reading.verdict, complete)
    return Answers(reading.number, reading.on, whole, lines, findings.all(), complete)


class _Reading:
    """One pass over a file; what header and trailer say is compared with what was met in between."""

    def __init__(self, profile: Profile, unpack: Unpack, findings: Findings) -> None:
        self.number = ""
        self.on: date | None = None
        self.verdict: Verdict | None = None
        self._profile, self._form = profile, profile.answers
        self._unpack, self._findings = unpack, findings
        self._fields = [
            (column.field, place) for place, column in enumerate(self._form.rows) if not column.constant
        ]
        self._marked = [place for place, column in enumerate(self._form.rows) if column.constant]
        self._marks = [column.constant for column in self._form.rows if column.constant]
        self._end_mark = (
            self._form.trailer[0].constant.encode(self._form.encoding) if self._form.trailer else b""
        )
        self._told: list[Mapping[str, str]] = []
        self._digest = ""
        self._rows, self._total = 0, 0
        self._ended, self._sound = not self._form.trailer, True

    def lines(self, content: bytes) -> Iterator[tuple[int, AnswerLine]]:
        """Each good line with its place; the others are told."""
        pieces = content.split(b"\n")
        uncut = pieces[-1] == b""
        if uncut:
            del pieces[-1]
        place = len(pieces[0]) + 1
        self._header(pieces[0].removesuffix(b"\r"), content[place:])
        for number, piece in enumerate(pieces[1:], start=2):
            raw = piece.removesuffix(b"\r")
            values = self._trailer(raw)
            if values is not None:
                self._end(number, values, content[:place])
            elif number == len(pieces) and not uncut:
                self._wrong(number, _cut())
            else:
                line = self._line(number, raw)
                if line is not None:
                    yield number, line
            place += len(piece) + 1

    def adds_up(self) -> bool:
        """Whether the file came whole and as it was written; tells what disagrees."""
        if not self._ended:
            self._wrong(0, _truncated())
        for told in self._told:
            if "rows" in told and read_whole(told["rows"]) != self._rows:
                self._wrong(0, _disagrees("rows", told["rows"], str(self._rows)))
            if "total" in told and self._fen(told["total"]) != self._total:
                self._wrong(
                    0, _disagrees("total", told["total"], printed_fen(self._total, self._form.in_yuan))
                )
            if told.get("digest", self._digest).lower() != self._digest:
                self._wrong(0, _altered())
        return self._sound

    def _header(self, raw: bytes, rest: bytes) -> None:
        values = self._unpack(self._form, self._form.header, raw)
        if isinstance(values, Refused) or not _marked(self._form.header, values):
            self._wrong(1, _no_header())
            return
        told = _named(self._form.header, values)
        number, on = told.get("number", ""), told.get("on")
        if not is_code(number) or (on is not None and read_day(on) is None):
            self._wrong(1, _no_header())
            return
        self.number, self.on = number, read_day(on) if on else None
        if told.get("code"):
            self.verdict, strange = verdict(self._profile, told["code"], told.get("text", ""))
            if strange is not None:
                self._findings.tell(1, strange)
        if "digest" in told:
            self._digest = sm3(rest).hex()
        self._told.append(told)

    def _trailer(self, raw: bytes) -> list[str] | None:
        columns = self._form.trailer
        if not columns or not raw.startswith(self._end_mark):
            return None
        values = self._unpack(self._form, columns, raw)
        return None if isinstance(values, Refused) or not _marked(columns, values) else values

    def _end(self, number: int, values: list[str], before: bytes) -> None:
        if self._ended:
            self._wrong(number, _after_end())
            return
        self._ended = True
        told = _named(self._form.trailer, values)
        if "digest" in told:
            self._digest = sm3(before).hex()
        self._told.append(told)

    def _line(self, number: int, raw: bytes) -> AnswerLine | None:
        self._rows += 1
        if self._ended and self._form.trailer:
            self._wrong(number, _after_end())
            return None
        values = self._unpack(self._form, self._form.rows, raw)
        if isinstance(values, Refused):
            self._findings.tell(number, values)
            return None
        line = self._answer(number, values) if self._is_row(values) else _foreign()
        if isinstance(line, Refused):
            self._findings.tell(number, line)
            return None
        self._total += line.fen or 0
        return line

    def _is_row(self, values: list[str]) -> bool:
        return [values[place] for place in self._marked] == self._marks

    def _answer(self, number: int, values: list[str]) -> AnswerLine | Refused:
        told = {field: values[place] for field, place in self._fields}
        if not is_code(told["row_id"]):
            return _not_readable("row", "明细编号", "the row's number")
        sequence = read_whole(told["sequence"]) if "sequence" in told else 0
        if sequence is None:
            return _not_readable("sequence", "序号", "the sequence number")
        fen, at = self._fen(told.get("amount", "")), read_time(told.get("at", ""))
        if told.get("amount") and fen is None:
            return _not_readable("amount", "金额", "the amount")
        if told.get("at") and at is None:
            return _not_readable("time", "时间", "the time")
        if not told["code"]:
            return _not_readable("code", "结果代码", "the result code")
        result, strange = meant(self._profile, told["code"])
        if strange is not None:
            self._findings.tell(number, strange)
        return AnswerLine(
            sequence,
            told["row_id"],
            result,
            told["code"],
            told.get("text", ""),
            at,
            told.get("serial", ""),
            fen,
        )

    def _fen(self, text: str) -> int | None:
        return read_fen(text, self._form.in_yuan)

    def _wrong(self, line: int, refused: Refused) -> None:
        self._sound = False
        self._findings.tell(line, refused)


def _marked(columns: Sequence[Column], values: Sequence[str]) -> bool:
    return all(
        not column.constant or column.constant == value for column, value in zip(columns, values, strict=True)
    )


def _named(columns: Sequence[Column], values: Sequence[str]) -> Mapping[str, str]:
    return {column.field: value for column, value in zip(columns, values, strict=True) if not column.constant}


def _unreadable(profile: Profile, content: bytes) -> Refused:
    if not content.strip():
        return Refused(
            "file.empty", "文件是空的，请银行重传。", "The file is empty; ask the bank to send it again."
        )
    return too_large(len(content), profile.most_bytes)


def _no_header() -> Refused:
    return Refused(
        "file.header",
        "第1行不是约定的文件头，不知道答复的是哪个付款文件；请与银行核对格式。",
        "Line 1 is not the agreed header; which payment file it answers is not known. Compare the format.",
    )


def _truncated() -> Refused:
    return Refused(
        "file.truncated",
        "文件没有结尾行，传输中断或被截断；已读到的行有效，请银行重传整个文件。",
        "The file has no trailer, it was cut off; what was read stands. Ask the bank to send it whole.",
    )


def _altered() -> Refused:
    return Refused(
        "file.digest",
        "文件内容与其 SM3 校验值不符，可能缺行或被改动；请银行重传。",
        "The content does not fit its SM3; lines may be missing or altered. Ask the bank to send it again.",
    )


def _disagrees(field: str, said: str, found: str) -> Refused:
    zh, en = {"rows": ("笔数", "rows"), "total": ("总额", "total")}[field]
    return Refused(
        f"file.{field}",
        f"文件写明{zh}{said[:20]}，实际读到{found}，请与银行核对。",
        f"The file says {en} {said[:20]}, read were {found}; compare with the bank.",
    )


def _cut() -> Refused:
    return Refused(
        "line.cut",
        "最后一行没有写完，未采用；请银行重传。",
        "The last line is cut off and not taken; ask the bank to send it again.",
    )


def _after_end() -> Refused:
    return Refused(
        "line.after_end",
        "结尾行之后还有内容，未采用；请向银行核实。",
        "There is more after the trailer; not taken, ask the bank.",
    )


def _foreign() -> Refused:
    return Refused(
        "line.foreign",
        "这一行不是约定的明细行，未采用；请向银行核实。",
        "This is not an agreed line; not taken, ask the bank.",
    )


def _not_readable(code: str, zh: str, en: str) -> Refused:
    return Refused(
        f"line.{code}",
        f"{zh}无法识别，这一行未采用，该笔仍待答复；请向银行核实。",
        f"Cannot read {en}; the line is not taken and its payment stays open. Ask the bank.",
    )
