import html
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground.files.models import ObjectKey
from skola.ground.people.models import Mail, Person, Role
from skola.ground.tenants.api import Tenant, inside
from skola.services.hiring import actions
from skola.services.hiring.models import Application, Vacancy
from skola.services.hiring.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ema")]

Enter = Callable[..., Person]
AT_MOST = 8


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def form(**changed: Any) -> dict[str, Any]:
    """An application as a candidate sends it."""
    values = {
        "given_name": "Rasa",
        "family_name": "Kazlauskienė",
        "email": "rasa@example.org",
        "phone": "+370 600 00000",
        "present_workplace": "A school",
        "position": "Teacher",
        "former_workplaces": "Another school",
        "education": "University",
        "cv": make.cv(),
        "agreed": "on",
    }
    return values | changed


def sent(client: Client, vacancy: Vacancy) -> str:
    """Apply, and return the address of the candidate's own page."""
    answer = client.post(reverse("hiring:apply", args=[vacancy.pk]), form())
    assert answer.status_code == 302
    return str(answer["Location"])


def test_people_see_open_vacancies_only(client: Client) -> None:
    open_, draft = make.vacancy(), make.vacancy(title="Draft", published=False)
    closed = make.vacancy(title="Closed")
    actions.close_selection(closed, ending="filled", by="recruiter", now=make.A_DAY)

    page = client.get(reverse("hiring:vacancies")).content.decode()

    assert [title in page for title in ("Teacher of biology", "Draft", "Closed")] == [
        True,
        False,
        False,
    ]
    assert client.get(reverse("hiring:vacancy", args=[open_.pk])).status_code == 200
    for hidden in (draft.pk, closed.pk, uuid4()):
        assert client.get(reverse("hiring:vacancy", args=[hidden])).status_code == 404
        assert client.post(reverse("hiring:apply", args=[hidden]), form()).status_code == 404


@pytest.mark.keeps("ema-3.1-role")
def test_a_vacancy_is_published_applied_for_decided_and_closed(
    client: Client, enter: Enter
) -> None:
    enter("recruiter")
    values = {"title": "Teacher", "text": "Bees.", "latest_on": "2026-03-31"}
    vacancy = client.post(reverse("hiring:draft"), values)["Location"]
    drafted = Vacancy.objects.get()
    client.post(reverse("hiring:publications", args=[drafted.pk]))
    sent(client, drafted)
    application = Application.objects.get()

    assert "Kazlauskienė" in client.get(vacancy).content.decode()
    moving = reverse("hiring:moves", args=[application.pk])
    for stage in ("screening", "interview", "offer"):
        assert client.post(moving, {"to": stage}).status_code == 302
    noting = reverse("hiring:notes", args=[application.pk])
    assert client.post(noting, {"text": "Good."}).status_code == 302
    page = client.get(reverse("hiring:application", args=[application.pk])).content.decode()
    assert "Good." in page

    closing = reverse("hiring:closings", args=[drafted.pk])
    assert client.post(closing, {"ending": "filled"}).status_code == 422
    assert client.post(closing, {"ending": "filled", "sure": "on"}).status_code == 302
    assert client.post(closing, {"ending": "filled", "sure": "on"}).status_code == 409
    assert client.post(moving, {"to": "rejected"}).status_code == 409
    application.refresh_from_db()
    assert (application.stage, application.selection_closed_at is not None) == ("offer", True)


@pytest.mark.keeps("ema-3.2")
def test_a_candidate_withdraws_by_the_link_and_nothing_is_left(
    client: Client, enter: Enter
) -> None:
    vacancy = make.vacancy()
    mine = sent(client, vacancy)
    page = client.get(mine).content.decode()
    assert "Kazlauskienė" in page
    assert "cv.pdf" in page
    assert f"{mine.partition('?')[0]}\n" in Mail.objects.get().text

    answer = client.post(f"{mine.partition('?')[0]}withdrawals/")

    assert answer["Location"] == reverse("hiring:withdrawn")
    assert (Application.objects.count(), ObjectKey.objects.count()) == (0, 0)
    assert (Person.objects.count(), Mail.objects.count()) == (0, 0)
    connection.check_constraints()
    assert client.get(mine).status_code == 404
    assert client.get(answer["Location"]).status_code == 200
    enter("recruiter")
    selection = reverse("hiring:selection", args=[vacancy.pk])
    shown = client.get(selection, headers={"accept-language": "en"}).content.decode()
    assert "1 application was withdrawn and is erased." in shown
    assert "Kazlauskienė" not in shown


def test_a_forged_link_shows_nothing(client: Client) -> None:
    application = make.application()

    for token in (str(application.pk), f"{application.pk}:forged", "x:y"):
        assert client.get(reverse("hiring:mine", args=[token])).status_code == 404
        assert client.post(reverse("hiring:withdrawals", args=[token])).status_code == 404
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"agreed": ""}, "Tick the box"),
        ({"given_name": ""}, "given_name"),
        ({"email": "nobody"}, "email"),
        ({"website": "https://example.org"}, "not for people"),
        ({"letter": "x" * 10_001}, "letter"),
        ({"cv": SimpleUploadedFile("cv.pdf", b"")}, "cv"),
    ],
)
def test_a_wrong_application_comes_back_and_nothing_is_kept(
    client: Client, changed: dict[str, Any], words: str
) -> None:
    vacancy = make.vacancy()

    answer = client.post(reverse("hiring:apply", args=[vacancy.pk]), form(**changed))

    assert answer.status_code == 422
    assert words in html.unescape(answer.content.decode())
    assert (Application.objects.count(), ObjectKey.objects.count()) == (0, 0)


