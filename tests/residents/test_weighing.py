"""Rows weighed by several processes come to the same as by one, and no process outlives the one it works for."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.residents.lists import GOOD, HEAD, LIMITS, TODAY, counts, judged, text_file, workbook
from tests.residents.people import ADULT, number_of, registered
from tests.residents.test_sheets import with_sheet
from yikatong.basics.hands import LARGE, hands_for
from yikatong.basics.refused import Refused
from yikatong.residents import tasks
from yikatong.residents.headings import Columns
from yikatong.residents.models import ImportRow
from yikatong.residents.roster import Judge, find_columns
from yikatong.residents.weighing import Scales, Weigh, weighing

HEADS = [*HEAD.split(","), "证件类型", "性别", "出生日期", "备注"]
COLUMNS = find_columns(HEADS)
assert isinstance(COLUMNS, Columns)
SCALES = Scales(7, LIMITS, TODAY, "610400", b"k" * 16, 5_000)
_SAID = {
    0: st.sampled_from(
        [ADULT, number_of(3), f"'{ADULT}", f"{ADULT[:-1]}2", "6.1E+17", "E12345678", "=1", ""]
    ),
    1: st.sampled_from(["林小满", "阿依古丽·买买提", "John Smith", "林3满", "\\N", "=1+1", ""]),
    2: st.sampled_from(["610402", "610481", "140902", "6104", "-610402", ""]),
    3: st.sampled_from(["13800000001", "+8613800000001", "138", ""]),
    4: st.sampled_from(["秦都区", "a\\tb", "一\t二", "=A1", "区" * 121, " 渭城区 ", ""]),
    5: st.sampled_from(["01", "1", "99x", ""]),
    6: st.sampled_from(["居民身份证", "护照", "血型卡", ""]),
    7: st.sampled_from(["男", "女", "2", "雄", ""]),
    8: st.sampled_from(["19900307", "1990-03-07", "19910101", "三月", ""]),
    9: st.text(max_size=4),
}
CELLS = st.tuples(*(each | st.text(max_size=6) for each in _SAID.values())).map(list)
TABLES = st.lists(CELLS | st.lists(st.text(max_size=3), max_size=12), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def two() -> Iterator[Weigh]:
    with weighing(2) as weigh:
        yield weigh


@given(TABLES)
def test_a_slice_judged_by_columns_comes_to_what_row_by_row_comes_to(table: list[list[str]]):
    assert isinstance(COLUMNS, Columns)
    rows = list(enumerate(table, start=2))
    judge = Judge(COLUMNS, TODAY)
    by_row = [(line, found) for line, cells in rows if (found := judge.judge(line, cells)) is not None]
    assert Judge(COLUMNS, TODAY).judge_all(rows) == by_row


def csv_file(table: list[list[str]]) -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held).writerows(table)
    return held.getvalue().encode("utf-8", "replace")


def weighed(weigh: Weigh, content: bytes, size: int = 5_000) -> tuple[Any, list[Any]]:
    opened, slices = weigh(content, replace(SCALES, slice=size))
    return opened, list(slices)


@settings(max_examples=50)
@given(TABLES, st.integers(1, 7))
def test_several_hands_weigh_as_one_does(two: Weigh, table: list[list[str]], size: int):
    content = csv_file([HEADS, *table])
    with weighing(1) as alone:
        expected = weighed(alone, content, size)
    assert weighed(two, content, size) == expected


@settings(max_examples=20)
@given(st.lists(CELLS, max_size=8), st.integers(1, 4))
def test_any_workbook_is_weighed_alike(two: Weigh, table: list[list[str]], size: int):
    printable = [[cell for cell in row if cell.isprintable()] for row in table]
    content = workbook([HEADS, *printable])
    with weighing(1) as alone:
        assert weighed(two, content, size) == weighed(alone, content, size)


@pytest.mark.parametrize("content", [b"PK\x03\x04", text_file(head="血型"), b"\xff\xfe"])
def test_what_cannot_be_read_is_refused_by_several_as_by_one(two: Weigh, content: bytes):
    with weighing(1) as alone:
        refused, nothing = weighed(alone, content)
    assert isinstance(refused, Refused) and nothing == []
    assert weighed(two, content) == (refused, [])
    assert weighed(two, text_file(*GOOD))[0].rows == len(GOOD), "the next list is read by the same hands"


def test_a_table_that_no_memory_holds_is_refused_whoever_reads_it_already():
    immense = with_sheet((b'r="A2"', b'r="XFD1048576"'))
    for hands in (1, 2):
        with weighing(hands) as weigh:
            refused, nothing = weighed(weigh, immense)
        assert (refused.code, nothing) == ("file.far_cell", [])


@pytest.mark.django_db
@pytest.mark.usefixtures("centre")
def test_a_list_judged_by_several_comes_to_the_same_rows(monkeypatch: pytest.MonkeyPatch):
    registered(number=number_of(0), address="渭城区")
    wrong = (
        f"{ADULT[:-1]}2,林小满,610402,,,",
        f"{ADULT},周兰,140902,,,",
        f"{number_of(5)},周兰,610402,,a\\tb\\,",
    )
    pictures: list[Any] = []
    for hands in (1, 2):
        monkeypatch.setattr("yikatong.residents.services.judging.SLICE", 2)
        monkeypatch.setattr(tasks, "weighing", partial(_of, hands))
        row = judged(content=text_file(*GOOD, *wrong, *[""] * hands))  # not the same file twice
        stood = ImportRow.objects.filter(import_list=row.id).order_by("line").values()
        pictures.append(([{**each, "import_list_id": 0} for each in stood], row.counts, row.passed_over))
        assert counts(row) == {"new": 4, "changed": 1, "cells": 1, "outside": 1}
    assert pictures[0] == pictures[1]
    assert ImportRow.objects.filter(address="a\\tb\\").count() == 2


def _of(hands: int, _: int) -> Any:
    return weighing(hands)


def test_only_a_large_file_is_shared_out():
    assert hands_for(LARGE - 1) == 1 and 1 <= hands_for(LARGE) <= 4


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux who is whose child")
def test_a_hand_that_dies_is_a_broken_promise_and_no_lost_row():
    before = set(_children(os.getpid()))
    with weighing(2) as weigh:
        _, slices = weigh(text_file(*GOOD * 9), replace(SCALES, slice=1))
        next(slices)
        for child in set(_children(os.getpid())) - before:
            os.kill(child, signal.SIGKILL)
        with pytest.raises(ChildProcessError):
            list(slices)


def _children(of: int) -> list[int]:
    """The processes that weigh for this one."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            command = (place / "cmdline").read_text()
        except OSError:
            continue
        if parent == of and "spawn_main" in command:
            found.append(int(place.name))
    return found


WAITING = """
import time
from yikatong.residents.weighing import weighing
if __name__ == "__main__":
    with weighing(2) as weigh:
        print("ready", flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux who is whose child")
def test_the_hands_end_with_a_process_that_is_killed(tmp_path: Path):
    script = tmp_path / "waiting.py"
    script.write_text(WAITING)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        for _ in range(300):  # one that was just started has the name of who started it for a moment
            if len(children := _children(process.pid)) == 2:
                break
            time.sleep(0.1)
        process.kill()
    assert len(children) == 2
    for _ in range(300):
        if not any(Path(f"/proc/{child}").exists() for child in children):
            return
        time.sleep(0.1)
    raise AssertionError("a process that weighed rows outlived the one it worked for")
