"""Fill the demo: tenants from their policies, people, and what each room adds."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from random import Random

from django.conf import settings
from django.db import connections, transaction

from skola.ground import clock
from skola.ground.people.api import Person
from skola.ground.tenants.api import Tenant, inside
from skola.promises.notices.api import look
from skola.promises.policy.api import has
from skola.promises.retention.api import confirm_clock, foresee, release_all, sweep
from skola.services.academies.api import look_after
from skola.web.demo import consents, incidents, minors, quality, reports, requests
from skola.web.demo.academies import ACADEMIES, OPERATOR, found
from skola.web.demo.history import make_history
from skola.web.demo.people import make_crowd, make_personas
from skola.web.demo.tenants import SERVICES, Service
from skola.web.rooms import ORDER
from skola.web.tenancy import publish_for

EMPLOYERS = ("workforce", "briefings")
"""Rooms for which everybody of a large company is there; others know the crowd without it."""
LATER = ("messages", "campaigns")
"""Rooms whose past rests on what other rooms have, or on what people had agreed to."""
A_NIGHT = timedelta(days=1)
"""The demo begins as if the last sweep had been a night ago: what is older is gone."""


def main(
    people: int, school: int = 0, company: int = 0, *, services: Sequence[Service] = SERVICES
) -> None:
    """Make every tenant that is not there yet; what is there stays, and goes on from now.

    One tenant is made beside another, as many as the machine has processors. With ``school`` the
    services that have schools get as many people more as one of so many pupils is made of, and with
    ``company`` those that train companies get one of so many employees.
    """
    now = clock.now()
    connections.close_all()  # no two processes may speak over one
    with ProcessPoolExecutor(min(len(SERVICES), os.cpu_count() or 1)) as beside:
        begun = [
            beside.submit(_make, service, people=people, school=school, company=company, now=now)
            for service in sorted(services, key=lambda one: one.slug != OPERATOR)  # the longest
        ]
        for done in as_completed(begun):
            done.result()


def _make(service: Service, *, people: int, school: int, company: int, now: datetime) -> None:
    with _made(service, now) as is_new:
        if is_new:
            for file in sorted((settings.ROOT / "policies" / service.slug).glob("*.toml")):
                publish_for(file, now=now)
            fill(service, people=people, school=school, company=company, now=now)
    if service.slug != OPERATOR:
        return
    for academy in ACADEMIES:
        with _made(academy.service, now) as is_new:
            if is_new:
                found(academy, now=now)
                fill(academy.service, people=people, now=now, name=academy.founding.word)
    with inside(Tenant.objects.get(slug=OPERATOR).pk):
        look_after(now=now)


@contextmanager
def _made(service: Service, now: datetime) -> Iterator[bool]:
    """Give a tenant to be made, all or nothing, or confirm the clock of the one that is there."""
    known = Tenant.objects.filter(slug=service.slug).first()
    if known is not None:
        with inside(known.pk):
            confirm_clock(clocks=clock.clocks(), by="skola demo", now=now)
        yield False
        return
    begun = time.monotonic()
    with transaction.atomic():
        yield True
        with inside(Tenant.objects.get(slug=service.slug).pk):
            look(now)
    took = time.monotonic() - begun
    print(f"  {service.name}: people, courses and history … {took:.1f} s", flush=True)  # noqa: T201


def fill(
    service: Service,
    *,
    people: int,
    school: int = 0,
    company: int = 0,
    now: datetime,
    name: str = "",
) -> None:
    """Fill one tenant. Each room with a ``demo`` module adds its own two years.

    ``name`` is what the rooms call it where that is not its slug.
    """
    chance = Random(f"skola {service.slug}")  # noqa: S311  # the same every time, on purpose
    with inside(Tenant.objects.get(slug=service.slug).pk):
        if school and has("diary.school", now=now):
            people = max(people, import_module("skola.services.school.demo").crowd_for(school))
        employees = 0
        if company and has("workforce.briefings", now=now):
            employees = max(0, company - people)
        everybody = make_personas(service, now)
        everybody += make_crowd(service, size=people, chance=chance, now=now)
        more = make_crowd(service, size=employees, chance=chance, now=now, after=people)
        make_history([*everybody, *more], chance, now, personas=len(service.personas))
        for room in ORDER:
            if room not in LATER:
                known = [*everybody, *more] if room in EMPLOYERS else everybody
                _populate(room, name or service.slug, known, chance, now)
        requests.populate(everybody, chance, now)
        consents.populate(everybody, chance, now)
        incidents.populate(now)
        reports.populate(now)
        minors.populate(now)
        for room in LATER:
            _populate(room, name or service.slug, everybody, chance, now)
        quality.populate(everybody, now)
        begin_sweeping(now - A_NIGHT)


def _populate(
    room: str, name: str, everybody: Sequence[Person], chance: Random, now: datetime
) -> None:
    if find_spec(f"skola.services.{room}.demo"):
        demo = import_module(f"skola.services.{room}.demo")
        demo.populate(name, everybody, chance, now)


def begin_sweeping(now: datetime) -> None:
    """Sweep for the first time: what the invented past left behind goes, and nobody is asked."""
    release_all(reason="The history is invented.", by="skola demo", now=now)
    sweep(now=now)
    foresee(now=now)
