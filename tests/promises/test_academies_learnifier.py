"""Learnifier's promises about its clients and their academies, each as its check says."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.test import Client
from playwright.sync_api import Page, expect

from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.services.academies.tests import make
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
