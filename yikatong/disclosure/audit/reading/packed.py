"""Files that are packed (XLSX, ODS, DOCX) and their ancestors: looked into before anything is unpacked whole."""

from __future__ import annotations

import io
import zipfile
import zlib

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Document
from yikatong.disclosure.audit.reading.paragraphs import read_docx
from yikatong.disclosure.audit.reading.sheets import corrupt, read_sheets

MOST_UNPACKED = 200_000_000
"""Bytes: a document of that size packs a picture book, or is made to fill the memory of who opens it."""


def read_packed(file: str, content: bytes) -> Document | Refused:
    """A spreadsheet or a DOCX. Refused: `audit.bomb`, `audit.corrupt`, `audit.encrypted`, `audit.format` and the readers'."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > 10_000:
                return Refused(
                    "audit.bomb",
                    f"{file} 解压后超过 {MOST_UNPACKED // 1_000_000} MB，不予打开。请去掉图片和多余的工作表后另存。",
                    f"{file} unpacks to more than {MOST_UNPACKED // 1_000_000} MB and was not opened.",
                )
            if any(part.flag_bits & 1 for part in parts):
                return _encrypted(file)
            if packed.testzip() is not None:
                return corrupt(file)
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return corrupt(file)
    if "word/document.xml" in names:
        return read_docx(file, content)
    if "xl/workbook.xml" in names:
        return read_sheets(file, content, styled=True)
    if "content.xml" in names:
        return read_sheets(file, content)
    return Refused(
        "audit.format",
        f"{file} 是压缩包，但里面不是 XLSX、ODS 或 DOCX。请解压后逐份审核。",
        f"{file} is packed, but no XLSX, ODS or DOCX. Unpack it and audit its files.",
    )


def read_old(file: str, content: bytes) -> Document | Refused:
    """What Office wrote before 2007, and what it writes with a password."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _encrypted(file)
    if "WordDocument".encode("utf-16-le") in content:
        return Refused(
            "audit.format",
            f"{file} 是旧版 DOC，请用文字处理软件另存为 DOCX 或 PDF。",
            f"{file} is a DOC of before 2007. Save it as DOCX or PDF.",
        )
    return read_sheets(file, content)


def _encrypted(file: str) -> Refused:
    return Refused(
        "audit.encrypted",
        f"{file} 设有打开密码，请去掉密码后再审。",
        f"{file} opens with a password. Take it off and try again.",
    )
