"""An order or a card fetched for a duty: its page shows whose it is, so the look is journalled for its holder to read."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from yikatong.basics.refused import Refused
from yikatong.cards import queries
from yikatong.cards.rows import CardRow, OrderRow
from yikatong.office.act import Door, open_act
from yikatong.office.duties import Duty
from yikatong.residents.services import note_list, note_seen
from yikatong.web.console.doors import actor_of, staff_of


def order_for(request: HttpRequest, number: str, needed: Duty) -> OrderRow | Refused:
    """The order, with the look at its applicant recorded; refusals as in `queries.order_for`."""
    found = queries.order_for(staff_of(request), number, needed)
    if not isinstance(found, Refused):
        _note(request, found.resident_id, found.region, needed)
    return found


def card_for(request: HttpRequest, card_no: str, needed: Duty) -> CardRow | Refused:
    """The card, with the look at its holder recorded; refusals as in `queries.card_for`."""
    found = queries.card_for(staff_of(request), card_no, needed)
    if not isinstance(found, Refused):
        _note(request, found.resident_id, found.region, needed)
    return found


def note_names(request: HttpRequest, people: Sequence[int], zh: str, en: str) -> None:
    """Record that a list of work showed these people's names."""
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="查看清单") as act:
        note_list(act, people, zh=zh, en=en)


def _note(request: HttpRequest, resident_id: int, region: str, needed: Duty) -> None:
    # The duty in Chinese whatever the page's language: the journal and the holder read one name for one thing.
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=needed.zh) as act:
        note_seen(act, resident_id, region=region, purpose=needed.zh)
