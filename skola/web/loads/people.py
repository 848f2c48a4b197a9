"""People who click: each on a connection of their own, with a pause between one page and the next.

Films arrive the same way; see ``films``.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from random import Random

PAUSE = (2.0, 8.0)
"""Seconds between two clicks of one person, five on average: twenty people open 240 pages a minute,
and read little of them."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in at a host, and the addresses that they open, one by one."""

    host: str
    cookie: str
    pages: Sequence[str]


class NotThereError(Exception):
    """A page did not answer as it does to who may see it."""


def visit(port: int, visitors: Sequence[Visitor], *, pause: tuple[float, float]) -> list[float]:
    """Let all visit their pages at once; return how many seconds each page took to the last byte.

    Raises NotThereError.
    """
    with ThreadPoolExecutor(len(visitors)) as threads:
        begun = [
            threads.submit(_read, port, one, Random(number), pause)  # noqa: S311  # the same every time
            for number, one in enumerate(visitors)
        ]
        return [took for one in begun for took in one.result()]


def _read(port: int, one: Visitor, chance: Random, pause: tuple[float, float]) -> list[float]:
    headers = {"Host": f"{one.host}:{port}", "Cookie": one.cookie}
    took = []
    time.sleep(chance.uniform(0, pause[1]))
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for page in one.pages:
            begun = time.perf_counter()
            connection.request("GET", page, headers=headers)
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - begun)
            if answer.status != 200:
                raise NotThereError(f"{one.host}{page} answered {answer.status}.")
            time.sleep(chance.uniform(*pause))
    return took


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """Return the smallest of the values that so large a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
