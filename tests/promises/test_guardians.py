"""Guardians who ask for a child: only when proven, only the child's data, only while it lasts."""

import io
import zipfile
from datetime import date

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.people.api import name_guardian, verify_guardianship
from skola.ground.people.models import Account, Guardianship, Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.rights.access.actions import write_export
from skola.promises.rights.models import Export, RightsRequest
from skola.services.courses.tests import make as courses
from skola.services.diary.tests import make as diary
from tests.promises.asking import DESK, OWN, decide
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import PASSWORD, customer, signed_in, staff

pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def parent(tenant: Tenant) -> Account:
    return customer("parent@example.org")


@pytest.fixture
def child(tenant: Tenant) -> Person:
    account = customer("kid@example.org")
    told = {"given_name": "Zane", "family_name": "Ozola", "birth_on": date(2014, 5, 1)}
    Person.objects.filter(pk=account.person_id).update(**told)
    return Person.objects.get(pk=account.person_id)


def ask(who: Client, child: Person, kind: str = "access") -> RightsRequest:
    """A guardian files a request for a child, in the account."""
    there = f"{OWN}new/?child={child.pk}"
    answer = who.post(there, {"kind": kind, "reply_by": "account", "words": "For my child."})
    assert answer.status_code == 302, answer.content.decode()
    return RightsRequest.objects.latest("number")


def page_of(who: Client, address: str) -> str:
    answer = who.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def fetched(who: Client, asked: RightsRequest) -> str:
    """Everything in the copy that was made for a request, as its reader gets it."""
    made = Export.objects.get(person=asked.person)
    write_export(made.pk, now=clock.now())
    link = f"{OWN}{asked.pk}/copies/{made.pk}/"
    assert link in page_of(who, f"{OWN}{asked.pk}/")
    answer = who.get(link)
    if answer.status_code == 302:
        who.post(answer["Location"], {"password": PASSWORD})
        answer = who.get(link)
    whole = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return "".join(archive.read(one).decode("utf-8", "replace") for one in archive.namelist())


@keeps("ilearn-11.d")
@pytest.mark.tenant("ilearn")
def test_a_parent_sees_results_and_asks_once_proven_and_nothing_when_the_link_ends(
    tenant: Tenant, parent: Account, child: Person
) -> None:
    office = signed_in(tenant, staff().email)
    who = signed_in(tenant, parent.email)
    course = courses.course(title="Bees")
    done = courses.enrolment(course, child)
    courses.attempt(done, at=AT)
    results, new = f"/courses/children/{child.pk}/", f"{OWN}new/?child={child.pk}"
    named = {"email": parent.email, "powers": ["see", "request"]}
    assert office.post(f"/people/{child.pk}/guardians/named/", named).status_code == 302
    link = Guardianship.objects.get()

    # named, and not proven
    for address in (results, new):
        assert who.get(address).status_code == 404
    assert who.post(new, {"kind": "access", "reply_by": "account"}).status_code == 404
    assert results not in page_of(who, "/courses/mine/")
    assert not RightsRequest.objects.exists()

    assert office.post(f"/people/{child.pk}/guardians/{link.pk}/proofs/", {"proof": "in-person"})
    assert results in page_of(who, "/courses/mine/")
    page = page_of(who, results)
    assert "What do you do?" in page
    assert "Bees" in page
    asked = ask(who, child)
    assert (asked.person, asked.guardian) == (child, parent.person)
    assert "What do you do?" in fetched(who, asked)
    assert set(
        Mail.objects.filter(subject__contains=asked.label).values_list("address", flat=True)
    ) == {parent.email}
    waiting = ask(who, child, "rectification")
    assert "for Zane Ozola" in page_of(who, OWN)

    assert office.post(f"/people/{child.pk}/guardians/{link.pk}/endings/").status_code == 302
    copy = Export.objects.get()
    for address in (results, new, f"{OWN}{asked.pk}/", f"{OWN}{asked.pk}/copies/{copy.pk}/"):
        assert who.get(address).status_code == 404, address
    assert asked.label not in page_of(who, OWN)
    Mail.objects.all().delete()
    officer = signed_in(tenant, staff("officer").email)
    assert decide(officer, waiting, "granted") == 302
    assert not Mail.objects.filter(address=parent.email).exists(), "the answer is the child's now"


@keeps("ekool-8.1")
@pytest.mark.tenant("ekool")
def test_the_copy_of_a_child_holds_nothing_private_of_another_parent_or_a_teacher(
    tenant: Tenant, parent: Account
) -> None:
    here = diary.world(pupils=2)
    pupil, classmate = here.pupils
    mother = customer("mother@example.org").person
    for one in (mother, parent.person):
        link = name_guardian(pupil.person, one, powers=("see", "request"), by="school", now=AT)
        verify_guardianship(link, proof="school", by="school", now=AT)
    private = {"phone": "+372 5555", "address": "Tamme 7", "birth_on": date(1980, 4, 3)}
    for person, name in ((mother, "Virve"), (here.teacher, "Tiiu"), (classmate.person, "Juku")):
        Person.objects.filter(pk=person.pk).update(
            **{
                **private,
                "given_name": name,
                "phone": f"+372 5555 {name}",
                "address": f"Tamme {name}",
            }
        )
    test = diary.assessment(here)
    diary.mark(here, pupil, "5", of=test)
    diary.mark(here, classmate, "2", of=test)
    diary.note(pupil, mother, reason="illness")
    hers = signed_in(tenant, mother.account.email)
    assert ask(hers, pupil.person, "rectification").guardian == mother

    asked = ask(signed_in(tenant, parent.email), pupil.person)
    text = fetched(signed_in(tenant, parent.email), asked)

    assert pupil.person.family_name in text
    assert '"5"' in text or ">5<" in text, "the mark of the child"
    for person, name in ((mother, "Virve"), (here.teacher, "Tiiu"), (classmate.person, "Juku")):
        assert f"Tamme {name}" not in text
        assert f"5555 {name}" not in text
        if hasattr(person, "account"):
            assert person.account.email not in text
    assert "1980-04-03" not in text
    assert "Virve" not in text
    assert "Juku" not in text
    assert page_of(signed_in(tenant, staff("officer").email), f"{DESK}{asked.pk}/")
