"""What follows outside: recipients erase and correct, too; the person knows who was given what."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from skola.ground import clock
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.models import Disclosure, Telling
from skola.promises.rights.access.archive import write_archive
from skola.promises.rights.api import erase_person
from skola.promises.rights.models import Erasure
from skola.services.billing.tests import make as billing
from tests.promises.disclosing import OFFICE, Office
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, signed_in, working

A_DAY = timedelta(days=1)
NOTE = "They need it for the fair that she registered for."
Later = Callable[[float], None]


@pytest.fixture(autouse=True)
def later(db: None) -> Iterator[Later]:
    """Everything stands at ``AT``, and later when it is told how many days."""
    cache.clear()
    with ExitStack() as days:
        days.enter_context(clock.standing_at(AT))
        yield lambda number: days.enter_context(clock.standing_at(AT + number * A_DAY))
    cache.clear()


@pytest.fixture
def office(tenant: Tenant) -> Office:
    who = working(tenant, "officer")
    return Office(who)


@pytest.fixture
def ilze(tenant: Tenant) -> Person:
    person = customer().person
    billing.invoice(person)
    return person


@keeps("learnifier-8.b")
@pytest.mark.tenant("learnifier")
def test_the_case_of_an_erasure_closes_when_everybody_abroad_has_answered(
    tenant: Tenant, office: Office, ilze: Person, later: Later
) -> None:
    """A task for each foreign recipient; a confirmation, or a reason on record, settles it."""
    abroad = [
        office.party(
            rule,
            name,
            "agreement",
            "scc",
            country=country,
            email=f"{country.lower()}@processor.example",
        )
        for rule, name, country in (
            ("processor.hosting", "Servers Inc.", "US"),
            ("processor.data-quality", "Checks Ltd.", "IN"),
        )
    ]
    office.party("processor.payments", "Cards AB", "agreement", country="SE")
    later(31)
    given = office.pass_on(abroad[1], ilze, ground="contract")
    assert given.status_code == 200
    label = Disclosure.objects.get().label

    receipt = erase_person(ilze.pk, reason=Erasure.Reason.ASKED, by="officer", now=clock.now())

    tasks = Telling.objects.order_by("party__name")
    assert [one.party.name for one in tasks] == ["Checks Ltd.", "Servers Inc."]
    letter = Mail.objects.get(address="in@processor.example").text
    assert "radera det som ni har fått om en person" in letter  # the tenant's language
    assert "Vem det gäller: Ilze Kalniņa, ilze@example.org" in letter
    assert label in letter
    assert "ilze@example.org" in letter
    page = f"/office/promises/erasures/{receipt.code}/"
    assert "The case is open: 2 recipients have not confirmed." in said(office, page)
    settle(office, tasks[0], "confirmed", "Mail of 9 April")
    assert "The case is open: 1 recipient has not confirmed." in said(office, page)
    assert settle(office, tasks[1], "excused", "").status_code == 422  # no reason, no end
    settle(office, tasks[1], "excused", "Backups there end in June; contract 3.")
    assert "The case is closed" in said(office, page)


def said(office: Office, page: str) -> str:
    answer = office.who.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def settle(office: Office, task: Telling, answer: str, words: str) -> Any:
    place = f"{OFFICE}confirmations/{task.pk}/settlements/"
    return office.who.post(place, {"answer": answer, "words": words})


@keeps("ema-9.1.2-content")
@pytest.mark.tenant("ema")
def test_a_copy_names_who_was_given_something_within_a_year(
    tenant: Tenant, office: Office, ilze: Person, later: Later
) -> None:
    """Of 364 days ago it tells, of 366 it need not; the processors of today are all listed."""
    for number, name in ((0, "UAB Long Ago"), (2, "UAB Lately")):
        later(number)
        party = office.party("recipient.interest", name)
        assert office.pass_on(party, ilze, ground="interest", balance=NOTE).status_code == 200
    later(366)

    copy = io.BytesIO()
    write_archive(ilze.pk, copy, language="en", now=clock.now())

    with zipfile.ZipFile(copy) as archive:
        page = archive.read("index.html").decode()
    a_year = page[page.index('id="passed-on"') :]
    a_year = a_year[: a_year.index("</section>")]
    assert "UAB Lately" in a_year
    assert NOTE in a_year
    assert "UAB Long Ago" not in a_year
    assert "E-mail" in a_year  # which fields
    for processor in ("Cloud-server provider", "E-mail sending provider"):
        assert processor in page
    for heading in ("Why your data are used", "Where your data come from"):
        assert heading in page
    later(368)
    assert "Nothing." in said_to(tenant)


def said_to(tenant: Tenant) -> str:
    who = signed_in(tenant)
    return who.get("/account/privacy/passed-on/").content.decode()
