"""What eKool promises about a school's people, from outside: see the clauses beside each test."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Account, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant
from skola.promises.rights.access.archive import write_archive
from skola.services.community.tests import make as community
from skola.services.diary.tests import make as diary
from skola.services.messages.tests import make as messages
from skola.services.school import actions as school
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY
from tests.promises.keeping import keeps

pytestmark = [
    pytest.mark.usefixtures("tenant", "stand"),
    pytest.mark.tenant("ekool"),
]
Enter = Callable[[Person], Client]


@pytest.fixture
def stand() -> Iterator[None]:
    """Pages are asked for on a Monday at nine in Tallinn."""
    with clock.standing_at(A_DAY):
        yield


@pytest.fixture
def client_of(tenant: Tenant) -> Enter:
    """A browser in which somebody is signed in."""

    def enter(person: Person) -> Client:
        made = Client(HTTP_HOST=f"{tenant.slug}.localhost")
        account = Account.objects.filter(person=person).first()
        if account is None:
            account = Account.objects.create_account(
                person, email=person.email, password=None, now=A_DAY
            )
        made.force_login(account)
        return made

    return enter


def parts_of(person: Person) -> dict[str, str]:
    """The data of a person's copy, by category."""
    out = io.BytesIO()
    write_archive(person.pk, out, language="en", now=A_DAY)
    with zipfile.ZipFile(out) as archive:
        return {
            name.removeprefix("data/").removesuffix(".jsonl"): archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("data/")
        }


@keeps("ekool-1.1")
def test_the_copy_of_a_pupil_has_personal_contact_study_and_communication_parts() -> None:
    world = diary.world()
    pupil = world.pupil.person
    pupil.phone = "+372 5551 0001"
    pupil.save()
    diary.mark(world, world.pupil, "4")
    messages.message(pupil, world.teacher, "Is page 12 for Monday?")

    parts = parts_of(pupil)

    assert pupil.family_name in parts["identity"]
    assert (pupil.phone in parts["contact"], pupil.email in parts["contact"]) == (True, True)
    values = [json.loads(line).get("value") for line in parts["study"].splitlines()]
    assert "4" in values
    assert "Is page 12 for Monday?" in parts["correspondence"]


@keeps("ekool-1.2")
def test_each_act_of_processing_leaves_one_entry_that_names_it(client_of: Enter) -> None:
    world = diary.world(pupils=1)
    head, parent = (
        people.account().person,
        schools.guardian(world.pupil.person, powers=("see", "marks", "excuse", "message")),
    )
    school.name_administrator(world.school, head, by="staff", now=A_DAY)
    office, teacher, family = client_of(head), client_of(world.teacher), client_of(parent)
    test, child = diary.assessment(world), world.pupil.person
    post = community.post(community.feed(world.school), world.teacher)
    note = diary.note(world.pupil, parent)
    school.name_form_teacher(world.school_class, world.teacher, by="school", now=A_DAY)
    asked = school.ask_for_link(
        people.account().person,
        world.school,
        child_name=child.name,
        child_birth_on=A_DAY.date(),
        words="",
        by="parent",
        now=A_DAY,
    )
    subject = school.add_subject(world.school, name="Kunst", scale="1-5", by="s", now=A_DAY)
    class_, day = world.school_class.pk, "2026-03-02"
    new = {"given_name": "Kai", "family_name": "Kask", "birth_on": "2012-05-04", "joined_on": day}
    mark, contact = {"pupil": world.pupil.pk}, {"email": child.email, "address": ""}
    link = {"pupil": world.pupil.pk, "proof": "school", "powers": ["see"]}
    letter = {"title": "x", "body": "y", "attachment": SimpleUploadedFile("a.txt", b"Words.")}
    days = {"from_on": "2026-01-05", "until_on": "2026-02-27"}
    given = {"about": "pupils", "act": "give", **days}
    acts: list[tuple[str, str, Client, str, object, dict[str, Any]]] = [
        ("collection", "school.pupil.entered", office, "school:pupils", class_, new),
        ("recording", "diary.mark.given", teacher, "diary:marks", test.pk, {**mark, "value": "4"}),
        ("organisation", "school.group.formed", office, "school:groups", class_,
         {"subject": subject.pk, "teacher": ""}),
        ("storage", "files.file.stored", family, "messages:write", world.teacher.pk, letter),
        ("alteration", "people.profile.changed", family, "pupils:contacts", child.pk,
         {**contact, "phone": "+372 5550"}),
        ("disclosure", "pupils.code.shown", family, "pupils:own-codes", child.pk, {}),
        ("giving access", "school.link.confirmed", office, "school:request", asked.pk, link),
        ("use", "diary.note.confirmed", teacher, "diary:answers", note.pk, {"confirmed": "yes"}),
        ("transmission", "statistics.table.published", office, "statements:school",
         world.school.pk, given),
        ("deletion", "community.post.removed", teacher, "community:removals", post.pk, {}),
    ]  # fmt: skip
    for act, kind, client, route, pk, told in acts:
        before = Entry.objects.filter(kind=kind).count()
        answer = client.post(reverse(route, args=[pk]), told)
        assert (act, answer.status_code) in ((act, 302), (act, 200))
        assert (act, Entry.objects.filter(kind=kind).count()) == (act, before + 1)

    querying = reverse("pupils:data", args=[world.school.pk])
    assert office.get(querying, {"for": "timetable"}).status_code == 200
    assert Entry.objects.filter(kind="pupils.register.read").count() == 1
