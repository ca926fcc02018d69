"""ISO 20022 pain.001.001.09, CustomerCreditTransferInitiation: one message, one payment instruction, a transfer a row.

Lengths, order and required elements are those of the schema: Max35Text for references, Max140Text for names and memos,
Max34Text for accounts, Max15NumericText for counts, 18 digits for amounts. Keys of the profile: `payer_bank`, the bank's
own clearing member number.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.findings import Findings
from yikatong.benefits.bankfiles.formats import Format
from yikatong.benefits.bankfiles.lines import FileHeader, NotWritten, PaymentLine, Problem
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.bankfiles.signs import printable

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_LONGEST = {"name": 140, "memo": 140, "bank_code": 35, "account": 34}
_NAMES = {
    "name": ("姓名", "the name"),
    "memo": ("附言", "the memo"),
    "bank_code": ("银行代码", "the bank's code"),
    "account": ("账号", "the account"),
    "payer_name": ("付款单位名称", "the payer's name"),
    "programme_code": ("项目代码", "the programme's code"),
}


def rows(_profile: Profile, lines: Sequence[PaymentLine]) -> tuple[bytes, tuple[Problem, ...]]:
    """A transfer for each line. Refused: line.too_long, and what `printable` refuses."""
    findings, parts = Findings(), []
    for line in lines:
        wrong = _unfit(line)
        if wrong is None:
            parts.append(_transfer(line))
        else:
            findings.tell(line.sequence, wrong)
    return "".join(parts).encode(), findings.all()


def framed(profile: Profile, header: FileHeader, body: bytes) -> bytes | NotWritten:
    """The message's bytes, without a space between elements, in UTF-8."""
    findings = Findings()
    for field, most in (("payer_name", 140), ("programme_code", 35)):
        wrong = _text_unfit(field, getattr(header, field), most)
        if wrong is not None:
            findings.tell(0, wrong)
    problems = findings.all()
    if problems:
        return NotWritten(problems)
    return _opening(profile, header).encode() + body + b"</PmtInf></CstmrCdtTrfInitn></Document>\n"


def _unfit(line: PaymentLine) -> Refused | None:
    for field, most in _LONGEST.items():
        wrong = _text_unfit(field, getattr(line, field), most)
        if wrong is not None:
            return wrong
    return None


def _opening(profile: Profile, header: FileHeader) -> str:
    counted = f"<NbOfTxs>{header.rows}</NbOfTxs><CtrlSum>{print_yuan(header.total_fen)}</CtrlSum>"
    payer = f"<Nm>{escape(header.payer_name, quote=False)}</Nm>"
    kind = _wrapped("PmtTpInf/CtgyPurp/Prtry", header.programme_code)
    bank = (
        _wrapped("ClrSysMmbId/MmbId", profile.payments.keys.get("payer_bank", ""))
        or "<Othr><Id>NOTPROVIDED</Id></Othr>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>{header.number}</MsgId><CreDtTm>{header.on:%Y-%m-%d}T00:00:00+08:00</CreDtTm>{counted}"
        f"<InitgPty>{payer}</InitgPty></GrpHdr>"
        f"<PmtInf><PmtInfId>{header.number}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>{counted}{kind}"
        f"<ReqdExctnDt><Dt>{header.on:%Y-%m-%d}</Dt></ReqdExctnDt><Dbtr>{payer}</Dbtr>"
        f"<DbtrAcct><Id><Othr><Id>{header.payer_account}</Id></Othr></Id><Ccy>CNY</Ccy></DbtrAcct>"
        f"<DbtrAgt><FinInstnId>{bank}</FinInstnId></DbtrAgt>\n"
    )


def _transfer(line: PaymentLine) -> str:
    agent = _wrapped("CdtrAgt/FinInstnId/ClrSysMmbId/MmbId", line.bank_code)
    tail = _wrapped("Id/PrvtId/Othr/Id", line.id_tail)
    memo = _wrapped("RmtInf/Ustrd", line.memo)
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>{line.sequence}</InstrId><EndToEndId>{line.row_id}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="CNY">{print_yuan(line.fen)}</InstdAmt></Amt>{agent}'
        f"<Cdtr><Nm>{escape(line.name, quote=False)}</Nm>{tail}</Cdtr>"
        f"<CdtrAcct><Id><Othr><Id>{line.account}</Id></Othr></Id></CdtrAcct>{memo}</CdtTrfTxInf>\n"
    )


def _wrapped(path: str, text: str) -> str:
    """The text inside these elements; nothing at all where there is no text, since none of them may be empty."""
    if not text:
        return ""
    names = path.split("/")
    opening, closing = (
        "".join(f"<{name}>" for name in names),
        "".join(f"</{name}>" for name in reversed(names)),
    )
    return f"{opening}{escape(text, quote=False)}{closing}"


def _text_unfit(field: str, text: str, most: int) -> Refused | None:
    wrong = printable(text)
    if wrong is not None:
        return wrong
    if len(text) <= most:
        return None
    zh, en = _NAMES[field]
    return Refused(
        "line.too_long",
        f"{zh}长{len(text)}字，报文只容{most}字，不截短送出；请与银行商定后处理。",
        f"The message has {most} characters for {en}, which has {len(text)}; it is not cut.",
    )


ENTRY = Format("ISO 20022 付款指令（pain.001）", "ISO 20022 pain.001", "xml", rows, framed)
