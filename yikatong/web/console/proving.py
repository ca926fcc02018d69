"""What is left behind where a card is handed over: the receiver's signature and photo, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yikatong.cards.services.proof import Proof
from yikatong.web.forms import Questions
from yikatong.web.pictures import PictureField


class Proving(Questions):
    """The questions about the proof, for every form on which something is handed over."""

    signature = PictureField("widgets/signature.html", label=_("领卡人签名"))
    unsigned_reason = forms.CharField(
        label=_("没有签名的原因"), max_length=60, required=False, help_text=_("例如：不会写字，已按手印存档")
    )
    receiver_photo = PictureField("widgets/receiver_photo.html", label=_("领卡人照片"))
    no_photo_reason = forms.CharField(
        label=_("没有照片的原因"), max_length=60, required=False, help_text=_("例如：摄像头故障")
    )


def proof_of(given: Mapping[str, Any]) -> Proof:
    """The proof a form on which it was asked for gives."""
    return Proof(
        signature=given["signature"],
        unsigned_reason=given["unsigned_reason"],
        photo=given["receiver_photo"],
        no_photo_reason=given["no_photo_reason"],
    )
