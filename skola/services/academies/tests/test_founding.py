"""A customer founds an academy: in one form, all or nothing, and no other tenant is touched."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from skola.ground.people.models import Account, Person, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Host, Tenant
from skola.promises.policy.api import PolicyError, in_force
from skola.services.academies import policy
from skola.services.academies.actions import founding
from skola.services.academies.models import Academy, Agreement, Brand, Instruction, Subscription
from skola.services.academies.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.tenant("learnifier")]

TOLD = {
    "word": "Bergslag",
    "name": "Bergslags akademi",
    "tagline": "Det vi kan, lär vi ut",
    "accent": "#2F6F4F",
    "organisation": "Bergslags Verkstad AB",
    "number": "",
    "address": "Gruvgatan 3, 711 30 Lindesberg",
    "email": "personal@bergslag.example.org",
    "country": "SE",
    "language": "sv",
    "languages": ["en"],
    "days": "30",
    "agreed": "on",
}


def found_by_form(client: Client, **told: Any) -> Any:
    return client.post("/academies/new/", {**TOLD, **told})


def way_over(client: Client, **told: Any) -> str:
    """Found an academy, and return where the button leads that opens it."""
    page = client.get(found_by_form(client, **told)["Location"]).content.decode()
    found = re.search(r'class="button" href="([^"]+)"', page)
    assert found
    return found[1]


def test_within_the_session_the_academys_own_address_opens_with_its_administrator(
    client: Client, sign_in: Callable[[Account], Account]
) -> None:
    founder = sign_in(people.account(email="frida@example.org"))

    there = way_over(client)

    assert there.startswith("http://bergslag.learnifier.localhost/academies/arrivals/")
    academy = Client(HTTP_HOST="bergslag.learnifier.localhost")
    arrived = academy.get(there, follow=True)
    assert arrived.redirect_chain == [("/academies/own/", 302)]
    page = arrived.content.decode()
    assert "Bergslags akademi" in page
    assert "Learnifier" not in page
    made = Tenant.objects.get(slug="learnifier-bergslag")
    with inside(made.pk):
        (person,) = Person.objects.all()
        assert person.email == founder.email
        held = set(Role.objects.filter(person=person).values_list("kind", flat=True))
        assert held == {"administrator", "officer", "author"}
        assert Agreement.objects.get().days == 30
        assert Instruction.objects.get().kind == Instruction.Kind.FOUNDED


def test_the_way_over_is_open_once(client: Client, sign_in: Callable[[Account], Account]) -> None:
    sign_in(people.account())
    there = way_over(client)

    Client(HTTP_HOST="bergslag.learnifier.localhost").get(there)
    again = Client(HTTP_HOST="bergslag.learnifier.localhost").get(there)
    other = Client(HTTP_HOST="bergslag.learnifier.localhost").get("/academies/arrivals/forged/")

    assert again["Location"] == reverse("account_login")
    assert other["Location"] == reverse("account_login")


def test_what_was_founded_is_a_controller_of_its_own_with_a_published_policy(
    tenant: Tenant, policies: Path
) -> None:
    founded = make.founded(languages=("lt", "en"), country="LT", days=14)

    made = Tenant.objects.get(pk=founded.academy.client)
    assert (made.slug, made.operator_id) == ("learnifier-bergslag", tenant.pk)
    with inside(made.pk):
        policy = in_force(make.NOW).policy
        assert policy.controller.name == "Bergslags Verkstad AB"
        assert policy.policy.languages == ["lt", "en"]
        assert policy.policy.timezone == "Europe/Vilnius"
        (end,) = (rule for rule in policy.retention if rule.id == "end")
        assert end.at_most is not None
        assert end.at_most.period == "14 days"
        assert Brand.objects.get().organisation == "Bergslags Verkstad AB"
        assert list(Academy.objects.all()) == []
    assert sorted(one.name for one in (policies / made.slug).iterdir()) == [
        ".published",
        "2026-03-02.toml",
    ]
    assert Subscription.objects.get().days == 14


def test_every_language_and_country_gives_a_policy_without_faults() -> None:
    for number, country in enumerate(("SE", "LV", "LT", "EE")):
        founded = make.founded(
            word=f"all{number}", country=country, languages=("en", "lv", "lt", "et", "sv")
        )
        with inside(founded.academy.client):
            assert in_force(make.NOW).problems == ()


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("www", "beginning with a letter"),
        ("2fast", "beginning with a letter"),
        ("ab", "beginning with a letter"),
        ("a--b", "beginning with a letter"),
        ("taken", "is taken"),
        ("foreign", "is taken"),
    ],
)
def test_an_address_that_cannot_be_had_is_said_so(
    word: str,
    says: str,
    client: Client,
    tenant: Tenant,
    other_tenant: Tenant,
    sign_in: Callable[[Account], Account],
) -> None:
    make.founded(word="taken")
    Host.objects.create(name="foreign.learnifier.localhost", tenant=other_tenant)
    before = Tenant.objects.count()
    sign_in(people.account())

    page = found_by_form(client, word=word)

    assert page.status_code == 422
    assert says in page.content.decode()
    assert Tenant.objects.count() == before


def test_without_the_agreement_there_is_none(
    client: Client, sign_in: Callable[[Account], Account]
) -> None:
    sign_in(people.account())

    page = found_by_form(client, agreed="")

    assert page.status_code == 422
    assert not Academy.objects.exists()


def test_a_policy_that_the_lints_refuse_founds_nothing(
    tenant: Tenant, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(wanted: policy.Wanted, edition: policy.Edition) -> str:
        whole = policy.written(wanted, edition)
        return whole.replace(f'"art28: {wanted.reference}"', '"none"')

    monkeypatch.setattr(founding, "written", faulty)

    with pytest.raises(PolicyError), transaction.atomic():
        make.founded()

    assert not Tenant.objects.filter(operator=tenant).exists()
    assert not Academy.objects.exists()
    assert [one.name for one in policies.iterdir()] == ["learnifier"]


def test_the_functions_of_the_database_do_one_thing_each(tenant: Tenant, now: Any) -> None:
    academy = make.founded().academy

    def call(statement: str, *values: Any) -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()

    found = "select tenants_found(gen_random_uuid(), %s::text, 'X', %s::timestamptz)"
    with inside(academy.client), pytest.raises(DatabaseError, match="founds no others"):
        call(found, "below", now)
    with inside(None), pytest.raises(DatabaseError, match="founds no others"):
        call(found, "below", now)
    for word in ("evil.com", "A", "x y", "-ab", "ab-"):
        with pytest.raises(DatabaseError, match="No host name"):
            call(found, word, now)
    close = "select tenants_close(%s::uuid)"
    with inside(academy.client):
        assert call(close, tenant.pk) == (False,)
    assert call(close, tenant.pk) == (False,)
    assert call(close, academy.client) == (True,)
    assert call(close, academy.client) == (False,)
    assert Tenant.objects.get(pk=tenant.pk).is_active


def test_the_application_may_neither_make_nor_change_tenants() -> None:
    """What the walls grant, whatever a test database grants besides."""
    from skola.ground.db.walls import INSTALLATION_TABLES

    assert INSTALLATION_TABLES["tenants_tenant"] == "select"
    assert INSTALLATION_TABLES["tenants_host"] == "select"


def test_only_customers_found_and_only_where_the_policy_has_it(client: Client) -> None:
    assert client.get("/academies/new/")["Location"].startswith(reverse("account_login"))
    assert client.get("/academies/own/").status_code == 404


def test_the_name_and_the_colour_change_at_once_and_the_controller_with_notice() -> None:
    founded = make.founded()
    academy = Client(HTTP_HOST=founded.host)
    academy.get(founded.arrival)
    told = {key: TOLD[key] for key in ("tagline", "accent", "address", "email", "organisation")}
    told |= {"number": "SE-556000-0001"}

    renamed = academy.post("/academies/own/", {**told, "name": "Nya akademin"})

    assert renamed.status_code == 302
    assert "Nya akademin" in academy.get("/").content.decode()
    sold = academy.post(
        "/academies/own/", {**told, "name": "Nya akademin", "organisation": "Bergslag Syd AB"}
    )
    assert sold.status_code == 302
    page = academy.get("/academies/own/").content.decode()
    assert "takes effect on" in page
    from skola.ground import clock

    with inside(founded.academy.client):
        now = clock.now()
        assert in_force(now).policy.controller.name == "Bergslags Verkstad AB"
        later = in_force(now + timedelta(days=40)).policy
        assert later.controller.name == "Bergslag Syd AB"
        assert later.policy.classification == "material"


def test_the_academies_of_others_do_not_exist_for_a_customer(
    client: Client, sign_in: Callable[[Account], Account]
) -> None:
    others = make.founded(word="others")
    sign_in(people.account())

    assert client.get(f"/academies/{others.academy.pk}/").status_code == 404
    assert "others" not in client.get("/academies/mine/").content.decode()
    assert client.get("/academies/").status_code == 404


def test_staff_see_which_academies_there_are_in_few_queries(
    client: Client, sign_in: Callable[[Account], Account], django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        make.founded(word=f"number{number}", name=f"Academy {number}")
    staff = sign_in(people.account())
    people.role(staff.person, "support")

    client.get("/")  # the host is known from here on
    with django_assert_max_num_queries(8):
        page = client.get("/academies/").content.decode()

    assert [f"Academy {number}" in page for number in range(3)] == [True] * 3
