"""The banks that pay for us: who pays through which, in which form, and the file that is made of the rows for one."""

from __future__ import annotations

from datetime import date

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.exchange import framed, rows
from yikatong.benefits.bankfiles.lines import FileHeader, NotWritten, PaymentLine
from yikatong.benefits.bankfiles.profiles import Profile, profiles
from yikatong.benefits.leaving import Part
from yikatong.benefits.models import Payment
from yikatong.benefits.programme import Programme
from yikatong.benefits.rules import VALID
from yikatong.benefits.terms import Payer, bank_profiles


def profile_of(bank_code: str, on: date) -> Profile | None:
    """The form that is agreed with a bank; None where none is."""
    name = bank_profiles(on).get(bank_code)
    return None if name is None else profiles().get(name)


def counterpart(bank_code: str) -> str:
    """Whose folder payment files go to and answers come from."""
    return f"pay-{bank_code}"


def unwritable(batch_id: int, programme: Programme, payer: Payer, on: date) -> Refused | None:
    """Why no file at all could be written for one of the banks: its form cannot carry the head of our files
    (`benefit.bank_form`). Asked before anything is done, with one line that every form can carry."""
    banks = Payment.objects.filter(batch_id=batch_id, state=VALID.code).order_by("card__bank_code")
    for bank in banks.values_list("card__bank_code", flat=True).distinct():
        profile = profile_of(bank, on)
        if profile is None:
            continue
        line = PaymentLine(1, "1", "张三", "6220000000000000016", bank, 1, programme.noted, "0016")
        body, _ = rows(profile, [line])
        part = Part(bank, 0, 1, 1, body)
        written = content_of(part, number="P0", programme=programme, payer=payer, on=on)
        if isinstance(written, NotWritten):
            why = written.problems[0]
            return Refused(
                "benefit.bank_form",
                f"银行{bank}的文件格式写不下：{why.zh}",
                f"The form of bank {bank} cannot carry it: {why.en}",
            )
    return None


def content_of(
    part: Part, *, number: str, programme: Programme, payer: Payer, on: date
) -> bytes | NotWritten:
    """The bytes of a payment file; the same for the same rows."""
    profile = profile_of(part.bank_code, on)
    assert profile is not None
    header = FileHeader(
        number, programme.code, programme.noted, payer.account, payer.name, part.rows, part.fen, on
    )
    return framed(profile, header, part.body, counted=(part.rows, part.fen))
