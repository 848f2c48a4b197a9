"""The people's administration, as those who work here meet it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Account, Guardianship, Mail, Person, Role
from skola.ground.people.tests import make
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant

Enter = Callable[[Account], Account]
TABS = ("", "roles/", "guardians/", "security/", "clocks/")


@pytest.fixture
def enter(sign_in: Enter) -> Callable[[str], Account]:
    """Sign in as a holder of a role."""

    def as_(kind: str) -> Account:
        account = make.account()
        Role.objects.create(person=account.person, kind=kind, starts_at=make.A_DAY)
        return sign_in(account)

    return as_


@pytest.mark.parametrize("people", [1, 60])
def test_the_list_has_a_page_of_fifty_in_eight_queries(
    client: Client, enter: Callable[[str], Account], people: int
) -> None:
    enter("administrator")
    for number in range(people):
        made = make.account(email=f"p{number}@example.org")
        make.role(made.person, "learner")
    client.get("/people/")

    with CaptureQueriesContext(connection) as asked:
        page = client.get("/people/").content.decode()

    told = [one["sql"] for one in asked if "set_config" not in one["sql"]]
    assert len(told) <= 8 + 1, "\n".join(told)  # one more for the desk's count in the rail
    assert page.count("/people/0") == min(people + 1, 50)


@pytest.mark.parametrize("words", ["ann", "Berz", "anna@", "2000", "anna berz"])
def test_people_are_found_by_any_part(
    client: Client, enter: Callable[[str], Account], words: str
) -> None:
    enter("officer")
    found = make.person(given_name="Anna", family_name="Berzina", email="anna@example.org")
    Person.objects.filter(pk=found.pk).update(phone="+371 2000")
    make.person(given_name="Olga", family_name="Liepa")

    page = client.get("/people/", {"q": words}).content.decode()

    assert "Anna Berzina" in page
    assert "Olga Liepa" not in page


@pytest.mark.parametrize("tab", TABS)
def test_administrators_and_officers_see_every_tab(
    client: Client, enter: Callable[[str], Account], tab: str
) -> None:
    shown = make.account().person
    for kind in ("administrator", "officer"):
        enter(kind)
        assert client.get(f"/people/{shown.pk}/{tab}").status_code == 200


def test_support_sees_how_to_reach_people_and_no_more(
    client: Client, enter: Callable[[str], Account]
) -> None:
    enter("support")
    shown = make.account(email="ilze@example.org").person
    Person.objects.filter(pk=shown.pk).update(birth_on="1990-02-03")

    page = client.get(f"/people/{shown.pk}/").content.decode()

    assert "ilze@example.org" in page
    assert "1990" not in page
    assert [client.get(f"/people/{shown.pk}/{tab}").status_code for tab in TABS[1:]] == [404] * 4


@pytest.mark.parametrize("kind", ["learner", "author", "finance", "recruiter"])
def test_for_others_there_is_no_administration(
    client: Client, enter: Callable[[str], Account], kind: str
) -> None:
    enter(kind)
    shown = make.account().person

    answers = {client.get(f"/people/{shown.pk}/{tab}").status_code for tab in TABS}
    answers.add(client.get("/people/").status_code)
    answers.add(client.post(f"/people/{shown.pk}/suspensions/").status_code)

    assert answers == {404}


def test_a_person_of_another_tenant_does_not_exist(
    client: Client, enter: Callable[[str], Account], other_tenant: Tenant
) -> None:
    with inside(other_tenant.pk):
        stranger = make.account().person
    enter("administrator")

    answers = {client.get(f"/people/{stranger.pk}/{tab}").status_code for tab in TABS}
    answers |= {
        client.post(f"/people/{stranger.pk}/{act}/").status_code
        for act in ("suspensions", "reinstatements", "findings", "roles/granted")
    }

    assert answers == {404}


def test_a_role_is_given_until_its_last_day_and_ended(
    client: Client, enter: Callable[[str], Account]
) -> None:
    enter("administrator")
    person = make.account().person

    form = {"kind": "author", "ends_on": "2099-12-31"}
    assert client.post(f"/people/{person.pk}/roles/granted/", form).status_code == 302

    role = Role.objects.get(person=person)
    assert role.ends_at == datetime.fromisoformat("2099-12-31T22:00:00+00:00")
    client.post(f"/people/{person.pk}/roles/{role.pk}/endings/")
    role.refresh_from_db()
    assert role.ends_at is not None
    assert role.ends_at <= clock.now()
    assert set(Entry.objects.values_list("kind", flat=True)) >= {
        "people.role.granted",
        "people.role.ended",
    }


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "king"},
        {"kind": "author", "ends_on": "2001-01-01"},
        {"kind": "author", "scope": "courses.course"},
        {"kind": "author", "scope": "courses.course", "scope_id": "not one"},
    ],
)
def test_a_role_that_makes_no_sense_is_refused(
    client: Client, enter: Callable[[str], Account], form: dict[str, str]
) -> None:
    enter("administrator")
    person = make.account().person

    assert client.post(f"/people/{person.pk}/roles/granted/", form).status_code == 422
    assert list(Role.objects.filter(person=person)) == []


def test_nobody_gives_a_role_to_themselves_and_officers_give_none(
    client: Client, enter: Callable[[str], Account]
) -> None:
    me = enter("administrator")
    form = {"kind": "officer"}
    assert client.post(f"/people/{me.person_id}/roles/granted/", form).status_code == 403
    assert client.post(f"/people/{me.person_id}/suspensions/", form).status_code == 403
    enter("officer")
    assert client.post(f"/people/{me.person_id}/roles/granted/", form).status_code == 404
    assert Role.objects.filter(person=me.person).count() == 1


@pytest.mark.tenant("ekool")
def test_the_invited_come_in_with_a_code(client: Client, enter: Callable[[str], Account]) -> None:
    enter("administrator")
    form = {
        "given_name": "Mari",
        "family_name": "Tamm",
        "email": "Mari@example.org",
        "language": "et",
        "kind": "instructor",
    }

    assert client.post("/people/new/", form).status_code == 302

    mail = Mail.objects.get(address="mari@example.org")
    assert "/account/login/code/" in mail.text
    invited = Account.objects.get(email="mari@example.org")
    assert not invited.has_usable_password()
    assert Role.objects.get(person=invited.person).kind == "instructor"
    assert client.post("/people/new/", form).status_code == 422


@pytest.mark.tenant("ilearn")
def test_nobody_is_invited_where_the_policy_does_not_say_so(
    client: Client, enter: Callable[[str], Account]
) -> None:
    enter("administrator")

    assert client.get("/people/new/").status_code == 404


def test_a_guardian_stands_only_once_proven_and_until_the_end(
    client: Client, enter: Callable[[str], Account]
) -> None:
    enter("officer")
    child, parent = make.person(), make.person(email="parent@example.org")
    named = {"email": parent.email, "powers": ["see"]}

    client.post(f"/people/{child.pk}/guardians/named/", named)
    link = Guardianship.objects.get()
    assert not link.stands_at(clock.now())
    client.post(f"/people/{child.pk}/guardians/{link.pk}/proofs/", {"proof": "register"})
    link.refresh_from_db()
    assert link.stands_at(clock.now())
    client.post(f"/people/{child.pk}/guardians/{link.pk}/endings/")
    link.refresh_from_db()
    assert not link.stands_at(clock.now())
    client.post(f"/people/{child.pk}/guardians/named/", named)
    link.refresh_from_db()
    assert (link.proof, link.verified_at) == ("", None)
