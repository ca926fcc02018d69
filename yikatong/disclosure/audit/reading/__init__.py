"""Readers: the bytes of a file become a `Document`. Each format is one file; what a file is, its bytes say, not its name."""

from __future__ import annotations

from pathlib import PurePath

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Document
from yikatong.disclosure.audit.reading.text import read_text

LARGEST = 50_000_000
"""Bytes of a file: ten times the largest published document seen."""
LARGEST_TEXT = 5_000_000
READABLE = "PDF、XLSX、XLS、ODS、DOCX、TXT、MD"
_TEXTS = ("", ".txt", ".md", ".markdown", ".text")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_document(file: str, content: bytes) -> Document | Refused:
    """The document of a file.

    Refused: `audit.empty`, `audit.large`, `audit.format`, `audit.encoding`, and what its format's reader refuses
    (`audit.encrypted`, `audit.corrupt`, `audit.scanned`).
    """
    if not content:
        return Refused("audit.empty", f"{file} 是空文件。", f"{file} is empty.")
    if len(content) > LARGEST:
        return too_large(file, len(content), LARGEST)
    if b"%PDF-" in content[:1024]:
        from yikatong.disclosure.audit.reading.pdf import read_pdf

        return read_pdf(file, content)
    if content.startswith(b"PK"):
        from yikatong.disclosure.audit.reading.packed import read_packed

        return read_packed(file, content)
    if content.startswith(_OLE):
        from yikatong.disclosure.audit.reading.packed import read_old

        return read_old(file, content)
    if content.startswith(b"{\\rtf"):
        return Refused(
            "audit.format",
            f"{file} 的内容是 RTF（改了扩展名），请用文字处理软件另存为 DOCX 或 PDF。",
            f"{file} holds RTF under another name. Save it as DOCX or PDF.",
        )
    return _plain(file, content)


def _plain(file: str, content: bytes) -> Document | Refused:
    if len(content) > LARGEST_TEXT:
        return too_large(file, len(content), LARGEST_TEXT)
    if PurePath(file).suffix.lower() not in _TEXTS:
        return Refused(
            "audit.format",
            f"{file} 的内容不是能读的格式（{READABLE}），或文件已损坏。请重新导出后再审。",
            f"{file} holds none of the formats read ({READABLE}), or is damaged. Export it again.",
        )
    text = _decoded(content)
    if text is None:
        return Refused(
            "audit.encoding",
            f"{file} 不是能读的格式（{READABLE}），也不是 UTF-8 或 GB18030 编码的文本。请另存为其中一种。",
            f"{file} is none of {READABLE}, nor text in UTF-8 or GB18030. Save it as one of them.",
        )
    if not text.strip():
        return Refused("audit.empty", f"{file} 没有文字。", f"{file} holds no text.")
    return read_text(file, text)


def too_large(file: str, size: int, most: int) -> Refused:
    """The refusal of a file of `size` bytes where no more than `most` are read."""
    return Refused(
        "audit.large",
        f"{file} 有 {size // 1_000_000} MB，超过 {most // 1_000_000} MB。请拆成单份公开文本，或去掉图片后再审。",
        f"{file} has {size // 1_000_000} MB, more than {most // 1_000_000}. Split it, or take its pictures out.",
    )


def _decoded(content: bytes) -> str | None:
    """The text, None where it is none: signs of control do not occur in any."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(sign < " " and sign not in "\t\n\r\f\v" for sign in set(text)) else text
    return None
