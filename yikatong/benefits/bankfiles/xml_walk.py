"""XML from outside, read safely and as far as it goes. Pure.

No document type and no entity of the file's own is taken, so nothing can be blown up or fetched. Where the markup breaks,
the broken record is told and reading goes on at the next one: one bad line of a bank must not hide the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.findings import Findings

_CHUNK = 1 << 16
_DEEPEST = 40
_MOST_BREAKS = 1_000
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,100}?encoding=["']([A-Za-z0-9._-]+)["']""")
_CODINGS = {
    "utf-8": "utf-8",
    "us-ascii": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
}
_CUT = {
    expat.errors.codes[each]
    for each in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}


class Shape(NamedTuple):
    """Where the records of a message stand: `home` is the way from the root to the element that holds them.

    `records` are repeated there, `nested` are repeated inside a record, `beside` is what else may stand in `home`.
    """

    home: tuple[str, ...]
    records: frozenset[str]
    nested: frozenset[str]
    beside: frozenset[str]


@dataclass
class Record:
    """One repeated element: its texts by path below it (`Amt`, `Amt@Ccy`, `Refs/EndToEndId`) and the records in it."""

    name: str
    line: int
    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    within: list[Record] = field(default_factory=list)

    def one(self, *paths: str) -> str:
        """The first text under any of these paths; "" where there is none."""
        return next((text for path in paths for text in self.texts.get(path, ()) if text), "")


class _Forbidden(Exception):
    """A document type, an entity of the file's own, or nesting deeper than any bank message."""


class Walk:
    """A walk through one message. After `records()`: `around` holds the texts outside the records by their path from the
    root, `namespace` that of the root, and `whole` whether nothing broke and the root was closed."""

    def __init__(self, content: bytes, shape: Shape, findings: Findings) -> None:
        self.around = Record("", 1)
        self.namespace = ""
        self.whole = True
        self._shape, self._findings = shape, findings
        self._next = re.compile(rb"<(?:[\w.-]+:)?(?:%s)[\s/>]" % "|".join(sorted(shape.records)).encode())
        self._content = self._as_utf_8(content)
        self._prefix = ""
        self._open: list[str] = []
        self._paths: list[str] = [""]
        self._stack: list[tuple[Record, int]] = []
        self._ready: list[Record] = []
        self._text: list[str] = []
        self._leaf = False
        self._line, self._from = 0, 0

    def records(self) -> Iterator[Record]:
        """Each whole record, in the order of the file."""
        start = 0
        for _ in range(_MOST_BREAKS):
            self._begin(start)
            broke = None
            for place in range(start, len(self._content) + _CHUNK, _CHUNK):
                broke = self._feed(self._content[place : place + _CHUNK])
                yield from self._ready
                self._ready.clear()
                if broke is not None:
                    break
            found = None if broke is None else self._next.search(self._content, max(broke, start + 1))
            if found is None:
                return
            start = found.start()
        self._break(0, _too_broken())

    def _as_utf_8(self, content: bytes) -> bytes:
        declared = _DECLARED.match(content[:300])
        coding = _CODINGS.get(declared[1].decode().lower()) if declared else "utf-8"
        if coding is None:
            self._break(1, _other_coding())
            return b""
        if coding == "utf-8":
            return content
        text = content.decode(coding, "replace")
        if "\ufffd" in text:
            self._break(text.count("\n", 0, text.index("\ufffd")) + 1, _broken())
        return text.encode()

    def _begin(self, start: int) -> None:
        """A new parser, standing where records stand; its lines are counted from the beginning of the file."""
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._element
        self._parser.EndElementHandler = self._element_end
        self._parser.CharacterDataHandler = self._text.append
        self._parser.StartDoctypeDeclHandler = _forbid
        self._parser.EntityDeclHandler = _forbid
        self._open.clear()
        self._paths[1:] = []
        self._stack.clear()
        self._text.clear()
        self._line += self._content.count(b"\n", self._from, start)
        self._from = start
        opening = b""
        if start:
            opening = "".join(f"<{self._prefix}{name}>" for name in self._shape.home).encode()
            self._parser.Parse(opening, False)
        self._begun = start - len(opening)

    def _feed(self, chunk: bytes) -> int | None:
        """The place in the content where it broke; None while it goes on, or where it ended well."""
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as wrong:
            cut = not chunk and wrong.code in _CUT
            self._break(self._line + wrong.lineno, _cut() if cut else _broken())
            return self._begun + self._parser.ErrorByteIndex
        except _Forbidden:
            self._break(self._line_now(), _forbidden())
            return len(self._content)
        return None

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        prefix, colon, local = name.rpartition(":")
        depth = len(self._open)
        if depth >= _DEEPEST:
            raise _Forbidden
        if not depth and not self.namespace:
            self._prefix = prefix + colon
            self.namespace = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
        at_home = not self._stack and depth == len(self._shape.home) and tuple(self._open) == self._shape.home
        before = self._paths[-1]
        path = f"{before}/{local}" if before else local
        if (self._stack and local in self._shape.nested) or (at_home and local in self._shape.records):
            self._stack.append((Record(local, self._line_now()), depth))
            path = ""
        elif at_home and local not in self._shape.beside:
            self._break(self._line_now(), _foreign(local))
        self._open.append(local)
        self._paths.append(path)
        self._text.clear()
        self._leaf = True
        for attribute, text in attributes.items():
            if not attribute.startswith("xmlns"):
                self._keep(f"{path}@{attribute}", text)

    def _line_now(self) -> int:
        return self._line + self._parser.CurrentLineNumber

    def _element_end(self, _name: str) -> None:
        if self._leaf:
            self._keep(self._paths[-1], "".join(self._text).strip())
        self._leaf = False
        self._text.clear()
        self._paths.pop()
        self._open.pop()
        if self._stack and len(self._open) == self._stack[-1][1]:
            done, _ = self._stack.pop()
            (self._stack[-1][0].within if self._stack else self._ready).append(done)

    def _keep(self, path: str, text: str) -> None:
        record = self._stack[-1][0] if self._stack else self.around
        record.texts[path].append(text)

    def _break(self, line: int, refused: Refused) -> None:
        self.whole = False
        self._findings.tell(line, refused)


