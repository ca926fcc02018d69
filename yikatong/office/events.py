"""The outbox of events (CloudEvents 1.0 over Standard Webhooks): stored in the act, sent after it, tried again for days.

An event comes at least once: its id (`webhook-id`) is the same in every attempt, so who gets it twice knows. Each
attempt is written down before it is made, and nothing waits in a transaction for another machine's answer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.journal import Json
from yikatong.office.lifecycle import advance
from yikatong.office.models import Event, EventAddress
from yikatong.office.queries import opened_centre
from yikatong.office.rulebook import ruling
from yikatong.office.rules import EVENT, EVENT_KEPT, EVENT_QUEUED
from yikatong.office.wires.webhooks import MayCall, deliver

SECRET_PREFIX = "whsec_"  # noqa: S105 - what Standard Webhooks begins every secret with
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
AT_ONCE = 50


@dataclass(frozen=True)
class EventRow:
    """One event as its partner may see it. `cursor` orders the events of a partner; `state` is that of its delivery."""

    cursor: int
    event_id: UUID
    state: str
    attempts: int
    note: str
    cloud: dict[str, Json]


@dataclass(frozen=True)
class _Attempt:
    row: EventRow
    partner: int
    url: str
    secrets: tuple[bytes, ...]
    last: bool


def queue_event(act: Act, *, partner: int, kind: str, subject: str, data: Mapping[str, Json]) -> None:
    """Tell a partner something once the act is done: to be sent where it gave an address, else kept to be fetched."""
    address = EventAddress.objects.filter(partner_id=partner).exists()
    Event.objects.create(
        partner_id=partner,
        type=kind,
        subject=subject,
        data=dict(data),
        at=act.at,
        act=act.id,
        state=(EVENT_QUEUED if address else EVENT_KEPT).code,
        due_at=act.at,
    )


def may_call() -> MayCall:
    """Where events may be sent today (rule webhook.may_call)."""
    said = ruling("webhook.may_call", clock.today()).value
    return MayCall(tuple(said["schemes"]), tuple(said["networks"]))


def send_events() -> int:
    """Send what is due, oldest first; returns how many arrived. Who does not answer is left alone until the next run."""
    due = Event.objects.filter(state=EVENT_QUEUED.code, due_at__lte=clock.now()).order_by("id")
    silent: set[int] = set()
    arrived = 0
    for number, partner in due.values_list("pk", "partner_id")[:AT_ONCE]:
        if partner in silent:
            continue
        attempt = _begin(number)
        if attempt is None:
            continue
        answer = deliver(attempt.url, *_signed(attempt), may_call())
        came = isinstance(answer, int) and 200 <= answer < 300
        _end(attempt, came=came, note=answer.code if isinstance(answer, Refused) else f"HTTP {answer}")
        arrived += came
        if not came:
            silent.add(partner)
    return arrived


def event_row(row: Event) -> EventRow:
    """An event with its envelope; the same for every attempt."""
    cloud: dict[str, Json] = {
        "specversion": "1.0",
        "id": str(row.event_id),
        "source": f"urn:yikatong:{opened_centre().code}",
        "type": row.type,
        "subject": row.subject,
        "time": row.at.isoformat(),
        "datacontenttype": "application/json",
        "data": row.data,
    }
    return EventRow(row.pk, row.event_id, row.state, row.attempts, row.note, cloud)


def sign(secrets: tuple[bytes, ...], event_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` of a body: one `v1,…` for each secret that holds (HMAC-SHA256, Standard Webhooks)."""
    said = f"{event_id}.{timestamp}.".encode() + body
    codes = (hmac.new(secret, said, hashlib.sha256).digest() for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(code).decode()}" for code in codes)


def _begin(number: int) -> _Attempt | None:
    """Write one more attempt down, and when the next is due; None where somebody else is at it, or its partner is gone."""
    waits = [timedelta(minutes=each) for each in ruling("webhook.retry_minutes", clock.today()).value]
    now = clock.now()
    with transaction.atomic():
        row = (
            Event.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("partner")
            .filter(pk=number, state=EVENT_QUEUED.code, due_at__lte=now)
            .first()
        )
        if row is None:
            return None
        address = EventAddress.objects.filter(partner_id=row.partner_id, partner__active=True).first()
        if address is None:
            advance(row, EVENT, "give_up", note="no address")
            return None
        last = row.attempts >= len(waits)
        row.attempts += 1
        row.due_at = now + (waits[-1] if last else waits[row.attempts - 1])
        row.save(update_fields=["attempts", "due_at"])
        return _Attempt(event_row(row), row.partner_id, address.url, _secrets(address, now), last)


def _end(attempt: _Attempt, *, came: bool, note: str) -> None:
    with transaction.atomic():
        row = Event.objects.select_for_update(no_key=True).get(pk=attempt.row.cursor)
        if row.state != EVENT_QUEUED.code:
            return
        if came:
            advance(row, EVENT, "deliver", delivered_at=clock.now(), note=note)
        elif attempt.last:
            advance(row, EVENT, "give_up", note=note)
        else:
            row.note = note
            row.save(update_fields=["note"])


def _signed(attempt: _Attempt) -> tuple[dict[str, str], bytes]:
    # The machine's own time: a receiver compares it with its own, and a demo city's clock is another.
    timestamp = int(clock.machine_now().timestamp())
    body = json.dumps(attempt.row.cloud, ensure_ascii=False, sort_keys=True).encode()
    event_id = str(attempt.row.event_id)
    headers = {
        "Content-Type": MEDIA_TYPE,
        "User-Agent": "yikatong",
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(attempt.secrets, event_id, timestamp, body),
    }
    return headers, body


def _secrets(address: EventAddress, now: datetime) -> tuple[bytes, ...]:
    secret, before = bytes(address.secret or b""), bytes(address.secret_before or b"")
    still = before and address.before_until is not None and now < address.before_until
    return (secret, before) if still else (secret,)
