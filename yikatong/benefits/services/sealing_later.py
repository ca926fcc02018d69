"""Files are sealed by the worker: somebody asks for it, and the house does it in their name."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.benefits.facts import SEALING_ASKED, SEALING_REFUSED
from yikatong.benefits.models import PaymentBatch
from yikatong.benefits.progress import Step, tell
from yikatong.benefits.queries import unsealed
from yikatong.benefits.rows import BatchRow, FileRow, batch_row
from yikatong.benefits.rules import FUNDED, PAYING
from yikatong.benefits.services.locked import locked_batch
from yikatong.benefits.services.paying import seal_files
from yikatong.office.act import Act, Actor
from yikatong.office.scope import EVERYWHERE, Scope


def ask_to_seal(act: Act, number: str, *, scope: Scope) -> BatchRow | Refused:
    """Ask that the files of a batch be sealed, which takes a while where they are large.

    Refused: benefit.unknown, benefit.not_waiting, benefit.seal_asked, benefit.nothing_to_send.
    """
    row = locked_batch(number, scope, FUNDED, PAYING)
    if isinstance(row, Refused):
        return row
    if row.seal_asked_at is not None:
        return Refused(
            "benefit.seal_asked",
            f"{row.seal_asked_name}已要求封存，系统正在办理。",
            f"{row.seal_asked_name} has asked for it; the house is at it.",
        )
    if not unsealed(batch_row(row)):
        return Refused(
            "benefit.nothing_to_send", "没有可以送银行的行。", "There is nothing to send to a bank."
        )
    row.seal_asked_at, row.seal_asked_by, row.seal_asked_name = act.at, act.actor.code, act.actor.name
    row.note_zh = row.note_en = ""
    row.save(update_fields=["seal_asked_at", "seal_asked_by", "seal_asked_name", "note_zh", "note_en"])
    act.record(SEALING_ASKED, subject=f"benefit:{row.number}", batch=row.number)
    return batch_row(row)


def asked_to_seal() -> tuple[tuple[str, Actor], ...]:
    """The batches whose files are to be sealed, and by whom, the first asked first."""
    rows = PaymentBatch.objects.filter(seal_asked_at__isnull=False).order_by("seal_asked_at", "pk")
    return tuple(
        (number, Actor(by, name))
        for number, by, name in rows.values_list("number", "seal_asked_by", "seal_asked_name")
    )


def seal_as_asked(act: Act, number: str) -> tuple[FileRow, ...] | Refused | None:
    """Seal what was asked for; None where nobody asks, or no longer. What `seal_files` refuses stands on the batch."""
    row = PaymentBatch.objects.select_for_update(no_key=True).filter(number=number).first()
    if row is None or row.seal_asked_at is None:
        return None
    tell(number, Step.SEAL)
    files = seal_files(act, number, scope=EVERYWHERE)
    row.seal_asked_at, row.seal_asked_by, row.seal_asked_name = None, "", ""
    fields = ["seal_asked_at", "seal_asked_by", "seal_asked_name"]
    if isinstance(files, Refused):
        row.note_zh, row.note_en = files.zh[:400], files.en[:400]
        fields += ["note_zh", "note_en"]
        act.record(
            SEALING_REFUSED,
            subject=f"benefit:{row.number}",
            batch=row.number,
            code=files.code,
            reason=files.zh[:400],
            reason_en=files.en[:400],
        )
    row.save(update_fields=fields)
    return files
