"""A door for the mail server: it hands messages over by SMTP, and hears what became of them.

It stands behind a mail server and listens on this machine only: it asks nobody for a password and
relays nothing. A message is taken when it is stored, so the mail server can forget it; what fails
for a moment is asked for again.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error, connections

from skola.ground import clock
from skola.promises.intake.actions import deliver, is_sender, tenant_at
from skola.promises.intake.rules import LARGEST

log = logging.getLogger("skola.mail")
T = TypeVar("T")
Work = Callable[[Callable[[], Any]], Awaitable[Any]]
NOBODY = "550 5.1.1 Nobody has this address here"
LATER = "451 4.3.0 Not now; try again"
TAKEN = "250 2.0.0 Taken"


class Door:
    """What is answered to the mail server. ``work`` carries out what asks the database."""

    def __init__(self, work: Work) -> None:
        self.work = work

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Is the address somebody's here? It is the same answer for every sender.

        At the address that mails go out from nothing is taken but what comes back.
        """
        try:
            tenant = await self.work(lambda: tenant_at(address, now=clock.now()))
        except Error:
            log.exception("The address could not be looked up.")
            return LATER
        if tenant is None and not is_sender(address):
            return NOBODY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message; only when it is stored, say so."""
        raw, to = envelope.content, list(envelope.rcpt_tos)
        assert isinstance(raw, bytes)
        try:
            fates = await self.work(lambda: deliver(raw, to, now=clock.now()))
        except Exception:
            log.exception("A message could not be taken; the mail server tries again.")
            return LATER
        return TAKEN if any(fates.values()) else NOBODY


@contextlib.asynccontextmanager
async def serving(host: str, port: int, *, work: Work | None = None) -> AsyncIterator[int]:
    """Listen while the block runs; yields the port, which the system chooses where it is 0."""
    pool = ThreadPoolExecutor(1, "mail") if work is None else None
    door = Door(work or _in_thread(pool))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(door, data_size_limit=LARGEST, enable_SMTPUTF8=True, ident="Skola"),
        host,
        port,
    )
    try:
        async with server:
            yield server.sockets[0].getsockname()[1]
    finally:
        if pool is not None:
            pool.shutdown()


def _in_thread(pool: ThreadPoolExecutor | None) -> Work:
    """Work that asks the database, in a thread of its own, one piece after the other."""

    def whole(act: Callable[[], T]) -> T:
        try:
            return act()
        finally:
            connections.close_all()

    async def work(act: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(pool, whole, act)

    return work
