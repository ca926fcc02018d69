"""A file or row whose outcome is unknown: the bank is asked (查询), and only what it says, or its statement, decides.

A file that the bank says it never received may go once more, the same number and the same bytes, by two people. Nothing
else is ever sent again.
"""

from __future__ import annotations

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.exchange import write_enquiry
from yikatong.benefits.bankfiles.lines import Answers, FileHeader
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.banks import counterpart, profile_of
from yikatong.benefits.discrepancies import Differs
from yikatong.benefits.facts import BANK_ASKED, FILE_MISSED, FILE_RESENT, RESEND_ASKED
from yikatong.benefits.models import BankFile, Enquiry, FileLine, StatementEntry
from yikatong.benefits.programme import programmes
from yikatong.benefits.rows import FileRow, file_row
from yikatong.benefits.rules import (
    ASKED_OF,
    BANK_FILE,
    FILE_MISSING,
    NO_ANSWER,
    STILL_OPEN,
    another_releases,
)
from yikatong.benefits.services.differences import Found, found
from yikatong.benefits.services.locked import locked_file
from yikatong.benefits.services.paying import still_to_pay
from yikatong.benefits.services.reasons import reason_of
from yikatong.benefits.terms import payer
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.numbering import next_number
from yikatong.office.scope import Scope


def ask_bank(act: Act, number: str, *, scope: Scope) -> FileRow | Refused:
    """Ask the bank what became of a file of which something is still open, by a file where one is agreed, else by hand.

    Refused: benefit.no_file, benefit.nothing_to_ask, benefit.asked_already.
    """
    row = locked_file(number, scope)
    if isinstance(row, Refused):
        return row
    still = FileLine.objects.filter(file=row, result__in=STILL_OPEN, returned_at=None)
    if row.state not in {state.code for state in ASKED_OF} or not still.exists():
        return Refused(
            "benefit.nothing_to_ask",
            "这个文件没有结果不明的明细，不需要查询。",
            "Nothing of this file is unknown; there is nothing to ask.",
        )
    if Enquiry.objects.filter(file=row, verdict="").exists():
        return Refused(
            "benefit.asked_already",
            "已向银行查询，请等银行答复；银行书面或电话答复的，请上传其文件。",
            "The bank has been asked; wait for its answer, or bring the file it gives.",
        )
    asked = next_number("Q")
    content = _written(act, row)
    name = f"ask-{row.number}-{asked}.txt" if content else ""
    if content:
        post.queue_file(
            act, counterpart=counterpart(row.bank_code), name=name, content=content, rows=row.rows
        )
    Enquiry.objects.create(
        file=row,
        number=asked,
        name=name,
        asked_at=act.at,
        asked_by=act.actor.code,
        asked_by_name=act.actor.name,
    )
    act.record(
        BANK_ASKED, subject=f"bankfile:{row.number}", file=row.name, enquiry=asked, by_file=bool(content)
    )
    return file_row(row, row.batch.number)


def ask_to_resend(act: Act, number: str, *, reason: str, scope: Scope) -> FileRow | Refused:
    """Ask that a file which the bank says it never received goes once more. Refused: benefit.no_file,
    benefit.file_not_missing, benefit.reason."""
    row = _missing(number, scope)
    if isinstance(row, Refused):
        return row
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    row.resend_asked_by, row.resend_asked_name = act.actor.code, act.actor.name
    row.resend_reason = reason
    row.save(update_fields=["resend_asked_by", "resend_asked_name", "resend_reason"])
    act.record(RESEND_ASKED, subject=f"bankfile:{row.number}", file=row.name, reason=said)
    return file_row(row, row.batch.number)


