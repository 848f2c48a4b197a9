"""What is done every second in each worker, for each tenant: too often to be queued as jobs."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from skola.ground.jobs.registry import Work
from skola.ground.tenants.api import every as every_tenant
from skola.ground.tenants.api import inside

log = logging.getLogger("skola.jobs")

SECONDS = 1.0
LONGEST_PAUSE = 60.0

_beats: list[Work] = []


def every_second(work: Work) -> Work:
    """Let ``work``, which takes no values, run every second as each tenant, in every worker.

    It costs next to nothing where there is nothing to do, and bears another worker beside it.
    """
    _beats.append(work)
    return work


def beat() -> bool:
    """Do all of it once; return whether all went well. What goes wrong stops nothing else."""
    well = True
    for tenant in every_tenant():
        with inside(tenant.pk):
            for work in _beats:
                try:
                    work()
                except Exception:
                    log.exception("%s failed for %s.", work.__qualname__, tenant.slug)
                    well = False
    return well


@contextmanager
def beating() -> Iterator[None]:
    """Beat in a thread of its own while the block runs; slower after failures."""
    stop = threading.Event()
    thread = threading.Thread(target=_beat_until, args=[stop], name="pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)


def _beat_until(stop: threading.Event) -> None:
    pause = SECONDS
    while not stop.wait(pause):
        try:
            well = beat()
        except Exception:
            log.exception("The pulse failed.")
            well = False
        finally:
            connections.close_all()
        pause = SECONDS if well else min(LONGEST_PAUSE, pause * 2)
