"""A person asks for a copy in their account, proves again who they are, and fetches it there."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.files import storage
from skola.ground.people.models import Person
from skola.ground.people.tests import make
from skola.ground.tenants.api import inside
from skola.ground.tenants.models import Tenant
from skola.promises.policy.api import in_force
from skola.promises.rights.access.actions import KEPT, ask_for_export, write_export
from skola.promises.rights.models import Export
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import PASSWORD, browser, customer, log_in, log_in_by_code

PAGE = "/account/copies/"


pytestmark = pytest.mark.usefixtures("standing")


def prove(who: Client, there: str = PAGE) -> str:
    """Prove with the password that it is still the same person; return where that leads."""
    answer = who.post("/account/reauthenticate/", {"password": PASSWORD, "next": there})
    return answer["Location"]


def body(answer: Any) -> bytes:
    return b"".join(answer)


def ready(person: Person) -> Export:
    export = ask_for_export(person.pk, kind="access", language="en", by="test", now=AT)
    write_export(export.pk, now=AT)
    export.refresh_from_db()
    return export


@keeps("ilearn-24.c")
@pytest.mark.tenant("ilearn")
def test_a_copy_is_asked_for_in_the_account_with_a_due_date_and_received_there(
    tenant: Tenant,
) -> None:
    who, account = browser(tenant), customer()
    assert log_in(who)
    page = who.get(PAGE).content.decode()
    assert "2 April 2026" in page

    asked = who.post(PAGE, {"kind": "access"})

    assert asked["Location"] == PAGE
    page = who.get(PAGE).content.decode()
    assert "is being made" in page
    assert "You have it by 2 April 2026 at the latest." in page
    export = Export.objects.get(person=account.person)
    write_export(export.pk, now=AT)
    page = who.get(PAGE).content.decode()
    assert "You can fetch it until 9 March 2026, 11:00." in page
    there = f"{PAGE}{export.pk}/file/"
    first = who.get(there)
    assert first["Location"].startswith("/account/reauthenticate/?next=")
    assert prove(who, there) == there
    answer = who.get(there)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(body(answer))) as archive:
        assert account.person.email in archive.read("data/contact.jsonl").decode()
    export.refresh_from_db()
    assert export.downloads == 1
    assert Entry.objects.filter(kind="rights.copy.downloaded").count() == 1


@pytest.mark.parametrize(
    ("tenant", "latest"),
    [
        pytest.param("ilearn", "2 April 2026", marks=pytest.mark.tenant("ilearn")),
        pytest.param("ekool", "2 April 2026", marks=pytest.mark.tenant("ekool")),
        pytest.param("ema", "1 April 2026", marks=pytest.mark.tenant("ema")),
        pytest.param("kic", "2 April 2026", marks=pytest.mark.tenant("kic")),
        pytest.param("learnifier", "1 April 2026", marks=pytest.mark.tenant("learnifier")),
    ],
    indirect=["tenant"],
)
def test_each_policy_has_the_copy_answered_within_its_term(tenant: Tenant, latest: str) -> None:
    who = browser(tenant)
    customer()
    assert log_in(who)

    assert latest in who.get(PAGE).content.decode()


@pytest.mark.tenant("ilearn")
def test_a_double_click_makes_one_copy(tenant: Tenant) -> None:
    who = browser(tenant)
    customer()
    assert log_in(who)

    for _ in range(2):
        assert who.post(PAGE, {"kind": "access"}).status_code == 302

    assert Export.objects.count() == 1


@pytest.mark.tenant("ilearn")
def test_a_copy_of_others_and_one_that_ended_are_as_if_they_were_not_there(
    tenant: Tenant,
) -> None:
    from conftest import make_tenant

    who = browser(tenant)
    mine = ready(customer().person)
    others = ready(make.person())
    with inside(make_tenant("ema", AT).pk):
        foreign = ready(make.person())
    assert log_in(who)

    def answers(pk: object) -> tuple[int, int]:
        there = f"{PAGE}{pk}/"
        return who.get(f"{there}file/").status_code, who.post(f"{there}deletions/").status_code

    missing = "01900000-0000-7000-8000-000000000000"
    assert [answers(pk) for pk in (others.pk, foreign.pk, missing)] == [(404, 404)] * 3
    with clock.standing_at(AT + KEPT):
        assert answers(mine.pk) == (404, 404)
    assert Export.objects.count() == 2


@pytest.mark.tenant("ilearn")
def test_a_torn_copy_is_not_sent_as_a_whole(tenant: Tenant) -> None:
    who = browser(tenant)
    export = ready(customer().person)
    assert export.file is not None
    storage.delete(export.file.stored_as)
    assert log_in(who)
    there = f"{PAGE}{export.pk}/"

    prove(who)

    assert who.get(f"{there}file/")["Location"] == PAGE

    assert "This copy is damaged. Ask for a new one." in who.get(PAGE).content.decode()
    assert who.get(f"{there}file/").status_code == 404
    assert who.post(f"{there}deletions/").status_code == 302
    assert not Export.objects.exists()


@pytest.mark.tenant("ilearn")
def test_who_signs_in_by_code_signs_in_again_for_the_download(tenant: Tenant) -> None:
    account = customer()
    account.set_unusable_password()
    account.save()
    export, who = ready(account.person), browser(tenant)
    assert log_in_by_code(who, account.email)
    there = f"{PAGE}{export.pk}/file/"
    assert who.get(there).status_code == 200

    with clock.standing_at(AT + timedelta(minutes=6)):
        answer = who.get(there)

    assert answer["Location"] == f"/account/login/?next={there}"
    assert who.get(PAGE).status_code == 302


@pytest.mark.tenant("ilearn")
def test_nobody_signed_in_is_led_to_sign_in(client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"/account/login/?next={PAGE}"
    assert client.post(PAGE, {"kind": "access"}).status_code == 302
    assert not Export.objects.exists()


@pytest.mark.tenant("ilearn")
def test_the_file_of_a_copy_is_not_served_beside_its_page(tenant: Tenant) -> None:
    export, who = ready(customer().person), browser(tenant)
    assert log_in(who)

    assert who.get(f"/files/{export.file_id}/").status_code == 404


@pytest.mark.tenant("ilearn")
@pytest.mark.parametrize("kind", ["", "oblivion", "access'--", "\x00"])
def test_no_other_kind_of_copy_can_be_asked_for(tenant: Tenant, kind: str) -> None:
    who = browser(tenant)
    customer()
    assert log_in(who)

    assert who.post(PAGE, {"kind": kind}).status_code == 404
    assert not Export.objects.exists()


@pytest.mark.tenant("ilearn")
def test_the_page_asks_the_database_as_often_for_three_copies_as_for_one(
    tenant: Tenant, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    who, account = browser(tenant), customer()
    assert log_in(who)
    ready(account.person)
    who.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as one:
        who.get(PAGE)
    for _ in range(2):
        ready(account.person)
    with CaptureQueriesContext(connection) as three:
        page = who.get(PAGE).content.decode()

    assert len(re.findall(r"/file/", page)) == 3
    assert len(one) == len(three)


def laws_of(who: Client) -> list[str]:
    """The laws that the policy in force works under, and that its notice does not name."""
    notice = who.get("/privacy/").content.decode()
    assert len(in_force(AT).policy.controller.laws) > 1
    named = [text["en"] for text in in_force(AT).policy.controller.laws]
    short = ["2016/679" if "2016/679" in name else name for name in named]
    return [name for name in short if name not in notice]


@keeps("ilearn-5")
@pytest.mark.tenant("ilearn")
def test_a_request_is_due_in_a_month_and_the_notice_names_the_laws(tenant: Tenant) -> None:
    who = browser(tenant)
    customer()
    assert log_in(who)

    who.post(PAGE, {"kind": "access"})

    assert "You have it by 2 April 2026 at the latest." in who.get(PAGE).content.decode()
    assert laws_of(who) == []


@keeps("ekool-2.1")
@pytest.mark.tenant("ekool")
def test_a_request_under_a_policy_without_a_number_is_due_in_a_month(tenant: Tenant) -> None:
    who = browser(tenant)
    customer()
    assert log_in(who)

    who.post(PAGE, {"kind": "access"})

    assert "You have it by 2 April 2026 at the latest." in who.get(PAGE).content.decode()


@keeps("ema-intro.d")
@pytest.mark.tenant("ema")
def test_a_right_that_the_text_omits_is_offered_with_the_term_of_the_law(tenant: Tenant) -> None:
    who = browser(tenant)
    customer()
    assert log_in(who)
    assert laws_of(who) == []

    who.post(PAGE, {"kind": "portability"})

    assert "You have it by 2 April 2026 at the latest." in who.get(PAGE).content.decode()
