# ruff: noqa: S608 - only our own states are put into the text
"""What must hold of all tables at every moment, each law one statement that finds whoever breaks it."""

from __future__ import annotations

from django.db import connection

from yikatong.bench._pieces import CLOSED

_CLOSED = ", ".join(f"'{state}'" for state in CLOSED)
# The state a subject must be in after the last fact about it that moves it.
_ORDER_AFTER = """
CASE kind WHEN 'card.applied' THEN 'submitted' WHEN 'card.resubmitted' THEN 'submitted'
          WHEN 'card.sent_to_match' THEN 'checking'
          WHEN 'card.checked' THEN CASE WHEN payload->>'result' = 'good' THEN 'bank_opening' ELSE 'problem' END
          WHEN 'card.account_opened' THEN CASE WHEN payload->>'result' = 'good' THEN 'ready' ELSE 'bank_failed' END
          WHEN 'card.batched' THEN 'batched' WHEN 'card.batch_dissolved' THEN 'ready'
          WHEN 'card.released' THEN 'making' WHEN 'card.retried' THEN 'ready'
          WHEN 'card.made' THEN 'made' WHEN 'card.make_failed' THEN 'make_failed'
          WHEN 'card.posted' THEN 'in_post' WHEN 'card.post_came_back' THEN 'at_outlet'
          WHEN 'card.post_lost' THEN 'cancelled'
          WHEN 'card.stocked' THEN 'at_outlet' WHEN 'card.laid_out' THEN 'at_outlet'
          WHEN 'card.retained' THEN 'retained' WHEN 'card.taken_back' THEN 'taken_back'
          WHEN 'card.destroyed' THEN 'destroyed' WHEN 'card.order_cancelled' THEN 'cancelled' END"""
_CARD_AFTER = """
CASE kind WHEN 'card.adopted' THEN '1' WHEN 'card.enabled' THEN '1' WHEN 'card.temp_lost' THEN '4'
          WHEN 'card.lost' THEN '2' WHEN 'card.loss_released' THEN '1' WHEN 'card.locked' THEN '3'
          WHEN 'card.ended' THEN '9' END"""
_BANK_AFTER = """
CASE kind WHEN 'card.adopted' THEN 'normal' WHEN 'card.bank_activated' THEN 'normal' WHEN 'card.bank_lost' THEN 'stopped'
          WHEN 'card.bank_loss_released' THEN 'normal' WHEN 'card.account_closed' THEN 'closed' END"""


# The gateway's answer opens a card that is still locked; of any other it says only what became of the chip.
_UNLOCKED_SINCE = """EXISTS (
    SELECT 1 FROM office_fact u WHERE u.kind = 'card.unlocked' AND u.subject = t.subject AND u.entry_id > t.entry_id)"""


def _told(subject: str, after: str) -> str:
    return f"""
SELECT DISTINCT ON (subject) split_part(subject, ':', 2)::bigint AS id, {after} AS state, entry_id, subject
  FROM office_fact WHERE subject LIKE '{subject}:%' AND {after} IS NOT NULL
 ORDER BY subject, entry_id DESC, row_id DESC"""