def resend_file(act: Act, number: str, *, scope: Scope) -> FileRow | Refused:
    """Release a file to go once more: the same number, the same bytes, by another person than who asked for it.

    Refused: benefit.no_file, benefit.file_not_missing, benefit.resend_not_asked, benefit.resend_same_person,
    benefit.file_overtaken, benefit.file_changed, and what `post.resend` refuses.
    """
    row = _missing(number, scope)
    if isinstance(row, Refused):
        return row
    if not row.resend_asked_by:
        return Refused(
            "benefit.resend_not_asked",
            "还没有人申请再次发送这个文件。",
            "Nobody has asked that this file be sent once more.",
        )
    refused = another_releases(act.actor.code, row.resend_asked_by)
    if refused is not None:
        return refused
    refused = still_to_pay(act, row)
    if refused is not None:
        return refused
    sent = post.sent_file(counterpart(row.bank_code), row.name)
    if sent is None or sent.digest != bytes(row.digest) or sm3(bytes(row.content or b"")) != sent.digest:
        return Refused(
            "benefit.file_changed",
            "文件内容与封存时不符，不能发送，请联系管理员核查。",
            "The bytes are not those that were sealed; nothing is sent. Have it looked into.",
        )
    refused = post.resend(act, file_id=sent.id)
    if refused is not None:
        return refused
    advance(
        row,
        BANK_FILE,
        "resend",
        state_since=act.at,
        sent_at=act.at,
        resent_at=act.at,
        resent_by=act.actor.code,
    )
    act.record(
        FILE_RESENT,
        subject=f"bankfile:{row.number}",
        file=row.name,
        asked=row.resend_asked_name,
        digest=bytes(row.digest).hex(),
    )
    return file_row(row, row.batch.number)


def was_asked(row: BankFile) -> bool:
    """Whether the bank was asked about the file and has not answered yet."""
    return Enquiry.objects.filter(file=row, verdict="").exists()


def note_answer(act: Act, row: BankFile, answers: Answers, *, asked: bool) -> bool:
    """An open enquiry has its answer; returns whether the bank says that it never received the file.

    Not believed, and a difference: it says so unasked, its own answer or statement spoke of the file before, or the file
    was still in our own outbox when it was asked.
    """
    missing = answers.verdict is not None and answers.verdict.result is Result.NOT_RECEIVED
    believed = missing and asked and answers.complete and not spoken_of(row) and _had_left(row)
    believed = believed and BANK_FILE.target("miss", row.state) is not None
    if asked:
        Enquiry.objects.filter(file=row, verdict="").update(
            verdict="missing" if believed else "told", answered_at=act.at
        )
    if believed:
        cleared = {"resend_asked_by": "", "resend_asked_name": "", "resend_reason": "", "resent_by": ""}
        advance(row, BANK_FILE, "miss", state_since=act.at, **cleared)
        act.record(FILE_MISSED, subject=f"bankfile:{row.number}", file=row.name)
    elif missing:
        found(
            act,
            [
                Found(
                    Differs.ANSWER,
                    f"missing:{row.pk}:{act.id}",
                    f"银行说没有收到 {row.name}，但没有据此处理：未查询过，查询时文件还没有发出，或银行此前提到过它",
                    f"The bank says it never received {row.name}; not acted upon: it was not asked, was asked before the file "
                    "left, or spoke of it before",
                    region=row.batch.region,
                    bank=row.bank_code,
                    batch=row.batch_id,
                    file=row.pk,
                    rows=row.rows,
                    fen=row.fen,
                )
            ],
        )
    return missing


def spoken_of(row: BankFile) -> bool:
    """Whether an answer or a statement of the bank spoke of the file: it has it."""
    return (
        FileLine.objects.filter(file=row).exclude(result=NO_ANSWER).exists()
        or StatementEntry.objects.filter(file=row).exists()
    )


def _had_left(row: BankFile) -> bool:
    """Whether the file had left our outbox when the bank was asked: what still waits there comes to it after its word."""
    sent = post.sent_file(counterpart(row.bank_code), row.name)
    if sent is None or sent.left_at is None:
        return False
    return Enquiry.objects.filter(file=row, verdict="", asked_at__gte=sent.left_at).exists()


def _missing(number: str, scope: Scope) -> BankFile | Refused:
    row = locked_file(number, scope)
    if isinstance(row, Refused) or row.state == FILE_MISSING.code:
        return row
    return Refused(
        "benefit.file_not_missing",
        "只有银行查询答复“没有收到”的文件才能再次发送。",
        "Only a file that the bank, asked, says it never received may be sent once more.",
    )


def _written(act: Act, row: BankFile) -> bytes:
    """The enquiry's file; empty where none is agreed with the bank, and it is asked by hand."""
    profile = profile_of(row.bank_code, act.today)
    if profile is None or profile.enquiries is None:
        return b""
    programme, our = programmes()[row.batch.programme], payer(act.today)
    header = FileHeader(
        row.number, programme.code, programme.noted, our.account, our.name, row.rows, row.fen, act.today
    )
    written = write_enquiry(profile, header)
    return b"" if isinstance(written, Refused) else written
