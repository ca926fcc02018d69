"""What may be done to budgets: load a centre's project figures, and bring a budget document before the public."""

from yikatong.disclosure.services.correcting import open_correction
from yikatong.disclosure.services.deciding import (
    approve_version,
    publish_version,
    review_version,
    send_version_back,
    withdraw_version,
)
from yikatong.disclosure.services.drafting import (
    correct_reply,
    give_words,
    open_document,
    prepare_version,
    take_lines,
)
from yikatong.disclosure.services.evaluating import confirm_judgements, judge, send_judgement_back
from yikatong.disclosure.services.loading import load_budget

__all__ = [
    "approve_version",
    "confirm_judgements",
    "correct_reply",
    "give_words",
    "judge",
    "load_budget",
    "open_correction",
    "open_document",
    "prepare_version",
    "publish_version",
    "review_version",
    "send_judgement_back",
    "send_version_back",
    "take_lines",
    "withdraw_version",
]
