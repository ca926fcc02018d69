"""告知: a short message to the holders of a set of orders or cards, one or a hundred thousand, in one statement.

A minor's goes to whoever acts for them, and says so. Nobody hears of the orders and cards of somebody who died.
"""

from __future__ import annotations

from collections.abc import Sequence

from yikatong.cards.files.codes import Subject
from yikatong.cards.messages import Step, problem_sql, sql
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.rulebook import whole
from yikatong.residents.rules import DEAD

_PROBLEM, _BRING = problem_sql("s.problem_code", {"match": Subject.MATCHING, "bank": Subject.OPENING})
_OF_ORDER = {
    "number": "s.number",
    "promised": "s.promised_on::text",
    "outlet": "p.name",
    "problem": _PROBLEM,
    "bring": _BRING,
    "old": "right(k.card_no, 4)",
    "unit": "(SELECT u.name FROM cards_listline l JOIN cards_applicationlist a ON a.id = l.application_list_id "
    "JOIN cards_unit u ON u.id = a.unit_id WHERE l.order_id = s.id)",
}
_ORDERS = """cards_order s JOIN office_outlet p ON p.id = s.outlet_id LEFT JOIN cards_card k ON k.id = s.replaces_id"""
_OF_CARD = {"tail": "right(s.card_no, 4)"}

# The survivor of merged records is the person.
_WHOM = """
SELECT coalesce(g.phone, r.phone), CASE WHEN g.phone IS NULL THEN '' ELSE '致监护人：' END || {text}, r.id,
       '{subject}:' || s.id
  FROM {source}
  JOIN residents_resident x ON x.id = s.resident_id
  JOIN residents_resident r ON r.id = coalesce(x.merged_into_id, x.id)
  LEFT JOIN LATERAL (SELECT w.phone FROM residents_guardian w
                      WHERE w.resident_id = r.id AND w.phone <> ''
                        AND r.birth_on + make_interval(years => %(of_age)s) > %(today)s
                      ORDER BY w.id LIMIT 1) AS g ON true
 WHERE s.id = ANY(%(ids)s::bigint[]) AND r.state <> %(dead)s
 ORDER BY s.id
"""


def tell_orders(act: Act, step: Step, orders: Sequence[int], **given: str) -> int:
    """Tell the applicants of these orders of a step; `given` are the blanks that are the same for all. How many were."""
    return _tell(act, step, "order", _ORDERS, _OF_ORDER, orders, given)


def tell_cards(act: Act, step: Step, cards: Sequence[int], **given: str) -> int:
    """Tell the holders of these cards of a step, as above."""
    return _tell(act, step, "card", "cards_card s", _OF_CARD, cards, given)


def _tell(
    act: Act,
    step: Step,
    subject: str,
    source: str,
    own: dict[str, str],
    ids: Sequence[int],
    given: dict[str, str],
) -> int:
    said = sql(step, **own, **{name: f"%(say_{name})s::text" for name in given})
    return post.queue_messages(
        act,
        _WHOM.format(text=said, subject=subject, source=source),
        {
            "ids": list(ids),
            "of_age": whole("card.guardian_below_age", act.today),
            "today": act.today,
            "dead": DEAD.code,
            **{f"say_{name}": value for name, value in given.items()},
        },
    )
