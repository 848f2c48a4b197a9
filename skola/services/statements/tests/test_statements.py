"""Statements from outside: true numbers, no names, nothing small; the authority sees no pupil."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.promises.statistics.api import NotAllowedError, OverlapError, digest_of
from skola.promises.statistics.models import PublishedTable
from skola.services.diary.models import Absence
from skola.services.diary.tests import make as diary
from skola.services.school import actions as schooling
from skola.services.school.models import Pupil
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY
from skola.services.statements.models import Authority, Statement
from skola.services.statements.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]
AT_MOST = 8


def head_of(world: diary.World) -> Person:
    person = people.account().person
    schooling.name_administrator(world.school, person, by="staff", now=A_DAY)
    return person


def asked(about: str, act: str = "give") -> dict[str, str]:
    return {"about": about, "from_on": "2026-01-05", "until_on": "2026-02-27", "act": act}


def told(client: Client, statement: Statement) -> dict[str, list[str]]:
    """The lines of a statement's CSV."""
    answer = client.get(reverse("statements:sheet", args=[statement.pk]))
    assert answer.status_code == 200
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return {line[0]: line[1:] for line in lines}


@pytest.mark.keeps("ekool-5.2.5")
def test_a_statement_for_a_municipality_is_true_and_names_nobody(client_of: Enter) -> None:
    world = diary.world(pupils=20)
    for name, missing in (("8.A", 3), ("9.A", 9)):
        more = schools.school_class(world.school, name=name, pupils=20)
        group = schools.group(more, world.teacher)
        schools.slot(group, weekday=2)
        there = list(Pupil.objects.filter(school_class=more))
        place = diary.World(world.school, more, world.teacher, group, group.slots.get(), there)
        make.missing(place, missing)
    make.missing(world, 8)
    head = client_of(head_of(world))
    address = reverse("statements:school", args=[world.school.pk])

    looked = head.post(address, asked("attendance", "look"))
    assert "What the authorities will see" in looked.content.decode()
    assert not Statement.objects.exists()  # nothing leaves before it is given
    assert head.post(address, asked("attendance")).status_code == 302
    statement = Statement.objects.get()
    reader = client_of(make.reader(make.authority()))
    assert str(statement.pk) in reader.get(reverse("statements:front")).content.decode()
    page = reader.get(reverse("statements:statement", args=[statement.pk])).content.decode()
    lines = told(reader, statement)

    # totals equal the school's data
    absent = Absence.objects.values("pupil").distinct().count()
    assert absent == 20
    total = ["40", str(absent), "0", "0", "60"]
    assert lines["all"] == total
    assert [lines[name][-1] for name in ("7.B", "8.A", "9.A")] == ["20", "20", "20"]
    # the three of 8.A, and what they could be computed from, are left out
    assert lines["8.A"][:2] == ["", ""]
    shown = {tuple(lines[name][:2]) for name in ("7.B", "9.A")}
    assert ("", "") in shown
    assert shown <= {("", ""), ("12", "8"), ("11", "9")}
    # no names, no codes
    text = page + str(lines)
    for pupil in Pupil.objects.select_related("person"):
        assert pupil.person.given_name not in text
        assert str(pupil.pk) not in text
        assert str(pupil.person_id) not in text
    # it is on record
    table = statement.table
    entry = Entry.objects.get(kind="statistics.table.published")
    assert entry.clause == "ekool-5.2.5"
    assert str(table.pk) in entry.target
    assert entry.detail["digest"] == table.digest == digest_of(table)
    assert Entry.objects.filter(kind="statements.statement.fetched").count() == 2


@pytest.mark.keeps("ekool-1.4-institution")
def test_who_represents_an_authority_sees_summaries_of_its_schools_and_no_pupil(
    client_of: Enter,
) -> None:
    world, other = diary.world(pupils=6), diary.world(pupils=6, name="Kase Kool")
    other.school.municipality = "Kase"
    other.school.save()
    given, others = make.statement(world.school), make.statement(other.school)
    serves = people.account().person
    people.role(serves, "administrator", starts_at=A_DAY)
    office = client_of(serves)
    entered = {"name": "Lepiku vald", "level": "municipality", "agreement": "2024/118"}
    address = reverse("statements:authorities")
    assert office.post(address, entered).status_code == 422  # which municipality?
    entered["municipality"] = "Lepiku"
    assert office.post(address, {**entered, "agreement": ""}).status_code == 422  # no contract
    assert office.post(address, entered).status_code == 302
    local = Authority.objects.get()
    person = people.account().person
    reader = client_of(person)
    assert reader.get(reverse("statements:front")).status_code == 404
    naming = reverse("statements:people", args=[local.pk])
    assert office.post(naming, {"email": person.email}).status_code == 302

    def status(client: Client, name: str, *args: Any) -> int:
        return client.get(reverse(name, args=args)).status_code

    assert status(reader, "statements:statement", given.pk) == 200
    assert status(reader, "statements:statement", others.pk) == 404
    ministry = client_of(make.reader(make.authority("HTM", "")))
    assert [status(ministry, "statements:statement", one.pk) for one in (given, others)] == [
        200
    ] * 2

    mark = diary.mark(world, world.pupil)
    pupil, child = world.pupil.pk, world.pupil.person.pk
    for client in (reader, ministry):
        records = {
            "diary:pupil": pupil,
            "diary:child": child,
            "diary:record": child,
            "diary:looks": child,
            "diary:mark": mark.pk,
            "diary:class": world.school_class.pk,
            "diary:journal": world.group.pk,
            "school:school": world.school.pk,
            "school:class": world.school_class.pk,
            "statements:school": world.school.pk,
            "web:people:person": child,
        }
        assert {status(client, name, pk) for name, pk in records.items()} == {404}
        for name in ("statements:front", "diary:front", "web:home"):
            page = client.get(reverse(name), follow=True).content.decode()
            assert world.pupil.person.given_name not in page

    ending = reverse("statements:endings", args=[local.pk])
    assert office.post(ending, {"person": str(person.pk)}).status_code == 302
    with clock.standing_at(A_DAY + timedelta(minutes=5)):
        assert status(client_of(person), "statements:statement", given.pk) == 404


