"""Learnifier as a processor: what its clients are told, direct, and decide for themselves."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as real
from django.core.cache import cache
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Account, Informed, Mail, Person, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.policy.api import in_force
from skola.promises.retention.api import clock_of, sweep
from skola.services.academies.actions.subprocessors import TELL
from skola.services.academies.models import OwnAnswer, OwnField
from skola.services.academies.tasks import tell_of_subprocessor
from skola.services.academies.tests import make
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.desk.models import Enquiry
from skola.web.tasks import close_accounts
from tests.promises.disclosing import Office
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import (
    PASSWORD,
    browser,
    customer,
    latest_mail,
    log_in,
    sign_up,
    staff,
    working,
)

CLOSING = "/account/closing/"
OWN, FIELDS = "/academies/own/", "/academies/own/fields/"
SIZE = {
    "label": "Size of protective boots",
    "purpose": "To order boots for the workshop",
    "days": "30",
}
STOCKHOLM = ZoneInfo("Europe/Stockholm")

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
    officer = working(tenant, "officer")
    office = Office(officer)

    party = office.party("processor.hosting", "Molnet AB", "agreement", country="SE")
    office.party("processor.payments", "Cards AB", "agreement", country="SE")

    party.refresh_from_db()
    begins = AT + timedelta(days=30)
    assert party.active_from is not None
    assert party.active_from.date() >= begins.date()
    run_jobs()
    run_jobs()  # twice tells nobody twice
    letters = [one for academy in (first, second) for one in mails(academy)]
    told = {mail.address: mail.text for mail in letters if "Molnet AB" in mail.text}
    assert len([mail for mail in letters if "Molnet AB" in mail.text]) == len(told)
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


@keeps("learnifier-10.d")
def test_a_closed_account_lets_nobody_in_after_its_day_and_its_data_follow_the_end_of_accounts(
    tenant: Tenant,
) -> None:
    """By its owner or, after a mail, by an administrator; another account stays as it is."""
    ilze, anna = customer(), customer("anna@example.org")
    other = customer("other@example.org")
    mine, office = browser(tenant), browser(tenant)
    assert log_in(mine)
    assert log_in(office, staff("administrator").email)
    last = AT + timedelta(days=10)
    day = {"last_on": f"{last:%Y-%m-%d}"}

    shown = page(mine, CLOSING)
    assert "A copy of my data" in shown
    asked = mine.post(CLOSING, day)
    assert asked["Location"].startswith("/account/reauthenticate/")
    mine.post("/account/reauthenticate/", {"password": PASSWORD, "next": CLOSING})
    assert mine.post(CLOSING, {"last_on": "2020-01-01"}).status_code == 422
    assert mine.post(CLOSING, day).status_code == 302
    assert "closes at the end of 12 March 2026" in latest_mail(ilze.email).text
    assert office.post(f"/people/{anna.person_id}/closings/", day).status_code == 302
    assert mine.post(f"{CLOSING}keeping/").status_code == 302
    assert mine.post(CLOSING, day).status_code == 302

    end = clock.last_second(last.date(), STOCKHOLM)
    with clock.standing_at(end - timedelta(seconds=30)):  # the clock runs on
        assert log_in(browser(tenant))
        assert mine.get("/account/").status_code == 200
    after = end + timedelta(seconds=1)
    with clock.standing_at(after):
        answer = browser(tenant).post(
            "/account/login/", {"login": ilze.email, "password": PASSWORD}
        )
        assert answer.status_code == 403
        for refused in (ilze, anna):
            assert not log_in(browser(tenant), refused.email)
        assert mine.get("/account/").status_code == 302
        assert log_in(browser(tenant), other.email)
        close_accounts()
        close_accounts()
        assert not log_in(browser(tenant), ilze.email)
    sweep(now=after + timedelta(days=29))
    assert Account.objects.filter(pk=ilze.pk).exists()
    sweep(now=after + timedelta(days=31))
    left = set(Account.objects.filter(pk__in=[ilze.pk, anna.pk, other.pk]))
    assert left == {other}
    known = set(Person.objects.values_list("email", flat=True))
    assert ilze.email not in known
    assert anna.email not in known
    assert other.email in known


@keeps("learnifier-3.1")
def test_leads_and_learners_of_the_operator_are_in_its_own_tenant_under_its_own_policy(
    tenant: Tenant,
) -> None:
    """What is asked and taken there is the operator's; what is at a client is the client's."""
    founded = make.founded(
        people.account(email="karin@client.example"), now=AT - timedelta(hours=1)
    )
    course = courses.course()
    lead, learner = browser(tenant), browser(tenant)
    told = {
        "topic": "service",
        "given_name": "Lea",
        "family_name": "Lind",
        "email": "lead@example.org",
        "body": "What does an academy cost?",
    }
    send_enquiry(lead, told)
    assert sign_up(learner, born="1990-01-01", email="learner@example.org") is not None
    assert log_in(learner, "learner@example.org", "nobody guesses this one")
    assert learner.post(f"/courses/{course.slug}/enrolments/").status_code == 302
    at_client = entered(founded, account_in(founded, "karin@client.example"))
    send_enquiry(at_client, told)

    def here() -> tuple[set[str], set[str]]:
        taking = Enrolment.objects.values_list("person__email", flat=True)
        return set(Enquiry.objects.values_list("email", flat=True)), set(taking)

    assert here() == ({"lead@example.org"}, {"learner@example.org"})
    with inside(founded.academy.client):
        assert here() == ({"karin@client.example"}, set())
    account = Account.objects.get(email="learner@example.org")
    binding = in_force(AT)
    assert (binding.policy.policy.tenant, binding.policy.policy.version) == (
        "learnifier",
        "2018-05-03",
    )
    seen = Informed.objects.filter(person=account.person).values_list("digest", flat=True)
    assert set(seen) == {binding.hash}
    rules = {
        row.rule
        for row in (
            clock_of(Enquiry.objects.get(), now=AT),
            clock_of(Enrolment.objects.get(), now=AT),
        )
        if row is not None
    }
    assert rules <= {one.id for one in binding.policy.retention}
    assert len(rules) == 2
    assert "Learnifier" in page(lead, "/privacy/")


@keeps("learnifier-3.2.b")
def test_a_field_of_a_client_with_purpose_and_term_works_in_its_academy_only(
    tenant: Tenant,
) -> None:
    """People read what for and how long beside it; an answer goes with its term, and to the day."""
    earlier = AT - timedelta(hours=1)
    first = make.founded(people.account(email="karin@client.example"), now=earlier)
    second = make.founded(people.account(email="ola@other.example"), word="falun", now=earlier)
    with inside(first.academy.client):
        learner = people.account(email="learner@client.example")
    karin = entered(first, account_in(first, "karin@client.example"))
    hers, ola = entered(first, learner), entered(second, account_in(second, "ola@other.example"))

    assert hers.get(FIELDS).status_code == 404, "who learns makes none"
    assert karin.post(FIELDS, SIZE).status_code == 302
    assert karin.post(FIELDS, SIZE).status_code == 422  # twice is not two

    with inside(first.academy.client):
        field = OwnField.objects.get()
    shown = page(hers, f"{FIELDS}mine/")
    assert "Size of protective boots" in shown
    assert "What for: To order boots for the workshop. Kept for: 30 days." in shown
    told = {f"field_{field.pk.hex}": "42"}
    assert hers.post(f"{FIELDS}mine/", told).status_code == 302
    assert "42" in page(karin, f"{FIELDS}{field.pk}/")

    assert "Size of protective boots" not in page(ola, f"{FIELDS}mine/")
    assert "Size of protective boots" not in page(ola, FIELDS)
    assert ola.get(f"{FIELDS}{field.pk}/").status_code == 404
    assert ola.post(f"{FIELDS}{field.pk}/endings/").status_code == 404
    ola.post(f"{FIELDS}mine/", told)
    with inside(second.academy.client):
        assert not OwnField.objects.exists()
        assert not OwnAnswer.objects.exists()
    operator = working(tenant, "administrator")
    assert operator.get(FIELDS).status_code == 404
    assert "boots" in page(karin, "/academies/own/agreement/"), "an instruction, and logged"

    with inside(first.academy.client):
        for days, left in ((30, 1), (32, 0)):
            sweep(now=AT + timedelta(days=days))
            assert OwnAnswer.objects.count() == left, days


@keeps("learnifier-3.2.h")
@pytest.mark.parametrize(
    ("label", "purpose", "kind"),
    [
        ("Diagnosis", "To plan the training", "health"),
        ("What should we know?", "Din sjukdom och dina allergier", "health"),
        ("Your church", "Holidays", "religion"),
    ],
)
def test_a_field_that_asks_for_something_sensitive_is_blocked_and_the_attempt_audited(
    label: str, purpose: str, kind: str
) -> None:
    founded = make.founded(people.account(email="k@client.example"), now=AT - timedelta(hours=1))
    karin = entered(founded, account_in(founded, "k@client.example"))
    assert "Sensitive data (GDPR Art. 9) must not be put" in page(karin, f"{OWN}agreement/")

    answer = karin.post(FIELDS, SIZE | {"label": label, "purpose": purpose})

    assert answer.status_code == 422
    assert "the agreement forbids here" in answer.content.decode()
    number = SIZE | {"label": "Personnummer"}
    assert karin.post(FIELDS, number).status_code == 422
    declared = number | {"law": "Arbetsmiljölagen 3 kap."}
    assert karin.post(FIELDS, declared).status_code == 302
    with inside(founded.academy.client):
        assert [one.label for one in OwnField.objects.all()] == ["Personnummer"]
        assert OwnField.objects.get().law == "Arbetsmiljölagen 3 kap."
        refused = Entry.objects.filter(kind="academies.field.refused").order_by("at", "pk")
        assert [one.detail["kind"] for one in refused] == [kind, "number"]
        assert all(label not in str(one.detail) for one in refused)
        made = Entry.objects.get(kind="academies.field.made")
        assert made.detail["declared"] is True


def send_enquiry(who: Client, told: dict[str, str]) -> None:
    """Fill in the contact form, ten seconds after it was opened."""
    with clock.standing_at(AT - timedelta(seconds=10)):
        shown = re.search(r'name="shown" value="([^"]+)"', page(who, "/desk/"))
    assert shown is not None
    answer = who.post("/desk/", told | {"shown": shown[1]})
    assert answer.status_code == 302, answer.content.decode()


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
