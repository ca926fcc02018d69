"""The card maker, played: makes a batch's cards, packs them into boxes, and returns what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from yikatong.office.wires.simulators.pipe import Paper, answer_all, put_together, take_apart

COLUMNS = (
    "序号",
    "社保卡号",
    "社会保障号码",
    "姓名",
    "发卡日期",
    "卡有效期",
    "卡识别码",
    "卡复位码",
    "服务银行",
    "银行卡号",
    "个人帐户",
    "装箱位置",
    "失败环节",
    "失败原因",
)
FAILURES = (("银行", "磁条写入失败"), ("制卡", "芯片个人化失败"), ("制卡", "照片打印不合格"))
BOX = 500  # cards a box


def answers(content: bytes, *, seed: int = 0, failure_rate: float = 0.005, parts: int = 1) -> list[bytes]:
    """The return files of a batch: one, or the batch in several consignments (`parts`, never more than cards)."""
    paper = take_apart(content)
    random = Random(f"maker {seed} {paper.number}")  # noqa: S311 - played failures must be the same every time
    rows = list(_rows(paper, random, failure_rate))
    parts = max(1, min(parts, len(rows)))
    bounds = [len(rows) * part // parts for part in range(parts + 1)]
    return [
        put_together(
            "making-return",
            f"R{part}{paper.number}",
            paper.day,
            COLUMNS,
            rows[bounds[part - 1] : bounds[part]],
            answers=paper.number,
        )
        for part in range(1, parts + 1)
    ]


def _rows(paper: Paper, random: Random, failure_rate: float) -> Iterator[tuple[str, ...]]:
    for row in paper.rows:
        place = int(row["序号"]) - 1
        dates = (row["发卡日期"], row["卡有效期"])
        person = (row["序号"], row["社保卡号"], row["社会保障号码"], row["姓名"])
        money = (row["服务银行"], row["银行卡号"], "")
        if random.random() < failure_rate:
            yield *person, *dates, "", "", *money, "", *random.choice(FAILURES)
        else:
            serial = random.getrandbits(64)
            identifier = f"{row['发卡地区']}D156000005{serial:016X}"
            reset = f"0081544C4486{row['发卡地区'][:4]}{random.getrandbits(40):010X}"
            yield (
                *person,
                *dates,
                identifier,
                reset,
                *money,
                f"{place // BOX + 1:03d}-{place % BOX + 1:03d}",
                "",
                "",
            )


def step(
    base: Path, *, seed: int = 0, failure_rate: float = 0.005, parts: int = 1, only: str = "*.txt"
) -> int:
    """Answer what lies there for the maker (`only` names one making file); returns how many."""

    def consignments(name: str, content: bytes) -> list[tuple[str, bytes]]:
        files = answers(content, seed=seed, failure_rate=failure_rate, parts=parts)
        return [(f"return-{part}-{name}", file) for part, file in enumerate(files, start=1)]

    return answer_all(base, "maker", consignments, only=only)
