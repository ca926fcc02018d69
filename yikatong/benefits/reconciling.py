# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""Roster = approved = file = reply = statement = ledger, by number, sum and person, as of any moment (对账).

Everything is computed from what was written down with its moment: rows of the roster, lines of files and what banks said
of them, entries of statements, legs of the ledger. Nothing is counted on the side, so nothing can be out of step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum as Total

from yikatong.benefits.discrepancies import Differs
from yikatong.benefits.models import PaymentBatch, RowCorrection
from yikatong.benefits.rules import BUDGET, DONE, FILE_WITHDRAWN, GIVEN_UP, NEVER_PAID, SETTLED, TRANSIT
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope, stem

_NEVER = ", ".join(f"'{state.code}'" for state in NEVER_PAID)
# Two people found out that the money of this attempt arrived, and it has not come back since.
_ARRIVED = "(l.arrived_at <= %(at)s AND (l.returned_at BETWEEN l.arrived_at AND %(at)s) IS NOT TRUE) IS TRUE"
# What was known at a moment of each line of a batch's files; one that was taken back is as if it had never been. `left`: the
# account was debited for it, with its file or by itself; `back`: it came back.
_LINES = f"""
lines AS MATERIALIZED (
  SELECT f.batch_id, f.id AS file_id, f.sent_at, l.payment_id, l.fen, l.answered_at,
         CASE WHEN f.state = '{FILE_WITHDRAWN.code}' AND f.state_since <= %(at)s AND (l.arrived_at <= %(at)s) IS NOT TRUE
              THEN 'withdrawn'
              WHEN {_ARRIVED} THEN 'paid'
              WHEN l.returned_at <= %(at)s THEN 'returned'
              WHEN l.answered_at <= %(at)s AND l.result = '00' THEN 'paid'
              WHEN l.answered_at <= %(at)s AND l.result NOT IN ('', '98') THEN 'failed' ELSE 'open' END AS outcome,
         d.file_id IS NOT NULL OR o.meaning IS NOT NULL AS was_left, b.meaning IS NOT NULL AS was_back,
         row_number() OVER (PARTITION BY l.payment_id ORDER BY {_ARRIVED} DESC, f.state = '{FILE_WITHDRAWN.code}' AND f.state_since <= %(at)s,
                            f.sealed_at DESC, l.id DESC) AS latest
    FROM benefits_fileline l
    JOIN benefits_bankfile f ON f.id = l.file_id AND f.batch_id = ANY(%(batches)s) AND f.sealed_at <= %(at)s
    LEFT JOIN entries d ON d.file_id = f.id AND d.meaning = 'debit'
    LEFT JOIN entries o ON o.file_line_id = l.id AND o.meaning = 'paid'
    LEFT JOIN entries b ON b.file_line_id = l.id AND b.meaning = 'returned')
"""
_ENTRIES = """
entries AS MATERIALIZED (
  SELECT e.file_id, e.file_line_id, e.meaning
    FROM benefits_statemententry e
    JOIN benefits_accountstatement s ON s.id = e.statement_id AND s.taken_at <= %(at)s
    JOIN benefits_bankfile f ON f.id = e.file_id AND f.batch_id = ANY(%(batches)s)
   WHERE e.meaning IN ('debit', 'paid', 'returned'))
"""
_PEOPLE = f"""
WITH {_ENTRIES}, {_LINES},
booked AS MATERIALIZED (
  SELECT payment_id, sum(CASE '{TRANSIT}' WHEN onto THEN fen WHEN off THEN -fen ELSE 0 END) AS transit,
         sum(CASE WHEN onto = '{DONE}' THEN fen WHEN off = '{DONE}' AND onto <> '{BUDGET}' THEN -fen ELSE 0 END) AS done,
         coalesce(sum(fen) FILTER (WHERE off = '{DONE}' AND onto = '{BUDGET}'), 0) AS recovered
    FROM benefits_posting
   WHERE batch_id = ANY(%(batches)s) AND at <= %(at)s AND payment_id IS NOT NULL GROUP BY payment_id),
tried AS MATERIALIZED (
  SELECT payment_id, count(*) FILTER (WHERE outcome <> 'withdrawn') AS attempts,
         count(*) FILTER (WHERE outcome IN ('paid', 'open')) AS paying,
         bool_or(outcome IN ('failed', 'returned', 'withdrawn') AND was_left AND NOT was_back AND answered_at < %(late)s) AS kept
    FROM lines GROUP BY payment_id),
people AS (
  SELECT p.batch_id, p.id, p.line, p.fen, l.fen AS line_fen, l.outcome, coalesce(t.attempts, 0) AS attempts,
         coalesce(t.paying, 0) AS paying, coalesce(t.kept, false) AS kept,
         coalesce(l.was_left, false) AS was_left, coalesce(l.was_back, false) AS was_back,
         l.sent_at, l.answered_at, coalesce(k.transit, 0) AS transit, coalesce(k.done, 0) AS done,
         coalesce(k.recovered, 0) AS recovered,
         b.finance_at <= %(at)s AND b.finance_by <> '' AND (p.state NOT IN ({_NEVER})
           OR p.stopped_at IS NOT NULL) AS approved,
         p.stopped_at <= %(at)s AND p.state IN ({_NEVER}) AS stopped,
         b.state = '{SETTLED.code}' AND b.state_since <= %(at)s AS over
    FROM benefits_payment p
    JOIN benefits_paymentbatch b ON b.id = p.batch_id AND b.judged_at <= %(at)s
    LEFT JOIN lines l ON l.payment_id = p.id AND l.latest = 1 AND l.outcome <> 'withdrawn'
    LEFT JOIN tried t ON t.payment_id = p.id
    LEFT JOIN booked k ON k.payment_id = p.id
   WHERE p.batch_id = ANY(%(batches)s)
     AND NOT EXISTS (SELECT FROM benefits_rowcorrection c WHERE c.old_id = p.id AND c.at <= %(at)s)
     AND NOT EXISTS (SELECT FROM benefits_rowcorrection c WHERE c.new_id = p.id AND c.at > %(at)s)),
told AS MATERIALIZED (
  SELECT *, CASE
    WHEN attempts > 0 AND approved IS NOT TRUE THEN '{Differs.NOT_APPROVED.value}'
    WHEN paying > 1 THEN '{Differs.TWICE.value}'
    WHEN line_fen <> fen THEN '{Differs.SUMS.value}'
    WHEN transit <> CASE WHEN outcome = 'open' THEN fen ELSE 0 END
      OR done <> CASE WHEN outcome = 'paid' THEN fen ELSE 0 END
      OR recovered > CASE WHEN outcome = 'paid' THEN fen ELSE 0 END THEN '{Differs.LEDGER.value}'
    WHEN kept THEN '{Differs.NOT_BACK.value}'
    WHEN outcome = 'paid' AND NOT was_left AND sent_at < %(late)s THEN '{Differs.NOT_BOOKED.value}'
    WHEN approved AND attempts = 0 AND stopped IS NOT TRUE AND over THEN '{Differs.LOST.value}'
    ELSE '' END AS difference
    FROM people)
"""
_COUNTED = {
    "roster": "true",
    "held": "approved IS NOT TRUE",
    "approved": "approved",
    "filed": "attempts > 0",
    "stopped": "approved AND attempts = 0 AND stopped",
    "waiting": "approved AND attempts = 0 AND stopped IS NOT TRUE",
    "paid": "outcome = 'paid'",
    "failed": "outcome = 'failed'",
    "returned": "outcome = 'returned'",
    "open": "outcome = 'open'",
    "stated": "was_left AND NOT was_back",
    "booked": "done > 0",
    "transit": "transit > 0",
    "recovered": "recovered > 0",
}
_SUMS = {"booked": "done", "transit": "transit", "recovered": "recovered"}
_STAGES = (
    _PEOPLE
    + "SELECT t.batch_id, "
    + ", ".join(
        f"count(*) FILTER (WHERE {which}), coalesce(sum({_SUMS.get(name, 'fen')}) FILTER (WHERE {which}), 0)::bigint"
        for name, which in _COUNTED.items()
    )
    + " FROM told t GROUP BY t.batch_id"
)
_DIFFERENCES = (
    _PEOPLE
    + """
SELECT batch_id, difference, count(*), sum(fen)::bigint,
       encode(sha256(convert_to(string_agg(id::text, ',' ORDER BY id), 'UTF8')), 'hex')
  FROM told WHERE difference <> '' GROUP BY batch_id, difference ORDER BY batch_id, difference
"""
)
_WHO = _PEOPLE + "SELECT line FROM told WHERE difference = %(difference)s ORDER BY line LIMIT %(limit)s"
_BY_DAY = f"""
WITH files AS (
  SELECT f.id, f.bank_code, f.rows, f.fen, (f.sent_at AT TIME ZONE 'Asia/Shanghai')::date AS day
    FROM benefits_bankfile f JOIN benefits_paymentbatch b ON b.id = f.batch_id
   WHERE f.sent_at <= %(at)s AND f.sent_at >= %(since)s AND b.region LIKE %(region)s),
said AS (
  SELECT l.file_id, count(*) FILTER (WHERE x.outcome = 'paid') AS paid,
         coalesce(sum(l.fen) FILTER (WHERE x.outcome = 'paid'), 0) AS paid_fen,
         count(*) FILTER (WHERE x.outcome = 'failed') AS failed,
         coalesce(sum(l.fen) FILTER (WHERE x.outcome = 'failed'), 0) AS failed_fen,
         count(*) FILTER (WHERE x.outcome = 'open') AS open,
         coalesce(sum(l.fen) FILTER (WHERE x.outcome = 'open'), 0) AS open_fen
    FROM benefits_fileline l CROSS JOIN LATERAL (SELECT
         CASE WHEN {_ARRIVED} THEN 'paid'
              WHEN l.returned_at <= %(at)s THEN 'failed'
              WHEN l.answered_at <= %(at)s AND l.result = '00' THEN 'paid'
              WHEN l.answered_at <= %(at)s AND l.result NOT IN ('', '98') THEN 'failed' ELSE 'open' END AS outcome) x
   WHERE l.file_id IN (SELECT id FROM files) GROUP BY l.file_id),
stated AS (
  SELECT e.file_id, -coalesce(sum(e.fen) FILTER (WHERE e.fen < 0), 0) AS left_fen,
         coalesce(sum(e.fen) FILTER (WHERE e.fen > 0), 0) AS back_fen
    FROM benefits_statemententry e JOIN benefits_accountstatement s ON s.id = e.statement_id AND s.taken_at <= %(at)s
   WHERE e.file_id IN (SELECT id FROM files) AND e.meaning IN ('debit', 'paid', 'returned') GROUP BY e.file_id)
SELECT f.bank_code, f.day, count(*), sum(f.rows)::bigint, sum(f.fen)::bigint, sum(s.paid)::bigint, sum(s.paid_fen)::bigint,
       sum(s.failed)::bigint, sum(s.failed_fen)::bigint, sum(s.open)::bigint, sum(s.open_fen)::bigint,
       coalesce(sum(t.left_fen), 0)::bigint, coalesce(sum(t.back_fen), 0)::bigint, count(t.file_id)
  FROM files f JOIN said s ON s.file_id = f.id LEFT JOIN stated t ON t.file_id = f.id
 GROUP BY f.bank_code, f.day ORDER BY f.day DESC, f.bank_code
"""


