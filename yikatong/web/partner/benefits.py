"""The departments' door: bring an envelope, follow one's own batches, take the results of their rows, withdraw.

A department sees the batches it brought itself, of the programmes it is admitted for, and nothing of any other.
"""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Header, Path, Query, Router
from ninja.files import UploadedFile

from yikatong.basics.refused import Refused
from yikatong.benefits import outcomes
from yikatong.benefits.rows import BatchRow
from yikatong.benefits.rules import PAYMENT
from yikatong.benefits.services.by_department import bring_roster, take_results, withdraw_own
from yikatong.benefits.services.correcting import correct_row
from yikatong.benefits.services.locked import unknown_batch
from yikatong.benefits.tasks import judge_batches
from yikatong.office import clock, jobs, queries
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.facts import DOOR_REFUSED
from yikatong.office.people import Partner
from yikatong.office.scope import EVERYWHERE, Scope, outside
from yikatong.web.departments import PAY, programmes_of
from yikatong.web.partner import benefit_schemas as schemas
from yikatong.web.partner.doors import partner, takes_files
from yikatong.web.partner.problems import documented, problem, purpose_not_granted

router = Router(tags=["待遇发放 benefits"])
AT_ONCE = 1_000
CONFLICTS = {"benefit.known", "benefit.not_waiting", "benefit.row", "idempotency.other_body"}
Number = Annotated[str, Path(description="批次编号", pattern=r"^[A-Z0-9]{2,12}$")]


@router.post(
    "",
    response=schemas.RosterReceipt,
    summary="提交发放清册 Bring an envelope with its roster",
    operation_id="bring_roster",
    openapi_extra=documented(400, 401, 403, 409, 413, 422, 429),
)
@partner
@takes_files
def bring(
    request: HttpRequest,
    envelope: Form[schemas.Envelope],
    roster: Annotated[UploadedFile, File(description="清册：CSV（UTF-8 或 GB18030）或 XLSX")],
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", min_length=1, max_length=64, pattern=r"^[!-~]+$")
    ],
) -> HttpResponse | dict[str, object]:
    """`multipart/form-data`: the envelope's fields and the roster's bytes as `roster`.

    The same key with the same envelope and bytes gives the same receipt, also after a lost answer; with anything else
    it is refused (409). A refused call leaves nothing behind: its key may be used again. The roster is judged soon;
    follow the batch, or wait for its event.
    """
    asking: Partner = request.auth  # type: ignore[attr-defined]
    if envelope.programme not in programmes_of(asking.purposes):
        return _not_granted(request, envelope.programme)
    region = _region(envelope.region)
    if isinstance(region, Refused):
        return problem(422, region)
    with open_act(actor_of(asking), door=Door.API, purpose="报送发放清册") as act:
        brought = bring_roster(
            act,
            partner=asking.code,
            key=idempotency_key,
            programme=envelope.programme,
            period=envelope.period,
            declared_rows=envelope.declared_rows,
            declared_fen=envelope.declared_fen,
            name=roster.name or "",
            content=roster.read(),
            region=region,
        )
        if not isinstance(brought, Refused):
            jobs.poke(judge_batches)
    return refusal(brought) if isinstance(brought, Refused) else schemas.receipt(brought)


