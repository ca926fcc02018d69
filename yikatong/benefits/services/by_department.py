"""A department brings its envelope from its own system, once for each key, and takes the results of its rows home."""

from __future__ import annotations

import json
from dataclasses import dataclass

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.benefits.facts import RESULTS_TAKEN
from yikatong.benefits.models import BroughtByInterface
from yikatong.benefits.outcomes import Outcome, outcomes, own_batch
from yikatong.benefits.queries import batch as find
from yikatong.benefits.rows import BatchRow
from yikatong.benefits.services.locked import unknown_batch
from yikatong.benefits.services.submitting import submit_roster, withdraw_batch
from yikatong.office.act import Act
from yikatong.office.scope import EVERYWHERE, Scope
from yikatong.office.turns import take_turn


@dataclass(frozen=True)
class Brought:
    """The batch, and whether an earlier call with the same key had brought it already. `digest` is the SM3 (hex) of
    the roster's bytes as they came, for the sender to compare."""

    batch: BatchRow
    digest: str
    again: bool


def bring_roster(
    act: Act,
    *,
    partner: str,
    key: str,
    programme: str,
    period: str,
    declared_rows: int,
    declared_fen: int,
    name: str,
    content: bytes,
    region: str,
) -> Brought | Refused:
    """Take a department's envelope in, once for each `key` (1-64 characters, its own whatever others use).

    The same call again gives the batch it brought, whatever has become of it since; who calls twice at once waits. A
    call that was refused has left nothing, its key is free. Refused: `idempotency.other_body` (the key came with
    another envelope or other bytes), and what refuses at the desk (`submit_roster`).
    """
    digest = sm3(content).hex()
    envelope = [programme, period, declared_rows, declared_fen, region, digest]
    said = sm3(json.dumps(envelope, ensure_ascii=False).encode())
    take_turn(f"by-department.{partner}.{key}")
    earlier = (
        BroughtByInterface.objects.filter(partner=partner, key=key)
        .values_list("said", "batch__number")
        .first()
    )
    if earlier is not None:
        row = find(earlier[1], EVERYWHERE)
        if row is None or bytes(earlier[0]) != said:
            return _other_body()
        return Brought(row, digest, again=True)
    taken = submit_roster(
        act,
        programme=programme,
        period=period,
        declared_rows=declared_rows,
        declared_fen=declared_fen,
        name=name,
        content=content,
        scope=Scope(region),
    )
    if isinstance(taken, Refused):
        return taken
    BroughtByInterface.objects.create(partner=partner, key=key, said=said, batch_id=taken.id)
    return Brought(taken, digest, again=False)


def take_results(
    act: Act, number: str, *, after: int, limit: int, state: str = ""
) -> tuple[Outcome, ...] | Refused:
    """What became of each row of one's own batch below line `after`, at most `limit` of them, those of a state where
    one is named. What was taken is one fact. Refused: benefit.unknown (also where somebody else brought it)."""
    row = own_batch(act.actor.code, number)
    if row is None:
        return unknown_batch()
    found = outcomes(row, limit, after=after, state=state)
    if found:
        act.record(
            RESULTS_TAKEN,
            subject=f"benefit:{row.number}",
            region=row.region,
            batch=row.number,
            rows=len(found),
            first=found[0].row.line,
            last=found[-1].row.line,
        )
    return found


def withdraw_own(act: Act, number: str) -> BatchRow | Refused:
    """Take back what one brought oneself. Refused: benefit.unknown (also where somebody else brought it),
    benefit.not_waiting."""
    if own_batch(act.actor.code, number) is None:
        return unknown_batch()
    return withdraw_batch(act, number, scope=EVERYWHERE)


def _other_body() -> Refused:
    return Refused(
        "idempotency.other_body",
        "该 Idempotency-Key 已用于另一份清册或另一份申报，请为每份清册使用新的键。",
        "This Idempotency-Key was used for another envelope or other bytes; use a new one for each.",
    )
