"""A department brings its envelope: what it declares to pay, and the roster that has to come to just that."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from yikatong.basics.crypto import sm3
from yikatong.basics.money import print_yuan
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.benefits.events import Told
from yikatong.benefits.facts import BATCH_DUE, SENT_BACK, WITHDRAWN
from yikatong.benefits.models import Payment, PaymentBatch
from yikatong.benefits.programme import Programme, programmes
from yikatong.benefits.rows import BatchRow, batch_row
from yikatong.benefits.rules import (
    AVAILABLE,
    BENEFIT_BATCH,
    BLOCKED,
    DEPARTMENT,
    FUNDED,
    GIVEN_UP,
    JUDGED,
    PAYMENT,
    PUBLIC,
    REPLACED,
    SETTLED,
    UPLOADED,
    another_person,
)
from yikatong.benefits.services.deadlines import due_on
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.locked import locked_batch
from yikatong.benefits.services.reasons import reason_of
from yikatong.benefits.services.telling import tell_department
from yikatong.benefits.terms import limits, terms_of
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.numbering import next_number
from yikatong.office.rulebook import NoSuchRule
from yikatong.office.scope import Scope
from yikatong.residents.sheets import first_look


def submit_roster(
    act: Act,
    *,
    programme: str,
    period: str,
    declared_rows: int,
    declared_fen: int,
    name: str,
    content: bytes,
    scope: Scope,
) -> BatchRow | Refused:
    """Take an envelope in, its roster sealed, to be judged soon.

    Refused: benefit.programme, period.format, benefit.period, benefit.no_rates (nothing says what the programme pays in that
    period), benefit.declared, file.* (`first_look`), benefit.known (the same roster is there for this programme and period).
    """
    envelope = _envelope(programme, period, declared_rows, declared_fen)
    if isinstance(envelope, Refused):
        return envelope
    found, read = envelope
    refused = first_look(content, limits(act.today))
    if refused is not None:
        return Refused(refused.code, refused.zh, refused.en, at="file")
    digest = sm3(content).hex()
    try:
        with transaction.atomic():
            row = PaymentBatch.objects.create(
                number=next_number("G"),
                programme=programme,
                period=str(read),
                region=scope.region,
                outlet=scope.outlet,
                declared_rows=declared_rows,
                declared_fen=declared_fen,
                file_name=name.strip()[-80:],
                file_digest=digest,
                content=content,
                state_since=act.at,
                uploaded_at=act.at,
                due_on=due_on(act, found, read, scope),
                maker=act.actor.code,
                maker_name=act.actor.name,
            )
    except IntegrityError:
        known = _known(digest, programme, str(read))
        if known is None:
            raise
        return known
    act.record(
        BATCH_DUE,
        subject=f"benefit:{row.number}",
        batch=row.number,
        programme=found.zh,
        programme_en=found.en,
        period=row.period,
        file=row.file_name,
        rows=declared_rows,
        fen=declared_fen,
        yuan=print_yuan(declared_fen, thousands=True),
        digest=digest,
    )
    return batch_row(row)


def _envelope(
    programme: str, period: str, declared_rows: int, declared_fen: int
) -> tuple[Programme, Period] | Refused:
    found = programmes().get(programme)
    if found is None:
        return no_programme()
    read = found.read_period(period)
    if isinstance(read, Refused):
        return read
    try:
        terms_of(found, read.start)
    except NoSuchRule:
        return Refused(
            "benefit.no_rates",
            f"{found.zh}在 {read} 没有发放标准，请核对所属期间；期间无误的，请先登记该期间的标准。",
            f"No rates of {found.en} hold in {read}. Correct the period, or have its rates entered first.",
            at="period",
        )
    if declared_rows < 1 or declared_fen < 1:
        return Refused(
            "benefit.declared",
            "申报人数和金额都应大于零。",
            "Rows and sum that are declared are more than nothing.",
            at="declared_rows",
        )
    return found, read


def withdraw_batch(act: Act, number: str, *, scope: Scope) -> BatchRow | Refused:
    """Take one's own batch back. Refused: benefit.unknown, benefit.not_waiting, benefit.not_yours."""
    row = locked_batch(number, scope, UPLOADED, JUDGED, PUBLIC)
    if isinstance(row, Refused):
        return row
    if row.maker != act.actor.code:
        return Refused(
            "benefit.not_yours",
            "只有提交人可以撤回；审批人请用退回。",
            "Only who brought it withdraws it; who approves sends it back.",
        )
    advance(row, BENEFIT_BATCH, "withdraw", state_since=act.at)
    _drop(act, row)
    act.record(WITHDRAWN, subject=f"benefit:{row.number}", batch=row.number)
    return batch_row(row)


def send_batch_back(act: Act, number: str, *, reason: str, scope: Scope) -> BatchRow | Refused:
    """Send a batch back to who brought it; nobody of it is paid, and what was blocked for it is available again.

    Refused: benefit.unknown, benefit.not_waiting (its files were sealed, or are being sealed), benefit.same_person,
    benefit.reason.
    """
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    row = locked_batch(number, scope, JUDGED, PUBLIC, DEPARTMENT, FUNDED)
    if isinstance(row, Refused):
        return row
    if row.seal_asked_at is not None:
        return Refused(
            "benefit.not_waiting",
            "代发文件正在封存，不能退回；请在封存以后撤回文件。",
            "Its payment files are being sealed; take the files back once they are.",
        )
    if (refused := another_person(act.actor.code, row.maker)) is not None:
        return refused
    if row.state == FUNDED.code:
        post(
            act, row.programme, off=BLOCKED, onto=AVAILABLE, values={"batch": row.pk, "fen": row.approved_fen}
        )
    advance(row, BENEFIT_BATCH, "send_back", state_since=act.at, note_zh=said, note_en=said)
    _drop(act, row)
    act.record(SENT_BACK, subject=f"benefit:{row.number}", batch=row.number, reason=said)
    tell_department(act, row, Told.SENT_BACK)
    return batch_row(row)


def no_programme() -> Refused:
    """The answer where there is no programme of this code."""
    return Refused("benefit.programme", "没有这个发放项目。", "There is no such programme.", at="programme")


def _drop(act: Act, row: PaymentBatch) -> None:
    advance_all(
        Payment.objects.filter(batch=row).exclude(state=REPLACED.code), PAYMENT, "drop", state_since=act.at
    )


def _known(digest: str, programme: str, period: str) -> Refused | None:
    first = (
        PaymentBatch.objects.filter(file_digest=digest, programme=programme, period=period)
        .exclude(state__in=[state.code for state in GIVEN_UP])
        .exclude(state=SETTLED.code, paid_rows=0)
        .first()
    )
    if first is None:
        return None
    stands = BENEFIT_BATCH.state(first.state)
    return Refused(
        "benefit.known",
        f"同一份清册已在批次 {first.number} 中（{stands.zh}），不再重复受理。",
        f"The same roster is batch {first.number} ({stands.en}) already.",
        at="file",
    )
