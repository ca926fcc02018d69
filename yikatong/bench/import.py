# ruff: noqa: N999 - the command is `./yk bench import`
"""A list of people from the upload to its being taken in, beside a bare read of the same workbook in the same run.

Goal (issue 3): judged in at most three times what python-calamine needs to read the file and give its cells. A list is
half known people, a quarter with another address, a fifth new, and one in twenty with a slip in the number.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median

from xlsxwriter import Workbook

from yikatong.basics.refused import Refused
from yikatong.basics.regions import counties_of
from yikatong.bench import _ground as ground
from yikatong.bench import load
from yikatong.bench._report import console, percentile, table, timed
from yikatong.office import clock, jobs
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.scope import Scope
from yikatong.residents import services, tasks
from yikatong.residents.lists import ListRow, one_list
from yikatong.residents.rules import Trust
from yikatong.simulation.people import Crowd

CITY = Scope(ground.CITY)
MAKER, CHECKER = Actor("staff:1", "desk", ground.CITY), Actor("staff:2", "reviewer", ground.CITY)
TIMES = 3
CLERKS, SECONDS = 4, 12
HEADINGS = (
    *("序号", "证件类型", "证件号码", "姓名", "性别", "出生日期"),
    *("民族", "居住地区划", "联系地址", "联系电话", "单位名称", "备注"),
)
BARE = """
import resource, sys, time
from python_calamine import CalamineWorkbook
begun = time.perf_counter()
rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
print(time.perf_counter() - begun, len(rows), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def run(arguments: list[str]) -> None:
    """`./yk bench import [--rows N] [--pages]` (200,000 rows by default; `--pages` also measures pages meanwhile)"""
    count = int(arguments[arguments.index("--rows") + 1]) if "--rows" in arguments else 200_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        console.print(f"writing a workbook of {count:,} rows and {len(HEADINGS)} columns …")
        _write(path, count)
        _alone(path, count)
        if "--pages" in arguments:
            _beside_pages(path.read_bytes())


def _write(path: Path, count: int) -> None:
    counties = tuple(county.code for county in counties_of(ground.CITY))
    crowd, random = Crowd(Random(1), ground.CITY, counties, date(2025, 3, 3)), Random(2)
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, HEADINGS)
        for line, person in enumerate(crowd.people(count), start=1):
            number, address = person.number, ""
            kind = random.random()
            if kind < 0.05:
                number = number[:16] + str((int(number[16]) + 2) % 10) + number[17]
            elif kind < 0.30:
                address = f"人民路街道{random.randrange(900)}号"
            sex = "男" if person.sex == "1" else "女"
            born = f"{person.birth_on:%Y%m%d}"
            cells = (
                line,
                "居民身份证",
                number,
                person.name,
                sex,
                born,
                "",
                person.region,
                address,
                person.phone,
            )
            sheet.write_row(line, 0, (*cells, "某某学校", "新生"))


def _alone(path: Path, count: int) -> None:
    ground.empty()
    ground.people(count * 4 // 5)
    content = path.read_bytes()
    bare, memory, peak = [], 0.0, 0.0
    steps: dict[str, list[float]] = {"upload": [], "judge": []}
    with clock.fixed(ground.START + timedelta(hours=1)):
        for turn in range(TIMES):
            seconds, memory = _bare(path, count)
            bare.append(seconds)
            _forget_peak()
            took, row = timed(lambda: _uploaded(content))
            steps["upload"].append(took)
            took, _ = timed(lambda: tasks.judge(row.id))  # noqa: B023 - called at once
            steps["judge"].append(took)
            peak = _peak()
            judged = _now(row)
            if turn < TIMES - 1:
                with open_act(MAKER, door=Door.TASK) as act:
                    services.withdraw_list(act, row.id, scope=CITY)
        with open_act(CHECKER, door=Door.TASK) as act:
            services.approve_list(act, judged.id, judgement=judged.judgement, scope=CITY)
        taken, _ = timed(lambda: tasks.take_in(judged.id))
    both = [up + judge for up, judge in zip(steps["upload"], steps["judge"], strict=True)]
    _report(count, len(content), bare, steps, both, taken)
    print(f"judged: {judged.counts}; state now: {_now(judged).state.code}")
    print(f"upload to judged / bare read: {median(both) / median(bare):.2f} (goal: at most 3)")
    print(
        f"peak memory while judged, without the hands that weigh: {peak:,.0f} MiB; of a bare read: {memory:,.0f}"
    )


def _report(
    count: int, size: int, bare: list[float], steps: dict[str, list[float]], both: list[float], taken: float
) -> None:
    rows = [
        (
            name,
            f"{median(times):.2f}",
            " ".join(f"{each:.2f}" for each in times),
            f"{count / median(times):,.0f}",
        )
        for name, times in {
            "bare read by python-calamine": bare,
            "upload (digest, seal, store)": steps["upload"],
            "judge (read, cells, base)": steps["judge"],
            "upload to judged": both,
            "take in, once approved": [taken],
        }.items()
    ]
    title = f"import: {count:,} rows of {len(HEADINGS)} columns, {size / 1024 / 1024:.1f} MiB"
    table(title, ("step", "median s", "each s", "rows/s"), rows)


def _bare(path: Path, count: int) -> tuple[float, float]:
    """Seconds of a bare read in a process of its own, and its peak memory in MiB."""
    said = subprocess.run(
        [sys.executable, "-c", BARE, path], check=True, capture_output=True, text=True
    ).stdout
    seconds, rows, peak = said.split()
    if int(rows) != count + 1:
        raise SystemExit(f"the bare read gave {rows} rows")
    return float(seconds), int(peak) / 1024


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """Peak memory in MiB since it was last forgotten (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _uploaded(content: bytes) -> ListRow:
    with open_act(MAKER, door=Door.TASK) as act:
        row = services.upload_list(
            act,
            name="list.xlsx",
            content=content,
            source="bench",
            trust=Trust.PROVINCE,
            only_good=True,
            scope=CITY,
        )
        jobs.poke(tasks.work_lists)
    if isinstance(row, Refused):
        raise SystemExit(row.en)
    return row


def _now(row: ListRow) -> ListRow:
    found = one_list(row.id, CITY)
    assert found is not None
    return found


# --- pages meanwhile ----------------------------------------------------------------------------------------------


def _beside_pages(content: bytes) -> None:
    """A light load of pages, alone and while the jobs' worker judges the list."""
    rows = []
    for name in ("pages alone", "pages while a list is judged"):
        plan = load.prepared(CLERKS)
        begun: list[ListRow] = []

        def upload(begun: list[ListRow] = begun) -> None:
            begun.append(_uploaded(content))
            _wait_until_judging(begun[0])

        with load.serving(plan) as company:
            wanted = {**plan, "warm": load.WARM, "seconds": SECONDS}
            result, _ = load.ask(wanted, company, upload if "judged" in name else None)
            state = _now(begun[0]) if begun else None
        times = [took for _, took in result["times"]]
        rows.append(
            (
                name,
                len(times),
                *(f"{percentile(times, share) * 1000:.0f}" for share in (0.5, 0.95)),
                sum(result["wrong"].values()),
                f"{state.state.code}, {state.percent} %" if state else "—",
            )
        )
    heads = ("", "answers", "p50 ms", "p95 ms", "wrong", "list at the end")
    table(f"{CLERKS} clerks for {SECONDS} s", heads, rows)


def _wait_until_judging(row: ListRow) -> None:
    for _ in range(600):
        if _now(row).state.code == "judging":
            return
        time.sleep(0.1)
    raise SystemExit("nobody began to judge the list")