@router.get(
    "",
    response=schemas.Batches,
    summary="本单位的发放批次 Your own batches",
    operation_id="list_batches",
    openapi_extra=documented(401, 403, 422, 429),
)
@partner
def batches(
    request: HttpRequest,
    before: Annotated[str, Query(max_length=12, description="批次编号，只要比它早的")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> HttpResponse | dict[str, object]:
    """The newest first."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    if not programmes_of(asking.purposes):
        return _not_granted(request, PAY)
    found = outcomes.brought_by(actor_of(asking).code, limit, before=before)
    return {"batches": [schemas.line_of(row, clock.today()) for row in found]}


@router.get(
    "/{number}",
    response=schemas.BatchState,
    summary="批次进度 How far a batch is",
    operation_id="follow_batch",
    openapi_extra=documented(401, 403, 404, 422, 429),
)
@partner
def follow(request: HttpRequest, number: Number) -> HttpResponse | dict[str, object]:
    """Its dates, whom it waits for, how its rows stand and why some are held."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    if not programmes_of(asking.purposes):
        return _not_granted(request, PAY)
    row = outcomes.own_batch(actor_of(asking).code, number)
    return refusal(unknown_batch()) if row is None else schemas.state_of(row, clock.today())


@router.get(
    "/{number}/rows",
    response=schemas.Results,
    summary="逐人结果 What became of each row",
    operation_id="take_results",
    openapi_extra=documented(401, 403, 404, 422, 429),
)
@partner
def results(
    request: HttpRequest,
    number: Number,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="行号，只要在它之后的")] = 0,
    limit: Annotated[int, Query(ge=1, le=AT_ONCE)] = AT_ONCE,
    state: Annotated[str, Query(max_length=10, description="只要这种状态的，例如 held、failed")] = "",
) -> HttpResponse | dict[str, object]:
    """In pages, by line. Each page is one entry in our journal."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    if not programmes_of(asking.purposes):
        return _not_granted(request, PAY)
    if state and state not in {each.code for each in PAYMENT}:
        return problem(422, _no_state())
    with open_act(actor_of(asking), door=Door.API, purpose="取发放结果") as act:
        found = take_results(act, number, after=after, limit=limit, state=state)
    if isinstance(found, Refused):
        return refusal(found)
    return {
        "batch_number": number,
        "rows": [schemas.result_of(each) for each in found],
        "next_after": found[-1].row.line if len(found) == limit else None,
    }


@router.post(
    "/{number}/withdraw",
    response=schemas.BatchState,
    summary="撤回批次 Withdraw a batch",
    operation_id="withdraw_batch",
    openapi_extra=documented(401, 403, 404, 409, 422, 429),
)
@partner
def withdraw(request: HttpRequest, number: Number) -> HttpResponse | dict[str, object]:
    """Until the department's approval; the same roster may come again under another key."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    if not programmes_of(asking.purposes):
        return _not_granted(request, PAY)
    with open_act(actor_of(asking), door=Door.API, purpose="撤回发放批次") as act:
        row: BatchRow | Refused = withdraw_own(act, number)
    return refusal(row) if isinstance(row, Refused) else schemas.state_of(row, clock.today())


@router.post(
    "/{number}/rows/{line}/correction",
    response=schemas.Corrected,
    summary="更正暂缓的行 Correct a held row",
    operation_id="correct_row",
    openapi_extra=documented(400, 401, 403, 404, 409, 413, 422, 429),
)
@partner
def correct(
    request: HttpRequest,
    number: Number,
    line: Annotated[int, Path(ge=1, le=2**31 - 1, description="清册行号")],
    body: schemas.Correction,
) -> HttpResponse | dict[str, object]:
    """Before the department's approval. The old row stays, unpaid; a new one is appended and judged. Of a batch in public
    view the list changes, so that its view begins anew. A call made twice is refused: the row is corrected already."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    if not programmes_of(asking.purposes):
        return _not_granted(request, PAY)
    actor = actor_of(asking)
    if outcomes.own_batch(actor.code, number) is None:
        return refusal(unknown_batch())
    with open_act(actor, door=Door.API, purpose="更正清册") as act:
        row = correct_row(
            act,
            number,
            line=line,
            name=body.name,
            person=body.number,
            basis=body.basis,
            fen=body.fen,
            reason=body.reason,
            scope=EVERYWHERE,
        )
    if isinstance(row, Refused):
        return refusal(row)
    return {
        "batch_number": number,
        "line": row.line,
        "state": schemas.worded(row.state),
        "findings": schemas.findings_of(row),
    }


def actor_of(asking: Partner) -> Actor:
    """The department as who acts: the maker of what it brings, so that two people here approve it."""
    return Actor(f"partner:{asking.pk}", asking.name)


def refusal(refused: Refused) -> HttpResponse:
    """A service's no: unknown, in the way of what is there, or wrong in itself."""
    if refused.code == "benefit.unknown":
        return problem(404, refused)
    if refused.code == "file.too_big":
        return problem(413, refused)
    return problem(409 if refused.code in CONFLICTS else 422, refused)


def _not_granted(request: HttpRequest, wanted: str) -> HttpResponse:
    asking: Partner = request.auth  # type: ignore[attr-defined]
    with open_act(actor_of(asking), door=Door.API) as act:
        act.record(DOOR_REFUSED, path=request.path, duty=wanted)
    return problem(403, purpose_not_granted(asking))


def _region(named: str) -> str | Refused:
    centre = queries.opened_centre()
    region = named or centre.region
    return region if Scope(centre.region).covers(region) else outside(region)


def _no_state() -> Refused:
    known = "、".join(each.code for each in PAYMENT)
    return Refused(
        "benefit.state", f"没有这种状态；可选：{known}。", f"There is no such state; choose from {known}."
    )
