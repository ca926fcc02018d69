"""ISO 20022 camt.053, BankToCustomerStatement (any version): the movements of our account on a day.

An entry that names the payments inside it gives a booking for each of them, if they add up to the entry; else it is one
booking. What is not booked yet (`PDNG`, `INFO`) moves no balance and is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.booked import not_readable, statement
from yikatong.benefits.bankfiles.findings import Findings, too_large
from yikatong.benefits.bankfiles.formats import Format
from yikatong.benefits.bankfiles.lines import Booking, Statement
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.bankfiles.signs import is_code
from yikatong.benefits.bankfiles.values import read_iso_day, read_iso_fen, read_whole
from yikatong.benefits.bankfiles.xml_walk import Record, Shape, Walk

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
_STATEMENT = "Document/BkToCstmrStmt/Stmt"
SHAPE = Shape(
    home=("Document", "BkToCstmrStmt", "Stmt"),
    records=frozenset({"Ntry", "Bal"}),
    nested=frozenset({"TxDtls"}),
    beside=frozenset(
        {
            *(
                "Id",
                "StmtPgntn",
                "ElctrncSeqNb",
                "RptgSeq",
                "LglSeqNb",
                "CreDtTm",
                "FrToDt",
                "CpyDplctInd",
                "RptgSrc",
            ),
            *("Acct", "RltdAcct", "Intrst", "TxsSummry", "AddtlStmtInf"),
        }
    ),
)
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class _Reading:
    def __init__(self, content: bytes) -> None:
        self._findings = Findings()
        self._walk = Walk(content, SHAPE, self._findings)
        self._balances: dict[str, int] = {}
        self._days: dict[str, date] = {}
        self._entries, self._sound = 0, True

    def statement(self) -> Statement:
        bookings = list(self._bookings())
        around = self._walk.around
        if not self._walk.namespace.startswith(NAMESPACE):
            self._wrong(1, _not_a_statement())
        said = around.one(f"{_STATEMENT}/TxsSummry/TtlNtries/NbOfNtries")
        if said and read_whole(said) != self._entries:
            self._wrong(0, _other_count(said, self._entries))
        if len(around.texts.get(f"{_STATEMENT}/Id", ())) > 1:
            self._wrong(0, _several())
        opening = next((self._balances[code] for code in _OPENING if code in self._balances), None)
        closing = next((self._balances[code] for code in _CLOSING if code in self._balances), None)
        return statement(
            around.one(f"{_STATEMENT}/Id"),
            around.one(f"{_STATEMENT}/Acct/Id/Othr/Id", f"{_STATEMENT}/Acct/Id/IBAN"),
            next((self._days[code] for code in _CLOSING if code in self._days), None),
            (opening, closing),
            bookings,
            self._findings,
            whole=self._sound and self._walk.whole,
        )

    def _bookings(self) -> Iterator[Booking]:
        for record in self._walk.records():
            if record.name == "Bal":
                self._balance(record)
            else:
                self._entries += 1
                yield from self._entry(record)

    def _balance(self, record: Record) -> None:
        fen = _signed(record)
        if isinstance(fen, Refused):
            self._wrong(record.line, fen)
        else:
            code, on = record.one("Tp/CdOrPrtry/Cd"), read_iso_day(record.one("Dt/Dt", "Dt/DtTm"))
            self._balances.setdefault(code, fen)
            if on is not None:
                self._days.setdefault(code, on)

    def _entry(self, record: Record) -> Iterator[Booking]:
        status = record.one("Sts/Cd", "Sts")
        if status != "BOOK":
            self._findings.tell(record.line, _not_booked(status))
            return
        fen = _signed(record)
        on = read_iso_day(record.one("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"))
        if isinstance(fen, Refused) or on is None:
            self._wrong(
                record.line, fen if isinstance(fen, Refused) else not_readable("记账日期", "the booking date")
            )
            return
        whole = Booking(
            record.line,
            _code(record.one("NtryDtls/Btch/MsgId", "NtryDtls/Btch/PmtInfId", "NtryRef")),
            "",
            fen,
            on,
            record.one("AcctSvcrRef"),
            record.one("AddtlNtryInf"),
            record.one("RvslInd") == "true",
        )
        if len(record.within) == 1 and not record.within[0].one("Amt", "AmtDtls/TxAmt/Amt"):
            yield _with_refs(whole, record.within[0], fen)
            return
        yield from self._parts(record, whole)

    def _parts(self, record: Record, whole: Booking) -> Iterator[Booking]:
        parts = [self._part(each, whole) for each in record.within]
        named = [each for each in parts if each is not None]
        if parts and len(named) == len(parts) and sum(each.fen for each in named) == whole.fen:
            yield from named
            return
        if parts:
            self._findings.tell(record.line, _parts_disagree())
        yield whole

    def _part(self, record: Record, whole: Booking) -> Booking | None:
        fen = read_iso_fen(record.one("Amt", "AmtDtls/TxAmt/Amt"))
        if fen is None:
            return None
        side = record.one("CdtDbtInd")
        credit = side == "CRDT" if side else whole.fen > 0
        return _with_refs(whole, record, fen if credit else -fen)

    def _wrong(self, line: int, refused: Refused) -> None:
        self._sound = False
        self._findings.tell(line, refused)


def read_statement(profile: Profile, content: bytes) -> Statement:
    """The statement in a message. Whatever the bytes are, this gives what can be believed and never raises.

    Problems: those of `Walk`; file.size, file.header, file.rows, file.several, file.balance, file.truncated;
    line.booking, line.not_booked, line.parts.
    """
    if len(content) > profile.most_bytes:
        findings = Findings()
        findings.tell(0, too_large(len(content), profile.most_bytes))
        return Statement("", "", None, None, None, (), findings.all(), complete=False)
    return _Reading(content).statement()


def _signed(record: Record) -> int | Refused:
    """What came in, negative for what went out."""
    fen, side = read_iso_fen(record.one("Amt")), record.one("CdtDbtInd")
    if fen is None or record.one("Amt@Ccy") != "CNY" or side not in ("CRDT", "DBIT"):
        return not_readable("金额、币种或借贷方向", "the amount, its currency or its side")
    return fen if side == "CRDT" else -fen


def _with_refs(whole: Booking, record: Record, fen: int) -> Booking:
    returned = any(path.startswith("RtrInf") for path in record.texts)
    return whole._replace(
        line=record.line,
        fen=fen,
        number=_code(record.one("Refs/MsgId", "Refs/PmtInfId")) or whole.number,
        row_id=_code(record.one("Refs/EndToEndId")),
        serial=record.one("Refs/AcctSvcrRef") or whole.serial,
        text=record.one("RtrInf/AddtlInf", "RmtInf/Ustrd", "AddtlTxInf") or whole.text,
        returned=whole.returned or returned,
    )


def _code(text: str) -> str:
    """A reference of ours; banks write NOTPROVIDED where they have none."""
    return text if is_code(text) and text != "NOTPROVIDED" else ""


def _not_a_statement() -> Refused:
    return Refused(
        "file.header",
        "这不是约定的 camt.053 对账单；请与银行核对。",
        "This is no camt.053 statement; compare with the bank.",
    )


def _several() -> Refused:
    return Refused(
        "file.several",
        "一个文件里有几份对账单，无法分清余额；请银行每份一个文件。",
        "There are several statements in one file, their balances cannot be told apart; ask for one a file.",
    )


def _other_count(said: str, found: int) -> Refused:
    return Refused(
        "file.rows",
        f"对账单写明{said[:15]}笔，实际读到{found}笔，请与银行核对。",
        f"The statement says {said[:15]} entries, read were {found}; compare with the bank.",
    )


def _not_booked(status: str) -> Refused:
    return Refused(
        "line.not_booked",
        f"这一笔尚未记账（状态{status[:4] or '未写'}），不计入；记账后会再次出现。",
        f"This entry is not booked yet (status {status[:4] or 'missing'}) and does not count; it will come again.",
    )


def _parts_disagree() -> Refused:
    return Refused(
        "line.parts",
        "这一笔的明细合计与总额不符，按一笔总额处理；请向银行要明细。",
        "The payments inside this entry do not add up to it; taken as one sum. Ask the bank for them.",
    )


ENTRY = Format(
    "ISO 20022 对账单（camt.053）",
    "ISO 20022 camt.053",
    "xml",
    read_statement=read_statement,
    mark=b"BkToCstmrStmt",
)
