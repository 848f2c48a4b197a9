"""Pages and films under load, in an installation of their own (``python3 run.py bench``).

A school of 1,000 pupils and a company of 10,000 employees: twenty people click at once, and open
in turn their pages and a view that only asks the database as often as a page may. An exam: a
hundred cameras send a part every two seconds. The server is what ``skola serve`` starts.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from skola.ground.db.local import LocalServer
from skola.ground.measure import Measure
from skola.web.loads import films
from skola.web.loads.fill import COMPANY, EXAM, SCHOOL
from skola.web.loads.people import PAUSE, Visitor, percentile, visit
from skola.web.loads.urls import BARE

PUPILS, EMPLOYEES, CANDIDATES = 1_000, 10_000, 100
ROUNDS, PARTS = 2, 30
QUICK = 0.150
"""Seconds that the 95th percentile of the pages may take."""
GOAL = 12.0
"""How far it may be above that of the bare view."""
FLAT = 1.10
"""How far the memory of the server may grow between the first films and the last."""
PATIENCE = 60
PLACES = {"school of 1,000": SCHOOL, "company of 10,000": COMPANY}
AT_ONCE, BESIDE = "pages, 20 at once, {place}: p95 (s)", "… beside a bare view, {place}: p95 (s)"
LOST, ANSWER = "films of 100 at once: parts lost", "films of 100 at once: slowest part (s)"
MEMORY = "films of 100 at once: memory (MB)"


def measures(only: str = "") -> list[Measure]:
    """Take those measures whose name contains ``only``; one installation serves them all."""
    named = [
        *(form.format(place=place) for place in PLACES for form in (AT_ONCE, BESIDE)),
        *(LOST, ANSWER, MEMORY),
    ]
    wanted = [name for name in named if only in name]
    if not wanted:
        return []
    found: list[Measure] = []
    with _served() as place:
        for name, slug in PLACES.items():
            if any(name in one for one in wanted):
                found += _pages(place, name, slug)
        if any("films" in one for one in wanted):
            found += _films(place)
    return [one for one in found if one.name in wanted]


@dataclass(frozen=True)
class Served:
    """A server that answers, and who visits it."""

    port: int
    process: int
    visitors: Mapping[str, Sequence[Visitor]]


def _pages(place: Served, name: str, slug: str) -> list[Measure]:
    people = place.visitors[slug]
    bare = [replace(one, pages=[BARE] * len(one.pages)) for one in people]
    for one in (people, bare):  # each worker has seen each page
        visit(place.port, [*one, *one], pause=(0, 0))
    rounds = [
        [percentile(visit(place.port, one, pause=PAUSE)) for one in (people, bare)]
        for _ in range(ROUNDS)
    ]
    value, limit = (median(times) for times in zip(*rounds, strict=True))
    ratio = median(page / least for page, least in rounds)
    slow, beside = AT_ONCE.format(place=name), BESIDE.format(place=name)
    return [
        Measure(slow, value, QUICK, value / QUICK, 1, value <= QUICK),
        Measure(beside, value, limit, ratio, GOAL, ratio <= GOAL),
    ]


def _films(place: Served) -> list[Measure]:
    candidates = place.visitors[EXAM]
    films.send_all(place.port, candidates, parts=PARTS // 3)
    before = _memory(place.process)
    sent = films.send_all(place.port, candidates, parts=PARTS)
    after = _memory(place.process)
    lost = sum(one.lost for one in sent)
    share = lost / sum(one.parts for one in sent)
    slowest = max(one.slowest for one in sent)
    return [
        Measure(LOST, lost, sum(one.parts for one in sent), share, 0, lost == 0),
        Measure(ANSWER, slowest, films.EVERY, slowest / films.EVERY, 1, slowest <= films.EVERY),
        Measure(MEMORY, after, before, after / before, FLAT, after <= before * FLAT),
    ]


def _memory(process: int) -> float:
    """Return the megabytes that a process and those that it started hold (Linux)."""
    about = Path("/proc") / str(process)
    own = (about / "status").read_text().partition("VmRSS:")[2].split()[0]
    started = [
        int(child)
        for listed in about.glob("task/*/children")
        for child in listed.read_text().split()
    ]
    return int(own) / 1024 + sum(_memory(child) for child in started)


@contextmanager
def _served() -> Iterator[Served]:
    """An installation in a folder that goes afterwards, with people, and a server before it."""
    with TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
        data = Path(folder) / "data"
        clean = {key: value for key, value in os.environ.items() if not key.startswith("SKOLA_")}
        clean["DJANGO_SETTINGS_MODULE"] = "skola.web.loads.settings"
        python, sizes = [sys.executable, "-m"], [str(n) for n in (PUPILS, EMPLOYEES, CANDIDATES)]
        migrate = [*python, "skola", "migrate", "--quiet", "--data", str(data)]
        as_owner = {**clean, "SKOLA_AS_OWNER": "yes"}
        free.close()
        try:
            subprocess.run(migrate, env=as_owner, check=True)  # noqa: S603
            fill = [*python, "skola.web.loads.fill", str(data), *sizes]
            told = subprocess.run(fill, env=as_owner, check=True, stdout=subprocess.PIPE)  # noqa: S603
            visitors = {
                slug: [Visitor(**one) for one in some]
                for slug, some in json.loads(told.stdout.splitlines()[-1]).items()
            }
            serve = [*python, "skola", "serve", "--data", str(data), "--port", str(port)]
            with subprocess.Popen(serve, env=clean) as server:  # noqa: S603
                try:
                    _await(port)
                    yield Served(port, server.pid, visitors)
                finally:
                    server.terminate()
        finally:
            LocalServer(data / "postgres").stop()


def _await(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("The server does not answer.")
