"""How the API says no: `application/problem+json` (RFC 9457), in Chinese and in English."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from yikatong.basics.refused import Refused
from yikatong.office.people import Partner

MEDIA_TYPE = "application/problem+json"

SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "RFC 9457 problem details. `detail` is Chinese, `detail_en` English; `code` is stable.",
    "required": ["type", "title", "status", "code", "detail", "detail_en"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:yikatong:problem:key.invalid"]},
        "title": {"type": "string", "examples": ["Unauthorized"]},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "examples": ["key.invalid"]},
        "detail": {"type": "string"},
        "detail_en": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "One entry per wrong field of the body; the wrong value itself is never repeated.",
            "items": {
                "type": "object",
                "required": ["at", "message"],
                "properties": {
                    "at": {"type": "string", "description": "JSON pointer into the body"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}

KEY_INVALID = Refused(
    "key.invalid",
    "没有有效的接口密钥。请在 Authorization 头中写明“Bearer yk_…”，或向本中心申请续期。",
    "No valid key. Send `Authorization: Bearer yk_…`, or ask the centre to renew it.",
)
TOO_MANY = Refused(
    "rate.exceeded",
    "本分钟内的查询次数已用完，请在 Retry-After 秒之后再试。",
    "This minute's calls are used up; try again after Retry-After seconds.",
)
BODY_UNREADABLE = Refused(
    "body.unreadable",
    "请求正文不是有效的 JSON（UTF-8）。",
    "The body is not valid JSON in UTF-8.",
)
BODY_WRONG = Refused(
    "body.wrong",
    "请求正文缺少必填项或有不符合要求的项，见 errors。",
    "The body lacks a required field or has a wrong one; see errors.",
)
BODY_TOO_LARGE = Refused(
    "body.too_large", "请求正文过大（上限 16 KB）。", "The body is too large (at most 16 KB)."
)
FORM_UNREADABLE = Refused(
    "body.unreadable",
    "请求正文不是有效的 multipart/form-data。",
    "The body is not valid multipart/form-data.",
)
FILE_TOO_LARGE = Refused(
    "body.too_large",
    "清册文件过大，请分成几份报送。",
    "The roster is too large; bring it in parts.",
)
NOT_ALLOWED = Refused(
    "method.not_allowed", "该地址不支持这种请求方法。", "This address does not take that method."
)


def purpose_not_granted(asking: Partner) -> Refused:
    """The answer to a question for another purpose than agreed."""
    granted = "、".join(asking.purposes)
    return Refused(
        "purpose.not_granted",
        f"贵单位的密钥不能用于该用途；可用：{granted}。需要新增用途请向本中心提出共享申请。",
        f"This key was not given for that purpose; it may be used for: {granted}. Apply to the centre for more.",
    )


def problem(status: int, refused: Refused, **more: object) -> JsonResponse:
    """The answer for a refusal."""
    body = {
        "type": f"urn:yikatong:problem:{refused.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": refused.code,
        "detail": refused.zh,
        "detail_en": refused.en,
        **more,
    }
    return JsonResponse(
        body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def documented(*statuses: int) -> dict[str, Any]:
    """These errors for an operation's OpenAPI entry."""
    told: dict[int, str] = {
        400: "The body cannot be read.",
        401: "No valid key.",
        403: "The key was not given for this purpose.",
        404: "There is no such thing, or it is not yours.",
        409: "It cannot be done as things stand, or the Idempotency-Key was used for another body; see `code`.",
        413: "The body is too large.",
        422: "A field is missing or wrong.",
        429: "More calls in this minute than agreed.",
    }
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[int, Any] = {s: {"description": told[s], "content": content} for s in statuses}
    if 429 in responses:
        retry = {"schema": {"type": "integer"}, "description": "Seconds until the next call is taken"}
        responses[429] = {**responses[429], "headers": {"Retry-After": retry}}
    if 401 in responses:
        challenge = {"schema": {"type": "string"}}
        responses[401] = {**responses[401], "headers": {"WWW-Authenticate": challenge}}
    return {"responses": responses}


def speak_problems(api: NinjaAPI) -> None:
    """Make `api` answer every error of the framework as a problem."""
    api.exception_handler(AuthenticationError)(_no_key)
    api.exception_handler(Throttled)(_too_many)
    api.exception_handler(ValidationError)(_wrong_body)
    api.exception_handler(HttpError)(_http_error)
    api.exception_handler(MultiPartParserError)(_no_form)


def _no_key(request: HttpRequest, error: AuthenticationError) -> JsonResponse:
    answer = problem(401, KEY_INVALID)
    answer["WWW-Authenticate"] = 'Bearer realm="yikatong"'
    return answer


def _too_many(request: HttpRequest, error: Throttled) -> JsonResponse:
    answer = problem(429, TOO_MANY)
    answer["Retry-After"] = str(error.wait)
    return answer


def _wrong_body(request: HttpRequest, error: ValidationError) -> JsonResponse:
    # The value is left out on purpose: a mistyped identity number must not travel back in an error or a log.
    errors = [{"at": _place(e["loc"]), "message": e["msg"]} for e in error.errors]
    return problem(422, BODY_WRONG, errors=errors)


def _place(loc: Sequence[object]) -> str:
    # A field of a form stands under its own name, one of a JSON body under the name of what the body is.
    parts = loc[1:] if loc[0] == "form" else loc[2:]
    return "/" + "/".join(str(part) for part in parts)


def _no_form(request: HttpRequest, error: MultiPartParserError) -> JsonResponse:
    return problem(400, FORM_UNREADABLE)


def _http_error(request: HttpRequest, error: HttpError) -> JsonResponse:
    return problem(error.status_code, BODY_UNREADABLE)
