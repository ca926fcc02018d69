"""ISO 20022 pain.002, CustomerPaymentStatusReport: what became of each transfer of a pain.001 (any version of pain.002).

The code of a payment is its reason where it was rejected (`RJCT`), else its status; a profile maps both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.findings import Findings, too_large
from yikatong.benefits.bankfiles.formats import Format
from yikatong.benefits.bankfiles.lines import AnswerLine, Answers, Verdict
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.bankfiles.said import believed, meant, once, verdict
from yikatong.benefits.bankfiles.signs import is_code
from yikatong.benefits.bankfiles.values import read_iso_day, read_iso_fen, read_iso_time, read_whole
from yikatong.benefits.bankfiles.xml_walk import Record, Shape, Walk

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001."
_ROOT = "Document/CstmrPmtStsRpt"
_GROUP = f"{_ROOT}/OrgnlGrpInfAndSts"
_BATCH = f"{_ROOT}/OrgnlPmtInfAndSts"
SHAPE = Shape(
    home=("Document", "CstmrPmtStsRpt", "OrgnlPmtInfAndSts"),
    records=frozenset({"TxInfAndSts"}),
    nested=frozenset(),
    beside=frozenset(
        {"OrgnlPmtInfId", "OrgnlNbOfTxs", "OrgnlCtrlSum", "PmtInfSts", "StsRsnInf", "NbOfTxsPerSts"}
    ),
)


class _Reading:
    """One report, counted while it is read, so that its own totals can be held against it."""

    def __init__(self, profile: Profile, content: bytes) -> None:
        self.findings = Findings()
        self._profile = profile
        self._walk = Walk(content, SHAPE, self.findings)
        self._counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def answers(self) -> Answers:
        lines = once(self._lines(), self.findings)
        around = self._walk.around
        number = around.one(f"{_GROUP}/OrgnlMsgId", f"{_BATCH}/OrgnlPmtInfId")
        sound = self._walk.whole
        if not self._walk.namespace.startswith(NAMESPACE) or not is_code(number):
            sound, number = False, number if is_code(number) else ""
            self.findings.tell(1, _not_a_report())
        complete = self._adds_up() and sound
        said = believed(self._verdict(), complete)
        on = read_iso_day(around.one(f"{_ROOT}/GrpHdr/CreDtTm"))
        return Answers(number, on, said, lines, self.findings.all(), complete)

    def _lines(self) -> Iterator[tuple[int, AnswerLine]]:
        for record in self._walk.records():
            status = record.one("TxSts")
            counted = self._counted[status]
            counted[0] += 1
            counted[1] += read_iso_fen(record.one("OrgnlTxRef/Amt/InstdAmt")) or 0
            line = self._line(record, status)
            if isinstance(line, Refused):
                self.findings.tell(record.line, line)
            else:
                yield record.line, line

    def _line(self, record: Record, status: str) -> AnswerLine | Refused:
        row_id, sequence = record.one("OrgnlEndToEndId"), record.one("OrgnlInstrId")
        if not is_code(row_id) or len(record.texts["OrgnlEndToEndId"]) > 1:
            return _not_readable("row", "端到端标识", "the end-to-end id")
        if not status or len(record.texts["TxSts"]) > 1:
            return _not_readable("code", "交易状态", "the status")
        amount, at = record.one("OrgnlTxRef/Amt/InstdAmt"), record.one("AccptncDtTm")
        fen, read_at = read_iso_fen(amount), read_iso_time(at)
        if amount and (fen is None or record.one("OrgnlTxRef/Amt/InstdAmt@Ccy") != "CNY"):
            return _not_readable("amount", "金额", "the amount")
        if at and read_at is None:
            return _not_readable("time", "时间", "the time")
        reason = record.one("StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")
        code = reason if status == "RJCT" and reason else status
        result, strange = meant(self._profile, code)
        if strange is not None:
            self.findings.tell(record.line, strange)
        text = "；".join(filter(None, record.texts["StsRsnInf/AddtlInf"]))
        serial = record.one("AcctSvcrRef", "ClrSysRef")
        return AnswerLine(read_whole(sequence) or 0, row_id, result, code, text, read_at, serial, fen)

    def _verdict(self) -> Verdict | None:
        """The status of the group, or of its only payment instruction."""
        around = self._walk.around
        for where, status in ((_GROUP, "GrpSts"), (_BATCH, "PmtInfSts")):
            code = around.one(f"{where}/{status}")
            if code:
                reason = around.one(f"{where}/StsRsnInf/Rsn/Cd", f"{where}/StsRsnInf/Rsn/Prtry")
                text = around.one(f"{where}/StsRsnInf/AddtlInf")
                said, strange = verdict(self._profile, reason if code == "RJCT" and reason else code, text)
                if strange is not None:
                    self.findings.tell(around.line, strange)
                return said
        return None

    def _adds_up(self) -> bool:
        """Whether the report holds as many of each status as it says, and of that amount."""
        sound = True
        for where in (f"{_GROUP}/NbOfTxsPerSts", f"{_BATCH}/NbOfTxsPerSts"):
            texts = self._walk.around.texts
            sums = texts.get(f"{where}/DtldCtrlSum", [])
            statuses = texts.get(f"{where}/DtldSts", [])
            for place, status in enumerate(statuses):
                count, fen = self._counted[status]
                said = texts[f"{where}/DtldNbOfTxs"][place : place + 1]
                if said != [str(count)] and (not said or read_whole(said[0]) != count):
                    sound = self._disagrees(status, "".join(said), str(count))
                if len(sums) == len(statuses) and read_iso_fen(sums[place]) != fen:
                    sound = self._disagrees(status, sums[place], f"{fen // 100}.{fen % 100:02d}")
        return sound

    def _disagrees(self, status: str, said: str, found: str) -> bool:
        self.findings.tell(
            0,
            Refused(
                "file.rows",
                f"报文写明状态{status[:4]}为{said[:20]}，实际读到{found}，请与银行核对。",
                f"The report says {said[:20]} of status {status[:4]}, read were {found}; compare with the bank.",
            ),
        )
        return False


def read(profile: Profile, content: bytes) -> Answers:
    """The answers in a report. Whatever the bytes are, this gives what can be believed and never raises.

    Problems: those of `Walk`; file.size, file.header, file.rows; line.row, line.code, line.amount, line.time, line.repeated,
    line.contradicts, code.unknown.
    """
    if len(content) > profile.most_bytes:
        findings = Findings()
        findings.tell(0, too_large(len(content), profile.most_bytes))
        return Answers("", None, None, (), findings.all(), complete=False)
    return _Reading(profile, content).answers()


def _not_a_report() -> Refused:
    return Refused(
        "file.header",
        "这不是约定的 pain.002 报文，或没有写明答复哪个付款文件；请与银行核对。",
        "This is no pain.002, or it does not say which payment file it answers; compare with the bank.",
    )


def _not_readable(code: str, zh: str, en: str) -> Refused:
    return Refused(
        f"line.{code}",
        f"{zh}无法识别，这一笔未采用，仍待答复；请向银行核实。",
        f"Cannot read {en}; it is not taken and stays open. Ask the bank.",
    )


ENTRY = Format("ISO 20022 付款状态报告（pain.002）", "ISO 20022 pain.002", "xml", read=read)
