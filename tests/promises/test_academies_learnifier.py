"""Learnifier's promises about its clients and their academies, each as its check says."""

import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as real
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from skola.ground.db.walls import tenant_tables
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.services.academies.tests import make
from skola.services.courses.tests import make as courses
from skola.services.runs.models import Participant
from skola.services.runs.tests import make as runs
from tests.promises.keeping import keeps
from tests.promises.visiting import Site, log_in

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def policies(tenant: Tenant, tmp_path: Path, settings: Any) -> Path:
    """The operator's published policy, and beside it those of the academies of a test."""
    folder = tmp_path / "policies"
    shutil.copytree(Path(real.ROOT) / "policies" / "learnifier", folder / "learnifier")
    settings.POLICIES = folder
    return folder


def arrived(founded: make.Founded) -> Client:
    """The founder in the academy, just gone over."""
    client = Client(HTTP_HOST=founded.host)
    client.get(founded.arrival)
    return client


def entered(founded: make.Founded, account: Account) -> Client:
    """Somebody of the academy, signed in there."""
    client = Client(HTTP_HOST=founded.host)
    with inside(founded.academy.client):
        client.force_login(account)
    return client


@keeps("learnifier-cta")
@pytest.mark.browser
def test_a_new_client_founds_an_academy_and_is_in_it(
    page: Page, site: Site, account: Account
) -> None:
    log_in(page, site)
    page.goto(site.url("/academies/new/"))
    page.get_by_role("textbox", name="Organisation").fill("Bergslags Verkstad AB")
    page.get_by_role("textbox", name="Postal address").fill("Gruvgatan 3, 711 30 Lindesberg")
    page.get_by_label("E-mail for questions").fill("personal@bergslag.example.org")
    page.get_by_label("Name of the academy").fill("Bergslags akademi")
    page.get_by_label("Address on the web").fill("bergslag")
    page.get_by_label("What it is for").fill("Det vi kan, lär vi ut")
    page.get_by_label("Main language").select_option("en")
    page.get_by_label("agrees to the processing agreement").check()
    page.get_by_role("button", name="Found the academy").click()

    page.get_by_role("link", name="Open the academy").click()
    page.wait_for_url("http://bergslag.learnifier.localhost:*/academies/own/")
    expect(page.locator(".header-name")).to_contain_text("Bergslags akademi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bergslags akademi")
    expect(page.get_by_role("button", name="Save")).to_be_visible()


@keeps("learnifier-10.b")
def test_an_administrator_renames_the_organisation_and_nobody_else_does() -> None:
    founded = make.founded()
    administrator = arrived(founded)
    with inside(founded.academy.client):
        ordinary = entered(founded, people.account(email="ola@example.org"))
    told = {
        "name": "Nya akademin",
        "tagline": "Vi lär vidare",
        "accent": "#115511",
        "organisation": make.TOLD.organisation,
        "number": make.TOLD.number,
        "address": make.TOLD.address,
        "email": make.TOLD.email,
    }

    assert ordinary.post("/academies/own/", told).status_code == 404
    assert "Nya akademin" not in administrator.get("/").content.decode()
    assert administrator.post("/academies/own/", told).status_code == 302

    for path in ("/", "/privacy/", "/courses/mine/"):
        shown = ordinary.get(path).content.decode()
        assert "Nya akademin" in shown, path
        assert "Bergslags akademi" not in shown, path


def found_in(tenant: UUID, marker: str) -> set[str]:
    """The tables in which a tenant has a row that says this somewhere."""
    found = set()
    with inside(tenant), connection.cursor() as cursor:
        for table in sorted(tenant_tables(cursor)):
            said = f'select count(*) from "{table}" as one where one::text ilike %s'
            cursor.execute(said, [f"%{marker}%"])
            if cursor.fetchone() != (0,):
                found.add(table)
    return found


def bring(client: Client, run: Any, text: str) -> None:
    """A list is uploaded, looked at and confirmed."""
    upload = SimpleUploadedFile("list.csv", text.encode())
    page = client.post(f"/runs/{run.pk}/previews/", {"file": upload}).content.decode()
    sealed = re.search(r'name="list" value="([^"]+)"', page)
    assert sealed
    told = {"list": unescape(sealed[1])}
    assert client.post(f"/runs/{run.pk}/lists/", told).status_code == 302


@keeps("learnifier-12.a")
def test_people_on_a_clients_list_are_with_that_client_alone(tenant: Tenant) -> None:
    one, other = make.founded(), make.founded(word="annat")
    with inside(one.academy.client):
        run = runs.run(courses.course())
    marker = "kanariefagel"

    bring(arrived(one), run, f"given_name,family_name,email\nOla,Berg,{marker}@x.example\n")

    with inside(one.academy.client):
        (participant,) = Participant.objects.all()
        assert participant.person.email == f"{marker}@x.example"
        assert participant.person.source == "client"
    assert {"people_person", "people_account"} <= found_in(one.academy.client, marker)
    assert found_in(other.academy.client, marker) == set()
    assert found_in(tenant.pk, marker) == set()
    staff = people.account(email="staff@example.org")
    people.role(staff.person, "administrator")
    operator = Client(HTTP_HOST="learnifier.localhost")
    operator.force_login(staff)
    for path in ("/people/", f"/people/?q={marker}", "/academies/"):
        answer = operator.get(path)
        assert answer.status_code == 200
        assert f"{marker}@" not in answer.content.decode()
    assert "Ola Berg" in arrived_again(one).get(f"/runs/{run.pk}/").content.decode().replace(
        "Berg Ola", "Ola Berg"
    )


def arrived_again(founded: make.Founded) -> Client:
    """The founder, who was in the academy before."""
    with inside(founded.academy.client):
        account = Account.objects.exclude(last_login=None).get()
    return entered(founded, account)
