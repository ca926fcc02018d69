"""A sealed file that no bank can have is taken back: its people wait to be sealed anew, and who was stopped stays out."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.facts import FILE_WITHDRAWN
from yikatong.benefits.models import BankFile, FileLine, Payment
from yikatong.benefits.rows import FileRow, file_row
from yikatong.benefits.rules import BANK_FILE, BLOCKED, PAYMENT, TRANSIT, another_releases
from yikatong.benefits.services.enquiring import spoken_of
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.locked import locked_file
from yikatong.benefits.services.reasons import reason_of
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.scope import Scope

_LINES = """
SELECT p.batch_id, p.id, l.fen FROM benefits_fileline l JOIN benefits_payment p ON p.id = l.payment_id
 WHERE l.file_id = %(file)s
"""


def withdraw_file(act: Act, number: str, *, reason: str, scope: Scope) -> FileRow | Refused:
    """Take back a file that was not sent, or that the bank, asked, says it never received; the latter by another person
    than who asked to send it once more.

    Its payments are payable again and their money blocked; the file, its number and its bytes stay as they are. Refused:
    benefit.no_file, benefit.file_left, benefit.resend_not_asked, benefit.resend_same_person, benefit.reason.
    """
    row = locked_file(number, scope)
    if isinstance(row, Refused):
        return row
    refused = _refused(act, row)
    if refused is not None:
        return refused
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    lines = FileLine.objects.filter(file=row)
    advance(row, BANK_FILE, "withdraw", state_since=act.at, withdrawn_by=act.actor.code)
    lines.update(result=Result.NOT_RECEIVED.value, answered_at=act.at)
    payments = Payment.objects.filter(pk__in=lines.values("payment_id"))
    advance_all(payments, PAYMENT, "take_back", state_since=act.at)
    post(act, row.batch.programme, off=TRANSIT, onto=BLOCKED, rows=_LINES, values={"file": row.pk})
    act.record(FILE_WITHDRAWN, subject=f"bankfile:{row.number}", file=row.name, reason=said)
    return file_row(row, row.batch.number)


def _refused(act: Act, row: BankFile) -> Refused | None:
    if BANK_FILE.target("withdraw", row.state) is None:
        state = BANK_FILE.state(row.state)
        return Refused(
            "benefit.file_left",
            f"文件{state.zh}，银行可能已经收到，不能撤回。",
            f"The file is {state.en}; the bank may have it, and it cannot be taken back.",
        )
    if row.sent_at is None:
        return None
    if spoken_of(row):
        return Refused(
            "benefit.file_left",
            "银行的对账单或回盘提到过这个文件，不能撤回，请先与银行核实。",
            "A statement or an answer of the bank spoke of this file; it cannot be taken back. Ask the bank.",
        )
    if not row.resend_asked_by:
        return Refused(
            "benefit.resend_not_asked",
            "已发送过的文件须由一人申请再次发送，另一人才能放行或撤回。",
            "Of a file that was sent, one person asks to send it once more, and another releases it or takes it back.",
        )
    return another_releases(act.actor.code, row.resend_asked_by)
