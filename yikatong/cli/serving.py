"""The web server and the jobs' worker, run together; `demo` and `serve` both end here."""

from __future__ import annotations

import os
import sys

from yikatong.basics.refused import Refused
from yikatong.cli.speak import say, stop
from yikatong.setup.places import ROOT
from yikatong.setup.processes import Child, Company, answers, port_is_free


def web_and_worker(host: str, port: int, *, workers: int) -> list[Child]:
    """granian in WSGI mode with `workers` processes, and one worker for the jobs."""
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    granian += ["--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "4"]
    # A worker that dies is replaced; that one dies must not take the counters down.
    granian += ["--respawn-failed-workers", "--workers-kill-timeout", "10", "yikatong.wsgi:application"]
    return [
        Child("网页 web", granian),
        Child("后台任务 worker", [sys.executable, "-m", "yikatong", "worker"]),
    ]


def serve_until_stopped(host: str, port: int, *, workers: int, places: list[str]) -> None:
    """Serve until Ctrl-C or SIGTERM, then return; a part that ends by itself ends the command with exit code 1."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    # Asked again at the last moment: granian shares a port with whoever came first, without a word.
    taken = port_is_free(host, port)
    if taken is not None:
        stop(taken)
    company = Company(web_and_worker(host, port, workers=workers), {**os.environ, "PYTHONPATH": path})
    company.start()
    try:
        reachable = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - only compared
        if answers(reachable, port, within=300, unless=company.leaving):
            for place in places:
                say(f"正在运行：{place}  按 Ctrl-C 停止。", f"Running at {place}. Ctrl-C stops it.")
        ended = company.stay()
    finally:
        company.stop()
    if ended is not None:
        stop(
            Refused(
                "setup.ended",
                f"“{ended}”自己停了，其余的也已停下。原因见上面的输出。",
                f"“{ended}” ended by itself, so the rest was stopped. The output above says why.",
            )
        )
    say("已停止，数据已保存。", "Stopped; the data is kept.")
