"""What was typed when a session ended in the midst of a form: kept sealed for whoever typed it, until they log in again.

Who that is, the form itself says, signed; so it holds too where another window logged them out. What nobody signed for
is not kept.

It lies in the session that follows, under the address it was sent to, for as long as that session lives, and is given
back once. Files are not kept: their pages ask for them again.
"""

from __future__ import annotations

import base64
import json

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse

from yikatong.office import sealing

HELD, LEFT, KIND = "held", "yikatong.left_by", "held_form"
MOST = 200_000  # bytes
TYPIST = "typist"
NOT_KEPT = {"csrfmiddlewaretoken", "step", "act", TYPIST}


def left(request: HttpRequest, staff: int) -> None:
    """This member of staff was logged out before the request was answered: what they typed is theirs alone."""
    request.META[LEFT] = staff


def sign_typist(staff: int) -> str:
    """What a page's form carries to say whom the page was made for."""
    return signing.dumps(staff, salt=KIND)


def _typed_by(request: HttpRequest) -> int | None:
    """Whose page this form was; None where nobody can say, or where two say different things."""
    left_by: int | None = request.META.get(LEFT)
    try:
        signed: int = signing.loads(request.POST.get(TYPIST, ""), salt=KIND)
    except signing.BadSignature:
        return left_by
    return signed if left_by in (None, signed) else None


def send_to_login(request: HttpRequest) -> HttpResponse:
    """To the login page and back, with what was typed kept meanwhile."""
    by = _typed_by(request) if request.method == "POST" else None
    if by is not None:
        typed = {name: values for name, values in request.POST.lists() if name not in NOT_KEPT}
        plain = json.dumps([by, typed]).encode()
        if typed and len(plain) <= MOST:
            sealed = base64.b64encode(sealing.seal_bytes(KIND, plain)).decode()
            request.session[HELD] = {request.path: sealed}
    return redirect_to_login(request.get_full_path())


def take_held(request: HttpRequest) -> dict[str, list[str]]:
    """What this person had typed into the form at this address; empty where there is nothing. Given once."""
    sealed = request.session.get(HELD, {}).get(request.path)
    if sealed is None:
        return {}
    del request.session[HELD]
    try:
        who, typed = json.loads(sealing.unseal_bytes(KIND, base64.b64decode(sealed)))
    except sealing.NoKey:  # the keys were changed meanwhile
        return {}
    return typed if who == request.user.pk else {}
