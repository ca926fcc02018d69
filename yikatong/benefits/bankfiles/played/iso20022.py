"""The bank's side of ISO 20022: pain.001 read, pain.002 and camt.053 written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as ET

from yikatong.benefits.bankfiles.played import Entry, NotTaken, Order, Outcome, Payment
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.bankfiles.results import Result

_PAIN_001 = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
_PAIN_002 = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
_CAMT_053 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
Node = ET.Element


def take(_profile: Profile, content: bytes) -> Order:
    """The payments of a message; NotTaken where it is not whole."""
    if b"<!DOCTYPE" in content:
        raise NotTaken
    try:
        root = ET.fromstring(content)  # noqa: S314 - no document type, so no entities to blow up
        number = _text(root, "CstmrCdtTrfInitn/GrpHdr/MsgId")
    except (ET.ParseError, ValueError) as wrong:
        raise NotTaken from wrong
    try:
        return _order(number, root)
    except (ValueError, InvalidOperation) as wrong:
        raise NotTaken(number) from wrong


def _order(number: str, root: Node) -> Order:
    payments = tuple(_payment(node) for node in root.iter(f"{_PAIN_001}CdtTrfTxInf"))
    total = sum(each.fen for each in payments)
    for level in ("GrpHdr", "PmtInf"):
        count, said = (_text(root, f"CstmrCdtTrfInitn/{level}/{name}") for name in ("NbOfTxs", "CtrlSum"))
        if int(count) != len(payments) or Decimal(said) * 100 != total:
            raise ValueError("the control totals disagree")
    account = _text(root, "CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/Othr/Id")
    day = date.fromisoformat(_text(root, "CstmrCdtTrfInitn/PmtInf/ReqdExctnDt/Dt"))
    return Order(number, account, day, payments)


def _payment(node: Node) -> Payment:
    return Payment(
        int(_text(node, "PmtId/InstrId")),
        _text(node, "PmtId/EndToEndId"),
        _text(node, "Cdtr/Nm"),
        _text(node, "CdtrAcct/Id/Othr/Id"),
        int(Decimal(_text(node, "Amt/InstdAmt")) * 100),
    )


def _text(node: Node, path: str) -> str:
    found = node.find("/".join(_PAIN_001 + name for name in path.split("/")))
    if found is None or not found.text:
        raise ValueError(f"no {path}")
    return found.text


def answer(
    profile: Profile,
    number: str,
    on: date,
    outcomes: Iterable[Outcome],
    *,
    code: str = "",
    text: str = "",
) -> bytes:
    """A status report with these outcomes, or with what the bank says of the message as a whole."""
    report = Node("Document", xmlns=_PAIN_002)
    root = _below(report, "CstmrPmtStsRpt")
    head = _below(root, "GrpHdr")
    _below(head, "MsgId", f"S{number}")
    _below(head, "CreDtTm", f"{on:%Y-%m-%d}T18:00:00+08:00")
    group = _below(root, "OrgnlGrpInfAndSts")
    _below(group, "OrgnlMsgId", number)
    _below(group, "OrgnlMsgNmId", "pain.001.001.09")
    if code:
        _below(group, "GrpSts", "RJCT")
        _reason(group, code, text)
    batch = _below(root, "OrgnlPmtInfAndSts")
    _below(batch, "OrgnlPmtInfId", number)
    said = [(_status(profile, each), each) for each in outcomes]
    sums: dict[str, list[int]] = defaultdict(list)
    for status, each in said:
        sums[status].append(each.fen)
    for status, amounts in sorted(sums.items()):
        per = _below(batch, "NbOfTxsPerSts")
        _below(per, "DtldNbOfTxs", str(len(amounts)))
        _below(per, "DtldSts", status)
        _below(per, "DtldCtrlSum", _yuan(sum(amounts)))
    for status, each in said:
        _outcome(batch, status, each)
    return _bytes(report)


def _status(profile: Profile, outcome: Outcome) -> str:
    return outcome.code if profile.codes[outcome.code] in (Result.PAID, Result.UNKNOWN) else "RJCT"


def _outcome(batch: Node, status: str, outcome: Outcome) -> None:
    node = _below(batch, "TxInfAndSts")
    _below(node, "OrgnlInstrId", str(outcome.sequence))
    _below(node, "OrgnlEndToEndId", outcome.row_id)
    _below(node, "TxSts", status)
    if status == "RJCT":
        _reason(node, outcome.code, outcome.text)
    _below(node, "AccptncDtTm", f"{outcome.at:%Y-%m-%dT%H:%M:%S}+08:00")
    if outcome.serial:
        _below(node, "AcctSvcrRef", outcome.serial)
    amount = _below(_below(_below(node, "OrgnlTxRef"), "Amt"), "InstdAmt", _yuan(outcome.fen))
    amount.set("Ccy", "CNY")


def _reason(node: Node, code: str, text: str) -> None:
    info = _below(node, "StsRsnInf")
    # Four letters, the last two of them digits, are codes of the external list; the rest are this bank's own.
    _below(_below(info, "Rsn"), "Cd" if code[2:].isdigit() else "Prtry", code)
    if text:
        _below(info, "AddtlInf", text)


def statement(
    _profile: Profile, account: str, on: date, opening_fen: int, entries: Sequence[Entry], place: int = 1
) -> bytes:
    """The statement of an account with these movements; `place` is which of its day, from 1."""
    report = Node("Document", xmlns=_CAMT_053)
    root = _below(report, "BkToCstmrStmt")
    head = _below(root, "GrpHdr")
    _below(head, "MsgId", f"C{on:%Y%m%d}")
    _below(head, "CreDtTm", f"{on:%Y-%m-%d}T23:00:00+08:00")
    stmt = _below(root, "Stmt")
    _below(stmt, "Id", f"{on:%Y%m%d}-{place}")
    _below(_below(_below(_below(stmt, "Acct"), "Id"), "Othr"), "Id", account)
    closing = opening_fen + sum(each.fen for each in entries)
    for kind, fen in (("OPBD", opening_fen), ("CLBD", closing)):
        balance = _below(stmt, "Bal")
        _below(_below(_below(balance, "Tp"), "CdOrPrtry"), "Cd", kind)
        _amount(balance, fen)
        _below(_below(balance, "Dt"), "Dt", on.isoformat())
    _below(_below(_below(stmt, "TxsSummry"), "TtlNtries"), "NbOfNtries", str(len(entries)))
    for each in entries:
        _entry(stmt, each)
    return _bytes(report)


def _entry(stmt: Node, entry: Entry) -> None:
    node = _below(stmt, "Ntry")
    _amount(node, entry.fen)
    _below(_below(node, "Sts"), "Cd", "BOOK")
    _below(_below(node, "BookgDt"), "Dt", entry.on.isoformat())
    _below(node, "AcctSvcrRef", entry.serial)
    _below(_below(_below(node, "BkTxCd"), "Prtry"), "Cd", "RTRN" if entry.returned else "BTCH")
    details = _below(node, "NtryDtls")
    if not entry.row_id:
        _below(_below(details, "Btch"), "MsgId", entry.number)
        return
    one = _below(details, "TxDtls")
    refs = _below(one, "Refs")
    _below(refs, "MsgId", entry.number)
    _below(refs, "EndToEndId", entry.row_id)
    if entry.returned:
        _below(_below(_below(one, "RtrInf"), "Rsn"), "Prtry", entry.text)


def _amount(node: Node, fen: int) -> None:
    _below(node, "Amt", _yuan(abs(fen))).set("Ccy", "CNY")
    _below(node, "CdtDbtInd", "DBIT" if fen < 0 else "CRDT")


def _below(node: Node, name: str, text: str | None = None) -> Node:
    child = ET.SubElement(node, name)
    child.text = text
    return child


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def _bytes(report: Node) -> bytes:
    ET.indent(report)
    content: bytes = ET.tostring(report, encoding="utf-8", xml_declaration=True)
    return content
