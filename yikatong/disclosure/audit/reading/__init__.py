"""Readers: the bytes of a file become a `Document`. Each format is one file."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Document
from yikatong.disclosure.audit.reading.text import read_text

TEXTS = (".txt", ".md", ".markdown")
LARGEST = 20_000_000
"""Bytes of text: a thousand times the longest document seen."""


def read_document(file: str, content: bytes) -> Document | Refused:
    """The document of a file by its name's ending. Refused: `audit.format`, `audit.large`, `audit.empty`, `audit.encoding`."""
    if not file.lower().endswith(TEXTS):
        return Refused(
            "audit.format",
            f"{file}：目前能读的格式是 {'、'.join(TEXTS)}。PDF 请先用 pdftotext 转成文本。",
            f"{file}: what can be read so far is {', '.join(TEXTS)}. Turn a PDF into text first.",
        )
    if len(content) > LARGEST:
        return Refused(
            "audit.large", f"{file} 超过 20 MB，不是一份公开文本。", f"{file} is larger than 20 MB."
        )
    text = _decoded(content)
    if text is None:
        return Refused(
            "audit.encoding",
            f"{file} 不是 UTF-8 或 GB18030 编码的文本，请另存为 UTF-8。",
            f"{file} is text neither in UTF-8 nor in GB18030.",
        )
    if not text.strip():
        return Refused("audit.empty", f"{file} 没有文字。", f"{file} holds no text.")
    return read_text(file, text)


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None
