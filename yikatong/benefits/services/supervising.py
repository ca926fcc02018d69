"""Fund supervision (基金监管): batches looked over once they are judged and once they are settled; clues in named hands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q

from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.benefits.clues import CLUE_KINDS
from yikatong.benefits.detecting import Looked, found
from yikatong.benefits.facts import CLUE_CLOSED, CLUE_PUT_BACK, CLUE_TAKEN, CLUES_RAISED
from yikatong.benefits.models import Clue, PaymentBatch
from yikatong.benefits.programme import Due, programmes
from yikatong.benefits.rules import (
    CARD_REASONS,
    CHECKING,
    CLUE,
    CLUE_OUTCOMES,
    FILE_WITHDRAWN,
    JUDGED,
    PAID,
    RAISED,
    REPLACED,
    RETURNED,
    SETTLED,
    STILL_OPEN,
)
from yikatong.benefits.services.reasons import personal
from yikatong.benefits.supervision import ClueView, clue_view
from yikatong.benefits.terms import Terms, terms_of
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.rulebook import ruling, whole, work_calendar
from yikatong.office.scope import Scope

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTE_LENGTH = 200
_RAISE = """
INSERT INTO benefits_clue (kind, key, batch_id, region, outlet, rows, fen, said, raised_at, state, state_since, owner,
                           owner_name, note)
SELECT f.kind, f.key, %(batch)s, %(region)s, %(outlet)s, count(p.id), coalesce(sum(p.fen), 0)::bigint,
       jsonb_build_array(min(f.zh), min(f.en)), %(at)s, %(raised)s, %(at)s, '', '', ''
  FROM clue_found f LEFT JOIN benefits_payment p ON p.id = f.payment_id
 GROUP BY f.kind, f.key ON CONFLICT (kind, key) DO NOTHING
"""
_ROWS = """
INSERT INTO benefits_cluerow (clue_id, kind, evidence, payment_id)
SELECT c.id, f.kind, f.evidence, f.payment_id
  FROM clue_found f JOIN benefits_clue c ON c.kind = f.kind AND c.key = f.key
 WHERE c.batch_id = %(batch)s AND c.raised_at = %(at)s ON CONFLICT (kind, evidence) DO NOTHING
"""
_COUNTS = """
SELECT kind, count(*) FROM benefits_clue WHERE batch_id = %(batch)s AND raised_at = %(at)s GROUP BY kind ORDER BY kind
"""
_FIGURES = """
INSERT INTO benefits_batchfigure (batch_id, programme, year, region, due, paid, fen, held, failed)
SELECT %(batch)s, %(programme)s, %(year)s, p.region,
       count(*) FILTER (WHERE p.state = ANY(%(due)s) OR p.reason = ANY(%(card)s) AND p.state <> %(replaced)s),
       count(*) FILTER (WHERE p.state = %(paid)s), coalesce(sum(p.fen) FILTER (WHERE p.state = %(paid)s), 0)::bigint,
       coalesce((SELECT jsonb_object_agg(h.reason, h.rows) FROM (
          SELECT reason, count(*) AS rows FROM benefits_payment
           WHERE batch_id = %(batch)s AND region = p.region AND reason <> '' AND state <> %(replaced)s GROUP BY reason) h), '{}'),
       coalesce((SELECT jsonb_object_agg(l.result, l.rows) FROM (
          SELECT l.result, count(*) AS rows FROM benefits_fileline l JOIN benefits_payment q ON q.id = l.payment_id
            JOIN benefits_bankfile f ON f.id = l.file_id AND f.state <> %(withdrawn)s
           WHERE q.batch_id = %(batch)s AND q.region = p.region AND l.result <> '00' AND l.result <> ALL(%(open)s)
           GROUP BY l.result) l), '{}')
  FROM benefits_payment p WHERE p.batch_id = %(batch)s
 GROUP BY p.region ON CONFLICT (batch_id, region) DO UPDATE
   SET due = excluded.due, paid = excluded.paid, fen = excluded.fen, held = excluded.held, failed = excluded.failed