@dataclass(frozen=True)
class Sum:
    """So many people, and their fen."""

    rows: int
    fen: int


@dataclass(frozen=True)
class Part:
    """One part of a step."""

    zh: str
    en: str
    whole: Sum


@dataclass(frozen=True)
class Step:
    """One step of the way, and the parts that it is the sum of; none where it stands by itself."""

    zh: str
    en: str
    whole: Sum
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Difference:
    """A difference in a batch: how many people, their fen, and `who`: the digest of who they are."""

    kind: Differs
    rows: int
    fen: int
    who: str


@dataclass(frozen=True)
class Reconciled:
    """A batch as of a moment. Every person stands in exactly one of each line's parts:

    roster = held + approved; approved = filed + stopped + waiting; filed = paid + failed + returned + open;
    booked = paid, transit = open. `stated` is what the statements show to have left and not come back, `recovered`
    what the people themselves gave back to the treasury since.
    """

    batch_id: int
    differences: tuple[Difference, ...]
    roster: Sum
    held: Sum
    approved: Sum
    filed: Sum
    stopped: Sum
    waiting: Sum
    paid: Sum
    failed: Sum
    returned: Sum
    open: Sum
    stated: Sum
    booked: Sum
    transit: Sum
    recovered: Sum

    @property
    def unpaid(self) -> int:
        """How many failed, or came back."""
        return self.failed.rows + self.returned.rows

    @property
    def steps(self) -> tuple[Step, ...]:
        """The way of the money, each step beside the parts it is the sum of."""
        return (
            Step(
                "清册",
                "roster",
                self.roster,
                (Part("审批", "approved", self.approved), Part("暂缓", "held", self.held)),
            ),
            Step(
                "审批",
                "approved",
                self.approved,
                (
                    Part("代发文件", "in files", self.filed),
                    Part("审批后暂缓", "held since", self.stopped),
                    Part("待送银行", "to be sent", self.waiting),
                ),
            ),
            Step(
                "代发文件",
                "in files",
                self.filed,
                (
                    Part("到账", "paid", self.paid),
                    Part("失败", "failed", self.failed),
                    Part("退回", "came back", self.returned),
                    Part("未明", "open", self.open),
                ),
            ),
            Step("台账已发放", "paid in the ledger", self.booked, (Part("到账", "paid", self.paid),)),
            Step("台账在途", "in transit in the ledger", self.transit, (Part("未明", "open", self.open),)),
            *((Step("其后追回", "had back since", self.recovered, ()),) if self.recovered.rows else ()),
            Step("对账单净扣款", "left by the statements", self.stated, ()),
        )


