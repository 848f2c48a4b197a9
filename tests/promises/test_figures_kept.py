"""Figures that are kept and published, and data for tests: nobody stands in them."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import serializers
from django.core.cache import cache
from django.db import connection
from django.test import Client

from skola.__main__ import main
from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.reports.models import Report
from skola.promises.rights.api import erase_person
from skola.promises.statistics.models import PublishedTable
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.diary.models import Mark
from skola.services.diary.tests import make as diary
from skola.services.pupils.models import NationalCode
from skola.services.school.models import Pupil
from skola.web.commands import installation
from tests.promises.keeping import keeps
from tests.promises.marking import AT

NEW = "/office/reports/new/"
ENROLMENTS = {"title": "Enrolments by month", "form": "numbers", "model": "courses.enrolment"}


@pytest.fixture(autouse=True)
def standing(tenant: Tenant) -> Iterator[None]:
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


def enrolled() -> list[Person]:
    """Six people who began this month, and two a month before."""
    course = courses.course()
    made = []
    for at in [AT] * 6 + [AT - timedelta(days=30)] * 2:
        who = people.person(family_name="Vienreizē")
        courses.enrolment(course, who, started_at=at)
        made.append(who)
    return made


def registered(client: Client, sign_in: Callable[[Account], Account], purpose: str) -> str:
    """The address of a report that an officer registered."""
    officer = people.account()
    people.role(officer.person, "officer")
    sign_in(officer)
    told = {**ENROLMENTS, "purpose": purpose, "by": "started_at"}
    assert client.post(NEW, told).status_code == 302
    return f"/office/reports/{Report.objects.get().pk}/"


@pytest.mark.tenant("ema")
@keeps("ema-1.4")
def test_figures_stay_as_they_were_when_somebody_is_erased(
    client: Client, sign_in: Callable[[Account], Account]
) -> None:
    everybody = enrolled()
    here = registered(client, sign_in, "site.statistics")
    assert client.post(f"{here}keepings/").status_code == 302
    kept = PublishedTable.objects.get()
    assert kept.rows == ["2026-01", "2026-03"]
    assert kept.numbers[0] == [None, None]
    assert 2 not in [number for line in kept.numbers for number in line], "fewer than five"
    assert "left out" in client.get(here).content.decode()
    before = kept.digest, kept.numbers

    for who in everybody[:1]:
        erase_person(who.pk, reason="asked", by="officer", now=clock.now())
    assert Enrolment.objects.count() == len(everybody) - 1
    kept.refresh_from_db()
    assert (kept.digest, kept.numbers) == before
    assert client.post(f"{here}keepings/").status_code == 302, "a day is kept once"
    assert PublishedTable.objects.get().digest == before[0]

    # nothing leads back: no column for a person or a pseudonym, and nobody's key in any
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(
            cursor, "statistics_publishedtable"
        )
        keys = connection.introspection.get_relations(cursor, "statistics_publishedtable")
        cursor.execute("select row_to_json(one)::text from statistics_publishedtable one")
        (told,) = cursor.fetchone()
    assert not {one.name for one in columns} & {
        "person_id",
        "person",
        "pseudonym",
        "key",
        "subject",
    }
    assert set(keys) <= {"tenant_id"}
    for who in everybody:
        assert str(who.pk) not in told


@pytest.mark.tenant("ilearn")
@keeps("ilearn-11.a")
def test_the_public_reads_figures_and_nothing_about_anybody(
    client: Client, sign_in: Callable[[Account], Account]
) -> None:
    everybody = enrolled()
    assert client.get("/figures/").status_code == 404, "nothing is published yet"
    here = registered(client, sign_in, "planning")
    assert client.post(f"{here}keepings/").status_code == 302
    assert client.get("/figures/").status_code == 404, "kept is not published"
    assert client.post(f"{here}keepings/", {"for": "everybody"}).status_code == 302
    with clock.standing_at(AT + timedelta(days=1)):
        soon = client.post(f"{here}keepings/", {"for": "everybody"})
    assert (soon.status_code, PublishedTable.objects.count()) == (422, 2)
    client.logout()
    page = client.get("/figures/").content.decode()
    main_part = page.partition("<main")[2].partition("</main>")[0]
    assert "Enrolments by month" in main_part
    assert re.findall(r'cell-number"[^>]*>(.*?)</td>', main_part)
    for who in everybody:
        for word in (who.given_name, who.family_name, who.email, str(who.pk)):
            assert word not in page
    assert "/figures/" in client.get("/").content.decode()

    (activity,) = [
        one
        for one in client.get("/privacy/record.json").json()["activities"]
        if one["purpose"] == "governance"
    ]
    assert activity["basis"]["kind"] == "legitimate-interest"
    for interest in (
        "economic activity under commercial law",
        "corporate governance, financial and business accounting and analytics",
        "efficient business management",
        "informing the public about its activity",
    ):
        assert interest in activity["basis"]["interest"]


@pytest.mark.tenant("ekool")
@keeps("ekool-4.2.4")
def test_a_data_set_for_tests_has_the_shape_of_the_records_and_nobody_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = diary.world(pupils=3, name="Lepiku Kool")
    test = diary.assessment(world)
    for number, pupil in enumerate(world.pupils):
        diary.mark(world, pupil, of=test)
        pupil.person.given_name, pupil.person.family_name = f"Eha{number}", "Kuusemets"
        pupil.person.email, pupil.person.phone = f"eha{number}@kool.example", "+372 5551234"
        pupil.person.address, pupil.person.birth_on = "Kuuse 5", date(2012, 5, 4)
        pupil.person.save()
    child = world.pupils[0].person
    NationalCode.objects.create(
        person=child, sealed=b"51205040234", digest="51205040234", entered_at=AT
    )
    billing.invoice(child)
    monkeypatch.setattr(installation, "open_up", lambda *_told, **_more: None)
    file = tmp_path / "set.json"

    assert main(["testdata", "nobody", "-o", str(file)]) == 2
    assert main(["testdata", "ekool", "-o", str(file)]) == 0
    text = file.read_text()
    for word in ("Eha", "Kuusemets", "kool.example", "5551234", "Kuuse 5", "2012-05-04"):
        assert word not in text, word
    for word in ("51205040234", "Anna Ozola", "Lepiku", "Fractions", str(child.pk), "2024/"):
        assert word not in text, word
    rows = json.loads(text)
    counts = {
        name: sum(one["model"] == name for one in rows) for name in ("school.pupil", "diary.mark")
    }
    assert counts == {"school.pupil": Pupil.objects.count(), "diary.mark": Mark.objects.count()}
    keys = {one["pk"] for one in rows if one["model"] == "people.person"}
    pupils = [one["fields"] for one in rows if one["model"] == "school.pupil"]
    assert {one["person"] for one in pupils} <= keys, "linked as the records are"
    assert len({one["person"] for one in pupils}) == 3
    marks = [one["fields"] for one in rows if one["model"] == "diary.mark"]
    assert len(marks) == 3
    assert len(list(serializers.deserialize("json", text))) == len(rows)
    assert str(len(rows)) in capsys.readouterr().out
    assert Entry.objects.get(kind="reports.testdata.made").detail == {"records": len(rows)}
