"""数据比对: the applications of the day go to the province in one file and come back matched or as problem data."""

from __future__ import annotations

from yikatong.basics.ids import card_number_valid
from yikatong.basics.refused import Refused
from yikatong.cards.album import lacking_photo
from yikatong.cards.facts import CHECKED, SENT_TO_MATCH
from yikatong.cards.files import matching
from yikatong.cards.files.codes import Subject
from yikatong.cards.messages import Step
from yikatong.cards.models import Order
from yikatong.cards.rows import FileReport
from yikatong.cards.rules import CHECKING, ORDER, SUBMITTED
from yikatong.cards.services.answers import Errand, take_answer
from yikatong.cards.services.coding import sendable
from yikatong.cards.services.staging import locked
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance_all
from yikatong.office.numbering import next_number
from yikatong.office.post import ReceivedFile

PROVINCE = "province"


def send_to_match(act: Act, *, only: str = "") -> int:
    """Send every submitted application to be matched (`only` the one with this number), in one file; returns how many.

    An application whose photo is still missing waits (缺照片): the province would send it back as problem data. So does
    one that says what the province has no code for; its reason stands on it.
    """
    waiting = Order.objects.filter(state=SUBMITTED.code, frozen_at=None)
    if only:
        waiting = waiting.filter(number=only)
    complete = waiting.exclude(pk__in=lacking_photo(waiting, act.today).values("pk"))
    if not complete.exists():
        return 0
    good, codes, _ = sendable(act, complete, PROVINCE, Subject.DOCUMENT, Subject.SEX, Subject.ORDER_KIND)
    good = locked(good)
    if not good.exists():
        return 0
    number = next_number("F")
    count = advance_all(
        good, ORDER, "send_to_match", state_since=act.at, asked=number, problem_code="", problem_text=""
    )
    if count == 0:
        return 0
    asked = (
        Order.objects.filter(state=CHECKING.code, asked=number)
        .order_by("id")
        .values_list(
            "number",
            "resident__document_type",
            "resident__number",
            "resident__name",
            "resident__sex",
            "resident__birth_on",
            "kind",
            "region",
        )
    )
    rows = (
        (
            order,
            codes[Subject.DOCUMENT][document],
            person,
            name,
            codes[Subject.SEX][sex],
            f"{birth:%Y%m%d}" if birth else "",
            codes[Subject.ORDER_KIND][kind],
            region,
        )
        for order, document, person, name, sex, birth, kind, region in asked
    )
    content = matching.QUESTIONS.write(number, act.today, rows)
    name = f"match-{number}.txt"
    post.queue_file(act, counterpart=PROVINCE, name=name, content=content, rows=count)
    act.record_rows(
        SENT_TO_MATCH,
        "SELECT 'order:' || o.id, o.resident_id, o.region, p.code, '{}'::jsonb FROM cards_order o "
        "JOIN office_outlet p ON p.id = o.outlet_id WHERE o.state = %(state)s AND o.asked = %(asked)s",
        {"state": CHECKING.code, "asked": number},
        file=name,
    )
    return count


def take_match_answer(act: Act, file: ReceivedFile) -> FileReport | Refused:
    """Bring home what the province says: matched with its card number, or problem data with the reason.

    Rows for strangers are reported and block nobody; a file that did not come in whole is rejected with its place.
    """
    return take_answer(act, file, _MATCHING)


def _card_number_wrong(card_no: str) -> str:
    return "" if card_number_valid(card_no) else "row.card_number"


_MATCHING = Errand(
    layout=matching.ANSWERS,
    results=Subject.MATCHING,
    waiting=CHECKING,
    good_event="match",
    bad_event="find_problem",
    problem="match",
    column="card_no",
    kind=CHECKED,
    told=Step.PROBLEM,
    value_wrong=_card_number_wrong,
    refusals="WHEN f.good AND (c.id IS NOT NULL OR x.id IS NOT NULL) THEN 'row.card_number_taken'",
    joins="""
  LEFT JOIN cards_card c ON c.card_no = f.value
  LEFT JOIN cards_order x ON x.card_no = f.value AND x.card_no <> '' AND x.state <> 'cancelled' AND x.id <> o.id""",
)