LAWS = {
    "a person has one open order": f"""
        SELECT resident_id FROM cards_order WHERE state NOT IN ({_CLOSED}) GROUP BY 1 HAVING count(*) > 1""",
    "a person has one valid card": "SELECT resident_id FROM cards_card WHERE state <> '9' GROUP BY 1 HAVING count(*) > 1",
    "a card fits its order": """
        SELECT c.id FROM cards_card c JOIN cards_order o ON o.id = c.order_id
         WHERE c.resident_id <> o.resident_id OR c.card_no <> o.card_no
            OR o.state NOT IN ('made', 'at_outlet', 'retained', 'in_post', 'taken_back', 'collected', 'destroyed')
               AND (o.state <> 'cancelled' OR c.state <> '9' OR NOT EXISTS (
                    SELECT 1 FROM cards_posting g WHERE g.order_id = o.id AND g.state = 'lost'))
            OR (o.state = 'collected') <> (c.collected_at IS NOT NULL) OR (o.state = 'destroyed' AND c.state <> '9')""",
    "what was made has its card": """
        SELECT o.id FROM cards_order o LEFT JOIN cards_card c ON c.order_id = o.id
          LEFT JOIN cards_posting g ON g.order_id = o.id AND g.state = 'lost'
         WHERE (o.state IN ('made', 'at_outlet', 'retained', 'in_post', 'taken_back', 'collected', 'destroyed')
                OR g.id IS NOT NULL) <> (c.id IS NOT NULL)""",
    "what is in the post was sent, what was delivered is collected, what was lost is over": """
        SELECT o.id FROM cards_order o LEFT JOIN cards_posting g ON g.order_id = o.id
         WHERE (o.state = 'in_post') <> (g.state IS NOT DISTINCT FROM 'sent')
            OR (g.state = 'delivered' AND o.state <> 'collected') OR (g.state = 'lost' AND o.state <> 'cancelled')""",
    "what is to be posted is of an open order": f"""
        SELECT o.id FROM cards_order o JOIN cards_posting g ON g.order_id = o.id
         WHERE g.state = 'wished' AND o.state IN ({_CLOSED})""",
    "no slot holds more than it has room for": """
        SELECT s.id FROM cards_slot s JOIN cards_placement l ON l.slot_id = s.id JOIN cards_order o ON o.id = l.order_id
         WHERE o.state IN ('at_outlet', 'retained') GROUP BY s.id HAVING count(*) > s.capacity""",
    "a card lies in a slot of its own outlet": """
        SELECT l.order_id FROM cards_placement l JOIN cards_slot s ON s.id = l.slot_id
          JOIN cards_order o ON o.id = l.order_id WHERE s.outlet_id <> o.outlet_id""",
    "nothing is used before it is collected": """
        SELECT id FROM cards_card WHERE order_id IS NOT NULL AND collected_at IS NULL
           AND (state NOT IN ('0', '9') OR bank_state NOT IN ('inactive', 'closed'))""",
    "what is replaced ended when the new one was born": """
        SELECT o.id FROM cards_order o JOIN cards_card n ON n.order_id = o.id JOIN cards_card c ON c.id = o.replaces_id
         WHERE c.state <> '9' OR c.resident_id <> o.resident_id""",
    "temporary losses have their end, others none": """
        SELECT id FROM cards_card WHERE (state = '4') <> (temporary_loss_until IS NOT NULL)
            OR (bank_loss_until IS NOT NULL AND bank_state <> 'stopped')""",
    "a batch holds what it says and was released by another": """
        SELECT b.id FROM cards_batch b WHERE b.released_by = b.assembled_by
            OR (b.state = 'assembled' AND b.orders <> (SELECT count(*) FROM cards_order o WHERE o.batch_id = b.id AND o.state = 'batched'))
            OR (b.state = 'returned' AND EXISTS (SELECT 1 FROM cards_order o WHERE o.batch_id = b.id AND o.state IN ('batched', 'making')))""",
    "what is batched or being made is in a batch": """
        SELECT o.id FROM cards_order o LEFT JOIN cards_batch b ON b.id = o.batch_id
         WHERE o.state IN ('batched', 'making', 'make_failed', 'made')
           AND b.state IS DISTINCT FROM CASE WHEN o.state = 'batched' THEN 'assembled' ELSE 'released' END
           AND (o.state IN ('batched', 'making') OR b.state IS DISTINCT FROM 'returned')""",
    "the promise is kept as given": """
        SELECT id FROM cards_order WHERE promised_on < (applied_at AT TIME ZONE 'Asia/Shanghai')::date
            OR promised_on > (applied_at AT TIME ZONE 'Asia/Shanghai')::date + 60""",
    "what two people decide was decided by two": """
        SELECT id FROM cards_case WHERE decided_by <> '' AND decided_by = proposed_by
            OR state = 'done' AND (proposed_by = '' OR decided_by = '')""",
    "a card is destroyed before witnesses": """
        SELECT o.id FROM cards_order o JOIN cards_card c ON c.order_id = o.id WHERE o.state = 'destroyed' AND NOT EXISTS (
            SELECT 1 FROM cards_case k WHERE k.card_id = c.id AND k.kind = 'destroy' AND k.state = 'done')""",
    "the journal tells how every order stands": f"""
        SELECT o.id FROM cards_order o LEFT JOIN ({_told("order", _ORDER_AFTER)}) t ON t.id = o.id
         WHERE o.state <> 'collected' AND o.state IS DISTINCT FROM t.state""",
    "the journal tells of every collection": """
        SELECT o.id FROM cards_order o WHERE o.state = 'collected' AND NOT EXISTS (
            SELECT 1 FROM cards_card c JOIN office_fact f ON f.subject = 'card:' || c.id AND f.kind = 'card.collected'
             WHERE c.order_id = o.id)""",
    "the journal tells how every card stands": f"""
        SELECT c.id FROM cards_card c LEFT JOIN ({_told("card", _CARD_AFTER)}) t ON t.id = c.id
         WHERE c.state <> CASE WHEN t.state = '3' AND {_UNLOCKED_SINCE} THEN '1' ELSE coalesce(t.state, '0') END""",
    "the journal tells how every account stands": f"""
        SELECT c.id FROM cards_card c LEFT JOIN ({_told("card", _BANK_AFTER)}) t ON t.id = c.id
         WHERE c.bank_state <> coalesce(t.state, 'inactive')""",
    "a merged record has no live card and no open order of its own": f"""
        SELECT r.id FROM residents_resident r WHERE r.merged_into_id IS NOT NULL AND (
            EXISTS (SELECT 1 FROM cards_order o WHERE o.resident_id = r.id AND o.state NOT IN ({_CLOSED}))
            OR EXISTS (SELECT 1 FROM cards_card c WHERE c.resident_id = r.id AND c.state <> '9'))""",
    "a pair that is merged is merged, and no other": """
        SELECT d.id FROM residents_duplicatepair d JOIN residents_resident r ON r.id IN (d.one_id, d.other_id)
         WHERE (d.state = 'merged' AND r.id <> d.survivor_id) <> (r.merged_into_id IS NOT NULL
               AND r.merged_into_id = CASE r.id WHEN d.one_id THEN d.other_id ELSE d.one_id END)""",
    "a card is collected once, and the journal says so": """
        SELECT c.id FROM cards_card c LEFT JOIN (
            SELECT subject, count(*) AS times FROM office_fact WHERE kind = 'card.collected' GROUP BY 1) f
            ON f.subject = 'card:' || c.id
         WHERE (c.collected_at IS NOT NULL)::int <> coalesce(f.times, 0)""",
    "one PIN request of a card is open": """
        SELECT card_id FROM cards_pinrequest WHERE state IN ('asked', 'unknown') GROUP BY 1 HAVING count(*) > 1""",
    "the chip is unlocked as often as the rule allows": """
        SELECT card_id FROM cards_pinrequest WHERE state = 'done' AND unlocks GROUP BY 1 HAVING count(*) > 10""",
    "a first card costs nothing and another what the rule says": """
        SELECT o.id FROM cards_order o JOIN office_rule f ON f.value::text <> o.fee_fen::text
           AND f.code = CASE o.kind WHEN 'new' THEN 'card.fee.first_fen' ELSE 'card.fee.reissue_fen' END""",
    "what costs something has its fee": """
        SELECT o.id FROM cards_order o LEFT JOIN cards_fee f ON f.order_id = o.id
         WHERE (o.fee_fen > 0) <> (f.order_id IS NOT NULL) OR f.amount_fen <> o.fee_fen""",
    "nothing is due, or kept, of what was cancelled": """
        SELECT f.order_id FROM cards_fee f JOIN cards_order o ON o.id = f.order_id
         WHERE (o.state = 'cancelled' AND f.state IN ('due', 'paid')) OR (o.state = 'destroyed' AND f.state = 'due')""",
    "the journal tells how every fee stands": """
        SELECT f.order_id FROM cards_fee f LEFT JOIN (
            SELECT DISTINCT ON (subject) split_part(subject, ':', 2)::bigint AS id, kind FROM office_fact
             WHERE kind LIKE 'card.fee_%' ORDER BY subject, entry_id DESC, row_id DESC) t ON t.id = f.order_id
         WHERE f.state IS DISTINCT FROM CASE t.kind WHEN 'card.fee_due' THEN 'due' WHEN 'card.fee_paid' THEN 'paid'
               WHEN 'card.fee_taken_back' THEN 'due' WHEN 'card.fee_waived' THEN 'waived' WHEN 'card.fee_over' THEN 'over'
               WHEN 'card.fee_owed' THEN 'owed' WHEN 'card.fee_refunded' THEN 'refunded' END""",
    "nobody dead is written to": """
        SELECT m.id FROM office_message m JOIN residents_resident r ON r.id = m.person
         WHERE r.state = 'dead' AND m.queued_at > (
            SELECT max(e.occurred_at) FROM office_entry e WHERE e.person = r.id AND e.kind = 'resident.died')""",
    "every blank is made, spoilt, sent back or on hand": """
        SELECT 1 FROM (SELECT coalesce(sum(count) FILTER (WHERE kind = 'delivery' AND state = 'confirmed'), 0) AS came,
                              coalesce(sum(count) FILTER (WHERE kind = 'return' AND state = 'confirmed'), 0) AS left_us
                         FROM cards_stockpaper) p,
                      (SELECT count(*) AS known, count(*) FILTER (WHERE state = 'sent_back') AS sent,
                              count(*) FILTER (WHERE state IN ('used', 'spoilt', 'sent_back', 'stock', 'hand', 'way')) AS explained
                         FROM cards_blank) b
         WHERE p.came <> b.known OR b.known <> b.explained OR b.sent <> p.left_us""",
    "a blank is in a hand, on the way or on an order, or none of them": """
        SELECT id FROM cards_blank WHERE (state = 'used') <> (order_id IS NOT NULL) OR (state = 'hand') <> (holder <> '')
            OR (state IN ('way', 'sent_back')) <> (paper_id IS NOT NULL)""",
}  # fmt: skip


def broken() -> dict[str, list[int]]:
    """The laws that do not hold now, each with up to ten keys of those who break it."""
    found = {}
    with connection.cursor() as cursor:
        for law, statement in LAWS.items():
            cursor.execute(f"{statement} LIMIT 10")
            keys = [key for (key,) in cursor.fetchall()]
            if keys:
                found[law] = keys
    return found
