"""Fill an empty installation: ``python -m skola.web.loads.fill DIR PUPILS EMPLOYEES CANDIDATES``.

Prints as JSON who visits which addresses, signed in already.
"""

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

SCHOOL, COMPANY, EXAM = "ekool", "ema", "ilearn"
"""The services that are made, by the slugs of their policies."""


def visitor(host: str, account: Any, *pages: str) -> dict[str, Any]:
    """Return somebody who is signed in: the host, the cookie, and what they open, one by one."""
    from django.conf import settings
    from django.test import Client

    from skola.ground import clock
    from skola.ground.people.http import PROVEN_AT

    client = Client(HTTP_HOST=host)
    client.force_login(account)
    session = client.session
    session[PROVEN_AT] = clock.now().timestamp()
    session.save()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return {"host": host, "cookie": cookie, "pages": pages}


def of_school(host: str, today: date) -> list[dict[str, Any]]:
    """Eight teachers, six pupils and six parents of the school."""
    from django.urls import reverse

    from skola.ground.people.api import Account, Guardianship, Role
    from skola.services.school.models import CLASS, GROUP, Pupil, Slot

    day = today
    while day.isoweekday() > 5:
        day -= timedelta(days=1)
    found = []
    led = Role.objects.filter(kind=Role.Kind.TEACHER, scope=CLASS).order_by("pk")
    for role in led.select_related("person")[:8]:
        group = Role.objects.filter(person=role.person, scope=GROUP).values("scope_id")[:1]
        slot = Slot.objects.filter(group=group, weekday=day.isoweekday()).first()
        pages = [
            "/",
            reverse("diary:teaching"),
            reverse("diary:journal", args=[group.get()["scope_id"]]),
            reverse("diary:class", args=[role.scope_id]),
            reverse("diary:notes", args=[role.scope_id]),
        ]
        if slot is not None:
            pages.append(reverse("diary:lesson", args=[slot.pk, day]))
        found.append(visitor(host, Account.objects.get(person=role.person), *pages))
    pupils = list(Pupil.objects.select_related("person").order_by("pk")[:12])
    for pupil in pupils[:6]:
        account = Account.objects.get(person=pupil.person)
        found.append(visitor(host, account, "/", reverse("diary:mine")))
    proven = Guardianship.objects.all()[0]
    others = Account.objects.exclude(person__in=Pupil.objects.values("person"))
    for pupil, other in zip(pupils[6:], others.order_by("-pk"), strict=False):
        Guardianship.objects.create(
            child=pupil.person,
            guardian=other.person,
            powers=proven.powers,
            proof=proven.proof,
            verified_at=proven.verified_at,
            starts_at=proven.starts_at,
        )
        child = [pupil.person_id]
        names = ("diary:child", "diary:record", "diary:note")
        pages = ["/", reverse("diary:children"), *(reverse(name, args=child) for name in names)]
        found.append(visitor(host, other, *pages))
    return found


def of_company(host: str) -> list[dict[str, Any]]:
    """Fourteen employees, four who look after everybody's training, and two instructors."""
    from django.urls import reverse

    from skola.ground.people.api import Account
    from skola.services.workforce.api import INSTRUCTOR, TRAINING, Assignment, Charge, Company

    company = Company.objects.get()
    key = [company.pk]
    status = reverse("workforce:people", args=key)
    unit = company.units.exclude(parent=None).order_by("path")[0].pk
    staff = list(company.employments.filter(ended_on=None).select_related("person")[:20])
    manager = Charge.objects.get(unit__company=company, duty=TRAINING).person
    instructor = Charge.objects.get(unit__company=company, duty=INSTRUCTOR).person
    journal = reverse("briefings:journal", args=key)
    looks_after = [
        *("/", status, f"{status}?stands=overdue", f"{status}?unit={unit}"),
        reverse("workforce:employee", args=[staff[-1].pk]),
        *(reverse("workforce:import", args=key), journal),
    ]
    briefs = ["/", journal, reverse("briefings:signing", args=key)]
    found = []
    for one in staff[:14]:
        tasks = Assignment.objects.open().filter(employment=one, training__kind="briefing")
        pages = ["/", reverse("workforce:mine"), reverse("briefings:evidence", args=[one.pk])]
        pages += [reverse("briefings:task", args=[task.pk]) for task in tasks[:1]]
        found.append(visitor(host, Account.objects.get(person=one.person), *pages))
    both = [(manager, looks_after)] * 4 + [(instructor, briefs)] * 2
    return [
        *found,
        *(visitor(host, Account.objects.get(person=who), *pages) for who, pages in both),
    ]


def of_exam(host: str, candidates: int, now: datetime) -> list[dict[str, Any]]:
    """Candidates who sit one exam before their cameras; their address opens a take."""
    from django.urls import reverse

    from skola.ground.people.api import Account, Person
    from skola.services.exams.models import Attempt, Exam, Recording, Sitting

    ends = now + timedelta(hours=2)
    exam = Exam.objects.create(title="Bench", minutes=120, created_at=now, published_at=now)
    sitting = Sitting.objects.create(
        exam=exam, starts_at=now, closes_at=ends, places=candidates, room="-", created_at=now
    )
    found = []
    for number in range(candidates):
        address = f"candidate{number}@example.org"
        person = Person.objects.create(
            given_name="Ilze", family_name=f"Kandidāte {number}", email=address, created_at=now
        )
        account = Account.objects.create_account(person, email=address, password=None, now=now)
        attempt = Attempt.objects.create(
            sitting=sitting,
            person=person,
            way=Attempt.Way.CAMERA,
            registered_at=now,
            told_at=now,
            begun_at=now,
            ends_at=ends,
        )
        Recording.objects.create(attempt=attempt, created_at=now)
        found.append(visitor(host, account, reverse("exams:takes", args=[attempt.pk])))
    return found


def main(words: Sequence[str]) -> None:
    """Make the three services, and say who visits."""
    from skola.web.commands.installation import open_up

    open_up(Path(words[0]), as_owner=True, tables=False)  # no session: the seed forks
    from django.db import connection

    from skola.ground import clock
    from skola.ground.tenants.api import Tenant, inside
    from skola.web.demo.seed import main as seed
    from skola.web.demo.tenants import SERVICES

    pupils, employees, candidates = map(int, words[1:])
    wanted = (COMPANY, SCHOOL, EXAM)
    services = [one for slug in wanted for one in SERVICES if one.slug == slug]
    seed(candidates, pupils, employees, services=services)
    now, found = clock.now(), {}
    for service in services:
        host = f"{service.slug}.localhost"
        with inside(Tenant.objects.get(slug=service.slug).pk):
            if service.slug == SCHOOL:
                found[SCHOOL] = of_school(host, now.date())
            elif service.slug == COMPANY:
                found[COMPANY] = of_company(host)
            else:
                found[EXAM] = of_exam(host, candidates, now)
    with connection.cursor() as cursor:
        cursor.execute("analyze")  # as the server does by itself, some minutes later
    print(json.dumps(found))  # noqa: T201  # for the process that measures


if __name__ == "__main__":  # where processes are not forked, each reads this file
    main(sys.argv[1:])
