"""eKool: no role of the staff opens anything before its holder has undertaken confidentiality."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Account, Role
from skola.ground.tenants.models import Tenant
from skola.services.undertakings.actions import ask_everybody
from skola.services.undertakings.models import Undertaking
from skola.web.tasks import close_accounts
from tests.promises.asking import text
from tests.promises.editing import Folder, edited
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, working

pytestmark = [pytest.mark.tenant("ekool"), pytest.mark.usefixtures("standing")]
SIGN = reverse("undertakings:sign")
REGISTER = reverse("undertakings:register")
DATA = ("/people/", "/desk/queue/")
"""Pages on which somebody of the support sees data of customers."""


def employ(office: Client, email: str = "kadri@example.org") -> Account:
    """An administrator gives somebody who has an account the role of the support."""
    account = customer(email)
    given = {"kind": "support"}
    answer = office.post(reverse("web:people:grant", args=[account.person_id]), given)
    assert answer.status_code == 302, answer.content.decode()
    return account


def codes(who: Client) -> set[int]:
    """How the pages with data of customers answer."""
    return {who.get(page).status_code for page in DATA}


@keeps("ekool-2.5-confidential")
def test_without_a_signature_a_role_opens_nothing_and_the_signature_outlives_the_account(
    tenant: Tenant,
) -> None:
    office = working(tenant)
    account = employ(office)
    who = browser(tenant)
    assert log_in(who, account.email)

    assert codes(who) == {403}
    assert "sign" in who.get(DATA[0]).content.decode()
    assert SIGN in text(who, "/"), "the first page asks for it"
    assert "use it for my work only" in text(who, SIGN)
    assert who.post(SIGN, {"name": "Somebody Else"}).status_code == 409
    assert codes(who) == {403}

    assert who.post(SIGN, {"name": account.person.name}).status_code == 302
    assert codes(who) == {200}
    assert SIGN not in text(who, "/")
    kept = Undertaking.objects.get()
    assert (kept.version, kept.signed_at.date()) == ("1", AT.date())

    Account.objects.filter(pk=account.pk).update(closes_at=AT)
    with clock.standing_at(AT + timedelta(days=2)):
        close_accounts()
        assert not log_in(browser(tenant), account.email)
        listed = text(working_again(tenant), REGISTER)
    assert (kept.name in listed, "2 Mar 2026" in listed) == (True, True)


def working_again(tenant: Tenant) -> Client:
    """The browser of the administrator on a later day."""
    who = browser(tenant)
    assert log_in(who, "administrator@example.org")
    return who


@keeps("ekool-2.5-confidential")
def test_a_breach_is_an_incident_that_names_the_employee(tenant: Tenant) -> None:
    account = employ(working(tenant))
    officer = working(tenant, "officer")
    told = {
        "title": "Marks were told on",
        "what": "A class list was shown to a stranger.",
        "on": f"{AT:%Y-%m-%d}",
        "at": "08:00",
        "is_breach": "on",
        "employee": "nobody@example.org",
    }
    new = reverse("incidents:new")
    assert officer.post(new, told).status_code == 422, "nobody of the staff has this address"
    noted = officer.post(new, {**told, "employee": account.email})
    assert noted.status_code == 302
    page = text(officer, noted["Location"])
    assert "Employee who broke the rules" in page
    assert account.person.name in page


def test_roles_that_were_there_and_a_new_version_ask_for_it_too(
    tenant: Tenant, folder: Folder
) -> None:
    office = working(tenant)
    who = browser(tenant)
    assert log_in(who, employ(office).email)
    who.post(SIGN, {"name": Account.objects.get(email="kadri@example.org").person.name})
    ask_everybody(now=clock.now())
    assert codes(who) == {200}
    assert office.get(REGISTER).status_code == 403, "the administrator has not signed"

    (file,) = folder.published.glob("ekool/*.toml")
    changed = ('version = "1"\ntext.en', 'version = "2"\ntext.en')
    file.write_text(edited(file.read_text(), [changed]))
    ask_everybody(now=clock.now())

    assert codes(who) == {403}
    assert who.post(SIGN, {"name": "  kadri  "}).status_code == 409


@pytest.mark.tenant("kic")
def test_where_the_policy_asks_for_none_nobody_signs(tenant: Tenant) -> None:
    who = working(tenant, "support")
    assert who.get(SIGN).status_code == 404
    ask_everybody(now=clock.now())
    assert not Role.objects.filter(is_unsigned=True).exists()
