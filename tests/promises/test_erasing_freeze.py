"""From the freeze to the end of an erasure nobody reads the person's data, whoever died between."""

from datetime import timedelta

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.people.api import suspend_account
from skola.ground.people.models import Account, Person
from skola.ground.tenants.models import Tenant
from skola.promises.gate.api import Restriction, restrict
from skola.promises.rights.erasing import actions
from skola.promises.rights.erasing.actions import TAKEN_UP_AFTER, erase_person
from skola.promises.rights.erasing.freeze import WithdrawnError, freeze
from skola.promises.rights.erasing.probe import probe
from skola.promises.rights.models import Erasure
from skola.promises.rights.tasks import finish_frozen
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.desk.models import Enquiry
from skola.services.desk.tests import make as desk
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, signed_in
from tests.promises.test_access_pages import prove

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.usefixtures("standing")]
PLACE = "/office/promises/restrictions/"


@pytest.fixture
def account(tenant: Tenant) -> Account:
    """Somebody with an enquiry, whom a process that died has left frozen."""
    made = customer()
    desk.enquiry(person=made.person)
    return made


def leave_frozen(account: Account) -> Restriction:
    """What is left when the process dies after the freeze."""
    freeze(account.person_id, reason="court", by="staff", now=AT)
    return Restriction.objects.get(ground="erasure")


def test_who_is_frozen_is_not_there_and_cannot_come_in(tenant: Tenant, account: Account) -> None:
    own = signed_in(tenant)
    leave_frozen(account)

    assert not Person.objects.filter(pk=account.person_id).exists()
    assert not Enquiry.objects.exists()
    assert own.get("/account/").status_code == 302
    assert not log_in(browser(tenant))


def test_the_erasure_is_finished_after_ten_minutes_with_its_own_reason(account: Account) -> None:
    leave_frozen(account)

    with clock.standing_at(AT + TAKEN_UP_AFTER - timedelta(minutes=1)):
        finish_frozen()
    assert not Erasure.objects.exists()
    with clock.standing_at(AT + TAKEN_UP_AFTER + timedelta(minutes=1)):
        finish_frozen()
        finish_frozen()

    receipt = Erasure.objects.get()
    assert (receipt.reason, receipt.by) == ("court", "staff")
    assert receipt.finished_at is not None
    assert not Restriction.objects.exists()
    with reading_for(ENGINE):
        assert not Person.objects.filter(pk=account.person_id).exists()


def test_what_a_law_keeps_can_be_read_after_the_erasure(account: Account) -> None:
    billing.invoice(account.person, at=AT)
    erase_person(account.person_id, reason="asked", by="staff", now=AT)

    assert Invoice.objects.exists()
    assert not Restriction.objects.exists()


def test_before_it_is_granted_the_officer_can_withdraw_it(
    tenant: Tenant, officer: Client, account: Account
) -> None:
    left = leave_frozen(account)
    assert "is being erased" in officer.get(PLACE).content.decode()
    assert "Withdraw the erasure" in officer.get(f"{PLACE}{left.pk}/").content.decode()

    for _ in range(2):
        assert officer.post(f"{PLACE}{left.pk}/liftings/").status_code == 302

    assert Enquiry.objects.exists()
    assert log_in(browser(tenant))
    assert Entry.objects.filter(kind="gate.restriction.lifted").count() == 1
    with clock.standing_at(AT + timedelta(days=1)):
        finish_frozen()
    assert Enquiry.objects.exists()


def test_withdrawing_opens_no_suspended_account_and_lifts_no_restriction(
    officer: Client, account: Account
) -> None:
    suspend_account(account, reason="misuse", by="staff", now=AT)
    asked = restrict(account.person_id, reason="a case", ground="claim", by="staff", now=AT)
    left = leave_frozen(account)

    assert officer.post(f"{PLACE}{left.pk}/liftings/").status_code == 302

    with reading_for(ENGINE):
        assert not Account.objects.get(pk=account.pk).is_active
    assert Restriction.objects.get(lifted_at=None) == asked


def test_what_is_granted_and_begun_cannot_be_withdrawn(
    officer: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "TOGETHER", 0)

    def die(_person: object) -> int:
        raise ConnectionError

    monkeypatch.setattr(actions, "release_files", die)
    with pytest.raises(ConnectionError):
        erase_person(account.person_id, reason="asked", by="staff", now=AT)
    left = Restriction.objects.get()

    assert officer.post(f"{PLACE}{left.pk}/liftings/").status_code == 409
    assert not Person.objects.filter(pk=account.person_id).exists()


def test_an_erasure_withdrawn_as_it_begins_erases_nothing(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = probe

    def withdrawing(person: object) -> object:
        Restriction.objects.all().delete()
        return found(person)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "probe", withdrawing)
    with pytest.raises(WithdrawnError):
        erase_person(account.person_id, reason="asked", by="staff", now=AT)

    assert Enquiry.objects.exists()


def test_who_is_restricted_is_erased_by_the_officer_and_not_named(
    officer: Client, account: Account
) -> None:
    Person.objects.filter(pk=account.person_id).update(family_name="Slēptā")
    restrict(account.person_id, reason="a case", ground="claim", by="staff", now=AT)
    address = f"/office/promises/erasures/of/{account.person_id}/"
    prove(officer, address)

    assert "Slēptā" not in officer.get(address).content.decode()
    told = {"reason": "asked", "understood": "on"}
    assert officer.post(address, told).status_code == 302

    with reading_for(ENGINE):
        assert not Person.objects.filter(pk=account.person_id).exists()
