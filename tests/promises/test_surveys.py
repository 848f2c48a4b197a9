"""KIC and iLearn: who learned is asked how it was, and nobody can be told from the answers."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people.mail import send
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.consents.api import withdraw
from skola.services.campaigns.tests.make import agree
from skola.services.courses.tests import make as courses
from skola.services.groups import trainers
from skola.services.groups.tests import make as groups
from skola.services.surveys.links import address_of
from skola.services.surveys.models import FollowUp, Invitation
from skola.services.surveys.tests import make
from tests.promises.keeping import keeps
from tests.promises.marketing import office, sent

pytestmark = pytest.mark.usefixtures("tenant")
AT = make.A_DAY
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def standing() -> Iterator[None]:
    with clock.standing_at(AT):
        yield


def finish(client: Client, account: Account) -> str:
    """Do the only lesson of a course, and return the link from the mail that asks how it was."""
    course = courses.course(title="Bookkeeping", lessons=(1,))
    courses.enrolment(course, account.person, started_at=AT)
    client.force_login(account)
    lesson = courses.lessons_of(course)[0]
    done = reverse("courses:complete", args=[course.slug, lesson.slug])
    assert client.post(done, {"done": "yes"}).status_code == 302
    mail = Mail.objects.get(address=account.email, text__contains="/surveys/")
    found = re.search(r"/surveys/\S+", mail.text)
    assert found
    return found[0]


@keeps("ilearn-9.e")
@pytest.mark.tenant("ilearn")
def test_a_stored_answer_holds_no_person_no_address_and_no_token(
    client: Client, tenant: Tenant
) -> None:
    account = people.account(email="rita@example.org")
    link = finish(client, account)
    nobody = Client(HTTP_HOST=f"{tenant.slug}.localhost", REMOTE_ADDR="203.0.113.77")
    before = set(Entry.objects.values_list("pk", flat=True))

    assert nobody.post(link, {"score": "2"}).status_code == 302
    assert nobody.post(link, {"score": "1"}).status_code == 409, "once"

    with connection.cursor() as cursor:
        cursor.execute("select * from surveys_answer")
        (row,) = cursor.fetchall()
        names = [one.name for one in cursor.description]
    assert set(names) == {"id", "tenant_id", "course_id", "run_id", "score", "trainer_score"}
    asked = Invitation.objects.get()
    said = " ".join(map(str, row))
    told = (account.person.pk, pseudonym(account.person.pk), asked.pk, "203.0.113.77")
    for trace in (*told, link.rstrip("/").rpartition("/")[2]):
        assert str(trace) not in said
    assert UUID(str(row[names.index("id")])).version == 4, "a drawn key tells no moment"
    assert set(Entry.objects.values_list("pk", flat=True)) == before, "no moment of it is kept"
    assert "only that you have answered" in nobody.get(link).content.decode()


@keeps("kic-purpose-service")
@pytest.mark.tenant("kic")
def test_a_learner_is_asked_and_small_groups_are_not_in_the_report(client: Client) -> None:
    account = people.account(email="rita@example.org")
    Person.objects.filter(pk=account.person.pk).update(family_name="Zvirbule")
    link = finish(client, account)
    assert "How was it?" in client.get("/").content.decode()
    course = Invitation.objects.get().course
    make.answers(5, 5, 4, course=course)
    full, small = groups.run(), groups.run()
    trainer, other = people.person(family_name="Kalejs"), people.person(family_name="Lapa")
    groups.trainer(full, trainer)
    trainers.let_in(small, trainer, zone=groups.RIGA, by="office", now=AT)
    groups.trainer(small, other)
    make.answers(5, 4, 3, 2, 1, run=full)
    make.answers(1, run=small)
    office = people.account()
    people.role(office.person, "coordinator")

    def figures() -> dict[str, str]:
        client.force_login(office)
        page = client.get(reverse("surveys:report")).content.decode()
        rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
        plain = [
            [text_of(one) for one in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in rows
        ]
        assert "Zvirbule" not in page
        return {cells[0]: cells[1] for cells in plain if len(cells) == 3}

    found = figures()
    assert found["Bookkeeping"] == "too few answers", "three of five"
    assert found[f"Bookkeeping, {full.code}"].startswith("3")
    assert found[f"Bookkeeping, {small.code}"] == "too few answers"
    assert found[trainer.name].split() == found[f"Bookkeeping, {full.code}"].split(), (
        "the one answer of the small group cannot be told from the trainer's figure"
    )
    assert found[other.name] == "too few answers"

    assert client.post(link, {"score": "4"}).status_code == 302
    assert figures()["Bookkeeping"] == "too few answers", "four of five"
    make.answers(2, course=course)
    assert re.match(r"4\b", figures()["Bookkeeping"])
    assert "5 answers" in figures()["Bookkeeping"]


LEFT = "left.here@example.org"


@keeps("ilearn-36")
@pytest.mark.tenant("ilearn")
def test_who_leaves_an_address_is_contacted_about_the_answer_and_then_it_is_gone(
    client: Client,
) -> None:
    account = people.account(email="rita@example.org")
    link = finish(client, account)
    form = client.get(link).content.decode()
    assert "you agree that we contact you about this answer" in form
    assert client.post(link, {"score": "2", "words": "Too fast."}).status_code == 422
    assert not FollowUp.objects.exists()
    told = {"score": "2", "words": "Too fast.", "email": LEFT, "phone": "+371 20000001"}
    assert client.post(link, told).status_code == 302
    assert client.post(link, told).status_code == 409, "once"

    staff = office()
    agree(account.person, "marketing.own", scope="email", at=AT)
    assert sent(staff, "offers", offer="Courses") == ["rita@example.org"], "not where they left it"
    page = next(iter(re.findall(r"/surveys/follow-ups/[^\"]+/", text_at(staff, "surveys:report"))))
    shown = staff.get(page).content.decode()
    assert "Too fast." in shown
    assert LEFT in shown
    assert "+371 20000001" in shown
    assert client.get(page).status_code in (403, 404), "staff only"
    mail.outbox.clear()
    assert staff.post(page, {"text": "Thank you. We slow down."}).status_code == 302
    send(Mail.objects.get(address=LEFT).pk)
    (reply,) = [one for one in mail.outbox if one.to == [LEFT]]
    assert "We slow down" in str(reply.body)

    with clock.standing_at(AT + A_DAY):
        assert staff.post(f"{page}closings/").status_code == 302
        assert staff.get(page).status_code == 404
        assert places_of(LEFT) == places_of("+371 20000001") == places_of("Too fast.") == []
        assert sent(staff, "offers", offer="Courses") == ["rita@example.org"]


@pytest.mark.tenant("ilearn")
def test_an_address_goes_with_the_consent_to_it_and_no_other(client: Client) -> None:
    account = people.account(email="rita@example.org")
    made = []
    for title in ("Bees", "Wasps"):
        asked = make.invitation(account.person, course=courses.course(title=title))
        assert client.post(address_of(asked), {"score": "3", "email": LEFT}).status_code == 302
        made.append(FollowUp.objects.latest("pk"))

    withdraw(
        account.person,
        "survey.followup",
        channel="account",
        scope=str(made[0].pk),
        by="person",
        now=AT + A_DAY,
    )

    assert list(FollowUp.objects.all()) == made[1:]


@pytest.mark.tenant("kic")
def test_where_the_policy_has_no_purpose_for_it_no_address_is_taken(client: Client) -> None:
    asked = make.invitation(course=courses.course())
    assert "email" not in client.get(address_of(asked)).content.decode()
    assert client.post(address_of(asked), {"score": "3", "email": LEFT}).status_code == 302
    assert not FollowUp.objects.exists()


def text_at(client: Client, name: str) -> str:
    return client.get(reverse(name)).content.decode()


def places_of(words: str) -> list[str]:
    """The tables that hold these words somewhere."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select 1 from "{table}" t where t::text like %s', [f"%{words}%"])
            found += [table] if cursor.fetchone() else []
    return found


def text_of(cell: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell)).replace("\xa0", " ").strip()