def test_the_form_says_until_when_and_links_the_notice(client: Client) -> None:
    vacancy = make.vacancy()

    page = client.get(reverse("hiring:apply", args=[vacancy.pk])).content.decode()

    assert "/privacy/" in page
    assert "2019-01-01" in page
    assert "2026" in page
    for name in ("given_name", "family_name", "phone", "email", "former_workplaces"):
        assert f'name="{name}"' in page
    for name in ("present_workplace", "position", "education", "cv", "letter"):
        assert f'name="{name}"' in page


@pytest.mark.parametrize("role", ["support", "instructor", "reviewer", "administrator"])
def test_nobody_but_recruiters_opens_an_application(
    client: Client, enter: Enter, role: str
) -> None:
    application = make.application()
    enter(role)

    for name, key in (
        ("selections", None),
        ("draft", None),
        ("selection", application.vacancy_id),
        ("application", application.pk),
    ):
        address = reverse(f"hiring:{name}", args=[key] if key else [])
        assert client.get(address).status_code == 404
    file = application.documents.get().file_id
    assert client.get(reverse("files:show", args=[file])).status_code == 404


def test_a_recruiter_reads_the_documents(client: Client, enter: Enter) -> None:
    application = make.application()
    enter("recruiter")

    read = client.get(reverse("files:show", args=[application.documents.get().file_id]))

    assert read.status_code == 200
    assert b"".join(read.streaming_content) == b"%PDF-1.4 what I did"  # type: ignore[attr-defined]  # streamed


def test_a_recruiter_of_one_vacancy_sees_that_one_only(client: Client, enter: Enter) -> None:
    mine, other = make.application(), make.application(make.vacancy(title="Another"))
    me = enter()
    Role.objects.create(
        person=me,
        kind="recruiter",
        scope="hiring.vacancy",
        scope_id=mine.vacancy_id,
        starts_at=make.A_DAY,
    )

    page = client.get(reverse("hiring:selections")).content.decode()

    assert ["Teacher of biology" in page, "Another" in page] == [True, False]
    for application, status in ((mine, 200), (other, 404)):
        address = reverse("hiring:application", args=[application.pk])
        assert client.get(address).status_code == status
        file = reverse("files:show", args=[application.documents.get().file_id])
        assert client.get(file).status_code == status


def test_what_is_another_tenants_does_not_exist(
    client: Client, enter: Enter, other_tenant: Tenant
) -> None:
    enter("recruiter")
    with inside(other_tenant.pk):
        foreign = make.application()
        vacancy = foreign.vacancy_id

    assert client.get(reverse("hiring:application", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("hiring:vacancy", args=[vacancy])).status_code == 404
    for name in ("selection", "change"):
        assert client.get(reverse(f"hiring:{name}", args=[vacancy])).status_code == 404
    for name, key in (
        ("publications", vacancy),
        ("closings", vacancy),
        ("moves", foreign.pk),
        ("notes", foreign.pk),
    ):
        address = reverse(f"hiring:{name}", args=[key])
        assert client.post(address, {"to": "offer"}).status_code == 404
        assert client.get(address).status_code == 405


@pytest.mark.parametrize("latest_on", ["", "2026-03-01", "2027-03-03", "soon"])
def test_a_vacancy_needs_a_near_end(client: Client, enter: Enter, latest_on: str) -> None:
    enter("recruiter")
    values = {"title": "Teacher", "text": "Bees.", "latest_on": latest_on}

    assert client.post(reverse("hiring:draft"), values).status_code == 422
    assert list(Vacancy.objects.all()) == []


def test_a_draft_is_changed_and_a_published_vacancy_is_not(client: Client, enter: Enter) -> None:
    enter("recruiter")
    draft, published = make.vacancy(published=False), make.vacancy()
    values = {"title": "Another", "text": "Bees.", "latest_on": "2026-03-31"}

    assert client.get(reverse("hiring:change", args=[draft.pk])).status_code == 200
    assert client.post(reverse("hiring:change", args=[draft.pk]), values).status_code == 302
    assert client.post(reverse("hiring:change", args=[published.pk]), values).status_code == 404
    draft.refresh_from_db()
    assert draft.title == "Another"


@pytest.mark.tenant("kic")
def test_without_a_purpose_there_are_no_vacancies(client: Client, enter: Enter) -> None:
    enter("recruiter")

    for name in ("vacancies", "selections", "draft"):
        assert client.get(reverse(f"hiring:{name}")).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_pages_ask_the_database_as_often_for_thirty_as_for_one(
    client: Client, enter: Enter, count: int
) -> None:
    me = enter("recruiter")
    vacancies = [make.vacancy(title=f"Vacancy {n}") for n in range(count)]
    documents = ["cv"] * min(count, 5)
    applications = [make.application(vacancies[0], documents=documents) for _ in range(count)]
    for _ in range(count):
        actions.evaluate(applications[0], text="Good.", author=me, by="me", now=make.A_DAY)
    mine = re.sub(r"\?.*", "", sent(client, vacancies[0]))

    pages = {
        "vacancies": reverse("hiring:vacancies"),
        "vacancy": reverse("hiring:vacancy", args=[vacancies[0].pk]),
        "apply": reverse("hiring:apply", args=[vacancies[0].pk]),
        "mine": mine,
        "selections": reverse("hiring:selections"),
        "selection": reverse("hiring:selection", args=[vacancies[0].pk]),
        "application": reverse("hiring:application", args=[applications[0].pk]),
    }
    counts = {name: queries_of(client, address) for name, address in pages.items()}

    frame = queries_of(client, reverse("ui:display"))  # who is it, and how do they read
    assert {name: n - frame for name, n in counts.items() if n - frame > AT_MOST} == {}
