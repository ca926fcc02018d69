"""Timed and background work, behind this one file (procrastinate, queued in the caller's own transaction).

State lives in our tables; a job only says "look here", so running it twice is harmless. After a kill -9 its jobs
stay `doing`; our reaper puts them back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

Work = Callable[[], object]
SILENT_AFTER = 30  # seconds without a heartbeat before a worker counts as dead


def task(name: str, *, every: str, alone: bool = True) -> Callable[[Work], Task[Any, Any, Any]]:
    """Register one piece of timed work: `every` is a cron line (six fields, seconds last).

    It also can be asked for at once by `poke`. The work takes no arguments and returns nothing that matters.
    `alone` keeps a second run waiting while one is under way, also while a killed one has not been put back.
    """

    def register(work: Work) -> Task[Any, Any, Any]:
        def run(timestamp: int = 0) -> None:
            close_old_connections()
            try:
                work()
            finally:
                close_old_connections()

        run.__doc__ = work.__doc__
        made = app.task(name=name, queueing_lock=name, lock=name if alone else None)(run)
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
    # A connector of its own: the app's may be serving a worker in another thread.
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    await connector.open_async()
    try:
        manager = JobManager(connector)
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_AFTER))
        for job in stalled:
            await _put_back(manager, job)
    finally:
        await connector.close_async()
    return len(stalled)


async def _put_back(manager: JobManager, job: Job) -> None:
    try:
        await manager.retry_job(job)
    except exceptions.UniqueViolation:
        # The same work has been asked for again since; that job does what this one left, once this one is gone.
        if job.id is not None:
            await manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)


def run_worker() -> None:
    """Work until told to stop (SIGINT or SIGTERM)."""
    reap()
    app.with_connector(app.connector.get_worker_connector()).run_worker(  # type: ignore[attr-defined]
        concurrency=1, delete_jobs="successful"
    )