def _forbid(*_: object) -> NoReturn:
    raise _Forbidden


def _cut() -> Refused:
    return Refused(
        "file.truncated",
        "文件到这里中断，没有结尾；已读到的部分有效，请银行重传整个文件。",
        "The file breaks off here; what was read stands. Ask the bank to send it whole.",
    )


def _broken() -> Refused:
    return Refused(
        "line.broken",
        "这里的 XML 标记或编码有误，所在的一笔未采用，从下一笔继续读；请向银行核实。",
        "The XML is broken here; its record is not taken, reading goes on at the next. Ask the bank.",
    )


def _forbidden() -> Refused:
    return Refused(
        "file.forbidden",
        "文件含有文档类型声明、实体或过深的嵌套，不安全，不再往下读；请银行去掉后重传。",
        "The file has a document type, entities or nests too deeply: not safe, not read on. Ask for one without.",
    )


def _foreign(name: str) -> Refused:
    return Refused(
        "line.foreign",
        f"这里出现约定以外的“{name[:35]}”，未采用；请向银行核实。",
        f"“{name[:35]}” is not agreed on here and not taken; ask the bank.",
    )


def _too_broken() -> Refused:
    return Refused(
        "file.broken",
        "文件错误太多，不再往下读；请银行重传。",
        "The file is broken in too many places and not read on; ask the bank to send it again.",
    )


def _other_coding() -> Refused:
    return Refused(
        "file.encoding",
        "文件声明的编码不是 UTF-8 或 GB 18030，未读取；请银行按约定编码重传。",
        "The file declares a coding that is neither UTF-8 nor GB 18030; not read.",
    )
