# ruff: noqa: S608, S611 - only this package's own texts are put into the statements; values go as parameters
"""A batch is judged: its roster counted against the envelope, every row stored with what was found; sets all the way."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import BooleanField, CharField, QuerySet
from django.db.models.expressions import RawSQL

from yikatong.basics.hands import hands_for, lent
from yikatong.basics.money import print_yuan
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.benefits.events import Told
from yikatong.benefits.facts import BATCH_JUDGED, BATCH_REJECTED
from yikatong.benefits.laying import (
    JUDGEMENT,
    Question,
    found,
    judged,
    known_to_the_planner,
    staged,
    staged_again,
)
from yikatong.benefits.models import Payment, PaymentBatch
from yikatong.benefits.programme import Programme, programmes
from yikatong.benefits.progress import Step, tell
from yikatong.benefits.roster import Roster, open_roster
from yikatong.benefits.rows import BatchRow, batch_row
from yikatong.benefits.rules import (
    BENEFIT_BATCH,
    HELD,
    JUDGED,
    PAYMENT,
    PUBLIC,
    UPLOADED,
    VALID,
    totals_differ,
)
from yikatong.benefits.services.locked import alone, locked_batch
from yikatong.benefits.services.telling import tell_department
from yikatong.benefits.terms import Terms, limits, terms_of
from yikatong.benefits.weighing import begin
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.scope import Scope

_STORE = """
INSERT INTO benefits_payment
       (batch_id, line, programme, period, resident_id, card_id, name, folded, number_masked, number_key, region, basis,
        fen, state, state_since, level, reason, checks, said)
SELECT %(batch)s, line, %(programme)s, %(period)s, resident_id, card_id, name, folded, number_masked, number_key, region,
       basis, fen, CASE WHEN level IN ('pass', 'warn') THEN %(valid)s ELSE %(held)s END, %(at)s, level, reason, codes, said
  FROM {judged} AS judged ORDER BY line
"""
_FINDINGS = """
UPDATE benefits_payment p SET checks = j.codes, said = j.said, level = j.level,
       reason = CASE WHEN j.reason = '' THEN p.reason ELSE j.reason END
  FROM benefit_judged j
 WHERE p.id = j.payment_id AND (p.checks::text[], p.said, p.level) IS DISTINCT FROM (j.codes, j.said, j.level)
"""
_WHOSE = """
UPDATE benefits_payment p SET resident_id = j.resident_id, card_id = j.card_id, region = j.region
  FROM benefit_judged j
 WHERE p.id = j.payment_id AND (p.resident_id, p.card_id, p.region) IS DISTINCT FROM (j.resident_id, j.card_id, j.region)
