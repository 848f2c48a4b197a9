"""A mail server's part: messages are handed over by SMTP to the door that takes them."""

import asyncio
import smtplib
from collections.abc import Callable
from concurrent.futures import Future
from email.message import EmailMessage
from queue import Queue
from threading import Thread
from typing import Any

from skola.promises.intake.api import serving

SECONDS = 60


def hand_over(raw: bytes, *to: str, sender: str = "bounces@example.net") -> None:
    """Hand a message over as a mail server does. Raises what ``smtplib`` says of refusals.

    The door listens in a thread of its own; what asks the database is done in this one, so that it
    belongs to the transaction of the test.
    """
    asked: Queue[tuple[Callable[[], Any], Future[Any]] | None] = Queue()
    problems: list[BaseException] = []

    async def work(act: Callable[[], Any]) -> Any:
        answer: Future[Any] = Future()
        asked.put((act, answer))
        return await asyncio.wrap_future(answer)

    def post(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=SECONDS) as server:
            server.sendmail(sender, list(to), raw)

    async def whole() -> None:
        async with serving("127.0.0.1", 0, work=work) as port:
            await asyncio.to_thread(post, port)

    def listen() -> None:
        try:
            asyncio.run(whole())
        except BaseException as problem:
            problems.append(problem)
        finally:
            asked.put(None)

    thread = Thread(target=listen)
    thread.start()
    while (one := asked.get(timeout=SECONDS)) is not None:
        act, answer = one
        try:
            answer.set_result(act())
        except Exception as problem:
            answer.set_exception(problem)
    thread.join(SECONDS)
    for one_of_them in problems:
        raise one_of_them


def letter(sender: str, subject: str, text: str, *, number: str = "", **headers: str) -> bytes:
    """A message as a mail program writes it."""
    made = EmailMessage()
    made["From"], made["Subject"] = sender, subject
    made["To"] = "somebody@example.com"
    made["Message-ID"] = f"<{number or hash((sender, subject, text))}@example.com>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return bytes(made)