@dataclass(frozen=True)
class BankDay:
    """What was sent to a bank on a day, and what became of it by a moment; money in fen.

    `off`: what its statements show to have left and not come back, less what it says is paid or cannot tell yet; nought
    where both agree, None where no statement speaks of all its files yet.
    """

    bank_code: str
    on: date
    files: int
    sent: Sum
    paid: Sum
    failed: Sum
    open: Sum
    left_fen: int
    back_fen: int
    off: int | None


def reconciled(batches: Sequence[int], at: datetime, *, today: date) -> dict[int, Reconciled]:
    """Every one of these batches that was judged by then, in one statement for all of them."""
    values = _values(batches, at, today)
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, values)
        differing: dict[int, list[Difference]] = {}
        for batch, kind, rows, fen, who in cursor.fetchall():
            differing.setdefault(batch, []).append(Difference(Differs(kind), rows, fen, who))
        cursor.execute(_STAGES, values)
        return {
            batch: Reconciled(
                batch,
                (*_of_envelope(batch, sums, at), *differing.get(batch, ())),
                *(Sum(rows, fen) for rows, fen in zip(sums[::2], sums[1::2], strict=True)),
            )
            for batch, *sums in cursor.fetchall()
        }


def differing_lines(batch: int, kind: Differs, at: datetime, limit: int, *, today: date) -> tuple[int, ...]:
    """The lines of the roster that differ so, the first of them."""
    values = {**_values([batch], at, today), "difference": kind.value, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_WHO, values)
        return tuple(line for (line,) in cursor.fetchall())


