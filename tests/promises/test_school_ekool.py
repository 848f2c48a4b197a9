"""What eKool promises about a school's people, from outside: see the clauses beside each test."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.ground.tenants.api import Tenant
from skola.promises.rights.access.archive import write_archive
from skola.services.diary.tests import make as diary
from skola.services.messages.tests import make as messages
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
