"""Where a partner's events go: its own address and secret; an event sent once more."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.events import SECRET_PREFIX, EventRow, event_row, may_call
from yikatong.office.facts import EVENT_REPLAYED, EVENTS_ENDED, EVENTS_WANTED
from yikatong.office.lifecycle import advance
from yikatong.office.models import Event, EventAddress
from yikatong.office.rules import EVENT, EVENT_GIVEN_UP, EVENT_QUEUED
from yikatong.office.wires.webhooks import url_problem

SECRET_BYTES = 32
BOTH_SIGN = timedelta(days=1)


@dataclass(frozen=True)
class AddressRow:
    """Where a partner's events go (`url` empty: nowhere, they are fetched), how many wait, how many were given up."""

    url: str
    since: datetime | None
    waiting: int
    given_up: int


def address_of(partner: int) -> AddressRow:
    """The address of a partner, and how its deliveries stand."""
    row = EventAddress.objects.filter(partner_id=partner).first()
    counts = Event.objects.filter(partner_id=partner)
    return AddressRow(
        row.url if row else "",
        row.since if row else None,
        counts.filter(state=EVENT_QUEUED.code).count(),
        counts.filter(state=EVENT_GIVEN_UP.code).count(),
    )


def events_of(partner: int, limit: int, *, after: int = 0) -> tuple[EventRow, ...]:
    """The events of a partner, oldest first, those after the cursor `after`."""
    rows = Event.objects.filter(partner_id=partner, id__gt=after).order_by("id")[:limit]
    return tuple(map(event_row, rows))


def want_events(act: Act, *, partner: int, name: str, url: str) -> str | Refused:
    """Send a partner's events to this address from now on; returns the secret they are signed with, shown this once.

    A secret that was there before signs beside it for a day. Refused: webhook.url, webhook.not_allowed.
    """
    if (refused := url_problem(url, may_call())) is not None:
        return refused
    secret = secrets.token_bytes(SECRET_BYTES)
    row = EventAddress.objects.select_for_update(no_key=True).filter(partner_id=partner).first()
    if row is None:
        EventAddress.objects.create(partner_id=partner, url=url, secret=secret, since=act.at)
    else:
        row.secret_before, row.before_until = row.secret, act.at + BOTH_SIGN
        row.url, row.secret, row.since = url, secret, act.at
        row.save()
    act.record(EVENTS_WANTED, subject=f"partner:{partner}", partner=name, host=_host(url))
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def end_events(act: Act, *, partner: int, name: str) -> Refused | None:
    """Send a partner nothing any more; what happens is still kept for it to fetch. Refused: webhook.none."""
    count, _ = EventAddress.objects.filter(partner_id=partner).delete()
    if not count:
        return Refused("webhook.none", "尚未登记接收地址。", "No address was given.")
    act.record(EVENTS_ENDED, subject=f"partner:{partner}", partner=name)
    return None


def replay_event(act: Act, *, partner: int, event_id: UUID) -> EventRow | Refused:
    """Send one of a partner's own events once more. Refused: event.unknown, event.waiting, webhook.none."""
    if not EventAddress.objects.filter(partner_id=partner).exists():
        return Refused("webhook.none", "尚未登记接收地址。", "No address was given.")
    row = Event.objects.select_for_update(no_key=True).filter(partner_id=partner, event_id=event_id).first()
    if row is None:
        return Refused("event.unknown", "没有这个事件。", "There is no such event.")
    if row.state == EVENT_QUEUED.code:
        return Refused("event.waiting", "该事件正等待发送。", "This event waits to be sent already.")
    advance(row, EVENT, "replay", attempts=0, due_at=act.at, note="")
    act.record(EVENT_REPLAYED, subject=f"partner:{partner}", event=row.type, about=row.subject)
    return event_row(row)


def _host(url: str) -> str:
    return url.partition("//")[2].partition("/")[0]
