"""The desk of bank files: write a payment file, read what comes back, by a bank's profile. Pure: same in, same out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.findings import Findings
from yikatong.benefits.bankfiles.formats import formats
from yikatong.benefits.bankfiles.lines import (
    Answers,
    FileHeader,
    NotWritten,
    PaymentLine,
    Problem,
    Statement,
)
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.bankfiles.signs import is_code

_ACCOUNT = re.compile(r"[0-9A-Za-z]{5,34}")
_TAIL = re.compile(r"[0-9A-Za-z]{0,4}")
_GOOD = re.compile(r"[0-9A-Za-z]{1,16} [0-9A-Za-z]{5,34} [0-9A-Za-z]{0,4}")
"""Row, account and tail of a payment that can be sent, at one look."""


def write(profile: Profile, header: FileHeader, lines: Sequence[PaymentLine]) -> bytes | NotWritten:
    """The file's bytes, the same for the same header and lines.

    NotWritten, with every reason: those of `framed`, and by line those of `rows`, line.sequence and line.repeated.
    """
    findings = Findings()
    _each_once(lines, findings)
    body, unfit_lines = rows(profile, lines)
    whole = framed(profile, header, body, counted=(len(lines), sum(line.fen for line in lines)))
    problems = (*findings.all(), *unfit_lines, *(whole.problems if isinstance(whole, NotWritten) else ()))
    return NotWritten(problems) if problems else whole


def rows(profile: Profile, lines: Sequence[PaymentLine]) -> tuple[bytes, tuple[Problem, ...]]:
    """Payments as this bank's file has them, one after the other, and why others could not be sent, by `sequence`.

    By line: line.row, line.name, line.account, line.fen, line.id_tail, line.spaces, and what the format refuses.
    """
    form = formats()[profile.payments.format]
    if form.rows is None:
        raise ValueError(f"{profile.name}: {profile.payments.format} writes no payments")
    findings, good = Findings(), []
    for line in lines:
        wrong = _not_payable(line)
        if wrong is None:
            good.append(line)
        else:
            findings.tell(line.sequence, wrong)
    body, unfit_lines = form.rows(profile, good)
    problems = (*findings.all(), *unfit_lines)
    return body, tuple(sorted(problems, key=lambda each: each.line or len(lines) + 1))


def framed(
    profile: Profile, header: FileHeader, body: bytes, *, counted: tuple[int, int]
) -> bytes | NotWritten:
    """A file of rows that `rows` gave, of one slice of the payments or of many; `counted` are those rows and their fen.

    NotWritten: file.number, file.rows, file.total, file.payer, file.too_many, and what the format refuses.
    """
    form = formats()[profile.payments.format]
    if form.framed is None:
        raise ValueError(f"{profile.name}: {profile.payments.format} writes no payments")
    findings = Findings()
    _whole(profile, header, counted, findings)
    problems = findings.all()
    return NotWritten(problems) if problems else form.framed(profile, header, body)


def unfit(profile: Profile, lines: Sequence[PaymentLine]) -> tuple[Problem, ...]:
    """What of these payments could not be sent to this bank, by `sequence` (`rows`)."""
    return rows(profile, lines)[1]


def read(profile: Profile, content: bytes) -> Answers:
    """What the bank answers, as far as it can be read; any bytes are taken, and nothing raises."""
    form = formats()[profile.answers.format]
    if form.read is None:
        raise ValueError(f"{profile.name}: {profile.answers.format} reads no answers")
    return form.read(profile, content)


def read_statement(profile: Profile, content: bytes) -> Statement:
    """What the bank's statement of account says, as far as it can be read; any bytes are taken, and nothing raises."""
    if profile.statements is None:
        raise ValueError(f"{profile.name} agrees on no statements")
    form = formats()[profile.statements.format]
    if form.read_statement is None:
        raise ValueError(f"{profile.name}: {profile.statements.format} reads no statements")
    return form.read_statement(profile, content)