def by_bank_and_day(scope: Scope, at: datetime, since: datetime) -> tuple[BankDay, ...]:
    """What was sent to each bank on each day since then, the newest first."""
    values: dict[str, Any] = {
        "at": at,
        "since": since,
        "region": f"{stem(scope.region)}%" if scope.region else "",
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, values)
        return tuple(_bank_day(row) for row in cursor.fetchall())


def to_reconcile(days: int, at: datetime) -> tuple[int, ...]:
    """The batches whose differences are looked for: those being paid, and those settled no longer than so many days ago."""
    rows = PaymentBatch.objects.filter(state__in=["paying", SETTLED.code]).exclude(
        state=SETTLED.code, state_since__lt=at - timedelta(days=days)
    )
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def _values(batches: Iterable[int], at: datetime, today: date) -> dict[str, Any]:
    late = at - timedelta(days=whole("benefit.statement_days", today))
    return {"batches": list(batches), "at": at, "late": late}


def _of_envelope(batch: int, sums: Sequence[int], at: datetime) -> Iterable[Difference]:
    """What the envelope says against its rows: as many as were received, as many as were approved."""
    row = PaymentBatch.objects.only(
        "received_rows",
        "received_fen",
        "approved_rows",
        "approved_fen",
        "finance_at",
        "finance_by",
        "state",
        "state_since",
    ).get(pk=batch)
    given_up = row.state in {state.code for state in GIVEN_UP} and row.state_since <= at
    said = [(row.received_rows, row.received_fen + corrected_fen(batch, at))]
    found = [(sums[0], sums[1])]
    if row.finance_by and row.finance_at is not None and row.finance_at <= at and not given_up:
        said.append((row.approved_rows, row.approved_fen))
        found.append((sums[4], sums[5]))
    for (rows, fen), (rows_found, fen_found) in zip(said, found, strict=True):
        if (rows, fen) != (rows_found, fen_found):
            yield Difference(
                Differs.SUMS, abs(rows - rows_found), abs(fen - fen_found), f"{rows_found}/{fen_found}"
            )


def corrected_fen(batch: int, at: datetime) -> int:
    """By how much corrections of single rows changed what a batch comes to; its envelope stays as it was declared."""
    sums = RowCorrection.objects.filter(old__batch_id=batch, at__lte=at).aggregate(
        old=Total("old__fen"), new=Total("new__fen")
    )
    return (sums["new"] or 0) - (sums["old"] or 0)


def _bank_day(row: tuple[Any, ...]) -> BankDay:
    (
        bank,
        on,
        files,
        rows,
        fen,
        paid,
        paid_fen,
        failed,
        failed_fen,
        open_rows,
        open_fen,
        left,
        back,
        stated,
    ) = row
    off = left - back - paid_fen - open_fen if stated == files else None
    return BankDay(
        bank, on, files, Sum(rows, fen), Sum(paid, paid_fen), Sum(failed, failed_fen), Sum(open_rows, open_fen), left,
        back, off,
    )  # fmt: skip
