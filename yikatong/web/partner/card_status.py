"""One question about one person's card, answered and journalled."""

from __future__ import annotations

from yikatong.cards import queries
from yikatong.cards.facts import STATUS_ASKED
from yikatong.cards.standing import StatusPurpose
from yikatong.office.act import Act
from yikatong.web.banks import APPLY, application_purpose_words
from yikatong.web.departments import PAY, payment_purpose_words


def ask_card_status(
    act: Act, *, number: str, name: str, purpose: str, case_number: str
) -> queries.StatusAnswer:
    """The answer, journalled under the person it is about (nobody, where there is no such person)."""
    answer = queries.answer_status(number, name, purpose)
    act.record(
        STATUS_ASKED,
        subject=f"card:{answer.card_id}" if answer.card_id else "",
        person=answer.resident_id,
        purpose=purpose_words(purpose)[0],
        purpose_code=purpose,
        case_number=case_number,
        answer=answer.answer,
        reason_code=answer.reason_code,
    )
    return answer


def purpose_words(purpose: str) -> tuple[str, str]:
    """A purpose in Chinese and English; one agreed in free text reads as it was agreed."""
    if purpose.startswith(APPLY):
        return application_purpose_words(purpose)
    if purpose.startswith(PAY):
        return payment_purpose_words(purpose)
    if purpose in set(StatusPurpose):
        known = StatusPurpose(purpose)
        return known.zh, known.en
    return purpose, purpose