"""


def to_watch() -> tuple[str, ...]:
    """Batches that were judged or settled since they were last looked over, the oldest first."""
    rows = PaymentBatch.objects.filter(state__in=[JUDGED.code, SETTLED.code])
    rows = rows.filter(Q(watched_at=None) | Q(watched_at__lt=F("state_since")))
    return tuple(rows.order_by("id").values_list("number", flat=True))


def watch_batch(act: Act, number: str) -> int:
    """Look a judged or settled batch over; returns how many clues are new. What was raised before is not raised again."""
    row = PaymentBatch.objects.select_for_update(no_key=True).filter(number=number).first()
    if row is None or row.state not in (JUDGED.code, SETTLED.code):
        return 0
    if row.watched_at is not None and row.watched_at >= row.state_since:
        return 0
    programme = programmes()[row.programme]
    terms = terms_of(programme, Period.parse(row.period).start)
    values: dict[str, Any] = {
        "batch": row.pk,
        "region": row.region,
        "outlet": row.outlet,
        "at": act.at,
        "raised": RAISED.code,
    }
    with found(_looked(act, row, terms)), connection.cursor() as cursor:
        cursor.execute(_RAISE, values)
        cursor.execute(_ROWS, values)
        cursor.execute(_COUNTS, values)
        counts = {str(kind): int(count) for kind, count in cursor.fetchall()}
    if row.state == SETTLED.code:
        _count(row)
    row.watched_at = act.at
    row.save(update_fields=["watched_at"])
    act.record(
        CLUES_RAISED,
        subject=f"benefit:{row.number}",
        region=row.region,
        outlet=row.outlet,
        batch=row.number,
        clues=sum(counts.values()),
        kinds=dict(counts),
    )
    return sum(counts.values())


def take_clue(act: Act, clue_id: int, *, scope: Scope) -> ClueView | Refused:
    """接手: from now on this person looks into it. Refused: clue.unknown, clue.taken, clue.own_work (who brought, approved
    or funded the batch does not supervise it)."""
    row = _locked(clue_id, scope)
    if isinstance(row, Refused):
        return row
    if row.state != RAISED.code:
        return Refused(
            "clue.taken",
            f"这条线索{CLUE.state(row.state).zh}，由{row.owner_name}办理。",
            f"It is with {row.owner_name} ({CLUE.state(row.state).en}).",
        )
    batch = row.batch
    if act.actor.code in (batch.maker, batch.department_by, batch.finance_by):
        return Refused(
            "clue.own_work",
            "您经办或审批过这个批次，线索须由其他人核查。",
            "You brought or approved this batch; somebody else looks into it.",
        )
    advance(row, CLUE, "take", state_since=act.at, owner=act.actor.code, owner_name=act.actor.name)
    act.record(CLUE_TAKEN, subject=f"clue:{row.pk}", region=row.region, outlet=row.outlet, **_about(row))
    return clue_view(row)


def put_back_clue(act: Act, clue_id: int, *, scope: Scope) -> ClueView | Refused:
    """Give it back for another to take. Refused: clue.unknown, clue.not_yours."""
    row = _own(act, clue_id, scope)
    if isinstance(row, Refused):
        return row
    advance(row, CLUE, "put_back", state_since=act.at, owner="", owner_name="")
    act.record(CLUE_PUT_BACK, subject=f"clue:{row.pk}", region=row.region, outlet=row.outlet, **_about(row))
    return clue_view(row)


def close_clue(act: Act, clue_id: int, *, outcome: str, note: str, scope: Scope) -> ClueView | Refused:
    """What came of it: `outcome` is a key of `CLUE_OUTCOMES`. Refused: clue.unknown, clue.not_yours, clue.outcome, clue.note,
    benefit.reason (a number that is somebody's)."""
    row = _own(act, clue_id, scope)
    if isinstance(row, Refused):
        return row
    if outcome not in CLUE_OUTCOMES:
        return Refused("clue.outcome", "请选择核查结果。", "Choose what came of it.", at="outcome")
    note = note.strip()
    if not note or len(note) > NOTE_LENGTH:
        return Refused(
            "clue.note",
            f"请写明核查经过和依据（最多{NOTE_LENGTH}字）。",
            f"Say what was looked at and found (at most {NOTE_LENGTH} characters).",
            at="note",
        )
    if (refused := personal(note, at="note")) is not None:
        return refused
    advance(row, CLUE, outcome, state_since=act.at, note=note)
    ended = CLUE_OUTCOMES[outcome]
    act.record(
        CLUE_CLOSED,
        subject=f"clue:{row.pk}",
        region=row.region,
        outlet=row.outlet,
        outcome=ended.zh,
        outcome_en=ended.en,
        note=note,
        **_about(row),
    )
    return clue_view(row)


def _about(row: Clue) -> dict[str, Any]:
    kind = CLUE_KINDS[row.kind]
    return {"batch": row.batch.number, "what": kind.zh, "what_en": kind.en}


def _locked(clue_id: int, scope: Scope) -> Clue | Refused:
    rows = Clue.objects.select_for_update(no_key=True, of=("self",)).select_related("batch")
    row = rows.defer("batch__content").filter(pk=clue_id).first()
    if row is None or not scope.covers(row.region, row.outlet):
        return Refused("clue.unknown", "没有这条线索。", "There is no such clue.")
    return row


def _own(act: Act, clue_id: int, scope: Scope) -> Clue | Refused:
    row = _locked(clue_id, scope)
    if isinstance(row, Refused) or (row.state == CHECKING.code and row.owner == act.actor.code):
        return row
    return Refused(
        "clue.not_yours",
        "请先接手这条线索。",
        "Take it first; only who looks into it does this.",
        at="outcome",
    )


def _looked(act: Act, row: PaymentBatch, terms: Terms) -> Looked:
    def limit(name: str) -> int:
        return whole(f"supervision.{name}", act.today)

    return Looked(
        batch_id=row.pk,
        stage=f"{row.number}:{row.state}",
        begins=Period.parse(row.period).start,
        exclusive=terms.exclusive,
        standard=_standard(row, terms),
        account_since=row.state_since - timedelta(days=limit("account_days")),
        limits={
            "phone_rows": whole("benefit.shared_phone_rows", act.today),
            "account_rows": limit("account_rows"),
            "least_rows": limit("least_rows"),
            "repeated_percent": limit("repeated_percent"),
            "rounded_percent": limit("rounded_percent"),
        },
        odd=_odd_hours(row, act.today),
    )


def _standard(row: PaymentBatch, terms: Terms) -> tuple[int, ...] | None:
    """The amounts a programme itself sets, where it leaves room above them; None where every amount follows from the rates."""
    due = programmes()[row.programme].due("", terms.rates)
    return (due.least,) if isinstance(due, Due) and due.least < due.most else None


def _odd_hours(row: PaymentBatch, today: date) -> tuple[tuple[str, str, str], ...]:
    hours = ruling("supervision.hours", today).value
    steps = (
        ("department", "业务审批", "department", row.department_name, row.department_at),
        ("finance", "财政审批", "finance", row.finance_name, row.finance_at),
    )
    return tuple(
        (f"{row.number}:{code}", f"{name} {zh}：{_local(at)}", f"{name}, {en}: {_local(at)}")
        for code, zh, en, name, at in steps
        if at is not None and _odd(at, int(hours["begin"]), int(hours["end"]))
    )


def _odd(at: datetime, begin: int, end: int) -> bool:
    local = at.astimezone(SHANGHAI)
    return not (begin <= local.hour < end and work_calendar().is_working(local.date()))


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _count(row: PaymentBatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _FIGURES,
            {
                "batch": row.pk,
                "programme": row.programme,
                "year": row.state_since.astimezone(SHANGHAI).year,
                "due": [PAID.code, RETURNED.code],
                "card": list(CARD_REASONS),
                "replaced": REPLACED.code,
                "paid": PAID.code,
                "open": list(STILL_OPEN),
                "withdrawn": FILE_WITHDRAWN.code,
            },
        )
