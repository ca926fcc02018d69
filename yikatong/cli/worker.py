"""`./yk worker`: the jobs' worker alone; `demo` and `serve` start one by themselves."""

from __future__ import annotations

from yikatong.cli.environment import house


def worker() -> None:
    """只运行后台任务。 Run the background jobs only."""
    with house():
        from yikatong.office.jobs import run_worker

        run_worker()
