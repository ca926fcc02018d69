"""What is wrong with a file, collected while it is read: told one by one up to a number, then counted."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.lines import Problem

MOST = 1_000
"""Problems told one by one; a foreign file of a million lines needs no million sentences."""


class Findings:
    """Problems in the order in which they were met."""

    def __init__(self) -> None:
        self._told: list[Problem] = []
        self._more = 0

    def tell(self, line: int, refused: Refused) -> None:
        """One problem of this line (0: of the file)."""
        if line and len(self._told) >= MOST:
            self._more += 1
            return
        self._told.append(Problem(line, refused.code, refused.zh, refused.en))

    def all(self) -> tuple[Problem, ...]:
        """Everything told, and how many lines more are wrong."""
        if not self._more:
            return tuple(self._told)
        more = Problem(
            0,
            "file.more",
            f"另有{self._more}行有问题，未逐行列出；请先核对这是否是该银行的文件。",
            f"{self._more} more lines are wrong and not listed; first see whether this is that bank's file.",
        )
        return (*self._told, more)


def too_large(size: int, most: int) -> Refused:
    """A file that is not read at all."""
    return Refused(
        "file.size",
        f"文件有{size}字节，超过约定的{most}字节，未读取。",
        f"The file has {size} bytes, more than the {most} agreed on; not read.",
    )
