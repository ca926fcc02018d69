"""One crash run: a small city pays, processes are killed at every kind of moment, and in the end the laws hold."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from django.conf import settings
from django.db import connection, connections

from yikatong.bench._crash_actors import Scene, bring, window, worker
from yikatong.bench._crash_bank import Banks
from yikatong.bench._crash_fuse import SERVER, VICTIMS, Board, Charge, Fuse, note
from yikatong.bench._crash_laws import broken
from yikatong.bench._crash_server import Server, kill_server
from yikatong.bench._crash_town import Holder, envelopes
from yikatong.benefits.tasks import counterparts, judge_waiting, take_answers
from yikatong.office import clock, post, rulebook, sealing
from yikatong.setup.tether import tether

ROLES: dict[str, Callable[[Scene, int], None]] = {"window": window, "worker": worker}
LONGEST = 600.0
"""Seconds after which a run that has not come to its end is a defect: somebody's money is stuck."""
POINTS = (500, 1000)
"""About how many points a window and a worker pass in a run without kills."""


@dataclass
class Told:
    """What happened in a run: who was killed at which point, the points passed, how long the server took to come up."""

    seed: int
    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    points: list[int] = field(default_factory=list)
    payments: int = 0
    files: int = 0
    seconds: float = 0.0
    defects: list[str] = field(default_factory=list)


class _Play:
    """The processes of one run, and what is to become of them."""

    def __init__(self, server: Server, people: list[Holder], seed: int, *, calm: bool) -> None:
        self.server, self.random, self.told = server, Random(f"kills {seed}"), Told(seed)
        self.board = Board()
        folder = server.folder / "run"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        settings.WIRES_FOLDER, settings.JOURNAL_HEAD = folder / "wires", folder / "journal-head.txt"
        self.scene = Scene(seed, envelopes(people, seed), time.monotonic(), folder / "notes.txt")
        self.banks = Banks(seed, settings.WIRES_FOLDER)
        self.charges = {
            role: [] if calm else self._charges(points) for role, points in zip(ROLES, POINTS, strict=True)
        }
        self.strokes = [] if calm else self._strokes()
        self.lives = dict.fromkeys(ROLES, 0)
        self.running: dict[str, int] = {}

    def _charges(self, points: int) -> list[Charge]:
        """For each life of a process how it is to end, if it comes so far."""
        count = self.random.choice((0, 1, 1, 2, 3))
        return [
            Charge(self.random.randint(1, points), self.random.choices(VICTIMS, (6, 1, 1))[0])
            for _ in range(count)
        ]

    def _strokes(self) -> list[tuple[float, str]]:
        """Kills at any time whatever: in the middle of a statement, of a COPY, of nothing."""
        count = self.random.choice((0, 0, 1, 1, 2))
        return sorted(
            (self.random.uniform(0.05, 2.0), self.random.choice(("window", "worker", "postmaster", "server")))
            for _ in range(count)
        )

    # --- processes --------------------------------------------------------------------------------------------

    def start(self, role: str) -> None:
        life = self.lives[role]
        self.lives[role] += 1
        charges = self.charges[role]
        charge = charges[life] if life < len(charges) else Charge()
        self.board.write(SERVER, self.server.pid)
        tie = tether(signal.SIGKILL)
        child = os.fork()
        if child:
            self.running[role] = child
            return
        try:
            self.server.let_go()
            if tie is not None:
                tie()
            logging.getLogger().handlers.clear()
            Fuse(charge, self.board, list(ROLES).index(role), self.scene.notes).lay()
            ROLES[role](self.scene, life)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - told to who started it
            note(self.scene.notes, f"defect|{role}: {traceback.format_exc()!r}")
            os._exit(1)

    def look(self) -> bool:
        """See who died, and start it anew; whether the window has come to its end."""
        for role, child in list(self.running.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            if not ended:
                continue
            del self.running[role]
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
                self.start(role)
            elif status:
                self.told.defects.append(f"the {role} ended by itself: {status}")
        if not self.server.alive():
            self.server.revive()
            self.board.write(SERVER, self.server.pid)
        while self.strokes and time.monotonic() - self.scene.begun > self.strokes[0][0]:
            self._strike(self.strokes.pop(0)[1])
        return "window" not in self.running

    def _strike(self, victim: str) -> None:
        note(self.scene.notes, f"{victim}|at any time")
        if victim in self.running:
            os.kill(self.running[victim], signal.SIGKILL)
        elif victim not in ROLES:
            kill_server(self.server.pid, whole=victim == "server")

    def end(self) -> None:
        for child in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        self.running = {}
        self.server.steady()


def run(server: Server, people: list[Holder], seed: int, *, calm: bool = False) -> Told:
    """One run. `calm`: nobody is killed."""
    begun = time.perf_counter()
    connections.close_all()
    server.fresh()
    play = _Play(server, people, seed, calm=calm)
    for role in ROLES:
        play.start(role)
    try:
        _play_out(play)
    finally:
        play.end()
    _judge(play)
    play.told.seconds = time.perf_counter() - begun
    return play.told


def warm_up(server: Server, people: list[Holder]) -> None:
    """Do once in this process what every one forked off it will do, so that each need not load and compile it anew."""
    connections.close_all()
    server.fresh()
    scene = Scene(0, envelopes(people, 0), time.monotonic(), server.folder / "notes.txt")
    with clock.fixed(scene.now()):
        bring(scene)
        judge_waiting()
    connections.close_all()


def _play_out(play: _Play) -> None:
    """Until the window has nothing more to do and the banks have nothing more to say."""
    until = time.monotonic() + LONGEST
    while not play.told.defects:
        done = play.look()
        play.banks.look(play.scene.now())
        if done and play.banks.idle:
            return
        if time.monotonic() > until:
            play.told.defects.append("it does not come to its end")
        if any(line.startswith("defect|") for line in _notes(play)):
            return
        time.sleep(0.01)


def _judge(play: _Play) -> None:
    sealing.forget()
    rulebook.forget()
    clock.offset.cache_clear()
    told = play.told
    for line in _notes(play):
        victim, _, where = line.partition("|")
        if victim == "defect":
            told.defects.append(where)
        else:
            told.kills[(victim, where)] += 1
    if told.defects:
        return  # it did not come to its end, and the laws speak of ends
    told.points = [play.board.read(place) for place in range(len(ROLES))]
    try:
        with clock.fixed(play.scene.now()):
            post.send_files()
            post.collect_files(list(counterparts()))
            take_answers()
            told.defects += broken(play.scene.envelopes, play.banks)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), (SELECT count(*) FROM benefits_bankfile) FROM benefits_payment")
            told.payments, told.files = cursor.fetchone()
    finally:
        connection.close()


def _notes(play: _Play) -> list[str]:
    return play.scene.notes.read_text().splitlines() if play.scene.notes.exists() else []
