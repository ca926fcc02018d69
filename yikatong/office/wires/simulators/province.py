"""The provincial card management system, played: matches applications and assigns card numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from yikatong.office.wires.simulators.pipe import Paper, answer_all, put_together, take_apart

COLUMNS = ("受理编号", "社会保障号码", "比对结果", "结果说明", "社保卡号")
PROBLEMS = (
    ("1", "公安人口库无此人"),
    ("2", "姓名与公安信息不一致"),
    ("3", "照片不符合要求"),
    ("4", "在省内其他地市已有有效卡"),
)


def answer(content: bytes, *, seed: int = 0, problem_rate: float = 0.02) -> bytes:
    """The province's answer to a matching file; `problem_rate` of its rows have a problem."""
    paper = take_apart(content)
    random = Random(f"province {seed} {paper.number}")  # noqa: S311 - played failures must be the same every time
    return put_together(
        "match-answer",
        paper.number,
        paper.day,
        COLUMNS,
        _rows(paper, random, problem_rate),
        answers=paper.number,
    )


def _rows(paper: Paper, random: Random, problem_rate: float) -> Iterator[tuple[str, ...]]:
    for row in paper.rows:
        order = row["受理编号"]
        if random.random() < problem_rate:
            result, text = random.choice(PROBLEMS)
            yield order, row["社会保障号码"], result, text, ""
        else:
            # One number for one application, for ever: the receipt's own digits.
            yield order, row["社会保障号码"], "0", "比对通过", "E" + order[1:9]


def step(base: Path, *, seed: int = 0, problem_rate: float = 0.02) -> int:
    """Answer everything that lies there for the province; returns how many files."""
    return answer_all(
        base,
        "province",
        lambda name, content: [(f"answer-{name}", answer(content, seed=seed, problem_rate=problem_rate))],
    )
