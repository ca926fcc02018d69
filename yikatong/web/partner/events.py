"""A partner's events: where it wants them sent, those it fetches itself, and one sent once more."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from yikatong.basics.refused import Refused
from yikatong.benefits.events import Told
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.events import MEDIA_TYPE, EventRow
from yikatong.office.people import Partner
from yikatong.office.subscribing import (
    AddressRow,
    address_of,
    end_events,
    events_of,
    replay_event,
    want_events,
)
from yikatong.web.partner.doors import partner
from yikatong.web.partner.problems import documented, problem

router = Router(tags=["事件通知 events"])
AT_ONCE = 200


class Wanted(Schema):
    """Where your events are to be sent."""

    model_config = ConfigDict(extra="forbid")
    url: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=300),
        Field(description="接收地址 https://…", examples=["https://hooks.example.org/yikatong"]),
    ]


class AddressGiven(Schema):
    """The address, and the secret its events are signed with. It is shown this once."""

    url: str
    secret: str = Field(description="whsec_… (Standard Webhooks)")


class AddressState(Schema):
    """`url` is empty where none is given: events are then kept for you to fetch."""

    url: str
    since: datetime | None
    waiting: int
    given_up: int


class CloudEvent(Schema):
    """CloudEvents 1.0. `data` are counts and numbers of a batch, never a person's."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    data: dict[str, Any]


class Kept(Schema):
    """An event and how its delivery stands: kept, queued, delivered, given_up."""

    cursor: int
    delivery: str
    attempts: int
    last_answer: str
    event: CloudEvent


class Events(Schema):
    """Oldest first; `next_after` is `after` of the next call, also where none are left now."""

    events: list[Kept]
    next_after: int


@router.put(
    "/webhook",
    response=AddressGiven,
    summary="登记事件接收地址 Say where your events go",
    operation_id="want_events",
    openapi_extra=documented(400, 401, 413, 422, 429),
)
@partner
def give_address(request: HttpRequest, body: Wanted) -> HttpResponse | dict[str, object]:
    """Every call makes a new secret; the one before signs beside it for a day. The address is public and over TLS, or in
    a network that the centre has entered."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    with open_act(_actor(asking), door=Door.API, purpose="登记事件接收地址") as act:
        secret = want_events(act, partner=asking.pk, name=asking.name, url=body.url)
    return problem(422, secret) if isinstance(secret, Refused) else {"url": body.url, "secret": secret}


@router.get(
    "/webhook",
    response=AddressState,
    summary="事件接收地址 Where your events go",
    operation_id="events_address",
    openapi_extra=documented(401, 429),
)
@partner
def address(request: HttpRequest) -> AddressRow:
    """And how many wait or could not be delivered."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    return address_of(asking.pk)


@router.delete(
    "/webhook",
    response=AddressState,
    summary="取消事件接收地址 Send no more events",
    operation_id="end_events",
    openapi_extra=documented(401, 404, 429),
)
@partner
def take_address_back(request: HttpRequest) -> HttpResponse | AddressRow:
    """Events are kept for you to fetch from now on."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    with open_act(_actor(asking), door=Door.API, purpose="取消事件接收地址") as act:
        refused = end_events(act, partner=asking.pk, name=asking.name)
    return address_of(asking.pk) if refused is None else problem(404, refused)


@router.get(
    "/events",
    response=Events,
    summary="本单位的事件 Your events",
    operation_id="list_events",
    openapi_extra=documented(401, 422, 429),
)
@partner
def events(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=AT_ONCE)] = AT_ONCE,
) -> dict[str, object]:
    """For whoever cannot be called, or has missed some: all of them, oldest first."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    found = events_of(asking.pk, limit, after=after)
    return {"events": list(map(_kept, found)), "next_after": found[-1].cursor if found else after}


@router.post(
    "/events/{event_id}/replay",
    response=Kept,
    summary="重发事件 Send an event once more",
    operation_id="replay_event",
    openapi_extra=documented(401, 404, 409, 422, 429),
)
@partner
def replay(request: HttpRequest, event_id: UUID) -> HttpResponse | dict[str, object]:
    """Under the same id, to the address that holds now."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    with open_act(_actor(asking), door=Door.API, purpose="重发事件") as act:
        row = replay_event(act, partner=asking.pk, event_id=event_id)
    if isinstance(row, Refused):
        return problem(404 if row.code == "event.unknown" else 409, row)
    return _kept(row)


def webhooks() -> dict[str, Any]:
    """The `webhooks` of the OpenAPI document: one for each type of event, all with one envelope."""
    content = {MEDIA_TYPE.partition(";")[0]: {"schema": {"$ref": "#/components/schemas/CloudEvent"}}}
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": said}
        for name, said in (
            ("webhook-id", "The event's id, the same in every attempt: take it once"),
            ("webhook-timestamp", "Seconds since 1970; refuse what is older than five minutes"),
            (
                "webhook-signature",
                "v1,<base64 HMAC-SHA256 of id.timestamp.body>, one for each secret that holds",
            ),
        )
    ]
    return {
        each.value: {
            "post": {
                "summary": f"{each.zh} {each.en}",
                "operationId": each.value,
                "parameters": headers,
                "requestBody": {"required": True, "content": content},
                "responses": {
                    "2XX": {"description": "Taken; anything else, and no answer, is tried again for days"}
                },
            }
        }
        for each in Told
    }


def _kept(row: EventRow) -> dict[str, object]:
    return {
        "cursor": row.cursor,
        "delivery": row.state,
        "attempts": row.attempts,
        "last_answer": row.note,
        "event": row.cloud,
    }


def _actor(asking: Partner) -> Actor:
    return Actor(f"partner:{asking.pk}", asking.name)
