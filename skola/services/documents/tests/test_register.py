from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground.people.models import Person, Role
from skola.ground.people.tests.make import person
from skola.promises.retention.api import sweep
from skola.services.documents import actions, queries, views
from skola.services.documents.models import Document
from skola.services.documents.tests import make
from skola.services.documents.tests.make import A_DAY, RIGA

pytestmark = [pytest.mark.usefixtures("tenant", "stand", "fresh"), pytest.mark.tenant("kic")]

Enter = Callable[..., Person]


@pytest.fixture
def fresh() -> None:
    """Nobody has asked the check page before."""
    cache.clear()


def asked(client: Client, number: str, code: str) -> tuple[int, str]:
    answer = client.get(reverse("documents:check"), {"number": number, "code": code})
    return answer.status_code, answer.content.decode()


def test_numbers_run_on_in_their_year() -> None:
    made = [make.document(person()) for _ in range(3)]
    later = make.document(person(), at=A_DAY + timedelta(days=366))

    assert [one.label for one in made] == ["2026-00001", "2026-00002", "2026-00003"]
    assert later.label == "2027-00001"
    assert len({one.check_code for one in made}) == 3


def test_what_was_issued_is_not_changed() -> None:
    document = make.document(person())

    for change in ({"holder": "Somebody Else"}, {"hours": 400}, {"number": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Document.objects.filter(pk=document.pk).update(**change)


def test_a_lost_document_gets_a_duplicate_in_todays_name_and_is_annulled() -> None:
    who = person(given_name="Ilze", family_name="Ozola")
    lost = make.document(who)
    Person.objects.filter(pk=who.pk).update(family_name="Kalna")
    lost = Document.objects.get(pk=lost.pk)

    made = actions.issue_duplicate(lost, zone=RIGA, by="office", now=A_DAY)

    assert (made.kind, made.holder, made.label) == ("duplicate", "Ilze Kalna", "2026-00002")
    assert (made.title, made.hours, made.replaces) == (lost.title, lost.hours, lost)
    assert lost.annulled_at == A_DAY
    assert queries.newest(lost) == made
    with pytest.raises(actions.AnnulledError):
        actions.issue_duplicate(lost, zone=RIGA, by="office", now=A_DAY)
    assert Document.objects.count() == 2


def test_the_register_keeps_a_document_for_ten_years() -> None:
    make.document(person())

    sweep(now=A_DAY.replace(year=2036))
    assert Document.objects.count() == 1
    sweep(now=A_DAY.replace(year=2036) + timedelta(days=1))
    assert Document.objects.count() == 0


def test_the_check_page_forgives_how_a_code_is_written_and_nothing_else(client: Client) -> None:
    document = make.document(person())
    other = make.document(person())

    assert "is valid" in asked(client, f" {document.label} ", document.code.lower())[1]
    for number, code in (
        (document.label, other.code),
        ("2026-00099", document.code),
        ("2026-00099", "-"),
        ("x", document.code),
    ):
        assert "No document has this number" in asked(client, number, code)[1]
    assert asked(client, document.label, "")[0] == 422


def test_guessing_is_stopped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    document = make.document(person())
    monkeypatch.setitem(views.CHECKS, "check", "2/m/ip")

    answers = [asked(client, document.label, "AAAA-AAAA-AAAA")[0] for _ in range(3)]

    assert answers == [200, 200, 429]


def test_the_holder_finds_the_document_as_a_file(client: Client, enter: Enter) -> None:
    me = enter()
    mine, others = make.document(me), make.document(person())

    assert mine.label in client.get(reverse("documents:own")).content.decode()
    answer = client.get(reverse("documents:own-file", args=[mine.pk]))

    assert answer.content.startswith(b"%PDF")
    assert client.get(reverse("documents:own-file", args=[others.pk])).status_code == 404
    assert client.get(reverse("documents:register")).status_code == 404


def test_a_name_in_letters_that_no_font_has_makes_a_file_too(client: Client, enter: Enter) -> None:
    me = enter()
    Person.objects.filter(pk=me.pk).update(given_name="𓀀", family_name="#strong[x]")
    me.refresh_from_db()
    mine = make.document(me)

    assert client.get(reverse("documents:own-file", args=[mine.pk])).content.startswith(b"%PDF")


def test_a_coordinator_searches_annuls_and_issues_a_duplicate(client: Client, enter: Enter) -> None:
    enter("coordinator")
    first = make.document(person(given_name="Ilze", family_name="Ozola"))
    second = make.document(person(given_name="Jānis", family_name="Liepa"))
    register = reverse("documents:register")
    assert "Ozola" in client.get(register, {"q": "ozol"}).content.decode()
    assert "Liepa" not in client.get(register, {"q": "ozol"}).content.decode()
    assert "Liepa" in client.get(register, {"q": second.label}).content.decode()
    assert "No document has" in client.get(register, {"q": "nobody"}).content.decode()
    annulling = reverse("documents:annulments", args=[first.pk])
    assert client.post(annulling, {"because": ""}).status_code == 422
    assert client.post(annulling, {"because": "A slip."}).status_code == 302
    assert client.post(annulling, {"because": "A slip."}).status_code == 409
    page = client.get(reverse("documents:document", args=[first.pk])).content.decode()
    assert "A slip." in page
    doubling = reverse("documents:duplicates", args=[second.pk])
    assert client.post(doubling).status_code == 302
    assert client.post(doubling).status_code == 409
    assert client.get(reverse("documents:file", args=[second.pk])).content.startswith(b"%PDF")


def test_a_coordinator_of_one_group_has_no_register(client: Client, enter: Enter) -> None:
    document = make.document(person())
    Role.objects.create(
        person=enter(),
        kind="coordinator",
        scope="groups.run",
        scope_id=document.pk,
        starts_at=A_DAY,
    )

    assert client.get(reverse("documents:register")).status_code == 404
    assert client.get(reverse("documents:document", args=[document.pk])).status_code == 404


@pytest.mark.tenant("ema")
def test_without_a_purpose_there_are_no_documents(client: Client, enter: Enter) -> None:
    enter("coordinator")

    for name in ("check", "own", "register"):
        assert client.get(reverse(f"documents:{name}")).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_pages_ask_the_database_as_often_for_twenty_as_for_one(
    client: Client, enter: Enter, count: int
) -> None:
    me = enter("coordinator")
    made = [make.document(me) for _ in range(count)]

    def queries_of(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    frame = queries_of(reverse("ui:display"))
    pages = [
        f"{reverse('documents:check')}?number={made[0].label}&code={made[0].code}",
        reverse("documents:own"),
        reverse("documents:register"),
        reverse("documents:document", args=[made[0].pk]),
    ]
    assert [page for page in pages if queries_of(page) - frame > 8] == []
