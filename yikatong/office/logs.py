"""What the program writes to its log: never a whole identity number, phone or account, wherever it came from."""

from __future__ import annotations

import logging

from yikatong.basics.masking import mask_text


class MaskingFormatter(logging.Formatter):
    """Masks the line as it will be written: the message, its arguments, and the trace of an error with its details."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_text(super().format(record))