def test_the_same_days_are_given_once_and_never_with_others() -> None:
    world = diary.world(pupils=6)
    first = make.statement(world.school)
    schools.pupil(world.school_class, given_name="Seventh")

    again = make.statement(world.school)
    assert again.pk == first.pk
    assert again.table.numbers == [[6, 0, 6], [6, 0, 6]]
    with pytest.raises(OverlapError):
        make.statement(world.school, until_on=make.LAST - timedelta(days=1))
    later = make.statement(
        world.school, from_on=make.LAST + timedelta(days=1), until_on=make.LAST + timedelta(days=2)
    )
    assert later.table.numbers[0][0] == 7
    make.statement(world.school, "results")


@pytest.mark.tenant("kic")
def test_where_the_policy_has_no_such_recipient_nothing_is_published() -> None:
    world = diary.world(pupils=6)

    with pytest.raises(NotAllowedError):
        make.statement(world.school)

    assert not PublishedTable.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"until_on": "2026-01-01"}, "until_on"),
        ({"until_on": "2026-03-02"}, "until_on"),
        ({"from_on": "2024-01-01"}, "from_on"),
        ({"about": "names"}, "about"),
    ],
)
def test_days_are_over_and_of_one_year(client_of: Enter, wrong: Any, field: str) -> None:
    world = diary.world(pupils=6)
    address = reverse("statements:school", args=[world.school.pk])

    answer = client_of(head_of(world)).post(address, {**asked("pupils"), **wrong})

    assert answer.status_code == 422
    assert re.findall(r'<a href="#id_(\w+)">', answer.content.decode()) == [field]
    assert not Statement.objects.exists()


def test_a_school_without_pupils_has_nothing_to_tell(client_of: Enter) -> None:
    world = diary.world(pupils=0)
    address = reverse("statements:school", args=[world.school.pk])

    answer = client_of(head_of(world)).post(address, asked("pupils"))

    assert answer.status_code == 422
    assert "had no pupils" in answer.content.decode()


def test_another_schools_statements_are_not_there(client_of: Enter) -> None:
    world, other = diary.world(pupils=6), diary.world(pupils=6, name="Kase Kool")
    theirs = make.statement(other.school)
    head = client_of(head_of(world))

    assert head.get(reverse("statements:statement", args=[theirs.pk])).status_code == 404
    address = reverse("statements:school", args=[other.school.pk])
    assert head.post(address, asked("results")).status_code == 404
    assert client_of(other.teacher).get(reverse("statements:front")).status_code == 404


def test_results_count_each_subject() -> None:
    world = diary.world(pupils=12)
    one = diary.assessment(world, on=date(2026, 2, 2))
    for place, pupil in enumerate(world.pupils):
        diary.mark(world, pupil, "5" if place < 6 else "3", of=one)

    given = make.statement(world.school, "results")

    assert given.table.rows == ["Matemaatika"]
    assert given.table.numbers[0] == [6, 6, 0, 0, 12]


@pytest.mark.parametrize("size", [1, 3])
def test_pages_ask_the_database_seldom(client_of: Enter, size: int) -> None:
    world = diary.world(pupils=6)
    head = head_of(world)
    local = make.authority()
    for n in range(size):
        day = make.FIRST + timedelta(days=n)
        given = make.statement(world.school, from_on=day, until_on=day)
        reader = make.reader(local)
    serves = people.account().person
    people.role(serves, "administrator", starts_at=A_DAY)
    pages: dict[tuple[str, str], tuple[Person, list[Any]]] = {
        ("head", "school"): (head, [world.school.pk]),
        ("head", "front"): (head, []),
        ("reader", "front"): (reader, []),
        ("reader", "statement"): (reader, [given.pk]),
        ("office", "authorities"): (serves, []),
    }
    found = {}
    for (who, name), (person, args) in pages.items():
        client = client_of(person)
        with CaptureQueriesContext(connection) as frame:
            client.get(reverse("ui:display"))
        with CaptureQueriesContext(connection) as seen:
            address = reverse(f"statements:{name}", args=args)
            assert client.get(address).status_code == 200
        found[who, name] = len(seen) - len(frame)
    assert {name: n for name, n in found.items() if n > AT_MOST} == {}
