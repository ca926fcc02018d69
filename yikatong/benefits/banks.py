"""The bank files of a batch, from its rows: who pays through which bank, in which form, and what no form can carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.exchange import unfit, write
from yikatong.benefits.bankfiles.lines import FileHeader, NotWritten, PaymentLine
from yikatong.benefits.bankfiles.profiles import Profile, profiles
from yikatong.benefits.models import Payment
from yikatong.benefits.programme import Programme
from yikatong.benefits.rules import VALID
from yikatong.benefits.terms import Payer, bank_profiles


@dataclass(frozen=True)
class Leaving:
    """What leaves for one bank: lines with the card of each, and the payments that its form cannot carry, with why."""

    bank_code: str
    lines: tuple[PaymentLine, ...]
    cards: tuple[int, ...]
    unfit: dict[int, tuple[str, str]]

    @property
    def fen(self) -> int:
        return sum(line.fen for line in self.lines)

    @property
    def payments(self) -> tuple[int, ...]:
        return tuple(int(line.row_id) for line in self.lines)


def profile_of(bank_code: str, on: date) -> Profile | None:
    """The form that is agreed with a bank; None where none is."""
    name = bank_profiles(on).get(bank_code)
    return None if name is None else profiles().get(name)


def counterpart(bank_code: str) -> str:
    """Whose folder payment files go to and answers come from."""
    return f"pay-{bank_code}"


def leaving(batch_id: int, programme: Programme, on: date) -> tuple[Leaving, ...]:
    """The payable rows of a batch by bank, in the order of the roster, in parts no larger than the bank takes."""
    rows = (
        Payment.objects.filter(batch_id=batch_id, state=VALID.code)
        .order_by("card__bank_code", "line")
        .values_list(
            "pk", "resident__name", "card__bank_pan", "card__bank_code", "fen", "resident__number", "card_id"
        )
    )
    by_bank: dict[str, list[tuple[PaymentLine, int]]] = {}
    for pk, name, account, bank, fen, number, card in rows:
        line = PaymentLine(0, str(pk), name, account, bank, fen, programme.noted, number[-4:])
        by_bank.setdefault(bank, []).append((line, card))
    found: list[Leaving] = []
    for bank, lines in by_bank.items():
        found += _parts(bank, lines, profile_of(bank, on))
    return tuple(found)


def unwritable(batch_id: int, programme: Programme, payer: Payer, on: date) -> Refused | None:
    """Why no file at all could be written for one of the banks: its form cannot carry the head of our files
    (`benefit.bank_form`). Asked before anything is done, with one line that every form can carry."""
    banks = Payment.objects.filter(batch_id=batch_id, state=VALID.code).order_by("card__bank_code")
    for bank in banks.values_list("card__bank_code", flat=True).distinct():
        line = PaymentLine(1, "1", "张三", "6220000000000000016", bank, 1, programme.noted, "0016")
        part = Leaving(bank, (line,), (0,), {})
        if profile_of(bank, on) is None:
            continue
        written = content_of(part, number="P0", programme=programme, payer=payer, on=on)
        if isinstance(written, NotWritten):
            why = written.problems[0]
            return Refused(
                "benefit.bank_form",
                f"银行{bank}的文件格式写不下：{why.zh}",
                f"The form of bank {bank} cannot carry it: {why.en}",
            )
    return None


def _parts(bank: str, lines: list[tuple[PaymentLine, int]], profile: Profile | None) -> list[Leaving]:
    if profile is None:
        why = ("与该银行没有约定代发文件格式", "no form is agreed with this bank")
        return [Leaving(bank, (), (), {int(line.row_id): why for line, _ in lines})]
    numbered = [(line._replace(sequence=place), card) for place, (line, card) in enumerate(lines, start=1)]
    problems = {each.line: (each.zh, each.en) for each in unfit(profile, [line for line, _ in numbered])}
    left_out = {
        int(line.row_id): problems[line.sequence] for line, _ in numbered if line.sequence in problems
    }
    good = [(line, card) for line, card in numbered if line.sequence not in problems]
    most = profile.payments.most_rows
    parts = [good[start : start + most] for start in range(0, len(good), most)] or [[]]
    return [
        Leaving(
            bank,
            tuple(line._replace(sequence=place) for place, (line, _) in enumerate(part, start=1)),
            tuple(card for _, card in part),
            left_out if first else {},
        )
        for first, part in zip([True] + [False] * len(parts), parts, strict=False)
    ]


def content_of(
    part: Leaving, *, number: str, programme: Programme, payer: Payer, on: date
) -> bytes | NotWritten:
    """The bytes of a payment file; the same for the same lines."""
    profile = profile_of(part.bank_code, on)
    assert profile is not None
    header = FileHeader(
        number, programme.code, programme.noted, payer.account, payer.name, len(part.lines), part.fen, on
    )
    return write(profile, header, part.lines)
