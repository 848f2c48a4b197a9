"""Candidates whose cameras run: each sends a part of the film every two seconds, as browsers do."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPException

from skola.ground.files.api import UNSEALED, next_seal
from skola.web.loads.people import NotThereError, Visitor

KBIT, EVERY = 250, 2.0
"""What a camera makes in a second, and how many seconds one part holds."""
PART = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm".ljust(int(KBIT * 1000 / 8 * EVERY), b"\x42")
_TOKEN = secrets.token_hex(16)


@dataclass(frozen=True)
class Sent:
    """What became of one candidate's film."""

    parts: int
    lost: int
    """Parts that the server did not say it had kept."""
    slowest: float
    """Seconds that a part took at most, from its first byte to the answer."""


def send_all(port: int, candidates: Sequence[Visitor], *, parts: int) -> list[Sent]:
    """Let all send so many parts at once, in two-second time, none begun with another."""
    with ThreadPoolExecutor(len(candidates)) as threads:
        begun = [
            threads.submit(_send, port, one, parts, EVERY * number / len(candidates))
            for number, one in enumerate(candidates)
        ]
        return [one.result() for one in begun]


def _send(port: int, one: Visitor, parts: int, wait: float) -> Sent:
    headers = {
        "Host": f"{one.host}:{port}",
        "Cookie": f"{one.cookie}; csrftoken={_TOKEN}",
        "X-CSRFToken": _TOKEN,
    }
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        address = _take(connection, one.pages[0], headers)
        seal, slowest, kept = UNSEALED, 0.0, 0
        begins = time.perf_counter() + wait
        for number in range(parts):
            time.sleep(max(0.0, begins + number * EVERY - time.perf_counter()))
            seal = next_seal(seal, sha256(PART).hexdigest())
            span = f"from={int(number * EVERY * 1000)}&to={int((number + 1) * EVERY * 1000)}"
            begun = time.perf_counter()
            try:
                connection.request(
                    "POST", f"{address}?n={number}&{span}&seal={seal}", PART, headers
                )
                answer = connection.getresponse()
                answer.read()
            except (OSError, HTTPException):
                break
            slowest = max(slowest, time.perf_counter() - begun)
            kept += answer.status == 201
    return Sent(parts, parts - kept, slowest)


def _take(connection: HTTPConnection, address: str, headers: Mapping[str, str]) -> str:
    """Begin a take, and return where its parts go."""
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", address, "source=camera", form)
    answer = connection.getresponse()
    told = answer.read()
    if answer.status != 201:
        raise NotThereError(f"{headers['Host']}{address} answered {answer.status}.")
    return str(json.loads(told)["parts"])
