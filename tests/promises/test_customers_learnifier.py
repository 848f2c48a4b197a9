"""Learnifier as a processor: what its clients are told, direct, and decide for themselves."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.core.cache import cache
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from skola.ground import clock
from skola.ground.people.models import Account, Mail, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.services.academies.actions.subprocessors import TELL
from skola.services.academies.tasks import tell_of_subprocessor
from skola.services.academies.tests import make
from tests.promises.disclosing import Office
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, log_in, staff

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def policies(tenant: Tenant, tmp_path: Path, settings: Any) -> Iterator[None]:
    """The operator's published policy, and beside it those of the academies of a test."""
    cache.clear()
    folder = tmp_path / "policies"
    shutil.copytree(Path(real.ROOT) / "policies" / "learnifier", folder / "learnifier")
    settings.POLICIES = folder
    with clock.standing_at(AT):
        yield
    cache.clear()


def entered(founded: make.Founded, account: Account) -> Client:
    """Somebody of an academy, signed in there."""
    client = Client(HTTP_HOST=founded.host)
    with inside(founded.academy.client):
        client.force_login(account)
    return client


def administrators(founded: make.Founded) -> set[str]:
    with inside(founded.academy.client):
        holders = Role.objects.filter(kind="administrator").values("person")
        return set(Account.objects.filter(person__in=holders).values_list("email", flat=True))


@keeps("learnifier-3.2.d")
def test_every_client_administrator_is_told_of_a_new_sub_processor_and_instructions_are_logged(
    tenant: Tenant,
) -> None:
    """With the day on which it begins; what works on no client's data is announced to none."""
    first = make.founded(people.account(email="karin@client.example"), now=AT)
    second = make.founded(people.account(email="ola@other.example"), word="falun", now=AT)
    with inside(second.academy.client):
        helper = people.account(email="helper@other.example")
        people.role(helper.person, "administrator")
        people.account(email="learner@other.example")
    officer = browser(tenant)
    assert log_in(officer, staff("officer").email)
    office = Office(officer)

    party = office.party("processor.hosting", "Molnet AB", "agreement", country="SE")
    office.party("processor.payments", "Cards AB", "agreement", country="SE")

    party.refresh_from_db()
    begins = AT + timedelta(days=30)
    assert party.active_from is not None
    assert party.active_from.date() >= begins.date()
    run_jobs()
    run_jobs()  # twice tells nobody twice
    told = {
        mail.address: mail.text
        for academy in (first, second)
        for mail in mails(academy)
        if "Molnet AB" in mail.text
    }
    assert set(told) == administrators(first) | administrators(second)
    assert set(told) == {"karin@client.example", "ola@other.example", "helper@other.example"}
    assert all("From 2 April 2026 on Molnet AB works" in text for text in told.values())
    assert not any("Cards AB" in mail.text for one in (first, second) for mail in mails(one))

    karin = entered(first, account_in(first, "karin@client.example"))
    assert "A new sub-processor" in page(karin, "/")
    changed = {
        "name": "Nya akademin",
        **{
            name: getattr(make.TOLD, name)
            for name in ("tagline", "accent", "organisation", "number", "address", "email")
        },
    }
    assert karin.post("/academies/own/", changed).status_code == 302
    log = page(karin, "/academies/own/agreement/")
    by_name, _, said = log.partition('id="said"')
    assert "Molnet AB" in by_name
    row = next(one for one in said.split("<tr>") if "Nya akademin" in one)
    with inside(first.academy.client):
        who = account_in(first, "karin@client.example").person.name
    assert who in row
    assert "Bergslags akademi → Nya akademin" in row
    other = entered(second, account_in(second, "ola@other.example"))
    assert "Nya akademin" not in page(other, "/academies/own/agreement/")


def run_jobs() -> None:
    """Do what was queued for the clients, as the worker does."""
    for job in ProcrastinateJob.objects.filter(task_name=TELL):
        tell_of_subprocessor(**job.args["values"])


def mails(founded: make.Founded) -> list[Mail]:
    with inside(founded.academy.client):
        return list(Mail.objects.all())


def account_in(founded: make.Founded, email: str) -> Account:
    with inside(founded.academy.client):
        return Account.objects.select_related("person").get(email=email)


def page(who: Client, address: str) -> str:
    answer = who.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("&#39;", "'")
