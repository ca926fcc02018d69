"""A bank, played: opens accounts ahead of the cards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from yikatong.basics.ids import luhn_digit
from yikatong.office.wires.simulators.pipe import Paper, answer_all, put_together, take_apart

COLUMNS = ("受理编号", "社会保障号码", "开户结果", "结果说明", "银行卡号")
FAILURES = (
    ("1", "客户在本行已有同类账户"),
    ("2", "证件有效期已过"),
    ("3", "手机号码与本行留存不一致"),
)


def answer(content: bytes, *, seed: int = 0, failure_rate: float = 0.01) -> bytes:
    """The bank's answer to an opening file; `failure_rate` of the accounts are not opened."""
    paper = take_apart(content)
    random = Random(f"bank {seed} {paper.number}")  # noqa: S311 - played failures must be the same every time
    return put_together(
        "opening-answer",
        paper.number,
        paper.day,
        COLUMNS,
        _rows(paper, random, failure_rate),
        answers=paper.number,
    )


def _rows(paper: Paper, random: Random, failure_rate: float) -> Iterator[tuple[str, ...]]:
    for row in paper.rows:
        order = row["受理编号"]
        if random.random() < failure_rate:
            result, text = random.choice(FAILURES)
            yield order, row["社会保障号码"], result, text, ""
        else:
            yield order, row["社会保障号码"], "0", "开户成功", account(row["服务银行"], order)


def account(bank: str, order: str) -> str:
    """A 19-digit account number of the unassigned range 6220 00, from the receipt's own digits."""
    first = f"622000{bank}0{order[1:9]}"
    return first + luhn_digit(first)


def step(base: Path, bank: str, *, seed: int = 0, failure_rate: float = 0.01) -> int:
    """Answer everything that lies there for the bank with this code; returns how many files."""
    return answer_all(
        base,
        f"bank-{bank}",
        lambda name, content: [(f"answer-{name}", answer(content, seed=seed, failure_rate=failure_rate))],
    )
