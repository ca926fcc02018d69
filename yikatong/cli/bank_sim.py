"""`./yk bank-sim`: a bank to exchange files with, in a folder. Needs no database and no city.

Payment files laid into `in` are answered in `out`, and so are enquiries as agreed (`ask-…`). An empty file `ask-NUMBER` asks
what became of a payment file, an empty file `statement` for a statement of every account that files were paid from
(`statement-ACCOUNT`: of one), with what moved since the last. The bank remembers by what lies in `taken`: started again it knows
every file it paid.
"""

from __future__ import annotations

import math
import os
import time
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Annotated

import typer

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.values import BEIJING
from yikatong.cli.speak import say, stop

if TYPE_CHECKING:
    from yikatong.benefits.bankfiles.simulator import Bank, Delivery, Mood

OPENING_FEN = 1_000_000_000_00
"""What the payer's account holds before the first file."""


def bank_sim(
    folder: Annotated[Path, typer.Argument(help="银行的文件夹，内有 in 和 out。 The bank's folder.")],
    profile: Annotated[str, typer.Option(help="银行文件约定。 Whose agreement: common, fixed, …")] = "common",
    mood: Annotated[
        str,
        typer.Option(
            help="怎样答复：prompt、delayed、timeout、partial、repeated、reordered、truncated。 How it answers."
        ),
    ] = "prompt",
    failing: Annotated[
        int, typer.Option(help="每千笔失败数。 Failures in a thousand.", min=0, max=1000)
    ] = 20,
    unclear: Annotated[
        int, typer.Option(help="每千笔结果不明数。 Unknown in a thousand.", min=0, max=1000)
    ] = 0,
    seed: Annotated[int, typer.Option(help="随机数种子。 The seed.")] = 0,
    hour: Annotated[int, typer.Option(help="一小时演几秒。 Seconds that play an hour.", min=0)] = 1,
    ours: Annotated[
        bool,
        typer.Option("--ours", help="文件夹是本平台的（取 out、送 in）。 The folder is the house's own."),
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help="处理完即退出。 Answer what lies there and end.")
    ] = False,
) -> None:
    """演一家银行：取付款文件，给回盘和对账单。 Play a bank: take payment files, give answers and statements."""
    from yikatong.benefits.bankfiles.profiles import profiles
    from yikatong.benefits.bankfiles.simulator import Bank, Mood

    if profile not in profiles():
        stop(_unknown("profile", "银行文件约定", profile, list(profiles())), code=2)
    if mood not in list(Mood):
        stop(_unknown("mood", "答复方式", mood, list(Mood)), code=2)
    bank = Bank(profiles()[profile], failing=failing, unclear=unclear)
    counter = _Counter(folder, bank, Mood(mood), seed, hour, ours=ours)
    if once:
        counter.look()
        counter.hand_out(math.inf)
        return
    say(f"银行已开门：{folder}（Ctrl+C 关门）。", f"The bank is open: {folder} (Ctrl+C closes it).")
    try:
        while True:
            counter.look()
            counter.hand_out(time.monotonic())
            time.sleep(0.5)
    except KeyboardInterrupt:
        say("银行已关门。", "The bank is closed.")


class _Counter:
    """The bank's folders, and the answers that are still to be handed out."""

    def __init__(self, folder: Path, bank: Bank, mood: Mood, seed: int, hour: int, *, ours: bool) -> None:
        self._bank, self._mood, self._seed, self._hour = bank, mood, seed, hour
        self._in, self._out = (folder / name for name in (("out", "in") if ours else ("in", "out")))
        self._taken, self._sent = folder / "taken", folder / "sent"
        for each in (self._in, self._out, self._taken, self._sent):
            each.mkdir(parents=True, exist_ok=True)
        self._waiting: list[tuple[float, str, Delivery]] = []
        for path in sorted(self._taken.iterdir()):
            self._receive(path.name, path.read_bytes())

    def look(self) -> None:
        """Take everything that lies there, oldest first. Names that begin with a dot are still being written."""
        paths = [path for path in self._in.iterdir() if path.is_file() and not path.name.startswith(".")]
        for path in sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name)):
            word, _, about = path.name.partition("-")
            if word in ("ask", "statement"):
                self._tell(word, about.partition(".")[0], path.read_bytes())
                path.unlink()
                continue
            kept = f"{_today():%Y%m%d}-{len(list(self._taken.iterdir())) + 1:06d}-{path.name}"
            path.replace(self._taken / kept)
            self._receive(kept, (self._taken / kept).read_bytes())
            say(f"收到 {path.name}。", f"Took {path.name}.")

    def hand_out(self, now: float) -> None:
        """Lay down every answer whose time has come and that was not laid down before."""
        due = sorted((each for each in self._waiting if each[0] <= now), key=lambda each: each[:2])
        self._waiting = [each for each in self._waiting if each[0] > now]
        for _, mark, delivery in due:
            if not (self._sent / mark).exists():
                self._lay(delivery.name, delivery.content)
                (self._sent / mark).touch()

    def _receive(self, kept: str, content: bytes) -> None:
        """Let the bank decide about a file under the name it is kept by: its day, its place in the row, its own name."""
        on, place = date.fromisoformat(kept[:8]), kept[9:15]
        random = Random(f"{self._seed} {sm3(content).hex()}")  # noqa: S311 - a played bank pays the same every time
        for each in self._bank.receive(content, on, random, self._mood).deliveries:
            due = time.monotonic() + each.after.total_seconds() * self._hour / 3600
            self._waiting.append((due, f"{place}-{each.name}", each))

    def _tell(self, word: str, about: str, content: bytes) -> None:
        if word == "statement":
            for account in [about] if about else self._bank.accounts():
                self._state(account)
            return
        answered = self._bank.told(content, _today()) if content else None
        told = answered[1] if answered else self._bank.enquire(about)
        self._lay(f"{about}-never-came" if told is None else f"{about}-enquiry", told or b"")

    def _state(self, account: str) -> None:
        """Give a statement of what moved since the last one; `sent` remembers how far that went."""
        before = sorted(path.name for path in self._sent.glob(f"statement-{account}-*"))
        after = int(before[-1].rpartition("-")[2]) if before else 0
        place = len(before) + 1
        content = self._bank.statement(account, _today(), OPENING_FEN, after=after, place=place)
        self._lay(f"statement-{account}-{place:04d}", content)
        (self._sent / f"statement-{account}-{place:04d}-{self._bank.movements(account)}").touch()

    def _lay(self, name: str, content: bytes) -> None:
        aside = self._out / f".{name}.part"
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._out / name)
        say(f"送出 {name}。", f"Gave {name}.")


def _today() -> date:
    return datetime.now(BEIJING).date()


def _unknown(what: str, zh: str, said: str, known: list[str]) -> Refused:
    names = "、".join(known)
    return Refused(
        f"bank_sim.{what}", f"没有{zh}“{said}”，可用：{names}。", f"No {what} {said}; there are {names}."
    )
