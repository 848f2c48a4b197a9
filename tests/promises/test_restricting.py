"""An officer restricts somebody's data, tells them that it ends, and lifts it; nobody reads them.

Everything from outside: the officer's pages, the person's own, the people's search, the post.
"""

import re
from datetime import timedelta

import pytest
from django.core import mail as post
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.mail import send
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.gate.api import Restriction, restrict
from skola.promises.notices.actions import tell_of_changes
from skola.promises.rights.access.actions import write_export
from skola.promises.rights.models import Export
from skola.services.briefings.tests import make as briefings
from skola.services.desk.tests import make as desk
from tests.promises.editing import Folder
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, log_in, signed_in, working
from tests.promises.test_access_pages import prove

PLACE = "/office/promises/restrictions/"
SAID = {
    "ground": "accuracy",
    "asked_by": "person",
    "asked_on": f"{AT:%Y-%m-%d}",
    "reason": "Case 12/2026",
}


pytestmark = pytest.mark.usefixtures("standing")


def restricted(officer: Client, person: Person, **changes: str) -> Restriction:
    """Restrict somebody by the officer's pages."""
    found = officer.post(PLACE, {"email": person.email})
    assert found["Location"] == f"{PLACE}of/{person.pk}/"
    done = officer.post(found["Location"], {**SAID, **changes})
    made = Restriction.objects.get(lifted_at=None)
    assert done["Location"] == f"{PLACE}{made.pk}/"
    return made


def text(who: Client, address: str) -> str:
    return who.get(address).content.decode()


def arrive() -> list[str]:
    """Let the post go out; return what it says."""
    with reading_for(ENGINE):
        waiting = [(row.pk, row.text) for row in Mail.objects.filter(text__contains="restrict")]
    for pk, _said in waiting:
        with reading_for(ENGINE):
            about = Restriction.objects.latest("since_at").about
        assert send(pk, about=about, now=clock.now())
    return [said for _pk, said in waiting]


MAILED = ('publish_in = ["account", "site"]', 'publish_in = ["site"]\nalso_notify = ["email"]')


def publish_change(
    settings: Settings, tmp_path: object, tenant: Tenant, *edits: tuple[str, str]
) -> None:
    """A version that everybody with an account is written about."""
    folder = Folder(tmp_path, tenant.slug)  # type: ignore[arg-type]
    settings.POLICIES = folder.published
    draft = folder.version("next", *edits, effective=AT + timedelta(days=90), published=AT)
    folder.publish(draft, now=AT)


@keeps("ilearn-23.d")
@pytest.mark.tenant("ilearn")
def test_who_is_restricted_is_left_out_gets_a_copy_and_is_told_before_it_ends(
    tenant: Tenant, officer: Client, settings: Settings, tmp_path: object
) -> None:
    account, other = customer(), customer("anna@example.org")
    Account.objects.update(created_at=AT - timedelta(days=90))
    desk.enquiry(person=account.person, body="Where is my invoice?")
    assert "ilze@example.org" in text(officer, "/people/?q=ilze")

    made = restricted(officer, account.person)

    assert "ilze@example.org" not in text(officer, "/people/?q=ilze")
    assert str(account.person_id) not in text(officer, "/people/")
    assert officer.get(f"/people/{account.person_id}/").status_code == 404
    publish_change(settings, tmp_path, tenant, MAILED)
    tell_of_changes(AT)
    with reading_for(ENGINE):
        written = set(Mail.objects.values_list("address", flat=True))
    assert (other.email in written, account.email in written) == (True, False)

    own = signed_in(tenant)
    own.post(prove(own, "/account/copies/"), {"kind": "access", "language": "en"})
    export = Export.objects.get() if Export.objects.exists() else None
    assert export is None, "a copy is the person's own, too"
    with reading_for(ENGINE):
        write_export(Export.objects.get().pk, now=AT)
        assert Export.objects.get().records > 0

    lift = f"{PLACE}{made.pk}/liftings/"
    assert officer.post(lift).status_code == 409
    assert officer.post(f"{PLACE}{made.pk}/notices/").status_code == 302
    assert officer.post(lift).status_code == 409, "a notice that has not arrived is none"
    (said,) = arrive()
    assert "being checked" in said
    assert account.email in post.outbox[-1].to
    assert officer.post(lift).status_code == 302
    assert "ilze@example.org" in text(officer, "/people/?q=ilze")
    assert officer.post(lift).status_code == 302, "a second click changes nothing"
    kinds = Entry.objects.filter(kind__startswith="gate.").order_by("at", "id")
    assert [entry.kind.rpartition(".")[2] for entry in kinds] == ["placed", "told", "lifted"]
    assert {entry.by for entry in kinds}.isdisjoint({"system", "visitor"})


