"""银行预开户: matched orders go to the bank each person chose and come back with an account, or without."""

from __future__ import annotations

from django.db.models import QuerySet

from yikatong.basics.ids import AccountKind, read_pan
from yikatong.basics.masking import Sensitive
from yikatong.basics.refused import Refused
from yikatong.cards.facts import ACCOUNT_ASKED, ACCOUNT_OPENED
from yikatong.cards.files import opening
from yikatong.cards.files.codes import Subject
from yikatong.cards.messages import Step
from yikatong.cards.models import Order
from yikatong.cards.rows import FileReport
from yikatong.cards.rules import BANK_OPENING
from yikatong.cards.services.answers import Errand, take_answer
from yikatong.cards.services.coding import sendable
from yikatong.cards.services.staging import locked
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.numbering import next_number
from yikatong.office.post import ReceivedFile


def ask_accounts(act: Act, *, only: str = "") -> int:
    """Ask each bank for the accounts of matched orders not asked for yet (`only` for the one with this number), one
    file a bank; returns how many. What a bank has no code for is not asked: the reason stands on the order.
    """
    waiting = Order.objects.filter(state=BANK_OPENING.code, asked="", frozen_at=None)
    if only:
        waiting = waiting.filter(number=only)
    banks = sorted(set(waiting.order_by().values_list("bank_code", flat=True)))
    return sum(_ask(act, bank, waiting.filter(bank_code=bank)) for bank in banks)


def _ask(act: Act, bank: str, waiting: QuerySet[Order]) -> int:
    good, codes, _ = sendable(act, waiting, f"bank-{bank}", Subject.DOCUMENT, Subject.SEX)
    good = locked(good)
    if not good.exists():
        return 0
    number = next_number("F")
    count = good.update(asked=number, problem_code="", problem_text="")
    if count == 0:
        return 0
    asked = (
        Order.objects.filter(state=BANK_OPENING.code, asked=number)
        .order_by("id")
        .values_list(
            "number",
            "bank_code",
            "card_no",
            "resident__document_type",
            "resident__number",
            "resident__name",
            "resident__sex",
            "resident__birth_on",
            "resident__phone",
            "resident__address",
        )
    )
    rows = (
        (
            *row[:3],
            codes[Subject.DOCUMENT][row[3]],
            *row[4:6],
            codes[Subject.SEX][row[6]],
            f"{row[7]:%Y%m%d}" if row[7] else "",
            *row[8:],
        )
        for row in asked
    )
    content = opening.QUESTIONS.write(number, act.today, rows)
    name = f"accounts-{number}.txt"
    post.queue_file(act, counterpart=f"bank-{bank}", name=name, content=content, rows=count)
    act.record_rows(
        ACCOUNT_ASKED,
        "SELECT 'order:' || o.id, o.resident_id, o.region, p.code, '{}'::jsonb FROM cards_order o "
        "JOIN office_outlet p ON p.id = o.outlet_id WHERE o.state = %(state)s AND o.asked = %(asked)s",
        {"state": BANK_OPENING.code, "asked": number},
        file=name,
        bank=bank,
    )
    return count


def take_account_answer(act: Act, file: ReceivedFile) -> FileReport | Refused:
    """Bring home what a bank says: an account opened, or why not. Only the bank that was asked may answer."""
    return take_answer(act, file, _OPENING)


def _account_wrong(pan: str) -> str:
    # The number must stand in the file as it is kept: read_pan also forgives spaces, which a file has no reason for.
    return "" if read_pan(pan, AccountKind.UNIONPAY_CARD) == pan else "row.account"


_OPENING = Errand(
    layout=opening.ANSWERS,
    results=Subject.OPENING,
    waiting=BANK_OPENING,
    good_event="open_account",
    bad_event="fail_opening",
    problem="bank",
    column="bank_pan",
    sensitive=Sensitive.ACCOUNT,
    kind=ACCOUNT_OPENED,
    told=Step.BANK_FAILED,
    value_wrong=_account_wrong,
    refusals="WHEN %(counterpart)s <> 'bank-' || o.bank_code THEN 'row.other_bank'",
)
