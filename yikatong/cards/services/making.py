# ruff: noqa: S608 - only names of our own tables are put into the text; values go as parameters
"""制卡回盘: what the maker says of each card of a batch.

A return file may hold half the batch; what it does not name stays in the making and is counted. The old card ends
before the new one is born, so that nobody holds two even for a moment.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import QuerySet

from yikatong.basics.masking import Sensitive
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.codebook import agreed
from yikatong.cards.files.codes import WORDS, CodeTable, Subject
from yikatong.cards.files.frame import FIRST_ROW_LINE, Parsed
from yikatong.cards.files.returns import RETURNS, ReturnRow, read_made
from yikatong.cards.messages import Step
from yikatong.cards.models import Batch, Card, Order
from yikatong.cards.rows import FileReport, OrderRow, order_row
from yikatong.cards.rules import (
    BANK_INACTIVE,
    BATCH,
    CANCELLED,
    CARD,
    ENDED,
    MAKE_FAILED,
    MAKING,
    ORDER,
    RELEASED,
    RETURNED,
    SEALED,
    Mode,
)
from yikatong.cards.services.answers import begin, reject
from yikatong.cards.services.locked import locked_order
from yikatong.cards.services.outcomes import keep_problems, keep_result
from yikatong.cards.services.staging import (
    fact_rows,
    judged,
    lock_orders,
    of_row,
    report_strangers,
    settle_keys,
    staged,
    taken,
)
from yikatong.cards.services.telling import tell_orders
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.post import ReceivedFile
from yikatong.office.scope import Scope
from yikatong.office.sealing import lookup
from yikatong.residents.queries import number_key

MAKER = "maker"

_COLUMNS = (
    "line int",
    "number text",
    "person bytea",
    "good boolean",
    "problem text",
    "issued_on date",
    "valid_until date",
    "card_identifier text",
    "card_reset text",
    "bank_code text",
    "bank_pan_key bytea",
    "box_slot text",
    "stage text",
    "reason text",
)

# A row is known by its card number within the batch; the account must be the one the bank opened for this order.
# Each join meets a row at most once: card numbers are unique, and so is a person's valid card.
_JUDGEMENT = """
SELECT f.*, o.id AS order_id, f.number AS named,
       CASE WHEN o.id IS NULL AND x.id IS NOT NULL THEN 'row.other_batch'
            WHEN o.id IS NULL THEN 'row.unknown'
            WHEN r.number_key <> f.person THEN 'row.other_person'
            WHEN o.state = %(cancelled)s THEN 'row.cancelled'
            WHEN o.state <> %(making)s THEN CASE
                 WHEN f.good AND c.order_id = o.id AND c.card_identifier = f.card_identifier
                   OR NOT f.good AND o.problem_text = trim(f.stage || '：' || f.reason) THEN 'row.same_again'
                 WHEN c.order_id = o.id OR o.state = %(failed)s THEN 'row.contradicts'
                 ELSE 'row.not_waiting' END
            WHEN f.contradicted THEN 'row.contradicts_itself'
            WHEN f.nth > 1 THEN 'row.repeated'
            WHEN f.problem <> '' THEN f.problem
            WHEN f.good AND o.bank_code <> f.bank_code THEN 'row.other_bank'
            WHEN f.good AND o.bank_pan_key <> f.bank_pan_key THEN 'row.account'
            WHEN f.good AND c.id IS NOT NULL THEN 'row.card_number_taken'
            WHEN f.good AND h.id IS NOT NULL THEN 'row.holds_card'
            ELSE '' END AS refusal
  FROM (SELECT n.*, min(n.said) OVER (PARTITION BY n.number, n.person)
                    <> max(n.said) OVER (PARTITION BY n.number, n.person) AS contradicted
          FROM (SELECT s.*, row_number() OVER (PARTITION BY s.number, s.person ORDER BY s.line) AS nth,
                       concat_ws('|', s.good, s.issued_on, s.valid_until, s.card_identifier, s.card_reset,
                                 s.bank_code, s.bank_pan_key, s.stage, s.reason) AS said
                  FROM {stage} s) AS n
       ) AS f
  LEFT JOIN cards_order o ON o.card_no = f.number AND o.batch_id = %(batch)s
  LEFT JOIN residents_resident r ON r.id = o.resident_id
  LEFT JOIN cards_order x ON x.card_no = f.number AND x.card_no <> '' AND x.state <> 'cancelled'
  LEFT JOIN cards_card c ON c.card_no = f.number
  LEFT JOIN cards_card h ON h.resident_id = o.resident_id AND h.state <> %(ended)s
                        AND h.id IS DISTINCT FROM o.replaces_id
