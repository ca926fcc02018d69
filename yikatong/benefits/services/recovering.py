# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""Money that was paid and was not due (追回): flagged by the house, asked back, entered when it comes; or ended by two."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from yikatong.basics.money import print_yuan
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.benefits.balances import had_back
from yikatong.benefits.facts import (
    RECOVERY_AGREED,
    RECOVERY_ASKED,
    RECOVERY_DECLINED,
    RECOVERY_LAPSED,
    RECOVERY_OPENED,
    RECOVERY_PROPOSAL,
    RECOVERY_RECEIVED,
)
from yikatong.benefits.gone import GONE_WHILE_PAYING
from yikatong.benefits.models import Payment, Recovery
from yikatong.benefits.programme import programmes
from yikatong.benefits.recoveries import Proposal, Why
from yikatong.benefits.recovery_rows import RecoveryRow, recovery_row
from yikatong.benefits.rules import (
    BUDGET,
    DONE,
    PAID,
    PAYMENT,
    RECOVERY,
    RECOVERY_ASKED_BACK,
    RECOVERY_OPEN,
    SENT,
    UNKNOWN,
    another_agrees,
)
from yikatong.benefits.rules import RECOVERY_LAPSED as LAPSED
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.reasons import reason_of
from yikatong.benefits.terms import terms_of
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.scope import Scope
from yikatong.residents.rules import DEAD

LEFT = (SENT, UNKNOWN, PAID)
"""A row of which money has left, or may have."""
PAPER_LENGTH = 60
# A period is written 2025, 2025Q3 or 2025-03.
_BEGINS = """
CASE WHEN p.period LIKE '%%Q%%' THEN make_date(left(p.period, 4)::integer, right(p.period, 1)::integer * 3 - 2, 1)
     ELSE to_date(left(p.period || '-01', 7), 'YYYY-MM') END
"""
# A file that is sealed only has not left yet.
_WITH_A_BANK = """
EXISTS (SELECT FROM benefits_fileline l JOIN benefits_bankfile f ON f.id = l.file_id
         WHERE l.payment_id = p.id AND (l.is_the_attempt AND f.sent_at IS NOT NULL OR l.arrived_at IS NOT NULL))
"""
_DEAD = f"""
INSERT INTO to_recover
SELECT p.id, '{Why.DEATH.value}', '死亡日期 ' || r.died_on, 'died on ' || r.died_on
  FROM residents_resident r
  JOIN residents_resident m ON m.id = r.id OR m.merged_into_id = r.id
  JOIN benefits_payment p ON p.resident_id = m.id AND p.takes_the_place
 WHERE r.state = %(dead)s AND r.died_on < {_BEGINS}
   AND (p.state = ANY(%(left)s) AND {_WITH_A_BANK} OR p.id IN ({GONE_WHILE_PAYING}))
"""
# Two records of one person that were each paid: known only once they are merged. The later payment is asked back.
_MERGED = f"""
CREATE TEMP TABLE of_one ON COMMIT DROP AS
SELECT m.person, p.id, p.programme, p.period, b.number
  FROM (SELECT id, merged_into_id AS person FROM residents_resident WHERE merged_into_id IS NOT NULL
        UNION SELECT merged_into_id, merged_into_id FROM residents_resident WHERE merged_into_id IS NOT NULL) m
  JOIN benefits_payment p ON p.resident_id = m.id AND p.takes_the_place AND p.state = ANY(%(left)s)
   AND {_WITH_A_BANK}
  JOIN benefits_paymentbatch b ON b.id = p.batch_id
"""
_TWICE = f"""
INSERT INTO to_recover
SELECT DISTINCT ON (p.id) p.id, '{Why.TWICE.value}', '批次 ' || o.number || ' 已发放', 'paid in batch ' || o.number || ' before'
  FROM of_one p JOIN of_one o ON o.person = p.person AND o.programme = p.programme AND o.period = p.period AND o.id < p.id
 ORDER BY p.id, o.id
"""
_EXCLUSIVE = f"""
INSERT INTO to_recover
SELECT DISTINCT ON (p.id) p.id, '{Why.EXCLUSIVE.value}', (n.value ->> 0) || '，批次 ' || o.number,
       (n.value ->> 1) || ', batch ' || o.number
  FROM of_one p JOIN of_one o ON o.person = p.person AND o.id < p.id AND left(o.period, 4) = left(p.period, 4)
   AND (o.period = p.period OR length(o.period) <> length(p.period))
  JOIN jsonb_each(%(excludes)s::jsonb) x ON x.key = p.programme || ' ' || p.period AND x.value ? o.programme
  JOIN jsonb_each(%(names)s::jsonb) n ON n.key = o.programme
 ORDER BY p.id, o.id
"""
_OPEN = """
INSERT INTO benefits_recovery (payment_id, why, said, region, outlet, fen, returned_fen, opened_at, state, state_since, asked,
                               proposal, reason, proposed_by, proposed_name, agreed_by, agreed_name)
SELECT DISTINCT ON (p.id) p.id, t.why, jsonb_build_array(t.zh, t.en), b.region, b.outlet, p.fen, 0, %(at)s, %(open)s, %(at)s,
       '', '', '', '', '', '', ''
  FROM to_recover t JOIN benefits_payment p ON p.id = t.payment_id JOIN benefits_paymentbatch b ON b.id = p.batch_id
 ORDER BY p.id, t.why ON CONFLICT (payment_id) DO NOTHING
"""
_TOLD = """
SELECT 'recovery:' || v.id, p.resident_id, p.region, '', jsonb_build_object('batch', b.number, 'line', p.line, 'why', v.why)
  FROM benefits_recovery v JOIN benefits_payment p ON p.id = v.payment_id JOIN benefits_paymentbatch b ON b.id = p.batch_id
 WHERE v.state_since = %(at)s AND v.state = %(now)s
"""