@keeps("ema-9.1.3")
@pytest.mark.tenant("ema")
def test_suspended_processing_keeps_storage_only(tenant: Tenant, officer: Client) -> None:
    account = customer()
    restricted(officer, account.person, ground="unlawful", asked_by="authority")

    for address in ("/people/?q=ilze", f"/people/{account.person_id}/", PLACE):
        assert "ilze@example.org" not in text(officer, address)
    assert not Person.objects.filter(pk=account.person_id).exists()
    with reading_for("training"):
        assert not Account.objects.filter(pk=account.pk).exists()
    with reading_for(ENGINE):
        assert Account.objects.get(pk=account.pk).email == "ilze@example.org"


@keeps("ema-6.4")
@pytest.mark.tenant("ema")
def test_who_is_being_verified_is_in_no_mail_and_no_report_until_it_is_confirmed(
    tenant: Tenant, officer: Client, settings: Settings, tmp_path: object
) -> None:
    works = briefings.works(manager=customer("manager@example.org").person)
    briefings.sign(works)
    doubted, company = works.employee.person, works.company
    Account.objects.update(created_at=AT - timedelta(days=90))
    manager = signed_in(tenant, "manager@example.org")
    reports = (f"/workforce/{company.pk}/", f"/briefings/{company.pk}/journal/")

    def reported(name: str) -> list[bool]:
        return [name in text(manager, report) for report in reports]

    assert reported("Jonaitė1") == [True, True]

    made = restricted(officer, doubted, ground="accuracy", asked_by="controller")

    assert reported("Jonaitė1") == [False, False]
    assert reported("Jonaitė2")[0], "others stay in the list"
    publish_change(settings, tmp_path, tenant)
    tell_of_changes(AT)
    with reading_for(ENGINE):
        written = set(Mail.objects.values_list("address", flat=True))
    assert ("manager@example.org" in written, doubted.email in written) == (True, False)

    assert officer.post(f"{PLACE}{made.pk}/notices/").status_code == 302
    arrive()
    assert officer.post(f"{PLACE}{made.pk}/liftings/").status_code == 302
    assert reported("Jonaitė1") == [True, True]
    kinds = set(Entry.objects.filter(kind__startswith="gate.").values_list("kind", flat=True))
    assert {"gate.restriction.placed", "gate.restriction.lifted"} <= kinds


@pytest.mark.tenant("ilearn")
def test_the_person_sees_it_in_their_account_why_and_since_when(
    tenant: Tenant, officer: Client
) -> None:
    account = customer()
    own = signed_in(tenant)
    assert "Your data are restricted" not in text(own, "/account/")

    restricted(officer, account.person, ground="objection")

    page = text(own, "/account/")
    assert "Your data are restricted" in page
    assert "There is an objection; it is being weighed." in page
    assert "Asked for by: the person." in page
    assert "Case 12/2026" not in page
    assert "Your data are restricted" not in text(officer, "/account/")


