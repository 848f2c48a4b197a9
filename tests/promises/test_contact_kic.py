"""KIC: a changed address is used at once, and what it was before stays in the history."""

from datetime import timedelta

import pytest

from skola.ground import clock
from skola.ground.people.models import Person, ProfileChange
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import clock_missing, sweep
from tests.promises.keeping import keeps
from tests.promises.marketing import office, sent
from tests.promises.people import PASSWORD, browser, code_in, customer, latest_mail, log_in
from tests.promises.test_access import copy_of, text_of

OLD, NEW = "ilze@example.org", "ilze.new@example.org"


pytestmark = pytest.mark.usefixtures("standing")


@keeps("kic-cat-contact")
@pytest.mark.tenant("kic")
def test_a_new_address_is_written_to_at_once_and_the_old_one_is_history_until_its_term(
    tenant: Tenant,
) -> None:
    person = customer(OLD).person
    Person.objects.filter(pk=person.pk).update(email=OLD)
    staff, who = office(), browser(tenant)
    assert log_in(who, OLD)
    answer = who.post("/account/email/", {"email": NEW, "action_add": ""})
    if "reauthenticate" in answer.get("Location", ""):
        who.post(answer["Location"], {"password": PASSWORD})
    assert OLD in sent(staff, "notices", text="Your group begins."), "not before it is confirmed"

    who.post("/account/confirm-email/", {"code": code_in(latest_mail(NEW))})

    reached = sent(staff, "notices", text="The room has changed.")
    assert NEW in reached
    assert OLD not in reached
    history = who.get("/account/contact/").content.decode()
    assert f"E-mail: <strong>{OLD}</strong>" in history
    assert NEW in history
    assert OLD in text_of(copy_of(person))
    change = ProfileChange.objects.get()
    clock_missing(now=clock.now())
    change.refresh_from_db()
    assert change.due_at is not None
    sweep(now=change.due_at - timedelta(days=1))
    assert ProfileChange.objects.exists()
    sweep(now=change.due_at + timedelta(days=1))
    assert not ProfileChange.objects.exists()
