"""采集照片, applications that wait for one, and the proof of a hand-over."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import album, queries
from yikatong.cards.album import PhotoRow
from yikatong.cards.pictures import Box
from yikatong.cards.rules import SUBMITTED
from yikatong.cards.services.photo import look_at_photo, take_photo
from yikatong.cards.services.proof import Shown, look_at_proof
from yikatong.office import clock
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents.queries import names_of
from yikatong.web.console.doors import actor_of, channel_of, scope_of
from yikatong.web.console.once import AGAIN, at_most_once, done_already, name_act, named_act, remember
from yikatong.web.console.orders import AT_ONCE
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.people import Purpose, person_for, who
from yikatong.web.console.shown import card_for, note_names
from yikatong.web.console.task_page import Answer
from yikatong.web.console.told import tell
from yikatong.web.forms import said
from yikatong.web.pictures import data_address
from yikatong.web.templatetags.house import named

PURPOSE = "采集照片"


def crop_of(text: str) -> Box | None:
    """`left,top,width,height` as the page sends it; None where it sends nothing of use."""
    found = re.fullmatch(r"(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})", text)
    return (int(found[1]), int(found[2]), int(found[3]), int(found[4])) if found else None


@duty(Duty.CARD_APPLY)
def photo(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Take a person's photo; the page shows the one that stands, as it will be on the card."""
    holder = person_for(request, resident_id)
    if isinstance(holder, Refused):
        return refusal(request, holder)
    errors = []
    if request.method == "POST":
        upload = request.FILES.get("original")
        original = upload.read() if upload else b""
        name = named_act(request)

        def work(act: Act) -> PhotoRow | Refused:
            return take_photo(
                act,
                resident_id=resident_id,
                original=original,
                crop=crop_of(request.POST.get("crop", "")),
                channel=channel_of(request),
            )

        taken = at_most_once(request, name, work, purpose=PURPOSE)
        if name is not None and taken is AGAIN:
            return done_already(request, name, request.path)
        if not isinstance(taken, Refused):
            tell(request, gettext("照片已保存。"))
            return remember(request, name, redirect("console:photo", resident_id))
        errors.append(said(taken))
    standing = album.photo_of(resident_id)
    shown: bytes | Refused = b""
    if standing is not None:
        with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
            shown = look_at_photo(act, resident_id=resident_id, purpose=PURPOSE)
    context: dict[str, Any] = {
        "person": holder,
        "facts": who(holder),
        "photo": standing,
        "kb": standing.bytes // 1024 if standing else 0,
        "shown": data_address(shown) if isinstance(shown, bytes) else "",
        "limits": album.photo_limits(clock.today()),
        "order": next((each for each in queries.orders_of(resident_id) if each.state is SUBMITTED), None),
        "errors": errors,
        "act": name_act(request),
    }
    return page(request, "photo", context)


@duty(Duty.CARD_LOOK)
def lacking_photo(request: HttpRequest) -> HttpResponse:
    """缺照片: applications that wait for a photo."""
    start = start_of(request)
    rows = album.waiting_for_photo(clock.today(), scope_of(request), AT_ONCE + 1, start)
    note_names(request, sorted({row.resident_id for row in rows[:AT_ONCE]}), "缺照片", "photo missing")
    names = names_of(row.resident_id for row in rows)
    context = {
        "rows": [(row, names.get(row.resident_id, "")) for row in rows[:AT_ONCE]],
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "lacking_photo", context)


@duty(Duty.CARD_PROOF)
def proof(request: HttpRequest, card_no: str) -> HttpResponse:
    """Who took a card; their signature and photo are shown once a purpose is given, and the look is journalled."""
    card = card_for(request, card_no, Duty.CARD_PROOF)
    if isinstance(card, Refused):
        return refusal(request, card)
    left = album.hand_over_of(card.id)
    form = Purpose(request.POST or None)
    shown: Shown | None = None
    if request.method == "POST" and form.is_valid():
        with open_act(actor_of(request), door=Door.CONSOLE, purpose=form.cleaned_data["purpose"]) as act:
            found = look_at_proof(
                act, card_no=card_no, purpose=form.cleaned_data["purpose"], scope=scope_of(request)
            )
        if isinstance(found, Refused):
            return refusal(request, found)
        shown = found
    facts: tuple[Answer, ...] = ((_("社保卡号"), card.card_no),)
    if left is not None:
        facts += ((_("领卡人"), f"{left.name}（{named(left.role)}）"), (_("委托书编号"), left.letter or "—"))
    else:
        facts += ((_("领卡"), gettext("没有留存签名和照片")),)
    context = {
        "card": card,
        "proof": left,
        "facts": facts,
        "form": form,
        "shown": shown,
        "signature": data_address(shown.signature) if shown else "",
        "photo": data_address(shown.photo) if shown else "",
    }
    return page(request, "proof", context)