@pytest.mark.tenant("ilearn")
def test_who_has_no_address_is_told_in_another_way_and_that_is_recorded(
    tenant: Tenant, officer: Client
) -> None:
    person = make.person(family_name="Postova")
    Person.objects.filter(pk=person.pk).update(email="")
    assert officer.post(f"{PLACE}of/{person.pk}/", SAID).status_code == 302
    made = Restriction.objects.get()
    here = f"{PLACE}{made.pk}/"

    assert officer.post(f"{here}notices/").status_code == 409
    assert "Postova" not in text(officer, here)
    looked = officer.post(f"{here}looks/").content.decode()
    assert "Postova" in looked
    assert Entry.objects.filter(kind="gate.restriction.opened").count() == 1
    told = {"how": "letter", "on": f"{AT:%Y-%m-%d}"}
    for wrong in ({"how": "mail"}, {"on": "2001-01-01"}, {"on": "2999-01-01"}, {"how": ""}):
        assert officer.post(f"{here}tellings/", {**told, **wrong}).status_code == 422
    assert officer.post(f"{here}liftings/").status_code == 409
    assert officer.post(f"{here}tellings/", told).status_code == 302
    assert "Told by letter" in text(officer, here)
    assert officer.post(f"{here}liftings/").status_code == 302
    assert Person.objects.filter(pk=person.pk).exists()


@pytest.mark.tenant("ilearn")
def test_a_second_click_restricts_tells_and_lifts_once(tenant: Tenant, officer: Client) -> None:
    account = customer()
    made = restricted(officer, account.person)
    again = officer.post(f"{PLACE}of/{account.person_id}/", {**SAID, "ground": "claim"})
    assert again["Location"] == f"{PLACE}{made.pk}/"
    for _ in range(2):
        assert officer.post(f"{PLACE}{made.pk}/notices/").status_code == 302

    assert Restriction.objects.get().ground == "accuracy"
    assert len(arrive()) == 1
    assert Entry.objects.filter(kind="gate.restriction.told").count() == 1
    assert officer.post(PLACE, {"email": account.email}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": ""},
        {"ground": "erasure"},
        {"asked_by": "nobody"},
        {"asked_on": "2999-01-01"},
        {"reason": ""},
        {"until_on": "2001-01-01"},
    ],
)
@pytest.mark.tenant("ilearn")
def test_a_restriction_that_makes_no_sense_is_refused(
    tenant: Tenant, officer: Client, wrong: dict[str, str]
) -> None:
    person = make.person()
    assert officer.post(f"{PLACE}of/{person.pk}/", {**SAID, **wrong}).status_code == 422
    assert officer.post(PLACE, {"email": "nobody@example.org"}).status_code == 422
    assert not Restriction.objects.exists()


@pytest.mark.tenant("ilearn")
def test_the_officer_is_reminded_on_the_day_and_nothing_is_lifted_by_itself(
    tenant: Tenant, officer: Client
) -> None:
    soon = AT + timedelta(days=7)
    restricted(officer, make.person(), until_on=f"{soon:%Y-%m-%d}")
    assert "looked at again" not in text(officer, "/")
    with clock.standing_at(soon):
        assert log_in(officer, "officer@example.org")
        assert "A restriction is to be looked at again" in text(officer, "/")
        assert re.search(r'status-waiting">.*?9 Mar', text(officer, PLACE), re.DOTALL)
    assert Restriction.objects.get().lifted_at is None


@pytest.mark.parametrize("number", [1, 6])
@pytest.mark.tenant("ilearn")
def test_the_list_asks_the_same_however_many_are_restricted(
    tenant: Tenant, officer: Client, number: int
) -> None:
    for _ in range(number):
        restrict(make.person().pk, reason="a case", ground="claim", by="staff", now=AT)
    Restriction.objects.update(told_how="mail", told_at=AT)
    officer.get(PLACE)

    with CaptureQueriesContext(connection) as asked:
        assert officer.get(PLACE).content.decode().count("a case") == number

    told = [one["sql"] for one in asked if "set_config" not in one["sql"]]
    assert len(told) <= 8, "\n".join(told)


@pytest.mark.tenant("ilearn")
def test_restrictions_are_the_officers_alone(tenant: Tenant) -> None:
    account = customer()
    made = restrict(account.person_id, reason="a case", ground="claim", by="staff", now=AT)
    helper = working(tenant, "support")
    for address in ("", f"{made.pk}/", f"of/{account.person_id}/"):
        assert helper.get(f"{PLACE}{address}").status_code == 404
    for act in ("looks", "notices", "tellings", "liftings"):
        assert helper.post(f"{PLACE}{made.pk}/{act}/").status_code == 404
    assert "Restrict the data" not in text(helper, f"/people/{make.person().pk}/")
