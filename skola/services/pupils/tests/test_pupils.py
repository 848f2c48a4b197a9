"""Contacts, codes and the register from outside."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Mail, Person, ProfileChange
from skola.ground.people.tests import make as people
from skola.promises.accuracy.tasks import invite
from skola.services.diary.tests import make as diary
from skola.services.pupils import actions, queries
from skola.services.school import actions as school
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]
CODE = "51205040011"
AT_MOST = 8
PHONE = "+372 5550 0101"


def head_of(world: diary.World) -> Person:
    person = people.account().person
    school.name_administrator(world.school, person, by="staff", now=A_DAY)
    return person


def strengthen(client: Client, method: str = "mfa") -> Client:
    """Let a session be one that began with a second factor, as the sign-in writes it down."""
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": A_DAY.timestamp()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def at(name: str, pk: Any) -> str:
    return reverse(f"pupils:{name}", args=[pk])


def contacts(client: Client, person: Person, **told: str) -> int:
    held = {name: getattr(person, name) for name in ("email", "phone", "address")}
    return client.post(at("contacts", person.pk), held | told).status_code


@pytest.mark.keeps("ekool-8.5-edit", "ekool-4.1")
def test_a_family_changes_contacts_and_the_school_the_rest(client_of: Enter) -> None:
    world = diary.world()
    child = world.pupil.person
    parent, unproven = schools.guardian(child), people.account().person
    family = client_of(parent)

    assert contacts(family, child, email="new@example.org") == 302
    assert contacts(family, child, email="new@example.org", phone=PHONE) == 302

    child.refresh_from_db()
    assert (child.email, child.phone) == ("new@example.org", PHONE)
    page = family.get(at("contacts", child.pk)).content.decode()
    there = page[page.index("Where it is from") : page.index("<h2>Changes")]
    assert there.count("from a parent") == 2
    assert PHONE in there
    for name, value in (("code", CODE), ("given_name", "Anne"), ("birth_on", "2010-01-01")):
        assert contacts(family, child, **{name: value, "phone": "1"}) == 422
    child.refresh_from_db()
    assert (child.given_name, child.phone, queries.code_of(child.pk)) == ("Mari 00", PHONE, "")
    for other in (unproven, world.teacher, world.pupils[1].person):
        assert contacts(client_of(other), child, phone="1") == 404

    office = strengthen(client_of(head_of(world)))
    card = office.get(at("pupil", world.pupil.pk)).content.decode()
    assert parent.name in card
    change = ProfileChange.objects.get(field="email")
    for _ in range(2):
        assert office.post(at("reversals", change.pk)).status_code == 302
    child.refresh_from_db()
    assert child.email == change.before
    told = {"given_name": "Mari", "family_name": "Mets", "birth_on": "2012-05-04", "code": CODE}
    assert office.post(at("pupil", world.pupil.pk), told).status_code == 302
    assert queries.code_of(child.pk) == CODE

    list_ = {"text": "given_name,family_name,class\nKai,Kask,7.B", "source": "third", "ground": ""}
    look = reverse("school:lists", args=[world.school.pk])
    before = Person.objects.count()
    refused = office.post(look, list_)
    assert (refused.status_code, "ground only" in refused.content.decode()) == (422, True)
    looked = office.post(look, list_ | {"ground": "Contract with the last school"})
    sealed = looked.content.decode().split('name="list" value="')[1].split('"')[0]
    assert Person.objects.count() == before
    office.post(reverse("school:taken-lists", args=[world.school.pk]), {"list": sealed})
    kai = Person.objects.get(given_name="Kai")
    mother = schools.guardian(kai)
    page = client_of(mother).get(at("contacts", kai.pk)).content.decode()
    assert "from a third party: Contract with the last school" in page


@pytest.mark.keeps("ekool-3.1.2")
def test_a_phone_that_is_hidden_from_the_class_is_the_form_teachers_only(client_of: Enter) -> None:
    world = diary.world()
    mine, other = (schools.guardian(one.person) for one in world.pupils)
    leader = people.account().person
    school.name_form_teacher(world.school_class, leader, by="school", now=A_DAY)
    Person.objects.filter(pk=mine.pk).update(phone=PHONE)
    family, there = client_of(mine), at("class", world.school_class.pk)

    def sees(person: Person) -> bool:
        return PHONE in client_of(person).get(there).content.decode()

    assert (sees(other), sees(leader)) == (False, True)  # nothing is open from the start
    open_, shut = ({"phone_for": who, "email_for": "leader"} for who in ("class", "leader"))
    assert family.post(at("sights", mine.pk), open_).status_code == 302
    assert (sees(other), sees(leader)) == (True, True)
    assert family.post(at("sights", mine.pk), shut).status_code == 302
    assert (sees(other), sees(leader)) == (False, True)
    assert client_of(other).post(at("sights", mine.pk), open_).status_code == 404
    for stranger in (world.teacher, schools.guardian(diary.world(name="B").pupil.person)):
        assert client_of(stranger).get(there).status_code == 404


@pytest.mark.keeps("ekool-2.7", "ekool-4.2.1")
def test_a_reading_gets_the_fields_of_its_purpose_and_the_register_asks_for_more(
    client_of: Enter,
) -> None:
    world = diary.world(pupils=1)
    child = world.pupil.person
    Person.objects.filter(pk=child.pk).update(phone=PHONE)
    actions.set_code(child, CODE, by="school", now=A_DAY)
    head = head_of(world)
    client = strengthen(client_of(head), "code")
    api, page = at("data", world.school.pk), at("register", world.school.pk)

    told = client.get(api, {"for": "timetable"})
    name = {"given_name": "Mari 00", "family_name": "Mets", "class": "7.B"}
    assert told.json() == {"purpose": "timetable", "pupils": [name]}
    assert client.get(api, {"for": "marketing"}).status_code == 404
    for weak in (client, strengthen(client_of(head), "password"), client_of(head)):
        for address in (page, f"{api}?for=register", at("pupil", world.pupil.pk)):
            answer = weak.get(address)
            assert (answer.status_code, CODE in answer.content.decode()) == (403, False)
    assert reverse("mfa_index") in client.get(page).content.decode()

    strong = strengthen(client_of(head))
    assert strong.get(page).status_code == 200
    whole = strong.get(api, {"for": "register"}).json()["pupils"]
    contact = {"email": child.email, "phone": PHONE, "address": ""}
    assert whole == [name | contact | {"birth_on": "2012-05-04", "code": CODE}]
    read = Entry.objects.filter(kind="pupils.register.read").order_by("pk")
    assert [one.detail["purpose"] for one in read] == ["timetable", "register", "register"]
    others = (world.teacher, schools.guardian(child), head_of(diary.world(name="Kase Kool")))
    for other in others:
        assert strengthen(client_of(other)).get(page).status_code == 404
        assert strengthen(client_of(other)).get(api, {"for": "timetable"}).status_code == 404


@pytest.mark.keeps("ekool-3.1.1-personal")
def test_a_code_is_sealed_and_the_language_drives_pages_and_mails(
    client_of: Enter,
) -> None:
    world = diary.world()
    child = world.pupil.person
    parent = schools.guardian(child, powers=("see", "message"))
    actions.set_code(child, CODE, by="school", now=A_DAY)
    with pytest.raises(actions.CodeTakenError):
        actions.set_code(world.pupils[1].person, CODE, by="school", now=A_DAY)
    with connection.cursor() as cursor:
        cursor.execute("select n::text from pupils_nationalcode n")
        assert [CODE in row[0] or CODE.encode().hex() in row[0] for row in cursor] == [False]
        cursor.execute("select e::text from audit_entry e")
        assert not any(CODE in row[0] for row in cursor)
    family, card = client_of(parent), at("contacts", child.pk)
    page = family.get(card).content.decode()
    assert (CODE in page, "5••••••••••" in page) == (False, True)
    assert CODE in family.post(at("own-codes", child.pk)).content.decode()
    assert Entry.objects.filter(kind="pupils.code.shown").count() == 1
    assert client_of(world.teacher).post(at("own-codes", child.pk)).status_code == 404

    assert '<html lang="en"' in family.get(card).content.decode()
    family.post(reverse("ui:language"), {"language": "et"})
    assert '<html lang="et"' in family.get(card).content.decode()
    with clock.standing_at(A_DAY + timedelta(days=400)):  # people are asked once a year
        invite()
    told = dict(Mail.objects.values_list("person", "subject"))
    english = told[world.teacher.pk]
    with translation.override("et"):
        assert told[parent.pk] == gettext(english) != english


@pytest.mark.parametrize("size", [1, 12])
def test_pages_ask_the_database_seldom(client_of: Enter, size: int) -> None:
    world = diary.world(pupils=size)
    parents = [schools.guardian(one.person) for one in world.pupils]
    head = head_of(world)
    for client, pages in (
        (
            client_of(parents[0]),
            (
                reverse("pupils:front"),
                at("contacts", world.pupil.person_id),
                at("class", world.school_class.pk),
            ),
        ),
        (
            strengthen(client_of(head)),
            (
                at("register", world.school.pk),
                at("pupil", world.pupil.pk),
                at("data", world.school.pk) + "?for=register",
            ),
        ),
    ):
        for address in pages:
            with CaptureQueriesContext(connection) as frame:
                client.get(reverse("ui:display"))
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            assert len(asked) - len(frame) <= AT_MOST, address