def write_enquiry(profile: Profile, header: FileHeader) -> bytes | Refused:
    """The bytes of the enquiry about a payment file (`header` is that file's). Refused: file.no_enquiries (none is agreed
    with this bank: it is asked by hand), and what the form cannot carry."""
    form = profile.enquiries
    ask = formats()[form.format].ask if form else None
    if form is None or ask is None:
        return _of_file(
            "no_enquiries", "与该银行没有约定查询文件。", "No enquiries are agreed with this bank."
        )
    return ask(form, header)


def is_statement(profile: Profile, content: bytes) -> bool:
    """Whether what this bank sent is a statement of account and no answer: by what stands near its beginning."""
    return profile.statements is not None and formats()[profile.statements.format].mark in content[:4096]


def _whole(profile: Profile, header: FileHeader, counted: tuple[int, int], findings: Findings) -> None:
    most, (count, total) = profile.payments.most_rows, counted
    if not is_code(header.number):
        findings.tell(
            0,
            _of_file(
                "number", "文件编号应为1至16位字母数字。", "A file's number has 1-16 letters and digits."
            ),
        )
    if not _ACCOUNT.fullmatch(header.payer_account) or not header.payer_name.strip():
        findings.tell(
            0, _of_file("payer", "付款账户或户名不完整。", "The payer's account or name is not complete.")
        )
    if not count or header.rows != count:
        zh = f"批次写明{header.rows}笔，实际{count}笔，未生成文件。"
        findings.tell(
            0,
            _of_file("rows", zh, f"The batch says {header.rows} rows, there are {count}; not written."),
        )
    if header.total_fen != total:
        zh = f"批次写明{header.total_fen}分，明细合计{total}分，未生成文件。"
        findings.tell(
            0, _of_file("total", zh, f"The batch says {header.total_fen} fen, its rows add up to {total}.")
        )
    if count > most:
        zh = f"银行每个文件最多{most}笔，本文件{count}笔，请分成几个文件。"
        findings.tell(
            0,
            _of_file("too_many", zh, f"The bank takes {most} rows a file, these are {count}; divide them."),
        )


def _each_once(lines: Sequence[PaymentLine], findings: Findings) -> None:
    seen: set[str] = set()
    for expected, line in enumerate(lines, start=1):
        if line.sequence != expected:
            findings.tell(
                line.sequence,
                _of_line("sequence", f"序号应为{expected}。", f"The sequence should be {expected}."),
            )
        if line.row_id in seen:
            findings.tell(
                line.sequence, _of_line("repeated", "明细编号重复。", "The row's number comes twice.")
            )
        seen.add(line.row_id)


def _not_payable(line: PaymentLine) -> Refused | None:
    name, memo = line.name, line.memo
    if (
        name
        and name == name.strip()
        and memo == memo.strip()
        and line.fen > 0
        and _GOOD.fullmatch(f"{line.row_id} {line.account} {line.id_tail}")
    ):
        return None
    if not is_code(line.row_id):
        return _of_line("row", "明细编号应为1至16位字母数字。", "A row's number has 1-16 letters and digits.")
    if not name.strip():
        return _of_line("name", "没有收款人姓名。", "There is no name.")
    if not _ACCOUNT.fullmatch(line.account):
        return _of_line("account", "账号应为5至34位字母数字。", "An account has 5-34 letters and digits.")
    if line.fen < 1:
        return _of_line("fen", "金额应大于零。", "The amount is more than nought.")
    if not _TAIL.fullmatch(line.id_tail):
        return _of_line(
            "id_tail", "证件号码尾号应为4位以内字母数字。", "The tail of the number has at most 4 signs."
        )
    if name != name.strip() or memo != memo.strip():
        return _of_line(
            "spaces", "姓名或附言首尾有空格，请删除。", "Name or memo begins or ends with a space; delete it."
        )
    return None


def _of_file(code: str, zh: str, en: str) -> Refused:
    return Refused(f"file.{code}", zh, en)


def _of_line(code: str, zh: str, en: str) -> Refused:
    return Refused(f"line.{code}", zh, en)
