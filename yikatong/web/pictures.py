"""Pictures as answers of a form: signed on the page, taken by the camera, or chosen as a file.

A picture travels from step to step like every other answer: as text in a hidden field, judged anew each time. Without
JavaScript a file still comes in by its own field.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

_TYPES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG", "image/png"))
_ADDRESS = re.compile(r"data:image/(?:png|jpeg);base64,([A-Za-z0-9+/=]+)")


def data_address(picture: bytes) -> str:
    """The picture as an address that a page can show; empty for none and for what is no JPEG or PNG."""
    kind = next((name for head, name in _TYPES if picture.startswith(head)), "")
    return f"data:{kind};base64,{base64.b64encode(picture).decode()}" if kind else ""


def picture_from(address: str) -> bytes:
    """The bytes of such an address; empty where it is none."""
    found = _ADDRESS.fullmatch(address.strip())
    try:
        return base64.b64decode(found[1], validate=True) if found else b""
    except binascii.Error:
        return b""


class HiddenPicture(forms.HiddenInput):
    """A picture on its way to the next step."""

    def value_from_datadict(self, data: Any, files: MultiValueDict[str, Any], name: str) -> bytes:
        upload = files.get(f"{name}_file")
        if upload is None:
            return picture_from(data.get(name, ""))
        upload.seek(0)  # a form reads its answers more than once
        content: bytes = upload.read()
        return content

    def format_value(self, value: Any) -> str:
        return data_address(value) if isinstance(value, bytes) else value or ""


class PictureInput(HiddenPicture):
    """The place on the page where a picture is made. Its script shows the parts that need one."""

    input_type = "hidden"
    needs_multipart_form = True
    use_fieldset = True

    def __init__(self, template_name: str) -> None:
        super().__init__()
        self.template_name = template_name

    @property
    def is_hidden(self) -> bool:
        return False

    class Media:
        js = (forms.Script("yk/pictures.js", defer=True),)


class PictureField(forms.Field):
    """An answer of bytes, empty for none; whether the picture is a good one is for the service to say."""

    hidden_widget = HiddenPicture
    or_why = True
    """Not marked as optional: it is owed, or the reason why it is missing."""

    def __init__(self, template_name: str, **more: Any) -> None:
        super().__init__(widget=PictureInput(template_name), required=False, **more)

    def clean(self, value: Any) -> bytes:
        return value or b""
