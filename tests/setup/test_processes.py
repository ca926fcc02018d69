"""Processes that are started together end together, whichever way it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from yikatong.basics.refused import Refused
from yikatong.setup.places import ROOT
from yikatong.setup.processes import answers, port_is_free

COMPANY = textwrap.dedent("""
    import os, sys
    from yikatong.setup.processes import Child, Company
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    second = [sys.executable, "-c", {second!r}]
    company = Company([Child("first", sleeper), Child("second", second)], os.environ)
    company.start()
    print(*(process.pid for _, process in company.running), flush=True)
    print(company.stay(), flush=True)
""")


def company(second: str = "import time; time.sleep(600)") -> tuple[subprocess.Popen[str], list[int]]:
    script = COMPANY.format(second=second)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    return process, [int(number) for number in process.stdout.readline().split()]


def gone(numbers: list[int], within: float = 10) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        left = [
            n for n in numbers if psutil.pid_exists(n) and psutil.Process(n).status() != psutil.STATUS_ZOMBIE
        ]
        if not left:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_of_them_cleanly(asked):
    process, children = company()
    process.send_signal(asked)
    said, _ = process.communicate(timeout=20)
    assert said.strip() == "None"
    assert process.returncode == 0
    assert gone(children, 1)


def test_when_one_ends_by_itself_the_others_are_stopped_and_it_is_named():
    process, children = company(second="pass")
    said, _ = process.communicate(timeout=20)
    assert said.strip() == "second"
    assert gone(children, 1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ties children to their parent")
def test_when_the_parent_is_killed_its_children_go_too():
    process, children = company()
    process.kill()
    process.communicate(timeout=20)
    assert gone(children)


def test_a_child_that_does_not_listen_is_killed_on_the_second_signal():
    process, children = company(
        second="import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"
    )
    time.sleep(0.5)  # until it has stopped listening
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert gone(children, 1)


def test_a_taken_port_is_named_with_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        refused = port_is_free("127.0.0.1", port)
        assert isinstance(refused, Refused)
        assert str(port) in refused.zh
        assert f"--port {port + 1}" in refused.zh
        assert answers("127.0.0.1", port, within=1)
    assert port_is_free("127.0.0.1", port) is None
    assert not answers("127.0.0.1", port, within=0.2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every port")
def test_a_port_we_may_not_open_is_refused():
    assert isinstance(port_is_free("127.0.0.1", 1), Refused)