_STILL = RawSQL(
    "benefits_recovery.payment_id IN (SELECT payment_id FROM to_recover)", [], output_field=BooleanField()
)


def open_recoveries(act: Act) -> int:
    """Flag every payment that left and, as is known now, was not due; and let those go that never arrived, that the bank
    itself brought back, or of which the other of two did. Returns how many are new.

    Asked back are payments to who had died before the period began, and of two payments to one person the later: for the
    same programme and period, or for programmes that exclude each other (both known once two records are merged).
    """
    values: dict[str, Any] = {
        "dead": DEAD.code,
        "left": [each.code for each in LEFT],
        "at": act.at,
        "open": RECOVERY_OPEN.code,
        "names": json.dumps(
            {code: [each.zh, each.en] for code, each in programmes().items()}, ensure_ascii=False
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE to_recover (payment_id bigint, why text, zh text, en text) ON COMMIT DROP"
        )
        cursor.execute(_DEAD, values)
        cursor.execute(_MERGED, values)
        cursor.execute("SELECT DISTINCT programme, period FROM of_one")
        excludes = {
            f"{code} {period}": list(terms_of(programmes()[code], Period.parse(period).start).exclusive)
            for code, period in cursor.fetchall()
        }
        cursor.execute(_TWICE)
        cursor.execute(_EXCLUSIVE, {**values, "excludes": json.dumps(excludes)})
        lapsed = _let_go(act)
        count = advance_all(
            Recovery.objects.filter(_STILL, state=LAPSED.code), RECOVERY, "reopen", state_since=act.at
        )
        cursor.execute(_OPEN, values)
        count += int(cursor.rowcount)
        cursor.execute("DROP TABLE to_recover, of_one")
    for kind, state, found in (
        (RECOVERY_OPENED, RECOVERY_OPEN, count),
        (RECOVERY_LAPSED, LAPSED, lapsed),
    ):
        if found:
            told = {"at": act.at, "now": state.code}
            act.record_rows(kind, _TOLD, told, subject="benefit:recovery", count=found)
    return count


def _let_go(act: Act) -> int:
    """Let go of what is asked back for no reason any more; `to_recover` holds all that are known now. Returns how many."""
    of_two = Q(why__in=[Why.TWICE.value, Why.EXCLUSIVE.value])
    rows = Recovery.objects.filter(
        (~Q(payment__state__in=[each.code for each in LEFT]) | of_two) & ~Q(_STILL),
        state__in=[each.code for each in (RECOVERY_OPEN, RECOVERY_ASKED_BACK)],
        returned_fen=0,
    )
    return advance_all(rows, RECOVERY, "lapse", state_since=act.at)


def ask_back(act: Act, recovery_id: int, *, asked: str, scope: Scope) -> RecoveryRow | Refused:
    """Say of whom the money is asked back, and how. Refused: benefit.no_recovery, benefit.recovery_over, benefit.reason."""
    row = _locked(recovery_id, scope, "ask")
    if isinstance(row, Refused):
        return row
    said = reason_of(asked, at="asked", what=("向谁追回、怎样联系的", "of whom it is asked, and how"))
    if isinstance(said, Refused):
        return said
    advance(row, RECOVERY, "ask", state_since=act.at, asked=said)
    _record(act, row, RECOVERY_ASKED)
    return recovery_row(row)


def enter_returned(
    act: Act, recovery_id: int, *, fen: int, paper: str, scope: Scope
) -> RecoveryRow | Refused:
    """Enter money that came back to the treasury: two legs with its voucher (`paper`); all of it, or a part.

    Refused: benefit.no_recovery, benefit.recovery_over, benefit.amount (none, or more than is missing),
    benefit.paper (none, or its money is entered already).
    """
    row = _locked(recovery_id, scope, "receive")
    if isinstance(row, Refused):
        return row
    payment = Payment.objects.select_for_update(no_key=True).get(pk=row.payment_id)
    if payment.state != PAID.code:
        return Refused(
            "benefit.recovery_not_paid",
            f"这笔发放目前为“{PAYMENT.state(payment.state).zh}”，银行没有确认到账，不能登记退回。",
            f"The payment is {PAYMENT.state(payment.state).en}; what the bank has not paid cannot come back.",
        )
    missing = row.fen - row.returned_fen
    if not 0 < fen <= missing:
        return Refused(
            "benefit.amount",
            f"退回金额应大于零，不超过尚未追回的{print_yuan(missing)}元。",
            f"It must be above nothing and at most the {print_yuan(missing)} yuan that are missing.",
            at="yuan",
        )
    programme, paper = row.payment.programme, paper.strip()
    if not paper or len(paper) > PAPER_LENGTH or had_back(programme, paper):
        return Refused(
            "benefit.paper",
            "请填写缴款凭证号；同一凭证只登记一次。",
            "Give the number of the voucher; a voucher is entered once.",
            at="paper",
        )
    values = {"batch": row.payment.batch_id, "payment": row.payment_id, "fen": fen}
    rows = "SELECT %(batch)s::bigint, %(payment)s::bigint, %(fen)s::bigint"
    post(act, programme, off=DONE, onto=BUDGET, rows=rows, values=values, paper=paper)
    event = "receive" if fen == missing else "receive_part"
    advance(row, RECOVERY, event, state_since=act.at, returned_fen=row.returned_fen + fen)
    _record(act, row, RECOVERY_RECEIVED, fen=fen, yuan=print_yuan(fen, thousands=True), paper=paper)
    return recovery_row(row)


def propose_end(
    act: Act, recovery_id: int, *, proposal: str, reason: str, scope: Scope
) -> RecoveryRow | Refused:
    """Propose to end it without the rest of the money. Refused: benefit.no_recovery, benefit.recovery_over,
    benefit.recovery_ends (no such end), benefit.reason."""
    row = _locked(recovery_id, scope, "propose")
    if isinstance(row, Refused):
        return row
    if proposal not in set(Proposal) or (proposal == Proposal.NOT_OWED.value and row.returned_fen):
        return Refused(
            "benefit.recovery_ends",
            "请选择怎样了结；已经退回一部分的不能再定为无需追回。",
            "Choose how it ends; where a part came back it was owed.",
            at="proposal",
        )
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    advance(
        row,
        RECOVERY,
        "propose",
        state_since=act.at,
        proposal=proposal,
        reason=said,
        proposed_by=act.actor.code,
        proposed_name=act.actor.name,
    )
    _record(act, row, RECOVERY_PROPOSAL, reason=said, **_ends(row))
    return recovery_row(row)


def agree_end(act: Act, recovery_id: int, *, scope: Scope) -> RecoveryRow | Refused:
    """Agree to what another person proposed. Refused: benefit.no_recovery, benefit.recovery_over, benefit.same_person."""
    row = _locked(recovery_id, scope, "decline")
    if isinstance(row, Refused):
        return row
    if (refused := another_agrees(act.actor.code, row.proposed_by)) is not None:
        return refused
    if row.payment.state not in {each.code for each in LEFT}:
        state = PAYMENT.state(row.payment.state)
        return Refused(
            "benefit.recovery_not_paid",
            f"这笔发放现为“{state.zh}”，钱已不在领款人处，请不同意了结。",
            f"The payment is {state.en} now, and its person does not have the money; send the proposal back.",
        )
    advance(
        row,
        RECOVERY,
        row.proposal,
        state_since=act.at,
        agreed_by=act.actor.code,
        agreed_name=act.actor.name,
    )
    _record(act, row, RECOVERY_AGREED, reason=row.reason, **_ends(row))
    return recovery_row(row)


def decline_end(act: Act, recovery_id: int, *, reason: str, scope: Scope) -> RecoveryRow | Refused:
    """Send a proposal back: the money is asked for on. Refused: benefit.no_recovery, benefit.recovery_over, benefit.reason."""
    row = _locked(recovery_id, scope, "decline")
    if isinstance(row, Refused):
        return row
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    ends = _ends(row)
    advance(row, RECOVERY, "decline", state_since=act.at, proposal="")
    _record(act, row, RECOVERY_DECLINED, reason=said, **ends)
    return recovery_row(row)


def _locked(recovery_id: int, scope: Scope, event: str) -> Recovery | Refused:
    rows = Recovery.objects.select_for_update(no_key=True, of=("self",)).select_related("payment__batch")
    row = rows.defer("payment__batch__content").filter(pk=recovery_id).first()
    if row is None or not scope.covers(row.region, row.outlet):
        return Refused("benefit.no_recovery", "没有这笔追回。", "There is no such item to recover.")
    if RECOVERY.target(event, row.state) is None:
        state = RECOVERY.state(row.state)
        return Refused(
            "benefit.recovery_over",
            f"这笔追回{state.zh}，不能再办这一步。",
            f"This item is {state.en}; this step is not open to it.",
        )
    return row


def _record(act: Act, row: Recovery, kind: Any, **more: Any) -> None:
    act.record(
        kind,
        subject=f"recovery:{row.pk}",
        person=row.payment.resident_id,
        region=row.region,
        outlet=row.outlet,
        number=row.pk,
        batch=row.payment.batch.number,
        line=row.payment.line,
        **more,
    )


def _ends(row: Recovery) -> dict[str, str]:
    proposal = Proposal(row.proposal)
    return {"ends": proposal.zh, "ends_en": proposal.en}