"""
_TOTALS = "SELECT count(*), coalesce(sum(fen), 0)::bigint FROM roster"
_UNREAD = (
    "SELECT line, said -> 'C01' ->> 0, said -> 'C01' ->> 1 FROM roster WHERE fen = 0 ORDER BY line LIMIT 3"
)


def judge_batch(act: Act, number: str) -> BatchRow | None:
    """Judge a batch that waits for it; None where there is none, or no longer.

    A roster whose rows or sum are not what the envelope declares is not accepted, and says why; so is one that cannot
    be read. Every row of any other is kept, payable or held with its reason.
    """
    row = (
        PaymentBatch.objects.select_for_update(no_key=True).filter(number=number, state=UPLOADED.code).first()
    )
    if row is None:
        return None
    programme = programmes()[row.programme]
    alone(row.programme)
    tell(number, Step.READ)
    terms = terms_of(programme, Period.parse(row.period).start)
    with lent(begin, hands_for(len(row.content or b""))) as share:
        roster = _opened(act, row, programme, terms)
        if isinstance(roster, Refused):
            return _reject(act, row, roster)
        with staged(roster, share):
            row.received_rows, row.received_fen = _totals()
            refused = _not_as_declared(row)
            if refused is not None:
                return _reject(act, row, refused)
            tell(number, Step.COMPARE)
            with found(question_of(act, row)) as values:
                tell(number, Step.STORE)
                store_judged(act, row, f"({JUDGEMENT})", **values)
    with connection.cursor() as cursor:
        known_to_the_planner(cursor, "benefits_payment", "batch_id", "state", rows=row.received_rows)
    advance(
        row,
        BENEFIT_BATCH,
        "judge",
        state_since=act.at,
        judged_at=act.at,
        received_rows=row.received_rows,
        received_fen=row.received_fen,
    )
    _record(act, row)
    return batch_row(row)


def judge_again(act: Act, number: str, *, scope: Scope) -> BatchRow | Refused:
    """Ask everything of a batch's rows once more, after people, cards or payments have changed.

    Where that changes whom is to be paid, public view begins anew. Refused: benefit.unknown, benefit.not_waiting.
    """
    row = locked_batch(number, scope, JUDGED, PUBLIC)
    if isinstance(row, Refused):
        return row
    held, released = weigh_again(act, row, [VALID.code, HELD.code])
    if (held or released) and row.state == PUBLIC.code:
        advance(row, BENEFIT_BATCH, "restart", state_since=act.at, public_from=None, public_until=None)
    row.judged_at = act.at
    row.save(update_fields=["judged_at"])
    _record(act, row)
    return batch_row(row)


def weigh_again(
    act: Act, row: PaymentBatch, states: list[str], only: str = "", **also: Any
) -> tuple[int, int]:
    """Judge the rows in these states anew (all, or `only` those of a select of payments); returns how many were held and how
    many released by it.

    `also` are columns set on what is held.
    """
    alone(row.programme)
    with staged_again(row.pk, states, only=only), judged(question_of(act, row)):
        with connection.cursor() as cursor:
            cursor.execute(_FINDINGS)
        held = advance_all(
            among(row, "level IN ('hold', 'block')").filter(state=VALID.code),
            PAYMENT,
            "hold",
            state_since=act.at,
            **also,
        )
        with connection.cursor() as cursor:
            cursor.execute(_WHOSE)
        released = advance_all(
            among(row, "level IN ('pass', 'warn')").filter(state=HELD.code),
            PAYMENT,
            "release",
            state_since=act.at,
            reason=RawSQL("''", [], CharField()),
        )
    return held, released


def store_judged(act: Act, row: PaymentBatch, judged: str = "benefit_judged", **values: Any) -> None:
    """Store what was judged (a table, or a select that is asked with these values) as rows of the batch, payable or held."""
    values |= {"batch": row.pk, "programme": row.programme, "period": row.period, "at": act.at}
    with connection.cursor() as cursor:
        cursor.execute(_STORE.format(judged=judged), {**values, "valid": VALID.code, "held": HELD.code})


def among(row: PaymentBatch, condition: str) -> QuerySet[Payment]:
    """The payments of a batch whose judgement fulfils a condition."""
    return Payment.objects.filter(
        RawSQL(
            f"benefits_payment.id IN (SELECT payment_id FROM benefit_judged WHERE {condition})",
            [],
            BooleanField(),
        ),
        batch=row,
    )


def _opened(act: Act, row: PaymentBatch, programme: Programme, terms: Terms) -> Roster | Refused:
    return open_roster(
        row.content or b"",
        limits(act.today),
        programme,
        rates=terms.rates,
        cap_fen=terms.cap_fen,
        today=act.today,
    )


def question_of(act: Act, row: PaymentBatch) -> Question:
    """What the rows of a batch are judged for today."""
    programme, period = programmes()[row.programme], Period.parse(row.period)
    return Question(row.pk, programme, period, terms_of(programme, period.start), act.today)


def _totals() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        rows, fen = cursor.fetchone()
    return int(rows), int(fen)


def _not_as_declared(row: PaymentBatch) -> Refused | None:
    if not totals_differ((row.declared_rows, row.declared_fen), (row.received_rows, row.received_fen)):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD)
        unread = cursor.fetchall()
    zh = "；".join(f"第{line}行{said.rstrip('。')}" for line, said, _ in unread)
    en = "; ".join(f"row {line}: {said.rstrip('.')}" for line, _, said in unread)
    return Refused(
        "benefit.totals",
        f"申报{row.declared_rows}人、{print_yuan(row.declared_fen)}元，清册为{row.received_rows}人、"
        f"{print_yuan(row.received_fen)}元，不予受理。{f'金额读不出：{zh}。' if zh else ''}请核对后重新提交。",
        f"{row.declared_rows} rows and {print_yuan(row.declared_fen)} yuan are declared, the roster has "
        f"{row.received_rows} rows and {print_yuan(row.received_fen)} yuan; not accepted. "
        f"{f'Unreadable: {en}. ' if en else ''}Compare them and bring it again.",
    )


def _reject(act: Act, row: PaymentBatch, refused: Refused) -> BatchRow:
    advance(
        row,
        BENEFIT_BATCH,
        "reject",
        state_since=act.at,
        judged_at=act.at,
        received_rows=row.received_rows,
        received_fen=row.received_fen,
        note_zh=refused.zh[:400],
        note_en=refused.en[:400],
    )
    act.record(
        BATCH_REJECTED,
        subject=f"benefit:{row.number}",
        region=row.region,
        outlet=row.outlet,
        batch=row.number,
        code=refused.code,
        reason=refused.zh[:400],
        reason_en=refused.en[:400],
    )
    tell_department(act, row, Told.REJECTED, code=refused.code)
    return batch_row(row)


def _record(act: Act, row: PaymentBatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE state = %(valid)s), "
            "coalesce(sum(fen) FILTER (WHERE state = %(valid)s), 0)::bigint, "
            "count(*) FILTER (WHERE state = %(held)s) FROM benefits_payment WHERE batch_id = %(batch)s",
            {"valid": VALID.code, "held": HELD.code, "batch": row.pk},
        )
        valid, fen, held = cursor.fetchone()
    act.record(
        BATCH_JUDGED,
        subject=f"benefit:{row.number}",
        region=row.region,
        outlet=row.outlet,
        batch=row.number,
        valid=valid,
        held=held,
        fen=int(fen),
        yuan=print_yuan(int(fen), thousands=True),
    )
    tell_department(act, row, Told.JUDGED)