"""

_BEAR = """
INSERT INTO cards_card (card_no, resident_id, order_id, region, outlet, bank_code, bank_pan, card_identifier,
                        card_reset, box_slot, issued_on, valid_until, state, state_since, bank_state, collected_by)
SELECT o.card_no, o.resident_id, o.id, o.region, p.code, o.bank_code, o.bank_pan, j.card_identifier, j.card_reset,
       j.box_slot, j.issued_on, j.valid_until, %(sealed)s, %(at)s, %(inactive)s, ''
  FROM {verdict} j JOIN cards_order o ON o.id = j.order_id JOIN office_outlet p ON p.id = o.outlet_id
 WHERE j.refusal = '' AND j.good
 ORDER BY o.id
"""


def take_return_file(act: Act, file: ReceivedFile) -> FileReport | Refused:
    """Bring a return file home: finished cards are born sealed, failures go back to the desk with stage and reason.

    Rows for strangers are reported and block nobody; orders of the batch the file does not name stay in the making
    (`unfinished`), and the batch is finished when none is left. Rejected as a whole: a file that did not come in
    whole, `file.batch_unknown`, `file.batch_not_released`, `code.no_map`, `code.no_table`.
    """
    parsed = RETURNS.read(file.content)
    if isinstance(parsed, Refused):
        return reject(act, file, parsed)
    codes = agreed(file.counterpart, Subject.STAGE, parsed.on)
    if isinstance(codes, Refused):
        return reject(act, file, codes)
    batch = _batch_of(parsed)
    if isinstance(batch, Refused):
        return reject(act, file, batch)
    already = begin(act, file, len(parsed.rows))
    if already is not None:
        return already
    with staged(_COLUMNS, _staging_rows(parsed.rows, codes)) as stage:
        lock_orders(
            "o.batch_id = %(batch)s AND o.state = %(making)s", {"batch": batch.pk, "making": MAKING.code}
        )
        question = {
            "batch": batch.pk,
            "making": MAKING.code,
            "failed": MAKE_FAILED.code,
            "cancelled": CANCELLED.code,
            "ended": ENDED.code,
        }
        with judged(_JUDGEMENT.format(stage=stage), question) as verdict:
            made = _take_made(act, verdict, batch)
            failed = _take_failed(act, verdict, batch)
            keep_problems(act, file, verdict, stage="j.stage", reason="j.reason")
            wrong = report_strangers(act, verdict, file.name)
    unfinished = Order.objects.filter(batch=batch, state=MAKING.code).count()
    if unfinished == 0 and batch.state == RELEASED.code:
        advance(batch, BATCH, "finish", returned_at=act.at)
    report = FileReport(file.name, len(parsed.rows), made, failed, wrong, unfinished)
    return keep_result(act, file, report, answers=batch.number)


def retry_making(act: Act, number: str, *, scope: Scope | None = None) -> OrderRow | Refused:
    """Put an order whose card could not be made into the next batch.

    Refused: `order.unknown`, `scope.outside`, `order.not_failed`.
    """
    order = locked_order(number, scope)
    if isinstance(order, Refused):
        return order
    if ORDER.target("retry_making", order.state) is None:
        state = ORDER.state(order.state)
        return Refused(
            "order.not_failed",
            f"申请 {order.number} 目前为“{state.zh}”，不是制卡失败。",
            f"Order {order.number} is {state.en}; its making has not failed.",
            at="order_number",
        )
    advance(order, ORDER, "retry_making", state_since=act.at, batch=None, problem_code="", problem_text="")
    act.record(
        facts.RETRIED,
        subject=f"order:{order.pk}",
        person=order.resident_id,
        region=order.region,
        outlet=order.outlet.code,
        number=order.number,
    )
    return order_row(order)


def _batch_of(parsed: Parsed[ReturnRow]) -> Batch | Refused:
    batch = Batch.objects.select_for_update(no_key=True).filter(number=parsed.answers).first()
    if batch is None:
        return Refused(
            "file.batch_unknown",
            f"文件所答批次 {parsed.answers or '（空）'} 不存在，请制卡方核对。",
            f"The file answers batch {parsed.answers or '(none)'}, which does not exist.",
            at="1",
        )
    # A finished batch may be answered once more: row by row it is said whether that is the same, or something else.
    if batch.state not in (RELEASED.code, RETURNED.code):
        state = BATCH.state(batch.state)
        return Refused(
            "file.batch_not_released",
            f"批次 {batch.number} 目前为“{state.zh}”，不在等待回盘。",
            f"Batch {batch.number} is {state.en} and waits for no return file.",
            at="1",
        )
    return batch


def _staging_rows(rows: list[ReturnRow], codes: CodeTable) -> Iterator[tuple[object, ...]]:
    for line, row in enumerate(rows, start=FIRST_ROW_LINE):
        issued, until, identifier, reset, problem, stage = None, None, "", "", "", ""
        good = not (row.failed_stage or row.failed_reason)
        if not good:
            known = codes.ours(row.failed_stage)
            problem = "" if known else "row.stage_unknown"
            stage = WORDS[Subject.STAGE][known].zh if known else row.failed_stage[:20]
        else:
            made = read_made(row)
            if isinstance(made, Refused):
                problem = made.code if made.code.startswith("row.") else "row.identifier"
            else:
                issued, until, identifier, reset = made
        yield (
            line,
            row.card_no,
            number_key(row.person_number),
            good,
            problem,
            issued,
            until,
            identifier,
            reset,
            row.bank_code,
            lookup(Sensitive.ACCOUNT, row.bank_pan),
            row.box_slot[:20],
            stage,
            row.failed_reason[:90],
        )


def _take_made(act: Act, verdict: str, batch: Batch) -> int:
    """End the cards that are replaced, bear the new ones, move their orders on; returns how many."""
    good = taken(verdict, good=True)
    replaced = Card.objects.filter(
        pk__in=list(good.exclude(replaces=None).values_list("replaces", flat=True))
    )
    act.record_rows(
        facts.ENDED,
        "SELECT 'card:' || c.id, c.resident_id, c.region, p.code, '{}'::jsonb "
        f"FROM {verdict} j JOIN cards_order o ON o.id = j.order_id JOIN cards_card c ON c.id = o.replaces_id "
        "JOIN office_outlet p ON p.id = o.outlet_id WHERE j.refusal = '' AND j.good AND c.state <> %(ended)s",
        {"ended": ENDED.code},
        reason="换发新卡",
        reason_code="replaced",
        batch=batch.number,
    )
    advance_all(replaced, CARD, "end", state_since=act.at, temporary_loss_until=None)
    with connection.cursor() as cursor:
        cursor.execute(
            _BEAR.format(verdict=verdict),
            {"sealed": SEALED.code, "at": act.at, "inactive": BANK_INACTIVE.code},
        )
    settle_keys()
    made = advance_all(good, ORDER, "make", state_since=act.at)
    _tell_made(act, good)
    act.record_rows(
        facts.MADE,
        fact_rows(
            f"{verdict} AS j JOIN cards_card c ON c.order_id = j.order_id",
            "jsonb_build_object('card', c.id)",
            good=True,
        ),
        {},
        subject=f"batch:{batch.pk}",
        batch=batch.number,
    )
    return made


def _tell_made(act: Act, made: QuerySet[Order]) -> None:
    """Who gets a first card waits for it; who held one is also told that it serves no more."""
    first = made.filter(replaces=None)
    # Made on the spot, the applicant stands at the counter, and hears that it is there.
    tell_orders(act, Step.MADE, list(first.filter(mode=Mode.BATCH.value).values_list("pk", flat=True)))
    tell_orders(act, Step.REPLACED, list(made.exclude(replaces=None).values_list("pk", flat=True)))


def _take_failed(act: Act, verdict: str, batch: Batch) -> int:
    bad = taken(verdict, good=False)
    failed = advance_all(
        bad,
        ORDER,
        "fail_making",
        state_since=act.at,
        problem_code="making",
        problem_text=of_row(verdict, "trim(j.stage || '：' || j.reason)"),
    )
    act.record_rows(
        facts.MAKE_FAILED,
        fact_rows(f"{verdict} j", "jsonb_build_object('stage', j.stage, 'reason', j.reason)", good=False),
        {},
        subject=f"batch:{batch.pk}",
        batch=batch.number,
    )
    tell_orders(act, Step.MAKE_FAILED, list(bad.values_list("pk", flat=True)))
    return failed
