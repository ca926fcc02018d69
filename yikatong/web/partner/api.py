"""Partner API v1: answers before data.

A partner asks whether a person holds a usable card and gets yes, no or unknown with a reason code, and nothing
else about the person. Every answer is journalled with the partner, the purpose and the case number, and the
resident sees it in the portal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Header, NinjaAPI, Schema
from ninja.renderers import JSONRenderer
from pydantic import ConfigDict, Field

from yikatong.basics.refused import Refused
from yikatong.cards.queries import StatusAnswer
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.facts import DOOR_REFUSED
from yikatong.office.people import Partner
from yikatong.web.banks import APPLY
from yikatong.web.departments import PAY
from yikatong.web.partner import applications, benefits, events
from yikatong.web.partner.card_status import ask_card_status, purpose_words
from yikatong.web.partner.doors import PartnerKey, PerMinute, partner
from yikatong.web.partner.lines import Line
from yikatong.web.partner.problems import SCHEMA, documented, problem, purpose_not_granted, speak_problems


class Readable(JSONRenderer):
    """JSON whose Chinese is Chinese, as in the problems, also for whoever tries the API by hand."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


class PartnerAPI(NinjaAPI):
    """Ninja's API with the problem schema among its components."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        schema = super().get_openapi_schema(
            path_prefix=path_prefix or reverse("partner:schema").removesuffix("openapi.json")
        )
        schema["components"].setdefault("schemas", {})["Problem"] = SCHEMA
        schema["webhooks"] = events.webhooks()
        return schema


api = PartnerAPI(
    title="一卡通合作单位接口 Yikatong partner API",
    version="1",
    description="先答是否，再谈数据。Answers before data: yes or no by purpose, every call journalled.",
    urls_namespace="partner-v1",
    docs_url=None,  # the usual docs page loads scripts from elsewhere; the schema itself is the document
    openapi_url="/openapi.json",
    auth=PartnerKey(),
    throttle=[PerMinute()],
    renderer=Readable(),
)
speak_problems(api)


class CardQuestion(Schema):
    """Whose card, what for, and under which case of yours."""

    model_config = ConfigDict(extra="forbid")
    number: Annotated[
        str, Line, Field(description="社会保障号码 identity number", examples=["610499199001010015"])
    ]
    name: Annotated[str, Line, Field(description="姓名 name as on the document", examples=["张三"])]
    purpose: Annotated[str, Line, Field(description="用途，见 /purposes: the code of one of them")]
    case_number: Annotated[
        str, Line, Field(description="贵方业务流水号 your own case number, for both sides' audit")
    ]


class CardAnswer(Schema):
    """`yes`: a card in normal use. `no`: none that may be used, see `reason_code`. `unknown`: no such person here."""

    answer: Literal["yes", "no", "unknown"]
    reason_code: str = Field(description="Empty with yes")
    zh: str = Field(description="The answer in words")
    en: str


class Purpose(Schema):
    """One question you may ask."""

    code: str
    zh: str
    en: str


class Purposes(Schema):
    """What this key may be used for, how fast, and until when."""

    partner: str
    purposes: list[Purpose]
    per_minute: int
    expires_on: date


@api.get(
    "/purposes",
    response=Purposes,
    summary="本单位可用的查询用途 Purposes of this key",
    operation_id="purposes",
    openapi_extra=documented(401, 429),
)
@partner
def purposes(request: HttpRequest) -> dict[str, object]:
    """What the centre agreed with you: one of these goes into `purpose` of every question."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    return {
        "partner": asking.name,
        "purposes": [_told(purpose) for purpose in asking.purposes],
        "per_minute": asking.per_minute,
        "expires_on": asking.expires_on,
    }


@api.post(
    "/card-status",
    response=CardAnswer,
    summary="持卡状态（是/否） Does this person hold a usable card?",
    operation_id="card_status",
    openapi_extra=documented(400, 401, 403, 413, 422, 429),
)
@partner
def card_status(request: HttpRequest, question: CardQuestion) -> HttpResponse | StatusAnswer:
    """A name that does not belong to the number is answered like a person we do not know."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    actor = Actor(f"partner:{asking.pk}", asking.name)
    if question.purpose not in asking.purposes or question.purpose.startswith((APPLY, PAY)):
        with open_act(actor, door=Door.API) as act:
            act.record(DOOR_REFUSED, path=request.path, duty=question.purpose)
        return problem(403, purpose_not_granted(asking))
    with open_act(actor, door=Door.API, purpose=purpose_words(question.purpose)[0]) as act:
        return ask_card_status(
            act,
            number=question.number,
            name=question.name,
            purpose=question.purpose,
            case_number=question.case_number,
        )


@api.post(
    "/applications",
    response=applications.Receipt,
    summary="受理申领（合作银行） Take an application for a first card",
    operation_id="applications",
    openapi_extra=documented(400, 401, 403, 409, 413, 422, 429),
)
@partner
def take_application(
    request: HttpRequest,
    body: applications.Application,
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", min_length=1, max_length=64, pattern=r"^[!-~]+$")
    ],
) -> HttpResponse | dict[str, object]:
    """For banks: own customers at own outlets. The same key with the same body gives the same order."""
    asking: Partner = request.auth  # type: ignore[attr-defined]
    actor = Actor(f"partner:{asking.pk}", asking.name)
    if not applications.bank_of(asking):
        with open_act(actor, door=Door.API) as act:
            act.record(DOOR_REFUSED, path=request.path, duty=APPLY)
        return problem(403, purpose_not_granted(asking))
    with open_act(actor, door=Door.API, purpose="受理申领") as act:
        taken = applications.take(act, asking, idempotency_key, body)
    if isinstance(taken, Refused):
        return problem(409 if taken.code in applications.CONFLICTS else 422, taken)
    return applications.receipt(taken)


def _told(purpose: str) -> dict[str, str]:
    zh, en = purpose_words(purpose)
    return {"code": purpose, "zh": zh, "en": en}


api.add_router("/benefit-batches", benefits.router)
api.add_router("", events.router)
