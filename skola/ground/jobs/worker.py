"""The worker: takes jobs as they come, and comes back when the database was away."""

import asyncio
import logging
import time

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connections
from procrastinate import exceptions, periodic
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from skola.ground.jobs import actions, pulse

log = logging.getLogger("skola.jobs")

CONCURRENCY = 2
LONGEST_PAUSE = 30.0


def worker(*, until_idle: bool = False, concurrency: int = CONCURRENCY) -> None:
    """Do jobs until told to stop (SIGINT, SIGTERM), or with ``until_idle`` until none is left.

    What is registered by ``every_second`` is done beside them, or once at the end. Stopping waits
    for the jobs under way, at most half a minute. Enqueueing inside of a job stays in Django's
    transaction: only the worker's own bookkeeping has a connection of its own.
    """
    pause = 1.0
    while True:
        try:
            actions.reap()
            close_old_connections()
            if until_idle:
                _run(until_idle, concurrency)
                pulse.beat()
            else:
                with pulse.beating():
                    _run(until_idle, concurrency)
            return
        except (exceptions.ConnectorException, DatabaseError) as problem:
            if until_idle:
                raise
            log.warning(
                "The database does not answer (%s); trying again in %.0f s.", problem, pause
            )
            connections.close_all()
            time.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)


def _run(until_idle: bool, concurrency: int) -> None:
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    served = app.with_connector(connector.get_worker_connector())
    if until_idle:
        served.periodic_registry = periodic.PeriodicRegistry()  # type: ignore[no-untyped-call]  # a run that ends begins no rounds

    async def serve() -> None:
        try:
            async with served.open_async():
                await served.run_worker_async(
                    concurrency=1 if until_idle else concurrency,  # one sees what the other adds
                    wait=not until_idle,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=30,
                    fetch_job_polling_interval=2,
                    install_signal_handlers=not until_idle,
                    listen_notify=not until_idle,
                )
        finally:
            await sync_to_async(connections.close_all)()  # of the thread that enqueues the rounds

    asyncio.run(serve())
