"""Timed and background work, behind this one file (procrastinate, queued in the caller's own transaction).

State lives in our tables; a job only says "look here", so running it twice is harmless. After a kill -9 its jobs
stay `doing`; our reaper puts them back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import close_old_connections, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

Work = Callable[[], object]
SILENT_AFTER = 30  # seconds without a heartbeat before a worker counts as dead


def task(name: str, *, every: str) -> Callable[[Work], Task[Any, Any, Any]]:
    """Register one piece of timed work: `every` is a cron line (six fields, seconds last).

    It also can be asked for at once by `poke`. The work takes no arguments and returns nothing that matters.
    """

    def register(work: Work) -> Task[Any, Any, Any]:
        def run(timestamp: int = 0) -> None:
            close_old_connections()
            try:
                work()
            finally:
                close_old_connections()

        run.__doc__ = work.__doc__
        made = app.task(name=name, queueing_lock=name, lock=name)(run)
        app.periodic(cron=every)(made)
        return made

    return register


def poke(work: Task[Any, Any, Any]) -> None:
    """Ask for this work soon, in the current transaction; does nothing where it is already asked for."""
    try:
        with transaction.atomic():
            work.defer()
    except exceptions.AlreadyEnqueued:
        return


def reap() -> int:
    """Put the jobs of dead workers back into the queue; returns how many."""
    return asyncio.run(_reap())


async def _reap() -> int:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    async with app.replace_connector(connector).open_async() as live:
        stalled = list(await live.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_AFTER))
        for job in stalled:
            await live.job_manager.retry_job(job, retry_at=datetime.now(UTC))
    return len(stalled)


def run_worker() -> None:
    """Work until told to stop (SIGINT or SIGTERM)."""
    reap()
    app.with_connector(app.connector.get_worker_connector()).run_worker(  # type: ignore[attr-defined]
        concurrency=1, delete_jobs="successful"
    )
